"""Tell numbers that only make a class of patients: a score of 2-3, a bound that is weighed."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting

_OPENS_BRACKET = re.compile(r"(?: [a-z%]+){0,2} [(\[]")
# "12 months for a score of 0-1, 9 months for 2 and 4 months for 3-4": what makes the groups
_CATEGORY_AHEAD = re.compile(
    r"(?:months?|years?|weeks?|days?|%)(?: \([^()]*\))? (?:for|in|with)(?: (?:an? |the )?(?:[a-z-]+ ){0,2}(?:scores?|grades?)(?: of)?)? $"
)
_CATEGORY_ENDS = re.compile(r"(?: points?)?(?:[,;.]| and |$)")
# "of patients with 0-1, 2-3 and 4-5 points"
_OF_CATEGORIES = build_rule(
    r"\b(?:patients|individuals|subjects|participants|those|cases) with (?:scores? of )?\d[\d-]*(?:, \d[\d-]*)*,? (?:and|or) $"
)
# "62% of patients with a SINS below 7, 58% of those with 7 to 12": the scores of whom each is told
_BAND = build_rule(
    r"% (?:of|in|for|among) (?:the |all )?(?:patients|individuals|subjects|participants|those|cases|women|men) (?:(?:with|having|scoring) (?:an? |the )?(?:(?!(?:had|was|were|and|mean|median)\b)[a-z-]+ ){0,4}?)?"
    r"(?:(?:of|below|above|over|under|between|less than|more than|at least|from) )?(?:\d[\d.]* ?(?:to|and|or|-|–) ?)?$"
)


def is_category(low: str, quantity: Quantity) -> bool:
    """Tell whether a number is the points of those whom others are told of: 9 months for 2 and 4 for 3-4."""
    if quantity.form not in {"score", "value"} or quantity.unit not in {None, "points"}:
        return False
    if _OF_CATEGORIES.search(low, 0, quantity.start):
        return True
    ahead = _CATEGORY_AHEAD.search(low, 0, quantity.start)
    return ahead is not None and _CATEGORY_ENDS.match(low, quantity.end) is not None


def is_band(low: str, quantity: Quantity) -> bool:
    """Tell whether a bare number behind a share is the score of those whose share it is."""
    if "% " not in low or quantity.unit not in {None, "points", "patients", "percent"}:
        return False
    bare = not any(
        each in low[quantity.start : quantity.end + 2] for each in ("%", "patient", "case")
    )
    return bare and _BAND.search(low, 0, quantity.start) is not None


def is_weighed(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a bound is that of a factor whose effect stands in brackets: a score <70 (HR 2)."""
    behind = _OPENS_BRACKET.match(sitting.scene.low, quantity.end)
    return behind is not None and any(
        each.form == "effect" and each.start == behind.end() for each in sitting.scene.quantities
    )
