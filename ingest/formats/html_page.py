"""Read saved HTML pages of articles: citation_* meta tags, JSON-LD and the layouts of known sites.

After Google Scholar's inclusion guidelines for meta tags
(https://scholar.google.com/intl/en/scholar/inclusion.html), schema.org's ScholarlyArticle, and the
layouts in ``layouts.yml``. A captcha or a script shell is an error, not an empty article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from ingest.model import ContentLevel, Failure, Record, Section
from ingest.parsing.citations import unbracketed
from ingest.parsing.composing import Composer
from ingest.parsing.dates import from_text
from ingest.parsing.fragments import flat
from ingest.parsing.html import (
    LARGEST,
    Page,
    first_node,
    linked_data,
    meta_tags,
    node_text,
    parse_page,
    visible_text,
)
from ingest.parsing.html_body import (
    Layout,
    compose,
    find_layout,
    printed_authors,
    printed_citation,
    printed_headings,
    printed_keywords,
    printed_kinds,
    printed_update,
    read_references,
)
from ingest.parsing.html_meta import (
    Tags,
    cited_works,
    find_article,
    first,
    is_open,
    own_doi,
    read_authors,
    read_date,
    read_keywords,
    read_pages,
    read_parents,
)
from ingest.parsing.identifiers import read_issn, read_pmcid, read_pmid
from ingest.parsing.jsonvalues import dig, string
from ingest.parsing.languages import language_code
from ingest.parsing.pages import SHELL, split_keywords
from ingest.parsing.unpacking import peek, read_whole
from ingest.text import (
    DIGEST,
    UnreadableError,
    expand_pages,
    licence_name,
    sha256,
    truncations,
)

FORMAT = "html_page"
SUREST = 94
_PAGE = re.compile(
    rb"(?i)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:[^-]|-(?!->)){0,2000}-->\s*){0,20}<(?:!doctype\s+html|html|head)[\s>]",
    re.DOTALL,
)
_DIGESTED = re.compile(rf"{re.escape(DIGEST)}[^\n]{{0,400}}")


def sniff(head: bytes, name: str) -> int:
    """Return 94 where the bytes begin as a page, 60 where meta tags of an article stand in them."""
    shown = peek(head)
    if _PAGE.match(shown):
        return 94
    return (
        60
        if b"citation_" in shown.lower()
        and re.search(rb"""(?i)<meta\s+name=["']citation_""", shown)
        else 0
    )


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield the one record of the page."""
    try:
        data = read_whole(stream, LARGEST)
        yield _record(data, name)
    except ValueError as error:
        yield Failure(name, "record 1", f"{name} record 1: {error}", FORMAT)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page as it is shown: the layout of its site, its meta tags, its article's JSON-LD, its words."""

    page: Page
    layout: Layout
    pairs: list[tuple[str, str]]
    tags: Tags
    article: dict[str, Any]
    words: str


def _shown(data: bytes) -> _Shown:
    page = parse_page(data)
    pairs = meta_tags(page)
    tags: dict[str, list[str]] = {}
    for key, content in pairs:
        tags.setdefault(key, []).append(content)
    layout = find_layout(page, pairs, data)
    return _Shown(page, layout, pairs, tags, find_article(linked_data(page)), visible_text(page))


def _record(data: bytes, name: str) -> Record:
    shown = _shown(data)
    page, layout, tags, article = shown.page, shown.layout, shown.tags, shown.article
    title = _title(tags, article, node_text(first_node(page, layout["title"])))
    bare = len(shown.words) < 2500 and "citation_title" not in tags
    if bare and SHELL.search(f"{title} {shown.words}"):
        raise UnreadableError("a captcha or script shell; an article page was expected")
    composer = Composer(title)
    full = compose(composer, page, layout, title, tags, article)
    text, sections, markers = composer.result()
    if not title or not (sections or any(key.startswith("citation_") for key in tags) or article):
        raise UnreadableError(
            "no article; a page with a title and an abstract, text or citation was expected"
        )
    form = layout.get("format", FORMAT)
    level: ContentLevel = "abstract" if sections else "citation"
    if full:
        level = "full_page" if form != FORMAT else "full_text"
    record = Record(
        format=form,
        source=name,
        locator="record 1",
        sha256=sha256(data),
        text=text,
        title=title,
        sections=sections,
        markers=(*markers, *truncations(text)),
        references=read_references(page, layout, tags) or cited_works(article),
        authors=printed_authors(page, layout) or tuple(read_authors(shown.pairs, article)),
        language=language_code(first(tags, "citation_language", "dc.language") or _tongue(page)),
        publication_types=printed_kinds(page, layout),
        mesh=printed_headings(page, layout),
        keywords=read_keywords(tags, article)
        or printed_keywords(page, layout)
        or _headed_keywords(text, sections),
        source_site=first(tags, "og:site_name"),
        source_platform=layout["platform"],
        last_updated=printed_update(page, layout)
        or from_text(string(dig(article, "dateModified"))).date,
        content_level=level,
    )
    return _with_rights(_with_identifiers(_with_journal(record, shown), shown), shown)


def _with_journal(record: Record, shown: _Shown) -> Record:
    """Return a record with where and when its article appeared, by tags, printed line and JSON-LD."""
    tags, article = shown.tags, shown.article
    cited = printed_citation(shown.page, shown.layout)
    parents = read_parents(article)
    dated = from_text(cited["date"]) if "date" in cited else read_date(tags, article)
    pages = read_pages(tags, article) or cited.get("pages")
    return replace(
        record,
        journal=first(tags, "citation_journal_title", "prism.publicationname")
        or parents.get("journal"),
        journal_abbrev=first(tags, "citation_journal_abbrev"),
        publisher=first(tags, "citation_publisher", "dc.publisher")
        or string(dig(article, "publisher", "name")),
        issn=read_issn(first(tags, "citation_issn", "prism.issn")) or parents.get("issn"),
        year=dated.year,
        date=dated.date,
        date_raw=dated.raw,
        months=dated.months,
        volume=first(tags, "citation_volume", "prism.volume")
        or cited.get("volume")
        or parents.get("volume"),
        issue=first(tags, "citation_issue", "prism.number")
        or cited.get("issue")
        or parents.get("issue"),
        pages=expand_pages(pages),
        pages_raw=pages,
    )


def _with_identifiers(record: Record, shown: _Shown) -> Record:
    """Return a record with its address and the identifiers of its article."""
    tags, address = shown.tags, _address(shown.page, shown.tags)
    return replace(
        record,
        doi=own_doi(tags, shown.article),
        pmid=read_pmid(first(tags, "citation_pmid", "ncbi_pmid")),
        pmcid=read_pmcid(first(tags, "citation_pmcid", "citation_pmc", "ncbi_pcid", "ncbi_acc"))
        or read_pmcid(node_text(shown.page.css_first(".identifier.pmc a")))
        or _addressed_pmcid(address),
        url=address,
    )


def _with_rights(record: Record, shown: _Shown) -> Record:
    """Return a record with its licence and copyright, and whether its page is a digest."""
    tags, article = shown.tags, shown.article
    licence = string(dig(article, "license")) or first(
        tags, "dc.rights", "citation_license", "dcterms.license"
    )
    digest = _DIGESTED.search(f"{shown.words} {' '.join(tags.get('dc.rights', []))}")
    return replace(
        record,
        licence=licence_name(licence) or licence_name(shown.words[-20000:]),
        copyright=digest[0].strip() if digest else first(tags, "dc.copyright", "prism.copyright"),
        open_access=is_open(article, licence),
        digest=digest is not None,
    )


def _tongue(page: Page) -> str | None:
    """Return the language that a page says it is in."""
    root = page.css_first("html")
    return root.attributes.get("lang") if root is not None else None


def _title(tags: Tags, article: dict[str, Any], shown: str) -> str | None:
    stated = first(tags, "citation_title", "dc.title", "bepress_citation_title", "prism.title")
    headline = string(article.get("headline")) or string(article.get("name"))
    title = flat(stated or headline)
    # Tags lose mark-up: the heading of the page has exponents raised.
    if title and shown and _plain(title) == _plain(shown):
        title = shown
    return unbracketed(title or shown or flat(first(tags, "og:title")))


def _plain(title: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKD", title)).casefold()


def _addressed_pmcid(address: str | None) -> str | None:
    """Return the PMCID of a page of PubMed Central by its address."""
    found = re.search(r"ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/(PMC\d+)", address or "")
    return found[1] if found else None


def _address(page: Page, tags: Tags) -> str | None:
    canonical = page.css_first('link[rel="canonical"]')
    stated = canonical.attributes.get("href") if canonical is not None else None
    return stated or first(tags, "citation_public_url", "citation_fulltext_html_url", "og:url")


def _headed_keywords(text: str, sections: tuple[Section, ...]) -> tuple[str, ...]:
    found = [text[each.start : each.end] for each in sections if each.heading.lower() == "keywords"]
    return tuple(one for each in found for one in split_keywords(each))
