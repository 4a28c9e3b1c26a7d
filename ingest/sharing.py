"""Read counts that share their noun or total, and events that share their count.

"3 early and 11 late complications" counts complications twice; "an ileus and a fistula in 1
patient each" tells one patient of either; parts of one total are of that total.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.model import Measurement, Mention
from ingest.populations import agrees
from ingest.quantity import Quantity
from ingest.scene import Scene

_NOUNS = frozenset(["complications", "deaths", "patients", "tumours", "procedures"])
_BETWEEN = re.compile(
    r" (?!(?:and|or|of|in|to|with|by|at|on|for|had|were|was|died|months?|years?|days?|weeks?|hours?|points?|percent|levels?)\b)[a-z-]+"
    r"(?: (?!(?:and|or|of|in|to|with|by|at|on|for|had|were|was|who)\b)[a-z-]+)?(?:,| and|, and) "
)
_NAMED = re.compile(r"[a-z]{3}")
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


def of_total(low: str, found: Sequence[Measurement]) -> list[Measurement]:
    """Return counts with the total of their sentence as denominator where their percent is of it.

    "Leaks in 40 of 100 levels (40%): epidural 10 (10%)" counts levels, not patients.
    """
    totals = [each for each in found if each.statistic == "count" and each.denominator]
    if not totals:
        return list(found)
    kept: list[Measurement] = []
    for each in found:
        if not _is_bare_share(low, each):
            kept.append(each)
            continue
        of = next((one for one in totals if one.end <= each.start and _is_part(each, one)), None)
        sized = of and replace(each, unit=of.unit, denominator=of.denominator, n=of.denominator)
        kept.append(sized or each)
    return kept


def _is_bare_share(low: str, each: Measurement) -> bool:
    """Tell whether a count is printed with its percent and without what it counts or is of."""
    lone = each.statistic == "count" and each.denominator is None and each.n is None
    return lone and each.percent is not None and not _NAMED.search(low, each.start, each.end)


def _is_part(each: Measurement, total: Measurement) -> bool:
    """Tell whether a count and its percent are those of a part of a total."""
    return agrees(each.numerator or 0, total.denominator or 0, each.percent or 0.0)


def _is_event(scene: Scene, mention: Mention) -> bool:
    concept = scene.concepts[mention.concept]
    return concept.harm is True and "patients" in concept.units
