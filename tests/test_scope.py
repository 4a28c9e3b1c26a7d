"""How far words that deny, hedge or condition reach within a sentence."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ingest.claims import extract
from ingest.document import segment
from ingest.model import Claim, Record
from ingest.text import compose
from kb import evaluation


def _claims(text: str, label: str = "RESULTS") -> tuple[Claim, ...]:
    composed, sections = compose("Surgery of spinal metastases", [(label, text)])
    record = Record("made", "1", "test", "0" * 64, composed, sections=sections)
    return extract(segment(record))


def _told(text: str, label: str = "RESULTS") -> list[tuple[str | None, str]]:
    return [(each.measure, each.assertion) for each in _claims(text, label)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "There were no haematomas in 14 patients and a dural tear in 2.",
            [("haematoma", "negated"), ("dural_tear", "affirmed")],
        ),
        (
            "No patient died, four had a wound infection, and one had a dural tear.",
            [
                ("mortality", "negated"),
                ("surgical_site_infection", "affirmed"),
                ("dural_tear", "affirmed"),
            ],
        ),
        (
            "Gait improved in 9 patients, no change in 13, and deterioration in two.",
            [("ambulation", "affirmed"), (None, "negated"), (None, "affirmed")],
        ),
        (
            "The rate of infection was 0% and the rate of rod fracture 7%.",
            [("surgical_site_infection", "negated"), ("rod_breakage", "affirmed")],
        ),
        (
            "The child had a full relief of pain and no new complications.",
            [("pain", "affirmed"), ("complications", "negated")],
        ),
        (
            "Local recurrence was seen in six patients with a tumour rest and in none without.",
            [("local_recurrence", "affirmed"), ("local_recurrence", "negated")],
        ),
        # What is shared is denied of all: a difference, an infection or a leak.
        (
            "There was no difference in local control (82% vs 85%) or survival (61% vs 60%).",
            [("local_control", "negated")] * 2 + [("overall_survival", "negated")] * 2,
        ),
        (
            "Nobody had a wound infection or a dural tear.",
            [("surgical_site_infection", "negated"), ("dural_tear", "negated")],
        ),
    ],
)
def test_a_denial_stays_with_what_it_denies(text: str, told: list[tuple[str | None, str]]) -> None:
    assert _told(text) == told


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("Rod fractures were not uncommon.", "affirmed"),
        ("No other wound infection occurred.", "negated"),
        ("No further deterioration was observed.", "negated"),
        ("Blood loss was greater in those in whom no embolization was done.", "affirmed"),
        ("Survival was shorter in patients receiving no steroid.", "affirmed"),
        ("Pain was less at 6 weeks but not 6 months.", "affirmed"),
    ],
)
def test_what_looks_denied_and_is_not(text: str, assertion: str) -> None:
    assert {each.assertion for each in _claims(text)} == {assertion}


def test_a_finding_that_stands_for_advice_is_not_scored_as_advice() -> None:
    gold: dict[str, Any] = {
        "core_kind": "indication",
        "assertion": "affirmed",
        "assertion_alternatives": [],
        "temporality": "current",
        "evidence_basis": "own_series",
        "polarity": "neutral",
        "slots": {
            **dict.fromkeys(("strength", "direction", "measure", "comparator", "population")),
            **{
                name: []
                for name in (
                    "procedures",
                    "approaches",
                    "levels",
                    "tumours",
                    "tumour_types",
                    "primary_sites",
                    "sites",
                )
            },
        },
    }
    claim = {
        "assertion": "affirmed",
        "temporality": "current",
        "basis": "patients",
        "polarity": None,
        "strength": None,
        "direction": None,
        "measurements": [],
        "concepts": [],
    }
    for kind, compared in (("outcome", 0), ("indication", 1)):
        counts: Counter[str] = Counter()
        evaluation._compare({**claim, "kind": kind}, gold, {}, counts)
        assert counts["polarity of"] == compared


def test_what_an_experiment_is_taken_to_show_is_still_the_experiments() -> None:
    found = _claims(
        "In rabbits, cement lowered the growth of the tumour. The effect of the cement on pain was"
        " small, indicating that the dose is too low. Pain fell by 3% after vertebroplasty."
    )
    assert {each.basis for each in found} == {"animal"}


@pytest.mark.parametrize(
    "text",
    [
        "A 30-year-old male underwent vertebrectomy. The tumour recurred after one year.",
        "A 9 year old female child was seen. Only four cases have been reported. The tumour recurred.",
    ],
)
def test_the_course_of_one_case_is_told_under_methods_too(text: str) -> None:
    assert "local_recurrence" in {each.measure for each in _claims(text, "METHODS")}


@pytest.mark.parametrize(
    ("text", "directions"),
    [
        ("At one year she was free of symptoms.", ["better"]),
        ("Radiosurgery was not found to be superior in pain response.", ["no_difference"]),
        ("Complication rates were comparable (31% vs 33%).", ["no_difference", "no_difference"]),
        ("There were no complications associated with the cage.", ["better"]),
        ("Lack of pain relief was seen in five patients.", ["worse"]),
    ],
)
def test_which_way_a_denied_or_equal_result_went(text: str, directions: list[str]) -> None:
    assert [each.direction for each in _claims(text)] == directions


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("We recommend that long courses of dexamethasone be avoided.", "against"),
        ("Surgery can be avoided in most patients with myeloma.", "for"),
    ],
)
def test_advice_to_avoid_is_advice_against(text: str, polarity: str) -> None:
    assert [each.polarity for each in _claims(text)] == [polarity]
