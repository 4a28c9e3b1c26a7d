"""Saved pages of the known layouts, fictional, each as its site builds them."""

from __future__ import annotations

import pytest

from ingest.formats import read
from ingest.model import Failure, Record, Source
from ingest.text import DIGEST, display

META = """<meta name="citation_title" content="A fictional series"><meta name="citation_author" content="Roe, Ann"><meta name="citation_author_institution" content="One Place"><meta name="citation_author_orcid" content="https://orcid.org/0000-0002-1825-009X"><meta name="citation_author" content="Bo Poe">
<meta name="citation_journal_title" content="Example Spine Journal"><meta name="citation_issn" content="1234-5678"><meta name="citation_publication_date" content="2010/03"><meta name="citation_volume" content="7"><meta name="citation_issue" content="2"><meta name="citation_firstpage" content="148"><meta name="citation_lastpage" content="159"><meta name="citation_doi" content="10.9999/x.1"><meta name="citation_pmid" content="1">"""
LONG = "Words that fill the page follow here. " * 20


def _page(head: str, body: str) -> str:
    return f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{META}{head}</head><body><nav>Menu words</nav>{body}<script>code()</script></body></html>'


PUBMED = _page(
    '<meta name="ncbi_db" content="pubmed">',
    '<h1 class="heading-title">A fictional series</h1><span class="publication-type">Case Reports</span><span class="identifier pmc"><a>PMC12</a></span>'
    '<div class="abstract" id="abstract"><h2 class="title">Abstract</h2><div class="abstract-content"><p><strong class="sub-title">Methods: </strong>Ten patients of a clinic.</p>'
    '<p><strong class="sub-title">Results: </strong>All of <i>them</i> walked.</p></div><p class="copyright">Nobody</p></div>',
)
PMC = _page(
    '<link rel="canonical" href="https://pmc.ncbi.nlm.nih.gov/articles/PMC12/"><meta name="ncbi_pcid" content="PMC12">',
    '<h1>A fictional series</h1><section class="abstract"><h2>Abstract</h2><p>Ten patients of a clinic were seen there.</p></section><section class="body main-article-body">'
    f'<section><h2 class="pmc_sec_title">Introduction</h2><p>Tumours are rare [<a href="#B1">1</a>,<a href="#B2">2</a>] in 3 cm<sup>2</sup>. {LONG}</p><section><h3>Deep</h3><p>Deep words.</p>'
    '<figure class="fig"><h4>Figure 1</h4><figcaption>A caption.</figcaption></figure></section></section></section>'
    '<section class="ref-list"><ul class="ref-list"><li id="B1">1. Poe B. Old. [<a href="https://pubmed.ncbi.nlm.nih.gov/12345/">PubMed</a>]</li><li id="B2">Poe C. Two.</li></ul></section>',
)
JSTAGE = _page(
    '<link rel="canonical" href="https://www.jstage.jst.go.jp/article/esj/7/2/7_148/_article">',
    '<div class="global-article-title">A fictional series</div><div id="article-overiew-abstract-wrap"><div class="section-title">Abstract</div><p class="global-para-14">Ten patients of a clinic were seen there and walked.</p></div>',
)
SPRINGER = _page(
    '<meta property="og:site_name" content="SpringerLink"><script type="application/ld+json">{"mainEntity": {"@type": "ScholarlyArticle", "headline": "A fictional series", "license": "http://creativecommons.org/licenses/by/4.0/", "isAccessibleForFree": true}}</script>',
    '<main><h1 class="c-article-title">A fictional series</h1><div class="main-content"><section data-title="Abstract"><div id="Abs1-section"><h2>Abstract</h2><div id="Abs1-content"><p>Ten patients of a clinic were seen there.</p></div></div></section>'
    f'<section data-title="Introduction"><div><h2>Introduction</h2><p>Tumours are rare.<sup><a href="/articles/x#ref-CR2">2</a></sup> {LONG}</p><h3>Deep</h3><p>Deep words.</p></div></section></div></main>'
    '<ol class="c-article-references"><li><p id="ref-CR1">Poe (2001) Old. <a href="https://doi.org/10.9999%2Fold">x</a></p></li><li><p id="ref-CR2">Poe (2002) Two.</p></li></ol>',
)
DOKUWIKI = (
    '<!DOCTYPE html><html lang="en"><head><meta name="generator" content="DokuWiki"/><title>fictional_tumour [Example]</title></head><body><div id="dokuwiki__content"><div class="page">'
    '<div id="dw__toc">Contents list</div><h1 class="sectionedit1">Fictional tumour</h1><div class="level1"><p>A tumour of stories <sup><a href="#fn__1" class="fn_top">1)</a></sup>. '
    f'{LONG}</p></div><h2>Treatment</h2><div class="level2"><ul><li><div class="li">Rest</div></li></ul></div>'
    '<div class="footnotes"><div class="fn" id="fn__1">Poe B. Old. PMID: 12345</div></div></div></div></body></html>'
)
PAGES = {"PubMed": PUBMED, "PubMed Central": PMC, "J-STAGE": JSTAGE, "SpringerLink": SPRINGER}


def _one(page: str) -> Record:
    (record,) = read(Source("x.html", data=page.encode()))
    assert isinstance(record, Record), record
    return record


@pytest.mark.parametrize("site", PAGES)
def test_citation_fields(site: str) -> None:
    record = _one(PAGES[site])
    assert (record.format, record.source_platform, record.title) == (
        "html_page",
        site,
        "A fictional series",
    )
    assert [(each.family, each.given) for each in record.authors] == [("Roe", "Ann"), ("Poe", "Bo")]
    first = record.authors[0]
    assert (first.affiliations, first.orcid) == (("One Place",), "0000-0002-1825-009X")
    assert (record.journal, record.date, record.volume, record.issue) == (
        "Example Spine Journal",
        "2010-03",
        "7",
        "2",
    )
    assert (record.pages, record.doi, record.pmid, record.language) == (
        "148-159",
        "10.9999/x.1",
        "1",
        "en",
    )
    assert "Menu words" not in record.text and "code()" not in record.text


def test_pubmed_labels_are_sections() -> None:
    record = _one(PUBMED)
    assert [(each.heading, record.text[each.start : each.end]) for each in record.sections] == [
        ("Methods", "Ten patients of a clinic."),
        ("Results", "All of them walked."),
    ]
    assert (record.pmcid, record.publication_types, record.content_level) == (
        "PMC12",
        ("Case Reports",),
        "abstract",
    )


def test_pmc_sections_citations_captions_and_references() -> None:
    record = _one(PMC)
    assert [(each.level, each.path) for each in record.sections] == [
        (1, ("Abstract",)),
        (1, ("Introduction",)),
        (2, ("Introduction", "Deep")),
    ]
    citation, caption = record.markers
    assert (citation.role, citation.references) == ("citation", (1, 2))
    assert caption.role == "caption" and "A caption." in caption.raw
    start = record.text.index("Tumours")
    assert display(record.text, start, start + 40, record.markers).startswith(
        "Tumours are rare in 3 cm². "
    )
    assert [(each.label, each.pmid) for each in record.references] == [(1, "12345"), (2, None)]
    assert (record.pmcid, record.content_level) == ("PMC12", "full_text")


def test_springer_licence_and_reference_numbers() -> None:
    record = _one(SPRINGER)
    assert (record.licence, record.open_access) == ("CC BY 4.0", True)
    assert [each.path for each in record.sections] == [
        ("Abstract",),
        ("Introduction",),
        ("Introduction", "Deep"),
    ]
    assert [each.references for each in record.markers] == [(2,)]
    assert [each.doi for each in record.references] == ["10.9999/old", None]


def test_jstage_abstract() -> None:
    record = _one(JSTAGE)
    (section,) = record.sections
    assert (
        record.text[section.start : section.end]
        == "Ten patients of a clinic were seen there and walked."
    )


def test_dokuwiki_page_is_a_full_page_of_cited_words() -> None:
    record = _one(DOKUWIKI)
    assert (record.format, record.content_level, record.title) == (
        "dokuwiki_page",
        "full_page",
        "Fictional tumour",
    )
    assert [each.heading for each in record.sections] == ["", "Treatment"]
    assert [(each.role, each.references) for each in record.markers] == [("citation", (1,))]
    assert [each.pmid for each in record.references] == ["12345"]
    assert record.doi is None and record.pmid is None
    assert "Contents list" not in record.text


def test_a_digest_page_is_marked() -> None:
    record = _one(PUBMED.replace('<p class="copyright">Nobody', f"<p>{DIGEST}."))
    assert record.digest is True


def test_a_page_in_an_older_encoding() -> None:
    page = JSTAGE.replace("utf-8", "windows-1252").replace("Ten patients", "Zehn Männer")
    (record,) = read(Source("x.html", data=page.encode("cp1252")))
    assert isinstance(record, Record) and "Zehn Männer" in record.text


def test_a_page_without_an_article_is_a_failure() -> None:
    for body in ("<h1>Welcome</h1>", ""):
        (failure,) = read(Source("x.html", data=f"<html><body>{body}</body></html>".encode()))
        assert isinstance(failure, Failure) and "expected" in failure.reason
