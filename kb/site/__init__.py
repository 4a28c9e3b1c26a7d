"""Publish the knowledge base through Datasette: saved queries, pages, links, safe connections.

The home of Datasette; this module holds only its hooks.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette import hookimpl

from kb.functions import register
from kb.site import changing, citing, deciding, exporting, finding, pages, questioning
from kb.site.links import ARTICLES, cell_link
from kb.site.rendering import CSS, LABELS, database_name, retracted_articles
from kb.site.rulebook import served_queries

# randomblob(1e9) would outrun the time limit: no value may exceed this many bytes.
LONGEST_VALUE = 20_000_000


@hookimpl
def canned_queries(datasette: Any, database: str) -> dict[str, dict[str, Any]] | None:
    """Serve every saved query, and one for every rule, on the evidence database."""
    if database in {"_internal", "_memory"} or database != database_name(datasette):
        return None
    found = served_queries()
    return {
        name: {
            "sql": query.sql,
            "title": query.title,
            "description": query.description,
            "params": list(query.parameters),
            "hide_sql": True,
        }
        for name, query in found.items()
    }


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """Add the pages, each at an address that survives rebuilds."""
    return [
        (r"^/$", pages.home),
        (r"^/-/search$", finding.search_page),
        (r"^/-/rules$", deciding.rules_page),
        (r"^/-/rule/(?P<rule_id>[\w-]+)$", deciding.rule_page),
        (r"^/-/recommend$", deciding.recommend_page),
        (r"^/-/recommend\.json$", deciding.recommend_json),
        (r"^/-/queries$", pages.queries_page),
        (r"^/-/questions$", questioning.questions_page),
        (r"^/-/question/(?P<name>\w+)(?P<form>\.json)?$", questioning.question_page),
        (r"^/-/article/(?P<article_id>[^/]+)$", pages.article_page),
        (r"^/-/articles$", pages.articles_page),
        (r"^/-/claim/(?P<claim_id>\w+)$", pages.claim_page),
        (r"^/-/cite/(?P<name>[\w-]+)$", citing.cite_page),
        (r"^/-/export/(?P<standard>\w+)$", exporting.export_page),
        (r"^/-/text/(?P<article_id>[^/]+)$", exporting.text_page),
        (r"^/-/changes$", changing.changes_page),
        (r"^/-/changes\.atom$", changing.changes_feed),
        (r"^/-/about$", pages.about_page),
    ]


@hookimpl
def startup(datasette: Any) -> None:
    """Read rules and queries before the first page is asked for, not while its reader waits."""
    served_queries()


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Bound what one value may hold, and give SQL ``kb_search``, ``kb_cite`` and ``kb_highlight``."""
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    register(conn)


@hookimpl
def render_cell(value: Any, column: str, datasette: Any, database: str | None) -> Any:
    """Link identifiers in tables to their pages, mark retracted articles, say what is not stated."""
    if column not in ARTICLES or not isinstance(value, str) or database in {None, "_internal"}:
        return cell_link(column, value)

    async def linked() -> Any:
        return cell_link(column, value, value in await retracted_articles(datasette))

    return linked


@hookimpl
def extra_css_urls() -> list[str]:
    """Give Datasette's own pages the site's look."""
    return [CSS]


@hookimpl
def extra_js_urls() -> list[str]:
    """Name the controls of Datasette's own pages that have no label."""
    return [LABELS]
