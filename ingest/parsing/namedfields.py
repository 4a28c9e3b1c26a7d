"""Make records of fields by their names, whatever wrote them: "Title", "article_title", "Abstract"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.model import Author, Record
from ingest.parsing.citations import UNDATED, citation
from ingest.parsing.dates import Printed, from_text
from ingest.parsing.fragments import flat
from ingest.parsing.fragments import parts as printed_parts
from ingest.parsing.identifiers import numbered_pmcid, read_doi, read_issn, read_pmid
from ingest.parsing.jsonvalues import dig, listed, string, strings
from ingest.parsing.names import author, direct, inverted
from ingest.parsing.pages import split_keywords

# The names by which files of no one maker call a field, in the order in which they count.
NAMES: Mapping[str, Sequence[str]] = {
    "title": ("title", "articletitle", "documenttitle", "primarytitle", "ti"),
    "abstract": ("abstract", "abstracttext", "articleabstract", "ab", "text"),
    "pmid": ("pmid", "pubmedid", "pubmed", "accessionnumberpmid"),
    "pmcid": ("pmcid", "pmc"),
    "doi": ("doi", "digitalobjectidentifier"),
    "authors": ("authors", "author", "authornames", "au"),
    "journal": ("journal", "journaltitle", "sourcetitle", "publicationtitle", "source", "venue"),
    "issn": ("issn",),
    "year": ("publicationdate", "date", "publicationyear", "publishedyear", "year", "py"),
    "volume": ("volume", "vol"),
    "issue": ("issue", "number"),
    "pages": ("pages", "pagerange"),
    "keywords": ("keywords", "authorkeywords", "keyword"),
    "mesh": ("mesh", "meshterms", "meshes", "meshheadings"),
    "publication_types": ("publicationtypes", "publicationtype", "documenttype", "pubtypes"),
    "url": ("url", "link"),
    "note": ("note", "notes", "copyright"),
}

_INITIALS = re.compile(r"[A-Z](?:[. -]{0,2}[A-Z])*\.?")


def plain_key(name: str) -> str:
    """Return a field's name without case, blanks and signs: "Article_Title" is articletitle."""
    return re.sub(r"[^a-z]", "", name.lower())


def has_fields(names: Sequence[str], *fields: str) -> bool:
    """Tell whether these names are of each of some fields of an article."""
    known = {plain_key(each) for each in names}
    return all(not known.isdisjoint(NAMES[each]) for each in fields)


def named_record(
    form: str, name: str, number: int, data: bytes, fields: Mapping[str, Any]
) -> Record:
    """Return the record of fields; what is no text or list of texts is left out.

    Raise ``ValueError`` where they hold neither title, abstract nor identifier.
    """
    found: dict[str, Any] = {}
    by_key = {plain_key(str(key)): value for key, value in fields.items()}
    for field, names in NAMES.items():
        found[field] = next((by_key[each] for each in names if by_key.get(each)), None)
    return citation(
        form,
        name,
        number,
        data,
        title=flat(found["title"]),
        parts=[*abstract_parts(found["abstract"])],
        dated=_dated(found["year"]),
        authors=[*_authors(found["authors"])],
        pages=string(found["pages"]),
        notes=(string(found["note"]),),
        journal=flat(found["journal"]) or flat(dig(found["journal"], "name")),
        issn=read_issn(found["issn"]) if found["issn"] else None,
        volume=string(found["volume"]),
        issue=string(found["issue"]),
        doi=read_doi(found["doi"]),
        pmid=read_pmid(found["pmid"]),
        pmcid=numbered_pmcid(found["pmcid"]),
        url=string(found["url"]),
        keywords=_listed(found["keywords"]),
        mesh=_listed(found["mesh"]),
        publication_types=_listed(found["publication_types"]),
    )


def abstract_parts(value: Any) -> Iterator[tuple[str, str]]:
    """Yield an abstract's (label, body) parts: of a text, its sentences, or parts by their labels."""
    if isinstance(value, str):
        yield from printed_parts(value)
    elif isinstance(value, dict):
        inner = value.get("text") or value.get("abstract")
        if inner:
            yield from abstract_parts(inner)
        else:
            yield from ((key, text) for key, body in value.items() if (text := flat(body)))
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        yield from printed_parts(" ".join(value))
    else:
        for each in listed(value):
            label = flat(dig(each, "label") or dig(each, "heading") or dig(each, "section"))
            if text := flat(dig(each, "text") or dig(each, "body") or each):
                yield label or "", text


def _dated(value: Any) -> Printed:
    return from_text(string(value)) if string(value) else UNDATED


def _listed(value: Any) -> tuple[str, ...]:
    return split_keywords(value) if isinstance(value, str) else strings(value)


def _authors(value: Any) -> Iterator[Author | None]:
    if isinstance(value, str):
        yield from _printed(value)
    for each in listed(value):
        if isinstance(each, str):
            yield inverted(each) if "," in each else direct(each)
            continue
        family = flat(dig(each, "family") or dig(each, "last") or dig(each, "lastName"))
        given = flat(dig(each, "given") or dig(each, "first") or dig(each, "firstName"))
        yield author(family, given) or direct(flat(dig(each, "name")) or "")


def _printed(names: str) -> Iterator[Author | None]:
    """Yield the authors of one line: "Berg, A.; Novak, P.", "Berg A, Novak P", "Berg, A., Novak, P."."""
    mark = next((each for each in ";|" if each in names), ",")
    parts = [each.strip() for each in names.split(mark)]
    if mark == "," and len(parts) > 1 and all(_INITIALS.fullmatch(each) for each in parts[1::2]):
        parts = [", ".join(pair) for pair in _pairs(parts)]
    for each in parts:
        parted = mark != "," or "," in each or re.search(r" [A-Z]{1,3}\.?$", each)
        yield inverted(each) if parted else direct(each)


def _pairs(parts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (parts[at : at + 2] for at in range(0, len(parts), 2))
