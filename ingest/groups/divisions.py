"""Read into which parts a sentence divides patients: high in 29, middle in 18 and low in 10.

Each count has the words around it that no other has: "of 90 operations 41 were preceded by
embolization and 49 were not"; "within 24 hours (group 1, 32 patients) or later (27)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from ingest.groups.descriptions import Allotted, had_by, size_of_count
from ingest.groups.distinctions import (
    NOT,
    Words,
    class_in,
    commonplace,
    denied,
    is_denial,
    is_number,
    name_in,
    neutral,
    shared,
    telling,
    unlettered,
    words_in,
)
from ingest.groups.enrolment import things_in
from ingest.groups.labels import core_of
from ingest.language.starts import build_rule
from ingest.language.wording import lowered
from ingest.numbers.numerals import WORD
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import Quantity

_BORNE = frozenset([None, "patients", "tumours", "procedures", "specimens", "levels"])
# "high in | 29", "only a biopsy in the remaining | 4"
_IN = re.compile(
    r"\b(?:in|for|to|(?<!operated )on) (?:only |just |another |an? |the )*(?:other |remaining |further |rest,? |total of )*$"
)
# "Two cohorts", "in three hospitals": no patients
_NOBODY = re.compile(
    r" (?:[a-z]+ )?(?:sub)?(?:registries|areas|sites|trials|reports|publications|items|questions|groups?|cohorts?|arms|periods|cent(?:er|re)s?|hospitals?|institutions?|departments?|surgeons|categories|studies|types|approaches|techniques|methods|databases|factors|points)\b(?! (?:of )?\d)"
)
# "62 intramedullary (IM: | 38 ependymomas, 14 astrocytomas)": those parts are of the 62.
_OF_PART = re.compile(r"\([a-z][^():;,]{0,20}: [^()]*$")
# "CO(2)", "> 3"
_NO_COUNT = re.compile(r"(?:[a-z]\(|[<>≤≥] ?)$")
# A number's own noun, and what it is said to be of.
_NOUN = re.compile(
    r"\s*(?:\(\d[^()]*\)\s*)?(?:other |further |consecutive )?(?:patients?|individuals|participants?|cases|subjects|women|men|lesions|tumou?rs|specimens|levels|operations|procedures)?\b(?: of (?:them|these|those))?\s*(?:\(\d[^()]*\))?"
)
_BREAK = build_rule(r"[.;:](?!\d)|,? (?:while|whereas|but)\b")
_OF = re.compile(
    r"(?:^|[.;:] |, )(?:overall, |in total, )?(?:of|among) (?:the |our |a total of |these |all )*$"
)
_VERB = re.compile(
    r"\b(?:was|were|had been|has been|is|are|had|included|comprised|consisted of)(?: (?:\w+ly )?[a-z]+(?:ed|en|ne|ut|wn)\b)?"
)
# "(group 1, | 32 patients)", "(n = | 27)"
_NUMBER = re.compile(rf"^(?:n ?= ?)?(?:[\d,]+|{WORD})\b")
_BEHIND_CLASS = re.compile(
    r"(?:grade|type|stage|class) (?:\d[a-z]?|i{1,3}|iv|v)\b[^.;,]{0,30}(?:,|,? and) (?P<n>\d+) (?=(?:of|in|with|had|were) |[a-z]{4})"
)
# "Patients were randomly assigned to | kyphoplasty (44 patients)"
_PUT = re.compile(
    r"\b(?:assigned|allocated|randomi[sz]ed|divided|classified|categori[sz]ed|stratified|grouped|split)\b(?: at random| randomly)?(?: (?:to|into|as|by))?(?: receive| undergo)?|\b(?:received|underwent|undergoing|receiving|treated (?:with|by)|had) "
)
# "Vessels were reconstructed in | 12 of 45 patients"
_DONE_IN = re.compile(
    r"(?:^|[.;:] )(?P<what>(?:[a-z-]+ ){1,4}(?:was|were) (?:\w+ly )?[a-z]+(?:ed|en|ne|wn)) in (?:only )?$"
)
_LEAD = re.compile(r"^[\s,]*(?:and|or)? ")
# How far apart the counts of one division stand at most.
_REACH = 130
_DIVIDES = build_rule(
    r"\b(?:the (?:remaining|other|others|rest)|thereafter|afterwards|divided|split|assigned|allocated|randomi[sz]ed|grouped|stratified|categori[sz]ed|classified|compared|(?:two|three|four) (?:[a-z]+ )?(?:groups|cohorts|periods))\b"
)
# Parts that are the groups of a study, told apart by what was done or when.
_GROUPS = re.compile(
    r"\b(?:according to|depending on|based on|divided|split|grouped|stratified|categori[sz]ed|classified|compared|groups?|cohorts?|arms?|period|underwent|received|operated|treated|reconstruct\w+|given|performed|done|used|with(?:out)? (?:an? )?(?:\w+ )?(?:cage|implant|rod)s?|approach|resections?|had (?:an? )?(?:\w+ )?(?:surgery|resection|fixation|approach))\b"
)
# "46 patients in the carbon and 53 in the titanium group"
_APART = re.compile(
    r"\b(?:assigned|allocated|randomi[sz]ed|divided|groups?|cohorts?|arms?|[Cc]ompared|versus)\b"
)
# So few words tell a part where nothing shows that the counts make up a whole, or only words do.
_TIGHT, _LOOSE = 4, 9
_SHORT = 4
_YEARS = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of those whom a sentence divides: its words, those that no other has, and its name."""

    size: int
    words: Words
    own: Words
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Partition:
    """The parts into which a sentence divides ``whole``, and all that the sentence says of them.

    ``groups`` is true where it sets them apart as the groups of a study, ``sure`` where they make
    up a whole that is told; ``single`` where only some are told of, without those others.
    """

    parts: tuple[Part, ...]
    said: Words
    whole: int
    groups: bool = False
    sure: bool = False
    single: bool = False

    def find(self, words: Words, topic: Words) -> Part | None:
        """Return the one part that a name in words means, which says nothing else."""
        words = denied(words, self.said)
        if not words or words - self.said - topic - neutral():
            return None
        plain = words - {NOT} if NOT in words and self.single else frozenset[str]()
        if plain and not plain & self.said:
            return None  # "without embolization": not the others of those who had coils
        found = [each for each in self.parts if self._means(words, each)]
        return found[0] if len(found) == 1 else None

    def _means(self, words: Words, part: Part) -> bool:
        if NOT in words and is_denial(part.own):
            return True
        own = part.own - {NOT} if NOT in words else part.own
        if NOT in words and NOT not in part.words:
            return False
        rivals = frozenset[str]().union(*(each.own for each in self.parts if each is not part))
        plain = words - (neutral() - own - rivals)
        if (own and telling(own) <= words) or plain == unlettered(part.words):
            return True
        return bool((plain & own) - shared()) and not (plain & rivals) - {NOT}


def partitions_in(text: str, defining: bool, wholes: Set[int]) -> Iterator[Partition]:
    """Yield the divisions of a sentence: those that make up a whole, ahead of the results others too."""
    low = lowered(text)
    quantities = find_quantities(text)
    things = things_in(low, quantities)
    counts = [
        each
        for each in quantities
        if _size(each)
        and not (_NOBODY.match(low, each.end) or _NO_COUNT.search(low, 0, each.start))
    ]
    if ": " in low:
        counts = [each for each in counts if not _OF_PART.search(low, 0, each.start)] or counts
    if "one of" in low:  # "one of 38 patients, the other of 44"
        both = "the other of" in low
        counts = [
            replace(each, form="count", numerator=each.denominator if both else 0)
            if each.form == "ratio" and each.numerator == 1
            else each
            for each in counts
        ]
    if not counts:
        return
    if class_in(low):
        counts = sorted([*counts, *_behind_classes(low, counts)], key=lambda each: each.start)
    if not defining and len(counts) < 2:
        return
    if defining and (halves := _halves(low, counts)):
        yield halves
        return
    totals = wholes | {_size(each) for each in counts}
    rows = [each for each in _rows(low, counts) if sum(map(_size, each)) not in things]
    made = [
        each for each in rows if _makes(each, totals, 0 if defining else max(wholes, default=0))
    ]
    told = rows and (_DIVIDES.search(low) or sum(_is_held(low, each) for each in counts) > 1)
    most = len(low) if made else _LOOSE if told else _TIGHT
    last = 0
    single = list(counts) if defining else []
    apart = [each for each in rows if told or ";" not in low[each[0].end : each[-1].start]]
    for row in made or (apart if defining else ()):
        found = _divided(low, row, most) if row[0].start >= last else None
        if found:
            yield found
            last = row[-1].end
            single = [each for each in single if each not in row]
    for each in single:
        yield from _singled(low, each, max(totals))


def _singled(low: str, count: Quantity, whole: int) -> Iterator[Partition]:
    """Yield those who had what a sentence says of them alone, and the others: cement was used in 30."""
    done = _DONE_IN.search(low, 0, count.start)
    text = had_by(low, count) or (done["what"] if done else "")
    words = words_in(text)
    if words and NOT not in words and len(words) <= _TIGHT:
        size, whole = _size(count), count.denominator or whole
        parts = [Part(size, words, words)]
        if size < whole:
            parts.append(Part(whole - size, words | {NOT}, frozenset([NOT])))
        yield Partition(tuple(parts), words | {NOT}, max(whole, size), single=True)


def set_apart(text: str, divided: Partition, most: int) -> list[Allotted]:
    """Return the parts of a division as groups by their names, none where they are no study's groups.

    ``most`` is the largest number of patients told before.
    """
    names = {part.shown for part in divided.parts if part.shown}
    whole = 2 * divided.whole > most if divided.sure else divided.whole > most
    denied = any(is_denial(part.own) for part in divided.parts)
    told = divided.groups or denied if divided.sure else denied or _APART.search(text)
    if not (whole and told and len(names) == len(divided.parts)):
        return []
    return [_as_group(text, part) for part in divided.parts]


def _as_group(text: str, part: Part) -> Allotted:
    start = lowered(text).find(part.shown)
    span = (start, start + len(part.shown)) if start >= 0 else (0, 0)
    shown = text[slice(*span)] or part.shown
    return Allotted((core_of(shown),), (shown,), part.size, *span, None, part.words)


def _rows(low: str, counts: Sequence[Quantity]) -> Iterator[Sequence[Quantity]]:
    """Yield every row of counts that are told next to each other, the longest of one start first."""
    for start in range(len(counts)):
        end = start + 1
        while end < len(counts) and _is_near(low, counts[end - 1], counts[end]):
            end += 1
        rows = (counts[start:stop] for stop in range(end, start + 1, -1))
        yield from (each for each in rows if len({_is_held(low, one) for one in each}) == 1)


def _is_held(low: str, count: Quantity) -> bool:
    """Tell whether a count stands in brackets."""
    return low.rfind("(", 0, count.start) > low.rfind(")", 0, count.start)


def _makes(row: Sequence[Quantity], totals: Set[int], largest: int) -> bool:
    """Tell whether counts make up a whole that is told, of more than half of the largest of all."""
    total = sum(map(_size, row))
    return total in totals and 2 * total > largest


def _size(each: Quantity) -> int:
    """Return how many a number counts, 0 where it may count something else than patients or tumours."""
    if each.form in {"count", "share", "ratio"} and each.unit in _BORNE:
        return each.numerator or 0
    return 0 if size_of_count(each) in _YEARS else size_of_count(each)


def _behind_classes(low: str, counts: Sequence[Quantity]) -> Iterator[Quantity]:
    """Yield the counts that stand behind a class, of whose list they look like: grade 1, 9 grade 2."""
    for each in _BEHIND_CLASS.finditer(low):
        if all(each.end("n") <= one.start or one.end <= each.start("n") for one in counts):
            yield Quantity("bare", *each.span("n"), value=float(each["n"]))


def _is_near(low: str, one: Quantity, other: Quantity) -> bool:
    return other.start - one.end < _REACH and ". " not in low[one.end : other.start]


def _halves(low: str, counts: Sequence[Quantity]) -> Partition | None:
    """Return those of a whole who had what a sentence says, and the others: of 67, 41 were embolized."""
    if len(counts) != 2 or not _OF.search(low, 0, counts[0].start):
        return None
    whole, part = map(_size, counts)
    text = _behind(low, counts[1], len(low))
    words = words_in(text)
    if not words or NOT in words or not part < whole:
        return None
    said = words | words_in(low[counts[0].end : counts[1].start]) | {NOT}
    rest = Part(whole - part, words | {NOT}, frozenset([NOT]))
    return Partition((Part(part, words, words, name_in(text, words)), rest), said, whole)


def _divided(low: str, row: Sequence[Quantity], most: int) -> Partition | None:
    """Return the division that a row of counts tells, where each has words that no other has.

    Each part is told by so many words at ``most``.
    """
    texts = _classed(low[: row[0].start], [*_stretches(low, row)])
    words = [words_in(each) for each in texts]
    if not all(0 < len(each) <= most for each in words):
        return None
    parts = []
    for at, (count, text) in enumerate(zip(row, texts, strict=True)):
        others = words[:at] + words[at + 1 :]
        own = words[at].difference(*others)
        if not words[at] or words[at] in others or not (own or len(words) > 2):
            return None
        # Ahead of a number the words next to it name whom it counts, behind it the first.
        held = _is_held(low, count)
        behind = low[_behind_noun(low, count) :].lstrip()
        ahead = held or not behind.startswith(text.strip())
        parts.append(Part(_size(count), words[at], own, name_in(text, own, ahead)))
    if len(parts) == 2 and is_denial(parts[1].own):
        parts[1] = replace(parts[1], shown=f"not {parts[0].shown}")
    said = words_in(low).union(*words)
    groups = _GROUPS.search(low) is not None
    return Partition(tuple(parts), said, sum(map(_size, row)), groups, most == len(low))


def _stretches(low: str, row: Sequence[Quantity]) -> Iterator[str]:
    """Yield the words about each count of a row, which stand ahead of it or behind."""
    behind = all(words_in(_inside(low, each)) - commonplace() for each in row)
    told_of: list[str] = []
    for at, count in enumerate(row):
        begin = _behind_noun(low, row[at - 1]) if at else 0
        end = row[at + 1].start if at + 1 < len(row) else len(low)
        ahead = low[begin : count.start]
        cut = max((each.end() for each in _BREAK.finditer(ahead)), default=0)
        ahead = ahead[cut:]
        if _is_held(low, count):
            yield _bracketed(low, begin + cut, count, row)
            continue
        told = _IN.search(ahead)
        name = ahead[: told.start()].strip(" ,") if told and not behind else ""
        telling_name = words_in(name) or is_number(_LEAD.sub("", name))
        behind = behind or (at == 0 and not telling_name)
        if telling_name:
            verb = _VERB.search(name) if at == 0 else None
            rest = name[verb.end() :].strip() if verb else ""
            yield rest if words_in(rest) or is_number(rest) else name
        else:
            found = _behind(low, count, end)
            if told and not words_in(found):
                # "18 transorally; thereafter the endonasal route was used in | 21"
                found = ahead[: told.start()].strip(" ,")
            # What stands behind the last may go on about all of them.
            most = max([_SHORT, *(len(each.split()) for each in told_of)]) + 1
            told_of.append(found)
            yield " ".join(found.split()[:most]) if at and at + 1 == len(row) else found


def _bracketed(low: str, begin: int, count: Quantity, row: Sequence[Quantity]) -> str:
    """Return the words about a count in brackets: those ahead of it, and inside or of its own item."""
    opened, close = low.rfind("(", 0, count.start), low.find(")", count.end)
    fellows = [each for each in row if opened < each.start < close]
    before = [each.end for each in fellows if each.start < count.start]
    behind = [each.start for each in fellows if each.start > count.start]
    item = max([opened + 1, low.rfind(";", opened, count.start) + 1, *before])
    named = low[item : count.start]
    if len(fellows) > 1 and words_in(named) and not words_in(low[opened : fellows[0].start]):
        named = ""  # "(41 men and 22 women)"
    lead = _PUT.split(low[begin:opened])[-1]
    inside = f"{named} {_behind(low, count, min([max(count.end, close), *behind]))}"
    return inside if len(fellows) > 1 else f"{lead} {inside}"


def _behind_noun(low: str, count: Quantity) -> int:
    noun = _NOUN.match(low, count.end)
    return noun.end() if noun else count.end


def _behind(low: str, count: Quantity, end: int) -> str:
    """Return the words behind a count up to where its clause ends."""
    begin = _behind_noun(low, count)
    stop = _BREAK.search(low, begin, end)
    return f"{_inside(low, count)} {low[begin : stop.start() if stop else end]}"


def _inside(low: str, count: Quantity) -> str:
    """Return what a count says of those whom it counts: the females of 41 female patients."""
    return _NUMBER.sub("", low[count.start : count.end])


def _classed(ahead: str, texts: list[str]) -> list[str]:
    """Return the words about each count, the class told once: grade I in 12, II in 20."""
    told = class_in(texts[0]) or class_in(ahead)
    if told and all(is_number(_LEAD.sub("", each).strip(" ,")) for each in texts[1:]):
        return [
            each if class_in(each) else f"{told} {_LEAD.sub('', each).strip(' ,')}"
            for each in texts
        ]
    return texts
