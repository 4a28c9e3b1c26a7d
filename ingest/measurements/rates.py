"""Tell rates that are printed as parts of one: a survival of 0.63 at one year."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.model import Concept, Mention
from ingest.numbers.quantity import Quantity

# Rates that are told as a part of one as well: a survival of 0.63 at one year.
_RATES = frozenset(
    [
        "overall_survival",
        "progression_free_survival",
        "disease_free_survival",
        "event_free_survival",
        "metastasis_free_survival",
        "recurrence_free_survival",
        "local_control",
    ]
)
OF_TESTS = frozenset(
    [
        "sensitivity",
        "specificity",
        "diagnostic_accuracy",
        "positive_predictive_value",
        "negative_predictive_value",
    ]
)
"""How well a test tells: of these alone any part of one is a rate."""
_NEXT = re.compile(
    r"(?:(?!predictive|\bppv|\bnpv|accurac|false|true|likelihood|\bauc|\bcurve|\bcut-?off|threshold|percentage|\b(?:sensitivity|specificity|increase|score)\b)[^;%\d]|(?<=[a-z])\d){0,80}"
)
# "The score predicted actual | survival | in 52% of patients": how often it was right
_PREDICTED = re.compile(
    r"\bpredict(?:s|ed|ing)?(?: (?:the|actual|their|real|patients?|patient's|overall)){0,3} $"
)
_IN_SO_MANY = re.compile(r" (?:(?:correctly|accurately|rightly) )?in (?:only |about )?")
_NAMED_BEHIND = re.compile(
    r"\s*(?:pooled |overall |mean )?(?:sensitivity|specificity|accuracy|(?:positive|negative) predictive|[pn]pv)\b"
)
_RIGHT_AHEAD = re.compile(r"\s*(?:pooled |overall |mean |detection )?")
_AS_PART = re.compile(
    r"\b(?:rates?|probabilit(?:y|ies)|survivals?|control|estimates?)\b(?:(?!\bp\b)(?:[^.;()\[\]]|(?<=\d)\.(?=\d)))*(?:\b(?:was|were|of|is|and|to)|,)\s*$"
)


def without_tests(mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Return mentions without evoked potentials where their accuracy is told: they are the test."""
    if not any(each.concept in OF_TESTS for each in mentions):
        return mentions
    return [each for each in mentions if each.concept != "spinal_cord_evoked_potentials"]


def of_another(quantity: Quantity, mention: Mention, low: str) -> bool:
    """Tell whether a number is of another property of a test than the sensitivity that is named."""
    if mention.concept not in OF_TESTS:
        foretold = _IN_SO_MANY.fullmatch(low, mention.end, quantity.start)
        return bool(foretold and _PREDICTED.search(low, 0, mention.start))
    if mention.end <= quantity.start:
        if _NAMED_BEHIND.match(low, quantity.end):
            return True
        return not _NEXT.fullmatch(low, mention.end, quantity.start)
    return not _RIGHT_AHEAD.fullmatch(low, quantity.end, mention.start)


def rates_scale(quantity: Quantity, concept: Concept, mentions: Sequence[Mention]) -> bool:
    """Tell whether a part of one is how well a scale tells something: an accuracy of 0.82 for SINS."""
    if quantity.form != "score" or concept.facet != "scales" or "fraction" in concept.units:
        return False
    told = 0 < (quantity.value or 0.0) < 1
    return told and any(
        each.concept in OF_TESTS and each.end <= quantity.start for each in mentions
    )


def is_rate(quantity: Quantity, concept: Concept, low: str) -> bool:
    """Tell whether a bare decimal is a rate: the survival rate was 0.63 at one year."""
    part = quantity.form == "score" and is_part(quantity, concept.id)
    if part and concept.id in OF_TESTS:
        return True
    return part and bool(_AS_PART.search(low, 0, quantity.start))


def is_part(quantity: Quantity, measure: str) -> bool:
    """Tell whether a number can be a part of one in a rate."""
    value = quantity.value or 0.0
    return (0 < value < 1 and measure in _RATES) or (0 < value <= 1 and measure in OF_TESTS)
