"""Read a text copy of a J-STAGE article page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from ingest.model import Author, Failure, Record, Section
from ingest.parsing.pages import digest_line, labelled, lines, page_text, printed_keywords
from ingest.text import clean, expand_pages, licence_name, person, sha256

FORMAT = "jstage_page"
SUREST = 85
_ISSUE = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s+Volume\s+(?P<volume>\w+)(?:\s+Issue\s+(?P<issue>[\w-]+))?(?:\s+Pages?\s+(?P<pages>[\w.-]+))?"
)
_STOP = re.compile(
    r"^(?:Fullsize Image|Content from these authors|References|Related articles|©|Keywords?:|Previous article|Next article"
    r"|Corresponding author|Copyright)",
    re.MULTILINE,
)
# Lines of the head that are neither journal, title nor authors.
_ASIDE = re.compile(
    r"\s*(?:Online |Print )?ISSN|\s*Author information|.*\bfree access\b", re.IGNORECASE
)
_ONLINE = re.compile(r"Online ISSN\s*:\s*([\dX-]{9})")
_LINKING = re.compile(r"ISSN-L\s*:\s*([\dX-]{9})")
_COPYRIGHT = re.compile(r"^©[^\n]+", re.MULTILINE)
_DOI = re.compile(r"(?:DOI\s*:?\s*|doi\.org/)(10\.\d{4,9}/\S+)")
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
    head = [line.text for line in lines(text, 0, issue.start())] if issue else []
    printed = [line.strip() for line in head if not _ASIDE.match(line)]
    if issue is None or len(printed) < 2:
        reason = "no journal, title and volume lines; a J-STAGE page has them"
        yield Failure(name, "1", f"{name}: {reason}", FORMAT)
        return
    yield _record(text, issue, printed, name)


def _record(text: str, issue: re.Match[str], printed: Sequence[str], name: str) -> Record:
    """Return the record of a page; ``printed`` are its lines of journal, title and authors."""
    journal, title, *more = printed
    digest = digest_line(text)
    stop = _STOP.search(text, issue.end())
    limit = stop.start() if stop else len(text)
    end = min(limit, digest.start) if digest and digest.start > issue.end() else limit
    online, linking = _ONLINE.search(text), _LINKING.search(text)
    copyright_ = _COPYRIGHT.search(text)
    doi = _DOI.search(text, 0, limit)
    return Record(
        format=FORMAT,
        source=name,
        locator="1",
        sha256=sha256(text.encode()),
        text=text,
        title=title,
        sections=_sections(text, issue.end(), end),
        markers=(digest,) if digest else (),
        authors=_authors(more[0] if more else ""),
        authors_complete=True if more else None,
        journal=journal,
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
