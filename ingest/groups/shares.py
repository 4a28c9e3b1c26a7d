"""Tell whether a rate, an average or a range is of the whole group that an abstract studies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.groups.cohortrules import rules
from ingest.groups.cohorts import Cohort
from ingest.groups.dealing import value_of
from ingest.groups.dealingrules import rules as dealing_rules
from ingest.groups.populations import ALL_OF_THEM, may_measure_one
from ingest.groups.rounding import agrees, rounding_of
from ingest.groups.things import is_of_things, names_things, names_tumours
from ingest.model import Concept, Measurement
from ingest.numbers.numerals import WORD, parse_number
from ingest.vocabulary import is_followed, load_concepts

# What a number is said to be of, beside others of its measure: 12 % in one group.
_PARTED = re.compile(
    rf"\b(?:in|for|with|after|without|among|following|if|vs|versus|compared|than|when)\b(?! (?:#|\d|(?:{WORD}) (?:years?|months?|weeks?|days?)\b|the (?:first|last|long)|long|respectively|an? (?:[a-z]+ )?(?:mean|median|rate|incidence|frequency)|average))"
)
# "Four had a recurrence, and the 5-year survival rate was 80 %": the rate is of all
_RATE = re.compile(
    r"(?:[,;] (?:and |while |but )?|\band )(?:the )?(?:(?!(?:with|whose|of)\b)[a-z0-9-]+ ){0,6}?(?:survival|mortality|control|(?:re-?)?(?:recurrence|relapse)|progression|failure|incidence)(?: \([a-z0-9-]{2,6}\))?(?: rate)?s? (?:at [^,;]{3,30} )?(?:was|were|averaged|reached|amounted to) "
    r"|[,;] (?:for|giving|yielding|making|corresponding to|equivalent to|resulting in) (?:an? |the )(?:[a-z0-9-]+ ){0,6}?(?:survival|mortality|control|recurrence|relapse|progression|failure|incidence|rate|risk|probability)(?: rate)?s? (?:of [a-z ]{3,40} )?of $"
)
# "12 % after wide margins and 40 % after others"
_RIGHT_BEHIND = re.compile(
    rf"\s*(?:\([^)]*\) )?(?:in|for|with|after|without|among|following|when|if)\b(?! (?:#|\d|(?:{WORD}) (?:years?|months?|weeks?|days?)\b|the (?:first|last|long)|long|a (?:mean|median)|average|(?:the )?(?:surgery|operation|treatment|procedure|intervention)\b(?! (?:with|for|alone|by|via|through))))"
)
# A percent of what is measured in these is no share of patients.
_EXTENTS = frozenset(["mm", "cm", "ml", "degrees"])
_ALL = 100
MIX = frozenset(["primary_site", "histology", "tumour_level", "initial_symptom"])
"""Of what a series is mixed."""
_BORNE = frozenset(["patients", "tumours"])
# Parts of one whole, each rounded.
_WHOLE_SUM = (98.8, 102.1)
_ROW = re.compile(r"\s*(?:,|and|or|vs\.?|versus|/)+\s*(?:and )?")
# Rates told by the method: they need not be a whole number of patients.
_ESTIMATED = re.compile(
    r"\b(?:cumulative|actuarial|kaplan|estimated|probabilit(?:y|ies)|crude|(?:mean|median|average) (?:[a-z]+ )?(?:percentage|rate|proportion|share))\b"
)
# "from 7 to 2", "a preoperative score of 7 and a postoperative one of 2"
_COURSE = re.compile(
    r"\b(?:pre|post)[- ]?(?:op|proc|treat|interv|inject|surg)\w*|\bbaseline\b|\bbefore\b|\bfrom\b.*\bto\b|\bto\b"
)
# "and the overall mortality was 7 %", whoever was counted before
_OVERALL = re.compile(r"\b(?:overall|total(?! en)|whole|entire)\b[^,;:()]{0,60}\(?$")
# "The overall median survival was 8 months; breast cancer had the longest (14 months)"
_OF_ALL = re.compile(r"\b(?:overall(?! survival)|whole|entire)\b[^,;:()\d]{0,40}$")
# "seven cervical (87.5 %) ones"
_COUNT_AHEAD = re.compile(
    rf"(?<![\d.-])\b(?P<k>\d{{1,4}}|{WORD}) (?:(?!(?:of|and|or|with|in|at|to|for|years?|months?|weeks?|days?|grades?|points?|levels?|fractions?|sessions?|gy|ml|h|min)\b)[a-z-]+ ){{0,4}}\($"
)
# "and another 20 % were unchanged": parts of one whole
_FURTHER = re.compile(
    r"\b(?:an additional|additional|another|a further|further|the remaining|the other|the rest|the others)\b"
)
_CHANGED_TO = re.compile(
    r"\b(?:rose|increased|decreased|improved|fell|dropped|declined|changed|went)\b[^.;]* to (?:only )?$"
)
# What is told of those counted ahead, though a semicolon parts them.
_POINTS = re.compile(r"\b(?:their|they|them|these|those|this|whom|whose|it|its|which)\b")
_DONE = frozenset(["procedure_performed", "reoperation", "patients_treated"])
# Two rates of survival of one group: overall, and of the disease alone.
_SURVIVAL = re.compile(
    r"\b(?:(?P<of>(?:disease|cancer|tumou?r|cause)-specific survival|[dc]ss)|survival|os)\b"
)
# Behind the number of all, ahead of those of groups: "9 months: ", "9 months (", "9 months, with"
_GOES_ON = re.compile(
    r"(?:\s*\([^()]*\))?(?: overall)?(?:\s*[:;(\[]|, (?:with|being|namely)\b|, and was\b)"
)


def as_part(each: Measurement, parts: Sequence[int]) -> Measurement:
    """Return a count that is that of one of a study's groups as of that group."""
    free = each.statistic == "count" and each.n is None and each.denominator is None
    return replace(each, n=each.numerator) if free and each.numerator in parts else each


def counts_all(cohort: Cohort, each: Measurement, measured: Sequence[Measurement]) -> bool:
    """Tell whether a count is one of those that add up to the group: 46 were cervical, 20 and 26.

    Where nobody is said to have two tumours each of them is a patient.
    """
    if each.unit not in _BORNE or each.unit in cohort.things or each.n not in {None, cohort.size}:
        return False
    if each.unit == "tumours" and each.measure in MIX:
        return (each.numerator or 0) < cohort.size
    parts = [one for one in measured if one.unit in _BORNE and one.statistic == "count"]
    own = all(one.denominator in {None, cohort.size} for one in parts)
    return len(parts) > 1 and own and sum(one.numerator or 0 for one in parts) == cohort.size


def is_reckoned(cohort: Cohort, low: str, each: Measurement) -> bool:
    """Tell whether a count and its percent agree with the group, though reckoned of others beside it.

    "81 patients (76 men) ... 4 patients (5%)": the source prints neither as the whole.
    """
    whole, percent = each.denominator, each.percent
    if whole in {None, cohort.size} or percent is None or each.unit != "patients" or each.group:
        return False
    return str(whole) not in low and agrees(each.numerator or 0, cohort.size, percent, rounded=True)


def is_share_of(
    cohort: Cohort, low: str, each: Measurement, measured: Sequence[Measurement]
) -> bool:
    """Tell whether a rate, an average or a range is of the whole group."""
    beside = _COUNT_AHEAD.search(low, max(0, each.start - 70), each.start)
    alone = beside and low.startswith(")", each.end) and beside["k"] not in {"one", "two"}
    if each.percent is not None and beside and alone:
        # "six schwannomas (17.1 %)": of those whom the count beside it makes such a part
        return agrees(int(parse_number(beside["k"])), cohort.size, each.percent)
    if each.measure is None and each.statistic in {"value", "range"}:
        return False  # how long, how much of what was done
    if each.percent is not None and names_things(low, each):
        # Where nobody is said to have two tumours each of them is a patient.
        return names_tumours(low, each) and not cohort.things
    if is_of_things(cohort, low, each):
        return False
    overall = _OVERALL.search(low, 0, each.start)
    if not overall and _after_part(cohort, low, each, measured):
        return False
    if (each.measure or "").startswith("time_to") and each.measure != "time_to_treatment":
        return False  # to an event that some had
    if _are_parted(cohort, low, each, measured):
        return False  # two numbers of one measure at one time are of two groups
    averaged = each.statistic in {"mean", "median"} or bool(each.spread)
    told = each.percent is None or averaged or is_estimated(each)
    # "About half": of no whole number of patients.
    told = told or (each.operator == "~" and cohort.sure)
    told = told or each.ci_low is not None or _ESTIMATED.search(low, 0, each.start) is not None
    fits = cohort.sure or is_telling(each.percent or 0.0, cohort.size)
    return told or (fits and is_whole(each.percent or 0.0, cohort.size))


def _are_parted(
    cohort: Cohort, low: str, each: Measurement, measured: Sequence[Measurement]
) -> bool:
    """Tell whether a number and its fellows are told of different patients."""
    if _OF_ALL.search(low, max(0, each.start - 60), each.start):
        return False
    fellows = [one for one in measured if one.unit == each.unit and one.statistic == each.statistic]
    # What stands behind a number parts it from all others, and those of its measure from it.
    parting = [one for one in fellows if one is each or one.measure == each.measure]
    if (
        len(fellows) > 1
        and not make_whole(cohort, each, measured)
        and any(
            _RIGHT_BEHIND.match(low, one.end)
            and not ALL_OF_THEM.match(low, one.end)
            and not _is_timed(low, one)
            for one in parting
        )
    ):
        return True
    rivals = [each, *(other for other in measured if _rivals(each, other))]
    if each.percent is not None and _leads_bracket(low, each, rivals[1:]):
        return False  # "2.2% (3.0% and 1.4%)": of all, then of groups
    # "61% at 5 years and 39% at 10; in group A the figures were": those have a group of their own.
    rivals = [one for one in rivals if not (one.n and ";" in low[each.end : one.start])]
    rivals = [one for one in rivals if _is_of_disease(low, one) == _is_of_disease(low, each)]
    if len(rivals) < 2 or make_whole(cohort, each, measured):
        return False
    start, end = min(one.start for one in rivals), max(one.end for one in rivals)
    listed = "respectively" in low
    course = each.percent is None and (each.time_text is None or " and " in each.time_text)
    if course and _COURSE.search(low, max(0, start - 40), end + 40 * listed):
        return False  # before and after
    row = any(_ROW.fullmatch(low, one.end, other.start) for one in rivals for other in rivals)
    even = each.percent is not None and (listed or not is_estimated(each))
    parted = _PARTED.search(low, 0 if listed else max(0, start - 60), end + 60)
    if each.percent is not None and _FURTHER.search(low, start, end):
        return not all(is_whole(one.percent or 0.0, cohort.size) for one in rivals)
    wholes = is_estimated(each) or all(is_whole(one.percent or 0.0, cohort.size) for one in rivals)
    return not even or (row and not listed) or bool(parted) or not wholes


def _leads_bracket(low: str, each: Measurement, rivals: Sequence[Measurement]) -> bool:
    """Tell whether all the rates beside one stand in the brackets right behind it."""
    if not rivals or not low.startswith(" (", each.end):
        return False
    close = low.find(")", each.end)
    return all(each.end < one.start < close for one in rivals)


def _is_of_disease(low: str, each: Measurement) -> bool:
    """Tell whether the name right ahead of a rate is of those alone who died of their disease."""
    named = [*_SURVIVAL.finditer(low, max(0, each.start - 80), each.start)]
    return bool(named) and named[-1]["of"] is not None


def _is_timed(low: str, each: Measurement) -> bool:
    """Tell whether a number's own time stands right behind it: 7 before and 2 after surgery."""
    told = (each.time_text or "").lower()
    return bool(told) and low[each.end :].lstrip(" (").startswith(told)


def is_dealt(low: str, each: Measurement, measured: Sequence[Measurement]) -> bool:
    """Tell whether rates of one measure at one time are of groups: "62%, 77% and 98%, respectively".

    What adds up to all of them are the shares of one group.
    """
    if None in {each.percent, each.measure} or "respectively" not in low:
        return False
    if each.measure in MIX or dealing_rules().kinds.search(low):
        return False  # the commonest of many kinds need not make up all
    same = (each.measure, each.statistic, each.time_months, each.time_text)
    row = [
        one.percent
        for one in measured
        if one.percent is not None
        and (one.measure, one.statistic, one.time_months, one.time_text) == same
    ]
    return len(row) > 1 and abs(sum(row) - _ALL) > 2


def make_whole(cohort: Cohort, each: Measurement, measured: Sequence[Measurement]) -> bool:
    """Tell whether the percents of a sentence are all parts of the group: 60%, 30% and 10%."""
    parts = [one.percent for one in measured if one.percent is not None]
    low, high = _WHOLE_SUM
    whole = each.percent is not None and len(parts) > 1 and low <= sum(parts) <= high
    return whole and all(is_whole(one, cohort.size) for one in parts)


def leads_groups(low: str, each: Measurement, measured: Sequence[Measurement]) -> bool:
    """Tell whether a number stands ahead of those of all groups: 9 months, 11 in A and 8 in B."""
    if not _GOES_ON.match(low, each.end) or rules().part.found(low[: each.start]):
        return False
    parts = [one for one in measured if one.start >= each.end and one.statistic == each.statistic]
    parts = [one for one in parts if one.measure == each.measure and one.unit == each.unit]
    values = [value for one in parts if (value := value_of(one)) is not None]
    own = value_of(each)
    groups = {one.group for one in parts}
    if len(values) < 2 or own is None or None in groups or len(groups) != len(parts):
        return False
    return min(values) <= own <= max(values)


def is_estimated(each: Measurement) -> bool:
    """Tell whether a rate is estimated from those at risk, and so no whole number of patients."""
    return (each.measure or "").endswith("_survival") or each.measure in rules().estimated


def may_be_of(each: Measurement, size: int | None, concepts: Mapping[str, Concept]) -> bool:
    """Tell whether a percent can be a share of so many: 68% of 21 is no whole number of them."""
    told = each.percent if each.numerator is None and each.statistic == "percent" else None
    concept = concepts.get(each.measure or "")
    extent = concept is not None and (
        not _EXTENTS.isdisjoint(concept.units) or may_measure_one(concept)
    )
    return told is None or size is None or extent or is_estimated(each) or is_whole(told, size)


def _after_part(
    cohort: Cohort, low: str, each: Measurement, measured: Sequence[Measurement]
) -> bool:
    """Tell whether a part of the patients is counted ahead of a number: it may be of them."""
    parts = [
        one
        for one in measured
        if one.start < each.start and (one.numerator or cohort.size) < cohort.size
    ]
    if parts and is_estimated(each):
        told = _RATE.search(low, parts[-1].end, each.start) is not None
        if told or parts[-1].measure in rules().estimated:
            return not told
    if parts and _is_aside(low, parts[-1], each):
        return False
    # "From 45% (38/85) to 88%": those counted first are no group of the second.
    if parts and parts[-1].measure == each.measure and _CHANGED_TO.search(low, 0, each.start):
        return False
    # "Complications in 9 (A in 5.8%)": no whole number of the nine.
    if each.percent is not None and not is_estimated(each) and each.statistic == "percent":
        parts = [one for one in parts if is_whole(each.percent, one.numerator or 0)]
    # Men and women, first and second operations: all of them are told of.
    whole = len(parts) > 1 and sum(one.numerator or 0 for one in parts) == cohort.size
    sexes = each.measure == "age" and all(one.measure == "sex" for one in parts)
    return bool(parts) and not whole and not sexes


def _is_aside(low: str, part: Measurement, each: Measurement) -> bool:
    """Tell whether another thing that all patients have is told behind some: 9 had a leak; the stay was 12 days."""
    fresh = low.rfind("; ", part.end, each.start)
    held = part.measure in _DONE or each.measure in {None, part.measure}
    if fresh < 0 or held or _POINTS.search(low, fresh, each.start):
        return False
    return is_followed(load_concepts().get(each.measure or "")) or each.measure in rules().initial


def _rivals(each: Measurement, other: Measurement) -> bool:
    return (
        other is not each
        and other.measure == each.measure
        and other.unit == each.unit
        and other.statistic == each.statistic
        and other.time_text == each.time_text
        and other.numerator is None
    )


def is_telling(percent: float, size: int) -> bool:
    """Tell whether a percent as printed fits few numbers of so many: not each of 745 as 95 % does."""
    return size * rounding_of(percent) < _ALL


def is_whole(percent: float, size: int) -> bool:
    """Tell whether a percent can be a whole number of so many patients."""
    part = round(percent * size / 100)
    return any(agrees(near, size, percent) for near in (part - 1, part, part + 1) if near >= 0)
