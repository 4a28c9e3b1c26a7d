"""Read Crossref JSON: one work, a list of works or a dump of one work a line.

After the REST API's format of a work
(https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.formats.csl_json import csl_date, people
from ingest.model import Failure, Link, Record, Reference
from ingest.parsing.citations import UNDATED, citation
from ingest.parsing.dates import Printed, from_text
from ingest.parsing.fragments import flat, parts
from ingest.parsing.identifiers import read_doi, read_issn
from ingest.parsing.jsonfile import Item, has_keys, items, records
from ingest.parsing.jsonvalues import dig, listed, string, strings
from ingest.parsing.languages import language_code

FORMAT = "crossref_json"
SUREST = 97
_TYPES = {
    "journal-article": "Journal Article",
    "article-journal": "Journal Article",
    "posted-content": "Preprint",
    "book-chapter": "Book Chapter",
    "book": "Book",
    "monograph": "Book",
    "proceedings-article": "Conference Paper",
    "dissertation": "Thesis",
    "report": "Report",
}
# Crossref's update types as an updating work states them, and its relations.
_UPDATES = {
    "retraction": "retraction_of",
    "partial_retraction": "partial_retraction_of",
    "withdrawal": "retraction_of",
    "removal": "retraction_of",
    "correction": "erratum_for",
    "corrigendum": "erratum_for",
    "erratum": "erratum_for",
    "expression_of_concern": "expression_of_concern_for",
    "new_version": "update_of",
    "new_edition": "update_of",
}
_UPDATED = {
    "retraction_of": "retraction_in",
    "partial_retraction_of": "partial_retraction_in",
    "erratum_for": "erratum_in",
    "expression_of_concern_for": "expression_of_concern_in",
    "update_of": "update_in",
}
_RELATIONS = {
    "is-preprint-of": "preprint_of",
    "has-preprint": "has_preprint",
    "is-comment-on": "comment_on",
    "has-comment": "comment_in",
    "is-version-of": "version_of",
    "is-review-of": "comment_on",
}


def sniff(head: bytes, name: str) -> int:
    """Return 96 or more where the head has the keys of a Crossref answer or work."""
    if has_keys(head, "message-type", "message"):
        return 97
    keys = ("DOI", "indexed|deposited|reference-count|is-referenced-by-count|content-domain")
    return 96 if has_keys(head, *keys) else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every work in order; a broken one is a failure and its neighbours live."""
    yield from records(FORMAT, items(stream, ("items", "message"), _is_record), name, _record)


def _is_record(value: dict[str, Any]) -> bool:
    own = ("title", "container-title", "issued", "deposited", "publisher")
    return "DOI" in value and any(key in value for key in own)


def _record(item: Item, name: str) -> Record:
    value = item.value
    title, subtitle = _first(value.get("title")), _first(value.get("subtitle"))
    if title and subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title.rstrip(': ')}: {subtitle}"
    kind = string(value.get("type")) or ""
    licences = [string(dig(each, "URL")) for each in listed(value.get("license"))]
    references = listed(value.get("reference"))
    return citation(
        FORMAT,
        name,
        item.number,
        item.data,
        title=title,
        parts=parts(value.get("abstract")),
        dated=_date(value),
        authors=people(value.get("author")),
        pages=string(value.get("page")) or string(value.get("article-number")),
        copyright_=string(value.get("copyright")),
        licence=next((each for each in licences if each and "creativecommons" in each), None),
        notes=(string(value.get("note")),),
        original_title=_first(value.get("original-title")),
        journal=_first(value.get("container-title")),
        journal_abbrev=_first(
            value.get("short-container-title") or value.get("container-title-short")
        ),
        publisher=flat(value.get("publisher")),
        issn=read_issn(_first(value.get("ISSN"))),
        volume=string(value.get("volume")),
        issue=string(value.get("issue")),
        doi=read_doi(value.get("DOI")),
        url=string(dig(value, "resource", "primary", "URL")) or string(value.get("URL")),
        language=language_code(string(value.get("language"))),
        publication_types=(_TYPES.get(kind, kind),) if kind else (),
        keywords=strings(value.get("subject")),
        trial_numbers=_trials(value.get("clinical-trial-number")),
        references=tuple(
            _reference(each, at)
            for at, each in enumerate(references, start=1)
            if isinstance(each, dict)
        ),
        links=tuple(_links(value)),
        source_platform="Crossref",
        # When the publisher last sent the record.
        last_updated=from_text(string(dig(value, "deposited", "date-time"))).date,
        metrics=_metrics(value),
    )


def _date(value: dict[str, Any]) -> Printed:
    """Return the earliest stated of ``issued``, print and online dates, as the API defines it."""
    for key in ("issued", "published", "published-print", "published-online", "posted"):
        dated = csl_date(value.get(key))
        if dated.year is not None:
            return dated
    return UNDATED


def _trials(value: Any) -> tuple[str, ...]:
    return strings([dig(each, "clinical-trial-number") for each in listed(value)])


def _metrics(value: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    cited = string(value.get("is-referenced-by-count"))
    return (("cited_by_crossref", cited),) if cited else ()


def _first(value: Any) -> str | None:
    """Return the first text of a list; content negotiation at doi.org sends the text itself."""
    return flat(value) or next((text for each in listed(value) if (text := flat(each))), None)


def _reference(value: dict[str, Any], number: int) -> Reference:
    """Return a reference with its place in the list: the digits of its key may count otherwise."""
    year = re.search(r"\d{4}", string(value.get("year")) or "")
    first, title = (
        flat(value.get("author")),
        flat(value.get("article-title") or value.get("volume-title")),
    )
    journal = flat(value.get("journal-title"))
    fields = (first, title, journal, string(value.get("volume")), string(value.get("first-page")))
    raw = flat(value.get("unstructured")) or ". ".join(
        each for each in (*fields, year[0] if year else None) if each
    )
    return Reference(
        label=number,
        raw=raw or read_doi(value.get("DOI")) or "",
        authors=(first,) if first else (),
        title=title,
        journal=journal,
        year=int(year[0]) if year else None,
        doi=read_doi(value.get("DOI")),
    )


def _links(value: dict[str, Any]) -> Iterator[Link]:
    for each in listed(value.get("update-to")):
        relation = _UPDATES.get((string(dig(each, "type")) or "").replace("-", "_"), "update_of")
        yield Link(
            relation, string(dig(each, "label")) or relation, None, read_doi(dig(each, "DOI"))
        )
    for each in listed(value.get("updated-by")):
        made = _UPDATES.get((string(dig(each, "type")) or "").replace("-", "_"), "update_of")
        relation = _UPDATED.get(made, "update_in")
        yield Link(
            relation, string(dig(each, "label")) or relation, None, read_doi(dig(each, "DOI"))
        )
    relations = value.get("relation")
    for key, targets in relations.items() if isinstance(relations, dict) else ():
        for each in listed(targets):
            if key in _RELATIONS and dig(each, "id-type") == "doi":
                doi = read_doi(dig(each, "id"))
                yield Link(_RELATIONS[key], string(dig(each, "id")) or "", None, doi)
