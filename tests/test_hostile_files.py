"""Files made to harm: bounded time and memory, a clear reason, no neighbour lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.formats import read
from ingest.model import Failure, Record, Source
from tests.test_pubmed_xml import article, wrap
from tests.test_structured_formats import SAMPLES, bioc, csl, europepmc
from tests.test_xml_safety import BOMB

PAGE = "<!DOCTYPE html><html><head><meta name='citation_title' content='T'></head><body><article>"
# Each was slow by the square of its size, or worse, in some reader; all are read in seconds.
HOSTILE: dict[str, str] = {
    "braces": "@article{k, title = {" + "{" * 100_000 + "x" + "}" * 100_000 + "}}",
    "open braces": "@article{k, title = {" + "{" * 300_000,
    "joined strings": "@article{k, title = " + '"a" # ' * 20_000 + '"b"}',
    "formulas": "@article{k, title = {" + "$a^{2}$ " * 5_000 + "}}",
    "dollars": "@article{k, title = {" + "$^" * 20_000 + "}}",
    "deep objects": '[{"id":"a","type":"book","DOI":"10.9999/g"},' + '{"id":' * 50_000 + "1" + "}" * 50_000 + "]",
    "open objects": "[" + '{"id":"a","type":"book","DOI":"10.9999/x","title":' * 30_000,
    "long string": '[{"id":"a","type":"book","DOI":"10.9999/x","title":"' + "x" * 8_000_000 + '"}]',
    "junk": '[{"id":"a","type":"book","DOI":"10.9999/x","title":"' + '{"x' * 300_000,
    "labels": json.dumps([{"id": "a", "type": "book", "DOI": "10.9999/x", "abstract": "Methods: x. " * 20_000}]),
    "raised": json.dumps([{"id": "a", "type": "book", "DOI": "10.9999/x", "title": "<sup>" * 50_000}]),
    "wrapped lines": "TY  - JOUR\nAB  - x\n" + "wrapped words here\n" * 100_000 + "ER  - \n",
    "wrapped fields": "PMID- 1\nOWN - NLM\nAB  - x\n" + "      wrapped words here\n" * 100_000,
    "old identifier": "TY  - JOUR\nTI  - t\nDO  - 10.1000/" + "<a::b" * 50_000 + "\nER  - \n",
    "open records": "<pmc-articleset>" + "<article><front>" * 20_000,
    "open elements": "<PubmedArticleSet><PubmedArticle>" + "<i>" * 500_000 + "</PubmedArticle></PubmedArticleSet>",
    "wide cells": "<article><front><article-meta><title-group><article-title>T</article-title></title-group></article-meta></front><body><table-wrap><table>" + "<tr><td colspan='999999' rowspan='999999'>x</td></tr>" * 500 + "</table></table-wrap></body></article>",
    "deep page": PAGE + "<div>" * 100_000 + "x</body></html>",
    "deep tables": PAGE + "<table><tr><td>" * 2_000 + "x</article></body></html>",
    "raised words": PAGE + "<p>" + "x<sup>2</sup>" * 20_000 + "</p></article></body></html>",
    "comments": "<!-- x --> " * 50_000 + "<html>",
    "brackets": "doku.php?id= Last update\n# T\n" + "[" * 100_000 + "\n" + "**" * 50_000,
    "one word": "Introduction\n\n" + "x" * 3_000_000,
}  # fmt: skip
RUN = """
import json, sys
from ingest.formats import read
from ingest.model import Failure, Source
for name, text in json.load(sys.stdin).items():
    found = list(read(Source("x", data=text.encode())))
    assert found and all(each.reason for each in found if isinstance(each, Failure)), name
    assert not any("while reading" in each.reason for each in found if isinstance(each, Failure)), (name, found[0])
peak = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(peak[0]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to measure memory by")
def test_hostile_files_are_read_in_bounded_memory_and_time() -> None:
    run = subprocess.run(
        [sys.executable, "-c", RUN], check=False, input=json.dumps(HOSTILE), capture_output=True, text=True,
        cwd=Path(__file__).resolve().parents[1], timeout=240,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    assert int(run.stdout) < 300


def results(data: bytes, name: str = "x") -> list[Record | Failure]:
    return list(read(Source(name, data=data)))


def _listed(*values: Any) -> bytes:
    return json.dumps(list(values)).encode()


def test_json_in_another_encoding_keeps_its_letters() -> None:
    text = json.dumps([csl(1) | {"title": "Müller’s tumour"}], ensure_ascii=False)
    for encoding in ("utf-8", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        (record,) = results(text.encode(encoding))
        assert isinstance(record, Record) and record.title == "Müller’s tumour", encoding
    mixed = b"\n".join([text[1:-1].encode(), text[1:-1].encode("cp1252")])
    found = results(mixed)
    assert [each.title for each in found if isinstance(each, Record)] == ["Müller’s tumour"] * 2


@pytest.mark.parametrize("form", ["ris", "medline", "bibtex"])
def test_nul_bytes_cost_the_record_alone(form: str) -> None:
    make, join = SAMPLES[form]
    records = [make(n) for n in (1, 2, 3)]
    data = join([records[0], records[1].replace("spines", "sp\0ines"), records[2]])
    found = results(data)
    assert [isinstance(each, Record) for each in found] == [True, False, True]
    assert "NUL" in found[1].reason or "without a tag" in found[1].reason  # type: ignore[union-attr]


def test_null_in_place_of_a_record_costs_nothing_else() -> None:
    found = results(_listed(csl(1), None, csl(2), 7, "x", csl(3)))
    assert [isinstance(each, Record) for each in found] == [True, False, True, False, False, True]


@pytest.mark.parametrize("first", [True, False])
def test_records_that_a_lost_bracket_swallowed_are_found(first: bool) -> None:
    values = [json.dumps(europepmc(n)) for n in (11, 12, 13)]
    at = 0 if first else 1
    values[at] = values[at].replace('"}]}, "journalInfo"', '", "journalInfo"')
    found = results(('{"hitCount": 3, "resultList": {"result": [' + ", ".join(values) + "]}}").encode())  # fmt: skip
    kept = [each.pmid for each in found if isinstance(each, Record)]
    assert kept == [each for each in ("11", "12", "13") if each != str(11 + at)]
    assert len([each for each in found if isinstance(each, Failure)]) == 1


def test_a_record_that_closes_too_early_is_no_record() -> None:
    torn = json.dumps(csl(2)).replace('"volume"', '"x": 1}, "volume"')
    found = results(f"[{json.dumps(csl(1))}, {torn}, {json.dumps(csl(3))}]".encode())
    assert [each.doi for each in found if isinstance(each, Record)] == [
        "10.9999/x.1",
        "10.9999/x.3",
    ]
    assert len(found) == 3


def test_comments_between_records_hold_none() -> None:
    data = wrap(article(1), "<!-- " + article(2) + " -->", article(3))
    assert [each.pmid for each in results(data) if isinstance(each, Record)] == ["1", "3"]
    assert len(results(data)) == 2
    # One without an end swallows nothing.
    data = wrap(article(1), "<!-- ", article(3))
    assert [each.pmid for each in results(data) if isinstance(each, Record)] == ["1", "3"]


@pytest.mark.parametrize(
    "prolog", ['<!DOCTYPE t [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>', BOMB]
)
def test_mark_up_inside_json_is_parsed_as_safely(prolog: str) -> None:
    value = bioc(1)
    table = {
        "infons": {"type": "table", "section_type": "TABLE", "xml": f"{prolog}<table><tr><td>&e11;</td></tr></table>"},
        "text": "A\tB",
    }  # fmt: skip
    value["passages"].append(table)
    (record,) = results(json.dumps([{"documents": [value]}]).encode())
    assert isinstance(record, Record)
    assert "root:" not in record.text and len(record.text) < 1000


def test_a_wiki_page_without_footnotes_is_read() -> None:
    text = "# A fictional tumour\n\nIt was never seen.\n\nFrom:\n\nhttps://wiki.example.org/doku.php?id=x\n\nLast update: **2020/01/02 10:11**\n"
    (record,) = results(text.encode(), "x.md")
    assert isinstance(record, Record) and record.format == "dokuwiki_page"
    assert record.references == ()
