"""Tell sentences that only talk of the article, its methods, people anywhere or what is not known."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, lowered
from ingest.yamlfile import load_yaml

_GENERAL = build_rule(
    r"\b(?:develops?|occurs?|accounts? for|affects?|represents?|comprises?|complicates?|recurs?|arises?|remains? an? |(?:is|are) (?:an? )?(?:\w+ )?(?:common|frequent|rare|feared|dreaded|serious))\b",
    re.IGNORECASE,
)
_NARRATED = build_rule(
    r"\b(?:was|were|had|did|died|underwent|\w{3,}ed|our|ours|we|this|these|alive|follow-?up|now|currently)\b",
    re.IGNORECASE,
)

# What only leads a sentence on tells nothing: "Finally, we highlight ...".
_LED_ON = re.compile(
    r"(?:(?:finally|furthermore|moreover|additionally|in addition|(?:last|first|second|third|further|specifical|additional)(?:ly)?|besides|then|next|thus|therefore|hence|however|here|also|to this end|in the (?:second|last|final) part),? )+(?=we|the|this|our|an?\b)"
)


@cache
def _cues() -> Wordings:
    rules: dict[str, Any] = load_yaml(Path(__file__).parents[1] / "cues" / "narrative.yml")
    return compile_wordings(rules["cues"])


def tells_no_finding(text: str) -> bool:
    """Tell whether a sentence only talks of the article, its methods or what is not known."""
    low = lowered(text)
    led = _LED_ON.match(low)
    return _cues().found(low) or (led is not None and _cues().found(low[led.end() :]))


def is_general(text: str) -> bool:
    """Tell whether a sentence tells of people anywhere: "it develops in 9% of women"."""
    return bool(_GENERAL.search(text)) and not _NARRATED.search(text)
