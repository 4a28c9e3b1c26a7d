"""The search and its peers, each as one function from a query to its ten best documents.

Peers are SQLite's FTS5, bm25s and tantivy, each with its own English stemmer and stop words, as
their documentation shows them (`pip install -e '.[bench]'`). Ours goes through the database, the
index and `kb.search.search`, as a user's question does.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from judged import Rank, Rows

from kb.fulltext import rank_by_fts
from kb.querying import parse
from kb.search import search


def ours(path: Path, semantic: bool = False) -> Rank:
    """Return our search as a user's question goes through it."""
    connection = sqlite3.connect(path)
    return lambda text: [
        hit.id
        for hit in search(connection, text, unit="articles", limit=10, semantic=semantic).hits
    ]


def fallback(path: Path) -> Rank:
    """Return what answers while there is no index."""
    connection = sqlite3.connect(path)
    return lambda text: [
        name
        for name, _ in rank_by_fts(
            connection, parse(text, {}, "articles"), "articles", lambda _: []
        )[:10]
    ]


def fts5(rows: Rows, path: Path) -> Rank:
    """Return SQLite's FTS5 with its Porter stemmer over title and text, ranked OR, bm25."""
    connection = sqlite3.connect(path)
    connection.execute(
        "create virtual table t using fts5(title, body, tokenize='porter unicode61')"
    )
    connection.executemany(
        "insert into t values (?, ?)", ((title, text) for _, title, text in rows)
    )
    connection.commit()

    def rank(text: str) -> list[str]:
        words = re.findall(r"\w+", text)
        match = " OR ".join(f'"{each}"' for each in words)
        sql = "select rowid from t where t match ? order by bm25(t) limit 10"
        return [rows[each[0] - 1][0] for each in connection.execute(sql, [match])]

    return rank


def bm25s(rows: Rows) -> Rank:
    """Return bm25s as its documentation shows it: Snowball stemmer, English stop words."""
    import bm25s as library  # noqa: PLC0415 - a peer that may be absent
    import Stemmer  # noqa: PLC0415

    stemmer = Stemmer.Stemmer("english")
    texts = [f"{title} {text}" for _, title, text in rows]
    tokens = library.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)
    made = library.BM25()
    made.index(tokens, show_progress=False)

    def rank(text: str) -> list[str]:
        asked = library.tokenize([text], stopwords="en", stemmer=stemmer, show_progress=False)
        found, _ = made.retrieve(asked, k=10, show_progress=False)
        return [rows[at][0] for at in found[0]]

    return rank


def tantivy(rows: Rows, folder: Path) -> Rank:
    """Return tantivy with its English stemmer over title and text."""
    import tantivy as library  # noqa: PLC0415 - a peer that may be absent

    builder = library.SchemaBuilder()
    builder.add_text_field("name", stored=True, tokenizer_name="raw")
    for field in ("title", "body"):
        builder.add_text_field(field, tokenizer_name="en_stem")
    folder.mkdir()
    index = library.Index(builder.build(), path=str(folder))
    writer = index.writer(heap_size=128_000_000, num_threads=2)
    for name, title, text in rows:
        writer.add_document(library.Document(name=[name], title=[title], body=[text]))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def rank(text: str) -> list[str]:
        query = index.parse_query(" ".join(re.findall(r"\w+", text.lower())), ["title", "body"])
        return [searcher.doc(at)["name"][0] for _, at in searcher.search(query, 10).hits]

    return rank


def peers(rows: Rows, folder: Path) -> dict[str, Rank]:
    """Return the peers that are installed, each with the documents indexed."""
    found: dict[str, Rank] = {}
    makers: list[tuple[str, Callable[[], Rank]]] = [
        ("FTS5", lambda: fts5(rows, folder / "fts.db")),
        ("bm25s", lambda: bm25s(rows)),
        ("tantivy", lambda: tantivy(rows, folder / "tantivy")),
    ]
    for name, make in makers:
        try:
            begun = time.perf_counter()
            found[name] = make()
            print(f"  {name} indexed in {time.perf_counter() - begun:.1f} s")
        except ImportError:
            print(f"{name} is not installed; it is left out")
    return found
