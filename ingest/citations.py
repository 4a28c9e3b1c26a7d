"""Make records of flat citations: what bibliographic exports and services print of an article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ingest.dates import Printed
from ingest.model import Author, Record
from ingest.text import clean, compose, expand_pages, is_digest, licence_name, sha256

UNDATED = Printed()


def citation(
    form: str,
    name: str,
    number: int,
    data: bytes,
    *,
    title: str | None,
    parts: Sequence[tuple[str, str]] = (),
    dated: Printed = UNDATED,
    authors: Iterable[Author | None] = (),
    pages: str | None = None,
    copyright_: str | None = None,
    licence: str | None = None,
    notes: Sequence[str | None] = (),
    **fields: Any,
) -> Record:
    """Return the record of a citation; ``fields`` are further fields of ``Record``.

    ``parts`` are (label, body) of the abstract, ``notes`` free text where a digest may say that it
    is one. Raise ``ValueError`` where it has neither title, abstract nor identifier.
    """
    listed = tuple(each for each in authors if each is not None)
    text, sections = compose(title, parts)
    doi, pmid, pmcid = (fields.get(key) for key in ("doi", "pmid", "pmcid"))
    if not (text or doi or pmid or pmcid):
        raise ValueError("no title, abstract or identifier; a citation has one of them")
    digest = is_digest(copyright_, *notes)
    told = next((each for each in notes if digest and is_digest(each)), None)
    return Record(
        format=form,
        source=name,
        locator=pmid or doi or pmcid or f"record {number}",
        sha256=sha256(data),
        text=text,
        title=title,
        sections=sections,
        authors=listed,
        year=dated.year,
        date=dated.date,
        date_raw=dated.raw,
        months=dated.months,
        pages=expand_pages(pages),
        pages_raw=clean(pages),
        copyright=copyright_ or told,
        licence=licence_name(licence) or licence_name(copyright_),
        content_level="abstract" if sections else "citation",
        digest=digest,
        **fields,
    )
