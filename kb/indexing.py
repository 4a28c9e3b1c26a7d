"""Read from the database what the index holds, and write one share of it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.connection import connect
from kb.postings import Entry, Shard, write_shard
from kb.words import key, words

# Fields with their weight and length norm b. Weight 0: searched only where the field is named.
FIELDS: dict[str, dict[str, tuple[float, float]]] = {
    "articles": {
        "title": (1.5, 0.6),
        "body": (1.0, 0.75),
        "mesh": (0.5, 0.75),
        "authors": (0.5, 0.75),
        "journal": (0.0, 0.75),
    },
    # The statement's own words count besides the sentence that carries it.
    "claims": {"said": (1.0, 0.75), "sentence": (1.0, 0.75), "title": (0.5, 0.75)},
}
_ARTICLES = """
select articles.article_id, articles.title, articles.mesh, articles.keywords, articles.journal,
  articles.journal_abbrev, (select group_concat(name, ' ; ') from authors
    where authors.article_id = articles.article_id) as authors
from articles where articles.rowid % :parts = :part order by articles.rowid"""
_PASSAGES = "select start, text from passages where article_id = ? order by start"
_CLAIMS = """
select claims.claim_id, claims.focus, claims.display, articles.title
from claims join articles using (article_id)
where claims.rowid % :parts = :part order by claims.rowid"""
_STAMPS = """
select articles.article_id, sha256, title, mesh, keywords, journal, journal_abbrev,
  (select group_concat(name, ' ; ') from authors where authors.article_id = articles.article_id)
from articles left join documents using (article_id)"""


@dataclass(frozen=True, slots=True)
class Share:
    """What one process has to index: one part of ``parts`` of a unit, or only some keys of it."""

    folder: str
    database: str
    unit: str
    part: int
    parts: int
    only: list[str] | None


def _stamp(row: Iterable[Any], more: str = "") -> str:
    joined = "\x1f".join("" if each is None else str(each) for each in row) + more
    return hashlib.blake2b(joined.encode(errors="replace"), digest_size=8).hexdigest()


def contents(connection: sqlite3.Connection) -> dict[str, dict[str, str]]:
    """Return for every article and claim a hash of what the index holds of it."""
    # How a text is cut into passages is the pipeline's choice.
    row = connection.execute("select value from meta where key = 'pipeline'").fetchone()
    pipeline = str(row[0]) if row else ""
    every = {"part": 0, "parts": 1}
    return {
        "articles": {row[0]: _stamp(row, pipeline) for row in connection.execute(_STAMPS)},
        "claims": {row[0]: _stamp(row) for row in connection.execute(_CLAIMS, every)},
    }


def _names(raw: str | None) -> str:
    """Return a JSON list of names as text; qualifiers after a slash are words too."""
    try:
        found = json.loads(raw or "[]")
    except ValueError:
        return raw or ""
    return " ; ".join(str(each) for each in found)


def _articles(connection: sqlite3.Connection, share: Share) -> Iterator[Entry]:
    only = None if share.only is None else set(share.only)
    for row in connection.execute(_ARTICLES, {"part": share.part, "parts": share.parts}):
        if only is not None and row[0] not in only:
            continue
        body: list[str] = []
        places = array("I")
        for start, text in connection.execute(_PASSAGES, [row[0]]):
            places.extend((len(body), start))
            body += words(text)
        yield Entry(
            row[0],
            {
                "title": words(row[1] or ""),
                "body": body,
                "mesh": words(f"{_names(row[2])} ; {_names(row[3])}"),
                "authors": words(row[6] or ""),
                "journal": words(f"{row[4] or ''} ; {row[5] or ''}"),
            },
            places.tobytes(),
        )


def _claims(connection: sqlite3.Connection, share: Share) -> Iterator[Entry]:
    only = None if share.only is None else set(share.only)
    for row in connection.execute(_CLAIMS, {"part": share.part, "parts": share.parts}):
        if only is None or row[0] in only:
            said, sentence, title = row[1] or row[2], row[2], row[3] or ""
            fields = {"said": words(said), "sentence": words(sentence), "title": words(title)}
            yield Entry(row[0], fields)


def write_share(share: Share) -> int:
    """Index a share and write which forms each word has; return the number of entries."""
    connection = connect(Path(share.database))
    try:
        entries = {"articles": _articles, "claims": _claims}[share.unit](connection, share)
        count = write_shard(Path(share.folder), list(FIELDS[share.unit]), entries)
    finally:
        connection.close()
    write_forms(Path(share.folder), list(FIELDS[share.unit]))
    return count


def write_forms(folder: Path, fields: Sequence[str]) -> None:
    """Write the words of a shard by what they have in common.

    Each with the greatest number of entries that hold it in one field, and the fields as bits.
    """
    counts: dict[str, list[int]] = {}
    shard = Shard(folder)
    for at, field in enumerate(fields):
        for word, count in shard.terms(field):
            held = counts.setdefault(word, [0, 0])
            held[0] = max(count, held[0])
            held[1] |= 1 << at
    shard.close()
    forms: dict[str, list[tuple[str, int, int]]] = {}
    for word, (count, bits) in counts.items():
        forms.setdefault(key(word), []).append((word, count, bits))
    (folder / "forms.json").write_text(json.dumps(forms, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    write_share(Share(**json.loads(sys.argv[1])))
