"""Number expressions: every rule reads its own examples and no other rule does it in its place."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from ingest.numbers.fragments import FRAGMENTS, FragmentError, compiled, expanded, load_fragments
from ingest.numbers.grammar import FOLDER, Example, GrammarError, Rule, load_rules, readers
from ingest.numbers.quantities import readings
from ingest.numbers.quantity import Quantity
from ingest.yamlfile import load_yaml

RULES = load_rules()
_UNSET = asdict(Quantity("", 0, 0))
_OFFSETS = {"start", "end", "marks"}
RULE = """\
idea: A number of stitches.
order: 10
reader: read_count
rule: '(?P<k>{number}) stitches'
examples: []
counter_examples: []
"""


def _shown(text: str, quantity: Quantity) -> dict[str, Any]:
    """Return the fields that are set, with the words read for the offsets."""
    fields = {
        name: value
        for name, value in asdict(quantity).items()
        if name not in _OFFSETS and value != _UNSET[name]
    }
    return {"quote": text[quantity.start : quantity.end], **fields}


def _read(rule: Rule, text: str) -> list[dict[str, Any]]:
    return [_shown(text, each) for name, each in readings(text) if name == rule.name]


@pytest.mark.parametrize(
    ("rule", "example"),
    [pytest.param(each, one, id=each.name) for each in RULES for one in each.examples],
)
def test_rule_reads_its_examples(rule: Rule, example: Example) -> None:
    assert _read(rule, example.text) == list(example.reads)


@pytest.mark.parametrize(
    ("rule", "text"),
    [pytest.param(each, one, id=each.name) for each in RULES for one in each.counter_examples],
)
def test_rule_passes_over_its_counter_examples(rule: Rule, text: str) -> None:
    assert not _read(rule, text)


def test_every_rule_has_examples_and_every_reader_and_fragment_a_rule() -> None:
    assert all(each.examples and each.counter_examples for each in RULES)
    assert {each.make.__name__ for each in RULES} == set(readers())
    written = "".join(each.read_text("utf-8") for each in [FRAGMENTS, *FOLDER.glob("*.yml")])
    assert not [name for name in load_yaml(FRAGMENTS) if f"{{{name}}}" not in written]


def test_fragments_are_written_out_and_lines_joined() -> None:
    fragments = {"to": "-|to", **load_fragments()}
    assert expanded("a\n  {percent}{1,3}\nb", fragments) == rf"a{fragments['percent']}{{1,3}}b"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{number}", "{numbre}", r"stitches\.yml: rule: \{numbre\} is no fragment; one of"),
        (") stitches", " stitches", r"stitches\.yml: rule: missing \), unterminated subpattern"),
        ("read_count", "read_stitch", r"stitches\.yml: reader: read_stitch is none; one of"),
        ("order: 10", "order: first", r"stitches\.yml: order: 'first' is none; a whole number"),
        ("order: 10", "order: 20", r"stitches\.yml: order 20 is that of beds\.yml"),
        ("order: 10", "order: 10\nmark: [stitch]", r"stitches\.yml: unknown keys \['mark'\]"),
        ("order: 10", "order: 10\nmarks: [no]", r"stitches\.yml: marks: one is no text"),
        ("idea: A number of stitches.\n", "", r"stitches\.yml: \['idea'\] missing"),
        (
            "examples: []",
            "examples: [{text: x}]",
            r"stitches\.yml: examples: 'text' or 'reads' missing",
        ),
    ],
)
def test_errors_name_the_file_and_the_rule(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "beds.yml").write_text(RULE.replace("order: 10", "order: 20"), "utf-8")
    (tmp_path / "stitches.yml").write_text(RULE.replace(old, new, 1), "utf-8")
    with pytest.raises(GrammarError, match=message):
        load_rules(tmp_path)


def test_errors_of_cues_name_the_file_and_the_sign() -> None:
    with pytest.raises(FragmentError, match=r"times\.yml: signs: rate: \{rates\} is no fragment"):
        compiled("{rates}", load_fragments(), "times.yml: signs: rate")
