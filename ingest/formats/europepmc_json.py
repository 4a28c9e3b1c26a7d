"""Read Europe PMC JSON, the answers of its search service, lite and core.

After the Articles RESTful API (https://europepmc.org/RestfulWebService).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.model import Author, Failure, Link, Record
from ingest.parsing.citations import UNDATED, citation
from ingest.parsing.dates import Printed, from_text
from ingest.parsing.fragments import flat, parts
from ingest.parsing.identifiers import read_doi, read_issn, read_orcid, read_pmcid, read_pmid
from ingest.parsing.jsonfile import Item, has_keys, items, records
from ingest.parsing.jsonvalues import dig, listed, string, strings
from ingest.parsing.languages import language_code
from ingest.parsing.names import author, group, inverted, split_suffix

FORMAT = "europepmc_json"
SUREST = 97
_RELATIONS = {"preprint_in": "has_preprint"}


def sniff(head: bytes, name: str) -> int:
    """Return 97 where the head has the keys of a Europe PMC answer or article."""
    if has_keys(head, "resultList") or has_keys(head, "hitCount"):
        return 97
    own = "authorString|pubYear|journalInfo|abstractText"
    return 96 if has_keys(head, "source", own) and has_keys(head, "id", "title") else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every result in order; a broken one is a failure and its neighbours live."""
    found = items(stream, ("result", "resultList"), _is_record)
    yield from records(FORMAT, found, name, _record)


def _is_record(value: dict[str, Any]) -> bool:
    return "id" in value and "source" in value and ("title" in value or "pubYear" in value)


def _record(item: Item, name: str) -> Record:
    value = item.value
    pmid = read_pmid(value.get("pmid"))
    if pmid is None and string(value.get("source")) == "MED":
        pmid = read_pmid(value.get("id"))
    journal = dig(value, "journalInfo", "journal")
    cited = string(value.get("citedByCount"))
    return citation(
        FORMAT,
        name,
        item.number,
        item.data,
        title=flat(value.get("title")),
        parts=parts(value.get("abstractText")),
        dated=_date(value),
        authors=_authors(value),
        pages=string(value.get("pageInfo")),
        copyright_=string(value.get("copyright")),
        licence=_licence(string(value.get("license"))),
        notes=(string(value.get("note")),),
        journal=flat(dig(journal, "title"))
        or flat(value.get("journalTitle"))
        or flat(_book(value, "title")),
        journal_abbrev=flat(dig(journal, "isoabbreviation") or dig(journal, "medlineAbbreviation")),
        publisher=flat(_book(value, "publisher")),
        issn=read_issn(dig(journal, "issn") or dig(journal, "essn") or value.get("journalIssn")),
        volume=string(dig(value, "journalInfo", "volume")) or string(value.get("journalVolume")),
        issue=string(dig(value, "journalInfo", "issue")) or string(value.get("issue")),
        doi=read_doi(value.get("doi")),
        pmid=pmid,
        pmcid=read_pmcid(value.get("pmcid")),
        url=f"https://europepmc.org/article/{value.get('source')}/{value.get('id')}",
        language=language_code(string(value.get("language"))),
        open_access={"Y": True, "N": False}.get(string(value.get("isOpenAccess")) or ""),
        publication_types=_types(value),
        mesh=tuple(_headings(value)),
        keywords=strings(dig(value, "keywordList", "keyword")),
        links=tuple(_links(value)),
        source_platform="Europe PMC",
        last_updated=from_text(string(value.get("dateOfRevision"))).date,
        metrics=(("cited_by_europe_pmc", cited),) if cited else (),
    )


def _book(value: dict[str, Any], key: str) -> Any:
    return dig(value, "bookOrReportDetails", key)


def _licence(printed: str | None) -> str | None:
    return (
        f"Creative Commons {printed}" if printed and printed.lower().startswith("cc") else printed
    )


def _types(value: dict[str, Any]) -> tuple[str, ...]:
    found = strings(dig(value, "pubTypeList", "pubType"))
    return found or strings((string(value.get("pubType")) or "").split("; "))


def _date(value: dict[str, Any]) -> Printed:
    """Return the issue's printed date; the first-publication date stands in where it is absent."""
    printed = string(dig(value, "journalInfo", "dateOfPublication"))
    year = string(value.get("pubYear")) or string(_book(value, "yearOfPublication"))
    first = string(value.get("firstPublicationDate"))
    # Of a preprint it is the day of its posting.
    posted = first if string(value.get("source")) == "PPR" else None
    for each in (printed, posted, year, first):
        dated = from_text(each)
        if dated.year is not None:
            return dated
    return UNDATED


def _authors(value: dict[str, Any]) -> list[Author | None]:
    people = listed(dig(value, "authorList", "author"))
    if not people:
        names = (string(value.get("authorString")) or "").rstrip(".").split(", ")
        return [inverted(each) for each in names if each]
    return [_author(each) for each in people if isinstance(each, dict)]


def _author(value: dict[str, Any]) -> Author | None:
    details = listed(dig(value, "authorAffiliationDetailsList", "authorAffiliation"))
    places = tuple(text for each in details if (text := flat(dig(each, "affiliation"))))
    own = flat(value.get("affiliation"))
    places = places or ((own,) if own else ())
    if value.get("collectiveName"):
        return group(flat(value.get("collectiveName")), places)
    orcid = read_orcid(dig(value, "authorId", "value"))
    family, given = (
        flat(value.get("lastName")),
        flat(value.get("firstName") or value.get("initials")),
    )
    family, suffix = split_suffix(family)
    suffix = flat(value.get("suffix")) or suffix
    return author(family, given, suffix, orcid, places) or inverted(
        string(value.get("fullName")) or ""
    )


def _headings(value: dict[str, Any]) -> Iterator[str]:
    for each in listed(dig(value, "meshHeadingList", "meshHeading")):
        name = string(dig(each, "descriptorName"))
        qualifiers = listed(dig(each, "meshQualifierList", "meshQualifier"))
        named = [text for one in qualifiers if (text := string(dig(one, "qualifierName")))]
        if name:
            yield from [f"{name}/{one}" for one in named] or [name]


def _links(value: dict[str, Any]) -> Iterator[Link]:
    for each in listed(dig(value, "commentCorrectionList", "commentCorrection")):
        relation = "_".join((string(dig(each, "type")) or "related").lower().split())
        own, source = string(dig(each, "id")), string(dig(each, "source"))
        pmid = read_pmid(own) if source == "MED" else None
        # What has no PMID is known by the service's own number alone: a preprint's PPR1.
        named = (string(dig(each, "reference")), own if pmid is None else None)
        raw = " ".join(one for one in named if one) or own or relation
        yield Link(_RELATIONS.get(relation, relation), raw, pmid, read_doi(raw))
