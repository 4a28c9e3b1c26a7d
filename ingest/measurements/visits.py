"""Carry the time that a sentence tells to what the next one plainly tells of the same time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.language.starts import build_rule
from ingest.language.wording import lowered
from ingest.measurements.effects import RATIOS
from ingest.measurements.elidedtimes import NO_FINDING, at_time_of
from ingest.measurements.occasions import names_group, outside
from ingest.model import Measurement
from ingest.numbers.quantity import STRETCHES, Quantity
from ingest.numbers.times import EARLIER, find_occasions, find_times, says_after

# "At 2 years, 40 patients were examined."
_SEEN = re.compile(
    r"\b(?:was|were|could be) (?:\w+ly )?(?:re-?)?(?:examined|evaluated|assessed|reviewed|seen|interviewed|contacted|questioned|imaged|scanned|tested|available|alive)\b"
    r"|\b(?:patients|individuals|subjects|participants|survivors|women|men|children) (?:\([^()]*\) )?(?:returned|attended|completed|answered|underwent (?:a |an )?(?:[a-z-]+ )?(?:examination|evaluation|assessment|mri|ct|endoscopy|colonoscopy))\b"
)
_OF_THESE = re.compile(r"(?:of|among|in) (?:these|them|those)\b(?! (?:who|with|in)\b)")
# What a visit finds out about nobody: who they are, what they have, how long they were followed.
_NO_FINDING = NO_FINDING | {"follow_up", "histology", "tumour_level", "primary_site"}
# "The most common were a leak in 4 and a haematoma in 2", "These were ..."
_PARTS = re.compile(
    r"(?:these|they|those|(?:these |the |such )?(?:complications|adverse events|events|deaths|toxicities)) (?:were|was|included?|comprised|consisted of|involved)\b"
    r"|[^.;]{0,120}\b(?:was|were) (?:by far )?the (?:most (?:common|frequent)|commonest)\b"
    r"|the (?:(?:most (?:common|frequent)|commonest|main|leading|predominant|principal|major)(?: (?:\w+ )?(?:complications?|adverse events?|events?|ones?|toxicit(?:y|ies)|morbidit(?:y|ies)|causes?))?) (?:were|was|included?)\b"
)
_ALL = frozenset(["complications", "morbidity", "morbidity_and_mortality"])
# What may be of another time than the rate before it.
_OTHERWISE = re.compile(
    r"\b(?:total|overall(?! survival)|later?|subsequent\w*|further|additional|another|final\w*|crude|ultimately|eventually|in all|literature|reported|previous\w*|initial\w*|median|histor\w+|cumulative|lifetime|throughout|already|before|after|following|during|by then)\b"
)
_AGAINST = re.compile(r"\b(?:vs|versus|than|compared (?:with|to))\b")
_AFTER_GROUP = build_rule(r"\b(?:after|following) (?:the |an? )?$")
_AFTER = re.compile(r"\b(?:after|following)\b")
_CHANGED = re.compile(
    r"\b(?:improv|decreas|increas|fell|fall|rose|reduc|drop|declin|chang|recover|deteriorat|worsen)\w*"
)
_IT = re.compile(r"(?:it|this|the rates?|rates?) (?:was|were|is)\b")
_FACTORS = re.compile(r"\b(?:prognos\w+|predict\w+|factors?|surviv\w+|multivariate|univariate)\b")
# "At that time point 12 had died": whatever it is, it was so then.
_THEN = re.compile(
    r"\bat (?:that|this|the same) (?:time ?point|time|visit|point|interval)\b|\bby then\b"
)
# Units of what is measured at one time or another.
_VALUED = frozenset(["percent", "points", "ml", None])


def at_same_time(
    text: str, found: Sequence[Measurement], before: Sequence[Measurement]
) -> tuple[Measurement, ...]:
    """Return what was found, with the one time of the sentence before where it goes on about the same.

    "Five-year survival was 60%. It was 75% in the young and 40% in the old."
    """
    told = {(each.time_text, each.time_months) for each in before if each.time_text}
    if len(told) != 1 or any(each.time_text for each in found):
        return tuple(found)
    low = lowered(text)
    if _IT.match(low) and any(each.statistic in RATIOS for each in found):
        return tuple(_weighed(each, before) for each in found)
    # "Better after wide than after marginal excision (75% vs 42%)": what was done makes the groups.
    against = _AGAINST.search(low) is not None
    groups = [each.group for each in found if each.group]
    others = [
        each
        for each in _times(text)
        if not (against and says_after(low, each.start)) and not names_group(text, each, groups)
    ]
    # "It was 4% after one dose and 16% after several": so are those told as groups.
    against = against or any(_AFTER_GROUP.search(low, 0, text.find(each)) for each in groups)
    if others or _OTHERWISE.search(_AFTER.sub(" ", low) if against else low):
        return tuple(found)
    ((words, months),) = told
    return tuple(
        replace(each, time_text=words, time_months=months) if _goes_on(low, each, before) else each
        for each in found
    )


def _weighed(each: Measurement, before: Sequence[Measurement]) -> Measurement:
    """Return a ratio with the time of the rate that "it" stands for: what else is told of time is of factors."""
    rate = next(
        (one for one in before if each.measure in {None, one.measure} and one.time_text), None
    )
    return at_time_of(rate, each) if rate and each.statistic in RATIOS else each


def _goes_on(low: str, each: Measurement, before: Sequence[Measurement]) -> bool:
    """Tell whether a number is of what the sentence before tells of one time: the same rate, a part of the same."""
    if _THEN.search(low):
        return True
    if each.statistic in {"count", "percent"} and _PARTS.match(low):
        return any(one.measure in _ALL and one.time_text for one in before)
    if each.unit not in _VALUED or each.numerator is not None:
        return False
    alike = [one for one in before if _is_alike(low, each, one)]
    if not alike or any(one.time_text is None for one in alike):
        return False
    # How a score was at first is not how it is told to be next.
    early = (alike[0].time_text or "").lower().startswith(EARLIER)
    return each.percent is not None or not (early or _CHANGED.search(low))


def _is_alike(low: str, each: Measurement, one: Measurement) -> bool:
    """Tell whether two numbers are of the same, or both say what share of patients lived."""
    if one.unit != each.unit or one.numerator is not None:
        return False
    if each.measure is None:
        if each.percent is None:
            return False
        return bool(
            _IT.match(low) or (_lived(one) and _FACTORS.search(low) and "estimated" not in low)
        )
    return each.measure == one.measure or (_lived(each) and _lived(one))


def _lived(each: Measurement) -> bool:
    return each.percent is not None and (each.measure or "").endswith("survival")


def at_same_visit(text: str, found: Sequence[Measurement], before: str) -> tuple[Measurement, ...]:
    """Return what was found, with the one time at which the sentence before says that patients were seen.

    "At 2 years, 40 patients were examined. Of these, 5 had pain." A sentence with a time of its
    own has no other.
    """
    if not (_OF_THESE.match(lowered(text)) and _SEEN.search(lowered(before))):
        return tuple(found)
    told = _times(before)
    if len(told) != 1 or any(each.time_text for each in found) or _times(text):
        return tuple(found)
    words = before[told[0].start : told[0].end]
    return tuple(
        each
        if each.measure in _NO_FINDING or each.unit in STRETCHES
        else replace(each, time_text=words, time_months=told[0].months)
        for each in found
    )


def _times(text: str) -> list[Quantity]:
    """Return the times of a sentence, in words or with a number, that are no adjectives."""
    times = find_times(text)
    return [*times, *outside(find_occasions(text)[0], times)]
