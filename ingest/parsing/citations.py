"""Make records of flat citations: what bibliographic exports and services print of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ingest.document import section_role
from ingest.model import Author, Record
from ingest.parsing.dates import Printed
from ingest.text import (
    clean,
    compose,
    expand_pages,
    is_digest,
    licence_name,
    sha256,
    truncations,
)

UNDATED = Printed()
# What NLM prints where there is no English title.
_PLACEHOLDERS = {"not available", "in process citation"}
_LABEL = re.compile(r"(?:^|(?<=[.?!)\]]\s))([A-Z][A-Za-z&/,’' -]{2,60}?)\s*:\s+(?=\S)")


def publication_types(kind: str | None, state: str | None) -> tuple[str, ...]:
    """Return the types of a reference of a kind, in PubMed's words where its state is retracted."""
    retracted = re.match(r"(?i)\W*retracted\b", state or "")
    return (*([kind] if kind else ()), *(["Retracted Publication"] if retracted else ()))


def unbracketed(title: str | None) -> str | None:
    """Return a title without the brackets by which NLM marks a translated one.

    Its placeholders ("[Not Available]") are no title; "[One] and [two]" stays.
    """
    whole = (title or "").rstrip(" .")
    if not (whole.startswith("[") and whole.endswith("]")):
        return title
    depth = 0
    for at, char in enumerate(whole):
        depth += (char == "[") - (char == "]")
        if depth == 0 and at < len(whole) - 1:
            return title
    inner = whole[1:-1].strip()
    return inner if inner.lower() not in _PLACEHOLDERS else None


def labelled(label: str, body: str) -> list[tuple[str, str]]:
    """Return the (label, body) parts of an abstract that prints its labels in the line.

    "METHODS: ... RESULTS: ..." is two parts. A label names a section at a sentence's start; labels
    that are not known count in capitals, beside one that is.
    """
    if not label:
        # The heading of the whole, which some services print with it.
        body = re.sub(r"^(?:Abstract|ABSTRACT)\s*[:.]?\s+(?=[A-Z0-9])", "", body)
    marks = [each for each in _LABEL.finditer(body) if not label]
    known = [each for each in marks if section_role(each[1]) != "body"]
    kept = [each for each in marks if each in known or each[1].isupper()] if known else []
    if not kept or (kept[0].start() > 0 and len(kept) == 1 and not kept[0][1].isupper()):
        return [(label, body)]
    stops = [each.start() for each in kept[1:]] + [len(body)]
    found = [("", body[: kept[0].start()].strip())] if body[: kept[0].start()].strip() else []
    return found + [
        (mark[1].strip(), body[mark.end() : stop].strip())
        for mark, stop in zip(kept, stops, strict=True)
    ]


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
    title = unbracketed(title) or clean(fields.get("original_title"))
    text, sections = compose(title, [one for each in parts for one in labelled(*each)])
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
        markers=truncations(text),
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
