"""One fictional article in every structured format: the same fields, broken neighbours apart."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.formats import formats, read, recognise
from ingest.model import Failure, Record, Source
from ingest.text import DIGEST

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


def test_asking_the_surest_formats_first_changes_no_answer() -> None:
    samples = Path(__file__).parents[1] / "kb" / "sample"
    heads = [each.read_bytes()[:65536] for each in sorted(samples.iterdir())]
    heads += [*map(str.encode, (ris(1), '{"title": "x", "abstract": "y"}')), b"<article><front/>"]
    for head in heads:
        scores = {name: module.sniff(head, "x") for name, module in formats().items()}
        best = max(scores, key=lambda key: (scores[key], key))
        assert recognise(head, "x") == (best if scores[best] else None)
        assert all(scores[name] <= module.SUREST for name, module in formats().items())


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


def test_openalex_first_of_january_is_no_day() -> None:
    work = openalex(1) | {"publication_date": "2010-01-01", "is_retracted": True}
    (record,) = results(json.dumps([work]).encode())
    assert isinstance(record, Record)
    assert (record.date, record.months) == ("2010", None)
    assert "Retracted Publication" in record.publication_types


def test_json_escapes_that_no_store_takes() -> None:
    data = build("csl_json", 1).replace(b"Ten patients", b"Ten\\u0000 \\ud800 patients")
    (record,) = results(data)
    assert isinstance(record, Record)
    record.text.encode()
    assert "\0" not in record.text and "patients walked." in record.text


@pytest.mark.parametrize(
    ("data", "titles"),
    [
        ("@article{a,title={One}}@article{b,title={Two}} @book{c,title={Three}}", ["One", "Two", "Three"]),
        ("TY  -JOUR\nTI  -One\nER  -\nTY  - JOUR\nTI  - Two\nER\nTI  - Three\nER  - \n", ["One", "Two", "Three"]),
        ('{"id":"a","type":"book","title":"One","DOI":"10.9999/a"}{"id":"b","type":"book","title":"Two","DOI":"10.9999/b"}', ["One", "Two"]),
        ("PMID- 1\nOWN - NLM\nTI  - One\nPMID- 2\nOWN - NLM\nTI  - Two", ["One", "Two"]),
    ],
)  # fmt: skip
def test_records_that_nothing_parts_are_parted(data: str, titles: list[str]) -> None:
    assert [each.title for each in results(data.encode()) if isinstance(each, Record)] == titles


@pytest.mark.parametrize(
    "data",
    [
        '{"hitCount":0,"resultList":{"result":[]}}',
        '{"status":"ok","message-type":"work-list","message":{"items":[]}}',
        '{"meta":{"count":0},"results":[]}',
        '{"total":0,"offset":0,"data":[]}',
        "<PubmedArticleSet></PubmedArticleSet>",
    ],
)
def test_an_answer_without_a_hit_is_no_failure(data: str) -> None:
    assert results(data.encode()) == []


@pytest.mark.parametrize(
    ("printed", "date", "months"),
    [
        ([[2010]], "2010", None),
        ([["2010", "03"]], "2010-03", (3, 3)),
        ([[2010, 3, 5]], "2010-03-05", (3, 3)),
        ([[2010, 21]], "2010", (3, 5)),
        ([[2010, 13, 5]], "2010", None),
        ([[2010, 3, 5], [2010, 3, 9]], "2010-03", (3, 3)),
        ([[2010, 11], [2011, 1]], "2010", (11, 1)),
        ([[]], None, None),
        ([[None]], None, None),
    ],
)
def test_csl_dates(printed: list[Any], date: str | None, months: tuple[int, int] | None) -> None:
    (record,) = results(json.dumps([csl(1) | {"issued": {"date-parts": printed}}]).encode())
    assert isinstance(record, Record)
    assert (record.date, record.months) == (date, months)


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("<p><bold>Background:</bold> Ten.</p><p><bold>Results:</bold> All.</p>", [("Background", "Ten."), ("Results", "All.")]),
        ("<p>METHODS: Ten. RESULTS: All.</p>", [("METHODS", "Ten."), ("RESULTS", "All.")]),
        ("<p>Ten: all.</p><sec><title>Results</title><p>RESULTS: All.</p></sec>", [("Abstract", "Ten: all."), ("Results", "RESULTS: All.")]),
    ],
)  # fmt: skip
def test_jats_abstracts_with_labels_in_the_line(
    abstract: str, expected: list[tuple[str, str]]
) -> None:
    data = jats(1).replace("<p>Ten patients walked.</p>", abstract)
    (record,) = results(data.encode())
    assert isinstance(record, Record)
    assert [
        (each.heading, record.text[each.start : each.end])
        for each in record.sections
        if each.end > each.start
    ] == expected
