"""Judged sets of the search benches: their documents, queries and judgements, and how they are scored.

``scifact`` (BEIR) is made of expert-written claims. Three more are made of PubMedQA's abstracts, so
that no constant fits one kind of question alone: ``question``, a title that asks, to be found its
own abstract; ``conclusion``, the same by the abstract's conclusion, which is left out of what is
searched; ``heading``, a MeSH heading of 5 to 60 abstracts, none of which is indexed with it. The
first two are searched among SciFact's abstracts. Queries whose number is even are the half that
constants may be chosen on; those whose number is odd are reported beside.
"""

from __future__ import annotations

import json
import math
import os
import re
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kb import store
from kb.index import build_index

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("EVIDENCE_SHARED", ROOT.parent / "shared"))
Rank = Callable[[str], list[str]]
Rows = Sequence[tuple[str, str, str]]
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
_FEWEST, _MOST = 5, 60


@dataclass(frozen=True)
class Judged:
    """A judged set: documents as id, title and text, queries by id, and the grades of documents."""

    name: str
    rows: Rows
    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]


def corpus(folder: Path) -> list[tuple[str, str, str]]:
    """Return id, title and text of every document of a judged set."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [(str(each["_id"]), each.get("title") or "", each["text"]) for each in rows]


def beir(folder: Path) -> Judged:
    """Return a set in BEIR form, with the queries that have judgements."""
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        grades.setdefault(query, {})[document] = int(score)
    with (folder / "queries.jsonl").open(encoding="utf-8") as lines:
        queries = {str(each["_id"]): each["text"] for each in map(json.loads, lines)}
    kept = {name: text for name, text in queries.items() if name in grades}
    return Judged(folder.name, corpus(folder), kept, grades)


def every_set() -> list[Judged]:
    """Return SciFact and the three sets made of PubMedQA."""
    scifact = beir(SHARED / "data" / "scifact")
    held = json.loads((SHARED / "data" / "pubmedqa" / "ori_pqal.json").read_text(encoding="utf-8"))
    rows = [(name, "", " ".join(each["CONTEXTS"])) for name, each in held.items()]
    own = {name: {name: 1} for name in held}
    among = [*scifact.rows, *rows]
    headings: dict[str, dict[str, int]] = {}
    for name, each in held.items():
        for heading in each["MESHES"]:
            headings.setdefault(heading, {})[name] = 1
    named = [each for each in sorted(headings) if _FEWEST <= len(headings[each]) <= _MOST]
    return [
        scifact,
        Judged("question", among, {name: each["QUESTION"] for name, each in held.items()}, own),
        Judged(
            "conclusion", among, {name: each["LONG_ANSWER"] for name, each in held.items()}, own
        ),
        Judged(
            "heading",
            rows,
            {str(at): each for at, each in enumerate(named)},
            {str(at): headings[each] for at, each in enumerate(named)},
        ),
    ]


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


@contextmanager
def prepared(rows: Rows) -> Iterator[tuple[Path, Path]]:
    """Give a folder of its own and, in it, an indexed database of the documents."""
    with TemporaryDirectory() as temporary:
        os.environ["KB_CACHE"] = f"{temporary}/cache"
        path = Path(temporary) / "kb.db"
        database_of(rows, path, "bench")
        build_index(path)
        yield Path(temporary), path


def ndcg(found: Sequence[str], relevant: Mapping[str, int], depth: int = 10) -> float:
    """Return nDCG at a depth with the usual exponential gain (Järvelin and Kekäläinen 2002)."""

    def gain(grades: Sequence[int]) -> float:
        return sum((2**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades[:depth]))

    ideal = gain(sorted(relevant.values(), reverse=True))
    return gain([relevant.get(each, 0) for each in found]) / ideal if ideal else 0.0


def is_even(name: str) -> bool:
    """Tell whether a query is of the half that constants may be chosen on."""
    return int(re.sub(r"\D", "", name) or "0") % 2 == 0


def scored(rank: Rank, judged: Judged) -> dict[str, float]:
    """Return nDCG@10 of every query."""
    return {name: ndcg(rank(text), judged.grades[name]) for name, text in judged.queries.items()}


HEAD = f"{'':44} tuned half  reported half    all"


def tell(name: str, scores: Mapping[str, float]) -> None:
    """Print the means of both halves and of all."""
    halves: list[list[float]] = [[], []]
    for each, score in scores.items():
        halves[not is_even(each)].append(score)
    told = [statistics.mean(each or [math.nan]) for each in (*halves, halves[0] + halves[1])]
    print(f"{name:44} {told[0]:10.4f} {told[1]:14.4f} {told[2]:6.4f}", flush=True)
