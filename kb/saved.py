"""Load, check and run the saved queries of ``queries/*.sql``, and the one of every rule.

A file begins with ``-- title:``, ``-- description:`` and, for named parameters, ``-- example:``
lines of ``name=value``; its name is the query's.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.rules import Rule

_SCHEMA = Path(__file__).parent / "schema.sql"
_HEADER = re.compile(r"^--\s*(?P<key>title|description|example):\s*(?P<value>.*)$")
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)\b")
_QUOTED = re.compile(r"'(?:[^']|'')*'|--[^\n]*")


class QueryError(ValueError):
    """Saved queries that cannot be used, or one that is not there; every fault is listed."""


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One saved query: its SQL with named parameters, and an example value of each."""

    name: str
    title: str
    description: str
    sql: str
    parameters: tuple[str, ...]
    examples: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer of a query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def parse_query(name: str, text: str) -> SavedQuery:
    """Return the saved query of a file's text; raise ``QueryError`` for a faulty header."""
    header: dict[str, list[str]] = {}
    body: list[str] = []
    for line in text.splitlines():
        match = _HEADER.match(line) if not body else None
        if match:
            header.setdefault(match["key"], []).append(match["value"].strip())
        elif line.strip() or body:
            body.append(line)
    missing = [key for key in ("title", "description") if not header.get(key)]
    if missing:
        raise QueryError(
            f"{name}.sql: no `-- {missing[0]}:` line; every saved query has a title and a description"
        )
    examples = dict(
        part.partition("=")[::2] for line in header.get("example", ()) for part in [line]
    )
    sql = "\n".join(body).strip().rstrip(";")
    parameters = tuple(dict.fromkeys(_PARAMETER.findall(_QUOTED.sub("", sql))))
    absent = [each for each in parameters if each not in examples]
    if absent:
        raise QueryError(
            f"{name}.sql: no example for :{absent[0]}; an `-- example: {absent[0]}=value` line was expected"
        )
    return SavedQuery(
        name, header["title"][0], " ".join(header["description"]), sql, parameters, examples
    )


def load_queries(folder: Path) -> dict[str, SavedQuery]:
    """Return the folder's saved queries by name; raise ``QueryError`` with every fault found."""
    found: dict[str, SavedQuery] = {}
    faults: list[str] = []
    connection = sqlite3.connect(":memory:")
    connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
    connection.executescript(
        "".join(
            f"create virtual table {name} using fts5({columns});"
            for name, columns in (
                ("articles_fts", "title, citation, keywords, mesh"),
                ("documents_fts", "text"),
                ("claims_fts", "display, focus"),
                ("passages_fts", "text"),
            )
        )
    )
    for path in sorted(folder.glob("*.sql")):
        try:
            query = parse_query(path.stem, path.read_text(encoding="utf-8"))
            connection.execute(f"explain {query.sql}", dict.fromkeys(query.parameters, ""))
            found[query.name] = query
        except QueryError as error:
            faults.append(str(error))
        except sqlite3.Error as error:
            faults.append(f"{path.name}: {error}; SQL over kb/schema.sql was expected")
    connection.close()
    if faults:
        raise QueryError("\n".join(faults))
    return found


def rule_query(rule: Rule) -> SavedQuery:
    """Return the saved query that shows a rule's evidence, made of the rule's own SQL."""
    sql = (
        f"with found as (\n{rule.evidence.strip()}\n)\n"
        "select found.stance, found.reason, claims.claim_id, claims.kind, claims.assertion, claims.display,\n"
        "  articles.citation, articles.article_id\n"
        "from found join claims using (claim_id) join articles using (article_id)\n"
        "where found.stance is not null\n"
        "order by found.stance desc, articles.year, claims.start"
    )
    return SavedQuery(f"rule_{rule.id}", f"Rule: {rule.title}", rule.question, sql, (), {})


def all_queries(folder: Path, rules: Sequence[Rule]) -> dict[str, SavedQuery]:
    """Return the saved queries and one for every rule, by name."""
    return load_queries(folder) | {f"rule_{rule.id}": rule_query(rule) for rule in rules}


def run_query(connection: sqlite3.Connection, query: SavedQuery, values: Mapping[str, str]) -> Rows:
    """Return a saved query's rows; raise ``QueryError`` for a missing or unknown parameter."""
    missing = [each for each in query.parameters if each not in values]
    unknown = [each for each in values if each not in query.parameters]
    if missing or unknown:
        name, what = (missing[0], "is missing") if missing else (unknown[0], "is no parameter")
        hint = ", ".join(f"{key}={value}" for key, value in query.examples.items()) or "none"
        raise QueryError(
            f"{query.name}: {name} {what}; its parameters are {', '.join(query.parameters) or 'none'} (example: {hint})"
        )
    cursor = connection.execute(query.sql, dict(values))
    return Rows(
        tuple(each[0] for each in cursor.description),
        tuple(tuple(row) for row in cursor.fetchall()),
    )
