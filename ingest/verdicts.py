"""Decide of two records whether they are one article, two, or two of which one belongs to the other.

Identifiers first, after the rules of the knowledge base; records that share none are compared by
their citations, after the published method of BibDedupe (Wagner 2024, J Open Source Softw 9(97):
6318, https://doi.org/10.21105/joss.06318): title, authors and journal must agree, and volume,
issue, pages and year must not contradict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.agreement import (
    TELLING,
    issues_agree,
    journals_agree,
    kind_of,
    normalise_doi,
    normalise_pmcid,
    pages_agree,
    people_agree,
    relation_of,
    title_likeness,
    titles_of,
    volumes_agree,
)
from ingest.model import Record

# Titles of two bare citations, without volume or pages, must be this long to be one article's.
_BARE = 40


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two records are to one another, and why.

    ``apart`` is sure and vetoes any merging; ``unlike`` speaks against one by citation alone.
    ``strength`` orders what is ``same``: 5 the same bytes, 4 PMID, 3 PMCID, 2 DOI, 1 citation.
    ``relation`` is how the record that is no article belongs to the one that is.
    """

    answer: Literal["same", "apart", "unlike", "unknown"]
    reason: str = ""
    strength: int = 0
    flag: str | None = None
    relation: str | None = None


UNKNOWN = Verdict("unknown")


def compare(one: Record, other: Record) -> Verdict:
    """Return what two records are to one another; the order of the two plays no part."""
    pmid = _equal(one.pmid, other.pmid)
    pmcid = _equal(normalise_pmcid(one.pmcid), normalise_pmcid(other.pmcid))
    doi = _same_doi(normalise_doi(one.doi), normalise_doi(other.doi))
    if doi is False:
        clash = "PMID" if pmid else "PMCID" if pmcid else None
        if clash:
            told = f"same {clash}, different DOIs"
            return Verdict("apart", told, flag="conflicting_identifiers")
        return Verdict("apart", "different DOIs", relation=_relation(one, other))
    if pmid:
        return Verdict("same", "same PMID", 4)
    if pmid is False:
        if doi:
            return Verdict("apart", "same DOI, different PMIDs", flag="shared_doi")
        return Verdict("apart", "different PMIDs", relation=_relation(one, other))
    if pmcid:
        return Verdict("same", "same PMCID", 3)
    if pmcid is False:
        return Verdict("apart", "different PMCIDs", relation=_relation(one, other))
    if one.sha256 == other.sha256 and one.format == other.format:
        return Verdict("same", "the same bytes", 5)
    return _by_doi(one, other) if doi else _by_citation(one, other)


def _equal(one: str | None, other: str | None) -> bool | None:
    return one == other if one and other else None


def _same_doi(one: str | None, other: str | None) -> bool | None:
    if not one or not other:
        return None
    short, long = sorted((one, other), key=len)
    # Old DOIs hold "<", and some exports cut them there.
    if short != long and long.startswith(short) and long[len(short)] == "<":
        return None
    return one == other


def _by_doi(one: Record, other: Record) -> Verdict:
    relation = _relation(one, other)
    if relation in {"erratum_for", "retraction_of", "expression_of_concern_for", "comment_on"}:
        return Verdict("apart", "same DOI, a notice", flag="shared_doi", relation=relation)
    if title_likeness(one, other):
        return Verdict("same", "same DOI and titles agree", 2)
    if titles_of(one) and titles_of(other):
        return Verdict("apart", "same DOI, different titles", flag="shared_doi")
    agreed = [each(one, other) for each in (people_agree, pages_agree, volumes_agree)]
    if any(agreed) and False not in agreed:
        return Verdict("same", "same DOI; a title is missing and the citation agrees", 2)
    return Verdict("apart", "same DOI, a title is missing", flag="shared_doi")


def _relation(one: Record, other: Record) -> str | None:
    """Return how a notice, preprint or abstract belongs to the article of the same title."""
    kinds = (kind_of(one), kind_of(other))
    if kinds[0] == kinds[1] or "article" not in kinds:
        return None
    kind = kinds[0] if kinds[1] == "article" else kinds[1]
    if not any(
        first.compact[: len(second.compact)] == second.compact[: len(first.compact)]
        and min(len(first.compact), len(second.compact)) >= TELLING
        for first in titles_of(one)
        for second in titles_of(other)
    ):
        return None
    # Whoever signs a notice, its title names the article; of two reports only authors tell.
    if kind in {"preprint", "conference"} and not people_agree(one, other):
        return None
    return relation_of(kind)


def _by_citation(one: Record, other: Record) -> Verdict:
    likeness = title_likeness(one, other)
    people, journal = people_agree(one, other), journals_agree(one, other)
    volume, page = volumes_agree(one, other), pages_agree(one, other)
    issue = issues_agree(one, other)
    years = abs(one.year - other.year) if one.year and other.year else None
    placed = bool(volume) and bool(page)
    kinds = {kind_of(one), kind_of(other)}
    # Services name a paper of proceedings differently; in one place it is one paper.
    differing = len(kinds) > 1 and not (kinds == {"article", "conference"} and placed and journal)
    if differing:
        return Verdict("unlike", "of different kinds", relation=_relation(one, other))
    missing = not titles_of(one) or not titles_of(other)
    against = (
        people is False
        or page is False
        or volume is False
        or (issue is False and page is None)
        or (journal is False and not (placed and years == 0))
        or (years is not None and years > 1)
        or (years == 1 and not (page or volume))
        or (likeness is None and not missing)
    )
    if against:
        return Verdict("unlike", "the citations contradict") if likeness else UNKNOWN
    known = "title, " + ", ".join(
        name
        for name, agrees in (
            ("first author", people),
            ("journal", journal),
            ("volume", volume),
            ("page", page),
            ("year", years == 0),
        )
        if agrees
    )
    if _is_enough(one, other, likeness, people, journal, volume, page, years):
        return Verdict("same", f"no shared identifier; {known} agree", 1)
    return UNKNOWN


def _is_enough(
    one: Record,
    other: Record,
    likeness: str | None,
    people: bool | None,
    journal: bool | None,
    volume: bool | None,
    page: bool | None,
    years: int | None,
) -> bool:
    """Tell whether what agrees, with nothing against it, is enough to be one article."""
    length = min(
        (len(each.compact) for record in (one, other) for each in titles_of(record)), default=0
    )
    if likeness is None:
        return bool(people and journal and volume and page and years == 0)
    if length < TELLING:
        # "Reply" stands on many pages: only its own page tells.
        return bool(volume and page and years == 0)
    if likeness == "part":
        return bool(people and page and (volume or years == 0))
    if people:
        bare = volume is None and page is None and journal is None and length >= _BARE
        return bool(page or volume or (years == 0 and (journal or bare)))
    return bool(page and (volume or journal) and years is not None)
