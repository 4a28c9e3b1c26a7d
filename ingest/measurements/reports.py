"""Tell whether a sentence reports what was found in the patients of a study."""

from __future__ import annotations

import re

from ingest.groups.headcounts import ELSEWHERE
from ingest.model import Sentence

# What a conclusion holds that tells of patients, and what it holds that states anything else.
_TOLD = re.compile(
    r"\b(?:was|were|had|did|died|occurred|showed|developed|required|achieved|reached|improved|increased|decreased|remained|fell|rose|dropped|declined|revealed|demonstrated|experienced|suffered|sustained|reported|underwent|received|regained|recovered|resolved|worsened|deteriorated|survived|became|could|returned|healed|failed|broke|lost|recurred|relapsed|progressed|included|walked|presented)\b"
)
_HELD = re.compile(r"\b(?:is|are|can|may|might|should|suggests?|conclu\w+|appears?)\b")
# A conclusion that goes on to tell what was found.
_FOUND = re.compile(
    r"\b(?:(?:was|were) (?:\w+ly )?(?:found|observed|seen|noted|achieved|obtained|recorded|encountered|needed|required)|occurred|developed|died|recurred|we (?:\w+ly )?(?:found|observed|saw|achieved|recorded|noted))\b"
)
# "The operation had a complication rate of 18 %": what was found, whatever it is called.
_NUMBERED = re.compile(
    r"\b(?:rates?|mean|median|average|score|survival|mortality|incidence)\b[^.;]{0,40}\d"
)

# "Half of our patients were readmitted"
_OURS = re.compile(
    r"\b(?:(?:of|in|among) (?:our|these|the present|the current|this) (?:\w+ )?(?:patients|individuals|subjects|participants|cases|series|cohort|sample|population)|in this study)\b"
)


def is_report(sentence: Sentence, told: bool, low: str) -> bool:
    """Tell whether a sentence reports; an abstract without headings may end on its results."""
    if sentence.role == "conclusion":
        numbered = _NUMBERED.search(low) or _OURS.search(low)
        found = _FOUND if told and not numbered else _TOLD
        return bool(found.search(low)) and not _HELD.search(low)
    return sentence.role not in ELSEWHERE
