"""Reckon which number of patients the shares of a text are of: 41 (17.3 %) and 26 (11.0 %) are of 237."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ingest.groups.rounding import agrees
from ingest.model import Document, Measurement
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import PLAIN, Quantity

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
    return sorted(found) if any(_is_exact(percent) for _, percent in found) else []


def told_sizes(document: Document) -> dict[int, int]:
    """Return the whole numbers of a text that may size a group, with the first sentence of each."""
    found: dict[int, int] = {}
    for sentence in document.sentences:
        for each in find_quantities(document.masked[sentence.start : sentence.end]):
            size = (each.numerator or int(each.value or 0)) if _is_single(each) else 0
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
    return sum(_fits(part, percent, size) for part, percent in shares)


def _fits(part: int, percent: float, size: int) -> bool:
    """Tell whether a count is the percent of a size that is printed beside it."""
    return part < size and agrees(part, size, percent)


def _is_exact(percent: float | None) -> bool:
    """Tell whether a percent has decimals: one without fits many numbers."""
    return percent is not None and percent != round(percent)


def with_reckoned(
    texts: Sequence[str],
    measured: Sequence[tuple[Measurement, ...]],
    told: Collection[int],
) -> list[tuple[Measurement, ...]]:
    """Return the measurements of a text with the wholes that counts and their percents tell.

    "Of 604 treated 237 qualified ... Infection in 41 (17.3 %)": of 237, as no other number of the text
    fits. ``told`` are the numbers of patients that the text names; a percent without decimals
    fits too many numbers to be of any other.
    """
    shares = [one for each in measured for one in each if _is_share(one)]
    if not shares:
        return list(measured)
    printed = {size for text in texts for each in find_quantities(text) for size in _sizes(each)}
    wholes = {
        (one.numerator, one.percent): _whole_of(one, printed if _is_exact(one.percent) else told)
        for one in shares
    }
    return [
        tuple([_with_denominator(one, wholes.get((one.numerator, one.percent))) for one in each])
        for each in measured
    ]


def _is_share(each: Measurement) -> bool:
    """Tell whether a number is a count with its percent whose whole is not known."""
    counted = each.numerator is not None and each.percent is not None and not each.derived
    return counted and each.denominator is None and each.n is None


def _is_single(each: Quantity) -> bool:
    """Tell whether an expression is one number that counts or may count, and no range."""
    return each.low is None and (each.form in PLAIN or each.form == "count")


def _sizes(each: Quantity) -> list[int]:
    """Return the whole numbers of an expression that may size a group."""
    value = int(each.value) if _is_single(each) and each.value == int(each.value or 0) else 0
    return [size for size in (each.numerator, each.denominator, each.group, value) if size]


def _whole_of(each: Measurement, sizes: Collection[int]) -> int | None:
    """Return the one size that a count and its percent agree with, None where several do."""
    part, percent = each.numerator or 0, each.percent or 0.0
    fits = {size for size in sizes if _fits(part, percent, size)}
    return fits.pop() if len(fits) == 1 else None


def _with_denominator(each: Measurement, size: int | None) -> Measurement:
    if size is None or not _is_share(each):
        return each
    return replace(each, denominator=size, n=size)
