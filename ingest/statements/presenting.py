"""Tell what patients had when they came from what became of them."""

from __future__ import annotations

import re
from functools import cache

from ingest.language.wording import Wordings, compile_wordings, lowered
from ingest.model import Kind
from ingest.reading import Reading
from ingest.statements.draft import Draft
from ingest.vocabulary import load_concepts

# How patients are, which an operation may change; what only an operation brings about is none.
_STATES = frozenset(
    ["pain", "neurological_deficit", "neurological_symptoms", "ambulation", "myelopathy", "dysaesthesia",
     "hyperesthesia", "nerve_palsy", "sphincter_function", "spinal_instability", "spinal_deformity", "kyphosis",
     "vertebral_compression_fracture", "symptomatic_neural_compression", "symptom_duration", "quality_of_life",
     "activities_of_daily_living", "analgesic_use", "body_mass_index", "bone_mineral_density", "haemoglobin",
     "vertebral_height", "hydrocephalus", "tumour_size", "tumour_volume", "spinal_cord_function"]
)  # fmt: skip
# Times before anything was done.
_EARLY = re.compile(
    r"pre-?\s?(?:op|treat|proced|interv|surg|radi)|\b(?:admission|presentation|referral|baseline|diagnosis|enrol)"
    r"|\b(?:before|prior to) (?:the |an? |any |their )?(?:index |initial )?(?:operat|surg|proced|treat|interven|radio|sbrt|emboli|vertebro|kypho|resect|decompress)",
    re.IGNORECASE,
)
_CAME = (
    r"(?<!who )(?<!that )(?<!which )\bpresented with\b|\b(?:patients|individuals|subjects|participants|children|adults|cases|tumou?rs|lesions|metastases|most|many|they|\w+omas) (?:\w+ly |often |may |can |most )*presents? with\b|\bcomplain(?:ed|s) of\b"
    r"|\b(?:chief|main|initial|first|presenting|leading|(?:most )?(?:common(?:est)?|frequent)) (?:\w+ )?(?:symptoms?|complaints?|signs?|manifestations?|presentations?)\b"
    r"|\b(?:indications?|reasons?) for (?:the |their |subsequent |further )?(?:surgery|operation|surgical \w+|intervention|treatment|decompression|stabili[sz]ation|fixation|resection)\b[^.;]{0,20}\b(?:was|were|included)\b"
    r"|\b(?:was|were) the (?:main |only |chief |most common )?(?:indications?|reasons?) for (?:the )?(?:surgery|operation|treatment|decompression|stabili[sz]ation|fixation|resection)\b"
    r"|\b(?:surgery|operation|decompression|stabili[sz]ation|fixation|resection|intervention) (?:was|were) (?:performed|done|indicated|undertaken|carried out) (?:for|because of|due to)\b"
)
_HAD = re.compile(r"\b(?:had|have|presented|complain\w*|suffer\w*|showed|(?:was|were) present)\b")
# What became of them is told in the same breath.
_BECAME = re.compile(
    r"\b(?:improv|decreas|reduc|declin|dropp?|fell\b|relie|increas|rose\b|worsen|deteriorat|recover|regain|resolv|resolution|disappear|post-?op|after\b|following\b"
    r"|follow-?up|later\b|recur|complicat|develop|free\b|predict|associat|correlat|factor|surviv|prognos|compar|versus\b|vs\b|higher\b|lower\b|better\b|worse\b|longer\b|shorter\b|more (?!common|frequent)|less\b|differ|underwent|unchanged|remain|chang)\w*",
    re.IGNORECASE,
)
# "Pain comes long before a deficit develops": what is still to come is not what became of them.
_BEFORE = re.compile(r"\bbefore\b[^,;.]*")


@cache
def _came() -> Wordings:
    return compile_wordings([_CAME])


def tells_presentation(reading: Reading, draft: Draft, kind: Kind) -> bool:
    """Tell whether a claim tells how patients were before anything was done, so no result of it."""
    if kind not in {"outcome", "risk"} or draft.pattern.subkind is not None:
        return False
    numbers = draft.measurements
    told = {each.measure for each in numbers}
    if told == {"symptom_duration"}:
        return True
    early = bool(numbers) and all(
        each.time_text and _EARLY.search(each.time_text) for each in numbers
    )
    begin, end = draft.clause
    came = None if early else _came().search(lowered(reading.text), begin, end)
    if not early and came is None:
        return False
    if numbers and not all(_is_state(each) for each in told):
        return False
    if not numbers and not any(_is_state(each.concept) for each in reading.within(draft.clause)):
        return False
    if None in told and not came and not _HAD.search(reading.text, begin, end):
        return False
    return not _BECAME.search(_BEFORE.sub(" ", reading.text[begin:end]))


def _is_state(measure: str | None) -> bool:
    return measure is None or measure in _STATES or load_concepts()[measure].facet == "scales"
