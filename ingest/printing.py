"""Even out what journals print differently: blanks, broken lines, brackets; every offset is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.model import Sentence

_THIN = dict.fromkeys(
    map(ord, "\t\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"),
    " ",
)
# Square brackets amid round ones, around figures alone and unclosed ones stay: an interval, a citation.
_SQUARE = re.compile(r"\[(?=[^\[\]]{0,300}[A-Za-z])(?P<inner>[^\[\]]{1,300})\]")
_ROUND = re.compile(r"\([^()]*\)")


def evened(masked: str, sentences: Sequence[Sentence]) -> str:
    """Return a text with plain blanks, round brackets and blanks for line ends inside ``sentences``."""
    masked = masked.translate(_THIN)
    if "\n" in masked:
        masked = _unbroken(masked, sentences)
    return _rounded(masked) if "[" in masked else masked


def _rounded(masked: str) -> str:
    """Return a text with round brackets for the square ones that stand in no others."""
    inside = [match.span() for match in _ROUND.finditer(masked)]

    def written(match: re.Match[str]) -> str:
        at = match.start()
        if any(start < at < end for start, end in inside):
            return match[0]
        return f"({match['inner']})"

    return _SQUARE.sub(written, masked)


def _unbroken(masked: str, sentences: Sequence[Sentence]) -> str:
    """Return a text with blanks for the ends of lines inside sentences."""
    found: list[str] = []
    at = 0
    for each in sentences:
        found += (masked[at : each.opening], masked[each.opening : each.end].replace("\n", " "))
        at = each.end
    return "".join([*found, masked[at:]])
