"""Read bibliographic dates: keep what is printed, invent no month and no day."""

from __future__ import annotations

import calendar
import re
from functools import lru_cache
from typing import NamedTuple

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_SEASONS = {
    "spring": (3, 5),
    "summer": (6, 8),
    "autumn": (9, 11),
    "fall": (9, 11),
    "winter": (12, 2),
}
_CODES = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
# ISO 8601's interval of two dates, as BibLaTeX and CSL write a span.
_INTERVAL = re.compile(r"(\d{4}(?:-\d{1,2}){0,2})/(\d{4}(?:-\d{1,2}){0,2})")
_PART = re.compile(
    r"\b(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b\.?"
    r"|\b(?P<season>spring|summer|autumn|fall|winter)\b"
    r"|\b(?P<quarter>[1-4])(?:st|nd|d|rd|th)\s+quart",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"[A-Za-z]\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d/–-]|\s*[-–/]\s*\d)|(?<![\d/–-])(\d{1,2})\.?\s+[A-Za-z]{3}"
)


class Printed(NamedTuple):
    """A date as a source prints it: ISO date of the printed precision, year, months, raw text."""

    date: str | None = None
    year: int | None = None
    months: tuple[int, int] | None = None
    raw: str | None = None


@lru_cache(4096)
def from_parts(
    year: str | int | None, month: str | int | None = None, day: str | int | None = None
) -> Printed:
    """Return the date of a year, a month (number or name) and a day; impossible parts are dropped.

    A month that names a season or a range gives its months and the year alone.
    """
    parts = [
        str(each).strip() for each in (year, month, day) if each is not None and str(each).strip()
    ]
    raw = " ".join(parts) or None
    found = _YEAR.search(str(year or ""))
    if not found:
        return Printed(raw=raw)
    number = int(found[1])
    printed = str(month or "").strip()
    if printed in _CODES:
        # Extended Date/Time Format (ISO 8601-2), which CSL and BibLaTeX use: 21 is spring.
        return Printed(str(number), number, _SEASONS[_CODES[printed]], raw)
    if printed.isdigit():
        return _whole(number, int(printed), str(day or "").strip(), raw)
    spans = [_span(part) for part in _PART.finditer(printed)]
    if len(spans) == 1 and spans[0][0] == spans[0][1]:
        return _whole(number, spans[0][0], str(day or "").strip(), raw)
    return Printed(str(number), number, (spans[0][0], spans[-1][1]) if spans else None, raw)


@lru_cache(4096)
def from_text(printed: str | None) -> Printed:
    """Return the date of free text, as PubMed's MedlineDate: "1998 Dec-1999 Jan", "2000 Spring".

    ISO dates, with or without a time, are read too; "2012 Jul 15-20" has the month and no day.
    """
    raw = " ".join((printed or "").split())
    iso = re.match(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?=$|[T;]| \d\d?:)", raw)
    if iso and _YEAR.match(iso[1]):
        return from_parts(iso[1], iso[2], iso[3])._replace(raw=raw)
    compact = re.fullmatch(r"(\d{4})(0[1-9]|1[0-2])([0-3]\d)", raw)
    if compact and _YEAR.match(compact[1]):
        return from_parts(*compact.groups())._replace(raw=raw)
    span = _INTERVAL.fullmatch(raw)
    if span:
        return between(from_text(span[1]), from_text(span[2]), raw)
    found = _YEAR.findall(raw)
    if not found:
        return Printed(raw=raw or None)
    year = int(found[0])
    spans = [_span(part) for part in _PART.finditer(raw)]
    months = (spans[0][0], spans[-1][1]) if spans else None
    if len(spans) != 1 or spans[0][0] != spans[0][1] or len(set(found)) > 1:
        return Printed(str(year), year, months, raw)
    day = _DAY.search(_YEAR.sub(" ", raw, count=1))
    return _whole(
        year, spans[0][0], next((each for each in day.groups() if each), "") if day else "", raw
    )


def between(first: Printed, last: Printed, raw: str | None) -> Printed:
    """Return the date of a span: days of one month give the month, months their range and year."""
    if last.year is None or last.date == first.date:
        return first._replace(raw=raw)
    if not (first.months and last.months):
        return Printed(first.date and first.date[:4], first.year, None, raw)
    same = (first.year, first.months) == (last.year, last.months)
    date = (first.date or "")[: 7 if same else 4]
    return Printed(date, first.year, (first.months[0], last.months[1]), raw)


def _span(part: re.Match[str]) -> tuple[int, int]:
    if part["month"]:
        month = _MONTHS[part["month"].lower()]
        return month, month
    if part["season"]:
        return _SEASONS[part["season"].lower()]
    quarter = int(part["quarter"])
    return 3 * quarter - 2, 3 * quarter


def _whole(year: int, month: int, day: str, raw: str | None) -> Printed:
    if not 1 <= month <= 12:
        return Printed(str(year), year, None, raw)
    date = f"{year}-{month:02d}"
    if day.isdigit() and 1 <= int(day) <= calendar.monthrange(year, month)[1]:
        date += f"-{int(day):02d}"
    return Printed(date, year, (month, month), raw)
