"""Tell those in whom several studies have told what is pooled: 12 studies with 640 patients."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.numbers.numerals import WORD
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Sitting

# "(12 studies, 640 patients)": those in whom several studies have told what is pooled.
_OF_STUDIES = re.compile(
    r"\b(?:studies|trials|articles|cohorts)(?:,? (?:\(|with|including|comprising|involving|on|of)|,|;| \()\s*(?:a (?:combined )?total of |n ?= ?)?$"
)
# "(95% CI 61-70; 640 patients; 12 studies)": the studies may stand behind
_STUDIES_BEHIND = re.compile(
    rf"(?: (?:patients|participants|subjects|individuals|cases))?(?:[;,]| in| from| of) (?:\d+|{WORD}) (?:[a-z-]+ ){{0,2}}(?:studies|trials|articles|cohorts)[)\];]"
)
# "in six studies the rates were": of the patients of those alone
_SOME_STUDIES = build_rule(
    rf"\b(?<!all )(?:\d+|{WORD}) (?:[a-z-]+ ){{0,2}}(?:studies|trials|articles|cohorts)\b"
)
# "(95% CI 4-9%; | 12 studies |; n = 640)": how many told it, beside those whom they took in
_SIZE_AHEAD = re.compile(r"(?:\d|\b(?:patients|participants|subjects|individuals|cases))[;,] $")
_SIZE_BEHIND = re.compile(
    r"[;,] (?:n ?= ?|a (?:combined )?total of )?[\d,]*\d(?: (?:patients|participants|subjects|individuals|cases))?[)\];]"
)
# "5% vs | 9% (6 studies, 411 patients)": those are the patients of both
_SECOND = build_rule(r"\b(?:vs\.?|versus|against|compared (?:with|to)|than) $")
POOLED = frozenset(["value", "percent", "effect", "change"])
"""Forms of what is pooled."""


def is_pool(low: str, count: Quantity) -> bool:
    """Tell whether a count is of those whom several studies took in: 12 studies with 640 patients."""
    ahead = _OF_STUDIES.search(low, max(0, count.start - 60), count.start)
    return ahead is not None or _STUDIES_BEHIND.match(low, count.end) is not None


def counts_sources(low: str, count: Quantity) -> bool:
    """Tell whether a count in a bracket is of the studies that told what is pooled, ahead of it."""
    if count.unit != "studies" or low.count("(", 0, count.start) <= low.count(")", 0, count.start):
        return False
    ahead = _SIZE_AHEAD.search(low, 0, count.start) and low.startswith((")", ";"), count.end)
    return bool(ahead or _SIZE_BEHIND.match(low, count.end))


def is_of_some(low: str) -> bool:
    """Tell whether a sentence says how many studies told what it tells: 58% vs 61% in six studies."""
    return (" studies" in low or " trials" in low) and _SOME_STUDIES.search(low) is not None


def pooled_size(sitting: Sitting, quantity: Quantity) -> int | None:
    """Return of how many patients a pooled number is behind which they stand: RR 0.6; 9 studies, 310 patients."""
    low = sitting.scene.low
    if _SECOND.search(low, 0, quantity.start):
        return None
    for each in sitting.groups if " stud" in low or " trial" in low else ():
        if each.start < quantity.end or not is_pool(low, each):
            continue
        between = low[quantity.end : each.start]
        numbers = any(
            quantity.end <= one.start < each.start
            for one in sitting.scene.numbers
            if one.unit != "studies"
        )
        return None if numbers or between.count("(") > 1 else each.numerator
    return None
