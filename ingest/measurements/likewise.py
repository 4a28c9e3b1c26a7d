"""Carry on what the sentence before told of its numbers: the same measures of others, the same time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.measurements.elidedtimes import at_time_of, is_endpoint_rate
from ingest.measurements.fewer import OF_THESE
from ingest.measurements.sharedtimes import is_later, opens, tells_no_course
from ingest.model import Measurement
from ingest.numbers.scene import Scene
from ingest.numbers.times import find_times
from ingest.vocabulary import TAKEN_IN

_THESE_FIGURES = re.compile(
    r"(?:(?:in|for|with|among) (?:the )?[^,.;:\d]{2,50}, )?(?:these|those|the (?:corresponding|respective|same)|corresponding|respective) (?:figures|values|rates|percentages|numbers|results|proportions|scores)\b"
)
# "...; the corresponding figures in B were"
_FIGURES_HERE = re.compile(
    r"[,;] (?:and |while |whereas |but )?(?:(?:in|for|with|after|among) (?:the )?[^,.;:\d]{2,50},? )?(?:these|those|the (?:corresponding|respective|same)) (?:figures|values|rates|percentages|numbers|results|proportions|scores|times)\b"
)
# "In the other 40 patients, ...", "Of those with a deficit, ...": the same is told of another group.
_NEXT_GROUP = re.compile(
    r"(?:of|in|among|for) (?:the |those )?[^,.;:]{0,50}\b(?:patients|individuals|subjects|participants|group|cohort|arm|cases|those|ones)\b[^,;.]{0,30},"
)
_THE_REST = re.compile(r"(?:all )?(?:the )?(?:other|remaining|others) ")
# What was done to those counted, or who they were, has no visit of its own.
_DONE = TAKEN_IN | {"patients_diagnosed", "histology", "tumour_level", "sex"}
_COUNTED = frozenset(["count", "percent"])
# What patients come with.
_SYMPTOMS = frozenset(
    [
        "pain",
        "neurological_deficit",
        "neurological_symptoms",
        "dysaesthesia",
        "sphincter_function",
        "myelopathy",
        "symptomatic_neural_compression",
    ]
)
_AND = re.compile(r" and ")
_OPENS = re.compile(r"(?:^|[,;:] )(?:and |while |whereas |a total of )?$")


def likewise(
    text: str, measured: Sequence[Measurement], before: Sequence[Measurement]
) -> tuple[Measurement, ...]:
    """Return numbers with the measures and times of those before: these figures in B were 12% and 30%.

    Only as many of one unit as the sentence before told are surely the same in order.
    """
    low = text.lower()
    if not _THESE_FIGURES.match(low):
        if _THE_REST.match(low):
            return tuple(measured) if find_times(text) else _of_the_rest(measured, before)
        if _NEXT_GROUP.match(low):
            return _alongside(measured, before)
        return _in_step(_also_came(low, measured, before), before)
    open_ = [each for each in measured if each.time_text is None]
    told = [each for each in before if each.measure and each.measure != "follow_up"]
    alike = len({each.unit for each in (*open_, *told)}) == 1 and len(open_) == len(told)
    if not alike or any(
        one.measure not in {None, other.measure} for one, other in zip(open_, told, strict=True)
    ):
        return tuple(measured)
    of = {id(one): other for one, other in zip(open_, told, strict=True)}
    return tuple(
        replace(
            each,
            measure=of[id(each)].measure,
            time_text=of[id(each)].time_text,
            time_months=of[id(each)].time_months,
        )
        if id(each) in of
        else each
        for each in measured
    )


def with_figures(low: str, found: Sequence[Measurement]) -> list[Measurement]:
    """Return numbers that a sentence says are the figures of others, in order, with the measures and times of those ahead.

    "It was 4% and 9% in A; the corresponding figures in B were 11% and 15%."
    """
    # As many behind the words as ahead of them.
    here = None if len(found) % 2 else _FIGURES_HERE.search(low)
    ahead = [each for each in found if here and each.end <= here.start()]
    behind = [each for each in found if here and each.start >= here.end()]
    told = list(zip(ahead, behind, strict=False))
    if (
        not told
        or len(ahead) != len(behind)
        or any(one.unit != other.unit or one.measure is None for one, other in told)
    ):
        return list(found)
    return [
        *ahead,
        *(
            replace(
                other,
                measure=one.measure,
                time_text=other.time_text or one.time_text,
                time_months=other.time_months if other.time_text else one.time_months,
            )
            for one, other in told
        ),
    ]


def _in_step(
    measured: Sequence[Measurement], before: Sequence[Measurement]
) -> tuple[Measurement, ...]:
    """Return a row of rates of an endpoint with the times of as many told before in the same order.

    "Overall survival at 1 and 5 years was 80% and 50%. Disease-free survival was 60% and 30%."
    """
    rates = [each for each in measured if is_endpoint_rate(each)]
    told = [each for each in before if is_endpoint_rate(each)]
    times = {each.time_months for each in told}
    if (
        len(rates) != len(told)
        or len(times) < 2
        or None in times
        or any(each.time_months is not None for each in rates)
    ):
        return tuple(measured)
    of = {id(each): one for each, one in zip(rates, told, strict=True)}
    return tuple(
        replace(each, time_text=of[id(each)].time_text, time_months=of[id(each)].time_months)
        if id(each) in of
        else each
        for each in measured
    )


def _alongside(
    measured: Sequence[Measurement], before: Sequence[Measurement]
) -> tuple[Measurement, ...]:
    """Return numbers of another group with the one time at which the sentence before told the same measures.

    "Early complications were A in 3 and B in 2. In the other 40 patients, A occurred in 1."
    """
    listed = [each for each in before if each.measure]
    told = {each.measure for each in listed if each.measure}
    found = {each.measure for each in measured if each.measure}
    of = listed[0] if len(listed) > 1 else None
    alone = len({each.time_text for each in listed}) == 1 and not any(
        each.time_text for each in measured
    )
    same = found <= told or all(_is_course(each) for each in (*found, *told))
    if of is None or of.time_text is None or not (alone and found and same):
        return tuple(measured)
    return tuple(at_time_of(of, each) if each.measure else each for each in measured)


def _also_came(
    low: str, measured: Sequence[Measurement], before: Sequence[Measurement]
) -> tuple[Measurement, ...]:
    """Return more symptoms with the time that the sentence before told of the first ones.

    "Nine presented with pain. Four patients reported weakness."
    """
    times = {each.time_text for each in before}
    told = next(iter(times)) if len(times) == 1 else None
    listed = (*before, *measured)
    if (
        not opens(told)
        or any(each.time_text for each in measured)
        or any(each.measure not in _SYMPTOMS or each.statistic not in _COUNTED for each in listed)
        or not tells_no_course(low)
    ):
        return tuple(measured)
    return tuple(replace(each, time_text=told) for each in measured)


def _of_the_rest(
    measured: Sequence[Measurement], before: Sequence[Measurement]
) -> tuple[Measurement, ...]:
    """Return those counted of the rest with the one time at which the sentence before told of some.

    "Nine improved after surgery. The remaining six showed no change."
    """
    times = {(each.time_text, each.time_months) for each in before}
    told = next(iter(times)) if len(times) == 1 else (None, None)
    if any(each.time_text for each in measured) or not is_later(told[0]):
        return tuple(measured)
    return tuple(
        replace(each, time_text=told[0], time_months=told[1])
        if each.statistic in _COUNTED and each.measure not in _DONE
        else each
        for each in measured
    )


def _is_course(measure: str) -> bool:
    """Tell whether a measure is how the nerves' function went on, or a grade of it."""
    return measure.startswith("neurological") or measure.endswith(("_scale", "_grade"))


def of_one_predicate(scene: Scene, found: Sequence[Measurement]) -> list[Measurement]:
    """Return counts that only "and" joins as those of one result: 16 in A (31%) and 25 in B (30%) bled."""
    kept, low = list(found), scene.low
    for at in range(len(kept) - 2, -1, -1):
        one, other = kept[at], kept[at + 1]
        alike = one.statistic == other.statistic == "count" and one.unit == other.unit == "patients"
        told = scene.concepts.get(other.measure or "")
        if not alike or one.measure or not one.numerator or told is None or told.harm is None:
            continue
        opens = _OPENS.search(low, 0, one.start) and not low.startswith(OF_THESE, other.end)
        if opens and _AND.fullmatch(low, one.end, other.start):
            kept[at] = replace(one, measure=other.measure)
    return kept
