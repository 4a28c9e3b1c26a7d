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
from ingest.numbers.numerals import WORD

# Behind such a word, or at the head of a clause, the name of a part may stand.
_AHEAD = re.compile(
    r"(?P<told>\b(?:in|for|with|without|by|after|following|than|versus|vs\.?|of(?= the| those)) (?:the |both |those (?:with|after) |an? )*)|(?:(?:^|[(;:] ?|, |\b(?:of|to|among|between|and|or|while|whereas|the) )(?:the |both )?)(?=[a-z])"
)
_WORD = re.compile(r"[a-z][a-z/-]*(?: (?:[0-9]+[a-z]?|[a-e]|i{1,3}|iv|v)\b(?! ?%))?\s?")
_NO_WORD = re.compile(
    r"(?:and|or|the|an?|in|of|for|with|by|to|than|was|were|had|both|all|these|those|after|before|at|on|from)\b"
)
_COUNTED = re.compile(rf"(?:{WORD})(?: |$)")
# What a name ends with, and what stands behind one that ends otherwise.
_NOUN = re.compile(
    r"(?:patients|individuals|subjects|participants|cases|women|men|children|tumou?rs|lesions|resections?|excisions?|removals?|operations?|procedures?|approach|route|surgery|fixation|ones?|implants|cages|treatment)\s?$"
)
_PEOPLE = re.compile(
    r"(?:patients|individuals|subjects|participants|cases|women|men|children|ones)\s?$"
)
_ENDS = re.compile(
    r"\s*(?:[,;.()#]|$)|(?:and|or|was|were|it|had|than|versus|vs|compared|but|while|whereas|to|of|yielded|gave|needed|stayed|showed|lasted|led|lost|took|went|bled|left|spent|survived|lived|required|received|underwent|developed|experienced|died|recovered|improved|regained|walked|could|achieved|occurred|followed|remained|averaged|did)\b"
)
_SEVERAL = re.compile(r"\b(?:grades|types|stages|classes|groups|levels|scores) (?:\d|[a-e]\b|i)")
_ROW = re.compile(r"(?:,|,? and|,? or|,? versus|,? vs\.?) ")
_LONGEST = 4
_SURGERY = words_in("surgery")


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
        name = core_of(label).removesuffix(" one")
        words, topic = words_in(name), words_in(lowered(self.topic))
        both = [words_in(each) for each in name.split(" + ")]
        if len(both) > 1 and not any(all(one <= each.said for one in both) for each in self.found):
            return None  # those who had a thing are not those who had it and another
        found = _size_in(self.found, words, topic)
        if found is None and words:
            # What is short for "renal cell cancer" is that wherever it is not told itself.
            silent = [each for each in self.found if not words <= each.said]
            found = _size_in(silent, words_in(self._spelled(name)), frozenset())
        return found

    def rows(self, size: int) -> list[Partition]:
        """Return the divisions into so many parts, each with a name."""
        self._read()
        told = [each for each in self.found if len(each.parts) == size and not each.single]
        return [each for each in told if all(part.shown for part in each.parts)]

    def find(self, text: str, low: str, stops: Set[int]) -> Iterator[Arm]:
        """Yield where a sentence names a part: low resections took, after subtotal removal.

        ``stops`` are where the names of measures begin: after subtotal removal | survival was.
        """
        self._read()
        told = [each for each in self.found if not each.single]
        topic = words_in(lowered(self.topic)) if told else frozenset[str]()
        last = -1
        for match in _AHEAD.finditer(low) if told else ():
            # "for high, middle and low": one preposition holds for the row.
            bare = bool(match["told"]) or _ROW.fullmatch(low, last, match.end()) is not None
            # Those without it are another part than those with it.
            without = low.rfind("without ", match.start(), match.end())
            start = without if without >= 0 else match.end()
            for end in reversed(_ends_of(low, match.end(), bare, stops)):
                name = low[start:end]
                words = words_in(name.removesuffix(" one"))
                # "After surgery" says when; "surgical patients" whom; "grades 0, 1 and 2" are several.
                plain = words == _SURGERY and not _PEOPLE.search(name)
                if plain or _SEVERAL.search(name):
                    continue
                if any(each.find(words, topic) for each in told):
                    yield Arm(start, end, text[start:end])
                    last = end
                    break

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

    def other(self, label: str) -> str | None:
        """Return the name of the other of two parts of which one is meant."""
        words, topic = words_in(core_of(label)), words_in(lowered(self.topic))
        for each in self.rows(2):
            part = each.find(words, topic)
            if part:
                return next(one.shown for one in each.parts if one is not part)
        return None

    def _spelled(self, name: str) -> str:
        for short, long in self.abbreviations.items():
            name = re.sub(rf"\b{re.escape(short.lower())}\b", long.lower(), name)
        return name


def _ends_of(low: str, start: int, bare: bool, stops: Set[int]) -> list[int]:
    """Return where a name that begins at a place may end, ``bare`` without a noun of its own."""
    found, at = [], start
    if _COUNTED.match(low, at):
        return []
    for _ in range(_LONGEST):
        word = _WORD.match(low, at)
        if word is None or _NO_WORD.match(low, at):
            break
        at = word.end()
        closed = bare and (at in stops or _ENDS.match(low, at))
        if closed or _NOUN.search(low, start, at):
            found.append(len(low[:at].rstrip()))
    return found


def _size_in(found: Sequence[Partition], words: Words, topic: Words) -> int | None:
    """Return the size of the part that a name in words means, of the largest whole that has one."""
    told: dict[tuple[bool, int], set[int]] = {}
    for each in found:
        part = each.find(words, topic)
        if part and part.size > 1:
            told.setdefault((not each.single, each.whole), set()).add(part.size)
    # Of those of the whole, where some of its parts are divided once more, or had something else.
    sizes = told[max(told)] if told else set()
    return sizes.pop() if len(sizes) == 1 else None
