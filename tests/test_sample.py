"""The sample corpus: digests in own words, marked, spread over formats, tables in step."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.formats import read
from ingest.model import Record, Source
from kb import places


def _files() -> list[Path]:
    return sorted(each for each in places.sample().iterdir() if each.suffix in {".txt", ".xml"})


def _records() -> list[Record]:
    found = [each for path in _files() for each in read(Source(path.name, str(path)))]
    assert all(isinstance(each, Record) for each in found), [
        each for each in found if not isinstance(each, Record)
    ]
    return [each for each in found if isinstance(each, Record)]


def test_records_are_many_marked_and_spread_over_formats() -> None:
    records = _records()
    assert len({each.title.rstrip(".").lower() for each in records if each.title}) >= 25
    assert all(each.digest for each in records)
    assert all(each.title for each in records)
    assert {each.format for each in records} == {
        "aggregator_page",
        "dokuwiki_page",
        "pubmed_page",
        "jstage_page",
        "fulltext_page",
        "pubmed_xml",
    }


def test_identifiers_are_well_formed() -> None:
    for record in _records():
        assert record.pmid is None or re.fullmatch(r"\d{7,8}", record.pmid)
        assert record.doi is None or re.fullmatch(r"10\.\d{4}/\S+", record.doi)


def test_the_readme_lists_what_is_there() -> None:
    text = (places.sample() / "README.md").read_text(encoding="utf-8")
    listed = {
        name: int(count)
        for name, count in re.findall(r"^\| `(\S+)` \|.*\| (\d+) \|$", text, re.MULTILINE)
    }
    assert listed == {path.name: len(list(read(Source(path.name, str(path))))) for path in _files()}


def _runs(text: str, size: int = 9) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[at : at + size]) for at in range(len(words) - size + 1)}


def test_no_sentence_is_a_source_s(shared: Path) -> None:
    seeds = set().union(
        *(_runs(path.read_text(encoding="utf-8")) for path in (shared / "seeds").glob("*.txt"))
    )
    for path in _files():
        bodies = "\n".join(
            each.text[section.start : section.end]
            for each in read(Source(path.name, str(path)))
            if isinstance(each, Record)
            for section in each.sections
        )
        assert not _runs(bodies) & seeds, path.name
