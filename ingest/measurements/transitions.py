"""Read a change as the two values that it tells: from 7 before to 2 at one year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.language.starts import build_rule
from ingest.model import Concept, Measurement
from ingest.numbers.numerals import DIGITS, parse_number
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting
from ingest.vocabulary import is_complication, is_followed

_AFTER_FIRST = re.compile(rf"^[-−–]?{DIGITS}")
_SPREAD = re.compile(rf"\s*[°%]?\s*(?:±|\+/-)\s*({DIGITS})[°%]?")
_FIRST = re.compile(r"pre|before|prior|initial|(?:at |on )?(?:admission|presentation|baseline)")
_RANGED = re.compile(
    rf"\s*(?:%|°|[a-z]+)?\s*[(\[](?:range|iqr|interquartile range)?[\s,:]*({DIGITS})\s*(?:%|°|[a-z]+)?(?:\s*[-–—]\s*| to )({DIGITS})\s*(?:%|°|[a-z]+)?[)\]]"
)
_YEAR = (
    r"(?:in|during|between) (?:19|20)\d\d(?: ?[-–—] ?(?:19|20)?\d\d\b| (?:to|and) (?:19|20)\d\d)?"
)
_YEARS = re.compile(
    rf"(?<=[\d%])(?: [a-z]+){{0,2}} (?P<one>{_YEAR}) to [$€£]?\d[\d.,]*\s*(?:%|[a-z]+)?(?: \([^()]*\))? (?P<two>{_YEAR})\b"
)
# "From 3% in the young to 9% in the old": of two kinds of patients, not of two times.
_OF_KINDS = re.compile(r"[^.;()]*\b(?:in|among|for|with) ")
# "From 183 to 301 in A vs. B, respectively": two groups, not two times.
_BY_GROUP = re.compile(r"[^.;()]{0,90}\b(?:vs|versus)\b[^;()]{0,90}\brespectively\b")
# Where a sentence names an operation alone, a change is from before it to after it.
_OPERATED = re.compile(
    r"\bsurg(?:ery|ical)|\boperat(?:ion|ive|ed)|\bspondylectom|\blaminectom|\bresect|\bdecompress"
)
_EVENTS = frozenset(["mortality", "morbidity", "local_recurrence", "reoperation", "readmission"])
# What each patient has once: it differs between patients, unless something new came before some.
_ONCE = frozenset(["operative_time", "blood_loss", "transfusion", "length_of_stay", "cost"])
_INTRODUCED = re.compile(r"\b(?:after|before|since|introduc\w+|adopt\w+|over)\b")
_OF_OPERATION = {"before": "preoperative", "after": "postoperative"}
_AROUND_IT = re.compile(
    r"\b(?:before|after) (?:(?:the|their|an) )?(?:index )?(?:surgery|operation)\b"
)
OTHER_TREATMENT = build_rule(r"(?i)radi(?:o|at)|chemo|sbrt|ablat|embol|inject|mab\b|drug|natural")
"""What a title names whose article tells of more than operations."""
_TREATED = re.compile(
    r"radi(?:o|at)|chemo|sbrt|ablat|plasty|embol|inject|follow-?up|\bmonths?\b|\byears?\b|\bweeks?\b"
)


def before_and_after(sitting: Sitting, quantity: Quantity, base: Measurement) -> list[Measurement]:
    """Return a change as two values, each with the words of its own time."""
    _, first_end, last_start, last_end = quantity.marks
    inside = [
        each
        for each in (*sitting.scene.times, *sitting.scene.adverbs, *sitting.scene.adjectives)
        if quantity.start <= each.start < last_start
    ]
    printed = {each.start: sitting.text[each.start : each.end] for each in inside}
    later = base.time_text if base.time_text and base.time_text not in printed.values() else None
    # "The preoperative score improved from 7 to 2": the name tells when the first was so.
    first = later if later and _FIRST.match(later.lower()) else None
    later = None if first else later
    concept = sitting.scene.concepts.get(base.measure) if base.measure else None
    once, then = _untold_times(sitting.scene.low, quantity, concept, bool(inside))
    if years := _YEARS.search(sitting.text, first_end):
        # "from 5% in 2002 to 3% in 2011": of the patients of two years, none of them before
        once, then, later, first = years["one"], years["two"], None, None
    # What is printed of the first value goes on with its spread: 8.0 | ± 1.0.
    told = _SPREAD.match(sitting.scene.low, first_end, last_start)
    bottom, top, spread = _around(sitting.scene.low[first_end:last_start])
    plain = replace(base, low=None, high=None, unit=base.unit or points_of(sitting, base.measure))
    if spread and plain.statistic == "value":
        plain = replace(plain, statistic="mean")
    parts = plain.unit == "percent" and not (concept and concept.facet == "scales")
    if parts and plain.statistic == "value" and concept and "patients" in concept.units:
        plain = replace(plain, statistic="percent")
    found = [
        replace(
            plain,
            value=quantity.low,
            percent=quantity.low if parts else None,
            start=quantity.start,
            end=told.end() if told else first_end,
            low=bottom,
            high=top,
            spread=spread or plain.spread,
            time_text=next(iter(printed.values()), first or once),
            time_months=next((each.months for each in inside), None),
        ),
        replace(
            plain,
            value=quantity.high,
            percent=quantity.high if parts else None,
            start=last_start,
            end=last_end,
            spread=_around(_AFTER_FIRST.sub("", sitting.scene.low[last_start:last_end]))[2],
            time_text=later or then,
            time_months=base.time_months if later else None,
        ),
    ]
    return found if inside or later or first else _as_pair_before(sitting, found)


def _as_pair_before(sitting: Sitting, found: list[Measurement]) -> list[Measurement]:
    """Return a change with the times of the one told ahead: from 7 at entry to 2 at a year in A, from 6 to 5 in B."""
    last = sitting.found[-2:]
    told = len(last) == 2 and all(each.time_text and each.statistic != "count" for each in last)
    if not told or {each.measure for each in last} != {found[0].measure}:
        return found
    if last[0].time_text == last[1].time_text:
        return found
    return [
        replace(each, time_text=one.time_text, time_months=one.time_months)
        for each, one in zip(found, last, strict=True)
    ]


def _untold_times(
    low: str, quantity: Quantity, concept: Concept | None, timed: bool
) -> tuple[str | None, str | None]:
    """Return how the times of a change are called that are not told, none where it was in no patient."""
    _, first_end, last_start, last_end = quantity.marks
    kinds = not timed and _OF_KINDS.match(low, first_end, last_start)
    once = concept is not None and concept.id in _ONCE and not _INTRODUCED.search(low)
    if kinds or once or _befalls(concept) or _BY_GROUP.match(low, last_end):
        return None, None
    return points_in_time(low, concept)


def _befalls(concept: Concept | None) -> bool:
    """Tell whether a measure is an event, whose rate changed over the years and not in a patient."""
    return concept is not None and (is_complication(concept) or concept.id in _EVENTS)


def of_operation(
    low: str, found: Sequence[Measurement], concepts: Mapping[str, Concept]
) -> list[Measurement]:
    """Return changes of which no time is told with those of the operation that all patients had.

    Only what is measured again of the same patients changed by it: the rate of deaths fell over years.
    """
    if OTHER_TREATMENT.search(low) or "control" in low:
        return list(found)
    plain = _AROUND_IT.sub("", low)  # "of 58 who could not walk before surgery"
    named = {told: name for told, name in _OF_OPERATION.items() if f"{told} " not in plain}
    return [
        replace(each, time_text=named[each.time_text])
        if each.time_text in named and is_followed(concepts.get(each.measure or ""))
        else each
        for each in found
    ]


def points_in_time(low: str, concept: Concept | None) -> tuple[str, str]:
    """Return how the times of a change are called that are not told: before and after.

    Before and after an operation are those of what is measured again of the same patients alone.
    """
    operated = is_followed(concept) and bool(_OPERATED.search(low)) and not _TREATED.search(low)
    return ("preoperative", "postoperative") if operated else ("before", "after")


def _around(between: str) -> tuple[float | None, float | None, float | None]:
    """Return the range and the spread that stand right behind the first value of a change."""
    ranged, spread = _RANGED.match(between), _SPREAD.match(between)
    low, high = (parse_number(each) for each in ranged.groups()) if ranged else (None, None)
    return low, high, parse_number(spread[1]) if spread else None


def points_of(sitting: Sitting, measure: str | None) -> str | None:
    """Return the unit of a score where the measure is told in points, None elsewhere."""
    concept = sitting.scene.concepts.get(measure) if measure else None
    scored = concept and (concept.facet == "scales" or (concept.harm and "points" in concept.units))
    return "points" if scored else None
