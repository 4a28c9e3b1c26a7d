"""Tell how many had something and how many were without it: of 70 patients, 30 had a leak.

Those without are told by their own number ("and 40 did not"), else they are what the whole leaves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ingest.groups.antecedents import OF_THEM
from ingest.groups.descriptions import had_by, headcount_of, words_of
from ingest.groups.labels import core_of
from ingest.language.starts import build_rule
from ingest.language.wording import lowered
from ingest.numbers.numerals import WORD, parse_number
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import Quantity

_NOT = "not"
# By which some are said to have had what names them, and when.
_VERBS = frozenset(
    [
        "new",
        "onset",
        "new-onset",
        "postoperative",
        "preoperative",
        "perioperative",
        "subsequent",
        "did",
        "do",
        "have",
        "develop",
        "developed",
        "receive",
        "undergo",
        "experience",
        "experienced",
        "suffer",
        "suffered",
        "need",
        "needed",
        "require",
        "required",
        "presented",
        "presenting",
        "found",
        "diagnosed",
        "occurred",
    ]
)
_PEOPLE = r"(?:(?:of them|others|patients|individuals|participants|cases|women|men|children|subjects) )?(?:who )?"
# "and 40 did not", "the other 40 patients without", "absent in 40"
_REST = re.compile(
    rf"\b(?P<one>\d+|{WORD}) {_PEOPLE}(?:(?:did|had|were|was|do) not\b|without\b|with no\b|had no(?:ne)?\b)"
    rf"|\b(?:absent|omitted|not \w+) in (?:the )?(?:other |remaining )*(?P<two>\d+|{WORD})\b"
)
_SIZE = r"\(n ?= ?(?P<{}>\d+)[^()]*\)"
# "with (n = 30) or without (n = 40) embolization", "with embolization (n = 30) and those without (n = 40)"
_SIZED = (
    build_rule(
        rf"\bwith {_SIZE.format('one')} (?:or|and|versus|vs\.?) without {_SIZE.format('two')} (?P<what>[^.,;:()]+)"
    ),
    build_rule(
        rf"\bwith (?P<what>[^.,;:()]+) {_SIZE.format('one')},? (?:[a-z]+ ){{0,4}}without (?:it )?{_SIZE.format('two')}"
    ),
)
# "112 (35%) were malnourished": what they were; not what was done to gather or treat them.
_WERE = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:of (?:them|these|whom) )?(?:patients |individuals |subjects |participants |cases )?(?:were|was) (?P<what>(?!(?:\w*(?:treat|operat|includ|exclud|follow|analy|identif|enrol|random|assign|review|stud|lost|evaluat|select|perform|found|seen|given|alive|dead|male|female|older|younger|aged))\w*)[a-z-]{5,}(?:ed|ic|ant|ive|al|ory|ent|able|ous|ese))(?=[.,;)]| (?:according|by|at|on|before|preoperatively|and|but|as|while|whereas)\b|$)"
)
# "38 were aged 80 years or older", "aged 70 or more (n = 37) ... younger ones (n = 88)"
_AGED = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:patients |individuals |subjects |participants )?(?:were )?(?:aged )?(?:(?:≥|>|over|above|older than|at least) ?(?:the age of )?\d\d|(?:aged )?\d\d (?:years )?(?:of age )?(?:or|and) (?:older|more|over|above))\b"
)
_AGED_SIZED = re.compile(
    rf"\bage[ds]? [^();,]{{0,25}}\d\d[^();,]{{0,25}}{_SIZE.format('one')}[^.;()]{{0,60}}\b(?:younger|under|below|<)[^().;]{{0,30}}{_SIZE.format('two')}"
)
_OLD = frozenset(
    ["elderly", "older", "octogenarian", "septuagenarian", "nonagenarian", "geriatric"]
)
_YOUNG = frozenset(["younger", "young"])
# "Malnourished" and "well-nourished", "complete" and "incomplete"
_PREFIX = re.compile(r"(?:non-?|un|in|im|mal|well-|ab|dis|hypo|hyper)(?=[a-z]{4})")
_OPENS = re.compile(r"(?:overall, |in total, )?(?:of|among) (?:the |our |a total of |these )*$")
_OF_WHOM = re.compile(r",? $|,? of (?:whom|which|these|them),? $")
# What some of a group had is no matter of all.
_PARTED = re.compile(
    r"\b(?:groups?|arms?|subgroups?|cohorts?|among|of (?:these|those|whom|them|which))\b"
)
# "The others had a brace", "in the other nine patients a brace was used"
_OTHERS_HAD = build_rule(
    rf"^(?:in |for )?(?:all )?the (?:others|(?:other|remaining|rest of the) (?:(?P<n>\d+|{WORD}) )?(?:patients|individuals|subjects|participants|cases|women|men|children)?),? ?"
    r"(?:(?:underwent|received|were (?:treated|managed|operated on) (?:with|by|using|through)) (?P<had>[^,;:.()\d]{3,80})"
    r"|(?:an? |the )?(?P<done>[^,;:.()\d]{3,80}?) (?:was|were) (?:done|performed|carried out|used|given|chosen|applied|undertaken)\b)"
)


@dataclass(slots=True)
class Halves:
    """Those with and those without something, by its words; ``whole`` finds how many were studied.

    ``texts`` are the sentences that were not searched yet, ``last`` the one pair that the sentence
    before them told.
    """

    whole: Callable[[], int | None] = lambda: None
    sizes: dict[frozenset[str], tuple[int, int] | None] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    last: tuple[int, int] | None = None

    def size(self, label: str) -> int | None:
        """Return how many those of a name are, where they are one half of two."""
        words = _words(label)
        found = self._sizes(words - {_NOT})
        return (found[_NOT in words] or None) if found else None

    def rest(self, label: str, size: int | None) -> int | None:
        """Return how many those are of whom a name does not hold; ``size`` are those of whom it does."""
        words = _words(label)
        found = self._sizes(words - {_NOT})
        if found:
            return found[_NOT not in words] or None
        total = self.whole() if size else None
        return total - size if total and size and size < total else None

    def _sizes(self, words: frozenset[str]) -> tuple[int, int] | None:
        if not words:
            return None
        for text in self.texts:
            found = [*halves_in(text, self.whole)] or [*self._others_in(text)]
            for told, sizes in found:
                if self.sizes.setdefault(told, sizes) != sizes:
                    self.sizes[told] = None
            pairs = [sizes for _, sizes in found if all(sizes)]
            self.last = pairs[0] if len(pairs) == 1 else None
        self.texts.clear()
        if words in self.sizes:
            return self.sizes[words]
        [word, *more] = words
        other = {each for each in self.sizes if not more and _are_opposite(word, each)}
        pair = self.sizes[other.pop()] if len(other) == 1 else None
        return pair[::-1] if pair else None

    def _others_in(self, text: str) -> Iterator[tuple[frozenset[str], tuple[int, int]]]:
        """Yield what those had of whom the sentence before said that they had not what some had."""
        had = _OTHERS_HAD.match(lowered(text)) if self.last else None
        if had is None or self.last is None:
            return
        stated = int(parse_number(had["n"])) if had["n"] else self.last[1]
        words = words_of(had["had"] or had["done"]) - _VERBS
        if words and stated == self.last[1]:
            yield words, self.last[::-1]


def _words(label: str) -> frozenset[str]:
    words = words_of(core_of(label).replace("well ", "well-")) - _VERBS
    if words and words <= _OLD | _YOUNG:
        return frozenset(["elderly"] if words <= _OLD else ["elderly", _NOT])
    return words


def _are_opposite(word: str, told: frozenset[str]) -> bool:
    """Tell whether a word says the contrary of the one by which some were told: nourished well and ill."""
    [other, *more] = told
    apart = not more and word != other
    return apart and _PREFIX.sub("", word, count=1) == _PREFIX.sub("", other, count=1)


def halves_in(
    text: str, whole: Callable[[], int | None]
) -> Iterator[tuple[frozenset[str], tuple[int, int]]]:
    """Yield the words of what some patients of a sentence had, with how many had it and had not.

    The second number is 0 where it is not told.
    """
    low = lowered(text)
    for rule in _SIZED:
        for match in rule.finditer(low):
            yield words_of(match["what"]) - _VERBS, (int(match["one"]), int(match["two"]))
    for match in _AGED_SIZED.finditer(low) if "age" in low else ():
        yield frozenset(["elderly"]), (int(match["one"]), int(match["two"]))
    quantities = find_quantities(text)
    for at, each in enumerate(quantities):
        size = headcount_of(each)
        what = had_by(low, each) if size > 1 and each.unit in {None, "patients"} else None
        words = words_of(what) - _VERBS if what else _state_of(low, each, size)
        if not words or _NOT in words:
            continue
        rest = _rest_of(low, each)
        if rest is None:
            total = _whole_of(low, each, quantities[:at])
            # "13 had A, 12 of them with B": the part of some takes nothing from those it is of.
            ahead = (
                low[: quantities[at + 1].start] if _opens_part(low, quantities[at + 1 :]) else low
            )
            total = total or (None if _PARTED.search(ahead) else whole())
            rest = total - size if total and total > size else None
        yield words, (size, rest or 0)


def _opens_part(low: str, behind: tuple[Quantity, ...]) -> bool:
    """Tell whether the next count of a sentence is a part of those told ahead: ", 12 of them"."""
    return bool(behind) and OF_THEM.match(low, behind[0].end) is not None


def _state_of(low: str, each: Quantity, size: int) -> frozenset[str]:
    """Return the word by which a sentence says how those were whom a number counts."""
    if size < 2 or each.unit not in {None, "patients"}:
        return frozenset()
    if _AGED.match(low, each.end):
        return frozenset(["elderly"])
    were = _WERE.match(low, each.end)
    return words_of(were["what"]) if were else frozenset()


def _rest_of(low: str, each: Quantity) -> int | None:
    """Return how many a sentence says were without what some had."""
    match = _REST.search(low, each.end)
    return int(parse_number(match["one"] or match["two"])) if match else None


def _whole_of(low: str, each: Quantity, before: tuple[Quantity, ...]) -> int | None:
    """Return of how many a sentence says that some had something."""
    if each.denominator:
        return each.denominator
    for one in before[:1]:
        opens = _OPENS.fullmatch(low, 0, one.start) or low.startswith("of whom", one.end + 2)
        if opens and _OF_WHOM.fullmatch(low, one.end, each.start):
            return headcount_of(one) or None
    return None
