"""Fetch Europe PMC's JSON: the search service's core results, walked by cursor.

After the Articles RESTful API (https://europepmc.org/RestfulWebService): pages of at most 1,000,
each naming the cursor of the next; the last names its own. Sorted by first publication, so that
what is published later comes after the cursor of a finished walk.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from ingest.fetching import Order, Page, Search
from ingest.web import FetchError, PassingError, Web

BASE = "https://www.ebi.ac.uk/europepmc/webservices/rest/"
ENDING = ".json.gz"
START = "*"
# A longer query goes to searchPOST: addresses have an end.
_LONGEST_QUERY = 1_500


class CursorLostError(FetchError):
    """The service no longer knows the cursor: it answers with its version and nothing else."""


@dataclass(frozen=True, slots=True)
class _Answer:
    data: bytes
    found: int
    results: tuple[dict[str, Any], ...]
    cursor: str | None


def rate(order: Order) -> float:
    """Return a modest rate: the service names none."""
    return 3.0


def search(order: Order, web: Web, held: AbstractSet[str], cursor: str | None) -> Search:
    """Return what Europe PMC finds; the pages are its answers without the results held."""
    mark = cursor or START
    try:
        first = _ask(order, web, mark)
    except CursorLostError:
        mark = START
        first = _ask(order, web, mark)
    return Search(first.found, None, (), _pages(order, web, first, mark, held))


def _ask(order: Order, web: Web, mark: str) -> _Answer:
    form: dict[str, str | int] = {
        "query": order.query,
        "resultType": "core",
        "format": "json",
        "pageSize": order.batch,
        "cursorMark": mark,
        "sort": "P_PDATE_D asc",
    }
    if order.email:
        form["email"] = order.email
    long = len(order.query) > _LONGEST_QUERY
    address = f"{(order.base or BASE).rstrip('/')}/{'searchPOST' if long else 'search'}"
    return web.ask(address, form, lambda data: _read(data, mark), "POST" if long else "GET")


def _read(data: bytes, mark: str) -> _Answer:
    try:
        value = json.loads(data)
    except ValueError:
        raise PassingError(
            "europepmc: an answer cut short or not JSON; JSON was expected"
        ) from None
    if not isinstance(value, dict):
        raise PassingError("europepmc: an answer without fields; hitCount was expected")
    if value.get("errMsg") or value.get("errCode"):
        words = " ".join(str(value.get("errMsg") or value.get("errCode")).split())[:300]
        raise FetchError(f"europepmc: {words}; results were expected")
    found = value.get("hitCount")
    results = (value.get("resultList") or {}).get("result")
    if not isinstance(found, int) or not isinstance(results, list):
        if mark != START and set(value) <= {"version"}:
            raise CursorLostError(f"europepmc: cursor {mark} is unknown; a known one was expected")
        raise PassingError("europepmc: an answer without hitCount and results; both were expected")
    after = value.get("nextCursorMark")
    return _Answer(data, found, tuple(results), str(after) if after else None)


def _identity(result: dict[str, Any]) -> str:
    return f"{result.get('source')}/{result.get('id')}"


def _pages(
    order: Order, web: Web, answer: _Answer, mark: str, held: AbstractSet[str]
) -> Iterator[Page]:
    """Yield the results not held, walking on from a cursor; where some are amiss, from the start."""
    have = set(held)
    whole = mark == START
    while True:
        fresh = [each for each in answer.results if _identity(each) not in have]
        room = len(fresh) if order.limit is None else max(0, order.limit - len(have))
        after = answer.cursor or mark
        if fresh[:room]:
            ids = tuple(_identity(each) for each in fresh[:room])
            have.update(ids)
            # A page taken in part is asked again when the limit is raised.
            yield Page(_only(answer, fresh[:room]), ids, after if len(fresh) <= room else mark)
        if order.limit is not None and len(have) >= order.limit:
            return
        if not answer.results or after == mark:
            if whole or len(have) >= answer.found:
                return
            whole, after = True, START
        mark = after
        try:
            answer = _ask(order, web, mark)
        except CursorLostError:
            if whole:
                raise
            whole, mark = True, START
            answer = _ask(order, web, mark)


def _only(answer: _Answer, results: list[dict[str, Any]]) -> bytes:
    """Return the answer with these results alone, its own bytes where they are all."""
    if len(results) == len(answer.results):
        return answer.data
    value = json.loads(answer.data)
    value["resultList"]["result"] = results
    return json.dumps(value, ensure_ascii=False).encode()
