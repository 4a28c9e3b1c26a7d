"""Read how strongly something is advised."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, lowered
from ingest.model import Polarity
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues"
# Those for whom a treatment is may be barred from another one: that is no advice against the first.
_BARRED = build_rule(
    r"\b(?:whom|who|when(?:ever)?|if|where(?:ver)?|unless|unable|unfit|inoperable|with contra-?indications?)\b[^,;]*?"
    r"(?:\bcontra-?indicat\w+|\bnot (?:\w+ ){0,2}(?:required|needed|necessary|warranted|indicated|feasible|possible|suitable|fit|eligible|tolerated"
    r"|appropriate|an option|planned)|\bno (?:[\w-]+ ){1,3}(?:is|are|was) (?:\w+ly )?(?:required|needed|necessary|warranted|indicated|feasible|possible|planned)\b"
    r"|\b(?:do|does) not (?:\w+ly )?(?:need|require|warrant)\b|\b(?:un|in)(?:suitable|appropriate)|\bunable to (?:tolerate|undergo)|\bcannot\b|\b(?:not|no|poor) (?:\w+ )?candidates?\b)"
)
# What could be left out in so many patients is a course that is told.
_COULD_IN = build_rule(
    r"\bcould (?:\w+ )?be \w+(?:ed|en|ne) in (?:only |all |the |another )*(?:\d|one\b|two\b|three|four|five|six|seven|eight|nine|ten\b|eleven|twelve|half|most|patients)"
)
# What recommendations do or are for is told of them: "these recommendations may help to ...".
_OF_ADVICE = build_rule(
    r"\b(?:these|our|the|such|this|those|current|existing|published|guideline) (?:[\w-]+ ){0,2}?(?:recommendations?|guidelines?|advice)\b"
    r"(?= (?:[\w-]+ ){0,6}?(?:may|might|can|could|will|would|helps?|serves?|provides?|reflects?|differs?|var(?:y|ies)|lacks?|were|was)\b)"
)


@dataclass(frozen=True, slots=True)
class Strength:
    """A rung of the ladder, the polarity it carries, and the author's own word."""

    strength: str
    polarity: Polarity
    wording: str


@cache
def _rungs() -> tuple[tuple[tuple[str, Polarity], ...], Wordings]:
    data: dict[str, Any] = load_yaml(_CUES / "strength.yml")
    names = tuple(
        (rung["strength"], cast(Polarity, rung.get("polarity", "for"))) for rung in data["rungs"]
    )
    return names, compile_wordings("|".join(rung["cues"]) for rung in data["rungs"])


@lru_cache(maxsize=256)
def strength_of(text: str) -> Strength | None:
    """Return the first rung of the strength ladder that the words stand on."""
    names, rules = _rungs()
    low = lowered(text)
    if "could " in low:
        low = _COULD_IN.sub(lambda each: " " * len(each[0]), low)
    if "recommendation" in low or "advice" in low:
        low = _OF_ADVICE.sub(lambda each: " " * len(each[0]), low)
    found = rules.first(low)
    if found and names[found[0]][1] == "against":
        found = rules.first(_BARRED.sub(lambda each: " " * len(each[0]), low)) or found
    if found is None:
        return None
    place, match = found
    return Strength(*names[place], text[match.start() : match.end()].strip())
