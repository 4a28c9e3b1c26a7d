"""Keep a ranked full-text index of the claims: the home of Whoosh.

The index is a cache made by this machine from one database: Whoosh unpickles what it opens, so an
index is kept in the user's own cache folder, named after the database and its generation, and
never opened from elsewhere. A missing, stale or damaged one is made anew.
"""

from __future__ import annotations

import hashlib
import math
import os
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path
from whoosh import index as whoosh_index
from whoosh.analysis import LowercaseFilter, RegexTokenizer, StemFilter
from whoosh.fields import ID, TEXT, Schema
from whoosh.query import DisjunctionMax, Or, Phrase, Prefix, Query, Term
from whoosh.scoring import BaseScorer, WeightingModel

# Layout of the index: a change makes every index stale.
_LAYOUT = "1"
# Okapi BM25's usual constants (Robertson and Zaragoza 2009, doi:10.1561/1500000019).
_K1, _B = 1.2, 0.75
# How much the share of a question's words that a claim has weighs against their rarity.
_COORDINATION = 0.8
_FIELD = "text"


class _Scorer(BaseScorer):  # type: ignore[misc]
    """Score one term by Okapi BM25 with the length of its own field."""

    def __init__(self, searcher: Any, field: str, term: bytes) -> None:
        parent = searcher.get_parent()
        documents, holding = parent.doc_count_all(), parent.doc_frequency(field, term)
        self._rarity = math.log(1 + (documents - holding + 0.5) / (holding + 0.5))
        self._average = max(1.0, parent.avg_field_length(field))
        self._length = searcher.doc_field_length
        self._field = field

    def supports_block_quality(self) -> bool:
        """Tell Whoosh that blocks cannot be skipped by quality."""
        return False

    def score(self, matcher: Any) -> float:
        """Return the BM25 score of the matcher's current document."""
        length = self._length(matcher.id(), self._field, 1)
        frequency = matcher.weight()
        return float(
            self._rarity
            * frequency
            * (_K1 + 1)
            / (frequency + _K1 * (1 - _B + _B * length / self._average))
        )


class Okapi(WeightingModel):  # type: ignore[misc]
    """Weigh terms by canonical BM25; the library's own formula differs from it."""

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> _Scorer:
        """Return the scorer of one term."""
        return _Scorer(searcher, fieldname, text)


def _schema() -> Schema:
    analyzer = RegexTokenizer(r"[\w]+") | LowercaseFilter() | StemFilter()
    return Schema(claim_id=ID(stored=True), **{_FIELD: TEXT(analyzer=analyzer, phrase=True)})


def _generation(database: Path) -> str:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        row = connection.execute("select value from meta where key = 'generation'").fetchone()
    finally:
        connection.close()
    return str(row[0]) if row else "none"


def index_folder(database: Path) -> Path:
    """Return where the index of a database's present generation is kept."""
    path = str(database.resolve())
    key = hashlib.sha256(path.encode()).hexdigest()[:16]
    base = Path(os.environ.get("KB_CACHE") or user_cache_path("spinal-tumour-evidence"))
    return base / "whoosh" / key / f"{_generation(database)}-{_LAYOUT}"


def build_index(database: Path) -> Path:
    """Make the index of a database's claims anew, beside the old one, and return its folder.

    Readers of an older generation keep theirs until they are done; it is then removed.
    """
    folder = index_folder(database)
    beside = folder.with_name(f"{folder.name}.building-{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True, mode=0o700)
    made = whoosh_index.create_in(str(beside), _schema())
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    writer = made.writer(limitmb=128)
    for claim, display, focus, title in connection.execute(
        "select claim_id, display, focus, title from claims join articles using (article_id) order by claim_id"
    ):
        # The statement's own words count twice, its sentence once.
        writer.add_document(
            claim_id=claim, **{_FIELD: f"{focus or display} . {display} . {title or ''}"}
        )
    writer.commit(optimize=True)
    connection.close()
    made.close()
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(beside, folder)
    for old in folder.parent.iterdir():
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    return folder


def _ours(folder: Path) -> bool:
    """Tell whether a folder was made by this user: nothing else is ever unpickled."""
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def open_index(database: Path) -> Any | None:
    """Return the index of the database's present generation; None where there is no sound one."""
    folder = index_folder(database)
    if not folder.is_dir() or not _ours(folder):
        return None
    try:
        return whoosh_index.open_dir(str(folder))
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache, the search goes on without it
        return None


def _query(words: str, made: Any) -> Query | None:
    analyzer = made.schema[_FIELD].analyzer
    tokens = [token.text for token in analyzer(words.rstrip("*"))]
    if not tokens:
        return None
    if words.endswith("*"):
        return Prefix(_FIELD, tokens[-1])
    return Term(_FIELD, tokens[0]) if len(tokens) == 1 else Phrase(_FIELD, tokens)


def rank(made: Any, groups: Sequence[Sequence[str]], limit: int) -> list[tuple[str, float]]:
    """Return claim ids with their scores, best first.

    Each group holds the ways to write one word of the question; the best of them counts once, and
    claims that answer more of the groups come first.
    """
    parts = []
    for group in groups:
        ways = [query for words in group if (query := _query(words, made)) is not None]
        if ways:
            parts.append(ways[0] if len(ways) == 1 else DisjunctionMax(ways))
    if not parts:
        return []
    with made.searcher(weighting=Okapi()) as searcher:
        results = searcher.search(Or(parts, scale=_COORDINATION), limit=limit)
        return [(hit["claim_id"], float(hit.score)) for hit in results]
