"""The saved queries answer what they promise: examples work, and the 25 questions find their claims."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb import places
from kb.build import build
from kb.rules import load_rules
from kb.saved import SavedQuery, all_queries, load_queries, run_query

# On the sample corpus nothing need be rejected, and not every rule lacks evidence.
MAY_BE_EMPTY = {"articles_kept_apart", "rejected_input", "rules_without_evidence"}
# Which saved queries answer which of the annotated questions.
ANSWERS: dict[str, list[tuple[str, dict[str, str]]]] = {
    "Q01": [("evidence_for_rule", {"rule": "tes_by_type"})],
    "Q02": [
        ("claims_about_level", {"level": "L5"}),
        ("claims_about_concept", {"concept": "iliac_wing"}),
        ("claims_about_level", {"level": "L4"}),
    ],
    "Q03": [
        ("approaches_by_procedure", {"procedure": "TES"}),
        ("evidence_for_rule", {"rule": "tes_approach"}),
        ("evidence_against_rule", {"rule": "tes_approach"}),
    ],
    "Q04": [("approaches_by_procedure", {"procedure": "anterior_dissection"})],
    "Q05": [
        ("measured_values", {"measure": "blood_loss"}),
        ("claims_about_concept", {"concept": "blood_loss"}),
        ("risks_and_mitigation", {"procedure": "TES"}),
        ("risks_and_mitigation", {"procedure": "anterior_dissection"}),
    ],
    "Q06": [("claims_about_concept", {"concept": "embolization"})],
    "Q07": [
        ("claims_about_concept", {"concept": "neurological_deterioration"}),
        ("claims_about_concept", {"concept": "hyperesthesia"}),
        ("claims_about_concept", {"concept": "revision_surgery"}),
    ],
    "Q08": [("claims_about_concept", {"concept": "neurological_improvement"})],
    "Q09": [("claims_about_concept", {"concept": "spinal_shortening"})],
    "Q10": [
        ("claims_about_concept", {"concept": "neurological_symptoms"}),
        ("claims_about_concept", {"concept": "ESS"}),
        ("evidence_for_rule", {"rule": "ess_end_stage"}),
    ],
    "Q11": [
        ("evidence_for_rule", {"rule": "vessel_protection"}),
        ("claims_about_level", {"level": "lumbar"}),
    ],
    "Q12": [
        ("evidence_for_rule", {"rule": "hosono_procedure"}),
        ("evidence_against_rule", {"rule": "hosono_procedure"}),
        ("evidence_for_rule", {"rule": "tes_by_type"}),
        ("claims_about_concept", {"concept": "durability_of_benefit"}),
    ],
    "Q13": [
        ("claims_about_concept", {"concept": "spacer_dislodgement"}),
        ("approaches_by_procedure", {"procedure": "MPI_reconstruction"}),
        ("claims_about_concept", {"concept": "reconstruction"}),
    ],
    "Q14": [
        ("outcomes_by_procedure_and_measure", {"procedure": "TES", "measure": "overall_survival"})
    ],
    "Q15": [("recurrence", {"procedure": "TES"})],
    "Q16": [("prognostic_factors", {})],
    "Q17": [
        ("evidence_for_rule", {"rule": "score_to_aim"}),
        ("evidence_against_rule", {"rule": "score_to_aim"}),
    ],
    "Q18": [("claims_about_concept", {"concept": "ECOG_performance_status"})],
    "Q19": [("claims_about_concept", {"concept": "skeletal_related_event"})],
    "Q20": [
        ("claims_about_concept", {"concept": "spinal_instability"}),
        ("claims_about_concept", {"concept": "spinal_metastasis"}),
    ],
    "Q21": [
        ("sides_of_contested_rules", {"rule": ""}),
        ("claims_about_concept", {"concept": "posterior"}),
        ("claims_about_concept", {"concept": "surgical_exposure"}),
    ],
    "Q22": [("measured_values", {"measure": "blood_loss"})],
    "Q23": [
        ("harms_that_did_not_occur", {"concept": ""}),
        ("claims_about_concept", {"concept": "spinal_cord"}),
    ],
    "Q24": [("claims_about_concept", {"concept": "morbidity_and_mortality"})],
    "Q25": [
        ("claims_about_concept", {"concept": "ESS"}),
        ("approaches_by_procedure", {"procedure": "open_surgery"}),
        ("claims_about_concept", {"concept": "durability_of_benefit"}),
    ],
}


@pytest.fixture(scope="module")
def queries() -> dict[str, SavedQuery]:
    return all_queries(places.queries(), load_rules(places.rules()))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("sample") / "kb.db"
    build([str(places.sample())], path)
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("seeds") / "kb.db"
    build([str(shared / "seeds")], path)
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


@pytest.mark.parametrize("name", sorted(load_queries(places.queries())))
def test_every_example_finds_something(
    name: str, queries: dict[str, SavedQuery], sample: sqlite3.Connection
) -> None:
    found = run_query(sample, queries[name], queries[name].examples)
    assert found.columns
    assert found.rows or name in MAY_BE_EMPTY


def test_what_is_not_stated_is_empty_and_never_zero(
    queries: dict[str, SavedQuery], sample: sqlite3.Connection
) -> None:
    found = run_query(sample, queries["measured_values"], {"measure": "blood_loss"})
    place = found.columns.index("n")
    assert any(row[place] is None for row in found.rows)
    assert not any(row[place] == 0 for row in found.rows)
    unstated = run_query(sample, queries["not_stated"], {"procedure": "TES"})
    assert "local_recurrence" not in {row[0] for row in unstated.rows}


def test_a_range_is_never_a_mean(
    queries: dict[str, SavedQuery], sample: sqlite3.Connection
) -> None:
    found = run_query(sample, queries["measured_values"], {"measure": "blood_loss"})
    names = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    ranged = [row for row in names if row["low"] is not None]
    assert ranged
    assert all(row["value"] not in {row["low"], row["high"]} for row in ranged)


def _returned(
    connection: sqlite3.Connection, query: SavedQuery, values: dict[str, str]
) -> set[str]:
    found = run_query(connection, query, values)
    places_of_ids = [
        index
        for index, column in enumerate(found.columns)
        if column in {"claim_id", "risk_id", "mitigation_id"}
    ]
    return {row[index] for row in found.rows for index in places_of_ids}


def _extracted(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    spans: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for source, *claim in connection.execute(
        'select records.source, claims.claim_id, claims.start, claims."end", claims.kind from claims'
        " join articles using (article_id) join records on records.record_id = articles.record_id"
    ):
        spans[source].append(tuple(claim))
    return spans


@pytest.mark.parametrize("question", sorted(ANSWERS))
def test_questions_are_answered_by_saved_queries(
    question: str, shared: Path, queries: dict[str, SavedQuery], seeds: sqlite3.Connection
) -> None:
    annotated = json.loads((shared / "gold" / "claims.json").read_text(encoding="utf-8"))["claims"]
    asked = json.loads((shared / "gold" / "queries.json").read_text(encoding="utf-8"))["questions"]
    wanted = next(each["claims"] for each in asked if each["id"] == question)
    returned = set().union(
        *(_returned(seeds, queries[name], values) for name, values in ANSWERS[question])
    )
    spans = _extracted(seeds)
    lost = []
    for claim in annotated:
        if claim["id"] not in wanted:
            continue
        kinds = {claim["core_kind"], *claim["core_kind_alternatives"]}
        same = {
            name
            for name, start, end, kind in spans[claim["seed"]]
            if start < claim["end"] and claim["start"] < end and kind in kinds
        }
        # A claim that was not extracted is the extraction's fault and measured there.
        if same and not same & returned:
            lost.append(claim["key"])
    assert not lost
