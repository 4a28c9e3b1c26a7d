"""Recommend: one patient, every current rule, quotes on the right side, errors that name the field."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from hypothesis import HealthCheck, given, settings, strategies

from ingest.yamlfile import load_yaml
from kb import places
from kb.build import build
from kb.cli import main
from kb.quotation import quotes_for
from kb.recommend import as_json, merged_fields, recommend
from kb.rules import InputError, Rule, evaluate, load_rules

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


def _with(rule_id: str, properties: dict[str, object]) -> Rule:
    rule = next(each for each in RULES if each.id == rule_id)
    return replace(rule, inputs={"properties": properties})


def test_an_input_with_choices_in_one_rule_only_is_merged() -> None:
    """A choice list in the second rule met none in the first: a KeyError."""
    free, listed = {"level": {"type": "string"}}, {"level": {"enum": ["L4", "L5"]}}
    for first, second in ((free, listed), (listed, free)):
        merged = merged_fields([_with("tes_approach", first), _with("l4_l5_lateral", second)])
        assert "enum" not in merged["level"], "what one rule leaves open is open"
    both = merged_fields(
        [_with("tes_approach", listed), _with("l4_l5_lateral", {"level": {"enum": ["S"]}})]
    )
    assert both["level"]["enum"] == ["L4", "L5", "S"]


def test_a_value_that_one_rule_knows_is_no_error(database: Path) -> None:
    """Benign is a pathology of one rule and none of another: the other is told of, not the caller."""
    with sqlite3.connect(database) as connection:
        found = as_json(recommend(connection, RULES, {"pathology": "benign", "stage": 3}))
    assert {"tes_pathology", "stage3_total"} <= {each["rule"] for each in found["applies"]}
    assert "pathology" in found["not_asked"]["first_time_enbloc"]


@pytest.mark.parametrize(
    ("patient", "words"),
    [
        ({"surgical_type": "seven"}, "surgical_type: .*integer at least 1 at most 7 was expected"),
        ({"surgical_type": True}, "surgical_type: .*integer"),
        ({"surgical_type": [3]}, "surgical_type: .*integer"),
        ({"surgical_type": None}, "surgical_type: .*integer"),
        ({"level": "L9"}, "level: .*one of C, T1"),
        ({"shortening_mm": float("nan")}, "shortening_mm: .*a number"),
        ({"shortening_mm": float("inf")}, "shortening_mm: .*a number"),
        ({"growth": {"slow": 1}}, "growth: .*one of slow, moderate, rapid"),
        ({"shoe_size": 44}, "shoe_size: no rule asks for it; one of .* was expected"),
        ({7: 1}, "7: no rule asks for it"),
    ],
)
def test_a_bad_field_is_named_with_what_was_expected(
    database: Path, patient: dict[str, object], words: str
) -> None:
    with sqlite3.connect(database) as connection, pytest.raises(InputError, match=words):
        recommend(connection, RULES, patient)


def test_rules_that_pull_apart_are_shown_where_both_apply(database: Path) -> None:
    patient = {
        "n_vertebrae": 1,
        "pathology": "metastasis",
        "isolated": True,
        "long_life_expectancy": True,
    }
    with sqlite3.connect(database) as connection:
        found = as_json(recommend(connection, RULES, patient))
    assert {"hosono_procedure", "tes_pathology"} in [
        set(each["rules"]) for each in found["conflicts"]
    ]
    with sqlite3.connect(database) as connection:
        alone = as_json(recommend(connection, RULES, {"n_vertebrae": 1}))
    assert not any("tes_pathology" in each["rules"] for each in alone["conflicts"])


def test_a_given_score_that_its_parts_deny_is_a_conflict(database: Path) -> None:
    patient = {
        "growth": "slow",
        "visceral_metastases": "none",
        "bone_metastases": "multiple",
        "prognostic_score": 9,
    }
    with sqlite3.connect(database) as connection:
        found = as_json(recommend(connection, RULES, patient))
    told = next(each for each in found["conflicts"] if each["rules"] == ["prognostic_score"])
    assert "9" in told["about"] and "3" in told["about"]
    score = next(each for each in found["applies"] if each["rule"] == "prognostic_score")
    assert (
        score["adds_up"]
        == "growth slow 1 + visceral metastases none 0 + bone metastases multiple 2 = 3"
    )


async def test_python_command_and_site_give_the_same(database: Path, tmp_path: Path) -> None:
    patient = {"surgical_type": 7, "level": "L5", "pathology": "benign", "stage": "3", "kps": 40}
    with sqlite3.connect(database) as connection:
        expected = json.loads(json.dumps(as_json(recommend(connection, RULES, patient))))
    file = tmp_path / "patient.yml"
    file.write_text(json.dumps(patient))
    command = CliRunner().invoke(main, ["recommend", str(file), "--db", str(database), "--json"])
    served = Datasette([str(database)])
    answer = await served.client.get(f"/-/recommend.json?{urlencode(patient)}")
    assert json.loads(command.output) == expected
    assert answer.status_code == 200 and answer.json() == expected


async def test_the_site_names_bad_fields_too(database: Path) -> None:
    served = Datasette([str(database)])
    answer = await served.client.get("/-/recommend.json?surgical_type=seven&ecog=9")
    assert answer.status_code == 400
    assert [each.split(":")[0] for each in answer.json()["errors"]] == ["ecog", "surgical_type"]
    page = await served.client.get("/-/recommend?surgical_type=seven")
    assert page.status_code == 200 and "integer at least 1 at most 7 was expected" in page.text


_FIELDS = sorted(merged_fields([rule for rule in RULES if rule.status == "current"]))
_VALUES = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats()
    | strategies.text(max_size=8) | strategies.sampled_from(["L5", "slow", "benign", "3", "none"]),
    lambda inner: strategies.lists(inner, max_size=2)
    | strategies.dictionaries(strategies.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    strategies.dictionaries(
        strategies.sampled_from(_FIELDS) | strategies.text(max_size=5), _VALUES, max_size=5
    )
)
def test_no_patient_breaks_it(database: Path, patient: dict[str, object]) -> None:
    """Any mapping gives an answer that is JSON, or an ``InputError`` with one line a field."""
    with sqlite3.connect(database) as connection:
        try:
            found = as_json(recommend(connection, RULES, patient))
        except InputError as error:
            assert all(" was expected" in line for line in str(error).splitlines() if ": " in line)
        else:
            json.dumps(found, allow_nan=False)


def test_no_quote_stands_twice_under_one_rule() -> None:
    """Two items of one list are two claims with one quote."""
    rule = next(each for each in RULES if each.id == "prognostic_score")
    items = [
        {"article_id": "a", "display": "One point for this, two for that.", "polarity": None},
        {"article_id": "a", "display": "One point for this, two for that.", "polarity": None},
        {"article_id": "b", "display": "Three factors make the score.", "polarity": None},
    ]
    quoted = quotes_for(evaluate(rule, {}), {}, items)
    assert [each["article_id"] for each in quoted] == ["a", "b"]


def _recommended(folder: Path, said: list[str], patient: dict[str, object]) -> dict[str, object]:
    """Return what is recommended on an invented article that says just this."""
    (folder / "said.nbib").write_text(
        "PMID- 94000002\nDP  - 2019\nPT  - Journal Article\nTI  - Surgery of spinal tumours.\n"
        f"AB  - {' '.join(said)}\n",
        encoding="utf-8",
    )
    build([str(folder / "said.nbib")], folder / "kb.db")
    with sqlite3.connect(folder / "kb.db") as connection:
        return as_json(recommend(connection, RULES, patient))


_SAID = [
    "TES is recommended for lesions of surgical type 4.",
    "TES is not recommended for lesions of surgical type 7.",
    "TES is not recommended for lesions of surgical type 5.",
]


def test_each_case_has_the_quotes_that_speak_to_it(tmp_path: Path) -> None:
    found = _recommended(tmp_path, _SAID, {"surgical_type": 7})
    answer = next(each for each in found["applies"] if each["rule"] == "tes_by_type")
    first, second = answer["cases"]
    assert first["case"] == "no7" and first["quotes_speak_to"] == "case"
    assert [each["quote"] for each in first["quotes"]] == [_SAID[1]]
    assert second["case"] == "alt7" and second["quotes"] == []
    assert answer["quotes"] == first["quotes"], "what speaks to other types is not quoted"


def test_what_contradicts_another_case_is_no_conflict_of_this_one(tmp_path: Path) -> None:
    found = _recommended(tmp_path, _SAID, {"surgical_type": 7})
    assert not [each for each in found["conflicts"] if each["rules"] == ["tes_by_type"]]
    (tmp_path / "again").mkdir()
    found = _recommended(tmp_path / "again", _SAID, {"surgical_type": 4})
    assert [each for each in found["conflicts"] if each["rules"] == ["tes_by_type"]]


def test_a_case_that_is_not_told_apart_has_the_evidence_of_the_rule(tmp_path: Path) -> None:
    found = _recommended(
        tmp_path,
        ["Spinal shortening of 8 mm increased spinal cord blood flow."],
        {"shortening_fraction": 0.2},
    )
    answer = next(each for each in found["applies"] if each["rule"] == "shortening")
    assert [(each["quotes_speak_to"], each["quotes"]) for each in answer["cases"]] == [("rule", [])]
    assert len(answer["quotes"]) == 1


PATIENTS = load_yaml(Path(__file__).parent / "patients.yml")
WRONG = [each for each in PATIENTS if "errors" in each]
PATIENTS = [each for each in PATIENTS if "errors" not in each]


@pytest.mark.parametrize("patient", PATIENTS, ids=lambda each: each["name"])
def test_patients_get_what_the_sources_say(database: Path, patient: dict[str, Any]) -> None:
    with sqlite3.connect(database) as connection:
        found = as_json(recommend(connection, RULES, patient["facts"]))
    told = {each["rule"]: [case["case"] for case in each["cases"]] for each in found["applies"]}
    assert told == patient["applies"]
    scores = {each["rule"]: each["score"] for each in found["applies"]}
    for rule, score in patient.get("scores", {}).items():
        assert scores[rule] == score
        parts = next(each["parts"] for each in found["applies"] if each["rule"] == rule)
        assert sum(points for _, _, points in parts) == score
    waiting = {
        each["rule"]: {name for names in each["needs"].values() for name in names}
        for each in found["waiting"]
    }
    for rule, names in patient.get("needs", {}).items():
        assert set(names) <= waiting[rule]
    assert set(found["not_asked"]) >= set(patient.get("cannot", ()))
    conflicts = [sorted(each["rules"]) for each in found["conflicts"]]
    assert all(sorted(each) in conflicts for each in patient.get("conflicts", ()))
    assert not any(sorted(each) in conflicts for each in patient.get("no_conflicts", ()))


@pytest.mark.parametrize("patient", WRONG, ids=lambda each: each["name"])
def test_patients_with_wrong_fields_are_told_which(database: Path, patient: dict[str, Any]) -> None:
    with sqlite3.connect(database) as connection, pytest.raises(InputError) as error:
        recommend(connection, RULES, patient["facts"])
    lines = dict(line.split(": ", 1) for line in str(error.value).splitlines())
    assert set(lines) == set(patient["errors"])
    assert all(words in lines[name] for name, words in patient["errors"].items())


async def test_all_patients_get_the_same_by_python_command_and_site(
    database: Path, tmp_path: Path
) -> None:
    served = Datasette([str(database)])
    for patient in PATIENTS[::4]:
        facts = patient["facts"]
        with sqlite3.connect(database) as connection:
            expected = json.loads(json.dumps(as_json(recommend(connection, RULES, facts))))
        (tmp_path / "patient.yml").write_text(json.dumps(facts))
        command = CliRunner().invoke(
            main, ["recommend", str(tmp_path / "patient.yml"), "--db", str(database), "--json"]
        )
        words = {
            key: str(value).lower() if isinstance(value, bool) else value
            for key, value in facts.items()
        }
        answer = await served.client.get(f"/-/recommend.json?{urlencode(words)}")
        assert json.loads(command.output) == expected, patient["name"]
        assert answer.json() == expected, patient["name"]
