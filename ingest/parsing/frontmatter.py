"""Read what lines beside an article's text say of it: byline, citation, labelled fields, identifiers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from ingest.model import Author, Record
from ingest.parsing.citations import UNDATED
from ingest.parsing.dates import from_text
from ingest.parsing.identifiers import read_doi, read_pmcid, read_pmid
from ingest.parsing.names import direct, inverted
from ingest.parsing.pages import split_keywords
from ingest.text import clean, expand_pages, parse_date, person
from ingest.yamlfile import load_yaml

FURNITURE = Path(__file__).with_name("furniture.yml")

# A citation line between title and text: "Spine. 2001;26(3):298-306. doi: 10.1097/x".
_CITED = re.compile(
    r"^(?:\d{1,4}\. )?(?P<journal>[A-Z][^\n;:]{2,80}?)\.?\s+(?P<date>(?:19|20)\d\d(?: [A-Z][a-z]{2}(?: \d{1,2})?)?)\s*;\s*(?P<volume>\w+)"
    r"(?:\((?P<issue>[^)]+)\))?:(?P<pages>[\w.–-]+?)\.?(?:\s|$)"
)
_NAME = r"[A-ZÀ-Þ][\w.'’À-ÿ-]*(?: (?:[A-ZÀ-Þ][\w.'’À-ÿ-]*|van|von|de|der|la)){1,4}"
_NAMES = re.compile(rf"^{_NAME}(?:(?:\s*,\s*(?:and )?|\s+and\s+){_NAME})+\.?$")
# The same behind a name of a journal that stands elsewhere, and as some publishers print it.
_CITED_BARE = re.compile(
    r"^\W*(?P<journal>)(?P<date>(?:19|20)\d\d(?: [A-Z][a-z]{2}(?: \d{1,2})?)?)\s*;\s*(?P<volume>\w+)(?:\((?P<issue>[^)]+)\))?:(?P<pages>[\w.–-]+?)\.?(?:\s|$)"
)
_CITED_COMMAS = re.compile(
    r"^(?P<journal>[A-Z][A-Za-z&. ]{2,60}?) (?P<date>(?:19|20)\d\d), (?:[Vv]ol\. )?(?P<volume>\d+)\s?(?:\((?P<issue>[^)]+)\))?,? (?P<pages>\d[\w–-]*)[;,.\s]"
)
_EDITED = re.compile(r"^published in final edited form as:\s*", re.IGNORECASE)
_LOGO = re.compile(r"^(?P<journal>[A-Z].{2,80}?) logo ?link to (?P=journal)$", re.IGNORECASE)
# What stands behind an author's name: marks of affiliations, degrees.
_MARKS = re.compile(r"[\d*†‡§¶#✉]+(?:\s*[\d*†‡§¶#]+)*$")
_DEGREES = re.compile(
    r"(?:M\.?D|Ph\.?D|M\.?Sc|B\.?Sc|M\.?B\.?B\.?S|M\.?S|M\.?A|M\.?P\.?H|FRCP?C?S?C?|FACS|D\.?O|BSc|MBA|Dr|Prof|Jr|Sr)\.?",
    re.IGNORECASE,
)
_PERSON = re.compile(rf"(?:(?:and|authors?:?) )?(?:{_NAME}|[A-ZÀ-Þ][\w'’À-ÿ-]+ [A-Z]{{1,3}})")
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s;,<>]+?)[.,;]?(?=\s|$)")
_FIELD = re.compile(
    r"^\W{0,3}(?P<key>title|authors?|journal|source|citation|(?:publication |published )?(?:year|date)|published|pmid|pubmed id|pmcid|doi"
    r"|url|link|key ?words?|mesh(?: terms?)?|publication types?|language|copyright|licen[cs]e|volume|issue|pages|id)\*{0,2}\s*[:=]\*{0,2}\s*(?P<value>\S.*)$",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"^(?:https?://\S+|©.*|copyright\b.*|e-?pub\b.*|(?:conflicts? of interest|funding|trial registration)\b.*)$",
    re.IGNORECASE,
)
_OF_PMID = re.compile(r"\bPMID:?\s*(\d{4,9})\b")


@cache
def _page() -> dict[str, re.Pattern[str]]:
    rules: dict[str, list[str]] = load_yaml(FURNITURE)
    return {
        name: re.compile(rf"\W{{0,3}}(?:{'|'.join(rules[name])})\W{{0,3}}", re.IGNORECASE)
        for name in ("furniture", "menus", "stops")
    }


def is_furniture(line: str) -> bool:
    """Tell whether a line is printed by a page around its articles: menus, buttons, addresses."""
    return _page()["furniture"].fullmatch(line.strip()) is not None


def is_menu(line: str) -> bool:
    """Tell whether a line stands ahead of the title of another article."""
    return _page()["menus"].fullmatch(line.strip()) is not None


def is_stop(line: str) -> bool:
    """Tell whether a line is the first behind an abstract: keywords, references, rights."""
    return _page()["stops"].fullmatch(line.strip()) is not None


def read_field(line: str) -> tuple[str, str] | None:
    """Return the name, in small letters, and the value of a line that labels what it says."""
    found = _FIELD.match(line.strip())
    return (
        (found["key"].lower().replace("key words", "keywords"), found["value"]) if found else None
    )


def is_front(line: str) -> bool:
    """Tell whether a line is a byline, a citation, a field or a rule, no text of the article."""
    words = line.strip()
    told = (
        not re.search(r"\w", words)
        or read_field(words) is not None
        or _ALONE.match(words) is not None
    )
    return told or is_cited(words) or (len(words) < 60 and _DOI.search(words) is not None)


def is_cited(line: str) -> bool:
    """Tell whether a line is a byline or a citation."""
    words = line.strip()
    return _CITED.match(words) is not None or _NAMES.match(words) is not None


def is_byline(line: str) -> bool:
    """Tell whether a line lists names of persons, with marks and degrees behind them."""
    if is_furniture(line):
        return False
    told = [each for each in _listed(line) if each and not _DEGREES.fullmatch(each)]
    names = [each for each in told if _PERSON.fullmatch(each)]
    return bool(names) and len(names) * 10 >= len(told) * 7 and len(line) < 3000


def _listed(line: str) -> list[str]:
    """Return the parts of a byline without the marks behind them."""
    parts = re.split(r"\s*[,;]\s*(?:and )?|\s+and\s+", line)
    return [_MARKS.sub("", each.strip()).strip() for each in parts]


def _find_citation(front: Sequence[str]) -> re.Match[str] | None:
    """Return the first citation among lines: of a journal, else of one named in another line."""
    for rule in (_CITED, _CITED_COMMAS, _CITED_BARE):
        for line in front:
            if found := rule.match(_EDITED.sub("", line.strip().lstrip(". "))):
                return found
    return None


def with_front(record: Record, front: Sequence[str]) -> Record:
    """Return a record with what the lines beside its text say of it; the first of a kind counts."""
    fields: dict[str, str] = {}
    for line in front:
        if field := read_field(line):
            fields.setdefault(*field)
    cited = _find_citation(front)
    logo = next((found["journal"] for line in front if (found := _LOGO.match(line.strip()))), None)
    home = [cited.string] if cited else []
    doi = next((found[1] for line in [*home, *front] if (found := _DOI.search(line))), None)
    names = next((line.strip(" .") for line in front if _NAMES.match(line.strip())), None)
    names = names or next((line.strip(" .") for line in front if _lists_names(line)), None)
    authors = _authors(names, fields.get("authors") or fields.get("author"))
    numbered = next((found[1] for line in front if (found := _OF_PMID.search(line))), None)
    record = replace(
        record,
        doi=read_doi(fields.get("doi")) or doi,
        pmid=read_pmid(fields.get("pmid") or fields.get("pubmed id")) or numbered,
        pmcid=read_pmcid(" ".join(front)),
        authors=authors,
        authors_complete=True if authors else None,
        journal=clean(fields.get("journal") or fields.get("source") or logo),
        keywords=split_keywords(fields.get("keywords") or ""),
    )
    return _dated(record, fields) if cited is None else _with_citation(record, cited)


def _authors(byline: str | None, field: str | None) -> tuple[Author, ...]:
    if field:
        parts = re.split(r"\s*;\s*" if ";" in field else r"\s*,\s*(?:and )?|\s+and\s+", field)
        read = [inverted(each) if ";" in field else _initialled(each) for each in parts]
        return tuple(each for each in read if each)
    listed = _listed(byline) if byline else []
    named = [re.sub(r"^authors?:?\s+", "", each, flags=re.IGNORECASE) for each in listed]
    read = [
        _initialled(each) if re.search(r" [A-Z]{1,3}$", each) else person(each)
        for each in named
        if _PERSON.fullmatch(each)
    ]
    return tuple(each for each in read if each)


def _lists_names(line: str) -> bool:
    """Tell whether a line lists several persons."""
    return is_byline(line) and len(re.findall(r"[,;]| and ", line)) > 0 and len(line.split()) > 3


def _initialled(name: str) -> Author | None:
    """Return an author of a list by commas: "Smith JA" or "Jane Smith"."""
    return inverted(name) if re.search(r" [A-Z]{1,3}\.?$", name) else direct(name)


def _dated(record: Record, fields: dict[str, str]) -> Record:
    told = (value for key, value in fields.items() if key.endswith(("year", "date", "published")))
    dated = next((found for each in told if (found := from_text(each)) != UNDATED), UNDATED)
    return replace(
        record,
        year=dated.year,
        date=dated.date,
        date_raw=dated.raw,
        months=dated.months,
        volume=clean(fields.get("volume")),
        issue=clean(fields.get("issue")),
        pages=expand_pages(fields.get("pages")),
        pages_raw=clean(fields.get("pages")),
    )


def _with_citation(record: Record, cited: re.Match[str]) -> Record:
    date, year, months = parse_date(cited["date"])
    return replace(
        record,
        journal=cited["journal"].strip() or record.journal,
        year=year,
        date=date,
        date_raw=cited["date"],
        months=months,
        volume=cited["volume"],
        issue=cited["issue"],
        pages=expand_pages(cited["pages"]),
        pages_raw=cited["pages"],
    )
