"""Define a number expression of clinical prose before it is attached to a measure."""

from __future__ import annotations

import re
from dataclasses import dataclass

COUNTS = frozenset(["share", "ratio", "count"])
"""Forms of numbers that count some of a group."""
COUNTED = COUNTS | {"percent"}
"""Forms of numbers that tell how many of a group."""
PARTS = COUNTED | {"fraction"}
"""Forms that tell a part of a group, in words too: a third."""
PARTS_OR_BARE = PARTS | {"bare"}
"""The same, and numbers without a noun."""
PLAIN = frozenset(["bare", "score"])
"""Forms of numbers without a noun that tells what they count."""
MAY_COUNT = COUNTS | PLAIN
"""Forms of numbers that count, as far as the words beside them tell."""
MEASURED = frozenset(["value", "percent", "score", "change"])
"""Forms of what is measured in a group, where a count would be a part of it."""
BOUNDS = frozenset(["p", "interval"])
"""Forms of what only bounds a number beside it."""
SPANS = frozenset(["days", "weeks", "months", "years"])
"""Units in which a patient's course is told."""
STRETCHES = SPANS | {"h", "min"}
"""Units of time."""
AMOUNTS = STRETCHES | {
    "ml",
    "l",
    "g",
    "mg",
    "mm",
    "cm",
    "cm2",
    "mm2",
    "Gy",
    "degrees",
    "points",
    "kg/m2",
}
"""Units of what is measured of someone, not of how many had it."""


def lies_amid(quantity: Quantity) -> bool:
    """Tell whether a number is printed with the range or the interval that it lies amid."""
    low, value, high = quantity.low, quantity.value, quantity.high
    return low is not None and value is not None and high is not None and low < value < high


_GROUP = re.compile(
    r"\b(?:groups?|arms?|cohorts?|controls?)(?: [a-z\d]{1,3})? \($"
    r"|\b(?:assigned|randomi[sz]ed|allocated|divided|split|separated)\b[^.;]* \($"
)
_PEOPLE = re.compile(
    r"(?P<n>\d+) (?:patients|individuals|cases|women|men|subjects|participants)(?=\))"
)


def sizes_group(low: str, place: int) -> bool:
    """Tell whether a number at a place in lower-case text is printed as a group's size.

    "(n = 23)" is wherever it stands, "(23 patients)" behind a group or where groups are made.
    """
    if low.startswith(("n=", "n "), place):
        return True
    told = low.startswith("(", place - 1) and _PEOPLE.match(low, place)
    return bool(told) and _GROUP.search(low, 0, place) is not None


def with_sizes(text: str) -> str:
    """Return a text with "(n=23      )" for the "(23 patients)" that sizes a group."""
    low = text.lower()

    def written(match: re.Match[str]) -> str:
        sized = sizes_group(low, match.start())
        return f"n={match['n']}".ljust(len(match[0])) if sized else match[0]

    return _PEOPLE.sub(written, text) if "(" in text else text


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number expression; ``form`` tells which of the other fields are set.

    ``group`` is the size of the group that a percent names beside it; ``marks`` are the ends of
    the two numbers of a change, or where the list begins that tells how many had which grade;
    ``derived`` is set where the value is arithmetic.
    """

    form: str
    start: int
    end: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    spread: float | None = None
    unit: str | None = None
    operator: str | None = None
    numerator: int | None = None
    denominator: int | None = None
    percent: float | None = None
    statistic: str | None = None
    months: float | None = None
    word: bool = False
    group: int | None = None
    derived: bool = False
    marks: tuple[int, ...] = ()


def is_bare(quantity: Quantity) -> bool:
    """Tell whether a number stands alone, without a noun, a unit or a range."""
    return quantity.form in PLAIN and quantity.unit is None and quantity.low is None
