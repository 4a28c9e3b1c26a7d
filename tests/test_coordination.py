"""Names that share a part."""

from __future__ import annotations

import pytest

from ingest.mentions import match


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
