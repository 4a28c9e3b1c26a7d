"""PubMed XML: every field against an independent XPath check, and one broken record alone."""

from __future__ import annotations

import gzip
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ingest.formats import read
from ingest.model import Failure, Record, Source

ARTICLE = """<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article>
<Journal><ISSN>1234-5678</ISSN><JournalIssue><Volume>7</Volume><Issue>2</Issue><PubDate>{date}</PubDate></JournalIssue><Title>Example Spine Journal</Title></Journal>
<ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>148-59</MedlinePgn></Pagination>
<Abstract><AbstractText Label="METHODS">Ten <i>fictional</i> patients with H<sub>2</sub>O.</AbstractText><AbstractText Label="RESULTS">All walked.</AbstractText></Abstract>
<AuthorList CompleteYN="Y"><Author><LastName>Roe</LastName><ForeName>Ann</ForeName><Suffix>Jr</Suffix></Author><Author><CollectiveName>Example Group</CollectiveName></Author></AuthorList>
<Language>eng</Language></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>Example Spine J. 2011;8:1</RefSource><PMID>5</PMID></CommentsCorrections></CommentsCorrectionsList>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="doi">10.9999/esj.{pmid}</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.9999/other</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""


def _file(*articles: str) -> bytes:
    return ("<PubmedArticleSet>" + "\n".join(articles) + "</PubmedArticleSet>").encode()


def _article(
    pmid: int = 1,
    date: str = "<Year>2010</Year><Month>Mar</Month>",
    title: str = "A fictional series.",
) -> str:
    return ARTICLE.format(pmid=pmid, date=date, title=title)


def _records(data: bytes, name: str = "x.xml") -> list[Record | Failure]:
    return list(read(Source(name, data=data)))


def test_fields_of_a_record() -> None:
    (record,) = _records(_file(_article()))
    assert isinstance(record, Record)
    assert (
        record.text
        == "A fictional series.\n\nMETHODS: Ten fictional patients with H2O.\n\nRESULTS: All walked."
    )
    assert [record.text[each.start : each.end] for each in record.sections] == [
        "Ten fictional patients with H2O.",
        "All walked.",
    ]
    assert [each.name for each in record.authors] == ["Ann Roe Jr", "Example Group"]
    assert (record.doi, record.pages, record.date, record.months) == (
        "10.9999/esj.1",
        "148-159",
        "2010-03",
        (3, 3),
    )
    assert [(each.relation, each.pmid) for each in record.links] == [("retraction_in", "5")]


@pytest.mark.parametrize(
    ("date", "iso", "year", "months"),
    [
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998", 1998, (12, 1)),
        ("<MedlineDate>2000 Spring</MedlineDate>", "2000", 2000, (3, 5)),
        ("<Year>2003</Year><Season>Winter</Season>", "2003", 2003, (12, 2)),
        ("<Year>2001</Year>", "2001", 2001, None),
        ("<Year>2001</Year><Month>02</Month><Day>09</Day>", "2001-02-09", 2001, (2, 2)),
    ],
)
def test_dates_invent_no_month_and_no_day(
    date: str, iso: str, year: int, months: tuple[int, int] | None
) -> None:
    (record,) = _records(_file(_article(date=date)))
    assert isinstance(record, Record)
    assert (record.date, record.year, record.months) == (iso, year, months)


def test_a_translated_title_loses_its_brackets() -> None:
    (record,) = _records(_file(_article(title="[A translated title].")))
    assert isinstance(record, Record) and record.title == "A translated title"


@pytest.mark.parametrize(
    "damage", ["</Article>", "<PMID Version", "</MedlineCitation>", "&nosuch;"]
)
def test_one_broken_record_costs_only_itself(damage: str) -> None:
    broken = _article(2).replace("<Language>eng</Language>", f"<Language>eng</Language>{damage}", 1)
    found = _records(_file(_article(1), broken, _article(3)))
    assert [each.pmid for each in found if isinstance(each, Record)] == ["1", "3"]
    (failure,) = [each for each in found if isinstance(each, Failure)]
    assert "2" in failure.locator and "x.xml" in failure.reason


def test_a_record_without_an_end_costs_only_itself() -> None:
    cut = _article(2)[:400]
    found = _records(_file(_article(1), cut, _article(3)))
    assert [each.pmid for each in found if isinstance(each, Record)] == ["1", "3"]
    assert len([each for each in found if isinstance(each, Failure)]) == 1


def test_gzip_and_delete_citation() -> None:
    data = _file(_article(1), "<DeleteCitation><PMID>7</PMID><PMID>8</PMID></DeleteCitation>")
    found = _records(gzip.compress(data), "update.xml.gz")
    assert [(each.pmid, each.deleted) for each in found if isinstance(each, Record)] == [
        ("1", False),
        ("7", True),
        ("8", True),
    ]


def test_an_entity_bomb_is_refused_and_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("must not be read")
    bomb = (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>'
        + _file(_article(title="&x;")).decode()
    )
    found = _records(bomb.encode())
    assert all("must not be read" not in repr(each) for each in found)
    assert any(isinstance(each, Failure) for each in found)


def test_public_records_against_an_independent_reading(shared: Path) -> None:
    paths = sorted((shared / "data" / "pubmed_xml").glob("*.xml"))
    if not paths:
        pytest.skip("no public PubMed records")
    for path in paths:
        root = ElementTree.fromstring(path.read_bytes())
        expected = root.findall("PubmedArticle")
        found = [
            each
            for each in read(Source(path.name, str(path)))
            if isinstance(each, Record) and each.format == "pubmed_xml"
        ]
        articles = [
            each
            for each in found
            if each.pmid in {one.findtext("MedlineCitation/PMID") for one in expected}
        ]
        assert len(articles) == len(expected), path.name
        for element, record in zip(expected, articles, strict=True):
            citation = element.find("MedlineCitation")
            assert citation is not None
            assert record.pmid == citation.findtext("PMID")
            parts = citation.findall("Article/Abstract/AbstractText")
            bodies = [record.text[each.start : each.end] for each in record.sections]
            assert [_letters(each) for each in bodies] == [
                _letters("".join(part.itertext()))
                for part in parts
                if "".join(part.itertext()).strip()
            ], path.name
            authors = citation.findall("Article/AuthorList/Author")
            assert len(record.authors) == len(authors), path.name
            assert [each.name for each in record.authors if each.collective] == [
                " ".join((one.findtext("CollectiveName") or "").split())
                for one in authors
                if one.find("CollectiveName") is not None
            ]
            doi = [
                each.text
                for each in element.findall("PubmedData/ArticleIdList/ArticleId")
                if each.get("IdType") == "doi"
            ]
            doi = doi or [
                each.text
                for each in citation.findall("Article/ELocationID")
                if each.get("EIdType") == "doi"
            ]
            assert record.doi == (doi[0].strip() if doi and doi[0] else None), path.name
            assert len(record.links) == len(
                citation.findall("CommentsCorrectionsList/CommentsCorrections")
            )
            assert list(record.publication_types) == [
                each.text
                for each in citation.findall("Article/PublicationTypeList/PublicationType")
            ]


def _letters(text: str) -> str:
    return "".join(text.split())
