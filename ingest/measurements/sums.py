"""Find counts that are parts of a group told before them: they add up to it, or their percents are of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from ingest.groups.populations import agrees
from ingest.model import Measurement
from ingest.numbers.quantity import sizes_group
from ingest.numbers.scene import Population

# "eight had a vertebrectomy, including six who"
_INCLUDING = re.compile(r"\b(?:including|comprising|consisting of)\b")
# Fewer parts or smaller wholes add up by chance too often.
_PARTS, _WHOLE = 3, 5
_WORD = re.compile(r"[a-z]{3}")


def of_told(measured: tuple[Measurement, ...], text: str) -> tuple[Measurement, ...]:
    """Return a sentence's numbers with its parts given the count that they add up to as n.

    "Ten needed surgery for pain (n = 6) or a leak (n = 4)": the six and the four are of the ten.
    """
    if len(measured) < 3:
        return measured
    told = list(measured)
    for at, lead in enumerate(told):
        whole = lead.numerator or 0
        if lead.unit != "patients" or whole < _WHOLE or sizes_group(text, lead.start):
            continue
        parts = _parts_behind(told, at, text)
        if len(parts) > 1 and sum(told[index].numerator or 0 for index in parts) == whole:
            for index in parts:
                share = round(100 * (told[index].numerator or 0) / whole, 1)
                told[index] = replace(told[index], n=whole, percent_derived=share)
    return tuple(told)


def _parts_behind(told: Sequence[Measurement], at: int, text: str) -> list[int]:
    """Return which numbers behind a count may be its parts: in brackets, or behind "including"."""
    behind = list(range(at + 1, len(told)))
    if len(behind) > 1 and _INCLUDING.search(text, told[at].end, told[behind[0]].start):
        people = all(told[index].unit == "patients" for index in behind)
        return behind if people and not any(told[index].denominator for index in behind) else []
    sized = [
        sizes_group(text, told[index].start) and not _is_group(told[index]) for index in behind
    ]
    return behind[: sized.index(False)] if False in sized else behind


def settle_parts(
    measured: Sequence[tuple[Measurement, ...]],
    populations: Sequence[Population],
    sentences: Sequence[tuple[int, int]],
) -> list[tuple[Measurement, ...]]:
    """Give counts that add up exactly to a group named before them that group as denominator.

    ``sentences`` are (paragraph, start) of each sentence in ``measured``. Two parts settle a
    whole of eight or more in one sentence; any other whole needs three parts, within a paragraph.
    """
    settled = [_with_rest(each) for each in measured]
    open_parts = [
        (index, at)
        for index, each in enumerate(measured)
        for at, one in enumerate(each)
        if _is_open(one)
    ]
    for each in sorted(
        {(one.sentence, one.size) for one in populations if one.whole and one.size > 1}
    ):
        start, size = each
        for window in _windows(open_parts, settled, sentences, start, size):
            for index, at in window:
                settled[index][at] = _of_whole(settled[index][at], size)
    return [tuple(each) for each in settled]


def _with_rest(measured: Sequence[Measurement]) -> list[Measurement]:
    """Return a sentence's numbers with the rest of a whole of it: 60 of 64 were stable, 4 worse."""
    told = list(measured)
    lead = next((one for one in told if one.numerator and (one.denominator or 0) >= _WHOLE), None)
    if lead is None or lead.statistic != "count":
        return told
    parts = [at for at, one in enumerate(told) if one.start >= lead.end and _is_open(one)]
    left = (lead.denominator or 0) - (lead.numerator or 0)
    sums = list(accumulate(told[at].numerator or 0 for at in parts))
    # Others of the sentence may be parts of the parts: only all of them together make the rest.
    if sums and left and sums[-1] == left:
        for at in parts:
            told[at] = _of_whole(told[at], lead.denominator or 0)
    return told


def _is_open(each: Measurement) -> bool:
    return (
        each.statistic == "count"
        and each.numerator is not None
        and each.denominator is None
        and each.percent is None
        and each.unit in {"patients", "animals", "tumours"}
        and not _is_group(each)
    )


def _is_group(each: Measurement) -> bool:
    """Tell whether a count is the size of a group that has a name: no part of what else is told."""
    return each.group is not None and each.n == each.numerator


def _of_whole(each: Measurement, size: int) -> Measurement:
    if each.denominator is not None or each.numerator is None:
        return each
    derived = round(100 * each.numerator / size, 1)
    return replace(each, denominator=size, n=size, percent_derived=derived)


def _windows(
    parts: Sequence[tuple[int, int]],
    settled: Sequence[Sequence[Measurement]],
    sentences: Sequence[tuple[int, int]],
    start: int,
    size: int,
) -> list[list[tuple[int, int]]]:
    """Return the runs of counts behind a group's sentence that sum to the group."""
    home = next((index for index, each in enumerate(sentences) if each[1] == start), None)
    if home is None:
        return []
    near = [
        (index, at)
        for index, at in parts
        if 0 <= index - home <= 3
        and sentences[index][0] == sentences[home][0]
        and settled[index][at].denominator is None
        and settled[index][at].n in {None, size, settled[index][at].numerator}
        and (settled[index][at].numerator or 0) < size
    ]
    # A part that the source itself sets against the whole belongs to the sum.
    own = [
        (index, at)
        for index in range(home, min(home + 4, len(settled)))
        for at, one in enumerate(settled[index])
        if one.denominator == size and one.numerator and sentences[index][0] == sentences[home][0]
    ]
    found: list[list[tuple[int, int]]] = []
    # The parts begin with the first count of a sentence and end with its, or a later one's, last.
    for index in dict.fromkeys(each[0] for each in near):
        first = next(at for at, each in enumerate(near) if each[0] == index)
        window = _window(near[first:], own, settled, size)
        closed = first + len(window)
        if window and (closed == len(near) or near[closed][0] != window[-1][0]):
            found.append(window)
    return found


def _window(
    run: Sequence[tuple[int, int]],
    own: Sequence[tuple[int, int]],
    settled: Sequence[Sequence[Measurement]],
    size: int,
) -> list[tuple[int, int]]:
    """Return the first counts of a run that make up the group, nothing where they do not."""
    sums = list(accumulate((settled[i][a].numerator or 0) for i, a in run))
    for extra in ([], list(own[:1])):
        left = size - sum(settled[i][a].numerator or 0 for i, a in extra)
        if left not in sums:
            continue
        window = list(run[: sums.index(left) + 1])
        enough = len(window) + len(extra)
        together = len({index for index, _ in window}) == 1
        if enough >= _PARTS or (enough == 2 and together and size >= _WHOLE):
            return window
    return []


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
    return lone and each.percent is not None and not _WORD.search(low, each.start, each.end)


def _is_part(each: Measurement, total: Measurement) -> bool:
    """Tell whether a count and its percent are those of a part of a total."""
    return agrees(each.numerator or 0, total.denominator or 0, each.percent or 0.0)
