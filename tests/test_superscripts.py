"""Glued citation marks: what is one, what never is, and what a lost dash meant."""

from __future__ import annotations

import pytest

from ingest.parsing.superscripts import expand, find_citations


@pytest.mark.parametrize(
    ("raw", "highest", "numbers"),
    [
        ("1", 0, (1,)),
        ("13", 0, (1, 2, 3)),
        ("4,5", 3, (4, 5)),
        ("68", 5, (6, 7, 8)),
        ("1316", 12, (13, 14, 15, 16)),
        ("2729", 26, (27, 28, 29)),
        ("4348", 42, (43, 44, 45, 46, 47, 48)),
        ("2,3,1316", 12, (2, 3, 13, 14, 15, 16)),
        ("13,1316,20", 42, (1, 2, 3, 13, 14, 15, 16, 20)),
        ("5-7", 4, (5, 6, 7)),
        ("99", 3, None),
        ("0", 3, None),
    ],
)
def test_expand(raw: str, highest: int, numbers: tuple[int, ...] | None) -> None:
    assert expand(raw, highest) == numbers


def _marks(text: str) -> list[str]:
    return [each.raw for each in find_citations(text, [(0, len(text))])]


def test_marks_in_running_text() -> None:
    text = "Roe found it first.1 Doe et al.,2,3 and later groups4 agreed; none objected.5"
    assert _marks(text) == ["1", "2,3", "4", "5"]


@pytest.mark.parametrize(
    "text",
    [
        "The lesion at T1 and L4 was 2.5 cm2 wide; CO2 was normal, p53 negative.",
        "Stage 2 and type 7 tumours had 46.6% survival at T1-T4 with 0.5mg/ml of drug.",
        "In 1995 the score was 5.2 and 10 patients had SINS of 12.",
        "Fewer bled (P<.001), more walked (P =.002) and all slept (p≤.0001).",
        "The fit was good (r² = 0.8, I² = 40%), and a Chi² test (F [1,30] = 2.1) agreed.",
    ],
)
def test_numbers_that_are_no_marks(text: str) -> None:
    assert _marks(text) == []


def test_raised_digits_and_brackets() -> None:
    assert [each.references for each in find_citations("A tool ¹⁾ and a saw ²,³.", [(0, 24)])] == [
        (1,),
        (2, 3),
    ]
    assert [
        each.references for each in find_citations("Seen before [1,2] and again [4-6].", [(0, 34)])
    ] == [(1, 2), (4, 5, 6)]
