"""Every cue file carries examples; they are its tests."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ingest import basing, context
from ingest.document import CUES, segment, split_sentences
from ingest.language.narration import tells_no_finding
from ingest.model import Record
from ingest.numbers.designations import mask_designations
from ingest.numbers.times import find_occasions, find_times
from ingest.statements.strength import strength_of
from ingest.text import compose
from ingest.yamlfile import load_yaml


def _examples(name: str) -> list[Any]:
    found: list[Any] = load_yaml(CUES / f"{name}.yml")["examples"]
    assert found
    return found


@pytest.mark.parametrize("example", _examples("assertion"), ids=lambda each: each["text"][:40])
def test_assertion(example: dict[str, str]) -> None:
    assert (
        context.assertion(example["text"], (0, len(example["text"])), harm=True)
        == example["assertion"]
    )


@pytest.mark.parametrize("example", _examples("time"), ids=lambda each: each["text"][:40])
def test_temporality(example: dict[str, str]) -> None:
    assert context.temporality(example["text"], (0, len(example["text"]))) == example["temporality"]


@pytest.mark.parametrize("example", _examples("timepoints"), ids=lambda each: each["text"][:40])
def test_times(example: dict[str, Any]) -> None:
    text = example["text"]
    found = {text[each.start : each.end]: each.months for each in find_times(text)}
    assert found == example["times"]
    words = [text[each.start : each.end] for told in find_occasions(text) for each in told]
    assert words == example.get("words", [])


def _designations() -> list[tuple[str, list[str]]]:
    cues = load_yaml(CUES / "designations.yml")
    assert all(each["examples"] for each in cues["lower"])
    return [one for each in [*cues["lower"], cues] for one in each["examples"].items()]


@pytest.mark.parametrize(("text", "blanked"), _designations())
def test_designations(text: str, blanked: list[str]) -> None:
    found = re.finditer("#+", mask_designations(text))
    assert [text[each.start() : each.end()] for each in found] == blanked


@pytest.mark.parametrize("example", _examples("basis"), ids=lambda each: each["text"][:40])
def test_basis(example: dict[str, str]) -> None:
    assert basing.basing(example["text"], basing.Basing("patients")).basis == example["basis"]


@pytest.mark.parametrize("example", _examples("attribution"), ids=lambda each: each["text"][:40])
def test_attribution(example: dict[str, str]) -> None:
    assert context.attribution(example["text"]) == example["attribution"]


@pytest.mark.parametrize("example", _examples("strength"), ids=lambda each: each["text"][:40])
def test_strength(example: dict[str, str]) -> None:
    found = strength_of(example["text"])
    assert found is not None
    assert (found.strength, found.polarity) == (example["strength"], example["polarity"])


@pytest.mark.parametrize("example", _examples("sentences"), ids=lambda each: each["text"][:40])
def test_sentences(example: dict[str, Any]) -> None:
    assert (
        len(list(split_sentences(example["text"], 0, len(example["text"])))) == example["sentences"]
    )


@pytest.mark.parametrize("example", _examples("narrative"), ids=lambda each: each["text"][:40])
def test_narrative(example: dict[str, Any]) -> None:
    assert tells_no_finding(example["text"]) is example["narrative"]


@pytest.mark.parametrize(
    ("part", "end"),
    [
        ("one cage sank, two broke and a rod came loose; ", ";"),
        ("bolt, ", ","),
        ("bolts ", "s"),
        ("x", "x"),
    ],
)
def test_what_no_sentence_can_be_is_read_in_pieces(part: str, end: str) -> None:
    text = part * (5000 // len(part))
    spans = list(split_sentences(text, 0, len(text)))
    assert len(spans) > 1
    assert all(stop - start <= 1200 for start, stop in spans)
    assert all(text[stop - 1] == end for _, stop in spans)
    # Nothing but blanks is lost between the pieces.
    assert "".join(text[start:stop] for start, stop in spans).replace(" ", "") == text.replace(
        " ", ""
    )


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Notably, pain was gone in most.", "pain was gone in most."),
        ("Moreover, as expected, it healed.", "it healed."),
        ("On the other hand, gait was lost by 9.", "gait was lost by 9."),
        ("However, we found that gait was kept by 9.", "gait was kept by 9."),
        # Without a number these words tell that it was found.
        ("We found that gait was kept.", "We found that gait was kept."),
        # Of whom, when and against what the rest is told is no mere lead.
        ("In contrast, gait was lost by 9.", "In contrast, gait was lost by 9."),
        ("Overall, gait was lost by 9.", "Overall, gait was lost by 9."),
        ("Postoperatively, gait was lost by 9.", "Postoperatively, gait was lost by 9."),
    ],
)
def test_what_only_leads_a_sentence_on_is_printed_but_not_read(text: str, read: str) -> None:
    stored, sections = compose(None, [("RESULTS", text)])
    document = segment(Record("test", "x", "1", "0" * 64, stored, sections=sections))
    (sentence,) = document.sentences
    assert document.text[sentence.start : sentence.end] == read
    assert document.text[sentence.opening : sentence.end] == text
