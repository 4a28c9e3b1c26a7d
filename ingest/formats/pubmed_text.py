"""Read PubMed's abstracts as text: what "Save" and "Send to" give as Abstract (text), one or many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import BinaryIO

from ingest.model import Author, Failure, Record
from ingest.parsing.citations import citation
from ingest.parsing.dates import from_text
from ingest.parsing.identifiers import read_doi, read_pmcid, read_pmid
from ingest.parsing.names import group, inverted
from ingest.parsing.unpacking import lines
from ingest.text import decode

FORMAT = "pubmed_text"
SUREST = 60
_SNIFF = re.compile(rb"\s*\d{1,6}\. [^\n]{3,200}\.\s+(?:19|20)\d\d\b")
_OPENS = re.compile(r"(?P<number>\d{1,6})\. (?P<journal>[^\d\s].*)")
_CITED = re.compile(
    r"(?P<journal>.+?)\. (?P<date>(?:18|19|20)\d\d[^;:.]*)(?:;(?P<volume>[^(:.]*)(?:\((?P<issue>[^)]*)\))?(?::(?P<pages>[^.\s]+))?)?(?:\.|$)"
)
# One name of a list: "van den Berg JA(1)(2)", "Smith J Jr", and the group that signs with them.
_NAMED = re.compile(
    r"[^\W\d_][\w'’ -]*? [A-Z]{1,4}(?: (?:Jr|Sr|2nd|3rd|II|III))?(?:\(\d+\))*[;,.#]?"
)
_MARKS = re.compile(r"(?:\(\d+\))+|[#*]$")
_ASIDE = re.compile(
    r"(?:Author information|Collaborators|Comment (?:in|on)|Erratum (?:in|for)|Update (?:in|of)|Republished|Retraction|Retracted|Expression of concern|Summary for patients)\b"
    r"|\[(?:Article|Articles) in|Conflict of interest statement:|Publisher:"
)
_COPYRIGHT = re.compile(r"(?:Copyright\b|©|\(c\) ?(?:19|20)\d\d)", re.IGNORECASE)
_IDS = re.compile(r"(?:DOI|PMCID|PMID):\s")


def sniff(head: bytes, name: str) -> int:
    """Return 60 where a numbered citation leads to a line of identifiers."""
    return SUREST if _SNIFF.match(head) and re.search(rb"(?m)^PMID: \d", head) else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every record in order; a broken one is a failure and its neighbours live."""
    for number, block in zip(count(1), _blocks(stream), strict=False):
        try:
            yield _record(block, name, number)
        except ValueError as error:
            yield Failure(name, f"record {number}", f"{name} record {number}: {error}", FORMAT)


def _blocks(stream: BinaryIO) -> Iterator[list[str]]:
    """Yield the lines of each record: the next begins with its number behind a blank line."""
    held: list[str] = []
    number = 0
    for raw in lines(stream):
        line = decode(raw).rstrip()
        found = _OPENS.fullmatch(line) if not held or not held[-1] else None
        if found and int(found["number"]) == number + 1:
            if any(held):
                yield held
            held, number = [], number + 1
        held.append(line)
    if any(held):
        yield held


def _paragraphs(block: Sequence[str]) -> list[str]:
    """Return the paragraphs of a record, their broken lines joined; identifiers stay lines."""
    found: list[list[str]] = [[]]
    for line in block:
        if not line.strip():
            found.append([])
        elif _IDS.match(line):
            found += [[line], []]
        else:
            found[-1].append(line.strip())
    return [" ".join(each) for each in found if each]


def _record(block: Sequence[str], name: str, number: int) -> Record:
    head, *rest = _paragraphs(block)
    found = _OPENS.fullmatch(head)
    if found is None or not rest:
        raise ValueError("no numbered citation and title; a record begins with both")
    cited = _CITED.match(found["journal"])
    ids = {each.partition(":")[0]: each for each in rest if _IDS.match(each)}
    title, *rest = [each for each in rest if not _IDS.match(each)]
    told = [each for each in rest if not _ASIDE.match(each)]
    byline = told[0] if told and _is_byline(told[0]) else None
    told = told[1:] if byline else told
    rights = next((each for each in told if _COPYRIGHT.match(each)), None)
    abstract = " ".join(each for each in told if each != rights)
    parts = cited.groupdict() if cited else {}
    return citation(
        FORMAT,
        name,
        number,
        "\n".join(block).encode(),
        title=title.rstrip("."),
        parts=[("", abstract)] if abstract else (),
        dated=from_text(parts.get("date")),
        authors=[*_authors(byline)] if byline else (),
        pages=parts.get("pages"),
        copyright_=rights,
        journal=parts.get("journal"),
        volume=parts.get("volume"),
        issue=parts.get("issue"),
        doi=read_doi(ids.get("DOI")) or read_doi(head),
        pmid=read_pmid(re.sub(r"\D+", " ", ids.get("PMID", "").partition("[")[0]).strip()),
        pmcid=read_pmcid(ids.get("PMCID")),
        source_platform="PubMed",
    )


def _is_byline(paragraph: str) -> bool:
    names = paragraph.rstrip(".").split(", ")
    return sum(_NAMED.fullmatch(each.rstrip(".")) is not None for each in names) * 2 > len(names)


def _authors(byline: str) -> Iterator[Author | None]:
    for each in re.split(r"[,;] ", byline.rstrip(".")):
        name = _MARKS.sub("", each).strip()
        yield inverted(name) if _NAMED.fullmatch(name) else group(name)
