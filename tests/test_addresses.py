"""Addresses of claims, articles, rules and recommendations: they survive rebuilds and revisions."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from kb import places
from kb.addresses import address, canonical_query, find_article, recommendation_address
from kb.build import build
from kb.cite import CitationError, cite
from kb.opening import open_database

PAGE = """\
<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>{pmid}</PMID>
<Article><Journal><Title>Journal of Made-Up Cases</Title></Journal>
<ArticleTitle>Removal of whole vertebrae in a small series</ArticleTitle>
<Abstract><AbstractText>{before}Local recurrence occurred in 2 of 20 patients. {again}
Embolization of the feeding arteries reduced intraoperative blood loss.</AbstractText></Abstract>
</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>
"""


def _claims(connection: sqlite3.Connection) -> dict[str, str]:
    return {
        row["claim_id"]: row["display"]
        for row in connection.execute("select claim_id, display from claims")
    }


def _built(folder: Path, files: dict[str, str]) -> sqlite3.Connection:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    build([str(folder / name) for name in files], folder / "kb.db")
    return open_database(folder / "kb.db")


def test_ids_do_not_depend_on_the_order_of_the_files(tmp_path: Path) -> None:
    files = sorted(str(each) for each in places.sample().iterdir())
    build(files, tmp_path / "one.db")
    build(files[::-1], tmp_path / "two.db")
    one, two = (open_database(tmp_path / name) for name in ("one.db", "two.db"))
    for table, column in (("claims", "claim_id"), ("articles", "article_id"), ("rules", "rule_id")):
        found = [
            {row[0] for row in each.execute(f"select {column} from {table}")} for each in (one, two)
        ]
        assert found[0] and found[0] == found[1]


def test_a_revision_keeps_the_ids_of_what_it_keeps(tmp_path: Path) -> None:
    first = _built(tmp_path / "a", {"x.xml": PAGE.format(pmid=111, before="", again="")})
    revised = PAGE.format(
        pmid=111,
        before="We report our own cases. ",
        again="Local recurrence occurred in 2 of 20 patients. ",
    )
    second = _built(tmp_path / "b", {"x.xml": revised})
    old, new = _claims(first), _claims(second)
    assert len(old) == 2
    assert old.items() <= new.items()
    assert len(new) == 3, "what is said twice has two addresses"


def test_another_format_of_the_article_keeps_the_ids(tmp_path: Path) -> None:
    first = _built(tmp_path / "a", {"x.xml": PAGE.format(pmid=111, before="", again="")})
    nbib = (
        "PMID- 111\nOWN - NLM\nTI  - Removal of whole vertebrae in a small series\n"
        "AB  - Local recurrence occurred in 2 of 20 patients. Embolization of the feeding\n"
        "      arteries reduced intraoperative blood loss.\nJT  - Journal of Made-Up Cases\n"
    )
    second = _built(tmp_path / "b", {"x.nbib": nbib})
    assert _claims(first) == _claims(second)


def test_articles_with_the_same_words_have_claims_of_their_own(tmp_path: Path) -> None:
    ris = (
        "TY  - JOUR\nTI  - Outcome\nAU  - {name}\nPY  - 2001\nSP  - {page}\n"
        "AB  - Local recurrence occurred in 2 of 20 patients.\nER  - \n"
    )
    found = _built(
        tmp_path / "a",
        {
            "one.ris": ris.format(name="Able, A", page="1"),
            "two.ris": ris.format(name="Baker, B", page="9"),
        },
    )
    rows = found.execute("select claim_id, article_id from claims").fetchall()
    assert len(rows) == 2 and len({row["article_id"] for row in rows}) == 2


@pytest.mark.parametrize("number", [222, 111])
def test_ids_are_of_the_article(tmp_path: Path, number: int) -> None:
    one = _built(tmp_path / "a", {"x.xml": PAGE.format(pmid=111, before="", again="")})
    other = _built(tmp_path / "b", {"y.xml": PAGE.format(pmid=number, before="", again="")})
    assert (_claims(one) == _claims(other)) == (number == 111)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("kb") / "kb.db"
    build([str(places.sample())], path)
    return open_database(path)


SCORE = {"visceral_metastases": "none", "growth": "slow", "bone_metastases": "isolated"}


def test_a_recommendation_has_one_address_for_any_order(connection: sqlite3.Connection) -> None:
    query = "bone_metastases=isolated&growth=slow&visceral_metastases=none"
    assert recommendation_address(SCORE) == f"/-/recommend?{query}"
    backwards = "&".join(reversed(query.split("&")))
    texts = {
        cite(connection, each)
        for each in (
            f"recommend?{query}",
            f"recommend?{backwards}",
            f"https://kb.test/-/recommend?{backwards}",
        )
    }
    (text,) = texts
    head, *lines = text.splitlines()
    assert head.endswith(f"/-/recommend?{query}")
    assert [line.split(".")[0] for line in lines] == [str(at + 1) for at in range(len(lines))]
    assert "/-/rule/prognostic_score" in text and "/-/claim/" in text and "“" in text


def test_values_are_written_in_one_way() -> None:
    assert canonical_query({"b": 2.0, "a": True, "c": "L5 "}) == "a=true&b=2&c=L5"


def test_a_recommendation_that_fits_no_rule_is_told(connection: sqlite3.Connection) -> None:
    for query, words in (("surgical_type=9", "maximum of 7"), ("nonsense=1", "no rule asks")):
        with pytest.raises(CitationError, match=words):
            cite(connection, f"recommend?{query}")


def test_addresses_of_the_site_are_cited_as_their_ids(connection: sqlite3.Connection) -> None:
    claim = connection.execute("select claim_id from claims limit 1").fetchone()[0]
    for kind, name in (("claim", claim), ("article", "pmid-16112300"), ("rule", "tes_by_type")):
        for home in ("", "https://kb.test"):
            assert cite(connection, home + address(kind, name)) == cite(connection, name)


def test_an_article_is_found_by_the_address_it_had(connection: sqlite3.Connection) -> None:
    row = connection.execute(
        "select article_id, doi, pmid from articles where article_id like 'pmid-%' and doi is not null"
    ).fetchone()
    old = "doi-" + re.sub(r"[^a-z0-9]+", "-", row["doi"].lower()).strip("-")
    assert find_article(connection, old) == row["article_id"]
    sha = connection.execute(
        "select sha256 from records where article_id = ?", [row["article_id"]]
    ).fetchone()[0]
    assert find_article(connection, f"text-{sha[:12]}") == row["article_id"]
    assert find_article(connection, "doi-10-9999-none") is None


def test_a_fragment_is_only_for_a_page_that_has_the_words(tmp_path: Path) -> None:
    xml = PAGE.format(pmid=111, before="", again="")
    ris = (
        "TY  - JOUR\nTI  - Removal of other vertebrae\nPY  - 2001\nDO  - 10.1234/made.up\n"
        "UR  - https://example.org/landing\n"
        "AB  - Local recurrence occurred in 2 of 20 patients.\nER  - \n"
    )
    found = _built(tmp_path / "a", {"x.xml": xml, "y.ris": ris})
    links = {
        row["article_id"]: cite(found, row["claim_id"], "link")
        for row in found.execute(
            "select claim_id, article_id from claims where display like 'Local%'"
        )
    }
    page = "https://pubmed.ncbi.nlm.nih.gov/111/#:~:text="
    assert links["pmid-111"].startswith(f"{page}Local%20recurrence")
    assert links["doi-10-1234-made-up"] == "https://doi.org/10.1234/made.up"
