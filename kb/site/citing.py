"""Citations on the pages: every style of a claim, article, rule or recommendation, and their files."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from kb import places
from kb.addresses import canonical_query, find_current, local
from kb.holdings import load_works
from kb.site.rendering import elsewhere, missing, plain, run
from kb.styles import DEFAULT, Style, find_style, styles
from kb.works import CitationError, Work


@dataclass(frozen=True, slots=True)
class Cited:
    """One style's text of a reference, and where it is had as a file, if it is one."""

    style: Style
    text: str
    file: str | None


def home_of(datasette: Any, request: Any) -> str:
    """Return the address that the site is published at, else the one that it is asked at."""
    told = places.site(datasette.plugin_config(places.SETTINGS) or {})
    asked: str = datasette.absolute_url(request, "/")
    return told or asked.rstrip("/")


async def cited(datasette: Any, request: Any, identifier: str) -> list[Cited]:
    """Return a reference in every style; nothing where it cannot be cited."""
    home = home_of(datasette, request)

    def made(connection: sqlite3.Connection) -> tuple[Work, ...]:
        return load_works(connection, identifier)

    try:
        works = await run(datasette, made)
    except CitationError:
        return []
    return [
        Cited(each, each.render(works, home), _file(identifier, each) if each.ending else None)
        for each in styles().values()
    ]


def _file(identifier: str, style: Style) -> str:
    name, _, query = identifier.partition("?")
    chosen = urlencode({"style": style.name}) if style.name != DEFAULT else ""
    asked = "&".join(each for each in (query, chosen) if each)
    return f"/-/cite/{quote(name, safe='')}" + (f"?{asked}" if asked else "")


async def cite_page(datasette: Any, request: Any) -> Any:
    """Return a citation as plain text or a file, in the style that ``style`` names."""
    name = request.url_vars["name"]
    given = {key: request.args.get(key) for key in request.args}
    try:
        style = find_style(given.pop("style", None) or DEFAULT)
        identifier = recommendation(given) if name == "recommend" else local(name)
        found = await run(datasette, lambda connection: find_current(connection, identifier))
        if found and found[1] != identifier:
            return elsewhere(_file(found[1], style))
        works = await run(datasette, lambda connection: load_works(connection, identifier))
    except CitationError as error:
        return await missing(datasette, request, str(error))
    text = style.render(works, home_of(datasette, request))
    return plain(text, f"{name}.{style.ending}" if style.ending else None, style.media)


def recommendation(inputs: Mapping[str, Any]) -> str:
    """Return the identifier of what the rules say of inputs."""
    return f"recommend?{canonical_query({key: value for key, value in inputs.items() if value})}"
