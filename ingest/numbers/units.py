"""Name the units, counted nouns and bounding words that stand beside numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ingest.language.starts import build_rule
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues" / "units.yml"
# "more than one grade" is a bound; "over 5 years" is a stretch of time and bounds nothing.
_STRETCH = build_rule(r"\bover\s*$")
# "Lower than the 9% reported elsewhere": the number stands as it is.
_FOUND_THERE = re.compile(
    r"[^.;,]{0,30}?\b(?:reported|published|described|found|observed|given|noted|obtained|seen|in the|in (?:group|arm|cohort)|of the|for the|after)\b"
)
Names = Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Spellings:
    """Units and nouns: the alternatives as one rule each, and the rule of every name.

    ``written`` are units without a name of their own, which stay as they are printed.
    """

    unit: str
    noun: str
    units: Names
    nouns: Names
    written: re.Pattern[str]
    operator: re.Pattern[str]
    operators: tuple[str, ...]
    bound: re.Pattern[str]
    bounds: Mapping[str, str]


@cache
def load_spellings() -> Spellings:
    """Return the spellings of ``cues/units.yml``, to be matched against lower case."""
    cues: dict[str, Any] = load_yaml(_CUES)

    def joined(table: Mapping[str, list[str]]) -> str:
        return "|".join(rule for rules in table.values() for rule in rules)

    def named(table: Mapping[str, list[str]]) -> Names:
        return {name: re.compile("|".join(rules)) for name, rules in table.items()}

    operator = "|".join(
        rf"(?P<op{index}>{rule})" for index, rule in enumerate(cues["operators"].values())
    )
    bounds = {word: sign for sign, words in cues["bounds"].items() for word in words}
    return Spellings(
        # A unit of several parts is tried before those that are one of its parts.
        unit="|".join([*cues["written"], joined(cues["units"])]),
        noun=joined(cues["nouns"]),
        units=named(cues["units"]),
        nouns=named(cues["nouns"]),
        written=re.compile("|".join(cues["written"])),
        operator=build_rule(
            rf"(?:^|(?<=[\s(\[,;:=])|(?<=[^\w])|(?=[<>≤≥])){'(?:' + operator + ')'}(?: (?:only|a|the))?\s*$"
        ),
        operators=tuple(cues["operators"]),
        bound=re.compile(
            rf"[\s-]*(?:points?|%|years?|months?)?\s*or (?P<way>{'|'.join(bounds)})\b"
        ),
        bounds=bounds,
    )


@lru_cache(maxsize=512)
def unit_name(printed: str) -> str | None:
    """Return the name of a unit in lower case as printed, None for any other word."""
    spelt = load_spellings()
    for name, rule in spelt.units.items():
        if rule.fullmatch(printed):
            return name
    return _tidied(printed) if spelt.written.fullmatch(printed) else None


def _tidied(printed: str) -> str:
    """Return a unit as it is written, but for blanks at its stroke and the brackets of its powers."""
    plain = re.sub(r"\((−?-?\d)\)|\^", lambda match: match[1] or "", printed)
    return re.sub(r"\s*/\s*", "/", plain).replace("−", "-")


def is_named(unit: str | None) -> bool:
    """Tell whether a unit is one of those with a name of their own."""
    spelt = load_spellings()
    return unit is None or unit == "percent" or unit in spelt.units or unit in spelt.nouns


@lru_cache(maxsize=512)
def noun_name(printed: str) -> str | None:
    """Return what a counted noun counts, None for any other word."""
    return next(
        (name for name, rule in load_spellings().nouns.items() if rule.fullmatch(printed)), None
    )


def bound_of(low: str, start: int, end: int) -> str | None:
    """Return the operator that the words around a number in lower-case text give it."""
    spelt = load_spellings()
    after = spelt.bound.match(low, end, end + 30)
    if after:
        return spelt.bounds[after["way"]]
    ahead = low[max(0, start - 24) : start]
    before = spelt.operator.search(ahead)
    if not before:
        return None
    if ahead.endswith("than the ") and _FOUND_THERE.match(low, end):
        return None
    if _STRETCH.search(ahead) and re.match(r"\s*(?:year|month|week|day)", low[end : end + 8]):
        return None
    index = next(key for key, group in before.groupdict().items() if group)
    return spelt.operators[int(index[2:])]
