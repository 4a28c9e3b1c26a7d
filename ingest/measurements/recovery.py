"""Tell those whose complication went away from those who had it: the leak resolved in four of six."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.model import Measurement
from ingest.numbers.quantity import COUNTED, Quantity
from ingest.numbers.scene import Sitting
from ingest.vocabulary import is_complication

_WENT = (
    r"(?:resolved|recovered|healed|subsided|disappeared|vanished|abated|cleared|settled|receded"
    r"|(?:was|were) (?:\w+ly )?(?:re)?absorbed|resorbed|returned to normal|normali[sz]ed|went away"
    r"|improved)"
)
# "had fully resolved with bed rest in | four"
_AHEAD = build_rule(
    rf"(?<!not )(?<!never )\b{_WENT}(?: (?!and\b|or\b|but\b)[a-z-]+){{0,5}}? (?:in|for) (?:only |all |the |another )?$"
)
_REACH = 90
# "60% | of those with numbness had a marked relief": it did not come to them.
_EASED = re.compile(
    r"(?:\s*\([^()]*\))? of (?:the |those |all |our )?(?:(?:patients|individuals|subjects|participants|cases|women|men|children) )?(?:with|who (?:had|presented with)) [^,;.()]{2,40}? "
    r"(?:experienced|had|showed|reported|achieved|obtained|felt) (?:an? |some )?(?:[\w-]+ )?(?:relief|improvement|resolution|remission)\b"
)
_RECOVERY = "complication_recovery"


def recovered(sitting: Sitting, quantity: Quantity, measure: str | None) -> str | None:
    """Return recovery as the measure of those in whom a complication went away, else the measure."""
    concept = sitting.scene.concepts.get(measure or "")
    if concept is None or quantity.form not in COUNTED or not is_complication(concept):
        return measure
    low, start = sitting.scene.low, quantity.start
    if _EASED.match(low, quantity.end):
        return "symptom_relief"
    went = _AHEAD.search(low, max(0, start - _REACH), start)
    return _RECOVERY if went else measure


def is_recovery(each: Measurement) -> bool:
    """Tell whether a number is of those who had a complication, not of all patients."""
    return each.measure == _RECOVERY
