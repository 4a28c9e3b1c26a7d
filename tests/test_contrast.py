"""What a claim is set against: the other group of two, what a verdict names, the state before."""

from __future__ import annotations

import pytest

from ingest.claims import extract
from ingest.document import segment
from ingest.model import Claim, Record
from ingest.text import compose

_METHODS = (
    "Twenty patients had cryoablation (group A) and 22 patients had embolization alone (group B)."
)


def _claims(text: str, lead: str = "", title: str | None = None) -> tuple[Claim, ...]:
    parts = [("METHODS", lead), ("RESULTS", text)] if lead else [("RESULTS", text)]
    stored, sections = compose(title, parts)
    record = Record("test", "x", "1", "0" * 64, stored, title=title, sections=sections)
    document = segment(record)
    start = document.sections[-1].start
    return tuple(each for each in extract(document) if each.start >= start)


def _against(text: str, lead: str = "", title: str | None = None) -> list[str | None]:
    return [each.comparator for each in _claims(text, lead, title)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Local recurrence was significantly less frequent in group A.", "B"),
        ("Pain improved in 70% of group B.", "A"),
        ("There was no significant difference in pain between the two groups.", "B"),
        ("Survival did not differ between groups A and B.", "B"),
        ("Blood loss in group A was lower than that in group B.", "B"),
    ],
)
def test_of_two_groups_the_other_is_what_a_result_is_set_against(text: str, expected: str) -> None:
    assert all((each or "").startswith(f"group {expected}") for each in _against(text, _METHODS)), (
        _against(text, _METHODS)
    )


def test_a_group_is_not_called_by_a_part_of_what_it_had() -> None:
    lead = "Cement was added in 37 patients (group A), and 31 had laminectomy alone or with rods (group B)."
    assert _against("Blood loss was lower in group A than in group B.", lead) == ["group B"]


def test_the_ratio_of_two_groups_is_that_of_the_first_to_the_last() -> None:
    text = "At 3 months, 68% of group A and 49% of group B could walk (OR 2.2, 95% CI 1.3-3.8)."
    assert (_against(text, _METHODS)[-1] or "").startswith("group B")


def test_each_of_two_pairs_ahead_of_their_group_has_the_other() -> None:
    text = "Blood loss (210 vs 820 ml) and hospital stay (6 vs 11 days) were lower in group A."
    assert [(each or "")[:7] for each in _against(text, _METHODS)] == ["group B", "group A"] * 2


def test_the_state_before_is_set_against_no_other_group() -> None:
    text = "In group A the VAS fell from 8.1 before embolization to 2.4 at 6 months."
    assert _against(text, _METHODS) == [None, "before embolization"]


def test_the_verdict_behind_two_numbers_tells_which_is_whose() -> None:
    text = "Infections (9% vs 2%) and hospital stay (11 vs 6 days) were less in group A."
    assert [(each or "")[:7] for each in _against(text, _METHODS)] == ["group A", "group B"] * 2


def test_a_sentence_that_parts_its_two_by_another_thing_has_not_the_groups() -> None:
    lead = "Local recurrence was seen in 5% of group A vs 20% of group B."
    text = "Bone mineral density was preserved with zoledronate (0.31 vs 0.22 g/cm2)."
    found = _claims(f"{lead} {text}", _METHODS)[-2:]
    assert {number.group for each in found for number in each.measurements} == {None}


def test_two_others_between_whom_nothing_differed_are_not_the_groups() -> None:
    found = _against(
        "There was no difference in survival between patients with breast and lung cancer.",
        _METHODS,
    )
    assert found == ["lung cancer"]


def test_two_numbers_beside_one_named_group_have_each_other() -> None:
    text = "Patients in group A had a shorter operative time (95 vs. 160 min)."
    first, second = _against(text, _METHODS)
    assert (first or "").startswith("group B")
    assert (second or "").startswith("group A")


def test_a_group_is_shown_with_what_it_was() -> None:
    lead = "Patients had vertebroplasty plus ablation (VPA) or vertebroplasty only (VPO). The VPA group had 12 patients and the VPO group 15."
    found = _against("Pain relief was better in the VPA group than in the VPO group.", lead)
    assert found == ["VPO (vertebroplasty only) group"]


@pytest.mark.parametrize(
    "text",
    [
        "Blood loss was lower with PF.",
        "The stay was shorter after PF (mean difference -3.1 days).",
        "Survival was similar in both groups (OR 1.02).",
        "The operations took an equal time (mean difference 2 min, p = 0.9).",
    ],
)
def test_two_treatments_that_an_aim_compares_by_their_short_names_are_the_groups(text: str) -> None:
    lead = "We set out to compare percutaneous fixation (PF) with open fixation (OF) of the spine."
    assert _against(text, lead) == ["OF (open fixation)"]


def test_what_one_of_two_can_do_is_set_against_nothing() -> None:
    told = "Cryoablation can relieve pain and may improve the quality of life."
    assert set(_against(told, _METHODS.replace("(group A)", "(cryoablation group)"))) == {None}


def test_three_groups_leave_open_which_is_meant() -> None:
    lead = "We formed group A (n = 9), group B (n = 8) and group C (n = 11). Group C was oldest. Group A and group B were alike."
    assert _against("Survival was longer in group A.", lead) == [None]


def test_a_group_s_bare_name_may_be_what_happened() -> None:
    lead = "We compared a leakage group of 12 patients with a non-leakage group of 30 patients."
    assert _against("Cement leakage occurred in 12 of 42 patients.", lead) == [None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The pain score improved significantly compared with that before surgery.",
            "before surgery",
        ),
        ("Bone density increased by 22% relative to baseline.", "baseline"),
        ("The pain score fell from 7.1 at baseline to 3.0 at 3 months.", "baseline"),
        (
            "No difference in accuracy was found between the nomogram and the older score.",
            "older score",
        ),
        ("Total resection is preferred over curettage to avoid recurrence.", "curettage"),
        ("Carbon screws are a safe alternative to titanium.", "titanium"),
        ("Blood loss was lower than total en bloc spondylectomy.", "total en bloc spondylectomy"),
        ("The infection rate was lower in women.", None),
    ],
)
def test_what_a_wording_sets_a_claim_against(text: str, expected: str | None) -> None:
    found = _against(text)
    assert found
    assert (found[-1] or "").endswith(expected) if expected else found[-1] is None


def test_a_dose_schedule_can_be_a_group() -> None:
    title = "1 x 8 Gy versus 5 x 4 Gy for spinal metastases"
    found = _against("Survival at 6 months was 40% after 1 × 8 Gy.", title=title)
    assert found == ["5 x 4 Gy"]


def test_a_number_set_against_another_group_has_its_own_operation() -> None:
    text = "Patients undergoing sacrectomy compared with cryoablation had more blood loss (2100 vs. 90 ml)."
    first = _claims(text)[0]
    assert {each.concept for each in first.mentions if each.facet == "procedures"} == {"sacrectomy"}


def test_a_spread_in_brackets_is_no_group() -> None:
    text = "The mean score was 4.6 (1.7) in the laminectomy group and 2.5 (1.3) among the others."
    groups = {number.group for each in _claims(text) for number in each.measurements}
    assert "1.3" not in groups
    assert "1.7" not in groups


def test_years_can_be_groups() -> None:
    text = "Infection fell from 9% in 1998 to 4% in 2006."
    groups = {number.group for each in _claims(text) for number in each.measurements}
    assert groups <= {"1998", "2006", None}


def test_groups_named_together_each_have_what_was_done_in_them() -> None:
    lead = "Patients formed groups A (radiofrequency ablation combined with kyphoplasty) and B (kyphoplasty only)."
    first, second = _claims("Pain improved in 70% of group A and in 40% of group B.", lead)
    done = [
        {mention.concept for mention in each.mentions if mention.facet == "procedures"}
        for each in (first, second)
    ]
    assert done == [{"radiofrequency_ablation", "kyphoplasty"}, {"kyphoplasty"}]
