"""Fetching against a recorded server on loopback: paging, resume, faults, and files that build.

The answers have the shape of the real ones (E-utilities, Europe PMC); their articles are made up.
"""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from ingest import fetching, web
from ingest.fetching import Delivery, Order, fetch, pubmed
from ingest.web import FetchError, KeyRefusedError, QueryError
from kb.build import build
from kb.cli import main

Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Recorded:
    """A service's state: its articles, what it was asked, and the faults it answers with first."""

    articles: dict[str, str] = field(default_factory=dict)
    entered: dict[str, date] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: dict[str, list[Any]] = field(default_factory=dict)
    key: str | None = None
    withheld: set[str] = field(default_factory=set)
    sessions: dict[str, list[str]] = field(default_factory=dict)
    base: str = ""
    window: int = 9_999

    def count(self, tool: str) -> int:
        return sum(each == tool for each, _ in self.asked)


def _article(pmid: str) -> str:
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID><Article><Journal><Title>Journal of Made-up Spines</Title>'
        f"<JournalIssue><PubDate><Year>2019</Year></PubDate></JournalIssue></Journal><ArticleTitle>Fictional series {pmid} of vertebral tumours</ArticleTitle>"
        f"<Abstract><AbstractText>Mean blood loss was {int(pmid) % 900 + 100} ml in series {pmid}.</AbstractText></Abstract></Article>"
        f'<CommentsCorrectionsList><CommentsCorrections RefType="Cites"><RefSource>Another</RefSource><PMID Version="1">5</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation>'
        f'<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>'
    )


def _articles(number: int, first: int = 40_000_001) -> dict[str, str]:
    return {str(first + each): _article(str(first + each)) for each in range(number)}


def _xml(articles: Any) -> bytes:
    return (
        '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
        f"<PubmedArticleSet>\n{''.join(articles)}\n</PubmedArticleSet>\n"
    ).encode()


def _xml_error(words: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE eEfetchResult PUBLIC "-//NLM//DTD efetch 20131226//EN" "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20131226/efetch.dtd">\n<eFetchResult>\n\t<ERROR>{words}</ERROR>\n</eFetchResult>\n'.encode()


def _json(value: Any, status: int = 200) -> Reply:
    return (
        status,
        {"Content-Type": "application/json"},
        json.dumps(value, ensure_ascii=False).encode(),
    )


def _esearch(state: Recorded, form: dict[str, str]) -> Reply:
    ids = sorted(state.articles, reverse=True)
    if form["term"] == "nothing":
        ids = []
    if "mindate" in form:
        low, high = (
            datetime.strptime(form[each], "%Y/%m/%d").date() for each in ("mindate", "maxdate")
        )
        ids = [each for each in ids if low <= state.entered[each] <= high]
    session = f"MCID_{len(state.sessions) + 1}"
    state.sessions[session] = ids
    shown = ids[: min(int(form["retmax"]), state.window)]
    result = {
        "count": str(len(ids)),
        "retmax": str(len(shown)),
        "retstart": "0",
        "querykey": "1",
        "webenv": session,
        "idlist": shown,
        "translationset": [],
        "querytranslation": form["term"],
    }
    if not ids:
        result["errorlist"] = {"phrasesnotfound": ["nothing"], "fieldsnotfound": []}
        result["warninglist"] = {
            "phrasesignored": [],
            "quotedphrasesnotfound": [],
            "outputmessages": ["No items found."],
        }
    return _json({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result})


def _efetch(state: Recorded, form: dict[str, str]) -> Reply:
    if "id" in form:
        ids = form["id"].split(",")
    elif form["WebEnv"] not in state.sessions:
        return 200, {}, _xml_error("Unable to obtain query #1")
    else:
        start = int(form["retstart"])
        if start > state.window - 1:
            return 400, {}, _xml_error("'retstart' cannot be larger than 9998")
        # A page across the border is cut in silence, as PubMed does.
        stop = min(start + int(form["retmax"]), state.window)
        ids = state.sessions[form["WebEnv"]][start:stop]
    given = [state.articles[each] for each in ids if each not in state.withheld]
    return 200, {"Content-Type": "text/xml"}, _xml(given)


def _result(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "source": "MED",
        "pmid": name,
        "title": f"Fictional series {name} of vertebral tumours",
        "authorString": "Roe A.",
        "pubYear": "2019",
        "abstractText": f"Mean blood loss was {int(name) % 900 + 100} ml in series {name}.",
    }


def _epmc(state: Recorded, form: dict[str, str]) -> Reply:
    names = sorted(state.articles)
    if form["query"] == "nothing":
        names = []
    mark = form["cursorMark"]
    if mark != "*" and mark not in state.sessions:
        return _json({"version": "6.9"})
    after = state.sessions[mark][0] if mark != "*" else ""
    rest = [each for each in names if each > after]
    shown = rest[: int(form["pageSize"])]
    following = f"AoE{shown[-1]}=" if shown else mark
    if shown:
        state.sessions[following] = [shown[-1]]
    results = [_result(each) for each in shown if each not in state.withheld]
    value = {
        "version": "6.9",
        "hitCount": len(names),
        "nextCursorMark": following,
        "request": {"queryString": form["query"]},
        "resultList": {"result": results},
    }
    return _json(value)


TOOLS = {"esearch.fcgi": _esearch, "efetch.fcgi": _efetch, "search": _epmc, "searchPOST": _epmc}


def _reply(state: Recorded, tool: str, form: dict[str, str]) -> Reply | None:
    state.asked.append((tool, form))
    if state.key and form.get("api_key") not in {None, state.key}:
        given = form["api_key"]
        return _json({"error": "API key invalid", "api-key": given, "status": "unknown"}, 400)
    waiting = state.faults.get(tool)
    fault = waiting.pop(0) if waiting else None
    if fault == "cut":
        return None
    if callable(fault):
        return fault(state, form)  # type: ignore[no-any-return]
    return fault or TOOLS[tool](state, form)


@pytest.fixture
def server() -> Iterator[Recorded]:
    state = Recorded()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self, query: str) -> None:
            form = {
                key: values[0] for key, values in parse_qs(query, keep_blank_values=True).items()
            }
            reply = _reply(state, urlsplit(self.path).path.rsplit("/", 1)[-1], form)
            self.send_response(reply[0] if reply else 200)
            body = reply[2] if reply else b"half of"
            for name, value in (reply[1] if reply else {}).items():
                self.send_header(name, value)
            # A reply of None breaks off: more is announced than is sent.
            self.send_header("Content-Length", str(len(body) + (0 if reply else 100)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = reply is None

        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def log_message(self, *args: Any) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    state.base = f"http://127.0.0.1:{running.server_port}/service/"
    yield state
    running.shutdown()
    running.server_close()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses made; time stands still between them."""
    made: list[float] = []
    monkeypatch.setattr(web, "monotonic", lambda: sum(made))
    return made


def _fetch(name: str, state: Recorded, folder: Path, pauses: list[float], **more: Any) -> Delivery:
    order = Order(**{"query": "spine", "folder": folder, "batch": 10, "base": state.base, **more})
    return fetch(name, order, pause=pauses.append)


def _built(folder: Path) -> set[str]:
    report = build([str(folder)], folder.parent / "kb.db")
    assert not report.rejected
    with sqlite3.connect(report.path) as connection:
        return {pmid for (pmid,) in connection.execute("select pmid from articles")}


SERVICES = ["pubmed", "europepmc"]
PAGE = {"pubmed": "efetch.fcgi", "europepmc": "search"}


def test_the_folder_is_the_registry() -> None:
    assert list(fetching.names()) == sorted(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_every_page_is_fetched_and_the_files_build(
    name: str, server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(25)
    told: list[tuple[str, int]] = []
    order = Order("spine", tmp_path / "in", batch=10, base=server.base)
    delivery = fetch(name, order, lambda *each: told.append(each), pauses.append)
    assert (delivery.found, delivery.wanted, delivery.new, delivery.missing) == (25, 25, 25, 0)
    assert delivery.files == 3 and server.count(PAGE[name]) in {3, 4}
    assert told[0] == ("found", 25) and sum(n for step, n in told if step == "held") == 25
    assert _built(tmp_path / "in") == set(server.articles)


@pytest.mark.parametrize("name", SERVICES)
def test_a_cut_run_is_taken_up_where_it_stopped(
    name: str, server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(45)
    down: Reply = (503, {}, b"maintenance")
    server.faults[PAGE[name]] = [None, None, *[down] * 6]
    with pytest.raises(FetchError, match="HTTP 503"):
        _fetch(name, server, tmp_path / "in", pauses)
    kept = {each: each.read_bytes() for each in (tmp_path / "in").glob("*.gz")}
    assert len(kept) == 2
    # The history of a day ago is gone; the cursor of Europe PMC holds.
    before = server.count(PAGE[name])
    delivery = _fetch(name, server, tmp_path / "in", pauses)
    assert (delivery.new, delivery.missing) == (25, 0)
    assert server.count(PAGE[name]) - before <= 4
    assert all(each.read_bytes() == data for each, data in kept.items())
    assert _built(tmp_path / "in") == set(server.articles)


@pytest.mark.parametrize("name", SERVICES)
def test_a_second_run_asks_for_nothing_held_and_fetches_what_is_new(
    name: str, server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(20)
    _fetch(name, server, tmp_path / "in", pauses)
    again = _fetch(name, server, tmp_path / "in", pauses)
    assert (again.new, again.missing, again.files) == (0, 0, 2)
    # One newer article, and one that sorts before what was walked.
    server.articles |= _articles(1, 50_000_000) | _articles(1, 30_000_000)
    later = _fetch(name, server, tmp_path / "in", pauses)
    assert (later.found, later.new, later.missing) == (22, 2, 0)
    assert _built(tmp_path / "in") == set(server.articles)


@pytest.mark.parametrize("name", SERVICES)
def test_a_damaged_or_lost_file_is_fetched_again(
    name: str, server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(30)
    _fetch(name, server, tmp_path / "in", pauses)
    first, second, _ = sorted((tmp_path / "in").glob("*.gz"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:-20])
    delivery = _fetch(name, server, tmp_path / "in", pauses)
    assert (delivery.new, delivery.missing) == (20, 0)
    assert _built(tmp_path / "in") == set(server.articles)


@pytest.mark.parametrize("name", SERVICES)
def test_a_damaged_manifest_is_begun_anew(
    name: str, server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(15)
    _fetch(name, server, tmp_path / "in", pauses)
    (manifest,) = (tmp_path / "in").glob(".*.json")
    for text in ("{", "[]", '{"files": [{"file": 3}]}', '{"cursor": "AoE", "files": []}'):
        manifest.write_text(text)
        assert _fetch(name, server, tmp_path / "in", pauses).missing == 0
    assert _built(tmp_path / "in") == set(server.articles)


@pytest.mark.parametrize("name", SERVICES)
def test_a_limit_is_kept_and_can_be_raised(
    name: str, server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(40)
    first = _fetch(name, server, tmp_path / "in", pauses, limit=15)
    assert (first.found, first.wanted, first.new, first.missing) == (40, 15, 15, 0)
    second = _fetch(name, server, tmp_path / "in", pauses, limit=33)
    assert (second.new, second.missing) == (18, 0)
    assert len(_built(tmp_path / "in")) == 33


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_found_writes_nothing(
    name: str, server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    delivery = _fetch(name, server, tmp_path / "in", pauses, query="nothing")
    assert (delivery.found, delivery.new, delivery.missing) == (0, 0, 0)
    assert not (tmp_path / "in").exists()
    if name == "pubmed":
        assert "phrasesnotfound: nothing" in delivery.notes


@pytest.mark.parametrize("name", SERVICES)
def test_a_query_in_any_script_arrives_as_it_was_written(
    name: str, server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(3)
    query = '脊椎腫瘍 AND "Bång–Ünal"[AU] & 50% #1 +x'
    _fetch(name, server, tmp_path / "in", pauses, query=query)
    form = server.asked[0][1]
    assert form["term" if name == "pubmed" else "query"] == query


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize(
    "fault",
    [
        (429, {"Retry-After": "7"}, b'{"error":"API rate limit exceeded","count":"4"}'),
        (500, {}, b"<html>Server Error</html>"),
        (502, {}, b""),
        (200, {}, b"<html><body>We are down for maintenance</body></html>"),
        (200, {}, b""),
        "cut",
    ],
    ids=["429", "500", "502", "html", "empty", "cut"],
)
def test_a_passing_fault_is_asked_again(
    name: str, fault: Any, server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(25)
    server.faults[PAGE[name]] = [None, fault]
    delivery = _fetch(name, server, tmp_path / "in", pauses)
    assert (delivery.new, delivery.missing) == (25, 0)
    assert _built(tmp_path / "in") == set(server.articles)
    if fault[0] == 429:
        assert 7.0 in pauses


def test_the_rest_that_is_asked_for_is_kept_and_bounded(
    server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(5)
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    server.faults["efetch.fcgi"] = [(503, {"Retry-After": until}, b"")]
    _fetch("pubmed", server, tmp_path / "in", pauses)
    assert any(30 < each <= 40 for each in pauses)
    server.faults["efetch.fcgi"] = [(429, {"Retry-After": "3600"}, b"")]
    with pytest.raises(FetchError, match="rest of 3600 s"):
        _fetch("pubmed", server, tmp_path / "other", pauses)


def test_pauses_grow_and_end(server: Recorded, tmp_path: Path, pauses: list[float]) -> None:
    server.articles = _articles(5)
    server.faults["esearch.fcgi"] = [(500, {}, b"")] * 99
    with pytest.raises(FetchError, match=r"HTTP 500.*asked 6 times"):
        _fetch("pubmed", server, tmp_path / "in", pauses)
    rests = [each for each in pauses if each >= 1]
    assert len(rests) == 5 and rests == sorted(rests) and max(rests) <= 61


@pytest.mark.parametrize(("key", "gap"), [(None, 1 / 3), ("k", 1 / 10)])
def test_requests_keep_the_pace(
    key: str | None, gap: float, server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(60)
    _fetch("pubmed", server, tmp_path / "in", pauses, api_key=key)
    assert len(server.asked) == 7
    assert pauses == pytest.approx([gap] * 6)


@pytest.mark.parametrize(
    "body",
    [
        _xml_error("Search Backend failed: made up"),
        b'{"error":"API rate limit exceeded","count":"11"}',
        _xml(_articles(10).values())[:-300],
    ],
    ids=["error element", "rate limit", "cut short"],
)
def test_an_error_that_comes_with_http_200_is_no_answer(
    body: bytes, server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(25)
    server.faults["efetch.fcgi"] = [(200, {}, body)]
    delivery = _fetch("pubmed", server, tmp_path / "in", pauses)
    assert delivery.missing == 0
    assert _built(tmp_path / "in") == set(server.articles)


def test_a_refused_query_is_told_in_the_services_words(
    server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    # With a raw line end inside the text, which strict JSON refuses.
    body = b'{"header":{},"esearchresult":{"ERROR":"Search Backend failed:\nmade-up syntax fault"}}'
    server.faults["esearch.fcgi"] = [(200, {}, body)] * 9
    with pytest.raises(FetchError, match="Search Backend failed: made-up syntax fault"):
        _fetch("pubmed", server, tmp_path / "in", pauses)
    assert server.count("esearch.fcgi") == 3
    server.faults["search"] = [_json({"errCode": 404, "errMsg": "made-up fault"})]
    with pytest.raises(FetchError, match="made-up fault"):
        _fetch("europepmc", server, tmp_path / "in", pauses)


def test_a_search_the_history_forgot_goes_on_by_ids(
    server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(45)

    def forget(state: Recorded, form: dict[str, str]) -> Reply:
        state.sessions.clear()
        return _efetch(state, form)

    server.faults["efetch.fcgi"] = [None, forget]
    delivery = _fetch("pubmed", server, tmp_path / "in", pauses)
    assert (delivery.new, delivery.missing) == (45, 0)
    assert _built(tmp_path / "in") == set(server.articles)


def test_records_left_out_are_asked_by_id_and_told_where_they_stay_away(
    server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(25)
    server.withheld = {"40000003", "40000021"}
    delivery = _fetch("pubmed", server, tmp_path / "in", pauses)
    assert (delivery.new, delivery.missing) == (23, 2)
    assert delivery.missing_ids == ("40000003", "40000021")
    assert server.asked[-1][1]["id"] == "40000021,40000003"


def test_more_than_the_window_is_cut_by_entry_date(
    server: Recorded, tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.window = 20
    monkeypatch.setattr(pubmed, "WINDOW", 20)
    server.articles = _articles(120)
    first = date(2001, 1, 1)
    server.entered = {
        each: first + timedelta(days=at // 7) for at, each in enumerate(server.articles)
    }
    delivery = _fetch("pubmed", server, tmp_path / "in", pauses, batch=15)
    assert (delivery.found, delivery.new, delivery.missing) == (120, 120, 0)
    assert _built(tmp_path / "in") == set(server.articles)
    few = _fetch("pubmed", server, tmp_path / "few", pauses, limit=50, batch=15)
    assert (few.wanted, few.new, few.missing) == (50, 50, 0)
    server.entered = dict.fromkeys(server.articles, first)
    with pytest.raises(FetchError, match=r"entered on 2001-01-01.*narrower query"):
        _fetch("pubmed", server, tmp_path / "day", pauses)


def test_an_unknown_cursor_begins_the_walk_again(
    server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles = _articles(35)
    _fetch("europepmc", server, tmp_path / "in", pauses, limit=20)
    server.sessions.clear()
    delivery = _fetch("europepmc", server, tmp_path / "in", pauses)
    assert (delivery.new, delivery.missing) == (15, 0)
    assert _built(tmp_path / "in") == set(server.articles)


def test_a_long_query_is_posted(server: Recorded, tmp_path: Path, pauses: list[float]) -> None:
    server.articles = _articles(3)
    query = " OR ".join(f"word{each}" for each in range(900))
    assert _fetch("europepmc", server, tmp_path / "in", pauses, query=query).new == 3
    assert server.asked[0][0] == "searchPOST" and server.asked[0][1]["query"] == query


def test_a_wrong_key_is_told_and_never_shown(
    server: Recorded, tmp_path: Path, pauses: list[float]
) -> None:
    server.articles, server.key = _articles(3), "right"
    with pytest.raises(KeyRefusedError) as error:
        _fetch("pubmed", server, tmp_path / "in", pauses, api_key="wrong-secret")
    assert "wrong-secret" not in str(error.value) and "API key is refused" in str(error.value)
    assert len(server.asked) == 1
    _fetch("pubmed", server, tmp_path / "in", pauses, api_key="right", email="a@example.org")
    form = server.asked[-1][1]
    assert (form["tool"], form["email"]) == ("spinal-tumour-evidence", "a@example.org")
    for each in (tmp_path / "in").rglob("*"):
        data = each.read_bytes()
        assert b"right" not in (gzip.decompress(data) if each.suffix == ".gz" else data)


def test_a_redirect_is_not_followed(server: Recorded, tmp_path: Path, pauses: list[float]) -> None:
    server.faults["esearch.fcgi"] = [(302, {"Location": "http://127.0.0.1:9/"}, b"")]
    with pytest.raises(FetchError, match="HTTP 302"):
        _fetch("pubmed", server, tmp_path / "in", pauses, api_key="k")


def test_an_answer_without_end_is_refused(
    server: Recorded, tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "LARGEST", 1000)
    server.articles = _articles(30)
    with pytest.raises(FetchError, match="above 1000 bytes"):
        _fetch("pubmed", server, tmp_path / "in", pauses, batch=30)


def test_no_server_and_no_query(tmp_path: Path, pauses: list[float]) -> None:
    for base in ("http://127.0.0.1:1/", "nonsense", "ftp://127.0.0.1/", "http://[", ""):
        state = Recorded(base=base or "http://exa mple/")
        with pytest.raises(FetchError):
            _fetch("pubmed", state, tmp_path / "in", pauses)
    for query in ("  ", "\udcff"):
        with pytest.raises(QueryError):
            _fetch("pubmed", Recorded(), tmp_path / "in", pauses, query=query)


def _run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["fetch", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("name", SERVICES)
def test_command(
    name: str, server: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "sleep", lambda seconds: None)
    server.articles = _articles(25)
    place = ["-o", str(tmp_path / "in"), "--url", server.base]
    result = _run(name, "made", "up", *place, "--batch", "10", "--json")
    assert result.exit_code == 0 and json.loads(result.stdout)["new"] == 25
    assert server.asked[0][1].get("term", server.asked[0][1].get("query")) == "made up"
    assert re.search(r"25/25", result.stderr)
    again = _run(name, "made up", *place)
    assert again.exit_code == 0 and "0 new" in again.stdout
    assert _run(name, "nothing", *place).exit_code == 1
    server.key = "right"
    if name == "pubmed":
        assert _run(name, "spine", *place, "--api-key", "wrong").exit_code == 2
    server.key = None
    server.faults[PAGE[name]] = [(500, {}, b"")] * 99
    cut = _run(name, "other", *place)
    assert cut.exit_code == 5 and "run the same command again" in cut.stderr
    assert _run("elsewhere", "x").exit_code == 2
