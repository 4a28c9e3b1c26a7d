"""The pages of decision rules: the list, each rule with its evidence, and all rules for one patient."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.rules import Case, Evaluation, InputError, Rule, evaluate
from kb.site.pictures import evidence_picture
from kb.site.rendering import missing, render, rows
from kb.site.rulebook import served_rules

STANCES = {"supports": "For", "qualifies": "Qualifying", "contradicts": "Against"}
# Quotes under one recommendation; the rule's own page has them all.
QUOTES = 3
_WORD = re.compile(r"\w+")

_EVIDENCE = """
select evidence.rule_id, evidence.stance, evidence.reason, evidence.counted, evidence.label, claims.*, articles.citation, articles.year,
  articles.design, articles.evidence_level, articles.n_patients, articles.digest, articles.retracted
from evidence join claims using (claim_id) join articles using (article_id)
where evidence.rule_id in (select value from json_each(?))
order by evidence.counted desc, articles.evidence_level is null, articles.evidence_level, articles.year desc, claims.start"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rule says of the inputs, with the evidence that may be quoted under it."""

    rule: Rule
    outcome: Evaluation
    quoted: tuple[Mapping[str, Any], ...]
    counts: Mapping[str, int]

    @property
    def applies(self) -> bool:
        """Whether a case applies or a score is complete."""
        return bool(self.outcome.matched) or self.outcome.score is not None


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
    evidence = await rows(datasette, _EVIDENCE, [json.dumps([name])])
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
        join articles using (article_id) where evidence.rule_id = ? group by 1, 2, 3""",
        [name],
    )
    stored = await rows(
        datasette, "select strength_of_evidence from rules where rule_id = ?", [name]
    )
    return await render(
        datasette,
        request,
        "kb_rule.html",
        rule=rule,
        evidence=evidence,
        inputs=inputs,
        outcome=outcome,
        error=error,
        picture=evidence_picture(drawn),
        gaps=gaps(rule, evidence),
        strength=json.loads(stored[0]["strength_of_evidence"]) if stored else {},
        stances=STANCES,
        title=rule.title,
    )


async def recommend_page(datasette: Any, request: Any) -> Any:
    """Show what every current rule says of one patient, with quotes, and what it would need to know."""
    current = [rule for rule in served_rules().values() if rule.status == "current"]
    fields = merged_fields(current)
    inputs = typed_inputs({"properties": fields}, request.args)
    answers: list[Answer] = []
    unfit: dict[str, str] = {}
    if inputs:
        found = await rows(datasette, _EVIDENCE, [json.dumps([rule.id for rule in current])])
        answers, unfit = answered(current, inputs, found)
    numbers: dict[str, int] = {}
    for each in answers:
        for claim in each.quoted if each.applies else ():
            numbers.setdefault(claim["article_id"], len(numbers) + 1)
    return await render(
        datasette,
        request,
        "kb_recommend.html",
        groups=_grouped(current, fields),
        inputs=inputs,
        applies=[each for each in answers if each.applies],
        waiting=[each for each in answers if each.outcome.needs and not each.applies],
        unfit=unfit,
        numbers=numbers,
        cited={claim["article_id"]: claim["citation"] for each in answers for claim in each.quoted},
        title="What the rules say of one patient",
    )


def answered(
    rules: Sequence[Rule], inputs: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]]
) -> tuple[list[Answer], dict[str, str]]:
    """Return each rule's answer to the inputs it knows, and why others cannot take them.

    Scores come first: a score's output is an input of the rules that read it, unless it was given.
    """
    known = dict(inputs)
    answers: list[Answer] = []
    unfit: dict[str, str] = {}
    for rule in sorted(rules, key=lambda each: each.evaluation != "sum"):
        own = {name: known[name] for name in rule.inputs.get("properties", {}) if name in known}
        if not own:
            continue
        try:
            outcome = evaluate(rule, own)
        except InputError as fault:
            unfit[rule.id] = str(fault)
            continue
        if rule.output and outcome.score is not None:
            score = int(outcome.score) if outcome.score % 1 == 0 else outcome.score
            known.setdefault(rule.output, score)
        mine = [each for each in evidence if each["rule_id"] == rule.id and each["counted"]]
        support = [each for each in mine if each["stance"] == "supports"]
        quoted = quotes_for(outcome, own, support)
        counts = {stance: sum(each["stance"] == stance for each in mine) for stance in STANCES}
        answers.append(Answer(rule, outcome, quoted, counts))
    return answers, unfit


def quotes_for(
    outcome: Evaluation, inputs: Mapping[str, Any], support: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    """Return the claims that speak most closely to the cases that apply, never of the other polarity.

    What advises against is quoted only under a case that advises against, and the reverse. Where
    some claims name an input ("type 7", "L5") only those are quoted; then shared words decide.
    """
    against = {_advises_against(case) for case in outcome.matched}
    fit = [
        each
        for each in support
        if each["polarity"] not in {"for", "against"} or (each["polarity"] == "against") in against
    ]
    told = _stems(" ".join(case.then for case in outcome.matched))
    named = [_mention(name, value) for name, value in inputs.items() if not isinstance(value, bool)]
    ranked = [
        (
            sum(bool(each.search(claim["display"])) for each in named),
            len(told & _stems(claim["display"])),
            claim,
        )
        for claim in fit
    ]
    if any(row[0] for row in ranked):
        ranked = [row for row in ranked if row[0]]
    ranked.sort(key=lambda row: row[:2], reverse=True)
    return tuple(claim for _, _, claim in ranked[:QUOTES])


def _advises_against(case: Case) -> bool:
    return case.strength.startswith(("not_", "contra")) or case.strength == "against"


def _mention(name: str, value: Any) -> re.Pattern[str]:
    """Return what a text that names an input holds: "types 3, 4 and 7" for ``surgical_type=7``, "L5"."""
    text = re.escape(str(value).replace("_", " "))
    if text.isdigit():
        noun = re.escape(name.rsplit("_", 1)[-1])
        return re.compile(rf"\b{noun}s?\b(?:\W|\d|and|or|to)*?\b{text}\b", re.IGNORECASE)
    return re.compile(rf"\b{text}\b", re.IGNORECASE)


def _stems(text: str) -> set[str]:
    return {each[:6] for each in _WORD.findall(text.lower()) if len(each) > 3}


def merged_fields(rules: Sequence[Rule]) -> dict[str, dict[str, Any]]:
    """Return one schema for each input's name; choices that rules give apart are joined."""
    fields: dict[str, dict[str, Any]] = {}
    for rule in rules:
        for name, schema in rule.inputs.get("properties", {}).items():
            joined = {**schema, **fields.get(name, {})}
            if "enum" in schema:
                joined["enum"] = list(dict.fromkeys([*joined["enum"], *schema["enum"]]))
            fields[name] = joined
    return fields


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


def typed_inputs(schema: Mapping[str, Any], args: Any) -> dict[str, Any]:
    """Return the typed inputs of a form; what is left empty is not known, what has no type stays text."""
    found: dict[str, Any] = {}
    for name, field in schema.get("properties", {}).items():
        value = (args.get(name) or "").strip()
        if not value:
            continue
        kind = field.get("type")
        try:
            found[name] = (
                {"integer": int, "number": float}.get(kind, str)(value)
                if kind != "boolean"
                else {"true": True, "false": False}[value]
            )
        except (ValueError, KeyError):
            found[name] = value
    return found


def gaps(rule: Rule, evidence: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what is missing from a rule's evidence, in words."""
    support = [each for each in evidence if each["counted"] and each["stance"] == "supports"]
    found = list(rule.gaps)
    if not support:
        found.append("No counted claim supports this rule.")
    if len({each["article_id"] for each in support}) == 1:
        found.append("All counted support comes from one article.")
    years = [each["year"] for each in support if each["year"]]
    if years and max(years) < 2016:
        found.append(f"The newest counted support is of {max(years)}.")
    if support and not any(
        each["evidence_level"] and each["evidence_level"] <= 3 for each in support
    ):
        found.append(
            "No counted support comes from a comparative study (Oxford level 3 or better)."
        )
    found += [
        f"Case {case.id} is stated by no text of the knowledge base ({case.provenance})."
        for case in rule.cases
        if case.provenance
    ]
    return found
