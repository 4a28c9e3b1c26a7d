"""Tell the sentences of a series that speak of one of its patients: the second patient, she."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from ingest.language.starts import build_rule
from ingest.model import Measurement

_PATIENT = r"(?:patients?|individuals|subjects|participants?|cases?|child|man|woman|boy|girl)"
_NUMBERED = re.compile(
    rf"\W*(?:in )?(?:the|our) (?:first|second|third|fourth|fifth|other|index|last|remaining) {_PATIENT}(?<!s)\b(?! (?:series|report|to|was (?:operated|treated) in))"
    r"|\W*(?:in )?the (?:boy|girl|man|woman|infant)\b"
    rf"|\W*(?:in )?{_PATIENT}(?<!s) (?:no\.? ?|number |#)?(?:\d|one\b|two\b|three\b|i{{1,3}}\b|[ab]\b)"
    r"|\W*(?:the|our) (?:first|second|third|fourth|other),? (?:was )?an? (?:[a-z]+ ){0,2}\d+[- \u2010]year"
    # Of one whose age is told as much is told behind.
    r"|\W*(?:an?|another|the|our|in an?) (?:[a-z]+ ){0,2}\d+[- \u2010](?:year|month)s?[- \u2010]old\b"
)
_HE = build_rule(r"\b(?:he|she)\b")
_SEVERAL = build_rule(
    r"\b(?:patients|individuals|subjects|participants|cases|mean|median|average\w*|one (?:patient|case|man|woman|child|of)|both(?! (?:sides|legs|arms|feet|hands|limbs|lower|upper|ends|stages|roots|pedicles))|all|each|none|neither|they|their|these|series|children|women|men|overall|rates?|series|cohort|groups?|total of"
    # What is counted of one patient is no other patient: two units, three levels.
    r"|(?:two|three|four|five|six)(?![ -](?:[a-z-]+ )?(?:stage|level|units?|days?|weeks?|months?|years?|hours?|levels?|cycles?|courses?|sessions?|doses?|times|occasions|stages?|fractions?|vertebrae|segments?|rods|screws|operations)\b))\b|\d ?%"
)


def tells_of_one(low: str, before: bool) -> bool:
    """Tell whether a sentence is about one patient of several; ``before`` where the last one was.

    ``low`` is in lower case. "The first patient had a leak. At one year there was no relapse."
    """
    if _NUMBERED.match(low):
        return True
    one = before or ("he " in low and _HE.search(low) is not None)
    return one and _SEVERAL.search(low) is None


def of_each(measured: Sequence[Measurement], size: int) -> tuple[Measurement, ...]:
    """Return a row of as many plain values of one measure as there are patients as one patient's each.

    "Three patients aged 34, 51 and 60 years": none of the ages is that of three.
    """
    found: list[Measurement] = []
    for _, row in groupby(measured, key=lambda each: (each.measure, each.statistic)):
        told = list(row)
        own = len(told) == size > 1 and told[0].measure and told[0].statistic == "value"
        found += [replace(each, n=1) for each in told] if own else told
    return tuple(found)
