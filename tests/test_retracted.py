"""A retracted article is marked wherever it appears and supports no rule, from file to page."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from datasette.app import Datasette

from ingest.yamlfile import load_yaml
from kb import places
from kb.build import build
from kb.cite import cite
from kb.cli import main
from kb.rules import load_rules
from kb.saved import all_queries, run_query
from kb.styles import styles

DOI = "10.1007/s00776-005-0964-y"
ARTICLE = "doi-10-1007-s00776-005-0964-y"
# Retracted and republished: the article itself says so, in a file of its own.
OTHER = "pmid-11224867"
NOTICE = """<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">99999991</PMID><Article>
<Journal><JournalIssue><PubDate><Year>2030</Year></PubDate></JournalIssue><Title>Example Journal</Title></Journal>
<ArticleTitle>A fictional notice.</ArticleTitle><PublicationTypeList><PublicationType>Retraction of Publication</PublicationType></PublicationTypeList></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionOf"><RefSource>Example J. 2005;10:1. doi: {doi}.</RefSource></CommentsCorrections></CommentsCorrectionsList>
</MedlineCitation></PubmedArticle></PubmedArticleSet>"""


def _built(folder: Path, *more: Path) -> Path:
    build([str(places.sample()), *map(str, more)], folder / "kb.db")
    return folder / "kb.db"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kb")
    notice = folder / "notice.xml"
    notice.write_text(NOTICE.format(doi=DOI))
    other = folder / "other.nbib"
    other.write_text(
        "\nPMID- 11224867\nTI  - Surgical strategy for spinal metastases.\nDP  - 2001\n"
        "RRI - Example J. 2031. PMID: 99999992\n"
    )
    return _built(folder, notice, other)


@pytest.fixture
def site(database: Path) -> Datasette:
    return Datasette([], immutables=[str(database)], metadata=load_yaml(places.metadata()))


def _rows(path: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as connection:
        return connection.execute(sql, values).fetchall()


def _told(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


RETRACTED = "select article_id from articles where retracted = 1 and digest = 1 order by article_id"


def test_both_articles_are_marked_and_nothing_else(plain: Path, database: Path) -> None:
    assert _rows(plain, RETRACTED) == []
    assert _rows(database, RETRACTED) == [(ARTICLE,), (OTHER,)]
    assert _rows(database, "select retracted from articles where pmid = '99999991'") == [(0,)]


def test_no_rule_counts_their_claims(plain: Path, database: Path) -> None:
    counted = (
        "select count(*), sum(counted) from evidence join claims using (claim_id)"
        " where article_id in (?, ?)"
    )
    (before,) = _rows(plain, counted, ARTICLE, OTHER)
    (after,) = _rows(database, counted, ARTICLE, OTHER)
    assert before[0] == after[0] > 20 and before[1] > 20, "shown as before"
    assert after[1] == 0, "and not counted"
    labels = "select distinct label from evidence join claims using (claim_id) where article_id = ?"
    assert _rows(database, labels, ARTICLE) == [("retracted article",)]
    results = "select sum(is_patient_result) from claims where article_id = ?"
    assert _rows(plain, results, ARTICLE)[0][0] > 0
    assert _rows(database, results, ARTICLE) == [(0,)]


def test_the_strength_of_a_rule_rests_on_others(plain: Path, database: Path) -> None:
    strength = "select strength_of_evidence ->> 'grade' from rules where rule_id = 'embolization'"
    assert _rows(plain, strength) != [("no evidence",)]
    assert _rows(database, strength) == [("no evidence",)]


async def test_pages_mark_it(site: Datasette, database: Path) -> None:
    claim, rule = _rows(
        database,
        "select claim_id, rule_id from evidence join claims using (claim_id)"
        " where article_id = ? and stance = 'supports' and rule_id = 'tes_by_type'",
        ARTICLE,
    )[0]
    for path in (f"/-/article/{ARTICLE}", f"/-/claim/{claim}", "/-/articles"):
        page = _told((await site.client.get(path)).text)
        assert "RETRACTED" in page and "[Retracted]" in page, path
    page = _told((await site.client.get("/-/search?q=embolization+of+three+levels")).text)
    assert "RETRACTED" in page and "[Retracted]" in page
    page = _told((await site.client.get(f"/-/rule/{rule}?surgical_type=7")).text)
    assert "0 counted of 3" in page and "not counted: retracted article" in page
    assert "[Retracted]" in page and "No counted claim supports this rule." in page
    for table in ("claims", "articles", "sections", "records"):
        page = _told((await site.client.get(f"/kb/{table}?article_id={ARTICLE}")).text)
        assert "[Retracted]" in page or "RETRACTED" in page, table
    page = _told((await site.client.get("/kb/evidence_for_rule?rule=tes_by_type")).text)
    assert "[Retracted]" in page and "retracted article" in page


async def test_no_recommendation_quotes_it(site: Datasette, plain: Path, database: Path) -> None:
    asked = "/-/recommend?surgical_type=7&level=L5"
    unmarked = Datasette([], immutables=[str(plain)], metadata=load_yaml(places.metadata()))
    assert f'href="/-/article/{ARTICLE}"' in (await unmarked.client.get(asked)).text
    page = (await site.client.get(asked)).text
    assert f'href="/-/article/{ARTICLE}"' not in page
    assert "No counted claim supports this rule" in page


def test_commands_mark_it(database: Path, tmp_path: Path) -> None:
    db = ["--db", str(database)]

    def run(*arguments: str) -> str:
        return CliRunner().invoke(main, [*arguments, *db]).output

    assert "RETRACTED" in run("search", "embolization", "total", "en", "bloc", "-n", "200")
    assert "not counted: retracted article" in run("rule", "tes_by_type")
    assert "[Retracted]" in run("claims", "--article", ARTICLE)
    assert "Retracted article" in run("cite", ARTICLE)
    patient = tmp_path / "patient.yml"
    patient.write_text("surgical_type: 7\n")
    told = json.loads(run("recommend", str(patient), "--json"))
    assert told["applies"], "the rule itself still answers"
    assert ARTICLE not in {each["article_id"] for each in told["references"]}


def test_every_style_of_citation_says_so(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.row_factory = sqlite3.Row
        for style in styles():
            told = cite(connection, ARTICLE, style)
            assert style == "link" or "retract" in told.lower(), style
            assert "etracted" not in cite(connection, "pmid-7634599", style), style


def test_saved_queries_name_it_wherever_they_show_it(database: Path) -> None:
    found = all_queries(places.queries(), load_rules(places.rules()))
    with sqlite3.connect(database) as connection:
        for query in found.values():
            answer = run_query(connection, query, dict(query.examples))
            if "article_id" not in answer.columns or "citation" not in answer.columns:
                continue
            for row in answer.rows:
                shown = dict(zip(answer.columns, row, strict=True))
                if shown["article_id"] in {ARTICLE, OTHER}:
                    assert "[Retracted]" in shown["citation"], query.name
