"""Give the size of the group that an abstract studies to the numbers that are of all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.cohorts import COUNTED, ELSEWHERE, Cohort, plain_words, rules
from ingest.model import Measurement, Sentence
from ingest.wording import lowered

_THINGS = COUNTED | {
    "joints",
    "complications",
    "fractions",
    "factors",
    "steps",
    "sets",
    "arteries",
    "samples",
    "centres",
    "animals",
    "cadavers",
}
_STATISTICS = frozenset(["mean", "median", "count", "percent", "rate", "range", "value"])
# What a number is said to be of, beside others of its measure: 12 % in one group.
_PARTED = re.compile(
    r"\b(?:in|for|with|after|without|among|following|if|vs|versus|compared|than|when)\b(?! (?:#|\d|the (?:first|last|long)|long|respectively|a (?:mean|median)|average))"
)
_TOLD = re.compile(r"\b(?:was|were|had|did|died|occurred|showed|developed|required|achieved)\b")
_HELD = re.compile(r"\b(?:is|are|can|may|might|should|suggests?|conclu\w+|appears?)\b")
# "74 % of all procedures": a share of things; "of the 46 patients" is one of patients.
_OF_THINGS = re.compile(
    r"(?:\s*(?:\([^)]*\) )?|^)(?:of|among) (?:all |the |these |our |any )*(?!(?:\d+ )?(?:[a-z-]+ )?(?:patients|cases|subjects|participants|children|individuals|women|men|adults|people|them|us)\b)[a-z]"
)
# "12 % after wide margins and 40 % after others"
_RIGHT_BEHIND = re.compile(
    r"\s*(?:\([^)]*\) )?(?:in|for|with|after|without|among|following|when|if)\b(?! (?:#|\d|the (?:first|last|long)|long|a (?:mean|median)|average))"
)
_ROW = re.compile(r"\s*(?:,|and|or|vs\.?|versus|/)+\s*(?:and )?")
_COMPARED = re.compile(r"\b(?:vs|versus|compared|than)\b")


def of_cohort(
    cohort: Cohort,
    sentence: Sentence,
    told: bool,
    text: str,
    measured: Sequence[Measurement],
    scoped: bool,
) -> tuple[Measurement, ...]:
    """Return a sentence's measurements with the group's size as n where they are of all of it.

    ``told`` is true where a heading gives the sentence's role; ``scoped`` where the sentence names
    an operation, or the one before it a group.
    """
    low = lowered(text)
    if not cohort.start <= sentence.start < cohort.end or not _is_report(sentence, told, low):
        return tuple(measured)
    cues = rules()
    whole = cues.whole.found(low)
    part = cues.part.found(low) and not whole
    counts = cues.part.found(plain_words(text)) and not whole
    counts = counts or (cohort.armed and bool(_COMPARED.search(low)))
    shares = part or cues.share.found(low) or (cohort.armed and scoped and not whole)
    return tuple(
        replace(each, n=cohort.size)
        if (
            _is_count(cohort, each, counts, shares, sentence.start == cohort.start)
            if each.numerator is not None
            else not shares and _is_share_of(cohort, low, each, measured)
        )
        else each
        for each in measured
    )


def tells_part(text: str) -> bool:
    """Tell whether a sentence names some of the patients, of whom the next may go on to tell."""
    return rules().part.found(lowered(text))


def _is_report(sentence: Sentence, told: bool, low: str) -> bool:
    """Tell whether a sentence reports; an abstract without headings may end on its results."""
    if sentence.role == "conclusion" and not told:
        return bool(_TOLD.search(low)) and not _HELD.search(low)
    return sentence.role not in ELSEWHERE


def _is_count(cohort: Cohort, each: Measurement, part: bool, share: bool, own: bool) -> bool:
    """Tell whether counted patients are some of the group, or in its ``own`` sentence the group."""
    size, count = cohort.size, each.numerator or 0
    if each.denominator is not None or each.unit in _THINGS or each.statistic != "count":
        return False
    if own and count == size and each.percent is None:
        return each.n is None
    if part or (share and count == 0) or each.group or each.comparator or count > size:
        return False
    free = each.n is None or each.n == each.numerator
    return free and (each.percent is None or _agrees(count, size, each.percent))


def _is_share_of(
    cohort: Cohort, low: str, each: Measurement, measured: Sequence[Measurement]
) -> bool:
    """Tell whether a rate, an average or a range is of the whole group."""
    if each.n is not None or each.denominator is not None or each.group or each.comparator:
        return False
    if each.statistic not in _STATISTICS or each.unit in _THINGS:
        return False
    if each.measure is None and each.statistic in {"value", "range"}:
        return False  # how long, how much of what was done
    if each.percent is not None and (_OF_THINGS.match(low, each.end) or _OF_THINGS.match(low)):
        return False
    cues = rules()
    if cohort.things and (each.measure in cues.local or "procedures" in cohort.things):
        return False
    if (each.measure or "").startswith("time_to") or _after_part(cohort, each, measured):
        return False
    rivals = [each, *(other for other in measured if _rivals(each, other))]
    span = max(0, min(one.start for one in rivals) - 60), max(one.end for one in rivals) + 60
    row = any(
        _ROW.fullmatch(low, each.end, one.start) or _ROW.fullmatch(low, one.end, each.start)
        for one in rivals
    )
    fellows = [one for one in measured if one.unit == each.unit and one.statistic == each.statistic]
    if len(fellows) > 1 and any(_RIGHT_BEHIND.match(low, one.end) for one in fellows):
        return False
    even = each.percent is not None and (
        each.measure not in cues.estimated or "respectively" in low
    )
    if len(rivals) > 1 and (
        not even or (row and "respectively" not in low) or _PARTED.search(low, *span)
    ):
        return False  # two numbers of one measure at one time are of two groups
    told = each.percent is None or each.measure in cues.estimated or bool(each.spread)
    return told or _is_whole(each.percent or 0.0, cohort.size)


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
    return any(_agrees(near, size, percent) for near in (part - 1, part, part + 1) if near >= 0)


def _agrees(part: int, size: int, percent: float) -> bool:
    """Tell whether a part of so many is a percent, as it is rounded or cut off."""
    unit = 10 ** -len(f"{percent:g}".partition(".")[2])
    return part <= size and -0.5 * unit - 0.01 <= 100 * part / size - percent < unit
