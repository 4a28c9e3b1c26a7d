"""Decide which time point of a sentence a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.attachment import COUNTED, runs
from ingest.model import Mention
from ingest.quantity import Quantity
from ingest.scene import Scene

# "67% and 51% for the young and the old at 3 years": the groups stand between.
_BY_GROUP = re.compile(
    r"\s*(?:(?:for|in|of|among|after|with) (?!which|whom|whose)[^,;()#\d]{1,48})?\s*"
)
# What may stand between a time and the rate it qualifies: "2-year overall survival".
_RATED = re.compile(r"[\s-]*(?:(?!and\b|or\b|the\b|was\b|were\b)[a-z-]+\s+){0,4}(?:\([^)]*\)\s*)?$")
# "At least one complication occurred within 30 days": no number of its own.
_AT_LEAST_ONE = re.compile(r"\bat least (?:1|one)(?: [a-z-]+)?$")
_NEAR = 14


def paired_times(scene: Scene, rows: Sequence[Sequence[Quantity]]) -> dict[int, Quantity]:
    """Pair time points with the numbers of a row in order: at 1 and 2 years was 90% and 80%."""
    found: dict[int, Quantity] = {}
    for row in rows:
        before = [each for each in scene.times if each.end <= row[0].start]
        after = [each for each in scene.times if each.start >= row[-1].end]
        for times in (_last_row(scene, before), _last_row(scene, after[::-1])[::-1]):
            if len(times) == len(row) > 1:
                found |= {number.start: time for number, time in zip(row, times, strict=True)}
                break
    return found


def _last_row(scene: Scene, times: Sequence[Quantity]) -> list[Quantity]:
    """Return the times at the end of a sequence that only joining words part."""
    row: list[Quantity] = list(times[-1:])
    for each in reversed(times[:-1]):
        first, last = sorted((each, row[0]), key=lambda one: one.start)
        between = scene.low[first.end : last.start]
        if len(between) > 24 or any(first.end <= one.start < last.start for one in scene.numbers()):
            break
        row.insert(0, each)
    return row


def _bound(scene: Scene, time: Quantity) -> Mention | None:
    """Return the measure that a time stands right before: "2-year survival"."""
    for mention in scene.mentions:
        if mention.concept in {"follow_up", "age"}:
            continue
        if time.start <= mention.start < time.end:
            return mention  # the measure's own name holds the time
        if mention.start >= time.end and mention.start - time.end < 45:
            between = scene.low[time.end : mention.start]
            if _RATED.match(between) and not any(
                time.end <= each.start < mention.start for each in scene.numbers()
            ):
                return mention
            return None
    return None


def time_of(
    quantity: Quantity, measure: str | None, mention: Mention | None, scene: Scene
) -> Quantity | None:
    """Return the time point a number belongs to, None where the sentence gives none."""
    if measure in {"follow_up", "age"}:
        return None
    timed = _numbered_time(quantity, measure, scene)
    if quantity.form == "effect":
        return timed  # what else the sentence tells of time is about the factors
    return timed or _told_time(quantity, mention, scene)


def _numbered_time(quantity: Quantity, measure: str | None, scene: Scene) -> Quantity | None:
    row = next((each for each in runs(scene) if quantity in each), [quantity])
    numbers = [
        each
        for each in scene.numbers()
        if each not in row
        and each.form in {*COUNTED, "value", "score"}
        and not _AT_LEAST_ONE.search(scene.low, 0, each.end)
    ]
    home = scene.clause(quantity.start)
    bound = {each.start: _bound(scene, each) for each in scene.times}

    def fits(time: Quantity) -> bool:
        owner = bound[time.start]
        if owner is None or owner.concept == measure:
            return True
        return any(
            each.concept == measure and _joined(scene.low[owner.end : each.start])
            for each in scene.mentions
            if each.start >= owner.end
        )

    def free(start: int, end: int) -> bool:
        return not any(start <= each.start < end for each in numbers)

    after = [
        each
        for each in scene.times
        if each.start >= row[-1].end
        and fits(each)
        and free(row[-1].end, each.start)
        and _adjoining(scene.low[row[-1].end : each.start])
    ]
    if after:
        return after[0]
    before = [each for each in scene.times if each.end <= quantity.start and fits(each)]
    for each in reversed(before):
        own = bound[each.start]
        if own is not None:
            return each
        taken = any(
            one.end <= each.start and _adjoining(scene.low[one.end : each.start])
            for one in numbers
            if bound[each.start] is None
        )
        if taken:
            continue
        if scene.clause(each.start) == home or each.start < 3:
            return each
    # One time and one row of numbers in a clause belong together.
    near = [each for each in scene.times if scene.clause(each.start) == home]
    alone = not any(scene.clause(each.start) == home for each in numbers)
    return near[0] if len(near) == 1 and alone and fits(near[0]) else None


def _joined(between: str) -> bool:
    """Tell whether two measures are named in one breath: two-year PFS and overall survival."""
    plain = re.sub(r"\([^)]*\)", "", between)
    return bool(
        re.fullmatch(
            r"\s*,?\s*(?:(?:rates?|the|local|overall) )*(?:and|or|,|/)\s*(?:[a-z-]+\s+){0,2}", plain
        )
    )


def _adjoining(between: str) -> bool:
    """Tell whether a time behind a number is that number's own."""
    plain = re.sub(r"[(\[][^)\]]*[)\]]", "", between)
    if _BY_GROUP.fullmatch(plain):
        return True
    return len(plain) < _NEAR + 4 and not re.search(r"[,;(]|\band\b|\bbut\b", plain)


def _told_time(quantity: Quantity, mention: Mention | None, scene: Scene) -> Quantity | None:
    row = next((each for each in runs(scene) if quantity in each), [quantity])
    numbers = [each for each in scene.numbers() if each not in row]
    home = scene.clause(quantity.start)

    def free(start: int, end: int) -> bool:
        return not any(start <= each.start < end for each in numbers)

    def taken(time: Quantity) -> bool:
        return any(
            one.end <= time.start and _adjoining(scene.low[one.end : time.start]) for one in numbers
        )

    if mention is not None:
        for each in scene.adjectives:
            inside = mention.start <= each.start < mention.end
            between = scene.low[each.end : mention.start]
            if inside or (
                each.end <= mention.start
                and re.fullmatch(r"\s(?:(?:mean|median|average|overall|total) )?", between)
            ):
                return each
    for each in scene.adverbs:
        gap = each.start - row[-1].end
        if (
            0 <= gap < 60
            and free(row[-1].end, each.start)
            and scene.clause(each.start) == home
            and not re.search(r"[,;]|\band\b", scene.low[row[-1].end : each.start])
        ):
            return each
    for each in reversed(scene.adverbs):
        parted = re.search(r"[,;:]", scene.low[each.end : quantity.start]) and each.start >= 3
        if (
            not parted
            and each.end <= quantity.start
            and (scene.clause(each.start) == home or each.start < 3)
            and not taken(each)
        ):
            return each
    later = [
        each
        for each in scene.adverbs
        if each.start >= quantity.end and scene.clause(each.start) == home
    ]
    return (
        later[0] if later and not [each for each in numbers if each.start > quantity.end] else None
    )
