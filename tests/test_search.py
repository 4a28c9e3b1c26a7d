"""Search: questions as typed, the query language, how results are meant, the index as a cache."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kb
from kb import places
from kb.build import build
from kb.cli import main
from kb.facets import count_facets
from kb.fulltext import rank_by_fts
from kb.functions import register
from kb.highlighting import find_spans, mark
from kb.hits import SORTS, UNITS
from kb.index import build_index, index_folder, open_index, rebuild
from kb.indexing import FIELDS, Share, write_share
from kb.querying import parse, table_of
from kb.questions import Concept, Either, Exact, Not, Prefix, Restriction
from kb.ranking import K1, Collection
from kb.search import ask, search, similar
from kb.words import is_stop, key, words


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kb") / "kb.db"
    build([str(places.sample())], path)
    return path


@pytest.fixture(scope="module")
def connection(database: Path) -> sqlite3.Connection:
    return kb.open(database)


@pytest.fixture(scope="module")
def bare(database: Path, tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    """The same database where there is no index: FTS5 answers."""
    copy = tmp_path_factory.mktemp("bare") / "kb.db"
    shutil.copy(database, copy)
    return kb.open(copy)


@pytest.fixture
def copied(database: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy.db"
    shutil.copy(database, copy)
    return copy


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


def _displays(connection: sqlite3.Connection, query: str, **more: Any) -> list[str]:
    return [hit.display.lower() for hit in search(connection, query, limit=500, **more).hits]


@pytest.mark.parametrize("source", ["connection", "bare"])
def test_not_leaves_out_what_it_names(source: str, request: pytest.FixtureRequest) -> None:
    connection = request.getfixturevalue(source)
    every = set(_displays(connection, "loss"))
    for query in ("loss NOT blood", "loss -blood"):
        left = set(_displays(connection, query))
        assert left == {each for each in every if "blood" not in words(each)}
        assert left < every


def test_andnot_is_no_operator(connection: sqlite3.Connection) -> None:
    assert "andnot" in parse("loss ANDNOT blood", {}).terms


@pytest.mark.parametrize("source", ["connection", "bare"])
def test_and_or_and_parentheses(source: str, request: pytest.FixtureRequest) -> None:
    connection = request.getfixturevalue(source)
    both = set(_displays(connection, "fibrin AND blood"))
    assert both and all("fibrin" in each and "blood" in each for each in both)
    either = set(_displays(connection, '"fibrin glue" OR "hospice care"'))
    assert any("hospice care" in each for each in either)
    assert all("fibrin glue" in each or "hospice care" in each for each in either)
    grouped = set(_displays(connection, "blood AND (fibrin OR levels)"))
    assert both <= grouped
    assert all("blood" in each for each in grouped)


@pytest.mark.parametrize("source", ["connection", "bare"])
def test_quoted_text_is_exact_and_a_star_is_a_beginning(
    source: str, request: pytest.FixtureRequest
) -> None:
    connection = request.getfixturevalue(source)
    exact = _displays(connection, '"mean blood loss"')
    assert exact and all("mean blood loss" in each for each in exact)
    begun = _displays(connection, "embol*")
    assert begun and all("embol" in each for each in begun)


def test_quoted_words_keep_their_form(connection: sqlite3.Connection) -> None:
    every, exact = (_displays(connection, query) for query in ("embolizations", '"embolizations"'))
    assert every and not exact


def test_quoted_words_that_nothing_has_are_offered_without_quotes(
    connection: sqlite3.Connection,
) -> None:
    found = search(connection, 'blood "loss of fibrin blood"')
    assert not found.hits and found.did_you_mean == "blood loss of fibrin blood"
    assert "as they stand" in (found.hint or "")


def test_a_build_without_a_place_for_the_index_still_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("KB_CACHE", str(tmp_path / "file"))
    build([str(places.sample() / "tes_review.txt")], tmp_path / "kb.db")
    with sqlite3.connect(tmp_path / "kb.db") as own:
        found = search(own, "blood loss")
    assert found.engine == "fts5" and found.hits


def test_near_is_within_so_many_words(connection: sqlite3.Connection) -> None:
    close = _displays(connection, '"glue loss"~4')
    far = _displays(connection, "glue NEAR/30 loss")
    assert set(close) <= set(far) and far
    for each in close:
        row = words(each)
        assert any(
            abs(row.index("glue") - at) <= 5 for at, word in enumerate(row) if word == "loss"
        )


def test_fields_and_ranges(connection: sqlite3.Connection) -> None:
    years = {hit.year for hit in search(connection, "spine year:2000..2006", limit=500).hits}
    assert years and all(year is not None and 2000 <= year <= 2006 for year in years)
    same = {hit.year for hit in search(connection, "spine year:[2000 TO 2006]", limit=500).hits}
    assert same == years
    for query in ("year:>=2010 spine", "date:>2009 spine"):
        later = search(connection, query, limit=500).hits
        assert later and all(hit.year is not None and hit.year >= 2010 for hit in later)
    kinds = {hit.kind for hit in search(connection, "kind:risk blood", limit=500).hits}
    assert kinds == {"risk"}
    refused = {hit.kind for hit in search(connection, "blood NOT kind:risk", limit=500).hits}
    assert refused and "risk" not in refused
    for unit in UNITS:
        titled = search(connection, "title:scoring", unit=unit, limit=500).hits
        titles = dict(connection.execute("select article_id, title from articles").fetchall())
        assert titled
        assert all("scor" in titles[hit.article_id].lower() for hit in titled)
        by = search(connection, "author:Tomita", unit=unit, limit=500).hits
        assert by and all("Tomita" in hit.citation for hit in by)
    assert not search(connection, "title:zzz blood").hits


@pytest.mark.parametrize("source", ["connection", "bare"])
@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("blood (loss", "parentheses"),
        ('"blood loss', "quotation mark"),
        ("blood AND", "joins nothing"),
        ("AND blood", "joins nothing"),
        ("blood NOT", "NOT stands at the end"),
        ("colour:red blood", "is no field"),
        ("year:soon blood", "no value"),
        (" ".join(["blood"] * 200), "first 48 words"),
    ],
)
def test_bad_syntax_is_searched_as_text_with_a_hint(
    source: str, query: str, hint: str, request: pytest.FixtureRequest
) -> None:
    found = search(request.getfixturevalue(source), query)
    assert found.hits, query
    assert hint in (found.hint or "")


def test_a_slip_is_searched_as_meant_and_said(connection: sqlite3.Connection) -> None:
    found = search(connection, "spondylectmy fibirn")
    assert found.did_you_mean == "spondylectomy fibrin"
    assert "spondylectomy" in (found.hint or "")
    right = search(connection, "spondylectomy fibrin")
    assert [hit.id for hit in found.hits] == [hit.id for hit in right.hits]
    assert right.did_you_mean is None


@pytest.mark.parametrize("typed", ["GLVE", "gLueX", "glvs", "FIBRIM loss"])
def test_a_code_or_a_short_word_is_never_searched_as_another(
    connection: sqlite3.Connection, typed: str
) -> None:
    assert "instead of" not in (search(connection, typed).hint or "")


def test_an_abbreviation_says_every_word_of_its_name() -> None:
    names = {
        ("total", "marrow", "score"): (("tms",), ("marrow", "rating")),
        ("tms",): (("total", "marrow", "score"),),
    }
    wanted = parse("total marrow score of women", names).wanted
    assert Concept((("marrow",),), implied_by=(("tms",),)) in wanted
    assert Concept((("women",),)) in wanted
    # Another name that is no abbreviation says nothing of the single words.
    assert all(("marrow", "rating") not in each.implied_by for each in wanted)  # type: ignore[union-attr]


def test_forms_and_synonyms_are_found(connection: sqlite3.Connection) -> None:
    one = {hit.id for hit in search(connection, "tumour", limit=500).hits}
    other = {hit.id for hit in search(connection, "tumors", limit=500).hits}
    assert one == other and one
    named = {hit.id for hit in search(connection, "TES", limit=500).hits}
    spelled = {hit.id for hit in search(connection, "total en bloc spondylectomy", limit=500).hits}
    assert named <= spelled
    assert search(connection, "spinal mets", limit=500).hits


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tumours", "tumor"),
        ("embolisation", "embolized"),
        ("haemostasis", "hemostasis"),
        ("dislodgement", "dislodgment"),
        ("metastases", "mets"),
        ("two", "2"),
        ("1,000", "1000"),
        ("naïve", "naive"),
        ("β", "beta"),
        ("SREs", "SRE"),
        ("GCTs", "GCT"),
    ],
)
def test_words_told_alike(one: str, other: str) -> None:
    assert key(one.lower()) == key(other.lower())


@pytest.mark.parametrize(("one", "other"), [("news", "new"), ("loss", "los"), ("virus", "viru")])
def test_words_told_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_parsing_keeps_words_apart() -> None:
    question = parse('T-saw "no recurrence" embol* -rat title:spine', {}, "articles")
    assert Concept((("saw",),)) in question.wanted
    assert Prefix("embol") in question.wanted
    assert Exact(("no", "recurrence")) in question.needed
    assert Not(Concept((("rat",),))) in question.needed
    assert Concept((("spine",),), "title") in question.needed
    assert parse("title:spine", {}, "claims").needed == (
        Restriction("title", part=Concept((("spine",),), "title")),
    )
    assert isinstance(parse("a1 OR b2", {}).wanted[0], Either)


def test_a_concept_is_known_by_its_name_with_its_stop_words() -> None:
    names = table_of([["ease of walking", "gait comfort", "EOW"]])
    wanted = parse("what is the ease of walking", names).wanted
    (concept,) = (each for each in wanted if isinstance(each, Concept) and len(each.ways) > 1)
    assert ("ease", "of", "walking") in concept.ways and ("gait", "comfort") in concept.ways
    assert Concept((("walking",),), implied_by=(("eow",),)) in wanted
    # The name is asked for as one: its words are no neighbours besides.
    assert parse("fast ease of walking", names).pairs == (("fast", "ease"),)


@pytest.mark.parametrize("typed", ["author: Tomita", "author:Tomita", "AUTHOR:tomita"])
def test_a_field_may_be_followed_by_a_blank(typed: str) -> None:
    assert parse(typed, {}, "articles").needed == (Concept((("tomita",),), "authors"),)


def test_a_title_in_capitals_has_no_operators() -> None:
    shouted = parse("SURGERY AND RADIOTHERAPY FOR METASTASES NOT YET TREATED", {})
    assert not shouted.needed and Concept((("radiotherapy",),)) in shouted.wanted
    assert parse("MRI AND CT", {}).needed


def test_an_identifier_finds_its_article(connection: sqlite3.Connection) -> None:
    name, doi = connection.execute(
        "select article_id, doi from articles where doi is not null"
    ).fetchone()
    for typed in (doi, f"https://doi.org/{doi}", f"doi:{doi}", f'article:"{name}"'):
        assert [hit.id for hit in search(connection, typed, unit="articles").hits] == [name], typed


# Any text is an answer.

_PIECES = [
    *"""\"()*:~-+[]<>&|^{}\\/;'%_.,?!#@""",
    *("\0", "\n", "\t", "\ud800", "🧠", "א", "م", "\u202e", "ß", "ﬁ", "\u0301", "x", " ", "  "),
    *(" AND ", " OR ", " NOT ", " NEAR/2 ", "title:", "author:", "year:", "date:[", "TO", ".."),
    *("tes", "blood", "loss", "7", "T4", "2006", "kind:", "evidence:"),
]
_NASTY = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    query=st.one_of(_NASTY, st.text(max_size=60)),
    unit=st.sampled_from(UNITS),
    sort=st.sampled_from(SORTS),
)
def test_no_text_is_an_error(
    connection: sqlite3.Connection, bare: sqlite3.Connection, query: str, unit: str, sort: str
) -> None:
    for each in (connection, bare):
        found = search(each, query, unit=unit, sort=sort)
        assert found.hits or found.hint
        assert found.total >= len(found.hits)
        for hit in found.hits[:3]:
            assert (
                mark(hit.display, find_spans(hit.display, parse(query, {})), "", "") == hit.display
            )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        '"',
        "the of and",
        "***",
        "NOT",
        "\0",
        "-",
        "title:",
        "a" * 100_000,
        "(" * 5000,
        '"' * 999,
        "NOT " * 3000,
        "x OR " * 3000,
        "🧠🧠",
        "أهلا",
        "()" * 400,
    ],
)
def test_hard_texts(connection: sqlite3.Connection, bare: sqlite3.Connection, query: str) -> None:
    for each in (connection, bare):
        found = search(each, query)
        assert found.hits or found.hint


@pytest.mark.parametrize("query", ["\udcff blood", "kind:\ud800", "\udfff"])
def test_a_shell_that_reads_no_utf8_gets_an_answer(database: Path, query: str) -> None:
    told = CliRunner().invoke(main, ["search", "--db", str(database), "--json", "--", query])
    assert told.exit_code in {0, 1} and json.loads(told.stdout)["query"]


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


def test_unknown_filters_units_and_sorts_are_refused(connection: sqlite3.Connection) -> None:
    for wrong in ({"filters": {"colour": "red"}}, {"unit": "books"}, {"sort": "colour"}):
        with pytest.raises(ValueError, match="expected"):
            search(connection, "blood", **wrong)  # type: ignore[arg-type]


def test_old_indexes_are_removed(copied: Path) -> None:
    for number in range(4):
        with sqlite3.connect(copied) as connection:
            connection.execute(
                "update meta set value = ? where key = 'generation'", [f"generation{number}"]
            )
        folder = build_index(copied)
    assert sum(each.is_dir() for each in folder.parent.iterdir()) == 2


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
