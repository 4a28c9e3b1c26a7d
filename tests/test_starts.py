"""Rules that are tried only where a match can begin match just what they match without."""

from __future__ import annotations

import re
import timeit

import pytest

from ingest.language.starts import build_rule

TEXTS = (
    "",
    "Both women died; no case relapsed.",
    "the Knee was fixed with 12 screws (Kelvin: \u212a, long \u017f, dotted \u0130)",
    "9% of whom had none, unlike the other 3 groups",
    "a\nnew line begins\there",
)
RULES = (
    (r"\b(?:was|were|died)\b", 0),
    (r"(?<![\d.])(?:the )?(?P<n>\d+|other) (?P<what>[a-z]+)", 0),
    (r"\b(?:knee|screws?|island)\b", re.IGNORECASE),
    (r"\b(?:s|k|i)", re.IGNORECASE),
    (r"(?i)\b(?:NONE|both)\b|%", 0),
    (r"\b(?:[bd]o|[nu])\w+", 0),
    (r"(?=n)\w+(?: (\w+))?", 0),
    (r"\s*(?:case|women)", 0),
    (r"^(?:both|the)\b", re.IGNORECASE),
    (r"(?:x|\b)", 0),
    (r"\b\w+ died", 0),
    (r"\b(?:(?-i:K)|w)", re.IGNORECASE),
    (r"\d+?%|\b(?:of )*whom", 0),
)


@pytest.mark.parametrize(("rule", "flags"), RULES)
def test_same_matches(rule: str, flags: int) -> None:
    plain, quick = re.compile(rule, flags), build_rule(rule, flags)
    assert (quick.pattern, quick.flags, quick.groups) == (plain.pattern, plain.flags, plain.groups)
    assert quick.groupindex == plain.groupindex
    for text in TEXTS:
        told = [(each.span(), each.groups(), each.lastgroup) for each in plain.finditer(text)]
        assert [
            (each.span(), each.groups(), each.lastgroup) for each in quick.finditer(text)
        ] == told


def test_tried_where_it_can_begin() -> None:
    """This must be quicker: else the matcher has changed, and the module is of no use any more."""
    rule, text = r"\b(?:zebra|quail)\b", "the route was chosen by the side of the tumour " * 20
    plain, quick = re.compile(rule), build_rule(rule)
    took = [
        min(timeit.repeat(lambda each=each: each.search(text), number=50, repeat=5))  # type: ignore[misc]
        for each in (plain, quick)
    ]
    assert took[1] < took[0]
