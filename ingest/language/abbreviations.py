"""Find the abbreviations that a text defines, with their long forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ingest.language.starts import build_rule
from ingest.language.wording import lowered

_DEFINITION = build_rule(r"[(\[]\s*([A-Z][A-Za-z0-9-]{1,9}?)s?\s*[)\];,]")
# A pattern that begins with a class of letters is found several times faster than one with an edge.
_REVERSED = re.compile(r"([A-Z](?<![\w-][A-Z])[A-Z0-9-]{1,9})s?\s*\(\s*([a-z][a-z' -]{6,80})\)")
_SPELT = re.compile(r"\(\s*[a-z][a-z' -]{6,80}\)")


@lru_cache(maxsize=2)
def find_abbreviations(text: str) -> Mapping[str, str]:
    """Return the abbreviations a text defines, "long form (ABBR)", with their long forms.

    The rule of Schwartz and Hearst (2003, PSB 8:451): letters are matched from the right, the
    first must begin a word, and the long form has at most min(len + 5, 2 len) words.
    """
    found: dict[str, str] = {}
    for match in _DEFINITION.finditer(text):
        short = match[1]
        before = text[max(0, match.start() - 120) : match.start()].rstrip()
        words = before.split()[-min(len(short) + 5, 2 * len(short)) :]
        long = _long_form(short, " ".join(words))
        # "Intra-arterial (HIA) versus systemic (IV)": no name spans another's bracket.
        if long and ")" not in long:
            found.setdefault(short, long)
    for match in _REVERSED.finditer(text) if _SPELT.search(text) else ():
        long = _long_form(match[1], match[2])
        if long == match[2]:
            found.setdefault(match[1], match[2])
    return found


def occurrences(short: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where an abbreviation stands in a text as a word, in the plural too."""
    # Every document has others: compiling a pattern of each costs more than looking for it.
    at = text.find(short)
    while at >= 0:
        end = at + len(short)
        if text[end : end + 1] == "s":
            end += 1
        if _goes_on(text[at - 1 : at]) or _goes_on(text[end : end + 1]):
            end = at + 1
        else:
            yield at, end
        at = text.find(short, end)


def _goes_on(sign: str) -> bool:
    """Tell whether a sign beside an abbreviation makes it a part of a longer word."""
    return sign.isascii() and sign.isalnum()


def _long_form(short: str, before: str) -> str | None:
    at, low = len(before) - 1, lowered(before)
    for index in range(len(short) - 1, -1, -1):
        char = short[index].lower()
        if not char.isalnum():
            continue
        while at >= 0 and (low[at] != char or (index == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
        at -= 1
    return before[at + 1 :]
