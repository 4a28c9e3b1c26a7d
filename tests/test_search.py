"""Search: questions as typed, the index and FTS5 beside each other, damage, other people's folders."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from kb import places
from kb.build import build
from kb.index import build_index, index_folder, open_index
from kb.search import fts_query, search, word_groups


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kb") / "kb.db"
    build([str(places.sample())], path)
    return path


def _first(path: Path, query: str) -> str:
    with sqlite3.connect(path) as connection:
        return search(connection, query).hits[0].display


QUESTIONS = [
    ("is TES recommended for type 7?", "not recommended for type 7"),
    ("hospice care", "hospice care"),
    ("fibrin glue blood loss", "fibrin glue"),
    ("embolisation of three levels", "three levels"),
    ("Spinal Instability Neoplastic Score stable", "eoplastic"),
    ("haemorrhage risk of spondylectomy", "bleeding"),
    ("wound complications after radiotherapy", "wound complications"),
]


@pytest.mark.parametrize(("query", "words"), QUESTIONS)
def test_questions_as_typed(database: Path, query: str, words: str) -> None:
    assert open_index(database) is not None
    assert words in _first(database, query)


@pytest.mark.parametrize(("query", "words"), QUESTIONS[:4])
def test_fts_answers_while_there_is_no_index(
    database: Path, tmp_path: Path, query: str, words: str
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(database.read_bytes())
    assert open_index(copy) is None
    assert words in _first(copy, query)


def test_against_is_told(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        hit = search(connection, "TES recommended type 7").hits[0]
    assert (hit.polarity, hit.assertion) == ("against", "negated")


def test_a_stale_index_is_not_opened(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(database.read_bytes())
    build_index(copy)
    assert open_index(copy) is not None
    with sqlite3.connect(copy) as connection:
        connection.execute("update meta set value = 'another' where key = 'generation'")
    assert open_index(copy) is None


def test_a_damaged_index_is_passed_over(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(database.read_bytes())
    folder = build_index(copy)
    for path in folder.glob("*.toc"):
        path.write_bytes(b"damage")
    assert open_index(copy) is None
    assert "hospice" in _first(copy, "hospice care")


def test_a_folder_that_others_may_write_is_never_opened(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(database.read_bytes())
    folder = build_index(copy)
    os.chmod(folder, 0o777)
    assert open_index(copy) is None
    assert index_folder(copy) == folder


@pytest.mark.parametrize(
    "query",
    ["", "   ", '"', "the of and", "***", "NOT", "a AND (b", "\0", "tes\0type", "-", "title:"],
)
def test_no_text_is_an_error(database: Path, query: str) -> None:
    with sqlite3.connect(database) as connection:
        result = search(connection, query)
    assert result.hits or result.hint


def test_quoted_text_is_exact_and_a_star_is_a_beginning(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        groups = word_groups(connection, '"mean blood loss" embol*')
        assert groups[0] == ["mean blood loss"] and groups[1][0] == "embol*"
        assert fts_query(groups[:1]) == '"mean blood loss"'
        hits = search(connection, "embol*").hits
    assert hits and all("mboli" in hit.display for hit in hits)


def test_questions_of_the_annotation_find_an_acceptable_claim_first(
    shared: Path, tmp_path: Path
) -> None:
    build([str(shared / "seeds")], tmp_path / "kb.db")
    gold = {
        each["id"]: each
        for each in json.loads((shared / "gold" / "claims.json").read_text(encoding="utf-8"))[
            "claims"
        ]
    }
    right = 0
    with sqlite3.connect(tmp_path / "kb.db") as connection:
        sources = dict(
            connection.execute(
                "select articles.article_id, source from articles join records using (record_id)"
            ).fetchall()
        )
        for query in json.loads((shared / "gold" / "queries.json").read_text(encoding="utf-8"))[
            "searches"
        ]:
            hit = search(connection, query["query"]).hits[0]
            start, end = connection.execute(
                'select start, "end" from claims where claim_id = ?', [hit.claim_id]
            ).fetchone()
            right += any(
                gold[each]["seed"] == sources[hit.article_id]
                and start < gold[each]["end"]
                and gold[each]["start"] < end
                for each in query["top_claims"]
            )
    assert right >= 23
