"""Read a text copy of a J-STAGE article page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from ingest.model import Author, Failure, Record, Section
from ingest.parsing.pages import digest_line, labelled, lines, page_text, printed_keywords
from ingest.text import clean, expand_pages, licence_name, person, sha256

SUREST = 85

_ISSUE = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s+Volume\s+(?P<volume>\w+)(?:\s+Issue\s+(?P<issue>[\w-]+))?(?:\s+Pages?\s+(?P<pages>[\w.-]+))?"
)
_STOP = re.compile(
    r"^(?:Fullsize Image|Content from these authors|References|Related articles|©|Keywords?:|Previous article|Next article"
    r"|Corresponding author|Copyright)",
    re.MULTILINE,
)
_GLUE = re.compile(r"(?<=[a-zà-ÿ.])(?=[A-ZÀ-Þ])")
_NEVER = re.compile(r"\b(?:Mc|Mac|De|Di|Du|La|Le|Van|von|O')$")


def sniff(head: bytes, name: str) -> int:
    """Return 85 where a page has J-STAGE's ISSN and volume lines."""
    text = head.decode("utf-8", errors="replace")
    return 85 if re.search(r"ISSN(?:-L)?\s*:", text) and _ISSUE.search(text) else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield the one record of the page."""
    text = page_text(stream)
    issue = _ISSUE.search(text)
    head = list(lines(text, 0, issue.start() if issue else len(text)))
    printed = [
        line
        for line in head
        if not re.match(
            r"\s*(?:Online |Print )?ISSN|\s*Author information|.*\bfree access\b",
            line.text,
            re.IGNORECASE,
        )
    ]
    if issue is None or len(printed) < 2:
        yield Failure(
            name,
            "1",
            f"{name}: no journal, title and volume lines; a J-STAGE page has them",
            "jstage_page",
        )
        return
    title = printed[1].text.strip()
    digest = digest_line(text)
    stop = _STOP.search(text, issue.end())
    ends = [
        len(text),
        *([stop.start()] if stop else []),
        *([digest.start] if digest and digest.start > issue.end() else []),
    ]
    online, linking = (
        re.search(r"Online ISSN\s*:\s*([\dX-]{9})", text),
        re.search(r"ISSN-L\s*:\s*([\dX-]{9})", text),
    )
    copyright_ = re.search(r"^©[^\n]+", text, re.MULTILINE)
    doi = re.search(
        r"(?:DOI\s*:?\s*|doi\.org/)(10\.\d{4,9}/\S+)", text[: ends[1] if stop else len(text)]
    )
    yield Record(
        format="jstage_page",
        source=name,
        locator="1",
        sha256=sha256(text.encode()),
        text=text,
        title=title,
        sections=_sections(text, issue.end(), min(ends)),
        markers=(digest,) if digest else (),
        authors=_authors(printed[2].text if len(printed) > 2 else ""),
        authors_complete=True if len(printed) > 2 else None,
        journal=printed[0].text.strip(),
        issn=online[1] if online else None,
        issn_l=linking[1] if linking else None,
        publisher=_society(copyright_[0]) if copyright_ else None,
        year=int(issue["year"]),
        date=issue["year"],
        date_raw=issue["year"],
        volume=issue["volume"],
        issue=issue["issue"],
        pages=expand_pages(issue["pages"]),
        pages_raw=issue["pages"],
        doi=doi[1] if doi else None,
        language="en",
        licence=licence_name(text),
        open_access=True if re.search(r"open access", text, re.IGNORECASE) else None,
        keywords=printed_keywords(text),
        content_level="abstract",
        copyright=digest.raw if digest else clean(copyright_[0]) if copyright_ else None,
        digest=digest is not None,
    )


def _authors(printed: str) -> tuple[Author, ...]:
    if not printed.strip():
        return ()
    if "," in printed:
        return tuple(person(each) for each in printed.split(",") if each.strip())
    names, begin = [], 0
    for match in _GLUE.finditer(printed):
        if not _NEVER.search(printed[begin : match.start()]):
            names.append(printed[begin : match.start()])
            begin = match.start()
    return tuple(person(each) for each in [*names, printed[begin:]])


def _sections(text: str, start: int, end: int) -> tuple[Section, ...]:
    label = re.compile(r"\s*(?:Abstract|ABSTRACT|Details)\s*\n").match(text, start)
    body = re.compile(r"\S").search(text, label.end() if label else start, end)
    if body is None:
        return ()
    return labelled(text, body.start(), end)


def _society(line: str) -> str | None:
    return clean(re.sub(r"^©\s*(?:\d{4})?\s*(?:by\s+)?", "", line).rstrip(". "))
