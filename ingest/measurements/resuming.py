"""Tell which measure a pronoun or a general noun ahead of a number stands for: it fell to 3."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingest.language.starts import build_rule
from ingest.measurements.attachment import compatible
from ingest.measurements.effects import RATIOS
from ingest.model import Concept, Measurement
from ingest.numbers.quantity import COUNTED, MEASURED, Quantity
from ingest.numbers.scene import Sitting
from ingest.vocabulary import is_followed

_NOUN = r"(?:scores?|values?|figures?|levels?|rates?|percentages?|proportions?)"
_WENT = r"(?:was|were|had|averaged|reached|amounted to|fell|rose|dropped|went|(?:(?:in|de)creas|improv|declin|reduc|chang|recover|worsen|deteriorat|correct|diminish)(?:ed|es|e))"
# When and in whom it was so.
_AMID = r"(?:(?:in|for|of|after|with|among) (?:the )?(?:[^.;:()\d]{1,70} )?(?:groups?|arms?|cohorts?|patients) (?:[a-z] and [a-z] )?)?(?:(?:had|then|also|at|after|before|on|in|for|of|the|last|final|latest|follow-?up|discharge|[a-z]*operatively|surgery|operation|treatment|group|arm|cohort|[a-z]+ly|[a-z]|\d|(?:days?|weeks?|months?|years?)),? ){0,8}?"
# "it was 3", "the postoperative score fell to 3", "the value at one year was 3"
_RESUMES = build_rule(
    rf"(?:^|[,;:(] |\b(?:and|but|while|whereas|which|then|later) |^[^,]{{3,60}}, |(?:^|; (?:and |but )?)(?:at|by|on|after|within) [^,;:()]{{3,40}} |#,? |; (?:for|in|after|with|among) [^,;:()\d]{{3,50}} )(?:it|(?:the|their|this|these|that|those) (?:(?:mean|median|average|corresponding|[a-z]*operative|\S{{1,3}}-(?:day|week|month|year)|#+|follow-up|final|last|latest|later|initial|baseline|immediate|same) )*{_NOUN}) {_AMID}{_WENT}\b[^;:(]{{0,60}}$"
    # "embolization reduced it from 9"
    r"|\b(?:reduced|decreased|increased|raised|lowered|shortened|prolonged|improved|corrected) (?:it|this|these|them) (?:\w+ly )?(?:from|to|by) (?:an? )?(?:(?:mean|median|average) )?(?:of )?$"
)
_IN_OTHERS = re.compile(
    r"(?: points?)?(?: ?\([^()]*\))?(?: (?:in|for|after|with|among) [^,;.()\d]{2,50})?,? (?:and|but|versus|vs\.?|compared (?:with|to)) "
)
_BEGINS = re.compile(
    rf"(?i)(?:[^,.;]{{3,60}}, |(?:in|for|after|with|among) [^,;:()\d]{{3,50}} (?=the )|(?:at|by|on|after) [^,;:()]{{3,40}} (?=the )|at (?:that|this|the same) (?:time ?point|time|visit),? )?(?:it|(?:the|this|these) (?:(?:mean|median|average|corresponding|[a-z]*operative|same) )*{_NOUN}) {_AMID}{_WENT}\b"
)
# "Scores in group A were 7 and 3; | those of group B were | 7 and 2"
_THOSE_WERE = re.compile(
    r"[,;] (?:and |while |whereas )?those (?:of|in|for) [^,;:()]{2,50} (?:were|was|averaged) (?:[^;:()]|\([^()]*\)){0,60}$"
    # "; it was also higher in A than in B (7"
    r"|[;,] (?:and |but )?it was (?:[a-z]+ ){0,2}(?:higher|lower|greater|longer|shorter|rarer|commoner|better|worse)\b [^();:]{3,120}\((?:[^;:()]{1,12} (?:vs?\.?|versus) )?$"
)
_NEXT = re.compile(r"(?: ?(?:points?|±[^,;]{1,8}))?,? (?:and )?")
# "Relapse was seen in 8 (24%); | it was seen in | 3 of 24 with wide margins"
_IT_WAS_IN = re.compile(
    r"[;,] (?:and |but |however, )?it (?:was|occurred|developed|arose|happened)(?: (?:seen|noted|found|observed|present|more [a-z]+))? in (?:only )?$"
    # "at a year this applied to | 3", "this was the case in | 3 of 20"
    r"|[;,] (?:and |but )?(?:(?:at|after|in|with) [^,;:.()]{3,50}?,? )?(?:this|which|the same) (?:applied to|(?:was|were) (?:(?:the case|so|true) (?:in|of|for)|(?:seen|found|noted|observed) in)|held (?:true )?(?:in|for|of)) (?:only )?$"
)
# "The anterior stage took 7 hours | and the posterior stage | 11 hours"
_GAPPED = re.compile(
    r",? (?:and|but|while|whereas) (?:in |for )?(?:the |an? )?(?P<subject>(?:[a-z-]+ ){1,4})(?:about |only |approximately )?"
)
_RATES = re.compile(r"(?i)\b(?:rates?|percentages?|proportions?|figures)\b")
# How far into a sentence its subject stands, in characters.
_HEAD = 130


def resumed(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the measure told before that a number goes on with, None where the words name none."""
    low, last = sitting.scene.low, sitting.found[-1] if sitting.found else None
    if quantity.form in COUNTED and last and last.measure:
        told = [each for each in sitting.found if each.statistic in {"count", "percent"}]
        if told and _IT_WAS_IN.search(low, told[-1].end, quantity.start):
            return told[-1].measure
    if quantity.form not in MEASURED and quantity.percent is None:
        return None
    if last and last.measure and _leaves_verb(sitting, last, quantity):
        return last.measure
    if last and _is_listed(sitting, last, quantity):
        return last.measure
    begin = last.end if last else 0
    if last and last.measure and _THOSE_WERE.search(low, begin, quantity.start):
        return last.measure if quantity.unit in {last.unit, None} else None
    if not (_RESUMES.search(low, begin, quantity.start) or _is_of_others(sitting, quantity)):
        return None
    name = last.measure if last else sitting.inherited
    concept = sitting.scene.concepts.get(name or "")
    rated = quantity.percent is not None and (last is None or last.percent is not None)
    goes_on = concept is not None and (is_followed(concept) or rated)
    if concept is None or not goes_on or not compatible(quantity, concept):
        return None
    alike = last is None or quantity.unit in {last.unit, None}
    return concept.id if alike else None


def _is_listed(sitting: Sitting, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a number goes on with a row that took up a measure: those of B were 7, | 3 and 2."""
    if last.measure is None or quantity.unit not in {last.unit, None}:
        return False
    plain = _NEXT.fullmatch(sitting.scene.low, last.end, quantity.start)
    return plain is not None and _THOSE_WERE.search(sitting.scene.low, 0, last.start) is not None


def _leaves_verb(sitting: Sitting, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a second subject named alike leaves out the verb that the first one had."""
    low = sitting.scene.low
    told = _GAPPED.fullmatch(low, last.end, quantity.start) if quantity.unit == last.unit else None
    if told is None or quantity.unit is None or quantity.form != "value":
        return False
    return any(len(word) > 3 and word in low[: last.start] for word in told["subject"].split())


def _is_of_others(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a value is of others than the one of a pronoun before it: it was 3 in men and 4 in women, they were 3 and 4."""
    last = sitting.found[-1] if sitting.found else None
    if last is None or last.measure != sitting.inherited or last.measure is None:
        return False
    return _IN_OTHERS.fullmatch(sitting.scene.low, last.end, quantity.start) is not None


def antecedent(
    text: str, before: Sequence[Measurement], concepts: Mapping[str, Concept]
) -> str | None:
    """Return the one score or rate of the sentence before that "it" or "the rates" at a sentence's start is."""
    if not before or not _BEGINS.match(text):
        return None
    told = {each.measure for each in before}
    name = told.pop() if len(told) == 1 else None
    rates = [each.percent is not None for each in before if each.statistic not in RATIOS]
    rated = _RATES.search(text, 0, _HEAD) and rates and all(rates)
    return name if rated or is_followed(concepts.get(name or "")) else None
