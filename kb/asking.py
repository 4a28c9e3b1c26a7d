"""The commands that ask the knowledge base: claims, query, answer."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
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
