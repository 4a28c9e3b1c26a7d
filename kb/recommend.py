"""Put one patient's facts to every current rule: what applies, how strongly, on which quotes.

It supports reading of evidence and does not replace judgement.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb import DISCLAIMER
from kb.connection import rows_of
from kb.quotation import quotes_for, quotes_for_case
from kb.rules import Case, Evaluation, InputError, Rule, Side, check_inputs, evaluate

STANCES = {"supports": "For", "qualifies": "Qualifying", "contradicts": "Against"}


EVIDENCE = """
select evidence.rule_id, evidence.stance, evidence.reason, evidence.counted, evidence.label, claims.*, articles.citation, articles.year,
  articles.design, articles.evidence_level, articles.n_patients, articles.digest, articles.retracted
from evidence join claims using (claim_id) join articles using (article_id)
where evidence.rule_id in (select value from json_each(?))
order by evidence.counted desc, articles.evidence_level is null, articles.evidence_level, articles.year desc, claims.start"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rule says of the inputs, with the evidence that may be quoted under it.

    ``by_case`` are the claims that speak to a case that applies; ``quoted`` are those that speak to
    the rule as a whole, where a case that applies has none of its own. ``counts`` leave out what
    speaks to other cases of the rule alone. ``grade`` is the certainty of the evidence for the rule, in the words of GRADE; ``asked`` is
    false where none of its inputs was known.
    """

    rule: Rule
    outcome: Evaluation
    quoted: tuple[Mapping[str, Any], ...]
    by_case: Mapping[str, tuple[Mapping[str, Any], ...]]
    counts: Mapping[str, int]
    grade: str
    asked: bool

    @property
    def applies(self) -> bool:
        """Whether a case applies or a score is complete."""
        return bool(self.outcome.matched) or self.outcome.score is not None

    @property
    def shown(self) -> tuple[Mapping[str, Any], ...]:
        """Return every claim that is quoted, once, in the order of reading."""
        every = [*(each for found in self.by_case.values() for each in found), *self.quoted]
        return tuple({each["claim_id"]: each for each in every}.values())

    @property
    def adds_up(self) -> str | None:
        """Return how a score is made of its parts, None where there is no score."""
        if not self.outcome.parts:
            return None
        parts = " + ".join(
            f"{name.replace('_', ' ')} {value.replace('_', ' ')} {points:g}"
            for name, value, points in self.outcome.parts
        )
        return f"{parts} = {self.outcome.score:g}" if self.outcome.score is not None else parts


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where what applies pulls apart: within a rule, between rules, or between inputs."""

    about: str
    rules: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What the current rules say of one patient.

    ``always`` are the rules that say something of every patient and were asked nothing of this one.
    ``references`` number the articles quoted, in order of first quotation. ``not_asked`` names the
    rules that do not know a value which other rules know; ``faults`` name the fields that no rule
    can take, and what was expected.
    """

    inputs: Mapping[str, Any]
    applies: tuple[Answer, ...]
    always: tuple[Answer, ...]
    waiting: tuple[Answer, ...]
    not_asked: Mapping[str, str]
    references: tuple[tuple[int, str, str], ...]
    conflicts: tuple[Conflict, ...]
    faults: tuple[str, ...]


def recommend(
    connection: sqlite3.Connection, rules: Sequence[Rule], patient: Mapping[str, Any]
) -> Recommendation:
    """Return what every current rule says of a patient; raise ``InputError`` naming each bad field."""
    found = consider(connection, rules, patient)
    if found.faults:
        raise InputError("\n".join(found.faults))
    return found


def consider(
    connection: sqlite3.Connection, rules: Sequence[Rule], patient: Mapping[str, Any]
) -> Recommendation:
    """Return what every current rule says of the fields that are sound, and what is wrong with others."""
    current = [rule for rule in rules if rule.status == "current"]
    facts, faults = checked(current, patient)
    names = json.dumps([rule.id for rule in current])
    evidence = rows_of(connection, EVIDENCE, names)
    grades = {
        rule: json.loads(told)["grade"]
        for rule, told in connection.execute("select rule_id, strength_of_evidence from rules")
    }
    linked: dict[tuple[str, str], set[str]] = {}
    for rule, case, claim in connection.execute(
        "select rule_id, case_id, claim_id from case_evidence"
    ):
        linked.setdefault((rule, case), set()).add(claim)
    answers, not_asked = answered(current, facts, evidence, grades, linked)
    applies = tuple(each for each in answers if each.applies and each.asked)
    numbers: dict[str, tuple[int, str, str]] = {}
    for answer in applies:
        for claim in answer.shown:
            numbers.setdefault(
                claim["article_id"], (len(numbers) + 1, claim["article_id"], claim["citation"])
            )
    return Recommendation(
        facts,
        applies,
        tuple(each for each in answers if each.applies and not each.asked),
        tuple(each for each in answers if each.outcome.needs and not each.applies),
        not_asked,
        tuple(numbers.values()),
        tuple(_conflicts(applies, facts)),
        tuple(faults),
    )


def checked(rules: Sequence[Rule], patient: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the facts that some rule can take, and a line for each field that none can.

    A number where a rule's choices are texts ("stage: 3") is read as the text.
    """
    facts: dict[str, Any] = {}
    faults: list[str] = []
    known = merged_fields(rules)
    for name, value in sorted(patient.items(), key=lambda each: str(each[0])):
        if name not in known:
            faults.append(
                f"{name}: no rule asks for it; one of {', '.join(sorted(known))} was expected"
            )
            continue
        choices = known[name].get("enum", ())
        given = str(value) if type(value) is int and str(value) in choices else value
        told = []
        for rule in rules:
            if name in rule.inputs.get("properties", {}):
                try:
                    check_inputs(rule, {name: given})
                except InputError as fault:
                    told.append(str(fault))
                else:
                    facts[name] = given
        if name not in facts:
            faults.append(told[0])
    return facts, faults


def answered(
    rules: Sequence[Rule],
    inputs: Mapping[str, Any],
    evidence: Sequence[Mapping[str, Any]],
    grades: Mapping[str, str],
    linked: Mapping[tuple[str, str], Collection[str]],
) -> tuple[list[Answer], dict[str, str]]:
    """Return each rule's answer to the inputs it knows, and why others cannot take them.

    Scores come first: a score's output is an input of the rules that read it, unless it was given.
    """
    known = dict(inputs)
    answers: list[Answer] = []
    not_asked: dict[str, str] = {}
    for rule in sorted(rules, key=lambda each: each.evaluation != "sum"):
        own = {name: known[name] for name in rule.inputs.get("properties", {}) if name in known}
        try:
            outcome = evaluate(rule, own)
        except InputError as fault:
            not_asked[rule.id] = str(fault)
            continue
        if not own and not outcome.matched:
            continue
        if rule.output and outcome.score is not None:
            score = int(outcome.score) if outcome.score % 1 == 0 else outcome.score
            known.setdefault(rule.output, score)
        mine = [each for each in evidence if each["rule_id"] == rule.id and each["counted"]]
        grade = grades.get(rule.id, "no evidence")
        answers.append(_answer(rule, outcome, own, mine, linked, grade))
    return answers, not_asked


def _answer(
    rule: Rule,
    outcome: Evaluation,
    inputs: Mapping[str, Any],
    evidence: Sequence[Mapping[str, Any]],
    linked: Mapping[tuple[str, str], Collection[str]],
    grade: str,
) -> Answer:
    """Return an answer whose evidence leaves out what speaks to other cases of the rule alone."""
    links = {case.id: set(linked.get((rule.id, case.id), ())) for case in rule.cases}
    here = {case.id for case in outcome.matched}
    told = set().union(*(links[case] for case in here))
    elsewhere = set().union(*links.values()) - told if here else set()
    mine = [each for each in evidence if each["claim_id"] not in elsewhere]
    by_case = {case.id: quotes_for_case(links[case.id], mine) for case in outcome.matched}
    alone = tuple(case for case in outcome.matched if not by_case[case.id])
    whole: tuple[Mapping[str, Any], ...] = ()
    if alone or not here:
        support = [
            each for each in mine if each["stance"] == "supports" and each["claim_id"] not in told
        ]
        whole = quotes_for(replace(outcome, matched=alone), inputs, support)
    counts = {stance: sum(each["stance"] == stance for each in mine) for stance in STANCES}
    return Answer(rule, outcome, whole, by_case, counts, grade, bool(inputs))


def merged_fields(rules: Sequence[Rule]) -> dict[str, dict[str, Any]]:
    """Return one schema for each input's name: choices of several rules are joined.

    Where one rule lists choices and another does not, none are listed.
    """
    fields: dict[str, dict[str, Any]] = {}
    for rule in rules:
        for name, schema in rule.inputs.get("properties", {}).items():
            first = fields.get(name)
            joined = {**schema, **(first or {})}
            if first is not None and ("enum" in first) != ("enum" in schema):
                joined.pop("enum")
            elif first is not None and "enum" in schema:
                joined["enum"] = list(dict.fromkeys([*first["enum"], *schema["enum"]]))
            fields[name] = joined
    return fields


def _is_taken(side: Side, applying: Mapping[str, Answer]) -> bool:
    if side.rule not in applying:
        return False
    cases = {case.id for case in applying[side.rule].outcome.matched}
    return side.case is None or side.case in cases


def _conflicts(answers: Sequence[Answer], facts: Mapping[str, Any]) -> Iterator[Conflict]:
    applying = {each.rule.id: each for each in answers}
    for each in answers:
        output = each.rule.output
        if output and output in facts and each.outcome.score not in {None, facts[output]}:
            yield Conflict(
                f"{output.replace('_', ' ')} was given as {facts[output]}, but its parts add up to {each.outcome.score:g}",
                (each.rule.id,),
                "The given value was used by the rules that read it.",
            )
    for each in answers:
        for tension in each.rule.tensions:
            sides = [side for side in tension.sides if _is_taken(side, applying)]
            # Within one rule only what its cases say of this patient pulls apart.
            if len({side.rule for side in sides}) > 1 or sum(bool(side.case) for side in sides) > 1:
                yield Conflict(
                    tension.about,
                    tuple(dict.fromkeys(side.rule for side in sides)),
                    "; ".join(
                        f"{side.position} ({applying[side.rule].rule.title})" for side in sides
                    )
                    + f". {tension.note}",
                )
    for each in answers:
        against = each.counts["contradicts"]
        if against:
            told = (
                "1 counted claim contradicts"
                if against == 1
                else f"{against} counted claims contradict"
            )
            yield Conflict(each.rule.title, (each.rule.id,), f"{told} it.")


def as_json(found: Recommendation) -> dict[str, Any]:
    """Return a recommendation as plain data for scripts."""
    numbers = {article: number for number, article, _ in found.references}
    return {
        "inputs": dict(sorted(found.inputs.items())),
        "applies": [_applying(each, numbers) for each in found.applies],
        "always": [
            {
                **_named(each.rule),
                "cases": [{"case": case.id, "then": case.then} for case in each.outcome.matched],
            }
            for each in found.always
        ],
        "waiting": [
            {
                **_named(each.rule),
                "needs": {case: list(names) for case, names in each.outcome.needs.items()},
            }
            for each in found.waiting
        ],
        "not_asked": dict(found.not_asked),
        "conflicts": [
            {"about": each.about, "rules": list(each.rules), "note": each.note}
            for each in found.conflicts
        ],
        "disclaimer": DISCLAIMER,
        "references": [
            {"number": number, "article_id": article, "citation": citation}
            for number, article, citation in found.references
        ],
    }


def _named(rule: Rule) -> dict[str, Any]:
    return {"rule": rule.id, "title": rule.title}


def _applying(answer: Answer, numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return the answer of a rule that applies: its cases, its score and its quotes."""
    return {
        **_named(answer.rule),
        "cases": [_concluded(answer, case, numbers) for case in answer.outcome.matched],
        "score": answer.outcome.score,
        "adds_up": answer.adds_up,
        "parts": [list(part) for part in answer.outcome.parts],
        "caveats": list(answer.rule.caveats),
        "certainty": answer.grade,
        "evidence": dict(answer.counts),
        "quotes": [_quote(claim, numbers) for claim in answer.shown],
    }


def _concluded(answer: Answer, case: Case, numbers: Mapping[str, int]) -> dict[str, Any]:
    """Return a case that applies; its quotes speak to it, else to the rule, where there are any."""
    quoted = answer.by_case[case.id]
    return {
        "case": case.id,
        "then": case.then,
        "strength": case.strength,
        "provenance": case.provenance,
        "quotes_speak_to": "case" if quoted else "rule" if answer.quoted else None,
        "quotes": [_quote(claim, numbers) for claim in quoted],
    }


def _quote(claim: Mapping[str, Any], numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "reference": numbers[claim["article_id"]],
        "claim_id": claim["claim_id"],
        "quote": claim["display"],
        "stance": claim["stance"],
    }
