"""Which measure a claim is about, where its words and not its numbers tell."""

from __future__ import annotations

import pytest

from ingest.claims import extract
from ingest.document import segment
from ingest.model import Claim, Record
from ingest.text import compose


def _claims(text: str, label: str = "RESULTS") -> tuple[Claim, ...]:
    stored, sections = compose(None, [(label, text)])
    record = Record("test", "x", "1", "0" * 64, stored, sections=sections)
    return extract(segment(record))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("VAS pain levels improved significantly after ablation.", "vas"),
        ("Pain improved significantly after ablation.", "pain"),
        ("Pain and ODI improved significantly.", "pain"),
        ("She was asymptomatic at the last visit.", "symptom_relief"),
        ("Thirty-one patients were included.", "patients_included"),
        ("Leptomeningeal spread developed in two patients.", "distant_metastasis"),
        ("En bloc resection of the atlas is challenging.", "technical_difficulty"),
    ],
)
def test_the_measure_of_a_worded_claim(text: str, expected: str) -> None:
    assert _claims(text)[0].measure == expected


def test_studies_that_are_counted_are_no_patients() -> None:
    found = _claims("Twelve studies with 800 patients were included.")
    assert all(each.measure != "patients_included" or each.measurements for each in found)


def test_what_a_list_of_complications_names_is_one() -> None:
    text = "Postoperative complications included a torn glove, a stuck drain, and an ileus."
    found = [each.measure for each in _claims(text)]
    assert found[:2] == ["complications", "complications"]
    assert "ileus" in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ambulation before surgery was associated with survival.", "overall_survival"),
        ("Survival was associated with ambulation before surgery.", "overall_survival"),
        ("Blood loss was a risk factor for surgical site infection.", "surgical_site_infection"),
        ("Blood loss predicted length of stay.", "length_of_stay"),
        ("Longer operative times were associated with infection.", "surgical_site_infection"),
        ("Infection was more frequent with a longer operative time.", "surgical_site_infection"),
    ],
)
def test_of_cause_and_result_the_result_is_the_measure(text: str, expected: str) -> None:
    assert _claims(text)[0].measure == expected


@pytest.mark.parametrize(
    ("text", "measure", "direction"),
    [
        ("Patients with a good prognosis had less pain after fusion.", "pain", "better"),
        (
            "Patients with a better performance status survived longer.",
            "overall_survival",
            "better",
        ),
        ("Patients with a deficit had a worse quality of life.", "quality_of_life", "worse"),
        ("In poor prognosis patients, pain was 4 after one fraction.", "pain", None),
        (
            "Fusion of the atlas offered satisfactory outcomes with low blood loss.",
            "surgical_outcome",
            "better",
        ),
        (
            "Motor function recovered after removal and shortening of the spinal column.",
            "neurological_improvement",
            "better",
        ),
        ("The treated group experienced no side effects.", "complications", "better"),
        ("Satisfaction with the brace was lower after fusion.", "satisfaction", "worse"),
    ],
)
def test_who_the_patients_are_is_not_how_they_fared(
    text: str, measure: str, direction: str | None
) -> None:
    (claim,) = _claims(text)
    assert (claim.measure, claim.direction) == (measure, direction)


def test_a_difference_denied_of_several_measures_is_none_of_any() -> None:
    found = _claims(
        "No significant differences were found for pain, mortality and quality of life."
    )
    assert {each.measure for each in found} == {"pain", "mortality", "quality_of_life"}
    assert {each.direction for each in found} == {"no_difference"}


@pytest.mark.parametrize(
    "text",
    [
        "Stay, reoperation and mortality were not statistically significant between the groups.",
        "Antibiotics had no role in pain.",
        "The reduction of pain did not reach significance.",
        "A rib hump did not impact survival or pain.",
        "Pain was not significantly related to the level.",
        "Those with a graft were not at any increased risk for infection.",
    ],
)
def test_what_made_no_difference_is_neither_better_nor_worse(text: str) -> None:
    assert {each.direction for each in _claims(text)} == {"no_difference"}


def test_what_a_few_of_all_show_is_a_claim_of_its_own() -> None:
    text = "All patients were alive at the last visit, with 2 (4%) exhibiting tumor relapse."
    found = [
        (each.measure, each.measurements[0].numerator)
        for each in _claims(text)
        if each.measurements
    ]
    assert ("local_recurrence", 2) in found
    assert {each.measure for each in _claims(text)} == {"overall_survival", "local_recurrence"}


def test_how_many_were_studied_is_neither_better_nor_worse() -> None:
    size, rate = _claims("The sarcoma cohort included 52 patients and a complication rate of 8%.")
    assert (size.kind, size.measure, size.direction) == ("outcome", "patients_included", None)
    assert (rate.kind, rate.measure, rate.direction) == ("risk", "complications", "worse")
