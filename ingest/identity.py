"""Tell which records are the same article, and which are only linked.

PMID or PMCID equal: the same. DOI equal and titles agree: the same; titles differ: apart, and
flagged. No shared identifier: the same where the citations agree. Different identifiers veto.
The surest evidence joins first and no veto is ever overruled, so order plays no part.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.matching.agreement import (
    TELLING,
    first_family,
    first_page,
    kind_of,
    normalise_doi,
    normalise_pmcid,
    says_retracted,
    titles_of,
)
from ingest.matching.merging import base_order, merge
from ingest.matching.verdicts import UNKNOWN, Verdict, compare
from ingest.model import Candidate, Record
from ingest.text import sha256

_RETRACTED_BY = {"retraction_in", "retracted_and_republished_in"}
_RETRACTS = {"retraction_of", "retracted_and_republished_from"}
# Titles share their first letters often in one field; an index of fewer would compare too many.
_HEAD = 32


@dataclass(frozen=True, slots=True)
class Flag:
    """Why an article is kept apart from another that it might have been taken for."""

    article_id: str
    flag: str
    detail: str


@dataclass(frozen=True, slots=True)
class Related:
    """A relation to another article that no source states: how it was found is ``raw``."""

    relation: str
    article_id: str
    raw: str


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one article: the one whose text carries the claims, the others, and why.

    ``reasons`` has one line for each of ``merged``; ``field_sources`` the records that each field
    of ``record`` came from.
    """

    article_id: str
    base: Candidate
    merged: tuple[Candidate, ...]
    record: Record
    field_sources: Mapping[str, tuple[Candidate, ...]]
    reasons: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    related: tuple[Related, ...] = ()
    retracted: bool = False

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Return all records of the article."""
        return (self.base, *self.merged)


def record_key(record: Record) -> str:
    """Return an input record's id: a hash of where it stood and what it held."""
    return "r" + sha256(f"{record.source}|{record.locator}|{record.sha256}".encode())[:14]


def article_id(record: Record) -> str:
    """Return the article's stable id by its surest identifier."""
    if record.pmid:
        return f"pmid-{record.pmid}"
    if record.pmcid:
        return f"pmc-{record.pmcid.upper()}"
    doi = normalise_doi(record.doi)
    if doi:
        return "doi-" + re.sub(r"[^a-z0-9]+", "-", doi).strip("-")
    return f"text-{record.sha256[:12]}"


def group(
    candidates: Sequence[Candidate], apart: Collection[frozenset[str]] = ()
) -> tuple[Group, ...]:
    """Return the articles of the records, in order of id; the order of the input plays no part.

    ``apart`` holds pairs of record keys that are never merged, whatever their data say.
    """
    held: dict[tuple[object, ...], list[Candidate]] = defaultdict(list)
    for each in sorted(candidates, key=base_order):
        record = each.record
        if not record.deleted:
            held[record.format, record.sha256, record.pmid, record.doi, record.title].append(each)
    copies = list(held.values())
    matching = _Matching(copies, apart)
    clusters = matching.clusters()
    groups = [_group([copies[place] for place in cluster]) for cluster in clusters]
    told = _told(list(_named(groups)), clusters, matching)
    return tuple(sorted(_retracted(told), key=lambda each: each.article_id))


class _Matching:
    """Records compared with one another, and joined by the surest evidence first."""

    def __init__(
        self, copies: Sequence[Sequence[Candidate]], apart: Collection[frozenset[str]]
    ) -> None:
        # The same bytes given several times are compared once.
        self.nodes = [each[0] for each in copies]
        self._apart = {frozenset(each) for each in apart}
        self._keys = [{record_key(one.record) for one in each} for each in copies if apart]
        self._known: dict[tuple[int, int], Verdict] = {}
        # Most pairs that share a key have nothing else in common: they are not kept.
        near = ((pair, self._compared(*pair)) for pair in sorted(self._near()))
        self._known = {pair: verdict for pair, verdict in near if verdict is not UNKNOWN}
        self.pairs = list(self._known)
        self.home = list(range(len(copies)))
        self._members = {place: [place] for place in range(len(copies))}
        # Pairs that were the same by their data and yet stay apart, and why.
        self.refused: dict[tuple[int, int], tuple[str, str]] = {}

    def verdict(self, one: int, other: int) -> Verdict:
        """Return what two records are to one another."""
        pair = (min(one, other), max(one, other))
        if pair not in self._known:
            self._known[pair] = self._compared(*pair)
        return self._known[pair]

    def _compared(self, one: int, other: int) -> Verdict:
        if self._apart and self._by_hand(one, other):
            return Verdict("apart", "kept apart by hand", flag="by_hand")
        return compare(self.nodes[one].record, self.nodes[other].record)

    def _by_hand(self, one: int, other: int) -> bool:
        pairs = itertools.product(self._keys[one], self._keys[other])
        return any(frozenset(pair) in self._apart for pair in pairs)

    def clusters(self) -> list[list[int]]:
        """Return the places of the records of each article."""
        edges = [(self.verdict(*pair), pair) for pair in self.pairs]
        sure = [(verdict, pair) for verdict, pair in edges if verdict.strength > 2]
        for verdict, pair in sorted(sure, key=lambda each: (-each[0].strength, each[1])):
            self._join(pair, verdict, {"apart"})
        for strength in (2, 1):
            cited = [pair for verdict, pair in edges if verdict.strength == strength]
            # What agrees less must have no rival at all, even one that agrees less still.
            rivals = cited if strength == 2 else [pair for verdict, pair in edges if verdict.kin]
            for pair in self._unambiguous(cited, rivals):
                self._join(pair, self.verdict(*pair), {"apart", "unlike"})
        return sorted(self._members.values())

    def _join(self, pair: tuple[int, int], verdict: Verdict, against: set[str]) -> None:
        one, other = (self.home[each] for each in pair)
        if one == other:
            return
        veto = self._veto(one, other, against)
        if veto is not None:
            self.refused[pair] = ("vetoed", f"{verdict.reason}, but {veto}")
            return
        for place in self._members[other]:
            self.home[place] = one
        self._members[one] += self._members.pop(other)

    def _veto(self, one: int, other: int, against: set[str]) -> str | None:
        for pair in itertools.product(self._members[one], self._members[other]):
            verdict = self.verdict(*pair)
            if verdict.answer in against:
                return verdict.reason
        return None

    def _unambiguous(
        self, pairs: Iterable[tuple[int, int]], rivals: Iterable[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """Return the pairs of citations without those that fit two different articles."""
        between = self._between(pairs)
        near: dict[int, set[int]] = defaultdict(set)
        for one, other in {**between, **self._between(rivals)}:
            if self._veto(one, other, {"apart", "unlike"}) is None:
                near[one].add(other)
                near[other].add(one)
        torn = {
            place
            for place, others in near.items()
            if any(
                self._veto(*each, {"apart", "unlike", "rival"}) is not None
                for each in itertools.combinations(sorted(others), 2)
            )
        }
        for homes, held in between.items():
            if torn & set(homes) and homes[1] in near[homes[0]]:
                self.refused[held[0]] = ("ambiguous", "the citation fits more than one article")
        kept = [pair for homes, held in between.items() if not torn & set(homes) for pair in held]
        return sorted(kept)

    def _between(
        self, pairs: Iterable[tuple[int, int]]
    ) -> dict[tuple[int, int], list[tuple[int, int]]]:
        """Return the pairs by the two clusters they stand in."""
        found: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for pair in pairs:
            one, other = sorted(self.home[each] for each in pair)
            if one != other:
                found[one, other].append(pair)
        return found

    def _near(self) -> Iterator[tuple[int, int]]:
        """Yield each pair of records that share a key."""
        index: dict[str, list[int]] = defaultdict(list)
        for place, each in enumerate(self.nodes):
            for key in dict.fromkeys(_keys(each.record)):
                index[key].append(place)
        yield from {pair for places in index.values() for pair in itertools.combinations(places, 2)}


def _keys(record: Record) -> Iterator[str]:
    """Yield keys that two records of one article share at least one of."""
    yield f"sha:{record.sha256}"
    for name, value in (
        ("pmid", record.pmid),
        ("pmcid", normalise_pmcid(record.pmcid)),
        ("doi", normalise_doi(record.doi)),
    ):
        if value:
            yield f"{name}:{value}"
    family, page = first_family(record), first_page(record)
    for titled in titles_of(record):
        compact = titled.compact
        if len(compact) >= TELLING:
            yield f"title:{compact[:_HEAD]}"
        elif page:
            yield f"title:{compact}|{page}|{record.year}"
    if page and record.volume:
        yield f"page:{record.volume}|{page}|{record.year}"
    for titled in titles_of(record) if family and record.year else ():
        # A year later too: what appears online in December is printed in January.
        for year in (record.year or 0, (record.year or 0) + 1):
            yield f"author:{family}|{year}|{titled.compact[:4]}"
            yield f"author:{family}|{year}|{titled.compact[-4:]}"


def _group(copies: list[list[Candidate]]) -> Group:
    """Return the article of records that are the same; ``copies`` are lists of the same bytes."""
    cluster = sorted((each for held in copies for each in held), key=base_order)
    base, merged = cluster[0], tuple(cluster[1:])
    record, sources = merge(cluster)
    reasons = tuple(_reason(each, base, cluster) for each in merged)
    return Group(article_id(record), base, merged, record, sources, reasons)


def _reason(each: Candidate, base: Candidate, cluster: Sequence[Candidate]) -> str:
    """Return why a record is the same article: its tie to the base, else its surest to another."""
    ties = [base, *(other for other in cluster if other is not base and other is not each)]
    best: tuple[int, Candidate, str] = (0, base, "by way of the others")
    for other in ties:
        found = compare(each.record, other.record)
        if found.strength > best[0]:
            best = (found.strength, other, found.reason)
        if best[0] and other is base:
            break
    _, other, reason = best
    return f"same article as {other.record.source} {other.record.locator}: {reason}"


def _named(groups: Sequence[Group]) -> Iterator[Group]:
    """Give each article an id of its own: those that share an identifier get their title's too."""
    held: dict[str, list[Group]] = defaultdict(list)
    for each in groups:
        held[each.article_id].append(each)
    for each in groups:
        rivals = held[each.article_id]
        first = min(rivals, key=_content)
        suffix = "" if each is first else "-" + _content(each)[:6]
        yield replace(each, article_id=each.article_id + suffix)


def _content(one: Group) -> str:
    titled = titles_of(one.record)
    stated = (titled[0].compact if titled else "", one.record.doi or "", one.base.record.sha256)
    return sha256("|".join(stated).encode())


def _told(
    groups: Sequence[Group], clusters: Sequence[Sequence[int]], matching: _Matching
) -> list[Group]:
    """Return the articles with what is to be said of each beside another: flags and relations."""
    home = {place: number for number, cluster in enumerate(clusters) for place in cluster}
    flags: dict[int, dict[Flag, None]] = defaultdict(dict)
    related: dict[int, dict[Related, None]] = defaultdict(dict)
    for pair in matching.pairs:
        one, other = (home[place] for place in pair)
        verdict = matching.verdict(*pair)
        if one == other:
            continue
        refused = matching.refused.get(pair)
        flag, detail = refused or (verdict.flag, verdict.reason)
        if flag:
            flags[one][Flag(groups[other].article_id, flag, detail)] = None
            flags[other][Flag(groups[one].article_id, flag, detail)] = None
        if verdict.relation:
            plain = kind_of(matching.nodes[pair[0]].record) == "article"
            notice, article = (other, one) if plain else (one, other)
            if not _linked(groups[notice].record, groups[article].record):
                told = Related(verdict.relation, groups[article].article_id, "titles agree")
                related[notice][told] = None
    return [
        replace(
            each,
            flags=tuple(sorted(flags[number], key=lambda flag: (flag.article_id, flag.flag))),
            related=tuple(sorted(related[number], key=lambda one: (one.article_id, one.relation))),
        )
        for number, each in enumerate(groups)
    ]


def _linked(one: Record, other: Record) -> bool:
    """Tell whether a record itself names another."""
    doi = normalise_doi(other.doi)
    return any(
        (link.pmid and link.pmid == other.pmid) or (doi and normalise_doi(link.doi) == doi)
        for link in one.links
    )


def _retracted(groups: Sequence[Group]) -> Iterator[Group]:
    """Mark the articles that a record of their own or a notice says are retracted."""
    by_pmid = {each.record.pmid: each.article_id for each in groups if each.record.pmid}
    by_doi: dict[str | None, set[str]] = defaultdict(set)
    for each in groups:
        by_doi[normalise_doi(each.record.doi)].add(each.article_id)
    found: set[str] = set()
    for each in groups:
        if any(says_retracted(one.record) for one in each.candidates) or any(
            link.relation in _RETRACTED_BY for link in each.record.links
        ):
            found.add(each.article_id)
        found |= {one.article_id for one in each.related if one.relation == "retraction_of"}
        for link in each.record.links:
            if link.relation in _RETRACTS and link.pmid in by_pmid:
                found.add(by_pmid[link.pmid])
            elif link.relation in _RETRACTS and link.doi:
                # A notice may share its article's DOI, and is not retracted itself.
                found |= by_doi[normalise_doi(link.doi)] - {each.article_id}
    for each in groups:
        yield replace(each, retracted=each.article_id in found)
