"""The same told in other words: rewritings that change nothing of what is claimed."""

from __future__ import annotations

import re
from collections.abc import Callable
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
    *load_yaml(HERE / "meanings.yml"),
    *load_yaml(HERE / "groups.yml"),
    *load_yaml(HERE / "times.yml"),
]
_FIRST = re.compile(r"(?:The|There|No|All|Two|Three|Five|One|Of|In|Patients|A|An|At|After|Pain) ")

_SIZED = re.compile(r"\b((?:group|arm|cohort)s?) \(n ?= ?(\d+)\)")
_BRACKETED = re.compile(r"\((?=[^()]*\d)([^()]*[a-z][^()]*)\)")


def _led(words: str) -> Callable[[str], str]:
    return lambda text: words + text[0].lower() + text[1:] if _FIRST.match(text) else text


REWRITINGS: dict[str, Callable[[str], str]] = {
    "notably": _led("Notably, "),
    "as expected": _led("As expected, "),
    "in addition": _led("In addition, "),
    "however": _led("However, "),
    "in this study": _led("In this study, "),
    "square brackets": lambda text: _BRACKETED.sub(r"[\1]", text),
    "size in words": lambda text: _SIZED.sub(r"\1 (\2 patients)", text),
    "follow up": lambda text: text.replace("follow-up", "follow up"),
}


def _claims(text: str, label: str) -> tuple[Claim, ...]:
    stored, sections = compose(None, [(label, text)])
    document = segment(Record("test", "x", "1", "0" * 64, stored, sections=sections))
    found = extract(document)
    assert all(each.quote == document.text[each.start : each.end] for each in found)
    return found


def _told(claim: Claim) -> tuple[object, ...]:
    numbers = tuple(
        (each.measure, each.statistic, each.value, each.low, each.high, each.unit, each.numerator)
        for each in claim.measurements
    )
    groups = tuple(
        (each.denominator, each.percent, each.n, each.time_months) for each in claim.measurements
    )
    meant = claim.kind, claim.assertion, claim.temporality, claim.direction, claim.polarity
    return (*meant, claim.strength, claim.measure, claim.basis, numbers, groups)


@pytest.mark.parametrize("name", REWRITINGS)
def test_other_words_for_the_same_claim_the_same(name: str) -> None:
    changed = []
    tried = 0
    for case in CASES:
        label = case.get("section", "RESULTS")
        again = REWRITINGS[name](case["text"])
        if again == case["text"]:
            continue
        tried += 1
        one, other = map(_told, _claims(case["text"], label)), map(_told, _claims(again, label))
        if list(one) != list(other):
            changed.append(again)
    assert tried > 3
    assert changed == []
