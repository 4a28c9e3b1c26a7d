"""Tell numbers that complete the finding before them: its range, its percent, its centre."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.groups.populations import read_populations
from ingest.groups.rounding import reconciled
from ingest.measurements.timing import time_of
from ingest.model import Measurement
from ingest.numbers.quantity import BOUNDS, Quantity, sizes_group
from ingest.numbers.scene import Sitting

_RANGE = re.compile(
    r"^\W*(?:(?:total |overall )?range[ds]?|iqr|inter-?quartile range)\W*(?:of|from|was|between)?\W*$"
    r"|^[^\w;]*(?:of|from|was|between)?[^\w;]*$"
)
_HEADED = re.compile(
    r"\bmeans?\b[^.;()]{0,20}[(\[]\s*(?:±\s*)?(?:s\.?d\.?|standard deviations?)\s*[)\]]"
)
# "37% had undergone an operation (range, 11-60%)"
_OPENING = re.compile(r"(?:in|for|among) (?!all\b)[^,]{3,90}[(\[]\s*")
_CLOSED = re.compile(r"\s*[)\]],")
# "Across all 90 patients, | the mean stay was 6 days"; "in all 9 patients, the cage healed"
_ALL_LED = re.compile(r"(?:for|among|amongst|across|over) $")
_IN_ALL = re.compile(r", (?:the )?(?:mean|median|average)\b")
_NAMED = re.compile(r"^[^()\d;]*[(\[]\s*(?:range[ds]?|iqr|inter-?quartile range)[\s,:]*$")
# "(8%)", "(8%; p = 0.6)": a percent and no more of those counted.
_ALONE = re.compile(r"[)\]]|[;,] ?p ?[=<>≤]")
_FAR = 90
# So far behind its count a percent alone in brackets may stand, in its clause.
_CLAUSE = 80
_VALUES = {"mean", "median", "value"}
# "5% (95% CI 3-8; 412 participants; 6 studies)": in whom the studies found it.
_POOLED = re.compile(r"[^()\[\];.]{0,60}[(\[](?:[^()\[\]]{0,60}[;,])?\s*(?:n ?= ?)?")
_OF_STUDIES = re.compile(
    r"[;,]\s*(?:in |from )?(?:\d+|[a-z]+) (?:studies|trials|articles|reports)\b"
)
_OPENS = re.compile(r"\s*(?:points? |%)?\s*[(\[]\s*")
_SKIPPED = re.compile(
    r"on average|\brbe\b|months?|years?|days?|ml|points?|hours?|minutes?|mm|cm|%|\bh\b"
)


def leads_group(low: str, quantity: Quantity, quantities: Sequence[Quantity]) -> bool:
    """Tell whether (n = 70) or "all 70" sizes the group that a sentence opens with: for large tumours (n = 70), ..."""
    if quantity.form == "ratio" and quantity.numerator == quantity.denominator:
        led = _ALL_LED.fullmatch(low, 0, quantity.start)
        if led is None and low[: quantity.start] == "in ":
            led = _IN_ALL.match(low, quantity.end)
        return bool(led) and any(quantity.end < each.start for each in quantities)
    return (
        sizes_group(low, quantity.start)
        and _OPENING.fullmatch(low, 0, quantity.start) is not None
        and _CLOSED.match(low, quantity.end) is not None
        and any(each.form not in BOUNDS | {"count"} for each in quantities)
    )


def completes(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a number is part of the finding before it, or of a time, and add it there."""
    found, low = sitting.found, sitting.scene.low
    if found and _is_range_of(low, found[-1], quantity):
        found[-1] = replace(found[-1], low=quantity.low, high=quantity.high)
        return True
    ranged = quantity.value is None and quantity.low is not None and quantity.form != "change"
    if ranged and _is_range_of_time(sitting, quantity):
        return True
    if found and _is_percent_of(low, found[-1], quantity):
        found[-1] = _with_percent(sitting, found[-1], quantity)
        return True
    if found and _is_size_of(sitting, found[-1], quantity):
        found[-1] = replace(found[-1], n=quantity.numerator)
        return True
    if found and _is_spread_of(low, found, quantity):
        found[-1] = replace(
            found[-1], spread=quantity.value, statistic="mean", end=quantity.end + 1
        )
        return True
    if found and _is_centre_of(low, found[-1], quantity):
        word = "median" if "median" in low[found[-1].end : quantity.start] else "mean"
        found[-1] = replace(found[-1], value=quantity.value, statistic=word, end=quantity.end)
        return True
    return False


def _is_size_of(sitting: Sitting, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether (n = 21) sizes those whom the value before it is of: 3.6 at 5 months (n = 21)."""
    low = sitting.scene.low
    if quantity.form == "count" and quantity.unit == "patients" and last.n is None:
        pooled = _POOLED.fullmatch(low, last.end, quantity.start)
        if pooled and _OF_STUDIES.match(low, quantity.end):
            return last.statistic != "count"
    if last.statistic not in _VALUES or not sizes_group(low, quantity.start):
        return False
    between = low[last.end : quantity.start]
    if last.time_text and last.time_text.lower() in between:
        between = between.replace(last.time_text.lower(), "", 1)
    return quantity.numerator is not None and bool(_OPENS.fullmatch(between))


def _is_spread_of(low: str, found: list[Measurement], quantity: Quantity) -> bool:
    """Tell whether a bracket holds a spread: mean (SD) 4 (2); 4 [SD 2], 2 [1]; a mean of 4.6 (1.7)."""
    last = found[-1]
    if quantity.form != "score" or quantity.value is None or last.value is None or last.spread:
        return False
    if last.low is not None or last.statistic not in _VALUES:
        return False
    averaged = last.statistic == "mean" and "." in low[last.start : quantity.end]
    if not (averaged or _HEADED.search(low, 0, last.start)):
        told = found[-2] if len(found) > 1 else last
        alike = last.measure == told.measure and last.unit == told.unit
        if not alike or told.spread is None or "sd" not in low[told.start : told.end]:
            return False
    bracketed = _OPENS.fullmatch(low, last.end, quantity.start) is not None
    return bracketed and low[quantity.end : quantity.end + 1] in {")", "]"}


def _is_range_of(low: str, last: Measurement, quantity: Quantity) -> bool:
    if (
        quantity.low is None
        or quantity.high is None
        or quantity.value is not None
        or quantity.form not in {"value", "score", "percent"}
        or last.low is not None
    ):
        return False
    if last.value is None and last.percent is None:
        return False
    between = low[last.end : quantity.start]
    same = quantity.unit in {last.unit, None} or quantity.form == "score"
    # "5.4 years for those alive (range, 3-10)"
    centre = last.percent if last.value is None else last.value
    inside = centre is not None and quantity.low <= centre <= quantity.high
    if len(between) < _FAR and same and inside and _NAMED.search(between):
        return True
    return len(between) < 34 and same and bool(_RANGE.match(_SKIPPED.sub("", between)))


def _is_range_of_time(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a range is that of a time point: at a mean follow-up of 25 months (2-73)."""
    low = sitting.scene.low
    before = [each for each in sitting.scene.times if each.end <= quantity.start]
    between = low[before[-1].end : quantity.start] if before else "-"
    return len(between) < 24 and "(" in between and bool(_RANGE.match(between))


def _is_percent_of(low: str, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a percent in brackets is that of the count before: twelve were free (26%)."""
    if last.statistic != "count" or last.percent is not None or quantity.form != "percent":
        return False
    between = low[last.end : quantity.start]
    alone = _ALONE.match(low, quantity.end) and between[-1:] in {"(", "["}
    return (
        bool(alone)
        and len(between) < _CLAUSE
        and not re.search(r"[,;)]|\b(?:and|either)\b", between)
    )


def _with_percent(sitting: Sitting, last: Measurement, quantity: Quantity) -> Measurement:
    known = [*sitting.populations, *read_populations(sitting.text[: last.start], sitting.sentence)]
    share = replace(quantity, numerator=last.numerator)
    size = last.denominator or reconciled(share, known)
    if last.time_text is None:
        time = time_of(share, last.measure, None, sitting.scene)
        if time and time.start >= quantity.end:  # "four tears (5%) within 30 days"
            told = sitting.text[time.start : time.end]
            last = replace(last, time_text=told, time_months=time.months)
    return replace(
        last,
        percent=quantity.percent,
        percent_derived=None,
        denominator=size,
        n=size or last.n,
        value=None,
        end=quantity.end + (sitting.scene.low[quantity.end] in ")]"),
    )


def _is_centre_of(low: str, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a number is the mean of the range before it: 15 to 50 minutes (median 30)."""
    if last.value is not None or last.low is None or last.high is None or quantity.value is None:
        return False
    between = low[last.end : quantity.start]
    named = re.fullmatch(
        r"\s*[(,\[;]\s*(?:with )?(?:an? )?(?:mean|median|average)(?: value)?[,:]?(?: of| was)?\s*",
        between,
    )
    return bool(named) and last.low <= quantity.value <= last.high
