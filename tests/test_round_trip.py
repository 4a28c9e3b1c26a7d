"""Exported references read back equal: by our own readers in every field, by others in the main ones."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats import formats
from ingest.matching.agreement import says_retracted
from ingest.model import Record
from kb import places
from kb.build import build
from kb.holdings import _type, article_work
from kb.opening import open_database
from kb.styles import styles
from kb.works import Person, Work

READERS = {"ris": "ris", "bibtex": "bibtex", "csl-json": "csl_json", "nbib": "medline"}
FIELDS = (
    "title",
    "journal",
    "year",
    "date",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "pmcid",
    "issn",
    "language",
)
SCHEMA = Path(__file__).parent / "schemas" / "csl-data.json"


def _read(name: str, text: str) -> list[Record]:
    found = list(formats()[READERS[name]].read(io.BytesIO(f"{text}\n".encode()), f"x.{name}"))
    faults = [each for each in found if not isinstance(each, Record)]
    assert not faults, faults
    return [each for each in found if isinstance(each, Record)]


def _people(authors: Any) -> list[tuple[Any, ...]]:
    return [
        (each.collective, each.collective and each.name, each.family, each.given, each.suffix)
        for each in authors
    ]


def _differences(work: Work, record: Record) -> list[tuple[str, Any, Any]]:
    pairs = {name: (getattr(work, name), getattr(record, name)) for name in FIELDS}
    if work.months:
        pairs["months"] = (work.months, record.months)
    pairs["authors"] = (_people(work.authors), _people(record.authors))
    names = ("title", "journal", "pmid", "publisher", "issn", "source_site")
    row = {name: getattr(record, name) for name in names}
    pairs["retracted"] = (work.retracted, says_retracted(record))
    pairs["type"] = (work.type, _type(row, record.publication_types))
    return [(name, one, other) for name, (one, other) in pairs.items() if one != other]


def _all_works(connection: sqlite3.Connection) -> list[Work]:
    rows = connection.execute("select article_id from articles order by article_id").fetchall()
    works = [article_work(connection, row[0]) for row in rows]
    # What has neither a title nor an identifier is no reference.
    return [each for each in works if each.title or each.doi or each.pmid]


def _check(connection: sqlite3.Connection, name: str) -> int:
    works = _all_works(connection)
    records = _read(name, styles()[name].render(works, ""))
    assert len(records) == len(works)
    found = {
        work.id: faults
        for work, record in zip(works, records, strict=True)
        if (faults := _differences(work, record))
    }
    assert not found
    return len(works)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("kb") / "kb.db"
    build([str(places.sample())], path)
    return open_database(path)


@pytest.fixture(scope="module")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("kb") / "kb.db"
    build([str(shared / "seeds")], path)
    return open_database(path)


@pytest.fixture(scope="module")
def pubmed(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    folder = shared / "data" / "pubmed_xml"
    if not folder.is_dir():
        pytest.skip(f"no PubMed records at {folder}")
    path = tmp_path_factory.mktemp("kb") / "kb.db"
    build([str(folder)], path)
    return open_database(path)


@pytest.mark.parametrize("name", READERS)
def test_the_sample_reads_back_equal(sample: sqlite3.Connection, name: str) -> None:
    assert _check(sample, name) > 30


@pytest.mark.parametrize("name", READERS)
def test_real_texts_read_back_equal(seeds: sqlite3.Connection, name: str) -> None:
    assert _check(seeds, name) >= 4


@pytest.mark.parametrize("name", READERS)
def test_real_records_read_back_equal(pubmed: sqlite3.Connection, name: str) -> None:
    assert _check(pubmed, name) > 200


# What titles of articles hold and formats trip over: LaTeX, mark-up, brackets, other alphabets.
SIGNS = "aZ09 {}\\%&#_$~^<>[]()'\"`-–—.,;:/|@+=*?!µαβ≥×éßØ中 \n\t"
words = st.text(alphabet=SIGNS, min_size=1, max_size=40).map(lambda text: " ".join(text.split()))
# Tags and entities are mark-up to every reader: databases put them there.
titles = words.map(lambda text: f"Resection {text}".strip()).filter(
    lambda text: not re.search(r"</?[A-Za-z]|&#?\w+;", text)
)
names = st.text(alphabet="abcdeéøç'", min_size=2, max_size=8).map(str.capitalize)
people = st.one_of(
    st.builds(
        lambda family, given_, suffix: Person(
            " ".join(filter(None, (given_, family, suffix))), family, given_, suffix
        ),
        st.one_of(names, st.builds("{} {}".format, names, names), names.map("van der {}".format)),
        st.one_of(names, st.builds("{} {}".format, names, st.sampled_from("AJ")), st.just("R A")),
        st.sampled_from([None, None, None, "Jr", "2nd", "III"]),
    ),
    names.map(lambda name: Person(name, name)),
    st.one_of(
        st.builds("{} Study Group".format, names),
        st.builds("{} Society, Department of {}, {}".format, names, names, names),
        st.sampled_from(["MRC", "Spine & Tumour Group", "Group for 5% of {All}"]),
    ).map(lambda name: Person(name, collective=True)),
)
dates = st.one_of(
    st.just((None, None, None, None)),
    st.builds(
        lambda year, month, day: (
            year,
            "-".join([str(year), *[f"{part:02d}" for part in (month, day) if part]]),
            None,
            None,
        ),
        st.integers(1900, 2026),
        st.integers(1, 12),
        st.integers(0, 28),
    ),
    st.integers(1900, 2026).map(lambda year: (year, str(year), None, None)),
    st.sampled_from(
        [
            (1998, "1998", "1998 Dec-1999 Jan", (12, 1)),
            (2000, "2000", "2000 Spring", (3, 5)),
            (2000, "2000", "Spring 2000", (3, 5)),
            (2003, "2003", "2003 Mar-Apr", (3, 4)),
            (2004, "2004", "2004 Sep/Oct", (9, 10)),
            (2024, "2024", "2024 Winter-Spring", (12, 5)),
        ]
    ),
)


@st.composite
def _works(draw: st.DrawFn) -> Work:
    year, date, raw, months = draw(dates)
    text = st.one_of(st.none(), st.sampled_from(["12", "S1", "12 Suppl 1", "366", "Pt 2"]))
    pages = ["1-9", "S12-S15", "e1234", "105436", "643-648; discussion 649", "12", "1-1", "ii-iv"]
    dois = ["10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"]
    dois += ["10.1016/S0140-6736(05)66954-1", "10.1000/a_b%c#d&e"]
    return Work(
        id="x",
        type="article-journal",
        address="/-/article/x",
        title=draw(titles),
        authors=tuple(draw(st.lists(people, max_size=4))),
        journal=draw(st.sampled_from(["Spine & Cord", "Ann. Chir. {A}", "Zeitschrift für 50 %"])),
        journal_abbrev=draw(st.sampled_from([None, "Spine_Cord"])),
        issn=draw(st.sampled_from([None, "0362-2436", "1234-567X"])),
        year=year,
        date=date,
        date_raw=raw,
        months=months,
        volume=draw(text),
        issue=draw(text),
        pages=draw(st.sampled_from([None, *pages])),
        doi=draw(st.sampled_from([None, *dois])),
        pmid=draw(st.sampled_from([None, "16112300"])),
        pmcid=draw(st.sampled_from([None, "PMC1234567"])),
        language=draw(st.sampled_from([None, "en", "de", "zh"])),
        publication_types=("Journal Article",),
        retracted=draw(st.booleans()),
    )


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_reference_reads_back_equal(name: str, data: st.DataObject) -> None:
    works = data.draw(st.lists(_works(), min_size=1, max_size=3))
    records = _read(name, styles()[name].render(works, ""))
    assert len(records) == len(works)
    for work, record in zip(works, records, strict=True):
        assert not _differences(work, record)


def test_csl_json_keeps_the_published_schema(
    sample: sqlite3.Connection, pubmed: sqlite3.Connection
) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for connection in (sample, pubmed):
        items = json.loads(styles()["csl-json"].render(_all_works(connection), "https://kb.test"))
        assert items
        jsonschema.validate(items, schema, cls=jsonschema.Draft7Validator)


def test_rispy_reads_the_same(sample: sqlite3.Connection) -> None:
    rispy = pytest.importorskip("rispy")
    works = _all_works(sample)
    found = rispy.loads(styles()["ris"].render(works, "") + "\n")
    assert len(found) == len(works)
    for work, each in zip(works, found, strict=True):
        assert each.get("title") == work.title
        assert each.get("doi") == work.doi
        assert each.get("volume") == work.volume
        assert each.get("secondary_title") == (work.journal or work.site)
        assert each.get("year") == (str(work.year) if work.year else None)
        assert len(each.get("authors", [])) == len(work.authors)


def test_bibtexparser_reads_the_same(sample: sqlite3.Connection) -> None:
    from bibtexparser.entrypoint import parse_string

    works = _all_works(sample)
    library = parse_string(styles()["bibtex"].render(works, ""))
    assert not library.failed_blocks
    assert len(library.entries) == len(works)
    for work, entry in zip(works, library.entries, strict=True):
        fields = {each.key: each.value for each in entry.fields}
        assert fields.get("year") == (str(work.year) if work.year else None)
        assert fields.get("doi") == work.doi
        assert ("author" in fields) == bool(work.authors)
        assert fields.get("title", "").strip("{}").replace("\\", "")[:20] == (work.title or "")[:20]


# Values that formats trip over, for libraries that share no code with this one.
HOSTILE = [
    replace(
        Work(id=f"h{at}", type="article-journal", address="", title=title, journal="Spine & Cord"),
        authors=authors,
        year=year,
        date=str(year) if year else None,
        pages=pages,
    )
    for at, (title, authors, year, pages) in enumerate(
        [
            ("Is it “safe”?", (Person("Jan van der Berg", "van der Berg", "Jan"),), 2014, "e123"),
            (
                "β-catenin in <i>vitro</i>",
                (Person("A Sand and Land", "Sand and Land", "A"),),
                None,
                "1-9",
            ),
            ("5 % of A & B #2", (Person("Group for 5%, and More", collective=True),), 1999, None),
            ("Ärzte — naïve_1", (Person("Ann O'Brien Jr", "O'Brien", "Ann", "Jr"),), 2001, "S1-S3"),
            ("No names at all!", (), 2020, "ii-iv"),
            ("Ünal", (Person("Ç Ünal", "Ünal", "Ç"), Person("Plato", "Plato")), None, "12"),
        ]
    )
]


def test_pybtex_reads_hostile_values_the_same() -> None:
    database = pytest.importorskip("pybtex.database", reason="pybtex is not installed")
    richtext = pytest.importorskip("pybtex.richtext")
    found = database.parse_string(styles()["bibtex"].render(HOSTILE, ""), "bibtex").entries
    assert len(found) == len(HOSTILE)
    for work, each in zip(HOSTILE, found.values(), strict=True):
        assert str(richtext.Text.from_latex(each.fields["title"])) == work.title
        assert each.fields.get("year") == (str(work.year) if work.year else None)
        assert each.fields.get("pages") == (work.pages and work.pages.replace("-", "--"))
        names = [
            (" ".join([*one.prelast_names, *one.last_names]), " ".join(one.lineage_names))
            for one in each.persons.get("author", ())
        ]
        assert [(re.sub(r"[{}\\]", "", one), other) for one, other in names] == [
            (one.family or one.name, one.suffix or "") for one in work.authors
        ]


@pytest.mark.parametrize(("kind", "field"), [("thesis", "school"), ("report", "institution")])
def test_bibtex_has_the_fields_that_its_kinds_require(kind: Any, field: str) -> None:
    work = replace(HOSTILE[0], type=kind, journal=None, publisher="Invented University")
    text = styles()["bibtex"].render([work], "")
    assert f"{field} = {{Invented University}}" in text and "publisher" not in text
    (record,) = _read("bibtex", text)
    assert record.publisher == "Invented University" and not _differences(work, record)


def test_rispy_reads_hostile_values_the_same() -> None:
    rispy = pytest.importorskip("rispy", reason="rispy is not installed")
    found = rispy.loads(styles()["ris"].render(HOSTILE, "") + "\n")
    assert len(found) == len(HOSTILE)
    for work, each in zip(HOSTILE, found, strict=True):
        assert each["title"] == work.title and each["secondary_title"] == work.journal
        assert each.get("year") == (str(work.year) if work.year else None)
        ends = [each.get(name) for name in ("start_page", "end_page") if each.get(name)]
        assert "-".join(ends) == (work.pages or "")
        assert len(each.get("authors", ())) == len(work.authors)


@pytest.mark.parametrize("name", READERS)
def test_hostile_values_read_back_equal(name: str) -> None:
    records = _read(name, styles()[name].render(HOSTILE, ""))
    for work, record in zip(HOSTILE, records, strict=True):
        # Tags are mark-up to most readers.
        plain = [
            replace(each, title=re.sub("</?i>", "", each.title or "")) for each in (work, record)
        ]
        assert not _differences(*plain)


def test_a_retraction_and_a_translated_title_survive_nbib(tmp_path: Path) -> None:
    nbib = (
        "PMID- 1\nOWN - NLM\nTI  - [Removal of a made-up vertebra].\nLA  - ger\n"
        "TT  - Entfernung eines erdachten Wirbels.\nRIN - Made Up J. 2003;2(1):9. PMID: 2\n"
        "JT  - Journal of Made-Up Cases\nDP  - 2001\nPT  - Journal Article\n"
    )
    (tmp_path / "a.nbib").write_text(nbib, encoding="utf-8")
    build([str(tmp_path / "a.nbib")], tmp_path / "a.db")
    (work,) = _all_works(open_database(tmp_path / "a.db"))
    (tmp_path / "b.nbib").write_text(styles()["nbib"].render([work], ""), encoding="utf-8")
    build([str(tmp_path / "b.nbib")], tmp_path / "b.db")
    (again,) = _all_works(open_database(tmp_path / "b.db"))
    assert again == replace(work, publication_types=("Journal Article", "Retracted Publication"))
    assert work.retracted and work.translated and work.notices


def test_nothing_is_invented(tmp_path: Path) -> None:
    bare = Work(id="text-1", type="document", address="/-/article/text-1", title="A title alone")
    for name in READERS:
        (record,) = _read(name, styles()[name].render([bare], ""))
        told = Counter(each for each in FIELDS if getattr(record, each))
        assert told == {"title": 1}, name
        assert not record.authors and not record.url and not record.keywords


@pytest.mark.parametrize("name", READERS)
def test_a_span_of_months_survives_a_second_round(tmp_path: Path, name: str) -> None:
    span = {"date-parts": [[1998, 12], [1999, 1]]}
    item = {"id": "a", "type": "article-journal", "title": "Made-up", "issued": span}
    (tmp_path / "a.json").write_text(json.dumps([{**item, "PMID": "1"}]), encoding="utf-8")
    build([str(tmp_path / "a.json")], tmp_path / "a.db")
    (work,) = _all_works(open_database(tmp_path / "a.db"))
    assert work.months == (12, 1)
    (record,) = _read(name, styles()[name].render([work], ""))
    assert (record.year, record.date, record.months) == (1998, "1998", (12, 1))
