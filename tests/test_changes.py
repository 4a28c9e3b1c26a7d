"""What changed: between two databases, in the history that builds keep, on the page and in the feed."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import feedparser
import pytest
from click.testing import CliRunner
from datasette.app import Datasette

from ingest.yamlfile import load_yaml
from kb import history, places
from kb.build import build
from kb.changes import Changes, compare
from kb.cite import CitationError, cite
from kb.cli import main
from kb.export import export
from kb.functions import register
from kb.opening import open_database
from kb.saved import load_queries, run_query
from kb.site import feed

ATOM = "{http://www.w3.org/2005/Atom}"


def _article(pmid: str, sentence: str, title: str = "", more: str = "", types: str = "") -> str:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><Journal><Title>Journal of Made-up Spines</Title><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue></Journal>'
        f"<ArticleTitle>{title or f'A made-up series {pmid}'}</ArticleTitle><Abstract><AbstractText>{sentence}</AbstractText></Abstract>"
        f"<PublicationTypeList>{types}</PublicationTypeList></Article>{more}</MedlineCitation></PubmedArticle>"
    )


TES = "Total en bloc spondylectomy is recommended for type 3 lesions."
OLD = {
    "1": _article("1", "Mean blood loss of spondylectomy was 900 ml."),
    "2": _article("2", "Local recurrence occurred in 3 of 40 patients after spondylectomy."),
    "3": _article("3", TES),
    "4": _article("4", "Mean operative time of spondylectomy was 300 minutes."),
    "5": _article("5", "Dural tears occurred in 2 of 20 patients after corpectomy."),
}
NEW = {
    # a corrected number; the same words sent again in other bytes; a retraction; 4 is gone; 6 is new
    "1": _article("1", "Mean blood loss of spondylectomy was 950 ml."),
    "2": OLD["2"].replace("<Article>", "<Article PubModel='Print'>"),
    "3": _article("3", TES, types="<PublicationType>Retracted Publication</PublicationType>"),
    "5": OLD["5"],
    "6": _article("6", "Total en bloc spondylectomy is recommended for type 4 lesions."),
}


# An article that is known by its DOI at first, by its PMID later.
DOI_ONLY = {
    "type": "article-journal",
    "title": "A made-up series on wound healing",
    "DOI": "10.5555/made.up.7",
    "issued": {"date-parts": [[2021]]},
    "abstract": "Wound dehiscence occurred in 4 of 50 patients after corpectomy.",
}


def _write(folder: Path, articles: dict[str, str], more: dict[str, Any] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "articles.xml"
    path.write_text(f"<PubmedArticleSet>{''.join(articles.values())}</PubmedArticleSet>")
    if more is None:
        return path
    (folder / "more.json").write_text(json.dumps([more]))
    return folder


def _compare(old: Path, new: Path) -> Changes:
    with closing(open_database(old)) as before, closing(open_database(new)) as after:
        return compare(before, after)


def _rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A database, and the one that a second build put in its place."""
    folder = tmp_path_factory.mktemp("kb")
    build([str(_write(folder / "in", OLD, DOI_ONLY))], folder / "kb.db")
    old = folder / "old.db"
    old.write_bytes((folder / "kb.db").read_bytes())
    build([str(_write(folder / "in", NEW, {**DOI_ONLY, "PMID": "7"}))], folder / "kb.db")
    return old, folder / "kb.db"


def test_articles_claims_and_rules_are_compared(updated: tuple[Path, Path]) -> None:
    changes = _compare(*updated)
    assert {(each.change, each.article_id) for each in changes.articles} == {
        ("changed", "pmid-1"),
        ("changed", "pmid-7"),
        ("retracted", "pmid-3"),
        ("vanished", "pmid-4"),
        ("new", "pmid-6"),
    }
    assert changes.same_pipeline
    found = {(each.change, each.article_id): each for each in changes.claims}
    assert {key for key in found if key[0] != "moved"} == {
        ("changed", "pmid-1"),
        ("vanished", "pmid-4"),
        ("new", "pmid-6"),
    }
    fields = {each.field: each for each in found["changed", "pmid-1"].fields}
    assert "900" in (fields["measurements"].old or "")
    assert "950" in (fields["measurements"].new or "")
    assert set(fields) == {"quote", "measurements", *({"focus"} & set(fields))}


def test_the_same_words_in_other_bytes_have_not_changed(updated: tuple[Path, Path]) -> None:
    assert "pmid-2" not in {each.article_id for each in _compare(*updated).claims}


def test_the_same_words_under_a_surer_identifier_have_moved(updated: tuple[Path, Path]) -> None:
    moved = [each for each in _compare(*updated).claims if each.change == "moved"]
    assert {each.article_id for each in moved} == {"pmid-7"}
    assert all(each.previous_id and each.previous_id != each.claim_id for each in moved)
    assert not any(each.fields for each in moved)


def test_rules_tell_what_they_gained_lost_and_no_longer_count(updated: tuple[Path, Path]) -> None:
    changes = _compare(*updated)
    told = {
        (rule.rule_id, each.change, each.stance, each.counted)
        for rule in changes.rules
        for each in rule.evidence
    }
    assert ("tes_by_type", "gained", "supports", True) in told
    # The retracted article's claim stays in sight and is no longer counted.
    assert ("tes_by_type", "moved", "supports", False) in told
    backward = _compare(updated[1], updated[0])
    again = {(each.change, each.article_id) for each in backward.articles}
    assert {("reinstated", "pmid-3"), ("new", "pmid-4"), ("vanished", "pmid-6")} <= again
    lost = [each for rule in backward.rules for each in rule.evidence if each.change == "lost"]
    assert "type 4" in " ".join(each.words for each in lost)


def test_nothing_changes_from_a_database_to_itself(updated: tuple[Path, Path]) -> None:
    assert not _compare(updated[1], updated[1])


def test_an_article_that_gets_a_surer_id_is_the_same(tmp_path: Path) -> None:
    text = OLD["1"]
    doi = '<ELocationID EIdType="doi">10.9999/made.up.1</ELocationID>'
    ris = "TY  - JOUR\nTI  - A made-up series 1\nDO  - 10.9999/made.up.1\nPY  - 2020\nAB  - Mean blood loss of spondylectomy was 900 ml.\nER  - \n"
    (tmp_path / "a.ris").write_text(ris)
    build([str(tmp_path / "a.ris")], tmp_path / "kb.db")
    (tmp_path / "old.db").write_bytes((tmp_path / "kb.db").read_bytes())
    path = _write(tmp_path / "in", {"1": text.replace("</Journal>", f"</Journal>{doi}")})
    build([str(path)], tmp_path / "kb.db")
    changes = _compare(tmp_path / "old.db", tmp_path / "kb.db")
    (article,) = changes.articles
    assert article.change == "changed" and article.article_id == "pmid-1"
    assert (article.previous_id or "").startswith("doi-")
    assert {each.change for each in changes.claims} == {"moved"}


def test_a_build_keeps_its_history_and_a_first_one_has_none(updated: tuple[Path, Path]) -> None:
    old, new = updated
    assert _rows(old, "select count(*) from updates") == [(0,)]
    assert _rows(
        new, "select number, previous_generation = lineage, same_pipeline from updates"
    ) == [(1, 1, 1)]
    stored = _rows(new, "select change, article_id from changes where subject = 'article'")
    assert sorted(stored) == sorted(
        (each.change, each.article_id) for each in _compare(old, new).articles
    )
    assert _rows(new, "select count(*) from changes where position is null") == [(0,)]


def test_a_build_that_changes_nothing_adds_nothing(tmp_path: Path) -> None:
    out = tmp_path / "kb.db"
    for articles in (OLD, NEW, NEW):
        build([str(_write(tmp_path / "in", articles))], out)
    before = _rows(out, "select * from changes order by change_id")
    assert before and len(_rows(out, "select * from updates")) == 1
    build([str(_write(tmp_path / "in", OLD))], out)
    assert [row[0] for row in _rows(out, "select number from updates order by 1")] == [1, 2]
    assert _rows(out, "select count(distinct lineage) from updates") == [(1,)]
    kept = _rows(out, "select * from changes where number = 1 order by change_id")
    assert kept == before


def test_a_history_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "UPDATES", 3)
    out = tmp_path / "kb.db"
    for turn in range(6):
        build([str(_write(tmp_path / "in", NEW if turn % 2 else OLD))], out)
    assert _rows(out, "select number from updates order by 1") == [(3,), (4,), (5,)]
    monkeypatch.setattr(history, "ROWS", 1)
    build([str(_write(tmp_path / "in", OLD))], out)
    assert _rows(out, "select distinct number from changes order by 1") == [(5,), (6,)]


@pytest.mark.parametrize("kind", ["damaged", "other", "older"])
def test_a_file_that_cannot_be_compared_does_not_stop_the_build(
    kind: str, updated: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "kb.db"
    if kind == "damaged":
        out.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    elif kind == "other":
        with closing(sqlite3.connect(out)) as connection:
            connection.execute("create table t (a)")
    else:
        out.write_bytes(updated[0].read_bytes())
        with closing(sqlite3.connect(out)) as connection:
            connection.execute("alter table claims drop column comparator")
    assert build([str(_write(tmp_path / "in", NEW))], out).articles == 5
    assert _rows(out, "select count(*) from updates") == [(0,)]


def test_a_file_without_history_is_still_compared(
    updated: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "kb.db"
    out.write_bytes(updated[0].read_bytes())
    with closing(sqlite3.connect(out)) as connection:
        connection.executescript("drop table changes; drop table updates")
    build([str(_write(tmp_path / "in", NEW))], out)
    assert _rows(out, "select number from updates") == [(1,)]


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["diff", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_command(updated: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = map(str, updated)
    code, output = _run(old, new)
    assert code == 0
    assert re.search(r"^articles: 2 changed, 1 new, 1 retracted, 1 vanished$", output, re.M)
    assert re.search(r"^RETRACTED article pmid-3 ", output, re.M)
    assert re.search(r"^\+ claim c\w+  .*type 4", output, re.M)
    assert re.search(r"^    \+ supports  c\w+  .*type 4", output, re.M)
    code, output = _run(old, new, "--json")
    assert code == 0 and {each["change"] for each in json.loads(output)["claims"]} >= {"new"}
    code, output = _run(new, new)
    assert code == 1 and "claims: unchanged" in output
    (tmp_path / "bad.db").write_text("no database")
    code, output = _run(old, str(tmp_path / "bad.db"))
    assert code == 2 and "bad.db" in output and "expected" in output
    assert _run(old, "/nonexistent.db")[0] == 2


def _site(database: Path) -> Datasette:
    return Datasette([], immutables=[str(database)], metadata=load_yaml(places.metadata()))


@pytest.fixture
def site(updated: tuple[Path, Path]) -> Datasette:
    return _site(updated[1])


async def test_page_tells_every_change_and_links_what_is_there(site: Datasette) -> None:
    response = await site.client.get("/-/changes")
    text = response.text
    assert response.status_code == 200
    assert "RETRACTED" in text and "1 article vanished" in text and "1 claim changed" in text
    assert 'href="/-/article/pmid-6"' in text and 'href="/-/article/pmid-4"' not in text
    assert "+1 supports" in text and "and what is not counted" in text and "Update of 20" in text
    links = set(re.findall(r'href="(/-/(?:claim|article|rule)/[^"]+)"', text))
    assert len(links) >= 4
    for each in links:
        assert (await site.client.get(each)).status_code == 200, each
    assert (await site.client.get("/-/changes?update=1")).status_code == 200
    for unknown in ("7", "x", "1 or 1"):
        answer = await site.client.get("/-/changes", params={"update": unknown})
        assert answer.status_code == 404


async def test_pages_without_history_say_so(updated: tuple[Path, Path]) -> None:
    client = _site(updated[0]).client
    assert "No change is recorded yet" in (await client.get("/-/changes")).text
    parsed = feedparser.parse((await client.get("/-/changes.atom")).content)
    assert not parsed.bozo and not parsed.entries and parsed.feed.updated


async def test_an_old_address_leads_to_where_the_claim_moved(
    site: Datasette, updated: tuple[Path, Path]
) -> None:
    changes = _compare(*updated)
    moved = next(each for each in changes.claims if each.article_id == "pmid-7")
    response = await site.client.get(f"/-/claim/{moved.previous_id}")
    assert response.status_code == 302
    assert response.headers["location"] == f"/-/claim/{moved.claim_id}"
    # Where the words changed, the old address does not stand for the new ones.
    reworded = next(each for each in changes.claims if each.change == "changed")
    assert (await site.client.get(f"/-/claim/{reworded.previous_id}")).status_code == 404


async def test_citations_and_files_follow_a_moved_id(
    site: Datasette, updated: tuple[Path, Path]
) -> None:
    changes = _compare(*updated)
    moved = next(each for each in changes.claims if each.article_id == "pmid-7")
    reworded = next(each for each in changes.claims if each.change == "changed")
    (article,) = (each for each in changes.articles if each.article_id == "pmid-7")
    assert moved.previous_id and article.previous_id
    with closing(open_database(updated[1])) as connection:
        for old, new in (
            (moved.previous_id, moved.claim_id),
            (article.previous_id, "pmid-7"),
            (f"https://kb.test/-/claim/{moved.previous_id}", moved.claim_id),
        ):
            assert cite(connection, old) == cite(connection, new)
        with pytest.raises(CitationError, match="no such claim"):
            cite(connection, str(reworded.previous_id))
        register(connection)
        told = connection.execute("select kb_cite(?)", [moved.previous_id]).fetchone()[0]
        assert told == cite(connection, moved.claim_id)
        page = export(connection, "annotations", [article.previous_id], "https://kb.test")
        assert [each["id"].rpartition("/")[2] for each in page["items"]] == [moved.claim_id]
    result = CliRunner().invoke(main, ["cite", moved.previous_id, "--db", str(updated[1])])
    assert result.exit_code == 0 and moved.claim_id in result.output
    for old, new in (
        (f"/-/cite/{moved.previous_id}?style=ris", f"/-/cite/{moved.claim_id}?style=ris"),
        (f"/-/cite/{article.previous_id}", "/-/cite/pmid-7"),
        (f"/-/text/{article.previous_id}", "/-/text/pmid-7"),
    ):
        response = await site.client.get(old)
        assert response.status_code == 302 and response.headers["location"] == new
        assert (await site.client.get(new)).status_code == 200


def _required(element: ElementTree.Element, names: set[str]) -> None:
    for name in names:
        assert len(element.findall(ATOM + name)) == 1, name
        assert "".join(element.find(ATOM + name).itertext()).strip(), name  # type: ignore[union-attr]


async def test_feed_is_valid_atom(site: Datasette) -> None:
    response = await site.client.get("/-/changes.atom")
    assert response.headers["content-type"].startswith("application/atom+xml")
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo and parsed.version == "atom10"
    # RFC 4287: 4.1.1 a feed's and 4.1.2 an entry's required elements, 3.3 dates, 4.2.6 ids.
    root = ElementTree.fromstring(response.content)
    _required(root, {"id", "title", "updated", "author"})
    assert {each.get("rel") for each in root.findall(ATOM + "link")} == {"self", "alternate"}
    entries = root.findall(ATOM + "entry")
    assert len(entries) >= 5
    for each in (root, *entries):
        _required(each, {"id", "title", "updated"})
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)",
            each.findtext(ATOM + "updated", ""),
        )
        assert UUID(each.findtext(ATOM + "id", "")).version == 5
        assert all(
            re.match("https?://", one.get("href", "")) for one in each.findall(ATOM + "link")
        )
    names = [each.findtext(ATOM + "id") for each in entries]
    assert len(names) == len(set(names))
    assert all(each.find(ATOM + "summary") is not None for each in entries)
    terms = [each.find(ATOM + "category").get("term") for each in entries]  # type: ignore[union-attr]
    assert terms[0] == "retraction" and {"rule", "article"} <= set(terms)
    for each in entries:
        address = each.find(ATOM + "link").get("href", "")  # type: ignore[union-attr]
        assert (await site.client.get(address[address.index("/-/") :])).status_code == 200


async def test_feed_keeps_the_musts_of_the_rfc(site: Datasette) -> None:
    root = ElementTree.fromstring((await site.client.get("/-/changes.atom")).content)
    one = {"id", "title", "updated", "subtitle", "generator", "icon", "logo", "rights", "summary"}
    for each in (root, *root.findall(ATOM + "entry")):
        names = Counter(child.tag.removeprefix(ATOM) for child in each)
        # 4.1.1, 4.1.2: what stands once at most; RFC 4287 knows every element.
        assert all(names[name] <= 1 for name in one)
        assert set(names) <= one | {"author", "link", "category", "entry"}
        # 4.1.1, 4.1.2: no two alternates of one type and language; 4.2.7.1: every link has an address.
        links = [
            (one.get("rel"), one.get("type"), one.get("hreflang"))
            for one in each.findall(ATOM + "link")
        ]
        assert len(links) == len(set(links))
        assert all(one.get("href") for one in each.findall(ATOM + "link"))
        # 4.1.2: an entry without content has an alternate; an author is the feed's or its own.
        assert each is root or "alternate" in {link[0] for link in links}
        assert all(one.get("term") for one in each.findall(ATOM + "category"))
        # 4.2.6: an id is an absolute IRI.
        assert re.match(r"[a-z][a-z0-9+.-]*:\S+$", each.findtext(ATOM + "id", ""))
        # 3.1: plain text has no child elements.
        texts = [each.find(ATOM + name) for name in ("title", "summary")]
        assert all(
            one is None or (len(one) == 0 and one.get("type", "text") == "text") for one in texts
        )
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    newest = max(each.findtext(ATOM + "updated", "") for each in root.findall(ATOM + "entry"))
    assert root.findtext(ATOM + "updated") == newest


async def test_the_published_address_is_a_setting(
    updated: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    metadata = load_yaml(places.metadata())
    metadata["plugins"] = {places.SETTINGS: {"site": "https://evidence.example.org/"}}
    client = Datasette([], immutables=[str(updated[1])], metadata=metadata).client
    feed_text = (await client.get("/-/changes.atom")).text
    assert 'href="https://evidence.example.org/-/changes.atom"' in feed_text
    assert "localhost" not in feed_text
    assert (
        "https://evidence.example.org/-/article/pmid-1"
        in (await client.get("/-/article/pmid-1")).text
    )
    ids = re.compile("urn:uuid:[0-9a-f-]+")
    other = (await _site(updated[1]).client.get("/-/changes.atom")).text
    assert "http://localhost/-/changes" in other
    assert ids.findall(other) == ids.findall(feed_text), "ids do not depend on the address"
    (tmp_path / "metadata.yml").write_text(
        f"plugins: {{{places.SETTINGS}: {{site: https://a.example}}}}"
    )
    monkeypatch.setenv("KB_METADATA", str(tmp_path / "metadata.yml"))
    command = ["cite", "pmid-1", "--style", "ris", "--db", str(updated[1])]
    for arguments, home in (
        ([], "https://a.example"),
        (["--site", "https://b.example"], "https://b.example"),
    ):
        result = CliRunner().invoke(main, ["export", "fhir", "noms", *command[-2:], *arguments])
        assert f'"{home}/-/rule/noms"' in result.output
    monkeypatch.setenv("KB_SITE", "https://c.example")
    assert places.site() == "https://c.example"


async def test_ids_of_entries_survive_the_next_build(
    updated: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "kb.db"
    out.write_bytes(updated[1].read_bytes())
    before = feedparser.parse((await _site(out).client.get("/-/changes.atom")).content)
    build([str(_write(tmp_path / "in", {**NEW, "1": OLD["1"]}))], out)
    after = feedparser.parse((await _site(out).client.get("/-/changes.atom")).content)
    assert before.feed.id == after.feed.id
    told = {each.id: (each.title, each.updated) for each in after.entries}
    assert {each.id: (each.title, each.updated) for each in before.entries}.items() <= told.items()
    assert len(told) > len(before.entries)


async def test_feed_is_bounded_and_holds_what_xml_cannot(
    updated: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "kb.db"
    out.write_bytes(updated[1].read_bytes())
    with closing(sqlite3.connect(out)) as connection:
        connection.execute("update changes set words = words || char(1) || ' <b>&' || char(11)")
        connection.commit()
    monkeypatch.setattr(feed, "LONGEST", 3)
    response = await _site(out).client.get("/-/changes.atom")
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo and len(parsed.entries) == 3
    assert "<b>&" in ElementTree.fromstring(response.content).findtext(
        f"{ATOM}entry/{ATOM}title", ""
    )
    page = (await _site(out).client.get("/-/changes")).text
    assert "<b>&" not in page


async def test_long_lists_are_cut_on_the_page_and_whole_in_the_table(
    site: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kb.site import changing

    monkeypatch.setattr(changing, "SHOWN", 0)
    assert (await site.client.get("/-/changes")).status_code == 200
    table = await site.client.get("/kb/changes.json?number=1&subject=claim&_shape=array")
    assert len(table.json()) >= 3


def test_a_saved_query_tells_the_changes(updated: tuple[Path, Path]) -> None:
    query = load_queries(places.queries())["what_changed"]
    with closing(open_database(updated[1])) as connection:
        blank = dict.fromkeys(query.parameters, "")
        everything = run_query(connection, query, blank).rows
        told = connection.execute("select count(*) from changes").fetchone()[0]
        assert len(everything) == told
        assert everything[0][2] == "retracted"
        articles = run_query(
            connection, query, blank | {"subject": "article", "change": "vanished"}
        ).rows
        assert [row[4] for row in articles] == ["pmid-4"]
        assert not run_query(connection, query, blank | {"since": "2999-01-01"}).rows
