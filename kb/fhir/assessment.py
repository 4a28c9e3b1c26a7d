"""Make FHIR R5 ArtifactAssessments: what a claim does to a rule (https://hl7.org/fhir/R5/artifactassessment.html)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.addresses import address
from kb.fhir import Resource, concept, fhir_id, filled, reference


def assessment(link: Mapping[str, Any], reviewed_on: str, home: str) -> Resource:
    """Return the judgement that a claim supports, qualifies or contradicts a rule, and whether it counts."""
    counted = bool(link["counted"])
    told = "counted" if counted else f"shown and not counted: {link['label'] or 'not stated'}"
    return {
        "resourceType": "ArtifactAssessment",
        "id": fhir_id("link", f"{link['claim_id']}-{link['rule_id']}"),
        "title": f"{link['claim_id']} {link['stance']} {link['rule_id']}",
        "lastReviewDate": reviewed_on,
        "artifactReference": reference("Evidence", "claim", link["claim_id"]),
        "content": [
            filled(
                {
                    "informationType": "classifier",
                    "summary": link["reason"],
                    "type": concept("stance towards a decision rule"),
                    "classifier": [
                        {
                            "coding": [
                                {"system": f"{home}/-/about#stances", "code": link["stance"]}
                            ],
                            "text": link["stance"],
                        }
                    ],
                    "relatedArtifact": [
                        {"type": "comments-on", "resource": home + address("rule", link["rule_id"])}
                    ],
                    "component": [{"informationType": "comment", "summary": told}],
                }
            )
        ],
    }
