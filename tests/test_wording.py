"""Wordings skip texts that cannot match: the shortcut never changes what is found."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest

from ingest.language.literals import (
    blanked,
    openings,
    required_literals,
    required_sets,
)
from ingest.language.phrases import Marks, Pool
from ingest.language.wording import compile_wordings, plain_digits
from ingest.yamlfile import load_yaml

INGEST = Path(__file__).resolve().parents[1] / "ingest"


def _rules() -> list[str]:
    found: list[str] = []
    for path in sorted((INGEST / "patterns").glob("*.yml")):
        data: dict[str, Any] = load_yaml(path)
        found += [*data.get("any", ()), *data.get("none", ())]
    for name in ("assertion", "time", "basis", "narrative"):
        table: dict[str, Any] = load_yaml(INGEST / "cues" / f"{name}.yml")
        found += [rule for key, rules in table.items() if key != "examples" for rule in rules]
    return found


def _texts() -> list[str]:
    found: list[str] = []
    for path in sorted((INGEST / "patterns").glob("*.yml")):
        data: dict[str, Any] = load_yaml(path)
        found += [*data["examples"], *data.get("counter_examples", ())]
    words = sorted({word for text in found for word in text.lower().split()})
    order = random.Random(3)
    found += [" ".join(order.choices(words, k=12)) for _ in range(200)]
    return [text.lower() for text in found]


def test_every_match_holds_one_of_the_required_words() -> None:
    texts = _texts()
    for rule in _rules():
        literals = required_literals(rule)
        pattern = re.compile(rule, re.IGNORECASE)
        for text in texts:
            if literals and pattern.search(text):
                assert any(each in blanked(text) for each in literals), (rule, text, literals)


def test_the_shortcut_finds_what_one_pattern_finds() -> None:
    rules = _rules()
    wordings = compile_wordings(rules)
    joined = re.compile("|".join(rules), re.IGNORECASE)
    for text in _texts():
        one, other = wordings.search(text), joined.search(text)
        assert (one is None) == (other is None), text
        if one and other:
            assert one.start() == other.start(), text


@pytest.mark.parametrize(
    ("rule", "literals"),
    [
        (r"\bindicat(?:ed|ions?)\b", (" indicat",)),
        (r"\b(?:is|are) (?:mandatory|required)\b", (" mandatory ", " required ")),
        (r"\btumou?rs?\b", (" tumo",)),
        # A word's edge is known by what stands beside it, within brackets and without.
        (r"\brats?\b", (" rat",)),
        (r"\b(?:cages|the rod)(?: still)? (?:is|was)", (" cages ", " the rod ")),
        (r"\b(?:not )?cut(?: off|,)", (" cut ",)),
        (r"(?:un)?cut\b(?! off)\d*", ("cut ",)),
        (r"^cut[- ]off$", (" cut off ",)),
        (r"(?:re)+cut", ("cut",)),
        (r"(?:\bcut){1,2}|sewn\b", (" cut", "sewn ")),
        (r"(?<=\()n ?= ?\d", ("n ",)),
        # A class of few signs makes a word of each, and what is looked ahead for must stand as well.
        (r"\bstabili[sz]ed\b", (" stabilised ", " stabilized ")),
        (r"\d(?= ?(?:screws|rods))", ("rods", "screws")),
        # Words with one beginning are parsed as what goes on from it.
        (r"\bs(?:em|hort)\d", (" sem", " short")),
        (r"(?:safe)?ly|x", ()),
        (r"\d+ %?", ()),
    ],
)
def test_required_literals(rule: str, literals: tuple[str, ...]) -> None:
    assert required_literals(rule) == literals


@pytest.mark.parametrize(
    ("rule", "sets"),
    [
        (r"\bgait\b.*\brecover(?:s|ed)\b", [(" recover",), (" gait ",)]),
        (r"(?:worse|poorer) (?:gait|walking)", [("poorer ", "worse "), (" gait", " walking")]),
        (r"(?:gait|posture) was", [("gait ", "posture ")]),
        (r"\d+ %?", []),
    ],
)
def test_what_else_a_match_holds_is_known(rule: str, sets: list[tuple[str, ...]]) -> None:
    assert required_sets(rule) == sets


def test_a_wording_is_tried_only_where_all_that_it_holds_stands() -> None:
    wordings = compile_wordings([r"\bgait\b.*\brecover(?:s|ed)\b", r"\bworse\b"])
    assert list(wordings.marks.owners("the gait recovered")) == [0]
    assert list(wordings.marks.owners("all recovered")) == []
    assert list(wordings.marks.owners("the worse recovered")) == [1]
    assert wordings.places("gait was worse, then recovered") == {0, 1}


@pytest.mark.parametrize(
    ("rule", "begins"),
    [
        (r"but not|\b(?:because|by)\b", {"but", "bec", "by"}),
        (r"(?=despite\b)|(?<=, )and,?\s+(?=so)", {"des", "and"}),
        (r"(?!no )[a-z]+", set()),
        (r"(?:more )?pain", set()),
        (r"if|", set()),
    ],
)
def test_how_a_match_begins_is_known(rule: str, begins: set[str]) -> None:
    assert openings(rule) == begins


@pytest.mark.parametrize(
    ("rule", "text", "start", "found"),
    [
        (r"\b(?:late|early) relapse", "early relapse or late relapse", 0, 0),
        (r"\b(?:late|early) relapse", "latent or early death, late relapse", 0, 23),
        (r"(?<=no )pain\b", "pain or no pain", 0, 11),
        (r"(?<=no )pain\b", "pain or no pain", 11, 11),
        (r"(?:aa|a)a b", "aaaa b", 0, 1),
    ],
)
def test_a_match_is_found_as_one_pattern_finds_it(
    rule: str, text: str, start: int, found: int
) -> None:
    match = compile_wordings([rule]).search(text, start)
    other = re.compile(rule).search(text, start)
    assert match is not None and other is not None
    assert match.start() == found == other.start()
    assert match[0] == other[0]


def test_an_owner_is_looked_at_where_one_of_its_strings_stands() -> None:
    pool = Pool(str)
    marks = Marks([("bleed", "blood"), (), ("flood",)], pool)
    assert list(marks.owners("no loss of blood in the flood")) == [0, 1, 2]
    assert list(marks.owners("a flood")) == [1, 2]
    assert list(marks.owners("nothing")) == [1]
    # Who comes later finds its strings in a text that was looked through before.
    later = Marks([("noth",), ("blood",)], pool)
    assert list(later.owners("nothing")) == [0]
    assert list(marks.owners("nothing")) == [1]
    assert list(later.owners("no loss of blood in the flood")) == [1]


@pytest.mark.parametrize(
    ("rules", "text", "place", "found"),
    [
        # The leftmost match of the first rule, whichever of its alternatives it is.
        ([r"\b(?:late|early) relapse\b|\bdeath\b"], "death after early relapse", 0, "death"),
        ([r"\bpain\b|\bgait\b", r"\bwalking\b"], "walking, gait and pain", 0, "gait"),
        ([r"\b(?:pain|pain relief)\b"], "pain relief", 0, "pain"),
        ([r"\b(?:loss|gain)\w*|\(none\)"], "gained (none)", 0, "gained"),
        ([r"(?:un)?stable|(?:a)(?:b)"], "ab unstable", 0, "ab"),
        ([r"\b(?P<kind>cats?|dogs?)\b(?! scan)"], "cat scan of a dog", 0, "dog"),
    ],
)
def test_alternatives_tried_apart_find_what_the_rule_finds(
    rules: list[str], text: str, place: int, found: str
) -> None:
    whole = re.search(rules[place], text)
    match = compile_wordings(rules).first(text)
    assert match is not None and whole is not None
    assert (match[0], match[1][0]) == (place, found) == (place, whole[0])


@pytest.mark.parametrize(
    ("rule", "plain"),
    [
        (r"\d+ levels", "[0-9]+ levels"),
        (r"[\d.]+ mm", "[0-9.]+ mm"),
        (r"\[\d\]", r"\[[0-9]\]"),
        (r"\\d", r"\\d"),
    ],
)
def test_digits_are_asked_for_by_their_signs(rule: str, plain: str) -> None:
    assert plain_digits(rule) == plain
