"""The ``kb`` command: fetch, build, search, claims, rule, query, cite, diff, serve, status.

Exit codes: 0 done; 1 nothing found, or some input was rejected; 2 wrong use; 3 another build holds
the database; 4 the built database failed its checks; 5 a service could not be asked to the end.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kb import DISCLAIMER, asking, citing, deciding, diffing, fetching, searching
from kb.terminal import DATABASE, JSON, dump, fail, open_or_fail


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=DISCLAIMER)
@click.version_option(package_name="spinal-tumour-evidence")
def main() -> None:
    """Evidence base for spinal tumour surgery: build it, ask it, cite it."""


@main.command()
@click.argument("files", nargs=-1, required=True)
@click.option(
    "-o",
    "--out",
    default="kb.db",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The database to write.",
)
@click.option(
    "-j",
    "--jobs",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes to work with.",
)
@click.option(
    "--apart",
    nargs=2,
    multiple=True,
    metavar="RECORD RECORD",
    help="Two record ids (table records) to keep apart, to undo a merging.",
)
@JSON
def build(
    files: Sequence[str], out: Path, jobs: int, apart: Sequence[tuple[str, str]], as_json: bool
) -> None:
    """Build the knowledge base from FILES: files, folders, globs, or - for standard input.

    Only what changed since the last build is worked again. Input records = stored + merged +
    rejected; every rejected record is told with its reason, and the exit code is then 1.
    """
    from kb.build import LockedError  # noqa: PLC0415
    from kb.build import build as run_build  # noqa: PLC0415
    from kb.rules import RuleError  # noqa: PLC0415
    from kb.verify import VerificationError  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=False) as bar:
        task = bar.add_task("reading", total=None)
        records = bar.add_task("records", total=None, visible=False)

        def tell(step: str, count: int) -> None:
            if step == "sources":
                bar.update(task, total=count)
            elif step in {"read", "unchanged"}:
                bar.advance(task, count)
            elif step == "records":
                bar.update(records, advance=count, visible=True)
            else:
                bar.update(task, description=step)

        try:
            report = run_build(files, out, jobs, tell, [frozenset(each) for each in apart])
        except LockedError as error:
            fail(str(error), 3)
        except (VerificationError, RuleError) as error:
            fail(f"{out}: not published\n{error}", 4)
    if as_json:
        dump({**asdict(report), "path": str(report.path), "read": report.read})
    else:
        click.echo(
            f"input {report.read} = stored {report.stored} + merged {report.merged} + rejected {len(report.rejected)}"
        )
        click.echo(
            f"{report.articles} articles, {report.claims} claims, {report.rules} rules, {report.evidence} links to evidence in {out}"
        )
        for failure in report.rejected:
            click.echo(f"rejected: {failure.reason}", err=True)
    sys.exit(1 if report.rejected else 0)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8001,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on.",
)
@DATABASE
def serve(host: str, port: int, database: Path) -> None:
    """Serve the site with Datasette and print its address."""
    from kb.site.serving import serve as run  # noqa: PLC0415

    open_or_fail(database).close()
    click.echo(f"Serving {database} at http://{host}:{port}/  (stop with Ctrl-C)")
    run(database, host, port)


@main.command()
@DATABASE
@JSON
def status(database: Path, as_json: bool) -> None:
    """Tell what is in the knowledge base, when it was built, and what was rejected and why."""
    connection = open_or_fail(database)
    meta = {row["key"]: row["value"] for row in connection.execute("select key, value from meta")}
    tables = ("articles", "claims", "measurements", "rules", "evidence", "concepts")
    counts = {
        table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in tables
    }
    kinds = dict(
        tuple(row)
        for row in connection.execute(
            "select kind, count(*) from claims group by kind order by kind"
        )
    )
    rejected = [
        dict(row)
        for row in connection.execute(
            "select source, locator, reason from records where outcome = 'rejected' order by source, locator"
        )
    ]
    if as_json:
        dump({"meta": meta, "counts": counts, "kinds": kinds, "rejected": rejected})
        return
    click.echo(f"{database}: built {meta['built_at']}, generation {meta['generation']}")
    click.echo(
        f"input {meta['read']} = stored {meta['stored']} + merged {meta['merged']} + rejected {meta['rejected']}"
    )
    click.echo(", ".join(f"{number} {name}" for name, number in {**counts, **kinds}.items()))
    for each in rejected:
        click.echo(f"rejected: {each['reason']}")


@main.command()
@click.argument("annotations", type=click.Path(exists=True, file_okay=False, path_type=Path))
@DATABASE
@JSON
def evaluate(annotations: Path, database: Path, as_json: bool) -> None:
    """Score the knowledge base against hand ANNOTATIONS (a folder with claims.json)."""
    from kb.evaluation import evaluate as score  # noqa: PLC0415
    from kb.evaluation import table  # noqa: PLC0415

    report = score(open_or_fail(database), annotations)
    if as_json:
        dump(report)
    else:
        click.echo(table(report))


for _command in (
    searching.search,
    searching.embed,
    asking.claims,
    deciding.rule,
    asking.query,
    asking.answer,
    citing.cite,
    citing.export,
    deciding.recommend,
    diffing.diff,
    fetching.fetch,
):
    main.add_command(_command)


if __name__ == "__main__":
    main()
