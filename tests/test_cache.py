"""The cache: parts in, the same extractions out; half a source or a damaged file is made anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ingest.model import Batch, Failure, Record, Source
from ingest.pipeline import PART, process, split
from kb import places
from kb.build import build
from kb.cache import Cache, source_key

_RIS = "TY  - JOUR\nTI  - Fictional series {n} of corpectomy\nAB  - Corpectomy was done in {n} patients.\nER  - \n"


def _file(folder: Path, records: int) -> Path:
    path = folder / "many.ris"
    path.write_text("".join(_RIS.format(n=n + 2) for n in range(records)))
    return path


def test_what_is_loaded_is_what_was_put(tmp_path: Path) -> None:
    source = Source("tes_review.txt", str(places.sample() / "tes_review.txt"))
    batch = process(source)
    with closing(Cache(tmp_path / "c")) as cache:
        cache.put("k", batch)
        cache.complete("k")
        found = list(cache.candidates("k"))
        assert [cache.load(each) for each in found] == list(batch.extractions)
        assert [each.claims for each in found] == [len(each.claims) for each in batch.extractions]
        assert all(each.record.text == "" for each in found)


def test_half_a_source_is_not_held(tmp_path: Path) -> None:
    batch = Batch("a", (), (Failure("a", "record 1", "a record 1: broken; a record was expected"),))
    with closing(Cache(tmp_path / "c")) as cache:
        cache.put("k", batch)
        assert list(cache.failures("k")) == list(batch.failures)
    with closing(Cache(tmp_path / "c")) as cache:
        assert not cache.holds("k") and list(cache.failures("k")) == []
        cache.put("k", batch)
        cache.complete("k")
    with closing(Cache(tmp_path / "c")) as cache:
        assert cache.holds("k") and list(cache.failures("k")) == list(batch.failures)


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    path = _file(tmp_path, 3)
    for damage in (b"no database at all", b""):
        (tmp_path / "x.db.cache").write_bytes(damage)
        assert build([str(path)], tmp_path / "x.db").unchanged == 0
    with sqlite3.connect(tmp_path / "x.db.cache") as connection:
        connection.execute("drop table extractions")
    assert build([str(path)], tmp_path / "x.db").stored == 3


def test_what_a_build_did_not_use_is_forgotten(tmp_path: Path) -> None:
    path = _file(tmp_path, 3)
    build([str(path)], tmp_path / "x.db")
    key = source_key(Source(path.name, str(path)))
    build([str(places.sample() / "tes_review.txt")], tmp_path / "x.db")
    with closing(Cache(tmp_path / "x.db.cache")) as cache:
        assert not cache.holds(key)


def test_a_large_source_passes_in_parts_and_loses_nothing(tmp_path: Path) -> None:
    path = _file(tmp_path, PART * 2 + 1)
    parts = list(split(Source(path.name, str(path))))
    assert [len(each.records) for each in parts] == [PART, PART, 1]
    assert all(isinstance(each, Record) for part in parts for each in part.records)
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    report = build([str(path)], one)
    assert (report.read, report.stored) == (PART * 2 + 1, PART * 2 + 1)
    assert build([str(path)], two, jobs=2).generation == report.generation


def test_the_same_bytes_given_twice_are_counted_twice(tmp_path: Path) -> None:
    path = _file(tmp_path, 2)
    report = build([str(path), str(path)], tmp_path / "x.db")
    assert (report.read, report.stored, report.merged) == (4, 2, 2)
