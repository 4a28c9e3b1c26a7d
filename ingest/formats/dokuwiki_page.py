"""Read a Markdown or text export of a DokuWiki page, with its footnotes as references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from ingest.model import Failure, Marker, Record, Reference, Section
from ingest.parsing.pages import digest_line, page_text
from ingest.parsing.superscripts import find_citations
from ingest.text import sha256

SUREST = 90
_FOOTER = re.compile(r"^From:\s*$", re.MULTILINE)
_SITE = re.compile(
    r"<?(?P<url>https?://\S+?)>?\s+-\s+\*{0,2}(?P<site>[^*\n]+?)\*{0,2}\s*$", re.MULTILINE
)
_LINK = re.compile(r"https?://[^\s<>]*doku\.php\?id=[^\s<>]+")
_UPDATED = re.compile(r"Last update:\s*\*{0,2}(?P<date>\d{4}/\d\d/\d\d)(?: (?P<time>\d\d:\d\d))?")
_LABEL = re.compile(r"^(?P<digits>[⁰¹²³⁴-⁹]+)⁾[ \t]*$", re.MULTILINE)
_ANCHOR = re.compile(r"\[(?P<anchor>[^\[\]\n]{1,400})\](?P<target>\([^()\s]{0,2000}\))")
_BOLD = re.compile(r"\*\*|__|(?<!\w)//(?=\w)|(?<=\w)//(?!\w)|^={2,6} ?| ?={2,6}$", re.MULTILINE)
_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<title>\S.*?)\s*#*$", re.MULTILINE)
_SUPERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NAME = re.compile(r"[A-ZÀ-Þ][\w'’À-ÿ-]+(?: [A-ZÀ-Þ][\w'’À-ÿ-]+)* [A-Z]{1,3}$")


def sniff(head: bytes, name: str) -> int:
    """Return 90 where the page carries DokuWiki's permanent link or last-update footer."""
    if b"doku.php?id=" in head and (b"Last update" in head or b"Permanent link" in head):
        return 90
    return 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield the one record of the page; identifiers in its footnotes stay the footnotes'."""
    text = page_text(stream)
    footer = _FOOTER.search(text)
    end = footer.start() if footer else len(text)
    first = _LABEL.search(text, 0, end)
    body_end = first.start() if first else end
    title = re.search(r"\S[^\n]*", text)
    if title is None:
        yield Failure(
            name, "1", f"{name}: no title line; a wiki page begins with one", "dokuwiki_page"
        )
        return
    heading = re.sub(r"^[#=\s]+|[#=\s]+$", "", title[0])
    start = text.index(heading, title.start())
    sections = _sections(text, heading, start, body_end)
    digest = digest_line(text)
    updated = _UPDATED.search(text)
    link, site = _LINK.search(text, end), _SITE.search(text, end)
    yield Record(
        format="dokuwiki_page",
        source=name,
        locator="1",
        sha256=sha256(text.encode()),
        text=text,
        title=heading,
        sections=sections,
        markers=_markers(text, start, body_end, digest),
        references=_references(text, end),
        url=link[0] if link else None,
        publication_types=("wiki page",),
        language="en",
        source_site=site["site"] if site else None,
        source_platform="DokuWiki",
        last_updated=_stamp(updated),
        content_level="full_page",
        copyright=digest.raw if digest else None,
        digest=digest is not None,
    )


def _stamp(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    return match["date"].replace("/", "-") + (f"T{match['time']}" if match["time"] else "")


def _sections(text: str, heading: str, start: int, end: int) -> tuple[Section, ...]:
    top = start + len(heading)
    marks = list(_HEADING.finditer(text, top, end))
    stops = [mark.start() for mark in marks] + [end]
    sections = [Section(heading, top, stops[0], start, top, 1, (heading,))]
    path: list[tuple[int, str]] = [(1, heading)]
    for mark, stop in zip(marks, stops[1:], strict=True):
        level = max(2, len(mark["marks"]))
        path = [each for each in path if each[0] < level] + [(level, mark["title"])]
        sections.append(
            Section(
                mark["title"],
                mark.end(),
                stop,
                mark.start("title"),
                mark.end("title"),
                level,
                tuple(each[1] for each in path),
            )
        )
    return tuple(sections)


def _markers(text: str, start: int, end: int, digest: Marker | None) -> tuple[Marker, ...]:
    found = list(find_citations(text, [(start, end)]))
    for match in _ANCHOR.finditer(text, start, end):
        found.append(Marker(match.start(), match.start() + 1, "[", "markup"))
        found.append(
            Marker(
                match.end("anchor"), match.end(), text[match.end("anchor") : match.end()], "markup"
            )
        )
    found += [Marker(m.start(), m.end(), m[0], "markup") for m in _BOLD.finditer(text, start, end)]
    if digest:
        found.append(digest)
    return tuple(sorted(found, key=lambda each: each.start))


def _references(text: str, end: int) -> tuple[Reference, ...]:
    marks = list(_LABEL.finditer(text, 0, end))
    stops = [mark.start() for mark in marks][1:] + [end] * bool(marks)
    found = []
    for mark, stop in zip(marks, stops, strict=True):
        raw = text[mark.end() : stop].strip()
        if not raw:
            continue
        at = text.index(raw, mark.end())
        found.append(_reference(int(mark["digits"].translate(_SUPERS)), raw, at))
    return tuple(found)


def _reference(label: int, raw: str, start: int) -> Reference:
    doi = re.search(r"\b(10\.\d{4,9}/[^\s;,<>]+?)[.,;]?(?=\s|$)", raw)
    pmid = re.search(r"(?:PMID:?\s*|pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/)(\d{5,9})", raw)
    authors: tuple[str, ...] = ()
    title = journal = None
    year = None
    head = re.match(
        r"(?P<authors>[^.]+)\.\s+(?P<title>\[?[^\]]+?\]?)\.?\s+(?P<journal>[A-Z][^.\[\]]{2,60}?)\.\s+(?P<year>(?:19|20)\d\d)\b",
        raw,
    )
    names = [each.strip() for each in head["authors"].split(",")] if head else []
    if head and names and all(_NAME.match(each) for each in names):
        authors = tuple(names)
        title = head["title"].strip("[]").strip()
        title = title if title.endswith((".", "?", "!")) else title + "."
        journal, year = head["journal"].strip(), int(head["year"])
    return Reference(
        label=label,
        raw=raw,
        start=start,
        end=start + len(raw),
        authors=authors,
        title=title,
        journal=journal,
        year=year,
        doi=doi[1] if doi else None,
        pmid=pmid[1] if pmid else None,
    )
