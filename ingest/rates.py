"""Tell rates that are printed as parts of one: a survival of 0.63 at one year."""

from __future__ import annotations

import re

from ingest.model import Concept
from ingest.quantity import Quantity

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
_AS_PART = re.compile(
    r"\b(?:rates?|probabilit(?:y|ies)|survivals?|control|estimates?)\b(?:(?!\bp\b)(?:[^.;()\[\]]|(?<=\d)\.(?=\d)))*(?:\b(?:was|were|of|is|and|to)|,)\s*$"
)


def is_rate(quantity: Quantity, concept: Concept, low: str) -> bool:
    """Tell whether a bare decimal is a rate: the survival rate was 0.63 at one year."""
    part = quantity.form == "score" and is_part(quantity, concept.id)
    return part and bool(_AS_PART.search(low, 0, quantity.start))


def is_part(quantity: Quantity, measure: str) -> bool:
    """Tell whether a number can be a part of one in a rate."""
    return 0 < (quantity.value or 0.0) < 1 and measure in _RATES
