"""The group of patients that an abstract studies, as the n of the numbers about all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.document import segment
from ingest.model import Record
from ingest.reading import read_sentences
from ingest.text import compose
from ingest.yamlfile import load_yaml

CASES: list[dict[str, Any]] = load_yaml(Path(__file__).parent / "cohorts.yml")


@pytest.mark.parametrize("case", CASES, ids=lambda each: each["idea"])
def test_numbers_of_the_whole_group_have_its_size(case: dict[str, Any]) -> None:
    text, sections = compose(case.get("title"), [tuple(each) for each in case["sections"]])
    title = case.get("title")
    record = Record("test", "x", "1", "0" * 64, text, title=title, sections=sections)
    readings = read_sentences(segment(record))
    found = [
        (one.text[each.start : each.end], each.n) for one in readings for each in one.measurements
    ]
    assert found == [tuple(each) for each in case["n"]]
