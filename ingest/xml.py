"""Parse XML safely and cut broken files at their records: the home of lxml.

No external entity, no network, no huge tree: entities are resolved from the internal subset
only, and libxml2's own limits stop expansion bombs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

Element = etree._Element
_BLOCKS = {
    "p",
    "sec",
    "title",
    "list",
    "list-item",
    "disp-formula",
    "break",
    "table-wrap",
    "label",
    "Label",
    "tr",
    "td",
}
_CHUNK = 1 << 20
# One record of a healthy file is far smaller; a longer one is a broken file without an end.
LONGEST = 32 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one record element and its number in the file, from 1."""

    number: int
    data: bytes


def parser() -> etree.XMLParser:
    """Return a parser that touches no file and no socket and refuses huge trees."""
    # The stubs know only true and false; "internal" keeps entities and opens no file.
    options: dict[str, Any] = {"resolve_entities": "internal"}
    return etree.XMLParser(
        huge_tree=False, no_network=True, load_dtd=False, remove_pis=True, **options
    )


def parse(data: bytes) -> Element:
    """Return the root element of bytes; raise ``ValueError`` with the parser's own words."""
    try:
        return etree.fromstring(data, parser())
    except etree.XMLSyntaxError as error:
        raise ValueError(
            f"not well-formed XML ({error.msg}); an XML element was expected"
        ) from None


def pieces(stream: BinaryIO, tags: tuple[str, ...]) -> Iterator[Piece | str]:
    """Yield the bytes of each record element of a stream, in bounded memory.

    Records are cut at their start and end tags, so that a broken one costs only itself; a text
    is yielded where a record has no end.
    """
    names = "|".join(tags).encode()
    opening = re.compile(rb"<(" + names + rb")(?=[\s>/])")
    number, buffer, more = 0, b"", True
    while more or buffer:
        found = opening.search(buffer)
        if found is None:
            # Keep enough for a tag cut by the chunk's edge.
            buffer = buffer[-64:] if more else b""
        else:
            tag = found[1]
            end = re.compile(rb"</" + tag + rb"\s*>").search(buffer, found.end())
            following = opening.search(buffer, found.end())
            if (
                following
                and following[1] == tag
                and (end is None or following.start() < end.start())
            ):
                number += 1
                yield f"record {number}: no end tag; </{tag.decode()}> was expected"
                buffer = buffer[following.start() :]
                continue
            if end:
                number += 1
                yield Piece(number, buffer[found.start() : end.end()])
                buffer = buffer[end.end() :]
                continue
            if not more or len(buffer) > LONGEST:
                number += 1
                yield f"record {number}: the file ends inside it; </{tag.decode()}> was expected"
                buffer = b""
                continue
        if more:
            chunk = stream.read(_CHUNK)
            more = bool(chunk)
            buffer += chunk


def inline_text(element: Element | None) -> str:
    """Return an element's text: mark-up dropped, block elements set off by a space."""
    if element is None:
        return ""
    if len(element) == 0:
        return " ".join((element.text or "").split())
    parts: list[str] = []
    _collect(element, parts)
    return " ".join("".join(parts).split())


def _collect(element: Element, parts: list[str]) -> None:
    parts.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            block = etree.QName(child).localname in _BLOCKS
            parts.append(" " if block else "")
            _collect(child, parts)
            parts.append(" " if block else "")
        parts.append(child.tail or "")


def child_text(element: Element, path: str) -> str | None:
    """Return the text of the first descendant at a path, None where it is absent or empty."""
    found = element.find(path)
    return inline_text(found) or None if found is not None else None
