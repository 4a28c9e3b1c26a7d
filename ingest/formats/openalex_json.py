"""Read OpenAlex JSON: one work, a list of works or a snapshot of one work a line.

After the description of a work (https://docs.openalex.org/api-entities/works/work-object).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from ingest.model import Author, Failure, Record, Reference
from ingest.parsing.citations import citation
from ingest.parsing.dates import Printed, from_text
from ingest.parsing.fragments import flat, parts
from ingest.parsing.identifiers import numbered_pmcid, read_doi, read_issn, read_orcid, read_pmid
from ingest.parsing.jsonfile import Item, has_keys, items, records
from ingest.parsing.jsonvalues import dig, listed, string, strings
from ingest.parsing.languages import language_code
from ingest.parsing.names import direct
from ingest.parsing.unpacking import peek
from ingest.text import page_range

FORMAT = "openalex_json"
SUREST = 96


def sniff(head: bytes, name: str) -> int:
    """Return 96 where the head has OpenAlex's own keys."""
    if has_keys(head, "meta", "results") and re.search(rb'"results"\s*:\s*\[\s*\]', peek(head)):
        # An answer without a hit is no unknown file.
        return 60
    own = "abstract_inverted_index|authorships|primary_location|host_venue|open_access|cited_by_api_url"
    return 96 if has_keys(head, "id", own) and has_keys(head, "display_name|title") else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every work in order; a broken one is a failure and its neighbours live."""
    yield from records(FORMAT, items(stream, ("results",), _is_record), name, _record)


def _is_record(value: dict[str, Any]) -> bool:
    own = (
        "authorships",
        "abstract_inverted_index",
        "publication_year",
        "publication_date",
        "biblio",
    )
    return "id" in value and any(key in value for key in own)


def _record(item: Item, name: str) -> Record:
    value = item.value
    place = value.get("primary_location")
    source = dig(place, "source") or value.get("host_venue")
    first, last = (
        string(dig(value, "biblio", "first_page")),
        string(dig(value, "biblio", "last_page")),
    )
    cited = string(value.get("cited_by_count"))
    open_ = dig(value, "open_access", "is_oa")
    kind = string(value.get("type"))
    retracted = ("Retracted Publication",) if value.get("is_retracted") is True else ()
    licence = string(dig(place, "license"))
    return citation(
        FORMAT,
        name,
        item.number,
        item.data,
        title=flat(value.get("title") or value.get("display_name")),
        parts=parts(_abstract(value.get("abstract_inverted_index")) or value.get("abstract")),
        dated=_date(value),
        authors=[_author(each) for each in listed(value.get("authorships"))],
        pages=page_range(first, last),
        copyright_=string(value.get("copyright")),
        licence=licence.replace("cc-by", "CC BY") if licence else None,
        notes=(string(value.get("note")),),
        journal=flat(dig(source, "display_name")),
        publisher=flat(dig(source, "host_organization_name")),
        issn=read_issn(dig(source, "issn", 0)),
        issn_l=read_issn(dig(source, "issn_l")),
        volume=string(dig(value, "biblio", "volume")),
        issue=string(dig(value, "biblio", "issue")),
        doi=read_doi(value.get("doi") or dig(value, "ids", "doi")),
        pmid=read_pmid(dig(value, "ids", "pmid")),
        pmcid=numbered_pmcid(string(dig(value, "ids", "pmcid"))),
        url=string(dig(place, "landing_page_url")) or string(value.get("id")),
        language=language_code(string(value.get("language"))),
        open_access=open_ if isinstance(open_, bool) else None,
        publication_types=(*([kind.replace("-", " ").capitalize()] if kind else []), *retracted),
        mesh=tuple(_headings(value)),
        keywords=strings(
            [
                dig(each, "display_name") or dig(each, "keyword")
                for each in listed(value.get("keywords"))
            ]
        ),
        # The works that it cites, of which the service prints addresses alone.
        references=tuple(Reference(None, each) for each in strings(value.get("referenced_works"))),
        source_platform="OpenAlex",
        last_updated=from_text(string(value.get("updated_date"))).date,
        metrics=(("cited_by_openalex", cited),) if cited else (),
    )


def _abstract(index: Any) -> str | None:
    """Return the abstract of an inverted index: each word with the places where it stands."""
    if not isinstance(index, dict):
        return None
    placed = [
        (place, word)
        for word, places in index.items()
        for place in listed(places)
        if isinstance(place, int)
    ]
    return " ".join(word for _, word in sorted(placed)) or None


def _date(value: dict[str, Any]) -> Printed:
    """Return the publication date; the service writes 1 January where it knows the year alone."""
    printed = string(value.get("publication_date"))
    year = string(value.get("publication_year"))
    if printed and not printed.endswith("-01-01"):
        return from_text(printed)
    return from_text(year or (printed or "")[:4])._replace(raw=printed or year)


def _author(value: Any) -> Author | None:
    found = direct(
        string(dig(value, "raw_author_name")) or string(dig(value, "author", "display_name")) or ""
    )
    if found is None:
        return None
    newer = [dig(each, "raw_affiliation_string") for each in listed(dig(value, "affiliations"))]
    printed = (
        strings(dig(value, "raw_affiliation_strings"))
        or strings(newer)
        or strings([dig(value, "raw_affiliation_string")])
    )
    known = strings([dig(each, "display_name") for each in listed(dig(value, "institutions"))])
    orcid = None if found.collective else read_orcid(dig(value, "author", "orcid"))
    return replace(found, orcid=orcid, affiliations=printed or known)


def _headings(value: dict[str, Any]) -> Iterator[str]:
    for each in listed(value.get("mesh")):
        name, qualifier = string(dig(each, "descriptor_name")), string(dig(each, "qualifier_name"))
        if name:
            yield f"{name}/{qualifier}" if qualifier else name
