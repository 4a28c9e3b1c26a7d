"""Give the numbers of a named group the whole that the group's other counts have."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ingest.groups.arms import key_of
from ingest.groups.dealing import EFFECTS
from ingest.groups.descriptions import Allotted, words_of
from ingest.groups.rounding import agrees
from ingest.groups.shares import may_be_of
from ingest.language.wording import lowered
from ingest.model import Concept, Measurement

# "Group 1", "the open group": a name that holds for the whole text.
_NAMED = re.compile(r"(?i)\b(?:group|arm|cohort)\b")
# Such a sentence tells of some of each group, or of the groups before they were formed.
_SOME = re.compile(
    r"\bn ?= ?\d|\b(?:who|whose|whom|of (?:these|those|them)|among|amongst|sub-?(?:groups?|sets?)|(?:confined|restricted|limited) to|(?:patients|individuals|subjects|participants|those|cases|women|men) (?:with|without))\b"
)
# "in six | and | two patients"
_AND = re.compile(
    r"(?: patients| individuals| subjects| participants| cases)? (?:and|versus|vs\.?)(?: in)?(?: only)? "
)


def is_of_two(low: str, each: Measurement, measured: Sequence[Measurement], size: int) -> bool:
    """Tell whether a count is one of two that are told of two groups: a leak was seen in six and two patients.

    Two that make up the ``size`` of all are parts of them.
    """
    if each.n not in {None, each.numerator} or each.measure == "sex":
        return False
    rivals = [one for one in measured if one.measure == each.measure and one is not each]
    if len(rivals) > 1 and "respectively" in low:
        alike = [
            one for one in rivals if one.statistic == "count" and one.time_text == each.time_text
        ]
        return len(alike) == len(rivals) and not any(one.percent for one in (each, *rivals))
    counted = [one for one in measured if one.statistic == "count" and one.numerator]
    beside = [one for one in counted if one is not each and each.numerator]
    rivals = [
        one for one in (*rivals, *beside) if (one.numerator or 0) + (each.numerator or 0) != size
    ]
    pairs = [sorted((one, each), key=lambda told: told.start) for one in rivals]
    return any(_AND.fullmatch(low, one.end, two.start) for one, two in pairs)


def with_named(
    texts: Sequence[str],
    measured: Sequence[tuple[Measurement, ...]],
    groups: Sequence[Sequence[Allotted]],
    most: int,
) -> list[tuple[Measurement, ...]]:
    """Return the counts of a row that add up to a group which its sentence names as parts of it.

    "The margins of the en bloc specimens were wide in 11, marginal in 6 and contaminated in 4": of
    the 21 who had an en bloc resection. ``most`` are all who were studied at first: what three
    counts of one measure make up needs no name.
    """
    named = {one.size: one for told in groups for one in told if one.words}
    named[most] = Allotted((), (), most)
    return [
        _of_named(lowered(text), each, named) if len(each) > 1 else each
        for text, each in zip(texts, measured, strict=True)
    ]


def _of_named(
    low: str, measured: tuple[Measurement, ...], named: Mapping[int, Allotted]
) -> tuple[Measurement, ...]:
    """Return the numbers of a sentence, its counts without a whole, or those of its last clause, as parts."""
    row = [each for each in measured if each.statistic == "count" and each.numerator]
    last = low.rfind(";")
    for parts in (row, [each for each in row if each.start > last > 0]):
        told = named.get(sum(each.numerator or 0 for each in parts))
        if not parts or told is None or not all(map(_is_free, parts)):
            continue
        alike = parts == row and len({each.measure for each in parts}) == 1
        held = len(told.words & words_of(low[: row[0].start])) >= max(1, min(2, len(told.words)))
        if (alike or held) and len(parts) > 2 - (alike and held):
            size = told.size
            return tuple(
                [replace(e, n=size, denominator=size) if e in parts else e for e in measured]
            )
    return measured


def _is_free(each: Measurement) -> bool:
    bare = {each.denominator, each.percent, each.group, each.n} == {None}
    return bare and each.unit == "patients"


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


def unprinted(text: str, each: Measurement, size: int | None) -> Measurement:
    """Return a count without the whole that its percent was made to fit where its own group fits it too.

    "One patient (1%) in the group of 78" is none of the 95 of the other group.
    """
    fitted = size and each.denominator and each.numerator and each.percent is not None
    printed = str(each.denominator) in text[each.start : each.end]
    if not fitted or printed or each.denominator == size:
        return each
    if not agrees(each.numerator or 0, size or 0, each.percent or 0.0):
        return each
    return replace(each, n=size, denominator=size)
