"""Hard cases of single formats: each stands for a file of a kind that users bring."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from ingest.formats import formats, read
from ingest.matching.agreement import kind_of
from ingest.model import Failure, Record, Source
from ingest.parsing.html_body import printed_citation
from ingest.parsing.latex import decode_latex
from ingest.parsing.superscripts import find_citations
from ingest.pipeline import read_source
from kb.build import build
from tests.test_format_samples import SAMPLES
from tests.test_structured_formats import jats, nbib, results

TEXTS = ("aggregator_page", "dokuwiki_page", "fulltext_page", "jstage_page", "pubmed_page")
TAGGED = ("bibtex", "medline", "ris")


def one(data: str | bytes, name: str = "x") -> Record:
    (found,) = results(data.encode() if isinstance(data, str) else data, name)
    assert isinstance(found, Record), found
    return found


def records(data: str | bytes) -> list[Record]:
    found = results(data.encode() if isinstance(data, str) else data)
    return [each for each in found if isinstance(each, Record)]


def _plain(found: Record | Failure) -> dict[str, Any]:
    return {key: value for key, value in asdict(found).items() if key != "sha256"}


@pytest.mark.parametrize("key", [*TEXTS, *TAGGED])
@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_line_ends_of_other_systems_change_nothing(key: str, end: str) -> None:
    (path,) = (each for each in SAMPLES.glob(f"{key}.*") if "expected" not in each.name)
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    plain, other = (
        list(read(Source(path.name, data=each.encode())))
        for each in (text, text.replace("\n", end))
    )
    assert [_plain(each) for each in other] == [_plain(each) for each in plain]
    assert {each.format for each in plain} == {key}


def test_a_date_behind_a_full_stop_is_no_range_of_references() -> None:
    text = "All walked.1 They went home.2-3 Seen last.2010-03-05 Nobody fell.4"
    assert find_citations(text, [(0, len(text))])[0].references == (1,)


def test_json_records_of_different_keys_are_cut_apart() -> None:
    rich = {"id": "a", "type": "book", "title": "Rich", "volume": "1", "page": "1", "note": "x",
            "ISSN": "1234-5678", "author": [{"family": "Roe"}], "publisher": "Nobody"}  # fmt: skip
    poor = [{"id": each, "type": "book", "title": each, "language": "en"} for each in "bcd"]
    data = json.dumps([rich, *poor]).replace('"id": "b"', '"id": "b" "x"')
    found = results(data.encode())
    assert [getattr(each, "title", None) for each in found] == ["Rich", None, "c", "d"]


def test_references_of_a_broken_paper_are_no_papers() -> None:
    listed = [{"paperId": f"r{n}", "title": f"Cited {n}"} for n in range(3)]
    papers = [
        {"paperId": f"p{n}", "title": f"Paper {n}", "externalIds": {}, "references": listed}
        for n in range(3)
    ]
    data = json.dumps({"data": papers}).replace('"title": "Paper 0"', '"title" "Paper 0"')
    found = results(data.encode())
    assert [getattr(each, "title", None) for each in found] == [None, "Paper 1", "Paper 2"]


def test_references_with_the_keys_of_papers_are_references() -> None:
    keys = {f"key{n}": n for n in range(12)}
    listed = [{"paperId": f"r{n}", "title": f"Cited {n}", **keys} for n in range(3)]
    paper = {"paperId": "p", "title": "Paper", "externalIds": {}, "references": listed, **keys}
    assert len(one(json.dumps({"data": [paper]})).references) == 3


def test_a_record_whose_follower_lost_its_brace_is_kept() -> None:
    items = [{"id": each, "type": "book", "title": each} for each in "abc"]
    found = results(json.dumps(items).replace('{"id": "b"', '"id": "b"').encode())
    assert [getattr(each, "title", None) for each in found] == ["a", None, "c"]


def test_works_of_chosen_fields_are_works() -> None:
    works = [
        {"DOI": "10.9999/a", "title": ["A"]},
        {"DOI": "10.9999/b", "issued": None, "title": []},
    ]
    data = json.dumps({"message-type": "work-list", "message": {"items": works}})
    assert [each.doi for each in records(data)] == ["10.9999/a", "10.9999/b"]


def test_the_least_item_and_a_doi_in_a_note() -> None:
    least = one(json.dumps([{"id": "a", "type": "book", "title": "Least"}]))
    assert (least.format, least.title) == ("csl_json", "Least")
    note = "PMID: 12\nDOI: 10.9999/own\nA comment on doi: 10.9999/other"
    item = {"id": "a", "type": "article", "title": "A", "author": [], "note": note}
    assert one(json.dumps([item])).doi == "10.9999/own"
    item["note"] = "A comment on doi: 10.9999/other"
    assert one(json.dumps([item])).doi is None


def test_a_preprint_that_a_service_names_is_one() -> None:
    corrections = [{"id": "PPR1", "source": "PPR", "reference": "Archive", "type": "Preprint in"}]
    value = {"id": "1", "source": "MED", "title": "A", "pubYear": "2010",
             "commentCorrectionList": {"commentCorrection": corrections}}  # fmt: skip
    (link,) = one(json.dumps({"resultList": {"result": [value]}})).links
    assert (link.relation, link.raw, link.pmid) == ("has_preprint", "Archive PPR1", None)


def test_a_record_before_one_without_its_first_line_is_kept() -> None:
    data = f"{nbib(11)}\n{nbib(12).replace('PMID-', 'PMI-')}\n{nbib(13)}"
    found = results(data.encode())
    assert [getattr(each, "pmid", None) for each in found] == ["11", None, "13"]


@pytest.mark.parametrize("form", ["jats", "tei", "endnote_xml", "pubmed_xml"])
def test_two_articles_in_one_element_are_not_one(form: str) -> None:
    data = {
        "jats": jats(1).replace("</article>", "").strip() + jats(2).partition(">")[2],
        "tei": "<TEI><teiHeader><fileDesc/></teiHeader><teiHeader/><text><body><p>All walked.</p></body></text></TEI>",
        "endnote_xml": "<xml><records><record><ref-type>17</ref-type><titles><title>A</title></titles><titles><title>B</title></titles></record></records></xml>",
        "pubmed_xml": "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article/></MedlineCitation><MedlineCitation><PMID>2</PMID><Article><ArticleTitle>B</ArticleTitle></Article></MedlineCitation></PubmedArticle>",
    }[form]
    found = results(data.encode())
    assert found and all(isinstance(each, Failure) for each in found), found


def _full_text(body: str, abstract: str = "<abstract><p>Ten walked.</p></abstract>") -> Record:
    front = f"<front><article-meta><title-group><article-title>A title</article-title></title-group>{abstract}</article-meta></front>"
    return one(f'<article xmlns:m="http://www.w3.org/1998/Math/MathML">{front}<body>{body}</body></article>')  # fmt: skip


def test_paragraphs_before_the_first_section_are_no_abstract() -> None:
    found = _full_text("<p>Opening words.</p><sec><title>Methods</title><p>We walked.</p></sec>")
    bodies = {each.heading: found.text[each.start : each.end] for each in found.sections}
    assert bodies == {"Abstract": "Ten walked.", "": "Opening words.", "Methods": "We walked."}


def test_exponents_of_formulas_and_behind_mark_up() -> None:
    math = "<m:math><m:msup><m:mn>10</m:mn><m:mn>6</m:mn></m:msup></m:math>"
    half = "<m:math><m:mfrac><m:mrow><m:mi>a</m:mi><m:mo>+</m:mo><m:mi>b</m:mi></m:mrow><m:mn>2</m:mn></m:mfrac></m:math>"
    power = "<m:math><m:msup><m:mi>x</m:mi><m:mi>n</m:mi></m:msup></m:math>"
    formulas = "".join(f"<inline-formula>{each}</inline-formula> " for each in (math, half, power))
    found = _full_text(f"<p>{formulas}and <italic>I</italic><sup>2</sup> = 40%.</p>")
    assert found.text.endswith("10⁶ (a+b)/2 x^n and I² = 40%.")


PAGE = '<html lang="en"><head><meta name="citation_title" content="A title">{head}</head><body>{body}</body></html>'


def test_a_short_body_of_a_known_layout_is_kept() -> None:
    body = '<section class="body main-article-body"><h2 class="pmc_sec_title">Results</h2><p>Ten patients walked home<sup><a href="#x1">1</a></sup> and slept.</p></section>'
    head = '<link rel="canonical" href="https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/">'
    found = one(PAGE.format(head=head, body=body))
    assert (found.pmcid, found.content_level) == ("PMC1234567", "full_text")
    assert [each.heading for each in found.sections] == ["Results"]
    (mark,) = found.markers
    assert (mark.role, mark.raw, mark.references) == ("citation", "1", (1,))


def test_a_short_article_of_an_unknown_layout_is_kept_by_its_headings() -> None:
    body = "<article><h1>A title</h1><h2>Results</h2><p>Ten of the ten patients walked home again.</p></article>"
    assert "walked home" in one(PAGE.format(head="", body=body)).text
    lost = body.replace("A title", "Page not found")
    (found,) = results(f"<html><head></head><body>{lost}</body></html>".encode())
    assert isinstance(found, Failure)


@pytest.mark.parametrize(
    ("printed", "parts"),
    [
        ("1995 Mar:(312):148-59.", {"date": "1995 Mar", "issue": "312", "pages": "148-59"}),
        ("2010 Mar 5;24(3):148-59.", {"date": "2010 Mar 5", "volume": "24", "issue": "3", "pages": "148-59"}),
        ("2010 Jun 27. doi: 10.9999/x.", {"date": "2010 Jun 27"}),
        ("2010 Dec 30:148-59.", {"date": "2010 Dec 30", "pages": "148-59"}),
    ],
)  # fmt: skip
def test_a_printed_citation_line(printed: str, parts: dict[str, str]) -> None:
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(f'<span class="cit">{printed}</span>')
    assert printed_citation(page, {"citation": [".cit"]}) == parts


def test_names_that_begin_with_an_accent() -> None:
    found = one(
        r"@article{x, title={T}, author={M{\"u}ller, Jo and \'{E}tienne Roe and \O st, Bo}}"
    )
    assert [each.name for each in found.authors] == ["Jo Müller", "Étienne Roe", "Bo Øst"]


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (r"\^{\i}", "î"),
        (r"5\textasciicircum{}2", "5^2"),
        (r"90$^\circ$", "90°"),
        (r"5$^{\circ}$C", "5°C"),
        (r"\copyright{} Nobody", "© Nobody"),
    ],
)
def test_latex_signs(printed: str, text: str) -> None:
    assert decode_latex(printed).replace("©Nobody", "© Nobody") == text


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Withdrawal: Fictional spines in series", "retraction"),
        ("Withdrawal of steroids before fictional surgery", "article"),
        ("Addendum to: Fictional spines in series", "erratum"),
    ],
)
def test_rarer_notices(title: str, kind: str) -> None:
    assert kind_of(one(f"TY  - JOUR\nTI  - {title}\nER  -\n")) == kind


def test_links_find_an_article_by_any_form_of_its_doi(tmp_path: Path) -> None:
    old = "10.9999/(SICI)1(1999)85:1<1::AID-X1>3.0.CO;2-X"
    work = {"DOI": old, "type": "journal-article", "title": ["Fictional spines"]}
    notice = {"DOI": "10.9999/r", "type": "journal-article", "title": ["Retraction: Fictional spines"],
              "update-to": [{"DOI": old.replace("<", "%3C").replace(">", "%3E"), "type": "retraction"}]}  # fmt: skip
    data = json.dumps({"message-type": "work-list", "message": {"items": [work, notice]}})
    (tmp_path / "works.json").write_text(data)
    build([str(tmp_path / "works.json")], tmp_path / "x.db")
    with sqlite3.connect(tmp_path / "x.db") as connection:
        rows = connection.execute(
            "select relation, target_article_id from article_links"
        ).fetchall()
    assert len(rows) == 1 and rows[0][0] == "retraction_of" and rows[0][1] is not None


def test_every_format_is_known_by_its_sample_with_any_line_ends() -> None:
    for key in formats():
        (path,) = (each for each in SAMPLES.glob(f"{key}.*") if "expected" not in each.name)
        data = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r")
        assert {each.format for each in read(Source(path.name, data=data))} == {key}


def test_a_record_of_too_many_tags_is_refused_before_it_is_parsed() -> None:
    many = "<i>x</i>" * 400_001
    (found,) = results(jats(1).replace("Ten patients", many).encode())
    assert isinstance(found, Failure) and "tags" in found.reason
    page = PAGE.format(head="", body="<i>x</i>" * 150_001).encode()
    (found,) = results(page)
    assert isinstance(found, Failure) and "tags" in found.reason


def test_a_page_with_its_pictures_inside_is_read() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * (9 << 20)}">'
    body = f"<article><h1>A title</h1><h2>Results</h2><p>Ten of ten patients walked home.</p>{picture}</article>"
    assert "walked home" in one(PAGE.format(head="", body=body)).text


def test_a_member_that_holds_more_than_it_states_is_not_unpacked() -> None:
    import io
    import struct
    import tracemalloc
    import zipfile

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.ris", b"A" * (60 << 20))
    data = held.getvalue()
    at = data.rfind(b"PK\x01\x02") + 24
    lying = data[:at] + struct.pack("<I", 1000) + data[at + 4 :]
    tracemalloc.start()
    found = list(read_source(Source("a.zip", data=lying)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found and all(isinstance(each, Failure) for each in found)
    assert peak < 8 << 20
