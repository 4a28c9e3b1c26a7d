"""Read CSL-JSON, the citation format of Zotero, Mendeley, pandoc and doi.org.

After the Citation Style Language's schema of 1.0.2
(https://github.com/citation-style-language/schema, csl-data.json).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.model import Author, Failure, Record
from ingest.parsing.citations import UNDATED, citation, publication_types
from ingest.parsing.dates import Printed, between, from_parts, from_text
from ingest.parsing.fragments import flat, parts
from ingest.parsing.identifiers import numbered_pmcid, read_doi, read_issn, read_orcid, read_pmid
from ingest.parsing.jsonfile import Item, has_keys, items, records
from ingest.parsing.jsonvalues import dig, listed, string
from ingest.parsing.languages import language_code
from ingest.parsing.names import author, group, inverted
from ingest.parsing.unpacking import peek

FORMAT = "csl_json"
SUREST = 95
_TYPES = {
    "article-journal": "Journal Article",
    "article": "Preprint",
    "chapter": "Book Chapter",
    "book": "Book",
    "thesis": "Thesis",
    "report": "Report",
    "paper-conference": "Conference Paper",
    "review": "Review",
}
_KIND = re.compile(
    rb'"type"\s*:\s*"(?:article|book|chapter|thesis|report|paper-conference|post|review|webpage|dataset|document)[\w-]*"'
)
_SEASONS = {"1": "spring", "2": "summer", "3": "autumn", "4": "winter"}


def sniff(head: bytes, name: str) -> int:
    """Return 95 where the head has the keys of a CSL item and none of a service's own.

    60 without an id: the specification asks for one, the answers of doi.org have none.
    """
    if has_keys(head, "message-type") or has_keys(head, "indexed", "deposited"):
        return 0
    if not has_keys(head, "type"):
        return 0
    if not has_keys(head, "title|author|issued|container-title"):
        return 0
    if not has_keys(head, "issued|container-title|DOI|author"):
        # The least that an item has: what it is and what it is called.
        return 60 if has_keys(head, "id", "title") and _KIND.search(peek(head)) else 0
    return 95 if has_keys(head, "id|citation-key") else 60


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every item in order; a broken one is a failure and its neighbours live."""
    yield from records(FORMAT, items(stream, ("items",), _is_record), name, _record)


def _is_record(value: dict[str, Any]) -> bool:
    return "type" in value and any(key in value for key in ("id", "title", "DOI"))


def _record(item: Item, name: str) -> Record:
    value = item.value
    stated = value.get("note")
    note = stated if isinstance(stated, str) else ""
    # Zotero keeps identifiers that CSL has no field for in the note, one a line.
    pmid = read_pmid(value.get("PMID")) or read_pmid(_noted(note, "PMID"))
    pmcid = numbered_pmcid(value.get("PMCID")) or numbered_pmcid(_noted(note, "PMCID"))
    kind = string(value.get("type")) or ""
    container = flat(value.get("container-title"))
    return citation(
        FORMAT,
        name,
        item.number,
        item.data,
        title=flat(value.get("title")),
        parts=parts(value.get("abstract")),
        dated=csl_date(value.get("issued")),
        authors=people(value.get("author")),
        pages=string(value.get("page")),
        copyright_=string(value.get("copyright")),
        licence=string(value.get("license")),
        notes=(note, string(value.get("annote"))),
        original_title=flat(value.get("original-title")),
        journal=container if kind != "webpage" else None,
        source_site=container if kind == "webpage" else None,
        journal_abbrev=flat(value.get("container-title-short") or value.get("journalAbbreviation")),
        publisher=flat(value.get("publisher")),
        issn=read_issn(value.get("ISSN")),
        volume=string(value.get("volume")),
        issue=string(value.get("issue")),
        doi=read_doi(value.get("DOI")) or read_doi(_noted(note, "DOI", r"(?:^|\n)")),
        pmid=pmid,
        pmcid=pmcid,
        url=string(value.get("URL")),
        language=language_code(string(value.get("language"))),
        publication_types=publication_types(_TYPES.get(kind, kind), string(value.get("status"))),
        keywords=_keywords(value.get("keyword")),
        source_platform=string(value.get("source")),
    )


def _noted(note: str, key: str, before: str = r"\b") -> str | None:
    found = re.search(rf"{before}{key}:\s*(\S+)", note, re.IGNORECASE)
    return found[1] if found else None


def _keywords(value: Any) -> tuple[str, ...]:
    words = re.split(r"[,;]", value) if isinstance(value, str) else listed(value)
    return tuple(dict.fromkeys(text for each in words if (text := string(each))))


def csl_date(value: Any) -> Printed:
    """Return the date of a CSL date variable: date-parts, raw or literal text, or a season."""
    if not isinstance(value, dict):
        return from_text(value) if isinstance(value, str) else UNDATED
    spans = [[string(part) for part in listed(each)] for each in listed(value.get("date-parts"))]
    first = [part for part in spans[0] if part] if spans else []
    if not first:
        return from_text(string(value.get("raw")) or string(value.get("literal")))
    season = string(value.get("season"))
    if season and len(first) == 1:
        return from_parts(first[0], _SEASONS.get(season, season))
    dated = from_parts(*first[:3])
    last = [part for part in spans[1] if part] if len(spans) > 1 else []
    if not last:
        return dated
    return between(dated, from_parts(*last[:3]), f"{'-'.join(first)}/{'-'.join(last)}")


def people(value: Any) -> list[Author | None]:
    """Return the authors of a CSL name list: parts of names, or a literal for a group."""
    return [_person(each) for each in listed(value)]


def _person(value: Any) -> Author | None:
    if not isinstance(value, dict):
        return inverted(value) if isinstance(value, str) else None
    places = tuple(
        text
        for each in listed(value.get("affiliation"))
        if (text := flat(dig(each, "name") if isinstance(each, dict) else each))
    )
    literal = flat(value.get("literal") or value.get("name"))
    if literal:
        return group(literal, places)
    particles = (string(value.get(key)) for key in ("dropping-particle", "non-dropping-particle"))
    family = " ".join(each for each in (*particles, flat(value.get("family"))) if each)
    orcid = read_orcid(value.get("ORCID"))
    return author(family, flat(value.get("given")), string(value.get("suffix")), orcid, places)
