"""Decide of two records whether they are one article, two, or two of which one belongs to the other.

Identifiers first, after the rules of the knowledge base; records that share none are compared by
their citations, after the published method of BibDedupe (Wagner 2024, J Open Source Softw 9(97):
6318, https://doi.org/10.21105/joss.06318): title, authors and journal must agree, and volume,
issue, pages and year must not contradict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.matching.agreement import (
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
    titles_agree,
    titles_of,
    volumes_agree,
)
from ingest.model import Record

# Titles of two citations without volume and pages must be this long to be one article's.
_BARE = 40
# A title cut short must be this long where no page tells.
_CUT = 60
# How long a title must be where no other article fits.
_ENOUGH = {"equal": 15, "close": 20, "part": _CUT}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two records are to one another, and why.

    ``apart`` is sure and vetoes any merging; ``unlike`` speaks against one by citation alone;
    ``rival`` are two of one title in successive years, which may be two reports of a series.
    ``strength`` orders what is ``same``: 6 the same bytes, 5 PMID, 4 PMCID, 3 DOI, 2 citation; 1
    is a citation that is enough where no other article fits. ``kin`` tells that titles and people
    do not differ. ``relation`` is how the record that is no article belongs to the one that is.
    """

    answer: Literal["same", "apart", "unlike", "rival", "unknown"]
    reason: str = ""
    strength: int = 0
    flag: str | None = None
    relation: str | None = None
    kin: bool = False


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
        return Verdict("same", "same PMID", 5)
    if pmid is False:
        if doi:
            return Verdict("apart", "same DOI, different PMIDs", flag="shared_doi")
        return Verdict("apart", "different PMIDs", relation=_relation(one, other))
    if pmcid:
        return Verdict("same", "same PMCID", 4)
    if pmcid is False:
        return Verdict("apart", "different PMCIDs", relation=_relation(one, other))
    if one.sha256 == other.sha256 and one.format == other.format:
        return Verdict("same", "the same bytes", 6)
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
    if titles_agree(one, other):
        return Verdict("same", "same DOI and titles agree", 3)
    alike = title_likeness(one, other) == "like" and people_agree(one, other)
    if alike and (pages_agree(one, other) or volumes_agree(one, other)):
        return Verdict("same", "same DOI, author and place; titles nearly agree", 3)
    if titles_of(one) and titles_of(other):
        return Verdict("apart", "same DOI, different titles", flag="shared_doi")
    agreed = [each(one, other) for each in (people_agree, pages_agree, volumes_agree)]
    if any(agreed) and False not in agreed:
        return Verdict("same", "same DOI; a title is missing and the citation agrees", 3)
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


@dataclass(frozen=True, slots=True)
class _Agreement:
    """How two citations agree, part by part; None where either does not state the part."""

    likeness: str | None
    length: int
    people: bool | None
    journal: bool | None
    volume: bool | None
    issue: bool | None
    page: bool | None
    years: int | None
    unplaced: bool

    @property
    def placed(self) -> bool:
        """Whether volume and page are the same."""
        return bool(self.volume and self.page)

    @property
    def contradicts(self) -> bool:
        """Whether a part says that these are two articles."""
        return (
            self.people is False
            or self.page is False
            or self.volume is False
            or (self.issue is False and self.page is None)
            or (self.journal is False and not self.page)
            or (self.years is not None and self.years > 1)
        )

    def suffices(self) -> bool:
        """Tell whether what agrees, with nothing against it, is enough to be one article."""
        same_year = self.years == 0
        if self.years == 1 and not (self.page or self.volume):
            return False
        if self.journal is False and not (self.people and (self.volume or same_year)):
            # A journal's name is abbreviated and translated; its volume and page are not.
            return False
        if self.likeness in {None, "like"}:
            return bool(self.people and self.journal and self.placed and same_year)
        if self.length < TELLING:
            # "Reply" stands on many pages, of one author too: only its own page tells.
            in_issue = self.volume and self.journal and self.issue and self.length >= TELLING // 2
            by_one = self.page and (self.journal or self.volume)
            if self.people and (by_one or (in_issue and same_year)):
                return True
            return self.placed and same_year
        if self.likeness == "part":
            long = self.length >= _CUT and self.journal
            if self.people:
                return bool((self.volume or same_year) and (self.page or long))
            return bool(self.placed and self.journal and same_year)
        if self.people:
            return bool(self.page or self.volume)
        if self.page:
            return bool((self.volume or self.journal) and self.years is not None)
        whole = self.likeness == "equal" and self.length >= _BARE
        return bool(whole and self.journal and self.volume and same_year)

    def told(self) -> str:
        """Return the names of the parts that agree."""
        parts = (
            ("title", self.likeness not in {None, "like"}),
            ("first author", self.people),
            ("journal", self.journal),
            ("volume", self.volume),
            ("page", self.page),
            ("year", self.years == 0),
        )
        return ", ".join(name for name, agrees in parts if agrees)


def _by_citation(one: Record, other: Record) -> Verdict:
    lengths = [len(each.compact) for record in (one, other) for each in titles_of(record)]
    found = _Agreement(
        title_likeness(one, other),
        min(lengths, default=0),
        people_agree(one, other),
        journals_agree(one, other),
        volumes_agree(one, other),
        issues_agree(one, other),
        pages_agree(one, other),
        abs(one.year - other.year) if one.year and other.year else None,
        not any((one.volume, one.pages, other.volume, other.pages)),
    )
    if _kinds_differ(one, other, found):
        return Verdict("unlike", "of different kinds", relation=_relation(one, other))
    if found.likeness is None and titles_of(one) and titles_of(other):
        return UNKNOWN
    if found.contradicts:
        return Verdict("unlike", "the citations contradict", relation=_relation(one, other))
    told = f"no shared identifier; {found.told()} agree"
    if found.suffices():
        return Verdict("same", told, 2, kin=True)
    if found.likeness in {None, "like"} or found.people is False:
        return UNKNOWN
    if found.years == 1:
        return Verdict("rival", kin=True)
    in_volume = found.people and found.journal and found.volume and found.length >= _BARE
    if found.years == 0 and (found.length >= _ENOUGH[found.likeness] or in_volume):
        # Two records without a place are alike; one beside a placed one may be its preprint.
        alike = (found.issue and found.people) or found.unplaced
        placed = bool(found.journal or (alike and found.length >= _BARE))
        if not found.people:
            placed = bool(found.journal and (found.volume or found.issue))
            placed = placed and found.likeness != "part"
        alone = placed and kind_of(one) not in {"comment", "erratum"}
        if found.people or alone:
            return Verdict("unknown", told, int(alone), "possible", kin=True)
    return Verdict("unknown", kin=True)


def _kinds_differ(one: Record, other: Record, found: _Agreement) -> bool:
    kinds = {kind_of(one), kind_of(other)}
    if kinds != {"article", "conference"}:
        return len(kinds) > 1
    # Services name a paper of proceedings differently, or not at all: its place tells.
    stated = one.publication_types and other.publication_types
    place = found.placed or (not stated and (found.volume or found.page))
    return not (found.journal and place)
