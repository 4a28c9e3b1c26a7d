"""What an article is about: its title's concepts, else what its text names most."""

from __future__ import annotations

import pytest

from ingest.claims import extract
from ingest.concepts.mentions import match
from ingest.document import segment
from ingest.model import Claim, Record
from ingest.text import compose


def _claims(title: str, *sections: tuple[str, str]) -> tuple[Claim, ...]:
    stored, parts = compose(title, list(sections))
    record = Record("test", "x", "1", "0" * 64, stored, title=title, sections=parts)
    return extract(segment(record))


def _slot(claim: Claim, facet: str) -> set[str]:
    return {each.concept for each in claim.mentions if each.facet == facet}


def _last(title: str, *sections: tuple[str, str], facet: str = "procedures") -> set[str]:
    return _slot(_claims(title, *sections)[-1], facet)


def test_what_a_title_weighs_its_operation_against_is_not_handed_on() -> None:
    found = ("RESULTS", "The median survival was 14 months.")
    title = "Corpectomy versus radiotherapy for myeloma of the spine"
    assert _last(title, found) == {"corpectomy"}
    assert _last("Corpectomy and radiotherapy for myeloma", found) == {"corpectomy", "radiotherapy"}


def test_two_kinds_of_one_treatment_hand_on_what_they_share() -> None:
    title = "Stereotactic radiosurgery versus radiotherapy for vertebral metastases"
    assert "stereotactic_radiosurgery" in _last(
        title, ("RESULTS", "Pain was relieved in 9 patients.")
    )


def test_an_adjunct_named_often_is_not_the_topic() -> None:
    text = (
        "Embolization was used in some patients. Embolization took one day. "
        "Embolization was repeated. Embolization failed twice."
    )
    sections = (("METHODS", text), ("RESULTS", "Six patients had a recurrence."))
    assert _last("Chordoma of the sacrum", *sections) == set()


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("All patients were treated.", {"spinal_metastasis"}),
        ("Lymphoma and myeloma were seen too, and lymphoma more.", set[str]()),
    ],
)
def test_the_tumour_named_again_and_again_is_the_topic_of_a_title_without_one(
    other: str, expected: set[str]
) -> None:
    text = (
        "Spinal metastases are common. Patients with spinal metastases were included. "
        f"Spinal metastases were graded. {other}"
    )
    sections = (("METHODS", text), ("RESULTS", "The median survival was 9 months."))
    assert _last("Treatment in potentially unstable spines", *sections, facet="tumours") == expected


def test_a_part_named_beside_the_rest_of_the_spine_is_not_where_all_tumours_lay() -> None:
    found = ("RESULTS", "The median survival was 9 years.")
    assert _last("Chordoma of the mobile spine and sacrum", found, facet="levels") == set()
    assert _last("Chordoma of the sacrum", found, facet="levels") == {"sacral"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Metastatic renal cell carcinoma of the spine", "spinal_metastasis"),
        ("Metastatic breast cancer of the lumbar spine", "spinal_metastasis"),
        ("Spinal and limb metastases", "spinal_metastasis"),
        ("A spinal osteolytic metastasis", "spinal_metastasis"),
        ("Metastatic renal cell carcinoma of the lung", "metastasis"),
        ("Spinal cord compression by a neuroblastoma", "neuroblastoma"),
        ("Spinal cord compression", "MESCC"),
        ("Hemilaminectomy", "hemilaminectomy"),
        ("Laminoplasty", "laminoplasty"),
        ("Laminectomy", "laminectomy"),
        ("Vertebral augmentation", "cement_augmentation"),
        ("Carbon ion radiation therapy", "particle_therapy"),
    ],
)
def test_a_name_is_read_as_what_it_means(text: str, expected: str) -> None:
    facets = {"tumours", "procedures"}
    assert {each.concept for each in match(text) if each.facet in facets} == {expected}


def test_the_growth_that_metastases_came_from_is_no_tumour_of_the_spine() -> None:
    title = "Survival after surgery for spinal metastases"
    text = "Survival depended on the primary malignancy (p = 0.01)."
    assert "primary_malignant" not in _last(title, ("RESULTS", text), facet="tumours")
    text = "Local recurrence was seen in 4 patients with primary malignancy."
    assert "primary_malignant" in _last("Sacrectomy", ("RESULTS", text), facet="tumours")


def test_a_factor_does_not_take_the_site_that_is_another_factor() -> None:
    text = (
        "Lung cancer (HR 3.1, p = 0.001) was associated with worse survival, whereas "
        "chemotherapy (HR 0.5, p = 0.02) was associated with better survival."
    )
    claims = _claims("Surgery for spinal metastases", ("RESULTS", text))
    later = [each for each in claims if "chemotherapy" in _slot(each, "procedures")]
    assert later
    assert "lung" not in _slot(later[-1], "sites")
