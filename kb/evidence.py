"""Store the rules and link to each the claims that bear on it, on both sides."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from typing import Any

from kb.rules import STANCES, Rule, RuleError, case_evidence_sql
from kb.strength import strength_of_evidence


def store_rules(connection: sqlite3.Connection, rules: Sequence[Rule]) -> None:
    """Store the rules and their cases."""
    for rule in rules:
        connection.execute(
            "insert into rules (rule_id, title, question, status, topic, source, source_year, source_doi, source_pmid, reviewed_by, reviewed_on, review_due, inputs, evidence_sql, caveats, gaps)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                rule.id,
                rule.title,
                rule.question,
                rule.status,
                rule.topic,
                rule.source.citation,
                rule.source.year,
                rule.source.doi,
                rule.source.pmid,
                rule.reviewed_by,
                rule.reviewed_on,
                rule.review_due,
                json.dumps(rule.inputs),
                rule.evidence,
                json.dumps(rule.caveats),
                json.dumps(rule.gaps),
            ),
        )
        for position, case in enumerate(rule.cases):
            connection.execute(
                'insert into rule_cases (rule_id, case_id, position, "when", "then", strength, provenance, told_by) values (?, ?, ?, ?, ?, ?, ?, ?)',
                (
                    rule.id,
                    case.id,
                    position,
                    json.dumps(case.when),
                    case.then,
                    case.strength,
                    case.provenance,
                    case.told_by,
                ),
            )
        for number, tension in enumerate(rule.tensions):
            connection.executemany(
                "insert into tensions (rule_id, number, about, note, side, position, side_rule_id, stance, side_case_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        rule.id,
                        number,
                        tension.about,
                        tension.note,
                        place,
                        side.position,
                        side.rule,
                        side.stance,
                        side.case,
                    )
                    for place, side in enumerate(tension.sides)
                ],
            )


_FACTS = """
select claims.claim_id, claims.basis, claims.attribution, claims.temporality, claims.restates, articles.retracted, claims.subkind
from claims join articles using (article_id)
"""


def _label(row: sqlite3.Row | tuple[Any, ...], status: str) -> str | None:
    """Return why a claim is shown and not counted, None where it is counted."""
    basis, attribution, temporality, restates, retracted, subkind = row[1:7]
    if retracted:
        return "retracted article"
    if basis in {"animal", "in_vitro", "cadaver", "model"}:
        return f"{basis.replace('_', ' ')} study"
    if attribution == "cited":
        return "another group's finding"
    if status == "current" and temporality != "current":
        return str(temporality)
    if subkind == "presentation":
        return "how patients came"
    return "restates another claim of the article" if restates else None


def link_evidence(connection: sqlite3.Connection, rules: Sequence[Rule]) -> int:
    """Fill the evidence of every rule with its strength and return the number of rows.

    Raise ``RuleError`` where a rule's query gives one claim two stances.
    """
    facts = {row[0]: row for row in connection.execute(_FACTS)}
    # A view is worked out anew by every query; a table of the same name stands before it.
    connection.execute("create temp table claim_facts as select * from main.claim_facts")
    total = 0
    for rule in rules:
        seen: dict[str, str] = {}
        for claim, stance, reason in connection.execute(rule.evidence).fetchall():
            if stance is None:
                continue
            if stance not in STANCES:
                raise RuleError(
                    f"{rule.id} evidence: stance {stance!r}; one of {STANCES} was expected"
                )
            if seen.setdefault(claim, stance) != stance:
                raise RuleError(
                    f"{rule.id} evidence: claim {claim} both {seen[claim]} and {stance}; stances are mutually exclusive"
                )
            label = _label(facts[claim], rule.status)
            connection.execute(
                "insert or ignore into evidence (rule_id, claim_id, stance, reason, counted, label) values (?, ?, ?, ?, ?, ?)",
                (rule.id, claim, stance, re.sub(r"\s+", " ", reason), int(label is None), label),
            )
        _link_cases(connection, rule)
        connection.execute(
            "update rules set strength_of_evidence = ? where rule_id = ?",
            (json.dumps(strength_of_evidence(connection, rule.id, rule.reviewed_on)), rule.id),
        )
        total += len(seen)
    connection.execute("drop table temp.claim_facts")
    return total


def _link_cases(connection: sqlite3.Connection, rule: Rule) -> None:
    for case in rule.cases:
        if case.told_by:
            rows = connection.execute(case_evidence_sql(case), {"rule": rule.id}).fetchall()
            connection.executemany(
                "insert into case_evidence (rule_id, case_id, claim_id) values (?, ?, ?)",
                [(rule.id, case.id, row[0]) for row in rows],
            )
