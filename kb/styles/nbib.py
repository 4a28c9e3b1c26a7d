"""Render MEDLINE's tagged format (.nbib), as PubMed exports it."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence

from ingest.parsing.languages import medline_code
from kb.works import Person, Work, remarks

ENDING = "nbib"
MEDIA = "application/nbib"
# NLM's list of fields (https://www.nlm.nih.gov/bsd/mms/medlineelements.html).
_NOTICES = {
    "Retraction in": "RIN",
    "Partial retraction in": "PRIN",
    "Retracted and republished in": "RRI",
    "Corrected and republished in": "CRI",
    "Expression of concern in": "ECI",
    "Erratum in": "EIN",
    "Update in": "UIN",
    "Retraction of": "ROF",
    "Erratum for": "EFR",
    "Expression of concern for": "ECF",
}
_SUFFIXES = {"Jr", "Sr", "2nd", "3rd", "4th", "II", "III", "IV"}


def render(works: Sequence[Work], home: str) -> str:
    """Return one record for each work, parted by blank lines; a tag stands for known fields only."""
    return "\n\n".join(_record(each, home) for each in works)


def _record(work: Work, home: str) -> str:
    lines = [(tag, " ".join(str(value).split())) for tag, value in _tags(work, home) if value]
    return "\n".join(f"{tag:4}- {value}" for tag, value in lines)


def _tags(work: Work, home: str) -> Iterator[tuple[str, object]]:
    yield "PMID", work.pmid
    # Who made the record: without a PMID this line begins it.
    yield "OWN", "STEB"
    yield "IS", work.issn
    yield "VI", work.volume
    yield "IP", work.issue
    yield "DP", _date(work)
    whole = work.type == "book" and work.title == work.journal
    # An article without an English title has its own in TT alone.
    only = work.original_title is not None and work.original_title == work.title
    if not whole:
        told = f"[{work.title}]." if work.translated else work.title
        yield "TI", "[Not Available]." if only else told
    yield "PG", work.pages
    yield "LID", f"{work.doi} [doi]" if work.doi else None
    for each in work.authors:
        yield from _author(each)
    yield "LA", medline_code(work.language)
    marks = ("Retracted Publication",) if work.retracted else ()
    for kind in dict.fromkeys((*work.publication_types, *marks)):
        yield "PT", kind
    yield "TT", work.original_title
    for notice in work.notices:
        pmid = f". PMID: {notice.pmid}" if notice.pmid else ""
        yield _NOTICES[notice.label], f"{notice.text}{pmid}"
    yield "TA", work.journal_abbrev
    yield ("BTI" if work.type in {"book", "chapter"} else "JT"), work.journal
    yield "PB", work.publisher
    yield "PMC", work.pmcid
    for remark in remarks(work, home) if work.quote or work.note else ():
        yield "GN", remark


def _author(person: Person) -> Iterator[tuple[str, object]]:
    if person.collective:
        yield "CN", person.name
        return
    initials = "".join(part[0].upper() for part in (person.given or "").replace("-", " ").split())
    given = person.given or ""
    if person.suffix in _SUFFIXES and given:
        # PubMed prints the suffix behind the given names.
        given = f"{given} {person.suffix}"
    elif person.suffix:
        given = f"{given}, {person.suffix}"
    bare = not given and " " not in (person.family or "")
    yield "FAU", person.family if bare else f"{person.family}, {given}"
    yield "AU", " ".join(each for each in (person.family, initials, person.suffix) if each)


def _date(work: Work) -> str | None:
    if work.months and work.date_raw:
        return work.date_raw
    year, month, day = [*(work.date or str(work.year or "")).split("-"), "", ""][:3]
    words = [year, calendar.month_abbr[int(month)] if month else "", str(int(day)) if day else ""]
    return " ".join(each for each in words if each) or None
