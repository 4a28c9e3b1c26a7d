"""Keep what the pipeline made of each source, so that a build works only what changed.

The home of msgspec: batches are stored as JSON, never pickled, keyed by the source's bytes and by
a hash of the pipeline's own code, vocabulary, cues and patterns.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec
import sqlite_utils

import ingest
from ingest.model import Batch, Source


@cache
def pipeline_version() -> str:
    """Return a hash of every file that decides what the pipeline makes of a source."""
    folder = Path(ingest.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(
        each for each in folder.rglob("*") if each.suffix in {".py", ".yml", ".json"}
    ):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def source_key(source: Source) -> str:
    """Return the key of a source's batch: its name, its bytes and the pipeline's version."""
    data = source.data if source.data is not None else Path(source.path or source.name).read_bytes()
    return hashlib.sha256(f"{pipeline_version()}|{source.name}|".encode() + data).hexdigest()


class Cache:
    """A table of batches by source key; a damaged one is begun anew."""

    def __init__(self, path: Path) -> None:
        """Open the cache at ``path``, or begin it."""
        self._database = _opened(path)
        self._used: set[str] = set()

    def get(self, key: str) -> Batch | None:
        """Return the batch stored for a key, None where there is none."""
        row = self._database.execute("select batch from batches where key = ?", [key]).fetchone()
        if row is None:
            return None
        try:
            batch = msgspec.json.decode(row[0], type=Batch)
        except msgspec.MsgspecError:
            return None
        self._used.add(key)
        return batch

    def put(self, key: str, batch: Batch) -> None:
        """Store a batch under a key."""
        self._used.add(key)
        self._database.execute(
            "insert or replace into batches values (?, ?)", [key, msgspec.json.encode(batch)]
        )

    def close(self) -> None:
        """Drop what this build did not use, and close."""
        for (key,) in self._database.execute("select key from batches").fetchall():
            if key not in self._used:
                self._database.execute("delete from batches where key = ?", [key])
        self._database.conn.commit()
        self._database.conn.close()


def _opened(path: Path) -> sqlite_utils.Database:
    database = sqlite_utils.Database(path)
    try:
        database.execute(
            "create table if not exists batches (key text primary key, batch blob not null)"
        )
        database.execute("select count(*) from batches").fetchone()
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache, it is made anew
        database.conn.close()
        path.unlink()
        database = sqlite_utils.Database(path)
        database.execute("create table batches (key text primary key, batch blob not null)")
    return database
