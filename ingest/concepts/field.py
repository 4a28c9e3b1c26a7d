"""Tell whether an article is about tumours of the spine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from ingest.concepts.mentions import match, names
from ingest.language.phrases import Phrases
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, lowered
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues" / "field.yml"
_TOPIC = "spinal_tumour_care"
OPENING = 1500
"""How far into a text its subject is looked for, in characters."""
_AHEAD = 90
"""How far ahead of a word for the spine the growth in it is looked for, in characters."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """What names a growth and the spine, and how words on either side seat the one in the other."""

    growth: re.Pattern[str]
    stems: Phrases
    spine: re.Pattern[str]
    level: re.Pattern[str]
    region: re.Pattern[str]
    ahead: re.Pattern[str]
    behind: re.Pattern[str]
    local: re.Pattern[str]
    care: Wordings


@cache
def _rules() -> _Rules:
    words = load_yaml(_CUES)
    growth, level, local = (words[each] for each in ("growth", "level", "local"))
    return _Rules(
        build_rule(rf"\b{growth}\b"),
        Phrases(words["stems"]),
        build_rule(words["spine"]),
        build_rule(rf"\b{level}\b"),
        build_rule(words["region"]),
        build_rule(
            rf"\b{growth}\b[^.;]{{0,25}}?\b(?:of|in|to|at|within|involving|affecting|from) (?:the )?(?:[\w/-]+ ){{0,3}}$"
        ),
        build_rule(rf" (?:[\w-]+ ){{0,2}}?{growth}\b"),
        build_rule(rf"(?:[\w-]+ ){{0,3}}?{local}"),
        compile_wordings([words["care"]]),
    )


@lru_cache(maxsize=64)
def tells_of_care(low: str) -> bool:
    """Tell whether words in lower case tell of people cared for or of what is done for them."""
    return _rules().care.found(low)


def is_of_field(title: str, text: str) -> bool:
    """Tell whether an article's title or the opening of its text names tumours of the spine."""
    opening = f"{title}. {text[:OPENING]}"
    if names(opening, _TOPIC) and any(each.concept == _TOPIC for each in match(opening)):
        return True
    rules, low = _rules(), lowered(title)
    placed = rules.spine.search(low) or rules.level.search(low)
    if placed and rules.growth.search(low):
        return True
    low = lowered(opening)
    if not rules.stems.present(low):
        return False
    return any(
        rules.behind.match(low, each.end())
        or rules.ahead.search(low[max(0, each.start() - _AHEAD) : each.start()])
        for each in rules.spine.finditer(low)
    ) or any(rules.local.match(low, each.end()) for each in rules.region.finditer(low))
