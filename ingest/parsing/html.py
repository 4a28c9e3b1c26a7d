"""Parse saved web pages: the home of selectolax. Meta tags, JSON-LD, and text by blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.parsing.citations import labelled
from ingest.parsing.composing import Composer, Run, superscript
from ingest.parsing.superscripts import raised
from ingest.text import UnreadableError

Node = LexborNode
Page = LexborHTMLParser
# A saved page is far smaller, but for the pictures that some browsers save in it.
LARGEST = 32 << 20
_WORDS = 8 << 20
_PICTURE = re.compile(rb"data:[\w/+.-]{1,80};base64,[A-Za-z0-9+/=]{100,}")
# An article of a thousand references has some 60,000.
_MOST_TAGS = 300_000
_DEEPEST = 150
# Saved pages nest some 50 deep.
_STEEPEST = 2000
_NESTING = re.compile(
    rb"(?i)<(/?)(?:div|span|section|article|aside|main|header|footer|nav|b|i|em|strong|font|ul|ol|dl|table|blockquote"
    rb"|center|a|sup|sub|details|figure|form|small|u|s|big|tt|code|pre|address|fieldset|h[1-6])(?=[\s>/])"
)
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?([A-Za-z0-9._-]{2,30})""", re.IGNORECASE
)
_DEEPEST_HEADING = 7
_HEADING = re.compile(r"h([1-6])")
_BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "figure", "fieldset",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "li", "main", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "th", "tr", "ul",
}  # fmt: skip
_SKIPPED = {
    "script", "style", "noscript", "template", "button", "svg", "math-annotation", "nav", "input", "select", "iframe",
    "object", "video", "audio", "-comment", "annotation",
}  # fmt: skip
_CITING = re.compile(
    r"#(?:ref[-_]?\w*|bib\w*|CR\d+|B\d+|R\d+|b\d+|cit\w*|fn__\d+|rf\w*|article-overiew-ref\w*)$"
)
_MARK = re.compile(r"[\[(]?\d{1,3}[\])]?")
_LABEL = re.compile(r"\s*[A-Z][^.:]{1,60}:\s*")


def parse_page(data: bytes) -> LexborHTMLParser:
    """Return a page's tree; raise ``UnreadableError`` for binary data and for what is too long."""
    if len(data) > LARGEST:
        raise UnreadableError(f"longer than {LARGEST} bytes; a saved page was expected")
    data = _PICTURE.sub(b"data:", data) if b";base64," in data else data
    if len(data) > _WORDS or data.count(b"<") > _MOST_TAGS:
        wrong = f"more than {_WORDS} bytes or {_MOST_TAGS} tags without its pictures"
        raise UnreadableError(f"{wrong}; a saved page was expected")
    if _depth(data) > _STEEPEST:
        raise UnreadableError(f"elements nested deeper than {_STEEPEST}; a saved page was expected")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    elif b"\0" in data:
        raise UnreadableError("NUL bytes; a saved page was expected")
    else:
        text = _decoded(data)
    return LexborHTMLParser(text)


def _depth(data: bytes) -> int:
    """Return how deep elements that must be closed are nested: a parser's time grows with its square."""
    depth = deepest = 0
    for match in _NESTING.finditer(data):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:4096])
        name = declared[1].decode().lower() if declared else "cp1252"
        try:
            return data.decode(
                "cp1252" if name in {"utf-8", "iso-8859-1"} else name, errors="replace"
            )
        except LookupError:
            return data.decode("cp1252", errors="replace")


def meta_tags(page: LexborHTMLParser) -> list[tuple[str, str]]:
    """Return (name in lower case, content) of every meta tag, in order."""
    found = []
    for each in page.css("meta"):
        attributes = each.attributes
        name = attributes.get("name") or attributes.get("property") or ""
        content = " ".join((attributes.get("content") or "").split())
        if name and content:
            found.append((name.lower(), content))
    return found


def linked_data(page: LexborHTMLParser) -> list[dict[str, Any]]:
    """Return every object of the page's JSON-LD, those in graphs and main entities too."""
    found: list[dict[str, Any]] = []
    for each in page.css('script[type="application/ld+json"]'):
        try:
            waiting = [json.loads(each.text(deep=True))]
        except (ValueError, RecursionError):
            continue
        while waiting and len(found) < 1000:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                found.append(value)
                waiting += [value[key] for key in ("@graph", "mainEntity") if key in value]
    return found


def first_node(page: LexborHTMLParser, selectors: Sequence[str]) -> LexborNode | None:
    """Return the first element that one of the selectors finds."""
    return next((node for each in selectors if (node := page.css_first(each)) is not None), None)


def all_nodes(page: LexborHTMLParser, selectors: Sequence[str]) -> list[LexborNode]:
    """Return the elements of the first selector that finds any."""
    return next((nodes for each in selectors if (nodes := page.css(each))), [])


def node_text(node: LexborNode | None, cut: Sequence[str] = ()) -> str:
    """Return an element's text: block elements set off by a space, inline ones not.

    ``cut`` are selectors of what is left out.
    """
    if node is None:
        return ""
    found: list[str] = []
    _gather(node, 0, found, _found(node, cut))
    return " ".join("".join(found).split())


def _found(root: LexborNode, selectors: Sequence[str]) -> set[int]:
    return {each.mem_id for one in selectors for each in root.css(one)} - {root.mem_id}


def _gather(node: LexborNode, depth: int, found: list[str], left_out: set[int]) -> None:
    if depth > _DEEPEST:
        return
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if child.mem_id in left_out:
            continue
        if tag == "-text":
            found.append(child.text_content or "")
        elif tag == "br":
            found.append(" ")
        elif tag == "sup":
            at, ahead = len(found), "".join(found[-3:])
            _gather(child, depth + 1, found, left_out)
            exponent = raised("".join(found[at:]), ahead)
            if exponent is not None:
                found[at:] = [exponent]
        elif tag not in _SKIPPED:
            gap = " " if tag in _BLOCKS else ""
            found.append(gap)
            _gather(child, depth + 1, found, left_out)
            found.append(gap)


def visible_text(page: LexborHTMLParser) -> str:
    """Return what a reader sees of the page."""
    return node_text(page.body)


class PageWriter:
    """Write an element's blocks into a composer; ``numbers`` are those of reference targets."""

    def __init__(
        self,
        composer: Composer,
        cut: Sequence[str],
        numbers: Mapping[str, int],
        captioned: Sequence[str] = (),
        aside: Sequence[str] = (),
    ) -> None:
        """Take the selectors of what is no part of the text, of figures, and of links in those."""
        self._composer = composer
        self._cut = cut
        self._captioned = (*captioned, "figure", ".fig")
        self._aside = aside
        self._figures: set[int] = set()
        self._numbers = numbers
        self._top = 2
        self._abstract = False
        self._label_level = _DEEPEST_HEADING
        self._left_out: set[int] = set()

    def write(
        self, root: LexborNode, level: int = 1, title: str | None = None, abstract: bool = False
    ) -> None:
        """Write an element; its topmost headings get this level, the page's title is left out.

        Labels in the line open sections beside those of an abstract, and below those of a body.
        """
        self._abstract = abstract
        self._label_level = level if abstract else _DEEPEST_HEADING
        self._left_out = _found(root, self._cut)
        self._figures = _found(root, self._captioned)
        marks = [int(found[1]) for each in root.css("h1,h2,h3,h4,h5,h6") if (found := _HEADING.fullmatch(each.tag or ""))
                 and node_text(each) != title and "obj_head" not in (each.attributes.get("class") or "")]  # fmt: skip
        self._top = min(marks, default=2) - level
        self._block(root, title, 0)

    def _block(self, node: LexborNode, title: str | None, depth: int) -> None:
        runs: list[Run] = []
        if depth > _DEEPEST:
            return
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if child.mem_id in self._left_out:
                continue
            if tag in _BLOCKS and tag not in {"td", "th"}:
                self._flush(runs)
                self._part(child, tag, title, depth)
            elif tag == "figcaption":
                self._flush(runs)
                self._composer.aside(node_text(child))
            else:
                runs += self._inline(child, depth)
        self._flush(runs)

    def _part(self, child: LexborNode, tag: str, title: str | None, depth: int) -> None:
        heading = _HEADING.fullmatch(tag)
        if heading:
            words = node_text(child)
            if words and words != title:
                self._composer.open(words, max(1, int(heading[1]) - self._top))
        elif child.mem_id in self._figures:
            self._figure(child)
        elif tag == "table" and "formula" in (child.attributes.get("class") or ""):
            self._composer.paragraph([Run(node_text(child))])
        elif tag == "table":
            self._composer.aside("\n".join(_rows(child)))
        else:
            self._block(child, title, depth + 1)

    def _figure(self, node: LexborNode) -> None:
        """Write a figure's or table's words, then the rows of its tables."""
        self._composer.aside(node_text(node, (*self._cut, *self._aside, "table")))
        for table in node.css("table"):
            self._composer.aside("\n".join(_rows(table)))

    def _flush(self, runs: list[Run]) -> None:
        """Write a paragraph; a label in bold at its start ("Methods:") opens a section."""
        first = next((at for at, each in enumerate(runs) if each.text.strip()), None)
        if first is not None and runs[first].role == "markup":
            label = runs.pop(first).text.strip().rstrip(":").strip()
            self._composer.open(label, self._label_level)
        plain = [
            Run(each.text, None if each.role == "markup" else each.role, each.references)
            for each in runs
        ]
        runs.clear()
        words = " ".join("".join(each.text for each in plain).split())
        parts = (
            labelled("", words) if self._abstract and not any(each.role for each in plain) else []
        )
        if not any(label for label, _ in parts):
            self._composer.paragraph(plain)
            return
        for label, body in parts:
            if label:
                self._composer.open(label, self._label_level)
            self._composer.paragraph([Run(body)])

    def _inline(self, node: LexborNode, depth: int) -> Iterator[Run]:
        tag = node.tag or ""
        if tag == "-text":
            yield Run(node.text_content or "")
        elif tag in {"br", "img"}:
            yield Run(" ")
        elif tag in _SKIPPED or depth > _DEEPEST or node.mem_id in self._left_out:
            return
        elif tag == "a" and self._is_citation(node):
            yield self._citation(node)
        elif tag == "sup" and node.css_first("a") is None:
            yield _superscript(node)
        elif tag == "a" and _is_raised_link(node):
            yield self._citation(node)
        elif tag in {"strong", "b"} and _LABEL.fullmatch(node_text(node) + " "):
            yield Run(node_text(node), "markup")
        else:
            for child in node.iter(include_text=True):
                yield from self._inline(child, depth + 1)

    def _is_citation(self, node: LexborNode) -> bool:
        """Tell whether a link leads to a reference of this page, by its list or by its name."""
        href = node.attributes.get("href") or ""
        _, mark, target = href.rpartition("#")
        return bool(mark) and (target in self._numbers or bool(_CITING.search(href)))

    def _citation(self, node: LexborNode) -> Run:
        text = node_text(node)
        target = (node.attributes.get("href") or "").rpartition("#")[2]
        printed = re.fullmatch(r"\D{0,2}(\d{1,4})\D{0,2}", text)
        number = int(printed[1]) if printed else self._numbers.get(target)
        return Run(text, "citation", (number,) if number else ())


def _is_raised_link(node: LexborNode) -> bool:
    """Tell whether a link to a place of the page is raised figures: a reference or a note."""
    above = node.parent
    return (
        above is not None
        and above.tag == "sup"
        and (node.attributes.get("href") or "").startswith("#")
        and bool(_MARK.fullmatch(node_text(node)))
    )


def _superscript(node: LexborNode) -> Run:
    before = node.prev
    ahead = ""
    if before is not None:
        ahead = (before.text_content or "") if before.tag == "-text" else node_text(before)
    return superscript(node_text(node), ahead)


def _rows(table: LexborNode) -> Iterator[str]:
    caption = table.css_first("caption")
    if caption is not None:
        yield node_text(caption)
    for row in table.css("tr"):
        cells = [node_text(each) for each in row.iter() if each.tag in {"td", "th"}]
        if any(cells):
            yield "\t".join(cells)
