"""Parse XML safely and cut broken files at their records: the home of lxml.

No external entity, no network, no huge tree: entities are resolved from the internal subset
only, and libxml2's own limits stop expansion bombs. A stream is cut into record elements by their
tags before any is parsed, so that a broken record costs only itself and memory stays bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO

from lxml import etree

from ingest.unpacking import chunks

Element = etree._Element
# Block elements of PubMed, JATS, TEI and MathML: they separate words, inline ones do not.
_BLOCKS = frozenset(
    "p sec title list list-item def-list def-item def disp-formula DispFormula disp-quote break br "
    "table-wrap table tr td th label Label fig caption boxed-text div head mtr mtd lb".split()  # noqa: SIM905
)
# Source of a formula that stands beside its readable form.
_SKIPPED = frozenset({"annotation", "annotation-xml", "tex-math"})
# One record of a healthy file is far smaller; a longer one is a broken file without an end.
LONGEST = 32 << 20
_TAIL = 64
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_SUBSET = re.compile(rb"<!DOCTYPE\s+[^\[\]<>]{0,400}(\[[^\]]{0,65536}\]\s*)>")


@dataclass(frozen=True, slots=True)
class Prolog:
    """What stands before the root and its records need: an encoding and an internal subset."""

    encoding: str | None = None
    subset: bytes = b""


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one record element and its number in the file, from 1.

    ``fault`` says why it is no whole record ("what is wrong; what was expected").
    """

    number: int
    data: bytes
    fault: str | None = None
    prolog: Prolog = Prolog()

    def parse(self) -> Element:
        """Return the record's element; raise ``ValueError`` where it is not well-formed."""
        if self.fault:
            raise ValueError(self.fault)
        subset = self.prolog.subset
        if subset:
            name = re.match(rb"<([\w:.-]+)", self.data)
            subset = b"<!DOCTYPE " + (name[1] if name else b"x") + b" " + subset + b">"
        return parse(subset + self.data, self.prolog.encoding)


@cache
def parser(encoding: str | None = None) -> etree.XMLParser:
    """Return a parser that touches no file and no socket and refuses huge trees."""
    # The stubs know only true and false; "internal" keeps entities and opens no file.
    options: dict[str, Any] = {"resolve_entities": "internal"}
    return etree.XMLParser(
        encoding=encoding,
        huge_tree=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        remove_pis=True,
        remove_comments=True,
        **options,
    )


def parse(data: bytes, encoding: str | None = None) -> Element:
    """Return the root element of bytes; raise ``ValueError`` with the parser's own words."""
    try:
        root = etree.fromstring(data, parser(encoding))
    except LookupError:
        raise ValueError(f"unknown encoding {encoding}; a known one was expected") from None
    except etree.XMLSyntaxError as error:
        reason = (error.msg or "no element").split(", line")[0]
        raise ValueError(f"not well-formed XML ({reason}); an XML element was expected") from None
    if root is None:
        raise ValueError("no XML element; one was expected")
    return root


def read_document(stream: BinaryIO, largest: int = LONGEST) -> tuple[bytes, Element]:
    """Return the bytes and the root of a whole document, gzip and UTF-16 included.

    Raise ``ValueError`` where it is larger than ``largest`` bytes or not well-formed.
    """
    parts, size = [], 0
    for chunk in chunks(stream):
        size += len(chunk)
        if size > largest:
            raise ValueError(f"longer than {largest} bytes; one document was expected")
        parts.append(chunk)
    data = b"".join(parts)
    declared = _ENCODING.match(data[:400])
    # ``chunks`` has turned UTF-16 and UTF-32 into UTF-8 whatever the declaration says.
    wide = declared is not None and declared[1].lower().startswith((b"utf-16", b"utf-32", b"ucs"))
    return data, parse(data, "utf-8" if wide else None)


def read_prolog(head: bytes) -> Prolog:
    """Return the declared encoding and internal subset of a file's first bytes."""
    declared = _ENCODING.match(head[:400])
    name = declared[1].decode().lower() if declared else None
    if name in {None, "utf-8", "utf8", "us-ascii", "ascii"} or str(name).startswith(("utf-", "ucs")):
        name = None
    root = re.search(rb"<[A-Za-z_]", head)
    subset = _SUBSET.search(head[: root.start()] if root else head)
    return Prolog(name, subset[1].strip() if subset else b"")


class _Cutter:
    """Cut a stream into record elements; ``tags`` are theirs, ``landmarks`` in record order."""

    def __init__(self, tags: Sequence[str], landmarks: Sequence[str]) -> None:
        self._opening = re.compile(rb"<(" + "|".join(tags).encode() + rb")(?=[\s>/])")
        self._starts = [f"<{tag}".encode() for tag in tags]
        self._landmarks = [f"<{each}".encode() for each in landmarks]
        self._marks = re.compile(
            b"|".join(re.escape(each) + rb"(?=[\s>/])" for each in self._landmarks) or rb"(?!)"
        )
        self._number = 0
        self._prolog = Prolog()
        self._rooted = False

    def cut(self, stream: BinaryIO) -> Iterator[Piece]:
        buffer, at, more, ended = b"", 0, True, ""
        source = chunks(stream)
        first = True
        while True:
            found = self._opening.search(buffer, at)
            if found is not None:
                end = self._end(buffer, found)
                if end:
                    yield from self._gap(buffer[at : found.start()])
                    yield self._piece(buffer, found.start(), end)
                    at = abs(end)
                    continue
            if not more:
                break
            if found is None and len(buffer) - at > LONGEST // 8:
                yield from self._gap(buffer[at:-_TAIL])
                at = len(buffer) - _TAIL
            elif found is not None and len(buffer) - found.start() > LONGEST:
                yield self._fault(buffer[found.start() :], "has no end within 32 MB", found[1])
                at = len(buffer) - _TAIL
            try:
                chunk = next(source, b"")
            except ValueError as error:
                chunk, ended = b"", str(error)
            more = bool(chunk)
            if first:
                self._prolog, first = read_prolog(chunk[:131072]), False
            buffer, at = buffer[at:] + chunk, 0
        yield from self._rest(buffer[at:], ended)

    def _end(self, buffer: bytes, found: re.Match[bytes]) -> int:
        """Return where the record ends, negative where the next one starts first, 0 if unknown."""
        start = found.end()
        end = _end_tag(buffer, found[1], start)
        limit = end or len(buffer)
        following = 0
        for tag in self._starts:
            place = _start_tag(buffer, tag, start, limit)
            if place:
                following, limit = place, place
        return -following if following else end

    def _piece(self, buffer: bytes, start: int, end: int) -> Piece:
        if end < 0:
            name = re.match(rb"<([\w:.-]+)", buffer[start : start + 80])
            return self._fault(buffer[start:-end], "has no end tag", name[1] if name else b"")
        self._number += 1
        return Piece(self._number, buffer[start:end], None, self._prolog)

    def _fault(self, data: bytes, wrong: str, tag: bytes) -> Piece:
        self._number += 1
        return Piece(self._number, data, f"{wrong}; </{tag.decode()}> was expected", self._prolog)

    def _gap(self, data: bytes) -> Iterator[Piece]:
        """Yield a fault where bytes between records are the rest of a record."""
        if data.isspace() or not data:
            return
        self._rooted = self._rooted or bool(re.search(rb"<[A-Za-z]", data))
        if self._marks.search(data):
            self._number += 1
            wrong = "a record without a start tag; <" + self._starts[0][1:].decode() + "> was expected"
            yield Piece(self._number, data, wrong, self._prolog)

    def _rest(self, data: bytes, ended: str) -> Iterator[Piece]:
        found = self._opening.search(data)
        if found is not None:
            yield from self._gap(data[: found.start()])
            yield self._fault(data[found.start() :], ended or "the file ends inside it", found[1])
            return
        yield from self._gap(data)
        if ended:
            yield Piece(self._number + 1, b"", f"{ended}; a whole file was expected")
        elif self._rooted and self._number and not data.strip():
            yield Piece(self._number + 1, b"", "the file ends early; the root's end tag was expected")

    def count(self, data: bytes) -> int:
        """Return how many records a broken stretch holds parts of, by its landmarks' order."""
        last, records = -1, 1
        for mark in self._marks.finditer(data):
            place = self._landmarks.index(mark[0])
            if place <= last:
                records += 1
            last = place
        return records


def _end_tag(buffer: bytes, tag: bytes, start: int) -> int:
    needle = b"</" + tag
    at = buffer.find(needle, start)
    while at >= 0:
        close = buffer.find(b">", at + len(needle))
        if close < 0:
            return 0
        if not buffer[at + len(needle) : close].strip():
            return close + 1
        at = buffer.find(needle, at + 1)
    return 0


def _start_tag(buffer: bytes, needle: bytes, start: int, limit: int) -> int:
    at = buffer.find(needle, start, limit)
    while at >= 0:
        if buffer[at + len(needle) : at + len(needle) + 1] in {b" ", b">", b"\n", b"\t", b"\r", b"/"}:
            return at
        at = buffer.find(needle, at + 1, limit)
    return 0


def pieces(
    stream: BinaryIO, tags: Sequence[str], landmarks: Sequence[str] = ()
) -> Iterator[Piece]:
    """Yield the bytes of each record element of a stream, in bounded memory.

    ``tags`` name record elements, which do not nest. ``landmarks`` are elements that each record
    has at most once, in their order: by them bytes outside any record are known for the rest of a
    broken one, and yielded as a fault.
    """
    yield from _Cutter(tags, landmarks).cut(stream)


def count_records(data: bytes, tags: Sequence[str], landmarks: Sequence[str]) -> int:
    """Return how many records a broken stretch of bytes holds parts of, at least 1."""
    return _Cutter(tags, landmarks).count(data)


def local_name(element: Element) -> str:
    """Return an element's tag without its namespace."""
    tag = str(element.tag)
    return tag.rpartition("}")[2] if tag[:1] == "{" else tag


def inline_text(element: Element | None) -> str:
    """Return an element's text: mark-up dropped, block elements set off by a space."""
    if element is None:
        return ""
    if len(element) == 0:
        return " ".join((element.text or "").split())
    parts: list[str] = []
    depth = 0
    # Walked, not recursed into: nesting is the input's to choose.
    for event, node in etree.iterwalk(element, events=("start", "end")):
        name = local_name(node)
        if event == "start":
            depth += name in _SKIPPED
            lead = " " if name in _BLOCKS else ""
            parts.append(lead + (node.text or "" if not depth else ""))
            continue
        depth -= name in _SKIPPED
        if node is not element:
            tail = node.tail or "" if not depth else ""
            parts.append((" " if name in _BLOCKS else "") + tail)
    return " ".join("".join(parts).split())


def child_text(element: Element, path: str) -> str | None:
    """Return the text of the first descendant at a path, None where it is absent or empty."""
    found = element.find(path)
    return inline_text(found) or None if found is not None else None


def texts(element: Element, path: str) -> tuple[str, ...]:
    """Return the texts of all descendants at a path, without the empty ones."""
    return tuple(text for each in element.findall(path) if (text := inline_text(each)))


def children(element: Element | None) -> dict[str, Element]:
    """Return the first child of each tag, by tag; far faster than a ``find`` for each."""
    found: dict[str, Element] = {}
    if element is not None:
        for child in element:
            found.setdefault(child.tag, child)
    return found
