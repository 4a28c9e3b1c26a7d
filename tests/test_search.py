"""Search: questions as typed, how results are meant, facets, sorts, SQL functions, documents."""

from __future__ import annotations

import json
import math
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kb.build import build
from kb.facets import count_facets
from kb.fulltext import rank_by_fts
from kb.functions import register
from kb.hits import UNITS
from kb.index import build_index, open_index
from kb.indexing import FIELDS
from kb.querying import parse
from kb.ranking import K1
from kb.search import ask, search, similar
from kb.words import is_stop, key, words

QUESTIONS = [
    ("is TES recommended for type 7?", "not recommended for type 7"),
    ("hospice care", "hospice care"),
    ("fibrin glue blood loss", "fibrin glue"),
    ("embolisation of three levels", "three levels"),
    ("Spinal Instability Neoplastic Score stable", "eoplastic"),
    ("haemorrhage risk of spondylectomy", "bleeding"),
    ("wound complications after radiotherapy", "wound complications"),
]


@pytest.mark.parametrize(("query", "said"), QUESTIONS)
def test_questions_as_typed(connection: sqlite3.Connection, query: str, said: str) -> None:
    found = search(connection, query)
    assert found.engine == "whoosh"
    assert said in found.hits[0].display


@pytest.mark.parametrize(("query", "said"), QUESTIONS[:4])
def test_fts_answers_while_there_is_no_index(
    bare: sqlite3.Connection, query: str, said: str
) -> None:
    found = search(bare, query)
    assert found.engine == "fts5"
    assert said in found.hits[0].display


@pytest.mark.parametrize("source", ["connection", "bare"])
@pytest.mark.parametrize("query", ["TES recommended type 7", "recommended for type 7"])
def test_what_speaks_against_is_never_shown_as_support(
    source: str, query: str, request: pytest.FixtureRequest
) -> None:
    found = search(request.getfixturevalue(source), query)
    first = found.hits[0]
    assert (first.polarity, first.assertion, first.stance) == (
        "against",
        "negated",
        "negated, against",
    )
    assert found.hint == "the first answer speaks against it"
    for hit in found.hits:
        if "type 7" in hit.display and " not " in hit.display:
            assert hit.stance != "as it stands"


def test_a_question_that_says_not_needs_no_warning(connection: sqlite3.Connection) -> None:
    assert search(connection, "TES not recommended for type 7").hint is None


# The query language.


def test_asking_brings_no_library_that_it_does_not_need(database: Path) -> None:
    code = """if True:
        import sys
        from kb.cli import main
        try:
            main(["search", "--db", sys.argv[1], "blood"])
        except SystemExit:
            pass
        print(*sorted({each.partition(".")[0] for each in sys.modules}), file=sys.stderr)
    """
    told = subprocess.run(
        [sys.executable, "-c", code, str(database)], capture_output=True, text=True, check=True
    )
    unneeded = {"httpx", "tenacity", "spacy", "jsonschema", "sqlite_utils", "datasette", "lxml"}
    assert not unneeded & set(told.stderr.split())


# What a result tells.


def test_spans_are_exact(connection: sqlite3.Connection) -> None:
    texts = dict(connection.execute("select article_id, text from documents").fetchall())
    seen = 0
    for unit in ("claims", "passages"):
        for hit in search(connection, "blood loss fibrin", unit=unit, limit=30).hits:
            for start, end in hit.spans:
                assert hit.start is not None and hit.end is not None
                assert hit.start <= start < end <= hit.end
                found = texts[hit.article_id][start:end]
                assert {key(word) for word in words(found)} & {
                    "blood",
                    "loss",
                    "fibrin",
                    "bleed",
                    "hemorrhag",
                }
                seen += 1
    assert seen > 5


def test_passages_and_articles_are_found(connection: sqlite3.Connection) -> None:
    passages = search(connection, "blood loss fibrin glue", unit="passages").hits
    for hit in passages:
        text, start = connection.execute(
            "select text, start from passages where passage_id = ?", [hit.id]
        ).fetchone()
        assert (text, start) == (hit.display, hit.start)
    assert "fibrin" in passages[0].display
    articles = search(connection, "blood loss fibrin glue", unit="articles").hits
    assert articles[0].article_id == passages[0].article_id


def test_facets_count_what_was_found(connection: sqlite3.Connection) -> None:
    _, ranked, _, _ = ask(connection, "blood loss")
    ids = [name for name, _ in ranked]
    counted = count_facets(connection, ids)
    assert set(counted) == {
        "kind",
        "procedure",
        "tumour",
        "level",
        "measure",
        "design",
        "year",
        "assertion",
    }
    kinds = [
        row[0]
        for each in ids
        for row in connection.execute("select kind from claims where claim_id = ?", [each])
    ]
    assert {each.value: each.count for each in counted["kind"]} == {
        each: kinds.count(each) for each in kinds
    }
    for name, values in counted.items():
        for value in values[:3]:
            found = search(connection, "blood loss", filters={name: value.value}, limit=500)
            assert found.total == value.count, (name, value)


def test_sorts(connection: sqlite3.Connection) -> None:
    years = [hit.year for hit in search(connection, "spine surgery", sort="date", limit=50).hits]
    stated = [year for year in years if year is not None]
    assert stated == sorted(stated, reverse=True) and years[: len(stated)] == stated
    levels = [
        hit.evidence_level
        for hit in search(connection, "spine surgery", sort="evidence", limit=50).hits
    ]
    told = [level for level in levels if level is not None]
    assert told == sorted(told) and levels[: len(told)] == told


def test_more_like_this(connection: sqlite3.Connection) -> None:
    claim = search(connection, "mean blood loss").hits[0]
    alike = similar(connection, claim.id)
    assert alike.hits and claim.id not in {hit.id for hit in alike.hits}
    assert "blood" in alike.hits[0].display
    article = similar(connection, claim.article_id)
    assert article.hits and all(hit.unit == "articles" for hit in article.hits)
    assert similar(connection, "nothing").hint


def test_what_was_retracted_comes_last(copied: Path) -> None:
    with sqlite3.connect(copied) as own:
        first = search(own, "blood loss").hits[0]
        own.execute("update articles set retracted = 1 where article_id = ?", [first.article_id])
        own.commit()
        build_index(copied)
        hits = search(own, "blood loss", limit=500).hits
    assert not hits[0].retracted
    order = [hit.retracted for hit in hits]
    assert order == sorted(order) and any(order)


# SQL.


@pytest.mark.parametrize("source", ["connection", "bare"])
def test_sql_has_search_citations_and_highlights(
    source: str, request: pytest.FixtureRequest
) -> None:
    connection = request.getfixturevalue(source)
    rows = connection.execute(
        """select claims.claim_id, kb_cite(article_id, 'link') as cited,
          kb_highlight(display, 'blood loss', '[', ']') as shown
        from json_each(kb_search('mean blood loss', 'claims', 3)) as found
        join claims on claims.claim_id = found.value order by found.key"""
    ).fetchall()
    hits = search(connection, "mean blood loss", limit=3).hits
    assert [row["claim_id"] for row in rows] == [hit.id for hit in hits]
    assert "[blood loss]" in rows[0]["shown"] and rows[0]["cited"]
    one = connection.execute(
        "select kb_search(null), kb_search(''), kb_cite('nothing'), kb_highlight(null, 'x'), kb_highlight('a b', 'b')"
    ).fetchone()
    assert tuple(one) == (None, "[]", None, None, "a <mark>b</mark>")
    for unit in UNITS:
        (found,) = connection.execute("select kb_search('blood', ?)", [unit]).fetchone()
        assert json.loads(found)


def test_functions_on_another_database_answer_nothing() -> None:
    with sqlite3.connect(":memory:") as other:
        register(other)
        found = other.execute(
            "select kb_search('x'), kb_cite('x'), kb_highlight('a x', 'x', '[', ']')"
        )
        assert found.fetchone() == (None, None, "a [x]")


def test_plain_sqlite_has_full_text_search(database: Path) -> None:
    with sqlite3.connect(database) as plain:
        for sql in (
            """select article_id, snippet(documents_fts, 0, '[', ']', '…', 8), bm25(documents_fts) as score
            from documents_fts join documents on documents.rowid = documents_fts.rowid
            where documents_fts match 'fibrin AND loss' order by score""",
            "select title, bm25(articles_fts) from articles_fts where articles_fts match 'spine' order by 2",
            """select claims.claim_id, snippet(claims_fts, 0, '[', ']', '…', 8), bm25(claims_fts) as score
            from claims_fts join claims on claims.rowid = claims_fts.rowid
            where claims_fts match '"blood loss"' order by score""",
        ):
            assert plain.execute(sql).fetchall()


# The ranking.


def test_scores_are_those_of_bm25f(connection: sqlite3.Connection, database: Path) -> None:
    index = open_index(database)
    assert index is not None
    claims = connection.execute(
        "select claim_id, coalesce(focus, display), display, title from claims join articles using (article_id)"
    ).fetchall()
    asked = "fibrin"
    rows = {row[0]: [words(text or "") for text in row[1:]] for row in claims}
    fields = list(FIELDS["claims"].items())
    frequency: dict[str, float] = {}
    for at, (_, (weight, b)) in enumerate(fields):
        lengths = [len(row[at]) for row in rows.values() if row[at]]
        average = sum(lengths) / len(lengths)
        for name, row in rows.items():
            count = sum(key(word) == key(asked) for word in row[at])
            norm = 1 - b + b * len(row[at]) / average
            if count:
                frequency[name] = frequency.get(name, 0.0) + weight * count / norm
    rarity = math.log(1 + (len(rows) - len(frequency) + 0.5) / (len(frequency) + 0.5))
    expected = {name: rarity * (K1 + 1) * tf / (tf + K1) for name, tf in frequency.items()}
    scores = index.claims.weigh(parse(asked, {}), lambda _: [])
    found = dict(index.claims.best(scores, len(rows)))
    assert found == pytest.approx(expected, rel=1e-4)


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
            assert hit.start is not None and hit.end is not None
            right += any(
                gold[each]["seed"] == sources[hit.article_id]
                and hit.start < gold[each]["end"]
                and gold[each]["start"] < hit.end
                for each in query["top_claims"]
            )
    assert right >= 24


# The index as a cache.


def test_unknown_filters_units_and_sorts_are_refused(connection: sqlite3.Connection) -> None:
    for wrong in ({"filters": {"colour": "red"}}, {"unit": "books"}, {"sort": "colour"}):
        with pytest.raises(ValueError, match="expected"):
            search(connection, "blood", **wrong)  # type: ignore[arg-type]


def test_fts_ranks_what_a_question_needs(bare: sqlite3.Connection) -> None:
    found = rank_by_fts(bare, parse('"blood loss" fibrin', {}), "claims", lambda _: [])
    assert found
    for name, _ in found:
        (display,) = bare.execute(
            "select display from claims where claim_id = ?", [name]
        ).fetchone()
        assert "blood loss" in display.lower()


def test_stop_words_carry_no_topic() -> None:
    assert is_stop("the") and not is_stop("spine")


_DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "search.md"
_QUERIES = re.findall(r"```sql\n(.*?)```", _DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
_TYPED = [
    typed
    for row in re.findall(r"(?m)^\| (`.*?) \|", _DOCUMENT.read_text(encoding="utf-8"))
    for typed in re.findall(r"`([^`]+)`", row)
]


@pytest.mark.parametrize("sql", _QUERIES)
def test_documented_sql_runs(connection: sqlite3.Connection, database: Path, sql: str) -> None:
    assert len(_QUERIES) > 4
    assert connection.execute(sql).fetchall()
    if "kb_" not in sql:
        with sqlite3.connect(database) as plain:
            assert plain.execute(sql).fetchall()


@pytest.mark.parametrize("typed", _TYPED)
def test_documented_questions_are_understood(connection: sqlite3.Connection, typed: str) -> None:
    assert len(_TYPED) > 20
    assert not parse(typed, {}).hints
    for unit in UNITS:
        search(connection, typed, unit=unit)
