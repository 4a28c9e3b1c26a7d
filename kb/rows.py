"""Turn an article's claims into rows of the knowledge base."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ingest.model import Claim, Extraction, Measurement
from ingest.text import sha256

Row = dict[str, Any]


def is_patient_result(claim: Claim, extraction: Extraction) -> bool:
    """Tell whether a claim may enter an aggregate of patient results."""
    return (
        claim.kind in {"outcome", "risk"}
        and claim.basis == "patients"
        and claim.attribution == "own"
        and claim.temporality == "current"
        and claim.subkind not in {"background", "presentation"}
        and extraction.design.design != "wiki_tertiary"
    )


def named_apart(article_id: str, extraction: Extraction, taken: set[str]) -> Extraction:
    """Return the extraction with ids of claims that are not ``taken``, and take them.

    Ids name an article's words. Articles that are kept apart though they share an identifier or
    a title, and say the same, take the article's id into theirs.
    """
    ids = {claim.id for claim in extraction.claims}
    own = _renamed(article_id, extraction) if taken & ids else extraction
    taken |= {claim.id for claim in own.claims}
    return own


def _renamed(article_id: str, extraction: Extraction) -> Extraction:
    def name(old: str) -> str:
        return "c" + sha256(f"{article_id}|{old}".encode())[:14]

    claims = tuple(
        replace(
            each,
            id=name(each.id),
            restates=name(each.restates) if each.restates else None,
            mitigates=tuple(map(name, each.mitigates)),
        )
        for each in extraction.claims
    )
    return replace(extraction, claims=claims)


def claim_rows(article_id: str, extraction: Extraction) -> Iterator[Row]:
    """Yield the rows of an article's claims."""
    document = extraction.document
    headings = [each.heading for each in document.sections]
    for claim in extraction.claims:
        focus = (
            document.text[claim.focus_start : claim.focus_end]
            if claim.focus_start is not None
            else None
        )
        same = (
            "kind",
            "subkind",
            "quote",
            "display",
            "start",
            "end",
            "focus_start",
            "focus_end",
            "section",
            "assertion",
            "temporality",
            "basis",
            "species",
            "attribution",
            "polarity",
            "strength",
            "strength_wording",
            "condition",
            "direction",
            "measure",
            "comparator",
            "pattern",
            "restates",
        )
        yield {
            "claim_id": claim.id,
            "article_id": article_id,
            **{name: getattr(claim, name) for name in same},
            "focus": focus,
            "section_heading": headings[claim.section] if claim.section < len(headings) else None,
            "cited_references": json.dumps(list(claim.cited_references)),
            "is_patient_result": int(is_patient_result(claim, extraction)),
        }


def mention_rows(article_id: str, extraction: Extraction) -> Iterator[Row]:
    """Yield the rows that link claims to concepts."""
    for claim in extraction.claims:
        for concept in dict.fromkeys(each.concept for each in claim.mentions):
            each = next(one for one in claim.mentions if one.concept == concept)
            yield {
                "claim_id": claim.id,
                "concept_id": concept,
                "facet": each.facet,
                "start": each.start,
                "end": each.end,
                "inherited": int(each.inherited),
            }


def measurement_rows(article_id: str, extraction: Extraction) -> Iterator[Row]:
    """Yield the rows of an article's measurements."""
    for claim in extraction.claims:
        for number, each in enumerate(claim.measurements):
            yield _measurement(claim, number, each, extraction.record.text)


def _measurement(claim: Claim, number: int, each: Measurement, text: str) -> Row:
    same = (
        "measure",
        "statistic",
        "value",
        "low",
        "high",
        "spread",
        "operator",
        "unit",
        "numerator",
        "denominator",
        "n",
        "percent",
        "percent_derived",
        "time_months",
        "time_text",
        "ci_low",
        "ci_high",
        "ci_level",
        "p_operator",
        "p_value",
        "comparator",
        "transition",
        "start",
        "end",
    )
    return {
        "measurement_id": f"{claim.id}-{number}",
        "claim_id": claim.id,
        **{name: getattr(each, name) for name in same},
        "group_text": each.group,
        "direction": each.direction or claim.direction,
        "derived": int(each.derived),
        "written": text[each.start : each.end],
    }


def mitigation_rows(article_id: str, extraction: Extraction) -> Iterator[Row]:
    """Yield the rows that link a mitigation to the risks it lowers."""
    for claim in extraction.claims:
        for risk in claim.mitigates:
            yield {"mitigation_id": claim.id, "risk_id": risk}
