"""Read plain text copies of abstracts, of any site's page too: title, byline, fields, the abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import BinaryIO

from ingest.document import is_label, section_role
from ingest.model import Failure, Marker, Record, Section
from ingest.parsing.frontmatter import is_front, is_furniture, is_stop, with_front
from ingest.parsing.pages import ENDS, Line, digest_line, labelled, lines, page_text
from ingest.parsing.superscripts import find_citations
from ingest.parsing.titles import (
    HEADING,
    LEAD,
    SENTENCES,
    bare,
    find_opening,
    find_title,
    gap,
    opens,
)
from ingest.text import UnreadableError, sha256

FORMAT = "abstract_page"
SUREST = 30
# Longer than abstracts are; what is longer is a full text.
_LONGEST = 8000
# Shorter than any abstract: a menu's word stood where its heading was looked for.
_SHORTEST = 120
# So many lines may stand ahead of an abstract without a heading.
_FRONT = 60
# Addresses and bylines are shorter than an abstract's paragraphs.
_PROSAIC = 200
_CODED = re.compile(rb"\s*(?:<|\{|TY  - |PMID- ?\d|@\w+\{|%PDF|\[\s*[\[{\"])")
# What no abstract has: a list of references, numbered headings, captions.
_BODY = re.compile(
    r"\s*(?:#+ )?(?:references|bibliography|literature cited|discussion|acknowledge?ments?)\W*$"
    r"|\s*(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]{1,4}\.)\s+[A-Z][^.:]{3,60}$"
    r"|\s*(?:fig(?:ure)?|table)s?\.? ?\d",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\s*(?:#+ )?(?:\d\.? )?(?:introduction|background|(?:materials?|patients?|subjects?)? ?(?:and )?methods|case (?:report|presentation|description)s?|results|discussion|conclusions?)\W*$",
    re.IGNORECASE,
)
# Roles of sections that abstracts have under no heading of their own.
_BODIES = {"body", "discussion", "technique", "indication", "risk", "future"}
# "UNLABELLED: Leaks are feared."
_CAPITALS = re.compile(r"[A-Z]{4,}(?: [A-Z]+){0,3}: [A-Z]")
# Bold type, and letters set off: "the *c*-statistic".
_EMPHASIS = re.compile(
    r"(?P<bold>\*\*)|(?<![\w*])(?P<open>\*)\w(?:[\w -]{0,40}\w)?(?P<close>\*)(?![\w*])"
)
_OTHERS = re.compile(r"\W*(?:references|cited|citing|similar|related|recommended)\b", re.IGNORECASE)
_PROSE = re.compile(r"(?:[.!?][\d,)\]”\"]*(?=\s|$)[\s\S]*?){2}")


def sniff(head: bytes, name: str) -> int:
    """Return 30 for prose of an abstract's length without the headings of a full text."""
    if b"\0" in head or _CODED.match(head.removeprefix(b"\xef\xbb\xbf")):
        return 0
    text = re.sub(r"\r\n?", "\n", head.decode("utf-8", errors="replace"))
    found = [*lines(text)]
    if not _PROSE.search(text):
        return 0
    opened = find_opening(found)
    if opened is not None:
        stop = _stop(text, found, opened)
        size = sum(len(line.text) for line in found[opened:stop])
        return SUREST if _SHORTEST < size < _LONGEST and not _goes_on(found[stop:]) else 0
    if sum(len(line.text) for line in found) > _LONGEST:
        return 0
    return 0 if _is_article(found) else SUREST


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield the one record; what the file does not print (title, authors, date) stays None."""
    text = page_text(stream)
    if not re.search(r"\b[A-Za-z]{3,40} [a-z]{2,}", text):
        raise UnreadableError("no prose; the text of an abstract was expected")
    digest = digest_line(text)
    body = [line for line in lines(text) if not (digest and line.start == digest.start)]
    title, rest = find_title(text, body)
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


def _stop(text: str, found: Sequence[Line], start: int) -> int:
    """Return the place of the first line behind the abstract that begins at a place."""
    size = 0
    for place in range(start, len(found)):
        line = found[place]
        apart = place == start or "\n\n" in gap(text, found[place - 1], line)
        own = apart or len(line.text) < 60
        fresh = place == start or ENDS.search(found[place - 1].text) or apart
        begins = own and fresh and not line.text.lstrip()[:1].islower() and not _labels(line.text)
        ends = size > _SHORTEST and begins and (is_front(line.text) or is_stop(line.text))
        # "Trial registration" may stand ahead of the results.
        if ends and not any(_labels(each.text) for each in found[place + 1 : place + 3]):
            return place
        size += len(line.text)
    return len(found)


def _labels(line: str) -> bool:
    """Tell whether a line opens with the label of an abstract's section."""
    label = re.match(r"\W{0,4}([A-Z][A-Za-z &/]{2,40}?)(?:\*\*|:)", line)
    return label is not None and section_role(label[1]) not in {"body", "none"}


def _goes_on(behind: Sequence[Line]) -> bool:
    """Tell whether an article's own sections follow its abstract."""
    heads = sum(_PART.match(line.text) is not None for line in behind)
    prose = [line for line in behind if len(line.text) > 400 and SENTENCES.search(line.text)]
    own = [line for line in prose if not re.match(r"\s*\[?\d", line.text)]
    return (heads > 1 and len(own) > 1) or len(own) > 5


def _is_article(found: Sequence[Line]) -> bool:
    """Tell whether a text is headed as full texts are: by more than the sections of an abstract."""
    if any(_BODY.match(line.text) for line in found):
        return True
    heads = [
        line.text.strip()
        for line, following in pairwise(found[1:])
        if len(line.text) < 90 and not ENDS.search(line.text) and len(following.text) > 120
    ]
    unknown = [
        each
        for each in heads
        if section_role(bare(each)) in _BODIES
        and not (is_front(each) or is_furniture(each) or is_stop(each))
    ]
    return len(unknown) > 1


def _front(body: Sequence[Line]) -> tuple[list[str], int]:
    """Return the lines ahead of the abstract that say what article it is of, and its start.

    What stands ahead of the abstract's heading or first label is no text of it, addresses too.
    """
    place = find_opening(body)
    if place is None:
        places = (
            at for at, line in enumerate(body[:_FRONT]) if opens(line.text) or _tells(line.text)
        )
        place = next(places, None)
    if place is None:
        texts = (line.text for line in body)
        own = (at for at, each in enumerate(texts) if not (is_front(each) or is_furniture(each)))
        place = next(own, len(body))
    front = [line.text for line in body[:place]]
    if place == len(body):
        return front, body[-1].end if body else 0
    lead = LEAD.match(body[place].text)
    return front, body[place].start + (lead.end() if lead else 0)


def _tells(line: str) -> bool:
    """Tell whether a line is prose: longer than an address or behind a label, a sentence at its end."""
    long = len(line) > _PROSAIC or (_CAPITALS.match(line) and SENTENCES.search(line))
    told = long and line.rstrip().endswith((".", "?", "!"))
    return bool(told) and not (is_front(line) or is_furniture(line))


def _back(text: str, start: int, body: Sequence[Line]) -> tuple[int, list[str]]:
    """Return where the abstract ends, and the lines behind it that say what article it is of."""
    first = next((at for at, line in enumerate(body) if line.end > start), len(body))
    stop = _stop(text, body, first)
    if stop == len(body):
        return len(text), []
    # What is listed behind is of other articles.
    own = takewhile(lambda line: not _OTHERS.match(line.text), body[stop:])
    return body[stop].start, [line.text for line in own]


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
    words = bare(line.text).strip()
    short = len(words.split()) <= 5 and words[:1].isupper()
    known = short and HEADING.fullmatch(words) is not None and section_role(words) != "body"
    # What goes on in small letters is a sentence, but for such as begin with a gene's name.
    begins = not text[line.end :].lstrip()[:1].islower()
    ended = ENDS.search(text[: line.start].rstrip()) is not None
    return known and (begins or (ended and is_label(words.rstrip(":."))))


def _headed(text: str, line: Line, stop: int) -> Iterator[Section]:
    """Yield the section under a heading's line, and those that labels open in it."""
    words = bare(line.text).rstrip(":.")
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
        Marker(*match.span(name), match[name], "markup")
        for each in sections
        for match in _EMPHASIS.finditer(text, each.start, each.end)
        for name in ("bold", "open", "close")
        if match[name]
    ]
    marks = find_citations(text, [(each.start, each.end) for each in sections])
    return tuple(
        sorted([*inside, *marks, *([digest] if digest else [])], key=lambda each: each.start)
    )
