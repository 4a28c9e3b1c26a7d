"""Read names that share a part: immuno- and chemotherapy, overall and disease-free survival."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ingest.language.starts import build_rule
from ingest.yamlfile import load_yaml

# "Posterior decompression and stabilization": one side of both.
SHARED = {
    "stabilization": "posterior_stabilization",
    "decompression": "posterior_decompression",
    "spinal_fusion": "posterior_fusion",
}
"""Operations that may share the side of the one before them, and what they then are."""
_AHEAD = 60
_SIDE = build_rule(
    r"\b(?<!anterior and )(?<!anterior or )(?:posterior|dorsal)(?: (?!approach|route|access|surg|and\b|with\b|only|column|elem)[\w-]+){1,3},? (?:and|with|plus)(?: (?:short|long|segment|segmental|spinal|instrumented|internal|short-segment|long-segment|screw|surgical))* $"
)
# "Immuno- and chemotherapy": half a name that the next one ends.
_HALF = build_rule(
    r"\b(?:(immuno)|(chemo)|(radio)|(hormono))-? ?(?:,|and/or|and|or|/) ?(?:[a-z]+-? ?(?:and|or|/) ?)?(?:radio|chemo|immuno|hormono|hormonal )-?therap"
)
_HALVES = ("", "immunotherapy", "chemotherapy", "radiotherapy", "hormonal_therapy")
_CUES = Path(__file__).parents[1] / "cues" / "halves.yml"
_JOINT = (
    r"(?: ?[(\[]\w{2,5}[)\]])?(?:,? (?:and|or|and/or|as well as) |, | ?/ ?)(?:the |median |mean )?"
)


# "Disease-specific | 5-year | survival": how long may stand within a name.
_FOR_YEARS = r"(?:(?:actuarial|estimated|cumulative|crude) )?(?:\d+(?:\.\d+)?|one|two|three|four|five|ten)[- ](?:year|month)s?"


@cache
def _measures() -> tuple[tuple[str, re.Pattern[str], Mapping[str, str]], ...]:
    """Return the last words that measures share, each with what finds its halves and names them."""
    told: list[dict[str, Any]] = load_yaml(_CUES)
    found = []
    for each in told:
        named = {name.replace("-", " "): meant for name, meant in each["halves"].items()}
        words = "|".join(sorted(named, key=len, reverse=True)).replace(" ", "[- ]")
        other = rf"(?:{words}|(?:[a-z]+[ -])?[a-z]+[ -](?:free|specific)|distant|systemic|regional)"
        rule = build_rule(
            rf"\b(?<!-)({words})(?:(?=(?:{_JOINT}{other})+ {each['end']})| {_FOR_YEARS} {each['end']}\b)"
        )
        found.append((each["end"], rule, named))
    return tuple(found)


def halves(low: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield the facet, concept, start and end of each half name that a later one ends.

    ``low`` is in lower case.
    """
    if "o- " in low or "o-/" in low or "o/" in low:
        for half in _HALF.finditer(low):
            index = half.lastindex or 0
            yield "procedures", _HALVES[index], *half.span(index)
    for end, rule, named in _measures():
        for half in rule.finditer(low) if end in low else ():
            yield "measures", named[half[1].replace("-", " ")], *half.span()


def side_shared(low: str, name: str, start: int, end: int) -> tuple[str, int, int]:
    """Return an operation's id and span, with the side of the one before it where they share it."""
    ahead = low[max(0, start - _AHEAD) : start]
    side = _SIDE.search(ahead) if "poste" in ahead or "dorsal" in ahead else None
    return (SHARED[name], start - len(side[0]), end) if side else (name, start, end)
