"""Read PubMed XML: efetch answers, baseline and update files, plain or gzip.

After NLM's DTD of 2025 (https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/).
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from ingest.model import Author, Failure, Link, Record
from ingest.text import clean, compose, expand_pages, is_digest, licence_name, parse_date, sha256
from ingest.xml import Element, child_text, inline_text, parse, pieces

_TAGS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")
_LANGUAGES = {
    "eng": "en",
    "fre": "fr",
    "ger": "de",
    "spa": "es",
    "ita": "it",
    "jpn": "ja",
    "chi": "zh",
    "rus": "ru",
    "por": "pt",
    "kor": "ko",
    "pol": "pl",
    "tur": "tr",
    "dut": "nl",
    "cze": "cs",
    "hun": "hu",
}


def sniff(head: bytes, name: str) -> int:
    """Return 95 where PubMed's own elements stand in the head."""
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(31).decompress(head, 65536)
        except zlib.error:
            return 0
    return (
        95
        if re.search(
            rb"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle|DeleteCitation)\b", head
        )
        else 0
    )


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every record in order; a broken one is a failure and its neighbours live."""
    start = stream.read(2)
    stream.seek(0)
    source = cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if start == b"\x1f\x8b" else stream
    try:
        for piece in pieces(source, _TAGS):
            if isinstance(piece, str):
                yield Failure(name, piece.split(":")[0], f"{name}: {piece}", "pubmed_xml")
                continue
            yield from _records(piece.data, piece.number, name)
    except (OSError, EOFError, zlib.error) as error:
        yield Failure(
            name,
            "file",
            f"{name}: the gzip stream is broken ({error}); a whole file was expected",
            "pubmed_xml",
        )


def _records(data: bytes, number: int, name: str) -> Iterator[Record | Failure]:
    try:
        element = parse(data)
        if element.tag == "DeleteCitation":
            for pmid in element.findall("PMID"):
                yield Record(
                    "pubmed_xml",
                    name,
                    f"delete {pmid.text}",
                    sha256(data),
                    "",
                    pmid=pmid.text,
                    deleted=True,
                    content_level="citation",
                )
            return
        yield (
            _book(element, data, name, number)
            if element.tag == "PubmedBookArticle"
            else _article(element, data, name, number)
        )
    except ValueError as error:
        found = re.search(rb"<PMID[^>]*>(\d+)</PMID>", data)
        where = f"PMID {found[1].decode()}" if found else f"record {number}"
        yield Failure(name, where, f"{name} {where}: {error}", "pubmed_xml")


def _article(element: Element, data: bytes, name: str, number: int) -> Record:
    citation = element.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else None
    if citation is None or article is None:
        raise ValueError("no MedlineCitation/Article; every PubmedArticle has one")
    pmid = child_text(citation, "PMID")
    title, original = _titles(article)
    parts = _abstract(article.find("Abstract"))
    text, sections = compose(title, parts)
    copyright_ = child_text(article, "Abstract/CopyrightInformation")
    journal = article.find("Journal")
    dates = _dates(journal)
    authors = article.find("AuthorList")
    identifiers = _identifiers(element, article)
    pages = child_text(article, "Pagination/MedlinePgn") or _pages(article)
    version = citation.find("PMID")
    return Record(
        format="pubmed_xml",
        source=name,
        locator=pmid or str(number),
        sha256=sha256(data),
        text=text,
        title=title,
        original_title=original,
        sections=sections,
        links=_links(citation),
        authors=_authors(authors),
        authors_complete=authors.get("CompleteYN", "Y") == "Y" if authors is not None else None,
        journal=child_text(article, "Journal/Title"),
        journal_abbrev=child_text(article, "Journal/ISOAbbreviation")
        or child_text(citation, "MedlineJournalInfo/MedlineTA"),
        issn=child_text(article, "Journal/ISSN"),
        issn_l=child_text(citation, "MedlineJournalInfo/ISSNLinking"),
        year=dates[1],
        date=dates[0],
        date_raw=dates[3],
        months=dates[2],
        volume=child_text(article, "Journal/JournalIssue/Volume"),
        issue=child_text(article, "Journal/JournalIssue/Issue"),
        pages=expand_pages(pages),
        pages_raw=pages,
        doi=identifiers.get("doi"),
        pmid=pmid,
        pmcid=identifiers.get("pmc"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
        language=_language(article),
        licence=licence_name(copyright_),
        copyright=copyright_,
        publication_types=_texts(article, "PublicationTypeList/PublicationType"),
        mesh=_mesh(citation),
        keywords=_texts(citation, "KeywordList/Keyword"),
        trial_numbers=_texts(article, "DataBankList/DataBank/AccessionNumberList/AccessionNumber"),
        source_platform="PubMed",
        content_level="abstract" if sections else "citation",
        digest=is_digest(copyright_),
        version=int(version.get("Version", "1")) if version is not None else None,
    )


def _titles(article: Element) -> tuple[str | None, str | None]:
    title = child_text(article, "ArticleTitle")
    vernacular = child_text(article, "VernacularTitle")
    if title and title.startswith("[") and title.rstrip(".").endswith("]"):
        # Brackets mark a title that NLM translated.
        title = title.rstrip(".")[1:-1].rstrip()
    return title or vernacular, vernacular


def _abstract(abstract: Element | None) -> list[tuple[str, str]]:
    if abstract is None:
        return []
    return [
        ((part.get("Label") or "").strip(), inline_text(part))
        for part in abstract.findall("AbstractText")
    ]


def _dates(
    journal: Element | None,
) -> tuple[str | None, int | None, tuple[int, int] | None, str | None]:
    published = journal.find("JournalIssue/PubDate") if journal is not None else None
    if published is None:
        return None, None, None, None
    raw = child_text(published, "MedlineDate") or " ".join(
        each
        for each in (child_text(published, tag) for tag in ("Year", "Season", "Month", "Day"))
        if each
    )
    month = child_text(published, "Month")
    if month and month.isdigit():
        year, day = child_text(published, "Year") or "", child_text(published, "Day")
        date, number, months = parse_date("-".join(each for each in (year, month, day) if each))
        return date, number, months, raw
    date, number, months = parse_date(raw)
    return date, number, months, raw or None


def _pages(article: Element) -> str | None:
    first, last = (
        child_text(article, "Pagination/StartPage"),
        child_text(article, "Pagination/EndPage"),
    )
    if first is None:
        return None
    return f"{first}-{last}" if last and last != first else first


def _identifiers(element: Element, article: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in element.findall("PubmedData/ArticleIdList/ArticleId"):
        kind, value = each.get("IdType", ""), clean(each.text)
        if value:
            found.setdefault(kind, value)
    for each in article.findall("ELocationID"):
        value = clean(each.text)
        if each.get("EIdType") == "doi" and each.get("ValidYN", "Y") == "Y" and value:
            found.setdefault("doi", value)
    return found


def _authors(listed: Element | None) -> tuple[Author, ...]:
    if listed is None:
        return ()
    return tuple(
        author for each in listed.findall("Author") if (author := _author(each)) is not None
    )


def _author(element: Element) -> Author | None:
    affiliations = tuple(
        inline_text(each) for each in element.findall("AffiliationInfo/Affiliation")
    )
    collective = child_text(element, "CollectiveName")
    if collective:
        return Author(collective, collective=True, affiliations=affiliations)
    family, given = (
        child_text(element, "LastName"),
        child_text(element, "ForeName") or child_text(element, "Initials"),
    )
    suffix = child_text(element, "Suffix")
    name = " ".join(each for each in (given, family, suffix) if each)
    orcid = next(
        (
            clean(each.text)
            for each in element.findall("Identifier")
            if each.get("Source") == "ORCID"
        ),
        None,
    )
    found = re.search(r"\d{4}-?\d{4}-?\d{4}-?\d{3}[\dX]", orcid or "")
    plain = found[0].replace("-", "") if found else None
    return (
        Author(
            name,
            family,
            given,
            suffix,
            orcid="-".join(plain[at : at + 4] for at in range(0, 16, 4)) if plain else None,
            affiliations=affiliations,
        )
        if name
        else None
    )


def _texts(element: Element, path: str) -> tuple[str, ...]:
    return tuple(text for each in element.findall(path) if (text := inline_text(each)))


def _mesh(citation: Element) -> tuple[str, ...]:
    found = []
    for heading in citation.findall("MeshHeadingList/MeshHeading"):
        descriptor = child_text(heading, "DescriptorName")
        qualifiers = _texts(heading, "QualifierName")
        found += [f"{descriptor}/{each}" for each in qualifiers] or [descriptor or ""]
    return tuple(each for each in found if each)


def _links(citation: Element) -> tuple[Link, ...]:
    found = []
    for each in citation.findall("CommentsCorrectionsList/CommentsCorrections"):
        relation = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", each.get("RefType", "related")).lower()
        raw = child_text(each, "RefSource") or ""
        doi = re.search(r"\b(10\.\d{4,9}/\S+?)[.;,]?(?=\s|$)", raw)
        found.append(Link(relation, raw, child_text(each, "PMID"), doi[1] if doi else None))
    return tuple(found)


def _language(article: Element) -> str | None:
    code = child_text(article, "Language")
    return _LANGUAGES.get(code, code) if code else None


def _book(element: Element, data: bytes, name: str, number: int) -> Record:
    document = element.find("BookDocument")
    if document is None:
        raise ValueError("no BookDocument; every PubmedBookArticle has one")
    pmid = child_text(document, "PMID")
    title = child_text(document, "ArticleTitle") or child_text(document, "Book/BookTitle")
    text, sections = compose(title, _abstract(document.find("Abstract")))
    raw = " ".join(
        each
        for each in (
            child_text(document, f"Book/PubDate/{tag}") for tag in ("Year", "Month", "Day")
        )
        if each
    )
    date, year, months = parse_date(raw)
    copyright_ = child_text(document, "Abstract/CopyrightInformation")
    return Record(
        format="pubmed_xml",
        source=name,
        locator=pmid or str(number),
        sha256=sha256(data),
        text=text,
        title=title,
        sections=sections,
        authors=_authors(document.find("AuthorList")),
        journal=child_text(document, "Book/BookTitle"),
        publisher=child_text(document, "Book/Publisher/PublisherName"),
        year=year,
        date=date,
        date_raw=raw or None,
        months=months,
        pmid=pmid,
        doi=next(
            (
                clean(each.text)
                for each in document.findall("ArticleIdList/ArticleId")
                if each.get("IdType") == "doi"
            ),
            None,
        ),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None,
        language=_language(document),
        copyright=copyright_,
        publication_types=_texts(document, "PublicationType"),
        keywords=_texts(document, "KeywordList/Keyword"),
        source_platform="PubMed",
        content_level="abstract" if sections else "citation",
        digest=is_digest(copyright_),
    )
