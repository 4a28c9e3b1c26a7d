"""Serve the site: Datasette on one immutable database, with bounds that hold against strangers."""

from __future__ import annotations

from pathlib import Path

from datasette.cli import cli

from kb import places

# Default facets cost seven times the page; arbitrary SQL stays on, for scripts, within bounds.
SETTINGS = {
    "suggest_facets": "off",
    "facet_time_limit_ms": "300",
    "sql_time_limit_ms": "2000",
    "allow_download": "on",
    "max_returned_rows": "2000",
    "default_page_size": "50",
    "truncate_cells_html": "400",
}


def serve_arguments(database: Path, metadata: Path, host: str, port: int) -> list[str]:
    """Return the arguments of ``datasette`` that serve a database as ``kb serve`` does."""
    settings = [part for key, value in SETTINGS.items() for part in ("--setting", key, value)]
    return [
        "serve",
        "-i",
        str(database),
        "-m",
        str(metadata),
        "-h",
        host,
        "-p",
        str(port),
        *settings,
    ]


def serve(database: Path, host: str, port: int) -> None:
    """Run the server until it is stopped."""
    cli.main(serve_arguments(database, places.metadata(), host, port), standalone_mode=False)
