"""Export in the forms of published standards: each module of this folder is one, its name is the key.

A module has ``ENDING``, ``MEDIA``, ``SUBJECT`` (what its names are: rules or articles) and
``export(connection, names, home)``, which returns plain data.
"""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

# Standards want absolute addresses; where no site is known they begin with a name that never resolves
# (https://www.rfc-editor.org/rfc/rfc6761, section 6.4).
NOWHERE = "https://spinal-tumour-evidence-base.invalid"


class ExportError(ValueError):
    """Nothing to export: the standard or a name is unknown; every fault is listed."""


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard: its key, one line on it, what its names are, and the files it makes."""

    name: str
    words: str
    subject: str
    ending: str
    media: str
    export: Callable[[sqlite3.Connection, Sequence[str], str], dict[str, Any]]


@cache
def standards() -> Mapping[str, Standard]:
    """Return every standard by name."""
    found = {}
    for each in sorted(pkgutil.iter_modules([str(Path(__file__).parent)])):
        module = importlib.import_module(f"{__name__}.{each.name}")
        words = (module.__doc__ or "").splitlines()[0].removeprefix("Export ").rstrip(".")
        found[each.name] = Standard(
            each.name, words, module.SUBJECT, module.ENDING, module.MEDIA, module.export
        )
    return found


def export(
    connection: sqlite3.Connection, standard: str, names: Sequence[str] = (), home: str = ""
) -> dict[str, Any]:
    """Return what the names stand for in a standard's form, all of them without names.

    ``home`` is the address that the site is served at. Raise ``ExportError`` for unknown names.
    """
    found = standards()
    if standard not in found:
        raise ExportError(
            f"standard: {standard} is unknown; one of {', '.join(found)} was expected"
        )
    return found[standard].export(connection, names, home.rstrip("/") or NOWHERE)


def known(
    connection: sqlite3.Connection, names: Sequence[str], table: str, column: str
) -> list[str]:
    """Return the names, or all ids of a table without names; raise ``ExportError`` for unknown ones."""
    if not names:
        return [
            row[0] for row in connection.execute(f"select {column} from {table} order by {column}")
        ]
    faults = [
        f"{name}: no such {column.removesuffix('_id')}; an id of the knowledge base was expected"
        for name in names
        if not connection.execute(f"select 1 from {table} where {column} = ?", [name]).fetchone()
    ]
    if faults:
        raise ExportError("\n".join(faults))
    return list(dict.fromkeys(names))
