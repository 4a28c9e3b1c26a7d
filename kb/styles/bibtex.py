"""Render BibTeX, for LaTeX and the tools around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.works import Person, Work, remarks

ENDING = "bib"
MEDIA = "application/x-bibtex"
# After "BibTeXing" (Patashnik 1988); online is BibLaTeX's.
_KINDS = {
    "article-journal": "article",
    "article": "unpublished",
    "chapter": "incollection",
    "book": "book",
    "thesis": "phdthesis",
    "report": "techreport",
    "paper-conference": "inproceedings",
    "webpage": "online",
    "document": "misc",
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# Braces are counted by BibTeX even behind a backslash, so their names stand for them.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\lbrace{}",
    "}": r"\rbrace{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "`": r"\textasciigrave{}",
}
_PARTED = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=[?!])(?=`)")


def render(works: Sequence[Work], home: str) -> str:
    """Return one entry for each work; a field stands only where it is known."""
    return "\n\n".join(_entry(each, home) for each in works)


def _entry(work: Work, home: str) -> str:
    body = ",\n".join(f"  {key} = {value}" for key, value in _fields(work, home) if value)
    key = f"{work.id}-{work.quote.claim_id}" if work.quote else work.id
    return f"@{_KINDS[work.type]}{{{re.sub(r'[^a-z0-9]+', '-', key.lower())},\n{body}\n}}"


def _fields(work: Work, home: str) -> Iterator[tuple[str, str | None]]:
    names = [_author(each) for each in work.authors]
    if names and work.authors_complete is False:
        names.append("others")
    yield "author", f"{{{' and '.join(names)}}}" if names else None
    # The inner braces keep the title's capitals.
    yield "title", f"{{{{{escaped(work.title)}}}}}" if work.title else None
    yield "origtitle", _braced(work.original_title)
    container = "booktitle" if work.type in {"chapter", "book", "paper-conference"} else "journal"
    yield container, _braced(work.journal)
    yield "organization", _braced(work.site)
    yield "shortjournal", _braced(work.journal_abbrev)
    # Whose thesis or report it is has names of its own in BibTeX.
    maker = {"thesis": "school", "report": "institution"}.get(work.type, "publisher")
    yield maker, _braced(work.publisher)
    yield "year", _braced(str(work.year) if work.year else None)
    yield from _date(work)
    yield "volume", _braced(work.volume)
    yield "number", _braced(work.issue)
    pages = re.sub(r"(?<=\w)-(?=\w)", "--", escaped(work.pages or ""))
    yield "pages", f"{{{pages}}}" if pages else None
    # Identifiers stand as they are: their readers take no LaTeX.
    yield "doi", _raw(work.doi)
    yield "pmid", _raw(work.pmid)
    yield "pmcid", _raw(work.pmcid)
    yield "issn", _raw(work.issn)
    yield "language", _raw(work.language)
    yield "url", _raw(work.url or (home + work.address if home and work.note else None))
    # BibLaTeX's field for the state of a publication.
    yield "pubstate", "{retracted}" if work.retracted else None
    yield "note", _braced(" ".join(remarks(work, home)))


def _author(person: Person) -> str:
    if person.collective:
        return f"{{{escaped(person.name)}}}"
    family, given, suffix = (
        _guarded(escaped(each or "")) for each in (person.family, person.given, person.suffix)
    )
    if suffix:
        return f"{family}, {suffix}, {given}"
    return f"{family}, {given}"


def _guarded(part: str) -> str:
    """Return a part of a name that BibTeX leaves in one piece."""
    return f"{{{part}}}" if re.search(r",|\band\b", part) else part


def _date(work: Work) -> Iterator[tuple[str, str | None]]:
    if work.months and work.date_raw:
        words = re.sub(rf"^\s*{work.year}\b|\b{work.year}\s*$", "", work.date_raw, count=1)
        yield "month", _braced(words.strip())
        return
    _, month, day = [*(work.date or "").split("-"), "", ""][:3]
    yield "month", _MONTHS[int(month) - 1] if month else None
    yield "day", f"{{{int(day)}}}" if day else None


def _braced(text: str | None) -> str | None:
    return f"{{{escaped(text)}}}" if text else None


def _raw(text: str | None) -> str | None:
    return f"{{{text}}}" if text else None


def escaped(text: str) -> str:
    """Return a text whose every sign LaTeX prints as it is; other alphabets stay as they are."""
    folded = " ".join(text.split())
    return "".join(_SPECIAL.get(char, char) for char in _PARTED.sub("\0", folded)).replace(
        "\0", "{}"
    )
