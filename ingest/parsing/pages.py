"""Read what plain-text copies of web pages share: lines, labelled sections, shells, digests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ingest.document import is_label, section_role
from ingest.model import Marker, Section
from ingest.parsing.unpacking import read_whole
from ingest.text import DIGEST, UnreadableError, decode

# A page is far smaller; what is longer is no article.
LARGEST = 32 << 20

ENDS = re.compile(r"[.!?:;,][\"”’)\]]*\s*$")
"""The end of a line that ends a sentence or a part of one, as no title or heading does."""

# What stands where an article was asked for: checks of browsers and people, refusals, lost pages.
SHELL = re.compile(
    r"enable (?:javascript|cookies)|javascript is (?:disabled|required)|cookies (?:must|need to|have to) be enabled"
    r"|human verification|verify (?:that )?you are (?:a )?human|verify you are not|captcha|(?:are you|you are) (?:not )?a (?:ro)?bot\b"
    r"|access (?:to this page has been )?denied|checking your browser|just a moment|attention required|ddos protection"
    r"|\bray id\b|403 forbidden|404 not found|page not found|security check|unusual traffic|request (?:has been )?blocked"
    r"|too many requests|service (?:temporarily )?unavailable|preparing to download",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:^|(?P<amid>(?<=[.!?)][ \n])))(?P<bold>\*\*|__)?(?P<label>[A-Z][A-Za-z&/,' ’-]{1,58}?)[ \t]*"
    r"(?P<colon>[:：.](?:\*\*|__)?|(?:\*\*|__)[:：.]?)[ \t]+(?=\S)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page and its span."""

    text: str
    start: int
    end: int


def page_text(stream: BinaryIO) -> str:
    """Return a page's verbatim text, its line ends as line feeds.

    Raise ``UnreadableError`` for shells without an article.
    """
    try:
        text = re.sub(r"\r\n?", "\n", decode(read_whole(stream, LARGEST)))
    except UnreadableError:
        raise
    except ValueError as error:
        raise UnreadableError(str(error)) from None
    if not text.strip():
        raise UnreadableError("the file is empty; an article page was expected")
    if len(text) < 2500 and SHELL.search(text):
        raise UnreadableError("a captcha or script shell; an article page was expected")
    if (
        sum(char == "\ufffd" or (ord(char) < 32 and char not in "\t\n\r\f") for char in text[:4000])
        > 40
    ):
        raise UnreadableError("binary data; a text page was expected")
    return text


def lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Yield the lines of a stretch of text, without their line ends."""
    for match in re.finditer(r"[^\r\n]+", text[start:end]):
        yield Line(match[0], start + match.start(), start + match.end())


def labelled(text: str, start: int, end: int) -> tuple[Section, ...]:
    """Return the sections of an abstract: by labels at line starts, else one without heading.

    A label counts where its words name a section ("Results:"), so that prose with a colon stays;
    amid a line it has a colon, and counts beside one that opens a line. In capitals and at a line's
    start others count beside one that is known.
    """
    found = [each for each in _LABEL.finditer(text, start, end) if _is_label(each)]
    known = [each for each in found if _is_known(each)]
    opening = [each for each in known if each["amid"] is None]
    marks = [each for each in found if each in known or each["label"].isupper()]
    if not opening:
        return (Section("", start, end, start, start),)
    sections = []
    if text[start : marks[0].start()].strip():
        sections.append(Section("", start, marks[0].start(), start, start))
    stops = [mark.start() for mark in marks[1:]] + [end]
    for mark, stop in zip(marks, stops, strict=True):
        label = mark["label"].strip()
        finish = mark.end("colon")
        sections.append(Section(label, finish, stop, mark.start("label"), finish, 1, (label,)))
    return tuple(sections)


def _is_known(match: re.Match[str]) -> bool:
    """Tell whether a label's words name a section; amid a line they are an abstract's own."""
    named = section_role(match["label"]) != "body"
    return named if match["amid"] is None else is_label(match["label"])


def _is_label(match: re.Match[str]) -> bool:
    """Tell whether words end as a label does: with a colon or, in capitals, with a full stop.

    What is in bold type needs neither.
    """
    plain = match["colon"] == "." and not match["label"].isupper()
    return bool(match["bold"]) or (match["amid"] is None and not plain) or match["colon"] in ":："


def split_keywords(printed: str) -> tuple[str, ...]:
    """Return the keywords of a line that parts them by commas or semicolons."""
    words = (each.strip(" .") for each in re.split(r"[;,]", printed))
    return tuple(each for each in words if each)


def printed_keywords(text: str) -> tuple[str, ...]:
    """Return the keywords of the line of a page that begins with that word."""
    match = re.search(r"^Keywords?:\s*(?P<words>[^\n]+)", text, re.MULTILINE)
    return split_keywords(match["words"]) if match else ()


def digest_line(text: str) -> Marker | None:
    """Return the line that marks a page as a digest of the project's own."""
    at = text.find(DIGEST)
    if at < 0:
        return None
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return Marker(start, end, text[start:end], "boilerplate")
