"""Read PubMed XML: efetch answers, baseline and update files, plain or gzip, as a stream.

After NLM's DTD of 2025 (https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/) and its description
of the elements (https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from ingest.model import Failure, Record
from ingest.parsing import pubmed
from ingest.parsing.cutting import Piece, count_records, pieces
from ingest.parsing.identifiers import read_doi, read_pmcid
from ingest.parsing.pubmed import text_of
from ingest.parsing.unpacking import peek
from ingest.parsing.xml import Element, children, parse_piece, texts
from ingest.text import compose, expand_pages, is_digest, licence_name, sha256, truncations

Parts = Mapping[str, Element]
"""The children of an element by their tags."""
FORMAT = "pubmed_xml"
SUREST = 95
TAGS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation", "DeleteDocument")
# Elements that each record has at most once, in their order.
LANDMARKS = (
    "MedlineCitation",
    "BookDocument",
    "DateRevised",
    "Article",
    "Book",
    "Journal",
    "JournalIssue",
    "ArticleTitle",
    "Pagination",
    "Abstract",
    "AuthorList*",
    "Language*",
    "PublicationTypeList*",
    "MedlineJournalInfo",
    "MeshHeadingList",
    "KeywordList*",
    "PubmedData",
    "PubmedBookData",
    "History",
    "PublicationStatus",
    "ReferenceList*",
)
_SNIFF = re.compile(rb"<(?:Pubmed(?:Book)?Article(?:Set)?|DeleteCitation|DeleteDocument)[\s>/]")
_PMID = re.compile(rb'<PMID Version="\d+">\s*(\d+)')


def sniff(head: bytes, name: str) -> int:
    """Return 95 where PubMed's own elements stand in the head."""
    shown = peek(head).lstrip()
    return 95 if shown.startswith(b"<") and _SNIFF.search(shown) else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every record in order; a broken one is a failure and its neighbours live."""
    for piece in pieces(stream, TAGS, LANDMARKS):
        try:
            yield from _records(piece, name)
        except ValueError as error:
            yield from _failures(piece, name, str(error))


def _failures(piece: Piece, name: str, reason: str) -> Iterator[Failure]:
    """Yield a failure for each record that the broken bytes hold parts of."""
    if not piece.data:
        yield Failure(name, "end of file", f"{name} end of file: {reason}", FORMAT)
        return
    known = _PMID.findall(piece.data.partition(b"<CommentsCorrections")[0])
    for at in range(count_records(piece.data, TAGS, LANDMARKS)):
        where = f"record {piece.number}"
        if at < len(known):
            where = f"PMID {known[at].decode()}"
        yield Failure(name, where, f"{name} {where}: {reason}", FORMAT)


def _records(piece: Piece, name: str) -> Iterator[Record]:
    element = parse_piece(pubmed.without_references(piece))
    if element.tag.startswith("Delete"):
        for each in element.findall("PMID"):
            yield _deletion(each, piece, name)
    elif element.tag == "PubmedBookArticle":
        yield _book(element, piece, name)
    else:
        yield _article(element, piece, name)


def _deletion(element: Element, piece: Piece, name: str) -> Record:
    pmid = text_of(element)
    return Record(
        format=FORMAT,
        source=name,
        locator=f"delete {pmid}",
        sha256=sha256(piece.data),
        text="",
        pmid=pmid,
        content_level="citation",
        deleted=True,
        version=pubmed.version(element),
    )


def _article(element: Element, piece: Piece, name: str) -> Record:
    top = children(element)
    citation = children(top.get("MedlineCitation"))
    article = children(citation.get("Article"))
    if not article:
        raise ValueError("no MedlineCitation/Article; every PubmedArticle has one")
    if len(top) < len(element):
        raise ValueError("two articles run together; one MedlineCitation was expected")
    journal = children(article.get("Journal"))
    issue = children(journal.get("JournalIssue"))
    info = children(citation.get("MedlineJournalInfo"))
    data = top.get("PubmedData")
    own = data.find("ArticleIdList") if data is not None else None
    title, original = pubmed.titles(article)
    text, sections = compose(title, pubmed.abstracts(citation, article))
    return Record(
        source=name,
        text=text,
        title=title,
        sections=sections,
        markers=truncations(text),
        links=pubmed.links(citation.get("CommentsCorrectionsList")),
        original_title=original,
        journal=text_of(journal.get("Title")),
        journal_abbrev=text_of(journal.get("ISOAbbreviation")) or text_of(info.get("MedlineTA")),
        issn=text_of(journal.get("ISSN")),
        issn_l=text_of(info.get("ISSNLinking")),
        volume=text_of(issue.get("Volume")),
        issue=text_of(issue.get("Issue")),
        publication_types=pubmed.listed(article.get("PublicationTypeList")),
        mesh=pubmed.headings(citation.get("MeshHeadingList")),
        trial_numbers=pubmed.trials(article.get("DataBankList")),
        content_level="abstract" if sections else "citation",
        **_stated(piece, citation, article),
        **_dated(issue.get("PubDate"), article.get("ArticleDate")),
        **_identified(piece, own, article, citation),
        **_written(article.get("AuthorList")),
    )


def _book(element: Element, piece: Piece, name: str) -> Record:
    document = element.find("BookDocument")
    if document is None:
        raise ValueError("no BookDocument; every PubmedBookArticle has one")
    parts = children(document)
    book = children(parts.get("Book"))
    title, original = pubmed.titles(parts)
    whole = text_of(book.get("BookTitle"))
    text, sections = compose(title or whole, pubmed.abstracts(parts, parts))
    lists = [*document.findall("AuthorList"), *document.findall("Book/AuthorList")]
    own = [each for each in lists if each.get("Type", "authors") == "authors"]
    return Record(
        source=name,
        text=text,
        title=title or whole,
        sections=sections,
        original_title=original,
        journal=whole,
        publisher=text_of(children(book.get("Publisher")).get("PublisherName")),
        volume=text_of(book.get("Volume")),
        publication_types=texts(document, "PublicationType"),
        content_level="abstract" if sections else "citation",
        **_stated(piece, parts, parts),
        **_dated(book.get("PubDate"), parts.get("ContributionDate")),
        **_identified(piece, parts.get("ArticleIdList"), book, parts),
        **_written(next(iter(own or lists), None)),
    )


def _stated(piece: Piece, citation: Parts, article: Parts) -> dict[str, Any]:
    """Return the fields that stand alike in an article and in a chapter of a book.

    ``citation`` are the elements with PMID, revision and keywords, ``article`` those with the text.
    """
    copyright_ = pubmed.copyright_of(article.get("Abstract"))
    pages = pubmed.pages(article.get("Pagination"))
    languages = pubmed.languages(article)
    return {
        "format": FORMAT,
        "sha256": sha256(piece.data),
        "pages": expand_pages(pages),
        "pages_raw": pages,
        "language": languages[0] if languages else None,
        "languages": languages,
        "licence": licence_name(copyright_),
        "copyright": copyright_,
        "keywords": pubmed.keywords(citation),
        "source_platform": "PubMed",
        "last_updated": pubmed.stamp(citation.get("DateRevised")),
        "digest": is_digest(copyright_),
        "version": pubmed.version(citation.get("PMID")),
    }


def _dated(*candidates: Element | None) -> dict[str, Any]:
    dated = pubmed.published(*candidates)
    return {
        "year": dated.year,
        "date": dated.date,
        "date_raw": dated.raw,
        "months": dated.months,
    }


def _identified(
    piece: Piece, own: Element | None, article: Parts, citation: Parts
) -> dict[str, Any]:
    """Return locator, identifiers and address; ``own`` is the list of the article's identifiers."""
    pmid = text_of(citation.get("PMID"))
    identifiers = pubmed.identifiers(own, article, citation, pmid)
    doi = identifiers.get("doi")
    return {
        "locator": pmid or str(piece.number),
        # One that is bare stays as it is, else the address or label before it goes.
        "doi": doi if doi and doi.startswith("10.") else read_doi(doi),
        "pmid": pmid,
        "pmcid": read_pmcid(identifiers.get("pmc")),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
    }


def _written(authors: Element | None) -> dict[str, Any]:
    complete = authors.get("CompleteYN", "Y") == "Y" if authors is not None else None
    return {"authors": pubmed.authors(authors), "authors_complete": complete}
