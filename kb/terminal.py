"""What the commands share: options, output and how they fail."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

DATABASE = click.option(
    "--db",
    "database",
    default="kb.db",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The knowledge base.",
)


JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def fail(message: str, code: int = 2) -> NoReturn:
    """Print a message and leave with an exit code."""
    click.echo(message, err=True)
    sys.exit(code)


def open_or_fail(path: Path) -> sqlite3.Connection:
    """Return the database, or leave with one clear line."""
    from kb.opening import open_database  # noqa: PLC0415 - keeps `kb --help` quick

    try:
        return open_database(path)
    except FileNotFoundError as error:
        fail(str(error))


def dump(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
