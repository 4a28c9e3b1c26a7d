"""The site: every page answers, says what it must, links on, and lets nothing through."""

from __future__ import annotations

import html
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from ingest.yamlfile import load_yaml
from kb import places
from kb.build import build
from kb.rules import load_rules
from kb.saved import QueryError, all_queries, load_queries, parse_query, run_query
from kb.site import pages
from kb.site.links import cell_link
from kb.site.rulebook import served_questions
from kb.site.serving import SETTINGS, serve_arguments
from kb.styles import styles

DISCLAIMER = "does not replace judgement"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kb")
    (folder / "evil.xml").write_text(
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>99999999</PMID><Article><Journal><Title>Example</Title></Journal>"
        "<ArticleTitle>&lt;script&gt;alert(1)&lt;/script&gt; of vertebrectomy</ArticleTitle><Abstract><AbstractText Label='RESULTS'>Blood loss was 900 ml &lt;script&gt;alert(2)&lt;/script&gt;.</AbstractText>"
        "</Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    build([str(places.sample()), str(folder / "evil.xml")], folder / "kb.db")
    return folder / "kb.db"


@pytest.fixture
def site(database: Path) -> Datasette:
    return Datasette(
        [],
        immutables=[str(database)],
        metadata=load_yaml(places.metadata()),
        settings={"suggest_facets": False, "sql_time_limit_ms": 2000},
    )


async def _get(site: Datasette, path: str) -> Any:
    return await site.client.get(path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/-/search?q=blood+loss",
        "/-/rules",
        "/-/articles",
        "/-/about",
        "/-/changes",
        "/-/queries",
        "/-/questions",
        "/-/question/score_to_aim",
        "/-/recommend",
        "/-/recommend?surgical_type=7&level=L5",
        "/-/articles?design=review",
        "/-/rule/tes_by_type?surgical_type=7",
        "/kb",
        "/kb/claims",
        "/kb/articles",
    ],
)
async def test_pages_answer(site: Datasette, path: str) -> None:
    response = await _get(site, path)
    assert response.status_code == 200
    assert "<html" in response.text


async def test_every_question_has_a_page_and_data(site: Datasette) -> None:
    questions = await _get(site, "/-/questions")
    for name in served_questions():
        assert f"/-/question/{name}" in questions.text
        page = await _get(site, f"/-/question/{name}")
        assert page.status_code == 200, name
        assert DISCLAIMER in page.text
        data = (await _get(site, f"/-/question/{name}.json")).json()
        assert ("Not stated." in page.text) == (not data["claims"])
        assert all(html.escape(each["what"]) in page.text for each in data["looked_for"])
    assert (await _get(site, "/-/question/nothing")).status_code == 404


async def test_a_rule_page_shows_what_speaks_to_each_case(site: Datasette) -> None:
    page = (await _get(site, "/-/rule/tes_by_type")).text
    cases = page[page.index("<h2>Cases</h2>") : page.index("<h2>Evidence</h2>")]
    assert "1 quote on this case" in cases and "not recommended for type 7" in cases
    assert "No claim of the knowledge base speaks to this case." in cases
    whole = (await _get(site, "/-/rule/shortening")).text
    assert "Its evidence is that of the rule as a whole." in whole


async def test_every_rule_page_shows_evidence_both_ways_and_the_one_line(site: Datasette) -> None:
    for rule in load_rules(places.rules()):
        response = await _get(site, f"/-/rule/{rule.id}")
        assert response.status_code == 200, rule.id
        for words in ("For", "Qualifying", "Against", "What is missing", DISCLAIMER):
            assert words in response.text, (rule.id, words)


async def test_rule_form_evaluates_and_errors_name_the_field(site: Datasette) -> None:
    assert "not recommended" in (await _get(site, "/-/rule/tes_by_type?surgical_type=7")).text
    assert "surgical_type:" in (await _get(site, "/-/rule/tes_by_type?surgical_type=12")).text
    assert "needs" in (await _get(site, "/-/rule/tes_approach?level=T8")).text
    assert (
        "= <b>18</b>"
        in (
            await _get(
                site,
                "/-/rule/sins?location=junctional&pain=mechanical&bone_lesion=lytic&alignment=subluxation&collapse=over_half&posterolateral=bilateral",
            )
        ).text
    )


async def test_article_marks_claims_and_digests_say_so(site: Datasette) -> None:
    response = await _get(site, "/-/article/pmid-11224867")
    assert response.status_code == 200
    assert "<mark" in response.text and "/-/claim/c" in response.text
    assert "own words about the article" in response.text


async def test_claim_page_shows_quote_context_and_not_stated(
    site: Datasette, database: Path
) -> None:
    with sqlite3.connect(database) as connection:
        (claim,) = connection.execute(
            "select claim_id from measurements where measure = 'overall_survival' and n is null limit 1"
        ).fetchone()
    response = await _get(site, f"/-/claim/{claim}")
    assert response.status_code == 200
    assert (
        "not stated" in response.text
        and "assertion" in response.text
        and "vancouver" in response.text
    )


async def test_claim_page_of_a_text_without_headings_leaves_the_section_out(
    site: Datasette, database: Path
) -> None:
    with sqlite3.connect(database) as connection:
        (claim,) = connection.execute(
            "select claim_id from claims where coalesce(section_heading, '') = '' limit 1"
        ).fetchone()
    text = (await _get(site, f"/-/claim/{claim}")).text
    assert "</a> · characters" in text


async def test_claim_page_shows_whose_number_it_is_and_against_whom(
    site: Datasette, database: Path
) -> None:
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "select claim_id, group_text, comparator from measurements"
            " where measure = 'ambulation' and group_text is not null and comparator is not null"
        ).fetchall()
    assert {group for _, group, _ in rows} >= {"surgery group", "radiotherapy group"}
    for claim, group, comparator in rows:
        text = (await _get(site, f"/-/claim/{claim}")).text
        numbers = text[text.index("<h2>Numbers</h2>") :]
        assert f">{group} <span" in numbers and f"against</span> {comparator}</td>" in numbers


async def test_a_number_half_stated_is_shown_as_far_as_it_is_stated(
    database: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "kb.db"
    copy.write_bytes(database.read_bytes())
    with sqlite3.connect(copy) as connection:
        (claim,) = connection.execute("select claim_id from measurements limit 1").fetchone()
        connection.execute(
            "update measurements set low = 3, high = null, ci_low = 1, ci_high = null,"
            " ci_level = null where claim_id = ?",
            [claim],
        )
    response = await Datasette([], immutables=[str(copy)]).client.get(f"/-/claim/{claim}")
    assert response.status_code == 200
    assert "from 3" in response.text and "CI 1 to ?" in response.text


async def test_every_page_of_the_knowledge_base_answers(site: Datasette, database: Path) -> None:
    with sqlite3.connect(database) as connection:
        paths = [
            row[0]
            for row in connection.execute(
                "select '/-/claim/' || claim_id from claims union all"
                " select '/-/article/' || article_id from articles union all"
                " select '/-/rule/' || rule_id from rules"
            )
        ]
    broken = [path for path in paths if (await _get(site, path)).status_code != 200]
    assert len(paths) > 200 and broken == []


async def test_no_script_of_a_source_runs(site: Datasette, database: Path) -> None:
    with sqlite3.connect(database) as connection:
        (claim,) = connection.execute(
            "select claim_id from claims where article_id = 'pmid-99999999'"
        ).fetchone()
    for path in (
        "/-/article/pmid-99999999",
        f"/-/claim/{claim}",
        "/-/search?q=vertebrectomy",
        "/-/articles",
        "/-/search?q=<script>alert(3)</script>",
    ):
        text = (await _get(site, path)).text
        assert "<script>alert" not in text, path


async def test_pages_forbid_foreign_and_inline_scripts(site: Datasette) -> None:
    for path in ("/", "/-/article/pmid-99999999", "/-/search?q=vertebrectomy"):
        policy = (await _get(site, path)).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy


async def test_recommend_quotes_the_right_side_and_says_what_it_needs(site: Datasette) -> None:
    text = (await _get(site, "/-/recommend?surgical_type=7")).text
    answer = text[text.index('id="answer"') :]
    assert DISCLAIMER in text
    assert "Total en bloc spondylectomy is not recommended." in answer
    mine = answer[answer.index("/-/rule/tes_by_type") :]
    mine = mine[: mine.index("</article>")]
    assert "not recommended for type 7" in mine
    assert "recommended for lesions of surgical type 3" not in mine
    assert "Citations" in answer and 'id="c1"' in answer
    assert "Rules that need more" in answer
    # The quote leads on to its claim.
    claim = mine[mine.index("/-/claim/") :].split('"')[0]
    assert (await _get(site, claim)).status_code == 200


async def test_a_case_says_when_it_applies(site: Datasette) -> None:
    text = (await _get(site, "/-/rule/tes_by_type")).text
    assert "surgical type 3, 4 or 5" in text and "surgical type 7" in text


async def test_the_facts_of_a_patient_do_not_fill_the_search_box(site: Datasette) -> None:
    text = (await _get(site, "/-/recommend?surgical_type=7")).text
    box = re.search(r'<input id="q"[^>]*>', text)
    assert box and 'value=""' in box[0]
    assert 'href="/-/recommend.json?surgical_type=7"' in text


async def test_advice_against_beside_advice_for_is_no_conflict_of_one_rule(site: Datasette) -> None:
    found = (await _get(site, "/-/recommend.json?surgical_type=7")).json()
    assert "tes_by_type" in str(found["applies"])
    assert not [each for each in found["conflicts"] if "names another" in each["note"]]


async def test_recommend_passes_a_score_on_and_names_what_does_not_fit(site: Datasette) -> None:
    text = (
        await _get(
            site,
            "/-/recommend?growth=slow&visceral_metastases=none&bone_metastases=isolated&ecog=9",
        )
    ).text
    assert "= <b>2</b>" in text
    assert "/-/rule/score_to_aim" in text[text.index("Rules that apply") :]
    assert "ecog:" in text[text.index("Inputs that do not fit") :]
    assert "Traceback" not in text


async def test_citations_are_offered_as_files(site: Datasette) -> None:
    page = (await _get(site, "/-/article/pmid-11224867")).text
    links = re.findall(r'href="(/-/cite/[^"]+)"', page)
    assert links
    for each in links:
        response = await _get(site, each)
        assert response.status_code == 200
        assert "html" not in response.headers["content-type"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "attachment" in response.headers["content-disposition"]
        assert "attachment" in response.headers["content-disposition"]
    ris = (await _get(site, "/-/cite/pmid-11224867?style=ris")).text
    assert ris.startswith("TY  - ") and "ER  - " in ris
    assert "Total en bloc" in (await _get(site, "/-/cite/tes_by_type")).text
    assert (await _get(site, "/-/cite/pmid-11224867?style=nope")).status_code == 404
    assert (await _get(site, "/-/cite/nope")).status_code == 404


async def test_search_marks_words_and_narrows(site: Datasette) -> None:
    text = (await _get(site, "/-/search?q=blood+loss")).text
    assert "<mark>blood loss</mark>" in text.lower()
    assert "design=" in text and "procedure=" in text
    narrowed = (await _get(site, "/-/search?q=blood+loss&kind=risk")).text
    assert "Remove kind risk" in narrowed
    assert "k-outcome" not in narrowed[narrowed.index('class="hits"') :]
    far = await _get(site, "/-/search?q=blood+loss&page=99&year=x")
    assert far.status_code == 200
    second = (await _get(site, "/-/search?q=spondylectomy+surgery+patients&page=2")).text
    assert 'start="26"' in second and 'rel="prev"' in second


async def test_queries_page_leads_to_examples_that_run(site: Datasette) -> None:
    text = (await _get(site, "/-/queries")).text
    links = re.findall(r'href="(/kb/[^"]+)"', text)
    assert len(links) >= 20
    for each in links:
        assert (await _get(site, html.unescape(each))).status_code == 200, each


async def test_another_database_beside_is_left_alone(database: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("create table t (a)")
    both = Datasette([str(other)], immutables=[str(database)])
    assert (await both.client.get("/other.json")).json()["queries"] == []
    assert (await both.client.get("/")).status_code == 200


@pytest.mark.parametrize("path", ["/-/rule/nope", "/-/article/nope", "/-/claim/nope"])
async def test_what_is_not_there_is_not_found(site: Datasette, path: str) -> None:
    response = await _get(site, path)
    assert response.status_code == 404
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "text",
    [
        "'; drop table claims",
        '"unbalanced',
        "type:7 AND (",
        "* NOT",
        "%00",
        "a" * 3000,
        "NEAR/2",
        "-",
    ],
)
async def test_any_search_text_is_an_answer(site: Datasette, text: str) -> None:
    response = await site.client.get("/-/search", params={"q": text})
    assert response.status_code == 200


async def test_saved_queries_are_served_by_plain_datasette(site: Datasette) -> None:
    for name, query in all_queries(places.queries(), load_rules(places.rules())).items():
        response = await site.client.get(
            f"/kb/{name}.json", params={**query.examples, "_shape": "array"}
        )
        assert response.status_code == 200, (name, response.text[:200])


async def test_sql_has_the_search(site: Datasette) -> None:
    sql = "select claims.display, kb_highlight(claims.display, :q) as shown from json_each(kb_search(:q)) as found join claims on claims.claim_id = found.value order by found.key limit 3"
    response = await site.client.get(
        "/kb.json", params={"sql": sql, "q": "blood loss", "_shape": "array"}
    )
    rows = response.json()
    assert len(rows) == 3 and all("<mark>" in row["shown"] for row in rows)


async def test_sql_is_open_and_bounded(site: Datasette) -> None:
    good = await _get(site, "/kb.json?sql=select+count(*)+as+n+from+claims&_shape=array")
    assert good.json()[0]["n"] > 100
    cite = await _get(site, "/kb.json?sql=select+kb_cite('pmid-16112300')+as+c&_shape=array")
    assert cite.json()[0]["c"].startswith("Patchell")
    bomb = await _get(site, "/kb.json?sql=select+length(randomblob(1000000000))")
    assert bomb.status_code == 400


async def test_identifiers_in_tables_are_links(site: Datasette) -> None:
    response = await _get(site, "/kb/claims_by_kind?kind=risk")
    assert 'href="/-/claim/' in response.text


def test_links_are_escaped() -> None:
    assert "<script>" not in str(cell_link("claim_id", "<script>"))
    assert cell_link("url", "javascript:alert(1)") is None


def test_serving_is_immutable_and_bounded() -> None:
    arguments = serve_arguments(Path("kb.db"), Path("metadata.yml"), "127.0.0.1", 8001)
    assert arguments[:3] == ["serve", "-i", "kb.db"]
    assert arguments[arguments.index("suggest_facets") + 1] == "off"
    # The same settings are told to those who run plain Datasette.
    told = places.metadata().read_text(encoding="utf-8").split("databases:")[0]
    for name, value in SETTINGS.items():
        assert f"--setting {name} {value}" in told


def test_every_table_and_column_is_described_and_no_other() -> None:
    described = load_yaml(places.metadata())["databases"]["kb"]["tables"]
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        (Path(places.__file__).parent / "schema.sql").read_text(encoding="utf-8")
    )
    names = [
        row[0]
        for row in connection.execute(
            "select name from sqlite_master where type in ('table', 'view')"
        )
    ]
    assert {name for name, each in described.items() if not each.get("hidden")} == set(names)
    for name in names:
        columns = [row[1] for row in connection.execute(f"pragma table_info({name})")]
        assert list(described[name]["columns"]) == columns, name
        assert all(each.strip() for each in described[name]["columns"].values())


def test_a_query_file_without_header_or_example_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("select 1")
    (tmp_path / "b.sql").write_text("-- title: B\n-- description: b\nselect :x")
    (tmp_path / "c.sql").write_text("-- title: C\n-- description: c\nselect nope from claims")
    with pytest.raises(QueryError) as error:
        load_queries(tmp_path)
    assert all(name in str(error.value) for name in ("a.sql", "b.sql", "c.sql"))


def test_parameters_are_named_and_all_asked_for(database: Path) -> None:
    query = parse_query(
        "q",
        "-- title: T\n-- description: d\n-- example: kind=risk\nselect claim_id from claims where kind = :kind and display <> ':no'",
    )
    assert query.parameters == ("kind",)
    with sqlite3.connect(database) as connection:
        assert run_query(connection, query, {"kind": "risk"}).rows
        with pytest.raises(QueryError, match="kind is missing"):
            run_query(connection, query, {})


async def test_every_style_of_every_kind_is_offered(site: Datasette) -> None:
    claim = (await _get(site, "/-/article/pmid-11224867")).text
    name = re.findall(r'href="/-/claim/(c[0-9a-f]{14})"', claim)[0]
    paths = (
        f"/-/claim/{name}",
        "/-/article/pmid-11224867",
        "/-/rule/tes_by_type",
        "/-/recommend?growth=slow&visceral_metastases=none&bone_metastases=isolated",
    )
    for path in paths:
        text = (await _get(site, path)).text
        assert text.count('<pre class="citation">') == len(styles()), path
        stable = re.findall(r'class="quiet stable">[^<]*<a href="http://localhost([^"]+)"', text)
        assert len(stable) == 1, path
        assert (await _get(site, stable[0].replace("&amp;", "&"))).status_code == 200


async def test_a_recommendation_is_a_file(site: Datasette) -> None:
    path = "/-/cite/recommend?growth=slow&visceral_metastases=none&bone_metastases=isolated"
    response = await _get(site, f"{path}&style=ris")
    assert response.status_code == 200
    assert response.text.count("TY  - ") > 2 and "N1  - Quoted" in response.text
    assert (await _get(site, "/-/cite/recommend?surgical_type=9")).status_code == 404


async def test_standards_are_offered_as_files(site: Datasette) -> None:
    for page, standard in (("rule/tes_by_type", "fhir"), ("article/pmid-11224867", "annotations")):
        text = (await _get(site, f"/-/{page}")).text
        (link,) = re.findall(rf'href="(/-/export/{standard}[^"]+)"', text)
        response = await _get(site, link)
        assert response.status_code == 200
        assert response.json()
        assert "attachment" in response.headers["content-disposition"]
    assert (await _get(site, "/-/export/fhir?rule=nope")).status_code == 404
    assert (await _get(site, "/-/export/nope")).status_code == 404


async def test_the_stored_text_is_what_positions_point_into(site: Datasette) -> None:
    page = (await _get(site, "/-/export/annotations?article=pmid-11224867")).json()
    target = page["items"][0]["target"][0]
    text = (await _get(site, target["source"]["id"].partition("localhost")[2])).text
    quote, place = target["selector"]
    assert text[place["start"] : place["end"]] == quote["exact"]
    assert (await _get(site, "/-/text/nope")).status_code == 404


async def test_an_article_leads_on_from_the_address_it_had(site: Datasette) -> None:
    response = await site.client.get("/-/article/doi-10-1097-00007632-200102010-00016")
    assert response.status_code == 302
    assert response.headers["location"] == "/-/article/pmid-11224867"


async def test_what_no_source_states_is_said_in_tables(site: Datasette) -> None:
    text = (await _get(site, "/kb/measured_values?measure=blood_loss")).text
    assert '<span class="unsaid">not stated</span>' in text
    rows = (await _get(site, "/kb/measured_values.json?measure=blood_loss&_shape=array")).json()
    assert any(row["n"] is None for row in rows), "data keep their nulls"
    # What is none, and not unsaid, stays empty.
    assert cell_link("restates", None) is None and cell_link("subkind", None) is None


async def test_pages_of_tables_tell_their_language_and_have_landmarks(site: Datasette) -> None:
    for path in ("/kb", "/kb/claims", "/kb/gaps?rule=", "/kb/claims/nope"):
        text = (await _get(site, path)).text
        assert '<html lang="en">' in text and text.count("<main") == 1, path
        assert re.search(r"<title>\s*\S", text) and DISCLAIMER in text, path


async def test_articles_are_listed_in_pages(
    site: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = re.findall(r'href="/-/article/([^"#]+)"', (await _get(site, "/-/articles")).text)
    monkeypatch.setattr(pages, "LISTED", 10)
    found: list[str] = []
    path: str | None = "/-/articles"
    while path:
        text = (await _get(site, path)).text
        found += re.findall(r'href="/-/article/([^"#]+)"', text)
        after = re.search(r'<a rel="next" href="([^"]+)"', text)
        path = html.unescape(after[1]) if after else None
    assert found == every and len(found) > 30
    last = (await _get(site, "/-/articles?page=99")).text
    assert 'rel="next"' not in last and 'href="/-/article/' in last
    for page in ("0", "-1", "x", "1e9", ""):
        assert (await _get(site, f"/-/articles?page={page}")).status_code == 200


async def test_pages_of_errors_have_the_look(site: Datasette) -> None:
    response = await _get(site, "/kb/nothing_of_the_kind")
    assert response.status_code == 404
    assert "site.css" in response.text and DISCLAIMER in response.text
