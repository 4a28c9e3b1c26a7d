"""Case reports, technical notes and small series: what was done, found and advised, told in words."""

from __future__ import annotations

import pytest

from ingest.claims import extract
from ingest.document import segment
from ingest.model import Claim, Record
from ingest.text import compose

TITLE = "Removal of a thoracic chondrosarcoma: case report"


def _claims(label: str, text: str) -> tuple[Claim, ...]:
    stored, sections = compose(TITLE, [(label, text)])
    return extract(
        segment(Record("test", "x", "1", "0" * 64, stored, title=TITLE, sections=sections))
    )


STEPS = [
    "The first stage comprised fixation from T2 to T9 and a laminectomy of three levels.",
    "In the second sitting a thoracotomy was done and the specimen was delivered in one piece.",
    "The operation, done under neuromonitoring, involved hemilaminectomy and debulking of the mass.",
    "The procedure began with posterior instrumentation.",
    "The segmental vessels were clipped and the discs above and below were cut.",
    "The pleura was gently freed from the rib heads.",
    "The dura was opened to the left of the midline.",
    "The lesion was subtotally resected, as it clung to the cord.",
    "Adjuvant proton therapy was given.",
]


@pytest.mark.parametrize("text", STEPS)
def test_steps_of_an_operation_are_an_approach(text: str) -> None:
    assert "approach" in {each.kind for each in _claims("CASE PRESENTATION", text)}


NO_STEPS = [
    "The second operation was uneventful.",
    "The lesions were divided into four types.",
    "The specimens were cut into slides and stained.",
    "The patients were divided into two groups.",
]


@pytest.mark.parametrize("text", NO_STEPS)
def test_what_is_no_step_is_no_approach(text: str) -> None:
    assert "approach" not in {each.kind for each in _claims("RESULTS", text)}


ADVICE = [
    ("We advocate the retropleural route as the gold standard for such tumours.", "recommended"),
    ("The lateral approach is the treatment of choice for paravertebral tumours.", "recommended"),
    ("A transoral approach may be required for chordoma of C2.", "optional_may"),
    ("Sternotomy may be needed for tumours below T3.", "optional_may"),
    ("Excision is the main treatment because these tumours are benign.", "recommended"),
    ("Vertebrectomy is an acceptable operation for a single metastasis.", "accepted_option"),
    ("Staging of the whole neuraxis is critical before anything is done.", "mandatory"),
    ("Lifelong follow-up is necessary because the tumour recurs late.", "mandatory"),
    ("Treatment should aim at complete removal.", "recommended"),
    ("Irradiation is reserved for residual tumour.", "limited"),
    ("Irradiation is indicated in patients for whom surgery is contraindicated.", "indicated"),
    ("Kyphoplasty is an option in patients who are unable to undergo surgery.", "accepted_option"),
]


@pytest.mark.parametrize(("text", "strength"), ADVICE)
def test_advice_is_an_indication_with_its_strength(text: str, strength: str) -> None:
    (claim,) = [each for each in _claims("CONCLUSIONS", text) if each.kind == "indication"]
    assert (claim.strength, claim.polarity) == (strength, "for")


def test_needless_treatment_is_advised_against() -> None:
    text = "Ependymomas can be removed completely and, once they are out, no irradiation is needed."
    advised = [each for each in _claims("CONCLUSIONS", text) if each.kind == "indication"]
    assert [(each.polarity, each.strength) for each in advised] == [("against", "not_recommended")]


NO_ADVICE = [
    "Further cases should be collected.",
    "These findings should be interpreted with caution.",
    "Residents believed that follow-up should be mandatory.",
    "It is unknown whether irradiation should follow.",
    "Longer follow-up is needed to judge the results.",
    "More data are needed on these promising drugs.",
]


@pytest.mark.parametrize("text", NO_ADVICE)
def test_what_is_not_advised_is_no_indication(text: str) -> None:
    assert not [each for each in _claims("CONCLUSIONS", text) if each.kind == "indication"]


NOTHING = [
    "The aim was to review the technique and the complications of lateral corpectomy.",
    "The history of spondylectomy and its complications are reviewed and discussed.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_the_article_deals_with_is_no_finding(text: str) -> None:
    assert not _claims("", text)


def test_what_is_acceptable_is_told_apart_from_what_did_not_occur() -> None:
    text = "Vertebrectomy achieves good control without major complications and is an acceptable operation."
    kinds = [(each.kind, each.assertion) for each in _claims("CONCLUSIONS", text)]
    assert ("outcome", "negated") in kinds
    assert ("indication", "affirmed") in kinds


COURSE = [
    ("The boy could run again after four months.", "affirmed", None),
    ("She has remained asymptomatic for seven years.", "affirmed", None),
    ("He made an uneventful recovery.", "affirmed", "better"),
    ("The hemiparesis resolved within ten days.", "affirmed", "better"),
    ("Follow-up MRI confirmed the absence of recurrence.", "negated", "better"),
    ("At the two-year visit no regrowth of the tumour was identified on MRI.", "negated", "better"),
    ("Excellent long-term results were obtained with wide excision.", "affirmed", None),
    ("Spondylectomy is safe and effective.", "affirmed", None),
    ("The prognosis after subtotal removal is dismal.", "affirmed", None),
    ("Endoscopic removal reduces blood loss and wound complications.", "affirmed", "better"),
]


@pytest.mark.parametrize(("text", "assertion", "direction"), COURSE)
def test_a_course_in_words_is_an_outcome(text: str, assertion: str, direction: str | None) -> None:
    claim = _claims("RESULTS", text)[0]
    assert (claim.kind, claim.assertion) == ("outcome", assertion)
    assert direction in {None, claim.direction}


HAZARDS = [
    ("Two operations were converted to an open thoracotomy.", "risk", "affirmed"),
    ("No conversion to an open procedure was needed.", "outcome", "negated"),
    ("One patient had a dural tear that did not require repair.", "risk", "affirmed"),
    ("Ependymomas may seed along the cord.", "risk", "hedged"),
    ("Gliomas infiltrate the cord and removal is often incomplete.", "risk", "affirmed"),
]


@pytest.mark.parametrize(("text", "kind", "assertion"), HAZARDS)
def test_hazards_told_by_what_was_done_or_may_come(text: str, kind: str, assertion: str) -> None:
    claim = _claims("RESULTS", text)[0]
    assert (claim.kind, claim.assertion) == (kind, assertion)


def test_what_is_possible_by_a_route_is_an_approach() -> None:
    text = (
        "Removal and reconstruction can be accomplished in one stage through a posterior approach."
    )
    assert [each.kind for each in _claims("CONCLUSIONS", text)] == ["approach"]


def test_what_was_done_stands_apart_from_what_came_of_it() -> None:
    text = "She underwent removal of the T6 mass, following which she could walk again."
    assert [each.kind for each in _claims("CASE PRESENTATION", text)] == ["approach", "outcome"]
    text = "Endoscopic resection was performed, with improvement of the myelopathy."
    assert [each.kind for each in _claims("CASE PRESENTATION", text)] == ["approach", "outcome"]


def test_a_finding_is_not_denied_by_what_did_not_follow() -> None:
    text = "Cement leakage was seen in five levels, with no neurological deficit."
    found = [(each.kind, each.assertion) for each in _claims("RESULTS", text)]
    assert found == [("risk", "affirmed"), ("outcome", "negated")]


def test_what_was_aimed_at_is_no_result() -> None:
    text = "In order to gain a wide margin, a thoracotomy and a laminectomy were done in turn."
    assert [each.kind for each in _claims("CASE PRESENTATION", text)] == ["approach"]


@pytest.mark.parametrize("label", ["METHODS", "RESULTS"])
def test_patients_included_are_background_with_their_number(label: str) -> None:
    (claim,) = _claims(label, "Nineteen children with an ependymoma were enrolled.")
    assert (claim.kind, claim.subkind) == ("outcome", "background")
    assert [each.numerator for each in claim.measurements] == [19]


MORE = [
    ("CONCLUSIONS", "We strongly advocate lifelong surveillance.", "indication"),
    ("CONCLUSIONS", "Optimal management requires a multidisciplinary team.", "indication"),
    ("BACKGROUND", "Vertebrectomy is considered when a single level is affected.", "indication"),
    ("RESULTS", "At the last visit she has no pain or functional limitation.", "outcome"),
    ("RESULTS", "Only one boy required adjuvant radiotherapy.", "approach"),
    ("RESULTS", "The quality of life is good in four of the five survivors.", "outcome"),
    ("CASE REPORT", "A fibular graft was implanted and secured with a plate.", "approach"),
    ("RESULTS", "Postoperative recovery was complicated by pneumonia.", "risk"),
    ("RESULTS", "Wound breakdown necessitated a flap.", "risk"),
    ("RESULTS", "Intraoperative blood loss was minimal.", "outcome"),
    ("RESULTS", "She tolerated the procedure well.", "outcome"),
    ("RESULTS", "Radiosurgery was started for the residual tumour.", "approach"),
    ("RESULTS", "Endoscopic surgery accomplished a total resection in both patients.", "outcome"),
    ("DISCUSSION", "Excision alone is curative in most cases.", "outcome"),
    ("DISCUSSION", "Spinal lipomas are treated surgically when they cause symptoms.", "indication"),
    ("DISCUSSION", "The route obviates the need for a sternotomy.", "outcome"),
    ("BACKGROUND", "Extensive resections can be fraught with wound breakdown.", "risk"),
]


@pytest.mark.parametrize(("label", "text", "kind"), MORE)
def test_kinds_of_statements_in_words(label: str, text: str, kind: str) -> None:
    assert [each.kind for each in _claims(label, text)] == [kind]


def test_a_finding_stands_apart_from_what_is_not_agreed_on() -> None:
    text = "There is no consensus on adjuvants; however, excision improves survival."
    assert [each.kind for each in _claims("CONCLUSIONS", text)] == ["outcome"]


def test_what_was_offered_is_no_result() -> None:
    assert not _claims("RESULTS", "Radiosurgery was offered for the residual tumour.")


def test_refused_treatment_is_no_decline() -> None:
    (claim,) = _claims("RESULTS", "The family declined treatment and the girl died in June.")
    assert claim.direction != "better"


def test_no_recurrence_is_good() -> None:
    (claim,) = _claims("RESULTS", "After five years there was no recurrence.")
    assert (claim.assertion, claim.direction) == ("negated", "better")


HALVES = [
    "The child remains neurologically intact at four years without evidence of recurrence.",
    "All symptoms had resolved at one year and no evidence of recurrence on MRI.",
    "The patient was asymptomatic with no recurrence on MRI at two years.",
]


@pytest.mark.parametrize("text", HALVES)
def test_what_went_well_stands_apart_from_what_did_not_come(text: str) -> None:
    found = [(each.kind, each.assertion) for each in _claims("RESULTS", text)]
    assert found == [("outcome", "affirmed"), ("outcome", "negated")]


def test_two_that_clauses_are_two_statements() -> None:
    text = (
        "The results show that spondylectomy improved gait and that it is an effective treatment."
    )
    assert [each.kind for each in _claims("CONCLUSIONS", text)] == ["outcome", "indication"]


WORDS = [
    ("RESULTS", "The kyphotic deformity was corrected.", "outcome"),
    ("RESULTS", "However, she had persistent pain in the back.", "outcome"),
    ("DISCUSSION", "A small sample can lead to misdiagnosis.", "risk"),
]


@pytest.mark.parametrize(("label", "text", "kind"), WORDS)
def test_words_for_what_remained_or_may_go_wrong(label: str, text: str, kind: str) -> None:
    assert [each.kind for each in _claims(label, text)] == [kind]


def test_no_difference_is_told_of_what_has_no_name() -> None:
    text = "There were no statistical differences in callus volume between the arms."
    assert [each.kind for each in _claims("RESULTS", text)] == ["outcome"]


def test_what_kind_of_study_it_was_is_no_finding() -> None:
    text = "This was a planned analysis of a trial of radiosurgery versus radiotherapy for pain."
    assert not _claims("BACKGROUND", text)


@pytest.mark.parametrize("heading", ["METHODS", "RESULTS"])
def test_of_what_a_series_was_made_up_is_found_under_any_heading(heading: str) -> None:
    text = "The tumours were schwannoma (9 cases), lipoma (6) and meningioma (4)."
    claims = _claims(heading, text)
    assert [each.kind for each in claims] == ["outcome"] * 3
    assert [each.measurements[0].value for each in claims] == [9, 6, 4]


def _told(title: str, text: str) -> tuple[Claim, ...]:
    stored, sections = compose(title, [("CASE REPORTS", text)])
    record = Record("test", "x", "1", "0" * 64, stored, title=title, sections=sections)
    return extract(segment(record))


def test_one_of_several_is_told_by_his_age_and_counts_as_one() -> None:
    title = "Chordoma of the sacrum: report of two cases"
    first = (
        "A 44-year-old woman underwent sacrectomy. Blood loss was 800 mL and she needed two units."
    )
    second = "A 51-year-old man underwent curettage. The tumor recurred 14 months after surgery."
    numbers = [one for each in _told(title, f"{first} {second}") for one in each.measurements]
    assert {each.n for each in numbers if each.measure != "age"} == {1}


def test_those_of_the_literature_leave_a_case_report_one_of_one_patient() -> None:
    title = "Haematoma after removal of a schwannoma: case report"
    own = "A 48-year-old man lost the use of his legs. Motor function improved over six weeks."
    others = "Twelve cases have been reported. Only four of the twelve patients walked again."
    found = _told(title, f"{own} {others}")
    assert [each.attribution for each in found if each.measure == "ambulation"] == ["cited"]
    assert {each.basis for each in found if each.attribution == "own"} == {"patients"}


def test_a_patient_who_is_only_the_first_counts_as_one() -> None:
    title = "Intradural metastases: report of two cases"
    text = (
        "The first, a 63-year-old man, had pain in both legs. A two-level laminectomy was made and the mass excised; "
        "blood loss was 450 mL. The second patient, a 57-year-old woman, declined surgery."
    )
    lost = [
        one.n
        for each in _told(title, text)
        for one in each.measurements
        if one.measure == "blood_loss"
    ]
    assert lost == [1]


def test_a_step_of_the_operation_was_seen_in_the_patient() -> None:
    text = "A 49-year-old man had a chordoma of T5. The roots of T4 to T6 were ligated bilaterally."
    steps = [each for each in _told("Chordoma of T5: case report", text) if each.kind == "approach"]
    assert {each.basis for each in steps} == {"patients"}


def test_one_patient_is_one_whatever_her_trade_and_whatever_others_published() -> None:
    title = "Corpectomy for haemangioendothelioma: case report"
    text = (
        "A 41-year-old teacher presented with thoracic pain. Blood loss was 900 ml."
        " Relapse came late in three of the seven published patients."
    )
    numbers = [one for each in _told(title, text) for one in each.measurements]
    assert [each.n for each in numbers if each.measure == "blood_loss"] == [1]
