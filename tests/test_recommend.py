"""Recommend: one patient, every current rule, quotes on the right side, errors that name the field."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb import places
from kb.build import build
from kb.cli import main
from kb.recommend import as_json, recommend
from kb.rules import InputError, load_rules

RULES = load_rules(places.rules())


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kb") / "kb.db"
    build([str(places.sample())], path)
    return path


def test_type_seven_is_advised_against_and_never_supported_for(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        found = as_json(recommend(connection, RULES, {"surgical_type": 7}))
    answer = next(each for each in found["applies"] if each["rule"] == "tes_by_type")
    assert [each["case"] for each in answer["cases"]] == ["no7", "alt7"]
    assert answer["quotes"] and all("type 7" in each["quote"] for each in answer["quotes"])
    numbers = {each["number"] for each in found["references"]}
    assert {each["reference"] for each in answer["quotes"]} <= numbers


def test_a_score_adds_up_and_feeds_the_rule_that_reads_it(database: Path) -> None:
    patient = {"growth": "slow", "visceral_metastases": "none", "bone_metastases": "multiple"}
    with sqlite3.connect(database) as connection:
        found = {each.rule.id: each for each in recommend(connection, RULES, patient).applies}
    assert found["prognostic_score"].outcome.score == 3
    assert sum(points for _, _, points in found["prognostic_score"].outcome.parts) == 3
    assert "ext_2_3" in {case.id for case in found["score_to_aim"].outcome.matched}


def test_missing_input_is_asked_for(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        found = as_json(recommend(connection, RULES, {"growth": "slow"}))
    assert {
        "rule": "prognostic_score",
        "needs": {"score": ["visceral_metastases", "bone_metastases"]},
    }.items() <= next(
        each for each in found["waiting"] if each["rule"] == "prognostic_score"
    ).items()


def test_historical_and_prospective_rules_recommend_nothing(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        found = recommend(connection, RULES, {"neurological_deficit": True})
    assert {each.rule.status for each in found.applies} == {"current"}


def test_every_bad_field_is_named_at_once(database: Path) -> None:
    with sqlite3.connect(database) as connection, pytest.raises(InputError) as error:
        recommend(connection, RULES, {"surgical_type": "seven", "ecog": 9, "shoe_size": 44})
    assert all(name in str(error.value) for name in ("surgical_type:", "ecog:", "shoe_size:"))


def test_the_command_gives_the_same(database: Path, tmp_path: Path) -> None:
    patient = tmp_path / "patient.yml"
    patient.write_text("surgical_type: 7\n")
    result = CliRunner().invoke(main, ["recommend", str(patient), "--db", str(database), "--json"])
    with sqlite3.connect(database) as connection:
        assert json.loads(result.output) == json.loads(
            json.dumps(as_json(recommend(connection, RULES, {"surgical_type": 7})))
        )
    shown = CliRunner().invoke(main, ["recommend", str(patient), "--db", str(database)])
    assert "not recommended" in shown.output and "does not replace judgement" in shown.output
    patient.write_text("surgical_type: 77\n")
    wrong = CliRunner().invoke(main, ["recommend", str(patient), "--db", str(database)])
    assert wrong.exit_code == 2 and "surgical_type:" in wrong.output
