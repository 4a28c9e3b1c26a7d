"""Read JATS full texts, as PubMed Central and publishers send them; one article or a set of them.

After the JATS Archiving tag set 1.3 (https://jats.nlm.nih.gov/archiving/tag-library/1.3/). Sections
keep their tree; captions and the rows of tables are markers, so that no prose is read from them;
citations are markers with the numbers of their references; exponents stay superscripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from ingest.model import ContentLevel, Failure, Record
from ingest.parsing.citations import labelled
from ingest.parsing.composing import Composer, Run, superscript
from ingest.parsing.cutting import Piece, count_records, pieces, records
from ingest.parsing.jats_front import front_fields, subordinate_link
from ingest.parsing.jats_references import references
from ingest.parsing.languages import language_code
from ingest.parsing.tables import rows
from ingest.parsing.unpacking import peek
from ingest.parsing.xml import (
    Element,
    attribute,
    child_text,
    has_tag,
    inline_text,
    parse_article,
    texts,
)
from ingest.text import expand_pages, is_digest, sha256

FORMAT = "jats"
SUREST = 93
TAGS = ("article",)
LANDMARKS = (
    "front",
    "journal-meta",
    "journal-title*",
    "issn*",
    "article-meta",
    "article-id*",
    "title-group",
    "contrib-group*",
    "pub-date*",
    "volume",
    "fpage",
    "abstract*",
    "body",
    "back",
)
_NOT_OWN = re.compile(
    rb"<ref[\s>].*?</ref>|<sub-article[\s>].*?</sub-article>|<response[\s>].*?</response>",
    re.DOTALL,
)
_CAPTIONED = {
    "fig",
    "fig-group",
    "table-wrap",
    "table-wrap-group",
    "supplementary-material",
    "media",
    "chem-struct-wrap",
}
_NESTED = {
    "list",
    "def-list",
    "disp-quote",
    "boxed-text",
    "statement",
    "verse-group",
    "disp-formula",
    "disp-formula-group",
}
# Boxes and lists whose title opens no section.
_TITLED = {"boxed-text", "statement", "disp-quote", "list", "def-list"}
_DROPPED = {"fn", "graphic", "inline-graphic", "alternatives-source", "object-id", "permissions"}


def sniff(head: bytes, name: str) -> int:
    """Return 93 where an article element with JATS's front matter stands in the head."""
    shown = peek(head)
    if not shown.lstrip().startswith(b"<"):
        return 0
    if not (has_tag(head, "article") or has_tag(head, "pmc-articleset")):
        return 0
    if re.search(rb"(?i)<html[\s>]|<!doctype html", shown):
        return 0
    named = re.search(
        rb"(?i)JATS|NLM//DTD|journal-?archiving|journalpublishing|pmc-articleset", shown
    )
    return 93 if named or has_tag(head, "front") or has_tag(head, "article-meta") else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every article in order; a broken one is a failure and its neighbours live."""
    found = pieces(stream, _tags(stream), LANDMARKS)
    yield from records(FORMAT, found, name, _record, _count)


def _count(data: bytes) -> int:
    # References and sub-articles have such elements of their own.
    return count_records(_NOT_OWN.sub(b"", data), TAGS, LANDMARKS)


def _tags(stream: BinaryIO) -> tuple[str, ...]:
    """Return the tag of the articles, with the prefix that this file gives it."""
    start = stream.tell()
    found = re.search(rb"<((?:[\w.-]+:)?article)(?=[\s>])", peek(stream.read(65536)))
    stream.seek(start)
    return (found[1].decode(),) if found else TAGS


def _record(piece: Piece, name: str) -> Record:
    article = parse_article(piece)
    if len(article.findall("front")) > 1 or len(article.findall("front/article-meta")) > 1:
        raise ValueError("two articles run together; one front was expected")
    fields = front_fields(article)
    pages = fields.pop("pages")
    listed, numbers = references(article)
    composer = Composer(fields["title"])
    writer = _Writer(composer, numbers)
    for abstract in [
        *article.iterfind("front/article-meta/abstract"),
        *article.iterfind("front-stub/abstract"),
    ]:
        writer.abstract(abstract, None)
    for abstract in article.iterfind("front/article-meta/trans-abstract"):
        writer.abstract(
            abstract, language_code(attribute(abstract, "lang")) or "language not stated"
        )
    body = article.find("body")
    if body is not None:
        # What stands before the first section is no part of the abstract.
        composer.close(0)
        writer.blocks(body, 1)
    for part in article.iterfind("floats-group"):
        writer.blocks(part, 1)
    writer.back(article.find("back"))
    under = list(article.iterchildren("sub-article", "response"))
    for part in under:
        writer.subordinate(part)
    links = (*fields.pop("links"), *[one for each in under if (one := subordinate_link(each))])
    text, sections, markers = composer.result()
    if not text:
        raise ValueError("no title, abstract or body; a JATS article has one of them")
    level: ContentLevel = "abstract" if sections else "citation"
    if body is not None and len(body):
        level = "full_text"
    notes = texts(article, "front/notes") + texts(article, "back/notes")
    return Record(
        format=FORMAT,
        source=name,
        locator=fields["pmcid"] or fields["pmid"] or fields["doi"] or f"record {piece.number}",
        sha256=sha256(piece.data),
        text=text,
        sections=sections,
        markers=markers,
        references=listed,
        links=links,
        pages=expand_pages(pages),
        source_platform="PubMed Central" if fields["pmcid"] else None,
        content_level=level,
        digest=is_digest(fields["copyright"], *notes),
        **fields,
    )


class _Writer:
    """Write the blocks of an article; ``numbers`` are those of each reference's id."""

    def __init__(self, composer: Composer, numbers: Mapping[str, tuple[int, ...]]) -> None:
        self._composer = composer
        self._numbers = numbers
        self._notes: list[str] = []

    def subordinate(self, part: Element) -> None:
        """Write a sub-article: a translation as sections, other people's words as boilerplate.

        A reply, a response or a reviewer's report makes no claim of this article.
        """
        language = language_code(attribute(part, "lang")) or "language not stated"
        title = child_text(part, ".//title-group/article-title")
        translated = (part.get("article-type") or "") == "translation"
        name = f"Translation ({language})" if translated else part.get("article-type") or part.get("response-type") or part.tag  # fmt: skip
        self._composer.open(": ".join(each for each in (name.capitalize(), title) if each), 1)
        content = [*part.iterfind(".//abstract"), *part.iterchildren("body")]
        for each in content:
            if translated:
                self.blocks(each, 2)
            else:
                self._composer.aside("\n\n".join(_paragraphs(each)), "boilerplate")

    def abstract(self, abstract: Element, language: str | None) -> None:
        """Write an abstract; one of another language or kind says so in its heading."""
        kind = (abstract.get("abstract-type") or "").replace("-", " ").capitalize()
        title = abstract.find("title")
        heading = inline_text(title) if title is not None else kind or "Abstract"
        if language and language != "en":
            heading = f"Other abstract ({language})"
        self._composer.open(heading, 1)
        plain = all(each.tag in {"title", "p"} for each in abstract)
        plain = plain and next(abstract.iter("xref", *_CAPTIONED, *_NESTED), None) is None
        parts = [labelled("", inline_text(each)) for each in abstract.iterchildren("p")]
        if not (plain and any(label for part in parts for label, _ in part)):
            self.blocks(abstract, 2)
            return
        # Labels that stand in the line, in bold or capitals, as elements would say it.
        for label, words in [one for part in parts for one in part]:
            if label:
                self._composer.open(label, 2)
            self._composer.paragraph([Run(words)])

    def back(self, back: Element | None) -> None:
        """Write the back matter that has text: acknowledgements, appendices, notes."""
        for each in back if back is not None else ():
            if each.tag in {"ack", "app-group", "notes", "sec", "glossary", "bio", "fn-group"}:
                title = each.find("title")
                default = {
                    "ack": "Acknowledgements",
                    "fn-group": "Notes",
                    "app-group": "Appendices",
                }.get(each.tag, each.tag.capitalize())
                self._composer.open(inline_text(title) if title is not None else default, 1)
                self.blocks(each, 2)

    def blocks(self, parent: Element, level: int) -> None:
        """Write the children of a container; sections in it have this level."""
        for each in parent:
            tag = each.tag
            if tag in {"sec", "app"}:
                self._composer.open(_heading(each), level)
                self.blocks(each, level + 1)
                self._composer.close(level - 1)
            elif tag in _CAPTIONED:
                self._captioned(each)
            elif tag == "title" and parent.tag in _TITLED:
                self._composer.paragraph([Run(inline_text(each))])
            elif tag in {"title", "label", "sec-meta", "ref-list"} | _DROPPED:
                if tag == "fn":
                    self._composer.aside(inline_text(each), "boilerplate")
            elif tag in {"list", "def-list"}:
                self._items(each)
            elif tag in _NESTED - {"disp-formula"} or tag in {
                "list-item",
                "def",
                "def-item",
                "fn-group",
                "verse-line",
                "speech",
            }:
                self.blocks(each, level)
            else:
                self._paragraph(each)

    def _paragraph(self, element: Element) -> None:
        """Write a paragraph; blocks that stand in it part it."""
        runs: list[Run] = []
        for each in self._inline(element):
            if isinstance(each, Run):
                runs.append(each)
                continue
            self._composer.paragraph(runs)
            runs = []
            if each.tag in _CAPTIONED:
                self._captioned(each)
            elif each.tag in {"list", "def-list"}:
                self._items(each)
            else:
                self.blocks(each, 9)
        self._composer.paragraph(runs)
        for note in self._notes:
            self._composer.aside(note, "boilerplate")
        self._notes.clear()

    def _inline(self, element: Element) -> Iterator[Run | Element]:
        """Yield the runs of running text, and the blocks in it as elements."""
        yield Run(element.text or "")
        for child in element:
            tag = child.tag
            if tag in _CAPTIONED or (tag in _NESTED and tag != "disp-formula"):
                yield child
            elif tag == "fn":
                self._notes.append(inline_text(child))
            elif tag == "xref" and child.get("ref-type") == "bibr":
                yield self._citation(child)
            elif tag in {"sup", "superscript"} and child.find("xref") is None:
                yield superscript(inline_text(child), _ahead(child, element))
            elif tag in {"disp-formula", "inline-formula", "alternatives"}:
                yield Run(
                    f" {inline_text(child)} " if tag == "disp-formula" else inline_text(child)
                )
            elif tag == "break":
                yield Run(" ")
            elif tag not in _DROPPED:
                yield from self._inline(child)
            yield Run(child.tail or "")

    def _citation(self, xref: Element) -> Run:
        found = [
            number
            for each in (xref.get("rid") or "").split()
            for number in self._numbers.get(each, ())
        ]
        text = inline_text(xref)
        printed = re.fullmatch(r"\D*(\d{1,4})\s*[-–—−]\s*(\d{1,4})\D*", text)
        if printed and found and int(printed[1]) < int(printed[2]) < int(printed[1]) + 60:
            found = [*range(int(printed[1]), int(printed[2]) + 1)]
        if not found and re.fullmatch(r"\D*\d{1,4}\D*", text):
            found = [int(re.sub(r"\D", "", text))]
        return Run(text, "citation", tuple(dict.fromkeys(found)))

    def _items(self, element: Element) -> None:
        title = element.find("title")
        self._composer.paragraph([Run(inline_text(title))])
        for item in element.iterchildren("list-item", "def-item"):
            if item.tag == "def-item":
                words = ": ".join(inline_text(each) for each in item)
                self._composer.paragraph([Run(words)])
                continue
            for each in item:
                if each.tag in {"list", "def-list"}:
                    self._items(each)
                elif each.tag not in {"label", "title"}:
                    self._paragraph(each)

    def _captioned(self, element: Element) -> None:
        """Write a figure's or table's label and caption, and the rows of a table, as asides."""
        inner = [each for each in element if each.tag in _CAPTIONED]
        parts = [inline_text(each) for each in element.iterchildren("label", "caption")]
        self._composer.aside(" ".join(each for each in parts if each))
        for table in element.iterchildren("table", "alternatives"):
            self._composer.aside("\n".join(rows(table)))
        self._composer.aside(
            "\n".join(inline_text(each) for each in element.iterchildren("table-wrap-foot"))
        )
        for each in inner:
            self._captioned(each)


def _ahead(child: Element, element: Element) -> str:
    """Return the text right before an element, that of a mark-up before it included."""
    before = child.getprevious()
    if before is None:
        return element.text or ""
    return before.tail or inline_text(before)


def _paragraphs(part: Element) -> Iterator[str]:
    for each in part.iter("p", "title"):
        if words := inline_text(each):
            yield words


def _heading(section: Element) -> str:
    title = section.find("title")
    label, words = section.find("label"), inline_text(title) if title is not None else ""
    number = inline_text(label) if label is not None else ""
    return f"{number} {words}".strip() if number and not words.startswith(number) else words
