"""Read Semantic Scholar JSON: papers of its graph service, and lines of its data sets.

After the Academic Graph API (https://api.semanticscholar.org/api-docs/graph). Machine-written
summaries (tldr) are not the article's words and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.model import Author, Failure, Record, Reference
from ingest.parsing.citations import citation
from ingest.parsing.dates import from_text
from ingest.parsing.fragments import flat, parts
from ingest.parsing.identifiers import numbered_pmcid, read_doi, read_issn, read_orcid, read_pmid
from ingest.parsing.jsonfile import Item, has_keys, items, records
from ingest.parsing.jsonvalues import dig, listed, string, strings
from ingest.parsing.names import direct
from ingest.parsing.unpacking import peek

FORMAT = "semanticscholar_json"
SUREST = 96
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def sniff(head: bytes, name: str) -> int:
    """Return 96 where the head has Semantic Scholar's own keys."""
    if has_keys(head, "total|offset", "data") and re.search(rb'"data"\s*:\s*\[\s*\]', peek(head)):
        # An answer without a hit is no unknown file.
        return 60
    own = "externalIds|externalids|corpusId|corpusid|s2FieldsOfStudy|publicationTypes|citationCount|authors"
    return 96 if has_keys(head, "paperId|corpusid|corpusId", "title", own) else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every paper in order; a broken one is a failure and its neighbours live."""
    found = items(stream, ("data", "recommendedPapers"), _is_record)
    yield from records(FORMAT, found, name, _record)


def _is_record(value: dict[str, Any]) -> bool:
    wrapped = any(isinstance(value.get(key), dict) for key in ("citingPaper", "citedPaper"))
    return wrapped or (
        "title" in value and any(key in value for key in ("paperId", "corpusid", "corpusId"))
    )


def _record(item: Item, name: str) -> Record:
    value = dig(item.value, "citingPaper") or dig(item.value, "citedPaper") or item.value
    ids = value.get("externalIds") or value.get("externalids") or {}
    journal, venue = value.get("journal"), value.get("publicationVenue")
    date = string(value.get("publicationDate") or value.get("publicationdate"))
    cited = string(value.get("citationCount") or value.get("citationcount"))
    paper = string(value.get("paperId"))
    named = flat(dig(journal, "name")) or flat(dig(venue, "name")) or flat(value.get("venue"))
    open_ = value.get("isOpenAccess", value.get("isopenaccess"))
    return citation(
        FORMAT,
        name,
        item.number,
        item.data,
        title=flat(value.get("title")),
        parts=parts(value.get("abstract")),
        dated=from_text(date or string(value.get("year"))),
        authors=[_author(each) for each in listed(value.get("authors"))],
        pages=string(dig(journal, "pages")),
        copyright_=string(value.get("copyright")),
        licence=_licence(string(dig(value, "openAccessPdf", "license"))),
        notes=(string(value.get("note")),),
        journal=named,
        issn=read_issn(dig(venue, "issn")),
        volume=string(dig(journal, "volume")),
        doi=read_doi(dig(ids, "DOI")),
        pmid=read_pmid(dig(ids, "PubMed")),
        pmcid=numbered_pmcid(dig(ids, "PubMedCentral")),
        url=string(value.get("url"))
        or (f"https://www.semanticscholar.org/paper/{paper}" if paper else None),
        open_access=open_ if isinstance(open_, bool) else None,
        publication_types=tuple(
            _WORDS.sub(" ", each)
            for each in strings(value.get("publicationTypes") or value.get("publicationtypes"))
        ),
        references=tuple(_references(value)),
        source_platform="Semantic Scholar",
        metrics=(("cited_by_semantic_scholar", cited),) if cited else (),
    )


def _licence(printed: str | None) -> str | None:
    """Return a licence in the words that licence_name reads: CCBYNC is CC BY-NC."""
    found = re.fullmatch(r"(?i)cc-?by((?:-?(?:nc|nd|sa))*)", printed or "")
    return (
        "CC BY" + "".join(f"-{each}" for each in re.findall(r"nc|nd|sa", found[1].lower()))
        if found
        else printed
    )


def _author(value: Any) -> Author | None:
    found = direct(string(dig(value, "name")) or "")
    if found is None or found.collective:
        return found
    return Author(
        found.name,
        found.family,
        found.given,
        found.suffix,
        False,
        read_orcid(dig(value, "externalIds", "ORCID")),
        strings(dig(value, "affiliations")),
    )


def _references(value: dict[str, Any]) -> Iterator[Reference]:
    for each in listed(value.get("references")):
        title, year = flat(dig(each, "title")), dig(each, "year")
        doi = read_doi(dig(each, "externalIds", "DOI"))
        pmid = read_pmid(dig(each, "externalIds", "PubMed"))
        names = tuple(
            text for one in listed(dig(each, "authors")) if (text := string(dig(one, "name")))
        )
        number = year if isinstance(year, int) else None
        if title or doi or pmid:
            raw = ". ".join(each for each in (", ".join(names), title, string(year)) if each)
            yield Reference(None, raw, None, None, names, title, None, number, doi, pmid)
