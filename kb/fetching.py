"""The command that fetches articles: PubMed and Europe PMC into files that ``kb build`` reads."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kb.terminal import JSON, dump, fail

if TYPE_CHECKING:
    from ingest.fetching import Delivery, Order


class _Services(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """The services there are, looked up when one is asked for: other commands need no web."""

    name = "service"

    @staticmethod
    def _choice() -> click.Choice[str]:
        from ingest.fetching import names  # noqa: PLC0415 - brings the libraries of the web

        return click.Choice(names())

    def get_metavar(self, *given: Any, **named: Any) -> str | None:
        """Return the services as they are shown in the help."""
        return self._choice().get_metavar(*given, **named)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the service, or fail with those there are."""
        return self._choice().convert(value, param, ctx)


@click.command()
@click.argument("service", type=_Services())
@click.argument("query", nargs=-1, required=True)
@click.option(
    "-o",
    "--out",
    default="articles",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to.",
)
@click.option("-n", "--limit", type=click.IntRange(1), help="At most this many articles.")
@click.option(
    "--batch",
    default=200,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Articles per request and file.",
)
@click.option(
    "--api-key",
    envvar="NCBI_API_KEY",
    help="Your NCBI API key: ten requests a second in place of three (or set NCBI_API_KEY).",
)
@click.option(
    "--email",
    envvar="NCBI_EMAIL",
    help="Your address, told to the service so that it can reach you (or set NCBI_EMAIL).",
)
@click.option("--url", help="Another address of the service: a mirror.")
@JSON
def fetch(
    service: str,
    query: Sequence[str],
    out: Path,
    limit: int | None,
    batch: int,
    api_key: str | None,
    email: str | None,
    url: str | None,
    as_json: bool,
) -> None:
    """Fetch what QUERY finds at SERVICE into files that kb build reads.

    Run it again to go on after a cut, or to get what is new since: only what the folder lacks is
    fetched.
    """
    from ingest.fetching import Order  # noqa: PLC0415 - keeps `kb --help` quick
    from ingest.web import FetchError, KeyRefusedError, QueryError  # noqa: PLC0415

    order = Order(" ".join(query), out, limit, batch, url, api_key, email)
    try:
        delivery = _run(service, order)
    except (KeyRefusedError, QueryError) as error:
        fail(str(error))
    except FetchError as error:
        fail(f"{error}\nwhat came so far is kept in {out}; run the same command again to go on", 5)
    if as_json:
        dump(asdict(delivery))
    else:
        _tell(delivery, out)
    sys.exit(0 if delivery.wanted and not delivery.missing else 1)


def _run(service: str, order: Order) -> Delivery:
    from ingest.fetching import fetch as run  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(service, total=None)

        def tell(step: str, count: int) -> None:
            if step == "found":
                bar.update(task, total=count)
            else:
                bar.advance(task, count)

        return run(service, order, tell)


def _tell(delivery: Delivery, out: Path) -> None:
    for note in delivery.notes:
        click.echo(f"note: {note}", err=True)
    if delivery.missing:
        some = " ".join(delivery.missing_ids[:20])
        click.echo(
            f"{delivery.missing} found and not delivered{': ' + some if some else ''}", err=True
        )
    click.echo(
        f"found {delivery.found}, wanted {delivery.wanted}: {delivery.new} new, {delivery.files} files in {out}"
    )
