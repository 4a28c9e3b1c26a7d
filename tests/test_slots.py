"""Slots: which concepts of the words, the sentence and the context a claim is about."""

from __future__ import annotations

import pytest

from ingest.claims import extract
from ingest.document import segment
from ingest.model import Claim, Record
from ingest.text import compose


def _claims(text: str, label: str = "RESULTS", title: str | None = None) -> tuple[Claim, ...]:
    stored, sections = compose(title, [(label, text)])
    record = Record("test", "x", "1", "0" * 64, stored, title=title, sections=sections)
    return extract(segment(record))


def _slot(claim: Claim, facet: str) -> set[str]:
    return {each.concept for each in claim.mentions if each.facet == facet}


@pytest.mark.parametrize(
    ("text", "facet", "expected"),
    [
        (
            "Local recurrence was 4% after en bloc resection and 38% after curettage.",
            "procedures",
            [{"en_bloc_excision"}, {"curettage"}],
        ),
        (
            "Debulking was performed in 12 patients and vertebroplasty in 9 patients.",
            "procedures",
            [{"debulking"}, {"vertebroplasty"}],
        ),
        (
            "Blood loss was 900 ml in the cervical spine and 2100 ml in the lumbar spine.",
            "levels",
            [{"cervical"}, {"lumbar"}],
        ),
        (
            "The mean SINS was 11 and the mean blood loss was 800 ml.",
            "scales",
            [{"SINS"}, set()],
        ),
        (
            "Patients with Bilsky grades 1 and 2 had local control rates of 90% and 70%.",
            "scales",
            [{"bilsky_grade"}, {"bilsky_grade"}],
        ),
    ],
)
def test_of_several_numbers_each_has_the_concepts_beside_it(
    text: str, facet: str, expected: list[set[str]]
) -> None:
    assert [_slot(each, facet) for each in _claims(text)] == expected


def test_what_all_numbers_share_is_kept() -> None:
    text = "After sacrectomy the mean blood loss was 3000 ml and the operative time 420 min."
    assert [_slot(each, "procedures") for each in _claims(text)] == [{"sacrectomy"}] * 2


def test_of_several_results_each_has_its_own_measure() -> None:
    pain, gait = _claims("Pain and walking ability improved after debulking.")
    assert (_slot(pain, "measures"), _slot(gait, "measures")) == ({"pain"}, {"ambulation"})


def test_a_grade_of_function_is_no_vertebra() -> None:
    (claim,) = _claims("The Frankel grade improved from D1 to D3 in 6 of 9 patients.")
    assert _slot(claim, "levels") == set()


def test_what_patients_cannot_have_is_not_advised() -> None:
    (claim,) = _claims(
        "In patients who are not candidates for sacrectomy, curettage is an acceptable option.",
        "CONCLUSIONS",
    )
    assert _slot(claim, "procedures") == {"curettage"}


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Pain resistant to radiotherapy is an indication for vertebroplasty.", "radiotherapy"),
        ("Patients who failed chemotherapy should undergo laminectomy.", "chemotherapy"),
        ("TES is a spondylectomy that should be performed by trained teams.", "spondylectomy"),
        ("Spinal instrumentation failure after TES occurred in 4 patients.", "stabilization"),
    ],
)
def test_a_concept_that_only_belongs_to_another_fills_no_slot(text: str, absent: str) -> None:
    found = _claims(text, "CONCLUSIONS")
    assert found
    assert all(absent not in _slot(each, "procedures") for each in found)


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("TES gave longer survival than spondylectomy in pieces.", {"TES", "spondylectomy"}),
        (
            "Pain improved after chemotherapy plus laminectomy in 8 patients.",
            {"chemotherapy", "laminectomy"},
        ),
    ],
)
def test_what_is_compared_or_combined_is_kept(text: str, present: set[str]) -> None:
    assert any(present <= _slot(each, "procedures") for each in _claims(text))


def test_this_approach_is_the_one_before_it_even_where_steps_are_named() -> None:
    text = (
        "We prefer the retroperitoneal approach for lumbar lesions. "
        "The advantage of this approach is a better view during corpectomy."
    )
    last = _claims(text, "DISCUSSION")[-1]
    assert "retroperitoneal" in _slot(last, "approaches")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Curettage was done in 8 cases. Of these lesions, 3 recurred locally.", set()),
        ("Embolization was tried in 8 cases. This score predicted survival.", set()),
    ],
)
def test_lesions_and_scores_that_point_back_take_no_operation(
    text: str, expected: set[str]
) -> None:
    assert _slot(_claims(text)[-1], "procedures") == expected


def test_a_pointer_reaches_back_over_a_sentence_that_points_itself() -> None:
    text = (
        "Cryoablation was used in 11 patients. It took 40 min on average. "
        "This technique reduced pain in 9 patients."
    )
    assert _slot(_claims(text)[-1], "procedures") == {"cryoablation"}


@pytest.mark.parametrize("label", ["CONCLUSIONS", "BACKGROUND"])
def test_a_general_statement_takes_neither_level_nor_primary_from_the_title(label: str) -> None:
    title = "Kyphoplasty for thoracic metastases of lung cancer"
    for claim in _claims("Surgery is recommended when the spine is unstable.", label, title):
        assert not _slot(claim, "levels")
        # What is concluded is still of the disease that was studied.
        assert _slot(claim, "sites") == ({"lung"} if label == "CONCLUSIONS" else set())


def test_a_result_takes_its_level_and_primary_from_the_title() -> None:
    title = "Kyphoplasty for thoracic metastases of lung cancer"
    (claim,) = _claims("Pain improved in 14 of 17 patients.", "RESULTS", title)
    assert _slot(claim, "sites") == {"lung"}
    assert _slot(claim, "levels") == {"thoracic"}
    assert _slot(claim, "procedures") == {"kyphoplasty"}


def test_an_item_of_a_list_has_what_stands_before_it_and_not_the_others() -> None:
    text = (
        "The risks of sacrectomy are (1) bleeding during osteotomy; (2) infection of the wound; "
        "(3) damage to the cord during laminectomy."
    )
    first, second, third = _claims(text, "DISCUSSION")
    assert "sacrectomy" in _slot(first, "procedures")
    assert _slot(second, "procedures") == {"sacrectomy"}
    assert _slot(third, "procedures") == {"sacrectomy", "laminectomy"}


def test_who_benefits_from_surgery_had_it() -> None:
    text = "The old had no benefit from surgery added to radiotherapy regarding survival."
    assert _slot(_claims(text)[0], "procedures") == {"surgery", "radiotherapy"}
    text = "Pain was relieved in 7 patients at 3 months after surgery."
    assert "surgery" not in _slot(_claims(text)[0], "procedures")


def test_a_bracket_on_a_part_is_not_what_the_whole_number_is_about() -> None:
    claims = _claims("The median survival was 108 days (102 for lung cancer).")
    assert "lung" not in _slot(claims[0], "sites")


def test_a_group_whose_name_holds_the_other_group_keeps_both_treatments() -> None:
    text = "Motor function improved in 21% after surgery plus RT and in 24% after RT."
    title = "Surgery in addition to radiotherapy (RT) for cord compression"
    assert [_slot(each, "procedures") for each in _claims(text, title=title)] == [
        {"surgery", "radiotherapy"},
        {"radiotherapy"},
    ]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Mortality was 12% in T1 and 30% in T3 carcinomas of the bladder.", set()),
        ("Pain was relieved in 12 of 15 patients with T3 lesions of the spine.", {"T3"}),
        ("Mortality was 12% after removal of T3 and L2 masses.", {"T3", "L2"}),
    ],
)
def test_stages_are_no_vertebrae_where_nothing_is_of_the_spine(text: str, levels: set[str]) -> None:
    found = {each for claim in _claims(text) for each in _slot(claim, "levels")}
    assert found - {"spine"} == levels
