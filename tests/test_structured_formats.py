"""One fictional article in every structured format: the same fields, broken neighbours apart."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from ingest.formats import formats, read
from ingest.model import Failure, Record, Source
from ingest.text import DIGEST, display

TITLE = "A fictional series of {n} spines"
NOTE = f"{DIGEST}."


def nbib(n: int, note: str = "") -> str:
    return f"""PMID- {n}
OWN - NLM
STAT- MEDLINE
LR  - 20210504
IS  - 1234-5678 (Print)
VI  - 7
IP  - 2
DP  - 2010 Mar
TI  - A fictional series
      of {n} spines
PG  - 148-59
LID - 10.9999/x.{n} [doi]
AB  - Ten patients walked.
CI  - {note or "Nobody"}
FAU - Roe, Ann B Jr
AU  - Roe AB Jr
AUID- ORCID: 0000-0002-1825-009X
AD  - One Place.
CN  - Example Group
LA  - eng
PT  - Journal Article
TA  - Ex Spine J
JT  - Example Spine Journal
"""


def ris(n: int, note: str = "") -> str:
    return f"""TY  - JOUR
AU  - Roe, Ann B, Jr
AU  - Example Group
TI  - {TITLE.format(n=n)}
T2  - Example Spine Journal
PY  - 2010
DA  - 2010/03//
VL  - 7
IS  - 2
SP  - 148
EP  - 159
SN  - 1234-5678
DO  - https://doi.org/10.9999/x.{n}
AB  - Ten patients walked.
N1  - {note or "a note"}
LA  - English
ER  -
"""


def bibtex(n: int, note: str = "") -> str:
    return f"""@article{{key,
  title = {{A {{Fictional}} series of {n} spines}},
  author = {{Roe, Jr, Ann B and {{Example Group}}}},
  journal = {{Example Spine Journal}}, year = 2010, month = mar, volume = {{7}}, number = {{2}},
  pages = {{148--159}}, doi = {{10.9999/x.{n}}}, issn = {{1234-5678}}, language = {{english}},
  abstract = {{Ten patients walked.}}, note = {{{note}}}
}}
""".replace("{Fictional}", "fictional")


def csl(n: int, note: str = "") -> dict[str, Any]:
    return {
        "id": f"x{n}",
        "type": "article-journal",
        "title": TITLE.format(n=n),
        "author": [
            {"family": "Roe", "given": "Ann B", "suffix": "Jr"},
            {"literal": "Example Group"},
        ],
        "container-title": "Example Spine Journal",
        "issued": {"date-parts": [[2010, 3]]},
        "volume": "7",
        "issue": "2",
        "page": "148-159",
        "ISSN": "1234-5678",
        "DOI": f"10.9999/x.{n}",
        "abstract": "Ten patients walked.",
        "language": "en-GB",
        "note": note or f"PMID: {n}",
    }


def crossref(n: int, note: str = "") -> dict[str, Any]:
    return {
        "indexed": {"version": "x"},
        "DOI": f"10.9999/x.{n}",
        "type": "journal-article",
        "title": ["A fictional <i>series</i> of " + f"{n} spines"],
        "author": [{"family": "Roe", "given": "Ann B", "suffix": "Jr"}, {"name": "Example Group"}],
        "container-title": ["Example Spine Journal"],
        "issued": {"date-parts": [[2010, 3]]},
        "volume": "7",
        "issue": "2",
        "page": "148-159",
        "ISSN": ["1234-5678"],
        "abstract": "<jats:title>Abstract</jats:title><jats:p>Ten patients walked.</jats:p>",
        "language": "en",
        "reference": [{"key": "ref1", "DOI": "10.9999/other", "article-title": "Other"}],
        "copyright": note,
    }


def europepmc(n: int, note: str = "") -> dict[str, Any]:
    return {
        "id": str(n),
        "source": "MED",
        "pmid": str(n),
        "doi": f"10.9999/x.{n}",
        "title": TITLE.format(n=n),
        "authorString": "Roe AB, Example Group.",
        "authorList": {
            "author": [
                {"fullName": "Roe AB", "firstName": "Ann B", "lastName": "Roe", "suffix": "Jr"},
                {"collectiveName": "Example Group"},
            ]
        },
        "journalInfo": {
            "volume": "7",
            "issue": "2",
            "dateOfPublication": "2010 Mar",
            "journal": {"title": "Example Spine Journal", "issn": "1234-5678"},
        },
        "pubYear": "2010",
        "pageInfo": "148-159",
        "abstractText": "Ten patients walked.",
        "language": "eng",
        "note": note,
    }


def semanticscholar(n: int, note: str = "") -> dict[str, Any]:
    return {
        "paperId": f"abc{n}",
        "externalIds": {"DOI": f"10.9999/x.{n}", "PubMed": str(n)},
        "title": TITLE.format(n=n),
        "abstract": "Ten patients walked.",
        "publicationDate": "2010-03",
        "year": 2010,
        "journal": {"name": "Example Spine Journal", "volume": "7", "pages": "148-159"},
        "publicationVenue": {"issn": "1234-5678"},
        "authors": [{"name": "Ann B Roe Jr"}, {"name": "Example Group"}],
        "tldr": {"text": "Words of a machine."},
        "note": note,
    }


def openalex(n: int, note: str = "") -> dict[str, Any]:
    return {
        "id": f"https://openalex.org/W{n}",
        "doi": f"https://doi.org/10.9999/x.{n}",
        "title": TITLE.format(n=n),
        "publication_year": 2010,
        "publication_date": "2010-03-05",
        "language": "en",
        "ids": {"pmid": f"https://pubmed.ncbi.nlm.nih.gov/{n}"},
        "primary_location": {
            "source": {"display_name": "Example Spine Journal", "issn": ["1234-5678"]}
        },
        "authorships": [
            {"raw_author_name": "Ann B Roe Jr", "author": {"display_name": "A. Roe"}},
            {"raw_author_name": "Example Group"},
        ],
        "biblio": {"volume": "7", "issue": "2", "first_page": "148", "last_page": "159"},
        "abstract_inverted_index": {"walked.": [2], "Ten": [0], "patients": [1]},
        "note": note,
    }


def bioc(n: int, note: str = "") -> dict[str, Any]:
    front = {
        "type": "front",
        "section_type": "TITLE",
        "article-id_doi": f"10.9999/x.{n}",
        "article-id_pmid": str(n),
        "journal-title": "Example Spine Journal",
        "year": "2010",
        "volume": "7",
        "issue": "2",
        "fpage": "148",
        "lpage": "159",
        "name_0": "surname:Roe;given-names:Ann B;suffix:Jr",
        "name_1": "collab:Example Group",
        "note": note,
    }
    return {
        "id": f"PMC{n}",
        "infons": {},
        "passages": [
            {"offset": 0, "infons": front, "text": TITLE.format(n=n)},
            {
                "infons": {"type": "abstract", "section_type": "ABSTRACT"},
                "text": "Ten patients walked.",
            },
        ],
    }


def endnote(n: int, note: str = "") -> str:
    return f"""<record><rec-number>{n}</rec-number><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style face="normal">Roe, Ann B, Jr</style></author><author>Example Group</author></authors></contributors>
<titles><title><style face="normal">A fictional </style><style face="italic">series</style><style> of {n} spines</style></title><secondary-title>Example Spine Journal</secondary-title></titles>
<pages>148-159</pages><volume>7</volume><number>2</number><dates><year>2010</year><pub-dates><date>Mar</date></pub-dates></dates>
<isbn>1234-5678</isbn><electronic-resource-num>10.9999/x.{n}</electronic-resource-num><abstract>Ten patients walked.</abstract><language>eng</language><notes>{note}</notes></record>
"""


def jats(n: int, note: str = "") -> str:
    return f"""<article xml:lang="en" article-type="research-article"><front><journal-meta><journal-title-group><journal-title>Example Spine Journal</journal-title></journal-title-group><issn pub-type="ppub">1234-5678</issn></journal-meta>
<article-meta><article-id pub-id-type="pmid">{n}</article-id><article-id pub-id-type="doi">10.9999/x.{n}</article-id><title-group><article-title>A fictional <italic>series</italic> of {n} spines</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Roe</surname><given-names>Ann B</given-names><suffix>Jr</suffix></name></contrib><contrib contrib-type="author"><collab>Example Group</collab></contrib></contrib-group>
<pub-date pub-type="ppub"><month>3</month><year>2010</year></pub-date><volume>7</volume><issue>2</issue><fpage>148</fpage><lpage>159</lpage>
<permissions><copyright-statement>{note or "2010 Nobody"}</copyright-statement></permissions><abstract><p>Ten patients walked.</p></abstract></article-meta></front></article>
"""


def tei(n: int, note: str = "") -> str:
    return f"""<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader xml:lang="en"><fileDesc><titleStmt><title level="a" type="main">A fictional series of {n} spines</title></titleStmt>
<publicationStmt><availability><p>{note}</p></availability></publicationStmt>
<sourceDesc><biblStruct><analytic><author><persName><forename type="first">Ann</forename><forename type="middle">B</forename><surname>Roe</surname><genName>Jr</genName></persName></author></analytic>
<monogr><title level="j">Example Spine Journal</title><imprint><biblScope unit="volume">7</biblScope><biblScope unit="issue">2</biblScope><biblScope unit="page" from="148" to="159"/><date type="published" when="2010-03">Mar 2010</date></imprint></monogr><idno type="DOI">10.9999/x.{n}</idno><idno type="ISSN">1234-5678</idno></biblStruct></sourceDesc></fileDesc>
<profileDesc><abstract><div><p>Ten patients walked.</p></div></abstract></profileDesc></teiHeader><text xml:lang="en"><body/></text></TEI>
"""


def _array(key: str | None) -> Callable[[list[Any]], bytes]:
    def build(values: list[Any]) -> bytes:
        whole = {"version": "1", key: values} if key else values
        return json.dumps(whole, ensure_ascii=False).encode()

    return build


def _joined(before: str, after: str, between: str = "") -> Callable[[list[Any]], bytes]:
    return lambda values: (before + between.join(values) + after).encode()


SAMPLES: dict[str, tuple[Callable[..., Any], Callable[[list[Any]], bytes]]] = {
    "medline": (nbib, _joined("\n", "", "\n")),
    "ris": (ris, _joined("", "")),
    "bibtex": (bibtex, _joined("", "")),
    "csl_json": (csl, _array(None)),
    "crossref_json": (crossref, lambda values: json.dumps({"status": "ok", "message-type": "work-list", "message": {"total-results": 3, "items": values}}).encode()),
    "europepmc_json": (europepmc, lambda values: json.dumps({"hitCount": 3, "resultList": {"result": values}}).encode()),
    "semanticscholar_json": (semanticscholar, _array("data")),
    "openalex_json": (openalex, _array("results")),
    "bioc_json": (bioc, _array("documents")),
    "endnote_xml": (endnote, _joined("<xml><records>", "</records></xml>")),
    "jats": (jats, _joined("<pmc-articleset>", "</pmc-articleset>")),
    "tei": (tei, _joined("<teiCorpus>", "</teiCorpus>")),
}  # fmt: skip
# What a format, as such, cannot say.
MISSING = {
    "semanticscholar_json": {"issue", "language"},
    "tei": {"group"},
    "bioc_json": {"month", "issn", "language"},
}
NO_IDENTIFIER = {"ris", "bibtex", "endnote_xml", "tei", "crossref_json"}


def results(data: bytes, name: str = "x") -> list[Record | Failure]:
    return list(read(Source(name, data=data)))


def build(form: str, *numbers: int, note: str = "") -> bytes:
    make, wrap = SAMPLES[form]
    return wrap([make(n, note) for n in numbers])


@pytest.mark.parametrize("form", SAMPLES)
def test_the_same_article_reads_the_same(form: str) -> None:
    found = results(build(form, 11, 12))
    assert [each.format for each in found] == [form, form], found
    record = found[1]
    assert isinstance(record, Record)
    missing = MISSING.get(form, set())
    month = "2010" if "month" in missing else "2010-03-05" if form == "openalex_json" else "2010-03"
    assert record.title == "A fictional series of 12 spines"
    assert record.text.startswith(record.title)
    (section,) = [each for each in record.sections if each.end > each.start]
    assert record.text[section.start : section.end] == "Ten patients walked."
    assert [(each.family, each.given, each.suffix) for each in record.authors[:1]] == [
        ("Roe", "Ann B", "Jr")
    ]
    if "group" not in missing:
        assert [(each.name, each.collective) for each in record.authors[1:]] == [
            ("Example Group", True)
        ]
    assert (record.journal, record.volume) == ("Example Spine Journal", "7")
    assert record.issue == (None if "issue" in missing else "2")
    assert (record.pages, record.doi, record.date) == ("148-159", "10.9999/x.12", month)
    assert record.issn == (None if "issn" in missing else "1234-5678")
    assert record.language == (None if "language" in missing else "en")
    assert record.pmid == (None if form in NO_IDENTIFIER else "12")
    assert record.digest is False and record.content_level == "abstract"


@pytest.mark.parametrize("form", SAMPLES)
def test_a_digest_is_marked(form: str) -> None:
    (record,) = results(build(form, 11, note=NOTE))
    assert isinstance(record, Record), record
    assert record.digest is True


@pytest.mark.parametrize("form", SAMPLES)
def test_gzip_and_utf_16_and_a_mark_read_the_same(form: str) -> None:
    data = build(form, 11, 12)
    plain = [each.doi for each in results(data) if isinstance(each, Record)]
    for other in (gzip.compress(data), b"\xef\xbb\xbf" + data, data.decode().encode("utf-16")):
        assert [each.doi for each in results(other) if isinstance(each, Record)] == plain


@pytest.mark.parametrize("form", SAMPLES)
@pytest.mark.parametrize("damage", ["cut", "structure"])
def test_a_broken_record_costs_only_itself(form: str, damage: str) -> None:
    make, wrap = SAMPLES[form]
    values = [make(n) for n in (11, 12, 13)]
    data = wrap(values)
    middle = json.dumps(values[1]).encode() if isinstance(values[1], dict) else values[1].encode()
    assert middle in data
    broken = middle[: len(middle) // 2] if damage == "cut" else _torn(middle)
    found = results(data.replace(middle, broken))
    kept = [each.doi for each in found if isinstance(each, Record)]
    assert kept[0] == "10.9999/x.11" and kept[-1] == "10.9999/x.13", found
    failures = [each for each in found if isinstance(each, Failure)]
    assert len(kept) + len(failures) == 3
    assert all(each.reason.startswith("x ") and ";" in each.reason for each in failures)


def _torn(record: bytes) -> bytes:
    """Take a structural character out of the record's middle."""
    half = len(record) // 2
    marks = [
        record.find(mark, half)
        for mark in (b"</", b'": "', b"},", b"- ")
        if record.find(mark, half) > 0
    ]
    return record[: min(marks)] + record[min(marks) + 2 :]


def test_every_format_module_is_described_and_sniffs_nothing_in_prose() -> None:
    prose = b"Ten patients were seen in the clinic and all of them walked home."
    for name, module in formats().items():
        assert module.__doc__, name
        assert module.sniff(b"", "x") == 0
        assert module.sniff(prose, "x.txt") <= 5, name


def test_medline_details() -> None:
    data = nbib(1).replace(
        "TI  - A fictional series\n      of 1 spines",
        "TI  - [A translated title].\nTT  - Ein Titel.",
    )
    data = data.replace("DP  - 2010 Mar", "DP  - 1998 Dec-1999 Jan") + (
        "OAB - Texto.\nOABL- spa\nMH  - *Spine/surgery/*pathology\nMH  - Humans\n"
        "EIN - Example Spine J. 2011;8:1. doi: 10.9999/e. PMID: 5\nSI  - ClinicalTrials.gov/NCT0\nSI  - GENBANK/AB1\n"
    )
    (record,) = results(data.encode())
    assert isinstance(record, Record)
    assert (record.title, record.original_title) == ("A translated title", "Ein Titel.")
    assert (record.date, record.months, record.date_raw) == ("1998", (12, 1), "1998 Dec-1999 Jan")
    assert record.mesh == ("Spine/surgery", "Spine/pathology", "Humans")
    assert record.trial_numbers == ("NCT0",)
    assert [(each.relation, each.pmid, each.doi) for each in record.links] == [
        ("erratum_in", "5", "10.9999/e")
    ]
    assert [each.heading for each in record.sections] == ["", "Other abstract (es)"]
    assert record.authors[0].orcid == "0000-0002-1825-009X"
    assert record.authors[0].affiliations == ("One Place.",)


def test_ris_of_bad_exporters() -> None:
    """A mark, CR-only lines, one space, letterhead, no ER, wrapped lines that look like tags."""
    data = "\ufeffProvider: Nobody\n\n" + ris(1).replace("  - ", " - ").replace("ER  -\n", "")
    data = data.replace("Ten patients walked.", "Ten patients\nT2 - weighted images\nwalked.")
    found = results((data + ris(2)).replace("\n", "\r").encode())
    assert [each.doi for each in found if isinstance(each, Record)] == [
        "10.9999/x.1",
        "10.9999/x.2",
    ]
    first = found[0]
    assert isinstance(first, Record)
    assert first.text.endswith("Ten patients T2 - weighted images walked.")
    assert (first.journal, first.date) == ("Example Spine Journal", "2010-03")


def test_ris_in_another_encoding_spoils_no_neighbour() -> None:
    first = ris(1).replace("Ann B", "Zoë").encode("cp1252")
    found = results(first + ris(2).replace("Ann B", "Zoë").encode())
    assert [each.authors[0].given for each in found if isinstance(each, Record)] == ["Zoë", "Zoë"]


def test_bibtex_details() -> None:
    data = r"""@string{esj = "Example Spine Journal"}
@article{key, title = {50% of {\"u}ber cm$^2$ \& {DNA}}, author = {de la Roe, Ann and M{\"u}ller, Bo and others},
  journal = esj # " Supplement", title = {Doubled}, year = {2010}, month = sep # "~15"}
@article{key, title = {Same key}, year = 2011}
@article{, title = {No key}, year = 2012}
@article{glued, title = {No comma} year = 2013}
#article{lost,
  title = {Damaged start},
  year = {2014},
}
@inproceedings(round, title = {Round brackets}, year = 2015)
"""
    found = results(data.encode())
    assert [each.title if isinstance(each, Record) else None for each in found] == [
        "50% of über cm² & DNA",
        "Same key",
        "No key",
        None,
        None,
        "Round brackets",
    ]
    first = found[0]
    assert isinstance(first, Record)
    assert [each.name for each in first.authors] == ["Ann de la Roe", "Bo Müller"]
    assert (first.journal, first.date) == (
        "Example Spine Journal Supplement",
        "2010-09-15",
    )


def test_json_lines_one_object_and_indents() -> None:
    for form in ("csl_json", "crossref_json", "semanticscholar_json", "openalex_json"):
        make, _ = SAMPLES[form]
        values = [make(n) for n in (1, 2, 3)]
        lines = [json.dumps(each) for each in values]
        cut = [lines[0], lines[1][:60], lines[2]]
        dois = [each.doi for each in results("\n".join(cut).encode()) if isinstance(each, Record)]
        assert dois == ["10.9999/x.1", "10.9999/x.3"], form
        assert len(results("\n".join(lines).encode())) == 3
        assert [each.format for each in results(json.dumps(values, indent=2).encode())] == [
            form
        ] * 3
        (one,) = results(json.dumps(values[0], indent=1).encode())
        assert isinstance(one, Record) and one.doi == "10.9999/x.1"


@pytest.mark.parametrize("form", ["csl_json", "crossref_json", "bioc_json"])
def test_json_of_several_chunks(form: str) -> None:
    make, wrap = SAMPLES[form]
    values = [make(n) | {"padding": "x" * 20000} for n in range(1, 201)]
    found = results(wrap(values))
    assert [each.doi for each in found if isinstance(each, Record)] == [
        f"10.9999/x.{n}" for n in range(1, 201)
    ]
    assert len(found) == 200


def test_crossref_single_work_references_and_retraction() -> None:
    work = crossref(1) | {"update-to": [{"type": "retraction", "DOI": "10.9999/bad", "label": "R"}]}
    (record,) = results(
        json.dumps({"status": "ok", "message-type": "work", "message": work}).encode()
    )
    assert isinstance(record, Record)
    assert [(each.label, each.doi, each.title) for each in record.references] == [
        (1, "10.9999/other", "Other")
    ]
    assert [(each.relation, each.doi) for each in record.links] == [
        ("retraction_of", "10.9999/bad")
    ]


def test_openalex_first_of_january_is_no_day() -> None:
    work = openalex(1) | {"publication_date": "2010-01-01", "is_retracted": True}
    (record,) = results(json.dumps([work]).encode())
    assert isinstance(record, Record)
    assert (record.date, record.months) == ("2010", None)
    assert "Retracted Publication" in record.publication_types


def test_europepmc_headings_label_the_abstract() -> None:
    value = europepmc(1) | {
        "abstractText": "<h4>Methods</h4>Ten &lt; 20.<h4>Results</h4>All walked."
    }
    (record,) = results(json.dumps({"hitCount": 1, "resultList": {"result": [value]}}).encode())
    assert isinstance(record, Record)
    assert [(each.heading, record.text[each.start : each.end]) for each in record.sections] == [
        ("Methods", "Ten < 20."),
        ("Results", "All walked."),
    ]


def test_json_escapes_that_no_store_takes() -> None:
    data = build("csl_json", 1).replace(b"Ten patients", b"Ten\\u0000 \\ud800 patients")
    (record,) = results(data)
    assert isinstance(record, Record)
    record.text.encode()
    assert "\0" not in record.text and "patients walked." in record.text


BODY = """<body><sec><label>1</label><title>Introduction</title>
<p>Tumours are rare [<xref ref-type="bibr" rid="B1">1</xref>, <xref ref-type="bibr" rid="B3">3</xref>–<xref ref-type="bibr" rid="B5">5</xref>]. About 10<sup>5</sup> cells in 3 cm<sup>2</sup> grow.<sup><xref ref-type="bibr" rid="B2">2</xref></sup> <xref ref-type="bibr" rid="B4">Poe et al.</xref> saw it.</p>
<sec><title>Deep</title><p>See the figure.<fig><label>Figure 1</label><caption><p>A caption with 9 patients.</p></caption></fig> More&nbsp;prose.</p></sec><p>After the child.</p></sec>
<sec><title>Results</title><table-wrap><label>Table 1</label><caption><p>Numbers.</p></caption><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table></table-wrap><list><list-item><p>One.</p></list-item></list></sec></body>
<back><ref-list><ref id="B1"><label>1.</label><mixed-citation>Poe B. <article-title>Old</article-title>. <year>2001</year>. <pub-id pub-id-type="pmid">7</pub-id> <pub-id pub-id-type="doi">10.9999/old</pub-id></mixed-citation></ref><ref id="B2"/><ref id="B3"/><ref id="B4"/><ref id="B5"/></ref-list></back></article>"""


def _full() -> Record:
    (record,) = results(jats(1).replace("</article>", BODY, 1).encode())
    assert isinstance(record, Record), record
    return record


def test_jats_sections_keep_their_tree() -> None:
    record = _full()
    assert record.content_level == "full_text"
    assert [(each.level, each.path, record.text[each.start : each.end][:10]) for each in record.sections] == [
        (1, ("Abstract",), "Ten patien"),
        (1, ("1 Introduction",), "Tumours ar"),
        (2, ("1 Introduction", "Deep"), "See the fi"),
        (1, ("1 Introduction",), "After the "),
        (1, ("Results",), "Table 1 Nu"),
    ]  # fmt: skip
    for each in record.sections:
        assert record.text[each.heading_start : each.heading_end] == each.heading


def test_jats_citations_are_markers_and_exponents_are_kept() -> None:
    record = _full()
    start = record.text.index("Tumours")
    shown = display(record.text, start, record.text.index("\n", start), record.markers)
    assert shown == "Tumours are rare. About 10⁵ cells in 3 cm² grow. Poe et al. saw it."
    citations = [each for each in record.markers if each.role == "citation"]
    assert [each.references for each in citations] == [(1, 3, 4, 5), (2,), (4,)]
    assert all(record.text[each.start : each.end] == each.raw for each in record.markers)


def test_jats_captions_and_tables_are_asides_and_references_are_read() -> None:
    record = _full()
    asides = [each.raw for each in record.markers if each.role == "caption"]
    assert asides == ["Figure 1 A caption with 9 patients.", "Table 1 Numbers.", "A\tB\n1\t2"]
    first = record.references[0]
    assert (first.label, first.title, first.year, first.pmid, first.doi) == (
        1,
        "Old",
        2001,
        "7",
        "10.9999/old",
    )
    assert record.doi == "10.9999/x.1"


def test_bioc_full_text_sections_and_references() -> None:
    value = bioc(1)
    value["passages"] += [
        {"infons": {"type": "title_1", "section_type": "RESULTS"}, "text": "Results"},
        {"infons": {"type": "paragraph", "section_type": "RESULTS"}, "text": "All walked."},
        {"infons": {"type": "fig_caption", "section_type": "FIG"}, "text": "A caption."},
        {
            "infons": {"type": "ref", "section_type": "REF", "year": "2001", "pub-id_pmid": "7"},
            "text": "Old",
        },
    ]
    (record,) = results(json.dumps([{"source": "PMC", "documents": [value]}]).encode())
    assert isinstance(record, Record)
    assert (record.content_level, record.pmcid) == ("full_text", "PMC1")
    assert [each.path for each in record.sections] == [("Abstract",), ("Results",)]
    assert [each.raw for each in record.markers] == ["A caption."]
    assert [(each.title, each.year, each.pmid) for each in record.references] == [
        ("Old", 2001, "7")
    ]


def test_tei_body_citations_and_references() -> None:
    body = """<body><div><head n="1">Methods</head><p>Ten were seen <ref type="bibr" target="#b0">[1]</ref>.</p></div><figure><head>Fig. 1</head><figDesc>A caption.</figDesc></figure></body>
<back><div type="references"><listBibl><biblStruct xml:id="b0"><analytic><title level="a">Old</title><author><persName><surname>Poe</surname></persName></author></analytic><monogr><title level="j">J</title><imprint><date when="2001"/></imprint></monogr><idno type="DOI">10.9999/old</idno></biblStruct></listBibl></div></back>"""
    (record,) = results(tei(1).replace("<body/>", body).encode())
    assert isinstance(record, Record)
    assert [each.path for each in record.sections] == [("Abstract",), ("1 Methods",)]
    assert [(each.role, each.references) for each in record.markers] == [
        ("citation", (1,)),
        ("caption", ()),
    ]
    assert [(each.title, each.year, each.doi) for each in record.references] == [
        ("Old", 2001, "10.9999/old")
    ]
    assert record.doi == "10.9999/x.1"
