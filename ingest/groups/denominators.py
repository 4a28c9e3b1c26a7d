"""Weigh which number of patients the shares of a text are of: 41 (17.3 %) and 26 (11.0 %) are of 237."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ingest.groups.populations import agrees
from ingest.model import Document
from ingest.numbers.quantities import find_quantities

# So many shares must speak for a size, and so great a part of all.
_ENOUGH, _MOST = 2, 0.75


def told_shares(document: Document) -> list[tuple[int, float]]:
    """Return the counts of a text that stand with a percent and no whole, none if all are rounded."""
    found = set()
    for sentence in document.sentences:
        for each in find_quantities(document.masked[sentence.start : sentence.end]):
            part, percent = each.numerator or 0, each.percent
            if part > 1 and percent and each.denominator is None:
                found.add((part, percent))
    # A percent without decimals fits many numbers.
    return sorted(found) if any(percent != round(percent) for _, percent in found) else []


def told_sizes(document: Document) -> dict[int, int]:
    """Return the whole numbers of a text that may size a group, with the first sentence of each."""
    found: dict[int, int] = {}
    for sentence in document.sentences:
        for each in find_quantities(document.masked[sentence.start : sentence.end]):
            plain = each.form in {"bare", "score", "count"} and each.low is None
            size = each.numerator or int(each.value or 0) if plain else 0
            if size > 1 and each.unit in {None, "patients"} and each.percent is None:
                found.setdefault(size, sentence.start)
    return found


def is_borne_out(shares: Sequence[tuple[int, float]], size: int) -> bool:
    """Tell whether the shares of a text, where it has enough, speak for a size."""
    return len(shares) < _ENOUGH or _fitting(shares, size) >= _MOST * len(shares)


def size_of_shares(shares: Sequence[tuple[int, float]], sizes: Collection[int]) -> int | None:
    """Return the one number of patients that most shares of a text agree with."""
    fitting = {
        size for size in sizes if _fitting(shares, size) >= _ENOUGH and is_borne_out(shares, size)
    }
    return fitting.pop() if len(fitting) == 1 else None


def _fitting(shares: Sequence[tuple[int, float]], size: int) -> int:
    return sum(part < size and agrees(part, size, percent) for part, percent in shares)
