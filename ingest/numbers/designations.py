"""Blank the names that hold numbers and measure nothing: T12, type 3, (1), 1998."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from ingest.language.lists import enumerated
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, factored, found_by, lowered
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues" / "designations.yml"
# The odds ratio's letters, told from the joining word before case is dropped.
_ODDS = build_rule(r"(?<![A-Z] )\bOR(?=s?\b)(?! [A-Z]{2})|(?<=\ba)OR\b")
_LISTED = build_rule(r"(?:\d|\b[a-hiv])\)\s")
# The marks of citations right behind a sentence's end: "in 40%.7,9"
_GLUED = build_rule(r"(?<=[a-z%)\]])\.\d{1,3}(?:[,–-]\d{1,3})*$")
# Behind a digit a hyphen is no minus.
_DASHED = build_rule(r"(?<!\d)-[\d.]")


@dataclass(frozen=True, slots=True)
class Designations:
    """The cues of ``cues/designations.yml``; ``kinds`` has that of every rule in ``lower`` case."""

    lower: Wordings
    kinds: tuple[int, ...]
    capital: re.Pattern[str]
    capitals: re.Pattern[str]
    minus: re.Pattern[str]
    plus_minus: re.Pattern[str]
    enclosed: re.Pattern[str]


@cache
def _designations() -> Designations:
    cues: dict[str, Any] = load_yaml(_CUES)
    lower = [(kind, rule) for kind, each in enumerate(cues["lower"]) for rule in each["rules"]]
    return Designations(
        lower=compile_wordings(rule for _, rule in lower),
        kinds=tuple(kind for kind, _ in lower),
        capital=re.compile(cues["capital"]),
        capitals=build_rule(factored("|".join(cues["capitals"]))),
        **{name: build_rule(rule) for name, rule in cues["signs"].items()},
    )


def blank_out(text: str, start: int, end: int) -> str:
    """Return a text with what was read in it gone: signs that are no part of a number."""
    return f"{text[:start]}{'#' * (end - start)}{text[end:]}"


@lru_cache(maxsize=4096)
def mask_designations(text: str) -> str:
    """Return text in lower case with names that hold numbers blanked: T12, type 3, (1), 1998."""
    names, low = _designations(), lowered(_ODDS.sub("ÓR", text) if "OR" in text else text)
    if _DASHED.search(low):
        low = names.minus.sub(lambda match: match[0][:-1] + "−", low)
    if " as opposed to " in low:
        low = low.replace(" as opposed to ", " compared with ")  # as long
    if "plus" in low:
        low = names.plus_minus.sub(lambda match: "±".ljust(len(match[0])), low)
    if "±" in low and "(" in low:
        low = names.enclosed.sub(lambda match: f" {match[1]} ", low)
    if low[-1:].isdigit():
        low = _GLUED.sub(lambda match: ".".ljust(len(match[0])), low)
    first = low
    for match in names.capitals.finditer(text) if names.capital.search(text) else ():
        low = blank_out(low, match.start(), match.end())
    # What one kind finds is gone before the next one looks.
    lower = names.lower
    for _, places in groupby(lower.marks.owners(first), lambda at: names.kinds[lower.rules[at]]):
        for match in list(found_by([lower.parts[at] for at in places], low)):
            low = blank_out(low, match.start(), match.end())
    for start, _ in enumerated(text) if ")" in low and _LISTED.search(low) else ():
        at = max(text.rfind("(", 0, start), start - 5, 0)
        low = blank_out(low, at, start)
    return low
