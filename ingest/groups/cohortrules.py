"""Load the wordings in which an article says whom it studied, and those that tell of fewer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingest.language.literals import blanked
from ingest.language.phrases import Pool
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues" / "cohorts.yml"
# Wordings that may stand anywhere in a text; the others stand beside a number.
_ANYWHERE = frozenset(["arms", "whole", "part", "narrowing", "share"])
# Lists of measures.
_NAMES = frozenset(["local", "estimated", "reported", "initial"])
AGAINST = ("compared ", "as compared", "in comparison", "relative to", "in contrast to", "unlike ")
"""How a sentence begins that first names those of whom it does not tell."""
SET_AGAINST = r"(?:as |when )?(?:compared (?:with|to)|in comparison (?:with|to)|relative to|in contrast to|unlike)"
"""The words by which one group is set against the next that is named."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The wordings of ``cues/cohorts.yml``, of text in lower case."""

    ahead: re.Pattern[str]
    noted: re.Pattern[str]
    done: re.Pattern[str]
    opens: re.Pattern[str]
    behind: re.Pattern[str]
    treated: re.Pattern[str]
    excluded: re.Pattern[str]
    control: re.Pattern[str]
    chosen: re.Pattern[str]
    leaving: re.Pattern[str]
    lost: re.Pattern[str]
    foreign: Wordings
    arms: Wordings
    whole: Wordings
    part: Wordings
    narrowing: Wordings
    share: Wordings
    local: frozenset[str]
    estimated: frozenset[str]
    reported: frozenset[str]
    initial: frozenset[str]


@cache
def rules() -> Rules:
    """Return how a text says whom it studied and what tells of fewer."""
    told: dict[str, Any] = load_yaml(_CUES)
    found: dict[str, Any] = {}
    for name, each in told.items():
        listed = [each] if isinstance(each, str) else each
        if name in _NAMES:
            found[name] = frozenset(each)
        elif name in _ANYWHERE:
            found[name] = compile_wordings(listed)
        elif name == "foreign":  # asked of whole texts, of which nothing else is
            found[name] = compile_wordings(listed, pool=Pool(blanked))
        else:
            found[name] = build_rule("|".join(listed))
    return Rules(**found)
