"""Claims say what their sentences say: of whom, which way, how surely, as a result or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.claims import extract
from ingest.document import segment
from ingest.model import Claim, Record
from ingest.text import compose
from ingest.yamlfile import load_yaml

CASES: list[dict[str, Any]] = load_yaml(Path(__file__).parent / "meanings.yml")


def _claims(text: str, label: str) -> tuple[Claim, ...]:
    stored, sections = compose(None, [(label, text)])
    return extract(segment(Record("test", "x", "1", "0" * 64, stored, sections=sections)))


def _focus(claim: Claim) -> str | None:
    if claim.focus_start is None or claim.focus_end is None:
        return None
    return claim.quote[claim.focus_start - claim.start : claim.focus_end - claim.start]


def _shown(claim: Claim, wanted: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "numbers": [each.measure for each in claim.measurements],
        "times": [each.time_text for each in claim.measurements],
        "units": [each.unit for each in claim.measurements],
        "focus": _focus(claim),
        "n": claim.measurements[0].n if claim.measurements else None,
        "tumours": [each.concept for each in claim.mentions if each.facet == "tumours"],
    }
    return {name: told[name] if name in told else getattr(claim, name) for name in wanted}


@pytest.mark.parametrize("case", CASES, ids=lambda each: each["idea"])
def test_claims_say_what_their_sentence_says(case: dict[str, Any]) -> None:
    found = _claims(case["text"], case.get("section", "RESULTS"))
    assert [
        _shown(claim, wanted) for claim, wanted in zip(found, case["claims"], strict=True)
    ] == case["claims"]
