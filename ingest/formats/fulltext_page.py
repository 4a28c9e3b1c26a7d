"""Read bare full text: headings on lines of their own, captions amid, superscripts glued."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from ingest.document import section_role
from ingest.model import Failure, Marker, Record, Reference, Section
from ingest.parsing.frontmatter import is_cited, with_front
from ingest.parsing.pages import ENDS, Line, digest_line, lines, page_text
from ingest.parsing.superscripts import find_citations
from ingest.parsing.titles import LEAD, find_opening, find_title
from ingest.text import UnreadableError, sha256

SUREST = 20
_NUMBERED = re.compile(
    r"^(?P<mark>\d{1,2}(?:\.\d{1,2})*\.?|\d{1,2}\)|[IVX]{1,4}\.|[A-H]\.)\s+(?P<title>\S.*)$"
)
_FIGURE = re.compile(r"^(?:Fig(?:ure)?\.?|Scheme)\s*\d+[A-Za-z]?\.?\s*$", re.IGNORECASE)
_CAPTION = re.compile(
    r"^(?:Fig(?:ure)?\.?|Table|Box|Supplementary \w+)\s*(?:\d+|[IVX]+)[A-Za-z]?[.:]?\s+\S",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*[•▪◦*–-]\s")
_REFERENCE = re.compile(r"^\s*(?:\[?(?P<label>\d{1,3})[\].)]?)\s+(?P<raw>\S.{20,})$")
# A site's menus, the byline and the addresses stand ahead of an article's abstract.
_AHEAD = 200
_LIST = re.compile(r"(?:references|bibliography|literature(?: cited)?)[.:]?", re.IGNORECASE)
_TOP = re.compile(
    r"^(?:abstract|introduction|background|(?:materials?|patients?) and methods|methods?|results?|discussion|conclusions?"
    r"|references|case (?:report|presentation)|acknowledge?ments?|summary)\b",
    re.IGNORECASE,
)


def sniff(head: bytes, name: str) -> int:
    """Return 20 for headed prose and 5 for any prose: the last resort of plain text."""
    start = head.lstrip()[:1]
    if (
        start in b"<{"
        or b"\0" in head
        or re.match(rb"\s*(?:TY  - |PMID- ?\d|@\w+\{|%PDF|\[\s*[\[{\"])", head)
    ):
        return 0
    text = head.decode("utf-8", errors="replace")
    headed = sum(1 for line in text.splitlines() if _TOP.match(line.strip()) and len(line) < 80)
    prose = any(len(line) > 200 or ENDS.search(line) for line in text.splitlines())
    return 20 if headed >= 2 else 5 if prose else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield the one record; what the file does not print (title, authors, date) stays None."""
    text = page_text(stream)
    if not re.search(r"\b[A-Za-z]{3,40} [a-z]{2,}", text):
        raise UnreadableError("no prose; the text of an article was expected")
    digest = digest_line(text)
    hidden = [*_captions(text), *([digest] if digest else [])]
    body = [line for line in lines(text) if not _is_within(line.start, hidden)]
    title, rest = _title(body)
    front, rest = _front(rest) if title else ([], rest)
    if title is None:
        title, front, rest = _shown_title(text, body)
    sections = _sections(text, rest)
    last = next(
        (each for each in sections if each.heading.lower() in {"references", "bibliography"}), None
    )
    spans = [(each.start, each.end) for each in sections if each is not last]
    marks = [each for each in find_citations(text, spans) if not _is_within(each.start, hidden)]
    record = Record(
        format="fulltext_page",
        source=name,
        locator="1",
        sha256=sha256(text.encode()),
        text=text,
        title=title,
        sections=sections,
        markers=tuple(sorted([*hidden, *marks], key=lambda each: each.start)),
        references=tuple(_references(text, last)) if last else (),
        language="en",
        content_level="full_text",
        copyright=digest.raw if digest else None,
        digest=digest is not None,
    )
    yield with_front(record, [line.text for line in front])


def _is_within(place: int, markers: Sequence[Marker]) -> bool:
    return any(each.start <= place < each.end for each in markers)


def _captions(text: str) -> Iterator[Marker]:
    found = list(lines(text))
    index = 0
    while index < len(found):
        line = found[index]
        words = line.text.strip()
        if _FIGURE.match(words):
            stop = index + 1
            while stop < len(found) and _FIGURE.match(found[stop].text.strip()):
                stop += 1
            end = found[min(stop, len(found) - 1)].end
            yield Marker(line.start, end, text[line.start : end], "caption")
            index = stop + 1
            continue
        if (
            _CAPTION.match(words)
            and len(words) < 400
            and not re.search(r"\b(?:shows?|shown|summari[sz]es|lists?)\b", words[:60])
        ):
            yield Marker(line.start, line.end, line.text, "caption")
        index += 1


def _title(body: list[Line]) -> tuple[str | None, list[Line]]:
    """Return a first line that is plainly a title, and the lines after it."""
    if not body:
        return None, body
    first = body[0].text.strip()
    follows = body[1].text.strip() if len(body) > 1 else ""
    plain = (
        15 < len(first) < 250
        and not ENDS.search(first)
        and not _TOP.match(first)
        and not _NUMBERED.match(first)
    )
    near = [follows, *[line.text.strip() for line in body[2:5]]]
    if plain and any(_TOP.match(words) for words in near):
        return first, body[1:]
    return None, body


def _shown_title(text: str, body: list[Line]) -> tuple[str | None, list[Line], list[Line]]:
    """Return the title of a site's page, the lines ahead of its abstract and those from there on."""
    opened = find_opening(body[:_AHEAD])
    heading = 0 if opened is None else opened - 1
    if heading < 1 or LEAD.match(body[heading + 1].text):
        return None, [], body
    title, _ = find_title(text, body[: heading + 2])
    return (title, body[:heading], body[heading:]) if title else (None, [], body)


def _front(body: list[Line]) -> tuple[list[Line], list[Line]]:
    """Return the lines between the title and the first heading, where they cite the article."""
    stop = next((place for place, line in enumerate(body[:12]) if _TOP.match(line.text.strip())), 0)
    front = body[:stop]
    telling = any(is_cited(line.text) for line in front)
    return (front, body[stop:]) if telling else ([], body)


def _is_heading(line: Line, following: Line | None) -> bool:
    words = line.text.strip()
    if len(words) > 120 or _BULLET.match(line.text) or following is None:
        return False
    if ENDS.search(words) or not re.match(r"[A-Z0-9(“]", words):
        return bool(_TOP.match(words)) and len(words) < 40
    if _NUMBERED.match(words) or _TOP.match(words):
        return True
    telling = section_role(words) != "body"
    return len(words.split()) <= 10 and len(words) < 90 and (telling or len(following.text) > 120)


def _sections(text: str, body: list[Line]) -> tuple[Section, ...]:
    heads: list[tuple[Line, int]] = []
    plain = cited = False
    for index, line in enumerate(body):
        if not _is_heading(line, body[index + 1] if index + 1 < len(body) else None):
            continue
        words = line.text.strip()
        match = _NUMBERED.match(words)
        if cited and (match or section_role(words) == "body"):
            # An entry of the reference list, numbered as headings are.
            continue
        cited = bool(_LIST.fullmatch(words))
        level = 1
        if match:
            mark = match["mark"]
            depth = (
                3 if mark.endswith(")") else 1 + mark.rstrip(".").count(".") + (1 if plain else 0)
            )
            level = depth
        else:
            plain = True
        heads.append((line, level))
    if not heads:
        return (
            (Section("", body[0].start, len(text), body[0].start, body[0].start),) if body else ()
        )
    sections: list[Section] = []
    if body[0].start < heads[0][0].start:
        sections.append(Section("", body[0].start, heads[0][0].start, body[0].start, body[0].start))
    stops = [head.start for head, _ in heads[1:]] + [len(text)]
    path: list[tuple[int, str]] = []
    for (head, level), stop in zip(heads, stops, strict=True):
        words = head.text.strip()
        start = head.start + head.text.index(words)
        path = [each for each in path if each[0] < level] + [(level, words)]
        sections.append(
            Section(
                words,
                start + len(words),
                stop,
                start,
                start + len(words),
                level,
                tuple(each[1] for each in path),
            )
        )
    return tuple(sections)


def _references(text: str, section: Section) -> Iterator[Reference]:
    for index, line in enumerate(lines(text, section.start, section.end), start=1):
        match = _REFERENCE.match(line.text)
        raw = match["raw"] if match else line.text.strip()
        if len(raw) < 20:
            continue
        doi = re.search(r"\b(10\.\d{4,9}/[^\s;,<>]+?)[.,;]?(?=\s|$)", raw)
        pmid = re.search(r"PMID:?\s*(\d{5,9})", raw)
        year = re.search(r"\b((?:19|20)\d\d)\b", raw)
        yield Reference(
            int(match["label"]) if match else index,
            raw,
            line.end - len(raw),
            line.end,
            year=int(year[1]) if year else None,
            doi=doi[1] if doi else None,
            pmid=pmid[1] if pmid else None,
        )
