"""Read how long it took from one event to the next: the interval between diagnosis and surgery."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.starts import build_rule
from ingest.model import Measurement, Mention
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting

_DONE = (
    r"(?:surger(?:y|ies)|operations?|resections?|decompressions?|radiotherapy|radiation|radiosurgery|irradiation|sbrt|srs|emboli[sz]ation"
    r"|treatment|intervention|chemotherapy|fixation|stabili[sz]ation|procedure|vertebroplasty|kyphoplasty|spondylectomy)"
)
_STRETCH = build_rule(
    r"\b(?:time|interval|duration|period|delay|latency)s?(?: (?:that )?elapsed)? (?:between|from) (?P<first>[^.;:,()\d]{3,70}?) (?:and|to|until|till) (?P<last>[^.;:,()\d]{3,60}?)"
    r"(?= (?:was|were|is|of|averaged|ranged)\b|[,(;:]|\.?$)"
)
# What the stretch ends with names it; the first that fits counts.
_ENDS = (
    (re.compile(r"\b(?:death|dying)\b"), "overall_survival"),
    (re.compile(r"metasta"), "metastasis_free_survival"),
    (re.compile(r"\b(?:recurrence|relapse|progression|local failure)"), "time_to_recurrence_mean"),
    (re.compile(r"\b(?:failure|fracture|revision|reoperation|breakage)"), "time_to_failure"),
    (re.compile(rf"\b{_DONE}\b"), "time_to_treatment"),
    (re.compile(r"\bdiagnosis\b"), "treatment_delay"),
)
# "radiotherapy began | a median of 16 days after the operation"
_BEGAN = re.compile(
    rf"\b{_DONE}(?: [a-z]+)? (?:(?:could be|was|were|had been|has been) )?(?:started|begun|began|commenced|initiated|resumed)"
    r"(?= (?:(?:an? )?(?:mean|median|average) (?:of )?|on average |about )?\d+(?:[.·]\d+)? ?(?:hours|days|weeks|months)\b)"
)
# "radiotherapy was begun within 5 weeks of the resection"
_PERFORMED = re.compile(
    rf"\b{_DONE}(?: [a-z]+){{0,2}} (?:was|were) (?:\w+ )?(?:performed|undertaken|carried out|done|started|begun|given|commenced|initiated|scheduled|delivered)(?: (?!in\b)[a-z]+){{0,3}}\s*$"
)
_SINCE = rf"(?:after|of|following|from) (?:the |their |an? )?(?:[a-z-]+ )?(?:{_DONE}|admission|diagnosis|presentation|onset|symptoms?|referral|injury)"
_AFTER = re.compile(rf"\s*{_SINCE}\b")
_UNTIL = re.compile(rf"{_SINCE}$")


def with_intervals(low: str, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Return the measures of a sentence with the stretches of time between two events."""
    found = [
        Mention("time_to_treatment", "measures", *each.span())
        for each in (_BEGAN.finditer(low) if " after " in low else ())
    ]
    for match in _STRETCH.finditer(low) if "between" in low or "from" in low else ():
        name = next((each for rule, each in _ENDS if rule.search(match["last"])), None)
        if name:
            found.append(Mention(name, "measures", match.start(), match.end()))
    if not found:
        return mentions
    apart = [
        each
        for each in mentions
        if not any(one.start < each.end and each.start < one.end for one in found)
    ]
    return sorted([*apart, *found], key=lambda each: each.start)


def waits(sitting: Sitting, times: Sequence[Quantity]) -> list[Measurement]:
    """Return the times within which an operation followed an event, as findings of their own."""
    low = sitting.scene.low
    return [
        Measurement(
            measure="time_to_treatment",
            statistic="threshold",
            start=each.start,
            end=each.end,
            value=each.value,
            operator="<=",
            unit=each.unit,
        )
        for each in times
        if each.operator == "<="
        and _PERFORMED.search(low, 0, each.start)
        and (_AFTER.match(low, each.end) or _UNTIL.search(low, each.start, each.end))
    ]
