"""The five page shapes against the hand annotations, and own pages of the same shapes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.formats import formats, read
from ingest.model import Failure, Record, Source

SEEDS = ["000", "001", "002", "003", "004"]
_NAMES = {
    "publication_date": "date",
    "publisher_or_society": "publisher",
    "pages_as_printed": "pages_raw",
}
_DERIVED = {
    "title_normalised",
    "study_design",
    "evidence_tier",
    "n_patients",
    "n_groups",
    "study_design_note",
    "authors_note",
    "secondary_language_of_wrapper",
    "follow_up",
    "content_level",
    "n_patients_role",
    "n_operated_total",
    "institution",
    "data_period",
    "study_design_secondary",
    "accrual",
    "metrics",
    "authors",
    "publication_type",
}


def _gold(shared: Path, seed: str) -> dict[str, Any]:
    records = json.loads((shared / "gold" / "records.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(each for each in records if each["seed_id"] == seed)
    return found


def _record(shared: Path, seed: str) -> Record:
    name = _gold(shared, seed)["seed"]
    found = list(read(Source(name, str(shared / "seeds" / name))))
    assert len(found) == 1
    assert isinstance(found[0], Record), found[0]
    return found[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_record_fields_equal_the_annotation(shared: Path, seed: str) -> None:
    gold, record = _gold(shared, seed)["record"], _record(shared, seed)
    differing = {
        key: (getattr(record, _NAMES.get(key, key)), value)
        for key, value in gold.items()
        if key not in _DERIVED and getattr(record, _NAMES.get(key, key)) != value
    }
    assert differing == {}
    assert [each.name for each in record.authors] == gold["authors"]
    assert (record.publication_types[0] if record.publication_types else None) == gold[
        "publication_type"
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_sections_equal_the_annotation(shared: Path, seed: str) -> None:
    gold, record = _gold(shared, seed), _record(shared, seed)
    expected = [
        (
            each["heading"],
            each["heading_start"],
            each["heading_end"],
            each["body_start"],
            each["body_end"],
            each["level"],
            tuple(each["path"]),
        )
        for each in gold["sections"]
    ]
    assert [
        (
            each.heading.rstrip(":"),
            each.heading_start,
            each.heading_end,
            each.start,
            each.end,
            each.level,
            each.path,
        )
        for each in record.sections
    ] == expected


@pytest.mark.parametrize("seed", ["001", "004"])
def test_citation_marks_equal_the_annotation(shared: Path, seed: str) -> None:
    gold, record = _gold(shared, seed), _record(shared, seed)
    expected = {
        (each["start"], each["end"], tuple(each["expanded"]))
        for each in gold["citation_markers"]
        if each.get("role") != "reference_list_label"
    }
    assert {
        (each.start, each.end, each.references)
        for each in record.markers
        if each.role == "citation"
    } == expected
    captions = {
        (each["start"], each["end"]) for each in gold.get("figures", []) + gold.get("tables", [])
    }
    assert captions <= {(each.start, each.end) for each in record.markers}


def test_references_of_the_wiki_page_stay_the_references(shared: Path) -> None:
    gold, record = _gold(shared, "001"), _record(shared, "001")
    assert record.doi is None and record.pmid is None
    for expected in gold["references"]:
        found = next(each for each in record.references if each.label == expected["label"])
        for key in ("raw", "start", "end", "title", "journal", "year", "doi", "pmid"):
            assert getattr(found, key) == expected.get(key), key
        assert found.authors == tuple(expected["authors"] or ())


def _read(name: str, text: str) -> list[Record | Failure]:
    return list(read(Source(name, data=text.encode())))


PUBMED = """An official website of the United States government
Case Reports
Example Spine J
. 2019 Apr 3;12(4):77-9. doi: 10.9999/esj.2019.077.

A fictional vertebrectomy for a fictional tumour

Ann B Roe 1, John van der Doe 2 3

Affiliations
  • PMID: 99999901
  • PMCID: PMC9999901
  • DOI: 10.9999/esj.2019.077

Abstract

Background: The tumour was rare.

Results: The patient walked after two weeks.

Keywords: fiction; spine.

Conflict of interest statement

None.
"""


def test_structured_pubmed_page_with_identifiers() -> None:
    (record,) = _read("page.txt", PUBMED)
    assert isinstance(record, Record)
    assert (record.pmid, record.pmcid, record.doi) == (
        "99999901",
        "PMC9999901",
        "10.9999/esj.2019.077",
    )
    assert (record.journal, record.date, record.volume, record.issue, record.pages) == (
        "Example Spine J",
        "2019-04-03",
        "12",
        "4",
        "77-79",
    )
    assert [each.name for each in record.authors] == ["Ann B Roe", "John van der Doe"]
    assert [each.heading.rstrip(":") for each in record.sections] == ["Background", "Results"]
    assert (
        record.text[record.sections[1].start : record.sections[1].end].strip()
        == "The patient walked after two weeks."
    )
    assert record.keywords == ("fiction", "spine")


FULL = """Introduction

Fictional tumours spread early.1 Roe has described a cure.2,3

Case report

1. Presentation

A woman had pain at L4 and a 2.5 cm mass.13 The T-saw was used.4

Fig. 1
figure 1

A drawing of nothing

References

1. Roe A. A fictional paper. Example Spine J. 2001;1:1-2. doi:10.9999/esj.1
"""


def test_full_text_with_glued_marks_captions_and_references() -> None:
    (record,) = _read("body.txt", FULL)
    assert isinstance(record, Record)
    assert [each.heading for each in record.sections] == [
        "Introduction",
        "Case report",
        "1. Presentation",
        "References",
    ]
    assert [each.references for each in record.markers if each.role == "citation"] == [
        (1,),
        (2, 3),
        (1, 2, 3),
        (4,),
    ]
    assert [each.raw.split("\n")[0] for each in record.markers if each.role == "caption"] == [
        "Fig. 1"
    ]
    assert record.references[0].doi == "10.9999/esj.1"
    assert record.doi is None


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02PDF", "format"),
        (b"Please enable JavaScript to continue. Verify you are human.", "captcha"),
        (b"1 2 3 . 4", "format"),
    ],
)
def test_input_without_an_article_is_one_clear_failure(data: bytes, word: str) -> None:
    (failure,) = read(Source("odd.txt", data=data))
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("odd.txt") and word in failure.reason


def test_every_format_sniffs_nothing_in_noise() -> None:
    for name, module in formats().items():
        assert module.sniff(b"\x89PNG\r\n\x1a\n" + bytes(range(200)), "x.png") == 0, name
        assert module.__doc__, name
