"""Deal rows of more than two numbers, and rows of several statistics, to the groups of a study."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.groups.arms import Arm, key_of
from ingest.groups.comparators import is_course
from ingest.groups.dealing import EFFECTS, REFERENCE, Dealing, Number, lead_of, opening, value_of
from ingest.groups.dealingrules import rules
from ingest.groups.roster import Roster

_MOST = re.compile(r"\b(?:highest|most|greatest|longest|largest)\b")
_LEAST = re.compile(r"\b(?:lowest|least|fewest|shortest|smallest)\b")


def hand_across(dealing: Dealing, roster: Roster) -> None:
    """Deal a row of several statistics to one group and those they are set against to the other.

    "Survival was longer in group 2: 17 months, 27% and 15% versus 19 months, 32% and 23%".
    """
    numbers, flat = dealing.numbers, dealing.flat
    at = 0
    while at + 3 < len(numbers):
        end = at + 1
        while end < len(numbers) and _are_linked(flat, numbers[end - 1], numbers[end]):
            end += 1
        row, half = numbers[at:end], (end - at) // 2
        told = [dealing.measured[each.at[0]] for each in row]
        kinds = [(each.unit, each.measure) for each in told]
        against = [
            where + 1
            for where, (one, other) in enumerate(pairwise(row))
            if rules().compares.search(flat, one.end, other.start)
        ]
        at = end
        if len(row) < 4 or against != [half] or kinds[:half] != kinds[half:]:
            continue
        arm = row[0].arm or opening(dealing, row[0])
        if len(set(kinds)) == 1 or any(each.arm not in {None, arm} for each in row):
            continue
        arms = [arm, partner_of(dealing, arm, roster)] if arm else _last_two(dealing, roster)
        for number, one in zip(row, [each for each in arms for _ in range(half)], strict=False):
            number.give(one, "dealt")


def _are_linked(flat: str, one: Number, other: Number) -> bool:
    between = flat[one.end : other.start]
    return ";" not in between and rules().row.fullmatch(between.replace("#", " ")) is not None


def _last_two(dealing: Dealing, roster: Roster) -> list[Arm]:
    """Return the two groups of the sentence before where this one names none."""
    free = len(set(roster.last)) == len(roster.last) == 2 and not dealing.arms
    return [elsewhere(label) for label in roster.last] if free and all(roster.last) else []


def hand_out(dealing: Dealing, row: list[Number], roster: Roster) -> None:
    """Deal a row to one of several groups and to all others in their order: most in IV (9 vs 5, 3, 4)."""
    first, rest = row[0], row[1:]
    arm = first.arm or opening(dealing, first) or lead_of(dealing, first)
    if (
        arm is None
        or any(each.arm not in {None, arm} for each in rest)
        or not are_even(dealing, row)
    ):
        return
    flat, others = dealing.flat, roster.others(arm.label)
    values = [value_of(dealing.measured[each.at[0]]) or 0.0 for each in row]
    words = flat[: first.start]
    most, least = _MOST.search(words), _LEAST.search(words)
    if len(others) != len(rest) or not rules().compares.search(flat, first.end, rest[0].start):
        return
    if (most and values[0] < max(values)) or (least and values[0] > min(values)):
        return
    first.give(arm, "dealt")
    for number, label in zip(rest, others, strict=True):
        number.give(elsewhere(label), "dealt")


def partner_of(dealing: Dealing, arm: Arm, roster: Roster) -> Arm:
    """Return the group that one is set against: the one named behind "than", the other of two."""
    against = [
        each
        for each in dealing.arms
        if key_of(each.label) != key_of(arm.label) and REFERENCE.search(dealing.flat, 0, each.start)
    ]
    if len({key_of(each.label) for each in against}) == 1:
        return against[0]
    other = roster.other(arm.label)
    # Those whom no word names: "patients with a leak stayed longer (12 vs 8 days)".
    return elsewhere(other) if other else Arm(-1, -1, "", of=arm.label)


def are_even(dealing: Dealing, row: list[Number]) -> bool:
    """Tell whether a row's numbers are of one measure, unit and time, and so of several groups."""
    told = [dealing.measured[each.at[0]] for each in row]
    alike = len({each.unit for each in told}) == 1 and dealing.is_of_one(row)
    fell = all(is_course(dealing, each) for each in row)
    return alike and (fell or all(each.statistic not in EFFECTS for each in told))


def elsewhere(label: str) -> Arm:
    """Return a group that is named in another place than beside a number, by its name alone."""
    return Arm(-1, -1, label)
