"""Make a FHIR R5 PlanDefinition of a decision rule (https://hl7.org/fhir/R5/plandefinition.html).

Conditions are the rule's own: JSON Schemas over its inputs, named by their media type
(https://json-schema.org/draft/2020-12/json-schema-core, section 14.1). No CQL is made of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kb import DISCLAIMER
from kb.addresses import address
from kb.fhir import Resource, concept, fhir_id, filled, reference
from kb.rules import Case, Rule, strict
from kb.works import SITE

LANGUAGE = "application/schema+json"
_STATUS = {"current": "active", "historical": "retired", "prospective": "draft"}
_SELECTION = {"first_match": "at-most-one", "all_matches": "any", "sum": "any"}
_KINDS = "http://terminology.hl7.org/CodeSystem/plan-definition-type"
_NAME_TYPES = {"integer": "integer", "number": "decimal", "boolean": "boolean"}


def plan(rule: Rule, home: str) -> Resource:
    """Return a rule with its inputs, scores and cases, each under the condition that the rule states."""
    return filled(
        {
            "resourceType": "PlanDefinition",
            "id": fhir_id("rule", rule.id),
            "url": home + address("rule", rule.id),
            "identifier": [{"system": f"{home}/-/rule", "value": rule.id}],
            "name": "".join(part.capitalize() for part in rule.id.split("_")),
            "title": rule.title,
            "type": concept("decision rule", _KINDS, "clinical-protocol"),
            "status": _STATUS[rule.status],
            "publisher": SITE,
            "description": "\n\n".join(
                [f"A {rule.status} rule.", *(f"Caveat: {each}" for each in rule.caveats)]
            ),
            "purpose": rule.question,
            "usage": DISCLAIMER,
            "lastReviewDate": rule.reviewed_on,
            "topic": [concept(rule.topic.replace("_", " "))],
            "reviewer": [{"name": rule.reviewed_by}],
            "relatedArtifact": [
                {"type": "citation", "label": "stated in", "citation": str(rule.source)},
                {
                    "type": "justification",
                    "resourceReference": reference("Evidence", "evidence", rule.id),
                },
            ],
            "action": [_whole(rule)],
        }
    )


def _whole(rule: Rule) -> Resource:
    """Return the action that holds the rule's scores and cases."""
    return filled(
        {
            "linkId": rule.id,
            "title": rule.question,
            "groupingBehavior": "logical-group",
            "selectionBehavior": _SELECTION[rule.evaluation],
            "input": [_input(*each) for each in rule.inputs.get("properties", {}).items()],
            "action": [
                *(_score(rule, *each) for each in rule.components),
                *(_case(rule, each) for each in rule.cases),
            ],
        }
    )


def _input(name: str, schema: Mapping[str, Any]) -> Resource:
    choices = ", ".join(map(str, schema.get("enum", ())))
    limits = [f"{word} {schema[key]}" for key, word in _LIMITS if key in schema]
    told = "; ".join(each for each in (choices, " ".join(limits)) if each)
    return {
        "id": name.replace("_", "-"),
        "title": name.replace("_", " ") + (f": {told}" if told else ""),
        "requirement": {"type": _NAME_TYPES.get(str(schema.get("type")), "string")},
    }


_LIMITS = (("minimum", "at least"), ("maximum", "at most"))


def _score(rule: Rule, name: str, points: Mapping[str, float]) -> Resource:
    told = ", ".join(f"{str(value).replace('_', ' ')} {count:g}" for value, count in points.items())
    return {
        "linkId": f"{rule.id}.points.{name}",
        "title": f"Points for {name.replace('_', ' ')}: {told}",
        "condition": [
            _condition({"required": [name], "properties": {name: {"enum": list(points)}}})
        ],
    }


def _case(rule: Rule, case: Case) -> Resource:
    return filled(
        {
            "linkId": f"{rule.id}.{case.id}",
            "title": case.then,
            "textEquivalent": f"{case.then} (strength: {case.strength.replace('_', ' ')})",
            "code": concept(case.strength.replace("_", " ")),
            "documentation": list(_documents(case)),
            "condition": [_condition(strict(case.when))],
        }
    )


def _documents(case: Case) -> Iterator[Resource]:
    """Yield where a case comes from that no source of the knowledge base states."""
    if case.provenance:
        yield {"type": "citation", "label": "from outside", "citation": case.provenance}


def _condition(schema: Mapping[str, Any]) -> Resource:
    expression = json.dumps(schema, ensure_ascii=False, sort_keys=True)
    return {
        "kind": "applicability",
        "expression": {
            "description": "The inputs that this holds for, as a JSON Schema",
            "language": LANGUAGE,
            "expression": expression,
        },
    }
