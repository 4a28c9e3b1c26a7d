"""Export decision rules with their evidence as a bundle of FHIR R5 resources.

For each rule: a PlanDefinition, the Evidence behind it with its certainty, an ArtifactAssessment of
every claim that bears on it, the claims as Evidence and their articles as Citations
(https://hl7.org/fhir/R5/bundle.html).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from kb import places
from kb.connection import rows_of
from kb.export import known
from kb.fhir import Resource, fhir_id
from kb.fhir.assessment import assessment
from kb.fhir.citation import citation
from kb.fhir.evidence import claim_evidence, rule_evidence
from kb.fhir.plan import plan
from kb.holdings import article_work, held_rules

SUBJECT = "rules"
ENDING = "fhir.json"
MEDIA = "application/fhir+json"
Row = dict[str, Any]


def export(connection: sqlite3.Connection, names: Sequence[str], home: str) -> Resource:
    """Return a bundle with the rules, or all of them without names."""
    asked = set(known(connection, names, "rules", "rule_id"))
    rules = [rule for rule in held_rules(places.rules()) if rule.id in asked]
    found: list[Resource] = []
    claims: set[str] = set()
    for rule in rules:
        links = rows_of(
            connection,
            "select * from evidence where rule_id = ? order by stance desc, claim_id",
            rule.id,
        )
        (stored,) = rows_of(
            connection, "select strength_of_evidence from rules where rule_id = ?", rule.id
        )
        found.append(plan(rule, home))
        strength = json.loads(stored["strength_of_evidence"])
        found.append(rule_evidence(rule, strength, links, home))
        found += [assessment(each, rule.reviewed_on, home) for each in links]
        claims |= {each["claim_id"] for each in links}
    found += _evidence(connection, sorted(claims), home)
    found += _citations(connection, sorted(claims), home)
    return {
        "resourceType": "Bundle",
        "id": fhir_id("rules", "-".join(sorted(asked)) if names else "all"),
        "type": "collection",
        "entry": [
            {
                "fullUrl": f"{home}/-/fhir/{each['resourceType']}/{each['id']}",
                "resource": each,
            }
            for each in found
        ],
    }


def _evidence(
    connection: sqlite3.Connection, claims: Sequence[str], home: str
) -> Iterator[Resource]:
    for name in claims:
        (claim,) = rows_of(
            connection,
            "select claims.*, articles.design, articles.digest, articles.retracted"
            " from claims join articles using (article_id) where claim_id = ?",
            name,
        )
        concepts = rows_of(
            connection,
            "select claim_concepts.*, label from claim_concepts join concepts using (concept_id)"
            " where claim_id = ? order by claim_concepts.start, concept_id",
            name,
        )
        numbers = rows_of(
            connection,
            "select * from measurements where claim_id = ? order by start, measurement_id",
            name,
        )
        yield claim_evidence(claim, concepts, numbers, home)


def _citations(
    connection: sqlite3.Connection, claims: Sequence[str], home: str
) -> Iterator[Resource]:
    rows = rows_of(
        connection,
        "select distinct article_id, digest from claims join articles using (article_id)"
        " where claim_id in (select value from json_each(?)) order by article_id",
        json.dumps(list(claims)),
    )
    for row in rows:
        work = article_work(connection, row["article_id"])
        yield citation(work, bool(row["digest"]), home)
