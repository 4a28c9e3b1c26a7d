"""Link the claims of one article: restatements of one fact, and risks with what lowers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ingest.concepts.adjuncts import lowered_risks
from ingest.model import Claim


def _fact(claim: Claim) -> tuple[object, ...] | None:
    """Return what a measured claim states, to tell a restatement from a new fact."""
    for each in claim.measurements:
        if each.measure is None:
            continue
        if each.numerator is not None and each.denominator is not None:
            return (claim.assertion, each.measure, each.numerator, each.denominator)
        if each.value is not None and each.unit in {"ml", "h", "min", "months", "percent", "days"}:
            return (claim.assertion, each.measure, each.value, each.unit, each.time_months)
    return None


def _tells_again(one: Claim, other: Claim) -> bool:
    """Tell whether a claim may be another told again: not in one breath, and of no other group."""
    if one.start == other.start:
        return False  # "one died of a bleed and one of sepsis"
    groups = [{each.group for each in claim.measurements if each.group} for claim in (one, other)]
    return not all(groups) or bool(groups[0] & groups[1])


def link_claims(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Return the claims with ``restates`` and ``mitigates`` set."""
    told: dict[tuple[object, ...], list[Claim]] = {}
    risks: dict[str, list[str]] = {}
    for claim in claims:
        if claim.kind == "risk" and claim.subkind is None and claim.measure:
            risks.setdefault(claim.measure, []).append(claim.id)
    linked = []
    for claim in claims:
        fact = _fact(claim)
        before = told.setdefault(fact, []) if fact else []
        restates = next((each.id for each in before if _tells_again(each, claim)), None)
        before.append(claim)
        mitigates = _mitigated(claim, risks) if claim.subkind == "mitigation" else ()
        if restates or mitigates:
            claim = replace(claim, restates=restates, mitigates=mitigates)  # noqa: PLW2901
        linked.append(claim)
    return tuple(linked)


def _mitigated(claim: Claim, risks: Mapping[str, list[str]]) -> tuple[str, ...]:
    measures = {
        each.concept for each in claim.mentions if each.facet == "measures" and not each.inherited
    }
    if not measures & set(risks):
        measures = {
            risk
            for each in claim.mentions
            if not each.inherited
            for risk in lowered_risks().get(each.concept, ())
        }
    return tuple(sorted({risk for measure in measures for risk in risks.get(measure, [])}))
