"""A case's condition in words, for every keyword that rules use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kb import places
from kb.build import build
from kb.cli import main
from kb.conditions import words_of
from kb.rules import load_rules

INPUTS = {"ecog": {"type": "integer", "x-unit": "grade"}, "level": {"type": "string"}}


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ({}, "always"),
        ({"properties": {"surgical_type": {"enum": [3, 4, 5]}}}, "surgical type 3, 4 or 5"),
        ({"properties": {"level": {"const": "L5"}}}, "level L5"),
        ({"properties": {"end_stage": {"const": True}}}, "end stage: yes"),
        ({"properties": {"end_stage": {"const": False}}}, "end stage: no"),
        ({"properties": {"ecog": {"maximum": 3}}}, "ecog at most 3 grade"),
        (
            {"properties": {"score": {"minimum": 4, "exclusiveMaximum": 6}}},
            "score at least 4 and below 6",
        ),
        (
            {"properties": {"level": {"const": "L5"}, "end_stage": {"const": True}}},
            "level L5 and end stage: yes",
        ),
        (
            {
                "anyOf": [
                    {"properties": {"n": {"const": 1}}},
                    {"properties": {"n": {"const": 2}, "consecutive": {"const": True}}},
                ]
            },
            "n 1 or (n 2 and consecutive: yes)",
        ),
        (
            {
                "properties": {"level": {"const": "L5"}},
                "anyOf": [
                    {"properties": {"n": {"const": 1}}},
                    {"properties": {"n": {"const": 3}}},
                ],
            },
            "level L5 and (n 1 or n 3)",
        ),
        ({"not": {"properties": {"n": {"const": 1}}}}, "not (n 1)"),
    ],
)
def test_words(when: dict[str, Any], told: str) -> None:
    assert words_of(when, INPUTS) == told


def test_every_case_of_every_rule_is_told_apart() -> None:
    told = 0
    for rule in load_rules(places.rules()):
        properties = rule.inputs.get("properties", {})
        for case in rule.cases:
            words = words_of(case.when, properties)
            assert words and "{" not in words and not words.endswith(" known"), (rule.id, case.id)
            told += words != "always"
    assert told > 50


def test_the_command_line_tells_when_a_case_applies(tmp_path: Path) -> None:
    build([str(places.sample() / "tes_review.txt")], tmp_path / "kb.db")
    result = CliRunner().invoke(main, ["rule", "tes_by_type", "--db", str(tmp_path / "kb.db")])
    assert "surgical type 7: Total en bloc spondylectomy is not recommended." in result.output
