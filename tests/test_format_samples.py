"""Every format module has a sample and the records expected of it beside it; reading gives those.

Samples are fictional, in the project's own words. Run ``python tests/test_format_samples.py [KEY...]``
to write what is read as what is expected, and read the difference before you keep it.
"""

from __future__ import annotations

import gzip
import json
import sys
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Any

import pytest

import ingest.formats
from ingest.formats import formats, read
from ingest.model import Failure, Record, Source

SAMPLES = Path(ingest.formats.__file__).with_name("samples")


def _sample(key: str) -> Path:
    found = [each for each in SAMPLES.glob(f"{key}.*") if not each.name.endswith(".expected.json")]
    assert len(found) == 1, f"one sample {SAMPLES.name}/{key}.<ending> was expected, not {found}"
    return found[0]


def _expected(key: str) -> Path:
    return SAMPLES / f"{key}.expected.json"


def _read(key: str) -> list[Record | Failure]:
    path = _sample(key)
    return list(read(Source(path.name, str(path))))


def _shown(found: Record | Failure) -> dict[str, Any]:
    """Return what was read as plain data: spans as the text they cover, defaults left out."""
    if isinstance(found, Failure):
        return {"failure": found.reason}
    shown: dict[str, Any] = {}
    for each in fields(found):
        value = getattr(found, each.name)
        default = None if each.default is MISSING else each.default
        if each.name not in {"sha256", "source"} and value != default:
            shown[each.name] = value
    shown["text"] = found.text.split("\n")
    shown["sections"] = [
        {
            "heading": each.heading,
            "path": list(each.path),
            "text": found.text[each.start : each.end],
        }
        for each in found.sections
    ]
    shown["markers"] = [
        {"role": each.role, "raw": each.raw, "references": list(each.references)}
        for each in found.markers
    ]
    for name in ("authors", "references", "links"):
        shown[name] = [
            {key: value for key, value in asdict(each).items() if value not in (None, (), False)}
            for each in getattr(found, name)
        ]
    plain: dict[str, Any] = json.loads(json.dumps(shown))
    return {key: value for key, value in plain.items() if value not in ([], None)}


@pytest.mark.parametrize("key", formats())
def test_reading_a_sample_gives_what_is_expected(key: str) -> None:
    assert _expected(key).exists(), f"run: python tests/test_format_samples.py {key}"
    expected = json.loads(_expected(key).read_text(encoding="utf-8"))
    found = [_shown(each) for each in _read(key)]
    assert found == expected
    assert any("title" in each for each in found)


@pytest.mark.parametrize("key", formats())
def test_spans_of_a_sample_cover_what_they_say(key: str) -> None:
    for found in _read(key):
        if isinstance(found, Failure):
            assert found.format == key
            continue
        text = found.text
        for each in found.sections:
            assert (
                0 <= each.heading_start <= each.heading_end <= each.start <= each.end <= len(text)
            )
            assert text[each.heading_start : each.heading_end].rstrip(":").strip() == each.heading.rstrip(":")  # fmt: skip
        assert all(text[each.start : each.end] == each.raw for each in found.markers)


@pytest.mark.parametrize("key", formats())
def test_a_sample_reads_the_same_packed_and_in_wide_characters(key: str) -> None:
    path = _sample(key)
    data = path.read_bytes()
    plain = [_shown(each) for each in read(Source(path.name, data=data))]
    wide = data.removeprefix(b"\xef\xbb\xbf").decode().encode("utf-16")
    for other in (gzip.compress(data), wide, wide[2:]):
        assert [_shown(each) for each in read(Source(path.name, data=other))] == plain


def test_no_sample_is_left_over() -> None:
    assert {each.name.partition(".")[0] for each in SAMPLES.iterdir()} == set(formats())


if __name__ == "__main__":
    for name in sys.argv[1:] or formats():
        whole = [_shown(each) for each in _read(name)]
        text = json.dumps(whole, ensure_ascii=False, indent=1)
        _expected(name).write_text(text + "\n", encoding="utf-8")
