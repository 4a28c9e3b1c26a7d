"""Read what a saved page says of its article in meta tags and JSON-LD.

After Google Scholar's inclusion guidelines (https://scholar.google.com/intl/en/scholar/inclusion.html),
Highwire's and PRISM's tags, Dublin Core, and schema.org's ScholarlyArticle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ingest.model import Author, Reference
from ingest.parsing.dates import Printed, from_text
from ingest.parsing.fragments import flat
from ingest.parsing.identifiers import read_doi, read_issn, read_orcid, read_pmid
from ingest.parsing.jsonvalues import dig, listed, string
from ingest.parsing.names import author, group, inverted
from ingest.text import licence_name, page_range

Tags = Mapping[str, list[str]]
_CREATORS = {"dc.creator", "dcterms.creator", "dc.creator.personalname"}


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
    return page_range(begin, end)


def own_doi(tags: Tags, article: dict[str, Any]) -> str | None:
    """Return the article's own DOI, never that of a reference."""
    named = (
        "citation_doi",
        "prism.doi",
        "bepress_citation_doi",
        "dc.identifier.doi",
        "dc.identifier",
    )
    stated: list[object] = [one for each in named for one in tags.get(each, [])]
    own = article.get("identifier")
    for each in own if isinstance(own, list) else [own]:
        stated.append(dig(each, "value") or each)
    stated += [article.get("sameAs"), article.get("@id"), *tags.get("og:url", [])]
    return next((found for each in stated if (found := read_doi(string(each)))), None)


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
            current, found = inverted(content), True
        elif key == "citation_author_institution" and current is not None:
            current = replace(current, affiliations=(*current.affiliations, content))
        elif key == "citation_author_orcid" and current is not None:
            current = replace(current, orcid=read_orcid(content))
    if current is not None:
        yield current
    if found:
        return
    joined = next((content for key, content in pairs if key == "citation_authors"), "")
    names = _parted(joined) or [content for key, content in pairs if key in _CREATORS]
    if names:
        yield from (each for one in names if (each := inverted(one)))
        return
    stated = article.get("author")
    for each in listed(stated) or ([stated] if stated else []):
        person = _stated_person(each)
        if person is not None:
            yield person


def _parted(joined: str) -> list[str]:
    """Return the names of one tag: parted by semicolons, or by commas where each is a whole name."""
    parts = [each.strip() for each in joined.split(";") if each.strip()]
    commas = [each.strip() for each in joined.split(",") if each.strip()]
    whole = len(commas) > 1 and all(len(each.split()) > 1 for each in commas)
    return commas if len(parts) == 1 and whole else parts


def _stated_person(value: Any) -> Author | None:
    """Return an author of JSON-LD: a person by the parts of the name, an organisation as a group."""
    name = flat(dig(value, "name")) or flat(value)
    places = listed(dig(value, "affiliation")) or [dig(value, "affiliation")]
    named = tuple(text for one in places if (text := flat(dig(one, "name")) or flat(one)))
    kind = dig(value, "@type")
    if "Organization" in (kind if isinstance(kind, list) else [kind]):
        return group(name, named)
    family, given = flat(dig(value, "familyName")), flat(dig(value, "givenName"))
    found = author(family, given) if family else inverted(name or "")
    orcids = (dig(value, key) for key in ("@id", "url", "sameAs", "identifier"))
    orcid = next((one for each in orcids if (one := read_orcid(each))), None)
    return replace(found, affiliations=named, orcid=orcid) if found else None


def read_parents(article: dict[str, Any]) -> dict[str, str | None]:
    """Return journal, volume, issue and ISSN of what the article of JSON-LD is part of."""
    found: dict[str, str | None] = {}
    waiting = [article.get("isPartOf")]
    while waiting and len(found) < 100:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        if not isinstance(part, dict):
            continue
        kind = part.get("@type")
        kinds = kind if isinstance(kind, list) else [kind]
        issn = part.get("issn")
        if "Periodical" in kinds or "Journal" in kinds or issn:
            found.setdefault("journal", flat(part.get("name")))
            found.setdefault(
                "issn", read_issn(issn[0] if isinstance(issn, list) and issn else issn)
            )
        found.setdefault("volume", string(part.get("volumeNumber")))
        found.setdefault("issue", string(part.get("issueNumber")))
        found = {key: value for key, value in found.items() if value}
        waiting.append(part.get("isPartOf"))
    return found


def cited_works(article: dict[str, Any]) -> tuple[Reference, ...]:
    """Return the references that the JSON-LD lists as citations."""
    found: list[Reference] = []
    for each in listed(article.get("citation")):
        title = flat(dig(each, "headline")) or flat(dig(each, "name")) or flat(each)
        stated = (string(dig(each, key)) for key in ("sameAs", "@id", "url", "identifier"))
        doi = next((one for words in stated if (one := read_doi(words))), None)
        if title or doi:
            found.append(Reference(len(found) + 1, title or doi or "", title=title, doi=doi))
    return tuple(found)


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
