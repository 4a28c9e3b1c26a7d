"""Render RIS, which EndNote, Zotero, Mendeley and other reference managers import."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.works import Person, Work, remarks

ENDING = "ris"
MEDIA = "application/x-research-info-systems"
# After the format's description (https://en.wikipedia.org/wiki/RIS_(file_format)).
_KINDS = {
    "article-journal": "JOUR",
    "article": "UNPB",
    "chapter": "CHAP",
    "book": "BOOK",
    "thesis": "THES",
    "report": "RPRT",
    "paper-conference": "CPAPER",
    "webpage": "ELEC",
    "document": "GEN",
}


def render(works: Sequence[Work], home: str) -> str:
    """Return one record for each work; a tag stands only where its field is known."""
    return "\n".join(_record(each, home) for each in works)


def _record(work: Work, home: str) -> str:
    lines = [(tag, " ".join(str(value).split())) for tag, value in _tags(work, home) if value]
    return "\n".join([f"{tag}  - {value}" for tag, value in lines] + ["ER  - "])


def _tags(work: Work, home: str) -> Iterator[tuple[str, object]]:
    yield "TY", _KINDS[work.type]
    # The type of the work: reference managers keep PubMed's publication types there.
    yield "M3", "Retracted Publication" if work.retracted else None
    yield "TI", work.title
    # Not a tag of the first description; importers that do not know it pass it over.
    yield "OT", work.original_title
    for each in work.authors:
        yield "AU", _author(each)
    yield "T2", work.journal or work.site
    yield "J2", work.journal_abbrev
    yield "PY", work.year
    yield "DA", _date(work)
    yield "VL", work.volume
    yield "IS", work.issue
    yield from _pages(work.pages)
    yield "PB", work.publisher
    yield "SN", work.issn
    yield "DO", work.doi
    if work.pmid:
        # An accession number is a PMID where the database is PubMed.
        yield "DB", "PubMed"
        yield "AN", work.pmid
    yield "C2", work.pmcid
    yield "LA", work.language
    yield "UR", work.url or (home + work.address if home and work.note else None)
    for remark in remarks(work, home):
        yield "N1", remark


def _author(person: Person) -> str:
    """Return "Family, Given, Suffix"; a group keeps its commas by EndNote's signs.

    EndNote takes a name with a comma behind it, or two in the place of the first, as one piece.
    """
    if person.collective:
        if "," in person.name:
            return re.sub(r",+", ",,", person.name, count=1)
        return f"{person.name}," if " " in person.name else f"{person.name},,"
    if person.suffix:
        return f"{person.family}, {person.given or ''}, {person.suffix}"
    return ", ".join(each for each in (person.family, person.given) if each)


def _date(work: Work) -> str | None:
    """Return YYYY/MM/DD/other, where a part beyond the year is known."""
    if work.months and work.date_raw:
        words = re.sub(rf"^\s*{work.year}\b|\b{work.year}\s*$", "", work.date_raw, count=1)
        return f"{work.year}///{words.strip().replace('/', '-')}"
    year, month, day = [*(work.date or "").split("-"), "", ""][:3]
    return f"{year}/{month}/{day}/" if month else None


def _pages(pages: str | None) -> Iterator[tuple[str, object]]:
    parted = re.fullmatch(r"([^-]+)-([^-]+)", pages or "")
    if parted and parted[1] != parted[2]:
        yield "SP", parted[1]
        yield "EP", parted[2]
    else:
        yield "SP", pages
