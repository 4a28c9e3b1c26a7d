"""Turn identifiers in table cells into links, safely."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

_PAGES = {
    "claim_id": "/-/claim/",
    "risk_id": "/-/claim/",
    "mitigation_id": "/-/claim/",
    "restates": "/-/claim/",
    "article_id": "/-/article/",
    "target_article_id": "/-/article/",
    "other_article_id": "/-/article/",
    "rule_id": "/-/rule/",
}
_OUTSIDE = {
    "doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
}


ARTICLES = ("article_id", "target_article_id", "other_article_id")

# What sources state or do not; elsewhere an empty cell means that there is none.
STATED = frozenset(
    [
        "title",
        "authors",
        "journal",
        "year",
        "date",
        "volume",
        "issue",
        "pages",
        "doi",
        "pmid",
        "pmcid",
        "language",
        "licence",
        "citation",
        "n_patients",
        "follow_up",
        "data_period",
        "evidence_level",
        "measure",
        "value",
        "low",
        "high",
        "unit",
        "numerator",
        "denominator",
        "n",
        "percent",
        "time_months",
        "time_text",
        "ci_low",
        "ci_high",
        "p_value",
        "comparator",
        "direction",
    ]
)


def cell_link(column: str, value: Any, retracted: bool = False) -> Markup | None:
    """Return a link for an identifier's cell, or the words for what no source states; else None.

    ``retracted`` adds what every page says of such an article.
    """
    if value is None and column in STATED:
        return Markup('<span class="unsaid">not stated</span>')
    if not isinstance(value, str) or not value:
        return None
    if column in ARTICLES and retracted:
        return Markup('<a href="{}{}">{}</a> <b class="warn">RETRACTED</b>').format(
            _PAGES[column], quote(value, safe=""), value
        )
    if column in _PAGES:
        return Markup('<a href="{}{}">{}</a>').format(_PAGES[column], quote(value, safe=""), value)
    if column in _OUTSIDE:
        return Markup('<a href="{}{}">{}</a>').format(
            _OUTSIDE[column], quote(value, safe="/"), value
        )
    if column == "url" and re.match(r"https?://", value):
        return Markup('<a href="{}">{}</a>').format(value, value)
    return None
