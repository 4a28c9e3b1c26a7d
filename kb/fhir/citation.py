"""Make a FHIR R5 Citation of an article (https://hl7.org/fhir/R5/citation.html)."""

from __future__ import annotations

import re
from typing import Any

from kb.fhir import Resource, concept, fhir_id, filled
from kb.styles import DEFAULT, styles
from kb.works import OWN_WORDS, Person, Work

_PERIODICAL = {"system": "http://hl7.org/fhir/published-in-type", "code": "D020547"}


def citation(work: Work, digest: bool, home: str) -> Resource:
    """Return the citation of an article as it is known."""
    return filled(
        {
            "resourceType": "Citation",
            "id": fhir_id("article", work.id),
            "url": home + work.address,
            "status": "active",
            "summary": [
                {"style": {"text": DEFAULT}, "text": styles()[DEFAULT].render([work], home)}
            ],
            "currentState": [concept("retracted")] if work.retracted else [],
            "note": [{"text": f"Claims are read from a digest: {OWN_WORDS}."}] if digest else [],
            "citedArtifact": filled(
                {
                    "identifier": _identifiers(work),
                    "currentState": [concept("retracted")] if work.retracted else [],
                    "title": _titles(work),
                    "relatesTo": [
                        {
                            "type": "retracted-by"
                            if "Retraction" in each.label
                            else "amended-with",
                            "citation": f"{each.label}: {each.text or 'not stated'}",
                        }
                        for each in work.notices
                        if each.label.endswith(" in")
                    ],
                    "publicationForm": _form(work),
                    "webLocation": [{"url": work.url}] if work.url else [],
                    "classification": [
                        {
                            "type": {"text": "publication type"},
                            "classifier": [concept(each) for each in work.publication_types],
                        }
                    ]
                    if work.publication_types
                    else [],
                    "contributorship": _contributorship(work),
                }
            ),
        }
    )


def _identifiers(work: Work) -> list[dict[str, str]]:
    systems = (
        ("https://pubmed.ncbi.nlm.nih.gov", work.pmid),
        ("https://doi.org", work.doi),
        ("https://www.ncbi.nlm.nih.gov/pmc", work.pmcid),
    )
    return [{"system": system, "value": value} for system, value in systems if value]


def _titles(work: Work) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if work.title:
        kinds = [concept("translated title" if work.translated else "primary title")]
        found.append({"type": kinds, "text": work.title})
    if work.original_title and work.original_title != work.title:
        found.append({"type": [concept("original title")], "text": work.original_title})
    return found


def _form(work: Work) -> list[Resource]:
    span = re.fullmatch(r"([^-]+)-([^-]+)", work.pages or "")
    journal = filled(
        {
            "type": {"coding": [_PERIODICAL], "text": "Periodical"}
            if work.type == "article-journal"
            else None,
            "title": work.journal or work.site,
            "identifier": [{"system": "urn:issn", "value": work.issn}] if work.issn else [],
            "publisher": {"display": work.publisher} if work.publisher else None,
        }
    )
    form = filled(
        {
            "publishedIn": journal,
            "volume": work.volume,
            "issue": work.issue,
            "articleDate": work.date or (str(work.year) if work.year else None),
            "publicationDateText": work.date_raw,
            "language": [{"text": work.language}] if work.language else [],
            "firstPage": span[1] if span else None,
            "lastPage": span[2] if span else None,
            "pageString": work.pages,
        }
    )
    return [form] if form else []


def _contributorship(work: Work) -> Resource | None:
    if not work.authors:
        return None
    return filled(
        {
            "complete": work.authors_complete,
            "entry": [
                {
                    "contributor": {"display": _name(each)},
                    "contributionType": [concept("author")],
                    "rankingOrder": at,
                }
                for at, each in enumerate(work.authors, start=1)
            ],
        }
    )


def _name(person: Person) -> str:
    parts = (person.given, person.family, person.suffix)
    return person.name if person.collective else " ".join(each for each in parts if each)
