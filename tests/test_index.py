"""The search index as a cache: stale, damaged, foreign, rebuilt, carried over, removed while read."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import kb
from kb import places
from kb.build import build
from kb.hits import UNITS
from kb.index import build_index, index_folder, open_index, rebuild
from kb.indexing import Share, write_share
from kb.ranking import Collection
from kb.search import search


def test_a_build_without_a_place_for_the_index_still_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("KB_CACHE", str(tmp_path / "file"))
    build([str(places.sample() / "tes_review.txt")], tmp_path / "kb.db")
    with sqlite3.connect(tmp_path / "kb.db") as own:
        found = search(own, "blood loss")
    assert found.engine == "fts5" and found.hits


def test_a_stale_index_is_not_opened(copied: Path) -> None:
    build_index(copied)
    assert open_index(copied) is not None
    with sqlite3.connect(copied) as connection:
        connection.execute("update meta set value = 'another' where key = 'generation'")
    assert open_index(copied) is None


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file() and each.stat().st_size)


def test_any_damage_is_seen_and_mended(copied: Path) -> None:
    folder = build_index(copied)
    count = len(_files(folder))
    assert count > 8
    for number in range(0, count, 3):
        # An index made anew has other file names.
        path = _files(folder)[number]
        name = path.relative_to(folder)
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0xFF
        path.write_bytes(bytes(data))
        os.utime(folder / "manifest.json")
        assert open_index(copied) is None, name
        with sqlite3.connect(copied) as connection:
            found = search(connection, "hospice care")
        assert found.engine == "fts5" and "hospice" in found.hits[0].display
        build_index(copied)
        assert open_index(copied) is not None, name


def test_missing_and_added_files_are_seen(copied: Path) -> None:
    folder = build_index(copied)
    _files(folder)[2].unlink()
    os.utime(folder / "manifest.json")
    assert open_index(copied) is None
    build_index(copied)
    (folder / "claims-0" / "_MAIN_9.toc").write_bytes(b"not ours")
    os.utime(folder / "manifest.json")
    assert open_index(copied) is None


def test_an_index_of_another_database_is_not_opened(
    copied: Path, database: Path, tmp_path: Path
) -> None:
    folder = index_folder(copied)
    folder.parent.mkdir(parents=True)
    shutil.copytree(index_folder(database), folder)
    assert open_index(copied) is None


def test_a_folder_that_others_may_write_is_never_opened(copied: Path) -> None:
    folder = build_index(copied)
    os.chmod(folder, 0o777)
    assert open_index(copied) is None


def test_what_is_missing_is_made_by_a_process_of_its_own(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KB_REBUILD")
    with sqlite3.connect(copied) as connection:
        assert search(connection, "hospice care").engine == "fts5"
        for _ in range(300):
            if open_index(copied) is not None:
                break
            time.sleep(0.2)
        assert search(connection, "hospice care").engine == "whoosh"
    monkeypatch.setenv("KB_REBUILD", "never")
    rebuild(copied)


def _without(path: Path, article: str, generation: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("pragma foreign_keys = off")
        for table in ("claims", "passages", "documents", "authors", "articles"):
            connection.execute(f"delete from {table} where article_id = ?", [article])
        connection.execute("update meta set value = ? where key = 'generation'", [generation])


def test_a_carried_over_index_answers_as_one_made_anew(copied: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.db"
    shutil.copy(copied, whole)
    with sqlite3.connect(copied) as connection:
        article = search(connection, "fibrin glue", unit="articles").hits[0].article_id
        others = [
            row[0]
            for row in connection.execute(
                "select article_id from articles where article_id <> ? order by article_id",
                [article],
            )
        ]
    _without(copied, article, "less")
    build_index(copied)
    with sqlite3.connect(copied) as connection:
        assert not search(connection, "fibrin").hits
    # The article comes back, another goes: one shard more, and some entries dead.
    shutil.copy(whole, copied)
    _without(copied, others[0], "more")
    build_index(copied)
    _without(whole, others[0], "more")
    build_index(whole)
    manifest = json.loads((index_folder(copied) / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["shards"]["articles"]) == 2 and manifest["dead"]["articles"] == [others[0]]
    with sqlite3.connect(copied) as one, sqlite3.connect(whole) as other:
        for unit in UNITS:
            for query in ("fibrin glue blood loss", '"blood loss"', "spine", "author:Tomita"):
                carried, anew = (search(each, query, unit=unit, limit=500) for each in (one, other))
                assert carried.total == anew.total, (unit, query)
                assert {hit.id for hit in carried.hits} == {hit.id for hit in anew.hits}
                assert others[0] not in {hit.article_id for hit in carried.hits}


def test_two_processes_make_the_same_index(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.index._WORTH_SHARING", 2)
    other = tmp_path / "other.db"
    shutil.copy(copied, other)
    build_index(copied, jobs=1)
    build_index(other, jobs=2)
    with sqlite3.connect(copied) as one, sqlite3.connect(other) as two:
        for query in ("blood loss", '"type 7"', "spine NOT pain"):
            found = [search(each, query, limit=100) for each in (one, two)]
            assert [hit.id for hit in found[0].hits] == [hit.id for hit in found[1].hits]


_READER = """
import sqlite3, sys
from kb.search import search
connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
for _ in range(60):
    for unit in ("claims", "articles", "passages"):
        assert search(connection, "fibrin glue blood loss", unit=unit).hits
"""


def test_readers_see_no_error_while_indexes_come_and_go(copied: Path) -> None:
    build_index(copied)
    faults: list[BaseException] = []
    answers: list[str] = []
    done = threading.Event()

    def read() -> None:
        with sqlite3.connect(f"file:{copied}?mode=ro", uri=True) as connection:
            while not done.is_set():
                try:
                    for unit in UNITS:
                        found = search(connection, "fibrin glue blood loss", unit=unit)
                        assert found.hits
                        answers.append(found.engine)
                except BaseException as fault:  # noqa: BLE001 - every fault of a reader is the test's
                    faults.append(fault)
                    return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for each in readers:
        each.start()
    others = [
        subprocess.Popen([sys.executable, "-c", _READER, str(copied)], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for number in range(6):
        with sqlite3.connect(copied, timeout=30) as connection:
            connection.execute(
                "update meta set value = ? where key = 'generation'", [f"generation{number}"]
            )
        if number % 2:
            shutil.rmtree(index_folder(copied).parent, ignore_errors=True)
        build_index(copied)
    done.set()
    for each in readers:
        each.join(60)
    assert not faults, faults[0]
    assert "whoosh" in answers
    for other in others:
        _, told = other.communicate(timeout=120)
        assert other.returncode == 0, told.decode()


@pytest.mark.parametrize("column", ["numbers.col", "body_length.col"])
def test_an_index_removed_while_it_is_opened_is_not_used(
    copied: Path, monkeypatch: pytest.MonkeyPatch, column: str
) -> None:
    folder = build_index(copied)

    def without_column(*given: object) -> Collection:
        for each in folder.rglob(f"*.{column}"):
            each.unlink()
        return Collection(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("kb.index.Collection", without_column)
    monkeypatch.setenv("KB_REBUILD", "never")
    assert open_index(copied) is None
    with sqlite3.connect(copied) as connection:
        for unit in UNITS:
            found = search(connection, "fibrin glue blood loss", unit=unit)
            assert found.hits and found.engine == "fts5"


def test_a_database_replaced_while_it_is_indexed_gets_its_own_index(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = tmp_path / "newer.db"
    shutil.copy(copied, newer)
    with sqlite3.connect(newer) as connection:
        articles = [row[0] for row in connection.execute("select article_id from articles")]
    for each in articles[1:]:
        _without(newer, each, "newer")
    swapped = []

    def write(share: Share) -> int:
        if share.unit == "claims" and not swapped:
            swapped.append(shutil.copy(newer, tmp_path / "beside.db"))
            os.replace(tmp_path / "beside.db", copied)
        return write_share(share)

    before = index_folder(copied)
    monkeypatch.setattr("kb.index.write_share", write)
    folder = build_index(copied)
    assert swapped and folder != before and folder == index_folder(copied)
    assert not (before / "manifest.json").exists()
    index = open_index(copied)
    assert index is not None and index.generation == "newer"
    assert set(index.articles.keys) == {articles[0]}
    assert not [each for each in folder.parent.iterdir() if ".building-" in each.name]


def test_a_database_that_never_stays_is_given_up(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = iter(range(100))
    monkeypatch.setattr("kb.index.generation_of", lambda _: f"number{next(made)}")
    with pytest.raises(OSError, match="again and again"):
        build_index(copied)


_FULL = """
import resource, sqlite3, sys
from pathlib import Path
from kb.index import build_index, index_folder, open_index
from kb.search import search
database = Path(sys.argv[1])
# A file may not grow beyond this: the kernel says so as it says that a disk is full.
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    build_index(database)
except OSError:
    print("refused")
assert open_index(database) is None
assert [each.name for each in index_folder(database).parent.iterdir()] == ["lock"]
assert search(sqlite3.connect(database), "blood loss").hits
"""


@pytest.mark.parametrize("bytes_", [0, 1000, 12_000])
def test_a_full_disk_leaves_no_half_index(copied: Path, bytes_: int) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _FULL, str(copied), str(bytes_)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout.strip()) == (0, "refused"), told.stderr
    build_index(copied)
    assert open_index(copied) is not None


def test_a_cache_without_a_place_is_no_fault(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KB_CACHE")
    monkeypatch.delenv("KB_REBUILD")
    monkeypatch.setattr("kb.index.user_cache_path", lambda _: Path("~/.cache/kb"))
    monkeypatch.chdir(tmp_path)
    with sqlite3.connect(copied) as connection:
        assert search(connection, "blood loss").engine == "fts5"
    build([str(places.sample() / "tes_review.txt")], tmp_path / "other.db")
    assert not (tmp_path / "~").exists()


@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_cache_that_cannot_be_written_is_no_fault(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    place = tmp_path / "place"
    if what == "file":
        place.touch()
    else:
        place.mkdir(mode=0o500)
        if os.access(place, os.W_OK):
            pytest.skip("this user may write anywhere")
    monkeypatch.setenv("KB_CACHE", str(place))
    monkeypatch.delenv("KB_REBUILD")
    with sqlite3.connect(copied) as connection:
        found = search(connection, "blood loss")
    assert found.engine == "fts5" and found.hits
    with pytest.raises(OSError, match="place"):
        build_index(copied)


@pytest.mark.parametrize("name", ["a?b#c.db", "100%25.db", "two words é.db"])
def test_a_database_may_have_any_name(copied: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    shutil.copy(copied, path)
    build_index(path)
    with kb.open(path) as connection:
        found = search(connection, "blood loss")
    assert found.engine == "whoosh" and found.hits


def test_what_an_ended_builder_left_is_removed(copied: Path) -> None:
    left = index_folder(copied).parent / "old.building-1"
    left.mkdir(parents=True)
    build_index(copied)
    assert not left.exists() and open_index(copied) is not None


def test_a_connection_is_answered_by_the_index_of_what_it_is_open_to(copied: Path) -> None:
    build_index(copied)
    old = sqlite3.connect(f"file:{copied}?mode=ro", uri=True)
    first = search(old, "fibrin glue").hits[0].id
    beside = copied.with_name("new.db")
    shutil.copy(copied, beside)
    with sqlite3.connect(beside) as connection:
        articles = [row[0] for row in connection.execute("select article_id from articles")]
    for each in articles[:-1]:
        _without(beside, each, "newer")
    os.replace(beside, copied)
    build_index(copied)
    assert search(old, "fibrin glue").hits[0].id == first
    old.close()


def test_old_indexes_are_removed(copied: Path) -> None:
    for number in range(4):
        with sqlite3.connect(copied) as connection:
            connection.execute(
                "update meta set value = ? where key = 'generation'", [f"generation{number}"]
            )
        folder = build_index(copied)
    assert sum(each.is_dir() for each in folder.parent.iterdir()) == 2
