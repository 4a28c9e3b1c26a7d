"""Every concept carries examples; levels, abbreviations and spellings have their traps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.concepts.forms import surface_forms
from ingest.concepts.mentions import match
from ingest.language.abbreviations import find_abbreviations
from ingest.vocabulary import load_concepts
from ingest.vocabulary.levels import find_levels

CONCEPTS = load_concepts()
FILED = [each for each in CONCEPTS.values() if each.examples]


@pytest.mark.parametrize("concept", FILED, ids=lambda each: each.id)
def test_examples_and_counter_examples(concept: object) -> None:
    for text in concept.examples:  # type: ignore[attr-defined]
        assert concept.id in {each.concept for each in match(text)}, text  # type: ignore[attr-defined]
    for text in concept.counter_examples:  # type: ignore[attr-defined]
        assert concept.id not in {each.concept for each in match(text)}, text  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("at T1-T4", ["T1", "T2", "T3", "T4"]),
        ("between T1 and T3", ["T1", "T2", "T3"]),
        ("from T8 to T10. It", ["T10", "T8", "T9"]),
        ("between C3 and C5.", ["C3", "C4", "C5"]),
        ("at L4 and L5", ["L4", "L5"]),
        ("T10 to L1", ["L1", "T10", "T11", "T12"]),
        ("Th12 and D5", ["T12", "T5"]),
        ("above L4", ["above_L4"]),
        ("caudal to T5", ["caudal_to_T5"]),
        ("T1-weighted images", []),
        ("stage T2N0M0", []),
        ("S-1 chemotherapy", []),
        ("a T-saw", []),
        ("L5 (L4)", ["L4", "L5"]),
        ("an L-3 lesion and a C-2 fracture", ["C2", "L3"]),
        ("from T-11 to L-1", ["L1", "T11", "T12"]),
        ("L-5 to S-1", ["L5", "S1"]),
        ("the S-2 nerve root", ["S2"]),
        ("4 mmol L-1 and 7 pmol.L-1", []),
        ("S-1 was given", []),
        ("T-1 weighted images", []),
        ("C-14 and S-100", []),
        ("the fourth lumbar vertebra", ["L4"]),
        ("the 11th thoracic vertebral body", ["T11"]),
        ("the third lumbar puncture", []),
    ],
)
def test_levels(text: str, levels: list[str]) -> None:
    assert sorted({each.concept for each in find_levels(text)}) == levels


@pytest.mark.parametrize(
    "text",
    [
        "spinal metastases",
        "vertebral metastasis",
        "metastatic spine disease",
        "metastatic tumours of the spine",
    ],
)
def test_names_of_one_thing(text: str) -> None:
    assert "spinal_metastasis" in {each.concept for each in match(text)}


@pytest.mark.parametrize(
    "text",
    [
        "giant-cell tumors",
        "giant cell tumour",
        "haemangiomas",
        "hemangioma",
        "en-bloc excision",
        "preoperative embolisation",
    ],
)
def test_spelling_hyphen_and_plural(text: str) -> None:
    assert match(text), text


def test_abbreviations_of_the_document() -> None:
    assert find_abbreviations("a skeletal-related event (SRE) was seen") == {
        "SRE": "skeletal-related event"
    }
    assert find_abbreviations("the tumour (see Table 1)") == {}


def test_concepts_of_the_annotation_are_in_the_vocabulary(shared: Path) -> None:
    claims = json.loads((shared / "gold" / "claims.json").read_text(encoding="utf-8"))["claims"]
    for facet in ("procedures", "approaches", "primary_sites"):
        named = {each for claim in claims for each in claim["slots"][facet]} - {"other"}
        assert len(named & set(CONCEPTS)) / len(named) >= 0.95, (
            facet,
            sorted(named - set(CONCEPTS)),
        )


def test_an_abbreviation_of_the_document_stands_for_its_long_form() -> None:
    text = "Intraoperative blood loss (IBL) was high. The IBL fell after local recurrence (LR). LRs were few."
    found = {
        (text[each.start : each.end], each.concept)
        for each in match(text, find_abbreviations(text))
    }
    assert {("IBL", "blood_loss"), ("LR", "local_recurrence"), ("LRs", "local_recurrence")} <= found


def test_an_abbreviation_names_nothing_that_its_long_form_does_not() -> None:
    found = match("CDH was seen in nine.", {"CDH": "congenital diaphragmatic hernia"})
    assert "hernia" not in {each.concept for each in found}


def test_letters_for_what_was_not_done_name_nothing() -> None:
    text = "Patients with non-embolization (NE) bled more. The NE group had 9 patients."
    assert "NE" in find_abbreviations(text)
    found = [text[each.start : each.end] for each in match(text, find_abbreviations(text))]
    assert "NE" not in found


def test_an_abbreviation_may_stand_before_its_long_form() -> None:
    assert find_abbreviations("MSCC (metastatic spinal cord compression) is an emergency") == {
        "MSCC": "metastatic spinal cord compression"
    }


def test_another_meaning_of_the_letters_is_respected() -> None:
    text = "Transepidural electrical stimulation (TES) was used. TES was safe."
    assert "TES" not in {each.concept for each in match(text, find_abbreviations(text))}


@pytest.mark.parametrize(
    "text", ["giant\ncell tumour", "giant\u00a0cell tumour", "giant\u2011cell tumour"]
)
def test_a_line_end_or_a_hyphen_hides_no_name(text: str) -> None:
    assert "giant_cell_tumour" in {each.concept for each in match(text)}


def test_a_name_is_found_in_whole_words_alone() -> None:
    assert not match("The exlung and lungs2 were unlike prelungx.")


def test_mesh_ids_are_descriptor_ids_and_stand_once_a_facet() -> None:
    ids = [(each.facet, each.mesh) for each in CONCEPTS.values() if each.mesh]
    assert all(mesh.startswith("D") and mesh[1:].isdigit() for _, mesh in ids)
    assert len(set(ids)) == len(ids) >= 235


def test_a_name_stands_in_one_concept_of_its_facet() -> None:
    named: dict[tuple[str, str], set[str]] = {}
    for concept in CONCEPTS.values():
        for form in (*surface_forms(concept), *concept.abbreviations):
            named.setdefault((concept.facet, form), set()).add(concept.id)
    assert not {name: owners for name, owners in named.items() if len(owners) > 1}


def test_no_concept_is_its_own_ancestor() -> None:
    for concept in CONCEPTS.values():
        above, waiting = set(), list(concept.broader)
        while waiting:
            each = waiting.pop()
            if each not in above:
                above.add(each)
                waiting += CONCEPTS[each].broader
        assert concept.id not in above
