"""Study designs and group sizes, told by title and text where publication types are silent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ingest
from ingest.design import describe
from ingest.document import segment
from ingest.model import Design, Record
from ingest.text import compose
from ingest.yamlfile import load_yaml

INGEST = Path(ingest.__file__).parent


def _design(title: str, text: str, label: str = "", types: tuple[str, ...] = ()) -> Design:
    stored, sections = compose(title, [(label, text)])
    record = Record(
        "test", "x", "1", "0" * 64, stored, title=title, sections=sections, publication_types=types
    )
    return describe(segment(record))


@pytest.mark.parametrize(
    ("title", "text", "design", "level"),
    [
        (
            "Surgery or irradiation for cord compression: a randomised trial",
            "We randomly assigned patients to two arms.",
            "randomised_trial",
            2,
        ),
        (
            "Removal of angiomas of the spine",
            "This is a study on 19 patients who underwent excision. Features of their clinical presentation are discussed.",
            "case_series",
            4,
        ),
        (
            "Ablation of osteoid osteoma of the spine",
            "A total of 44 patients (30 men and 14 women, mean age 25 years) underwent ablation.",
            "case_series",
            4,
        ),
        (
            "Ependymoma of the conus",
            "The charts of all operated cases of conus ependymoma were reviewed.",
            "case_series",
            4,
        ),
        (
            "Long survival after surgical management of sacral metastases",
            "We retrospectively analysed all patients who had been operated on.",
            "case_series",
            4,
        ),
        (
            "Angiomas of the sacrum",
            "All radiological records were reviewed retrospectively.",
            "case_series",
            4,
        ),
        (
            "Sarcoma of the sacrum in children",
            "Data were drawn from the Surveillance, Epidemiology, and End Results programme.",
            "cohort",
            3,
        ),
        (
            "Cages or struts",
            "We randomised patients with a collapsed vertebra to cages or struts.",
            "randomised_trial",
            2,
        ),
        (
            "Regression of a sacral angioma",
            "In this case a young man came with a mass. It was removed.",
            "case_report",
            4,
        ),
        (
            "Radiosurgery after decompression: a systematic review and meta-analysis",
            "Ten studies were included.",
            "meta_analysis",
            1,
        ),
        (
            "Giant cell tumour of L3: a case report",
            "A 20-year-old woman had back pain.",
            "case_report",
            4,
        ),
        (
            "Spondylectomy for chondrosarcoma and review of the literature",
            "Our patient was treated by spondylectomy.",
            "case_report",
            4,
        ),
        (
            "Sacral chordoma: a retrospective review of 29 cases",
            "Recurrence was seen in seven patients.",
            "case_series",
            4,
        ),
        (
            "Five cases of axis tumours and a review of the literature",
            "Five patients were treated.",
            "case_series",
            4,
        ),
        (
            "Fixation with and without decompression",
            "Two groups were compared with propensity matching.",
            "cohort",
            3,
        ),
        (
            "Current concepts in spinal metastases",
            "This article summarises the treatment.",
            "review",
            5,
        ),
        (
            "Load sharing after spondylectomy",
            "A finite-element model of the lumbar spine was built.",
            "experiment",
            5,
        ),
        (
            "Frailty and depression: a Mendelian randomization study",
            "Genes were compared.",
            "not_stated",
            None,
        ),
    ],
)
def test_design(title: str, text: str, design: str, level: int | None) -> None:
    found = _design(title, text)
    assert (found.design, found.level) == (design, level)


def test_publication_types_outrank_words() -> None:
    assert (
        _design("Surgery: a case report", "Text.", types=("Meta-Analysis",)).design
        == "meta_analysis"
    )


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (
            "Of 604 patients who underwent stabilization, 237 patients were eligible for analysis.",
            237,
        ),
        ("Thus, 123 patients were assessed for eligibility and 101 were randomised.", 101),
        (
            "A study of 1,035 patients with spinal tumours identified 134 patients who had undergone resection.",
            134,
        ),
        ("A total of 161 patients were reviewed. In all, 36 patients were included.", 36),
        ("Patients who were treated between 01/2012 and 03/2019 were included.", None),
        ("We treated 22 patients with myeloma.", 22),
        ("Nine cases were found, two with pain. Three patients were treated with a brace.", 9),
        ("We compared 31 patients who had a laminectomy with 24 who had a corpectomy.", 55),
        ("Patients received a corpectomy (n = 31) or radiotherapy alone (n = 24).", 55),
        ("We saw 60 patients. They had a corpectomy (n = 31) or radiotherapy (n = 24).", 60),
        ("Thirty-five patients were treated by corpectomy and 20 by laminectomy.", 55),
        ("There were 35 patients in the cement group and 20 in the control group.", 55),
        ("Thirty-five patients underwent corpectomy and 20 were irradiated later.", 35),
        ("Seven patients (four men) with a mean age of 39 years were operated on.", 7),
    ],
)
def test_group_size(text: str, size: int | None) -> None:
    assert _design("Spinal tumours", text, "METHODS").n_patients == size


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Follow-up ranged from 6 to 90 months (mean 41.5 months).", "41.5 months)"),
        ("With a median follow-up of 11 months the rate of relapse was 4%.", "11 months"),
        ("The median follow-up was 4.4 years.", "4.4 years"),
        ("The mean follow-up was 3.5 years (range, 1.5-9 years), and none was lost.", "9 years)"),
    ],
)
def test_follow_up_is_told_to_its_end(text: str, told: str) -> None:
    found = _design("Spinal tumours", text, "RESULTS").follow_up
    assert found is not None
    assert found.endswith(told)


def test_a_title_tells_the_size_of_its_series() -> None:
    found = _design(
        "Spondylectomy of the lumbar spine: a consecutive series of 14 cases",
        "Total spondylectomy was achieved in 5 cases.",
        "RESULTS",
    )
    assert found.n_patients == 14


def test_what_others_reported_is_not_the_group() -> None:
    text = "A 44-year-old man had a neurinoma. In the literature, 16 cases have been reported."
    assert _design("Neurinoma of the axis: a case report", text).n_patients == 1


def test_a_trial_that_randomized_patients_is_one() -> None:
    text = "This double-blind trial randomized 64 patients to intrathecal morphine or saline."
    assert _design("Morphine after spinal surgery", text, "METHODS").design == "randomised_trial"


def test_those_of_one_finding_are_not_the_group() -> None:
    text = "All patients were irradiated. Fractures came in 8 of 29 patients who had received more."
    found = _design("Chordoma of the spine in 51 adults", text, "RESULTS")
    assert found.n_patients == 51


def test_the_whole_trial_counts_and_not_one_arm() -> None:
    text = (
        "Participants (N = 44) were planned for laminectomy and randomly assigned to embolization"
        " (n = 23) or a control group (n = 21)."
    )
    assert _design("Spinal metastases", text, "METHODS").n_patients == 44


@pytest.mark.parametrize(
    "example",
    load_yaml(INGEST / "cues" / "field.yml")["examples"],
    ids=lambda each: each["title"],
)
def test_an_article_is_of_the_field_by_its_title_or_opening(example: dict[str, Any]) -> None:
    design = _design(example["title"], example.get("text", "Nothing else is told."))
    assert design.spinal_tumour is example["field"]


def test_the_kind_of_a_review_is_told_by_its_title() -> None:
    found = _design("Sarcoma of the sacrum: a systematic review", "Nine papers.", "", ("Review",))
    assert (found.design, found.level) == ("systematic_review", 1)


def test_a_trial_is_no_series_for_its_general_title() -> None:
    found = _design("Results of irradiation of the spine", "This phase 2 trial had one arm.")
    assert found.design == "clinical_trial"


def test_a_part_told_with_its_percent_is_not_the_group_studied() -> None:
    text = (
        "Failure was recorded in 27 cases (16.3%). Of the 27 patients, 12 underwent revision and "
        "six died."
    )
    assert _design("Corpectomy for spinal metastases", text, "RESULTS").n_patients is None


def test_the_patients_of_two_sets_of_papers_are_no_one_number() -> None:
    text = (
        "We pooled data of 20 articles on surgery (900 patients) and 6 on radiation (400 patients)."
    )
    assert _design("Surgery or radiation: a systematic review", text, "RESULTS").n_patients is None


def test_how_a_table_moves_and_how_a_test_was_weighed_make_no_experiment() -> None:
    text = "We treated 30 women on a couch that was moved in six degrees of freedom. More of them stood (chi-square 4.2, degrees of freedom = 1)."
    found = _design("Irradiation of the spine", text, "METHODS")
    assert found.design != "experiment"
    assert found.n_patients == 30


def test_cases_that_were_operated_on_are_a_series() -> None:
    text = "Between 2004 and 2008, 14 cases of sarcoma of the spine underwent one-stage corpectomy."
    found = _design("Corpectomy for sarcoma of the spine", text, "METHODS")
    assert (found.design, found.n_patients) == ("case_series", 14)


@pytest.mark.parametrize(
    ("stated", "design"),
    [
        ("Meta-analysis.", "meta_analysis"),
        ("A systematic review of the literature.", "systematic_review"),
        ("Systematic review and meta-analysis.", "meta_analysis"),
        ("Technical note.", "technique"),
        ("A biomechanical study.", "experiment"),
        ("An in vitro cadaveric study.", "experiment"),
        ("Expert consensus.", "guideline"),
        ("Literature review.", "review"),
        ("Retrospective cohort study.", "cohort"),
    ],
)
def test_a_design_is_stated_in_a_word(stated: str, design: str) -> None:
    assert _design("Tumours of the spine", stated, "STUDY DESIGN").design == design
