"""Cite claims, articles, rules and recommendations with what is known, nothing invented."""

from __future__ import annotations

import sqlite3

from kb.holdings import load_works
from kb.styles import DEFAULT, find_style
from kb.works import CitationError

__all__ = ["CitationError", "cite"]


def cite(
    connection: sqlite3.Connection, identifier: str, style: str = DEFAULT, home: str = ""
) -> str:
    """Return the citation of what an id or address names, in a style; raise ``CitationError``.

    A claim is cited by its article, with its quote and where it is read. A recommendation, named
    ``recommend?`` with its inputs as a query, is the numbered list of its rules and their claims.
    ``home`` is the address that the site is served at; without it addresses begin with its paths.
    """
    chosen = find_style(style)
    return chosen.render(load_works(connection, identifier), home.rstrip("/"))
