"""Tell when two values were so that are set against each other: lower after surgery than before (2 vs 8)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.measurements.rows import runs
from ingest.measurements.transitions import points_in_time
from ingest.model import Concept, Measurement
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Scene
from ingest.vocabulary import is_followed

_VERSUS = re.compile(
    r"\s*(?:[(\[][^()\[\]]*[)\]]\s*)?(?:,? ?(?:vs\.?|versus|compared (?:with|to)|against|and|to|→))\s+(?:(?:mean|median|average|an?|of)\s+)*"
)
# "after surgery | than | before it (": two times that are set against each other, in order
_THAN = re.compile(
    r",? (?:[^;,()\d]{2,70} )?(?:than|(?:as )?compared (?:with|to)|versus|vs\.?|relative to|as opposed to) (?:(?:the|that|those|scores?|values?|levels?|at|of|it was|they were) )*"
)
_COMPARED = re.compile(
    r"\b(?:compared (?:with|to)|relative to|in comparison (?:with|to)|versus) (?:(?:the|those|that|values?|scores?|levels?|at|of|in) )*$"
)
_OPENS = re.compile(
    r"[^;,()\d]{0,60}[(\[]\s*(?:(?:mean|median|average|score|scores|values?)[\s,:=]+)*"
)
_LESS = re.compile(r"\b(?:decreas|reduc|declin|fell|fall|drop|diminish|lower|less|allevi|reliev)")
_MORE = re.compile(r"\b(?:increas|rose|rise|higher|greater|more|gain|elevat)")
_BETTER = re.compile(r"\b(?:improv|better|recover|relie)")
_CHANGED = re.compile(r"\bchang")
# Whom else the sentence may set against each other.
_OTHERS = re.compile(
    r"\b(?:groups?|arms?|cohorts?|subgroups?|than|those|who|controls?|between|with and without|(?:patients|individuals|subjects|participants|cases|women|men) (?:with|without|treated|undergoing|receiving|having|in))\b"
)
# "fell from | 8 and 60 | to | 2 and 20"
_FROM = re.compile(
    r"\b(?:improv|decreas|increas|reduc|declin|fell|fall|ros|rise|drop|went|chang|recover|worsen|diminish|correct|deteriorat)\w*\b[^;]{0,60}\bfrom (?:an? )?(?:(?:mean|median|average) )?(?:of )?$"
)
_TO = re.compile(r"[^;]{0,50}\bto (?:an? )?(?:(?:mean|median|average) )?(?:of )?")
_AGAINST = re.compile(
    r"\s*(?:[%°]|points?\b)?\s*(?:[(\[][^()\[\]]*[)\]]\s*)?(?:[^;,.()\d]{1,40} )?,? ?(?:as )?(?:vs\.?|versus|compared (?:with|to)|against|opposed to)\s+(?:(?:mean|median|average|an?|of|only)\s+)*"
)
# The time of a value that others are set against.
_FIRST = re.compile(r"\b(?:before|admission|presentation|baseline|preop|pre-op|pretreat|pre-treat)")
_STATISTICS = frozenset(["mean", "median", "value"])


def with_opposed_times(
    text: str, scene: Scene, found: Sequence[Measurement], concepts: Mapping[str, Concept]
) -> list[Measurement]:
    """Return what was found, each of two values of one scale with the time that it is told of.

    Where only a change is told the first was so before: pain improved after surgery (8 vs 2).
    """
    kept = _with_row_times(scene, _against_first(text, scene, found))
    for at, (one, other) in enumerate(pairwise(kept)):
        concept = concepts.get(one.measure or "")
        if concept is None or not _are_opposed(scene.low, one, other, kept[:at], kept[at + 2 :]):
            continue
        times = _named_times(scene, one)
        if times:
            kept[at], kept[at + 1] = _at(text, one, times[0]), _at(text, other, times[1])
        elif _is_course(scene, one, other, concept):
            last = _last_time(scene, one)
            once, then = points_in_time(scene.low, concept)
            kept[at] = replace(one, time_text=once, time_months=None)
            kept[at + 1] = (
                _at(text, other, last) if last else replace(other, time_text=then, time_months=None)
            )
    return kept


def _against_first(text: str, scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found, a first value apart from the one it is set against: 18 %, versus 64 % before."""
    kept, low = list(found), scene.low
    for at, (one, other) in enumerate(pairwise(found)):
        if one.measure != other.measure or not _AGAINST.fullmatch(low, one.end, other.start):
            continue
        time = next((each for each in scene.adverbs if _stands_behind(low, other.end, each)), None)
        if time is None or not _FIRST.search(low, time.start, time.end):
            continue
        kept[at + 1] = _at(text, other, time)
        if one.time_text == text[time.start : time.end]:
            kept[at] = replace(one, time_text=None, time_months=None)
    return kept


def _stands_behind(low: str, end: int, time: Quantity) -> bool:
    return end <= time.start and not low[end : time.start].strip(" %°")


def _with_row_times(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return the values of a row of changes with the times that are not told: from 8 and 60 to 2 and 20."""
    kept, low = list(found), scene.low
    rows = runs(scene)
    places = {each.start: at for at, each in enumerate(found)}
    for first, last in pairwise(rows):
        if len(first) != len(last) or len(first) < 2 or not _FROM.search(low, 0, first[0].start):
            continue
        if not _TO.fullmatch(low, first[-1].end, last[0].start):
            continue
        for one, other in zip(first, last, strict=True):
            if one.start not in places or other.start not in places:
                continue
            begin, end = places[one.start], places[other.start]
            concept = scene.concepts.get(kept[begin].measure or "")
            once, then = points_in_time(low, concept)
            if kept[begin].time_text in {None, kept[end].time_text}:
                kept[begin] = replace(kept[begin], time_text=once, time_months=None)
            if kept[end].time_text is None:
                kept[end] = replace(kept[end], time_text=then)
    return kept


def _are_opposed(
    low: str,
    one: Measurement,
    other: Measurement,
    before: Sequence[Measurement],
    behind: Sequence[Measurement],
) -> bool:
    """Tell whether two values of a measure stand against each other, and no third beside them."""
    if one.measure != other.measure or one.unit != other.unit:
        return False
    if not {one.statistic, other.statistic} <= _STATISTICS | {"percent"}:
        return False
    if None in (one.value, other.value) or one.percent is not None or one.numerator is not None:
        return False
    third = any(_VERSUS.fullmatch(low, each.end, one.start) for each in before) or any(
        _VERSUS.fullmatch(low, other.end, each.start) for each in behind
    )
    return not third and _VERSUS.fullmatch(low, one.end, other.start) is not None


def _times_ahead(scene: Scene, one: Measurement) -> list[Quantity]:
    """Return the times ahead of a value, none inside another."""
    told = sorted(
        (
            each
            for each in (*scene.times, *scene.adverbs, *scene.adjectives)
            if each.end <= one.start
        ),
        key=lambda each: (each.start, -each.end),
    )
    return [
        each
        for at, each in enumerate(told)
        if not any(each.start < before.end for before in told[:at])
    ]


def _named_times(scene: Scene, one: Measurement) -> tuple[Quantity, Quantity] | None:
    """Return the two times that the words ahead of a bracket set against each other."""
    told, low = _times_ahead(scene, one), scene.low
    if len(told) < 2:
        return None
    first, last = told[-2:]
    if not _OPENS.fullmatch(low, last.end, one.start):
        return None
    if _THAN.fullmatch(low, first.end, last.start):
        return first, last
    if _COMPARED.search(low, 0, first.start) and "," in low[first.end : last.start]:
        return last, first  # "compared with before surgery, it was lower at 1 year (2 vs 8)"
    return None


def _last_time(scene: Scene, one: Measurement) -> Quantity | None:
    """Return the one later time that is told ahead of two values."""
    told = _times_ahead(scene, one)
    return told[-1] if len(told) == 1 else None


def _is_course(scene: Scene, one: Measurement, other: Measurement, concept: Concept) -> bool:
    """Tell whether the words ahead of a bracket tell how a value went on, as the two values say too."""
    low, told = scene.low, _times_ahead(scene, one)
    opened = max(low.rfind("(", 0, one.start), low.rfind("[", 0, one.start))
    within = opened >= 0 and not re.search(r"[)\]]", low[opened : one.start])
    if not within or _OTHERS.search(low) or len(told) > 1 or not is_followed(concept):
        return False
    if told and low.startswith(
        ("pre", "before", "baseline", "at baseline", "prior"), told[0].start
    ):
        return False
    if one.time_text and (not told or one.time_text.lower() != low[told[0].start : told[0].end]):
        return False  # it has a time of its own
    if other.time_text and other.time_text != one.time_text:
        return False
    words, fell = low[:opened], (one.value or 0.0) > (other.value or 0.0)
    if _LESS.search(words) or _MORE.search(words):
        return (fell and bool(_LESS.search(words))) or (not fell and bool(_MORE.search(words)))
    if _BETTER.search(words):
        return concept.harm is not None and fell is concept.harm
    return bool(_CHANGED.search(words) and told)


def _at(text: str, each: Measurement, time: Quantity) -> Measurement:
    return replace(each, time_text=text[time.start : time.end], time_months=time.months)
