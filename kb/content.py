"""Read what is compared of a knowledge base: articles, claims with their numbers, rules, evidence."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
# What a change of counts as a change of the whole; offsets, sections and patterns do not.
ARTICLE_FIELDS = (
    "title",
    "journal",
    "year",
    "doi",
    "pmid",
    "pmcid",
    "design",
    "evidence_level",
    "n_patients",
    "content_level",
    "digest",
    "retracted",
    "text",
)
CLAIM_FIELDS = (
    "kind",
    "subkind",
    "quote",
    "focus",
    "assertion",
    "temporality",
    "basis",
    "species",
    "attribution",
    "polarity",
    "strength",
    "condition",
    "direction",
    "measure",
    "comparator",
    "is_patient_result",
    "concepts",
    "measurements",
)
RULE_FIELDS = (
    "title",
    "question",
    "status",
    "source",
    "reviewed_on",
    "review_due",
    "caveats",
    "inputs",
    "cases",
    "grade",
)


_ARTICLES = """
select articles.*, sha256, length || ' characters, ' || substr(sha256, 1, 8) as text
from articles left join documents using (article_id) order by article_id
"""
_CONCEPTS = "select claim_id, concept_id from claim_concepts order by claim_id, concept_id"
_NUMBERS = "select * from measurements order by claim_id, start, measurement_id"
_RULES = """
select rules.*, json_extract(strength_of_evidence, '$.grade') as grade,
  (select group_concat(said, '; ') from (
    select "then" || ' [' || strength || '] when ' || "when" as said from rule_cases
    where rule_cases.rule_id = rules.rule_id order by position)) as cases
from rules order by rule_id
"""


class ContentError(ValueError):
    """A file that holds no knowledge base, or one of another version of the program."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is compared of one database, each by its id."""

    meta: dict[str, str]
    articles: dict[str, Row]
    claims: dict[str, Row]
    rules: dict[str, Row]
    evidence: dict[str, dict[str, Row]]


def read_content(connection: sqlite3.Connection) -> Content:
    """Return what is compared of a database; raise ``ContentError`` where something of it is missing."""
    try:
        content = _content(connection)
    except (sqlite3.Error, KeyError) as error:
        raise ContentError(f"{error}; a database made by this kb build was expected") from None
    lacking = [each for each in ("generation", "built_at") if each not in content.meta]
    for rows, fields in (
        (content.articles, ARTICLE_FIELDS),
        (content.claims, CLAIM_FIELDS),
        (content.rules, RULE_FIELDS),
    ):
        lacking += sorted(set(fields) - next(iter(rows.values()), dict.fromkeys(fields)).keys())
    if lacking:
        raise ContentError(
            f"no {', '.join(lacking)}; a database made by this kb build was expected"
        )
    return content


def _rows(connection: sqlite3.Connection, sql: str) -> list[Row]:
    cursor = connection.execute(sql)
    names = [each[0] for each in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _content(connection: sqlite3.Connection) -> Content:
    articles = _rows(connection, _ARTICLES)
    claims = _rows(connection, "select * from claims order by article_id, start, claim_id")
    concepts = _grouped(_rows(connection, _CONCEPTS), lambda each: str(each["concept_id"]))
    numbers = _grouped(_rows(connection, _NUMBERS), _number)
    for each in claims:
        each["concepts"] = ", ".join(concepts.get(each["claim_id"], ())) or None
        each["measurements"] = "; ".join(numbers.get(each["claim_id"], ())) or None
    rules = _rows(connection, _RULES)
    evidence: dict[str, dict[str, Row]] = defaultdict(dict)
    for each in _rows(connection, "select * from evidence order by rule_id, stance, claim_id"):
        evidence[each["rule_id"]][each["claim_id"]] = each
    return Content(
        dict(connection.execute("select key, value from meta").fetchall()),
        {each["article_id"]: each for each in articles},
        {each["claim_id"]: each for each in claims},
        {each["rule_id"]: each for each in rules},
        evidence,
    )


def _number(row: Row) -> str:
    """Return a measurement in words, with what is stated of it and nothing else."""
    value = None if row["value"] is None else f"{row['operator'] or ''}{row['value']:g}"
    ends = [None if row[each] is None else f"{row[each]:g}" for each in ("low", "high")]
    counts = [row["numerator"], row["denominator"]]
    parts = (
        (row["measure"] or "").replace("_", " "),
        row["statistic"],
        value,
        row["unit"],
        " to ".join(each or "?" for each in ends) if any(ends) else None,
        "{} of {}".format(*("?" if each is None else each for each in counts))
        if counts != [None, None]
        else None,
        None if row["percent"] is None else f"{row['percent']:g} %",
        None if row["n"] is None else f"n = {row['n']}",
        row["time_text"],
        None if row["p_value"] is None else f"p {row['p_operator'] or '='} {row['p_value']:g}",
        (row["direction"] or "").replace("_", " "),
    )
    return " ".join(str(each) for each in parts if each)


def _grouped(rows: Iterable[Row], words: Callable[[Row], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in rows:
        found[each["claim_id"]].append(words(each))
    return found
