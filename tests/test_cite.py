"""Citations: what is known, nothing invented, in forms that other tools read."""

from __future__ import annotations

import json
import sqlite3

import pytest

from kb import places
from kb.build import build
from kb.cite import CitationError, cite
from kb.styles import styles


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("kb") / "kb.db"
    build([str(places.sample())], path)
    found = sqlite3.connect(path)
    found.row_factory = sqlite3.Row
    return found


def test_vancouver_has_six_authors_then_et_al(connection: sqlite3.Connection) -> None:
    assert cite(connection, "pmid-16112300") == (
        "Patchell RA, Tibbs PA, Regine WF, Payne R, Saris S, Kryscio RJ, et al. Direct decompressive surgical resection in the treatment of spinal cord"
        " compression caused by metastatic cancer: a randomised trial. Lancet. 2005;366(9486):643-8. doi:10.1016/S0140-6736(05)66954-1"
    )


def test_an_author_suffix_is_kept(connection: sqlite3.Connection) -> None:
    assert cite(connection, "pmid-15701283").startswith("Klimo P Jr, Thompson CJ")


def test_csl_json_has_only_what_is_known(connection: sqlite3.Connection) -> None:
    (item,) = json.loads(cite(connection, "pmid-7634599", "csl-json"))
    assert item["issued"] == {"date-parts": [[1995, 3]]}
    assert "volume" not in item and "DOI" not in item
    assert item["author"] == [{"family": "Hosono", "given": "N"}]


def test_ris_and_bibtex_carry_the_same_facts(connection: sqlite3.Connection) -> None:
    ris = dict(
        line.split("  - ", 1)
        for line in cite(connection, "pmid-11224867", "ris").splitlines()
        if not line.startswith(("AU", "ER"))
    )
    assert (ris["PY"], ris["VL"], ris["SP"], ris["EP"], ris["DO"]) == (
        "2001",
        "26",
        "298",
        "306",
        "10.1097/00007632-200102010-00016",
    )
    bibtex = cite(connection, "pmid-11224867", "bibtex")
    assert (
        "pages = {298--306}" in bibtex
        and "title = {{Surgical strategy for spinal metastases.}}" in bibtex
    )


def test_a_digest_is_never_linked_by_its_words(connection: sqlite3.Connection) -> None:
    claim = connection.execute(
        "select claim_id from claims where article_id = 'pmid-11224867'"
    ).fetchone()[0]
    assert "#:~:text=" not in cite(connection, claim, "link")
    connection.execute("update articles set digest = 0 where article_id = 'pmid-11224867'")
    assert "#:~:text=" in cite(connection, claim, "link")
    connection.rollback()


def test_a_rule_is_cited_by_where_it_was_stated(connection: sqlite3.Connection) -> None:
    assert "J Orthop Sci" in cite(connection, "tes_by_type")


@pytest.mark.parametrize("style", styles())
def test_every_article_in_every_style_invents_nothing(
    connection: sqlite3.Connection, style: str
) -> None:
    for (identifier,) in connection.execute("select article_id from articles").fetchall():
        text = cite(connection, identifier, style)
        assert text and "None" not in text and "null" not in text.replace("annull", "")


def test_unknown_ids_and_styles_are_told(connection: sqlite3.Connection) -> None:
    with pytest.raises(CitationError, match="no such claim"):
        cite(connection, "nope")
    with pytest.raises(CitationError, match="vancouver"):
        cite(connection, "pmid-7634599", "nope")


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (
            "ama",
            "Patchell RA, Tibbs PA, Regine WF, et al. Direct decompressive surgical resection in the treatment of spinal cord compression"
            " caused by metastatic cancer: a randomised trial. Lancet. 2005;366(9486):643-648. doi:10.1016/S0140-6736(05)66954-1",
        ),
        (
            "apa",
            "Patchell, R. A., Tibbs, P. A., Regine, W. F., Payne, R., Saris, S., Kryscio, R. J., Mohiuddin, M., & Young, B. (2005)."
            " Direct decompressive surgical resection in the treatment of spinal cord compression caused by metastatic cancer:"
            " a randomised trial. Lancet, 366(9486), 643–648. https://doi.org/10.1016/S0140-6736(05)66954-1",
        ),
    ],
)
def test_styles_of_journals(connection: sqlite3.Connection, style: str, text: str) -> None:
    assert cite(connection, "pmid-16112300", style) == text


@pytest.mark.parametrize("style", ["ama", "apa"])
def test_names_that_the_source_left_out_are_owned_up_to(
    connection: sqlite3.Connection, style: str
) -> None:
    rows = connection.execute(
        "select article_id from articles where authors_complete = 0 and article_id in (select article_id from authors)"
    ).fetchall()
    assert rows
    for (identifier,) in rows:
        text = cite(connection, identifier, style)
        assert ", et al." in text and "et al.." not in text and "& et al" not in text


def test_an_article_without_authors_begins_with_its_title(connection: sqlite3.Connection) -> None:
    rows = connection.execute(
        "select article_id, title from articles where title is not null and article_id not in (select article_id from authors)"
    ).fetchall()
    assert rows
    for identifier, title in rows:
        for style in ("ama", "apa"):
            text = cite(connection, identifier, style)
            assert text.startswith(title.rstrip(".")) and text.count(title.rstrip(".")) == 1


def test_nbib_has_a_tag_for_each_known_field_only(connection: sqlite3.Connection) -> None:
    text = cite(connection, "pmid-7634599", "nbib")
    tags = [line[:4].strip() for line in text.splitlines()]
    assert tags[0] == "PMID" and "FAU" in tags and "VI" not in tags and "LID" not in tags
    assert all(line[4:6] == "- " and line[6:].strip() for line in text.splitlines())
