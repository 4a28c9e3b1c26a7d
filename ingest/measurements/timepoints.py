"""Find the time point with a number, at 2 years or within 30 days, that a number of a sentence belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingest.measurements.attachment import runs
from ingest.measurements.effects import ACCURACY
from ingest.measurements.occasions import is_aside, listed_time
from ingest.model import Mention
from ingest.numbers.quantity import COUNTED, Quantity
from ingest.numbers.scene import Scene
from ingest.wording import bracket_open

# "67% and 51% for the young and the old at 3 years": the groups stand between.
_BY_GROUP = re.compile(
    r"\s*(?:(?:for|in|of|on|among|after|with) (?!which|whom|whose)[^,;()#\d]{1,48}|(?:probability|chance|likelihood|rate) of [a-z -]{3,30})?\s*"
)
# What may stand between a time and the rate it qualifies: "2-year overall survival".
_RATED = re.compile(r"[\s-]*(?:(?!and\b|or\b|the\b|was\b|were\b)[a-z-]+\s+){0,4}(?:\([^)]*\)\s*)?$")
# "At least one complication occurred within 30 days": no number of its own.
_AT_LEAST_ONE = re.compile(r"\bat least (?:1|one)(?: [a-z-]+)?$")
_TIMED = COUNTED | {"value", "score"}
_NEAR = 14
# "four of which": what is told of a part of those counted has a time of its own or none.
_PART = re.compile(r"\s*of (?:which|whom)\b")
RELATIVE = re.compile(r", (?:which|who|whom|but|while|whereas|and|with) ")
_RANGE_OPENS = re.compile(r"[(\[]\s*(?:range|iqr|interquartile range)?[\s,:]*$")
_PARTED = re.compile(r"[,;:()]|\b(?:and|but|while|whereas|who|which)\b")
_COURSE = re.compile(
    r"\s*(?:of (?:the |these |all )?)?(?:patients?|cases?|women|men|others?|tumou?rs|lesions?)?\s*(?:\w+ly )?"
    r"(?:had|were|was|are|is|remained|died|survived|developed|experienced|showed|reported|recurred|achieved|maintained|could|walked|underwent|required)\b"
)


def numbered_time(quantity: Quantity, measure: str | None, scene: Scene) -> Quantity | None:
    """Return the numbered time of a number, or of the row that it stands in; None where it has none."""
    row = row_of(quantity, scene)
    others = _other_numbers(row, scene)
    bound = {each.start: _bound(scene, each) for each in scene.times}
    fitting = [
        each for each in scene.times if _is_open_to(quantity, measure, bound[each.start], scene)
    ]
    if behind := _time_behind(quantity, row, fitting, others, scene.low):
        return behind
    if _PART.match(scene.low, quantity.end):
        return None
    before = [
        each
        for each in fitting
        if each.end <= quantity.start and not is_aside(each, quantity, scene.low)
    ]
    ahead = listed_time(quantity, before, scene)
    ahead = ahead or _time_ahead(quantity, before, bound, others, scene)
    return ahead or _lone_time(quantity, row, fitting, others, scene)


def row_of(quantity: Quantity, scene: Scene) -> list[Quantity]:
    """Return the row of numbers that one stands in; by itself it is a row of its own."""
    return next((row for row in runs(scene) if any(each is quantity for each in row)), [quantity])


def _other_numbers(row: Sequence[Quantity], scene: Scene) -> list[Quantity]:
    """Return the numbers outside a row that may have a time of their own."""
    bounded = "at least " in scene.low
    return [
        each
        for each in scene.numbers()
        if all(each is not one for one in row)
        and each.form in _TIMED
        and not (bounded and _AT_LEAST_ONE.search(scene.low, 0, each.end))
        and not is_bracketed_range(scene.low, each)
    ]


def _bound(scene: Scene, time: Quantity) -> Mention | None:
    """Return the measure that a time stands right before: "2-year survival"."""
    for mention in scene.mentions:
        if mention.concept in {"follow_up", "age"}:
            continue
        if time.start <= mention.start < time.end:
            return mention  # the measure's own name holds the time
        if mention.start >= time.end and mention.start - time.end < 45:
            between = scene.low[time.end : mention.start]
            ordinal = scene.low[time.end - 1].isdigit() and between.startswith(" of ")
            if (
                not ordinal
                and _RATED.match(between)
                and not any(time.end <= each.start < mention.start for each in scene.numbers())
            ):
                return mention
            return None
    return None


def _is_open_to(
    quantity: Quantity, measure: str | None, owner: Mention | None, scene: Scene
) -> bool:
    """Tell whether a time that stands right before a measure, its owner, can be of a number of another."""
    if quantity.statistic in ACCURACY or owner is None or owner.concept == measure:
        return True
    return any(
        each.concept == measure and _joined(_unnamed(scene, owner.end, each.start))
        for each in scene.mentions
        if each.start >= owner.end
    )


def _time_behind(
    quantity: Quantity,
    row: Sequence[Quantity],
    times: Sequence[Quantity],
    others: Sequence[Quantity],
    low: str,
) -> Quantity | None:
    """Return the first time behind a row of numbers that nothing parts from it."""
    end, counted = row[-1].end, quantity.form in COUNTED
    for each in times:
        if each.start >= end and is_free(others, end, each.start):
            between = low[end : each.start]
            if adjoining(between) or (counted and _tells(between)):
                return each
    return None


def _time_ahead(
    quantity: Quantity,
    times: Sequence[Quantity],
    bound: Mapping[int, Mention | None],
    others: Sequence[Quantity],
    scene: Scene,
) -> Quantity | None:
    """Return the last time ahead of a number that is of its measure or no other number's."""
    home = scene.clause(quantity.start)
    for each in reversed(times):
        if bound[each.start] is not None:
            return each
        near = scene.clause(each.start) == home or each.start < 3
        if near and not is_taken(each, others, scene.low):
            return each
    return None


def _lone_time(
    quantity: Quantity,
    row: Sequence[Quantity],
    times: Sequence[Quantity],
    others: Sequence[Quantity],
    scene: Scene,
) -> Quantity | None:
    """Return the one time of a clause with one row of numbers, or the one at the sentence's end."""
    home = scene.clause(quantity.start)
    near = [each for each in scene.times if scene.clause(each.start) == home]
    alone = not any(scene.clause(each.start) == home for each in others)
    if len(near) == 1 and alone and near[0] in times:
        apart = RELATIVE.search(scene.low, row[-1].end, near[0].start)
        return None if apart else near[0]
    return _closing_time(quantity, scene)


def _closing_time(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the one time at a sentence's end that rates in brackets share: in A (83%) and B (60%) at 5 years."""
    if len(scene.times) != 1 or quantity.form != "percent":
        return None
    time, low = scene.times[0], scene.low
    ends = not low[time.end :].strip(" .") and low[: time.start].rstrip().endswith(")")
    return time if ends and bracket_open(low, quantity.start) >= 0 else None


def is_bracketed_range(low: str, quantity: Quantity) -> bool:
    """Tell whether numbers in brackets are the range of what stands before them."""
    if quantity.value is not None or quantity.low is None:
        return False
    return bool(_RANGE_OPENS.search(low, max(0, quantity.start - 16), quantity.start))


def _unnamed(scene: Scene, start: int, end: int) -> str:
    """Return the words of a stretch without the measures that it names."""
    between = scene.low[start:end]
    for each in scene.mentions:
        if start <= each.start and each.end <= end:
            between = between.replace(scene.low[each.start : each.end], "", 1)
    return between


def _joined(between: str) -> bool:
    """Tell whether two measures are named in one breath: two-year PFS and overall survival."""
    plain = re.sub(r"\([^)]*\)|\($", "", between)
    return bool(
        re.fullmatch(
            r"\s*(?:(?:,|/|and\b|or\b|rates?\b|the\b|local\b|overall\b)\s*)*(?:and|or|,|/)\s*(?:[a-z-]+\s+){0,2}",
            plain,
        )
    )


def _tells(between: str) -> bool:
    """Tell whether what was counted is told up to a time: 3 patients had no pain | at 2 years."""
    return len(between) < 90 and not _PARTED.search(between) and bool(_COURSE.match(between))


def adjoining(between: str) -> bool:
    """Tell whether a time behind a number is that number's own."""
    plain = re.sub(r"[(\[][^)\]]*[)\]]", "", between)
    if _BY_GROUP.fullmatch(plain):
        return True
    return len(plain) < _NEAR + 4 and not re.search(r"[,;(]|\band\b|\bbut\b", plain)


def is_free(numbers: Sequence[Quantity], start: int, end: int) -> bool:
    """Tell whether no number stands in a stretch."""
    return not any(start <= each.start < end for each in numbers)


def is_taken(time: Quantity, numbers: Sequence[Quantity], low: str) -> bool:
    """Tell whether a time is that of a number right ahead of it."""
    return any(one.end <= time.start and adjoining(low[one.end : time.start]) for one in numbers)
