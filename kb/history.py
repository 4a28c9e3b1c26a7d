"""Keep the history of a knowledge base: what each build changed in the file that it replaced."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingest.text import sha256
from kb.changes import Changes, compare
from kb.content import ContentError

# Updates that are kept, and rows of older ones: a feed is read within weeks.
UPDATES = 20
ROWS = 50_000
_UPDATE = (
    "number",
    "generation",
    "built_at",
    "previous_generation",
    "previous_built_at",
    "lineage",
    "same_pipeline",
)
_CHANGE = (
    "change_id",
    "number",
    "position",
    "subject",
    "change",
    "article_id",
    "claim_id",
    "rule_id",
    "previous_id",
    "stance",
    "counted",
    "previous_stance",
    "previously_counted",
    "words",
    "fields",
)
Row = dict[str, Any]


def keep_history(connection: sqlite3.Connection, replaced: Path) -> Changes | None:
    """Store what the database changes in the file it replaces, after that file's own history.

    Return the changes, None where there is no such file or it cannot be compared: it was made by
    another version of the program, or is damaged, and the history then begins anew.
    """
    if not replaced.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{replaced.as_uri()}?mode=ro", uri=True)) as old:
            changes = compare(old, connection)
            updates, held = _history(old)
    except (sqlite3.Error, ContentError):
        return None
    if changes:
        update = _update(changes, updates)
        updates.append(update)
        held += _changes(changes, update)
    _store(connection, "updates", _UPDATE, updates)
    _store(connection, "changes", _CHANGE, held)
    return changes


def _history(old: sqlite3.Connection) -> tuple[list[Row], list[Row]]:
    """Return the newest updates of the replaced file with their changes; none where it has none."""
    try:
        updates = _read(old, "updates", _UPDATE, f"order by number desc limit {UPDATES - 1}")
        kept: list[tuple[Row, list[Row]]] = []
        room = ROWS
        for each in updates:
            rows = _read(
                old, "changes", _CHANGE, f"where number = {each['number']:d} order by position"
            )
            room -= len(rows)
            if kept and room < 0:
                break
            kept.append((each, rows))
    except sqlite3.OperationalError:
        return [], []
    kept.reverse()
    return [each for each, _ in kept], [row for _, rows in kept for row in rows]


def _read(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], rest: str
) -> list[Row]:
    found = connection.execute(f"select {', '.join(columns)} from {table} {rest}")
    return [dict(zip(columns, row, strict=True)) for row in found]


def _store(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: list[Row]
) -> None:
    marks = ", ".join(f":{each}" for each in columns)
    connection.executemany(
        f"insert into {table} ({', '.join(columns)}) values ({marks})",
        [{**dict.fromkeys(columns), **row} for row in rows],
    )


def _update(changes: Changes, earlier: list[Row]) -> Row:
    return {
        "number": earlier[-1]["number"] + 1 if earlier else 1,
        "generation": changes.new_generation,
        "built_at": changes.new_built_at,
        "previous_generation": changes.old_generation,
        "previous_built_at": changes.old_built_at,
        "lineage": earlier[-1]["lineage"] if earlier else changes.old_generation,
        "same_pipeline": int(changes.same_pipeline),
    }


def _changes(changes: Changes, update: Row) -> Iterator[Row]:
    for position, row in enumerate(_flat(changes), start=1):
        row.setdefault("fields", "[]")
        told = "|".join(
            str(each)
            for each in (
                update["generation"],
                update["built_at"],
                update["number"],
                *(row.get(name) for name in ("subject", "rule_id", "claim_id", "article_id")),
            )
        )
        yield {
            "change_id": "u" + sha256(told.encode())[:14],
            "number": update["number"],
            "position": position,
            **row,
        }


def _flat(changes: Changes) -> Iterator[Row]:
    for article in changes.articles:
        yield {
            "subject": "article",
            "change": article.change,
            "article_id": article.article_id,
            "previous_id": article.previous_id,
            "words": article.words,
            "fields": _json(article),
        }
    for rule in changes.rules:
        yield {
            "subject": "rule",
            "change": rule.change,
            "rule_id": rule.rule_id,
            "words": rule.words,
            "fields": _json(rule),
        }
        for each in rule.evidence:
            yield {
                "subject": "evidence",
                "rule_id": rule.rule_id,
                **asdict(each),
            }
    for claim in changes.claims:
        yield {
            "subject": "claim",
            "change": claim.change,
            "claim_id": claim.claim_id,
            "article_id": claim.article_id,
            "previous_id": claim.previous_id,
            "words": claim.words,
            "fields": _json(claim),
        }


def _json(change: Any) -> str:
    return json.dumps([asdict(each) for each in change.fields], ensure_ascii=False)
