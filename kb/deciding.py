"""The commands that put questions to the decision rules: rule and recommend."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb import DISCLAIMER, places
from kb.terminal import DATABASE, JSON, dump, fail, open_or_fail

if TYPE_CHECKING:
    from kb.recommend import Answer
    from kb.rules import Case, Evaluation, Rule


def _pairs(given: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            fail(f"{each}: not name=value; e.g. surgical_type=4 was expected")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


@click.command()
@click.argument("name", required=False)
@click.option(
    "-i",
    "--input",
    "inputs",
    multiple=True,
    metavar="NAME=VALUE",
    help="An input; the rule is then evaluated.",
)
@DATABASE
@JSON
def rule(name: str | None, inputs: Sequence[str], database: Path, as_json: bool) -> None:
    """Show a decision rule with its evidence both ways, or list the rules."""
    from kb.rules import InputError, RuleError, evaluate, load_rules  # noqa: PLC0415

    try:
        found = {each.id: each for each in load_rules(places.rules())}
    except RuleError as error:
        fail(str(error))
    if name is None:
        _list_rules(found.values(), as_json)
        return
    if name not in found:
        fail(f"{name}: no such rule; one of {', '.join(found)} was expected")
    chosen = found[name]
    try:
        outcome = evaluate(chosen, _pairs(inputs)) if inputs else None
    except InputError as error:
        fail(str(error))
    connection = open_or_fail(database)
    strength, evidence = _strength(connection, name), _evidence(connection, name)
    if as_json:
        dump(
            {
                "rule": asdict(chosen),
                "evaluation": asdict(outcome) if outcome else None,
                "strength_of_evidence": strength,
                "evidence": evidence,
            }
        )
        return
    stated = f"{chosen.question}\nStated in: {chosen.source}"
    click.echo(f"{click.style(chosen.title, bold=True)}\n{stated}")
    _tell_cases(chosen, outcome)
    _tell_evidence(strength, evidence)
    click.echo(f"\n{DISCLAIMER}")


def _list_rules(rules: Iterable[Rule], as_json: bool) -> None:
    if as_json:
        dump([{"rule": each.id, "title": each.title, "status": each.status} for each in rules])
    else:
        lines = (f"{each.id:26} {each.status:12} {each.question}" for each in rules)
        click.echo("\n".join(lines))


def _strength(connection: sqlite3.Connection, name: str) -> dict[str, Any]:
    """Return the certainty of a rule's evidence and the parts that make it."""
    told = connection.execute(
        "select strength_of_evidence from rules where rule_id = ?", [name]
    ).fetchone()
    return dict(json.loads(told[0])) if told else {"grade": "no evidence", "parts": []}


def _evidence(connection: sqlite3.Connection, name: str) -> list[dict[str, Any]]:
    """Return the claims that speak to a rule, with their stance; what counts comes first."""
    found = connection.execute(
        "select evidence.stance, evidence.reason, evidence.counted, evidence.label, claims.claim_id, claims.display, articles.citation"
        " from evidence join claims using (claim_id) join articles using (article_id) where rule_id = ? order by stance, counted desc, year desc",
        [name],
    )
    return [dict(row) for row in found]


def _tell_cases(rule: Rule, outcome: Evaluation | None) -> None:
    """Print what a rule says of the inputs, or all its cases where it was given none."""
    from kb.conditions import conditions_of  # noqa: PLC0415

    if outcome is None:
        told = conditions_of(rule)
        for case in rule.cases:
            click.echo(f"  {told[case.id]}: {case.then} [{case.strength}]")
        return
    for label, value, points in outcome.parts:
        click.echo(f"  {label} {value}: {points:g}")
    if outcome.score is not None:
        click.echo(f"  total {outcome.score:g}")
    for case in outcome.matched:
        click.echo(_concluded(case))
    for case_id, needs in outcome.needs.items():
        click.echo(f"  {case_id} needs {', '.join(needs)}")


def _concluded(case: Case) -> str:
    """Return what a case that applies concludes, how strongly, and where it was taken from."""
    outside = f" (from outside: {case.provenance})" if case.provenance else ""
    return f"  -> {case.then} [{case.strength}]{outside}"


def _tell_evidence(strength: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]]) -> None:
    """Print how certain the evidence is, then each claim under the side that it takes."""
    click.echo(f"Certainty of the evidence: {strength['grade']}")
    for part in strength["parts"]:
        click.echo(f"  {part['part']}: {part['found']} ({part['effect']})")
    for stance in ("supports", "qualifies", "contradicts"):
        rows = [each for each in evidence if each["stance"] == stance]
        counted = sum(each["counted"] for each in rows)
        click.echo(click.style(f"\n{stance} ({counted} counted of {len(rows)})", bold=True))
        for each in rows:
            apart = f"; not counted: {each['label']}" if each["label"] else ""
            click.echo(f"  - {each['display']}\n    {each['reason']}{apart}")
            click.echo(f"    {each['claim_id']}  {each['citation']}")


@click.command()
@click.argument("patient", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@DATABASE
@JSON
def recommend(patient: Path, database: Path, as_json: bool) -> None:
    """Put the facts of PATIENT (a YAML file) to every current rule, with quotes and citations.

    What is not known is left out of the file: rules that miss an input say what they need.
    """
    from ingest.yamlfile import YamlError, load_yaml  # noqa: PLC0415
    from kb.recommend import as_json as plain  # noqa: PLC0415
    from kb.recommend import recommend as decide  # noqa: PLC0415
    from kb.rules import InputError, load_rules  # noqa: PLC0415

    try:
        facts = load_yaml(patient)
        if not isinstance(facts, dict):
            raise InputError(
                f"{patient}: no mapping of names to values; e.g. surgical_type: 4 was expected"
            )
        found = decide(open_or_fail(database), load_rules(places.rules()), facts)
    except (InputError, YamlError) as error:
        fail(str(error))
    if as_json:
        dump(plain(found))
        return
    numbers = {article: number for number, article, _ in found.references}
    for answer in found.applies:
        _tell_answer(answer, numbers)
    for answer in found.waiting:
        needs = sorted({name for names in answer.outcome.needs.values() for name in names})
        click.echo(f"{answer.rule.title} needs {', '.join(needs)}")
    for conflict in found.conflicts:
        click.echo(f"conflict: {conflict.about}: {conflict.note}")
    for rule_id, fault in found.not_asked.items():
        click.echo(f"{rule_id} cannot be asked: {fault}")
    if found.always:
        click.echo("for every patient: " + "; ".join(each.rule.title for each in found.always))
    for number, _, citation in found.references:
        click.echo(f"[{number}] {citation}")
    click.echo(DISCLAIMER)


def _tell_answer(answer: Answer, numbers: Mapping[str, int]) -> None:
    """Print what one rule says of a patient, with the quotes of each case and of the whole rule."""
    title = click.style(answer.rule.title, bold=True)
    click.echo(f"{title} (certainty of evidence: {answer.grade})")
    if answer.adds_up:
        click.echo(f"  {answer.adds_up}")
    for case in answer.outcome.matched:
        click.echo(_concluded(case))
        for claim in answer.by_case[case.id]:
            click.echo(_quoted(claim, numbers))
        if not answer.by_case[case.id] and not answer.quoted:
            click.echo("     no counted claim of the knowledge base speaks to it")
    if answer.quoted:
        click.echo("     on the rule as a whole:")
    for claim in answer.quoted:
        click.echo(_quoted(claim, numbers))
    for caveat in answer.rule.caveats:
        click.echo(f"     caveat: {caveat}")


def _quoted(claim: Mapping[str, Any], numbers: Mapping[str, int]) -> str:
    side = {"qualifies": " (qualifying)", "contradicts": " (against)"}.get(claim["stance"], "")
    return f"     “{claim['display']}” [{numbers[claim['article_id']]}]{side}"
