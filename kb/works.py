"""Define what a list of references names: works, people, notices and quotes, as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SITE = "Spinal Tumour Evidence Base"
OWN_WORDS = f"the words are the {SITE}'s own digest, not the article's"
Type = Literal[
    "article-journal",
    "article",
    "chapter",
    "book",
    "thesis",
    "report",
    "paper-conference",
    "webpage",
    "document",
]


class CitationError(ValueError):
    """Nothing to cite: the id or the style is unknown."""


@dataclass(frozen=True, slots=True)
class Person:
    """An author as the source names one; a group has ``collective`` true and no family name."""

    name: str
    family: str | None = None
    given: str | None = None
    suffix: str | None = None
    collective: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What was printed of an article elsewhere: ("Retraction in", "J Made Up. 2001;1(1):1", PMID)."""

    label: str
    text: str
    pmid: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A claim's words under a citation: where they are read, and whether they are a digest's."""

    claim_id: str
    text: str
    link: str | None
    digest: bool


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that a list of references names; ``None`` and empty mean "not stated".

    ``months`` are the first and last of a span that ``date`` cannot hold, with the words as printed
    in ``date_raw``. ``translated`` says that the title is a translation. ``address`` is its path on
    the site. ``notices`` tell of retractions, errata and the like; ``line`` is the stored one-line
    citation.
    """

    id: str
    type: Type
    address: str
    title: str | None = None
    original_title: str | None = None
    translated: bool = False
    authors: tuple[Person, ...] = ()
    authors_complete: bool | None = None
    journal: str | None = None
    journal_abbrev: str | None = None
    site: str | None = None
    publisher: str | None = None
    issn: str | None = None
    year: int | None = None
    date: str | None = None
    date_raw: str | None = None
    months: tuple[int, int] | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    url: str | None = None
    language: str | None = None
    publication_types: tuple[str, ...] = ()
    retracted: bool = False
    notices: tuple[Notice, ...] = ()
    note: str | None = None
    quote: Quote | None = None
    line: str = ""


def remarks(work: Work, home: str) -> list[str]:
    """Return what a reference says beside its fields, one remark a line; ``home`` begins addresses."""
    found = ["Retracted article."] if work.retracted else []
    found += [_told(each) for each in work.notices]
    if work.quote:
        found.append(quoted(work.quote))
        found.append(f"Claim {work.quote.claim_id}: {home}{work.address}")
    if work.note:
        found.append(work.note)
        found.append(f"Address: {home}{work.address}")
    return found


def _told(notice: Notice) -> str:
    words = ", ".join(
        each for each in (notice.text, f"PMID {notice.pmid}" if notice.pmid else "") if each
    )
    return f"{notice.label}: {words or 'not stated'}."


def quoted(quote: Quote) -> str:
    """Return a claim's words as a remark, with where they are read; a digest's are owned up to."""
    whose = f"Quoted ({OWN_WORDS})" if quote.digest else "Quoted"
    return f"{whose}: “{quote.text}”" + (f" {quote.link}" if quote.link else "")
