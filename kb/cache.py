"""Keep what the pipeline made of each source: a build works only what changed, and holds little.

The home of msgspec: extractions are stored as JSON, never pickled, keyed by the source's bytes and
by a hash of the pipeline's own code, vocabulary, cues and patterns. A build reads them back one by
one as it writes, so that its memory does not grow with the texts.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import msgspec
import sqlite_utils

import ingest
from ingest.model import Batch, Candidate, Extraction, Failure, Record, Source

_SCHEMA = """
create table if not exists sources (
  key text primary key, held integer
);
create table if not exists extractions (
  place integer primary key, key text not null, record blob not null, claims integer not null,
  extraction blob not null
);
create index if not exists extractions_key on extractions (key);
create table if not exists failures (key text not null, failure blob not null);
create index if not exists failures_key on failures (key);
"""


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
    """Return a source's key: its name, its bytes and the pipeline's version; raise ``OSError``."""
    if source.data is not None:
        content = hashlib.file_digest(BytesIO(source.data), "sha256")
    else:
        with Path(source.path or source.name).open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256")
    name = f"{pipeline_version()}|{source.name}|".encode()
    return hashlib.sha256(name + content.digest()).hexdigest()


class Cache:
    """Extractions and failures by source key; a damaged cache is begun anew."""

    def __init__(self, path: Path) -> None:
        """Open the cache at ``path``, or begin it."""
        self._database = _opened(path)
        self._used: set[str] = set()

    def holds(self, key: str) -> bool:
        """Tell whether a source is stored whole under a key; what is there in part is dropped."""
        found = self._database.execute("select held from sources where key = ?", [key]).fetchone()
        if found and found[0] == self._count(key):
            self._used.add(key)
            return True
        self._drop(key)
        return False

    def put(self, key: str, batch: Batch) -> None:
        """Store one part of a source's extractions and failures under its key."""
        self._used.add(key)
        self._database.execute("insert or ignore into sources values (?, null)", [key])
        for each in batch.extractions:
            slim = _slim(each.record)
            self._database.execute(
                "insert into extractions (key, record, claims, extraction) values (?, ?, ?, ?)",
                [
                    key,
                    msgspec.json.encode(slim),
                    len(each.claims),
                    msgspec.json.encode(_packed(each)),
                ],
            )
        for failure in batch.failures:
            self._database.execute(
                "insert into failures values (?, ?)", [key, msgspec.json.encode(failure)]
            )
        self._database.conn.commit()

    def complete(self, key: str) -> None:
        """Mark a source as stored whole."""
        self._database.execute(
            "insert or replace into sources values (?, ?)", [key, self._count(key)]
        )
        self._database.conn.commit()

    def candidates(self, key: str) -> Iterator[Candidate]:
        """Yield a source's records without their text, in order."""
        for place, record, claims in self._database.execute(
            "select place, record, claims from extractions where key = ? order by place", [key]
        ):
            yield Candidate(msgspec.json.decode(record, type=Record), claims, place)

    def failures(self, key: str) -> Iterator[Failure]:
        """Yield a source's failures, in order."""
        for (failure,) in self._database.execute(
            "select failure from failures where key = ? order by rowid", [key]
        ):
            yield msgspec.json.decode(failure, type=Failure)

    def load(self, candidate: Candidate) -> Extraction:
        """Return the whole extraction of a record."""
        (stored,) = self._database.execute(
            "select extraction from extractions where place = ?", [candidate.place]
        ).fetchone()
        return _unpacked(msgspec.json.decode(stored, type=Extraction))

    def forget_unused(self) -> None:
        """Drop what this build did not use."""
        for (key,) in self._database.execute("select key from sources").fetchall():
            if key not in self._used:
                self._drop(key)
        self._database.conn.commit()

    def close(self) -> None:
        """Close the file."""
        self._database.conn.close()

    def _count(self, key: str) -> int:
        """Return how many extractions and failures stand under a key."""
        counts = (
            self._database.execute(f"select count(*) from {table} where key = ?", [key]).fetchone()
            for table in ("extractions", "failures")
        )
        return sum(count for (count,) in counts)

    def _drop(self, key: str) -> None:
        for table in ("extractions", "failures", "sources"):
            self._database.execute(f"delete from {table} where key = ?", [key])


def _slim(record: Record) -> Record:
    return replace(record, text="", sections=(), markers=(), references=())


def _packed(extraction: Extraction) -> Extraction:
    """Return the extraction with its record and text once only: the document repeats both."""
    document = replace(extraction.document, record=_slim(extraction.record), text="")
    return replace(extraction, document=document)


def _unpacked(extraction: Extraction) -> Extraction:
    document, record = extraction.document, extraction.record
    return replace(extraction, document=replace(document, record=record, text=record.text))


def _opened(path: Path) -> sqlite_utils.Database:
    database = sqlite_utils.Database(path)
    try:
        database.conn.executescript(_SCHEMA)
        if database.execute("pragma quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError(f"{path}: damaged; a sound cache was expected")
        if database.execute("select 1 from sqlite_master where name = 'batches'").fetchone():
            raise sqlite3.DatabaseError(f"{path}: of an older release; this one's was expected")
    except sqlite3.DatabaseError:
        # Whatever is wrong with a cache, it is made anew.
        database.conn.close()
        path.unlink()
        database = sqlite_utils.Database(path)
        database.conn.executescript(_SCHEMA)
    return database
