"""Addresses of claims, articles, rules and recommendations: they survive rebuilds and revisions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kb import places
from kb.build import build, open_database

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
