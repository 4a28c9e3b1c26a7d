"""Numbers: their form, measure, unit, group, time point, interval and p, sentence by sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.document import segment
from ingest.language.wording import factored
from ingest.model import Measurement, Record
from ingest.numbers.designations import mask_designations
from ingest.numbers.numerals import is_word, parse_number
from ingest.numbers.quantities import find_quantities
from ingest.reading import read_sentences
from ingest.text import compose
from ingest.yamlfile import load_yaml

CASES: list[dict[str, Any]] = [
    each
    for name in ("measurements.yml", "times.yml")
    for each in load_yaml(Path(__file__).parent / name)
]


def _measurements(text: str, methods: str | None) -> list[Measurement]:
    parts = [("METHODS", methods)] if methods else []
    stored, sections = compose(None, [*parts, ("RESULTS", text)])
    record = Record("test", "x", "1", "0" * 64, stored, sections=sections)
    results = [one for one in read_sentences(segment(record)) if one.sentence.section == len(parts)]
    return [each for one in results for each in one.measurements]


@pytest.mark.parametrize("case", CASES, ids=lambda each: each["idea"])
def test_every_number_of_a_sentence_is_read(case: dict[str, Any]) -> None:
    found = _measurements(case["text"], case.get("methods"))
    shown = [
        {name: getattr(each, name) for name in wanted}
        for each, wanted in zip(found, case["numbers"], strict=False)
    ]
    assert shown == case["numbers"]
    assert len(found) == len(case["numbers"]), found[len(case["numbers"]) :]


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1,200", 1200),
        ("12 400".replace(" ", "\u202f"), 12400),
        ("3·5", 3.5),
        ("12,5", 12.5),
        ("−2.3", -2.3),
        ("twenty-three", 23),
        ("one hundred and two", 102),
        ("two thousand three hundred and forty-one", 2341),
        ("a thousand and six", 1006),
    ],
)
def test_numbers_are_read_as_printed(printed: str, value: float) -> None:
    assert parse_number(printed) == value


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="digits or an English word expected"):
        parse_number("several")
    assert not is_word("12")


@pytest.mark.parametrize(
    "text",
    [
        "at T12, L4-5 and C7/T1",
        "types 3, 4, and 5",
        "grade ≥3 toxicity",
        "Frankel grade A and ASIA D",
        "stage II or III disease",
        "EQ-5D, SF-36 and HER2",
        "from March 2010 to June 2016",
        "level 1 evidence",
        "p16 and Ki-67",
        "a 3D model",
        "shown in Fig. 2 and Table 3",
    ],
)
def test_designations_hold_no_numbers(text: str) -> None:
    assert find_quantities(text) == ()


def test_masking_keeps_every_offset() -> None:
    text = "At T12, type 3 (1998) OR 2.3 İ"
    assert len(mask_designations(text)) == len(text)


def test_a_factored_rule_matches_what_the_plain_one_does() -> None:
    assert factored(r"\bab|\bc(?:d|\be)|x|\by") == r"\b(?:ab|c(?:d|\be))|x|\b(?:y)"
    assert factored(r"[|)]a|\bb") == r"[|)]a|\b(?:b)"
