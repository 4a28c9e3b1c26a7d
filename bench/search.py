"""Measure the search against its peers in one run: ranking on judged queries, and speed.

    python bench/search.py quality [FOLDER]   # every set of bench/judged.py, or one in BEIR form
    python bench/search.py parts              # what each part of the ranking is worth, on every set
    python bench/search.py semantic           # what search by meaning is worth; some ten minutes
    python bench/search.py speed [SIZE]       # 30,000 abstracts made of one corpus

Constants were chosen on the tuned halves by a rule that was written down before: starting from the
usual values, one constant at a time, a value is taken if it raises the mean of the four sets by
.002 or more, in at least four of five folds of the tuned half, and lowers no set by more than .005.
Search by meaning was to stay if it gains .01 or more on SciFact's reported half and loses no more
than .005 on the questions of PubMedQA.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from engines import fallback, ours, peers
from judged import HEAD, Judged, Rank, Rows, beir, every_set, prepared, scored, tell
from search_speed import speed

from kb import ranking
from kb.highlighting import topical
from kb.index import Index, open_index
from kb.querying import parse
from kb.questions import Concept
from kb.vectors import embed_database
from kb.words import key

SIZE = 30_000


def quality(sets: list[Judged]) -> None:
    """Print nDCG@10 of every engine on every set."""
    for rows, alike in _by_documents(sets):
        with prepared(rows) as (folder, path):
            engines = {
                "ours (Whoosh, BM25F)": ours(path),
                "ours without index (FTS5)": fallback(path),
                **peers(rows, folder),
            }
            for judged in alike:
                _head(judged)
                for name, rank in engines.items():
                    tell(name, scored(rank, judged))


def semantic(sets: list[Judged]) -> None:
    """Print nDCG@10 with and without vectors of meaning."""
    for rows, alike in _by_documents(sets):
        with prepared(rows) as (_, path):
            begun = time.perf_counter()
            made = embed_database(path)
            print(f"{made} vectors made in {time.perf_counter() - begun:.0f} s")
            for judged in alike:
                _head(judged)
                tell("by words", scored(ours(path), judged))
                tell("by words and meaning", scored(ours(path, semantic=True), judged))


def _by_documents(sets: list[Judged]) -> Iterator[tuple[Rows, list[Judged]]]:
    """Yield documents with the sets that search them."""
    for _, alike in groupby(sets, key=lambda each: id(each.rows)):
        found = list(alike)
        yield found[0].rows, found


def _head(judged: Judged) -> None:
    print(f"\n{judged.name}: {len(judged.rows)} documents, {len(judged.queries)} queries; nDCG@10")
    print(HEAD)


def parts(sets: list[Judged]) -> None:
    """Print nDCG@10 with one part of the ranking changed at a time."""
    for rows, alike in _by_documents(sets):
        with prepared(rows) as (_, path):
            index = open_index(path)
            if index is None:
                raise SystemExit("the index was not opened")
            for judged in alike:
                _head(judged)
                for name, change in _changes(index):
                    with change:
                        index.articles._cache.clear()
                        tell(name, scored(_ranked(index), judged))
                index.articles._cache.clear()
                for many in (10, 20):
                    tell(f"feedback RM3, {many} words", scored(_rm3(index, judged, many), judged))


def _ranked(index: Index) -> Rank:
    def rank(text: str) -> list[str]:
        question = parse(text, {}, "articles")
        found = index.articles.best(index.articles.weigh(question, lambda _: []), 10)
        return [name for name, _ in found]

    return rank


def _changes(index: Index) -> Iterator[tuple[str, Any]]:
    articles = index.articles
    fields, spread, norms = dict(articles.fields), articles.spread, dict(articles._norms)
    yield "as it is", _changed(ranking, "K1", ranking.K1)
    for value in (0.0, 0.1, 0.2, 0.4):
        yield f"neighbours weigh {value}", _changed(ranking, "_PAIRS", value)
    for value in (0.9, 1.2, 2.0):
        yield f"k1 {value}", _changed(ranking, "K1", value)
    for value in (1.0, 2.0, 4.0):
        weights = {**fields, "title": (value, fields["title"][1])}
        yield f"title weighs {value}", _changed(articles, "fields", weights)
    flat = {field: norm * 0 + 1 for field, norm in norms.items()}
    yield "no length norms", _changed(articles, "_norms", flat)

    def exact(word: str) -> tuple[str, ...]:
        return (word,) if spread(word) else ()

    yield "no stemming", _changed(articles, "spread", exact)


def _rm3(index: Index, judged: Judged, many: int) -> Rank:
    """Return our ranking after pseudo-relevance feedback (RM3, Abdul-Jaleel et al. 2004)."""
    texts = {name: topical(f"{title} {text}") for name, title, text in judged.rows}

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
def _changed(holder: Any, name: str, value: Any) -> Iterator[None]:
    before = getattr(holder, name)
    setattr(holder, name, value)
    try:
        yield
    finally:
        setattr(holder, name, before)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["quality", "parts", "semantic", "speed"])
    parser.add_argument("given", nargs="?")
    asked = parser.parse_args()
    os.environ["KB_REBUILD"] = "never"
    if asked.what == "speed":
        speed(int(asked.given or SIZE))
    else:
        measure = {"quality": quality, "parts": parts, "semantic": semantic}[asked.what]
        measure([beir(Path(asked.given))] if asked.given else every_set())
