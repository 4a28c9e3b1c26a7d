"""Tell what those are counted for of whom a verb tells what was done: 12 with pain underwent surgery."""

from __future__ import annotations

import re

from ingest.measurements.unnamed import count_rules
from ingest.model import Mention
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting
from ingest.vocabulary import TAKEN_IN

_PRESENTED = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:presenting|presented|suffering|diagnosed|referred) "
)
# "all underwent surgery and the pain felt before was relieved", "irradiation for recurrence"
_NEW_SUBJECT = re.compile(
    r"(?:(?:,|\band|\bbut|\bwhile|\bwhereas) (?:the|their|his|her|its) (?:[a-z-]+ )?|\b(?:for|because of|due to) (?:the |an? )?(?:[a-z-]+ ){0,2})$"
)
_WITH_IT = re.compile(r"\bwith (?:[a-z-]+ ){0,4}$")
_GREW = re.compile(r" (?:had |have )?(?:locally )?progressed\b")
_OPENED_BY = re.compile(r"(?:of|among) (?:the |these |our )?[^,;:.]{3,90},")


def told_by_verb(sitting: Sitting, quantity: Quantity, mention: Mention) -> str | None:
    """Return what those are counted for whom a measure only describes: with pain underwent surgery."""
    low = sitting.scene.low
    if quantity.unit == "tumours" and _GREW.match(low, quantity.end):
        return "local_progression"  # "11 lesions progressed, which gave a local control of"
    if quantity.unit != "patients":
        return None
    if mention.end <= quantity.start:
        return _done_to_those(sitting, quantity, mention)
    if mention.start < quantity.end:
        return None
    harmed = "complications" in sitting.scene.concepts[mention.concept].broader
    if harmed and not _PRESENTED.match(low, quantity.end):
        return None  # "12 patients with infection underwent": the infection is told too
    for rule in count_rules():
        match = rule.after.match(low, quantity.end) if rule.after else None
        if match and rule.measure in TAKEN_IN and _is_beyond(low, match.end(), mention):
            return rule.measure
    return None


def _done_to_those(sitting: Sitting, quantity: Quantity, mention: Mention) -> str | None:
    """Return what was done to a part of those who open the sentence: of 12 with a leak, five underwent."""
    low = sitting.scene.low
    opened = _OPENED_BY.match(low)
    if not opened or not mention.end <= opened.end() <= quantity.start:
        return None
    for rule in count_rules():
        if rule.measure in TAKEN_IN and rule.after and rule.after.match(low, quantity.end):
            return rule.measure
    return None


def _is_beyond(low: str, end: int, mention: Mention) -> bool:
    """Tell whether a verb stands behind a measure, or the measure behind a subject of its own."""
    # "resection with clear margins": the margins are those of what was done.
    margin = mention.concept == "surgical_margin" and _WITH_IT.search(low, end, mention.start)
    return end > mention.end or bool(margin or _NEW_SUBJECT.search(low, end, mention.start))
