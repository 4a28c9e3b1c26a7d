"""The search page: what answers a question, narrowed by what is known of each answer."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from kb.facets import FACETS, count_facets
from kb.highlighting import find_spans, mark
from kb.hits import SORTS, UNITS, Hit, hits_of
from kb.questions import Question
from kb.search import ask, similar
from kb.site.marking import CLOSED, OPENED, mark_found
from kb.site.rendering import number, render, run
from kb.words import key, words

# Facets count the best answers, not every one that shares a word with the question.
DEEPEST, PAGE, SHOWN, YEARS = 400, 25, 8, 12
_FACTS = """
select claim_id, kind, subkind, assertion, temporality, basis, attribution, polarity, strength, condition
from claims where claim_id in (select value from json_each(:ids))"""
# The sentence of an article that says most of what was asked, where the title does not say it all.
_TEXTS = "select text from passages where article_id = ? order by start"


async def search_page(datasette: Any, request: Any) -> Any:
    """Show what answers a question, each claim with how it is meant."""
    query, like = request.args.get("q") or "", request.args.get("like") or ""
    chosen = {name: value for name in FACETS if (value := (request.args.get(name) or "").strip())}
    state = {
        "in": _one_of(request.args.get("in"), UNITS),
        "sort": _one_of(request.args.get("sort"), SORTS),
    }
    page = number(request.args.get("page"))
    context: dict[str, Any] = {"hits": [], "facets": [], "chosen": [], "count": 0}
    if like:
        context |= await run(datasette, lambda connection: _alike(connection, like))
    elif query.strip() or chosen:
        context |= await run(
            datasette, lambda connection: _found(connection, query, chosen, state, page)
        )
    units = [(name, _address(query, {}, {**state, "in": name})) for name in UNITS]
    sorts = [(name, _address(query, chosen, {**state, "sort": name})) for name in SORTS]
    return await render(
        datasette,
        request,
        "kb_search.html",
        query=query,
        like=like,
        page=page,
        state=state,
        units=units,
        sorts=sorts,
        title="Search",
        **context,
    )


def _one_of(text: str | None, names: Sequence[str]) -> str:
    return text if text is not None and text in names else names[0]


def _found(
    connection: sqlite3.Connection,
    query: str,
    chosen: Mapping[str, str],
    state: Mapping[str, str],
    page: int,
) -> dict[str, Any]:
    unit = state["in"]
    question, ranked, total, told = ask(connection, query, unit, chosen, depth=DEEPEST)
    hits = hits_of(connection, question, ranked, unit, state["sort"])
    sentences = _sentences(hits)
    shown = sentences[(page - 1) * PAGE : page * PAGE]
    counted = count_facets(connection, [hit.id for hit in hits], unit)
    labels = {(name, each.value): each.label for name, values in counted.items() for each in values}
    return {
        "hits": [_dressed(connection, each, question) for each in shown],
        "count": len(hits),
        "passages": len(sentences),
        "total": total,
        "hint": told.hint,
        "meant": told.did_you_mean,
        "meant_address": _address(told.did_you_mean or "", chosen, state),
        "engine": told.engine,
        "cut": total > len(hits),
        "first": (page - 1) * PAGE + 1,
        "facets": [
            (
                name,
                [
                    (each.label, each.count, _address(query, {**chosen, name: each.value}, state))
                    for each in values[: YEARS if name == "year" else SHOWN]
                ],
            )
            for name, values in counted.items()
            if name not in chosen and len(values) > 1
        ],
        "chosen": [
            (
                name,
                labels.get((name, value), value.replace("_", " ")),
                _address(query, {key: each for key, each in chosen.items() if key != name}, state),
            )
            for name, value in chosen.items()
        ],
        "before": _address(query, chosen, state, page - 1) if page > 1 else None,
        "after": _address(query, chosen, state, page + 1) if page * PAGE < len(sentences) else None,
    }


def _alike(connection: sqlite3.Connection, identifier: str) -> dict[str, Any]:
    found = similar(connection, identifier, limit=PAGE)
    empty = Question("", (), (), (), ())
    sentences = _sentences(found.hits)
    return {
        "hits": [_dressed(connection, each, empty) for each in sentences],
        "count": len(found.hits),
        "passages": len(sentences),
        "total": len(found.hits),
        "hint": found.hint,
        "engine": found.engine,
    }


def _sentences(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Return the claims of one sentence together, sentences in the order of their best claim."""
    found: dict[tuple[Any, ...], list[Hit]] = {}
    for hit in hits:
        place = (hit.article_id, hit.start, hit.end) if hit.start is not None else (hit.id,)
        found.setdefault(place, []).append(hit)
    return list(found.values())


def _dressed(
    connection: sqlite3.Connection, hits: Sequence[Hit], question: Question
) -> dict[str, Any]:
    """Return one answer as the template shows it."""
    cursor = connection.execute(_FACTS, {"ids": json.dumps([hit.claim_id for hit in hits])})
    names = [each[0] for each in cursor.description]
    facts = {row[0]: dict(zip(names, row, strict=True)) for row in cursor}
    first = hits[0]
    snippet = _telling(connection, first.article_id, question) if first.unit == "articles" else None
    return {
        "hit": first,
        "html": _marked(first.display, question),
        "snippet": _marked(snippet, question) if snippet else None,
        "claims": [{**facts[hit.id], "hit": hit} for hit in hits if hit.id in facts],
    }


def _marked(text: str, question: Question) -> Any:
    return mark_found(mark(text, find_spans(text, question), OPENED, CLOSED))


def _telling(connection: sqlite3.Connection, article: str, question: Question) -> str | None:
    texts = [str(row[0]) for row in connection.execute(_TEXTS, [article])]
    asked = {key(each) for each in question.terms}
    scored = [
        (len(asked & {key(each) for each in words(text)}), len(find_spans(text, question)), -at)
        for at, text in enumerate(texts)
    ]
    best = max(scored, default=(0, 0, 0))
    return texts[-best[2]] if best[0] or best[1] else None


def _address(query: str, chosen: Mapping[str, str], state: Mapping[str, str], page: int = 1) -> str:
    plain = {"in": UNITS[0], "sort": SORTS[0]}
    given = {name: value for name, value in state.items() if value != plain[name]}
    number = {"page": str(page)} if page > 1 else {}
    return "/-/search?" + urlencode({"q": query, **chosen, **given, **number})
