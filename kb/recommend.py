"""Put one patient's facts to every current rule: what applies, how strongly, on which quotes.

It supports reading of evidence and does not replace judgement.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.rules import Case, Evaluation, InputError, Rule, evaluate

STANCES = {"supports": "For", "qualifies": "Qualifying", "contradicts": "Against"}


# Quotes under one recommendation; the rule's own page has them all.
QUOTES = 3


_WORD = re.compile(r"\w+")


EVIDENCE = """
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


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What the current rules say of one patient.

    ``references`` number the articles quoted, in order of first quotation; ``conflicts`` name
    rules that speak for and against the same thing at once, or whose evidence is contested.
    """

    inputs: Mapping[str, Any]
    applies: tuple[Answer, ...]
    waiting: tuple[Answer, ...]
    references: tuple[tuple[int, str, str], ...]
    conflicts: tuple[str, ...]


def recommend(
    connection: sqlite3.Connection, rules: Sequence[Rule], patient: Mapping[str, Any]
) -> Recommendation:
    """Return what every current rule says of a patient; raise ``InputError`` naming each bad field."""
    current = [rule for rule in rules if rule.status == "current"]
    known = merged_fields(current)
    faults = [
        f"{name}: no rule asks for it; one of {', '.join(sorted(known))} was expected"
        for name in patient
        if name not in known
    ]
    names = json.dumps([rule.id for rule in current])
    cursor = connection.execute(EVIDENCE, [names])
    columns = [each[0] for each in cursor.description]
    evidence = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    answers, unfit = answered(current, patient, evidence)
    faults += list(
        dict.fromkeys(line for message in unfit.values() for line in message.splitlines())
    )
    if faults:
        raise InputError("\n".join(faults))
    applies = tuple(each for each in answers if each.applies)
    numbers: dict[str, tuple[int, str, str]] = {}
    for answer in applies:
        for claim in answer.quoted:
            numbers.setdefault(
                claim["article_id"], (len(numbers) + 1, claim["article_id"], claim["citation"])
            )
    return Recommendation(
        dict(patient),
        applies,
        tuple(each for each in answers if each.outcome.needs and not each.applies),
        tuple(numbers.values()),
        tuple(_conflicts(applies)),
    )


def _conflicts(answers: Sequence[Answer]) -> list[str]:
    found = []
    for each in answers:
        sides = {_advises_against(case) for case in each.outcome.matched}
        if sides == {True, False} and len({case.strength for case in each.outcome.matched}) > 1:
            found.append(f"{each.rule.title}: advises against one treatment and names another")
        if each.counts["contradicts"]:
            found.append(
                f"{each.rule.title}: {each.counts['contradicts']} counted claims contradict it"
            )
    return found


def as_json(found: Recommendation) -> dict[str, Any]:
    """Return a recommendation as plain data for scripts."""
    numbers = {article: number for number, article, _ in found.references}
    return {
        "inputs": dict(found.inputs),
        "applies": [
            {
                "rule": each.rule.id,
                "title": each.rule.title,
                "cases": [
                    {
                        "case": case.id,
                        "then": case.then,
                        "strength": case.strength,
                        "provenance": case.provenance,
                    }
                    for case in each.outcome.matched
                ],
                "score": each.outcome.score,
                "parts": [list(part) for part in each.outcome.parts],
                "caveats": list(each.rule.caveats),
                "evidence": dict(each.counts),
                "quotes": [
                    {
                        "reference": numbers[claim["article_id"]],
                        "claim_id": claim["claim_id"],
                        "quote": claim["display"],
                    }
                    for claim in each.quoted
                ],
            }
            for each in found.applies
        ],
        "waiting": [
            {
                "rule": each.rule.id,
                "title": each.rule.title,
                "needs": {case: list(names) for case, names in each.outcome.needs.items()},
            }
            for each in found.waiting
        ],
        "conflicts": list(found.conflicts),
        "references": [
            {"number": number, "article_id": article, "citation": citation}
            for number, article, citation in found.references
        ],
    }
