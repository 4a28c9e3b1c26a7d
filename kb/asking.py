"""The commands that ask the knowledge base: claims, rule, query, recommend."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from kb import DISCLAIMER, places
from kb.terminal import DATABASE, JSON, dump, fail, open_or_fail


@click.command()
@click.option(
    "--kind",
    type=click.Choice(["approach", "indication", "outcome", "risk"]),
    help="Only this kind.",
)
@click.option("--procedure", help="Only claims about this concept id.")
@click.option("--measure", help="Only claims about this measure.")
@click.option(
    "--assertion",
    type=click.Choice(["affirmed", "negated", "hedged", "conditional"]),
    help="Only claims so asserted.",
)
@click.option("--article", help="Only this article.")
@click.option(
    "-n",
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="How many to show.",
)
@DATABASE
@JSON
def claims(
    kind: str | None,
    procedure: str | None,
    measure: str | None,
    assertion: str | None,
    article: str | None,
    limit: int,
    database: Path,
    as_json: bool,
) -> None:
    """List claims with their quote, context, concepts and measurements."""
    connection = open_or_fail(database)
    asked = {"kind": kind, "measure": measure, "assertion": assertion, "article_id": article}
    where = [f"claims.{name} = :{name}" for name, value in asked.items() if value]
    if procedure:
        where.append(
            "claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)"
        )
    sql = (
        "select claims.*, articles.retracted from claims join articles using (article_id)"
        + (f" where {' and '.join(where)}" if where else "")
        + " order by claims.article_id, start, claim_id limit :limit"
    )
    rows = [
        dict(row)
        for row in connection.execute(sql, {**asked, "procedure": procedure, "limit": limit})
    ]
    for row in rows:
        row["measurements"] = [
            dict(each)
            for each in connection.execute(
                "select * from measurements where claim_id = ? order by start", [row["claim_id"]]
            )
        ]
        row["concepts"] = [
            dict(each)
            for each in connection.execute(
                'select concept_id, facet, start, "end", inherited from claim_concepts where claim_id = ? order by inherited, start',
                [row["claim_id"]],
            )
        ]
    if as_json:
        dump(rows)
    else:
        for row in rows:
            click.echo(
                f"{row['claim_id']}  {row['kind']}{'/' + row['subkind'] if row['subkind'] else ''}  {row['assertion']}  "
                + ("[Retracted]  " if row["retracted"] else "")
                + row["display"]
            )
    sys.exit(0 if rows else 1)


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
    from kb.conditions import conditions_of  # noqa: PLC0415
    from kb.rules import InputError, RuleError, evaluate, load_rules  # noqa: PLC0415

    try:
        found = {each.id: each for each in load_rules(places.rules())}
    except RuleError as error:
        fail(str(error))
    if name is None:
        if as_json:
            dump(
                [
                    {"rule": each.id, "title": each.title, "status": each.status}
                    for each in found.values()
                ]
            )
        else:
            click.echo(
                "\n".join(
                    f"{each.id:26} {each.status:12} {each.question}" for each in found.values()
                )
            )
        return
    if name not in found:
        fail(f"{name}: no such rule; one of {', '.join(found)} was expected")
    chosen = found[name]
    try:
        outcome = evaluate(chosen, _pairs(inputs)) if inputs else None
    except InputError as error:
        fail(str(error))
    connection = open_or_fail(database)
    strength = connection.execute(
        "select strength_of_evidence from rules where rule_id = ?", [name]
    ).fetchone()
    graded: dict[str, Any] = (
        json.loads(strength[0]) if strength else {"grade": "no evidence", "parts": []}
    )
    evidence = [
        dict(row)
        for row in connection.execute(
            "select evidence.stance, evidence.reason, evidence.counted, evidence.label, claims.claim_id, claims.display, articles.citation"
            " from evidence join claims using (claim_id) join articles using (article_id) where rule_id = ? order by stance, counted desc, year desc",
            [name],
        )
    ]
    if as_json:
        dump(
            {
                "rule": asdict(chosen),
                "evaluation": asdict(outcome) if outcome else None,
                "strength_of_evidence": graded,
                "evidence": evidence,
            }
        )
        return
    click.echo(
        click.style(chosen.title, bold=True) + f"\n{chosen.question}\nStated in: {chosen.source}"
    )
    if outcome:
        for label, value, points in outcome.parts:
            click.echo(f"  {label} {value}: {points:g}")
        if outcome.score is not None:
            click.echo(f"  total {outcome.score:g}")
        for case in outcome.matched:
            click.echo(
                f"  -> {case.then} [{case.strength}]"
                + (f" (from outside: {case.provenance})" if case.provenance else "")
            )
        for case_id, needs in outcome.needs.items():
            click.echo(f"  {case_id} needs {', '.join(needs)}")
    else:
        told = conditions_of(chosen)
        for case in chosen.cases:
            click.echo(f"  {told[case.id]}: {case.then} [{case.strength}]")
    click.echo(f"Certainty of the evidence: {graded['grade']}")
    for part in graded["parts"]:
        click.echo(f"  {part['part']}: {part['found']} ({part['effect']})")
    for stance in ("supports", "qualifies", "contradicts"):
        rows = [each for each in evidence if each["stance"] == stance]
        click.echo(
            click.style(
                f"\n{stance} ({sum(each['counted'] for each in rows)} counted of {len(rows)})",
                bold=True,
            )
        )
        for each in rows:
            click.echo(
                f"  - {each['display']}\n    {each['reason']}"
                + (f"; not counted: {each['label']}" if each["label"] else "")
                + f"\n    {each['claim_id']}  {each['citation']}"
            )
    click.echo(f"\n{DISCLAIMER}")


@click.command()
@click.argument("name", required=False)
@click.option(
    "-p",
    "--param",
    "parameters",
    multiple=True,
    nargs=2,
    metavar="KEY VALUE",
    help="A parameter of the query.",
)
@DATABASE
@JSON
def query(
    name: str | None, parameters: Sequence[tuple[str, str]], database: Path, as_json: bool
) -> None:
    """Run a saved query, or list them."""
    from kb.rules import load_rules  # noqa: PLC0415
    from kb.saved import QueryError, all_queries, run_query  # noqa: PLC0415

    try:
        found = all_queries(places.queries(), load_rules(places.rules()))
        if name is None:
            for each in found.values():
                click.echo(f"{each.name:38} {each.title}")
            return
        if name not in found:
            raise QueryError(f"{name}: no such query; one of {', '.join(found)} was expected")
        answer = run_query(open_or_fail(database), found[name], dict(parameters))
    except QueryError as error:
        fail(str(error))
        return
    if as_json:
        dump([dict(zip(answer.columns, row, strict=True)) for row in answer.rows])
    else:
        click.echo("\t".join(answer.columns))
        for row in answer.rows:
            click.echo("\t".join("" if value is None else str(value) for value in row))
    sys.exit(0 if answer.rows else 1)


@click.command()
@click.argument("name", required=False)
@DATABASE
@JSON
def answer(name: str | None, database: Path, as_json: bool) -> None:
    """Answer a clinical question by its saved queries, or list the questions.

    What no source states is told as "not stated", with what was looked for.
    """
    from kb.answers import answer as find  # noqa: PLC0415
    from kb.answers import load_questions  # noqa: PLC0415
    from kb.rules import RuleError, load_rules  # noqa: PLC0415
    from kb.saved import QueryError, all_queries  # noqa: PLC0415

    try:
        rules = load_rules(places.rules())
        queries = all_queries(places.queries(), rules)
        questions = load_questions(places.questions(), queries, rules)
    except (QueryError, RuleError) as error:
        fail(str(error))
    if name is None:
        click.echo("\n".join(f"{each.id:32} {each.question}" for each in questions.values()))
        return
    if name not in questions:
        fail(f"{name}: no such question; one of {', '.join(questions)} was expected")
    found = find(open_or_fail(database), questions[name], queries)
    if as_json:
        dump(found)
    else:
        _tell(found)
    sys.exit(0 if found["claims"] else 1)


def _tell(found: Mapping[str, Any]) -> None:
    from kb.answers import numbered  # noqa: PLC0415

    click.echo(click.style(found["question"], bold=True))
    numbers = numbered(found["claims"])
    for each in found["claims"]:
        meant = [each["assertion"], each["temporality"], each["basis"], each["attribution"]]
        usual = {"affirmed", "current", "patients", "expert", "own"}
        told = ", ".join(word.replace("_", " ") for word in meant if word not in usual)
        retracted = "[Retracted] " if each["retracted"] else ""
        click.echo(
            f"- {retracted}“{each['display']}” [{numbers[each['article_id']]}]"
            + (f" ({told})" if told else "")
        )
        for number in each["numbers"]:
            click.echo(f"    {number}")
    if not found["claims"]:
        click.echo(f"not stated; looked for by {', '.join(found['asked'])}")
    for each in found["looked_for"]:
        click.echo(
            f"{each['what']}: {each['stated'] or 'not stated'} (looked for by {each['asked']})"
        )
    for each in found["outside"]:
        click.echo(f"from outside: {each['says']} ({each['provenance']})")
    for article, number in numbers.items():
        cited = next(each for each in found["claims"] if each["article_id"] == article)
        click.echo(f"[{number}] {cited['citation']}")
    click.echo(DISCLAIMER)


def _quoted(claim: Mapping[str, Any], numbers: Mapping[str, int]) -> str:
    side = {"qualifies": " (qualifying)", "contradicts": " (against)"}.get(claim["stance"], "")
    return f"     “{claim['display']}” [{numbers[claim['article_id']]}]{side}"


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
        click.echo(
            click.style(answer.rule.title, bold=True) + f" (certainty of evidence: {answer.grade})"
        )
        if answer.adds_up:
            click.echo(f"  {answer.adds_up}")
        for case in answer.outcome.matched:
            click.echo(
                f"  -> {case.then} [{case.strength}]"
                + (f" (from outside: {case.provenance})" if case.provenance else "")
            )
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
