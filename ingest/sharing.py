"""Read counts that share their noun, and events that share their count.

"3 early and 11 late complications" counts complications twice; "an ileus and a fistula in 1
patient each" tells one patient of either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.model import Measurement, Mention
from ingest.quantity import Quantity
from ingest.scene import Scene

_NOUNS = frozenset(["complications", "deaths", "patients", "tumours", "procedures"])
_BETWEEN = re.compile(
    r" (?!(?:and|or|of|in|to|with|by|at|on|for|had|were|was|died|months?|years?|days?|weeks?|hours?|points?|percent|levels?)\b)[a-z-]+"
    r"(?: (?!(?:and|or|of|in|to|with|by|at|on|for|had|were|was|who)\b)[a-z-]+)?(?:,| and|, and) "
)
_EACH = re.compile(r"\s*(?:,\s*)?each\b")
_OPENS = re.compile(
    r"\b(?:includ(?:ed|ing|e)|were|was|comprised|consisted of|as follows|namely|with|had)\b|:|\beach,? and\b|;"
)


def shared_noun(scene: Scene, quantity: Quantity) -> Quantity | None:
    """Return the count whose noun a bare number shares, None where it shares none."""
    numbers = [each for each in scene.numbers() if each.start >= quantity.start]
    for one, other in pairwise(numbers):
        if not _BETWEEN.fullmatch(scene.low, one.end, other.start):
            return None
        if other.form == "count":
            plain = other.unit in _NOUNS and other.low is None and not other.percent
            return other if plain else None
        if other.form not in {"score", "bare"} or other.low is not None or other.unit:
            return None
    return None


def with_each(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found with one count for every event of a list that ends on "in 3 each"."""
    if " each" not in scene.low:
        return list(found)
    kept: list[Measurement] = []
    for at, each in enumerate(found):
        kept.append(each)
        if each.statistic != "count" or not _EACH.match(scene.low, each.end):
            continue
        floor = found[at - 1].end if at else 0
        begin = max(
            (mark.end() for mark in _OPENS.finditer(scene.low, floor, each.start)), default=floor
        )
        listed = [one for one in scene.mentions if begin <= one.start and one.end <= each.start]
        events = [one for one in listed if _is_event(scene, one)]
        if len(events) < 2 or each.measure not in {one.concept for one in events}:
            continue
        kept[-1:] = [
            replace(each, measure=one.concept, start=one.start, end=one.end) for one in events
        ]
        last = max(kept[-len(events) :], key=lambda one: one.start)
        kept[kept.index(last)] = replace(last, end=each.end)
    return kept


def _is_event(scene: Scene, mention: Mention) -> bool:
    concept = scene.concepts[mention.concept]
    return concept.harm is True and "patients" in concept.units
