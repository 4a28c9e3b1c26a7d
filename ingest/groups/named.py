"""Find the groups that a sentence names, in its words without what no name holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.groups.arms import Arm, find_arms, is_clear, with_others
from ingest.groups.dealing import PEOPLE
from ingest.groups.pairing import JOINT
from ingest.groups.roster import Roster
from ingest.groups.treated import with_times
from ingest.language.starts import build_rule
from ingest.model import Measurement
from ingest.numbers.quantity import BOUNDS
from ingest.numbers.scene import Scene
from ingest.numbers.times import EARLIER

# Square brackets stand in round ones: "(9% versus 4% [p = 0.001])".
_BRACKETS = (re.compile(r"\[[^\[\]]*\]"), re.compile(r"\([^()]*\)"))
_TELLING = re.compile(
    r"\b(?!(?:range|ranges|ranged|iqr|interquartile|confidence|interval|standard|deviation|median|mean|months?|days?|years?|weeks?|patients|individuals|subjects|participants|hours|minutes|points|cases)\b)[a-z]{4,}"
)
_NAMING = re.compile(r"\s(?:arm|group|cohort|dose)s?\b")
# "between those with and those without it | in mean blood loss"
_IN = re.compile(r" (?:in|for|regarding|concerning) (?:the )?(?:[a-z-]+ ){0,3}$")
_FAVOURED = re.compile(r"\bfavou?r(?:s|ed|ing| of)? (?:the )?$")
_NEXT_CLAUSE = re.compile(r"\s*(?:;|, (?:while|whereas|but|although)\b)")
AGED = build_rule(r"\b(?:older|younger|aged|than|under|over|above|below)(?: than)? $")
"""What stands ahead of a number that bounds an age."""


def name_groups(
    text: str, low: str, scene: Scene, roster: Roster, weighed: bool
) -> tuple[list[Arm], str]:
    """Return the groups that a sentence names, and its words with times and amounts blanked.

    ``roster`` holds those named before, of which one that weighs factors names none in part.
    """
    blanked = _blanked(low, scene)
    arms = find_arms(text, blanked)
    arms = _with_known(arms, roster.find(text, blanked), blanked)
    if not weighed:
        stops = {each.start for each in scene.mentions}
        arms = _with_known(arms, roster.find_parts(text, blanked, arms, stops), blanked)
    if "favo" in blanked:
        # "8 vs 12 days, in favour of A": whichever of the two was better, the last is not A's for that.
        last = max((each.end for each in scene.numbers), default=0)
        arms = [
            each
            for each in arms
            if not _FAVOURED.search(blanked, 0, each.start)
            or (each.end <= last and not _NEXT_CLAUSE.match(blanked, each.end))
        ]
    if arms:
        arms = with_others(with_times(_cut(arms, text, blanked, scene), text), text, blanked)
    return arms, blanked


def _with_known(arms: list[Arm], known: Sequence[Arm], flat: str) -> list[Arm]:
    """Return the groups that a sentence names with those defined before it, none twice."""
    # "groups D, DS and C", of which two are known
    rows = [each for each in known if each.turn >= 0]
    arms = [each for each in arms if is_clear(each.start, each.end, rows)]
    more = [each for each in known if is_clear(each.start, each.end, arms)]
    if not more:
        return arms
    found = sorted([*arms, *more], key=lambda each: each.start)
    for at, (one, other) in enumerate(pairwise(found)):
        joint = JOINT.fullmatch(flat, one.end, other.start)
        if joint and max(one.turn, other.turn) < 0 and (one in more or other in more):
            found[at : at + 2] = [replace(one, turn=one.start), replace(other, turn=one.start)]
    return found


def _cut(arms: list[Arm], text: str, low: str, scene: Scene) -> list[Arm]:
    """Return groups that a verdict is told between without the measure that their names run into.

    "There was no difference between those with a leak and those without it in blood loss".
    """
    if "between " not in low:
        return arms
    found = []
    for arm in arms:
        inside = [each.start for each in scene.mentions if arm.start < each.start < arm.end]
        told = [_IN.search(low, arm.start, place) for place in inside]
        ends = [each.start() for each in told if each]
        ends += [place - 1 for place in inside if low.startswith("in ", place)]  # in hospital stay
        if ends and "between " in low[: arm.start]:
            found.append(replace(arm, end=min(ends), label=text[arm.start : min(ends)]))
        else:
            found.append(arm)
    return found


def _blanked(low: str, scene: Scene) -> str:
    """Return the words with times, p values, intervals and amounts blanked: no name holds one."""
    for each in (*scene.times, *scene.quantities):
        amount = each.form in {"percent", "value", "change"} and not (
            PEOPLE.search(low, each.start, each.end)
            or _NAMING.match(low, each.end)
            or AGED.search(low, 0, each.start)
        )
        if amount or each.form in BOUNDS | {"time"}:
            low = f"{low[: each.start]}{'#' * (each.end - each.start)}{low[each.end :]}"
    for each in scene.adverbs:
        then = low.startswith(("at ", "on ", "during "), each.start)
        if then and not low.startswith(EARLIER, each.start):
            low = f"{low[: each.start]}{'#' * (each.end - each.start)}{low[each.end :]}"
    return low


def flattened(blanked: str, measured: Sequence[Measurement]) -> str:
    """Return blanked words with the brackets that only qualify a number gone."""
    flat = blanked
    starts = [each.start for each in measured]
    for rule in _BRACKETS:
        for match in rule.finditer(flat):
            inside = match[0]
            held = any(match.start() <= each < match.end() for each in starts)
            if not held and not _TELLING.search(inside) and re.search(r"[\d#]", inside):
                flat = f"{flat[: match.start()]}{' ' * len(inside)}{flat[match.end() :]}"
    return flat
