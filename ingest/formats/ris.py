"""Read RIS files as reference managers, publishers and databases write them.

After the format's description (https://en.wikipedia.org/wiki/RIS_(file_format)) and what exporters
do with it: a byte-order mark, CR-only lines, one space before the hyphen, no ER, lines that wrap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from ingest.model import Author, Failure, Record
from ingest.parsing.citations import citation, publication_types
from ingest.parsing.dates import Printed, from_parts, from_text
from ingest.parsing.fragments import flat, parts
from ingest.parsing.identifiers import read_doi, read_issn, read_orcid, read_pmcid, read_pmid
from ingest.parsing.languages import language_code
from ingest.parsing.names import group, inverted
from ingest.parsing.tagged import Block, decode_line, fold, split_glued
from ingest.parsing.unpacking import lines, peek
from ingest.text import clean

FORMAT = "ris"
SUREST = 90
_TAG = re.compile(r"([A-Z][A-Z0-9])(\s{0,4})-(?:\s+|$|(?<=  -))(.*)", re.DOTALL)
# Prose that looks like a tag at the start of a wrapped line: imaging sequences, spinal levels.
_WRAPPED = re.compile(r"T[12]\s*-\s*weighted|[CTLS]\d\s*-\s*[CTLS]\d{1,2}\b")
_GLUED = re.compile(
    rb"TY\s{1,2}- (?:JOUR|EJOUR|CHAP|BOOK|EBOOK|CONF|CPAPER|GEN|THES|RPRT|MGZN|ABST|UNPB)\s*$"
)
# A pattern that begins with letters is found many times faster than one that begins with a line.
_SNIFF = re.compile(rb"TY(?<![^\r\n]TY)\s{0,4}-\s*[A-Z]{3,8}\s*[\r\n]")
_LETTERS = re.compile(
    r"TY|AB|AD|AN|AU|AV|BT|CA|CN|CP|CT|CY|DA|DB|DI|DO|DP|ED|EP|ET|ID|IS|JA|JF|JO|KW|LA|LK|NV|OP|PB|PP|PY|RI|RN|RP"
    r"|SE|SN|SP|ST|TA|TI|TT|UR|VL|VO|YR"
)
_SINGULAR = ("ID", "TI", "T1", "T2", "DO", "PY", "DA", "VL", "IS", "SP", "EP", "JO", "AB")
_TYPES = {
    "JOUR": "Journal Article",
    "EJOUR": "Journal Article",
    "MGZN": "Journal Article",
    "ABST": "Abstract",
    "CONF": "Conference Proceedings",
    "CPAPER": "Conference Paper",
    "CHAP": "Book Chapter",
    "BOOK": "Book",
    "EBOOK": "Book",
    "THES": "Thesis",
    "RPRT": "Report",
    "INPR": "In Press",
    "UNPB": "Preprint",
}


def sniff(head: bytes, name: str) -> int:
    """Return 90 where a TY line stands in the head."""
    shown = peek(head)[:8192]
    return 90 if b"TY" in shown and _SNIFF.search(shown) else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every record in order; a broken one is a failure and its neighbours live."""
    for block in _blocks(stream):
        many = block.count(_SINGULAR)
        try:
            if block.fault:
                raise ValueError(block.fault)
            if many > 1:
                raise ValueError("records run together; ER and TY were expected between them")
            yield _record(block, name)
        except ValueError as error:
            where = f"record {block.number}"
            for _ in range(many):
                yield Failure(name, where, f"{name} {where}: {error}", FORMAT)


def _blocks(stream: BinaryIO) -> Iterator[Block]:
    """Yield the records: from TY to ER, or to the next TY where ER is missing."""
    block, number, spaces = Block(0), 0, 2
    source = split_glued(lines(stream), _GLUED)
    while True:
        try:
            raw = next(source, None)
        except ValueError as error:
            block.raw.append(b"")
            block.fault, raw = f"{error}; a whole file was expected", None
        if raw is None:
            break
        match = _tagged(decode_line(raw.replace(b"\0", b"")), spaces)
        tag = match[1] if match else "ER" if raw.strip() == b"ER" else ""
        if match and tag == "TY":
            spaces = len(match[2])
        if tag in {"TY", "ER"} and (block.fields or block.fault):
            yield block
            block = Block(0)
        if tag == "ER":
            continue
        if match:
            if not block.fields:
                number += 1
                block = Block(number)
            block.add(raw, tag, match[3])
        elif block.fields:
            block.extend(raw, decode_line(raw))
        # A line outside any record without a tag is an exporter's letterhead.
        if b"\0" in raw and block.number:
            block.fault = "NUL bytes; a text file was expected"
    if block.fields or block.fault:
        yield block


def _tagged(line: str, spaces: int) -> re.Match[str] | None:
    """Return the parts of a tagged line; a wrapped line such as "T2 - weighted" has none.

    Tags of two letters that the format lists are known by themselves; one with a figure, which
    may be prose, is followed by as many blanks as the record's TY.
    """
    match = _TAG.fullmatch(line.strip("\ufeff\x1a").rstrip())
    if match is None or _WRAPPED.match(line):
        return None
    known = _LETTERS.fullmatch(match[1]) is not None or (match[1] == "ER" and not match[3].strip())
    return match if known or len(match[2]) >= min(spaces, 2) else None


def _record(block: Block, name: str) -> Record:
    kind = block.first("TY") or ""
    doi = next((found for each in block.values("DO") if (found := read_doi(each))), None)
    links = block.values("UR", "L1", "L2", "L3", "LK")
    # Some exporters put the DOI among notes or links; a DOI in prose may be another article's.
    fallback = [each for each in (*block.values("M3", "N1", "C7"), *links) if _is_doi(each)]
    doi = doi or next((read_doi(each) for each in fallback), None)
    notes = block.values("N1", "RN", "C1")
    container = block.first("T2", "JF", "JO", "JA", "BT")
    title = flat(block.first("TI", "T1", "CT") or (block.first("BT") if kind == "BOOK" else None))
    return citation(
        FORMAT,
        name,
        block.number,
        block.data,
        title=title,
        parts=_abstract(block),
        dated=_date(block),
        authors=_authors(block),
        authors_complete=False
        if any(re.search(r"\bet al\b", each) for each in block.values("AU", "A1"))
        else None,
        pages=_pages(block),
        copyright_=clean(block.first("CY")) if "©" in (block.first("CY") or "") else None,
        notes=notes,
        original_title=flat(block.first("OT", "TT")),
        journal=flat(container) if kind != "ELEC" else None,
        source_site=flat(container) if kind == "ELEC" else None,
        journal_abbrev=flat(block.first("JA", "J2", "J1")),
        publisher=flat(block.first("PB")),
        issn=next((found for each in block.values("SN") if (found := read_issn(each))), None),
        volume=clean(block.first("VL")),
        issue=clean(block.first("IS", "CP")),
        doi=doi,
        pmid=_pmid(block),
        pmcid=_pmcid(block),
        url=next((each for each in links if each.startswith("http")), None),
        language=language_code(block.first("LA")),
        publication_types=publication_types(_TYPES.get(kind, kind), block.first("M3")),
        keywords=fold([each for value in block.values("KW") for each in re.split(r"[;\n]", value)]),
        source_platform=clean(block.first("DB", "DP")),
    )


def _is_doi(value: str) -> bool:
    return bool(
        re.fullmatch(r"(?i)\s*(?:doi:?\s*|https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+\s*", value)
    )


def _abstract(block: Block) -> list[tuple[str, str]]:
    """Return the abstract; N2 often repeats AB."""
    found: list[tuple[str, str]] = []
    for value in block.values("AB", "N2"):
        found += [each for each in parts(value) if each not in found]
    return found


def _authors(block: Block) -> list[Author | None]:
    printed = block.values("AU", "A1") or block.values("A2", "ED")
    # One name a line is the rule; a semicolon parts those of exporters that break it.
    listed = [one for each in printed for one in each.split(";") if one.strip()]
    affiliations = fold(block.values("AD"))
    found = [
        _author(re.sub(r"\s*\(?(?:https?://orcid\.org/)?[\dX-]{19}\)?$", "", each))
        for each in listed
    ]
    if len(found) == 1 and found[0] is not None:
        # With one author the addresses are his; with more the format does not say whose.
        return [replace(found[0], orcid=read_orcid(listed[0]), affiliations=affiliations)]
    return found


def _author(printed: str) -> Author | None:
    """Return the author of a line; EndNote ends a group's name with a comma, or doubles its first."""
    name = printed.strip(" ;")
    if ",," in name:
        return group(name.replace(",,", ",").rstrip(","))
    bare = name.removesuffix(",")
    if bare != name and " " in bare and "," not in bare:
        return group(bare)
    return inverted(printed)


def _date(block: Block) -> Printed:
    """Return the date of PY, Y1 or DA: "2010/03/05/Spring", each part but the year optional."""
    dates = []
    year = re.match(r"\d{4}", block.first("PY", "Y1", "YR") or "")
    for value in block.values("PY", "Y1", "YR", "DA"):
        if year and not re.search(r"\d{4}", value):
            # EndNote prints the day apart from its year: "Jan 5".
            value = f"{year[0]} {value.strip('/ ')}"  # noqa: PLW2901
        fields = [each.strip() for each in value.split("/")]
        if re.fullmatch(r"\d{4}", fields[0]):
            month = (
                fields[1]
                if len(fields) > 1 and fields[1]
                else fields[3]
                if len(fields) > 3
                else None
            )
            day = fields[2] if len(fields) > 2 else None
            dates.append(from_parts(fields[0], month, day)._replace(raw=value))
        else:
            dates.append(from_text(value))
    years = [each for each in dates if each.year is not None] or dates[:1]
    # DA tells the day of the year that PY prints.
    same = [each for each in years if each.year == years[0].year]
    # Of equal precision, the one that names the months of a span tells more.
    return (
        max(same, key=lambda each: (len(each.date or ""), each.months is not None))
        if same
        else Printed()
    )


def _pages(block: Block) -> str | None:
    first, last = block.first("SP"), block.first("EP")
    if first and last and "-" not in first and first != last:
        return f"{first}-{last}"
    return first or block.first("C7") if not _is_doi(block.first("SP", "C7") or "") else None


def _pmid(block: Block) -> str | None:
    explicit = [
        each
        for each in block.values("AN", "C2", "U2", "ID")
        if re.match(r"(?i)pmid|medline:", each)
    ]
    database = (block.first("DB", "DP") or "").lower()
    if not explicit and re.search(r"pubmed|medline|nlm", database):
        explicit = block.values("AN")
    addresses = [each for each in block.values("UR", "LK", "L2") if "pubmed" in each]
    return next((found for each in [*explicit, *addresses] if (found := read_pmid(each))), None)


def _pmcid(block: Block) -> str | None:
    own = [
        each for each in block.values("C2", "AN", "UR", "L1", "L2") if re.search(r"\bPMC\d", each)
    ]
    return read_pmcid(own[0]) if own else None
