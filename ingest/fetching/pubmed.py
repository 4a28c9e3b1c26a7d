"""Fetch PubMed XML through NCBI's E-utilities: ESearch keeps the result on the history server, EFetch reads it.

After the E-utilities' help (https://www.ncbi.nlm.nih.gov/books/NBK25497/, NBK25499): three requests
a second, ten with an API key, tool and e-mail told. PubMed hands out only the first 9,999 records of
a search, on the history server as well: a larger result is cut into stretches of entry dates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ingest.fetching import Order, Page, Search
from ingest.web import AGENT, FetchError, KeyRefusedError, PassingError, RefusedError, Web

BASE = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
ENDING = ".xml.gz"
# Records of one search that PubMed hands out: retstart is at most 9,998.
WINDOW = 9_999
_FIRST_DAY = date(1900, 1, 1)
_ROOT = re.compile(rb"<(PubmedArticleSet|eFetchResult)\b")
_END = re.compile(rb"(?:</PubmedArticleSet>|<PubmedArticleSet\s*/>)\s*\Z")
_ERROR = re.compile(rb"<ERROR>(.*?)</ERROR>", re.DOTALL)
_IDS = re.compile(
    rb"<Pubmed(?:Article|BookArticle)>\s*<(?:MedlineCitation|BookDocument)\b[^>]*>\s*<PMID\b[^>]*>\s*(\d+)"
)
_HISTORY = re.compile(r"unable to obtain query|history", re.IGNORECASE)


class HistoryLostError(FetchError):
    """The history server no longer knows the search."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A search on the history server: how many it found, and the ids handed out, in their order."""

    count: int
    ids: tuple[str, ...]
    webenv: str
    key: str
    notes: tuple[str, ...] = ()


def rate(order: Order) -> float:
    """Return NCBI's limit, which an API key raises."""
    return 10.0 if order.api_key else 3.0


def search(order: Order, web: Web, held: AbstractSet[str], cursor: str | None) -> Search:
    """Return what PubMed finds; the pages are EFetch answers with the records not held."""
    whole = _search(order, web, None)
    cut = whole.count > WINDOW and (order.limit is None or order.limit > WINDOW)
    stretches = list(_cut(order, web)) if cut else [whole]
    ids: dict[str, None] = {}
    for each in stretches:
        ids.update(dict.fromkeys(each.ids))
    wanted = list(ids)[: order.limit]
    return Search(
        whole.count, frozenset(wanted), whole.notes, _pages(order, web, stretches, wanted, held)
    )


def _address(order: Order, tool: str) -> str:
    return f"{(order.base or BASE).rstrip('/')}/{tool}.fcgi"


def _form(order: Order, **more: str | int) -> dict[str, str | int]:
    form: dict[str, str | int] = {"db": "pubmed", "tool": AGENT, **more}
    if order.email:
        form["email"] = order.email
    if order.api_key:
        form["api_key"] = order.api_key
    return form


def _search(order: Order, web: Web, days: tuple[date, date] | None) -> _Stretch:
    most = min(WINDOW, order.limit or WINDOW)
    form = _form(order, term=order.query, usehistory="y", retmode="json", retstart=0, retmax=most)
    if days:
        first, last = (f"{each:%Y/%m/%d}" for each in days)
        form |= {"datetype": "edat", "mindate": first, "maxdate": last}
    return web.ask(_address(order, "esearch"), form, lambda data: _found(data, most))


def _cut(order: Order, web: Web) -> Iterator[_Stretch]:
    """Yield searches of entry dates, newest first, each small enough to be handed out."""
    open_: list[tuple[date, date]] = [(_FIRST_DAY, datetime.now(UTC).date() + timedelta(days=2))]
    room = order.limit
    while open_ and (room is None or room > 0):
        first, last = open_.pop()
        found = _search(order, web, (first, last))
        if found.count <= WINDOW:
            room = None if room is None else room - found.count
            yield found
        elif first == last:
            raise FetchError(
                f"pubmed: {found.count} records entered on {first}; at most {WINDOW} a day can be fetched, a narrower query was expected"
            )
        else:
            middle = first + (last - first) // 2
            open_ += [(first, middle), (middle + timedelta(days=1), last)]


def _found(data: bytes, most: int) -> _Stretch:
    result = _result(data)
    try:
        count, ids = int(result["count"]), tuple(map(str, result["idlist"]))
    except (KeyError, TypeError, ValueError):
        raise PassingError("pubmed: a search without count and ids; both were expected") from None
    if len(ids) < min(count, most):
        raise PassingError(f"pubmed: {len(ids)} ids of {min(count, most)}; all were expected")
    notes = tuple(_notes(result))
    return _Stretch(
        count, ids, str(result.get("webenv", "")), str(result.get("querykey", "")), notes
    )


def _result(data: bytes) -> dict[str, Any]:
    """Return the result of ESearch; an error may come with HTTP 200 and raw line ends in its text."""
    try:
        answer = json.loads(data.decode("utf-8", "replace"), strict=False)
    except ValueError:
        raise PassingError(
            "pubmed: a search was answered with something else; JSON was expected"
        ) from None
    result = answer.get("esearchresult") if isinstance(answer, dict) else None
    error = answer.get("error") if isinstance(answer, dict) else None
    if isinstance(result, dict) and not error:
        error = result.get("ERROR")
    if error:
        _raise(str(error))
    if not isinstance(result, dict):
        raise PassingError("pubmed: an answer without esearchresult; one was expected")
    return result


def _raise(said: str) -> None:
    words = " ".join(said.split())[:300]
    if "api key" in words.lower():
        raise KeyRefusedError(
            "pubmed: the API key is refused; a key of your account, or none, was expected"
        )
    if "rate limit" in words.lower():
        raise PassingError(f"pubmed: {words}; slower requests are expected", 2.0)
    # A faulty query and a fault of the search engine read the same: ask a little, then tell.
    raise PassingError(f"pubmed: {words}; an answer was expected", attempts=3)


def _notes(result: dict[str, Any]) -> Iterator[str]:
    """Yield what PubMed says of the query: phrases it did not find or left out."""
    for part in ("errorlist", "warninglist"):
        for name, values in (result.get(part) or {}).items():
            for value in values if isinstance(values, list) else ():
                yield f"{name}: {value}"


def _pages(
    order: Order,
    web: Web,
    stretches: Sequence[_Stretch],
    wanted: Sequence[str],
    held: AbstractSet[str],
) -> Iterator[Page]:
    """Yield the records not held: off the history where a whole search is new, else by their ids."""
    asked = set(wanted)
    have = set(held)
    for each in stretches:
        ids = [one for one in each.ids if one in asked]
        if each.webenv and not have.intersection(ids):
            for start in range(0, len(ids), order.batch):
                size = min(order.batch, len(ids) - start)
                try:
                    page = _records(
                        order,
                        web,
                        WebEnv=each.webenv,
                        query_key=each.key,
                        retstart=start,
                        retmax=size,
                    )
                except (HistoryLostError, RefusedError):
                    break
                if page.ids:
                    have.update(page.ids)
                    yield page
    # What is left: a run that was cut, a search the history forgot, records left out of an answer.
    left = [each for each in wanted if each not in have]
    for start in range(0, len(left), order.batch):
        page = _records(order, web, id=",".join(left[start : start + order.batch]))
        if page.ids:
            yield page


def _records(order: Order, web: Web, **which: str | int) -> Page:
    form = _form(order, retmode="xml", **which)
    return web.ask(_address(order, "efetch"), form, _whole)


def _whole(data: bytes) -> Page:
    """Return an EFetch answer as a page; raise where it is an error or cut short."""
    root = _ROOT.search(data[:2000])
    error = _ERROR.search(data) if root is None or root[1] == b"eFetchResult" else None
    if error:
        words = error[1].decode("utf-8", "replace")
        if _HISTORY.search(words):
            raise HistoryLostError(f"pubmed: {words}; a search on the history server was expected")
        _raise(words)
    if root is None or root[1] != b"PubmedArticleSet":
        if data.lstrip().startswith(b"{"):
            _result(data)
        raise PassingError("pubmed: an answer without records; PubMed XML was expected")
    if not _END.search(data[-200:]):
        raise PassingError("pubmed: an answer cut short; </PubmedArticleSet> was expected")
    return Page(data, tuple(each.decode() for each in _IDS.findall(data)))
