"""Compile the wordings of cues and patterns so that they match text in lower case quickly."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CAPITAL = re.compile(r"(?<!\\)[A-Z]")


def compile_wordings(rules: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern of all rules, to be matched against ``lowered`` text.

    Ignoring case makes Python's matcher several times slower: it is kept for rules that are
    written with capitals.
    """
    joined = "|".join(rules)
    return re.compile(joined, re.IGNORECASE if _CAPITAL.search(joined) else 0)


def lowered(text: str) -> str:
    """Return text in lower case with every offset kept."""
    low = text.lower()
    # A few letters (İ) grow when lowered; offsets matter more than their case.
    return low if len(low) == len(text) else text
