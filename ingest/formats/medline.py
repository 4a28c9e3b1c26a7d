"""Read MEDLINE files (.nbib, .txt), PubMed's tagged format.

After NLM's list of the fields (https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format): a tag of up to
four letters, padded to four, a hyphen and a space; lines that go on begin with six spaces; a blank
line ends a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from ingest.model import Author, Failure, Link, Record
from ingest.parsing.citations import citation
from ingest.parsing.dates import from_text
from ingest.parsing.identifiers import read_doi, read_issn, read_orcid, read_pmcid, read_pmid
from ingest.parsing.languages import language_code
from ingest.parsing.names import group, inverted
from ingest.parsing.tagged import Block, decode_line, fold, split_glued
from ingest.parsing.unpacking import lines, peek
from ingest.text import clean

FORMAT = "medline"
SUREST = 92
_LINE = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)")
_GLUED = re.compile(rb"PMID- \d{1,8}\s*$")
# Patterns that begin with letters are found many times faster than those that begin with a line.
_SNIFF = re.compile(rb"PMID(?<![^\r\n]PMID) ?- ?\d+[ \t]*[\r\n]+(?:OWN|STAT|[A-Z]{2,4}) *- ")
_SINGULAR = ("OWN", "STAT", "LR", "VI", "IP", "DP", "TI", "PG", "AB", "TA", "JT", "JID", "SO")
# PubMed prints each of them once; one that stands twice is another record's.
_DOUBLED = 1
_OPENING = {"OWN", "STAT"}
_RELATIONS = {
    "CIN": "comment_in",
    "CON": "comment_on",
    "EIN": "erratum_in",
    "EFR": "erratum_for",
    "CRI": "corrected_and_republished_in",
    "CRF": "corrected_and_republished_from",
    "PRIN": "partial_retraction_in",
    "PROF": "partial_retraction_of",
    "ECI": "expression_of_concern_in",
    "ECF": "expression_of_concern_for",
    "ORI": "original_report_in",
    "RIN": "retraction_in",
    "ROF": "retraction_of",
    "RPI": "republished_in",
    "RPF": "republished_from",
    "RRI": "retracted_and_republished_in",
    "RRF": "retracted_and_republished_from",
    "SPIN": "summary_for_patients_in",
    "UIN": "update_in",
    "UOF": "update_of",
}
_REGISTRY = re.compile(
    r"(?:trial|ISRCTN|EudraCT|CTR|ChiCTR|UMIN|PACTR|ReBec|CRiS|REPEC|RPCEC)", re.IGNORECASE
)


def sniff(head: bytes, name: str) -> int:
    """Return 92 where a PMID line is followed by another tagged line."""
    shown = peek(head)
    if b"PMID" in shown[:8192] and _SNIFF.search(shown[:8192]):
        return 92
    return 70 if name.lower().endswith(".nbib") and re.search(rb"(?m)^[A-Z]{2,4} *- ", shown) else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every record in order; a broken one is a failure and its neighbours live."""
    for block in _checked(_blocks(stream)):
        try:
            if block.fault:
                raise ValueError(block.fault)
            yield _record(block, name)
        except ValueError as error:
            pmid = block.first("PMID")
            where = f"PMID {pmid}" if pmid else f"record {block.number}"
            for _ in range(block.count(_SINGULAR, _DOUBLED)):
                yield Failure(name, where, f"{name} {where}: {error}", FORMAT)


def _checked(blocks: Iterator[Block]) -> Iterator[Block]:
    """Yield the records; of two that run together the first may still be whole."""
    for block in blocks:
        if block.fault or block.count(_SINGULAR, _DOUBLED) == 1:
            yield block
            continue
        *whole, last = block.parted(_SINGULAR, _DOUBLED)
        yield from whole
        last.fault = "records run together; a blank line and a PMID were expected between"
        yield last


def _blocks(stream: BinaryIO) -> Iterator[Block]:
    """Yield the records; what is no line of the format is a fault of the record it stands in."""
    block, number, blank = Block(1), 0, True
    source = split_glued(lines(stream), _GLUED)
    while True:
        try:
            raw = next(source, None)
        except ValueError as error:
            block.fault, raw = f"{error}; a whole file was expected", None
            block.raw.append(b"")
        if raw is None:
            break
        if not re.search(rb"[A-Za-z0-9\x80-\xff]", raw):
            if not raw.strip() and not blank:
                block.breaks.append((len(block.raw), len(block.fields)))
            blank = blank or not raw.strip()
            continue
        text = decode_line(raw)
        match = _LINE.fullmatch(text) if b"\0" not in raw else None
        if match and (match[1] == "PMID" or (blank and _opens(match[1], block))):
            if block.raw:
                yield block
            number += 1
            block = Block(number)
        if match:
            block.add(raw, match[1], match[2])
        elif text.startswith("      ") and block.fields and b"\0" not in raw:
            block.extend(raw, text)
        else:
            if blank and block.raw:
                # The torn start of a record is no fault of the one before.
                yield block
                number += 1
                block = Block(number)
            block.raw.append(raw)
            shown = text.strip()[:30].replace("\0", "\\0")
            block.fault = (
                block.fault or f"a line without a tag ({shown}); 'TAG - text' was expected"
            )
        blank = False
    if block.raw:
        yield block


def _opens(tag: str, block: Block) -> bool:
    """Tell whether a tag behind a blank line opens a record that lost its PMID line."""
    return tag in _OPENING and block.first(*_OPENING) is not None


def _record(block: Block, name: str) -> Record:
    pmid = block.first("PMID")
    title, original = clean(block.first("TI", "CTI", "BTI")), clean(block.first("TT"))
    identifiers = [*block.values("LID"), *block.values("AID")]
    doi = next((read_doi(each) for each in identifiers if "[doi]" in each), None)
    issns = block.values("IS")
    linking = next((read_issn(each) for each in issns if "Linking" in each), None)
    other = next((read_issn(each) for each in issns if "Linking" not in each), None)
    languages = tuple(code for each in block.values("LA") if (code := language_code(each)))
    return citation(
        FORMAT,
        name,
        block.number,
        block.data,
        title=title,
        original_title=original,
        parts=_parts(block),
        dated=from_text(block.first("DP")),
        authors=_authors(block),
        journal=clean(block.first("JT", "BTI")),
        journal_abbrev=clean(block.first("TA")),
        publisher=clean(block.first("PB")),
        issn=other,
        issn_l=linking,
        volume=clean(block.first("VI")),
        issue=clean(block.first("IP")),
        pages=block.first("PG"),
        doi=doi,
        pmid=read_pmid(pmid),
        pmcid=read_pmcid(block.first("PMC")),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if read_pmid(pmid) else None,
        language=next(iter(languages), None),
        languages=languages,
        copyright_=clean(block.first("CI")),
        publication_types=fold(block.values("PT")),
        mesh=tuple(_headings(block)),
        keywords=fold([each.lstrip("*") for each in block.values("OT")]),
        trial_numbers=tuple(
            each.partition("/")[2]
            for each in block.values("SI")
            if _REGISTRY.search(each.partition("/")[0])
        ),
        links=tuple(_link(tag, value) for tag, value in block.pairs if tag in _RELATIONS),
        source_platform="PubMed",
        last_updated=_stamp(block.first("LR")),
    )


def _parts(block: Block) -> list[tuple[str, str]]:
    parts = [("", " ".join(each.split())) for each in block.values("AB")]
    others, languages = block.values("OAB"), block.values("OABL")
    for at, body in enumerate(others):
        language = language_code(languages[at]) if at < len(languages) else None
        label = "" if language == "en" else f"Other abstract ({language or 'language not stated'})"
        parts.append((label, " ".join(body.removeprefix("Publisher:").split())))
    return parts


def _authors(block: Block) -> Iterator[Author | None]:
    """Yield authors in print order: the full name, or the short one where there is no full one."""
    current: Author | None = None
    full = False
    for tag, value in block.pairs:
        if tag == "AU" and full:
            # The short form of the name just read.
            full = False
        elif tag in {"FED", "ED", "FIR", "IR"}:
            # Editors and investigators: the addresses behind them are theirs.
            yield current
            current, full = None, False
        elif tag in {"FAU", "AU", "CN"}:
            yield current
            current, full = (group(value) if tag == "CN" else inverted(value)), tag == "FAU"
        elif tag == "AD" and current is not None:
            current = replace(
                current, affiliations=(*current.affiliations, " ".join(value.split()))
            )
        elif tag == "AUID" and current is not None and read_orcid(value):
            current = replace(current, orcid=read_orcid(value))
    yield current


def _headings(block: Block) -> Iterator[str]:
    for value in fold(block.values("MH")):
        descriptor, *qualifiers = (each.strip("* ") for each in value.split("/"))
        yield from [f"{descriptor}/{each}" for each in qualifiers] or [descriptor]


def _link(tag: str, value: str) -> Link:
    raw = " ".join(value.split())
    pmid = re.search(r"PMID:\s*(\d+)", raw)
    source = re.sub(r"\s*PMID:\s*\d+\.?", "", raw)
    return Link(_RELATIONS[tag], source, pmid[1] if pmid else None, read_doi(source))


def _stamp(printed: str | None) -> str | None:
    found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", (printed or "").strip())
    return "-".join(found.groups()) if found else None
