"""Read a text copy of a PubMed abstract page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from ingest.model import Author, Failure, Record, Section
from ingest.parsing.pages import digest_line, labelled, lines, page_text, printed_keywords
from ingest.text import clean, expand_pages, licence_name, parse_date, person, sha256

FORMAT = "pubmed_page"
SUREST = 85
_CITATION = re.compile(
    r"^(?P<journal>[^\n.]{0,120}?)\.?\s*\n?\.? ?(?P<date>(?:1[89]|20)\d\d(?:[ -](?:[A-Z][a-z]{2,8}|\d{1,2}))*(?: \d{1,2})?)"
    r"\s*[;:]\s*(?P<volume>[\w ]*?)(?:\((?P<issue>[^)]+)\))?:(?P<pages>[\w.-]+?)\.?(?=\s|$)",
    re.MULTILINE,
)
_SHORT = re.compile(
    r"^(?P<authors>[^\n]+?)\s+et al\.\s+(?P<journal>[^\n]+?)\.\s+(?P<date>(?:19|20)\d\d[^\n.]*)\.?\s*$",
    re.MULTILINE,
)
_ABSTRACT = re.compile(r"^Abstract[ \t]*$", re.MULTILINE)
_PMID = re.compile(r"PMID:\s*(\d{4,9})")
_PMCID = re.compile(r"PMCID:\s*(PMC\d+)")
_DOI = re.compile(r"(?:DOI|doi):\s*(10\.\d{4,9}/\S+?)[.;]?(?=\s|$)")
_KINDS = (
    "Review",
    "Case Reports",
    "Clinical Trial",
    "Comparative Study",
    "Meta-Analysis",
    "Multicenter Study",
    "Randomized Controlled Trial",
    "Systematic Review",
    "Editorial",
    "Comment",
    "Letter",
    "Observational Study",
    "Practice Guideline",
    "Retracted Publication",
    "Historical Article",
    "Guideline",
)
_STOP = re.compile(
    r"^(?:PubMed Disclaimer|Conflict of interest|Conflicts of interest|Similar articles|Cited by|Figures|References"
    r"|Publication types|MeSH terms|LinkOut|Grants and funding|Supplementary concepts|Full text links|Comment in"
    r"|Keywords?:|Copyright|©|PMID:|Trial registration)",
    re.MULTILINE,
)


def sniff(head: bytes, name: str) -> int:
    """Return 85 where a page has PubMed's PMID line and one of its labels."""
    if head.lstrip().startswith((b"<", b"{", b"PMID-", b"[")) or b"\nPMID- " in head:
        return 0
    labels = (
        b"PubMed Disclaimer",
        b"NCBI Homepage",
        b"LinkOut",
        b"Affiliation",
        b"Full text links",
    )
    headed = re.search(rb"(?m)^Abstract[ \t]*\r?$", head)
    told = headed or any(label in head for label in labels)
    return 85 if re.search(rb"(?m)^\W*PMID:", head) and told else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield the one record of the page."""
    text = page_text(stream)
    abstract = _ABSTRACT.search(text)
    limit = abstract.start() if abstract else len(text)
    cited = _CITATION.search(text, 0, limit)
    title = _title(text, cited.end() if cited else 0, limit)
    if title is None:
        reason = "no title before the abstract; a PubMed page has one"
        yield Failure(name, "1", f"{name}: {reason}", FORMAT)
        return
    sections = _sections(text, abstract.end()) if abstract else ()
    yield _record(text, title, limit, cited.groupdict() if cited else {}, sections, name)


def _record(
    text: str,
    title: str,
    limit: int,
    cited: Mapping[str, str | None],
    sections: tuple[Section, ...],
    name: str,
) -> Record:
    """Return the record of a page; ``limit`` is where its head ends, ``cited`` the citation's parts."""
    short = _SHORT.search(text, 0, limit)
    journal = clean(cited.get("journal"))
    if short and (not journal or journal in _KINDS):
        journal = clean(short["journal"])
    printed = clean(cited["date"] if cited else short["date"] if short else None)
    date, year, months = parse_date(printed)
    doi, pmid, pmcid = (
        _DOI.search(text, 0, limit),
        _PMID.search(text),
        _PMCID.search(text, 0, limit),
    )
    authors, complete = _authors(text, title, limit, short)
    shown = (line.text.strip() for line in lines(text, 0, limit))
    digest = digest_line(text)
    return Record(
        format=FORMAT,
        source=name,
        locator=pmid[1] if pmid else "1",
        sha256=sha256(text.encode()),
        text=text,
        title=title.rstrip(".") if title.endswith(".") else title,
        sections=sections,
        markers=(digest,) if digest else (),
        authors=authors,
        authors_complete=complete,
        journal=journal,
        journal_abbrev=journal,
        year=year,
        date=date,
        date_raw=printed,
        months=months,
        volume=clean(cited.get("volume")),
        issue=clean(cited.get("issue")),
        pages=expand_pages(cited.get("pages")),
        pages_raw=clean(cited.get("pages")),
        doi=doi[1] if doi else None,
        pmid=pmid[1] if pmid else None,
        pmcid=pmcid[1] if pmcid else None,
        language="en",
        licence=licence_name(text[limit:]),
        publication_types=tuple(dict.fromkeys(each for each in shown if each in _KINDS)),
        keywords=printed_keywords(text),
        source_site="PubMed (NCBI / U.S. government page)" if "government" in text[:600] else None,
        source_platform="PubMed",
        content_level="abstract" if sections else "citation",
        copyright=digest.raw if digest else _copyright(text),
        digest=digest is not None,
    )


def _title(text: str, start: int, limit: int) -> str | None:
    for line in lines(text, start, limit):
        words = line.text.strip()
        if (
            len(words) > 12
            and words not in _KINDS
            and not re.match(
                r"(?:doi|PMID|PMCID|Affiliation|Epub|Free PMC|\W*PMID|Online ahead|Skip to|An official|Dot gov|Access keys|Author)",
                words,
            )
        ):
            return words
    return None


def _authors(
    text: str, title: str, limit: int, short: re.Match[str] | None
) -> tuple[tuple[Author, ...], bool | None]:
    after = text.find(title) + len(title)
    following = next(lines(text, after, limit), None)
    if (
        following
        and re.search(r"\w+ \d|, ", following.text)
        and not following.text.strip().startswith(("•", "Affil"))
    ):
        names = [
            re.sub(r"[\s\d#*†‡]+$", "", each) for each in re.split(r",(?![^(]*\))", following.text)
        ]
        kept = tuple(person(each) for each in names if re.search(r"[A-Za-z]{2}", each))
        if kept and all(len(each.name.split()) <= 5 for each in kept):
            return kept, True
    if short:
        return (person(short["authors"]),), False
    return (), None


def _sections(text: str, start: int) -> tuple[Section, ...]:
    stop = _STOP.search(text, start)
    digest = digest_line(text)
    end = min(
        [
            stop.start() if stop else len(text),
            digest.start if digest and digest.start > start else len(text),
        ]
    )
    body = re.compile(r"\S").search(text, start, end)
    if body is None:
        return ()
    parts = labelled(text, body.start(), end)
    if len(parts) == 1 and not parts[0].heading:
        begin = text.rindex("Abstract", 0, start)
        finish = begin + len("Abstract")
        return (Section("Abstract", finish, end, begin, finish, 1, ("Abstract",)),)
    return parts


def _copyright(text: str) -> str | None:
    match = re.search(r"^(?:Copyright )?©[^\n]+", text, re.MULTILINE)
    return clean(match[0]) if match else None
