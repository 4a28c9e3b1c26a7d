"""What a statement denies of something else, behind what it tells."""

from __future__ import annotations

import pytest

from ingest.claims import extract
from ingest.document import segment
from ingest.model import Claim, Record
from ingest.text import compose


def _claims(text: str, label: str = "RESULTS") -> tuple[Claim, ...]:
    composed, sections = compose("Surgery of spinal metastases", [(label, text)])
    record = Record("made", "1", "test", "0" * 64, composed, sections=sections)
    return extract(segment(record))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Bracing is effective for pain relief but not for deformity.",
            [("pain", "affirmed", "better"), ("spinal_deformity", "negated", "no_difference")],
        ),
        (
            "Pain improved at 5 weeks, but not at 2 years.",
            [("pain", "affirmed", "better"), ("pain", "negated", "no_difference")],
        ),
        (
            "Kyphoplasty lowered pain but not mortality.",
            [("pain", "affirmed", "better"), ("mortality", "negated", "no_difference")],
        ),
        (
            "There were 7 recurrences in the first group, none in the irradiated.",
            [("local_recurrence", "affirmed", None), ("local_recurrence", "negated", "better")],
        ),
        (
            "Wound infection occurred in 4 smokers and none of the others.",
            [
                ("surgical_site_infection", "affirmed", "worse"),
                ("surgical_site_infection", "negated", "better"),
            ],
        ),
        ("Pain fell but not significantly.", [("pain", "affirmed", "no_difference")]),
        ("Of 20 smokers, none had a haematoma.", [("haematoma", "negated", "better")]),
        (
            "Laminectomy was performed in 23 patients with no deficits resulting.",
            [
                ("procedure_performed", "affirmed", None),
                ("neurological_deficit", "negated", "better"),
            ],
        ),
    ],
)
def test_what_is_spared_is_denied_apart(text: str, told: list[tuple[str, str, str | None]]) -> None:
    assert [(each.measure, each.assertion, each.direction) for each in _claims(text)] == told


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (
            "Sacrectomy is recommended for chordoma but not for metastases.",
            [("for", "recommended"), ("against", "not_recommended")],
        ),
        (
            "We recommend that a cage be used and long fusions be avoided.",
            [("for", "recommended"), ("against", "not_recommended")],
        ),
        (
            "Laminectomy may be offered early, but radiotherapy should be avoided.",
            [("for", "optional_may"), ("against", "not_recommended")],
        ),
        (
            "There is fair evidence to support the use of radiotherapy, but conflicting evidence for"
            " the use of kyphoplasty.",
            [("for", "recommended"), ("neutral", "undecided")],
        ),
        (
            "A cage is mandatory after corpectomy and we suggest not to use cement in vertebrectomy.",
            [("for", "mandatory"), ("against", "not_recommended")],
        ),
        ("Surgery should not be avoided in the old.", [("for", "recommended")]),
        (
            "There is insufficient evidence to recommend kyphoplasty.",
            [("neutral", "undecided")],
        ),
        (
            "Kyphoplasty reduces pain but is not routinely used.",
            [(None, None), ("against", "usual_practice")],
        ),
    ],
)
def test_each_half_of_an_advice_keeps_its_own_sense(
    text: str, advice: list[tuple[str | None, str | None]]
) -> None:
    assert [(each.polarity, each.strength) for each in _claims(text, "CONCLUSION")] == advice


def test_what_others_report_is_theirs_where_the_authors_contradict_it() -> None:
    found = _claims("As reported, sacral chordoma is not curable, but our experience differs.")
    assert [each.attribution for each in found] == ["cited"]


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("Fusion was reached with a cadaveric bone graft in all cases.", "patients"),
        ("The mean blood loss was 40 ml in cadaveric specimens.", "cadaver"),
    ],
)
def test_a_graft_from_the_dead_is_no_experiment_on_them(text: str, basis: str) -> None:
    assert {each.basis for each in _claims(text)} == {basis}


def test_the_margin_of_a_test_is_no_margin_of_a_resection() -> None:
    (found,) = _claims("The noninferiority margin of pain was met.")
    assert found.measure != "surgical_margin"


def test_a_deficit_before_surgery_is_no_result() -> None:
    assert not _claims("Before the operation the boy had a paraparesis.")


@pytest.mark.parametrize(
    ("text", "label", "told"),
    [
        # What is known, told in the present under results, is advice; what was done is not.
        (
            "Painless lesions may be treated by radiosurgery.",
            "RESULTS",
            [("indication", "optional_may")],
        ),
        ("A second vertebrectomy is unnecessary.", "RESULTS", [("indication", "not_recommended")]),
        ("Embolization was needed in half of the women.", "RESULTS", [("approach", None)]),
        (
            "The extent of the lesion determined the choice of a lateral approach.",
            "RESULTS",
            [("approach", "principle")],
        ),
        (
            "The first stage resulted in placement of screws and laminectomy of T6.",
            "RESULTS",
            [("approach", None)],
        ),
        (
            "If the vein is involved, it should be mobilised and the lesion resected.",
            "CONCLUSION",
            [("indication", "recommended")],
        ),
        (
            "Embolization seems an alternative not only for sacral lesions.",
            "CONCLUSION",
            [("indication", "accepted_option")],
        ),
        (
            "Laminectomy and hemilaminectomy were the most common operations.",
            "RESULTS",
            [("approach", None)],
        ),
        (
            "Oesophagitis is a rather common toxicity of radiosurgery.",
            "CONCLUSION",
            [("risk", None)],
        ),
        (
            "The functional score was better in patients without complications (25 vs 17).",
            "RESULTS",
            [("outcome", None)],
        ),
        (
            "In men who had a sacrectomy, bowel and bladder function was kept in 35%.",
            "RESULTS",
            [("outcome", None)],
        ),
        (
            "We conclude that while bracing is widely used, surgery has led to better control.",
            "CONCLUSION",
            [("approach", None), ("outcome", None)],
        ),
        (
            "Its prognosis is good if it is resected early and completely.",
            "CONCLUSION",
            [("outcome", None)],
        ),
    ],
)
def test_what_is_done_and_what_is_advised(
    text: str, label: str, told: list[tuple[str, str | None]]
) -> None:
    assert [(each.kind, each.strength) for each in _claims(text, label)] == told
