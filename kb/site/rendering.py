"""Ask the served database and answer with a page: what every page of the site shares."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from datasette.utils.asgi import NotFound, Response

from kb import DISCLAIMER
from kb.site.marking import badge

STATIC = "/-/static-plugins/spinal-tumour-evidence"
CSS = f"{STATIC}/site.css"
SCRIPT = f"{STATIC}/copy.js"
LABELS = f"{STATIC}/labels.js"
KINDS = ("approach", "indication", "outcome", "risk")
# Texts come from strangers: were one ever let through as mark-up, the browser would still run nothing.
_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

Answer = TypeVar("Answer")
_RETRACTED: WeakKeyDictionary[Any, frozenset[str]] = WeakKeyDictionary()


def database_name(datasette: Any) -> str:
    """Return the name of the served database that holds the evidence."""
    names = [name for name in datasette.databases if name not in {"_internal", "_memory"}]
    if not names:
        raise NotFound("no knowledge base is served; datasette kb.db was expected")
    return "kb" if "kb" in names else str(names[0])


async def rows(
    datasette: Any, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()
) -> list[dict[str, Any]]:
    """Return the rows of a query as dictionaries."""
    found = await datasette.get_database(database_name(datasette)).execute(sql, values)
    return [dict(row) for row in found.rows]


def number(text: str | None) -> int:
    """Return the number of a page that was asked for, the first where none or nonsense is."""
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1


def as_data(found: Any, status: int = 200) -> Response:
    """Return plain data as JSON."""
    return Response.json(found, status=status)


async def run(datasette: Any, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """Return what a function makes of a connection, in a thread of the database."""
    answer: Answer = await datasette.get_database(database_name(datasette)).execute_fn(work)
    return answer


async def retracted_articles(datasette: Any) -> frozenset[str]:
    """Return the ids of the retracted articles; read once, the served database does not change."""
    database = datasette.get_database(database_name(datasette))
    if database not in _RETRACTED:
        found = await rows(datasette, "select article_id from articles where retracted = 1")
        _RETRACTED[database] = frozenset(row["article_id"] for row in found)
    return _RETRACTED[database]


async def render(datasette: Any, request: Any, template: str, **context: Any) -> Response:
    """Return a page made of a template."""
    page = await datasette.render_template(
        template,
        {
            "css": CSS,
            "script": SCRIPT,
            "disclaimer": DISCLAIMER,
            "database": database_name(datasette),
            "kinds": KINDS,
            "badge": badge,
            **context,
        },
        request=request,
    )
    return Response.html(page, headers={"content-security-policy": _POLICY})


async def missing(datasette: Any, request: Any, message: str) -> Response:
    """Return the page that tells what is not there, with status 404."""
    page = await render(datasette, request, "kb_missing.html", message=message, title="Not found")
    page.status = 404
    return page


def plain(text: str, file_name: str | None = None, media: str = "text/plain") -> Response:
    """Return plain text, offered as a file where it has a name."""
    headers = {"x-content-type-options": "nosniff"}
    if file_name:
        headers["content-disposition"] = f'attachment; filename="{file_name}"'
    return Response(text, headers=headers, content_type=f"{media}; charset=utf-8")


def published(body: bytes, kind: str) -> Response:
    """Return bytes of a media type."""
    return Response(
        body, headers={"x-content-type-options": "nosniff"}, content_type=f"{kind}; charset=utf-8"
    )


def elsewhere(address: str) -> Response:
    """Return the way to an address of this site."""
    return Response.redirect(address)
