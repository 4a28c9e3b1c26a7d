"""Read a text copy of an aggregator's article page: author line, one-line JSON, abstract, blurb."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.model import Author, Failure, Record, Section
from ingest.parsing.pages import digest_line, labelled, lines, page_text
from ingest.text import clean, compose, expand_pages, parse_date, person, sha256

FORMAT = "aggregator_page"
SUREST = 90
_TAG = re.compile(r"<[^>]+>")
_PART = re.compile(
    r"(?:<strong>|<b>|<h\d>)\s*(?P<label>[^<:]{2,60}?)\s*:?\s*(?:</strong>|</b>|</h\d>)"
)
_METRICS = {
    "impact_factor": "PeriodicalIF",
    "jcr_quartile": "JCR",
    "jcr_category": "JCRName",
    "citation_count": "citationCount",
}


def sniff(head: bytes, name: str) -> int:
    """Return 90 where a line is a JSON object with a title and an abstract amid other text."""
    if b'"abstract"' not in head or b'"title"' not in head:
        return 0
    found = re.search(rb'^\{"[^\n]*"title"', head, re.MULTILINE) or re.search(
        rb'^\{"title"', head, re.MULTILINE
    )
    if not found:
        return 0
    alone = (
        not head[: found.start()].strip() and len([x for x in head.splitlines() if x.strip()]) == 1
    )
    # An abstract that is no text is another maker's.
    return (40 if re.search(rb'"abstract"\s*:\s*"', head) else 0) if alone else 90


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield the one record of the page; offsets use the plain copy of the abstract."""
    text = page_text(stream)
    for line in lines(text):
        if not line.text.lstrip().startswith("{"):
            continue
        try:
            data = json.loads(line.text)
        except ValueError as error:
            reason = f"the embedded JSON is broken ({error}); an object was expected"
            yield Failure(name, "1", f"{name}: {reason}", FORMAT)
            return
        if isinstance(data, dict) and data.get("title"):
            yield _record(name, text, data, line.start, line.end)
            return
    reason = "no JSON object with a title; an aggregator page has one"
    yield Failure(name, "1", f"{name}: {reason}", FORMAT)


def _plain(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def _span(text: str, abstract: str, start: int) -> tuple[int, int] | None:
    """Return where the plain copy of the abstract stands after the JSON."""
    words = [re.escape(word) for word in _plain(abstract).split()]
    if len(words) < 4:
        return None
    gap = r"\s*"
    first = re.compile(gap.join(words[:8])).search(text, start)
    if first is None:
        return None
    found = list(re.finditer(gap.join(words[-6:]), text[first.start() :]))
    if not found:
        return None
    last = found[-1]
    end = first.start() + last.end()
    return first.start(), end + 1 if text[end : end + 1] == "\n" else end


def _from_markup(abstract: str) -> list[tuple[str, str]]:
    marks = list(_PART.finditer(abstract))
    if not marks:
        return [("", _plain(abstract))]
    stops = [mark.start() for mark in marks[1:]] + [len(abstract)]
    parts = (
        [("", _plain(abstract[: marks[0].start()]))] if _plain(abstract[: marks[0].start()]) else []
    )
    return parts + [
        (_plain(m["label"]), _plain(abstract[m.end() : stop]))
        for m, stop in zip(marks, stops, strict=True)
    ]


def _sections(text: str, abstract: str, span: tuple[int, int]) -> tuple[Section, ...]:
    labels = [label for label, _ in _from_markup(abstract) if label]
    if not labels:
        return labelled(text, *span)
    found: list[tuple[str, int, int]] = []
    at = span[0]
    for label in labels:
        match = re.compile(rf"(?:^|(?<=\s)){re.escape(label)}\s*[:：]", re.MULTILINE).search(
            text, at, span[1]
        )
        if match:
            found.append((label, match.start(), match.end()))
            at = match.end()
    stops = [start for _, start, _ in found[1:]] + [span[1]]
    return tuple(
        Section(label, finish, stop, start, finish, 1, (label,))
        for (label, start, finish), stop in zip(found, stops, strict=True)
    ) or labelled(text, *span)


def _authors(data: dict[str, Any]) -> tuple[Author, ...]:
    given = data.get("authors")
    if isinstance(given, str):
        return tuple(person(each) for each in re.split(r"\s*[,;]\s*", given) if each.strip())
    if isinstance(given, list):
        names = [each.get("name") if isinstance(each, dict) else each for each in given]
        return tuple(person(each) for each in names if isinstance(each, str) and each.strip())
    return ()


def _society(text: str, start: int) -> str | None:
    match = re.search(
        r"^Official (?:publication|journal) of (?P<name>[^\n]+)$", text[start:], re.MULTILINE
    )
    return clean(match["name"]) if match else None


def _metrics(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    named = ((name, data.get(key)) for name, key in _METRICS.items())
    return tuple((name, str(value)) for name, value in named if value not in (None, ""))


def _record(name: str, text: str, data: dict[str, Any], start: int, end: int) -> Record:
    journal = data.get("journal") if isinstance(data.get("journal"), dict) else {}
    assert isinstance(journal, dict)
    abstract = data.get("abstract") or ""
    span = _span(text, abstract, end) if abstract else None
    title = clean(data.get("title"))
    stored, sections = text, _sections(text, abstract, span) if span else ()
    if abstract and not span:
        stored, sections = compose(title, _from_markup(abstract))
    digest = digest_line(text)
    authors = _authors(data)
    date, year, months = parse_date(data.get("publicationDate"))
    kinds = data.get("publicationTypes") or data.get("publicationType")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    doi, is_open = clean(data.get("doi")), data.get("isOpenAccess")
    return Record(
        format=FORMAT,
        source=name,
        locator="1",
        sha256=sha256(text.encode()),
        text=stored,
        title=title,
        sections=sections,
        markers=(digest,) if digest and span else (),
        authors=authors,
        authors_complete=True if authors else None,
        journal=clean(journal.get("name")) or clean(data.get("PeriodicalName")),
        publisher=_society(text, end),
        year=year,
        date=date,
        date_raw=clean(data.get("publicationDate")),
        months=months,
        volume=clean(journal.get("volume")),
        pages=expand_pages(journal.get("pages")),
        pages_raw=clean(journal.get("pages")),
        issue=clean(journal.get("issue")),
        doi=doi,
        pmid=clean(str(data.get("PMID") or data.get("pmid") or "")),
        pmcid=clean(data.get("PMCID")),
        url=clean(data.get("url")) or (f"https://doi.org/{doi}" if doi else None),
        language="en",
        open_access=is_open if isinstance(is_open, bool) else None,
        publication_types=tuple(str(each) for each in kinds if each),
        source_platform=clean(data.get("platform")),
        content_level="abstract" if sections else "citation",
        metrics=_metrics(data),
        copyright=digest.raw if digest else None,
        digest=digest is not None,
    )
