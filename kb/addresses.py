"""Give every claim, article, rule and recommendation an address that survives rebuilds.

Ids of claims are hashes of their article and words, ids of articles their surest identifier, ids of
rules their file's name. A recommendation is the set of its inputs: its address is the query string
with the names in order.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

# Where the words themselves changed, the old address stands for words that are gone.
_AFTER = """
select {}_id from changes where subject = ? and previous_id = ? and fields not like '%"field": "quote"%'
order by number desc limit 1
"""
_PLACES = {"claim": "/-/claim/", "article": "/-/article/", "rule": "/-/rule/"}
RECOMMEND = "/-/recommend"


def address(kind: str, identifier: str) -> str:
    """Return the path of a claim, article or rule on the site."""
    return _PLACES[kind] + quote(identifier, safe="")


def recommendation_address(inputs: Mapping[str, Any]) -> str:
    """Return the path of what the rules say of inputs: the same for any order of the inputs."""
    return f"{RECOMMEND}?{canonical_query(inputs)}"


def canonical_query(inputs: Mapping[str, Any]) -> str:
    """Return inputs as a query string, names in order, each value in one way of writing."""
    return urlencode([(name, _written(inputs[name])) for name in sorted(inputs)])


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def local(given: str) -> str:
    """Return what an address of the site names: an id, or ``recommend?`` with its query."""
    parts = urlsplit(given)
    path = parts.path
    for place in _PLACES.values():
        if place in path:
            return path.rpartition(place)[2]
    if path.rsplit("/", 1)[-1] == "recommend" and parts.query:
        return f"recommend?{parts.query}"
    return given


def inputs_of(identifier: str) -> dict[str, str] | None:
    """Return the inputs, as text, of a recommendation's identifier; None where it names none."""
    path, mark, query = identifier.partition("?")
    if not mark or path.rsplit("/", 1)[-1] != "recommend":
        return None
    return dict(parse_qsl(query, keep_blank_values=False))


def typed_inputs(schema: Mapping[str, Any], args: Any) -> dict[str, Any]:
    """Return the typed inputs of a form; what is left empty is not known, what has no type stays text."""
    found: dict[str, Any] = {}
    for name, field in schema.get("properties", {}).items():
        value = (args.get(name) or "").strip()
        if not value:
            continue
        kind = field.get("type")
        try:
            found[name] = (
                {"integer": int, "number": float}.get(kind, str)(value)
                if kind != "boolean"
                else {"true": True, "false": False}[value]
            )
        except (ValueError, KeyError):
            found[name] = value
    return found


def find_article(connection: sqlite3.Connection, identifier: str) -> str | None:
    """Return the id of the article that an id names, also by an identifier that was not its surest.

    An article first known by its DOI alone keeps that address when a PMID comes to be known.
    """
    row = connection.execute(
        "select article_id from articles where article_id = ?", [identifier]
    ).fetchone()
    if row is None and identifier.startswith("pmc-"):
        row = connection.execute(
            "select article_id from articles where upper(pmcid) = ?", [identifier[4:].upper()]
        ).fetchone()
    if row is None and identifier.startswith("doi-"):
        return _by_doi(connection, identifier)
    if row is None and re.fullmatch(r"text-[0-9a-f]{12}", identifier):
        row = connection.execute(
            "select article_id from records where article_id is not null and sha256 glob ?",
            [f"{identifier[5:]}*"],
        ).fetchone()
    return str(row[0]) if row else None


def find_current(connection: sqlite3.Connection, identifier: str) -> tuple[str, str] | None:
    """Return what an id names now, as (article, claim or rule, its id); None where that is unknown.

    An id that a build has replaced names what came in its place.
    """
    article = find_article(connection, identifier)
    if article:
        return "article", article
    for subject in ("claim", "rule"):
        if _is_held(connection, subject, identifier):
            return subject, identifier
    for subject in ("article", "claim"):
        after = _moved(connection, subject, identifier)
        if after:
            return subject, after
    return None


def _is_held(connection: sqlite3.Connection, subject: str, name: str) -> bool:
    sql = f"select 1 from {subject}s where {subject}_id = ?"
    return connection.execute(sql, [name]).fetchone() is not None


def _moved(connection: sqlite3.Connection, subject: str, name: str) -> str | None:
    """Return the id that the history of the database leads to from one that is gone."""
    seen = {name}
    while row := connection.execute(_AFTER.format(subject), [subject, name]).fetchone():
        if row[0] in seen:
            break
        name = str(row[0])
        seen.add(name)
    return name if len(seen) > 1 and _is_held(connection, subject, name) else None


def _by_doi(connection: sqlite3.Connection, identifier: str) -> str | None:
    """Return the article whose DOI reads so where every sign but letters and digits is a hyphen."""
    pattern = re.sub(r"-+", "*", identifier[4:]) + "*"
    for article, doi in connection.execute(
        "select article_id, lower(doi) from articles where lower(doi) glob ? order by article_id",
        [pattern],
    ):
        if re.sub(r"[^a-z0-9]+", "-", doi).strip("-") == identifier[4:]:
            return str(article)
    return None
