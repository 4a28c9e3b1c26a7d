"""Hostile files: bombs, external entities, deep nesting, odd bytes. Bounded, reported, nothing touched."""

from __future__ import annotations

import gzip
import io
import socket
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from ingest.formats import formats, read
from ingest.model import Failure, Record, Source
from ingest.parsing.unpacking import chunks
from ingest.parsing.xml import inline_text, parse
from tests.test_pubmed_xml import article, wrap
from tests.test_structured_formats import endnote, jats, tei

LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE x [<!ENTITY e0 "ha">{LAUGHS}]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY e11 "{"a" * 50000}">]>'
ROOTS = {
    "pubmed_xml": lambda text: wrap(article(title=text)).decode(),
    "jats": lambda text: jats(1).replace("Ten patients", text),
    "tei": lambda text: tei(1).replace("Ten patients", text),
    "endnote_xml": lambda text: (
        f"<xml><records>{endnote(1).replace('Ten patients', text)}</records></xml>"
    ),
}


def results(data: bytes, name: str = "x.xml") -> list[Record | Failure]:
    return list(read(Source(name, data=data)))


@pytest.fixture(autouse=True)
def _no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.parametrize("form", ROOTS)
@pytest.mark.parametrize("bomb", [BOMB, QUADRATIC], ids=["laughs", "quadratic"])
def test_entity_bombs_are_refused(form: str, bomb: str) -> None:
    times = 1 if bomb is BOMB else 2000
    found = results((bomb + ROOTS[form]("&e11;" * times)).encode())
    assert found and all(isinstance(each, Failure) for each in found)
    assert all("entit" in each.reason.lower() or "amplif" in each.reason.lower() for each in found if isinstance(each, Failure)), found  # fmt: skip


@pytest.mark.parametrize("form", ROOTS)
def test_external_entities_read_no_file(form: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("must not be read")
    (tmp_path / "x.dtd").write_text('<!ENTITY x "must not be read">')
    for doctype in (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>',
        f'<!DOCTYPE a SYSTEM "file://{tmp_path}/x.dtd">',
        f'<!DOCTYPE a [<!ENTITY % p SYSTEM "file://{tmp_path}/x.dtd"> %p;]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    ):
        found = results((doctype + ROOTS[form]("&x;")).encode())
        assert all("must not be read" not in repr(each) for each in found)
        assert not [each for each in found if isinstance(each, Record) and "&x;" in each.text]


def test_an_internal_entity_is_read() -> None:
    (record,) = results(
        ('<!DOCTYPE a [<!ENTITY x "Fictional">]>' + ROOTS["pubmed_xml"]("&x; title")).encode()
    )
    assert isinstance(record, Record) and record.title == "Fictional title"


@pytest.mark.parametrize("form", ROOTS)
@pytest.mark.parametrize("depth", [180, 900, 100_000])
def test_deep_nesting_is_read_or_refused_and_crashes_nothing(form: str, depth: int) -> None:
    deep = "<i>" * depth + "x" + "</i>" * depth
    body = ROOTS[form](deep).encode()
    (found,) = results(body)
    assert isinstance(found, Record) == (depth == 180), found


def test_deep_json_is_refused_and_its_neighbour_lives() -> None:
    good = '{"id": "a", "type": "book", "title": "Good", "DOI": "10.9999/g"}'
    deep = '{"id": "b", "type": "book", "title": ' + "[" * 100_000 + "]" * 100_000 + "}"
    found = results(f"[{good}, {deep}, {good}]".encode(), "x.json")
    assert [isinstance(each, Record) for each in found] == [True, False, True]


def test_text_is_walked_and_not_recursed_into() -> None:
    root = parse(b"<a>" + b"<p>x" * 200 + b"</p>" * 200 + b"</a>")
    assert inline_text(root) == " ".join("x" * 200)


def test_a_gzip_bomb_ends_in_a_failure_within_bounds() -> None:
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(engine.compress(b" " * (1 << 20)) for _ in range(400)) + engine.flush()
    data = gzip.compress(wrap(article(1))) + packed
    found = results(data, "x.xml.gz")
    assert isinstance(found[0], Record)
    assert isinstance(found[-1], Failure) and "packed size" in found[-1].reason


def test_broken_gzip_keeps_what_came_before() -> None:
    packed = bytearray(gzip.compress(wrap(*(article(n) for n in range(1, 400))), compresslevel=1))
    packed[-9] ^= 255  # the checksum
    found = results(bytes(packed), "x.xml.gz")
    assert len([each for each in found if isinstance(each, Record)]) == 399
    assert isinstance(found[-1], Failure) and "gzip" in found[-1].reason
    cut = results(bytes(packed[: len(packed) // 2]), "x.xml.gz")
    assert len([each for each in cut if isinstance(each, Record)]) > 100
    assert isinstance(cut[-1], Failure) and "gzip" in cut[-1].reason


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "iso-8859-1"]
)
def test_encodings_that_a_file_declares_are_read(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
        + wrap(article(title="Über")).decode()
    )
    (record,) = results(text.encode(encoding))
    assert isinstance(record, Record) and record.title == "Über"


def test_wrong_and_unknown_encodings_cost_the_record_alone() -> None:
    broken = article(2, title="Über").encode("iso-8859-1")
    data = wrap(article(1), "MIDDLE", article(3)).replace(b"MIDDLE", broken)
    assert [isinstance(each, Record) for each in results(data)] == [True, False, True]
    (failure,) = results(b'<?xml version="1.0" encoding="x-nobody"?>' + wrap(article(1)))
    assert isinstance(failure, Failure) and "encoding" in failure.reason


def test_a_record_without_an_end_is_bounded() -> None:
    """A 40 MB record is no record; what follows it is read."""

    def stream() -> bytes:
        return (
            b"<PubmedArticleSet><PubmedArticle>"
            + b"x" * (40 << 20)
            + b"\n"
            + article(3).encode()
            + b"</PubmedArticleSet>"
        )

    found = results(stream())
    assert [each.pmid for each in found if isinstance(each, Record)] == ["3"]
    assert any(isinstance(each, Failure) for each in found)


@pytest.mark.parametrize("name", sorted(formats()))
def test_no_reader_raises_on_junk(name: str) -> None:
    reader = formats()[name]
    for data in (b"", b"\0" * 5000, b"\xff\xfe\x00", b"<", b"{", b"[", b"@article{", b"TY  - ", b"PMID- ", b"\x1f\x8b\x08junk", bytes(range(256)) * 40):  # fmt: skip
        found = list(read(Source("x", data=data)))
        assert all(isinstance(each, Record | Failure) for each in found)
        try:
            assert all(
                isinstance(each, Record | Failure) for each in reader.read(io.BytesIO(data), "x")
            )
        except ValueError as error:
            # The front door turns a ValueError of a page's reader into a failure.
            assert str(error)


def test_a_captcha_or_script_shell_is_a_failure() -> None:
    for words in (
        "Checking your browser before you go on",
        "Please enable JavaScript",
        "Access denied",
    ):
        page = f"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>{words}</body></html>"
        (failure,) = results(page.encode(), "x.html")
        assert isinstance(failure, Failure) and "shell" in failure.reason


MEASURE = """
import sys
from ingest.formats import read
from ingest.model import Source
count = sum(1 for _ in read(Source(sys.argv[1], sys.argv[1])))
peak = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(count, int(peak[0]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to measure memory by")
@pytest.mark.parametrize("kind", ["large", "bomb", "endless"])
def test_memory_stays_bounded(kind: str, tmp_path: Path) -> None:
    path = tmp_path / ("x.xml.gz" if kind == "bomb" else "x.xml")
    if kind == "large":
        path.write_bytes(
            wrap(*(article(n, more="<!-- " + "x" * 4000 + " -->") for n in range(1, 20001)))
        )
    elif kind == "bomb":
        with gzip.open(path, "wb", compresslevel=1) as packed:
            packed.write(b"<PubmedArticleSet><PubmedArticle>")
            for _ in range(800):
                packed.write(b"x" * (1 << 20))
    else:
        with path.open("wb") as plain:
            plain.write(b"<PubmedArticleSet><PubmedArticle>")
            for _ in range(150):
                plain.write(b"x" * (1 << 20))
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parents[1], timeout=120,
    )  # fmt: skip
    count, peak = map(int, run.stdout.split())
    assert count >= (20000 if kind == "large" else 1)
    assert peak < (150 if kind == "large" else 300)


def test_lines_of_every_kind_and_chunks_across_marks() -> None:
    text = "é€\U0001f600".encode("utf-16")
    assert b"".join(chunks(io.BytesIO(text))).decode() == "é€\U0001f600"
