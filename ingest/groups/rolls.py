"""Read how many of each kind a list counts: 26 chordomas, 12 chondrosarcomas and 9 sarcomas.

"50 had breast cancer, 22 kidney cancer and 16 lung cancer", "the margin was wide in 30 and marginal
in 9", "cervical (n = 20) or thoracic (n = 31)": a later name is that of the one kind it fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from ingest.language.starts import build_rule
from ingest.language.wording import lowered
from ingest.numbers.numerals import WORD, parse_number

_PEOPLE = r"(?:patients|cases|subjects|women|men|children|individuals|adults|lesions|tumou?rs|levels|vertebrae|segments|metastases)"
_COUNT = rf"(?<![\w.,%/-])(?P<n>\d+|{WORD})(?! ?%)"
_STOP = r"(?:and|or|the|an?|was|were|is|had|has|have|with|without|in|on|at|of|for|from|to|by|after|before|during|within|than|who|whom|which|that|while|whereas|but|only|another|remaining|them|these|those|months?|years?|weeks?|days?|hours?|h|min|ml|cm|mm|gy|percent|points?|times?|mean|median|age|aged)"
_TERM = rf"(?!{_STOP}\b)[a-z][\w'’/+-]*"
# What stands behind such a word is a name, be it a number or a letter.
_CLASS = r"(?:grades?|types?|stages?|class|groups?|scores?)"
_NAME = (
    rf"(?<![\w'’+-])(?:(?:{_TERM} ){{0,3}}?{_CLASS} (?:[0-9]+[a-z]?|[a-f]|i{{1,3}}|iv|v)\b"
    rf"|{_TERM}(?: {_TERM}){{0,3}})"
)
_AHEAD = rf"(?: {_PEOPLE})?(?: \([^()]*\))?(?: (?:who )?(?:had|with|having|were|was|of|in|suffered from|presented with))?(?: an?| the)?"
_ASIDE = r"(?: \([^()]*\))?"
_JOINT = rf"{_ASIDE}(?:,? and|[,;]|,? or) "
# "50 had breast cancer", "26 chordomas"; "wide in 30"; "cervical (n = 20)"
_BEHIND = rf"{_COUNT}{_AHEAD} (?P<name>{_NAME})(?=[\s.,;:()]|$)"
_IN = rf"(?P<name>{_NAME}|\b[a-e]\b|\b(?:i{{1,3}}|iv|v)\b) (?:in|for) {_COUNT}(?: {_PEOPLE})?"
_SIZED = rf"(?P<name>{_NAME}) \(n ?= ?(?P<n>\d+)(?:[;,][^()]*)?\)"
_ITEMS = tuple(re.compile(each) for each in (_BEHIND, _IN, _SIZED))
_JOINTS = re.compile(_JOINT)
# "the ASIA grade was | A in 12 and B in 18": what the letters are is told ahead of them.
_HEAD = build_rule(rf"(?P<head>(?:[a-z-]+ )?{_CLASS}) (?:was|were) $")
_CLASSED = re.compile(_CLASS)
_BARE = re.compile(r"[a-e]|i{1,3}|iv|v|\d")
_TOKEN = re.compile(r"[a-z0-9][\w'’/+-]*")
# Words that tell no kind from another.
_PLAIN = frozenset(
    [
        "the",
        "a",
        "an",
        "with",
        "of",
        "in",
        "had",
        "for",
        "patient",
        "patients",
        "case",
        "cases",
        "those",
        "group",
        "groups",
        "disease",
        "cancer",
        "carcinoma",
        "tumour",
        "tumor",
        "lesion",
        "primary",
        "metastasis",
        "metastase",
        "metastases",
        "vertebra",
        "level",
        "operated",
        "on",
    ]
)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Roll:
    """The kinds that a list counts, by their words, and what its sentence says of them all."""

    kinds: dict[frozenset[str], int]
    said: frozenset[str]

    def size(self, words: frozenset[str]) -> int | None:
        """Return the number of the one kind that a name in words means."""
        for told in (words, words - self.said):
            if told in self.kinds:
                return self.kinds[told]
        fits = [size for told, size in self.kinds.items() if words and words < told]
        return fits[0] if len(fits) == 1 else None

    def makes_up(self, wholes: Set[int]) -> bool:
        """Tell whether it counts all patients or lesions told of, not what befell some."""
        total = sum(self.kinds.values())
        return total in wholes and 2 * total > max(wholes)


@dataclass(slots=True)
class Rolls:
    """The lists of a document's sentences, each with the words of its kinds and their numbers.

    ``texts`` were not searched yet, each with whether it stands ahead of the results and the
    numbers of patients told by then; ``here`` is the sentence at hand, whose own numbers it is not for.
    """

    texts: list[tuple[str, bool, frozenset[int]]] = field(default_factory=list)
    here: tuple[str, bool, frozenset[int]] | None = None
    found: list[Roll] = field(default_factory=list)

    def note(self, text: str, defining: bool, wholes: Set[int]) -> None:
        """Add a sentence; ``wholes`` are the numbers of patients told before it."""
        self.texts += [self.here] if self.here else []
        listed = " and " in text or "(n" in text
        self.here = (text, defining, frozenset(wholes)) if listed else None

    def size(self, label: str) -> int | None:
        """Return how many those of a name are, None where no list tells it or two tell otherwise."""
        for text, defining, wholes in self.texts:
            self.found += [each for each in rolls_in(text) if defining or each.makes_up(wholes)]
        self.texts.clear()
        words = _words(label.lower())
        sizes = {size for roll in self.found if (size := roll.size(words))}
        return sizes.pop() if len(sizes) == 1 else None


def _words(name: str) -> frozenset[str]:
    """Return the words of a name in the singular that tell it from others."""
    tokens = [each.removesuffix("s") if len(each) > 4 else each for each in _TOKEN.findall(name)]
    plain = (
        each in _PLAIN and not _CLASSED.fullmatch(before)
        for before, each in zip(["", *tokens], tokens, strict=False)
    )
    return frozenset(each for each, none in zip(tokens, plain, strict=True) if not none)


def rolls_in(text: str) -> Iterator[Roll]:
    """Yield the lists of a sentence."""
    low = lowered(text)
    for rule in _ITEMS:
        last: re.Match[str] | None = None
        row: list[re.Match[str]] = []
        for item in rule.finditer(low):
            if last is None or not _JOINTS.fullmatch(low, last.end(), item.start()):
                yield from _roll_of(low, row)
                row = []
            row.append(item)
            last = item
        yield from _roll_of(low, row)


def _roll_of(low: str, row: list[re.Match[str]]) -> Iterator[Roll]:
    """Yield the list that some items next to each other make, where each is told once."""
    if len(row) < _FEWEST:
        return
    told = _HEAD.search(low, 0, row[0].start("name"))
    head = f"{told['head']} " if told else ""
    names = [each["name"] for each in row]
    if head and all(_BARE.fullmatch(each) for each in names):
        names = [f"{head}{each}" for each in names]
    kinds = {
        _words(name): int(parse_number(each["n"])) for name, each in zip(names, row, strict=True)
    }
    if len(kinds) == len(row) and frozenset() not in kinds and min(kinds.values()) > 1:
        yield Roll(kinds, _words(low).difference(*kinds))
