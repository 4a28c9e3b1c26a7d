"""Compile the wordings of cues and patterns so that they match text in lower case quickly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

_CAPITAL = re.compile(r"(?<!\\)[A-Z]")
_EDGE = r"\b"


def compile_wordings(rules: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern of all rules, to be matched against ``lowered`` text.

    Ignoring case makes Python's matcher several times slower: it is kept for rules that are
    written with capitals. A word edge that neighbouring alternatives share is asked for once.
    """
    joined = factored("|".join(rules))
    return re.compile(joined, re.IGNORECASE if _CAPITAL.search(joined) else 0)


def factored(rule: str) -> str:
    r"""Return the rule with ``\ba|\bb`` written as ``\b(?:a|b)``: the same matches in the same order.

    Python tries every alternative at every letter; with the edge in front it does so at words
    alone, which is several times faster for long rules.
    """
    written = []
    for edged, group in groupby(_alternatives(rule), key=lambda each: each.startswith(_EDGE)):
        if edged:
            written.append(rf"\b(?:{'|'.join(each[len(_EDGE) :] for each in group)})")
        else:
            written += group
    return "|".join(written)


def _alternatives(rule: str) -> list[str]:
    """Return the alternatives at the top of a rule, outside brackets and classes."""
    found, start, depth, classed = [], 0, 0, False
    for match in re.finditer(r"\\.|[|()\[\]]", rule, re.DOTALL):
        sign = match[0]
        if classed:
            classed = sign != "]"
        elif sign == "[":
            classed = True
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        elif sign == "|" and not depth:
            found.append(rule[start : match.start()])
            start = match.end()
    return [*found, rule[start:]]


def lowered(text: str) -> str:
    """Return text in lower case with every offset kept."""
    low = text.lower()
    # A few letters (İ) grow when lowered; offsets matter more than their case.
    return low if len(low) == len(text) else text
