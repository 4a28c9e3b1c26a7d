"""Find the one group of patients that an abstract studies.

An abstract names its patients once ("we reviewed 53 patients") and then tells what befell them
("three had a recurrence"). A number is taken to be of that group on firm evidence alone: the text
names one such group, and neither the sentence nor the number tells of fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial

from ingest.document import abstract_of
from ingest.groups.attrition import seen_at
from ingest.groups.cohortrules import rules
from ingest.groups.denominators import is_borne_out, size_of_shares, told_shares, told_sizes
from ingest.groups.headcounts import NAMING, Headcount, add_up, find_headcounts, titled
from ingest.groups.operated import operated
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Document
from ingest.numbers.quantities import find_quantities

# Without one of these nothing is counted that could be a group of patients.
_PEOPLE = ("patient", "case", "child", "subject", "participant", "adult", "individual", "men")
COUNTED = frozenset(["tumours", "levels", "procedures", "screws", "specimens", "studies"])
"""What numbers may be of that is no patient."""
# "I2 = 40%": how alike the findings are that were pooled.
_HETEROGENEITY = build_rule(
    r"\bi\s?[2²]|heterogeneity|\b(?:odds|risk|hazard) ratios?\b|\bmean differences?\b"
)
# What matching leaves is fewer than the study named.
_MATCHED = ("propensity", "matched", "matching")
# With such words the groups told are fewer than those studied, or set against others than patients.
_FEWER = (*_MATCHED, "controls", "healthy", "volunteer", "excluded", "lost to follow")
# Numbers that an abstract says are of its group.
_TOLD = frozenset(["title", "stated", "chosen", "borne"])
# Fewer who are left than this part are those who lived on, no new group of the study.
_LEAST = {"lost": 0.4, "asked": 0.1}


@dataclass(frozen=True, slots=True)
class Cohort:
    """The group studied: its size, and from and to which offset the text may speak of it.

    ``told`` are the starts of the sentences that name it. ``things`` are what else the text counts
    that numbers may be of, and how many of them, 0 where it tells several numbers; ``armed`` is
    true where the study sets groups against each other, ``matched`` where some of them were
    matched to others; ``sure`` is false where no wording but its being first makes it the group.
    ``later`` are those of them who were left at follow-up, ``asked`` where they answered questions:
    of those is what patients are asked alone. ``pooled`` is true of those of several studies, of
    whom nothing but the effects that all studies have together is told. ``parts`` are the groups
    that it is the sum of, where no wording names it; ``several`` is true where they were put into
    more than two groups, so that a ratio between two of these is of fewer, ``halved`` where into two.
    ``visits`` are how many were seen after so many months.
    """

    size: int
    start: int
    end: int
    told: frozenset[int]
    things: Mapping[str, int]
    armed: bool
    matched: bool
    sure: bool = True
    later: Cohort | None = None
    asked: bool = False
    pooled: bool = False
    parts: tuple[int, ...] = ()
    several: bool = False
    halved: bool = False
    visits: Mapping[float, int] = field(default_factory=dict)

    def at(self, place: int) -> Cohort:
        """Return the group as it is at a place of the text: all of them, or those left by then."""
        later = self.later
        return later if later and place >= later.start and not later.asked else self

    def holds(self, measure: str | None) -> bool:
        """Tell whether a number of a measure is of those left, not of all who were operated on."""
        cues = rules()
        return measure in cues.reported if self.asked else measure not in cues.initial


@dataclass(frozen=True, slots=True)
class Dealt:
    """The sizes of groups of patients that a sentence tells together, and where it begins.

    ``set_apart`` is true where it says that it sets groups beside each other.
    """

    start: int
    sizes: tuple[int, ...]
    set_apart: bool


Finder = Callable[[], Cohort | None]


def cohort_finder(document: Document) -> Finder:
    """Return what finds the one group of a document when first asked for it: few texts ask."""
    return cache(partial(find_cohort, document))


def find_cohort(document: Document, dealt: Sequence[Dealt] = ()) -> Cohort | None:
    """Return the one group that an abstract is about, None where it names none or several.

    ``dealt`` are the groups that its sentences tell together: where it names no whole, they are it.
    """
    abstract = abstract_of(document)
    low = lowered(abstract.masked) if abstract else ""
    if abstract is None or not holds_any(low, _PEOPLE):
        return None
    document, title = abstract, lowered(document.record.title or "")
    named = [*titled(title), *find_headcounts(document)]
    chosen = _found(document, low, named, dealt)
    if chosen is None:
        return None
    # What was gathered from others is one group where title and text tell how many it is.
    gathered = chosen.how == "title" and any(
        each.size == chosen.size for each in named if each.how != "title"
    )
    if is_of_others(title) or (is_of_others(low) and not gathered):
        return _pooled(document, low, named)
    found = _cohort_of(document, title, low, chosen, named)
    parted = {len(each.sizes) for each in dealt if found and sum(each.sizes) == found.size}
    if found and parted:
        found = replace(found, several=max(parted) > 2, halved=2 in parted)
    if found and chosen.how == "dealt":
        return replace(found, parts=_parts(dealt, chosen))
    # Who was dealt out in the sentence that names them all is told of group by group.
    armed = any(each.start == chosen.start and sum(each.sizes) == chosen.size for each in dealt)
    return replace(found, armed=True) if found and armed else found


def _parts(dealt: Sequence[Dealt], whole: Headcount) -> tuple[int, ...]:
    return next(each.sizes for each in dealt if each.start == whole.start)


def _found(
    document: Document, low: str, named: Sequence[Headcount], dealt: Sequence[Dealt]
) -> Headcount | None:
    """Return the number that is that of the group studied."""
    chosen = _borne_out(document, _chosen(named)) or _dealt_whole(named, dealt)
    if chosen is None and all(each.how == "count" for each in named):
        most = max((each.size for each in named), default=0)
        chosen = next((each for each in operated(document) if each.size > most), None)
    return _summed(low, chosen, named, dealt) or chosen


def _dealt_whole(named: Sequence[Headcount], dealt: Sequence[Dealt]) -> Headcount | None:
    """Return those named first where their sentence deals all of them out: of 96, 41 (E) and 55 (N)."""
    first = named[0] if named else None
    whole = first and any(
        each.start == first.start and sum(each.sizes) == first.size for each in dealt
    )
    others = any(each.how in NAMING and each.start != first.start for each in named if first)
    return replace(first, how="stated") if first and whole and not others else None


def _summed(
    low: str, chosen: Headcount | None, named: Sequence[Headcount], dealt: Sequence[Dealt]
) -> Headcount | None:
    """Return all of the groups of a text that numbers no others, or but one of them: 38 and 52."""
    turned = {each.start for each in named if each.how in {"dealt", "joined"}}
    dealt = [each for each in dealt if each.set_apart or each.start in turned]
    sizes = {sum(each.sizes) for each in dealt}
    if len(sizes) != 1 or holds_any(low, _FEWER):
        return None
    lead, size = dealt[0], sizes.pop()
    # "We reviewed 62 who had A and 56 who had B" states but the first of the groups.
    first = chosen and chosen.how == "stated" and chosen.start == lead.start in turned
    if chosen and (chosen.size not in lead.sizes or (chosen.how in _TOLD and not first)):
        return None
    known = {size, *lead.sizes}
    told = [each for each in named if each.how not in {"count", "noted"} or each.role != "results"]
    others = [each for each in told if each.how != "count" and each.size not in known]
    if others or any(each.size > size for each in named):
        return None
    # What the groups make up may be told beside them.
    whole = next((each for each in named if each.size == size), None)
    return replace(whole, how="stated") if whole else Headcount(size, lead.start, "", "dealt")


def _cohort_of(
    document: Document, title: str, low: str, chosen: Headcount, named: Sequence[Headcount]
) -> Cohort | None:
    """Return the group of the number chosen, None where the text goes on to tell of others."""
    size, start = chosen.size, chosen.start
    things = _things(document, size)
    # Operations are called cases too.
    most = max(things.values(), default=0)
    # Those whom it was chosen from stand in the sentence of the group itself.
    others = [
        each
        for each in named
        if each.how != "title"
        and not (each.cases and size < each.size <= most)
        and not (each.whole > size and each.whole in things.values())
    ]
    joined = chosen.how != "dealt" and any(
        each.how == "joined" and each.start == start for each in others
    )
    if joined or _is_outnumbered(chosen, others, named):
        return None
    left_out = any(each.how == "excluded" and each.start >= start for each in others)
    if left_out and chosen.how in {"stated", "treated"}:
        return None
    left = [
        each for each in named if each.how in _LEAST and _LEAST[each.how] * size <= each.size < size
    ]
    lost = min(left, key=lambda each: each.start, default=None)
    found = Cohort(
        size,
        start,
        document.sentences[-1].end,
        frozenset(each.start for each in others if each.size == size and each.how in NAMING),
        things,
        chosen.how == "dealt" or rules().arms.found(f"{title} {_planned(document)}"),
        holds_any(low, _MATCHED),
        chosen.how not in {"first", "dealt"},
        visits=_visits(document, size),
    )
    return found if lost is None or found.visits else _with_lost(document, found, lost)


def _visits(document: Document, size: int) -> dict[float, int]:
    """Return how many of a group a text says were seen at its visits, where one sentence tells it."""
    told = [seen_at(document.masked[each.start : each.end], size) for each in document.sentences]
    found = [each for each in told if each]
    return found[0] if len(found) == 1 else {}


def _planned(document: Document) -> str:
    """Return what a text says of its aim and methods, in lower case."""
    told = [
        document.masked[each.start : each.end]
        for each in document.sentences
        if each.role in {"methods", "aim"}
    ]
    return lowered(" ".join(told))


def _is_outnumbered(
    chosen: Headcount, others: Sequence[Headcount], named: Sequence[Headcount]
) -> bool:
    """Tell whether an abstract goes on to tell of more than the group chosen as the one studied."""
    size, start = chosen.size, chosen.start
    # "We treated 122, of whom seven were lost, leaving 115": those of the title are left.
    again = [each.start for each in others if chosen.how == "title" and each.size == size]
    return chosen.how != "borne" and any(
        each.size > size and not any(each.start <= one for one in again)
        for each in others
        if each.start > start or (each.start == start and each.how != "pool")
        if not (each.how == "pool" and _is_drawn(each, named, size))
    )


def _with_lost(document: Document, found: Cohort, lost: Headcount) -> Cohort:
    """Return a group that ends where fewer are told of, or that those are from there on."""
    if lost.start < found.start:
        return replace(found, end=lost.start)
    later = replace(found, size=lost.size, start=_end_of(document, lost), told=frozenset())
    return replace(found, later=replace(later, asked=lost.how == "asked"))


def _pooled(document: Document, low: str, named: Sequence[Headcount]) -> Cohort | None:
    """Return those of all the studies that a text pooled, None where it names several numbers."""
    sizes = {each.size for each in named}
    if len(sizes) != 1 or not _HETEROGENEITY.search(low):
        return None
    end = document.sentences[-1].end
    return Cohort(sizes.pop(), 0, end, frozenset(), {}, armed=True, matched=False, pooled=True)


def _end_of(document: Document, told: Headcount) -> int:
    """Return where the sentence of a number ends, else where the text does."""
    ends = [each.end for each in document.sentences if each.start == told.start]
    return ends[0] if ends else document.sentences[-1].end


def is_of_others(low: str) -> bool:
    """Tell whether a text in lower case gathers what others have studied."""
    return rules().foreign.found(low)


def _chosen(named: Sequence[Headcount]) -> Headcount | None:
    """Return the group that numbers are of: the title's, the one stated, what was chosen of it."""
    for how in ("title", "stated", "chosen"):
        found = [each for each in named if each.how == how]
        if found and how != "stated":
            return found[0] if len({each.size for each in found}) == 1 else None
        if found:
            return _stated(named, found)
    first = named[0] if named else None
    if first and first.how == "pool" and _is_dealt_out(first, named):
        return first
    # "Eleven patients had a haemangioma" opens the results of a text that names no more.
    if first and first.how == "leads" and all(each.size <= first.size for each in named):
        return first
    others = any(each.how == "control" for each in named)
    for how in () if others else ("treated", "noted"):
        lead = next((each for each in named if each.how == how), None)
        # Only the same number may stand ahead of it: "in 52 patients. Fifty-two were treated".
        if lead and all(each.size == lead.size for each in named[: named.index(lead)]):
            return lead
    # Failing all wordings those who are told first and are most.
    if first is None or first.how != "first" or others:
        return None
    return first if all(each.size <= first.size for each in named) else None


def _borne_out(document: Document, chosen: Headcount | None) -> Headcount | None:
    """Return the group that the shares of a text are of, where they are of no other."""
    shares = told_shares(document)
    if chosen and is_borne_out(shares, chosen.size):
        return chosen
    sizes = told_sizes(document)
    size = size_of_shares(shares, sizes)
    # "14 of 246 failed (5.7%) ... 5 of these (35.7%)": one share of its own speaks for those stated.
    apart = [each for each in shares if size and not is_borne_out([each] * 2, size)]
    if chosen and chosen.how in _TOLD and any(is_borne_out([e] * 2, chosen.size) for e in apart):
        return chosen
    if size is None:
        return chosen if chosen and chosen.how != "first" else None
    return Headcount(size, sizes[size], "results", "borne")


def _is_dealt_out(pool: Headcount, named: Sequence[Headcount]) -> bool:
    """Tell whether numbers of a sentence make up the group it opens with: of 90, 30 and 60."""
    parts = [each.size for each in named if each.start == pool.start and each is not pool]
    return add_up(parts, pool.size)


def _is_drawn(pool: Headcount, named: Sequence[Headcount], size: int) -> bool:
    """Tell whether the group was drawn from a larger one in one sentence: of 900, 76 had."""
    return any(each.start == pool.start and each.size == size for each in named)


def _stated(named: Sequence[Headcount], found: Sequence[Headcount]) -> Headcount | None:
    first = found[0]
    later = [
        each
        for each in named
        if each.how in {"stated", "noted", "chosen"}
        and each.size != first.size
        and each.start >= first.start
    ]
    # Those left out and those left are no parts to be told of: 120, of whom 12 were lost, 108 stayed.
    after = [
        each.size
        for each in named
        if each.start >= first.start and each is not first
        if each.how != "chosen" or each.role == "results"
    ]
    if not later or add_up(after, first.size) or sum({each.size for each in later}) == first.size:
        return first
    sizes = {each.size for each in later if each.role != "results" or each.how == "chosen"}
    if not sizes:
        return first
    left = [each for each in later if each.size in sizes][-1]
    return left if len(sizes) == 1 and left.size < first.size else None


def _things(document: Document, size: int) -> dict[str, int]:
    """Return what a text counts of other things than patients, more than those, and how many at first."""
    found: dict[str, int] = {}
    for sentence in document.sentences:
        for each in find_quantities(document.masked[sentence.start : sentence.end]):
            count = int(each.denominator or each.numerator or each.value or 0)
            if each.unit in COUNTED and count > size:
                # Fewer told of later are some of those told first.
                found[each.unit] = (
                    found.get(each.unit, count) if count <= found.get(each.unit, count) else 0
                )
    return found
