"""Abstracts in plain text, tables and JSON of no one maker read as those of a database do."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from textwrap import fill

import pytest

from ingest.formats import read, recognise
from ingest.model import Extraction, Failure, Record, Source
from ingest.pipeline import derive
from ingest.yamlfile import load_yaml

PAGES = load_yaml(Path(__file__).with_name("pages.yml"))
TITLE = "Decompression for spinal metastases of renal cancer"
PARTS = {
    "BACKGROUND": "Renal cancer spreads to the spine.",
    "METHODS": "We reviewed 40 patients operated on between 2010 and 2015.",
    "RESULTS": "The median blood loss was 450 ml. A haematoma occurred in 4 patients.",
    "CONCLUSIONS": "The operation is safe.",
}
INLINE = " ".join(f"{label}: {body}" for label, body in PARTS.items())
APART = "\n\n".join(f"{label}: {body}" for label, body in PARTS.items())
HEADED = "\n".join(f"{label.title()}\n{body}" for label, body in PARTS.items())
BARE = " ".join(PARTS.values())
BROKEN = "\n\n".join(fill(f"{label}: {body}", 30) for label, body in PARTS.items())
STOPPED = " ".join(f"{label.title()}. {body}" for label, body in PARTS.items())
UNMARKED = " ".join(f"{label.title()} {body}" for label, body in PARTS.items())
BOLD = "\n\n".join(f"**{label.title()}** {body}" for label, body in PARTS.items())
BYLINE = "Anna Berg, Pavel Novak\nSpine. 2014 Mar;39(5):E1-8. doi: 10.9999/x.14"


def only(data: str, name: str = "x.txt") -> Record:
    (found,) = read(Source(name, data=data.encode()))
    assert isinstance(found, Record), found
    return found


def sizes(extraction: Extraction) -> list[int | None]:
    return [each.n for claim in extraction.claims for each in claim.measurements]


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n\n{INLINE}\n",
        f"{TITLE}.\n\n{INLINE}\n",
        f"{TITLE}\n{INLINE}\n",
        f"{TITLE}\n\n{APART}\n",
        f"{TITLE}\n\n{HEADED}\n",
        f"{TITLE}\n\n{BARE}\n",
        f"{TITLE}.\n\n{BARE}\n",
        f"{TITLE}\n{BARE}",
        f"{TITLE}\n\nAbstract\n\n{BARE}\n",
        f"{TITLE}.\nAbstract: {INLINE}\n",
        f"# {TITLE}\n\n## Abstract\n\n{APART}\n",
        f"**Title:** {TITLE}\n\n**Abstract:** {BARE}\n",
        f"Title: {TITLE}\nYear: 2014\n\nAbstract: {INLINE}\n",
        f"{TITLE}\n\n{BROKEN}\n",
        f"{TITLE}\n\n{UNMARKED}\n",
        f"{TITLE}\n\n{BOLD}\n",
        f"{TITLE}\n\n{BOLD.replace(chr(10) * 2, ' ')}\n",
        f"{TITLE}\n\n{STOPPED}\n",
        f"{TITLE}\n\n{STOPPED.replace('. Res', '.' + chr(10) + 'Res')}\n",
        f"---\ntitle: {TITLE}\nyear: 2014\n---\n\n{APART}\n",
        f"{TITLE.replace(' of ', ' of' + chr(10))}\n\n{APART}\n\nKeywords: kidney; spine\n",
        f"{TITLE}\n\n{BYLINE}\nDepartment of Surgery, Somewhere\n\n{APART}\n\n© 2014 by nobody\n",
    ],
)
def test_an_abstract_in_plain_text_is_read_as_one(text: str) -> None:
    record = only(text)
    assert (record.format, record.content_level, record.title) == (
        "abstract_page",
        "abstract",
        TITLE,
    )
    extraction = derive(record)
    assert sizes(extraction) == [40, 40, 40]
    assert all(record.text[each.start : each.end] == each.quote for each in extraction.claims)
    roles = [each.role for each in extraction.document.sentences]
    assert roles == ["background", "methods", "results", "results", "conclusion"]
    assert record.text == text


def test_what_stands_beside_an_abstract_is_the_article_s() -> None:
    record = only(
        f"{TITLE}\n\n{BYLINE}\nDepartment of Surgery\n\n{APART}\n\nKeywords: kidney; spine\nPMID: 99000801\n"
    )
    assert [each.family for each in record.authors] == ["Berg", "Novak"]
    assert (record.journal, record.year, record.volume, record.pages) == (
        "Spine",
        2014,
        "39",
        "E1-E8",
    )
    assert (record.doi, record.pmid) == ("10.9999/x.14", "99000801")
    assert record.keywords == ("kidney", "spine")
    assert (
        record.text[record.sections[-1].start : record.sections[-1].end].strip()
        == PARTS["CONCLUSIONS"]
    )


@pytest.mark.parametrize(
    "title",
    [
        "Two ways to close the dura. Are they the same?",
        "Drains vs. no drains in spinal surgery: is there a difference?",
        "Department of spine or department of trauma: who should operate?",
        "Volume of cement in kyphoplasty: does it matter?",
        "Recovery after surgery: results of a survey",
    ],
)
def test_a_title_may_ask_and_name_what_pages_print(title: str) -> None:
    assert only(f"{title}\n\n{APART}\n").title == title


def test_labels_that_are_not_known_and_stops_amid_an_abstract() -> None:
    told = APART.replace("\n\nRES", "\n\nSUBJECTS: Forty adults.\n\nTRIAL REGISTRATION: X1.\n\nRES")
    lead = "UNLABELLED: Surgery of the spine was once feared, and it was done in few places by few surgeons. Many wounds leaked."
    record = only(f"{TITLE}\n\n{lead}\n\n{told}\n")
    assert [each.heading for each in record.sections] == ["UNLABELLED", "BACKGROUND", "METHODS", "SUBJECTS", "TRIAL REGISTRATION", "RESULTS", "CONCLUSIONS"]  # fmt: skip
    assert "once feared" in record.text[record.sections[0].start : record.sections[0].end]


def test_letters_set_off_read_as_letters() -> None:
    told = "The *c*-statistic of the score was 0.69. Gain was *seen* in 2*3 of 8 patients."
    record = only(f"{TITLE}\n\n{INLINE} {told}\n")
    assert [each.raw for each in record.markers] == ["*"] * 4
    values = [each for claim in derive(record).claims for each in claim.measurements]
    assert [each.statistic for each in values if each.value == 0.69] == ["c_statistic"]


def test_citations_and_authors_of_pages() -> None:
    logo = f"Invented Spine logoLink to Invented Spine\n. 2015 Jan 24;17(4):600–609. doi: 10.9999/x.18\n\n{TITLE}\n\nAnna Berg 1,✉, Pavel Novak 2, MD, PhD\n\nAbstract\n\n{INLINE}\n"
    record = only(logo)
    assert (record.journal, record.year, record.volume, record.pages) == ("Invented Spine", 2015, "17", "600-609")  # fmt: skip
    assert [each.name for each in record.authors] == ["Anna Berg", "Pavel Novak"]
    commas = f"{TITLE}\n\nInvented 2015, 15(23), 5518; https://doi.org/10.9999/x.19\n\nAbstract\n\n{INLINE}\n"
    record = only(commas)
    assert (record.journal, record.year, record.volume, record.issue) == ("Invented", 2015, "15", "23")  # fmt: skip


def test_thin_blanks_read_as_blanks() -> None:
    thin = INLINE.replace("40 patients", "40\u2009patients").replace("450 ml", "450\u00a0ml")
    assert sizes(derive(only(f"{TITLE}\n\n{thin}\n"))) == [40, 40, 40]


def test_labels_in_the_line_of_a_page_s_abstract_part_it() -> None:
    page = f"Spine. 2014 Mar;39(5):1-8.\n\n{TITLE}\n\nAnna Berg\n\nPMID: 99000808\n\nAbstract\n\n{INLINE}\n\nPubMed Disclaimer\n"
    record = only(page)
    assert (record.format, [each.heading for each in record.sections]) == ("pubmed_page", [*PARTS])
    assert sizes(derive(record)) == [40, 40, 40]


def test_citation_marks_glued_to_a_short_text_are_marks() -> None:
    record = only(f"{TITLE}\n\nRoe saw leaks.1 Doe saw none.2,3 Poe agreed with both of them.4\n")
    assert [each.references for each in record.markers] == [(1,), (2, 3), (4,)]


def test_an_abstract_without_a_title_has_none() -> None:
    record = only(BARE)
    assert record.title is None
    assert sizes(derive(record)) == [40, 40, 40]


def test_a_first_sentence_is_no_title() -> None:
    record = only(f"{PARTS['METHODS']} {PARTS['RESULTS']}\n\n{PARTS['CONCLUSIONS']}\n")
    assert record.title is None
    assert PARTS["METHODS"] in record.text[record.sections[0].start : record.sections[0].end]


@pytest.mark.parametrize(
    "body",
    [
        f"Introduction\n\n{BARE}\n\nSurgical steps\n\n{BARE}\n\nPearls and pitfalls\n\n{BARE}\n",
        f"Methods\n\n{BARE}\n\nResults\n\n{BARE}\n\nReferences\n\n1. Berg A. A book of spines. 2001.\n",
        f"1. Introduction\n\n{BARE}\n\n2. Methods\n\n{BARE}\n",
        f"{BARE}\n\nFig. 1 The spine from behind\n\n{BARE}\n",
        f"Introduction\n\n{' '.join([BARE] * 60)}\n\nMethods\n\n{BARE}\n",
    ],
)
def test_a_text_headed_or_as_long_as_a_full_one_is_no_abstract(body: str) -> None:
    assert recognise(f"{TITLE}\n\n{body}".encode(), "x.txt") == "fulltext_page"


@pytest.mark.parametrize(
    "abstract",
    [
        INLINE,
        BARE,
        PARTS,
        [*PARTS.values()],
        [{"label": label, "text": body} for label, body in PARTS.items()],
        {"text": INLINE},
    ],
)
def test_json_of_no_one_maker(abstract: object) -> None:
    value = {"PMID": 99000802, "Title": TITLE, "abstract": abstract, "authors": "Berg, A., Novak, P.", "year": 2014}  # fmt: skip
    record = only(json.dumps([value]), "x.json")
    assert (record.title, record.pmid, record.year) == (TITLE, "99000802", 2014)
    assert [each.family for each in record.authors] == ["Berg", "Novak"]
    assert sizes(derive(record)) == [40, 40, 40]
    (lined,) = read(Source("x.jsonl", data=json.dumps(value).encode() + b"\n"))
    assert isinstance(lined, Record)
    assert replace(lined, source="", sha256="") == replace(record, source="", sha256="")


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_table_with_a_broken_row_loses_that_row_alone(sign: str) -> None:
    rows = [
        ["pmid", "Title", "Abstract"],
        ["99000803", TITLE, f'"{INLINE}"'],
        ["99000804", '"A quote that nothing closes', "Ten had a leak."],
        ["99000805", TITLE, f'"{BARE}\nNobody died, and ""all"" walked."'],
        ["99000806"],
        ["99000807", TITLE, f'"{BARE}"'],
    ]
    text = "".join(sign.join(row) + "\n" for row in rows)
    found = list(read(Source("x.csv", data=text.encode())))
    kept = [each.pmid for each in found if isinstance(each, Record)]
    lost = [each.locator for each in found if isinstance(each, Failure)]
    assert (kept, lost) == (["99000803", "99000805", "99000807"], ["row 2", "row 4"])


def test_pubmed_s_text_of_many_records() -> None:
    one = f"{{}}. Spine. 2014 Mar 1;39(5):E1-8. doi: 10.9999/x.{{}}.\n\n{TITLE}.\n\nBerg A(1), Novak P(2).\n\nAuthor information:\n(1)Somewhere.\n\n{INLINE}\n\nDOI: 10.9999/x.{{}}\nPMID: 990009{{}} [Indexed for MEDLINE]\n\n\n"
    text = "".join(one.format(n, n, n, n + 10) for n in range(1, 4))
    found = [each for each in read(Source("x.txt", data=text.encode())) if isinstance(each, Record)]
    assert [each.pmid for each in found] == ["99000911", "99000912", "99000913"]
    assert {each.title for each in found} == {TITLE}
    assert all(sizes(derive(each)) == [40, 40, 40] for each in found)
    assert [each.name for each in found[0].authors] == ["Berg A", "Novak P"]


@pytest.mark.parametrize("page", PAGES, ids=lambda each: each["name"])
def test_a_page_of_any_site_tells_its_abstract_alone(page: dict[str, str]) -> None:
    text = page["page"].replace("TITLE", TITLE).replace("INLINE", INLINE)
    for label, body in PARTS.items():
        text = re.sub(rf"\b{label}$", body, text, flags=re.MULTILINE)
    record = only(text)
    assert (record.content_level, record.title) == ("abstract", TITLE)
    extraction = derive(record)
    told = [text[each.start : each.end] for each in extraction.document.sentences]
    assert "".join(told).replace("Retrospective series.", "") == "".join(
        each for part in PARTS.values() for each in re.split(r"(?<=\.) ", part)
    )
    assert sizes(extraction) == [40, 40, 40]


def test_the_abstract_of_a_full_text_has_the_size_of_its_series() -> None:
    (plain, bare) = (
        only(
            f"{TITLE}\n\nAbstract\n\n{told}\n\nIntroduction\n\n{BARE * 8}\n\nDiscussion\n\nThe median stay was 9 days. "
            f"{'Others have told so of their own patients, and we agree. ' * 20}\n\nReferences\n\n1. Berg A. A book on the spine. 2001.\n"
        )
        for told in (f"{INLINE}", BARE)
    )
    for record in (plain, bare):
        assert (record.format, record.content_level) == ("fulltext_page", "full_text")
        found = derive(record)
        early = [each for each in found.claims if each.start < record.text.index("Introduction")]
        assert [one.n for each in early for one in each.measurements] == [40, 40, 40]
        late = [each for each in found.claims if each.quote == "The median stay was 9 days."]
        assert [one.n for each in late for one in each.measurements] == [None]


def test_a_site_s_page_of_a_full_text_has_its_title_and_begins_with_its_abstract() -> None:
    prose = "Others have told so of their own patients, and we agree with all of them. " * 12
    text = (
        f"Skip to main content\nMenu\nLog in\nInvented Spine Journal\nCase series\n{TITLE}\nAnna Berg, Pavel Novak\n"
        f"Department of Surgery, Nowhere\nReceived 1 May 2014\nAbstract\n{BARE}\nIntroduction\n{prose}\nMethods\n{prose}\n"
        f"Results\n{prose}\nDiscussion\n{prose}\nReferences\n1. Berg A. A book on the spine. Nowhere: 2001.\n"
    )
    record = only(text)
    assert (record.format, record.content_level, record.title) == ("fulltext_page", "full_text", TITLE)  # fmt: skip
    assert [each.family for each in record.authors] == ["Berg", "Novak"]
    assert record.sections[0].heading == "Abstract"
    assert sizes(derive(record))[:3] == [40, 40, 40]


def test_what_a_text_is_more_than_makes_no_menu_of_it() -> None:
    told = " ".join(f"{body} It was > 7 in all." for body in PARTS.values())
    assert [each.heading for each in only(f"{TITLE}\n\n{told}\n").sections] == [""]
