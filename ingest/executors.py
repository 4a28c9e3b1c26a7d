"""Run the pipeline over sources: in this process, or on several; same signature, same order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor

from ingest.model import Batch, Source

Process = Callable[[Source], Batch]


def run_serial(sources: Iterable[Source], process: Process) -> Iterator[Batch]:
    """Yield each source's batch in order, worked in this process."""
    for source in sources:
        yield process(source)


def run_processes(sources: Iterable[Source], process: Process, jobs: int) -> Iterator[Batch]:
    """Yield each source's batch in order, worked by ``jobs`` processes, few ahead of the reader."""
    waiting: deque[Future[Batch]] = deque()
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        for source in sources:
            waiting.append(pool.submit(process, source))
            # A bounded queue: memory stays flat however many sources there are.
            if len(waiting) > 4 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def run(sources: Iterable[Source], process: Process, jobs: int = 1) -> Iterator[Batch]:
    """Yield each source's batch in order."""
    return run_serial(sources, process) if jobs <= 1 else run_processes(sources, process, jobs)
