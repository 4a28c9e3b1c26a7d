"""Sentence roles: stated headings stand, unlabelled abstracts are read by the shipped model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.document import section_role, segment, split_sentences
from ingest.language.roles import ROLES, sentence_roles
from ingest.model import Record
from ingest.text import compose

ABSTRACT = [
    ("Spinal metastases are common in patients with advanced cancer.", "background"),
    ("The aim of this study was to assess survival after separation surgery.", "aim"),
    (
        "We retrospectively reviewed the records of 80 patients who were operated on between 2010 and 2015.",
        "methods",
    ),
    ("Survival was estimated by the Kaplan-Meier method.", "methods"),
    (
        "Median survival was 11 months, and local progression occurred in 9% of patients (p < 0.01).",
        "results",
    ),
    ("Complications were seen in 12 patients.", "results"),
    (
        "These findings suggest that separation surgery is safe and should be considered in selected patients.",
        "conclusion",
    ),
]


def test_an_unlabelled_abstract_is_told_apart() -> None:
    assert sentence_roles([(text, "body") for text, _ in ABSTRACT]) == [
        role for _, role in ABSTRACT
    ]


@pytest.mark.parametrize(
    "text",
    [
        "(1) Background: Bracing is common. (2) Materials and methods: We read charts. (3) Results: Two of nine rods broke.",
        "Background/Aims: Bracing is common. METHODS AND MATERIALS: We read charts. RESULTS: Two of nine rods broke.",
        "BACKGROUND Bracing is common. MATERIALS AND METHODS We read charts. RESULTS Two of nine rods broke.",
        "BackgroundBracing is common.Materials and methodsWe read charts.ResultsTwo of nine rods broke.",
        "Background Bracing is common. Materials and methods We read charts. Results Two of nine rods broke.",
        "Overview of literature: Bracing is common. Methods: We read charts. Results: Two of nine rods broke.",
        "1. Introduction: Bracing is common. 2. Methods: We read charts. 3. Results: Two of nine rods broke.",
    ],
)
def test_labels_in_running_text_are_headings(text: str) -> None:
    stored, sections = compose(None, [("", text)])
    document = segment(Record("test", "x", "1", "0" * 64, stored, sections=sections))
    assert [each.role for each in document.sentences] == ["background", "methods", "results"]


def test_a_word_that_opens_a_sentence_is_no_heading() -> None:
    told = "Bracing is common. Results Roe published were poor. We read the charts of nine women."
    stored, sections = compose(None, [("", told)])
    document = segment(Record("test", "x", "1", "0" * 64, stored, sections=sections))
    assert [each.heading for each in document.sections] == [""]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("MEASUREMENTS AND MAIN RESULTS", "results"),
        ("Principal Findings", "results"),
        ("Main outcomes", "results"),
        ("DATA SYNTHESIS", "results"),
        ("MAIN OUTCOME MEASURES", "methods"),
        ("Primary and secondary outcome measures", "methods"),
        ("OUTCOMES MEASURED", "methods"),
        ("SUBJECTS AND METHODS", "methods"),
        ("Study setting", "methods"),
        ("STUDY OBJECTIVE", "aim"),
        ("SUMMARY BACKGROUND DATA", "background"),
        ("Overview of Literature", "background"),
        ("Questions/purposes", "aim"),
        ("Lessons", "conclusion"),
        ("METHODS AND RESULTS", "body"),
        ("Objective and methods", "body"),
        ("METHODS AND MATERIALS", "methods"),
        ("RESULTS AND LIMITATIONS", "results"),
        ("Results and conclusions", "body"),
        ("Results and Discussion", "results"),
    ],
)
def test_headings_of_journals_tell_roles(heading: str, role: str) -> None:
    assert section_role(heading) == role


def test_stated_roles_stand() -> None:
    assert sentence_roles(
        [("Survival was 40%.", "methods"), ("We reviewed records.", "results")]
    ) == ["methods", "results"]


def test_full_texts_are_not_guessed_at() -> None:
    assert sentence_roles([("Survival was 40%.", "body")], abstract=False) == ["body"]


def test_held_back_abstracts_are_read_better_than_by_chance(shared: Path) -> None:
    data = json.loads((shared / "data" / "pubmedqa" / "ori_pqal.json").read_text(encoding="utf-8"))
    right = total = 0
    for _, each in sorted(data.items())[1::10]:
        parts = [
            *zip(each["LABELS"], each["CONTEXTS"], strict=True),
            ("CONCLUSIONS", each["LONG_ANSWER"]),
        ]
        gold = [
            (section_role(label), text[a:b])
            for label, text in parts
            for a, b in split_sentences(text, 0, len(text))
        ]
        told = sentence_roles([(text, "body") for _, text in gold])
        pairs = [(role, got) for (role, _), got in zip(gold, told, strict=True) if role in ROLES]
        right, total = right + sum(role == got for role, got in pairs), total + len(pairs)
    assert right / total > 0.78
