"""Files of published standards, and the stored texts that their positions point into."""

from __future__ import annotations

import json
import sqlite3
from typing import Any
from urllib.parse import quote

from kb.addresses import find_current
from kb.export import ExportError, Standard, export, standards
from kb.site.citing import home_of
from kb.site.rendering import elsewhere, missing, plain, rows, run

# A file of more is made by the command, which keeps no visitor waiting.
MOST = 500


def offered(subject: str) -> list[Standard]:
    """Return the standards that rules, or articles, are exported in."""
    return [each for each in standards().values() if each.subject == subject]


async def export_page(datasette: Any, request: Any) -> Any:
    """Return rules or articles as a file of a standard; ``rule`` and ``article`` name them."""
    name = request.url_vars["standard"]
    names = [*request.args.getlist("rule"), *request.args.getlist("article")]

    held = (await rows(datasette, "select count(*) as n from articles"))[0]["n"]
    if not names and held > MOST:
        return await missing(
            datasette,
            request,
            f"{held} articles are more than the site exports at once; name rules or articles, or run kb export.",
        )

    def made(connection: sqlite3.Connection) -> dict[str, Any]:
        return export(connection, name, names, home_of(datasette, request))

    try:
        found = await run(datasette, made)
    except ExportError as error:
        return await missing(datasette, request, str(error))
    standard = standards()[name]
    text = json.dumps(found, ensure_ascii=False, indent=2)
    stem = names[0] if len(names) == 1 else standard.subject
    return plain(text, f"{stem}.{standard.ending}", standard.media)


async def text_page(datasette: Any, request: Any) -> Any:
    """Return an article's stored text as it is: annotations give their positions in it."""
    name = request.url_vars["article_id"]
    found = await rows(datasette, "select text from documents where article_id = ?", [name])
    if not found:
        now = await run(datasette, lambda connection: find_current(connection, name))
        if now and now[0] == "article":
            return elsewhere(f"/-/text/{quote(now[1], safe='')}")
        return await missing(
            datasette, request, f"There is no article {name}; see /-/articles for all."
        )
    return plain(found[0]["text"])
