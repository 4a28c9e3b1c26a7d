"""Give SQL the functions of the knowledge base: search, citation and highlight, on any connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from kb.cite import CitationError, cite
from kb.highlighting import find_spans, mark
from kb.hits import UNITS
from kb.querying import parse
from kb.search import ask, synonyms

# More than any page shows; a join over more is a query of its own.
_MOST = 10_000


def register(connection: sqlite3.Connection) -> None:
    """Add ``kb_search``, ``kb_cite`` and ``kb_highlight`` to a connection.

    - ``kb_search(q [, unit [, limit]])``: ids of claims (or articles, passages), best first, as JSON:
      ``select claims.* from json_each(kb_search('blood loss', 'claims', 20)) as found
      join claims on claims.claim_id = found.value order by found.key``
    - ``kb_cite(id [, style])``: the citation of a claim, article or rule; null where there is none
    - ``kb_highlight(text, q [, before, after])``: the text with what ``q`` asks for marked

    Python's sqlite3 knows no table-valued functions: ``json_each`` makes rows of the list.
    """

    def kb_search(q: str | None, unit: str = "claims", limit: int = 100) -> str | None:
        if q is None:
            return None
        if unit not in UNITS:
            raise ValueError(
                f"kb_search: {unit!r} is no unit; one of {', '.join(UNITS)} was expected"
            )
        depth = max(0, min(int(limit), _MOST))
        with _plain_rows(connection):
            try:
                _, ranked, _, _ = ask(connection, str(q), unit, depth=depth)
            except sqlite3.Error:
                # The connection is to something else than a knowledge base.
                return None
        return json.dumps([name for name, _ in ranked[:depth]])

    def kb_cite(identifier: str | None, style: str = "vancouver") -> str | None:
        with _plain_rows(connection):
            connection.row_factory = sqlite3.Row
            try:
                return cite(connection, str(identifier), style)
            except (CitationError, LookupError, sqlite3.Error):
                return None

    def kb_highlight(
        text: str | None, q: str | None, before: str = "<mark>", after: str = "</mark>"
    ) -> str | None:
        if text is None or q is None:
            return text
        with _plain_rows(connection):
            try:
                question = parse(str(q), synonyms(connection))
            except sqlite3.Error:
                question = parse(str(q), {})
        return mark(str(text), find_spans(str(text), question), before, after)

    for name, function, counts in (
        ("kb_search", kb_search, (1, 2, 3)),
        ("kb_cite", kb_cite, (1, 2)),
        ("kb_highlight", kb_highlight, (2, 4)),
    ):
        for count in counts:
            connection.create_function(name, count, function)


@contextmanager
def _plain_rows(connection: sqlite3.Connection) -> Iterator[None]:
    """Ask with plain tuples, whatever rows the connection's owner wants."""
    factory = connection.row_factory
    connection.row_factory = None
    try:
        yield
    finally:
        connection.row_factory = factory
