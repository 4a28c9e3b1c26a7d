"""Tell numbers that bound a group or a class of patients from those that measure something."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.measurements.categories import is_band, is_category, is_weighed
from ingest.numbers.quantity import COUNTED, STRETCHES, Quantity
from ingest.numbers.scene import Sitting

_CRITERION = build_rule(r"(?:[<>≤≥]|< ?or ?=|> ?or ?=)\s*$")
# "Ki-67 above 20 %": a bound on what is no measure of ours, named in blanked letters.
_LEVEL_BOUND = build_rule(
    r"\b(?:with|had|has|have|an?|whose|showed|exhibited|having) (?:an? |the )?(?:(?!(?:in|was|were|is|are|rates?|incidence|proportion|success|mortality|survival|risk)\b)[a-z-]+ ){1,4}(?:of )?(?:less than|more than|greater than|lower than|higher than|below|above|over|under|exceeding|at least) $"
)
_OF_PEOPLE = re.compile(
    r"\s*(?:\([^()]*\)\s*)?of (?:the |all |these |our )*(?:[a-z-]+ )?(?:patients|participants|cases|women|men|children|individuals|subjects)\b"
)
_BLANKED = re.compile(
    r"#\s*(?:index |expression |level |labell?ing )?(?:of )?(?:>|<|≥|≤|above|below|over|under|more than|less than|at least|greater than)\s*=?\s*$"
)
# "surgery longer than 4 hours was associated with infection"
_FACTOR = build_rule(
    r"\b(?:was|were|are|is|had|have|been) (?:\w+ ){0,3}(?:associated with|correlated with|related to|predictors?|predictive|risk factors?|prognostic)\b"
    r"|\b(?:predict(?:s|ed)|increase[sd]? the (?:risk|odds))\b"
)
# "bleeding of more than 2000 ml in 60 patients": what makes the group that is counted.
_THEN_COUNTED = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:(?:was|were) (?:\w+ly )?(?:seen|found|noted|observed|present|detected|recorded) (?:(?:on|by|at) (?:[\w-]+ ){1,4}?)?|occurred |developed )?(?:in|for) (?:only )?\d"
)
_BY = ("by more than ", "by at least ", "by over ")
# "37 cages had subsided by more than 3 mm"
_MOVED_BY = re.compile(r"\d.{1,30}\b(?:subsid|migrat|shift|displac|sank|sunk)\w* by [a-z ]{0,12}$")
# "in the group with more than two resections"
_OF_MORE = build_rule(
    r"\b(?:with|of|after|for|having|had|undergoing|involving) (?:more than|less than|fewer than|at least|over|up to) $"
)
# "those who lived longer than a year had less pain": who is told of, with a verb of their own behind
_WHO_LIVED = re.compile(
    r"^(?:in |for |among )?(?:the |all |those )?(?:patients|subjects|participants|those|cases|women|men|children|survivors|individuals) (?:who (?:had )?(?:survived|lived|were alive)|surviving|living|alive)\b[^.;]{0,30}$"
)
# "those with a SINS above 12 had more pain relief"
_WITH_SCORE = re.compile(
    r"^(?:in |for |among )?(?:the |all |those )?(?:patients|subjects|participants|those|cases|women|men|children|individuals) (?:with|who had|having) (?:an? |the )?(?:[\w-]+ ){0,4}?(?:score )?(?:of )?(?:above|over|below|under|[<>≥≤]=?|at least|at most|more than|less than|higher than|lower than|greater than|exceeding) $"
)
# "44% of those with 29-31 points": the score of a group
_SCORING = build_rule(
    r"\b(?:patients|subjects|participants|those|cases|women|men|children|individuals) (?:with|who had|having|scoring) (?:(?!(?:mean|median|average)\b)[a-z-]+ ){0,3}?(?:scores? )?(?:of |between |from )?[<>≥≤]?=? ?$"
)
# "It helps those with a relapse-free survival | > 1 year"
_WITH_BOUND = build_rule(
    r"\b(?:the|those|in|for|of|among|these) (?:patients|participants|those|cases|women|men|children|individuals|subjects)? ?(?:with|who had|having) (?:an? |the )?(?:[\w-]+ ){0,3}[\w-]+\s?$"
)
_SIZED = build_rule(r"\s*[(\[]n ?= ?\d+[)\]]")
_TELLS = re.compile(r"[^.;]{0,30}?\b(?:had|were|showed|experienced|reported|lived|survived|did)\b")
# "11% at less than 20 Gy": what makes the group
_AT_DOSE = re.compile(r"% (?:at|for|with|after) (?:[<>≥≤]=? ?|less than |more than |at least )?$")
# "mortality was 12% with a kyphosis of | 40° and 3% with a kyphosis of | 10°"
_AT_EACH = re.compile(
    r"% (?:at|for|with|in|after) (?:an? |the )?(?:(?!mean|median|average|total)[a-z-]+ ){0,2}(?P<what>[a-z-]+) (?:of|over|above|below|under|exceeding) $"
)
# "Patients with a clot of 4 cm or more were"
_WHO_HAVE = build_rule(
    r"\b(?:patients|subjects|participants|those|cases|women|men|children|individuals|groups?) (?:(?:undergoing|after|treated) (?:[\w-]+ ){1,4})?(?:with|having|who had) (?:an? |the )?(?:[\w-]+ ){1,5}?of $"
)
# "A loss of height of 30% or more was seen in 12%": what is counted.
_OR_MORE = re.compile(
    r"\s*or (?:more|greater|higher|above|over|less|lower|fewer|below|worse|better)\b(?! than)"
)
# "Radiation plus 6 months of suppression led to a shorter life": how long they were treated
_OF_TREATMENT = re.compile(
    r" of (?:[a-z-]+ ){0,3}(?:suppression|treatment|[a-z]*therapy|bracing|immobili[sz]ation|observation|rehabilitation|medication|deprivation|use)\b"
)
_LASTING = frozenset(["overall_survival", "durability_of_benefit"])
_SIGNS = frozenset(["<", ">", "<=", ">="])


def is_criterion(sitting: Sitting, quantity: Quantity, measure: str | None) -> bool:
    """Tell whether a bounded number makes a group that others are told of: >5 lesions."""
    if quantity.operator in _SIGNS and _bounds_group(sitting, quantity, measure):
        return True
    low = sitting.scene.low
    if is_category(low, quantity) or is_band(low, quantity):
        return True
    if quantity.form == "value" and _OR_MORE.match(low, quantity.end):
        return _WHO_HAVE.search(low, 0, quantity.start) is not None
    if " or " in low and quantity.form == "percent" and _OR_MORE.match(low, quantity.end):
        return any(quantity.end < each.start for each in sitting.scene.quantities)
    if (
        quantity.unit == "points"
        and quantity.form in {"score", "value"}
        and _SCORING.search(low, 0, quantity.start)
    ):
        return True
    if (
        measure in _LASTING
        and quantity.unit in STRETCHES
        and _OF_TREATMENT.match(low, quantity.end)
    ):
        return True
    ranged = quantity.low is not None and quantity.value is None
    if ranged and _SIZED.match(low, quantity.end) and len(_SIZED.findall(low)) > 1:
        return True  # "0-3 points (n = 18), 4-6 points (n = 27)": what makes the groups
    told_at = quantity.unit == "Gy" and _AT_DOSE.search(low, 0, quantity.start)
    if told_at or (quantity.form == "percent" and measure is None and _bounds_level(low, quantity)):
        return True
    each = _AT_EACH.search(low, 0, quantity.start) if "% " in low else None
    if each and low.count(f"{each['what']} ") > 1:
        return True
    symbol = _CRITERION.search(low[: quantity.start])
    if symbol is None:
        return False
    if _bounds_scale(sitting, symbol) or _WITH_BOUND.search(low, 0, symbol.start()):
        return True
    concept = sitting.scene.concepts.get(measure) if measure else None
    if concept and concept.facet == "scales":
        return True
    if quantity.form == "percent":
        return measure is None
    if re.search(r"\b[a-z]+\s?[<>≤≥]=?\s*$", low[: quantity.start]):
        at = low[: quantity.start].rstrip(" <>≤≥=")
        # "with a delay >24 h" makes a group; "blood loss >2000 ml" is a finding.
        if not any(each.end == len(at) for each in sitting.scene.mentions):
            return True
    compared = any(each.form in {"p", "effect"} for each in sitting.scene.quantities)
    return compared or quantity.form == "count"


def _bounds_group(sitting: Sitting, quantity: Quantity, measure: str | None) -> bool:
    """Tell whether the words around a number with a sign make it the bound of a group or factor."""
    low = sitting.scene.low
    if quantity.form in {"value", "score", "count"} and (
        _FACTOR.search(low, quantity.end) or is_weighed(sitting, quantity)
    ):
        return True
    if measure in _LASTING and quantity.form == "value" and _counts(sitting, quantity):
        return True  # "35 % lived longer than a year"
    one = quantity.operator == ">=" and 1 in (quantity.numerator, quantity.value)
    if one and _counts(sitting, quantity):
        return True  # "22% had at least one event"
    ahead = low[max(0, quantity.start - 48) : quantity.start]
    if _BLANKED.search(ahead) or _MOVED_BY.search(ahead):
        return True
    opening = low[: quantity.start]
    if _WITH_SCORE.match(opening) and _TELLS.match(low, quantity.end):
        return True
    if quantity.unit in STRETCHES and _WHO_LIVED.match(opening):
        return True
    if quantity.form == "value" and _THEN_COUNTED.match(low, quantity.end):
        return True
    if quantity.form == "percent" and low.endswith(_BY, 0, quantity.start):
        # "Amplitudes fell by more than 50% in 14 operations"
        return _THEN_COUNTED.match(low, quantity.end) is not None
    things = quantity.form == "count" and quantity.unit != "patients"
    return things and _OF_MORE.search(ahead) is not None


def _bounds_level(low: str, quantity: Quantity) -> bool:
    """Tell whether a percent bounds a level that some have: an ejection fraction below 50%."""
    if quantity.operator not in _SIGNS:
        return False
    return bool(
        _LEVEL_BOUND.search(low, 0, quantity.start) and not _OF_PEOPLE.match(low, quantity.end)
    )


def _bounds_scale(sitting: Sitting, symbol: re.Match[str]) -> bool:
    """Tell whether a sign makes a number the bound of a scale named right before it: SINS >= 7."""
    return any(
        sitting.scene.concepts[each.concept].facet == "scales"
        and not sitting.scene.low[each.end : symbol.start()].strip(" ,")
        for each in sitting.scene.mentions
        if each.end <= symbol.start()
    )


def _counts(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether people are counted before a number: they are told of, the number bounds them."""
    return any(
        each.form in COUNTED and each.end <= quantity.start for each in sitting.scene.quantities
    )
