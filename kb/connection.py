"""Connect to a database's file to read it, whatever its name is."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def connect(database: Path) -> sqlite3.Connection:
    """Return a read-only connection; raise ``sqlite3.Error`` where there is no such file."""
    # A name may have ?, # and %, which mean something in an address.
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
