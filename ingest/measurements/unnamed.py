"""Hold the wordings that tell what a count counts where no measure is named beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingest.language.literals import all_required, required_literals
from ingest.language.phrases import Marks, shared_pool
from ingest.language.starts import build_rule
from ingest.language.wording import joined
from ingest.yamlfile import load_yaml

_COUNTED = Path(__file__).parents[1] / "cues" / "counted.yml"
# Between a number and its verb: "patients (5 %) with metastases who".
_UP_TO = (
    r"\s*(?:\)\s*)?(?:\([^)]*\)\s*)?(?:of (?:the |these |our )?(?:patients|individuals|subjects|participants) )?"
    r"(?:(?:with|in|from|of|for) (?:[^,.;()]|\.\d|, (?=[a-z]+-[a-z])){3,90}(?:\([^)]*\) (?:[a-z]+ ){0,3})?|(?:presenting|presented|suffering|diagnosed|affected|referred) (?:with|from|by|for) [^.;()]{3,150} )?(?:who )?(?:then |subsequently |later )?"
)


@dataclass(frozen=True, slots=True)
class CountRule:
    """A measure and the wordings that tell a count of it."""

    measure: str
    unit: str | None
    clause: re.Pattern[str] | None
    after: re.Pattern[str] | None
    before: re.Pattern[str] | None


@cache
def count_rules() -> tuple[CountRule, ...]:
    """Return the rules of ``cues/counted.yml`` in the order in which they are tried."""
    rules: list[dict[str, Any]] = load_yaml(_COUNTED)["rules"]

    def compiled(wording: str | list[str] | None, lead: str = "") -> re.Pattern[str] | None:
        return build_rule(f"{lead}(?:{joined(wording)})") if wording else None

    return tuple(
        CountRule(
            each["measure"],
            each.get("unit"),
            compiled(each.get("clause")),
            compiled(each.get("after"), _UP_TO),
            compiled(each.get("before")),
        )
        for each in rules
    )


@cache
def count_marks() -> Marks:
    """Return the strings of which a sentence must hold one for a rule to tell what is counted."""
    worded = ((rule.clause, rule.after, rule.before) for rule in count_rules())
    # Where a wording needs no string the rule has to be looked at in every sentence.
    held = [
        all_required(required_literals(each.pattern) for each in rule if each) for rule in worded
    ]
    return Marks(held, shared_pool())
