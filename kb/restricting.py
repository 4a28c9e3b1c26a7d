"""Find what a restriction of a question leaves: the claims or articles with a value, in a range, by somebody."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping

from kb.questions import Question, Restriction

Ranked = Callable[[str, Question], list[str]]

_CONCEPT = """claims.claim_id in (select claim_id from claim_concepts join concepts using (concept_id)
  where concepts.facet in ({facets}) and (concepts.concept_id = :low collate nocase
    or concepts.label = :low collate nocase
    or exists (select 1 from json_each(concepts.broader) where value = :low collate nocase)))"""
_DATE = "coalesce(articles.date, cast(articles.year as text))"
_OF_CLAIMS: Mapping[str, str] = {
    "kind": "claims.kind = lower(:low) or claims.subkind = lower(:low)",
    "assertion": "claims.assertion = lower(:low)",
    "polarity": "claims.polarity = lower(:low)",
    "measure": "claims.measure = lower(replace(:low, ' ', '_'))",
    "procedure": _CONCEPT.format(facets="'procedures', 'approaches'"),
    "tumour": _CONCEPT.format(facets="'tumours', 'sites'"),
    "level": _CONCEPT.format(facets="'levels'"),
}
_OF_ARTICLES: Mapping[str, str] = {
    "design": "articles.design = lower(replace(:low, ' ', '_'))",
    "article": """articles.article_id = :low or articles.pmid = :low or articles.doi = :low collate nocase
      or articles.pmcid = :low collate nocase""",
    "level_of_evidence": """articles.evidence_level >= cast(coalesce(:low, 0) as integer)
      and articles.evidence_level <= cast(coalesce(:high, 9) as integer)""",
    "year": f"""substr({_DATE}, 1, 4) >= coalesce(substr(:low, 1, 4), '')
      and substr({_DATE}, 1, 4) <= coalesce(substr(:high, 1, 4), '9999')""",
    # A date is as precise as printed: it is in a range if it may be.
    "date": f"""substr({_DATE} || substr(coalesce(:low, ''), length({_DATE}) + 1), 1, 10) >= coalesce(:low, '')
      and substr({_DATE}, 1, length(coalesce(:high, '9'))) <= coalesce(:high, '9')""",
}
# Asked of a facet where nothing is known.
_NOT_STATED = {"year": "articles.year is null", "measure": "claims.measure is null"}


def _values(restriction: Restriction) -> dict[str, str | None]:
    return {"low": restriction.low, "high": restriction.high}


def _condition(restriction: Restriction) -> tuple[str, bool]:
    """Return the SQL of a restriction, and whether it is one of claims."""
    name = restriction.field
    of_claims = name in _OF_CLAIMS
    if restriction.low == "not stated" and name in _NOT_STATED:
        return _NOT_STATED[name], of_claims
    return (_OF_CLAIMS if of_claims else _OF_ARTICLES)[name], of_claims


def keys_of(
    connection: sqlite3.Connection, restriction: Restriction, unit: str, ranked: Ranked
) -> list[str]:
    """Return the claims that a restriction leaves, or, for other units, the articles.

    ``ranked`` answers words in a field of another unit; it is given the unit and the question.
    """
    if restriction.part is not None:
        other = "claims" if restriction.field == "claims" else "articles"
        found = ranked(other, Question("", (), (restriction.part,), (), ()))
        return _moved(connection, found, other, unit)
    condition, of_claims = _condition(restriction)
    target = "claims.claim_id" if unit == "claims" else "articles.article_id"
    source = (
        "claims join articles using (article_id)" if of_claims or unit == "claims" else "articles"
    )
    sql = f"select distinct {target} from {source} where {condition}"
    return [row[0] for row in connection.execute(sql, _values(restriction))]


def _moved(connection: sqlite3.Connection, found: list[str], other: str, unit: str) -> list[str]:
    """Return the claims of articles, or the articles of claims."""
    if (other == "claims") == (unit == "claims"):
        return found
    sql = (
        "select claim_id from claims where article_id in (select value from json_each(?))"
        if unit == "claims"
        else "select distinct article_id from claims where claim_id in (select value from json_each(?))"
    )
    return [row[0] for row in connection.execute(sql, [json.dumps(found)])]
