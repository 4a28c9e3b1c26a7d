"""Tell which records are the same article, and which are only linked.

PMID or PMCID equal: the same. DOI equal and titles agree: the same. No shared identifier: the
same where title, year, first author and first page agree. Two different DOIs or PMIDs veto.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from rapidfuzz import fuzz

from ingest.model import Candidate, Link, Record

_TITLE_AGREES = 88.0
_LEVELS = {"citation": 0, "abstract": 1, "full_page": 2, "full_text": 3}
_DERIVED = {
    "format",
    "source",
    "locator",
    "sha256",
    "text",
    "sections",
    "markers",
    "references",
    "content_level",
    "deleted",
    "digest",
    "version",
    "copyright",
    "metrics",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one article: the one whose text carries the claims, the others, and why."""

    article_id: str
    base: Candidate
    merged: tuple[Candidate, ...]
    record: Record
    field_sources: Mapping[str, Candidate]
    flags: tuple[str, ...] = ()


def normalise_title(title: str | None) -> str:
    """Return a title's letters and digits in lower case, for comparison only."""
    plain = unicodedata.normalize("NFKD", title or "")
    return " ".join(re.findall(r"[a-z0-9]+", plain.lower()))


def normalise_doi(doi: str | None) -> str | None:
    """Return a DOI in lower case without its resolver, None where there is none."""
    if not doi:
        return None
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", doi.strip().lower())


def _titles_agree(one: Record, other: Record) -> bool:
    first, second = normalise_title(one.title), normalise_title(other.title)
    return bool(first and second) and fuzz.token_sort_ratio(first, second) >= _TITLE_AGREES


def same_article(one: Record, other: Record) -> bool:
    """Tell whether two records are of one article."""
    if one.pmid and other.pmid:
        return one.pmid == other.pmid
    if one.pmcid and other.pmcid:
        return one.pmcid == other.pmcid
    doi, another = normalise_doi(one.doi), normalise_doi(other.doi)
    if doi and another:
        return doi == another and _titles_agree(one, other)
    if one.sha256 == other.sha256:
        return True
    return _citations_agree(one, other)


def _citations_agree(one: Record, other: Record) -> bool:
    if not _titles_agree(one, other) or one.year is None or one.year != other.year:
        return False
    first, second = _first_author(one), _first_author(other)
    if first and second and first != second:
        return False
    page, another = _first_page(one), _first_page(other)
    if page and another:
        return page == another
    return bool(first and second) and len(normalise_title(one.title)) > 25


def _first_author(record: Record) -> str:
    names = record.authors[0] if record.authors else None
    return normalise_title(names.family or names.name) if names else ""


def _first_page(record: Record) -> str:
    return re.split(r"[-–]", record.pages or "")[0].lower()


def _keys(record: Record) -> Iterable[str]:
    """Return keys that two records of one article share at least one of."""
    if record.pmid:
        yield f"pmid:{record.pmid}"
    if record.pmcid:
        yield f"pmcid:{record.pmcid}"
    if record.doi:
        yield f"doi:{normalise_doi(record.doi)}"
    title = normalise_title(record.title)
    if title:
        yield f"title:{title[:24]}"
        yield f"tail:{title[-24:]}"
    yield f"sha:{record.sha256}"


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


def _order(candidate: Candidate) -> tuple[object, ...]:
    record = candidate.record
    return (
        record.digest,
        -_LEVELS[record.content_level],
        -candidate.claims,
        -(record.version or 0),
        record.format,
        record.sha256,
        record.source,
        record.locator,
    )


def group(candidates: Iterable[Candidate]) -> tuple[Group, ...]:
    """Return the articles of the records, in order of id; the order of the input plays no part."""
    ordered = sorted((each for each in candidates if not each.record.deleted), key=_order)
    clusters: list[list[Candidate]] = []
    index: dict[str, list[int]] = {}
    for candidate in ordered:
        record = candidate.record
        near = sorted({place for key in _keys(record) for place in index.get(key, ())})
        home = next((place for place in near if _belongs(record, clusters[place])), None)
        if home is None:
            home = len(clusters)
            clusters.append([])
        clusters[home].append(candidate)
        for key in _keys(record):
            if home not in index.setdefault(key, []):
                index[key].append(home)
    groups = [_group(cluster) for cluster in clusters]
    return tuple(sorted(_apart(groups), key=lambda each: each.article_id))


def _belongs(record: Record, cluster: Sequence[Candidate]) -> bool:
    """One record of the cluster must be the same article and none may contradict it."""
    return any(same_article(record, each.record) for each in cluster) and not any(
        _vetoes(record, each.record) for each in cluster
    )


def _vetoes(one: Record, other: Record) -> bool:
    pairs = ((one.pmid, other.pmid), (normalise_doi(one.doi), normalise_doi(other.doi)))
    return any(first and second and first != second for first, second in pairs)


def _group(cluster: list[Candidate]) -> Group:
    base, others = cluster[0], cluster[1:]
    record, sources = base.record, {}
    for field in fields(Record):
        name = field.name
        if name in _DERIVED:
            continue
        for each in cluster:
            value = getattr(each.record, name)
            if value not in (None, (), "") and (
                name != "authors" or each.record.authors_complete is not False or len(cluster) == 1
            ):
                sources[name] = each
                record = replace(record, **{name: value})
                break
    return Group(article_id(record), base, tuple(others), record, sources)


def _apart(groups: list[Group]) -> Iterable[Group]:
    """Keep articles apart that share a DOI under different titles, and say so."""
    taken: dict[str, int] = {}
    for each in sorted(groups, key=lambda one: (one.article_id, one.base.record.sha256)):
        count = taken.get(each.article_id, 0)
        taken[each.article_id] = count + 1
        if count:
            suffix = each.base.record.sha256[:6]
            yield replace(
                each,
                article_id=f"{each.article_id}-{suffix}",
                flags=("shares its DOI with another title",),
            )
        else:
            yield each


def retraction_targets(records: Iterable[Record]) -> set[str]:
    """Return ``pmid:`` and ``doi:`` keys of the articles that the records say are retracted."""
    found: set[str] = set()
    for record in records:
        if (
            any(link.relation == "retraction_in" for link in record.links)
            or "Retracted Publication" in record.publication_types
        ):
            found |= set(_identifiers(record))
        for link in record.links:
            if link.relation == "retraction_of":
                found |= set(_link_keys(link))
    return found


def _identifiers(record: Record) -> Iterable[str]:
    return [key for key in _keys(record) if key.startswith(("pmid:", "doi:"))]


def _link_keys(link: Link) -> Iterable[str]:
    if link.pmid:
        yield f"pmid:{link.pmid}"
    if link.doi:
        yield f"doi:{normalise_doi(link.doi)}"


def is_retracted(record: Record, targets: set[str]) -> bool:
    """Tell whether a record is among the retracted."""
    return bool(set(_identifiers(record)) & targets)
