"""Check a built knowledge base: integrity, every quote, every count."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator


class VerificationError(RuntimeError):
    """A database that must not be published; every fault found is listed."""


def faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what is wrong with the database, one line each."""
    for (line,) in connection.execute("pragma integrity_check"):
        if line != "ok":
            yield f"integrity_check: {line}; ok was expected"
    for row in connection.execute("pragma foreign_key_check"):
        yield f"{row[0]} row {row[1]}: points at no {row[2]}; an existing row was expected"
    for table in ("articles_fts", "documents_fts", "claims_fts", "passages_fts"):
        try:
            connection.execute(f"insert into [{table}]([{table}]) values ('integrity-check')")
        except sqlite3.DatabaseError as error:
            yield f"{table}: {error}; an index in step with its table was expected"
    yield from _quotes(connection)
    for source, locator in connection.execute(
        "select source, locator from records where outcome = 'stored' and article_id is null"
    ):
        yield f"{source} {locator}: stored without an article; one was expected"


def _quotes(connection: sqlite3.Connection) -> Iterator[str]:
    texts = dict(connection.execute("select article_id, text from documents"))
    for claim, article, quote, start, end, focus, first, last in connection.execute(
        'select claim_id, article_id, quote, start, "end", focus, focus_start, focus_end from claims'
    ):
        text = texts.get(article, "")
        if text[start:end] != quote:
            yield f"claim {claim}: its quote is not text[{start}:{end}] of {article}; the verbatim slice was expected"
        if focus is not None and text[first:last] != focus:
            yield f"claim {claim}: its focus is not text[{first}:{last}] of {article}; the verbatim slice was expected"


def verify(connection: sqlite3.Connection, records: int) -> None:
    """Raise ``VerificationError`` unless the database is sound and holds every input record."""
    found = list(faults(connection))
    (held,) = connection.execute("select count(*) from records").fetchone()
    if held != records:
        found.append(
            f"records: {held} held of {records} read; input = stored + merged + rejected was expected"
        )
    if found:
        raise VerificationError("\n".join(found))
