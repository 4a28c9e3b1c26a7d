"""Read EndNote XML, the export of EndNote and of tools that imitate it.

After EndNote's RSXML document type. Every text may be wrapped in style elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from ingest.model import Author, Failure, Record
from ingest.parsing.citations import UNDATED, citation
from ingest.parsing.cutting import Piece, count_records, pieces, records
from ingest.parsing.dates import Printed, from_parts, from_text
from ingest.parsing.fragments import flat, parts
from ingest.parsing.identifiers import read_doi, read_issn, read_pmcid, read_pmid
from ingest.parsing.languages import language_code
from ingest.parsing.names import inverted
from ingest.parsing.unpacking import peek
from ingest.parsing.xml import Element, child_text, has_tag, inline_text, parse_mended, texts

FORMAT = "endnote_xml"
SUREST = 92
TAGS = ("record",)
LANDMARKS = (
    "rec-number",
    "ref-type",
    "contributors",
    "titles",
    "pages",
    "volume",
    "dates",
    "abstract",
)


def sniff(head: bytes, name: str) -> int:
    """Return 92 where records with EndNote's elements stand in the head."""
    if not peek(head).lstrip().startswith(b"<") or not has_tag(head, "record"):
        return 0
    return (
        92
        if has_tag(head, "records") and (has_tag(head, "ref-type") or has_tag(head, "titles"))
        else 0
    )


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every record in order; a broken one is a failure and its neighbours live."""
    found = pieces(stream, TAGS, LANDMARKS)
    yield from records(FORMAT, found, name, _record, _count)


def _count(data: bytes) -> int:
    return count_records(data, TAGS, LANDMARKS)


def _record(piece: Piece, name: str) -> Record:
    element = parse_mended(piece)
    if any(len(element.findall(each)) > 1 for each in ("rec-number", "ref-type", "titles")):
        raise ValueError("two records run together; one of each element was expected")
    kind = element.find("ref-type")
    accession = child_text(element, "accession-num") or ""
    database = f"{child_text(element, 'remote-database-name')} {child_text(element, 'remote-database-provider')}"
    pmid = read_pmid(accession) if re.search(r"(?i)pubmed|medline|nlm|nbk", database) else None
    addresses = texts(element, "urls//url")
    keywords = [
        one for each in texts(element, "keywords/keyword") for one in re.split(r"[;\n]", each)
    ]
    return citation(
        FORMAT,
        name,
        piece.number,
        piece.data,
        title=flat(child_text(element, "titles/title")),
        parts=parts(child_text(element, "abstract")),
        dated=_date(element),
        authors=_authors(element),
        pages=child_text(element, "pages"),
        copyright_=child_text(element, "copyright"),
        notes=(child_text(element, "notes"), child_text(element, "research-notes")),
        original_title=flat(
            child_text(element, "orig-pub") or child_text(element, "titles/translated-title")
        ),
        journal=flat(
            child_text(element, "periodical/full-title")
            or child_text(element, "titles/secondary-title")
            or child_text(element, "periodical/abbr-1")
        ),
        journal_abbrev=flat(
            child_text(element, "periodical/abbr-1") or child_text(element, "titles/alt-title")
        ),
        publisher=child_text(element, "publisher"),
        issn=read_issn(child_text(element, "isbn")),
        volume=child_text(element, "volume"),
        issue=child_text(element, "number"),
        doi=read_doi(child_text(element, "electronic-resource-num")),
        pmid=pmid
        or next(
            (found for each in addresses if "pubmed" in each and (found := read_pmid(each))), None
        ),
        pmcid=read_pmcid(child_text(element, "custom2")),
        url=next((each for each in addresses if each.startswith("http")), None),
        language=language_code(child_text(element, "language")),
        publication_types=(
            (kind.get("name") or "",) if kind is not None and kind.get("name") else ()
        ),
        keywords=tuple(dict.fromkeys(each.strip() for each in keywords if each.strip())),
        source_platform=child_text(element, "remote-database-name"),
    )


def _authors(element: Element) -> list[Author | None]:
    listed = element.findall("contributors/authors/author")
    found = [inverted(inline_text(each)) for each in listed]
    address = child_text(element, "auth-address")
    if len(found) == 1 and found[0] is not None and address:
        # With one author the address is his; with more the format does not say whose.
        return [replace(found[0], affiliations=(address,))]
    return found


def _date(element: Element) -> Printed:
    """Return the year, with the printed date's month and day where it is of the same year."""
    year = child_text(element, "dates/year")
    printed = child_text(element, "dates/pub-dates/date")
    if year is None or not re.search(r"\d{4}", year):
        return from_text(printed) if printed else from_parts(year) if year else UNDATED
    if printed and not re.search(r"\d{4}", printed):
        return from_text(f"{year} {printed}")
    dated = from_text(printed) if printed else UNDATED
    return dated if dated.year is not None and str(dated.year) == year.strip() else from_parts(year)
