"""Folders and archives: every member once, bombs and traps refused, one bad member alone."""

from __future__ import annotations

import gzip
import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.formats import read
from ingest.model import Failure, Record, Source
from ingest.parsing.archives import RATIO, expand, sources
from tests.test_pubmed_xml import article, wrap

XML = wrap(article(1))
Members = list[tuple[str, bytes]]


def _zip(members: Members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def _tar(members: Members, mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _tgz(members: Members) -> bytes:
    return _tar(members, "w:gz")


PACKERS: dict[str, Callable[[Members], bytes]] = {"x.zip": _zip, "x.tar": _tar, "x.tar.gz": _tgz, "x.tgz": _tgz}  # fmt: skip


def _expanded(name: str, data: bytes) -> list[Source | Failure]:
    return list(expand(Source(name, data=data)))


def _reasons(found: list[Source | Failure]) -> list[str]:
    assert all(";" in each.reason for each in found if isinstance(each, Failure)), found
    return [each.reason for each in found if isinstance(each, Failure)]


@pytest.mark.parametrize("name", PACKERS)
def test_members_are_read_and_leftovers_are_not(name: str) -> None:
    members = [("a/b.xml", XML), ("a/c.xml.gz", gzip.compress(wrap(article(2)))), ("README.md", b"About."),
               ("__MACOSX/a/._b.xml", b"\0\5"), ("a/.hidden", b"x"), ("inner.zip", _zip([("d.xml", wrap(article(3)))]))]  # fmt: skip
    found = _expanded(name, PACKERS[name](members))
    records = [one for each in found if isinstance(each, Source) for one in read(each)]
    assert sorted(each.pmid or "" for each in records if isinstance(each, Record)) == [
        "1",
        "2",
        "3",
    ]
    assert len(records) == 3 and not _reasons(found)


@pytest.mark.parametrize("name", PACKERS)
def test_names_that_climb_write_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    data = PACKERS[name]([("../../evil.xml", XML), ("/tmp/absolute.xml", XML), ("..\\up.xml", XML)])
    found = _expanded(name, data)
    assert len(found) == 3 and all(isinstance(each, Source) and each.path is None for each in found)
    assert [each.name for each in tmp_path.rglob("*")] == ["inside"]


def test_a_bomb_of_each_kind_is_refused() -> None:
    zeros = b"\0" * (RATIO * 70000)
    for name, pack in PACKERS.items():
        found = _expanded(name, pack([("a.xml", XML), ("zeros.xml", zeros)]))
        if name == "x.tar":
            continue  # Not packed: no bomb.
        assert len(_reasons(found)) == (0 if name != "x.zip" else 1), name
    engine = io.BytesIO()
    with tarfile.open(fileobj=engine, mode="w:gz", compresslevel=9) as archive:
        info = tarfile.TarInfo("zeros.xml")
        info.size = 300 << 20
        archive.addfile(info, _Zeros(info.size))  # type: ignore[arg-type]
    (reason,) = _reasons(_expanded("x.tar.gz", engine.getvalue()))
    assert "packed size" in reason


class _Zeros:
    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        size = min(size if size >= 0 else self.left, self.left)
        self.left -= size
        return b"\0" * size


def test_archives_in_archives_end_somewhere() -> None:
    data = XML
    for _ in range(6):
        data = _zip([("x.zip", data)])
    (reason,) = _reasons(_expanded("x.zip", data))
    assert "nested" in reason


def test_links_and_devices_in_a_tar_are_reported() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("l.xml", tarfile.SYMTYPE), ("h.xml", tarfile.LNKTYPE), ("d.xml", tarfile.CHRTYPE), ("p.xml", tarfile.FIFOTYPE)):  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type = kind
            info.linkname = "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("a.xml")
        info.size = len(XML)
        archive.addfile(info, io.BytesIO(XML))
    found = _expanded("x.tar", out.getvalue())
    assert len(_reasons(found)) == 4
    assert [each.name for each in found if isinstance(each, Source)] == ["x.tar/a.xml"]


def test_a_link_in_a_zip_is_reported() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("l.xml")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert len(_reasons(_expanded("x.zip", out.getvalue()))) == 1


def test_a_broken_member_of_a_zip_costs_only_itself() -> None:
    data = bytearray(_zip([("a.xml", XML), ("b.xml", wrap(article(2))), ("c.xml", XML)]))
    at = data.index(b"b.xml") + 60
    data[at] ^= 0xFF
    found = _expanded("x.zip", bytes(data))
    assert [each.name for each in found if isinstance(each, Source)] == [
        "x.zip/a.xml",
        "x.zip/c.xml",
    ]
    (reason,) = _reasons(found)
    assert "b.xml" in reason


@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz"])
def test_a_tar_that_ends_early_keeps_what_came_before(name: str) -> None:
    text = [(f"{n}.xml", os.urandom(6000) + XML) for n in range(6)]
    data = PACKERS[name](text)
    found = _expanded(name, data[: len(data) * 2 // 3])
    assert len([each for each in found if isinstance(each, Source)]) >= 2
    assert len(_reasons(found)) == 1


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tgz"])
@pytest.mark.parametrize("data", [b"", b"no archive at all", b"PK\x03\x04" + b"\0" * 50])
def test_what_is_no_archive_is_one_failure_of_one_line(name: str, data: bytes) -> None:
    found = _expanded(name, data)
    assert len(found) == len(_reasons(found)) == 1
    assert "\n" not in _reasons(found)[0]


def test_an_encrypted_member_is_reported() -> None:
    data = bytearray(_zip([("a.xml", XML)]))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = data.index(mark) + (6 if mark == b"PK\x03\x04" else 8)
        data[at] |= 1
    (reason,) = _reasons(_expanded("x.zip", bytes(data)))
    assert "encrypted" in reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_in_a_folder_is_reported_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    (tmp_path / "a.xml").write_bytes(XML)
    (tmp_path / "device.xml").symlink_to("/dev/zero")
    found = list(sources([str(tmp_path)]))
    assert len(_reasons(found)) == 2
    assert [each.name for each in found if isinstance(each, Source)] == ["a.xml"]


def test_single_gzip_files_are_read_as_what_they_hold() -> None:
    page = "An official website of the United States government\n\nA fictional title of a page here\n\n• PMID: 99999901\n\nAbstract\n\nThe patient walked after two weeks.\n"
    for name, data, form in (("a.nbib.gz", b"PMID- 1\nOWN - NLM\nTI  - One.\n", "medline"), ("p.txt.gz", page.encode(), "pubmed_page"), ("h.html.gz", b"<!DOCTYPE html><html><head><meta name='citation_title' content='A title'></head><body></body></html>", "html_page")):  # fmt: skip
        (part,) = _expanded(name, gzip.compress(data))
        assert isinstance(part, Source)
        (record,) = read(part)
        assert isinstance(record, Record) and record.format == form, record
