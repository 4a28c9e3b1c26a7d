"""What may be typed into the search: operators, fields, quotes, slips, and texts of any kind."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.cli import main
from kb.highlighting import find_spans, mark
from kb.hits import SORTS, UNITS
from kb.querying import parse, table_of
from kb.questions import Concept, Either, Exact, Not, Prefix, Restriction
from kb.search import search
from kb.words import key, words


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
