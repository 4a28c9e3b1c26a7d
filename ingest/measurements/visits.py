"""Carry the visit at which patients were seen to what the next sentence tells of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.language.wording import lowered
from ingest.measurements.elidedtimes import NO_FINDING
from ingest.measurements.occasions import outside
from ingest.model import Measurement
from ingest.numbers.quantity import STRETCHES, Quantity
from ingest.numbers.times import find_occasions, find_times

# "At 2 years, 40 patients were examined."
_SEEN = re.compile(
    r"\b(?:was|were) (?:\w+ly )?(?:re-?)?(?:examined|evaluated|assessed|reviewed|seen|interviewed|contacted|questioned|imaged|scanned|tested|available|alive)\b"
    r"|\b(?:patients|survivors|women|men|children) (?:returned|attended|completed|answered|underwent (?:a |an )?(?:[a-z-]+ )?(?:examination|evaluation|assessment|mri|ct|endoscopy|colonoscopy))\b"
)
_OF_THESE = re.compile(r"(?:of|among|in) (?:these|them|those)\b(?! (?:who|with|in)\b)")
# What a visit finds out about nobody: who they are, what they have, how long they were followed.
_NO_FINDING = NO_FINDING | {"follow_up", "histology", "tumour_level", "primary_site"}


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
