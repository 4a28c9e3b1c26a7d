"""Store, index, search, cite and publish the claims of the evidence base."""

from __future__ import annotations

import sqlite3
from pathlib import Path

DISCLAIMER = "An evidence browser, not a medical device: it supports reading of evidence and does not replace judgement."


def open(path: str | Path = "kb.db") -> sqlite3.Connection:
    """Return a read-only connection to a built database; raise ``FileNotFoundError`` without one.

    Rows can be read by name, and SQL has ``kb_search``, ``kb_cite`` and ``kb_highlight``.
    """
    from kb.opening import open_database  # noqa: PLC0415 - a name of the package costs no import

    return open_database(Path(path))
