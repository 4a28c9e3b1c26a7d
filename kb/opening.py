"""Open a built database to be read, with the functions that SQL may call."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from kb.connection import connect
from kb.functions import register


def open_database(path: Path) -> sqlite3.Connection:
    """Return a read-only connection to a built database, with SQL's functions; raise ``FileNotFoundError``."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such database; run kb build first")
    connection = connect(path)
    connection.row_factory = sqlite3.Row
    register(connection)
    return connection
