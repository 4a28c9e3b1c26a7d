"""Write the knowledge base: the only writer, and the home of sqlite-utils."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlite_utils

from ingest.identity import Group
from ingest.model import Concept, Failure, Record
from ingest.text import display, sha256
from kb.rows import claim_rows, is_of_field, measurement_rows, mention_rows, mitigation_rows

SCHEMA = Path(__file__).parent / "schema.sql"
Row = dict[str, Any]


def create(path: Path) -> sqlite_utils.Database:
    """Return a new database with the schema; an older file at the path is replaced."""
    path.unlink(missing_ok=True)
    database = sqlite_utils.Database(path)
    database.executescript(SCHEMA.read_text(encoding="utf-8"))
    return database


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def record_id(record: Record | Failure) -> str:
    """Return an input record's id: a hash of where it stood and what it held."""
    content = record.sha256 if isinstance(record, Record) else record.reason
    return "r" + sha256(f"{record.source}|{record.locator}|{content}".encode())[:14]


def citation(record: Record) -> str:
    """Return one line that cites a record with what is known and nothing invented."""
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
    parts = [people.rstrip("."), title, tail]
    return ". ".join(each for each in parts if each).strip() or f"Untitled text ({record.source})"


def _number(value: str) -> Any:
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return value


def _article(group: Group, retracted: bool) -> Row:
    record, design = group.record, group.base.design
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
    lists = ("publication_types", "mesh", "keywords", "trial_numbers")
    flag = {True: 1, False: 0, None: None}
    return {
        "article_id": group.article_id,
        "citation": citation(record),
        **{name: getattr(record, name) for name in plain},
        **{name: _json(list(getattr(record, name))) for name in lists},
        "open_access": flag[record.open_access],
        "authors_complete": flag[record.authors_complete],
        "metrics": _json({name: _number(value) for name, value in group.base.record.metrics}),
        "design": design.design,
        "design_secondary": _json(list(design.secondary)),
        "evidence_level": design.level,
        "tes_series": int(design.tes_series),
        "n_patients": design.n_patients,
        "follow_up": design.follow_up,
        "data_period": design.data_period,
        "spinal_tumour": int(is_of_field(group.base)),
        "retracted": int(retracted),
        "digest": int(group.base.record.digest),
        "record_id": record_id(group.base.record),
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
    database: sqlite_utils.Database, groups: Sequence[Group], retracted: set[str]
) -> None:
    """Store articles with their text, people, claims and measurements."""
    by_identifier = {
        key: group.article_id
        for group in groups
        for key in (f"pmid:{group.record.pmid}", f"doi:{(group.record.doi or '').lower()}")
        if not key.endswith((":None", ":"))
    }
    _insert(
        database, "articles", (_article(group, group.article_id in retracted) for group in groups)
    )
    tables: Mapping[str, Any] = {
        "authors": _authors,
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
    for table, rows in tables.items():
        _insert(database, table, (row for group in groups for row in rows(group)))
    _insert(
        database,
        "article_links",
        (
            {
                "article_id": group.article_id,
                "relation": link.relation,
                "raw": link.raw,
                "pmid": link.pmid,
                "doi": link.doi,
                "target_article_id": by_identifier.get(f"pmid:{link.pmid}")
                or by_identifier.get(f"doi:{(link.doi or '').lower()}"),
            }
            for group in groups
            for link in group.record.links
        ),
    )


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


def _documents(group: Group) -> Iterator[Row]:
    text = group.base.record.text
    yield {
        "article_id": group.article_id,
        "text": text,
        "sha256": sha256(text.encode()),
        "length": len(text),
    }


def _sections(group: Group) -> Iterator[Row]:
    for position, each in enumerate(group.base.document.sections):
        yield {
            "article_id": group.article_id,
            "position": position,
            "heading": each.heading,
            "path": _json(list(each.path)),
            "level": each.level,
            "role": each.role,
            "start": each.start,
            "end": each.end,
        }


def _passages(group: Group) -> Iterator[Row]:
    document = group.base.document
    for each in document.sentences:
        yield {
            "passage_id": f"{group.article_id}:{each.start}",
            "article_id": group.article_id,
            "section": each.section,
            "role": each.role,
            "start": each.start,
            "end": each.end,
            "text": display(document.text, each.start, each.end, document.record.markers),
        }


def _markers(group: Group) -> Iterator[Row]:
    for each in group.base.record.markers:
        yield {
            "article_id": group.article_id,
            "start": each.start,
            "end": each.end,
            "raw": each.raw,
            "role": each.role,
            "reference_numbers": _json(list(each.references)),
        }


def _references(group: Group) -> Iterator[Row]:
    for position, each in enumerate(group.base.record.references, start=1):
        yield {
            "article_id": group.article_id,
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


def store_records(
    database: sqlite_utils.Database,
    groups: Sequence[Group],
    failures: Iterable[Failure],
    replayed: Iterable[tuple[Record, str]] = (),
) -> None:
    """Store every input record with its outcome, and which record each merged field came from."""
    rows: dict[str, Row] = {}
    for group in groups:
        base = group.base.record
        _add(rows, base, "stored", group.article_id, "; ".join(group.flags) or None)
        for each in group.merged:
            _add(
                rows,
                each.record,
                "merged",
                group.article_id,
                f"same article as {base.source} {base.locator}",
            )
    for record, reason in replayed:
        _add(rows, record, "merged", None, reason)
    for failure in failures:
        _add(rows, failure, "rejected", None, failure.reason)
    _insert(database, "records", rows.values())
    _insert(
        database,
        "field_sources",
        (
            {"article_id": group.article_id, "field": field, "record_id": record_id(each.record)}
            for group in groups
            if group.merged
            for field, each in group.field_sources.items()
        ),
    )


def _add(
    rows: dict[str, Row],
    record: Record | Failure,
    outcome: str,
    article: str | None,
    reason: str | None,
) -> None:
    key = record_id(record)
    while key in rows:
        # The same bytes given twice in one place are still two input records.
        key += "+"
    rows[key] = {
        "record_id": key,
        "source": record.source,
        "locator": record.locator,
        "format": record.format,
        "outcome": outcome,
        "article_id": article,
        "reason": reason,
        "sha256": record.sha256 if isinstance(record, Record) else None,
    }


def index_text(database: sqlite_utils.Database) -> None:
    """Make the full-text tables: articles_fts, claims_fts and passages_fts."""
    for table, columns in (
        ("articles", ["title", "citation", "keywords", "mesh"]),
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
