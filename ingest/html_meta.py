"""Read what a saved page says of its article in meta tags and JSON-LD.

After Google Scholar's inclusion guidelines (https://scholar.google.com/intl/en/scholar/inclusion.html),
Highwire's and PRISM's tags, Dublin Core, and schema.org's ScholarlyArticle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ingest.dates import Printed, from_text
from ingest.fragments import flat
from ingest.identifiers import read_doi, read_orcid, read_pmid
from ingest.jsonfile import dig, listed, string
from ingest.model import Author, Reference
from ingest.names import direct, inverted
from ingest.text import licence_name

Tags = Mapping[str, list[str]]


def find_article(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the JSON-LD object of the article, the most telling type first."""
    for kind in ("ScholarlyArticle", "MedicalScholarlyArticle", "Article"):
        for each in objects:
            types = each.get("@type")
            if kind in (types if isinstance(types, list) else [types]):
                return each
    return {}


def first(tags: Tags, *names: str) -> str | None:
    """Return the content of the first of the tags that the page has."""
    return next((tags[each][0] for each in names if tags.get(each)), None)


def read_date(tags: Tags, article: dict[str, Any]) -> Printed:
    """Return the publication date of the tags, else of the JSON-LD."""
    names = ("citation_publication_date", "citation_date", "citation_cover_date", "prism.publicationdate",
             "citation_online_date", "dc.date", "citation_year")  # fmt: skip
    for printed in (*(first(tags, each) for each in names), string(article.get("datePublished"))):
        dated = from_text(printed)
        if dated.year is not None:
            return dated
    return Printed()


def read_pages(tags: Tags, article: dict[str, Any]) -> str | None:
    """Return the pages as printed: first and last."""
    begin = first(tags, "citation_firstpage", "prism.startingpage")
    end = first(tags, "citation_lastpage", "prism.endingpage")
    begin, end = begin or string(article.get("pageStart")), end or string(article.get("pageEnd"))
    return f"{begin}-{end}" if begin and end and begin != end else begin


def own_doi(tags: Tags, article: dict[str, Any]) -> str | None:
    """Return the article's own DOI, never that of a reference."""
    stated = first(tags, "citation_doi", "prism.doi", "bepress_citation_doi") or first(
        tags, "dc.identifier"
    )
    return read_doi(stated) or read_doi(string(article.get("sameAs")) or string(article.get("@id")))


def read_journal(article: dict[str, Any]) -> str | None:
    """Return the name of the periodical that the article is part of."""
    part = article.get("isPartOf")
    while isinstance(part, dict):
        kind = part.get("@type")
        if "Periodical" in (kind if isinstance(kind, list) else [kind]) or "issn" in part:
            return flat(part.get("name"))
        part = part.get("isPartOf")
    return None


def is_open(article: dict[str, Any], licence: str | None) -> bool | None:
    """Tell whether the page says that it is free to read; None where it says nothing."""
    free = article.get("isAccessibleForFree")
    return free if isinstance(free, bool) else True if licence_name(licence) else None


def read_keywords(tags: Tags, article: dict[str, Any]) -> tuple[str, ...]:
    """Return the keywords of the tags, else of the JSON-LD."""
    words = article.get("keywords")
    stated = (
        tags.get("citation_keywords")
        or tags.get("citation_keyword")
        or (words if isinstance(words, list) else [words] if isinstance(words, str) else [])
    )
    split = [one for each in stated if isinstance(each, str) for one in re.split(r"[;,]", each)]
    return tuple(dict.fromkeys(" ".join(each.split()) for each in split if each.strip()))


def read_authors(pairs: list[tuple[str, str]], article: dict[str, Any]) -> Iterator[Author]:
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


def stated_reference(number: int, content: str) -> Reference:
    """Return the reference of a citation_reference tag: "citation_title=...; citation_doi=..."."""
    fields: dict[str, list[str]] = {}
    for key, value in re.findall(r"citation_(\w+)=\s*([^;]*)", content):
        fields.setdefault(key, []).append(value.strip())
    year = re.search(r"\d{4}", first(fields, "publication_date", "year") or "")
    return Reference(
        label=number,
        raw=content
        if not fields
        else ". ".join(one for each in fields.values() for one in each if one),
        authors=tuple(fields.get("author", [])),
        title=first(fields, "title"),
        journal=first(fields, "journal_title"),
        year=int(year[0]) if year else None,
        doi=read_doi(first(fields, "doi")),
        pmid=read_pmid(first(fields, "pmid")),
    )
