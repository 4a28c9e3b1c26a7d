"""Measure the search against its peers in one run: ranking on judged queries, and speed.

    python bench/search.py quality [FOLDER]   # any set in BEIR form: corpus.jsonl, queries.jsonl, qrels/
    python bench/search.py parts [FOLDER]     # what each part of the ranking is worth
    python bench/search.py speed [SIZE]       # 30,000 abstracts made of the same corpus

Constants were chosen on queries whose number is even ("tuned"); those whose number is odd are
reported beside. Peers: SQLite's FTS5, bm25s and tantivy, each with its own English stemmer and stop
words, as their documentation shows them (`pip install -e '.[bench]'`). Ours goes through the
database, the index and `kb.search.search`, as a user's question does. No neural model anywhere.

The 30,000 abstracts repeat the corpus with a tenth of the words of every copy swapped for others of
the corpus, so that no two are alike and the vocabulary's proportions stay.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from kb import ranking, store
from kb.fulltext import rank_by_fts
from kb.highlighting import topical
from kb.index import build_index, index_folder, open_index
from kb.querying import parse
from kb.questions import Concept
from kb.search import search
from kb.words import key

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("EVIDENCE_SHARED", ROOT.parent / "shared"))
Rank = Callable[[str], list[str]]
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
SIZE, ADDED, QUERIES = 30_000, 100, 200


def corpus(folder: Path) -> list[tuple[str, str, str]]:
    """Return id, title and text of every document of a judged set."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [(str(each["_id"]), each.get("title") or "", each["text"]) for each in rows]


def judged(folder: Path) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """Return the queries that have judgements, and those."""
    qrels: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        qrels.setdefault(query, {})[document] = int(score)
    with (folder / "queries.jsonl").open(encoding="utf-8") as lines:
        queries = {str(each["_id"]): each["text"] for each in map(json.loads, lines)}
    return {name: text for name, text in queries.items() if name in qrels}, qrels


def database_of(rows: Sequence[tuple[str, str, str]], path: Path, generation: str) -> None:
    """Write a database that holds a corpus as articles with their passages."""
    database = store.create(path)
    connection = database.conn
    connection.execute("pragma foreign_keys = off")
    connection.executemany(
        """insert into articles (article_id, title, citation, content_level, design, record_id)
        values (?, ?, ?, 'abstract', 'other', 'none')""",
        ((name, title, title) for name, title, _ in rows),
    )
    connection.executemany(
        "insert into documents values (?, ?, ?, ?)",
        ((name, text, f"{len(text)}-{hash(text)}", len(text)) for name, _, text in rows),
    )
    connection.executemany(
        "insert into passages values (?, ?, 0, 'body', ?, ?, ?)", _passages(rows)
    )
    connection.execute(
        "insert into meta values ('generation', ?), ('pipeline', 'bench')", [generation]
    )
    store.index_text(database)
    connection.commit()
    connection.close()


def _passages(rows: Sequence[tuple[str, str, str]]) -> Iterator[tuple[Any, ...]]:
    for name, _, text in rows:
        at = 0
        for piece in _SENTENCE.split(text):
            start = text.index(piece, at)
            at = start + len(piece)
            if piece.strip():
                yield f"{name}:{start}", name, start, at, piece


def ours(path: Path) -> Rank:
    """Return our search as a user's question goes through it."""
    connection = sqlite3.connect(path)
    return lambda text: [hit.id for hit in search(connection, text, unit="articles", limit=10).hits]


def fallback(path: Path) -> Rank:
    """Return what answers while there is no index."""
    connection = sqlite3.connect(path)
    return lambda text: [
        name
        for name, _ in rank_by_fts(
            connection, parse(text, {}, "articles"), "articles", lambda _: []
        )[:10]
    ]


def fts5(rows: Sequence[tuple[str, str, str]], path: Path) -> Rank:
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


def bm25s(rows: Sequence[tuple[str, str, str]]) -> Rank:
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


def tantivy(rows: Sequence[tuple[str, str, str]], folder: Path) -> Rank:
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


def ndcg(found: Sequence[str], relevant: dict[str, int], depth: int = 10) -> float:
    """Return nDCG at a depth with the usual exponential gain (Järvelin and Kekäläinen 2002)."""

    def gain(grades: Sequence[int]) -> float:
        return sum((2**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades[:depth]))

    ideal = gain(sorted(relevant.values(), reverse=True))
    return gain([relevant.get(each, 0) for each in found]) / ideal if ideal else 0.0


def _even(name: str) -> bool:
    digits = re.sub(r"\D", "", name)
    return int(digits or "0") % 2 == 0


def quality(folder: Path) -> None:
    """Print nDCG@10 of every engine on the tuned half, the reported half and all."""
    rows = corpus(folder)
    queries, qrels = judged(folder)
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["KB_CACHE"] = f"{temporary}/cache"
        path = Path(temporary) / "kb.db"
        database_of(rows, path, "bench")
        build_index(path)
        engines: dict[str, Rank] = {
            "ours (Whoosh, BM25F)": ours(path),
            "ours without index (FTS5)": fallback(path),
        }
        engines |= _peers(rows, Path(temporary))
        print(f"{folder.name}: {len(rows)} documents, {len(queries)} queries; nDCG@10")
        print(f"{'engine':44} tuned half  reported half    all")
        for name, rank in engines.items():
            scores = {each: ndcg(rank(text), qrels[each]) for each, text in queries.items()}
            _tell(name, scores)


def parts(folder: Path) -> None:
    """Print nDCG@10 with one part of the ranking changed at a time."""
    rows = corpus(folder)
    queries, qrels = judged(folder)
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["KB_CACHE"] = f"{temporary}/cache"
        path = Path(temporary) / "kb.db"
        database_of(rows, path, "bench")
        build_index(path)
        index = open_index(path)
        if index is None:
            raise SystemExit("the index was not opened")
        ours_now, articles = ours(path), index.articles
        fields, spread, norms = dict(articles.fields), articles.spread, dict(articles._norms)

        def told(name: str, rank: Rank = ours_now) -> None:
            articles._cache.clear()
            _tell(name, {each: ndcg(rank(text), qrels[each]) for each, text in queries.items()})

        print(f"{'what':44} tuned half  reported half    all")
        told("as it is")
        for value in (0.0, 0.1, 0.4):
            with _changed(ranking, "_PAIRS", value):
                told(f"neighbours weigh {value}")
        for value in (0.9, 1.2, 2.0):
            with _changed(ranking, "K1", value):
                told(f"k1 {value}")
        for value in (1.0, 2.0, 4.0):
            articles.fields["title"] = (value, fields["title"][1])
            told(f"title weighs {value}")
        articles.fields.update(fields)
        articles._norms.update({field: norm * 0 + 1 for field, norm in norms.items()})
        told("no length norms")
        articles._norms.update(norms)
        articles.spread = lambda word: (word,) if spread(word) else ()
        told("no stemming")
        articles.spread = spread
        for many in (10, 20):
            told(f"feedback RM3, {many} words of 10 documents", _rm3(path, rows, many))


def _rm3(path: Path, rows: Sequence[tuple[str, str, str]], many: int) -> Rank:
    """Return our ranking after pseudo-relevance feedback (RM3, Abdul-Jaleel et al. 2004)."""
    index = open_index(path)
    if index is None:
        raise SystemExit("the index was not opened")
    texts = {name: topical(f"{title} {text}") for name, title, text in rows}

    def rank(text: str) -> list[str]:
        question = parse(text, {}, "articles")
        best = index.articles.best(index.articles.weigh(question, lambda _: []), 10)
        whole = sum(score for _, score in best) or 1.0
        weights: Counter[str] = Counter()
        words: dict[str, str] = {}
        for name, score in best:
            for word in texts[name]:
                words[key(word)] = word
                weights[key(word)] += score / whole / len(texts[name])
        top = weights.most_common(many)
        share = sum(weight for _, weight in top) or 1.0
        asked = len(question.terms) or 1
        more = [
            Concept(((words[stem],),), weight=0.25 * asked * weight / share) for stem, weight in top
        ]
        wider = replace(question, wanted=(*question.wanted, *more))
        found = index.articles.best(index.articles.weigh(wider, lambda _: []), 10)
        return [name for name, _ in found]

    return rank


@contextmanager
def _changed(module: Any, name: str, value: float) -> Iterator[None]:
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def _tell(name: str, scores: dict[str, float]) -> None:
    even = [score for each, score in scores.items() if _even(each)]
    odd = [score for each, score in scores.items() if not _even(each)]
    told = [statistics.mean(each) if each else float("nan") for each in (even, odd, [*even, *odd])]
    print(f"{name:44} {told[0]:10.4f} {told[1]:14.4f} {told[2]:6.4f}", flush=True)


def _peers(rows: Sequence[tuple[str, str, str]], folder: Path) -> dict[str, Rank]:
    found: dict[str, Rank] = {}
    for name, make in (
        ("FTS5", lambda: fts5(rows, folder / "fts.db")),
        ("bm25s", lambda: bm25s(rows)),
        ("tantivy", lambda: tantivy(rows, folder / "tantivy")),
    ):
        try:
            begun = time.perf_counter()
            found[name] = make()
            print(f"  {name} indexed in {time.perf_counter() - begun:.1f} s")
        except ImportError:
            print(f"{name} is not installed; it is left out")
    return found


def multiplied(rows: Sequence[tuple[str, str, str]], size: int) -> list[tuple[str, str, str]]:
    """Return ``size`` abstracts: the corpus again and again, a tenth of the words of each swapped."""
    chance = random.Random(5)
    pool = [word for _, _, text in rows[::10] for word in text.split()]
    made = []
    for at in range(size):
        name, title, text = rows[at % len(rows)]
        if at >= len(rows):
            words = text.split()
            for place in chance.sample(range(len(words)), len(words) // 10):
                words[place] = chance.choice(pool)
            text = " ".join(words)
        made.append((f"{name}-{at}", title, text))
    return made


def _questions(rows: Sequence[tuple[str, str, str]]) -> tuple[list[str], list[str]]:
    """Return three-word questions and two-word phrases that stand in titles."""
    chance = random.Random(7)
    three, phrases = [], []
    for _, title, _ in chance.sample(list(rows), QUERIES * 4):
        words = re.findall(r"[A-Za-z]{4,}", title)
        if len(words) > 4:
            three.append(" ".join(chance.sample(words, 3)))
            phrases.append('"' + " ".join(title.split()[1:3]).replace('"', "") + '"')
    return three[:QUERIES], phrases[:QUERIES]


def _timed(rank: Rank, questions: Sequence[str]) -> list[float]:
    """Return the median and the 95th percentile in ms: by the clock, then of processor time."""
    rows = []
    for each in questions:
        begun, worked = time.perf_counter(), time.process_time()
        rank(each)
        rows.append(((time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000))
    told = []
    for column in zip(*rows, strict=True):
        ordered = sorted(column)
        told += [statistics.median(ordered), ordered[int(len(ordered) * 0.95)]]
    return told


def _worked() -> float:
    """Return the processor time in s of this process and of those it has waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


_MEMORY = """
import sqlite3, sys
from pathlib import Path
from kb.search import search
def held():
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) // 1024 for row in rows if row.startswith("VmRSS"))
before = held()
connection = sqlite3.connect(sys.argv[1])
for text in sys.argv[2:]:
    search(connection, text, unit="articles")
print(before, held())
"""


def _size(folder: Path) -> float:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) / 1e6


def speed(folder: Path, size: int) -> None:
    """Print how long indexing, adding and asking take, beside the peers."""
    rows = multiplied(corpus(folder), size + ADDED)
    three, phrases = _questions(rows)
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["KB_CACHE"] = f"{temporary}/cache"
        path = Path(temporary) / "kb.db"
        database_of(rows[:size], path, "one")
        for what, more in ((f"{size} abstracts indexed on two processes", rows), ("", [])):
            begun, worked = time.perf_counter(), _worked()
            build_index(path, jobs=2)
            spent = (
                f"{time.perf_counter() - begun:.1f} s, {_worked() - worked:.1f} s of processor time"
            )
            print(f"{what or f'{ADDED} more added'}: {spent}")
            if more:
                told = f"{_size(index_folder(path)):.0f} MB; database {path.stat().st_size / 1e6:.0f} MB"
                print(f"index on disk: {told}")
                path.unlink()
                database_of(more, path, "two")
        memory = subprocess.run(
            [sys.executable, "-c", _MEMORY, str(path), *three[:100]],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        print("MB of memory before opening, and after 100 questions:", memory.stdout.strip())
        begun = time.perf_counter()
        if open_index(path) is None:
            raise SystemExit("the index was not opened")
        print(f"opened in {time.perf_counter() - begun:.2f} s")
        print("ms by the clock, and of processor time; a peer's phrases are searched as words")
        print(f"{'':10} {'three words: p50, p95 | cpu':>32}  {'phrase: p50, p95 | cpu':>30}")
        _row("ours", ours(path), three, phrases)
        for name, rank in _peers(rows, Path(temporary)).items():
            _row(name, rank, three, phrases)


def _row(name: str, rank: Rank, three: Sequence[str], phrases: Sequence[str]) -> None:
    rank(three[0])
    one, two = _timed(rank, three), _timed(rank, phrases)
    told = "   ".join("{:6.1f} {:6.1f} | {:5.1f} {:5.1f}".format(*each) for each in (one, two))
    print(f"{name:10}   {told}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["quality", "parts", "speed"])
    parser.add_argument("given", nargs="?")
    asked = parser.parse_args()
    os.environ["KB_REBUILD"] = "never"
    if asked.what != "speed":
        {"quality": quality, "parts": parts}[asked.what](
            Path(asked.given) if asked.given else SHARED / "data" / "scifact"
        )
    else:
        speed(SHARED / "data" / "scifact", int(asked.given or SIZE))
