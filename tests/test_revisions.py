"""Revisions: the newest record of a source stands, deletions hold, and old files change nothing."""

from __future__ import annotations

import itertools
import json
import random
import sqlite3
from pathlib import Path

import pytest

from ingest.matching.revisions import current
from ingest.model import Candidate, Record
from kb.build import build


def candidate(**fields: object) -> Candidate:
    plain = {"format": "pubmed_xml", "source": "a.xml", "locator": "1", "sha256": "0", "text": ""}
    record = Record(**{**plain, **fields})  # type: ignore[arg-type]
    return Candidate(record, 0, 0)


def standing(*given: Candidate) -> list[str]:
    """Return the hashes of the records that stand, the same in every order."""
    found = {
        tuple(sorted(each.record.sha256 for each in current(order)[0]))
        for order in itertools.permutations(given)
    }
    assert len(found) == 1, found
    return list(found.pop())


OLD = {"pmid": "1", "title": "A title", "last_updated": "2019-01-01", "sha256": "old"}
NEW = {"pmid": "1", "title": "A title", "last_updated": "2021-01-01", "sha256": "new"}


@pytest.mark.parametrize(
    "form",
    ["pubmed_xml", "medline", "europepmc_json", "openalex_json", "html_page", "dokuwiki_page"],
)
@pytest.mark.parametrize("identifier", ["pmid", "pmcid", "doi", "url"])
def test_the_newest_revision_stands_in_every_format(form: str, identifier: str) -> None:
    name = {"pmid": "1", "pmcid": "PMC1", "doi": "10.9999/a", "url": "https://a.example/1"}
    old, new = (
        candidate(**{**each, "pmid": None, "format": form, identifier: name[identifier]})
        for each in (OLD, NEW)
    )
    assert standing(old, new) == ["new"]


def test_a_revision_in_another_format_of_the_same_service_replaces_an_older_one() -> None:
    old = candidate(**OLD, format="medline", source_platform="PubMed")
    new = candidate(**NEW, source_platform="PubMed")
    assert standing(old, new) == ["new"]
    full = candidate(**OLD, format="x", source_platform="PubMed", content_level="full_text")
    assert standing(full, new) == ["new", "old"], "a citation never hides a full text"
    other = candidate(**OLD, format="europepmc_json", source_platform="Europe PMC")
    assert standing(other, new) == ["new", "old"], "another service's record is no revision"


def test_the_version_then_the_date_then_the_file_number_decide() -> None:
    first = candidate(**{**NEW, "version": 1, "sha256": "v1"})
    second = candidate(**{**OLD, "version": 2, "sha256": "v2"})
    assert standing(first, second) == ["v2"]
    names = ("pubmed25n1274.xml.gz", "pubmed25n1280.xml.gz", "pubmed26n0001.xml.gz")
    same_day = [candidate(**{**OLD, "source": each, "sha256": each}) for each in names]
    assert standing(*same_day) == ["pubmed26n0001.xml.gz"]


def test_what_states_no_time_is_merged_and_not_dropped() -> None:
    assert standing(
        candidate(**{**OLD, "last_updated": None, "format": "ris"}),
        candidate(**{**NEW, "last_updated": None, "format": "ris"}),
    ) == ["new", "old"]
    month = candidate(**{**NEW, "last_updated": "2019-01"})
    assert standing(month, candidate(**OLD)) == ["new", "old"], "2019-01 may be before or after"


def test_a_shared_doi_is_no_revision_where_titles_differ() -> None:
    one = candidate(**{**OLD, "pmid": None, "doi": "10.9999/s", "title": "Chordoma of the sacrum"})
    two = candidate(
        **{**NEW, "pmid": None, "doi": "10.9999/s", "title": "Pain after vertebroplasty"}
    )
    assert standing(one, two) == ["new", "old"]


def test_a_deletion_holds_for_the_service_that_states_it() -> None:
    gone = candidate(pmid="1", deleted=True, sha256="gone", version=1)
    pubmed = candidate(**OLD, source_platform="PubMed", version=1)
    nbib = candidate(**{**OLD, "format": "medline", "sha256": "nbib"}, source_platform="PubMed")
    other = candidate(**{**OLD, "format": "ris", "sha256": "ris"})
    assert standing(gone, pubmed, nbib, other) == ["ris"]
    later = candidate(**{**OLD, "sha256": "v2"}, source_platform="PubMed", version=2)
    assert standing(gone, later) == ["v2"], "only the version named is deleted"


def test_a_record_sent_again_after_its_deletion_lives() -> None:
    gone = candidate(pmid="1", deleted=True, sha256="gone", source="pubmed25n1300.xml")
    before = candidate(**{**OLD, "source": "pubmed25n1290.xml"}, source_platform="PubMed")
    after = candidate(**{**NEW, "source": "pubmed25n1310.xml"}, source_platform="PubMed")
    assert standing(gone, before) == []
    assert standing(gone, before, after) == ["new"]


ARTICLE = """<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><DateRevised><Year>{year}</Year><Month>01</Month><Day>02</Day></DateRevised>
<Article><Journal><JournalIssue><Volume>7</Volume><PubDate><Year>2010</Year></PubDate></JournalIssue><Title>Example Spine Journal</Title></Journal>
<ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText Label="RESULTS">{text}</AbstractText></Abstract>
<PublicationTypeList><PublicationType>{kind}</PublicationType></PublicationTypeList></Article></MedlineCitation>
<PubmedData><ArticleIdList>{ids}</ArticleIdList></PubmedData></PubmedArticle>"""
NBIB = """
PMID- {pmid}
TI  - {title}
DP  - 2010
LR  - {year}0102
AB  - RESULTS: {text}
PT  - {kind}
"""


def _write(path: Path, *articles: str) -> str:
    if path.suffix == ".nbib":
        path.write_text("\n".join(articles))
    else:
        path.write_text("<PubmedArticleSet>" + "\n".join(articles) + "</PubmedArticleSet>")
    return str(path)


def _fields(pmid: int, year: int, **other: str) -> dict[str, object]:
    plain = {
        "title": f"Blood loss in fictional series {pmid}",
        "text": f"Blood loss was {year} ml.",
        "kind": "Journal Article",
        "ids": f'<ArticleId IdType="doi">10.9999/{pmid}.{year}</ArticleId>',
    }
    return {**plain, "pmid": pmid, "year": year, **other}


def _content(path: Path) -> str:
    """Return everything the database says of articles, claims and evidence."""
    with sqlite3.connect(path) as connection:
        lines = [
            line
            for line in connection.iterdump()
            if not line.startswith(('INSERT INTO "records"', 'INSERT INTO "meta"'))
        ]
    return "\n".join(line for line in lines if "sqlite_stat" not in line)


def _everything(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        return "\n".join(
            line
            for line in connection.iterdump()
            if "built_at" not in line and "sqlite_stat" not in line
        )


def test_old_files_replayed_change_nothing_whatever_the_order(tmp_path: Path) -> None:
    # The old file's DOI of record 1 is that of nobody now; its type called record 2 retracted.
    old = _write(
        tmp_path / "old.xml",
        ARTICLE.format(**_fields(1, 2019)),
        ARTICLE.format(**_fields(2, 2019, kind="Retracted Publication")),
        ARTICLE.format(**_fields(3, 2019)),
    )
    older = _write(tmp_path / "older.nbib", NBIB.format(**_fields(1, 2015)))
    new = _write(
        tmp_path / "new.xml",
        ARTICLE.format(**_fields(1, 2021)),
        ARTICLE.format(**_fields(2, 2021)),
        "<DeleteCitation><PMID Version='1'>3</PMID></DeleteCitation>",
    )
    build([new], tmp_path / "new.db")
    with_old = []
    for number, files in enumerate(itertools.permutations((old, older, new))):
        report = build(list(files), tmp_path / f"{number}.db")
        assert (report.stored, report.read) == (2, 7)
        assert report.read == report.stored + report.merged + len(report.rejected)
        with_old.append(_everything(tmp_path / f"{number}.db"))
        assert _content(tmp_path / f"{number}.db") == _content(tmp_path / "new.db")
    assert len(set(with_old)) == 1
    with sqlite3.connect(tmp_path / "0.db") as connection:
        assert connection.execute("select sum(retracted) from articles").fetchone() == (0,)
        reasons = dict(
            connection.execute(
                "select source || ' ' || locator, reason from records where outcome = 'merged'"
            ).fetchall()
        )
        homes = connection.execute(
            "select article_id from records where source like '%old.xml' order by locator"
        ).fetchall()
    assert reasons["old.xml 1"] == "older revision (2019-01-02) of new.xml 1 (2021-01-02)"
    assert "deleted" in reasons["old.xml 3"]
    assert homes == [("pmid-1",), ("pmid-2",), (None,)]


def test_the_newest_source_fills_a_merged_field_first(tmp_path: Path) -> None:
    one = tmp_path / "one.xml"
    _write(
        one, ARTICLE.format(**_fields(1, 2019, ids='<ArticleId IdType="doi">10.9999/a</ArticleId>'))
    )
    two = tmp_path / "two.json"
    two.write_text(
        '{"resultList": {"result": [{"id": "1", "source": "MED", "pmid": "1", "doi": "10.9999/a",'
        ' "title": "Blood loss in fictional series 1.", "journalInfo": {"volume": "8",'
        ' "journal": {"title": "Example Spine Journal"}}, "pubYear": "2010",'
        ' "abstractText": "Blood loss was 2 ml.", "dateOfRevision": "2022-01-01"}]}}'
    )
    seen = set()
    for files in ([str(one), str(two)], [str(two), str(one)]):
        build(files, tmp_path / "x.db")
        with sqlite3.connect(tmp_path / "x.db") as connection:
            seen.add(
                connection.execute(
                    "select volume, articles.last_updated, records.source from articles"
                    " join field_sources using (article_id) join records on records.record_id = field_sources.record_id"
                    " where field = 'volume'"
                ).fetchone()
            )
    assert seen == {("8", "2022-01-01", "two.json")}


def test_a_newer_deposit_of_crossref_replaces_the_older(tmp_path: Path) -> None:
    work = {"DOI": "10.9999/a", "type": "journal-article", "title": ["Blood loss in fiction"]}
    files = []
    for year in (2020, 2023):
        stated = {
            **work,
            "volume": str(year),
            "deposited": {"date-time": f"{year}-02-03T01:02:03Z"},
        }
        path = tmp_path / f"{year}.json"
        path.write_text(json.dumps({"message-type": "work", "message": stated}))
        files.append(str(path))
    for order in (files, files[::-1]):
        report = build(order, tmp_path / "x.db")
        assert (report.stored, report.merged, report.rejected) == (1, 1, ())
        with sqlite3.connect(tmp_path / "x.db") as connection:
            held = connection.execute("select volume, last_updated from articles").fetchall()
        assert held == [("2023", "2023-02-03")]


def test_shuffled_replays_give_one_database(tmp_path: Path) -> None:
    files = []
    for year in (2018, 2020, 2022):
        held = [ARTICLE.format(**_fields(pmid, year)) for pmid in range(1, 6) if (pmid + year) % 3]
        files.append(_write(tmp_path / f"{year}.xml", *held))
    dumps = set()
    for seed in range(4):
        random.Random(seed).shuffle(files)
        build(files, tmp_path / f"s{seed}.db")
        dumps.add(_everything(tmp_path / f"s{seed}.db"))
    assert len(dumps) == 1
