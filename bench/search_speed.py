"""How fast the search is beside its peers: `python bench/search.py speed [SIZE]`.

The 30,000 abstracts repeat SciFact's with a tenth of the words of every copy swapped for others of
it, so that no two are alike and the vocabulary's proportions stay.
"""

from __future__ import annotations

import os
import random
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from engines import ours, peers
from judged import ROOT, SHARED, Rank, Rows, corpus, database_of

from kb.index import build_index, index_folder, open_index

ADDED, QUERIES = 100, 200


def multiplied(rows: Rows, size: int) -> list[tuple[str, str, str]]:
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


def _questions(rows: Rows) -> tuple[list[str], list[str]]:
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


def speed(size: int) -> None:
    """Print how long indexing, adding and asking take, beside the peers."""
    rows = multiplied(corpus(SHARED / "data" / "scifact"), size + ADDED)
    three, phrases = _questions(rows)
    with TemporaryDirectory() as temporary:
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
        for name, rank in peers(rows, Path(temporary)).items():
            _row(name, rank, three, phrases)


def _row(name: str, rank: Rank, three: Sequence[str], phrases: Sequence[str]) -> None:
    rank(three[0])
    one, two = _timed(rank, three), _timed(rank, phrases)
    told = "   ".join("{:6.1f} {:6.1f} | {:5.1f} {:5.1f}".format(*each) for each in (one, two))
    print(f"{name:10}   {told}", flush=True)
