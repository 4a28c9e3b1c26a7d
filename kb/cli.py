"""The ``kb`` command: build, search, claims, rule, query, cite, serve, status. Home of click and rich.

Exit codes: 0 done; 1 nothing found, or some input was rejected; 2 wrong use; 3 another build holds
the database; 4 the built database failed its checks.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kb import places

DISCLAIMER = "An evidence browser, not a medical device: it supports reading of evidence and does not replace judgement."
_DATABASE = click.option("--db", "database", default="kb.db", show_default=True, type=click.Path(path_type=Path), help="The knowledge base.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _fail(message: str, code: int = 2) -> None:
    click.echo(message, err=True)
    sys.exit(code)


def _open(path: Path) -> sqlite3.Connection:
    from kb.build import open_database  # noqa: PLC0415 - keeps `kb --help` quick

    try:
        return open_database(path)
    except FileNotFoundError as error:
        _fail(str(error))
        raise


def _dump(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=DISCLAIMER)
@click.version_option(package_name="spinal-tumour-evidence")
def main() -> None:
    """Evidence base for spinal tumour surgery: build it, ask it, cite it."""


@main.command()
@click.argument("files", nargs=-1, required=True)
@click.option("-o", "--out", default="kb.db", show_default=True, type=click.Path(path_type=Path), help="The database to write.")
@click.option("-j", "--jobs", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes to work with.")
@_JSON
def build(files: Sequence[str], out: Path, jobs: int, as_json: bool) -> None:
    """Build the knowledge base from FILES: files, folders, globs, or - for standard input.

    Only what changed since the last build is worked again. Input records = stored + merged +
    rejected; every rejected record is told with its reason, and the exit code is then 1.
    """
    from kb.build import LockedError  # noqa: PLC0415
    from kb.build import build as run_build  # noqa: PLC0415
    from kb.rules import RuleError  # noqa: PLC0415
    from kb.verify import VerificationError  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=False) as bar:
        task = bar.add_task("reading", total=None)

        def tell(step: str, count: int) -> None:
            if step == "sources":
                bar.update(task, total=count)
            elif step == "read":
                bar.advance(task, count)
            else:
                bar.update(task, description=step)

        try:
            report = run_build(files, out, jobs, tell)
        except LockedError as error:
            _fail(str(error), 3)
        except (VerificationError, RuleError) as error:
            _fail(f"{out}: not published\n{error}", 4)
    if as_json:
        _dump({**asdict(report), "path": str(report.path), "read": report.read})
    else:
        click.echo(f"input {report.read} = stored {report.stored} + merged {report.merged} + rejected {len(report.rejected)}")
        click.echo(f"{report.articles} articles, {report.claims} claims, {report.rules} rules, {report.evidence} links to evidence in {out}")
        for failure in report.rejected:
            click.echo(f"rejected: {failure.reason}", err=True)
    sys.exit(1 if report.rejected else 0)


@main.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--kind", type=click.Choice(["approach", "indication", "outcome", "risk"]), help="Only this kind of claim.")
@click.option("--procedure", help="Only claims about this procedure (a concept id such as TES).")
@click.option("-n", "--limit", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many to show.")
@_DATABASE
@_JSON
def search(query: Sequence[str], kind: str | None, procedure: str | None, limit: int, database: Path, as_json: bool) -> None:
    """Search the claims; natural questions work as typed, "quoted text" is exact."""
    from kb.search import search as find  # noqa: PLC0415

    result = find(_open(database), " ".join(query), kind=kind, procedure=procedure, limit=limit)
    if as_json:
        _dump(asdict(result))
    else:
        for hit in result.hits:
            click.echo(f"{click.style(_state(hit), bold=True)} {hit.display}\n    {hit.claim_id}  {hit.citation}")
        click.echo(f"{result.total} found" + (f"; {result.hint}" if result.hint else ""), err=True)
    sys.exit(0 if result.hits else 1)


def _state(hit: Any) -> str:
    words = [hit.kind, *([hit.assertion] if hit.assertion != "affirmed" else []), *(["AGAINST"] if hit.polarity == "against" else [])]
    return "[" + ", ".join([*words, *(["RETRACTED"] if hit.retracted else [])]) + "]"


@main.command()
@click.option("--kind", type=click.Choice(["approach", "indication", "outcome", "risk"]), help="Only this kind.")
@click.option("--procedure", help="Only claims about this concept id.")
@click.option("--measure", help="Only claims about this measure.")
@click.option("--assertion", type=click.Choice(["affirmed", "negated", "hedged", "conditional"]), help="Only claims so asserted.")
@click.option("--article", help="Only this article.")
@click.option("-n", "--limit", default=50, show_default=True, type=click.IntRange(1, 1_000_000), help="How many to show.")
@_DATABASE
@_JSON
def claims(kind: str | None, procedure: str | None, measure: str | None, assertion: str | None, article: str | None, limit: int, database: Path, as_json: bool) -> None:
    """List claims with their quote, context, concepts and measurements."""
    connection = _open(database)
    asked = {"kind": kind, "measure": measure, "assertion": assertion, "article_id": article}
    where = [f"claims.{name} = :{name}" for name, value in asked.items() if value]
    if procedure:
        where.append("claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)")
    sql = "select claims.* from claims" + (f" where {' and '.join(where)}" if where else "") + " order by article_id, start, claim_id limit :limit"
    rows = [dict(row) for row in connection.execute(sql, {**asked, "procedure": procedure, "limit": limit})]
    for row in rows:
        row["measurements"] = [dict(each) for each in connection.execute("select * from measurements where claim_id = ? order by start", [row["claim_id"]])]
        row["concepts"] = [dict(each) for each in connection.execute('select concept_id, facet, start, "end", inherited from claim_concepts where claim_id = ? order by inherited, start', [row["claim_id"]])]
    if as_json:
        _dump(rows)
    else:
        for row in rows:
            click.echo(f"{row['claim_id']}  {row['kind']}{'/' + row['subkind'] if row['subkind'] else ''}  {row['assertion']}  {row['display']}")
    sys.exit(0 if rows else 1)


def _pairs(given: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            _fail(f"{each}: not name=value; e.g. surgical_type=4 was expected")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


@main.command()
@click.argument("name", required=False)
@click.option("-i", "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input; the rule is then evaluated.")
@_DATABASE
@_JSON
def rule(name: str | None, inputs: Sequence[str], database: Path, as_json: bool) -> None:
    """Show a decision rule with its evidence both ways, or list the rules."""
    from kb.rules import InputError, RuleError, evaluate, load_rules  # noqa: PLC0415

    try:
        found = {each.id: each for each in load_rules(places.rules())}
    except RuleError as error:
        _fail(str(error))
    if name is None:
        _dump([{"rule": each.id, "title": each.title, "status": each.status} for each in found.values()]) if as_json else [
            click.echo(f"{each.id:26} {each.status:12} {each.question}") for each in found.values()
        ]
        return
    if name not in found:
        _fail(f"{name}: no such rule; one of {', '.join(found)} was expected")
    chosen = found[name]
    try:
        outcome = evaluate(chosen, _pairs(inputs)) if inputs else None
    except InputError as error:
        _fail(str(error))
    evidence = [dict(row) for row in _open(database).execute(
        "select evidence.stance, evidence.reason, evidence.counted, evidence.label, claims.claim_id, claims.display, articles.citation"
        " from evidence join claims using (claim_id) join articles using (article_id) where rule_id = ? order by stance, counted desc, year desc", [name])]
    if as_json:
        _dump({"rule": asdict(chosen), "evaluation": asdict(outcome) if outcome else None, "evidence": evidence})
        return
    click.echo(click.style(chosen.title, bold=True) + f"\n{chosen.question}\nStated in: {chosen.source}")
    if outcome:
        for label, value, points in outcome.parts:
            click.echo(f"  {label} {value}: {points:g}")
        if outcome.score is not None:
            click.echo(f"  total {outcome.score:g}")
        for case in outcome.matched:
            click.echo(f"  -> {case.then} [{case.strength}]" + (f" (from outside: {case.provenance})" if case.provenance else ""))
        for case_id, needs in outcome.needs.items():
            click.echo(f"  {case_id} needs {', '.join(needs)}")
    for stance in ("supports", "qualifies", "contradicts"):
        rows = [each for each in evidence if each["stance"] == stance]
        click.echo(click.style(f"\n{stance} ({sum(each['counted'] for each in rows)} counted of {len(rows)})", bold=True))
        for each in rows:
            click.echo(f"  - {each['display']}\n    {each['reason']}" + (f"; not counted: {each['label']}" if each["label"] else "") + f"\n    {each['claim_id']}  {each['citation']}")
    click.echo(f"\n{DISCLAIMER}")


@main.command()
@click.argument("name", required=False)
@click.option("-p", "--param", "parameters", multiple=True, nargs=2, metavar="KEY VALUE", help="A parameter of the query.")
@_DATABASE
@_JSON
def query(name: str | None, parameters: Sequence[tuple[str, str]], database: Path, as_json: bool) -> None:
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
        answer = run_query(_open(database), found[name], dict(parameters))
    except QueryError as error:
        _fail(str(error))
        return
    if as_json:
        _dump([dict(zip(answer.columns, row, strict=True)) for row in answer.rows])
    else:
        click.echo("\t".join(answer.columns))
        for row in answer.rows:
            click.echo("\t".join("" if value is None else str(value) for value in row))
    sys.exit(0 if answer.rows else 1)


@main.command()
@click.argument("identifier")
@click.option("--style", default="vancouver", show_default=True, help="vancouver, bibtex, ris, csl-json or link.")
@_DATABASE
def cite(identifier: str, style: str, database: Path) -> None:
    """Cite a claim, an article or a rule."""
    from kb.cite import CitationError  # noqa: PLC0415
    from kb.cite import cite as make  # noqa: PLC0415

    try:
        click.echo(make(_open(database), identifier, style))
    except CitationError as error:
        _fail(str(error))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535))
@_DATABASE
def serve(host: str, port: int, database: Path) -> None:
    """Serve the site with Datasette and print its address."""
    from kb.site.serving import serve as run  # noqa: PLC0415

    _open(database).close()
    click.echo(f"Serving {database} at http://{host}:{port}/  (stop with Ctrl-C)")
    run(database, host, port)


@main.command()
@_DATABASE
@_JSON
def status(database: Path, as_json: bool) -> None:
    """Tell what is in the knowledge base, when it was built, and what was rejected and why."""
    connection = _open(database)
    meta = {row["key"]: row["value"] for row in connection.execute("select key, value from meta")}
    tables = ("articles", "claims", "measurements", "rules", "evidence", "concepts")
    counts = {table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in tables}
    kinds = dict(tuple(row) for row in connection.execute("select kind, count(*) from claims group by kind order by kind"))
    rejected = [dict(row) for row in connection.execute("select source, locator, reason from records where outcome = 'rejected' order by source, locator")]
    if as_json:
        _dump({"meta": meta, "counts": counts, "kinds": kinds, "rejected": rejected})
        return
    click.echo(f"{database}: built {meta['built_at']}, generation {meta['generation']}")
    click.echo(f"input {meta['read']} = stored {meta['stored']} + merged {meta['merged']} + rejected {meta['rejected']}")
    click.echo(", ".join(f"{number} {name}" for name, number in {**counts, **kinds}.items()))
    for each in rejected:
        click.echo(f"rejected: {each['reason']}")


@main.command()
@click.argument("annotations", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_DATABASE
@_JSON
def evaluate(annotations: Path, database: Path, as_json: bool) -> None:
    """Score the knowledge base against hand ANNOTATIONS (a folder with claims.json)."""
    from kb.evaluation import evaluate as score  # noqa: PLC0415
    from kb.evaluation import table  # noqa: PLC0415

    report = score(_open(database), annotations)
    if as_json:
        _dump(report)
    else:
        click.echo(table(report))


