"""Scoring against hand annotations: what counts as found, as wrong, and as told of without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import kb
from kb.build import build
from kb.evaluation import evaluate, table

FILE = "series.txt"
TEXT = """Corpectomy for metastases of the thoracic spine: a retrospective series

METHODS: We reviewed 40 patients who underwent corpectomy for spinal metastases.
RESULTS: Pain improved in 31 patients. Wound infection occurred in 5 of 40 patients. Median survival was 14 months.
"""
IMPROVED = "Pain improved in 31 patients."
INFECTED = "Wound infection occurred in 5 of 40 patients."
LIVED = "Median survival was 14 months."
SLOTS = (
    "population",
    "n",
    "comparator",
    "measure",
    "value",
    "operator",
    "unit",
    "range",
    "numerator",
    "denominator",
    "percent",
    "percent_derived",
    "timepoint",
    "breakdown",
    "direction",
    "strength",
)
CONCEPTS = ("procedures", "approaches", "levels", "tumour_types", "primary_sites", "surgical_types")


def _annotated(quote: str, kind: str = "outcome", **slots: object) -> dict[str, Any]:
    start = TEXT.index(quote)
    return {
        "id": f"{FILE}:{start}",
        "seed": FILE,
        "kind": kind,
        "core_kind": kind,
        "core_kind_alternatives": [],
        "assertion": "affirmed",
        "assertion_alternatives": [],
        "polarity": None,
        "temporality": "current",
        "evidence_basis": "own_series",
        "priority": "must",
        "flags": [],
        "quote": quote,
        "clean_quote": quote,
        "start": start,
        "end": start + len(quote),
        "focus": [],
        "slots": {**dict.fromkeys(SLOTS), **{each: [] for each in CONCEPTS}, **slots},
    }


@pytest.fixture
def score(tmp_path: Path) -> Any:
    """Return the report on the text above for annotations of it."""
    (tmp_path / FILE).write_text(TEXT, encoding="utf-8")
    build([str(tmp_path / FILE)], tmp_path / "kb.db")

    def scored(*claims: dict[str, Any], nothing: tuple[str, ...] = ()) -> dict[str, Any]:
        non_claims = [
            {"seed": FILE, "quote": each, "start": (at := TEXT.index(each)), "end": at + len(each)}
            for each in nothing
        ]
        gold = {"claims": claims, "non_claims": non_claims}
        (tmp_path / "claims.json").write_text(json.dumps(gold), encoding="utf-8")
        return evaluate(kb.open(tmp_path / "kb.db"), tmp_path)

    return scored


def test_what_is_right_scores_in_full(score: Any) -> None:
    report = score(
        _annotated(IMPROVED, direction="better", value=31, unit="patients", numerator=31, n=40),
        _annotated(INFECTED, "risk", direction="worse", numerator=5, denominator=40, n=40),
        _annotated(LIVED, measure="overall_survival", value=14, unit="months", n=40),
        nothing=("for metastases of the thoracic spine",),
    )
    told = report["all"]
    assert told["recall"] == told["assertion"] == told["direction"] == 1
    assert told["non-claims shown"] == "0 of 1"
    assert told["numbers"].endswith(" 1.00")
    assert not report["missed"]
    assert not report["numbers missed"]


@pytest.mark.parametrize(
    ("claim", "column", "rate"),
    [
        (_annotated(IMPROVED, direction="worse"), "direction", 0),
        (_annotated(INFECTED, "risk") | {"assertion": "negated"}, "assertion", 0),
        (_annotated(LIVED, "indication"), "recall", 0),
        (_annotated(LIVED) | {"temporality": "historical"}, "temporality", 0),
        # A direction that one of the two does not give is not weighed.
        (_annotated(LIVED, direction="better"), "direction", None),
        (_annotated(IMPROVED), "direction", None),
    ],
)
def test_what_is_wrong_costs_its_own_column(
    score: Any, claim: dict[str, Any], column: str, rate: float | None
) -> None:
    assert score(claim)["all"][column] == rate


def test_a_wrong_field_of_a_number_is_named(score: Any) -> None:
    report = score(_annotated(LIVED, value=14, unit="weeks", n=40, measure="overall_survival"))
    assert report["all"]["  unit"] == "0.00 0.00"
    assert report["all"]["  value"] == "1.00 1.00"
    assert ["unit 'months' for 'weeks'" in each for each in report["fields wrong"]] == [True]


def test_what_no_annotation_has_is_shown_and_printed(score: Any) -> None:
    report = score(_annotated(LIVED, value=14, unit="months"), nothing=(IMPROVED,))
    assert report["all"]["precision"] < 1
    assert report["all"]["non-claims shown"] == "1 of 1"
    printed = table(report)
    assert IMPROVED in printed.split("shown without an annotation:")[1]
    assert "1 of 1" in printed
