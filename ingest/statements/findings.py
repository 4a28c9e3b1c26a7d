"""Tell what sort of finding a claim is: of patients as they came, of a study, of what was done."""

from __future__ import annotations

import re
from functools import cache

from ingest.language.wording import Wordings, compile_wordings, lowered
from ingest.model import Kind
from ingest.reading import FOUND, Reading
from ingest.statements.draft import Draft
from ingest.statements.presenting import tells_presentation
from ingest.vocabulary import load_concepts

# Measures of patients as they come, which no operation has changed.
_DESCRIBING = frozenset(
    {"age", "sex", "follow_up", "tumour_size", "tumour_volume", "symptom_duration"}
)
_BASELINE = r"\b(?:at|on|upon|before|during|prior to) (?:the |their |initial |first )*(?:admission|presentation|referral|diagnosis)\b"
_FORETELLS = re.compile(
    r"\bpre-?operatively\b|\bnomogram|\bpredicted survival\b|\baccura|\bvalidat|\bauc\b|c-(?:statistic|index)",
    re.IGNORECASE,
)
# What the study's own results say is about its own operation and patients.
_STUDY = r"\b(?:our|these|this|the present) (?:\w+ ){0,2}(?:results?|experience|series|study|findings|data|trial|cohort)\b"
# Patients of other reports had whatever those were on.
_STUDIES = re.compile(r"\b(?:studies|articles|trials|papers|publications|reports)\b", re.IGNORECASE)


@cache
def _wordings() -> tuple[Wordings, Wordings]:
    return compile_wordings([_BASELINE]), compile_wordings([_STUDY])


def follows_treatment(reading: Reading, draft: Draft, kind: Kind) -> bool:
    """Tell whether a claim is a result in the article's own patients, so of what was done to them.

    How patients came, what they had and how well a score foretells are none.
    """
    own = reading.attribution == "own" and reading.basing.basis == "patients"
    found = reading.sentence.role in FOUND and kind in {"outcome", "risk"}
    if not (own and found) or describes_patients(reading, draft) or _FORETELLS.search(reading.text):
        return False
    if tells_presentation(reading, draft, kind):
        return False
    named = {each.concept for each in reading.within(draft.clause)}
    told = named | {each.measure for each in draft.measurements if each.measure}
    concepts = load_concepts()
    return any(concepts[each].harm is not None for each in told if each in concepts)


def describes_patients(reading: Reading, draft: Draft) -> bool:
    """Tell whether a claim describes patients as they came: age, tumour size, state on admission."""
    told = {each.measure for each in draft.measurements}
    named = {each.concept for each in reading.within(draft.own) if each.facet == "measures"}
    if told and told | named <= _DESCRIBING:
        return True
    baseline, _ = _wordings()
    return bool(baseline.search(lowered(reading.text), *draft.clause))


def tells_of_study(reading: Reading, kind: Kind) -> bool:
    """Tell whether a finding says that it is the study's own."""
    own = reading.attribution == "own" and kind in {"outcome", "risk"}
    return own and _wordings()[1].found(lowered(reading.text))


def counts_treated(reading: Reading, draft: Draft) -> bool:
    """Tell whether a claim counts the patients of a series: whom its title's operation was done in."""
    if draft.pattern.name != "patients_included" or reading.attribution != "own":
        return False
    counted = any(each.unit == "patients" for each in draft.measurements)
    return counted and not _STUDIES.search(reading.text)
