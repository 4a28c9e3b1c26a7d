"""Read saved HTML pages of articles: citation_* meta tags, JSON-LD and the layouts of known sites.

After Google Scholar's inclusion guidelines for meta tags
(https://scholar.google.com/intl/en/scholar/inclusion.html), schema.org's ScholarlyArticle, and the
layouts in ``layouts.yml``. A captcha or a script shell is an error, not an empty article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from ingest.composing import Composer, Run
from ingest.dates import Printed, from_text
from ingest.fragments import flat, parts
from ingest.html import (
    LARGEST,
    PageWriter,
    all_nodes,
    first_node,
    linked_data,
    meta_tags,
    node_text,
    parse_page,
    visible_text,
)
from ingest.identifiers import read_doi, read_issn, read_orcid, read_pmcid, read_pmid
from ingest.jsonfile import dig, listed, string
from ingest.languages import language_code
from ingest.model import Author, ContentLevel, Failure, Record, Reference, Section
from ingest.names import direct, inverted
from ingest.text import DIGEST, UnreadableError, expand_pages, licence_name, sha256
from ingest.unpacking import peek, read_whole
from ingest.yamlfile import load_yaml

FORMAT = "html_page"
_LAYOUTS = Path(__file__).parents[1] / "layouts.yml"
_PAGE = re.compile(
    rb"(?i)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head)[\s>]",
    re.DOTALL,
)
_SHELL = re.compile(
    r"enable javascript|javascript is (?:disabled|required)|human verification|verify (?:that )?you are (?:a )?human"
    r"|captcha|access denied|are you a robot|checking your browser|just a moment|403 forbidden|404 not found"
    r"|page not found|security check|unusual traffic",
    re.IGNORECASE,
)
# What a page says of the site that it is of.
_TELLING = re.compile(
    r"(?:og:(?:url|site_name)|ncbi_db|generator|citation_(?:fulltext|abstract)_html_url|citation_public_url)$"
)


def sniff(head: bytes, name: str) -> int:
    """Return 94 where the bytes begin as a page, 60 where meta tags of an article stand in them."""
    shown = peek(head)
    if _PAGE.match(shown):
        return 94
    return 60 if re.search(rb"""(?i)<meta\s+name=["']citation_""", shown) else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield the one record of the page."""
    try:
        data = read_whole(stream, LARGEST)
        yield _record(data, name)
    except ValueError as error:
        yield Failure(name, "record 1", f"{name} record 1: {error}", FORMAT)


@cache
def _layouts() -> dict[str, Any]:
    return dict(load_yaml(_LAYOUTS))


def _layout(page: Any, pairs: list[tuple[str, str]], data: bytes) -> Mapping[str, Any]:
    """Return the layout of the site that the page says it is of, else of the site it looks like."""
    saved = re.search(rb"saved from url=\(\d+\)(\S+)", data[:4096])
    facts = [f"{key}={value}" for key, value in pairs if _TELLING.match(key)]
    facts += [each.attributes.get("href") or "" for each in page.css('link[rel="canonical"], base')]
    told = "\n".join([*facts, saved[1].decode("ascii", errors="replace") if saved else ""])
    layouts = list(_layouts().values())
    named = [
        each
        for each in layouts
        if each["recognise"] and re.search(each["recognise"], told, re.MULTILINE)
    ]
    alike = [each for each in layouts if page.css_first(each["mark"]) is not None]
    return dict([*named, *alike, layouts[-1]][0])


def _record(data: bytes, name: str) -> Record:
    page = parse_page(data)
    tags: dict[str, list[str]] = {}
    pairs = meta_tags(page)
    layout = _layout(page, pairs, data)
    for key, content in pairs:
        tags.setdefault(key, []).append(content)
    seen = visible_text(page)
    article = _article(linked_data(page))
    title = _title(tags, article, node_text(first_node(page, layout["title"])))
    if len(seen) < 2500 and _SHELL.search(f"{title} {seen}") and "citation_title" not in tags:
        raise UnreadableError("a captcha or script shell; an article page was expected")
    root = page.css_first("html")
    language = root.attributes.get("lang") if root is not None else None
    listed_ = _references(page, layout, tags)
    composer = Composer(title)
    full = _compose(composer, page, layout, title, tags, article)
    text, sections, markers = composer.result()
    if not title or not (sections or any(key.startswith("citation_") for key in tags) or article):
        raise UnreadableError(
            "no article; a page with a title and an abstract, text or citation was expected"
        )
    digest = re.search(
        rf"{re.escape(DIGEST)}[^\n]{{0,400}}", f"{seen} {' '.join(tags.get('dc.rights', []))}"
    )
    dated = _date(tags, article)
    pages = _pages(tags, article)
    level: ContentLevel = "abstract" if sections else "citation"
    form = layout.get("format", FORMAT)
    if full:
        level = "full_page" if form != FORMAT else "full_text"
    licence = string(dig(article, "license")) or _first(
        tags, "dc.rights", "citation_license", "dcterms.license"
    )
    return Record(
        format=form,
        source=name,
        locator="record 1",
        sha256=sha256(data),
        text=text,
        title=title,
        sections=sections,
        markers=markers,
        references=listed_,
        authors=tuple(_authors(pairs, article)),
        journal=_first(tags, "citation_journal_title", "prism.publicationname")
        or _journal(article),
        journal_abbrev=_first(tags, "citation_journal_abbrev"),
        publisher=_first(tags, "citation_publisher", "dc.publisher")
        or string(dig(article, "publisher", "name")),
        issn=read_issn(_first(tags, "citation_issn", "prism.issn")),
        year=dated.year,
        date=dated.date,
        date_raw=dated.raw,
        months=dated.months,
        volume=_first(tags, "citation_volume", "prism.volume"),
        issue=_first(tags, "citation_issue", "prism.number"),
        pages=expand_pages(pages),
        pages_raw=pages,
        doi=_doi(tags, article),
        pmid=read_pmid(_first(tags, "citation_pmid", "ncbi_pmid")),
        pmcid=read_pmcid(_first(tags, "citation_pmcid", "citation_pmc", "ncbi_pcid", "ncbi_acc"))
        or read_pmcid(node_text(page.css_first(".identifier.pmc a"))),
        url=_address(page, tags),
        language=language_code(_first(tags, "citation_language", "dc.language") or language),
        licence=licence_name(licence) or licence_name(seen[-20000:]),
        copyright=digest[0].strip() if digest else _first(tags, "dc.copyright", "prism.copyright"),
        open_access=_open(article, licence),
        publication_types=tuple(
            dict.fromkeys(node_text(each) for each in page.css(".publication-type"))
        ),
        keywords=_keywords(tags, article) or _printed_keywords(text, sections),
        source_site=_first(tags, "og:site_name"),
        source_platform=layout["platform"],
        last_updated=from_text(string(dig(article, "dateModified"))).date,
        content_level=level,
        digest=digest is not None,
    )


def _article(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the JSON-LD object of the article, the most telling type first."""
    for kind in ("ScholarlyArticle", "MedicalScholarlyArticle", "Article"):
        for each in objects:
            types = each.get("@type")
            if kind in (types if isinstance(types, list) else [types]):
                return each
    return {}


def _first(tags: Mapping[str, list[str]], *names: str) -> str | None:
    return next((tags[each][0] for each in names if tags.get(each)), None)


def _title(tags: Mapping[str, list[str]], article: dict[str, Any], shown: str) -> str | None:
    stated = _first(tags, "citation_title", "dc.title", "bepress_citation_title", "prism.title")
    headline = string(article.get("headline")) or string(article.get("name"))
    return flat(stated or headline) or shown or flat(_first(tags, "og:title"))


def _compose(
    composer: Composer,
    page: Any,
    layout: Mapping[str, Any],
    title: str | None,
    tags: Mapping[str, list[str]],
    article: dict[str, Any],
) -> bool:
    """Write abstract and body; tell whether there is a body."""
    numbers = {
        target: at
        for at, each in enumerate(all_nodes(page, layout["references"]), start=1)
        for target in _targets(each)
    }
    own = [each for each in layout["cut"] if each not in layout["abstract"]]
    abstract, body = first_node(page, layout["abstract"]), first_node(page, layout["body"])
    stated = tags.get("citation_abstract") or tags.get("dc.description") or []
    told = (
        parts(stated[0]) if stated else parts(article.get("abstract") or article.get("description"))
    )
    if abstract is not None and len(node_text(abstract)) > 40:
        if body is not None:
            composer.open("Abstract", 1)
        PageWriter(composer, own, numbers).write(abstract, 2 if body is not None else 1, "Abstract")
    elif told and (body is None or tags.get("citation_abstract")):
        for label, words in told:
            if label:
                composer.open(label, 1)
            composer.paragraph([Run(words)])
    if body is None or len(node_text(body)) < 400:
        return False
    PageWriter(composer, layout["cut"], numbers).write(body, 1, title)
    return True


def _targets(node: Any) -> Iterator[str]:
    for each in [node, *node.css("[id]")]:
        identifier = each.attributes.get("id")
        if identifier:
            yield identifier


def _references(
    page: Any, layout: Mapping[str, Any], tags: Mapping[str, list[str]]
) -> tuple[Reference, ...]:
    nodes = all_nodes(page, layout["references"])
    found = []
    for at, each in enumerate(nodes, start=1):
        words = re.sub(r"^\W{0,2}\d{1,4}\W{1,3}", "", node_text(each))
        hrefs = " ".join(one.attributes.get("href") or "" for one in each.css("a"))
        pmid = re.search(r"pubmed\S*?/(\d{4,9})|PMID:\s*(\d{4,9})", f"{hrefs} {words}")
        doi = read_doi(re.sub(r"%2F", "/", hrefs, flags=re.IGNORECASE)) or read_doi(words)
        found.append(Reference(at, words, doi=doi, pmid=(pmid[1] or pmid[2]) if pmid else None))
    if found:
        return tuple(found)
    return tuple(
        _stated(at, each) for at, each in enumerate(tags.get("citation_reference", []), start=1)
    )


def _stated(number: int, content: str) -> Reference:
    """Return the reference of a citation_reference tag: "citation_title=...; citation_doi=..."."""
    fields: dict[str, list[str]] = {}
    for key, value in re.findall(r"citation_(\w+)=\s*([^;]*)", content):
        fields.setdefault(key, []).append(value.strip())
    year = re.search(r"\d{4}", _first(fields, "publication_date", "year") or "")
    return Reference(
        label=number,
        raw=content
        if not fields
        else ". ".join(one for each in fields.values() for one in each if one),
        authors=tuple(fields.get("author", [])),
        title=_first(fields, "title"),
        journal=_first(fields, "journal_title"),
        year=int(year[0]) if year else None,
        doi=read_doi(_first(fields, "doi")),
        pmid=read_pmid(_first(fields, "pmid")),
    )


def _date(tags: Mapping[str, list[str]], article: dict[str, Any]) -> Printed:
    names = ("citation_publication_date", "citation_date", "citation_cover_date", "prism.publicationdate",
             "citation_online_date", "dc.date", "citation_year")  # fmt: skip
    for printed in (*(_first(tags, each) for each in names), string(article.get("datePublished"))):
        dated = from_text(printed)
        if dated.year is not None:
            return dated
    return Printed()


def _pages(tags: Mapping[str, list[str]], article: dict[str, Any]) -> str | None:
    first = _first(tags, "citation_firstpage", "prism.startingpage") or string(
        article.get("pageStart")
    )
    last = _first(tags, "citation_lastpage", "prism.endingpage") or string(article.get("pageEnd"))
    return f"{first}-{last}" if first and last and first != last else first


def _doi(tags: Mapping[str, list[str]], article: dict[str, Any]) -> str | None:
    stated = _first(tags, "citation_doi", "prism.doi", "bepress_citation_doi") or _first(
        tags, "dc.identifier"
    )
    return read_doi(stated) or read_doi(string(article.get("sameAs")) or string(article.get("@id")))


def _journal(article: dict[str, Any]) -> str | None:
    part = article.get("isPartOf")
    while isinstance(part, dict):
        kind = part.get("@type")
        if "Periodical" in (kind if isinstance(kind, list) else [kind]) or "issn" in part:
            return flat(part.get("name"))
        part = part.get("isPartOf")
    return None


def _address(page: Any, tags: Mapping[str, list[str]]) -> str | None:
    canonical = page.css_first('link[rel="canonical"]')
    stated = canonical.attributes.get("href") if canonical is not None else None
    return stated or _first(tags, "citation_public_url", "citation_fulltext_html_url", "og:url")


def _open(article: dict[str, Any], licence: str | None) -> bool | None:
    free = article.get("isAccessibleForFree")
    return free if isinstance(free, bool) else True if licence_name(licence) else None


def _keywords(tags: Mapping[str, list[str]], article: dict[str, Any]) -> tuple[str, ...]:
    words = article.get("keywords")
    stated = (
        tags.get("citation_keywords")
        or tags.get("citation_keyword")
        or (words if isinstance(words, list) else [words] if isinstance(words, str) else [])
    )
    split = [one for each in stated if isinstance(each, str) for one in re.split(r"[;,]", each)]
    return tuple(dict.fromkeys(" ".join(each.split()) for each in split if each.strip()))


def _printed_keywords(text: str, sections: tuple[Section, ...]) -> tuple[str, ...]:
    found = [text[each.start : each.end] for each in sections if each.heading.lower() == "keywords"]
    return tuple(
        one.strip(" .") for each in found for one in re.split(r"[;,]", each) if one.strip(" .")
    )


def _authors(pairs: list[tuple[str, str]], article: dict[str, Any]) -> Iterator[Author]:
    """Yield the authors: each citation_author with the institutions and ORCID that follow it."""
    current: Author | None = None
    found = False
    for key, content in pairs:
        if key in {"citation_author", "bepress_citation_author"}:
            if current is not None:
                yield current
            current, found = _named(content), True
        elif key == "citation_author_institution" and current is not None:
            current = replace(current, affiliations=(*current.affiliations, content))
        elif key == "citation_author_orcid" and current is not None:
            current = replace(current, orcid=read_orcid(content))
    if current is not None:
        yield current
    if found:
        return
    joined = next((content for key, content in pairs if key == "citation_authors"), "")
    names = [each for each in joined.split(";") if each.strip()] or [
        content for key, content in pairs if key == "dc.creator"
    ]
    if names:
        yield from (each for one in names if (each := _named(one)))
        return
    stated = article.get("author")
    for each in listed(stated) or ([stated] if stated else []):
        person = _named(string(dig(each, "name")) or "")
        if person is not None:
            places = listed(dig(each, "affiliation")) or [dig(each, "affiliation")]
            named = tuple(text for one in places if (text := flat(dig(one, "name"))))
            yield replace(
                person, affiliations=named, orcid=read_orcid(dig(each, "@id") or dig(each, "url"))
            )


def _named(printed: str) -> Author | None:
    return inverted(printed) if "," in printed else direct(printed)
