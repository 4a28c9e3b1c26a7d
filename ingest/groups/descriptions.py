"""Tell the groups of patients that a sentence numbers by the words that describe each.

"Of 157, 64 received hybrid therapy and 93 were treated with TES"; "metastasectomy was done in 39
cases, and 61 patients underwent decompression": the words around each number are its group's, and
a later name is that of the one group whose words hold all of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from ingest.groups.arms import cues
from ingest.groups.labels import core_of
from ingest.language.starts import build_rule
from ingest.model import Mention
from ingest.numbers.numerals import WORD
from ingest.numbers.quantity import Quantity, is_bare

_TOKEN = re.compile(r"[a-z0-9][a-z0-9+'‑-]*[a-z0-9]|[a-z]")
_NEGATION = frozenset(["without", "no", "non", "not", "never", "neither"])
_NOT = "not"
# Behind a number: whom it counts and what was done to them.
_WHO = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:(?:other |further )?(?:[a-z]+ )?(?:patients?|individuals|cases|subjects|participants|segments|lesions|levels|tumou?rs|vertebrae)\b\s*)?(?:\([^()]*\)\s*)?,?\s*(?:who |in whom |of whom )?"
    r"(?:(?:had |were |was |have |been )*(?:with|without|treated|receiv|underw|undergo|had|given|managed|operated|in whom|who|assigned|allocated|randomi)|(?P<whom>in whom))"
)
_IN = build_rule(
    r"\b(?:in|on|to|for) (?:only |another |the other |the remaining |a total of |the )?$"
)
_CAPITALS = re.compile(r"[A-Z][A-Za-z0-9+/-]*[A-Z0-9]")
_STOP = re.compile(r"[.;:]|,? (?:whereas|while|but)\b|, (?:and|which|with)\b")
# "without | an anterior fusion"
_DENIED = re.compile(r"\b(?:without|no) (?:[a-z]+ ){0,2}$")
_REACH = 110
BEFELL = build_rule(
    r"\b(?:recurred|relapsed|came back|returned|persisted|progressed|occurred|developed|appeared|arose|failed|broke|loosened|improved|worsened|resolved|(?:was|were) (?:\w+ly )?(?:seen|found|observed|noted|encountered|detected|present|recorded|reported|diagnosed|required|needed|necessary|achieved|obtained))\b[^,;.:()\d]{0,30}\bin (?:only |just )?$"
)
"""Ahead of whom an event befell: the lesion recurred in | 3 patients with wires, a leak was seen in | 3."""
# "11 of them (65%) had a deletion", "a syrinx was seen in 16 patients"
_HAD = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:of (?:the|these|our|all|whom|which|them) )?(?:[a-z]+ )?(?:patients|individuals|subjects|participants|cases|women|men|children)?\s*(?:\([^()]*\)\s*)?(?:(?:with [^.,;:()\d]{3,80}? )?who )?"
    r"(?:(?:had|with|(?:were )?(?:treated|managed|operated on) with|tested positive for|presented with|were diagnosed with|harbou?red|suffered from|developed|experienced|underwent|received) |(?=(?:regained|lost|maintained|retained) ))"
    r"(?:an? |the )?(?P<what>[^.,;:()\d]{3,80}?)(?=[.,;:(]|$| (?:in|on|at|after|before|during|within|following|for|from|with|while|whereas|but|due|because|prior|who|that|which)\b"
    rf"| and (?:the )?(?:other |remaining )?(?:\d|(?:{WORD})\b))"
)
_WITH = re.compile(r"\b(?:with|who)\b")
_SEEN = re.compile(
    r"(?:^|[,;] |\band )(?:an? |the )?(?P<what>(?:(?!\b(?:and|or|was|were)\b)[^.,;:()\d]){3,80}?) (?:developed|occurred|appeared|(?:was|were) (?:\w+ )?(?:present|seen|found|noted|observed|identified|detected|diagnosed|performed|done|undertaken|given|encountered|used|placed|added|applied)) in (?:only )?$"
)
# "40 by kyphoplasty (PK group, 19 patients ...": the group is sized in its own bracket.
_SIZED_THERE = re.compile(
    r"(?: (?:group|arm|cohort))?[,;:] (?:n ?= ?)?\d+(?: patients| individuals| subjects| participants| cases|\))"
)
_ACRONYM = re.compile(r"\b(?=[A-Z0-9a-z+-]*[A-Z][A-Za-z0-9+-]*[A-Z])[A-Z][A-Za-z0-9+-]{1,11}\b")
DONE = (
    r"(?:(?:had |were |have )?(?:received?|receiving|underwent|undergone|undergoing|had|assigned to|allocated to|randomi[sz]ed to)"
    r"|(?:were |who were )?(?:surgically |initially |primarily |randomly )?(?:treated|managed|operated|operated on|irradiated|assigned|allocated|randomi[sz]ed)(?: on)? (?:with|by|using|via|through|to))"
)
"""How patients are said to have been treated."""
TOKEN = r"(?!(?:and|while|whereas|but|versus|vs|in|after|for|with|without|during|before|at|of|via|through|using|because|due|who|were|was|had|no)\b)[^,.;:()\s]+"
"""A word of a group's name."""
NAME = 60
"""How far from its number a group's name may stand."""

_SETS_AGAINST = build_rule(
    r"\b(?:compared?|comparing|comparison|matched|contrasted|set against|versus|vs)\b"
)
_AGAINST = re.compile(
    r"(?:,|\))? (?:(?:(?:were|was|and) )?(?:\w+ly )?(?:compared|matched|contrasted|set|#{6,})(?: (?:by|for|on|in terms of) [^.;:()\d]{3,90}?)? (?:with|to|against)|with|to|against|versus|vs\.?|and)(?: (?:the|those of|that of|an?|other|another|a total of|a (?:group|series|cohort) of))* $"
)
_OF_THEM = re.compile(
    rf"\s*(?:(?:(?:other|consecutive|similar|historical|concurrent|contemporary) )*(?:patients|individuals|participants|cases|subjects|men|women|ones|controls) )?(?:(?:who|that) )?(?:{DONE}|(?:were |was |had been )?[a-z]+ed (?:on )?(?:with|without|by|using|via|through)|(?:with|without|after|undergoing|receiving|having)) (?:an? |the |only )*(?P<name>(?!\d){TOKEN}(?: {TOKEN}){{0,4}}?)"
    r"(?= (?:between|from|during|in|for|at|before|after|and|to|with|were|was|remained|or|matched|versus|vs|as|against|because|of|on|alone|only)\b|\s*[,.;:()]|\s*$)"
)


@dataclass(frozen=True, slots=True)
class Allotted:
    """A group with its size; ``names`` are in lower case without a word for one, ``shown`` as written.

    ``start`` and ``end`` are where the first stands; ``place`` lies in the number that gives the
    size, where it is printed as one in a sentence that puts patients into groups: (n = 20);
    ``words`` are those by which the sentence describes the group.
    """

    names: tuple[str, ...]
    shown: tuple[str, ...]
    size: int
    start: int = 0
    end: int = 0
    place: int | None = None
    words: frozenset[str] = frozenset()


@cache
def _plain() -> frozenset[str]:
    """Return the words that tell no group from another."""
    return frozenset(cues()["plain"].split("|"))


def allot(
    text: str, low: str, spans: Iterable[tuple[int, int]], size: int, place: int | None = None
) -> Allotted:
    """Return a group of so many that is called by the words at some places of a sentence."""
    told = {core_of(low[start:end].strip()): (start, end) for start, end in reversed([*spans])}
    names = tuple(reversed(told))
    shown = tuple(text[slice(*told[each])].strip() for each in names)
    return Allotted(names, shown, size, *told[names[0]], place, words_of(names[0]))


def words_of(text: str) -> frozenset[str]:
    """Return the words of a group's name or description that tell it from others.

    ``text`` is in lower case; a negation of whatever kind is one word.
    """
    found = set()
    for token in _TOKEN.findall(text):
        for part in token.split("-") if token.startswith(("non-", "no-")) else (token,):
            if part in _NEGATION:
                found.add(_NOT)
            elif part not in _plain() and not part.isdigit():
                found.add(part.removesuffix("s") if len(part) > 4 else part)
    return frozenset(found)


def acronyms_in(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the abbreviations in a stretch of a sentence."""
    return _ACRONYM.finditer(text, start, end)


def _segments(
    low: str, counts: Sequence[Quantity], mentions: Sequence[Mention]
) -> Iterator[tuple[Quantity, int, int]]:
    """Yield the numbers of a sentence that count a group each, with where its words stand."""
    done = [
        (each.start, each.end) for each in mentions if each.facet in {"procedures", "approaches"}
    ]
    for at, each in enumerate(counts):
        floor = counts[at - 1].end if at else 0
        ceiling = counts[at + 1].start if at + 1 < len(counts) else len(low)
        ahead = _IN.search(low, floor, each.start)
        if tells_share(low, each, mentions):
            continue
        if _WHO.match(low, each.end):
            stop = _STOP.search(low, each.end + 1, min(ceiling, each.end + _REACH))
            span = each.end, stop.start() if stop else min(ceiling, each.end + _REACH)
            if ahead is None or _holds(span, done):
                yield each, *span
                continue
        if ahead:
            cut = [mark.end() for mark in _STOP.finditer(low, floor, ahead.start())]
            yield each, max([floor, ahead.start() - _REACH, *cut]), ahead.start()


def _holds(span: tuple[int, int], done: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] <= start and end <= span[1] for start, end in done)


def described(
    text: str, low: str, quantities: Sequence[Quantity], mentions: Sequence[Mention]
) -> Iterator[Allotted]:
    """Yield groups told by what was done in them, in whatever words, where there are two at least."""
    counts = [
        each
        for each in quantities
        if size_of_count(each) > 1 or (each.form == "count" and (each.numerator or 0) > 1)
    ]
    found = []
    for each, start, end in _segments(low, counts, mentions):
        span = start, end
        named = [
            (one.start, one.end)
            for one in mentions
            if one.facet in {"procedures", "approaches"}
            and start <= one.start
            and one.end <= end
            # "operated on through a thoracotomy": by what, not that they were
            and not low.startswith("operated", one.start)
        ]
        shorts = [
            (m.start(), m.end())
            for m in acronyms_in(text, *span)
            if not _SIZED_THERE.match(low, m.end())
        ]
        if not (named or shorts) or is_event(span, mentions):
            continue
        first = min([*named, *shorts])
        told = Allotted(
            tuple(dict.fromkeys(low[a:b].replace("-", " ") for a, b in shorts)),
            tuple(dict.fromkeys(text[a:b] for a, b in shorts)),
            headcount_of(each),
            *first,
            None,
            words_of(low[start:end]),
        )
        found.append(told)
    # "Of 157 who were operated on, 64 had": the 157 are no third group.
    totals = {sum(each.size for each in found), sum(map(headcount_of, counts))}
    found = [each for each in found if 2 * each.size not in totals]
    if len(found) > 1 and len({each.words for each in found}) == len(found):
        yield from _apart(text, low, found)


def _apart(text: str, low: str, found: Sequence[Allotted]) -> Iterator[Allotted]:
    """Yield groups by what each is named alone, by all its words where it has no such name."""
    common = set[str](found[0].names).intersection(*(each.names for each in found[1:]))
    denied = [_start_of(low, told) for told in found]
    plain = [low[start : told.end] for start, told in zip(denied, found, strict=True)]
    apart = len(set(plain)) == len(plain)
    for told, start, name in zip(found, denied, plain, strict=True):
        kept = [at for at, each in enumerate(told.names) if each not in common]
        yield replace(
            told,
            names=tuple(told.names[at] for at in kept) or ((name,) if apart else ()),
            shown=tuple(told.shown[at] for at in kept) or (text[start : told.end],),
        )


def _start_of(low: str, told: Allotted) -> int:
    """Return where the name of a group begins, with the word that denies what names it."""
    denied = _DENIED.search(low, 0, told.start) if _NOT in told.words else None
    return denied.start() if denied else told.start


def set_against(text: str, low: str, quantities: Sequence[Quantity]) -> Iterator[Allotted]:
    """Yield two groups that a sentence compares, each by what it says behind their number.

    "We compared 30 patients instrumented with titanium to 28 who had carbon rods": titanium, carbon rods.
    """
    counts = [each for each in quantities if size_of_count(each) > 1]
    found = []
    for one, other in pairwise(counts) if _SETS_AGAINST.search(text.lower()) else ():
        join = _AGAINST.search(low[one.end : other.start])
        first, second = _OF_THEM.match(low, one.end), _OF_THEM.match(low, other.end)
        if not (join and first and second and one.unit == "patients"):
            continue
        if first.end() <= one.end + join.start():
            stop = _STOP.search(low, other.end + 1, min(len(low), other.end + _REACH))
            last = stop.start() if stop else min(len(low), other.end + _REACH)
            found.append(((one, first, one.end + join.start()), (other, second, last)))
    if len(found) != 1:
        return
    # "percutaneous fixation" and "open fixation" are the percutaneous and the open group.
    shared = {match["name"].split()[-1] for _, match, _ in found[0]}
    for each, match, end in found[0]:
        controls = low.find("controls", each.start, match.start("name"))
        spans = [match.span("name"), (controls, controls + len("controls"))]
        told = allot(text, low, spans[: 1 + (controls > 0)], size_of_count(each))
        short = "".join(word[0] for word in re.split(r"[\s-]+", match["name"]))
        alone = match["name"].rsplit(" ", 1)[0] if len(shared) == 1 else ""
        more = [each for each in (short if len(short) > 2 else "", alone) if each]
        names = (*told.names, *more)
        shown = (*told.shown, *[each.upper() if each == short else each for each in more])
        words = words_of(low[each.end : end])
        yield replace(told, names=names, shown=shown, words=words)


def had_by(low: str, each: Quantity) -> str | None:
    """Return what those had whom a number counts, in a sentence's words: seen in 16 patients."""
    had = _HAD.match(low, each.end)
    if had and each.denominator and _WITH.search(low, each.end, had.start("what")):
        return None  # "6 of 30 patients with a syrinx": it is the 30 who had it
    if had and BEFELL.search(low, max(0, each.start - _REACH), each.start):
        had = None  # "a leak was seen in 3 patients with wires": others may have had wires
    if had is None and low.endswith((" in ", " in only "), 0, each.start):
        had = _SEEN.search(low, max(0, each.start - _REACH), each.start)
    return had["what"] if had else None


def size_of_count(each: Quantity) -> int:
    """Return how many patients a number counts, 0 where it may count something else."""
    if each.form in {"count", "share"} and each.unit == "patients":
        return each.numerator or 0
    # A score of at least 5, a SINS above 7: bounds count nobody, nor does a mean with its spread.
    bare = is_bare(each) and each.operator in {None, "~", "="}
    bare = bare and each.spread is None and each.low is None
    value = each.value or 0.0
    return int(value) if bare and value == int(value) else 0


def headcount_of(each: Quantity) -> int:
    """Return how many had what a number tells, 0 where it may count something else than patients."""
    return each.numerator or size_of_count(each)


def tells_share(low: str, each: Quantity, mentions: Sequence[Mention]) -> bool:
    """Tell whether a number is of those whom an event befell: infection in 14 (38%) with mesh cages."""
    counted = each.percent is not None and _IN.search(low, 0, each.start) is not None
    befell = counted or BEFELL.search(low, max(0, each.start - _REACH), each.start)
    return bool(befell) and is_event((0, each.start), mentions)


def is_event(span: tuple[int, int], mentions: Sequence[Mention]) -> bool:
    """Tell whether a name is of what befell or was measured, of which a group is none."""
    return any(
        each.facet in {"measures", "scales"} and each.start < span[1] and span[0] < each.end
        for each in mentions
    )


def is_acronym(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch of a sentence is an abbreviation in capitals."""
    return _CAPITALS.fullmatch(text, start, end) is not None
