"""Keep text verbatim and read small printed facts: dates, pages, licences."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.model import Author, Marker, Section
from ingest.parsing.names import direct, inverted

DIGEST = "Digest in the words of the Spinal Tumour Evidence Base"
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_SEASONS = {
    "spring": (3, 5),
    "summer": (6, 8),
    "autumn": (9, 11),
    "fall": (9, 11),
    "winter": (12, 2),
}
_TRUNCATED = re.compile(r"\(?ABSTRACT TRUNCATED(?: AT \d+ WORDS)?\)?")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_CC = re.compile(
    r"creative commons|\bcc[ -](?:by|0)|creativecommons\.org/(?:licenses|publicdomain)",
    re.IGNORECASE,
)


class UnreadableError(ValueError):
    """Bytes that are not the text of an article; the message says what was expected."""


def sha256(data: bytes) -> str:
    """Return the hexadecimal SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes) -> str:
    """Return the text of bytes verbatim, without a byte-order mark.

    UTF-8, then UTF-16 by its mark, then Windows-1252. Raise ``UnreadableError`` for binary data.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise UnreadableError("NUL bytes; a text file was expected")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def clean(text: str | None) -> str | None:
    """Return a field's text with white space folded, None where nothing is left."""
    folded = " ".join((text or "").split())
    return folded or None


def truncations(text: str) -> tuple[Marker, ...]:
    """Return the notes of older PubMed records that an abstract was cut off, as boilerplate.

    NLM cut abstracts at 250 or 400 words until 1999
    (https://www.nlm.nih.gov/bsd/mms/medlineelements.html#ab).
    """
    if "ABSTRACT TRUNCATED" not in text:
        # The pattern alone takes a tenth of the time of reading a PubMed record.
        return ()
    return tuple(
        Marker(match.start(), match.end(), match[0], "boilerplate")
        for match in _TRUNCATED.finditer(text)
    )


def is_digest(*fields: str | None) -> bool:
    """Tell whether a field or page line marks the record as a digest in the project's words."""
    return any(DIGEST in field for field in fields if field)


def compose(title: str | None, parts: Sequence[tuple[str, str]]) -> tuple[str, tuple[Section, ...]]:
    """Return stored text for a structured record, and its sections.

    The title stands first, covered by no section; each part is a "LABEL: body" paragraph.
    """
    pieces: list[str] = []
    sections: list[Section] = []
    at = 0
    if title:
        pieces.append(title)
        at = len(title)
    for label, body in parts:
        if not body.strip():
            continue
        gap = "\n\n" if pieces else ""
        start = at + len(gap)
        lead = f"{label}: " if label else ""
        pieces.append(f"{gap}{lead}{body}")
        sections.append(
            Section(
                heading=label,
                start=start + len(lead),
                end=start + len(lead) + len(body),
                heading_start=start,
                heading_end=start + len(label),
                path=(label,) if label else (),
            )
        )
        at = start + len(lead) + len(body)
    return "".join(pieces), tuple(sections)


def mask(text: str, markers: Sequence[Marker]) -> str:
    """Return ``text`` with every marker blanked by spaces; the length stays."""
    pieces: list[str] = []
    at = 0
    for marker in sorted(markers, key=lambda each: each.start):
        if marker.end <= at:
            continue
        start = max(marker.start, at)
        pieces.append(text[at:start])
        pieces.append(re.sub(r"[^\n]", " ", text[start : marker.end]))
        at = marker.end
    pieces.append(text[at:])
    return "".join(pieces)


def display(text: str, start: int, end: int, markers: Sequence[Marker]) -> str:
    """Return ``text[start:end]`` without markers, with white space folded."""
    if not markers:
        return " ".join(text[start:end].split())
    pieces: list[str] = []
    at = start
    for marker in sorted(markers, key=lambda each: each.start):
        if marker.end <= at or marker.start >= end:
            continue
        pieces.append(text[at : max(at, marker.start)])
        at = max(at, marker.end)
    pieces.append(text[at:end] if at < end else "")
    return " ".join("".join(pieces).split())


def expand_pages(printed: str | None) -> str | None:
    """Return a page range in full: 148-59 is 148-159; other forms stay as printed."""
    text = clean(printed)
    if not text:
        return None
    match = re.fullmatch(r"([A-Za-z]*)(\d+)\s*[-–]\s*([A-Za-z]*)(\d+)", text)
    if not match:
        return text
    prefix, first, other, last = match.groups()
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{prefix}{first}-{other or prefix}{last}"


def page_range(first: str | None, last: str | None) -> str | None:
    """Return a first and a last page as a range, the first alone where they are one page."""
    return f"{first}-{last}" if first and last and first != last else first


def parse_date(printed: str | None) -> tuple[str | None, int | None, tuple[int, int] | None]:
    """Return (ISO date of the printed precision, year, first and last month of a range).

    A season or a span of months gives its months and a date of the year alone: no month or day
    is invented.
    """
    text = clean(printed)
    if not text:
        return None, None, None
    iso = re.match(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:$|[T ]\d\d?:)", text)
    if iso and 1 <= int(iso[2] or 1) <= 12:
        parts = [iso[1], *[f"{int(part):02d}" for part in (iso[2], iso[3]) if part]]
        month = int(iso[2]) if iso[2] else None
        return "-".join(parts), int(iso[1]), (month, month) if month else None
    found = _YEAR.search(text)
    if not found:
        return None, None, None
    year = int(found[1])
    names = [
        _MONTHS[each.lower()]
        for each in re.findall(
            r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*", text, re.IGNORECASE
        )
    ]
    season = next((_SEASONS[word] for word in _SEASONS if word in text.lower()), None)
    if season:
        return str(year), year, season
    if len(names) == 1:
        day = re.search(r"(?:[A-Za-z]{3,9}\.?\s+(\d{1,2})(?!\d|-)|\b(\d{1,2})\s+[A-Za-z]{3})", text)
        number = next((int(each) for each in day.groups() if each), None) if day else None
        date = f"{year}-{names[0]:02d}" + (f"-{number:02d}" if number and number <= 31 else "")
        return date, year, (names[0], names[0])
    return str(year), year, (names[0], names[-1]) if names else None


def licence_name(text: str | None) -> str | None:
    """Return the short name of a Creative Commons licence named in words or by its address."""
    if not text or not _CC.search(text):
        return None
    low = text.lower()
    if re.search(r"\bcc0\b|publicdomain/zero|cc zero", low):
        return "CC0 1.0"
    letters = ["BY"]
    if re.search(r"non-?commercial|\bby-nc|cc by nc", low):
        letters.append("NC")
    if re.search(r"no-?deriv|-nd\b", low):
        letters.append("ND")
    elif re.search(r"share-?alike|-sa\b", low):
        letters.append("SA")
    version = re.search(r"\b([1-4]\.0)\b", low)
    return f"CC {'-'.join(letters)}" + (f" {version[1]}" if version else "")


def person(name: str, **more: str | tuple[str, ...] | None) -> Author:
    """Return an author from a printed "Given Family" or "Family, Given" name, or a group's."""
    printed = " ".join(name.split()).strip(" ,.;")
    affiliations = more.get("affiliations") or ()
    listed = affiliations if isinstance(affiliations, tuple) else (affiliations,)
    found = inverted(printed) if "," in printed else direct(printed)
    return replace(found or Author(printed), affiliations=listed)
