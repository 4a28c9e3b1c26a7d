"""PubMed XML: every field against an independent XPath check, and one broken record alone."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ingest.formats import read
from ingest.model import Failure, Record, Source

ARTICLE = """<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><DateRevised><Year>2021</Year><Month>05</Month><Day>04</Day></DateRevised><Article>
<Journal><ISSN>1234-5678</ISSN><JournalIssue><Volume>7</Volume><Issue>2</Issue><PubDate>{date}</PubDate></JournalIssue><Title>Example Spine Journal</Title></Journal>
<ArticleTitle>{title}</ArticleTitle><Pagination><MedlinePgn>148-59</MedlinePgn></Pagination>
{elocation}<Abstract><AbstractText Label="METHODS">Ten <i>fictional</i> patients with H<sub>2</sub>O.</AbstractText><AbstractText Label="RESULTS">All walked.</AbstractText></Abstract>
<AuthorList CompleteYN="Y"><Author><LastName>Roe</LastName><ForeName>Ann</ForeName><Initials>A</Initials><Suffix>Jr</Suffix>
<Identifier Source="ORCID">https://orcid.org/000000021825009X</Identifier><AffiliationInfo><Affiliation>One Place.</Affiliation></AffiliationInfo><AffiliationInfo><Affiliation>Two Place.</Affiliation></AffiliationInfo></Author>
<Author ValidYN="N"><LastName>Row</LastName></Author><Author><CollectiveName>Example Group</CollectiveName></Author></AuthorList>
<Language>eng</Language><PublicationTypeList><PublicationType UI="D1">Case Reports</PublicationType></PublicationTypeList>{vernacular}</Article>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>Example Spine J. 2011;8:1. doi: 10.9999/retraction.1.</RefSource><PMID Version="1">5</PMID></CommentsCorrections></CommentsCorrectionsList>
{more}</MedlineCitation><PubmedData>{ids}
<ReferenceList><Reference><Citation>Other A. 2001.</Citation><ArticleIdList><ArticleId IdType="doi">10.9999/other</ArticleId><ArticleId IdType="pmc">PMC9</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""
IDS = '<ArticleIdList><ArticleId IdType="pubmed">{0}</ArticleId><ArticleId IdType="doi">10.9999/esj.{0}</ArticleId></ArticleIdList>'


def article(pmid: int = 1, **parts: str) -> str:
    fields = {
        "date": "<Year>2010</Year><Month>Mar</Month>",
        "title": "A fictional series.",
        "ids": IDS.format(pmid),
        "elocation": "",
        "vernacular": "",
        "more": "",
    }
    return ARTICLE.format(pmid=pmid, **{**fields, **parts})


def wrap(*articles: str) -> bytes:
    return ("<PubmedArticleSet>" + "\n".join(articles) + "</PubmedArticleSet>").encode()


def results(data: bytes, name: str = "x.xml") -> list[Record | Failure]:
    return list(read(Source(name, data=data)))


def one(**parts: str) -> Record:
    (record,) = results(wrap(article(**parts)))
    assert isinstance(record, Record), record
    return record


def test_fields_of_a_record() -> None:
    record = one()
    assert (
        record.text
        == "A fictional series.\n\nMETHODS: Ten fictional patients with H2O.\n\nRESULTS: All walked."
    )
    assert [record.text[each.start : each.end] for each in record.sections] == [
        "Ten fictional patients with H2O.",
        "All walked.",
    ]
    assert (record.doi, record.pages, record.pages_raw) == ("10.9999/esj.1", "148-159", "148-59")
    assert (record.date, record.months, record.date_raw) == ("2010-03", (3, 3), "2010 Mar")
    assert (record.language, record.version, record.last_updated) == ("en", 1, "2021-05-04")
    assert [(each.relation, each.pmid, each.doi) for each in record.links] == [
        ("retraction_in", "5", "10.9999/retraction.1")
    ]


def test_authors_keep_suffix_group_affiliations_and_orcid_and_drop_the_erroneous_name() -> None:
    first, group = one().authors
    assert (first.name, first.family, first.given, first.suffix) == (
        "Ann Roe Jr",
        "Roe",
        "Ann",
        "Jr",
    )
    assert (first.orcid, first.affiliations) == (
        "0000-0002-1825-009X",
        ("One Place.", "Two Place."),
    )
    assert (group.name, group.collective, group.family) == ("Example Group", True, None)


@pytest.mark.parametrize(
    ("date", "iso", "year", "months"),
    [
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998", 1998, (12, 1)),
        ("<MedlineDate>2000 Spring</MedlineDate>", "2000", 2000, (3, 5)),
        ("<MedlineDate>2000 Spring-Summer</MedlineDate>", "2000", 2000, (3, 8)),
        ("<MedlineDate>2012 Jul 15-20</MedlineDate>", "2012-07", 2012, (7, 7)),
        ("<MedlineDate>2012 Jul 15- 20</MedlineDate>", "2012-07", 2012, (7, 7)),
        ("<MedlineDate>2012 Jul 15-Aug 4</MedlineDate>", "2012", 2012, (7, 8)),
        ("<MedlineDate>1976-1977 Winter</MedlineDate>", "1976", 1976, (12, 2)),
        ("<MedlineDate>2007 4th Quarter</MedlineDate>", "2007", 2007, (10, 12)),
        ("<MedlineDate>2009 Mar/Apr</MedlineDate>", "2009", 2009, (3, 4)),
        ("<MedlineDate>1994-1995</MedlineDate>", "1994", 1994, None),
        ("<MedlineDate>no year here</MedlineDate>", None, None, None),
        ("<Year>2003</Year><Season>Winter</Season>", "2003", 2003, (12, 2)),
        ("<Year>2003</Year><Season>Jul-Aug</Season>", "2003", 2003, (7, 8)),
        ("<Year>2001</Year>", "2001", 2001, None),
        ("<Year>2001</Year><Month>02</Month><Day>09</Day>", "2001-02-09", 2001, (2, 2)),
        ("<Year>2001</Year><Month>Feb</Month><Day>31</Day>", "2001-02", 2001, (2, 2)),
        ("<Year>2001</Year><Month>13</Month>", "2001", 2001, None),
    ],
)
def test_dates_invent_no_month_and_no_day(
    date: str, iso: str | None, year: int | None, months: tuple[int, int] | None
) -> None:
    record = one(date=date)
    assert (record.date, record.year, record.months) == (iso, year, months)
    assert record.date_raw == " ".join(re.sub(r"<[^>]+>", " ", date).split())


@pytest.mark.parametrize(
    ("title", "vernacular", "expected"),
    [
        ("[A translated title].", "Ein Titel.", ("A translated title", "Ein Titel.")),
        ("[Is it (truly) [sic] so?]", "", ("Is it (truly) [sic] so?", None)),
        ("[One] and then [two].", "", ("[One] and then [two].", None)),
        ("[Not Available].", "Ein Titel.", ("Ein Titel.", "Ein Titel.")),
        ("[Not Available].", "", (None, None)),
        ("Nested <i>in <b>bold</b></i><sup>2</sup> title.", "", ("Nested in bold2 title.", None)),
    ],
)
def test_titles(title: str, vernacular: str, expected: tuple[str | None, str | None]) -> None:
    other = f"<VernacularTitle>{vernacular}</VernacularTitle>" if vernacular else ""
    record = one(title=title, vernacular=other)
    assert (record.title, record.original_title) == expected


def test_block_elements_add_a_space_and_inline_ones_none() -> None:
    record = one(title="A<DispFormula>x</DispFormula>B<i>c</i>D <!-- no --><?pi no?>&amp; é.")
    assert record.title == "A x BcD & é."


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("about 10<sup>5</sup> cells", "about 10⁵ cells"),
        ("10<sup>-3</sup> and 10<i><sup>\u22126</sup></i>", "10⁻³ and 10⁻⁶"),
        ("3 cm<sup>2</sup>, 5 kg/m<sup>2</sup>, mm<sup>3</sup>", "3 cm², 5 kg/m², mm³"),
        ("t year<sup>-1</sup>", "t year⁻¹"),
        ("R<sup>2</sup> and \u03c7<sup>2</sup>", "R² and χ²"),
        ("the 18<sup>th</sup> and Ca<sup>2+</sup>, H<sub>2</sub>O", "the 18th and Ca2+, H2O"),
        ("N<sup>1</sup>-methyl", "N1-methyl"),
    ],
)
def test_exponents_stay_raised(printed: str, shown: str) -> None:
    record = one(title=printed)
    assert record.title == shown


def test_other_abstracts_say_their_language() -> None:
    record = one(
        more='<OtherAbstract Type="Publisher" Language="spa"><AbstractText Label="FIN">Texto.</AbstractText></OtherAbstract>'
        '<OtherAbstract Type="plain-language-summary" Language="eng"><AbstractText>Simple words.</AbstractText></OtherAbstract>'
    )
    assert [(each.heading, record.text[each.start : each.end]) for each in record.sections][2:] == [
        ("Other abstract (es), FIN", "Texto."),
        ("Plain language summary", "Simple words."),
    ]


@pytest.mark.parametrize(
    ("ids", "elocation", "doi"),
    [
        ("", '<ELocationID EIdType="doi" ValidYN="Y">10.9999/e</ELocationID>', "10.9999/e"),
        ("", '<ELocationID EIdType="doi" ValidYN="N">10.9999/e</ELocationID>', None),
        ("", '<ELocationID EIdType="pii">p</ELocationID><ELocationID EIdType="doi">10.9999/e</ELocationID>', "10.9999/e"),
        ("", "", None),
        (IDS.format(1), '<ELocationID EIdType="doi">10.9999/e</ELocationID>', "10.9999/esj.1"),
    ],
)  # fmt: skip
def test_doi_is_the_articles_own_never_a_references(
    ids: str, elocation: str, doi: str | None
) -> None:
    record = one(ids=ids, elocation=elocation)
    assert (record.doi, record.pmcid) == (doi, None)


def test_trial_numbers_headings_and_keywords() -> None:
    record = one(
        vernacular="<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList><AccessionNumber>NCT0</AccessionNumber></AccessionNumberList></DataBank>"
        "<DataBank><DataBankName>GENBANK</DataBankName><AccessionNumberList><AccessionNumber>AB1</AccessionNumber></AccessionNumberList></DataBank></DataBankList>",
        more="<MeshHeadingList><MeshHeading><DescriptorName>Spine</DescriptorName><QualifierName>surgery</QualifierName><QualifierName>pathology</QualifierName></MeshHeading>"
        "<MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading></MeshHeadingList><KeywordList><Keyword><i>En</i> bloc</Keyword></KeywordList>",
    )
    assert record.trial_numbers == ("NCT0",)
    assert record.mesh == ("Spine/surgery", "Spine/pathology", "Humans")
    assert record.keywords == ("En bloc",)


def test_every_language_is_kept() -> None:
    data = wrap(article(1)).replace(
        b"<Language>eng</Language>", b"<Language>por</Language><Language>eng</Language>"
    )
    (record,) = results(data)
    assert isinstance(record, Record)
    assert (record.language, record.languages) == ("pt", ("pt", "en"))
    (unknown,) = results(wrap(article(1)).replace(b">eng<", b">und<"))
    assert isinstance(unknown, Record) and (unknown.language, unknown.languages) == (None, ())


def test_a_book_chapter() -> None:
    data = b"""<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID Version="2">77</PMID><ArticleIdList><ArticleId IdType="doi">10.9999/b.1</ArticleId></ArticleIdList>
<Book><Publisher><PublisherName>Example Press</PublisherName></Publisher><BookTitle>Fictional Spine Book</BookTitle><PubDate><Year>2019</Year></PubDate><AuthorList Type="editors"><Author><LastName>Ed</LastName></Author></AuthorList></Book>
<ArticleTitle>One Chapter</ArticleTitle><Language>eng</Language><AuthorList Type="authors"><Author><LastName>Poe</LastName></Author></AuthorList><PublicationType>Review</PublicationType><Abstract><AbstractText>Words.</AbstractText></Abstract></BookDocument></PubmedBookArticle></PubmedArticleSet>"""
    (record,) = results(data)
    assert isinstance(record, Record)
    assert (record.pmid, record.version, record.title, record.journal) == (
        "77",
        2,
        "One Chapter",
        "Fictional Spine Book",
    )
    assert (record.publisher, record.date, record.doi) == ("Example Press", "2019", "10.9999/b.1")
    assert [each.name for each in record.authors] == ["Poe"]


@pytest.mark.parametrize(
    "damage",
    ["</Article>", "<PMID Version", "</MedlineCitation>", "&nosuch;", "\0", "<!--", "<![CDATA["],
)
def test_one_broken_record_costs_only_itself(damage: str) -> None:
    broken = article(2).replace("<Language>eng</Language>", f"<Language>eng</Language>{damage}", 1)
    found = results(wrap(article(1), broken, article(3)))
    assert [each.pmid for each in found if isinstance(each, Record)] == ["1", "3"]
    (failure,) = [each for each in found if isinstance(each, Failure)]
    assert failure.locator == "PMID 2" and "x.xml" in failure.reason and ";" in failure.reason


@pytest.mark.parametrize(
    "broken",
    [
        article(2)[:700],
        article(2)[500:],
        article(2).replace("<PubmedArticle>", "<PubmedArticl>"),
        article(2).replace("</PubmedArticle>", "</PubmedArticl"),
    ],
    ids=["no end", "no start", "start tag broken", "end tag broken"],
)
def test_a_record_without_start_or_end_costs_only_itself(broken: str) -> None:
    found = results(wrap(article(1), broken, article(3)))
    assert [each.pmid for each in found if isinstance(each, Record)] == ["1", "3"]
    assert len([each for each in found if isinstance(each, Failure)]) == 1


def test_two_records_run_together_are_two_failures() -> None:
    found = results(wrap(article(1), article(2)[:1200] + article(3)[700:], article(4)))
    assert [each.pmid for each in found if isinstance(each, Record)] == ["1", "4"]
    assert len([each for each in found if isinstance(each, Failure)]) == 2


def test_a_file_cut_between_records_says_so() -> None:
    found = results(wrap(article(1), article(2)).replace(b"</PubmedArticleSet>", b"\n"))
    assert [each.pmid for each in found if isinstance(each, Record)] == ["1", "2"]
    assert [each.locator for each in found if isinstance(each, Failure)] == ["end of file"]


def test_a_record_across_chunks_and_an_empty_set() -> None:
    long = article(2, more="<KeywordList>" + "<Keyword>word</Keyword>" * 90000 + "</KeywordList>")
    found = results(wrap(article(1), long, article(3)))
    assert [each.pmid for each in found if isinstance(each, Record)] == ["1", "2", "3"]
    assert results(b"<PubmedArticleSet>\n</PubmedArticleSet>") == []
    (failure,) = results(b"<PubmedArticleSet>\n")
    assert isinstance(failure, Failure) and "ends early" in failure.reason


def test_identifiers_of_another_record_are_an_error() -> None:
    (failure,) = results(wrap(article(1, ids=IDS.format(2))))
    assert isinstance(failure, Failure) and failure.locator == "PMID 1"
    assert "identifiers of PMID 2" in failure.reason and "expected" in failure.reason


def test_history_and_reference_list_are_passed_over() -> None:
    history = (
        "<History><PubMedPubDate PubStatus='entrez'><Year>1999</Year></PubMedPubDate></History>"
    )
    whole = wrap(article(1)).replace(b"<PubmedData>", f"<PubmedData>{history}".encode())
    (record,) = results(whole)
    assert isinstance(record, Record) and record.doi == "10.9999/esj.1" and record.year == 2010


def test_gzip_and_delete_citation() -> None:
    data = wrap(article(1), "<DeleteCitation><PMID>7</PMID><PMID>8</PMID></DeleteCitation>")
    found = results(gzip.compress(data), "update.xml.gz")
    assert [(each.pmid, each.deleted) for each in found if isinstance(each, Record)] == [
        ("1", False),
        ("7", True),
        ("8", True),
    ]


def test_digest_and_licence_of_the_copyright() -> None:
    words = "Digest in the words of the Spinal Tumour Evidence Base. Creative Commons CC BY 4.0"
    data = wrap(article(1)).replace(
        b"</Abstract>", f"<CopyrightInformation>{words}</CopyrightInformation></Abstract>".encode()
    )
    (record,) = results(data)
    assert isinstance(record, Record)
    assert (record.digest, record.licence, record.copyright) == (True, "CC BY 4.0", words)


def _paths(shared: Path) -> list[Path]:
    paths = sorted((shared / "data" / "pubmed_xml").glob("*.xml"))
    if not paths:
        pytest.skip(f"no public PubMed records in {shared / 'data' / 'pubmed_xml'}")
    return paths


# The reader keeps exponents raised (10⁵); XPath's string value loses that.
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻−–", "0123456789+---")


def _flat(element: ElementTree.Element | None) -> str | None:
    return " ".join("".join(element.itertext()).split()) or None if element is not None else None


def _all(element: ElementTree.Element, path: str) -> list[str]:
    return [text for each in element.findall(path) if (text := _flat(each))]


def _public(paths: list[Path]) -> Iterator[tuple[str, ElementTree.Element, Record]]:
    for path in paths:
        expected = ElementTree.fromstring(path.read_bytes()).findall("PubmedArticle")
        found = list(read(Source(path.name, str(path))))
        assert all(isinstance(each, Record) for each in found), found
        records = [each for each in found if isinstance(each, Record)]
        if expected:
            assert [each.pmid for each in records] == [
                each.findtext("MedlineCitation/PMID") for each in expected
            ]
            yield from ((path.name, *pair) for pair in zip(expected, records, strict=True))


def test_public_records_against_an_independent_reading(shared: Path) -> None:
    seen = 0
    for name, element, record in _public(_paths(shared)):
        seen += 1
        differing = {
            key: (value, expected)
            for key, expected in _expected(element).items()
            if _lowered(value := _found(record, key)) != _lowered(expected)
        }
        assert differing == {}, name
    assert seen == 214


def test_public_books_against_an_independent_reading(shared: Path) -> None:
    seen = 0
    for path in _paths(shared):
        for element in ElementTree.fromstring(path.read_bytes()).findall("PubmedBookArticle"):
            (record,) = read(Source(path.name, str(path)))
            assert isinstance(record, Record), record
            expected = _expected_book(element)
            found = {key: _found(record, key) for key in expected}
            assert _lowered(found) == _lowered(expected), path.name
            seen += 1
    assert seen == 1


def _expected_book(element: ElementTree.Element) -> dict[str, object]:
    document = element.find("BookDocument")
    assert document is not None
    title = _flat(document.find("Book/BookTitle"))
    return {
        "pmid": _flat(document.find("PMID")),
        "title": _flat(document.find("ArticleTitle")) or title,
        "journal": title,
        "publisher": _flat(document.find("Book/Publisher/PublisherName")),
        "date": _flat(document.find("Book/PubDate/Year")),
        "sections": [
            (each.get("Label", ""), _flat(each))
            for each in document.findall("Abstract/AbstractText")
        ],
        "authors": [
            _author(each) for each in document.findall("AuthorList[@Type='authors']/Author")
        ],
        "languages": [LANGUAGES[each] for each in _all(document, "Language")],
        "copyright": _flat(document.find("Abstract/CopyrightInformation")),
        "publication_types": _all(document, "PublicationType"),
        "keywords": list(dict.fromkeys(_all(document, "KeywordList/Keyword"))),
        "last_updated": "-".join(
            (document.findtext(f"DateRevised/{part}") or "").zfill(2)
            for part in ("Year", "Month", "Day")
        ),
        "doi": _flat(document.find("ArticleIdList/ArticleId[@IdType='doi']")),
        "pmcid": _flat(document.find("ArticleIdList/ArticleId[@IdType='pmc']")),
    }


def _lowered(value: object) -> str:
    return repr(value).translate(_LOWERED)


def _found(record: Record, key: str) -> object:
    if key == "sections":
        return [(each.heading, record.text[each.start : each.end]) for each in record.sections]
    if key == "authors":
        return [
            (each.name if each.collective else None, each.family, each.given, each.suffix, each.orcid, list(each.affiliations))
            for each in record.authors
        ]  # fmt: skip
    if key == "links":
        return [
            (each.relation.replace("_", ""), each.raw, each.pmid, each.doi) for each in record.links
        ]
    value = getattr(record, key)
    return list(value) if isinstance(value, tuple) else value


def _expected(element: ElementTree.Element) -> dict[str, object]:
    citation = element.find("MedlineCitation")
    assert citation is not None
    title = _flat(citation.find("Article/ArticleTitle")) or ""
    if title[:1] == "[" and title.rstrip(".")[-1:] == "]":
        title = title.rstrip(".")[1:-1]
    vernacular = _flat(citation.find("Article/VernacularTitle"))
    if title == "Not Available":
        title = vernacular or ""
    doi = [
        *_all(element, "PubmedData/ArticleIdList/ArticleId[@IdType='doi']"),
        *_all(citation, "Article/ELocationID[@EIdType='doi']"),
    ]
    pmc = _all(element, "PubmedData/ArticleIdList/ArticleId[@IdType='pmc']")
    other = {"chi": "zh", "ger": "de", "rus": "ru", "spa": "es"}
    sections = [
        (each.get("Label", ""), _flat(each))
        for each in citation.findall("Article/Abstract/AbstractText")
    ]
    for each in citation.findall("OtherAbstract"):
        language = each.get("Language", "")
        for part in each.findall("AbstractText"):
            label = part.get("Label")
            shown = f"Other abstract ({other.get(language)}){f', {label}' if label else ''}"
            sections.append((label or "" if language == "eng" else shown, _flat(part)))
    listing = citation.find("Article/AuthorList")
    return {
        "title": title or None,
        "original_title": vernacular,
        "sections": [each for each in sections if each[1]],
        "authors": [_author(each) for each in citation.findall("Article/AuthorList/Author")],
        "doi": doi[0] if doi else None,
        "pmcid": pmc[0] if pmc else None,
        "journal": _flat(citation.find("Article/Journal/Title")),
        "journal_abbrev": _flat(citation.find("Article/Journal/ISOAbbreviation")),
        "issn": _flat(citation.find("Article/Journal/ISSN")),
        "issn_l": _flat(citation.find("MedlineJournalInfo/ISSNLinking")),
        "volume": _flat(citation.find("Article/Journal/JournalIssue/Volume")),
        "issue": _flat(citation.find("Article/Journal/JournalIssue/Issue")),
        "pages_raw": _flat(citation.find("Article/Pagination/MedlinePgn")),
        "copyright": _flat(citation.find("Article/Abstract/CopyrightInformation")),
        "publication_types": _all(citation, "Article/PublicationTypeList/PublicationType"),
        "keywords": list(dict.fromkeys(_all(citation, "KeywordList/Keyword"))),
        "links": [
            (
                each.get("RefType", "").lower(),
                _flat(each.find("RefSource")),
                _flat(each.find("PMID")),
                _printed_doi(_flat(each.find("RefSource")) or ""),
            )
            for each in citation.findall("CommentsCorrectionsList/CommentsCorrections")
        ],
        "mesh": _headings(citation),
        "language": LANGUAGES[citation.findtext("Article/Language") or ""],
        "languages": [LANGUAGES[each] for each in _all(citation, "Article/Language")],
        "authors_complete": None if listing is None else listing.get("CompleteYN") == "Y",
        "pmid": _flat(citation.find("PMID")),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{citation.findtext('PMID')}/",
        "source_platform": "PubMed",
        "content_level": "abstract" if any(each[1] for each in sections) else "citation",
        "licence": _licence(citation.findtext("Article/Abstract/CopyrightInformation") or ""),
        # Every bank of the public records is none of trials; a synthetic record above has one.
        "trial_numbers": [
            number
            for bank in citation.findall("Article/DataBankList/DataBank")
            if bank.findtext("DataBankName") in {"ClinicalTrials.gov", "ISRCTN", "UMIN CTR", "DRKS"}
            for number in _all(bank, "AccessionNumberList/AccessionNumber")
        ],
        "last_updated": "-".join(
            citation.findtext(f"DateRevised/{part}") or "" for part in ("Year", "Month", "Day")
        ),
        "version": int(element.find("MedlineCitation/PMID").get("Version")),  # type: ignore[union-attr, arg-type]
        **_dates(citation),
    }


LANGUAGES = {
    "eng": "en", "ger": "de", "rus": "ru", "jpn": "ja", "spa": "es", "ita": "it", "fre": "fr",
    "chi": "zh", "cze": "cs", "por": "pt", "nor": "no",
}  # fmt: skip


def _licence(words: str) -> str | None:
    """Return the licence of the two wordings that the public records have."""
    # "Exclusive licence to Springer" is none of Creative Commons'.
    return "CC BY" if words.startswith("Creative Commons Attribution license") else None


def _printed_doi(source: str) -> str | None:
    """Return the first word of a reference that is a DOI, without the full stop behind it."""
    words = [each.rstrip(".,;") for each in source.split()]
    return next((each for each in words if each.startswith("10.") and "/" in each), None)


def _headings(citation: ElementTree.Element) -> list[str]:
    found = []
    for each in citation.findall("MeshHeadingList/MeshHeading"):
        descriptor = _flat(each.find("DescriptorName")) or ""
        found += [f"{descriptor}/{name}" for name in _all(each, "QualifierName")] or [descriptor]
    return found


def _author(element: ElementTree.Element) -> tuple[object, ...]:
    orcid = re.sub(r"[^0-9X]", "", element.findtext("Identifier[@Source='ORCID']") or "")
    return (
        _flat(element.find("CollectiveName")),
        _flat(element.find("LastName")),
        _flat(element.find("ForeName")),
        _flat(element.find("Suffix")),
        "-".join(orcid[at : at + 4] for at in (0, 4, 8, 12)) if orcid else None,
        _all(element, "AffiliationInfo/Affiliation"),
    )


def _dates(citation: ElementTree.Element) -> dict[str, object]:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    seasons = {"Spring": (3, 5), "Summer": (6, 8), "Fall": (9, 11), "Winter": (12, 2)}
    printed = citation.find("Article/Journal/JournalIssue/PubDate")
    assert printed is not None
    year, month = printed.findtext("Year"), printed.findtext("Month")
    day, season = printed.findtext("Day"), printed.findtext("Season")
    assert year is not None
    raw = " ".join(each for each in (year, month or season, day) if each)
    span = None
    if month:
        number = int(month) if month.isdigit() else months.index(month) + 1
        span = (number, number)
    elif season:
        ends = season.split("-")
        spans = [seasons.get(each) or 2 * (months.index(each) + 1,) for each in ends]
        span = (spans[0][0], spans[-1][1])
    iso = year + (f"-{span[0]:02d}" if month and span else "") + (f"-{int(day):02d}" if day else "")
    return {
        "year": int(year),
        "date": iso,
        "date_raw": raw,
        "months": list(span) if span else None,
    }
