"""The command that searches."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from kb.terminal import DATABASE, JSON, dump, fail, open_or_fail


@click.command()
@click.argument("query", nargs=-1)
@click.option(
    "--in",
    "unit",
    default="claims",
    show_default=True,
    type=click.Choice(["claims", "articles", "passages"]),
    help="What to search.",
)
@click.option(
    "--kind",
    type=click.Choice(["approach", "indication", "outcome", "risk"]),
    help="Only this kind of claim.",
)
@click.option("--procedure", help="Only claims about this procedure (a concept id such as TES).")
@click.option(
    "--sort",
    default="relevance",
    show_default=True,
    type=click.Choice(["relevance", "date", "evidence"]),
    help="What comes first.",
)
@click.option("--semantic", is_flag=True, help="Find by meaning besides words (see kb embed).")
@click.option("--like", metavar="ID", help="Find what is like this claim or article instead.")
@click.option("--facets", is_flag=True, help="Tell what the best answers are, too.")
@click.option(
    "-n",
    "--limit",
    default=10,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="How many to show.",
)
@DATABASE
@JSON
def search(
    query: Sequence[str],
    unit: str,
    kind: str | None,
    procedure: str | None,
    sort: str,
    semantic: bool,
    like: str | None,
    facets: bool,
    limit: int,
    database: Path,
    as_json: bool,
) -> None:
    """Search the claims; natural questions work as typed, "quoted text" is exact.

    Also embol* NOT angiography, "blood loss"~5, title: abstract: author: mesh: journal:,
    year:1995..2006, date:>=2000-06, kind: design: tumour: level: measure: assertion: polarity:
    """
    from kb.facets import count_facets  # noqa: PLC0415
    from kb.search import ask, similar  # noqa: PLC0415
    from kb.search import search as find  # noqa: PLC0415

    connection = open_or_fail(database)
    text, filters = " ".join(query), {"kind": kind, "procedure": procedure}
    if not query and not like:
        fail("kb search: no question; some words, or --like ID, were expected")
    if like:
        result = similar(connection, like, limit=limit)
    else:
        result = find(
            connection, text, unit=unit, filters=filters, sort=sort, limit=limit, semantic=semantic
        )
    counted = {}
    if facets and not like:
        _, ranked, _, _ = ask(connection, text, unit, filters, semantic=semantic)
        counted = count_facets(connection, [name for name, _ in ranked], unit)
    if as_json:
        told = {
            "facets": {name: [asdict(each) for each in values] for name, values in counted.items()}
        }
        hits = [{**asdict(hit), "stance": hit.stance} for hit in result.hits]
        dump({**asdict(result), "hits": hits, **(told if facets else {})})
        sys.exit(0 if result.hits else 1)
    for hit in result.hits:
        click.echo(
            f"{_state(hit)}{_shown(hit)}\n    {hit.id}  {hit.citation}"
            + (f" (level {hit.evidence_level})" if hit.evidence_level else "")
        )
    for name, values in counted.items():
        row = ", ".join(f"{each.label} {each.count}" for each in values[:8])
        click.echo(f"{name}: {row}", err=True)
    if result.did_you_mean:
        click.echo(f"did you mean: {result.did_you_mean}", err=True)
    click.echo(f"{result.total} found" + (f"; {result.hint}" if result.hint else ""), err=True)
    sys.exit(0 if result.hits else 1)


@click.command()
@DATABASE
def embed(database: Path) -> None:
    """Make the vectors that kb search --semantic asks: once for each generation, what changed alone.

    Some ten abstracts a second; what is done is kept if it is interrupted. Needs the extra [semantic].
    """
    from kb.embedding import SemanticError  # noqa: PLC0415 - keeps `kb --help` quick
    from kb.vectors import embed_database  # noqa: PLC0415

    open_or_fail(database).close()
    try:
        made = embed_database(database, lambda done, of: click.echo(f"{done} of {of}", err=True))
    except (SemanticError, OSError) as error:
        fail(str(error))
    click.echo(f"{made} vectors made; kb search --semantic asks them")


def _shown(hit: Any) -> str:
    """Return a hit's words, with what was asked for underlined where they stand as in the text."""
    from kb.highlighting import mark  # noqa: PLC0415

    if hit.start is None or hit.end - hit.start != len(hit.display):
        return str(hit.display)
    spans = tuple((one - hit.start, two - hit.start) for one, two in hit.spans)
    return mark(hit.display, spans, "\x1b[4m", "\x1b[24m")


def _state(hit: Any) -> str:
    if hit.unit != "claims":
        return click.style("[RETRACTED] ", bold=True) if hit.retracted else ""
    words = [
        hit.kind,
        *([hit.assertion] if hit.assertion != "affirmed" else []),
        *(["AGAINST"] if hit.polarity == "against" else []),
    ]
    told = "[" + ", ".join([*words, *(["RETRACTED"] if hit.retracted else [])]) + "] "
    return click.style(told, bold=True)
