"""Deal names and times out to a row of numbers that is told in parts: 92% and 63%, 45% and 62%."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Scene

_Item = TypeVar("_Item")


def parts_of(scene: Scene, row: Sequence[Quantity]) -> list[list[Quantity]]:
    """Return the equal parts of a row, each closed by "and": 5%, 9% and 12%, 3%, 4% and 8%."""
    parts = [[row[0]]]
    closed = False
    for one, other in pairwise(row):
        if closed:
            parts.append([other])
        else:
            parts[-1].append(other)
        closed = not closed and "and" in scene.low[one.end : other.start]
    even = len({len(each) for each in parts}) == 1
    return parts if even and len(parts[0]) > 1 else [list(row)]


def dealt(items: Sequence[_Item], parts: Sequence[Sequence[Quantity]]) -> list[_Item]:
    """Return which of some items each number of a row is of: all of them in each part, or each in one.

    Two items told in two parts of two may be dealt out either way: then the items as they are.
    """
    size = len(parts[0])
    if len(items) == size != len(parts) > 1:
        return [*items] * len(parts)
    if len(items) == len(parts) != size > 1:
        return [each for each in items for _ in range(size)]
    return [*items]
