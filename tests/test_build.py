"""Building: nothing lost, order plays no part, only what changed is worked, one builder at a time."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.model import Failure
from ingest.parsing.archives import sources
from kb import places
from kb.build import LockedError, build
from kb.cli import main
from kb.verify import VerificationError, verify


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kb") / "kb.db"
    build([str(places.sample())], path)
    return path


def _dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        return sorted(
            line
            for line in connection.iterdump()
            if "built_at" not in line and "sqlite_stat" not in line
        )


def test_counts_add_up_and_are_queryable(database: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("Please enable JavaScript. Verify you are human.")
    report = build(
        [str(places.sample()), str(bad), str(tmp_path / "missing.xml")], tmp_path / "x.db"
    )
    assert report.read == report.stored + report.merged + len(report.rejected)
    assert len(report.rejected) == 2 and report.merged == 1
    with sqlite3.connect(tmp_path / "x.db") as connection:
        held = dict(
            connection.execute("select outcome, count(*) from records group by outcome").fetchall()
        )
    assert held == {"stored": report.stored, "merged": report.merged, "rejected": 2}


def test_every_quote_and_focus_is_the_slice(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        wrong = connection.execute(
            "select count(*) from claims join documents using (article_id)"
            ' where substr(text, start + 1, "end" - start) <> quote or (focus is not null and substr(text, focus_start + 1, focus_end - focus_start) <> focus)'
        ).fetchone()
        total = connection.execute("select count(*) from claims").fetchone()
    assert wrong == (0,) and total[0] > 100


def test_verification_refuses_a_changed_quote(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(database.read_bytes())
    with sqlite3.connect(copy) as connection:
        records = connection.execute("select count(*) from records").fetchone()[0]
        verify(connection, records)
        connection.execute("update claims set quote = quote || '!' where rowid = 1")
        with pytest.raises(VerificationError, match="verbatim slice"):
            verify(connection, records)


def test_order_of_input_plays_no_part(database: Path, tmp_path: Path) -> None:
    files = sorted(
        (str(each) for each in places.sample().iterdir() if each.suffix in {".txt", ".xml"}),
        reverse=True,
    )
    build(files, tmp_path / "x.db", jobs=2)
    assert _dump(tmp_path / "x.db") == _dump(database)


def test_a_second_build_works_only_what_changed_and_ends_the_same(
    database: Path, tmp_path: Path
) -> None:
    first = build([str(places.sample())], tmp_path / "x.db")
    before = _dump(tmp_path / "x.db")
    second = build([str(places.sample())], tmp_path / "x.db")
    assert first.unchanged == 0 and second.unchanged == 7
    assert _dump(tmp_path / "x.db") == before == _dump(database)


def test_two_records_of_one_article_are_merged_and_say_which_field_came_from_which(
    database: Path,
) -> None:
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "select outcome, format from records where article_id = 'pmid-16112300' order by outcome"
        ).fetchall()
        fields = connection.execute(
            "select count(distinct record_id) from field_sources where article_id = 'pmid-16112300'"
        ).fetchone()
    assert rows in (
        [("merged", "pubmed_page"), ("stored", "pubmed_xml")],
        [("merged", "pubmed_xml"), ("stored", "pubmed_page")],
    )
    assert fields[0] >= 1


def test_a_running_build_holds_the_lock(tmp_path: Path) -> None:
    (tmp_path / "x.db.lock").write_text(str(os.getpid()))
    with pytest.raises(LockedError, match="another build"):
        build([str(places.sample())], tmp_path / "x.db")
    (tmp_path / "x.db.lock").write_text("999999999")
    assert build([str(places.sample() / "tes_review.txt")], tmp_path / "x.db").stored == 1


def test_the_seeds_build_with_nothing_rejected(shared: Path, tmp_path: Path) -> None:
    report = build([str(shared / "seeds")], tmp_path / "x.db")
    assert (report.stored, len(report.rejected)) == (5, 0)


def test_hidden_files_and_readmes_are_no_articles(tmp_path: Path) -> None:
    for name in (".hidden.xml", "README.md", "a.txt"):
        (tmp_path / name).write_text("x")
    assert [each.name for each in sources([str(tmp_path)]) if not isinstance(each, Failure)] == [
        "a.txt"
    ]


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_commands(database: Path) -> None:
    db = ["--db", str(database)]
    code, output = _run("search", "hospice care type 7", *db, "--json")
    assert code == 0 and "hospice" in json.loads(output)["hits"][0]["display"]
    code, output = _run("claims", "--measure", "blood_loss", *db, "--json")
    assert code == 0 and {each["measure"] for each in json.loads(output)} == {"blood_loss"}
    code, output = _run("rule", "tes_by_type", "-i", "surgical_type=7", *db)
    assert code == 0 and "not recommended" in output and "does not replace judgement" in output
    code, output = _run("rule", "tes_by_type", "-i", "surgical_type=9", *db)
    assert code == 2 and output.startswith("surgical_type:") and "at most 7" in output
    code, output = _run("query", "measured_values", "-p", "measure", "blood_loss", *db, "--json")
    assert code == 0 and 1300.0 in {each["value"] for each in json.loads(output)}
    code, output = _run("query", "measured_values", *db)
    assert code == 2 and "measure" in output
    code, output = _run("cite", "pmid-16112300", *db)
    assert (
        code == 0
        and output.startswith("Patchell RA, Tibbs PA")
        and "Lancet. 2005;366(9486):643-8" in output
    )
    code, output = _run("status", *db)
    assert code == 0 and "stored" in output
    code, output = _run("search", "zzzqqq", *db)
    assert code == 1
    code, output = _run("status", "--db", "/nonexistent/kb.db")
    assert code == 2 and "no such database" in output
