"""Keep vectors of what articles and claims mean, and find the nearest: the home of sqlite-vec and apsw.

Many a Python's own SQLite loads no extensions; apsw's does.

They are a cache as the index is: a SQLite file in the user's own folder, tied to the database's
generation, never published. ``embed_database`` makes them, on demand only; what did not change is
kept. The database is searched by words alone wherever they are missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kb.connection import connect, generation_seen
from kb.embedding import DIMENSIONS, MODEL, SemanticError, open_model
from kb.index import cache_folder, is_ours, only_one

if TYPE_CHECKING:
    import apsw

UNITS = ("articles", "claims")
# Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009, doi:10.1145/1571941.1572114): its constant.
_FUSION = 60
# How many of the nearest are fused: bench/search.py measures with this.
NEAREST = 100
_STEP = 256
# Milliseconds to wait for another process that writes.
_PATIENCE = 30_000
_SCHEMA = f"""
create table if not exists meta (key text primary key, value text) strict;
create table if not exists entries (
  place integer primary key, unit text not null, id text not null, stamp text not null,
  unique (unit, id)) strict;
create virtual table if not exists vectors using vec0(
  unit text partition key, embedding float[{DIMENSIONS}] distance_metric=cosine);
"""
_TEXTS = {
    # The model reads some 200 words: of a long article, its beginning.
    "articles": """select article_id, coalesce(title, '') || '. ' || coalesce((select group_concat(text, ' ')
      from (select text from passages where passages.article_id = articles.article_id
        order by start limit 20)), '') from articles""",
    "claims": "select claim_id, display from claims",
}
_NEAREST = """
select id from (select rowid as place, distance from vectors
  where embedding match ? and k = ? and unit = ?) join entries using (place)
order by distance, id"""


class _DamagedError(SemanticError):
    """The file of vectors cannot be read."""


def vectors_file(database: Path) -> Path:
    """Return where the vectors of a database are kept."""
    return cache_folder(database, "vectors") / "vectors.db"


@contextmanager
def _opened(path: Path) -> Iterator[apsw.Connection]:
    try:
        import apsw  # noqa: PLC0415 - an extra
        import sqlite_vec  # noqa: PLC0415
    except ImportError as error:
        raise SemanticError(
            f"semantic search: {error}; pip install 'spinal-tumour-evidence[semantic]' was expected"
        ) from None
    try:
        with closing(apsw.Connection(str(path))) as connection:
            connection.set_busy_timeout(_PATIENCE)
            connection.enable_load_extension(True)
            connection.load_extension(sqlite_vec.loadable_path())
            connection.enable_load_extension(False)
            yield connection
    except apsw.Error as error:
        # Whatever is wrong with a cache: it can be made anew.
        raise _DamagedError(f"{path}: {error}; a file that kb embed made was expected") from None


def embed_database(database: Path, tell: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Make the vectors of a database's present generation and return how many were made anew.

    ``tell`` is given how many are done, of how many. What is done is kept if it is interrupted.
    """
    path, model = vectors_file(database), open_model()
    with only_one(path.parent):
        try:
            return _embedded(path, database, model.embed, tell)
        except _DamagedError:
            path.unlink(missing_ok=True)
            return _embedded(path, database, model.embed, tell)


def _stamp(text: str) -> str:
    return hashlib.blake2b(f"{MODEL}\x1f{text}".encode(errors="replace"), digest_size=8).hexdigest()


def _embedded(
    path: Path,
    database: Path,
    embed: Callable[[Sequence[str]], Iterator[bytes]],
    tell: Callable[[int, int], None],
) -> int:
    with closing(connect(database)) as source:
        wanted = {(unit, row[0]): row[1] for unit in UNITS for row in source.execute(_TEXTS[unit])}
        # Of the same connection: the file may be replaced meanwhile.
        generation = generation_seen(source)
    with _opened(path) as connection:
        connection.execute(_SCHEMA)
        held = {
            (row[0], row[1]): row[2]
            for row in connection.execute("select unit, id, stamp from entries")
        }
        gone = [each for each in held if each not in wanted]
        todo = [each for each, text in wanted.items() if held.get(each) != _stamp(text)]
        with connection:
            _forget(connection, gone)
        for first in range(0, len(todo), _STEP):
            part = todo[first : first + _STEP]
            made = embed([wanted[each] for each in part])
            with connection:
                _forget(connection, part)
                for each, vector in zip(part, made, strict=True):
                    _keep(connection, each, _stamp(wanted[each]), vector)
            tell(min(first + _STEP, len(todo)), len(todo))
        with connection:
            connection.executemany(
                "insert or replace into meta values (?, ?)",
                [("generation", generation), ("database", str(database.resolve()))],
            )
    return len(todo)


def _forget(connection: apsw.Connection, entries: Sequence[tuple[str, str]]) -> None:
    for unit, name in entries:
        row = connection.execute(
            "delete from entries where unit = ? and id = ? returning place", [unit, name]
        ).fetchone()
        if row:
            connection.execute("delete from vectors where rowid = ?", [row[0]])


def _keep(connection: apsw.Connection, entry: tuple[str, str], stamp: str, vector: bytes) -> None:
    connection.execute("insert into entries (unit, id, stamp) values (?, ?, ?)", [*entry, stamp])
    connection.execute(
        "insert into vectors (rowid, unit, embedding) values (?, ?, ?)",
        [connection.last_insert_rowid(), entry[0], vector],
    )


def nearest(database: Path, generation: str | None, unit: str, text: str) -> list[str]:
    """Return the ids of what means most nearly the same, nearest first.

    Raises ``SemanticError`` where there are no vectors of this generation, or no model.
    """
    path = vectors_file(database)
    lacking = SemanticError("no vectors of this database yet: kb embed makes them")
    if unit not in UNITS:
        raise SemanticError(f"{unit} are searched by words; {' or '.join(UNITS)} were expected")
    if not path.is_file() or not is_ours(path):
        raise lacking
    (asked,) = open_model().embed([text])
    with _opened(path) as connection:
        facts = connection.execute("select key, value from meta")
        if {row[0]: row[1] for row in facts} != {
            "generation": generation,
            "database": str(database.resolve()),
        }:
            raise lacking
        return [row[0] for row in connection.execute(_NEAREST, [asked, NEAREST, unit])]


def fuse(rankings: Sequence[Sequence[str]]) -> list[tuple[str, float]]:
    """Return ids by their ranks in some rankings, with scores: reciprocal rank fusion, best first.

    Of ids with one score, that which stands higher in the first ranking comes first, by a hair.
    """
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, name in enumerate(ranking, 1):
            scores[name] = scores.get(name, 0.0) + 1 / (_FUSION + rank)
    places = {name: place for place, name in enumerate(scores)}
    best = sorted(scores, key=lambda name: (-round(scores[name], 9), places[name]))
    return [(name, scores[name] - place * 1e-12) for place, name in enumerate(best)]
