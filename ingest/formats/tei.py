"""Read TEI as GROBID writes it of PDF files.

After GROBID's description of its results (https://grobid.readthedocs.io/en/latest/TEI-encoding-of-results/)
and TEI P5. Sections, figures and tables are GROBID's reading of a page's looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO

from ingest.model import Author, ContentLevel, Failure, Record, Reference
from ingest.parsing.composing import Composer, Run, superscript
from ingest.parsing.cutting import Piece, count_records, pieces, records
from ingest.parsing.dates import Printed, from_text
from ingest.parsing.identifiers import read_doi, read_issn, read_orcid, read_pmcid, read_pmid
from ingest.parsing.languages import language_code
from ingest.parsing.names import author, group
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
from ingest.text import expand_pages, is_digest, licence_name, page_range, sha256

FORMAT = "tei"
SUREST = 93
TAGS = ("TEI",)
LANDMARKS = (
    "teiHeader",
    "fileDesc",
    "titleStmt",
    "publicationStmt",
    "sourceDesc",
    "analytic",
    "/analytic",
    "monogr",
    "imprint",
    "/imprint",
    "/monogr",
    "/sourceDesc",
    "/fileDesc",
    "encodingDesc",
    "profileDesc",
    "abstract",
    "/teiHeader",
    "text",
    "body",
    "back",
)
# References have such elements of their own.
_NOT_OWN = re.compile(rb"<listBibl[\s>].*?(?:</listBibl>|\Z)", re.DOTALL)


def sniff(head: bytes, name: str) -> int:
    """Return 93 where a TEI element with its header stands in the head."""
    if not peek(head).lstrip().startswith(b"<"):
        return 0
    return 93 if has_tag(head, "TEI") and has_tag(head, "teiHeader") else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every document in order; a broken one is a failure and its neighbours live."""
    found = pieces(stream, TAGS, LANDMARKS)
    yield from records(FORMAT, found, name, _record, _count)


def _count(data: bytes) -> int:
    return count_records(_NOT_OWN.sub(b"", data), TAGS, LANDMARKS)


def _record(piece: Piece, name: str) -> Record:
    root = parse_article(piece)
    header = root.find("teiHeader")
    if header is None:
        raise ValueError("no teiHeader; every TEI document has one")
    if len(root.findall("teiHeader")) > 1:
        raise ValueError("two documents run together; one teiHeader was expected")
    source = header.find(".//sourceDesc/biblStruct")
    title = child_text(header, "fileDesc/titleStmt/title") or child_text(
        header, ".//analytic/title"
    )
    listed, numbers = _references(root)
    composer = Composer(title)
    _write(composer, root, numbers)
    text, sections, markers = composer.result()
    if not text:
        raise ValueError("no title, abstract or body; a TEI document has one of them")
    body = root.find("text/body")
    level: ContentLevel = "abstract" if sections else "citation"
    if body is not None and len(body):
        level = "full_text"
    ids = {each.get("type", "").lower(): inline_text(each) for each in header.iter("idno")}
    dated = _date(header)
    copyright_ = child_text(header, ".//publicationStmt/availability")
    pages = _scope(source, "page")
    return Record(
        format=FORMAT,
        source=name,
        locator=read_doi(ids.get("doi")) or f"record {piece.number}",
        sha256=sha256(piece.data),
        text=text,
        title=title,
        sections=sections,
        markers=markers,
        references=listed,
        authors=tuple(_authors(source)) if source is not None else (),
        journal=child_text(header, ".//monogr/title[@level='j']"),
        journal_abbrev=child_text(header, ".//monogr/title[@type='abbrev']"),
        publisher=child_text(header, ".//monogr/imprint/publisher"),
        issn=read_issn(ids.get("issn") or ids.get("eissn")),
        year=dated.year,
        date=dated.date,
        date_raw=dated.raw,
        months=dated.months,
        volume=_scope(source, "volume"),
        issue=_scope(source, "issue"),
        pages=expand_pages(pages),
        pages_raw=pages,
        doi=read_doi(ids.get("doi")),
        pmid=read_pmid(ids.get("pmid")),
        pmcid=read_pmcid(ids.get("pmcid")),
        language=_language(root),
        licence=licence_name(copyright_),
        copyright=copyright_,
        keywords=tuple(dict.fromkeys(texts(header, ".//keywords//term"))),
        source_platform="GROBID",
        content_level=level,
        digest=is_digest(copyright_, child_text(header, ".//notesStmt")),
    )


def _write(composer: Composer, root: Element, numbers: Mapping[str, int]) -> None:
    abstract = root.find("teiHeader/profileDesc/abstract")
    if abstract is not None and inline_text(abstract):
        composer.open("Abstract", 1)
        _blocks(composer, abstract, 2, numbers)
    for part in root.iterfind("text/body"):
        _blocks(composer, part, 1, numbers)
    for part in root.iterfind("text/back/div"):
        if part.get("type") == "references":
            continue
        headed = part.find("div/head") is not None or part.find("head") is not None
        if not headed:
            composer.open((part.get("type") or "Back matter").capitalize(), 1)
        _blocks(composer, part, 1 if headed else 2, numbers)


def _blocks(composer: Composer, parent: Element, level: int, numbers: Mapping[str, int]) -> None:
    for each in parent:
        if each.tag == "div":
            head = each.find("head")
            number = head.get("n", "") if head is not None else ""
            depth = level + number.strip(".").count(".")
            if head is not None and inline_text(head):
                composer.open(f"{number} {inline_text(head)}".strip(), depth)
            _blocks(composer, each, depth + 1, numbers)
        elif each.tag in {"figure", "table"}:
            composer.aside(_caption(each))
            rows = [
                "\t".join(inline_text(cell) for cell in row.iter("cell"))
                for row in each.iter("row")
            ]
            composer.aside("\n".join(row for row in rows if row.strip()))
            composer.aside("\n".join(texts(each, "note")))
        elif each.tag == "note":
            composer.aside(inline_text(each), "boilerplate")
        elif each.tag in {"list", "listBibl"}:
            for one in each.iterchildren("item"):
                composer.paragraph(_runs(one, numbers))
        elif each.tag != "head":
            composer.paragraph(_runs(each, numbers))


def _caption(figure: Element) -> str:
    """Return a figure's heading and description; its label where the heading does not print it."""
    head = " ".join(texts(figure, "head"))
    labels = [each for each in texts(figure, "label") if each not in head]
    return " ".join(each for each in (head, *labels, *texts(figure, "figDesc")) if each)


def _runs(element: Element, numbers: Mapping[str, int]) -> Iterator[Run]:
    yield Run(element.text or "")
    for child in element:
        if child.tag == "ref" and child.get("type") == "bibr":
            target = (child.get("target") or "").removeprefix("#")
            words = inline_text(child)
            printed = re.fullmatch(r"\D{0,2}(\d{1,4})\D{0,2}", words)
            number = numbers.get(target) or (int(printed[1]) if printed else None)
            yield Run(words, "citation", (number,) if number else ())
        elif child.tag == "formula":
            yield Run(f" {inline_text(child)} ")
        elif child.tag == "hi" and child.get("rend") in {"superscript", "sup"}:
            before = child.getprevious()
            ahead = (before.tail if before is not None else element.text) or ""
            yield superscript(inline_text(child), ahead)
        else:
            yield from _runs(child, numbers)
        yield Run(child.tail or "")


def _date(header: Element) -> Printed:
    for path in (".//publicationStmt/date[@type='published']", ".//monogr/imprint/date"):
        found = header.find(path)
        if found is not None:
            dated = (
                from_text(found.get("when")) if found.get("when") else from_text(inline_text(found))
            )
            if dated.year is not None:
                return dated._replace(raw=inline_text(found) or dated.raw)
    return Printed()


def _scope(source: Element | None, unit: str) -> str | None:
    for each in source.iterfind(".//imprint/biblScope") if source is not None else ():
        if each.get("unit") == unit:
            return page_range(each.get("from"), each.get("to")) or inline_text(each) or None
    return None


def _language(root: Element) -> str | None:
    header, text = root.find("teiHeader"), root.find("text")
    stated = [attribute(each, "lang") for each in (text, header) if each is not None]
    return next((language_code(each) for each in stated if each), None)


def _authors(source: Element) -> Iterator[Author]:
    for each in source.iterfind("analytic/author"):
        found = _person(each)
        if found is not None:
            places = tuple(text for one in each.iterfind("affiliation") if (text := _place(one)))
            orcid = next((read_orcid(one.text) for one in each.iterfind("idno")), None)
            yield replace(found, affiliations=places, orcid=orcid)


def _place(affiliation: Element) -> str:
    """Return the affiliation as printed, else its parts."""
    note = affiliation.find("note[@type='raw_affiliation']")
    mark = child_text(note, "label") if note is not None else None
    raw = inline_text(note).removeprefix(mark or "").strip()
    parts = [inline_text(each) for each in affiliation.iter("orgName", "settlement", "country")]
    return raw or ", ".join(dict.fromkeys(each for each in parts if each))


def _person(element: Element) -> Author | None:
    name = element.find("persName")
    if name is None:
        return group(child_text(element, "orgName"))
    given = " ".join(texts(name, "forename"))
    return author(child_text(name, "surname"), given, child_text(name, "genName"))


def _references(root: Element) -> tuple[tuple[Reference, ...], dict[str, int]]:
    found, numbers = [], {}
    for at, each in enumerate(root.iterfind("text/back//listBibl/biblStruct"), start=1):
        numbers[attribute(each, "id") or f"b{at - 1}"] = at
        found.append(_reference(each, at))
    return tuple(found), numbers


def _reference(element: Element, number: int) -> Reference:
    people = [each.name for one in element.iter("author") if (each := _person(one))]
    title = child_text(element, "analytic/title") or child_text(element, "monogr/title")
    journal = child_text(element, "monogr/title[@level='j']")
    date = element.find(".//imprint/date")
    year = re.search(r"\d{4}", (date.get("when") or inline_text(date)) if date is not None else "")
    ids = {each.get("type", "").lower(): inline_text(each) for each in element.iter("idno")}
    printed = child_text(element, "note[@type='raw_reference']")
    parts = (", ".join(people), title, journal, year[0] if year else None)
    return Reference(
        label=number,
        raw=printed or ". ".join(each for each in parts if each),
        authors=tuple(people),
        title=title,
        journal=journal,
        year=int(year[0]) if year else None,
        doi=read_doi(ids.get("doi")),
        pmid=read_pmid(ids.get("pmid")),
    )
