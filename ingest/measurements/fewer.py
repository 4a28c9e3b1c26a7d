"""Tell where fewer than all are told of, and take away the size of a group that a count cannot be of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.groups.antecedents import OF_THEM
from ingest.groups.cohortrules import rules
from ingest.groups.cohorts import Cohort
from ingest.groups.refusals import ungrouped
from ingest.groups.rounding import agrees
from ingest.language.anaphora import GENERAL
from ingest.language.wording import lowered
from ingest.measurements.latency import of_waited
from ingest.model import Measurement, Mention
from ingest.numbers.numerals import WORD, parse_number
from ingest.numbers.quantity import sizes_group
from ingest.numbers.scene import Population
from ingest.vocabulary import is_followed, load_concepts

_TAKEN = frozenset(
    ["operative_time", "blood_loss", "transfusion", "length_of_stay", "complications"]
)
_COMPARES = re.compile(
    r"\b(?:both|all|two|three) (?:the )?(?:groups|arms|cohorts)\b|\b(?:versus|vs)\b"
)
_BETWEEN = re.compile(r"\bbetween (?:the |both |two |three |these |all )*(?:groups|arms|cohorts)\b")
_DONE = frozenset(["procedure_performed", "patients_treated"])
# What puts each patient into one class of several.
_CLASSED = frozenset(
    [
        "surgical_margin",
        "histology",
        "extent_of_resection",
        "frankel_grade",
        "asia_scale",
        "mccormick",
    ]
)
# "100 ml (based on 41 patients)", "3.5 at 6 months (n = 22; p < 0.01)"
_OF_FEWER = re.compile(
    r"(?:\s*\([^()]*\))?(?: at (?:the )?[^()]{1,30})?\s*\((?:based on|available (?:in|for)|data (?:of|from|on)|known (?:in|for)|reported (?:in|for)|in|for|n ?=) ?(?:only )?(?P<n>\d+)(?: [a-z]+)?(?:[;,][^()]*)?\)"
)
# "The median loss, recorded in 41 patients, was 100 ml"
_OF_FEWER_AHEAD = re.compile(
    rf"\b(?:recorded|available|known|measured|documented|noted|reported|assessed|evaluated|obtained|on record)(?: only)? (?:in|for|from) (?:only |just |no more than )?(?P<n>\d+|{WORD})(?: of (?:the|these|them|\d+))?(?: [a-z]+)?[,)]? (?:was|were|averaged|amounted to|came to|had an? (?:mean|median|average) of) (?:[a-z]+ )?$"
)
# "Survival was 67%, without any difference between the groups": of all of them
_ALIKE = re.compile(
    r",? (?:with|without|and (?:there was )?) ?(?:(?:no|any|a|significant|statistically|relevant) )*differences? (?:between|among|across) (?:the )?(?:two |three |four |both )?(?:groups|arms|cohorts)\b"
    r"|,? (?:and|but|which) did not differ (?:\w+ly )?(?:between|among|across) (?:the )?(?:two |three |four |both )?(?:groups|arms|cohorts)\b"
)
# "three patients who could not walk regained gait": some of those who could not
_OF_ALIKE = re.compile(
    r"[^,;.()\d]{0,40}\b(?:in|of|from|for) each (?:group|arm|cohort)\b"
    r"|\s(?:who|with) [^,.;()#\d]{3,70}? (?:improved|recovered|regained|developed|experienced|(?:had|showed|demonstrated) (?:an? |local |complete |some )*(?:recurrence|improvement|relief|recovery)|(?:had|showed) (?:[a-z]+ )?(?:tumou?r )?recurrence|were able to)\b"
)
OF_THESE = (" of them", " of these", " of those", " of whom", " of which")
"""Words right behind a number that make it a part of those told ahead of it."""
_NEAR = 80
_TOLD_APART = re.compile(r"\s(?:with|without|who|whose|in whom|that)\b")
THOSE = re.compile(r"\b(?:of|among|amongst|in|for) (?:these|those|them|whom|which)\b")
"""Words that tell of those alone who stand ahead of them: of whom 3 died, 54% of these."""


def stated_fewer(low: str, each: Measurement) -> int | None:
    """Return of how many a number is said to be right beside it: 100 ml, known in 41 patients."""
    found = _OF_FEWER.match(low, each.end)
    found = found or _OF_FEWER_AHEAD.search(low, max(0, each.start - _NEAR), each.start)
    return int(parse_number(found["n"])) if found else None


def fewer_from(plain: str) -> int | None:
    """Return the place from which counts are of fewer: all of them, or those behind "of whom"."""
    part = rules().part
    if not part.found(plain):
        return None
    whom = THOSE.search(plain)
    return whom.start() if whom and not part.found(plain[: whom.start()]) else 0


def tells_of_those(low: str) -> bool:
    """Tell whether a sentence names some of the patients by "of those" alone, not by a group.

    "80 % improved, and 50 % of those with": such words go to the numbers about them.
    """
    if not THOSE.search(low):
        return False
    return not rules().part.found(THOSE.sub(lambda match: " " * len(match[0]), low))


def is_of_fewer(low: str, each: Measurement) -> bool:
    """Tell whether a count is said to be of some told before it: two of these, one and seven of them."""
    behind = low.startswith(OF_THESE, each.end) or OF_THEM.match(low, each.end)
    return bool(behind or _OF_ALIKE.match(low, each.end))


def is_definite(low: str, each: Measurement) -> bool:
    """Tell whether a count is of all of some told apart: the three patients who had pain improved."""
    if each.unit != "patients" or each.denominator or each.percent is not None or each.n:
        return False
    return low.endswith("the ", 0, each.start) and _TOLD_APART.match(low, each.end) is not None


def without_likeness(low: str, measured: Sequence[Measurement]) -> str:
    """Return a sentence's words without those that no group differs in what is told: it is of all.

    A range is from group to group: 56-82%, with no difference between them.
    """
    if "differ" not in low or any(each.value is None for each in measured):
        return low
    return _ALIKE.sub(lambda match: " " * len(match[0]), low)


def narrows(before: str, measured: Sequence[Measurement]) -> bool:
    """Tell whether what an operation took is told behind a sentence on some who had one."""
    taken = any(each.measure in _TAKEN for each in measured)
    return taken and rules().narrowing.found(lowered(before))


def of_narrowed(
    before: str, told: Sequence[Measurement], measured: Sequence[Measurement]
) -> tuple[Measurement, ...]:
    """Return what an operation took with those who had it as n: of these, 23 had a revision.

    ``before`` is the sentence ahead, ``told`` its measurements.
    """
    measured = of_waited(_of_event(told, measured), told)
    counts = [each.numerator for each in told if each.unit == "patients" and each.numerator]
    if len(counts) != 1 or not narrows(before, measured):
        return tuple(measured)
    return tuple(
        replace(each, n=counts[0])
        if each.measure in _TAKEN and each.n is None and each.numerator is None and not each.group
        else each
        for each in measured
    )


def _of_event(
    told: Sequence[Measurement], measured: Sequence[Measurement]
) -> Sequence[Measurement]:
    """Return counts that add up to those of the event told ahead as parts of them.

    "Infection occurred in 17. It was deep in 11 and superficial in 6."
    """
    parts = [each for each in measured if each.unit == "patients" and each.numerator]
    size = sum(each.numerator or 0 for each in parts)
    names = {each.measure for each in parts} - {None}
    wholes = {one.numerator for one in told if one.unit == "patients" and one.measure in names}
    if len(parts) < 2 or size not in wholes or any(each.n is not None for each in parts):
        return measured
    if not all(
        each.percent is None or agrees(each.numerator or 0, size, each.percent) for each in parts
    ):
        return measured
    return [replace(each, n=size, denominator=size) if each in parts else each for each in measured]


def of_those_left(
    cohort: Cohort,
    measured: Sequence[Measurement],
    whole: Sequence[Measurement],
    left: Sequence[Measurement],
) -> tuple[Measurement, ...]:
    """Return the measurements behind a sentence on those left: of them, or of all who were treated.

    ``whole`` and ``left`` are those measurements with the size of all and of those left. What adds
    up to all of them, and what stands beside more than were left, is told of all.
    """
    later = cohort.later
    counts = [each.numerator or 0 for each in measured if each.unit == "patients"]
    if later is None or (len(counts) > 1 and sum(counts) == cohort.size):
        return tuple(whole)
    if counts == [cohort.size - later.size]:
        return tuple(whole)  # "67 of 96 were followed. The other 29 died": of those not left
    if max(counts, default=0) > later.size:
        return tuple(whole)
    found = []
    for each, of_all, of_left in zip(measured, whole, left, strict=True):
        size = later.size if later.holds(each.measure) else cohort.size
        unsure = later.asked and each.measure is None
        found.append(each if unsure else of_left if size == later.size else of_all)
    return tuple(found)


def at_visits(cohort: Cohort, measured: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Return what is measured again and again with those who were seen at its visit as n."""
    return tuple(
        replace(each, n=cohort.visits.get(each.time_months or 0.0))
        if each.time_months in cohort.visits
        and each.n == cohort.size
        and each.numerator is None
        and is_followed(load_concepts().get(each.measure or ""))
        else each
        for each in measured
    )


def tells_part(text: str) -> bool:
    """Tell whether a sentence names some of the patients, of whom the next may go on to tell."""
    return rules().part.found(lowered(text))


def is_scoped(mentions: Sequence[Mention], before: str, last: Sequence[Measurement]) -> bool:
    """Tell whether a sentence of a study of groups may be on one: it names an operation, or goes on.

    "The reoperation rate was": what was measured, in whomever. ``before`` is the sentence ahead and
    ``last`` its measurements; where that sets all groups beside each other the next goes on with
    all of them.
    """
    told = [each for each in mentions if each.facet == "measures"]
    operated = any(
        each.facet == "procedures"
        and each.concept not in GENERAL
        and all(each.end <= one.start or one.end <= each.start for one in told)
        for each in mentions
    )
    return operated or (tells_part(before) and not _tells_all(before, last))


def _tells_all(text: str, measured: Sequence[Measurement]) -> bool:
    """Tell whether a sentence, with its measurements, sets the groups of a study beside each other."""
    low = lowered(text)
    if _BETWEEN.search(low) or len({each.group for each in measured if each.group}) > 1:
        return True
    return rules().whole.found(low) and _COMPARES.search(low) is not None


def without_excess(measured: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Return measurements without the group of a count that is larger than that group.

    Nor have counts a group that each put patients into one class, and more of them than it has.
    """
    sums = Counter[tuple[str | None, int | None]]()
    for each in measured:
        if each.measure in _CLASSED and each.unit == "patients":
            sums[each.measure, each.n] += each.numerator or 0
    return tuple(
        _unsized(each)
        if each.measure in _CLASSED and each.n and sums[each.measure, each.n] > each.n
        else ungrouped(each)
        if each.unit == "patients"
        and each.denominator is None
        and each.n is not None
        and (each.numerator or 0) > each.n
        else each
        for each in measured
    )


def _unsized(each: Measurement) -> Measurement:
    return replace(each, n=None, denominator=None, percent_derived=None)


def of_fewer(
    measured: Sequence[Measurement], text: str, start: int, populations: Sequence[Population]
) -> tuple[Measurement, ...]:
    """Return measurements without the size of a group where more patients were named before.

    ``text`` is their sentence, ``start`` where it begins. What was done in 30 of 90 patients tells
    no group of 30.
    """
    if not any(each.measure in _DONE for each in measured):
        return tuple(measured)
    before = [
        each.size for each in populations if each.sentence < start and each.unit == "patients"
    ]
    most = max(before, default=0)
    return tuple(
        replace(each, n=None)
        if each.measure in _DONE
        and each.denominator is None
        and each.n is not None
        and each.n == each.numerator
        and each.n < most
        and not sizes_group(text.lower(), each.start)
        else each
        for each in measured
    )
