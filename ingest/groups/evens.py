"""Remember how many patients each of a study's groups had where that is told of all of them at once.

"Forty patients were randomised, 20 in each arm, to a drain or none": with a drain, too, are 20.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.groups.descriptions import words_of
from ingest.groups.labels import core_of, fits
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.numbers.numerals import WORD, parse_number

_PEOPLE = r"(?:patients|cases|subjects|participants|women|men|individuals)"
# "30 patients in each group", "each group (n = 30)", "48 matched pairs", "63 cases were matched 1:1"
_EACH = build_rule(
    rf"\b(?:(?P<n>\d+|{WORD}) (?:{_PEOPLE} (?:(?:in|per|for|to|within) )?(?:each|either)\b|(?:in |for )?(?:each|either|per) (?:group|arm|cohort)\b)|n ?= ?(?P<m>\d+)(?: patients| individuals| subjects| participants)?(?:,? (?:in |per |for )?each\b)|each (?:group|arm|cohort)? ?(?:\(n ?= ?|(?:with|of|had|included|comprised|consisted of|contained|comprising|consisting of) )(?P<k>\d+|{WORD})\b"
    rf"|(?P<p>\d+|{WORD}) (?:(?:[a-z]+[ -]){{0,3}}(?:matched|patient) pairs\b|pairs of (?:[a-z-]+ ){{0,2}}{_PEOPLE}\b|pairs\b(?! of))"
    rf"|(?P<r>\d+|{WORD}) {_PEOPLE} each\b"
    rf"|(?P<q>\d+|{WORD}) (?:[a-z-]+ ){{0,3}}{_PEOPLE} (?:\([^()]*\) )?were (?:[a-z-]+ ){{0,3}}?matched (?:1 ?: ?1|one[- ]to[- ]one)\b)"
)
_DEALT = ("assigned", "allocated", "random", "received", "underwent", "treated")
_BOTH = re.compile(
    r"\b(?P<n>\d+) (?:patients |individuals |subjects |participants )?(?:were |was )?(?:\w+ly )?(?:assigned|allocated|randomi[sz]ed|received|underwent|treated)\b[^.;]{3,90}?(?:,|,? and) (?P=n) (?!%)"
)
_GROUP = re.compile(r"(?i)\b(?:group|arm|cohort)s?\b")
# In the results "two patients in each group" tells no size but where groups are made.
_MAKES = re.compile(
    r"(?i)random|assign|alloc|includ|enrol|match|divid|compris|consist|analy|avail|complet|left|evaluat"
)
# Words of a sentence that sets groups beside each other.
_COMPARES = ("random", "compar", "versus", " vs", "assigned", "allocated", "matched", " each")
# Who they are, not what was done to them: of these as many need not be in each group.
_NATURE = words_of("men women male female older younger elderly patients cases those with without")


@dataclass(slots=True)
class Evens:
    """The size that all groups are said to have, and the sentences that tell what groups they are.

    ``here`` is the size that the last sentence tells.
    """

    size: int | None = None
    here: int | None = None
    texts: list[str] = field(default_factory=list)

    def note(self, text: str, defining: bool) -> None:
        """Add a sentence; ``defining`` is true where it stands ahead of the results."""
        size = size_of_each(text) or (_size_of_both(text) if defining else None)
        self.here = size if defining or (size and _MAKES.search(text)) else None
        self.size = self.here or self.size
        if self.here or (defining and holds_any(text, _COMPARES)):
            self.texts.append(text)

    def of(self, label: str) -> int | None:
        """Return the size of a group by its name, None where that may be no group of the study."""
        if self.size is None or _GROUP.search(label):
            return self.size
        words = words_of(core_of(label)) - {"not"}
        known = fits(words, words_of(lowered(" ".join(self.texts))) - {"not"})
        return self.size if words and known and not words & _NATURE else None


def _size_of_both(text: str) -> int | None:
    """Return the size that a sentence tells of two groups apart, with both together: 210, 105 to A and 105 to B."""
    told = _BOTH.search(text) if holds_any(text, _DEALT) else None
    size = int(told["n"]) if told else 0
    return size if size > 1 and re.search(rf"\b{2 * size}\b", text) else None


def size_of_each(text: str) -> int | None:
    """Return the size that a sentence gives to each of the groups: 30 patients in each group."""
    if not holds_any(text, (" each", "either", "pairs", "matched", " per ")):
        return None
    found = _EACH.search(lowered(text))
    told = next((each for each in found.groups() if each), None) if found else None
    return int(parse_number(told)) if told else None
