"""The pages of decision rules: the list, each rule with its evidence, and all rules for one patient."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kb.addresses import RECOMMEND, address, canonical_query, typed_inputs
from kb.conditions import conditions_of
from kb.quotation import distinct
from kb.recommend import EVIDENCE, STANCES, as_json, consider, merged_fields
from kb.rules import InputError, Rule, evaluate
from kb.site.citing import cited, home_of, recommendation
from kb.site.exporting import offered
from kb.site.pictures import evidence_picture
from kb.site.rendering import as_data, missing, render, rows, run
from kb.site.rulebook import served_queries, served_rules

# Claims shown on a side of a tension; the rule's own page has them all.
SIDE_CLAIMS = 3


async def rules_page(datasette: Any, request: Any) -> Any:
    """List the rules with how much evidence stands on each side."""
    found = await rows(
        datasette,
        """
        select rules.rule_id, rules.title, rules.question, rules.status, rules.topic, rules.review_due,
          coalesce(sum(stance = 'supports' and counted), 0) as supports, coalesce(sum(stance = 'qualifies' and counted), 0) as qualifies,
          coalesce(sum(stance = 'contradicts' and counted), 0) as contradicts, coalesce(sum(not counted), 0) as not_counted
        from rules left join evidence using (rule_id) group by rules.rule_id order by rules.topic, rules.title""",
    )
    return await render(datasette, request, "kb_rules.html", rules=found, title="Decision rules")


async def rule_page(datasette: Any, request: Any) -> Any:
    """Show a rule with its evidence for, qualifying and against, what is not counted, and the gaps."""
    name = request.url_vars["rule_id"]
    rule = served_rules().get(name)
    if rule is None:
        return await missing(datasette, request, f"There is no rule {name}; see /-/rules for all.")
    evidence = await rows(datasette, EVIDENCE, [json.dumps([name])])
    inputs = typed_inputs(rule.inputs, request.args)
    outcome, error = None, None
    try:
        outcome = evaluate(rule, inputs) if inputs or not rule.inputs.get("properties") else None
    except InputError as fault:
        error = str(fault)
    drawn = await rows(
        datasette,
        """
        select articles.year, articles.design, evidence.stance, count(*) as claims from evidence join claims using (claim_id)
        join articles using (article_id) where evidence.rule_id = ? and evidence.counted = 1 group by 1, 2, 3""",
        [name],
    )
    stored = await rows(
        datasette, "select strength_of_evidence from rules where rule_id = ?", [name]
    )
    spoken = await rows(
        datasette, "select case_id, claim_id from case_evidence where rule_id = ?", [name]
    )
    return await render(
        datasette,
        request,
        "kb_rule.html",
        by_case=by_case(spoken, evidence),
        rule=rule,
        evidence=evidence,
        inputs=inputs,
        outcome=outcome,
        error=error,
        picture=evidence_picture(drawn),
        conditions=conditions_of(rule),
        gaps=await rows(datasette, served_queries()["gaps"].sql, {"rule": name}),
        tensions=side_by_side(
            await rows(datasette, served_queries()["tensions"].sql, {"rule": name})
        ),
        overdue=rule.review_due < date.today().isoformat(),
        strength=json.loads(stored[0]["strength_of_evidence"]) if stored else {},
        stances=STANCES,
        cited=await cited(datasette, request, name),
        stable=home_of(datasette, request) + address("rule", name),
        standards=offered("rules"),
        title=rule.title,
    )


async def recommend_page(datasette: Any, request: Any) -> Any:
    """Show what every current rule says of one patient, with quotes, and what it would need to know."""
    rules, fields, inputs = _patient(request)
    found = await run(datasette, lambda connection: consider(connection, rules, inputs))
    return await render(
        datasette,
        request,
        "kb_recommend.html",
        groups=_grouped([rule for rule in rules if rule.status == "current"], fields),
        inputs=inputs,
        found=found,
        numbers={article: number for number, article, _ in found.references},
        titles={rule.id: rule.title for rule in rules},
        stances=STANCES,
        facts=request.query_string,
        cited=await cited(datasette, request, recommendation(inputs))
        if inputs and not found.faults
        else [],
        stable=f"{home_of(datasette, request)}{RECOMMEND}?{canonical_query(inputs)}",
        title="What the rules say of one patient",
    )


async def recommend_json(datasette: Any, request: Any) -> Any:
    """Return the same as data; 400 with every error where a field does not fit."""
    rules, _, inputs = _patient(request)
    found = await run(datasette, lambda connection: consider(connection, rules, inputs))
    if found.faults:
        return as_data({"errors": list(found.faults)}, 400)
    return as_data(as_json(found))


def _patient(request: Any) -> tuple[tuple[Rule, ...], dict[str, dict[str, Any]], dict[str, Any]]:
    """Return all rules, the form's fields and the typed inputs of a request."""
    rules = tuple(served_rules().values())
    fields = merged_fields([rule for rule in rules if rule.status == "current"])
    inputs = typed_inputs({"properties": fields}, request.args)
    unknown = {name: request.args.get(name) for name in request.args if name not in fields}
    return rules, fields, {**inputs, **unknown}


def _grouped(
    rules: Sequence[Rule], fields: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Return the form's fields under the first topic that asks for each."""
    groups: dict[str, dict[str, Mapping[str, Any]]] = {}
    placed: set[str] = set()
    for rule in sorted(rules, key=lambda each: each.topic):
        for name in rule.inputs.get("properties", {}):
            if name not in placed:
                groups.setdefault(rule.topic, {})[name] = fields[name]
                placed.add(name)
    return groups


def by_case(
    spoken: Sequence[Mapping[str, Any]], evidence: Sequence[Mapping[str, Any]]
) -> dict[str, list[Mapping[str, Any]]]:
    """Return the evidence that speaks to each case, each quote once, counted first."""
    links = {(row["case_id"], row["claim_id"]) for row in spoken}
    found: dict[str, list[Mapping[str, Any]]] = {}
    for case in dict.fromkeys(case for case, _ in sorted(links)):
        here = [each for each in evidence if (case, each["claim_id"]) in links]
        found[case] = distinct(here, "stance")
    return found


def side_by_side(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return tensions with their sides, each side with its first claims and how many more it has."""
    tensions: dict[tuple[str, int], dict[str, Any]] = {}
    for row in found:
        told = {"about": row["about"], "note": row["note"], "sides": {}}
        tension = tensions.setdefault((row["rule_id"], row["number"]), told)
        side = tension["sides"].setdefault(
            row["side"], {"position": row["position"], "rule": row["side_rule_id"], "claims": []}
        )
        # Several numbers of one sentence are several claims with one quote.
        if row["claim_id"] and not any(
            each["said"] == row["said"] and each["article_id"] == row["article_id"]
            for each in side["claims"]
        ):
            side["claims"].append(row)
    return [
        {
            **each,
            "sides": [
                {
                    **side,
                    "claims": side["claims"][:SIDE_CLAIMS],
                    "more": len(side["claims"]) - SIDE_CLAIMS,
                }
                for side in each["sides"].values()
            ],
        }
        for each in tensions.values()
    ]
