"""Write the knowledge base: the only writer, and the home of sqlite-utils."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import sqlite_utils

from ingest.identity import Group, record_key
from ingest.matching.agreement import normalise_doi
from ingest.matching.revisions import Dropped
from ingest.model import Candidate, Concept, Extraction, Failure, Record
from ingest.text import display, sha256
from kb.accounts import field_rows, record_rows
from kb.rows import (
    claim_rows,
    measurement_rows,
    mention_rows,
    mitigation_rows,
    named_apart,
)

SCHEMA = Path(__file__).parent / "schema.sql"
Row = dict[str, Any]
# Articles whose texts and claims are in memory at a time.
_CHUNK = 200


def create(path: Path) -> sqlite_utils.Database:
    """Return a new database with the schema; an older file at the path is replaced."""
    path.unlink(missing_ok=True)
    database = sqlite_utils.Database(path)
    database.executescript(SCHEMA.read_text(encoding="utf-8"))
    return database


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def citation(record: Record, retracted: bool = False) -> str:
    """Return one line that cites a record with what is known and nothing invented.

    A retracted article says so wherever it is cited.
    """
    names = [each.name for each in record.authors[:3]]
    people = ", ".join(names) + (
        " et al." if len(record.authors) > 3 or record.authors_complete is False else ""
    )
    place = f"{record.volume or ''}{f'({record.issue})' if record.issue else ''}"
    numbers = ":".join(each for each in (place, record.pages_raw or "") if each)
    when = str(record.year) if record.year else ""
    journal = record.journal or record.source_site or ""
    tail = " ".join(
        each
        for each in (
            journal + ("." if journal else ""),
            when + (";" if when and numbers else ""),
            numbers,
        )
        if each
    )
    title = (record.title or "").rstrip(".")
    parts = [people.rstrip("."), title, tail, "[Retracted]" if retracted else ""]
    return ". ".join(each for each in parts if each).strip() or f"Untitled text ({record.source})"


def _number(value: str) -> Any:
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return value


def _article(group: Group, extraction: Extraction) -> Row:
    record, design = group.record, extraction.design
    plain = (
        "title",
        "journal",
        "journal_abbrev",
        "issn",
        "issn_l",
        "publisher",
        "year",
        "date",
        "date_raw",
        "volume",
        "issue",
        "pages",
        "pages_raw",
        "doi",
        "pmid",
        "pmcid",
        "url",
        "language",
        "licence",
        "copyright",
        "original_title",
        "source_site",
        "source_platform",
        "last_updated",
        "content_level",
    )
    lists = ("publication_types", "mesh", "keywords", "trial_numbers", "languages")
    flag = {True: 1, False: 0, None: None}
    return {
        "article_id": group.article_id,
        "citation": citation(record, group.retracted),
        **{name: getattr(record, name) for name in plain},
        **{name: _json(list(getattr(record, name))) for name in lists},
        "open_access": flag[record.open_access],
        "authors_complete": flag[record.authors_complete],
        "metrics": _json({name: _number(value) for name, value in extraction.record.metrics}),
        "design": design.design,
        "design_secondary": _json(list(design.secondary)),
        "evidence_level": design.level,
        "tes_series": int(design.tes_series),
        "n_patients": design.n_patients,
        "follow_up": design.follow_up,
        "data_period": design.data_period,
        "spinal_tumour": int(design.spinal_tumour),
        "retracted": int(group.retracted),
        "digest": int(group.base.record.digest),
        "record_id": record_key(group.base.record),
    }


def store_concepts(database: sqlite_utils.Database, concepts: Iterable[Concept]) -> None:
    """Store the vocabulary."""
    _insert(
        database,
        "concepts",
        (
            {
                "concept_id": each.id,
                "facet": each.facet,
                "label": each.label,
                "synonyms": _json(list(each.synonyms + each.abbreviations)),
                "mesh": each.mesh,
                "broader": _json(list(each.broader)),
            }
            for each in concepts
        ),
    )


def store_articles(
    database: sqlite_utils.Database,
    groups: Sequence[Group],
    load: Callable[[Candidate], Extraction],
) -> None:
    """Store articles with their text, people, claims and measurements.

    ``load`` returns the whole extraction of a record; only a few are in memory at a time.
    """
    taken: set[str] = set()
    loaded = ((each, named_apart(each.article_id, load(each.base), taken)) for each in groups)
    while chunk := list(islice(loaded, _CHUNK)):
        _insert(
            database,
            "articles",
            (_article(group, whole) for group, whole in chunk),
        )
        _insert(database, "authors", (row for group, _ in chunk for row in _authors(group)))
        for table, rows in _DERIVED.items():
            _insert(
                database,
                table,
                (row for group, whole in chunk for row in rows(group.article_id, whole)),
            )
    _insert(database, "article_links", _links(groups))
    _insert(database, "identity_flags", (row for group in groups for row in _flags(group)))


def leave_out_retracted(database: sqlite_utils.Database) -> None:
    """Take the claims of retracted articles out of the aggregates of patient results.

    After the evidence is linked: rules show such claims, and count none.
    """
    database.execute(
        "update claims set is_patient_result = 0"
        " where article_id in (select article_id from articles where retracted = 1)"
    )


def _links(groups: Sequence[Group]) -> Iterator[Row]:
    """Yield what articles state of others, and what agreeing titles tell."""
    by_pmid = {each.record.pmid or "": each.article_id for each in groups if each.record.pmid}
    by_doi: dict[str, str] = {}
    for each in groups:
        doi = normalise_doi(each.record.doi)
        if doi:
            by_doi.setdefault(doi, each.article_id)
    for group in groups:
        for link in group.record.links:
            target = by_pmid.get(link.pmid or "") or by_doi.get(normalise_doi(link.doi) or "")
            row = {"relation": link.relation, "raw": link.raw, "pmid": link.pmid, "doi": link.doi}
            yield {"article_id": group.article_id, **row, "target_article_id": target, "stated": 1}
        for one in group.related:
            row = {"relation": one.relation, "raw": one.raw, "pmid": None, "doi": None}
            target = one.article_id
            yield {"article_id": group.article_id, **row, "target_article_id": target, "stated": 0}


def _flags(group: Group) -> Iterator[Row]:
    for each in group.flags:
        yield {
            "article_id": group.article_id,
            "other_article_id": each.article_id,
            "flag": each.flag,
            "detail": each.detail,
        }


def _insert(database: sqlite_utils.Database, table: str, rows: Iterable[Row]) -> None:
    database[table].insert_all(rows, batch_size=500)  # type: ignore[union-attr]


def _authors(group: Group) -> Iterator[Row]:
    for position, each in enumerate(group.record.authors, start=1):
        yield {
            "article_id": group.article_id,
            "position": position,
            "name": each.name,
            "family": each.family,
            "given": each.given,
            "suffix": each.suffix,
            "collective": int(each.collective),
            "orcid": each.orcid,
            "affiliations": _json(list(each.affiliations)),
        }


def _documents(article_id: str, extraction: Extraction) -> Iterator[Row]:
    text = extraction.record.text
    yield {
        "article_id": article_id,
        "text": text,
        "sha256": sha256(text.encode()),
        "length": len(text),
    }


def _sections(article_id: str, extraction: Extraction) -> Iterator[Row]:
    for position, each in enumerate(extraction.document.sections):
        yield {
            "article_id": article_id,
            "position": position,
            "heading": each.heading,
            "path": _json(list(each.path)),
            "level": each.level,
            "role": each.role,
            "start": each.start,
            "end": each.end,
        }


def _passages(article_id: str, extraction: Extraction) -> Iterator[Row]:
    document = extraction.document
    for each in document.sentences:
        yield {
            "passage_id": f"{article_id}:{each.opening}",
            "article_id": article_id,
            "section": each.section,
            "role": each.role,
            "start": each.opening,
            "end": each.end,
            "text": display(document.text, each.opening, each.end, document.record.markers),
        }


def _markers(article_id: str, extraction: Extraction) -> Iterator[Row]:
    for each in extraction.record.markers:
        yield {
            "article_id": article_id,
            "start": each.start,
            "end": each.end,
            "raw": each.raw,
            "role": each.role,
            "reference_numbers": _json(list(each.references)),
        }


def _references(article_id: str, extraction: Extraction) -> Iterator[Row]:
    for position, each in enumerate(extraction.record.references, start=1):
        yield {
            "article_id": article_id,
            "position": position,
            "label": each.label,
            "raw": each.raw,
            "authors": _json(list(each.authors)),
            "title": each.title,
            "journal": each.journal,
            "year": each.year,
            "doi": each.doi,
            "pmid": each.pmid,
        }


_DERIVED: Mapping[str, Callable[[str, Extraction], Iterator[Row]]] = {
    "documents": _documents,
    "sections": _sections,
    "passages": _passages,
    "markers": _markers,
    "article_references": _references,
    "claims": claim_rows,
    "claim_concepts": mention_rows,
    "measurements": measurement_rows,
    "mitigations": mitigation_rows,
}


def store_records(
    database: sqlite_utils.Database,
    groups: Sequence[Group],
    failures: Iterable[Failure],
    dropped: Iterable[Dropped] = (),
) -> None:
    """Store every input record with its outcome, and which record each merged field came from."""
    _insert(database, "records", record_rows(groups, failures, dropped))
    _insert(database, "field_sources", field_rows(groups))


def index_text(database: sqlite_utils.Database) -> None:
    """Make the full-text tables: articles_fts, documents_fts, claims_fts and passages_fts."""
    for table, columns in (
        ("articles", ["title", "citation", "keywords", "mesh"]),
        ("documents", ["text"]),
        ("claims", ["display", "focus"]),
        ("passages", ["text"]),
    ):
        database[table].enable_fts(columns, tokenize="porter unicode61")  # type: ignore[union-attr]


def store_meta(database: sqlite_utils.Database, facts: Mapping[str, Any]) -> None:
    """Store facts of the build."""
    _insert(
        database,
        "meta",
        (
            {"key": key, "value": None if value is None else str(value)}
            for key, value in facts.items()
        ),
    )
