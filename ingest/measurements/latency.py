"""Read how long after its start a course came to an event: 8 recurrences at a mean of 15 months."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.model import Concept, Measurement
from ingest.numbers.numerals import DIGITS, parse_number
from ingest.numbers.quantity import SPANS, Quantity
from ingest.numbers.scene import Scene

_AVERAGE = re.compile(r"\b(?P<word>mean|median|average)\b(?! (?:follow|observation))")
_ASIDE = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:(?:(?!(?:and|who|which|with|in|of)\b)[a-z-]+ ){0,3}(?:was|were) (?:[a-z]+ly )?(?:observed|seen|noted|detected|recorded|found|diagnosed|identified))?,?\s*"
)
_POINT = re.compile(r"\d[.·]\d")
_ON_AVERAGE = re.compile(r" on average\b")
_FOLLOWED = re.compile(r"follow|observation|\bage\b")
_RANGE = re.compile(
    rf"(?: on average)?\s*(?:months|years|days|weeks)?\s*[(\[]\s*(?:interquartile range|range|iqr)?[\s,:]*(?P<low>{DIGITS})\s*(?:-|–|—|to)\s*(?P<high>{DIGITS})\s*(?:months|years|days|weeks)?\)?"
)
# "recurrence in 3 patients, | after 2, 5 and 9 years"
_UP_TO = re.compile(r"[^.;()\d]{0,70}?")
_MORE = re.compile(r"(?:,| and) \d")
_STRETCHED = ("time", "interval", "latency", "earlier", "sooner", " later")
# How far behind the event its time may stand, in characters.
_NEAR = 48
_AVERAGES = frozenset(["mean", "median"])
_BEARERS = frozenset(["patients", "tumours"])
_AFTER_AVERAGE = build_rule(
    r"\b(?:after|at|with) an? (?:mean|median|average) (?:time )?(?:(?:time|interval|latency|period|duration|delay)(?: to [a-z]+)? )?(?:of )?$"
)
# "in three, | at 8, 15 and 40 months"
_AT_EACH = re.compile(
    r"(?: patients| individuals| subjects| participants| cases)?,? (?:at|after) (?:postoperative )?"
)
# "on average 40 months | later"
_ON_AVERAGE_AHEAD = build_rule(r"(?:\bon average,?|, an? (?:mean|median|average) of) $")
_LATER = re.compile(
    r" (?:later|(?:after|following) (?:the |their )?(?:first |index |initial )?[a-z]{4,})\b"
)
_TO = {
    "local_recurrence": "time_to_recurrence_mean",
    "local_progression": "time_to_recurrence_mean",
    "distant_metastasis": "time_to_distant_metastasis",
    "neurological_improvement": "time_to_neurological_recovery",
    "mortality": "overall_survival",
    "ambulation": "time_to_ambulation",
    "bony_fusion": "time_to_fusion",
    "vertebral_compression_fracture": "time_to_fracture",
}
_FAILED = re.compile(
    r"fail|loosen|break|rod_fracture|subsid|migrat|pseudarthr|nonunion|reoperation|revision"
)
# "recurrence was detected earlier in A (median | 5 months vs 9 months)"
_EARLIER = re.compile(
    r"[^.;]{0,90}\b(?:earlier|sooner|later)\b(?! than \d)(?:[^.;\d]|\d(?:[\d.]*\d)?(?! ?%)){0,90}$"
)
# "the median time to fracture was", "with a mean interval to onset of the deficit of"
_TIME_TO = re.compile(
    r"\b(?:time|interval|latency)s? (?:to|until|till) (?:(?:onset|development|occurrence|diagnosis|detection) of )?(?:(?:the|an?|first|new|any|symptomatic) )*$"
)


def with_latencies(
    scene: Scene, found: Sequence[Measurement], concepts: Mapping[str, Concept]
) -> list[Measurement]:
    """Return what was found, and the average time to an event that several patients had as its own.

    The count has no time then: at the average it was not yet that of all.
    """
    found = _with_event(scene.low, found, concepts)
    if len(scene.times) > 1:
        found = _with_own(scene, found, concepts)
    averaged = [each for each in scene.times if _is_averaged(scene.low, each)]
    if not averaged:
        return list(found)
    kept: list[Measurement] = []
    waits: list[Quantity] = []
    for each in found:
        time = next(
            (one for one in averaged if _is_of(scene.low, each, one) and _recurs(each, concepts)),
            None,
        )
        if time is None:
            # "In 5 at a median of 9 months, compared with 4 in B": no time of the others either.
            kept.append(_without(scene.low, each, waits, averaged))
            continue
        waits.append(time)
        # "11 in A and 12 in B, at a median of 24 days" may tell it of both.
        alike = {one.numerator for one in kept if one.measure == each.measure} - {None, each.n}
        size = None if alike else each.numerator
        waited = lasting(scene.low, time_to_event(each.measure), size, time)
        kept += [replace(each, time_text=None, time_months=None), waited]
    return kept


def _without(
    low: str, each: Measurement, waits: Sequence[Quantity], averaged: Sequence[Quantity]
) -> Measurement:
    """Return a number without an average time ahead of it that others waited, or behind it that several did."""
    told = (each.time_text or "").lower()
    several = each.statistic == "count" and (each.numerator or 0) > 1
    times = [one for one in waits if one.end <= each.start]
    times += [one for one in averaged if several and one.start >= each.end]
    theirs = any(low[one.start : one.end] == told for one in times)
    return replace(each, time_text=None, time_months=None) if theirs else each


def _with_own(
    scene: Scene, found: Sequence[Measurement], concepts: Mapping[str, Concept]
) -> list[Measurement]:
    """Return what was found, and of as many patients as times are told each one's: in 3, after 2, 5 and 9 years."""
    kept: list[Measurement] = []
    for each in found:
        row = [one for one in scene.times if one.start >= each.end and one.unit in SPANS]
        row = row[: each.numerator or 0]
        own = (
            each.statistic == "count"
            and _recurs(each, concepts)
            and concepts[each.measure or ""].harm is True
            and _is_row(scene.low, each.end, row, each.numerator)
        )
        measure = time_to_event(each.measure)
        kept += [each, *(lasting(scene.low, measure, 1, one) for one in row if own)]
    return kept


def _is_row(low: str, begin: int, row: Sequence[Quantity], size: int | None) -> bool:
    """Tell whether so many times stand in a row behind a count, and no more."""
    if len(row) != size or not _UP_TO.fullmatch(low, begin, row[0].start):
        return False
    if "follow" in low[begin : row[0].start]:
        return False  # "in two patients, at a follow-up of 60 and 100 months"
    joined = all(other.start < one.end for one, other in pairwise(row))
    named = "-" in low[row[0].start : row[-1].end]  # "at the 1- and 2-year visits"
    return joined and not named and not _MORE.match(low, row[-1].end)


def time_to(scene: Scene, quantity: Quantity) -> str | None:
    """Return the measure of a stretch of time that is told as that to an event: time to infection."""
    if quantity.unit not in SPANS or not holds_any(scene.low, _STRETCHED):
        return None
    for each in scene.mentions:
        if not scene.concepts[each.concept].harm or each.end > quantity.start:
            continue
        near = quantity.start - each.end < _NEAR
        if near and _TIME_TO.search(scene.low, 0, each.start):
            return time_to_event(each.concept)
        if _EARLIER.match(scene.low, each.end, quantity.start):
            return time_to_event(each.concept)
    return None


def time_to_event(event: str | None) -> str:
    """Return the measure of how long it took to an event."""
    if event is None or _FAILED.search(event):
        return "time_to_failure"
    return _TO.get(event, "time_to_complication")


def _with_event(
    low: str, found: Sequence[Measurement], concepts: Mapping[str, Concept]
) -> list[Measurement]:
    """Return average times without a measure as those to the event told before: after a median of 9 (2-30) months."""
    kept: list[Measurement] = []
    each_one = _of_each(low, found, concepts)
    for at, each in enumerate(found):
        event = next((one for one in reversed(kept) if _recurs(one, concepts)), None)
        if at in each_one and event:
            kept.append(replace(each, measure=time_to_event(event.measure)))
            continue
        averaged = each.unit in SPANS and each.statistic in _AVERAGES
        later = _ON_AVERAGE_AHEAD.search(low, 0, each.start) and _LATER.match(low, each.end)
        told = later or (each.measure is None and _AFTER_AVERAGE.search(low, 0, each.start))
        if averaged and event and told:
            measure = time_to_event(event.measure)
            alike = [one for one in kept if one.measure == event.measure]
            size = event.numerator if len(alike) == 1 else None
            kept.append(replace(each, measure=measure, n=size))
            continue
        kept.append(each)
    return kept


def of_waited(
    measured: Sequence[Measurement], ahead: Sequence[Measurement]
) -> Sequence[Measurement]:
    """Return average times to an event with those as n of whom one number ahead tells that they had it."""
    return [
        replace(each, n=_who_had(each, (*ahead, *measured[:at]))) if _is_wait(each) else each
        for at, each in enumerate(measured)
    ]


def _is_wait(each: Measurement) -> bool:
    """Tell whether a number is the average time to an event, of nobody said to be of so many."""
    told = each.statistic in _AVERAGES and each.unit in SPANS and each.n is None
    return told and not each.group and (each.measure or "").startswith("time_to_")


def _who_had(wait: Measurement, ahead: Sequence[Measurement]) -> int | None:
    """Return how many are counted ahead as having had the event that a time is told to."""
    sizes = {
        one.numerator
        for one in ahead
        if one.statistic == "count" and one.unit in _BEARERS and not one.group
        if one.measure and time_to_event(one.measure) == wait.measure
    }
    return sizes.pop() if len(sizes) == 1 else None


def _of_each(
    low: str, found: Sequence[Measurement], concepts: Mapping[str, Concept]
) -> frozenset[int]:
    """Return the places of the times at which each of those counted had an event: three, at 8, 15 and 40 months."""
    row = [at for at, each in enumerate(found) if each.measure is None and each.unit in SPANS]
    first = row[0] - 1 if row else -1
    if first < 0 or row != list(range(row[0], row[0] + len(row))) or len(row) < 2:
        return frozenset()
    event = found[first]
    joined = _AT_EACH.fullmatch(low, event.end, found[row[0]].start)
    whole = event.numerator == len(row) and event.statistic == "count" and joined
    return frozenset(row) if whole and _recurs(event, concepts) else frozenset()


def _is_averaged(low: str, time: Quantity) -> bool:
    printed = low[time.start : time.end]
    if _ON_AVERAGE.match(low, time.end) and not _FOLLOWED.search(printed):
        return True  # "24 months after treatment on average"
    if _FOLLOWED.search(printed) or not printed.startswith(("at ", "after ")):
        return False
    return bool(_AVERAGE.search(printed) or _POINT.search(printed))


def _is_of(low: str, each: Measurement, time: Quantity) -> bool:
    """Tell whether a count has this time, which stands behind it in its own clause."""
    if each.time_text is None:
        # "in 8 patients (9 vertebrae) after a median of 12 months"
        return time.start >= each.end and bool(_ASIDE.fullmatch(low, each.end, time.start))
    return each.time_text.lower() == low[time.start : time.end] and time.start >= each.end


def _recurs(each: Measurement, concepts: Mapping[str, Concept]) -> bool:
    """Tell whether several had an event: of one, or of a state, the time is when it was so."""
    concept = concepts.get(each.measure or "")
    several = (each.numerator or 0) > 1 if each.statistic == "count" else each.percent is not None
    return several and concept is not None and (concept.harm is True or concept.id in _TO)


def lasting(low: str, measure: str, size: int | None, time: Quantity) -> Measurement:
    """Return a time as a finding of its own, of so many: how long it was until then."""
    # "at an average of 28 (range, 6-71) months": the range may stand before the unit.
    ranged = _RANGE.match(low, time.end) or _RANGE.search(low, time.start, time.end)
    return Measurement(
        measure=measure,
        statistic=_statistic(low, time) if size != 1 or time.operator else "value",
        start=time.start,
        end=max(ranged.end(), time.end) if ranged else time.end,
        value=time.value,
        low=parse_number(ranged["low"]) if ranged else None,
        high=parse_number(ranged["high"]) if ranged else None,
        unit=time.unit,
        n=size,
        operator=time.operator,
    )


def _statistic(low: str, time: Quantity) -> str:
    word = _AVERAGE.search(low, time.start, time.end)
    if word and word["word"] == "median":
        return "median"
    if word or _POINT.search(low, time.start, time.end) or _ON_AVERAGE.match(low, time.end):
        return "mean"
    return "threshold" if time.operator else "value"
