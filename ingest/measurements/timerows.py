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


def paired_times(scene: Scene, rows: Sequence[Sequence[Quantity]]) -> dict[int, Quantity]:
    """Pair time points with the numbers of a row in order: at 1 and 2 years was 90% and 80%."""
    found: dict[int, Quantity] = {}
    for row in rows:
        if any(_PART.match(scene.low, each.end) for each in row):
            continue  # "in three, two of whom died, 3 and 9 months after surgery"
        found |= {
            number.start: time
            for number, time in zip(row, _occasions_in_row(scene, row), strict=False)
        }
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
