"""Saved pages of the known layouts, fictional, each as its site builds them."""

from __future__ import annotations

import json
import re

import pytest

from ingest.formats import read
from ingest.model import Failure, Record, Source
from ingest.text import DIGEST, display

META = """<meta name="citation_title" content="A fictional series"><meta name="citation_author" content="Roe, Ann"><meta name="citation_author_institution" content="One Place"><meta name="citation_author_orcid" content="https://orcid.org/0000-0002-1825-009X"><meta name="citation_author" content="Bo Poe">
<meta name="citation_journal_title" content="Example Spine Journal"><meta name="citation_issn" content="1234-5678"><meta name="citation_publication_date" content="2010/03"><meta name="citation_volume" content="7"><meta name="citation_issue" content="2"><meta name="citation_firstpage" content="148"><meta name="citation_lastpage" content="159"><meta name="citation_doi" content="10.9999/x.1"><meta name="citation_pmid" content="1">"""
LONG = "Words that fill the page follow here. " * 20


def _page(head: str, body: str) -> str:
    return f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{META}{head}</head><body><nav>Menu words</nav>{body}<script>code()</script></body></html>'


PUBMED = (
    _page(
        '<meta name="ncbi_db" content="pubmed"><meta name="citation_date" content="03/05/2010">',
        """<main class="article-details" id="article-details"><header class="heading" id="heading"><div class="short-view"><div class="authors-list"><span class="authors-list-item"><a class="full-name">Ann Roe</a></span></div></div>
<div class="full-view" id="full-view-heading"><div class="article-citation"><div class="publication-type">Case Reports</div><div class="article-source"><button class="journal-actions-trigger">Ex Spine J</button><span class="period">. </span><span class="cit">2010 Mar-Apr;7(2):148-59.</span><span class="citation-doi"> doi: 10.9999/x.1. </span></div></div>
<h1 class="heading-title">A fictional series</h1>
<div class="inline-authors"><div class="authors"><h3 class="title">Authors</h3><div class="authors-list"><span class="authors-list-item "><a class="full-name" href="/?term=Roe" data-ga-label="Ann Roe">Ann Roe</a><sup class="affiliation-links"><span class="author-sup-separator"> </span><a class="affiliation-link" title="One Place" href="#full-view-affiliation-1">1</a><a class="affiliation-link" href="#full-view-affiliation-2">2</a></sup><span class="comma">,&nbsp;</span></span><span class="authors-list-item "><a class="full-name">Bo Poe</a><span class="comma">;&nbsp;</span></span><span class="authors-list-item "><span class="collective-name">Example Spine Study Group</span></span></div></div></div>
<div class="affiliations"><ul class="item-list"><li data-affiliation-id="affiliation-1" id="full-view-affiliation-1"><sup class="key">1</sup> One Place</li><li id="full-view-affiliation-2"><sup class="key">2</sup> Two Place</li></ul></div>
<ul id="full-view-identifiers" class="identifiers"><li><span class="identifier pubmed"><span class="id-label">PMID: </span><strong class="current-id" title="PubMed ID">1</strong></span></li><li><span class="identifier pmc"><span class="id-label">PMCID: </span><a class="id-link">PMC12</a></span></li></ul></div></header>
<div class="abstract" id="abstract"><h2 class="title">Abstract<button class="icon">Copy</button></h2><div class="abstract-content selected" id="eng-abstract"><p><strong class="sub-title"> Methods: </strong> Ten patients of a clinic. </p><p><strong class="sub-title"> Results: </strong> All of <i>them</i> walked 10<sup>3</sup> m. </p></div>
<div class="abstract-content" id="spa-abstract"><p>Todos caminaron.</p></div><p><strong class="sub-title"> Keywords: </strong> fiction; spine. </p><p class="copyright">Nobody</p></div>
<div class="similar-articles" id="similar"><h2 class="title">Similar articles</h2><ul><li><a class="docsum-title">Another title.</a></li></ul></div>
<div class="references" id="references"><h2 class="title">References</h2><ol class="references-and-notes-list" id="full-references-list-1"><li class="skip-numbering" value="1">Poe B. Old. 2001. doi: 10.9999/old. <span>-</span> <a class="reference-link" href="https://doi.org/10.9999/old">DOI</a> <span>-</span> <a class="reference-link" href="/12345/">PubMed</a></li></ol></div>
<div class="publication-types keywords-section" id="publication-types"><h2 class="title">Publication types</h2><ul class="keywords-list"><li><button class="keyword-actions-trigger trigger keyword-link">Case Reports</button></li></ul></div>
<div class="mesh-terms keywords-section" id="mesh-terms"><ul class="keywords-list"><li><button class="keyword-link major">Spine / surgery*</button></li><li><button class="keyword-link">Humans</button></li></ul></div></main>""",
    )
    .replace(
        '<meta name="citation_author" content="Roe, Ann"><meta name="citation_author_institution" content="One Place"><meta name="citation_author_orcid" content="https://orcid.org/0000-0002-1825-009X"><meta name="citation_author" content="Bo Poe">',
        '<meta name="citation_authors" content="Roe A;Poe B">',
    )
    .replace(
        '<meta name="citation_publication_date" content="2010/03"><meta name="citation_volume" content="7"><meta name="citation_issue" content="2"><meta name="citation_firstpage" content="148"><meta name="citation_lastpage" content="159">',
        "",
    )
)
PMC = _page(
    '<link rel="canonical" href="https://pmc.ncbi.nlm.nih.gov/articles/PMC12/"><meta name="ncbi_pcid" content="PMC12">',
    '<h1>A fictional series</h1><section class="abstract"><h2>Abstract</h2><p>Ten patients of a clinic were seen there.</p></section><section class="body main-article-body">'
    f'<section><h2 class="pmc_sec_title">Introduction</h2><p>Tumours are rare [<a href="#B1">1</a>,<a href="#B2">2</a>] in 3 cm<sup>2</sup>. {LONG}</p><section><h3>Deep</h3><p>Deep words.</p>'
    '<figure class="fig"><h4>Figure 1</h4><figcaption>A caption.</figcaption></figure></section></section></section>'
    '<section class="ref-list"><ul class="ref-list"><li id="B1">1. Poe B. Old. [<a href="https://pubmed.ncbi.nlm.nih.gov/12345/">PubMed</a>]</li><li id="B2">Poe C. Two.</li></ul></section>',
)
# As PubMed Central built its pages until 2024, and as many were saved.
OLD_PMC = _page(
    "",
    '<div class="jig-ncbiinpagenav"><div class="fm-sec half_rhythm no_top_margin"><h1 class="content-title">A fictional series</h1><div class="contrib-group fm-author"><a>Ann Roe</a></div></div>'
    '<div id="__abstractid1" class="tsec sec"><div class="goto jig-ncbiinpagenav-goto-container">Go to:</div><h2 class="head no_bottom_margin">Abstract</h2><div><p class="p p-first-last">Ten patients of a clinic were seen there.</p></div></div>'
    f'<div id="S1" class="tsec sec"><div class="goto">Go to:</div><h2 class="head no_bottom_margin ui-helper-clearfix">Introduction</h2><p id="__p1" class="p p-first-last">Tumours are rare (<a href="#R1" rid="R1" class="bibr popnode">1</a>) in 3 cm<sup>2</sup>. {LONG}</p>'
    '<div id="S2" class="sec sec-last"><h3>Deep</h3><p>Deep words.</p><div class="fig iconblock ten_col whole_rhythm clearfix" id="F1"><div class="icnblk_img"><a class="figpopup"><img></a></div><div class="icnblk_cntnt"><div><a class="figpopup">Figure 1</a></div><div class="caption">A caption.</div></div></div></div></div>'
    '<div class="table-wrap anchored whole_rhythm" id="T1"><h3>Table 1</h3><div class="caption"><p>Numbers.</p></div><div class="xtable"><table><tr><td>A</td><td>2</td></tr></table></div></div>'
    '<div id="S9" class="tsec sec"><h2>References</h2><div class="ref-list-sec sec"><div class="ref-cit-blk half_rhythm" id="R1">1. <span class="element-citation">Poe B. Old. </span>[<a href="https://pubmed.ncbi.nlm.nih.gov/12345">PubMed</a>] [<a>Google Scholar</a>]</div></div></div></div>',
)
JSTAGE = _page(
    '<link rel="canonical" href="https://www.jstage.jst.go.jp/article/esj/7/2/7_148/_article"><meta name="citation_reference" content="citation_title=Old; citation_author=Poe B; citation_doi=10.9999/old; citation_year=2001">',
    '<div class="global-article-title">A fictional series</div><div class="global-authors-name-tags"><a class="customTooltip">Ann ROE</a></div><div id="article-overiew-abstract-wrap"><div class="section-title-18">Abstract</div><p class="global-para-14">Ten patients of a clinic were seen there and walked.</p></div>',
)
JSTAGE_FULL = JSTAGE.replace(
    "</div><script>",
    f'</div><div class="non-sticky-content"><div id="sec1" class="section"><h2 class="article-sec-title">Introduction</h2><p>{LONG}</p></div><div id="sec2"><h2>Results</h2><p>All walked. {LONG}</p></div></div><script>',
)
SPRINGER = _page(
    '<meta property="og:site_name" content="SpringerLink"><script type="application/ld+json">{"mainEntity": {"@type": "ScholarlyArticle", "headline": "A fictional series", "license": "http://creativecommons.org/licenses/by/4.0/", "isAccessibleForFree": true, "keywords": ["Fiction", "Spine"]}}</script>',
    '<main><article><h1 class="c-article-title" data-test="article-title">A fictional series</h1><div class="c-article-body"><section aria-labelledby="Abs1" data-title="Abstract" lang="en"><div class="c-article-section" id="Abs1-section"><h2 class="c-article-section__title" id="Abs1">Abstract</h2><div class="c-article-section__content" id="Abs1-content"><h3 class="c-article__sub-heading">Purpose</h3><p>Ten patients of a clinic were seen there.</p></div></div></section>'
    f'<div class="main-content"><section data-title="Introduction"><div class="c-article-section" id="Sec1-section"><h2 class="c-article-section__title" id="Sec1">Introduction</h2><div class="c-article-section__content" id="Sec1-content"><p>Tumours are rare.<sup><a data-test="citation-ref" href="/articles/x#ref-CR2">2</a></sup> {LONG}</p><h3 class="c-article__sub-heading">Deep</h3><p>Deep words.</p>'
    '<div class="c-article-section__figure" data-test="figure" id="figure-1"><figure><figcaption><b id="Fig1" class="c-article-section__figure-caption">Fig. 1</b></figcaption><div class="c-article-section__figure-content"><div class="c-article-section__figure-description" data-test="bottom-caption"><p>A caption.</p></div></div><div class="u-text-right u-hide-print"><a class="c-article__pill-button" data-test="article-link">Full size image</a></div></figure></div></div></div></section></div>'
    '<section aria-labelledby="Bib1" data-title="References"><div class="c-article-section" id="Bib1-section"><h2>References</h2><ol class="c-article-references"><li class="c-article-references__item" data-counter="1."><p class="c-article-references__text" id="ref-CR1">Poe (2001) Old. <a href="https://doi.org/10.9999%2Fold">x</a></p><p class="c-article-references__links u-hide-print"><a href="http://www.ncbi.nlm.nih.gov/entrez/query.fcgi?cmd=Retrieve&db=PubMed&list_uids=12345">PubMed</a>&nbsp;<a>Google Scholar</a></p></li><li class="c-article-references__item"><p class="c-article-references__text" id="ref-CR2">Poe (2002) Two.</p></li></ol></div></section>'
    f'<section data-title="Author information"><div class="c-article-section"><h2>Author information</h2><p>Ann Roe is nobody. {LONG}</p></div></section><section data-title="Rights and permissions"><p>Rights. {LONG}</p></section></div></article></main>',
)
DOKUWIKI = (
    '<!DOCTYPE html><html lang="en"><head><meta name="generator" content="DokuWiki"/><title>fictional_tumour [Example]</title></head><body><div id="dokuwiki__site"><div id="dokuwiki__header"><div class="breadcrumbs">Trace: x</div></div><div id="dokuwiki__content"><div class="pad group"><div class="pageId"><span>fictional_tumour</span></div><div class="page group"><!-- wikipage start -->'
    '<div id="dw__toc" class="dw__toc"><h3 class="toggle">Table of Contents</h3><div>Contents list</div></div><h1 class="sectionedit1" id="fictional_tumour">Fictional tumour</h1><div class="level1"><p>A tumour of stories <sup><a href="#fn__1" id="fnt__1" class="fn_top">1)</a></sup>. '
    f'{LONG}</p></div><div class="secedit editbutton_section"><form class="button btn_secedit"><button>Edit</button></form></div><h2 class="sectionedit2" id="treatment">Treatment</h2><div class="level2"><ul><li class="level1"><div class="li">Rest</div></li></ul></div>'
    '<div class="footnotes"><div class="fn"><sup><a href="#fnt__1" id="fn__1" class="fn_bot">1)</a></sup> <div class="content">Poe B. Old. PMID: 12345</div></div></div><!-- wikipage stop --></div><div class="docInfo"><bdi>fictional_tumour.txt</bdi> Last modified: 2020/01/02 10:11 by nobody</div></div></div></div></body></html>'
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
    assert [(each.family, each.given) for each in record.authors[:2]] == [
        ("Roe", "Ann"),
        ("Poe", "Bo"),
    ]
    first = record.authors[0]
    if site == "PubMed":
        assert first.affiliations == ("One Place", "Two Place")
        assert record.authors[2].collective
        assert (record.date, record.months) == ("2010", (3, 4))
    else:
        assert (first.affiliations, first.orcid) == (("One Place",), "0000-0002-1825-009X")
        assert record.date == "2010-03"
    assert (record.journal, record.volume, record.issue) == ("Example Spine Journal", "7", "2")
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
        ("Results", "All of them walked 10³ m."),
        ("Other abstract (es)", "Todos caminaron."),
    ]
    assert (record.mesh, record.keywords) == (("Spine/surgery", "Humans"), ("fiction", "spine"))
    assert [(each.raw, each.doi, each.pmid) for each in record.references] == [
        ("Poe B. Old. 2001. doi: 10.9999/old.", "10.9999/old", "12345")
    ]
    assert "Similar" not in record.text and "Nobody" not in record.text
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
        ("Abstract", "Purpose"),
        ("Introduction",),
        ("Introduction", "Deep"),
    ]
    assert [(each.role, each.references) for each in record.markers] == [
        ("citation", (2,)),
        ("caption", ()),
    ]
    assert record.markers[1].raw == "Fig. 1 A caption."
    assert [(each.raw, each.doi, each.pmid) for each in record.references] == [
        ("Poe (2001) Old. x", "10.9999/old", "12345"),
        ("Poe (2002) Two.", None, None),
    ]
    assert record.keywords == ("Fiction", "Spine")
    assert "Rights" not in record.text and "nobody" not in record.text


def test_springer_page_of_an_abstract_alone_is_no_full_text() -> None:
    start, end = SPRINGER.index('<div class="main-content">'), SPRINGER.index('<section aria-labelledby="Bib1"')  # fmt: skip
    record = _one(SPRINGER[:start] + SPRINGER[end:])
    assert record.content_level == "abstract"
    assert [each.heading for each in record.sections if each.end > each.start] == ["Purpose"]


def test_pmc_pages_of_the_older_layout() -> None:
    record = _one(OLD_PMC)
    assert (record.source_platform, record.content_level) == ("PubMed Central", "full_text")
    assert [each.path for each in record.sections][:3] == [
        ("Abstract",),
        ("Introduction",),
        ("Introduction", "Deep"),
    ]
    assert [(each.role, each.raw) for each in record.markers] == [
        ("citation", " (1)"),
        ("caption", "Figure 1 A caption."),
        ("caption", "Table 1 Numbers."),
        ("caption", "A\t2"),
    ]
    assert [(each.raw, each.pmid) for each in record.references] == [("Poe B. Old.", "12345")]
    assert "Go to" not in record.text


def test_jstage_full_text_stands_in_several_parts() -> None:
    record = _one(JSTAGE_FULL)
    assert record.content_level == "full_text"
    assert [each.heading for each in record.sections] == ["Abstract", "Introduction", "Results"]


def test_jstage_abstract() -> None:
    record = _one(JSTAGE)
    (section,) = record.sections
    assert (
        record.text[section.start : section.end]
        == "Ten patients of a clinic were seen there and walked."
    )
    assert [(each.title, each.year, each.doi) for each in record.references] == [
        ("Old", 2001, "10.9999/old")
    ]


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
    assert record.last_updated == "2020-01-02T10:11"
    assert not re.search("Contents list|Trace|Edit|Last modified", record.text)
    (reference,) = record.references
    assert reference.raw == "Poe B. Old. PMID: 12345"


def test_a_digest_page_is_marked() -> None:
    record = _one(PUBMED.replace('<p class="copyright">Nobody', f"<p>{DIGEST}."))
    assert record.digest is True


def test_a_page_in_an_older_encoding() -> None:
    page = JSTAGE.replace("utf-8", "windows-1252").replace("Ten patients", "Zehn Männer")
    (record,) = read(Source("x.html", data=page.encode("cp1252")))
    assert isinstance(record, Record) and "Zehn Männer" in record.text


def test_json_ld_says_what_tags_do_not() -> None:
    data = {
        "@graph": [
            {"@type": "WebSite", "name": "Site"},
            {
                "@type": ["ScholarlyArticle"],
                "headline": "A fictional headline",
                "author": [
                    {"@type": "Person", "givenName": "Ann", "familyName": "de Roe", "name": "Ann de Roe",
                     "affiliation": [{"name": "One"}, {"name": "Two"}], "@id": "https://orcid.org/0000-0002-1825-009X"},
                    {"@type": "Organization", "name": "Nowhere Hospital"},
                ],
                "datePublished": "2010-03-05T00:00:00Z",
                "isPartOf": {"@type": "PublicationIssue", "issueNumber": "2", "isPartOf": {"@type": "PublicationVolume", "volumeNumber": 7,
                             "isPartOf": {"@type": "Periodical", "name": "Example Spine Journal", "issn": ["1234-5678"]}}},
                "pageStart": "148", "pageEnd": "159", "description": "Ten patients walked.",
                "identifier": {"@type": "PropertyValue", "propertyID": "doi", "value": "10.9999/x.1"},
                "citation": [{"@type": "CreativeWork", "name": "Old", "sameAs": "https://doi.org/10.9999/old"}],
            },
        ]
    }  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    record = _one(f"<!DOCTYPE html><html><head>{script}</head><body><h1>Site</h1></body></html>")
    assert (record.title, record.date, record.doi) == (
        "A fictional headline",
        "2010-03-05",
        "10.9999/x.1",
    )
    first, second = record.authors
    assert (first.family, first.affiliations, first.orcid) == (
        "de Roe",
        ("One", "Two"),
        "0000-0002-1825-009X",
    )
    assert (second.name, second.collective) == ("Nowhere Hospital", True)
    assert (record.journal, record.issn, record.volume, record.issue, record.pages) == (
        "Example Spine Journal",
        "1234-5678",
        "7",
        "2",
        "148-159",
    )
    assert [(each.title, each.doi) for each in record.references] == [("Old", "10.9999/old")]
    assert record.text.endswith("Ten patients walked.")


@pytest.mark.parametrize(
    ("tags", "families"),
    [
        ({"citation_authors": "Roe A;de Poe B Jr"}, ["Roe", "de Poe"]),
        ({"citation_authors": "Roe, Ann; Poe, Bo"}, ["Roe", "Poe"]),
        ({"citation_authors": "Ann Roe, Bo Poe"}, ["Roe", "Poe"]),
        ({"citation_author": "Roe, Ann, Jr."}, ["Roe"]),
        ({"DC.Creator": "Roe, Ann"}, ["Roe"]),
    ],
)
def test_names_in_tags(tags: dict[str, str], families: list[str]) -> None:
    head = "".join(f'<meta name="{name}" content="{content}">' for name, content in tags.items())
    record = _one(
        f'<!DOCTYPE html><html><head><meta name="citation_title" content="A title">{head}</head><body></body></html>'
    )
    assert [each.family for each in record.authors] == families


@pytest.mark.parametrize(
    "words",
    [
        "Please enable cookies. Ray ID: 1",
        "Our systems think that you are a bot",
        "Attention required",
        "Cookies must be enabled",
        "Preparing to download ...",
        "Too many requests",
    ],
)
def test_more_shells_are_failures_as_pages_and_as_text(words: str) -> None:
    page = f"<!DOCTYPE html><html><head><title>Journal</title></head><body><h1>{words}</h1><p>Words of it here.</p></body></html>"
    for data, name in ((page, "x.html"), (words + ", they said to me. ", "x.txt")):
        (failure,) = read(Source(name, data=data.encode()))
        assert isinstance(failure, Failure) and "shell" in failure.reason


def test_a_page_without_an_article_is_a_failure() -> None:
    for body in ("<h1>Welcome</h1>", ""):
        (failure,) = read(Source("x.html", data=f"<html><body>{body}</body></html>".encode()))
        assert isinstance(failure, Failure) and "expected" in failure.reason
