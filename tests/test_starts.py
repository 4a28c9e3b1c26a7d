"""Rules that are tried only where a match can begin match just what they match without."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

from ingest.language import starts
from ingest.language.starts import build_rule

SAMPLE = Path(__file__).parents[1] / "kb" / "sample"

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


def _patterns() -> list[re.Pattern[str]]:
    """Return the rules that the modules of ingest hold once a text has been read."""
    return [
        value
        for name, module in sorted(sys.modules.items())
        if name.startswith("ingest.")
        for value in vars(module).values()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    ]


def test_the_rules_of_ingest_match_what_they_match_when_compiled_plainly() -> None:
    import_module("ingest.pipeline")
    texts = [
        path.read_text(encoding="utf-8").lower()[:20_000] for path in sorted(SAMPLE.glob("*.*"))
    ]
    assert texts
    patterns = _patterns()
    assert len(patterns) > 200
    for rule in patterns:
        plain = re.compile(rule.pattern, rule.flags)
        for text in texts[:3]:
            assert [each.span() for each in rule.finditer(text)] == [
                each.span() for each in plain.finditer(text)
            ], rule.pattern


def test_an_unknown_matcher_gets_plain_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "_KNOWN", frozenset())
    rule = r"\b(?:was|were)\b"
    assert starts.build_rule(rule) is re.compile(rule)
