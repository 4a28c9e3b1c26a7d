"""Parse XML safely: the home of lxml.

No external entity, no network, no huge tree: entities are resolved from the internal subset
only, and libxml2's own limits stop expansion bombs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html.entities import html5
from typing import Any

from lxml import etree

from ingest.parsing.cutting import Piece
from ingest.parsing.superscripts import raised
from ingest.parsing.unpacking import peek

Element = etree._Element
# Block elements of PubMed, JATS, TEI and MathML: they separate words, inline ones do not.
_BLOCKS = frozenset(
    {
        "p",
        "sec",
        "title",
        "list",
        "list-item",
        "def-list",
        "def-item",
        "def",
        "disp-formula",
        "DispFormula",
        "disp-quote",
        "break",
        "br",
        "table-wrap",
        "table",
        "tr",
        "td",
        "th",
        "label",
        "Label",
        "fig",
        "caption",
        "boxed-text",
        "div",
        "head",
        "mtr",
        "mtd",
        "lb",
    }
)
# Mark-up of running text; elements of these alone need no walk.
_INLINE = frozenset({"i", "b", "u", "sub", "sup", "italic", "bold", "sc"})
_RAISING = frozenset({"sup", "superscript", "hi", "style"})
# Sources of formulas beside their readable form, and identifiers that nobody prints.
_SKIPPED = frozenset({"annotation", "annotation-xml", "tex-math", "institution-id"})
# Articles nest some 30 deep.
DEEPEST = 200
# The tree of so many tags and attributes takes some 150 MB; a long article has a fifth of them.
_MOST = 800_000
_LARGE = 1 << 20
_SHORT = 80
# Far above the longest article; what is longer is not worth its memory.
_MENDABLE = 6 << 20
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_NAMES = {b"amp", b"lt", b"gt", b"quot", b"apos"}


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
        collect_ids=False,
        **options,
    )


def parse(data: bytes, encoding: str | None = None) -> Element:
    """Return the root element of bytes; raise ``ValueError`` with the parser's own words."""
    if len(data) > _LARGE and data.count(b"<") + data.count(b"=") > _MOST:
        raise ValueError(f"more than {_MOST} tags and attributes; one record was expected")
    try:
        root = etree.fromstring(data, parser(encoding))
    except LookupError:
        raise ValueError(f"unknown encoding {encoding}; a known one was expected") from None
    except etree.XMLSyntaxError as error:
        reason = " ".join((error.msg or "no element").split(", line")[0].split())
        raise ValueError(f"not well-formed XML ({reason}); an XML element was expected") from None
    if root is None:
        raise ValueError("no XML element; one was expected")
    return root


def parse_piece(piece: Piece) -> Element:
    """Return the element of a record cut from a stream; raise ``ValueError`` where it is broken."""
    if piece.fault:
        raise ValueError(piece.fault)
    subset = piece.prolog.subset
    if subset:
        name = re.match(rb"<([\w:.-]+)", piece.data)
        subset = b"<!DOCTYPE " + (name[1] if name else b"x") + b" " + subset + b">"
    return parse(subset + piece.data, piece.prolog.encoding)


def parse_mended(piece: Piece) -> Element:
    """Return a record's element; raise ``ValueError`` where it is broken.

    What it relies on outside itself is put in: prefixes declared on an outer element, and HTML's
    names of characters, which its DTD would declare.
    """
    try:
        return parse_piece(piece)
    except ValueError:
        mended = _mended(piece.data) if len(piece.data) <= _MENDABLE else piece.data
        if piece.fault or mended == piece.data:
            raise
        return parse_piece(replace(piece, data=mended))


def parse_article(piece: Piece) -> Element:
    """Return a full text's element, its tags without namespaces; raise ``ValueError`` if broken."""
    root = parse_mended(piece)
    depth = 0
    for event, each in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise ValueError(f"elements nested deeper than {DEEPEST}; an article was expected")
        if event == "start" and each.tag[:1] == "{":
            each.tag = local_name(each)
    return root


def _mended(data: bytes) -> bytes:
    used = set(re.findall(rb"[<\s/]([A-Za-z][\w.-]*):[A-Za-z]", data))
    declared = set(re.findall(rb"xmlns:([A-Za-z][\w.-]*)\s*=", data)) | {b"xml", b"xmlns"}
    missing = b"".join(b' xmlns:%s="urn:%s"' % (each, each) for each in sorted(used - declared))
    named = _NAMED.sub(_character, data)
    return re.sub(rb"^(<[\w:.-]+)", lambda start: start[1] + missing, named, count=1)


def _character(entity: re.Match[bytes]) -> bytes:
    character = html5.get(entity[1].decode() + ";")
    return entity[0] if entity[1] in _XML_NAMES or not character else character.encode()


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute by its local name, whatever its namespace."""
    return next((str(value) for key, value in element.items() if _bare(str(key)) == name), None)


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


def has_tag(head: bytes, name: str) -> bool:
    """Tell whether a start tag of this local name stands in a file's first bytes."""
    shown, tag = peek(head), name.encode()
    # Most files have no such word behind a bracket or a prefix, which is told far faster.
    if tag not in shown or (b"<" + tag not in shown and b":" + tag not in shown):
        return False
    return bool(re.search(rb"<(?:[\w.-]+:)?" + tag + rb"(?=[\s>/])", shown))


def local_name(element: Element) -> str:
    """Return an element's tag without its namespace."""
    tag = str(element.tag)
    return _bare(tag) if tag[:1] == "{" else tag


def inline_text(element: Element | None) -> str:
    """Return an element's text: mark-up dropped, block elements set off by a space."""
    if element is None:
        return ""
    if len(element) == 0:
        return fold(element.text)
    parts = [element.text or ""]
    for child in element:
        if child.tag not in _INLINE or len(child):
            return _walked(element)
        words = child.text or ""
        if child.tag == "sup":
            words = raised(words, "".join(parts[-2:])) or words
        parts += (words, child.tail or "")
    return fold("".join(parts))


def fold(text: str | None) -> str:
    """Return a text with its white space folded to single blanks, and none at its ends."""
    if not text:
        return ""
    # Most texts need no splitting. XML knows no other white space in ASCII than these four; of all
    # others only the plain blank is printable. Of short texts that is found out at once.
    if len(text) < _SHORT:
        plain = "  " not in text and text.isprintable()
        return text.strip(" ") if plain else " ".join(text.split())
    plain = "\n" not in text and "\t" not in text and "\r" not in text and "  " not in text
    if plain and (text.isascii() or text.isprintable()):
        return text.strip(" ")
    return " ".join(text.split())


def _walked(element: Element) -> str:
    parts: list[str] = []
    depth = 0
    begun: list[int] = []
    # Walked, not recursed into: nesting is the input's to choose.
    for event, node in etree.iterwalk(element, events=("start", "end")):
        name = local_name(node)
        raises = name in _RAISING and _is_raised(node, name)
        place = _place(node) if node is not element else ""
        if event == "start":
            depth += name in _SKIPPED
            lead = " " if name in _BLOCKS else ""
            if raises or place:
                begun.append(len(parts))
            parts.append(lead + (node.text or "" if not depth else ""))
            continue
        depth -= name in _SKIPPED
        if raises or place:
            at = begun.pop()
            words = "".join(parts[at:])
            set_off = _set_off(words, place) if place else None
            exponent = set_off or raised(words, "".join(parts[max(0, at - 4) : at]))
            if exponent is not None:
                parts[at:] = [exponent]
        if node is not element:
            tail = node.tail or "" if not depth else ""
            parts.append((" " if name in _BLOCKS else "") + tail)
    return " ".join("".join(parts).split())


def _place(node: Element) -> str:
    """Return what a part of a formula is: exponent, numerator or denominator; "" for any other."""
    parent = node.getparent()
    name = local_name(parent) if parent is not None else ""
    if name == "mfrac":
        return "numerator" if node.getprevious() is None else "denominator"
    if name in {"msup", "msubsup"} and node.getnext() is None and node.getprevious() is not None:
        return "exponent"
    return ""


def _set_off(words: str, place: str) -> str | None:
    """Return a formula's part as it is written in a line: 10⁶, x^n, (a+b)/c."""
    shown = "".join(words.split())
    if place == "exponent":
        return raised(shown, "1") or (f"^{shown}" if len(shown) == 1 else f"^({shown})")
    joined = f"({shown})" if re.search(r"[^\w.,%]", shown[1:]) else shown
    return f"/{joined}" if place == "denominator" else joined


def _is_raised(node: Element, name: str) -> bool:
    """Tell whether an element raises its text: sup, TEI's hi, EndNote's style."""
    if name in {"sup", "superscript"}:
        return True
    looks = node.get("rend") if name == "hi" else node.get("face") if name == "style" else None
    return looks is not None and "sup" in looks


def child_text(element: Element, path: str) -> str | None:
    """Return the text of the first descendant at a path, None where it is absent or empty."""
    found = element.find(path)
    return inline_text(found) or None if found is not None else None


def texts(element: Element, path: str) -> tuple[str, ...]:
    """Return the texts of all descendants at a path, without the empty ones."""
    found = element.findall(path) if "/" in path else element.iterchildren(path)
    return tuple([text for each in found if (text := inline_text(each))])


def children(element: Element | None) -> dict[str, Element]:
    """Return the first child of each tag, by tag; far faster than a ``find`` for each."""
    if element is None:
        return {}
    return {child.tag: child for child in element.iterchildren(reversed=True)}
