"""Connect to a database's file to read it, whatever its name is, and read it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any


def connect(database: Path) -> sqlite3.Connection:
    """Return a read-only connection; raise ``sqlite3.Error`` where there is no such file."""
    # A name may have ?, # and %, which mean something in an address.
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)


def rows_of(connection: sqlite3.Connection, sql: str, *values: Any) -> list[dict[str, Any]]:
    """Return what a query finds, each row by the names of its columns."""
    cursor = connection.execute(sql, values)
    names = [each[0] for each in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def generation_seen(connection: sqlite3.Connection) -> str | None:
    """Return the generation of the database that a connection is to, None where it states none."""
    row = connection.execute("select value from meta where key = 'generation'").fetchone()
    return str(row[0]) if row else None
