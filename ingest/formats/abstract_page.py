"""Read a plain text copy of an abstract: title, perhaps byline and labelled fields, and its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO

from ingest.document import section_role
from ingest.model import Failure, Marker, Record, Section
from ingest.parsing.frontmatter import is_front, read_field, with_front
from ingest.parsing.pages import Line, digest_line, labelled, lines, page_text
from ingest.parsing.superscripts import find_citations
from ingest.text import UnreadableError, sha256

FORMAT = "abstract_page"
SUREST = 30
# Longer than abstracts are, fields and all; what is longer is a full text.
_LONGEST = 8000
_CODED = re.compile(rb"\s*(?:<|\{|TY  - |PMID- ?\d|@\w+\{|%PDF|\[\s*[\[{\"])")
_ENDS = re.compile(r"[.!?:;,][\"”’)\]]*\s*$")
# What no abstract has: a list of references, numbered headings, captions.
_BODY = re.compile(
    r"\s*(?:#+ )?(?:references|bibliography|literature cited|discussion|acknowledge?ments?)\W*$"
    r"|\s*(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]{1,4}\.)\s+[A-Z][^.:]{3,60}$"
    r"|\s*(?:fig(?:ure)?|table)s?\.? ?\d",
    re.IGNORECASE,
)
# Roles of sections that abstracts have under no heading of their own.
_BODIES = {"body", "discussion", "technique", "indication", "risk", "future"}
_ABSTRACT = re.compile(r"\W{0,4}(?:abstract|summary)\W*$", re.IGNORECASE)
_LEAD = re.compile(r"\W{0,3}abstract\*{0,2}\s*[:.]\*{0,2}\s+(?=\S)", re.IGNORECASE)
_MARKED = re.compile(r"^\s*(?:#{1,4} +|\*\*)?")
_MARK_END = re.compile(r"[\s*#]*$")
_VERB = re.compile(
    r"\b(?:we|was|were|is|are|has|have|had|did|showed|underwent|occurred|improved|died)\b"
)
# So many lines may stand between a title and the abstract's heading.
_AHEAD = 12
_HEADING = re.compile(r"[A-Z][A-Za-z/&,() -]{3,50}:?")
_SENTENCES = re.compile(r"[.!?]\s+[A-Z]")
_PROSE = re.compile(r"(?:[.!?][\d,)\]”\"]*(?=\s|$)[\s\S]*?){2}")


def sniff(head: bytes, name: str) -> int:
    """Return 30 for prose of an abstract's length without the headings of a full text."""
    if (
        len(head) > 2 * _LONGEST
        or b"\0" in head
        or _CODED.match(head.removeprefix(b"\xef\xbb\xbf"))
    ):
        return 0
    text = head.decode("utf-8", errors="replace")
    found = [*lines(re.sub(r"\r\n?", "\n", text))]
    if sum(len(line.text) for line in found) > _LONGEST or not _PROSE.search(text):
        return 0
    return 0 if _is_article(found) else SUREST


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield the one record; what the file does not print (title, authors, date) stays None."""
    text = page_text(stream)
    if not re.search(r"\b[A-Za-z]{3,40} [a-z]{2,}", text):
        raise UnreadableError("no prose; the text of an abstract was expected")
    digest = digest_line(text)
    body = [line for line in lines(text) if not (digest and line.start == digest.start)]
    title, rest = _title(text, body)
    front, start = _front(rest)
    end, back = _back(text, start, rest)
    sections = _sections(text, start, end) if text[start:end].strip() else ()
    record = Record(
        format=FORMAT,
        source=name,
        locator="1",
        sha256=sha256(text.encode()),
        text=text,
        title=title,
        sections=sections,
        markers=_markers(text, sections, digest),
        language="en",
        content_level="abstract" if sections else "citation",
        copyright=digest.raw if digest else None,
        digest=digest is not None,
    )
    yield with_front(record, [*front, *back])


def _is_article(found: Sequence[Line]) -> bool:
    """Tell whether a text is headed as full texts are: by more than the sections of an abstract."""
    if any(_BODY.match(line.text) for line in found):
        return True
    heads = [
        line.text.strip()
        for line, following in pairwise(found[1:])
        if len(line.text) < 90 and not _ENDS.search(line.text) and len(following.text) > 120
    ]
    unknown = [
        each
        for each in heads
        if section_role(_bare(each)) in _BODIES and not is_front(each) and not _ABSTRACT.match(each)
    ]
    return len(unknown) > 1


def _bare(line: str) -> str:
    """Return a line without the marks of Markdown."""
    return _MARK_END.sub("", _MARKED.sub("", line, count=1))


def _title(text: str, body: Sequence[Line]) -> tuple[str | None, Sequence[Line]]:
    """Return the title, and the lines without it."""
    for place, line in enumerate(body[:6]):
        field = read_field(line.text)
        if field and field[0] == "title":
            return field[1].rstrip("."), [*body[:place], *body[place + 1 :]]
    places = [at for at, line in enumerate(body[:6]) if not is_front(line.text)]
    if not places:
        return None, body
    place = places[0]
    # A title may be broken into lines; behind it a blank line stands.
    stop = place + 1
    while stop < len(body) and text.count("\n", body[stop - 1].end, body[stop].start) == 1:
        stop += 1
    wrapped = any(re.match(r"\s*[a-z(]", line.text) for line in body[place + 1 : stop])
    stop = stop if wrapped else place + 1
    words = " ".join(_bare(line.text.strip()) for line in body[place:stop])
    parted = stop < len(body) and "\n\n" in re.sub(
        r"[ \t]+", "", text[body[stop - 1].end : body[stop].start]
    )
    if stop == len(body) or not _is_title(words, parted, body[place].text):
        return None, body
    return words.rstrip("."), [*body[:place], *body[stop:]]


def _is_title(words: str, parted: bool, line: str) -> bool:
    """Tell whether a text's first words are its title: no sentence that goes on, no label."""
    if not 10 < len(words) < 300 or _ABSTRACT.match(words) or _LEAD.match(words):
        return False
    label = re.match(r"([A-Za-z &/]{3,40}):", words)
    if (label and section_role(label[1]) != "body") or _SENTENCES.search(words):
        return False
    if not _ENDS.search(words) or words.endswith("?") or line.startswith("# "):
        return True
    return words.endswith(".") and (parted or not _VERB.search(words))


def _front(body: Sequence[Line]) -> tuple[list[str], int]:
    """Return the lines ahead of the abstract that say what article it is of, and its start.

    What stands ahead of the abstract's heading or first label is no text of it, addresses too.
    """
    for place, line in enumerate(body[:_AHEAD]):
        if _ABSTRACT.match(line.text) and place + 1 < len(body):
            return [each.text for each in body[:place]], body[place + 1].start
        if lead := _LEAD.match(line.text):
            return [each.text for each in body[:place]], line.start + lead.end()
        if _opens(line.text):
            return [each.text for each in body[:place]], line.start
    start = next((at for at, line in enumerate(body) if not is_front(line.text)), len(body))
    front = [line.text for line in body[:start]]
    if start == len(body):
        return front, body[-1].end if body else 0
    return front, body[start].start


def _opens(line: str) -> bool:
    """Tell whether a line is the heading or begins with the label of what abstracts open with."""
    words = _bare(line)
    label = re.match(r"([A-Z][A-Za-z &/]{3,40}?)\*{0,2}(?::|$)", words)
    return label is not None and section_role(label[1]) in {"background", "aim", "methods"}


def _back(text: str, start: int, body: Sequence[Line]) -> tuple[int, list[str]]:
    """Return where the abstract ends, and the lines behind it that say what article it is of."""
    behind = [line for line in body if line.start > start]
    stop = next((at for at, line in enumerate(behind) if is_front(line.text)), len(behind))
    if stop == len(behind):
        return len(text), []
    return behind[stop].start, [line.text for line in behind[stop:]]


def _sections(text: str, start: int, end: int) -> tuple[Section, ...]:
    """Return the sections: by heading lines, by labels at line starts, else one without heading."""
    heads = [line for line in lines(text, start, end) if _is_heading(text, line)]
    if not heads:
        return labelled(text, start, end)
    stops = [line.start for line in heads[1:]] + [end]
    ahead = labelled(text, start, heads[0].start) if text[start : heads[0].start].strip() else ()
    under = (_headed(text, line, stop) for line, stop in zip(heads, stops, strict=True))
    return ahead + tuple(each for parts in under for each in parts)


def _is_heading(text: str, line: Line) -> bool:
    """Tell whether a line names a section and nothing else; what goes on behind it begins anew."""
    words = _bare(line.text).strip()
    behind = text[line.end :].lstrip()[:1]
    short = len(words.split()) <= 5 and words[:1].isupper() and not behind.islower()
    return short and _HEADING.fullmatch(words) is not None and section_role(words) != "body"


def _headed(text: str, line: Line, stop: int) -> Iterator[Section]:
    """Yield the section under a heading's line, and those that labels open in it."""
    words = _bare(line.text).rstrip(":")
    begin = line.start + line.text.index(words)
    first, *others = labelled(text, line.end, stop)
    if first.heading:
        yield first
    else:
        yield Section(words, line.end, first.end, begin, begin + len(words), 1, (words,))
    yield from others


def _markers(text: str, sections: Sequence[Section], digest: Marker | None) -> tuple[Marker, ...]:
    """Return what display drops: the digest's line, citation marks, Markdown's asterisks."""
    inside = [
        Marker(match.start(), match.end(), match[0], "markup")
        for each in sections
        for match in re.finditer(r"\*\*", text[: each.end])
        if match.start() >= each.start
    ]
    marks = find_citations(text, [(each.start, each.end) for each in sections])
    return tuple(
        sorted([*inside, *marks, *([digest] if digest else [])], key=lambda each: each.start)
    )
