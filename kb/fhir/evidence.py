"""Make FHIR R5 Evidence of claims and of what stands behind a rule (https://hl7.org/fhir/R5/evidence.html)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kb.addresses import address
from kb.fhir import ABSENT, Resource, concept, fhir_id, filled, reference
from kb.rules import Rule
from kb.works import OWN_WORDS, SITE

_ROLES = {
    "procedures": "exposure",
    "approaches": "exposure",
    "tumours": "population",
    "sites": "population",
    "levels": "population",
    "populations": "population",
    "measures": "measuredVariable",
    "scales": "measuredVariable",
}
_RATING = "http://hl7.org/fhir/certainty-rating"
_TYPE = "http://hl7.org/fhir/certainty-type"
_ROLE = "http://terminology.hl7.org/CodeSystem/variable-role"
_UCUM = "http://unitsofmeasure.org"
# UCUM's codes of the units that have one (https://ucum.org/ucum).
_UNITS = {
    "percent": "%",
    "months": "mo",
    "years": "a",
    "days": "d",
    "weeks": "wk",
    "h": "h",
    "min": "min",
    "ml": "mL",
    "mm": "mm",
    "cm": "cm",
    "mmHg": "mm[Hg]",
    "mg/ml": "mg/mL",
    "Gy": "Gy",
}
# A count of anything else is no number of participants.
_PEOPLE = {None, "patients", "percent"}
# Which of GRADE's grounds a step of ours takes off for (Guyatt 2008, BMJ 336:924); age has none.
_GROUNDS = (
    ("Imprecision", re.compile(r"^size|fewer than .* patients")),
    ("Indirectness", re.compile(r"^directness|not results of patients")),
    ("Inconsistency", re.compile(r"^consistency|contradict")),
)


def claim_evidence(
    claim: Mapping[str, Any],
    concepts: Sequence[Mapping[str, Any]],
    measurements: Sequence[Mapping[str, Any]],
    home: str,
) -> Resource:
    """Return a claim as evidence: its words, what it is about, and its numbers as stated."""
    path = address("claim", claim["claim_id"])
    notes = [_meaning(claim)]
    if claim["digest"]:
        notes.append(f"Digest: {OWN_WORDS}.")
    if claim["retracted"]:
        notes.append("The article was retracted.")
    return filled(
        {
            "resourceType": "Evidence",
            "id": fhir_id("claim", claim["claim_id"]),
            "url": home + path,
            "identifier": [{"system": f"{home}/-/claim", "value": claim["claim_id"]}],
            "status": "retired" if claim["retracted"] else "active",
            "citeAsReference": reference("Citation", "article", claim["article_id"]),
            "assertion": " ".join(claim["display"].split()),
            "note": [{"text": each} for each in notes],
            "relatedArtifact": [
                {
                    "type": "derived-from",
                    "resourceReference": reference("Citation", "article", claim["article_id"]),
                }
            ],
            "variableDefinition": list(_variables(claim, concepts)) or [_unknown_variable()],
            "studyDesign": [concept(str(claim["design"]).replace("_", " "))],
            "statistic": [_statistic(each) for each in measurements],
        }
    )


def _meaning(claim: Mapping[str, Any]) -> str:
    names = ("kind", "subkind", "assertion", "temporality", "basis", "attribution", "polarity")
    told = [
        f"{name}: {str(claim[name]).replace('_', ' ')}"
        for name in (*names, "strength", "direction", "condition")
        if claim[name]
    ]
    return "; ".join(told)


def _variables(
    claim: Mapping[str, Any], concepts: Sequence[Mapping[str, Any]]
) -> Iterator[Resource]:
    """Yield the population, exposures and outcomes that the claim names or takes from its context."""
    for each in concepts:
        role = _ROLES.get(each["facet"])
        if role:
            told: Resource = {"description": each["label"], "variableRole": _role(role)}
            if each["inherited"]:
                told["note"] = [{"text": "from the context of the sentence"}]
            yield told
    if claim["comparator"]:
        yield {"description": claim["comparator"], "variableRole": _role("referenceExposure")}


def _unknown_variable() -> Resource:
    """Return the one definition that R5 demands where the claim names nothing."""
    return {"description": "not stated", "variableRole": concept("not stated", ABSENT, "unknown")}


def _role(code: str) -> Resource:
    return concept(code, _ROLE, code)


def _statistic(row: Mapping[str, Any]) -> Resource:
    value = row["value"] if row["value"] is not None else row["percent"]
    unit = row["unit"] if row["value"] is not None else "percent"
    measure = str(row["measure"] or "measure not stated").replace("_", " ")
    when = f"; {row['time_text']}" if row["time_text"] else ""
    told = (("group", "group_text"), ("compared with", "comparator"), ("moved", "transition"))
    group = "".join(f"; {name}: {row[key]}" for name, key in told if row[key])
    derived = "; derived, not stated" if row["derived"] else ""
    sample = filled({"numberOfParticipants": row["n"], "knownDataCount": row["denominator"]})
    return filled(
        {
            "description": f"{measure}: {row['written']}{when}{group}{derived}",
            "statisticType": concept(str(row["statistic"]).replace("_", " ")),
            "quantity": None if value is None else quantity(value, unit, row["operator"]),
            "numberAffected": row["numerator"] if row["unit"] in _PEOPLE else None,
            "sampleSize": sample,
            "attributeEstimate": list(_estimates(row)),
        }
    )


def quantity(value: float, unit: str | None, operator: str | None = None) -> Resource:
    """Return a number with its unit, coded by UCUM where that has the unit."""
    code = _UNITS.get(unit or "")
    return filled(
        {
            "value": int(value) if float(value).is_integer() else value,
            "comparator": operator if operator in {"<", "<=", ">=", ">"} else None,
            "unit": unit,
            "system": _UCUM if code else None,
            "code": code,
        }
    )


def _estimates(row: Mapping[str, Any]) -> Iterator[Resource]:
    if row["low"] is not None and row["high"] is not None:
        yield {"type": concept("range"), "range": _range(row["low"], row["high"], row["unit"])}
    if row["spread"] is not None:
        yield {
            "type": concept("spread, as printed behind ±"),
            "quantity": quantity(row["spread"], row["unit"]),
        }
    if row["ci_low"] is not None and row["ci_high"] is not None:
        yield filled(
            {
                "type": concept("confidence interval"),
                "level": None if row["ci_level"] is None else round(row["ci_level"] / 100, 4),
                "range": _range(row["ci_low"], row["ci_high"], None),
            }
        )
    if row["p_value"] is not None:
        yield {
            "type": concept("p value"),
            "quantity": quantity(row["p_value"], None, row["p_operator"]),
        }


def _range(low: float, high: float, unit: str | None) -> Resource:
    return {"low": quantity(low, unit), "high": quantity(high, unit)}


def rule_evidence(
    rule: Rule, strength: Mapping[str, Any], links: Sequence[Mapping[str, Any]], home: str
) -> Resource:
    """Return the body of evidence behind a rule, with its certainty in GRADE's words."""
    inputs = ", ".join(name.replace("_", " ") for name in rule.inputs.get("properties", {}))
    return filled(
        {
            "resourceType": "Evidence",
            "id": fhir_id("evidence", rule.id),
            "url": f"{home}/-/fhir/Evidence/{fhir_id('evidence', rule.id)}",
            "status": "active",
            "title": f"Evidence for: {rule.title}",
            "lastReviewDate": rule.reviewed_on,
            "assertion": rule.title,
            "description": rule.question,
            "relatedArtifact": [
                {
                    "type": "composed-of",
                    "label": each["stance"],
                    "display": each["reason"],
                    "resourceReference": reference("Evidence", "claim", each["claim_id"]),
                }
                for each in links
            ],
            "variableDefinition": [
                {
                    "description": f"Patients described by: {inputs}",
                    "variableRole": _role("population"),
                }
                if inputs
                else _unknown_variable()
            ],
            "certainty": [_certainty(strength)],
        }
    )


def _certainty(strength: Mapping[str, Any]) -> Resource:
    """Return the grade with its steps; what was not judged is not rated."""
    grade = str(strength.get("grade") or "no evidence")
    overall = concept("overall certainty", _TYPE, "Overall")
    if grade not in {"very low", "low", "moderate", "high"}:
        return {
            "description": "No counted claim supports the rule; certainty is not rated.",
            "type": overall,
        }
    start = strength.get("starts_at") or strength.get("starts at")
    steps = list(_steps(strength))
    return filled(
        {
            "description": f"Starts at {start}"
            + "".join(f"; one step down: {each}" for each in steps),
            "note": [{"text": json.dumps(strength, ensure_ascii=False, sort_keys=True)}],
            "type": overall,
            "rating": concept(grade, _RATING, grade.replace(" ", "-")),
            "rater": f"{SITE}: a documented function of the counted claims",
            "subcomponent": [
                {
                    "type": concept(code.lower(), _TYPE, code),
                    "rating": concept("serious concern", _RATING, "serious-concern"),
                    "description": step,
                }
                for step in steps
                for code, words in _GROUNDS
                if words.search(step)
            ],
        }
    )


def _steps(strength: Mapping[str, Any]) -> Iterator[str]:
    """Yield the steps down in words, from a list of them or from parts with their effects."""
    yield from strength.get("steps down", ())
    for each in strength.get("parts", ()):
        if "step down" in each["effect"]:
            yield f"{each['part']}: {each['found']}"
