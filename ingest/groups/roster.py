"""Remember the groups that a document sets against each other, and find them by name further on.

A group is defined once ("separation surgery (SS, n = 31)") and spoken of by any part of its name
later: after SS, in the SS group, the other one of the two, the same two in the same order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from ingest.groups.allotment import note_sizes
from ingest.groups.arms import Arm, is_clear, key_of
from ingest.groups.attrition import are_parts
from ingest.groups.counted import Counted, counted_in, size_named
from ingest.groups.descriptions import Allotted, words_of
from ingest.groups.divisions import Partition, partitions_in, set_apart
from ingest.groups.enrolment import note_arms
from ingest.groups.evens import Evens
from ingest.groups.halves import Halves
from ingest.groups.infixes import names_in_turn
from ingest.groups.labels import STEM, core_of, fits, means_same, size_of
from ingest.groups.marks import are_marks, find_marks, mark_of
from ingest.groups.matched import is_after_matching, of_size
from ingest.groups.partitions import Partitions
from ingest.groups.places import places_of, stands_alone
from ingest.model import Mention
from ingest.numbers.quantities import find_quantities

_SINCE = re.compile(
    r"(?:\b(?:months?|years?|days?|weeks?|hours?|min|h)\b)\)?,? (?:after|following|from|since)(?: the| an?)? $"
)
_MARKED = re.compile(r"(?i)(?:group|arm|cohort) (?:[a-z]|\d|i{1,3}v?|vi{0,3})")
_HEADED = re.compile(r"[ -](?:group|arm|cohort)\b")
# Names of those who were set against the treated.
_CONTROL = frozenset(["control", "controls", "untreated", "reference"])
_WITHOUT = re.compile(
    r"(?:no|without|non(?! (?:small|hodgkin|ossif|secret|functi))|conventional|standard|usual|routine) "
)
# "88 received it and 109 did not": of those no name is told.
_EMPTY = frozenset(["not", "did", "do", "does"])
# "In the latter group the margins were": of those told just before
_TURNED = re.compile(
    r"\b(?P<name>the (?P<turn>former|latter)(?P<noun> (?:groups?|arm|cohort|patients|individuals|subjects|participants|ones|cases))?)\b(?! [a-z]+ (?:were|was|had))"
)
# "In the former, mean subsidence was"
_ALONE = re.compile(r"the (?:former|latter),")
# "patients with a syrinx", of whom the text has told how many they are
_HAVING = re.compile(
    r"(?i)(?:the )?(?:patients|individuals|subjects|participants|those|women|men|children|cases) (?:with|(?:who were )?treated (?:with|by)|who (?:had|developed|underwent|received)|who(?= (?:regained|lost|maintained|retained))|undergoing|receiving|having)\b"
)


@dataclass(slots=True)
class Roster:
    """The groups of a document as far as it was read.

    ``sizes`` are under every name, None where one name has two; ``together`` the groups told in
    one breath; ``last`` those dealt last to numbers set beside each other, in their order;
    ``evens`` are those of whom one size is told; ``here`` the groups that the sentence at hand sizes, ``parts`` those of which it sizes a part;
    ``counted`` all whom the text has counted with what it said of them, ``counting`` those whom the
    sentence at hand counts; ``halves`` are those with and those without something, ``partitions``
    the parts into which sentences divide them; ``since`` are how many were told ``together`` before the last sentence and before this one;
    ``marks`` are the letters by which groups are called; ``matched`` is true once those are told whom matching left;
    ``abbreviations`` are the document's own; ``pooled`` is true where it gathers studies of others,
    so that no size is that of a later number.
    """

    abbreviations: Mapping[str, str] = field(default_factory=dict)
    pooled: bool = False
    sizes: dict[str, int | None] = field(default_factory=dict)
    together: list[list[Allotted]] = field(default_factory=list)
    last: tuple[str, ...] = ()
    evens: Evens = field(default_factory=Evens)
    here: list[Allotted] = field(default_factory=list)
    parts: list[Allotted] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    counting: list[Counted] = field(default_factory=list)
    halves: Halves = field(default_factory=Halves)
    partitions: Partitions = field(default_factory=Partitions)
    since: tuple[int, int] = (0, 0)
    marks: list[str] = field(default_factory=list)
    matched: bool = False

    def note(
        self,
        text: str,
        mentions: Sequence[Mention],
        meant: dict[str, tuple[Mention, ...]],
        wholes: Set[int] = frozenset(),
        defining: bool = False,
    ) -> None:
        """Add the groups that a sentence defines; ``meant`` receives what was done in each.

        ``wholes`` are the numbers of patients that were told before it; ``defining`` is true where
        it stands ahead of the results.
        """
        self.evens.note(text, defining)
        self.halves.texts.append(text)
        self.here, self.parts = [], []
        self.since = self.since[1], len(self.together)
        # What a sentence says of its own numbers is read where they stand.
        self.counted += self.counting
        self.counting = [*counted_in(text, defining)]
        self.partitions.note(text, defining, wholes)
        if not (mentions or "=" in text or find_quantities(text)):
            return
        left = self._match(text)
        lettered = self._lettered(note_arms(text, mentions, meant), text)
        divided = [*partitions_in(text, True, wholes)] if defining else []
        found = self._sized(text, mentions, wholes, divided if defining else None)
        self.parts += [each for told in found for each in told if self._parts(each)]
        found = [[each for each in told if each not in self.parts] for told in found]
        if len(lettered) > 1:
            self.together.append(lettered)
        self.here = [each for told in found for each in told]
        self.marks += [mark_of(each.shown[0]) for told in found if are_marks(told) for each in told]
        for told in found:
            spelled = [self._spelled(each) for each in told]
            for each in spelled:
                for name in each.names:
                    self.sizes.setdefault(name, each.size)
            if len(spelled) > 1:
                self.together.append(spelled)
                self.last = tuple(each.shown[0] for each in spelled)
        if not any(len(told) > 1 for told in (lettered, *found)):
            self._divide(text, divided, wholes)
        if left:
            self.together = of_size(self.together, self.sizes, left)

    def _match(self, text: str) -> int | None:
        """Return the size that a sentence says matching left of each group.

        Where it tells none, those that matching chose from keep their names but not their sizes.
        """
        if not is_after_matching(text):
            return None
        if not (self.matched or self.evens.here):
            self.together = of_size(self.together, self.sizes, 0)
            self.counted, self.halves, self.partitions = [], Halves(), Partitions()
        self.matched = True
        return self.evens.here

    def _sized(
        self,
        text: str,
        mentions: Sequence[Mention],
        wholes: Set[int],
        divided: Sequence[Partition] | None,
    ) -> list[list[Allotted]]:
        """Return the groups that a sentence sizes, none where it is read better as a division.

        ``divided`` are its divisions where it stands ahead of the results.
        """
        before = dict(self.sizes)
        found = note_sizes(text, self.sizes, mentions, wholes, divided is not None)
        told = {each.size for groups in found for each in groups}
        for each in divided or ():
            # All parts of a whole are worth more than some of them.
            if each.sure and told < {part.size for part in each.parts}:
                self.sizes = before
                return []
        return found

    def _divide(self, text: str, divided: Sequence[Partition], wholes: Set[int]) -> None:
        """Note the groups into which a sentence divides all, in whatever words, as told together."""
        for each in divided:
            groups = set_apart(text, each, max(wholes, default=0))
            if groups:
                self.here = groups
                self.together.append(groups)
                self.last = tuple(one.shown[0] for one in groups)

    def _lettered(self, told: Sequence[tuple[Arm, int]], text: str) -> list[Allotted]:
        """Return the groups that a sentence calls so and sizes, noting their sizes.

        Fewer of each than before are parts of them ("renal in 41: 22 in group A, 19 in B"), unless
        the sentence tells who was lost; else under one name two sizes are none.
        """
        named = [
            Allotted((core_of(arm.label), key_of(arm.label)), (arm.label,) * 2, size)
            for arm, size in told
        ]
        known = [self.size(each.shown[0]) or self.recollect(each.shown[0]) for each in named]
        sizes = [(each.size, size or 0) for each, size in zip(named, known, strict=True)]
        if named and are_parts(text, sizes):
            self.parts = named
            return []
        for each in named:
            for name in each.names:
                self.sizes[name] = (
                    each.size if self.sizes.get(name, each.size) == each.size else None
                )
        return [replace(each, names=each.names[:1], shown=each.shown[:1]) for each in named]

    def _parts(self, told: Allotted) -> bool:
        """Tell whether a group is a part of one told before; forget its size where in other words."""
        for name in told.names:
            known = self.sizes.get(name) or 0
            if known <= told.size:
                known = self._described(name) or 0
                if known > told.size:
                    self.sizes.pop(name, None)
            if known > told.size:
                return True
        return False

    def _spelled(self, told: Allotted) -> Allotted:
        """Return a group with its name spelled out and abbreviated, as the document does both."""
        if told.words <= _EMPTY and told.words:
            return replace(told, names=())
        names, shown = list(told.names), list(told.shown)
        for short, long in self.abbreviations.items():
            one, two = key_of(short), key_of(long)
            for name in told.names:
                other = two if name == one else one if name == two else None
                if other and other not in names:
                    names.append(other)
                    shown.append(long if other == two else short)
        words = told.words.union(*map(words_of, names[len(told.names) :]))
        return replace(told, names=tuple(names), shown=tuple(shown), words=words)

    def size(self, label: str) -> int | None:
        """Return how many patients a group had, None where that is not told or not clear."""
        if self.pooled:
            return None
        key = key_of(label)
        if key in self.sizes:
            return self.sizes[key]
        size = size_of(self.sizes, label) or self._described(label) or self._akin(core_of(label))
        size = size or self.evens.of(label)
        if size is None and _HAVING.match(label):
            had = _HAVING.sub("", label.lower()).strip()
            return size_of(self.sizes, had)
        return size

    def called(self, label: str) -> int | None:
        """Return how many those of a name are, however the text told of them."""
        return self.size(label) or self.recollect(label)

    def size_of_each(self) -> int | None:
        """Return the size that all groups of a study have, None where that is not told."""
        told = {each.size for one in self.together[:1] for each in one}
        return self.evens.size or (told.pop() if len(told) == 1 else 0) or None

    def rest(self, label: str, size: int | None = None) -> int | None:
        """Return how many patients were not of a group of some size."""
        if self.pooled:
            return None
        return self.halves.rest(label, size) or self.partitions.rest(label)

    def _akin(self, core: str) -> int | None:
        """Return the size of the one group that a name means in other words.

        Controls are those without a treatment ("no embolization"), and "the embolized" those with it.
        """
        if core in _CONTROL:
            found = {size for name, size in self.sizes.items() if _WITHOUT.match(name)}
        elif len(core) > STEM and " " not in core:
            found = {
                size
                for name, size in self.sizes.items()
                if " " not in name and name[:STEM] == core[:STEM]
            }
        else:
            return None
        return found.pop() if len(found) == 1 else None

    def recollect(self, label: str) -> int | None:
        """Return how many those of a name are whom the text has told by no definition."""
        if self.pooled or key_of(label) in self.sizes:
            return None
        told = self.partitions.size(label) or size_named(self.counted, label)
        return told or self.halves.size(label)

    def _described(self, label: str) -> int | None:
        """Return the size of the one group whose description holds all words of a name."""
        core = core_of(label)
        words = words_of(core)
        found: set[int] = set()
        if not words and len(core) > 3:  # "the surgery arm", of whom one alone had surgery
            named = [_named_by(core, told) for told in self.together]
            found = {each[0].size for each in named if len(each) == 1}
        for told in self.together if words - {"not"} else ():
            fitting = [each for each in told if fits(words, each.words)]
            if "not" in words and not fitting and len(told) == 2:
                # "Without cement" are the other of two of whom one is told to have had it.
                had = [each for each in told if fits(words - {"not"}, each.words)]
                fitting = [each for each in told if each not in had] if len(had) == 1 else []
            if len(fitting) == 1:
                found.add(fitting[0].size)
            elif fitting:
                return None
        return found.pop() if len(found) == 1 else None

    def other(self, label: str) -> str | None:
        """Return the other of the two groups that one was told with, None where there are more."""
        core = core_of(label)
        words = words_of(core)
        found: list[tuple[int, str]] = []
        for told in self.together:
            mine = [at for at, each in enumerate(told) if _means(each, core)]
            if not mine and words and len(told) == 2 and all(each.names for each in told):
                mine = [at for at, each in enumerate(told) if fits(words, each.words)]
                mine = mine or [
                    at for at, each in enumerate(told) if frozenset() < each.words < words
                ]
            if len(mine) == 1:
                if len(told) != 2:
                    return None
                one, other = told[mine[0]], told[1 - mine[0]]
                # "Group A" is set against group B, however else the two are called.
                named = (at for at, name in enumerate(one.names) if means_same(name, core))
                at = next(named, 0)
                found.append((other.size, other.shown[min(at, len(other.shown) - 1)]))
        if not found:
            return self.partitions.other(label)
        return found[0][1] if len({size for size, _ in found}) == 1 else None

    def others(self, label: str) -> tuple[str, ...]:
        """Return the groups that one of several was told with, in their order."""
        core = core_of(label)
        for told in reversed(self.together):
            mine = [at for at, each in enumerate(told) if _means(each, core)]
            if len(mine) == 1 and len(told) > 2:
                return tuple(each.shown[0] for at, each in enumerate(told) if at != mine[0])
        # "Groups I, II and III", and in the next sentence group IV
        named = [each.shown[0] for told in self.together for each in told]
        marked = list(dict.fromkeys(each for each in named if _MARKED.fullmatch(each)))
        known = _MARKED.fullmatch(label) and self.size(label) and len(marked) > 1
        return tuple(each for each in marked if core_of(each) != core) if known else ()

    def names_one(self, low: str) -> bool:
        """Tell whether a sentence in lower case holds the name of a group told before."""
        return any(
            len(name) > 4 and name in low
            for told in self.together
            for each in told
            for name in (*each.names, each.shown[0].lower())
        )

    def _turned(self, low: str) -> Iterator[Arm]:
        """Yield the first or last of the groups told just before: in the latter group."""
        found = [*_TURNED.finditer(low)] if "the former" in low or "the latter" in low else []
        both = len({each["turn"] for each in found}) == 2
        for match in found:
            at = 0 if match["turn"] == "former" else -1
            if len(self.together) > self.since[0] and match["noun"]:
                yield Arm(match.start("name"), match.end(), self.together[-1][at].shown[0])
                continue
            alone = both or _ALONE.match(low, match.start())
            if alone and len(self.last) == 2 and all(self.last):
                yield Arm(match.start("name"), match.end(), self.last[at])

    def _infixed(self, text: str, low: str) -> Iterator[Arm]:
        """Yield groups whose names stand between their numbers and their noun: 8 MIS and 17 open patients."""
        for spans in names_in_turn(low):
            names = [text[start:end] for start, end in spans]
            if all(map(self.called, names)):
                yield from (_arm(text, start, end) for start, end in spans)

    def find(self, text: str, low: str) -> list[Arm]:
        """Return where a sentence names groups defined before, by names that tell nothing else."""
        found: list[Arm] = []
        # Where groups are defined their names are no findings'.
        floor = max((max(each.end, each.place or 0) for each in self.here), default=0)
        found += self._turned(low)
        found += find_marks(text, self.marks) if self.marks else ()
        found += [] if self.here else self._infixed(text, low)
        for told in self.together:
            places = [*places_of(text, low, tuple(tuple(each.names) for each in told))]
            several = len({which for which, *_ in places}) > 1
            for _, start, end, strong in places:
                if not several and _SINCE.search(text, max(0, start - 24), start):
                    continue  # "died 22 months after TES": when, not of whom
                headed = _HEADED.match(low, end)
                arm = _arm(text, start, headed.end() if headed else end)
                free = all(arm.end <= e.start or e.end <= start for e in found)
                alone = stands_alone(low, start, end)
                fresh = start >= floor or "between " in low[:start]
                if (strong or several or headed or alone) and free and fresh:
                    found.append(arm)
        return found

    def find_parts(self, text: str, low: str, found: list[Arm], stops: Set[int]) -> list[Arm]:
        """Return groups with the parts of a division that a sentence names besides, in order.

        ``stops`` are where the names of measures begin.
        """
        for arm in () if self.here else self.partitions.find(text, low, stops):
            if is_clear(arm.start, arm.end, found):
                found = [*found, arm]
        return sorted(found, key=lambda each: each.start)


def _arm(text: str, start: int, end: int) -> Arm:
    return Arm(start, end, text[start:end])


def _named_by(core: str, told: Sequence[Allotted]) -> list[Allotted]:
    return [each for each in told if any(f" {core} " in f" {name} " for name in each.names)]


def _means(told: Allotted, core: str) -> bool:
    return any(means_same(name, core) for name in told.names)
