"""Fetch the records that a query finds: each module of this folder is one service.

A module has ``BASE``, its address, ``ENDING``, that of its files, ``rate(order)``, requests per
second, and ``search(order, web, held, cursor)``, which returns what was found and yields its pages.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from ingest.manifest import Manifest
from ingest.web import FetchError, Pause, QueryError, Web

Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to fetch, and where to; ``base`` replaces the service's own address."""

    query: str
    folder: Path
    limit: int | None = None
    batch: int = 200
    base: str | None = None
    api_key: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer as it came, the ids of its records, and where the walk goes on after it."""

    data: bytes
    ids: tuple[str, ...]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """What a query found: how many articles, their ids where all are known, and the pages to come.

    ``notes`` are the service's own remarks on the query. ``pages`` asks as it is read.
    """

    found: int
    ids: frozenset[str] | None
    notes: tuple[str, ...]
    pages: Iterator[Page]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a fetch ended with: articles found, wanted, new in this run, and those not delivered."""

    found: int
    wanted: int
    new: int
    missing: int
    missing_ids: tuple[str, ...]
    files: int
    notes: tuple[str, ...]


class Service(Protocol):
    """What a module of this folder offers."""

    BASE: str
    ENDING: str

    def rate(self, order: Order) -> float:
        """Return how many requests a second the service allows."""
        ...

    def search(self, order: Order, web: Web, held: AbstractSet[str], cursor: str | None) -> Search:
        """Ask the query; the pages leave out what is held already."""
        ...


@cache
def names() -> tuple[str, ...]:
    """Return the names of the services, found in this folder."""
    return tuple(sorted(each.name for each in pkgutil.iter_modules([str(Path(__file__).parent)])))


def fetch(
    name: str, order: Order, tell: Tell = lambda step, count: None, pause: Pause | None = None
) -> Delivery:
    """Fetch what the order lacks into its folder; raise ``FetchError``, keeping what came so far.

    A run that was cut is taken up where it stopped; a finished one is brought up to date.
    """
    _check(order.query)
    service = cast(Service, importlib.import_module(f"{__name__}.{name}"))
    manifest = Manifest(order.folder, name, order.query, service.ENDING)
    before = frozenset(manifest.held)
    with Web(name, service.rate(order), pause=pause) as web:
        search = service.search(order, web, before, manifest.cursor)
        wanted = min(search.found, order.limit or search.found)
        tell("found", wanted)
        tell("held", len(before if search.ids is None else before & search.ids))
        for page in search.pages:
            try:
                manifest.add(page.data, page.ids, page.cursor)
            except OSError as error:
                raise FetchError(
                    f"{order.folder}: {error.strerror}; a folder to write to was expected"
                ) from None
            tell("held", len(page.ids))
    after = manifest.held
    known = after if search.ids is None else after & search.ids
    return Delivery(
        search.found,
        wanted,
        len(after - before),
        max(0, wanted - len(known)),
        tuple(sorted((search.ids or frozenset()) - after)),
        len(manifest.entries),
        search.notes,
    )


def _check(query: str) -> None:
    if not query.strip():
        raise QueryError("query: empty; search words were expected")
    try:
        query.encode()
    except UnicodeEncodeError:
        raise QueryError("query: not text in UTF-8; search words were expected") from None
