"""Find by which part of those whom a text divides a later name is meant.

"The resection was high in 29, middle in 18 and low in 10": a later name means the one part whose own
words it holds, with no word that the text has not said of any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from ingest.groups.arms import Arm
from ingest.groups.distinctions import Words, words_in
from ingest.groups.divisions import Partition, partitions_in
from ingest.groups.labels import core_of
from ingest.language.wording import lowered

_WORD = r"(?!(?:and|or|the|an?|in|of|for|with|by|to|than|was|were|had|both|all|these|those|after|before|at|on|from)\b)[a-z][a-z/-]*"
_AHEAD = r"(?:^|[(,;:] ?|\b(?:in|of|for|with|without|by|to|than|after|following|among|between|and|or|versus|vs\.?|while|whereas|the) )(?:the |both )?"
# "Frail patients stayed", "than low resections"
_NAMED = re.compile(
    rf"{_AHEAD}(?P<name>(?:{_WORD} ){{1,3}}(?:patients|cases|women|men|children|tumou?rs|lesions|resections?|excisions?|removals?|operations?|procedures|approach|route|surgery|fixation|ones|implants|cages))\b"
)
# "after gross total | and"
_BEHIND = re.compile(
    rf"\b(?:in|for|with|without|by|after|following|than|versus|vs\.?) (?:the |those with |an? )?(?P<name>{_WORD}(?: {_WORD}){{0,2}}?)(?=\s*[,;.()#]|\s*$| (?:and|or|was|were|it|had|than|versus|vs|compared|but|while|whereas|to|of)\b)"
)


@dataclass(slots=True)
class Partitions:
    """The divisions of a document's sentences; ``texts`` were not searched yet.

    ``here`` is the sentence at hand, whose own numbers it is not for; ``topic`` are the words of
    the title, which a name may hold besides; ``abbreviations`` are the document's own.
    """

    topic: str = ""
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    texts: list[tuple[str, bool, frozenset[int]]] = field(default_factory=list)
    here: tuple[str, bool, frozenset[int]] | None = None
    found: list[Partition] = field(default_factory=list)

    def note(self, text: str, defining: bool, wholes: Set[int]) -> None:
        """Add a sentence; ``wholes`` are the numbers of patients told before it."""
        self.texts += [self.here] if self.here else []
        self.here = text, defining, frozenset(wholes)

    def size(self, label: str) -> int | None:
        """Return how many those of a name are, None where no division tells it or two tell otherwise."""
        self._read()
        name = core_of(label)
        words, topic = words_in(name), words_in(lowered(self.topic))
        found = _size_in(self.found, words, topic)
        if found is None and words:
            # What is short for "renal cell cancer" is that wherever it is not told itself.
            silent = [each for each in self.found if not words <= each.said]
            found = _size_in(silent, words_in(self._spelled(name)), topic)
        return found

    def find(self, text: str, low: str) -> Iterator[Arm]:
        """Yield where a sentence names a part: low resections took, after subtotal removal."""
        self._read()
        topic = words_in(lowered(self.topic)) if self.found else frozenset[str]()
        for rule in (_NAMED, _BEHIND) if self.found else ():
            for match in rule.finditer(low):
                words = words_in(match["name"])
                if any(each.find(words, topic) for each in self.found):
                    span = match.span("name")
                    yield Arm(*span, text[slice(*span)])

    def _read(self) -> None:
        for text, defining, wholes in self.texts:
            told = {part.size for each in self.found for part in each.parts}
            self.found += partitions_in(text, defining, wholes | told)
        self.texts.clear()

    def rest(self, label: str) -> int | None:
        """Return how many those are of whom a name does not hold, where they are one of two parts."""
        words, topic = words_in(core_of(label)), words_in(lowered(self.topic))
        for each in self.found:
            part = each.find(words, topic) if len(each.parts) == 2 else None
            if part and part.size == self.size(label):
                return each.whole - part.size
        return None

    def _spelled(self, name: str) -> str:
        for short, long in self.abbreviations.items():
            name = re.sub(rf"\b{re.escape(short.lower())}\b", long.lower(), name)
        return name


def _size_in(found: Sequence[Partition], words: Words, topic: Words) -> int | None:
    """Return the size of the part that a name in words means, of the largest whole that has one."""
    told: dict[int, set[int]] = {}
    for each in found:
        part = each.find(words, topic)
        if part and part.size > 1:
            told.setdefault(each.whole, set()).add(part.size)
    # Of those of the whole, where some of its parts are divided once more.
    sizes = told[max(told)] if told else set()
    return sizes.pop() if len(sizes) == 1 else None
