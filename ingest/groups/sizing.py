"""Tell how many patients the group of a number had, by the words of its sentence or those before."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ingest.groups.arms import Arm, key_of
from ingest.groups.dealing import Dealing, Number
from ingest.groups.descriptions import Allotted
from ingest.groups.roster import Roster
from ingest.groups.rounding import agrees
from ingest.language.wording import holds_any
from ingest.model import Measurement
from ingest.numbers.numerals import WORD, parse_number
from ingest.vocabulary import TAKEN_IN

_COUNT = re.compile(rf"\b(\d+|{WORD}) $")
# "45 consecutive patients who had a laminectomy (mean age 60 years)"
_HELD = re.compile(
    rf"(?<!\bof )(?<!\bof the )(?<!\bof these )(?<!\bof our )(?<!\band )(?<![/\d])(?<![a-z]-)\b(\d+|{WORD}) (?:[a-z-]+ )?$"
)
_WITH = re.compile(
    r"(?i)(?:patients|individuals|subjects|participants|women|men|children|cases) (?:with|who|having|treated|undergoing)\b"
)
# "one hundred and forty-two consecutive": as far as a size in words goes.
_WORDED = 48
FORMED = ("randomi", "assigned", "allocated", "divided", "split")
"""What words hold by which patients are put into groups."""
# Counts that are themselves the sizes of groups.
_SIZES = TAKEN_IN | {None}
_THINGS = frozenset(["levels", "screws", "procedures"])
_CONSISTS = re.compile(
    r" (?:had|included|comprised|contained|numbered|consisted of|was composed of|was made up of) (?:a total of )?"
)
_WERE_IN = re.compile(r" (?:were )?in (?:the )?")


def known_size(roster: Roster, arm: Arm, beside: Mapping[str, int], told: int | None) -> int | None:
    """Return how many patients the text says a group had; ``told`` is what its number says already."""
    if arm.of:
        rest = roster.rest(arm.of, beside.get(key_of(arm.of)))
        # Of two groups of one size the other has as many, whatever it is called.
        even = roster.size(arm.of) == roster.evens.size and len(roster.last) < 3
        return rest or (roster.evens.size if even else None)
    if not arm.label:
        return roster.size_of_each()  # whichever of them it is
    known = roster.size(arm.label)
    if known is not None:
        return known
    return roster.recollect(arm.label) if told is None else roster.partitions.size(arm.label)


def size_beside(roster: Roster, key: str, labels: Collection[str]) -> int | None:
    """Return the size of one of two even groups under a new name beside the other: MIS and open."""
    others = [each for each in labels if each != key]
    pairs = [told for told in roster.together if len(told) == 2]
    if len(others) != 1 or len(pairs) != 1 or len(roster.together) != 1:
        return None
    sizes = {each.size for each in pairs[0]}
    # A size of 0 stands for one that matching left unknown.
    return sizes.pop() or None if len(sizes) == 1 and roster.other(others[0]) else None


def are_parts(low: str, found: Sequence[Measurement], sized: Sequence[Allotted]) -> bool:
    """Tell whether what is printed as sizes parts a finding: revised for a leak (n = 2) or pain (n = 3)."""
    if holds_any(low, FORMED):
        return False
    whole = sum(each.size for each in sized)
    return len(sized) > 1 and any(
        one.numerator == whole and one.measure not in _SIZES and one.end <= sized[0].start
        for one in found
    )


def defines(dealing: Dealing, number: Number) -> bool:
    """Tell whether a count says how many a group had: group A had 25 patients, 25 were in group A."""
    arm, each = number.arm, dealing.measured[number.at[0]]
    if arm is None or each.statistic != "count" or each.measure not in _SIZES or each.denominator:
        return False
    if arm.start > number.end:
        return _WERE_IN.fullmatch(dealing.text, number.end, arm.start) is not None
    return _CONSISTS.fullmatch(dealing.text, arm.end, number.start) is not None


def is_part(each: Measurement, size: int, known: int) -> bool:
    """Tell whether what looks like the size of a group is a part of it that a number tells of: 5 of 17, 29%."""
    if each.numerator is not None or each.percent is None:
        return size == each.numerator
    return agrees(size, known, each.percent)


def as_size(each: Measurement, sized: Sequence[Allotted]) -> Measurement:
    """Return a count that is printed as the size of a group (n = 20) as that of the whole group."""
    told = next((one for one in sized if one.place and each.start <= one.place < each.end), None)
    if told is None or each.statistic != "count" or each.numerator != told.size:
        return each
    return replace(
        each,
        measure=(each.measure if each.measure in _SIZES else None) or "patients_treated",
        n=told.size,
        denominator=None,
        percent_derived=None,
        group=told.shown[0],
        group_start=told.start,
        group_end=told.end,
        comparator=None,
    )


def stated_size(dealing: Dealing, number: Number) -> int | None:
    """Return the size that a number's own group has in its place: 66% in the 43 patients with."""
    if number.arm is None or number.arm.start < 0:
        return None
    if number.start < number.arm.start < number.end:
        return None  # "3 patients with a chordoma" counts some of those
    if number.arm.start < number.end:
        ahead = dealing.text[max(0, number.arm.start - _WORDED) : number.arm.start].lower()
        found = _HELD.search(ahead) if _WITH.match(number.arm.label) else None
    else:
        found = _COUNT.search(dealing.text[number.end : number.arm.start].lower())
    return int(parse_number(found[1])) if found else None


def sized(each: Measurement, size: int | None) -> Measurement:
    """Return a number with the size of its group where it can be of so many."""
    if size is None or each.denominator is not None:
        return each
    if each.unit in _THINGS and each.statistic not in {"mean", "median"}:
        return each  # "3 vertebrae in group A", of whose patients alone the size is known
    if each.numerator is not None:
        # Some of the group, not the group as it is told of, and as many as their percent says.
        done = each.measure == "procedure_performed"
        free = each.n is None or (done and each.n == each.numerator)
        fits = free and each.numerator < size and (done or each.measure not in TAKEN_IN)
        if not fits or not (each.percent is None or agrees(each.numerator, size, each.percent)):
            return each
    return replace(each, n=size)
