"""Tell whether a rate, an average or a range is of the whole group that an abstract studies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.cohorts import Cohort
from ingest.headcounts import rules
from ingest.model import Measurement
from ingest.populations import agrees

# What a number is said to be of, beside others of its measure: 12 % in one group.
_PARTED = re.compile(
    r"\b(?:in|for|with|after|without|among|following|if|vs|versus|compared|than|when)\b(?! (?:#|\d|the (?:first|last|long)|long|respectively|a (?:mean|median)|average))"
)
# "74 % of all procedures": a share of things; "of the 46 patients" is one of patients.
_OF_THINGS = re.compile(
    r"(?:\s*(?:\([^)]*\) )?|^)(?:of|among) (?:all |the |these |our |any )*(?!(?:\d+ )?(?:[a-z-]+ )?(?:patients|cases|subjects|participants|children|individuals|women|men|adults|people|them|us)\b)[a-z]"
)
# "12 % after wide margins and 40 % after others"
_RIGHT_BEHIND = re.compile(
    r"\s*(?:\([^)]*\) )?(?:in|for|with|after|without|among|following|when|if)\b(?! (?:#|\d|the (?:first|last|long)|long|a (?:mean|median)|average))"
)
# "10 days for the entire group"
ALL_OF_THEM = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:for|in|of|among) (?:(?:the|our|this) )?(?:(?:entire|whole|overall|total|complete) (?:group|cohort|series|population|sample|study (?:group|population))|all (?:the )?(?:patients|cases|subjects|participants)\b(?! (?:with|who|in|undergoing|without|treated)))"
)
# What is of patients even where operations are counted.
_OF_PERSONS = frozenset(
    [
        "overall_survival",
        "mortality",
        "age",
        "sex",
        "follow_up",
        "quality_of_life",
        "karnofsky_performance_scale",
        "ECOG_performance_status",
        "length_of_stay",
        "ambulation",
    ]
)
# Parts of one whole, each rounded.
_WHOLE_SUM = (98.8, 102.1)
_ROW = re.compile(r"\s*(?:,|and|or|vs\.?|versus|/)+\s*(?:and )?")
# "from 7 to 2", "a preoperative score of 7 and a postoperative one of 2"
_COURSE = re.compile(
    r"\b(?:pre|post)[- ]?(?:op|proc|treat|interv|inject|surg)\w*|\bbaseline\b|\bbefore\b|\bfrom\b.*\bto\b|\bto\b"
)
_OF_PATIENTS = re.compile(r"\s*of (?:the |all |our )*(?:patients|women|men|children)\b")


def is_share_of(
    cohort: Cohort, low: str, each: Measurement, measured: Sequence[Measurement]
) -> bool:
    """Tell whether a rate, an average or a range is of the whole group."""
    if each.measure is None and each.statistic in {"value", "range"}:
        return False  # how long, how much of what was done
    if each.percent is not None and (_OF_THINGS.match(low, each.end) or _OF_THINGS.match(low)):
        return False
    cues = rules()
    things = {None, *cues.local}
    operated = "procedures" in cohort.things and each.measure not in _OF_PERSONS
    counted = each.measure in things or operated
    if cohort.things and counted and not _OF_PATIENTS.match(low, each.end):
        return False
    if (each.measure or "").startswith("time_to") or _after_part(cohort, each, measured):
        return False
    if _are_parted(cohort, low, each, measured):
        return False  # two numbers of one measure at one time are of two groups
    told = each.percent is None or _is_estimated(each) or bool(each.spread)
    return told or _is_whole(each.percent or 0.0, cohort.size)


def _are_parted(
    cohort: Cohort, low: str, each: Measurement, measured: Sequence[Measurement]
) -> bool:
    """Tell whether a number and its fellows are told of different patients."""
    fellows = [one for one in measured if one.unit == each.unit and one.statistic == each.statistic]
    if (
        len(fellows) > 1
        and not _make_whole(cohort, each, measured)
        and any(
            _RIGHT_BEHIND.match(low, one.end) and not ALL_OF_THEM.match(low, one.end)
            for one in fellows
        )
    ):
        return True
    rivals = [each, *(other for other in measured if _rivals(each, other))]
    if len(rivals) < 2 or _make_whole(cohort, each, measured):
        return False
    start, end = min(one.start for one in rivals), max(one.end for one in rivals)
    if each.percent is None and _COURSE.search(low, max(0, start - 40), end):
        return False  # before and after
    listed = "respectively" in low
    row = any(_ROW.fullmatch(low, one.end, other.start) for one in rivals for other in rivals)
    even = each.percent is not None and (listed or not _is_estimated(each))
    parted = _PARTED.search(low, 0 if listed else max(0, start - 60), end + 60)
    wholes = _is_estimated(each) or all(
        _is_whole(one.percent or 0.0, cohort.size) for one in rivals
    )
    return not even or (row and not listed) or bool(parted) or not wholes


def _make_whole(cohort: Cohort, each: Measurement, measured: Sequence[Measurement]) -> bool:
    """Tell whether the percents of a sentence are all parts of the group: 60%, 30% and 10%."""
    parts = [one.percent for one in measured if one.percent is not None]
    low, high = _WHOLE_SUM
    whole = each.percent is not None and len(parts) > 1 and low <= sum(parts) <= high
    return whole and all(_is_whole(one, cohort.size) for one in parts)


def _is_estimated(each: Measurement) -> bool:
    """Tell whether a rate is estimated from those at risk, and so no whole number of patients."""
    return (each.measure or "").endswith("_survival") or each.measure in rules().estimated


def _after_part(cohort: Cohort, each: Measurement, measured: Sequence[Measurement]) -> bool:
    """Tell whether a part of the patients is counted ahead of a number: it may be of them."""
    return any(
        one.start < each.start and (one.numerator or cohort.size) < cohort.size for one in measured
    )


def _rivals(each: Measurement, other: Measurement) -> bool:
    return (
        other is not each
        and other.measure == each.measure
        and other.unit == each.unit
        and other.statistic == each.statistic
        and other.time_text == each.time_text
        and other.numerator is None
    )


def _is_whole(percent: float, size: int) -> bool:
    """Tell whether a percent can be a whole number of so many patients."""
    part = round(percent * size / 100)
    return any(agrees(near, size, percent) for near in (part - 1, part, part + 1) if near >= 0)
