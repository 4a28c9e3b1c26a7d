"""Give one count to every event of a list that it is told for each of.

"An ileus and a fistula in 1 patient each", "one case each of ileus and fistula" tell one patient of
either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.language.starts import build_rule
from ingest.model import Measurement, Mention
from ingest.numbers.scene import Scene

_EACH = re.compile(r"\s*(?:,\s*)?each\b")
EACH_OF = re.compile(
    r"\s*(?:,\s*)?each (?:of|with|had|having|developed|suffered) (?!(?:the|these|those|them|which|whom)\b)"
)
"""What stands behind the one count of every event of a list: one case each of A, B and C."""
# What may stand between such events: the second's own words.
_LISTED = re.compile(
    r"s?(?: \([^()]*\))?(?:,|,? and|,? or|,? as well as) (?:(?!and\b|or\b|in\b|was\b|were\b|had\b)[a-z-]+ ){0,4}"
)
_LIST_OPENS = build_rule(
    r"\b(?:includ(?:ed|ing|e)|were|was|comprised|consisted of|as follows|namely|with|had)\b|:|\beach,? and\b|;"
)


def with_each(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found with one count for every event of a list that one is told for each of.

    "An ileus and a fistula in 3 patients each", "3 cases each of ileus and fistula".
    """
    if " each" not in scene.low:
        return list(found)
    kept: list[Measurement] = []
    for at, each in enumerate(found):
        kept.append(each)
        if each.statistic != "count":
            continue
        if ahead := EACH_OF.match(scene.low, each.end):
            events = _row_of_events(scene, ahead.end())
        elif _EACH.match(scene.low, each.end):
            events = _events_before(scene, each, found[at - 1].end if at else 0)
        else:
            continue
        named = {one.concept for one in events}
        if len(events) < 2 or not (ahead or each.measure in named):
            continue
        kept[-1:] = [
            replace(each, measure=one.concept, start=one.start, end=one.end) for one in events
        ]
        last = max(kept[-len(events) :], key=lambda one: one.start)
        kept[kept.index(last)] = replace(last, end=max(each.end, last.end))
    return kept


def _events_before(scene: Scene, count: Measurement, floor: int) -> list[Mention]:
    """Return the events of the list that a count closes."""
    events = [
        one
        for one in scene.mentions
        if floor <= one.start and one.end <= count.start and _is_event(scene, one)
    ]
    opens = [mark.end() for mark in _LIST_OPENS.finditer(scene.low, floor, count.start)]
    # The verb behind a list opens none: "A and B were seen in 2 each".
    begin = max((each for each in opens if events and each <= events[-1].start), default=floor)
    return [one for one in events if begin <= one.start]


def _row_of_events(scene: Scene, begin: int) -> list[Mention]:
    """Return the events in a row from a place on, none where another word stands there."""
    row: list[Mention] = []
    for one in scene.mentions:
        if one.start < begin or not _is_event(scene, one):
            continue
        between = scene.low[row[-1].end if row else begin : one.start]
        if not (_LISTED.fullmatch(between) if row else between.count(" ") < 4):
            break
        row.append(one)
    return row


def _is_event(scene: Scene, mention: Mention) -> bool:
    concept = scene.concepts[mention.concept]
    return concept.harm is True and "patients" in concept.units
