"""Mend the measure of a number by the words right around it: what was needed, failed or lasted."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.measurements.counts import counted_measure
from ingest.measurements.items import died_of, is_other_item
from ingest.model import Mention
from ingest.numbers.quantity import COUNTED, Quantity
from ingest.numbers.scene import Sitting

_OF_THESE = re.compile(r"[,;(] ?(?:and |but )?of (?:whom|which|these|them),? (?:only )?$")
_OF_THESE_BEHIND = re.compile(
    r" (?:patients |individuals |subjects |participants |cases )?(?:\([^()]*\) )?of (?:whom|which|these|them)\b"
)
_OWN_DEED = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:patients |individuals |subjects |participants |cases )?(?:\w+ly )?(?:had|underwent|achieved|required|received|needed|developed|showed|experienced|suffered|reported|attained|reached|gained|took|used|stopped)\b"
)
_WAITED = build_rule(
    r"\b(?:after|at|within)(?: an?)?(?: mean| median| average)?(?: of)? (?:[\d.]+ (?:and|vs\.?|versus) )?$"
)
_DONE = re.compile(
    r"\bfusions? (?:was|were|became|had to be) (?:\w+ly )?(?:required|needed|necessary|added) in (?:only )?$"
)
_LASTED = build_rule(
    r"\b(?:for|lasted)(?: an?)?(?: further)?(?: mean| median| average)?(?: of)? (?:[\d.]+ (?:and|vs\.?|versus) )?$"
)
# "He noticed an unsteady gait for five months": what ailed him then was no walking.
_UNSTEADY = build_rule(
    r"\b(?:(?:unsteady|impaired|abnormal|disturbed|spastic|ataxic) gait|gait (?:disturbance|impairment|disorder|ataxia|instability))\b"
)
# "They retained the ability to walk for longer than the others (median 90 days)"
_KEPT_LONGER = build_rule(
    r"\b(?:retain|kept|maintain|preserv|walk)\w*\b[^.;]{0,60}?\b(?:longer|shorter)\b[^.;]*\((?:median |mean )?$"
)
_FAILED = re.compile(
    r" (?:patients |individuals |subjects |participants )?(?:\([^()]*\) )?failed\b"
)
_DAYS = frozenset(["h", "days", "weeks", "months"])
# "3 with disease" behind those who had none are no part of them.
_DISEASED = re.compile(
    r"\s*(?:patients?|individuals|subjects|participants?|cases?|others?|women|men|children)?\s*(?:who )?(?:(?:was|were|had|have|remained|alive|still) )*"
    r"(?:with )?(?:(?:an?|active|known|residual|recurrent|persistent|progressive|local|evidence of) )*disease\b(?!-)"
)


def mended(
    sitting: Sitting, quantity: Quantity, measure: str | None, mention: Mention | None
) -> tuple[str | None, Mention | None]:
    """Return a number's measure and its mention as the words right around it mend them."""
    low = sitting.scene.low
    if measure == "response_rate" and low.endswith(" by ", 0, quantity.start):
        measure, mention = None, None  # "the oedema regressed by 70%": no share of patients
    if measure == "recurrence_free" and _DISEASED.match(low, quantity.end):
        measure = "alive_with_disease" if "alive" in low or "surviv" in low else None
        mention = None
    bracketed = mention is not None and low.endswith(("(", "["), 0, mention.start)
    if measure == "simpson_grade" and quantity.form in COUNTED and bracketed:
        measure = counted_measure(sitting, quantity) or measure  # its bracket tells how complete
    stretch = quantity.form == "value" and quantity.unit in _DAYS
    if measure == "ambulation" and stretch:
        if _WAITED.search(low, 0, quantity.start):
            measure, mention = "time_to_ambulation", None  # "walking was possible after 2 days"
        elif (
            _goes_on_for(sitting)
            or (_LASTED.search(low, 0, quantity.start) and not _UNSTEADY.search(low))
            or _KEPT_LONGER.search(low, 0, quantity.start)
        ):
            measure, mention = "ambulation_duration", None  # "they walked for a median of 90 days"
    if measure == "bony_fusion" and _DONE.search(low, 0, quantity.start):
        measure, mention = "procedure_performed", None  # "fusion was required in 15"
    if died_of(sitting, quantity):
        measure, mention = "mortality", None
    elif measure == "remission" and _FAILED.match(low, quantity.end):
        measure, mention = None, None  # "48 achieved remission and 13 failed treatment"
    elif (
        _does_else(sitting, quantity, measure)
        or is_other_item(sitting, quantity, mention)
        or (mention and _WITH_DEED.search(low, mention.end, quantity.start))
    ):
        measure, mention = None, None
    return measure, mention


# "A fracture was seen in 15%, with surgery required in | 3"
_WITH_DEED = build_rule(
    r", with (?:an? )?(?:(?!no\b)[a-z-]+ ){1,4}(?:required|needed|necessary|performed|undertaken|indicated|done) in (?:only |another )?$"
)


def _goes_on_for(sitting: Sitting) -> bool:
    """Tell whether the number before is how long patients walked: for 90 days versus 20."""
    return bool(sitting.found) and sitting.found[-1].measure == "ambulation_duration"


def _does_else(sitting: Sitting, quantity: Quantity, measure: str | None) -> bool:
    """Tell whether some of those counted did something else than what made them counted.

    "Infection occurred in 40, of whom 12 had diabetes": no infection of the 12 is told.
    """
    low, found = sitting.scene.low, sitting.found
    if measure is None or not found or measure != found[-1].measure or " of " not in low:
        return False
    ahead = _OF_THESE.search(low, 0, quantity.start)
    behind = _OF_THESE_BEHIND.match(low, quantity.end)
    if not (ahead or behind):
        return False
    did = _OWN_DEED.match(low, behind.end() if behind else quantity.end)
    return did is not None and not any(
        each.concept == measure and each.start >= quantity.end for each in sitting.scene.mentions
    )
