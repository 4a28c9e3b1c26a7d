"""Map a function over items: in this process, or on several; same signature, same order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def run_serial(items: Iterable[Item], work: Callable[[Item], Result]) -> Iterator[Result]:
    """Yield each item's result in order, worked in this process."""
    return map(work, items)


def run_processes(
    items: Iterable[Item], work: Callable[[Item], Result], jobs: int
) -> Iterator[Result]:
    """Yield each item's result in order, worked by ``jobs`` processes, few ahead of the reader."""
    waiting: deque[Future[Result]] = deque()
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        for item in items:
            waiting.append(pool.submit(work, item))
            # A bounded queue: memory stays flat however many items there are.
            if len(waiting) > 4 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def run(items: Iterable[Item], work: Callable[[Item], Result], jobs: int = 1) -> Iterator[Result]:
    """Yield each item's result in order."""
    return run_serial(items, work) if jobs <= 1 else run_processes(items, work, jobs)
