"""The search page: claims that answer a query, narrowed by what is known of each."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from kb.search import fts_query, search, word_groups
from kb.site.marking import CLOSED, OPENED, mark_found
from kb.site.rendering import render, run

FACETS = ("kind", "procedure", "tumour", "design", "year", "assertion")
# Facets count the best claims, not every claim that shares a word with the query.
DEEPEST, PAGE, SHOWN = 400, 25, 8

_FACTS = """
select claims.claim_id, claims.article_id, claims.kind, claims.subkind, claims.assertion, claims.temporality, claims.basis, claims.attribution,
  claims.polarity, claims.display, claims.focus, claims.start, claims."end", articles.citation, articles.design, articles.year, articles.digest,
  articles.retracted,
  (select json_group_array(json_array(concepts.facet, concepts.concept_id, concepts.label)) from claim_concepts
    join concepts using (concept_id) where claim_concepts.claim_id = claims.claim_id
    and concepts.facet in ('procedures', 'tumours')) as concepts
from claims join articles using (article_id)
where claims.claim_id in (select value from json_each(:ids))"""
_FOUND = f"""
select claims.claim_id, highlight(claims_fts, 0, char({ord(OPENED)}), char({ord(CLOSED)}))
from claims_fts join claims on claims.rowid = claims_fts.rowid
where claims_fts match :query and claims.claim_id in (select value from json_each(:ids))"""


async def search_page(datasette: Any, request: Any) -> Any:
    """Show the claims that answer a query, with what a reader must know of each."""
    query = request.args.get("q") or ""
    chosen = {name: value for name in FACETS if (value := (request.args.get(name) or "").strip())}
    page = _number(request.args.get("page"))
    context: dict[str, Any] = {"hits": [], "facets": [], "chosen": [], "count": 0}
    if query.strip():
        context = await run(datasette, lambda connection: _found(connection, query, chosen, page))
    return await render(
        datasette, request, "kb_search.html", query=query, page=page, title="Search", **context
    )


def _number(text: str | None) -> int:
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1


def _found(
    connection: sqlite3.Connection, query: str, chosen: Mapping[str, str], page: int
) -> dict[str, Any]:
    result = search(connection, query, limit=DEEPEST)
    ids = [hit.claim_id for hit in result.hits]
    by_id = {row["claim_id"]: row for row in _facts(connection, ids)}
    claims = [by_id[each] for each in ids if each in by_id]
    kept = [each for each in claims if all(v in each["values"][n] for n, v in chosen.items())]
    passages = _passages(kept)
    shown = passages[(page - 1) * PAGE : page * PAGE]
    marked = _highlights(connection, query, [each[0]["claim_id"] for each in shown])
    for each in shown:
        each[0]["html"] = mark_found(marked.get(each[0]["claim_id"], each[0]["display"]))
    names = {(name, value): label for each in claims for name, value, label in each["named"]}
    return {
        "hits": shown,
        "count": len(kept),
        "passages": len(passages),
        "total": result.total,
        "hint": result.hint,
        "cut": result.total > DEEPEST,
        "first": (page - 1) * PAGE + 1,
        "facets": _facets(query, claims, chosen, names),
        "chosen": [
            (name, _label(name, value, names), _address(query, chosen, name, None))
            for name, value in chosen.items()
        ],
        "before": _address(query, chosen, "page", str(page - 1)) if page > 1 else None,
        "after": _address(query, chosen, "page", str(page + 1))
        if page * PAGE < len(kept)
        else None,
    }


def _facts(connection: sqlite3.Connection, ids: Sequence[str]) -> list[dict[str, Any]]:
    cursor = connection.execute(_FACTS, {"ids": json.dumps(ids)})
    columns = [each[0] for each in cursor.description]
    found = []
    for row in cursor:
        claim = dict(zip(columns, row, strict=True))
        named = [
            ({"procedures": "procedure", "tumours": "tumour"}[facet], concept, label)
            for facet, concept, label in json.loads(claim["concepts"])
        ]
        claim["named"] = named
        claim["values"] = {
            "kind": [claim["kind"]],
            "assertion": [claim["assertion"]],
            "design": [claim["design"]],
            "year": [str(claim["year"])] if claim["year"] else ["not stated"],
            "procedure": [concept for name, concept, _ in named if name == "procedure"],
            "tumour": [concept for name, concept, _ in named if name == "tumour"],
        }
        found.append(claim)
    return found


def _passages(claims: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the claims of one sentence together, sentences in the order of their best claim."""
    found: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
    for claim in claims:
        found.setdefault((claim["article_id"], claim["start"], claim["end"]), []).append(claim)
    return list(found.values())


def _highlights(connection: sqlite3.Connection, query: str, ids: Sequence[str]) -> dict[str, str]:
    match = fts_query(word_groups(connection, query))
    if not match:
        return {}
    values = {"query": match, "ids": json.dumps(ids)}
    return {row[0]: row[1] for row in connection.execute(_FOUND, values)}


def _facets(
    query: str,
    claims: Sequence[Mapping[str, Any]],
    chosen: Mapping[str, str],
    names: Mapping[tuple[str, str], str],
) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """Return for each facet not chosen its commonest values: label, count and address."""
    found = []
    for name in FACETS:
        if name in chosen:
            continue
        others = [each for each in claims if all(v in each["values"][n] for n, v in chosen.items())]
        counts = Counter(value for each in others for value in dict.fromkeys(each["values"][name]))
        if len(counts) < 2:
            continue
        common = counts.most_common(SHOWN)
        if name == "year":
            common = sorted(counts.most_common(12), reverse=True)
        found.append(
            (
                name,
                [(_label(name, v, names), n, _address(query, chosen, name, v)) for v, n in common],
            )
        )
    return found


def _label(name: str, value: str, names: Mapping[tuple[str, str], str]) -> str:
    return names.get((name, value), value.replace("_", " "))


def _address(query: str, chosen: Mapping[str, str], name: str, value: str | None) -> str:
    kept = {key: each for key, each in chosen.items() if key != name}
    return "/-/search?" + urlencode({"q": query, **kept, **({name: value} if value else {})})
