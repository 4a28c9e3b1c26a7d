"""Tell whether a count of a group comes to the percent that is printed beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Population

# "1.0%": printed to the tenth, and how far rounding or cutting off may then lead.
_TENTHS = re.compile(r"\d[.·,]\d\s*(?:%|per)")
_NEARLY = 0.11


def reconciled(
    quantity: Quantity, populations: Sequence[Population], printed: str = ""
) -> int | None:
    """Return the latest population that the count and its percent agree with, groups first.

    ``printed`` is how the source prints them: 1.0% is no rounded 1.4%.
    """
    tenths = _TENTHS.search(printed) is not None
    if quantity.numerator is None or quantity.percent is None:
        return None
    # Operations are of operations where the text tells how many there were.
    alike = [each for each in populations if each.unit == quantity.unit]
    part, percent = quantity.numerator, quantity.percent
    # As it is rounded first, then as it is now and then cut off: 6 (12%) are of 51, not of 47.
    for rounded, whole in ((True, True), (True, False), (False, True), (False, False)):
        for each in reversed(alike or populations):
            fits = each.whole is whole and each.size > 1
            exact = abs(100 * part / max(1, each.size) - percent) < _NEARLY
            if fits and agrees(part, each.size, percent, rounded) and (exact or not tenths):
                return each.size
    return None


def agrees(part: int, size: int, percent: float, rounded: bool = False) -> bool:
    """Tell whether a part of so many is a percent, as it is rounded or now and then cut off.

    ``rounded`` leaves out what is cut off.
    """
    unit = rounding_of(percent)
    # 7 of 100 is 7.0 %, which nobody cuts off to 6.9.
    above = 0.5 * unit + 0.01 if rounded else unit - 1e-6
    return part <= size and -0.5 * unit - 0.01 <= 100 * part / size - percent < above


def rounding_of(percent: float) -> float:
    """Return what a percent is rounded to as it is printed: 1 of 12, 0.1 of 12.5."""
    return float(10 ** -len(f"{percent:g}".partition(".")[2]))
