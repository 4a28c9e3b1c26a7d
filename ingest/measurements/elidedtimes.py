"""Share the time of a list whose items leave out their verb: A was seen in 3, B in 4 and C in 5 then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.language.clauses import holds_verb
from ingest.language.wording import bracket_open
from ingest.model import Measurement
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Scene
from ingest.vocabulary import TAKEN_IN

_INNER = re.compile(r"[(\[][^()\[\]]*[)\]]")
# "..., a leak in | 4": an item names what was seen, and then in how many.
_ITEM = re.compile(
    r"(?: ?(?:patients?|individuals|subjects|participants?|cases?|women|men|children|eyes|of patients|of cases|of the patients))?[^,;:.]{0,20}(?:, [^,;:.]{3,30}(?=;))?(?:[,;] and |[,;] | and )(?!in |of |after |for |among )[^,;:.()]{3,60} in (?:only |another |the other )?"
)
_SPACES = re.compile(r" (?=[ ,;])")
_LEFT_OUT = re.compile(
    r"\b(?:who|which|whom|whose|that|but|while|whereas|because|including|than|vs|versus)\b"
)
NO_FINDING = TAKEN_IN | {"patients_diagnosed", "sex", "age"}
"""What was done to patients, or who they were, which has no visit of its own."""
# As many times as these make a row.
_ROW = 2
_SAME_TIMES = re.compile(
    r"\bat (?:these|those|the same|the corresponding|the respective) (?:times?|time ?points?|points in time|visits|intervals)\b"
)
# How the second time of a change is called that is not told.
_UNTOLD = frozenset(["after", "postoperative"])
_JOINED = re.compile(r"(?: points)?(?:\s*[(\[][^()\[\]]*[)\]])?(?:,|,? and|,? then) (?:to )?")
_BESIDE = re.compile(r" ?(?:(?:,|,? and|or|to) )?(?:at |on )?(?:the )?")
_AWAY = re.compile(r"[^,;:.()\d]{0,40}")


def with_elided(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found, the items of each such list with the time told ahead of it or behind it."""
    kept = _with_course(scene, found)
    # What defines an item stands in brackets: no response (< 50%) in 19.
    items = [at for at, each in enumerate(kept) if bracket_open(scene.low, each.start) < 0]
    for before, at in pairwise(items):
        one, other = kept[before], kept[at]
        if other.time_text is None and _is_ahead(scene, one) and _go_on(scene, one, other):
            kept[at] = at_time_of(one, other)
    ends = False
    for at, behind in reversed(list(pairwise(items))):
        one, other = kept[at], kept[behind]
        ends = (ends or _is_behind(scene, other)) and _go_on(scene, one, other)
        if ends and one.time_text is None:
            kept[at] = at_time_of(other, one)
        ends = ends and kept[at].time_text == other.time_text
    return kept


def _with_course(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return a change that goes on with more values at as many times behind them: from 7 to 3 and 2 at 6 and 12 months."""
    kept, low = list(found), scene.low
    for at, each in enumerate(kept):
        if each.time_text not in _UNTOLD:
            continue
        row = [at]
        for behind in range(at + 1, len(kept)):
            one, other = kept[row[-1]], kept[behind]
            if other.measure != each.measure or not _JOINED.fullmatch(low, one.end, other.start):
                break
            row.append(behind)
        times = _row_behind(scene, kept[row[-1]].end) if len(row) >= _ROW else []
        if len(times) == len(row):
            for place, (words, months) in zip(row, times, strict=True):
                kept[place] = replace(kept[place], time_text=words, time_months=months)
    return kept


def _row_behind(scene: Scene, end: int) -> list[tuple[str, float | None]]:
    """Return the times of the row that stands right behind a place, each by its words."""
    row: list[Quantity] = []
    for each in sorted((*scene.times, *scene.adverbs), key=lambda one: (one.start, one.end)):
        last = row[-1].end if row else end
        gap = scene.low[last : each.start] if last <= each.start else ""
        if each.start >= end and _BESIDE.fullmatch(gap):
            row.append(each)
    return [(scene.low[each.start : each.end], each.months) for each in row]


def with_row_again(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return what was found, a row of one scale at the times of as many of it told ahead.

    "Back pain was 7 before, 4 after 1 month and 3 after 1 year; leg pain was 6, 3 and 2."
    """
    kept, low = list(found), scene.low
    cut = _cut(low, kept)
    one = [at for at, each in enumerate(kept) if each.end <= cut]
    other = [at for at, each in enumerate(kept) if each.start > cut]
    told = [kept[at] for at in (*one, *other)]
    if cut < 0 or len(one) != len(other) or len(one) < _ROW or ";" in low[:cut]:
        return kept
    alike = len({(each.measure, each.unit, each.statistic) for each in told}) == 1
    # "Control was 90% at 1 and 80% at 3 years; survival was 85% and 60%."
    alike = alike or all(map(is_endpoint_rate, told)) or _SAME_TIMES.search(low, cut) is not None
    timed = [kept[at].time_text for at in one]
    untimed = not any(kept[at].time_text for at in other)
    if alike and told[0].measure and all(timed) and len(set(timed)) == len(timed) and untimed:
        for at, behind in zip(one, other, strict=True):
            kept[behind] = at_time_of(kept[at], kept[behind])
    return kept


def _cut(low: str, found: Sequence[Measurement]) -> int:
    """Return where the second half of a sentence begins, of another measure where no semicolon parts it."""
    if ";" in low:
        return low.rfind(";")
    turns = [two.start for one, two in pairwise(found) if one.measure != two.measure]
    return turns[0] - 1 if len(turns) == 1 else -1


def is_endpoint(each: Measurement) -> bool:
    """Tell whether a number is of an endpoint that is told by its time: survival, control."""
    return (each.measure or "").endswith(("survival", "control"))


def is_endpoint_rate(each: Measurement) -> bool:
    """Tell whether a number is the rate of such an endpoint."""
    return each.statistic == "percent" and is_endpoint(each)


def at_time_of(of: Measurement, each: Measurement) -> Measurement:
    """Return a number with the time of another."""
    return replace(each, time_text=of.time_text, time_months=of.time_months)


def _go_on(scene: Scene, one: Measurement, other: Measurement) -> bool:
    """Tell whether two numbers are of one list whose second item has no verb."""
    if any(
        each.statistic not in {"count", "percent"} or each.measure in NO_FINDING
        for each in (one, other)
    ):
        return False
    between = _SPACES.sub("", _INNER.sub("", scene.low[one.end : other.start]))
    return bool(
        _ITEM.fullmatch(between) and not holds_verb(between) and not _LEFT_OUT.search(between)
    )


def _is_ahead(scene: Scene, each: Measurement) -> bool:
    """Tell whether a number's time stands ahead of it, as an adverb for all that follows."""
    return any(end <= each.start for _, end in _place(scene, each.time_text))


def _is_behind(scene: Scene, each: Measurement) -> bool:
    """Tell whether a number's time stands behind it and ends what is told."""
    return any(
        start >= each.end and _AWAY.fullmatch(scene.low, each.end, start)
        for start, _ in _place(scene, each.time_text)
    )


def _place(scene: Scene, told: str | None) -> list[tuple[int, int]]:
    """Return where times with some words stand that are no adjectives."""
    words = (told or "").lower()
    return [
        (each.start, each.end)
        for each in (*scene.times, *scene.adverbs)
        if words and scene.low[each.start : each.end] == words
    ]
