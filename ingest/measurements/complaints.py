"""Read how long patients had had their symptoms when they came: a two-month history of pain."""

from __future__ import annotations

import re

from ingest.numbers.quantity import SPANS, Quantity
from ingest.numbers.scene import Sitting

_SYMPTOM = (
    r"(?:symptom\w*|complaints?|[a-z]*pains?|[a-z]*aches?|ache|weakness|numbness|[a-z]*(?:par(?:esis|eses|alysis|aplegia)|plegia)"
    r"|(?:par|dys|hyp)(?:a)?esthesias?|sciatica|radiculopath\w+|radicular|myelopath\w+|gait|ataxia|walking|claudication|incontinence|retention"
    r"|stiffness|deformity|scoliosis|torticollis|swelling|lump|dysphagia|dysphonia|hoarseness|spasticity|deficits?|tingling|discomfort|disturbances?|difficult\w+|clumsiness|unsteadiness|lumbago|atrophy|foot drop|neuralgia|brachialgia|sciatic)"
)
_HISTORY = re.compile(
    rf"(?:[’'`]s?|s)?(?:[- ]long)? (?:[a-z-]+ ){{0,2}}?(?:history|course|duration|period|h/o) of (?:(?!surg|cancer|carcin|treat|smok|operat|trauma)[a-z/-]+,? ){{0,6}}?{_SYMPTOM}\b"
)
# "three months' back pain"
_OWNED = re.compile(
    rf"s?[’'`]s? (?:(?!after|before|follow|post|later)[a-z-]+ ){{0,3}}?{_SYMPTOM}\b(?! (?:relief|free|control|reduction|improve))"
)
_DURATION = re.compile(r"(?:[’'`]s?|s)? (?:in )?duration\b")
_FOR = re.compile(
    rf"\b{_SYMPTOM}\b(?:(?!\b(?:received|given|took|taken|treated|underwent|prescribed|prepared|wore)\b)[^.;:]){{0,90}}?\b(?:for|since|over|lasting|lasted|existed|during) (?:(?:the|about|over|nearly|almost|approximately|around|more|less|at|than|least|some|up|to|past|last|preceding|previous|a|an|mean|median|average|period|of|preceding) )*(?:[<>~≥≤] ?)?$"
)
# "The duration of the preoperative symptoms was 2-20 months"
_LASTED = re.compile(
    rf"\b(?:duration|length) of (?:the |their |these )?(?:pre-?operative |presenting |clinical |preceding |prior |initial )*(?:[a-z-]+ )?{_SYMPTOM}\b"
    r"(?: (?:before|prior to|preceding|until) (?:the )?[a-z]+)? (?:was|averaged|ranged(?: from)?|varied(?: from)?) (?:about |approximately |on average )?$"
)
_BORNE = re.compile(rf"\b{_SYMPTOM}\b[^.;:]{{0,60}}?\bof (?:about |over |nearly |almost )?$")
_CAME = re.compile(
    r"\b(?:presented|presenting|presents|complain\w*|suffer\w*|experienc\w+|referred|admitted|had|with|reported|noticed)\b"
)
# What was after a treatment, went away or stayed away is no history.
_AFTER = re.compile(
    r"\b(?:after|following|postoperat\w*|post-operat\w*|free|relief|reliev\w+|improv\w+|resol\w+|disappear\w+|recur\w*|follow-?up|without|no|not|surviv\w*|decreas\w+|reduc\w+|regain\w*|recover\w*|restor\w*|score\w*|persist\w+|remain\w*|treated|therapy|medication)\b"
)


def endured(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a stretch of time is how long symptoms had lasted when a patient came."""
    if quantity.unit not in SPANS or quantity.form not in {"value", "range"}:
        return False
    low = sitting.scene.low
    if _LASTED.search(low, max(0, quantity.start - 110), quantity.start):
        return True
    if quantity.form == "range":
        return False
    if "-old" in low[quantity.end : quantity.end + 5]:
        return False
    begin, end = max(0, quantity.start - 150), quantity.end
    if _HISTORY.match(low, end):
        return True
    if _OWNED.match(low, end):
        return _told(low, begin, end)
    if _DURATION.match(low, end):
        return _BORNE.search(low, begin, quantity.start) is not None and _told(low, begin, end)
    return _FOR.search(low, begin, quantity.start) is not None and _told(low, begin, end)


def _told(low: str, begin: int, end: int) -> bool:
    """Tell whether a patient came with the symptoms, and nothing was done about them yet."""
    home = max(begin, low.rfind(". ", begin, end) + 1)
    return bool(_CAME.search(low, home, end)) and not _AFTER.search(low, home, end + 12)
