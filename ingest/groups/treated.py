"""Tell when patients were treated from when they fared as they did, and who they are that are told after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ingest.groups.arms import Arm
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Measurement
from ingest.numbers.numerals import WORD
from ingest.numbers.quantity import Quantity

_CARE = r"(?:surgery|decompressions?|operations?|radiotherapy|irradiation|resections?|fixation|stabili[sz]ation|corpectomy|laminectomy|treatment)"
# "18 of 30 patients decompressed | within 24 hours", "those who underwent early surgery | after 7 days"
_TREATED = build_rule(
    rf"\b(?:patients|individuals|subjects|participants|those|cases|women|men|children|\d+|{WORD}) (?:who (?:was |were |had been )?)?(?:[a-z]+ly )?(?:operated(?: on| upon)?|decompressed|irradiated|treated|stabili[sz]ed|resected|(?:undergoing|underwent|having|had) (?:[a-z]+ ){{0,2}}{_CARE}) (?:only |earlier than |later than )?$"
)
_ENDS_TREATED = re.compile(
    rf"\b(?:operated(?: on| upon)?|decompressed|irradiated|treated|stabili[sz]ed|resected|{_CARE})(?= |$)"
)
_WHEN = re.compile(
    rf"(?: (?:within|after|before|between|earlier than|later than|less than|more than|over|under)){{0,2}} (?:the first )?[<>≤≥]? ?(?:\d{{1,3}}|{WORD})(?: ?(?:-|–|to|and) ?(?:\d{{1,3}}|{WORD}))? ?(?:h|hours?|days?|weeks?|months?)\b"
    r"(?: (?:of|after|from) (?:(?:the|losing|loss of|onset of|motor|neurological|first) ){0,3}(?:symptoms?|onset|diagnosis|presentation|ambulation|gait|deficits?|paralysis|paraplegia|surgery|injury|admission|function)\b)?"
)
# "After | the curettage": what some of the patients had
_AFTER = re.compile(r"(?:after|following) (?:the |an? )?(?P<what>[a-z][^,;:()\d]{3,60})")
_BOUNDS = ("within", "after", "before", "between", "less than", "more than", "under", "over")
_HINTS = ("operated", "decompressed", "irradiated", "treated", "stabili", "resected", "under", "ha")


def without_treated(low: str, times: Sequence[Quantity]) -> Sequence[Quantity]:
    """Return the times of a sentence in lower case without those at which the patients that it names were treated."""
    if not times or not holds_any(low, _HINTS):
        return times
    return [
        each
        for each in times
        if not (low.startswith(_BOUNDS, each.start) and _TREATED.search(low, 0, each.start))
    ]


def of_treated(
    measured: Sequence[Measurement], size_of: Callable[[str], int | None], most: int
) -> tuple[Measurement, ...]:
    """Return measurements with those as their group after whose own treatment they were told.

    "Curettage was done in 11 of 25; survival was 54 % after curettage": of the 11. ``size_of``
    finds how many had a treatment, ``most`` are all who were studied.
    """
    return tuple([_of_treated(each, size_of, most) for each in measured])


def _of_treated(each: Measurement, size_of: Callable[[str], int | None], most: int) -> Measurement:
    free = each.time_months is None and {each.group, each.comparator, each.n} == {None}
    after = _AFTER.fullmatch(each.time_text or "") if free else None
    size = size_of(after["what"]) if after else None
    if after is None or size is None or not (each.numerator or 0) <= size < most:
        return each
    return replace(each, group=after["what"], n=size, time_text=None)


def with_times(arms: Sequence[Arm], text: str) -> list[Arm]:
    """Return groups with the time at which they were treated in their names: operated on within 48 h."""
    return [_timed(each, text) for each in arms]


def _timed(arm: Arm, text: str) -> Arm:
    low = lowered(text)
    treated = [*_ENDS_TREATED.finditer(low, arm.start, arm.end)]
    when = _WHEN.match(low, treated[-1].end()) if treated else None
    if when is None or when.end() <= arm.end:
        return arm
    return replace(arm, end=when.end(), label=text[arm.start : when.end()])
