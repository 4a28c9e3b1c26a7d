"""Groups: whose number each of a sentence is, of how many, when and against what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.claims import extract
from ingest.document import segment
from ingest.groups.allotment import note_sizes
from ingest.groups.labels import core_of
from ingest.model import Claim, Measurement, Record
from ingest.reading import read_sentences
from ingest.text import compose
from ingest.yamlfile import load_yaml

CASES: list[dict[str, Any]] = load_yaml(Path(__file__).parent / "groups.yml")


def _measurements(text: str) -> list[tuple[str, Measurement]]:
    stored, sections = compose(None, [("RESULTS", text)])
    record = Record("test", "x", "1", "0" * 64, stored, sections=sections)
    return [
        (one.text[each.start : each.end], each)
        for one in read_sentences(segment(record))
        for each in one.measurements
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda each: each["idea"])
def test_every_number_has_its_group(case: dict[str, Any]) -> None:
    found = _measurements(case["text"])
    for wanted in case["numbers"]:
        fields = {name: value for name, value in wanted.items() if name != "written"}
        ours = [each for printed, each in found if printed.startswith(wanted["written"])]
        assert ours, f"{wanted['written']} was not read: {[printed for printed, _ in found]}"
        shown = {name: getattr(ours[0], name) for name in fields}
        assert shown == fields, wanted["written"]


def _claims(text: str, methods: str | None = None, title: str | None = None) -> list[Claim]:
    told = [("METHODS", methods)] if methods else []
    stored, sections = compose(title, [*told, ("RESULTS", text)])
    record = Record("test", "x", "1", "0" * 64, stored, title=title, sections=sections)
    return list(extract(segment(record)))


def _operations(claims: list[Claim], percent: float) -> set[str]:
    return {
        mention.concept
        for claim in claims
        for number in claim.measurements
        if number.percent == percent
        for mention in claim.mentions
        if mention.facet == "procedures"
    }


def test_a_claim_about_one_arm_has_that_arms_operation_alone() -> None:
    claims = _claims(
        "The infection rate was 4% after vertebroplasty versus 15% after corpectomy.",
        title="Vertebroplasty or corpectomy for metastases of the spine",
    )
    assert _operations(claims, 4) == {"vertebroplasty"}
    assert _operations(claims, 15) == {"corpectomy"}


def test_lettered_groups_have_the_operations_that_the_methods_give_them() -> None:
    claims = _claims(
        "The infection rate was 10% in group A and 15% in group B.",
        methods="Patients underwent vertebroplasty (group A, n = 30) or corpectomy (group B, n = 26).",
        title="Vertebroplasty or corpectomy for metastases of the spine",
    )
    assert _operations(claims, 10) == {"vertebroplasty"}
    assert _operations(claims, 15) == {"corpectomy"}
    sizes = {each.percent: each.n for claim in claims for each in claim.measurements}
    assert (sizes[10], sizes[15]) == (30, 26)


def test_a_group_named_by_its_operation_takes_none_of_the_title() -> None:
    claims = _claims(
        "Infection was the most frequent complication (4% vs 15%).",
        methods="Thirty patients treated by kyphoplasty were compared with 30 treated by open surgery.",
        title="Kyphoplasty versus open fixation for metastases of the spine",
    )
    assert _operations(claims, 4) == {"kyphoplasty"}
    assert _operations(claims, 15) == {"open_surgery"}


def test_a_control_group_takes_none_of_the_title() -> None:
    claims = _claims(
        "The infection rate was 4% in the kyphoplasty group and 15% in the control group.",
        title="Kyphoplasty for metastases of the spine",
    )
    assert _operations(claims, 4) == {"kyphoplasty"}
    assert _operations(claims, 15) == set()


def test_a_group_that_nothing_defines_takes_neither_operation_of_the_title() -> None:
    claims = _claims(
        "The infection rate was 4% in group A and 15% in group B.",
        title="Vertebroplasty or corpectomy for metastases of the spine",
    )
    assert _operations(claims, 4) == _operations(claims, 15) == set()


def test_a_claim_names_what_it_is_compared_with() -> None:
    [claim] = _claims("Blood loss was lower with embolization than with surgery alone.")
    assert claim.comparator == "surgery alone"
    [alone] = _claims("Blood loss was lower than 500 ml in most patients.")
    assert alone.comparator is None


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        (
            "Wound drainage with a suction drain was less than that with a gravity drain.",
            "gravity drain",
        ),
        ("Cementing relieves pain more than does bracing alone.", "bracing alone"),
        ("Pain scores in the thoracic spine improved, unlike the sacrum.", "sacrum"),
        ("Clipping lowered spinal cord blood flow to 40% of the control value.", "control value"),
        (
            "Infection was less frequent (4%) with a flap than with primary closure.",
            "primary closure",
        ),
        (
            "Compared with open surgery, percutaneous fixation reduced blood loss and relieved pain.",
            "open surgery",
        ),
        (
            "Revision is technically demanding because scar covers the dura, in contrast to the ribs.",
            "ribs",
        ),
        ("Blood loss was higher than 124 ml versus 90 ml.", None),
        ("Blood loss exceeded 900 ml in more than a third of the patients.", None),
        ("No complications other than ileus occurred in 36 patients.", None),
    ],
)
def test_whom_a_result_is_set_against_in_words(text: str, comparator: str | None) -> None:
    assert {each.comparator for each in _claims(text)} == {comparator}


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (
            "Twenty patients received TES and 35 patients had curettage.",
            {"tes": 20, "curettage": 35},
        ),
        (
            "Of 60 patients, 22 underwent percutaneous fixation (PF), while 38 were treated with open fixation (OF).",
            {"percutaneous fixation": 22, "pf": 22, "open fixation": 38, "of": 38},
        ),
        ("Fusion was done in 20 patients (fusion group).", {"fusion": 20}),
        ("Forty patients underwent laminectomy.", {}),
        ("Pain was relieved in 20 patients (95 % in the fusion group).", {}),
    ],
)
def test_sizes_of_groups_are_told_in_turn(text: str, sizes: dict[str, int]) -> None:
    known: dict[str, int | None] = {}
    note_sizes(text, known)
    assert known == sizes


def test_a_group_is_known_by_the_core_of_its_name() -> None:
    names = ("MISS", "the MISS group", "patients treated with MISS", "those who received MISS")
    assert {core_of(each) for each in names} == {"miss"}
