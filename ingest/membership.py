"""Give the size of the group that an abstract studies to the numbers that are of all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.cohorts import COUNTED, ELSEWHERE, Cohort, plain_words, rules
from ingest.effects import RATIOS
from ingest.model import Measurement, Sentence
from ingest.populations import agrees
from ingest.quantity import sizes_group
from ingest.scene import Population
from ingest.wording import lowered

_THINGS = COUNTED | {
    "joints",
    "statements",
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
# What befell the patients is told of them, however often it did.
_BEFALLEN = frozenset(["complications", "deaths", "procedures"])
_STATISTICS = frozenset(
    ["mean", "median", "count", "percent", "rate", "range", "value", "auc", "c_statistic"]
)
# An effect weighs a factor over all who were studied, whatever group its factor names.
_EFFECTS = RATIOS | {"correlation_coefficient"}
# "in patients with metastases, the hazard ratio was": weighed in some of them.
_IN_SOME = re.compile(
    r"\b(?:in|among|amongst|within) (?:the |those |all )?(?:[a-z-]+ ){0,2}(?:patients|cases|those|women|men|children|subjects)\b"
)
_DONE = frozenset(["procedure_performed", "patients_treated"])
_TOLD_APART = re.compile(r"\s(?:with|without|who|whose|in whom|that)\b")
# Counts that are a part of the patients, so that their share of them can be told.
_SHARED = frozenset(["patients", "deaths"])
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
# "10 days for the entire group"
_ALL_OF_THEM = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:for|in|of|among) (?:(?:the|our|this) )?(?:(?:entire|whole|overall|total|complete) (?:group|cohort|series|population|sample|study (?:group|population))|all (?:the )?(?:patients|cases|subjects|participants)\b(?! (?:with|who|in|undergoing|without|treated)))"
)
# A new clause behind a number is about something else.
_NEXT = re.compile(r", (?:and|but|which)\b|;")
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
_LABELLED = re.compile(r"(?i)\b(?:groups?|arms?|cohorts?|patients|those)\b")
# Parts of one whole, each rounded.
_WHOLE_SUM = (98.8, 102.1)
_ROW = re.compile(r"\s*(?:,|and|or|vs\.?|versus|/)+\s*(?:and )?")
_APART = re.compile(r"[,;]|\b(?:and|but|while|whereas)\b")
# "from 7 to 2", "a preoperative score of 7 and a postoperative one of 2"
_COURSE = re.compile(
    r"\b(?:pre|post)[- ]?(?:op|proc|treat|interv|inject|surg)\w*|\bbaseline\b|\bbefore\b|\bfrom\b.*\bto\b|\bto\b"
)
_OF_PATIENTS = re.compile(r"\s*of (?:the |all |our )*(?:patients|women|men|children)\b")
# "grade 2 (n = 21) and 3 (n = 9)"
_SIZES = re.compile(r"[(\[][nN] ?= ?\d+[)\]]")
# "100 ml (based on 41 patients)"
_OF_FEWER = re.compile(
    r"\s*(?:\([^()]*\)\s*)?\((?:based on|available (?:in|for)|data (?:of|from|on)|known (?:in|for)|reported (?:in|for)|in|for|n ?=) ?(?:only )?(?P<n>\d+)(?: [a-z]+)?\)"
)
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

    ``told`` is true where a heading gives the sentence's role; ``scoped`` where groups are set
    against each other and the sentence names an operation, or the one before it a group.
    """
    low = lowered(text)
    if not cohort.start <= sentence.start < cohort.end or not _is_report(sentence, told, low):
        return tuple(measured)
    cues = rules()
    whole = cues.whole.found(low)
    part = cues.part.found(low) and not whole
    counts = cues.part.found(plain_words(text)) and not whole
    counts = counts or (cohort.armed and bool(_COMPARED.search(low)))
    some = part
    part = part or (scoped and not whole) or len(_SIZES.findall(low)) > 1
    cut = [match.start() for match in cues.share.finditer(low)]
    own = sentence.start in cohort.told
    found = []
    for each in measured:
        size: int | None = None
        if each.numerator is not None:
            apart = each.unit in _BEFALLEN and any(one.denominator for one in measured)
            # "(n = 23)" sizes a group of its own.
            apart = apart or (each.n is not None and sizes_group(low, each.start))
            if each.statistic == "count" and _is_definite(low, each):
                size = each.numerator or None
            elif not apart and _is_count(cohort, each, counts, part or bool(cut), own):
                size = cohort.size
        elif each.statistic in _EFFECTS:
            size = _size_of_effect(cohort, low, each, some)
        elif _is_free(each):
            fewer = _OF_FEWER.match(low, each.end)
            if fewer:
                size = int(fewer["n"])
            elif _ALL_OF_THEM.match(low, each.end):
                size = cohort.size
            elif each.statistic in {"auc", "c_statistic"}:
                size = None if some else cohort.size  # a score is tried on all of them
            elif not part and not _is_cut(low, each, measured, cut):
                size = cohort.size if _is_share_of(cohort, low, each, measured) else None
        found.append(each if size is None else _with_size(each, size))
    return tuple(found)


def without_excess(measured: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Return measurements without the group of a count that is larger than that group."""
    return tuple(
        replace(each, n=None, group=None, comparator=None, group_start=None, group_end=None)
        if each.unit == "patients"
        and each.denominator is None
        and each.n is not None
        and (each.numerator or 0) > each.n
        else each
        for each in measured
    )


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
        and not _SIZES.match(text, each.start - 1)
        else each
        for each in measured
    )


def _is_definite(low: str, each: Measurement) -> bool:
    """Tell whether a count is of all of some told apart: the three patients who had pain improved."""
    if each.unit != "patients" or each.denominator or each.percent is not None or each.n:
        return False
    return low.endswith("the ", 0, each.start) and _TOLD_APART.match(low, each.end) is not None


def _with_size(each: Measurement, size: int) -> Measurement:
    """Return a number with the size of its group, a count of patients with its share of them."""
    part = each.numerator
    if not part or part >= size or each.percent is not None or each.unit not in _SHARED:
        return replace(each, n=size)
    return replace(each, n=size, percent_derived=round(100 * part / size, 1))


def _size_of_effect(cohort: Cohort, low: str, each: Measurement, some: bool) -> int | None:
    """Return the size of the group in which a factor was weighed, None where that may be fewer."""
    if each.n is not None or some or cohort.matched or cohort.things or _IN_SOME.search(low):
        return None
    return cohort.size


def _is_free(each: Measurement) -> bool:
    """Tell whether a number that counts nobody may be of a group that its sentence does not name."""
    named = each.n is not None or each.denominator is not None or each.group or each.comparator
    # How many levels a patient had on average is of patients.
    fitting = each.unit not in _THINGS or each.statistic in {"mean", "median"}
    return not named and each.statistic in _STATISTICS and fitting


def _is_cut(
    low: str, each: Measurement, measured: Sequence[Measurement], cut: Sequence[int]
) -> bool:
    """Tell whether words of some of the patients are about a number, not about a later finding."""
    later = [
        one.start
        for one in measured
        if one.start >= each.end
        and one.measure != each.measure
        and _APART.search(low, each.end, one.start)
    ]
    after = _NEXT.search(low, each.end)
    later += [after.start()] if after else []
    end = len(low) if "respectively" in low else min(later, default=len(low))
    return any(place < end for place in cut)


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
    told = each.unit in _BEFALLEN and each.unit not in cohort.things
    if each.denominator is not None or (each.unit in _THINGS and not told):
        return False
    if each.statistic != "count":
        return False
    if own and count == size and each.percent is None:
        return each.n is None
    if (
        (part and each.n is None)
        or (share and count == 0)
        or _is_of_group(each)
        or (count > size and each.unit not in _BEFALLEN)
    ):
        return False
    free = each.n is None or each.n == each.numerator
    return free and (each.percent is None or agrees(count, size, each.percent))


def _is_of_group(each: Measurement) -> bool:
    """Tell whether a count is of a group; what an operation's count is told of is the operation."""
    if each.measure == "procedure_performed":
        return bool(each.group and _LABELLED.search(each.group))
    return bool(each.group or each.comparator)


def _is_share_of(
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
            _RIGHT_BEHIND.match(low, one.end) and not _ALL_OF_THEM.match(low, one.end)
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
