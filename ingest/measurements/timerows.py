"""Pair the times of a sentence with the numbers of a row in their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.measurements.grids import dealt, parts_of
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Scene

_TOGETHER = re.compile(r"-?\s*(?:,|/|,? ?and|versus|vs\.?)\s*(?:the |at |on )?(?:the )?")
_PART = re.compile(r"\s*(?:[a-z]+ )?of (?:whom|which|them|these)\b")
_ADDED = re.compile(r"\band\b")
_AGAINST = re.compile(r"\b(?:vs|versus|compared (?:with|to))\b|;")
# "The first score and the score at 3 months | were"
_SUBJECTS = re.compile(r"(?P<all>[^.;:()]{10,140}?) (?:was|were|averaged) (?:only |about )?")
_CUT = re.compile(r",? and |, ")
# Of numbers set against each other in one bracket, one may be that before treatment.
_WENT = re.compile(
    r"\b(?:improv|decreas|increas|fell|rose|reduc|drop|declin|baseline|pre-?op|before)"
)


def paired_times(scene: Scene, rows: Sequence[Sequence[Quantity]]) -> dict[int, Quantity]:
    """Pair time points with the numbers of a row in order: at 1 and 2 years was 90% and 80%."""
    found = _bracketed(scene)
    for row in rows if scene.timed else ():
        if any(_PART.match(scene.low, each.end) for each in row):
            continue  # "in three, two of whom died, 3 and 9 months after surgery"
        in_words = _occasions_in_row(scene, row) or _of_each(scene, row)
        in_words = in_words or _of_row_before(scene, row, rows, found)
        found |= {number.start: time for number, time in zip(row, in_words, strict=False)}
        before = [each for each in scene.times if each.end <= row[0].start]
        after = [each for each in scene.times if each.start >= row[-1].end]
        for times in (_last_row(scene, before), _last_row(scene, after[::-1])[::-1]):
            if len(times) == len(row) > 1:
                found |= {number.start: time for number, time in zip(row, times, strict=True)}
                break
            # "A and B at 1, 2 and 5 years were 92% and 63%, 45% and 62%, 36% and 21%"
            told = parts_of(scene, row)
            told_at = dealt(times, told) if len(told) > 1 < len(times) else []
            if len(told_at) == len(row):
                found |= {each.start: time for each, time in zip(row, told_at, strict=True)}
                break
            # "at 1 and 2 years was 90% vs 85% and 80% vs 70%": either group at each time.
            parts = _set_against(scene, row)
            if len(times) == len(parts) > 1 and len({len(each) for each in parts}) == 1 < len(
                parts[0]
            ):
                found |= {
                    number.start: time
                    for part, time in zip(parts, times, strict=True)
                    for number in part
                }
                break
            # "at 1 and 2 years were 90% and 80% vs 85% and 70%": once more for each group.
            again = len(times) > 1 and len(row) > len(times) and len(row) % len(times) == 0
            if again and _turns(scene, row, len(times)):
                found |= {each.start: times[at % len(times)] for at, each in enumerate(row)}
                break
    return found


def without_times(first: int, last: int, scene: Scene) -> str:
    """Return a stretch of text without the times that it lists: the score | before surgery, at 1 and 2 years | was."""
    low = scene.low
    between = low[first:last]
    if "," not in between and " and " not in between:
        return between
    inside = sorted(
        (
            each
            for each in (*scene.times, *scene.adverbs)
            if first <= each.start and each.end <= last
        ),
        key=lambda each: (each.start, -each.end),
    )
    if len(inside) < 2 or not all(
        other.start < one.end or _TOGETHER.fullmatch(low, one.end, other.start)
        for one, other in pairwise(inside)
    ):
        return between
    return low[first : inside[0].start].rstrip(" ,") + low[max(each.end for each in inside) : last]


def _set_against(scene: Scene, row: Sequence[Quantity]) -> list[list[Quantity]]:
    """Return the parts of a row within which numbers are set against each other."""
    parts = [[row[0]]]
    for one, other in pairwise(row):
        if _AGAINST.search(scene.low, one.end, other.start):
            parts[-1].append(other)
        else:
            parts.append([other])
    return parts


def _turns(scene: Scene, row: Sequence[Quantity], size: int) -> bool:
    """Tell whether a row is told in equal parts that are set against each other, or joined by ", and"."""
    return any(
        all(
            bool(rule.search(scene.low, row[at - 1].end, row[at].start)) == (at % size == 0)
            for at in range(1, len(row))
        )
        for rule in (_AGAINST, _ADDED)
    )


def _occasions_in_row(scene: Scene, row: Sequence[Quantity]) -> list[Quantity]:
    """Return as many times in words as a row has numbers where they are named together: pre- and postoperative."""
    if len(row) < 2 or not (scene.adverbs or scene.adjectives):
        return []
    told = sorted(
        (*scene.times, *scene.adverbs, *scene.adjectives), key=lambda each: (each.start, each.end)
    )
    ahead = [each for each in told if each.end <= row[0].start][-len(row) :]
    behind = [each for each in told if each.start >= row[-1].end][: len(row)]
    for named in (ahead, behind):
        joined = all(
            other.start < one.end or _TOGETHER.fullmatch(scene.low, one.end, other.start)
            for one, other in pairwise(named)
        )
        if len(named) == len(row) and joined:
            return named
    return []


def _of_each(scene: Scene, row: Sequence[Quantity]) -> list[Quantity]:
    """Return the times of a row each of whose subjects has its own: preoperative A and B at 3 months were 7 and 2."""
    if len(row) < 2 or scene.low.find(" and ", 0, row[0].start) < 0:
        return []
    begin = next((start for start, end in scene.clauses if start <= row[0].start < end), 0)
    subject = _SUBJECTS.fullmatch(scene.low, begin, row[0].start)
    if subject is None:
        return []
    cuts = [each.span() for each in _CUT.finditer(scene.low, begin, subject.end("all"))]
    ends = [*(start for start, _ in cuts), subject.end("all")]
    parts = list(zip([begin, *(end for _, end in cuts)], ends, strict=True))
    if len(parts) != len(row):
        return []
    every = (*scene.times, *scene.adverbs, *scene.adjectives)
    told = [[time for time in every if a <= time.start and time.end <= b] for a, b in parts]
    return [each[0] for each in told] if all(len(each) == 1 for each in told) else []


def _of_row_before(
    scene: Scene,
    row: Sequence[Quantity],
    rows: Sequence[Sequence[Quantity]],
    found: dict[int, Quantity],
) -> list[Quantity]:
    """Return the different times of the row that one is set against: 9 and 4 in A, compared with 7 and 2 in B."""
    at = next(at for at, each in enumerate(rows) if each is row)
    last = rows[at - 1] if at else []
    if len(last) != len(row) or not _AGAINST.search(scene.low, last[-1].end, row[0].start):
        return []
    told = [found[each.start] for each in last if each.start in found]
    apart = len({each.start for each in told}) == len(row) > 1
    return told if apart and not _told_near(scene, row) else []


def _told_near(scene: Scene, row: Sequence[Quantity]) -> bool:
    """Tell whether a time stands behind or amid a row."""
    return any(each.start >= row[0].start for each in (*scene.times, *scene.adverbs))


def _bracketed(scene: Scene) -> dict[int, Quantity]:
    """Pair the numbers of brackets with the time that heads each: at 6 (4 vs 5) and 12 months (3 vs 2)."""
    found: dict[int, Quantity] = {}
    if len(scene.times) < 2 or "(" not in scene.low or _WENT.search(scene.low):
        return found
    for time in scene.times:
        opened = scene.low.startswith(" (", time.end)
        closed = scene.low.find(")", time.end) if opened else -1
        held = [each for each in scene.numbers if time.end <= each.start < closed]
        if len(held) < 2:
            return {}
        found |= {each.start: time for each in held}
    return found


def _last_row(scene: Scene, times: Sequence[Quantity]) -> list[Quantity]:
    """Return the times at the end of a sequence that only joining words part."""
    row: list[Quantity] = list(times[-1:])
    for each in reversed(times[:-1]):
        first, last = sorted((each, row[0]), key=lambda one: one.start)
        between = scene.low[first.end : last.start]
        if len(between) > 24 or any(first.end <= one.start < last.start for one in scene.numbers):
            break
        row.insert(0, each)
    return row
