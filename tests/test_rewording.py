"""The same told in other words: rewritings that change nothing of what is claimed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ingest.claims import extract
from ingest.document import segment
from ingest.model import Claim, Record
from ingest.text import compose
from ingest.yamlfile import load_yaml

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = [
    each for name in ("meanings", "groups", "times") for each in load_yaml(HERE / f"{name}.yml")
]
REWORDINGS: list[dict[str, Any]] = load_yaml(HERE / "rewordings.yml")
# A capital of a plain word; that of a name or of an abbreviation stays.
_BEGINS = re.compile(r"(?:The|There|No|All|Two|Three|Five|One|Of|In|Patients|A|An|At|After|Pain) ")


def reworded(text: str, rewording: dict[str, Any]) -> str:
    """Return a text as a rewording writes it: its first sentence led on, or its words exchanged."""
    if "lead" in rewording:
        begins = _BEGINS.match(text)
        return rewording["lead"] + text[0].lower() + text[1:] if begins else text
    for rule, words in rewording["rules"]:
        text = re.sub(rule, words, text)
    return text


def _claims(text: str, label: str) -> tuple[Claim, ...]:
    stored, sections = compose(None, [(label, text)])
    document = segment(Record("test", "x", "1", "0" * 64, stored, sections=sections))
    found = extract(document)
    assert all(each.quote == document.text[each.start : each.end] for each in found)
    return found


def told(claim: Claim) -> tuple[object, ...]:
    """Return what a claim tells, whatever its words are."""
    numbers = tuple(
        (each.measure, each.statistic, each.value, each.low, each.high, each.unit, each.numerator)
        for each in claim.measurements
    )
    groups = tuple(
        (each.denominator, each.percent, each.n, each.time_months) for each in claim.measurements
    )
    meant = claim.kind, claim.assertion, claim.temporality, claim.direction, claim.polarity
    return (*meant, claim.strength, claim.measure, claim.basis, numbers, groups)


@pytest.mark.parametrize("rewording", REWORDINGS, ids=lambda each: each["name"])
def test_other_words_for_the_same_claim_the_same(rewording: dict[str, Any]) -> None:
    changed = []
    for case in CASES:
        again = reworded(case["text"], rewording)
        if again == case["text"]:
            continue
        label = case.get("section", "RESULTS")
        if [*map(told, _claims(case["text"], label))] != [*map(told, _claims(again, label))]:
            changed.append(again)
    # Where a rewording still tells on some sentences, no more may join them.
    assert len(changed) <= rewording.get("known", 0), changed


def test_most_rewordings_are_tried() -> None:
    tried = [
        sum(reworded(case["text"], one) != case["text"] for case in CASES) for one in REWORDINGS
    ]
    assert sum(each > 3 for each in tried) > len(tried) * 3 // 4
