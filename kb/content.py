"""Read what two knowledge bases do not share: articles, claims with their numbers, rules, evidence.

Both are read in the order of their ids, side by side: what is the same on both sides is let go at
once, so that memory follows the difference and not the size.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
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
_CLAIMS = """
select claims.*,
  (select group_concat(concept_id, ', ') from (
    select concept_id from claim_concepts where claim_concepts.claim_id = claims.claim_id
    order by concept_id)) as concepts,
  (select json_group_array(json_object('measure', measure, 'statistic', statistic,
    'operator', operator, 'value', value, 'unit', unit, 'low', low, 'high', high,
    'numerator', numerator, 'denominator', denominator, 'percent', percent, 'n', n,
    'time_text', time_text, 'group_text', group_text, 'comparator', comparator,
    'transition', transition, 'p_operator', p_operator, 'p_value', p_value,
    'direction', direction)) from (
    select * from measurements where measurements.claim_id = claims.claim_id
    order by start, measurement_id)) as measurements
from claims order by claim_id
"""
_RULES = """
select rules.*, json_extract(strength_of_evidence, '$.grade') as grade,
  (select group_concat(said, '; ') from (
    select "then" || ' [' || strength || '] when ' || "when" as said from rule_cases
    where rule_cases.rule_id = rules.rule_id order by position)) as cases
from rules order by rule_id
"""
_EVIDENCE = """
select evidence.*, display from evidence join claims using (claim_id)
order by evidence.rule_id, evidence.claim_id
"""


class ContentError(ValueError):
    """A file that holds no knowledge base, or one of another version of the program."""


@dataclass(frozen=True, slots=True)
class Content:
    """What one database has that another has not or has otherwise, each by its id; all of its rules."""

    meta: dict[str, str]
    articles: dict[str, Row]
    claims: dict[str, Row]
    rules: dict[str, Row]
    evidence: dict[str, dict[str, Row]]


def check_content(connection: sqlite3.Connection) -> None:
    """Raise ``ContentError`` where a database lacks what is compared."""
    try:
        meta = _meta(connection)
        lacking = [each for each in ("generation", "built_at") if each not in meta]
        for sql, fields in (
            (_ARTICLES, ARTICLE_FIELDS),
            (_CLAIMS, CLAIM_FIELDS),
            (_RULES, RULE_FIELDS),
            (_EVIDENCE, ("stance", "counted")),
        ):
            cursor = connection.execute(f"{sql} limit 0")
            lacking += sorted(set(fields) - {each[0] for each in cursor.description})
    except sqlite3.Error as error:
        raise ContentError(f"{error}; a database made by this kb build was expected") from None
    if lacking:
        raise ContentError(
            f"no {', '.join(lacking)}; a database made by this kb build was expected"
        )


def unlike_contents(old: sqlite3.Connection, new: sqlite3.Connection) -> tuple[Content, Content]:
    """Return what each of two databases has that the other has not; raise ``ContentError``."""
    check_content(old)
    check_content(new)
    sides = [
        Content(_meta(each), {}, {}, {row["rule_id"]: row for row in _rows(each, _RULES)}, {})
        for each in (old, new)
    ]
    try:
        for side, row in _unlike(old, new, _ARTICLES, ("article_id",), ARTICLE_FIELDS):
            sides[side].articles[row["article_id"]] = row
        for side, row in _unlike(old, new, _CLAIMS, ("claim_id",), CLAIM_FIELDS):
            numbers = [_number(each) for each in json.loads(row["measurements"])]
            row["measurements"] = "; ".join(numbers) or None
            sides[side].claims[row["claim_id"]] = row
        for side, row in _unlike(
            old, new, _EVIDENCE, ("rule_id", "claim_id"), ("stance", "counted")
        ):
            sides[side].evidence.setdefault(row["rule_id"], {})[row["claim_id"]] = row
    except sqlite3.Error as error:
        raise ContentError(f"{error}; a sound database was expected") from None
    return sides[0], sides[1]


def _meta(connection: sqlite3.Connection) -> dict[str, str]:
    return {row["key"]: row["value"] for row in _rows(connection, "select key, value from meta")}


def _rows(connection: sqlite3.Connection, sql: str) -> Iterator[Row]:
    cursor = connection.execute(sql)
    names = [each[0] for each in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def _unlike(
    old: sqlite3.Connection,
    new: sqlite3.Connection,
    sql: str,
    names: Sequence[str],
    fields: Sequence[str],
) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a query, in the order of ``names``, that are not the same on both sides.

    Each comes with its side: 0 the old one, 1 the new one.
    """

    def key(row: Row) -> Any:
        return tuple(row[each] for each in names)

    def same(one: Row, other: Row) -> bool:
        return all(one[each] == other[each] for each in fields)

    before, after = _rows(old, sql), _rows(new, sql)
    left, right = next(before, None), next(after, None)
    while left is not None or right is not None:
        first = left is not None and (right is None or key(left) <= key(right))
        second = right is not None and (left is None or key(right) <= key(left))
        if not (first and second and left and right and same(left, right)):
            yield from [(0, left)] if first and left else []
            yield from [(1, right)] if second and right else []
        left = next(before, None) if first else left
        right = next(after, None) if second else right


def _number(row: Row) -> str:
    """Return a measurement in words, with what is stated of it and nothing else."""
    size = row["value"] if row["value"] is not None or row["denominator"] else row["numerator"]
    value = (
        None if size is None else f"{row['operator'] or ''}{size:g} {row['unit'] or ''}".rstrip()
    )
    value = "none" if row["numerator"] == 0 else value
    ends = [None if row[each] is None else f"{row[each]:g}" for each in ("low", "high")]
    counts = [row["numerator"], row["denominator"]]
    parts = (
        (row["measure"] or "").replace("_", " "),
        row["statistic"],
        value,
        " to ".join(each or "?" for each in ends) if any(ends) else None,
        None if None in counts else "{} of {}".format(*counts),
        None if row["percent"] is None else f"{row['percent']:g} %",
        None if row["n"] is None else f"n = {row['n']}",
        row["time_text"],
        row["transition"],
        None if row["group_text"] is None else f"in {row['group_text']}",
        None if row["comparator"] is None else f"against {row['comparator']}",
        None if row["p_value"] is None else f"p {row['p_operator'] or '='} {row['p_value']:g}",
        (row["direction"] or "").replace("_", " "),
    )
    return " ".join(str(each) for each in parts if each)
