"""Find counts of a paragraph that are parts of a group told before them, and those of a total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from ingest.groups.rounding import agrees
from ingest.measurements.parts import FEW, names_group, percent_of
from ingest.model import Measurement
from ingest.numbers.scene import Population
from ingest.vocabulary import TAKEN_IN, load_concepts

# Fewer parts add up by chance too often.
_PARTS = 3
_WORD = re.compile(r"[a-z]{3}")
# What is told of a group as such, and how nerves fare.
_GROUPS = TAKEN_IN | {None, "patients_diagnosed", "complications"}
# "One recurrence | in 43 patients", "three | dural tears occurred in 60 procedures"
_AMONG = frozenset(["patients", "procedures", "levels"])
_IN_SO_MANY = re.compile(
    r"(?: (?!(?:and|or|but|in|of|among|each|per)\b)[a-z-]+){0,6} (?:in|among|amongst|of) (?:(?:a total of|the|our|all|these|a series of|those) )*"
)
_PEOPLE = re.compile(
    r"\b(?:patients?|individuals|subjects|participants?|cases?|wom[ae]n|m[ae]n|children|others?|levels?|procedures?)\b"
)
# "31%, | partial in 37% | and absent in 32%"
_NEXT_SHARE = re.compile(
    r"(?:,|,? and) (?:(?!(?:was|were|had|with|by|at|after|who)\b)[a-z-]+ ){0,3}"
)
_OF_NERVES = frozenset(
    [
        "neurological_improvement",
        "neurological_deterioration",
        "neurological_deficit",
        "frankel_grade",
        "asia_scale",
    ]
)


def settle_parts(
    measured: Sequence[tuple[Measurement, ...]],
    populations: Sequence[Population],
    sentences: Sequence[tuple[int, int]],
) -> list[tuple[Measurement, ...]]:
    """Give counts that add up exactly to a group named before them that group as denominator.

    ``sentences`` are (paragraph, start) of each sentence in ``measured``. Two parts settle a
    whole of eight or more in one sentence; any other whole needs three parts, within a paragraph.
    """
    settled = [_with_rest(_of_their_sum(each)) if each else [] for each in measured]
    open_parts = [
        (index, at)
        for index, each in enumerate(measured)
        for at, one in enumerate(each)
        if _is_open(one)
    ]
    told = {one.size for one in populations}
    for each in sorted(
        {(one.sentence, one.size) for one in populations if one.whole and one.size > 1}
    ):
        start, size = each
        for window in _windows(open_parts, settled, sentences, start, size):
            if 2 * size in told and sentences[window[-1][0]][1] == start:
                continue  # 46, 20 and 26 are three parts of the 92 told of, not two of the 46
            for index, at in window:
                settled[index][at] = _of_whole(settled[index][at], size)
    return [tuple(each) for each in settled]


def _of_their_sum(measured: Sequence[Measurement]) -> Sequence[Measurement]:
    """Return counts whose percents are all of their own sum with it as whole.

    "37 (54%) were well, 23 (34%) died and 8 (12%) relapsed" tells of 68, however many were treated.
    """
    parts = [each for each in measured if each.percent is not None and each.statistic == "count"]
    if len(parts) < 2 or all(each.denominator for each in parts):
        return measured
    whole = sum(each.numerator or 0 for each in parts)
    if whole < FEW or any(
        not each.numerator or not agrees(each.numerator, whole, each.percent or 0.0)
        for each in parts
    ):
        return measured
    kept = {each.start for each in parts}
    return [
        replace(each, denominator=whole, n=whole, percent_derived=None)
        if each.start in kept
        else each
        for each in measured
    ]


def _with_rest(measured: Sequence[Measurement]) -> list[Measurement]:
    """Return a sentence's numbers with the rest of a whole of it: 60 of 64 were stable, 4 worse."""
    told = list(measured)
    lead = next((one for one in told if one.numerator and (one.denominator or 0) >= FEW), None)
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
        and bool(each.numerator)
        and each.denominator is None
        and each.percent is None
        and each.unit in {"patients", "animals", "tumours"}
        and not names_group(each)
    )


def _of_whole(each: Measurement, size: int) -> Measurement:
    if each.denominator is not None or each.numerator is None:
        return each
    share = percent_of(each.numerator, size)
    return replace(each, denominator=size, n=size, percent_derived=share)


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
    # Beside one of as many as the group the others of a later sentence are parts of more.
    beside = {
        index
        for index, at in parts
        if index != home and (settled[index][at].numerator or 0) >= size
    }
    near = [
        (index, at)
        for index, at in parts
        if 0 <= index - home <= 3
        and index not in beside
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
        window = _window(near[first:], own, settled, home, size)
        closed = first + len(window)
        if window and (closed == len(near) or near[closed][0] != window[-1][0]):
            found.append(window)
    return found


def _may_part(
    parts: Sequence[tuple[int, int]],
    settled: Sequence[Sequence[Measurement]],
    home: int,
    size: int,
) -> bool:
    """Tell whether counts of later sentences may part those of whom a finding was told.

    They fared in one way or another; that deaths and infections together add up to those who
    walked is chance.
    """
    wholes = {one.measure for one in settled[home] if size in {one.numerator, one.denominator}}
    if all(index == home for index, _ in parts):
        # "Complications in 8: leaks in 5 and infection in 3": each as rare as among all.
        return "complications" not in {
            one.measure for one in settled[home] if one.numerator == size
        }
    told = {settled[index][at].measure for index, at in parts} - {None}
    return wholes <= _GROUPS or len(told) < 2 or told <= _OF_NERVES


def _window(
    run: Sequence[tuple[int, int]],
    own: Sequence[tuple[int, int]],
    settled: Sequence[Sequence[Measurement]],
    home: int,
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
        together = len({index for index, _ in window}) == 1 and not _is_apart(
            window, extra, settled
        )
        few = enough < _PARTS and not (enough == 2 and together and size >= FEW)
        if not few and _may_part([*window, *extra], settled, home, size):
            return window
    return []


def _is_harm(measure: str | None) -> bool:
    concept = load_concepts().get(measure or "")
    return concept is not None and concept.harm is True


def _is_apart(
    window: Sequence[tuple[int, int]],
    own: Sequence[tuple[int, int]],
    settled: Sequence[Sequence[Measurement]],
) -> bool:
    """Tell whether the rest of a whole would be those whom something else befell, in a later sentence.

    "Nine were worse, of whom seven recovered. Two patients had a relapse": as many as are left by chance.
    """
    first, *others = [settled[index][at].measure for index, at in (*own, *window)]
    later = bool(own) and own[0][0] != window[0][0]
    return later and any(each != first and _is_harm(each) for each in others)


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


def of_one_whole(low: str, found: Sequence[Measurement]) -> list[Measurement]:
    """Return the percents of a list with the whole that is told behind its last: 31%, 37% and 32% of 59 patients."""
    kept = list(found)
    for at in range(len(kept) - 1, 0, -1):
        each, last = kept[at - 1], kept[at]
        alike = each.statistic == last.statistic == "percent" and each.measure == last.measure
        whole = last.n if alike and last.n and {each.n, each.group, last.group} == {None} else None
        if whole and _NEXT_SHARE.fullmatch(low, each.end, last.start):
            kept[at - 1] = replace(each, n=whole)
    return kept


def in_so_many(low: str, found: Sequence[Measurement]) -> list[Measurement]:
    """Return the events that are told in so many with those as their whole: one recurrence in 43 patients.

    Where those are no more than the events they are the patients who had them.
    """
    kept: list[Measurement] = []
    for each in found:
        last = kept[-1] if kept else None
        if last is None or not _is_whole_of(low, last, each):
            kept.append(each)
            continue
        whole = each.numerator or 0
        kept[-1] = replace(
            last,
            unit=each.unit,
            denominator=whole,
            n=whole,
            percent_derived=None if last.percent else percent_of(last.numerator or 0, whole),
        )
    return kept


def _is_whole_of(low: str, events: Measurement, each: Measurement) -> bool:
    """Tell whether a count right behind one of events is of all among whom they occurred."""
    counts = events.statistic == each.statistic == "count" and events.measure == each.measure
    if not counts or each.measure is None or each.unit not in _AMONG:
        return False
    told = {events.denominator, events.group, each.percent, each.group} != {None}
    size = each.numerator or 0
    if told or each.denominator not in {None, size} or size <= (events.numerator or size):
        return False
    if _PEOPLE.search(low, events.start, events.end):
        return False
    return _IN_SO_MANY.fullmatch(low, events.end, each.start) is not None


def _is_bare_share(low: str, each: Measurement) -> bool:
    """Tell whether a count is printed with its percent and without what it counts or is of."""
    lone = each.statistic == "count" and each.denominator is None and each.n is None
    return lone and each.percent is not None and not _WORD.search(low, each.start, each.end)


def _is_part(each: Measurement, total: Measurement) -> bool:
    """Tell whether a count and its percent are those of a part of a total."""
    return agrees(each.numerator or 0, total.denominator or 0, each.percent or 0.0)
