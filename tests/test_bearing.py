"""What a named concept is to a claim: its subject, or a step, a way not taken, a point in time."""

from __future__ import annotations

import pytest

from ingest.claims import extract
from ingest.concepts.mentions import match
from ingest.document import segment
from ingest.model import Claim, Record
from ingest.text import compose


def _claims(
    text: str, label: str = "RESULTS", title: str | None = None, lead: str = ""
) -> tuple[Claim, ...]:
    """Return the claims of a section; ``lead`` is a section on methods ahead of it."""
    parts = [("METHODS", lead), (label, text)] if lead else [(label, text)]
    stored, sections = compose(title, parts)
    record = Record("test", "x", "1", "0" * 64, stored, title=title, sections=sections)
    return extract(segment(record))


def _slot(claim: Claim, facet: str) -> set[str]:
    return {each.concept for each in claim.mentions if each.facet == facet}


def _last(text: str, facet: str, label: str = "RESULTS", title: str | None = None) -> set[str]:
    found = _claims(text, label, title)
    assert found
    return _slot(found[-1], facet)


@pytest.mark.parametrize(
    ("text", "facet", "absent"),
    [
        (
            "We prefer the retroperitoneal approach rather than a transthoracic approach for L1.",
            "approaches",
            "transthoracic",
        ),
        (
            "We recommend kyphoplasty as an alternative to bracing for painful fractures.",
            "procedures",
            "bracing",
        ),
        (
            "Kyphoplasty instead of bracing relieved pain in 9 of 12 patients.",
            "procedures",
            "bracing",
        ),
        (
            "Cryoablation is recommended for patients in whom sacrectomy is contraindicated.",
            "procedures",
            "sacrectomy",
        ),
        (
            "Cryoablation should be used for radiotherapy-resistant tumours.",
            "procedures",
            "radiotherapy",
        ),
        (
            "Kyphoplasty reduces the need for bracing and relieves pain.",
            "procedures",
            "bracing",
        ),
        (
            "Laminectomy relieved pain in 9 patients previously treated with vertebroplasty.",
            "procedures",
            "vertebroplasty",
        ),
        (
            "Pain was relieved by cryoablation in 7 patients in whom laminectomy was contraindicated.",
            "procedures",
            "laminectomy",
        ),
    ],
)
def test_a_way_not_taken_or_long_past_fills_no_slot(text: str, facet: str, absent: str) -> None:
    found = _claims(text, "DISCUSSION")
    assert found
    assert any(_slot(each, facet) for each in found)
    assert all(absent not in _slot(each, facet) for each in found)


def test_what_could_not_be_borne_is_not_what_was_done_afterwards() -> None:
    text = (
        "The patient was unable to tolerate sacrectomy and was treated with cryoablation. "
        "After this procedure her pain was relieved."
    )
    assert _last(text, "procedures") == {"cryoablation"}


def test_monitoring_by_which_something_became_known_is_not_the_treatment() -> None:
    text = "Spinal cord monitoring showed that cord function improved after corpectomy."
    assert _last(text, "procedures") == {"corpectomy"}


@pytest.mark.parametrize(
    "text",
    [
        "Good walking before surgery was a predictor of survival.",
        "At 6 weeks after surgery pain had improved in 12 of 20 patients.",
    ],
)
def test_plain_surgery_as_a_point_in_time_leaves_the_slot_to_the_title(text: str) -> None:
    (claim, *_) = _claims(text, title="Sacrectomy for chordoma: 20 patients")
    assert _slot(claim, "procedures") == {"sacrectomy"}


def test_a_step_of_an_operation_is_not_what_the_claim_is_about() -> None:
    text = "After sacrectomy 4 of 18 patients had bleeding from the osteotomy."
    assert _last(text, "procedures") == {"sacrectomy"}


def test_what_stands_behind_during_tells_when_where_an_operation_is_the_subject() -> None:
    text = "Kyphoplasty caused cement leakage during vertebroplasty training in 3 patients."
    assert _last(text, "procedures") == {"kyphoplasty"}
    text = "Bleeding during corpectomy was 900 ml."
    assert _last(text, "procedures") == {"corpectomy"}


def test_a_harm_to_an_implant_is_of_the_operation() -> None:
    text = "Dislodgement of the titanium mesh cage occurred in 2 patients."
    assert _last(text, "procedures", title="Corpectomy in metastatic disease") == {"corpectomy"}


def test_a_revision_stays_about_the_operation_that_led_to_it() -> None:
    text = "Three patients required reoperation."
    found = _last(text, "procedures", title="Kyphoplasty for myeloma")
    assert {"kyphoplasty", "revision_surgery"} == found


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Sacrectomy with instrumentation and bone graft in chordoma", {"sacrectomy"}),
        ("Expandable cages after corpectomy for metastases", {"cage_placement", "corpectomy"}),
        ("Cement augmentation of percutaneous pedicle screws", {"cement_augmentation"}),
        ("Image-guided cryoablation of vertebral metastases", {"cryoablation"}),
    ],
)
def test_of_a_title_only_the_leading_operation_is_inherited(title: str, expected: set[str]) -> None:
    assert _last("Pain improved in 14 of 17 patients.", "procedures", title=title) == expected


def test_a_title_s_manner_and_general_words_are_not_inherited() -> None:
    title = "Minimally invasive corpectomy for spinal tumours"
    text = "Pain improved in 14 of 17 patients."
    assert _last(text, "procedures", title=title) == {"corpectomy"}
    assert not _last(text, "approaches", title=title)
    assert not _last(text, "tumours", title=title)


def test_plain_surgery_of_a_title_is_inherited_where_an_operation_is_told_of() -> None:
    title = "Surgery in metastatic disease of the spine"
    assert _last("Postoperative pain improved in 9 of 12 patients.", "procedures", title=title) == {
        "surgery"
    }
    assert not _last("The median survival was 9 months.", "procedures", title=title)


def test_the_title_s_route_is_not_one_of_a_general_statement() -> None:
    title = "The transoral approach for corpectomy of C2"
    text = "Corpectomy of the axis is associated with a high risk of dysphagia."
    assert not _last(text, "approaches", "BACKGROUND", title)


def test_a_finding_on_prognosis_is_of_the_title_s_operation_and_general_advice_is_not() -> None:
    title = "Vertebroplasty in 120 patients with myeloma"
    text = "Low weight (p = 0.02) was an independent risk factor for cement leakage."
    assert _last(text, "procedures", title=title) == {"vertebroplasty"}


@pytest.mark.parametrize(
    "text",
    [
        "On admission 34 of 50 patients could not walk.",
        "The mean follow-up was 26 months.",
    ],
)
def test_how_patients_came_and_were_followed_is_of_no_operation(text: str) -> None:
    found = _claims(text, title="Laminectomy in 50 patients with metastatic cord compression")
    assert all(not _slot(each, "procedures") for each in found)


def test_this_approach_is_a_route_and_not_the_fixation_named_beside_it() -> None:
    text = (
        "We use a transthoracic approach followed by spinal fusion. "
        "This approach carries a risk of pneumonia."
    )
    found = _claims(text, "DISCUSSION")[-1]
    assert _slot(found, "approaches") == {"transthoracic"}
    assert not _slot(found, "procedures")


def test_a_side_within_an_operation_s_name_is_not_carried_on() -> None:
    text = "Posterior fixation was performed in 12 patients. This technique relieved pain in 9."
    assert not _last(text, "approaches")


def test_a_pointer_behind_its_own_operation_means_that_one() -> None:
    text = (
        "Sacrectomy was planned in 4 patients. "
        "Cryoablation was chosen and 9 of 12 patients treated by this technique lost their pain."
    )
    assert "sacrectomy" not in _last(text, "procedures")


def test_posterior_fixation_as_done_is_no_route() -> None:
    text = "Posterior fixation was performed in 12 patients."
    assert not _last(text, "approaches")
    text = "We prefer posterior fixation for lesions of the thoracic spine."
    assert "posterior" in _last(text, "approaches", "DISCUSSION")


def test_what_is_said_of_a_disease_in_general_is_of_no_operation() -> None:
    text = "Even a paraplegic patient is not always a predictor of early death."
    found = _claims(text, "DISCUSSION", "Sacrectomy for chordoma")
    assert all(not _slot(each, "procedures") for each in found)


def test_plain_surgery_does_not_break_a_chain_of_pointers() -> None:
    text = (
        "Cryoablation was used in 11 patients. After the operation, it was left alone. "
        "This technique reduced pain in 9 patients."
    )
    assert _last(text, "procedures") == {"cryoablation"}


def test_it_that_stands_for_a_clause_points_back_to_nothing() -> None:
    text = (
        "Cryoablation was used in 11 patients with chordoma. "
        "It is known that pain may improve without any treatment."
    )
    found = _claims(text, "DISCUSSION")
    assert all(not _slot(each, "procedures") for each in found if "known" in each.quote)


def test_this_procedure_is_meant_even_behind_this_series() -> None:
    text = (
        "Large lesions had cryoablation. "
        "In this series, good pain relief was achieved with this procedure."
    )
    assert _last(text, "procedures", "DISCUSSION") == {"cryoablation"}


def test_our_technique_is_the_article_s_own() -> None:
    text = "Laminectomy is a part of it. Our technique reduced pain in 9 of 12 patients."
    assert "sacrectomy" in _last(text, "procedures", "DISCUSSION", "Sacrectomy made simple")


def test_a_half_set_apart_has_its_own_operation_unless_it_points_back() -> None:
    title = "Sacrectomy in chordoma"
    text = "The cages were intact in 9 of 10 patients; there was no local recurrence."
    assert _last(text, "procedures", title=title) == {"sacrectomy"}
    text = "Cryoablation is quick, although it causes pain in many patients."
    assert _last(text, "procedures", "DISCUSSION") == {"cryoablation"}


def test_a_narrower_name_in_the_title_says_a_broader_one() -> None:
    text = "Spondylectomy improved pain in 14 of 17 patients."
    found = _last(text, "procedures", title="Total en bloc spondylectomy in 17 patients")
    assert found == {"TES"}


def test_an_experiment_goes_on_about_its_own_operation_and_levels() -> None:
    text = "In rabbits kyphoplasty was done at L2. Spinal cord function was not damaged in the rabbits."
    found = _claims(text, "DISCUSSION", "Sacrectomy in 20 patients with chordoma")
    last = found[-1]
    assert last.basis == "animal"
    assert _slot(last, "procedures") == {"kyphoplasty"}
    assert _slot(last, "levels") == {"L2"}


def test_a_cadaver_study_s_results_are_of_its_title() -> None:
    title = "Vertebroplasty in human cadaver spines"
    text = "Vertebral height was restored in 9 of 12 specimens."
    assert _last(text, "procedures", title=title) == {"vertebroplasty"}


def test_a_single_case_s_levels_are_those_of_its_lesion() -> None:
    title = "Sacrectomy-free resection of a cervical chordoma: a case report"
    text = "A 44-year-old woman had a tumour at C3 and C4. She remained free of pain at 2 years."
    assert _last(text, "levels", "CASE", title) == {"C3", "C4"}


def test_a_region_goes_where_its_vertebrae_are_named() -> None:
    text = "Corpectomy of L2 in the lumbar spine caused bleeding in 3 patients."
    assert _last(text, "levels") == {"L2"}


@pytest.mark.parametrize(
    ("text", "facet", "expected"),
    [
        ("tumours of the lumbosacral plexus", "levels", set()),
        ("ligation of the lumbar arteries", "levels", set()),
        ("a lumbar puncture", "levels", set()),
        ("the mobile spine (C1-L5)", "levels", set()),
        (
            "a construct from T10 to S1",
            "levels",
            {*("T10", "T11", "T12", "L1", "L2"), *("L3", "L4", "L5", "S1")},
        ),
        ("between C3 and C7", "levels", {"C3", "C4", "C5", "C6", "C7"}),
        ("giant cell tumours of the spine", "tumours", {"giant_cell_tumour"}),
        ("metastatic disease of the cervical spine", "tumours", {"spinal_metastasis"}),
        ("metastatic upper lumbar spine lesions", "tumours", {"spinal_metastasis"}),
        ("a C2 metastatic tumour", "tumours", {"spinal_metastasis"}),
        ("metastatic disease and spine surgery", "tumours", {"metastasis"}),
        ("vertebral breast cancer metastases", "tumours", {"spinal_metastasis"}),
        ("an anterior prosthesis with screw fixation", "approaches", set()),
        ("lung and liver metastases", "sites", set()),
        ("lung (9%) metastases", "sites", set()),
        ("metastases of lung cancer", "sites", {"lung"}),
        ("two fractions of 8 Gy", "procedures", {"radiotherapy"}),
        ("a mini-open approach", "procedures", set()),
        ("resection of the posterior element and fusion", "approaches", set()),
        ("anterior and posterior spinal column stabilization", "approaches", set()),
        ("a posterior cervical fusion", "approaches", {"posterior"}),
    ],
)
def test_names_and_what_only_looks_like_them(text: str, facet: str, expected: set[str]) -> None:
    assert {each.concept for each in match(text) if each.facet == facet} == expected


def test_a_document_s_abbreviations_keep_their_whole_meaning() -> None:
    long = {"MISS": "minimal invasive spine surgery", "LCSM": "lung cancer spinal metastases"}
    found = {each.concept for each in match("MISS was done for LCSM.", long)}
    assert "minimally_invasive_surgery" in found
    assert "surgery" not in found
    assert {"lung", "spinal_metastasis"} <= found


def test_a_conclusion_on_the_study_s_own_results_is_of_its_title() -> None:
    title = "Kyphoplasty for thoracic fractures in myeloma"
    (claim, *_) = _claims("Our results show that pain improves soon.", "CONCLUSIONS", title)
    assert _slot(claim, "procedures") == {"kyphoplasty"}
    assert _slot(claim, "levels") == {"thoracic"}
    for claim in _claims("Pain improves soon with rest.", "BACKGROUND", title):
        assert not _slot(claim, "levels")


@pytest.mark.parametrize(
    ("text", "facet", "expected"),
    [
        ("Adjuvant proton beam therapy was given.", "procedures", {"adjuvant_therapy"}),
        ("Neoadjuvant chemotherapy was given.", "procedures", {"adjuvant_therapy", "chemotherapy"}),
        ("Palliative radiotherapy was given.", "procedures", {"radiotherapy"}),
        (
            "Four recurrent sacral chordomas were irradiated.",
            "tumours",
            {"chordoma", "recurrent_spinal_tumour"},
        ),
        ("A recurrent infection of the schwannoma's bed.", "tumours", {"schwannoma"}),
        ("A non-metastatic osteosarcoma of the sacrum.", "tumours", {"osteosarcoma"}),
        ("Non-skeletal metastases were seen.", "tumours", {"metastasis"}),
        ("Metastatic bone disease was known.", "tumours", {"bone_metastasis"}),
        ("Malignant tumours of the spine were resected.", "tumours", {"vertebral_tumour"}),
        ("A chondroblastoma of the axis vertebra.", "levels", {"C2"}),
    ],
)
def test_an_adjective_adds_to_a_name_and_can_deny_it(
    text: str, facet: str, expected: set[str]
) -> None:
    found = {each.concept for each in match(text) if each.facet == facet}
    assert found >= expected if facet == "procedures" else found == expected


def test_a_title_s_results_of_surgery_are_of_surgery_and_its_disease_s_are_not() -> None:
    text = "The pain score fell from 7 to 3 points."
    for title in ("Pain after surgery for sacral chordoma", "Effect of surgery on chordoma pain"):
        assert _last(text, "procedures", title=title) == {"surgery"}
    assert not _last(text, "procedures", title="Surgical treatment of sacral chordoma")


def test_a_title_s_without_is_not_done() -> None:
    text = "The median survival was 14 months."
    title = "Corpectomy without embolization for thyroid metastases"
    assert _last(text, "procedures", title=title) == {"corpectomy"}
    title = "Corpectomy with or without radiotherapy for thyroid metastases"
    assert _last(text, "procedures", title=title) == {"corpectomy"}


def test_the_patients_of_a_series_had_what_its_title_names() -> None:
    title = "Cryoablation of spinal metastases"
    text = "Forty-two patients with 51 lesions were included."
    assert _last(text, "procedures", title=title) == {"cryoablation"}
    text = "Nineteen studies with 800 patients were reviewed."
    assert not _last(text, "procedures", title=title)


def test_a_title_s_wider_word_is_short_for_the_text_s_only_operation() -> None:
    title = "Total spondylectomy for thyroid metastases"
    lead = "Total en bloc spondylectomy (TES) was done by one team. TES took two stages. TES was planned."
    found = _claims("Local recurrence occurred in 2 of 14 patients.", title=title, lead=lead)
    assert _slot(found[-1], "procedures") == {"TES"}


def test_a_compression_that_may_happen_is_no_diagnosis() -> None:
    text = "Denosumab reduced the risk of spinal cord compression in patients with bone metastases."
    assert "MESCC" not in _last(text, "tumours")


def test_a_bone_metastasis_as_a_factor_leaves_the_title_s_disease() -> None:
    title = "Survival of patients with spinal metastases"
    text = "Bone metastases (hazard ratio 2.1) and male sex (1.4) predicted death."
    assert "spinal_metastasis" in _last(text, "tumours", title=title)


def test_an_abbreviation_of_two_operations_is_both() -> None:
    lead = "Partial corpectomy with instrumentation (PCI) was done in all. PCI took 4 h."
    found = _claims("PCI relieved pain in 12 of 15 patients.", lead=lead)
    assert _slot(found[-1], "procedures") == {"corpectomy", "stabilization"}


def test_a_title_s_salvage_and_earlier_treatment_are_not_what_is_told_of() -> None:
    text = "Rods broke in 4 of 31 patients."
    assert _last(text, "procedures", title="Rod fracture after sacrectomy and salvage surgery") == {
        "sacrectomy"
    }
    title = "Dexamethasone in spinal cord compression treated with radiotherapy"
    text = "Pain improved in 14 of 17 patients."
    assert _last(text, "procedures", title=title) == {"corticosteroids"}


def test_a_class_of_tumours_leaves_the_title_s_own() -> None:
    title = "Resection of spinal meningioma"
    found = _last("Survival was shorter in recurrent tumours.", "tumours", title=title)
    assert found == {"recurrent_spinal_tumour", "meningioma"}


def test_several_spinal_metastases_are_multiple_ones() -> None:
    found = {each.concept for each in match("Multiple thoracic metastases were treated.")}
    assert "multiple_vertebral_metastases" in found


def test_the_state_at_diagnosis_is_of_no_operation() -> None:
    title = "Cryoablation of spinal metastases"
    assert not _last("Half were paraplegic at initial diagnosis.", "procedures", title=title)


def test_results_of_those_who_were_operated_on_are_of_surgery() -> None:
    title = "Survival with epidural spread of thyroid cancer"
    lead = "A total of 61 patients who underwent surgery for cord compression were reviewed."
    found = _claims("The pain score fell from 7 to 3 points.", title=title, lead=lead)
    assert _slot(found[-1], "procedures") == {"surgery"}
    for text in (
        "The nomogram estimated survival with an AUC of 0.74.",
        "The primary tumour was in the thyroid in 40%.",
    ):
        found = _claims(text, title=title, lead=lead)
        assert not any(_slot(each, "procedures") for each in found if each.quote == text)
    lead = "A total of 61 patients with cord compression were reviewed; surgery was an exclusion."
    found = _claims("The pain score fell from 7 to 3 points.", title=title, lead=lead)
    assert not _slot(found[-1], "procedures")
