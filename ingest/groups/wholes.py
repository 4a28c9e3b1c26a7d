"""Give numbers the whole that they are told of, where their own sentence does not size it.

Of a named group it is the one that its other counts have; of a count printed with its percent the one
number of the text that the two agree with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ingest.groups.arms import key_of
from ingest.groups.dealing import EFFECTS
from ingest.groups.populations import agrees
from ingest.groups.shares import may_be_of
from ingest.language.wording import lowered
from ingest.model import Concept, Measurement
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import Quantity

# "Group 1", "the open group": a name that holds for the whole text.
_NAMED = re.compile(r"(?i)\b(?:group|arm|cohort)\b")
# Such a sentence tells of some of each group, or of the groups before they were formed.
_SOME = re.compile(
    r"\bn ?= ?\d|\b(?:who|whose|whom|of (?:these|those|them)|among|amongst|sub-?(?:groups?|sets?)|(?:confined|restricted|limited) to|(?:patients|those|cases|women|men) (?:with|without))\b"
)


def with_wholes(
    texts: Sequence[str],
    measured: Sequence[tuple[Measurement, ...]],
    told: Collection[int],
    concepts: Mapping[str, Concept],
) -> list[tuple[Measurement, ...]]:
    """Return the measurements of a text with the wholes of its groups: 2/23 in group 1, 5/22 in 2.

    ``told`` are the numbers of patients that the text names: the wholes must add up to the
    largest, as no part of all patients do, or each be told twice.
    """
    wholes = _wholes(measured, told)
    if not wholes:
        return list(measured)
    return [
        each
        if not each or _SOME.search(lowered(text))
        else tuple([_with_whole(one, wholes, concepts) for one in each])
        for text, each in zip(texts, measured, strict=True)
    ]


def _wholes(measured: Sequence[tuple[Measurement, ...]], told: Collection[int]) -> dict[str, int]:
    """Return the wholes of the groups, by their names, none where a group has two."""
    found: dict[str, list[int]] = {}
    for each in measured:
        for one in each:
            size = one.denominator or one.n
            if one.group and size and _NAMED.search(one.group):
                found.setdefault(key_of(one.group), []).append(size)
    sizes = {name: wholes[0] for name, wholes in found.items() if len(set(wholes)) == 1}
    if len(sizes) > 1 and len(sizes) == len(found) and sum(sizes.values()) == max(told, default=0):
        return sizes
    return {name: size for name, size in sizes.items() if len(found[name]) > 1}


def _with_whole(
    each: Measurement, wholes: Mapping[str, int], concepts: Mapping[str, Concept]
) -> Measurement:
    """Return a number of a group with the group's whole where it has none and may be of all of it."""
    counted = (each.n, each.denominator, each.numerator) != (None, None, None)
    free = not counted and each.statistic not in EFFECTS
    size = wholes.get(key_of(each.group)) if free and each.group else None
    if size is None or not may_be_of(each, size, concepts):
        return each
    return replace(each, n=size)


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
        (one.numerator, one.percent): _whole_of(one, printed if _is_exact(one) else told)
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


def _is_exact(each: Measurement) -> bool:
    return each.percent is not None and each.percent != round(each.percent)


def _sizes(each: Quantity) -> list[int]:
    """Return the whole numbers of an expression that may size a group."""
    plain = each.form in {"bare", "score", "count"} and each.low is None
    value = int(each.value) if plain and each.value and each.value == int(each.value) else 0
    return [size for size in (each.numerator, each.denominator, each.group, value) if size]


def _whole_of(each: Measurement, sizes: Collection[int]) -> int | None:
    """Return the one size that a count and its percent agree with, None where several do."""
    part, percent = each.numerator or 0, each.percent or 0.0
    fits = {size for size in sizes if part < size and agrees(part, size, percent)}
    return fits.pop() if len(fits) == 1 else None


def _with_denominator(each: Measurement, size: int | None) -> Measurement:
    if size is None or not _is_share(each):
        return each
    return replace(each, denominator=size, n=size)
