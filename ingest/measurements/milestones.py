"""Read when a step of the course was reached where that is the finding: they went home after 6 days.

So it is of an event where two groups are set against each other: relapse was seen after 5 months in
A and 9 months in B.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from ingest.language.wording import Wordings, compile_wordings
from ingest.measurements.absence import is_event
from ingest.measurements.latency import lasting, time_to_event
from ingest.measurements.survival import DENIED
from ingest.model import Measurement, Mention
from ingest.numbers.quantity import PARTS_OR_BARE, SPANS, Quantity
from ingest.numbers.scene import Sitting
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues" / "milestones.yml"
# "She was discharged after a week with no deficit": what is told is the deficit.
_BESIDES = re.compile(r" (?:\w+ly )?(?:without|with no|free of|in (?:good|stable|excellent))\b")
_IN_SO_MANY = re.compile(r" in (?:only |about )?")
# What may part a step from its time, right ahead of that.
_BESIDE = re.compile(r",?(?: \w+ly| postoperatively| only| already| about| on average)* ?")
_LED = re.compile(r"\b(?:after|within|at) [^,;()]{0,30}$")
# "recurrence | was detected | after 5 months", "a rod broke above t8 | 6 years after surgery"
_CAME = re.compile(
    r"s?(?: (?:above|below|at|of|in) (?:the )?[a-z]*\d{0,2})?"
    r"(?: (?:was|were|is|had|has|been|first|then|only|[a-z]+ly|occurred|developed|detected|recogni[sz]ed|diagnosed|found|noted|seen|observed|appeared|identified|evident|discovered|happened|arose|confirmed))*(?: (?:on|by) (?:an? |the )?(?:[a-z-]+ )?(?:mri|ct|pet|imaging|scans?|radiographs?|x-rays?|tomography))?,? "
)
# "two years after surgery | he developed a | recurrence", "six months later the tumour | recurred"
_THEN = re.compile(
    r",? (?:(?!no\b|not\b|never\b|without\b|free\b|until\b)[a-z-]+ ){0,4}"
    r"(?:developed|had|suffered|experienced|sustained|showed|revealed|disclosed|demonstrated|detected|presented with|returned with|there was) "
    r"(?:(?!no\b|not\b|without\b|resolution\b|reduction\b|decrease\b|absence\b|cease\w*)[a-z-]+ ){0,3}"
)
_THEN_DID = re.compile(
    r"(?: of (?:the )?[a-z-]+)?,? (?:the |a |his |her |both |one )?(?:[a-z-]+ ){1,2}"
)
_DID = ("red", "sed", "ked", "led", "ned", "broke")
# "in A and | 9 months in B"
_AND_IN = re.compile(
    r" (?:in|for|with) [^,;:.()\d]{2,60}?,? (?:and|but|versus|vs\.?|compared with|as opposed to) (?:only )?(?:after |at )?(?:an? )?(?:(?:mean|median|average) (?:of )?)?"
)
# "they were mobilised | after a mean of 1.9 and | 3.4 days"
_AFTER_SO = re.compile(
    r",?(?: \w+ly)? (?:after|within|at) (?:an? )?(?:(?:mean|median|average) (?:of )?)?(?:[\d.]+ (?:and|vs\.?|versus) )?"
)
# "a thrombosis | for 3 weeks before surgery"
_LASTING = re.compile(r"(?:for|during|over|throughout)\b|.*\b(?:before|prior|ago|earlier)\b")
# "died of | pneumonia at 11 months": when the patient died
_DIED_OF = re.compile(
    r"\b(?:died|dead|death|deceased|succumbed) (?:of|from|to|due to|because of) (?:[a-z-]+ ){0,3}$"
)
_FREE = re.compile(r"\bfree (?:of|from) (?:[a-z-]+ ){0,3}$")
_OF_ONE = " of one"


@cache
def _steps() -> tuple[tuple[str, Wordings], ...]:
    cues: dict[str, list[str]] = load_yaml(_CUES)
    return tuple((measure, compile_wordings(rules)) for measure, rules in cues.items())


def milestones(sitting: Sitting, times: Sequence[Quantity]) -> list[Measurement]:
    """Return the times at which all were discharged, walked or were irradiated, as findings."""
    if not times:
        return []
    low, found = sitting.scene.low, [*_events(sitting, times)]
    for name, wordings in _steps():
        measure = name.removesuffix(_OF_ONE)
        if measure != name and not sitting.single:
            continue
        for step in wordings.finditer(low):
            time = next((each for each in times if _follows(low, step.end(), each)), None)
            if time is not None and not _counted(sitting, step.start(), time):
                found.append(lasting(low, measure, 1 if sitting.single else None, time))
                found += _in_others(sitting, measure, time, times)
    return found


def step_of(low: str, quantity: Quantity) -> str | None:
    """Return the step that was reached after so long, where its words stand right ahead."""
    if quantity.unit not in SPANS or not _LED.search(low, 0, quantity.start):
        return None
    return next(
        (
            name
            for name, wordings in _steps()
            if not name.endswith(_OF_ONE)
            for step in wordings.finditer(low)
            if _AFTER_SO.fullmatch(low, step.end(), quantity.start)
        ),
        None,
    )


def _events(sitting: Sitting, times: Sequence[Quantity]) -> Iterator[Measurement]:
    """Yield when one patient, or those of each of two groups, had a harmful event.

    Of several patients of one group it is told that they had it, not when.
    """
    low, concepts = sitting.scene.low, sitting.scene.concepts
    taken: set[int] = set()
    for each in sitting.scene.mentions:
        if not concepts[each.concept].harm or each.concept == "mortality":
            continue
        one = sitting.single and is_event(concepts, each)
        begin = sitting.scene.clauses[sitting.scene.clause(each.start)][0]
        one = one and not _DIED_OF.search(low, 0, each.start)
        one = one and not (
            DENIED.search(low, begin, each.start) or _FREE.search(low, 0, each.start)
        )
        time = next((time for time in times if _is_when(low, each, time)), None)
        if time is None and one:
            time = next((time for time in times if _came_then(low, each, time)), None)
        if time is None or time.start in taken or _counted(sitting, each.start, time):
            continue
        measure = time_to_event(each.concept)
        others = _in_others(sitting, measure, time, times)
        if others or (one and not _LASTING.match(low, time.start, time.end)):
            taken.add(time.start)
            yield lasting(low, measure, None if others else 1, time)
            yield from others


def _is_when(low: str, event: Mention, time: Quantity) -> bool:
    spans = time.unit in SPANS and time.value is not None
    return spans and _CAME.fullmatch(low, event.end, time.start) is not None


def _came_then(low: str, event: Mention, time: Quantity) -> bool:
    """Tell whether a sentence opens with the time at which one patient had an event."""
    if time.start or time.unit not in SPANS or time.value is None or time.operator:
        return False
    did = low.endswith(_DID, event.start, event.end)
    between = _THEN_DID if did else _THEN
    return between.fullmatch(low, time.end, event.start) is not None


def _in_others(
    sitting: Sitting, measure: str, time: Quantity, times: Sequence[Quantity]
) -> list[Measurement]:
    """Return when it was so in the group that a time is set against: after 5 months in A and 9 in B."""
    low = sitting.scene.low
    joint = _AND_IN.match(low, time.end)
    if joint is None:
        return []
    for at, each in enumerate(sitting.found):
        if each.start == joint.end() and each.unit in SPANS:
            sitting.found[at] = replace(each, measure=measure)
            return [sitting.found.pop(at)]
    other = next((one for one in times if one.start <= joint.end() < one.end), None)
    return [lasting(low, measure, None, other)] if other and other.start > time.end else []


def _follows(low: str, end: int, time: Quantity) -> bool:
    return (
        time.start >= end
        and time.unit in SPANS
        and time.value is not None
        and _BESIDE.fullmatch(low, end, time.start) is not None
        and not _BESIDES.match(low, time.end)
    )


def _counted(sitting: Sitting, start: int, time: Quantity) -> bool:
    """Tell whether the clause counts who reached the step, so that the time is when they did."""
    begin, end = sitting.scene.clauses[sitting.scene.clause(start)]
    counts = [each for each in sitting.scene.quantities if each.form in PARTS_OR_BARE]
    ahead = any(not each.derived and begin <= each.start < min(end, time.start) for each in counts)
    behind = _IN_SO_MANY.match(sitting.scene.low, time.end)
    return ahead or bool(behind and any(each.start == behind.end() for each in counts))
