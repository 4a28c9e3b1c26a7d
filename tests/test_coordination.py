"""Names that share a part."""

from __future__ import annotations

import pytest

from ingest.concepts.mentions import match


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("radio- and chemotherapy", {"radiotherapy", "chemotherapy"}),
        ("immuno-/chemotherapy", {"immunotherapy", "chemotherapy"}),
        ("chemo- or radiotherapy", {"radiotherapy", "chemotherapy"}),
        ("radio- and fluoroscopy", set[str]()),
        (
            "posterior decompression and instrumentation",
            {"posterior_decompression", "posterior_stabilization"},
        ),
        ("posterior laminectomy and fusion surgery", {"laminectomy", "posterior_fusion"}),
        ("a posterior approach with stabilization", {"stabilization"}),
        ("anterior decompression and stabilization", {"decompression", "stabilization"}),
        ("the posterior column and fixation", {"stabilization"}),
    ],
)
def test_a_shared_part_belongs_to_both(text: str, expected: set[str]) -> None:
    assert {each.concept for each in match(text) if each.facet == "procedures"} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "overall and disease-free survival",
            {"overall_survival", "disease_free_survival"},
        ),
        (
            "overall (os), local recurrence-free and metastasis-free survival",
            {"overall_survival", "recurrence_free_survival", "metastasis_free_survival"},
        ),
        ("local and distant recurrence", {"local_recurrence", "distant_metastasis"}),
        ("the overall complication rate and survival", {"complications", "overall_survival"}),
        ("local pain and recurrence", {"pain", "local_recurrence"}),
    ],
)
def test_a_shared_end_belongs_to_every_measure(text: str, expected: set[str]) -> None:
    assert {each.concept for each in match(text) if each.facet == "measures"} == expected
