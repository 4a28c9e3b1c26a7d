"""Identity: what is one article, what is only linked, and that order plays no part."""

from __future__ import annotations

import itertools
import random
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.identity import Group, group, record_key
from ingest.matching.agreement import kind_of, normalise_doi, people_agree, title_likeness
from ingest.matching.verdicts import compare
from ingest.model import Author, Candidate, Link, Record
from ingest.parsing.names import inverted
from kb.build import build

TITLE = "En bloc resection of fictional tumours of the thoracic spine"


def record(sha256: str = "0", authors: str = "", **fields: Any) -> Record:
    people = [found for each in authors.split(";") if (found := inverted(each)) is not None]
    plain: dict[str, Any] = {"format": "ris", "source": "a.ris", "locator": sha256, "text": ""}
    return Record(**{**plain, "sha256": sha256, "authors": tuple(people), **fields})


def groups(*records: Record, **options: Any) -> tuple[Group, ...]:
    """Return the articles of the records, which must be the same in every order tried."""
    candidates = [Candidate(each, 0, 0) for each in records]
    orders = list(itertools.islice(itertools.permutations(candidates), 24))
    found = [group(order, **options) for order in orders]
    assert all(each == found[0] for each in found)
    return found[0]


def together(*records: Record, **options: Any) -> set[frozenset[str]]:
    return {
        frozenset(each.record.sha256 for each in one.candidates)
        for one in groups(*records, **options)
    }


def sets(*names: str) -> set[frozenset[str]]:
    return {frozenset(each.split()) for each in names}


CITED: dict[str, Any] = {
    "title": TITLE,
    "authors": "Roe, Ann;Doe, John",
    "journal": "Example Spine Journal",
    "year": 2010,
    "volume": "7",
    "pages": "148-159",
}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"pmid": "1"}, {"pmid": "1", "title": "Another title"}, True),
        ({"pmcid": "PMC1"}, {"pmcid": "1", "title": "Another title"}, True),
        ({"pmid": "1"}, {"pmid": "2"}, False),
        ({"doi": "10.9999/A"}, {"doi": "https://doi.org/10.9999/a"}, True),
        ({"doi": "10.9999/a%28b%29"}, {"doi": "doi:10.9999/a(b)."}, True),
        ({"doi": "10.9999/a&lt;1::b"}, {"doi": "10.9999/a"}, True),
        ({"doi": "10.9999/a"}, {"doi": "10.9999/a", "title": "Pain after vertebroplasty"}, False),
        ({"doi": "10.9999/a"}, {"doi": "10.9999/b"}, False),
        ({"doi": "10.9999/a", "pmid": "1"}, {"doi": "10.9999/b", "pmid": "1"}, False),
        ({"doi": "10.9999/a", "pmid": "1"}, {"doi": "10.9999/a", "pmid": "2"}, False),
        ({"doi": "10.9999/a"}, {"doi": "10.9999/a", "title": TITLE + ": a series of ten"}, True),
        ({"doi": "10.9999/a"}, {"doi": "10.9999/a", "title": None}, True),
        ({"doi": "10.9999/a"}, {"doi": "10.9999/a", "title": None, "authors": "Poe, E"}, False),
        ({"doi": "10.9999/a"}, {"pmid": "1"}, True),
    ],
)
def test_identifiers(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    found = together(record("a", **{**CITED, **one}), record("b", **{**CITED, **other}))
    assert found == (sets("a b") if same else sets("a", "b"))


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"title": TITLE.upper() + "."}, True),
        ({"title": TITLE.replace("tumours", "tumors")}, True),
        ({"title": "[" + TITLE + "]."}, True),
        ({"title": TITLE[:40]}, True),
        ({"title": TITLE + ": a series of ten patients"}, True),
        ({"title": TITLE.replace("thoracic", "cervical")}, True),
        ({"title": TITLE.replace("thoracic", "cervical"), "pages": None}, False),
        ({"title": TITLE.replace("fictional", "fictonal")[:58], "pages": None}, True),
        ({"title": TITLE.replace("fictional", "fictonal") + ". Part 2", "pages": None}, False),
        ({"title": TITLE + ". Part 2"}, False),
        ({"title": TITLE + ". II"}, False),
        ({"title": TITLE + ", part two: outcomes"}, False),
        ({"title": TITLE + ": partial results"}, True),
        ({"title": "Without en bloc resection of fictional tumours of the thoracic spine"}, False),
        ({"authors": "Roe A;Doe J"}, True),
        ({"authors": "Röe, A. B."}, True),
        ({"authors": "Roe, Beth"}, False),
        ({"authors": "Poe, Edgar"}, False),
        ({"authors": ""}, True),
        ({"authors": "", "pages": None}, True),
        ({"authors": "", "pages": None, "volume": None}, False),
        ({"journal": "Ex Spine J"}, True),
        ({"journal": None, "volume": None}, True),
        ({"volume": None, "pages": None}, True),
        ({"volume": None, "pages": None, "title": TITLE + ": a series"}, False),
        ({"journal": "Another Journal", "pages": None}, False),
        ({"pages": "148-59"}, True),
        ({"pages": "e148"}, True),
        ({"pages": "160-170"}, False),
        ({"pages": None}, True),
        ({"pages": None, "volume": "8"}, False),
        ({"volume": "7 Suppl 1", "pages": "S12"}, False),
        ({"year": 2011}, True),
        ({"year": 2011, "pages": None, "volume": None}, False),
        ({"year": 2012}, False),
        ({"volume": None, "pages": None, "journal": None}, False),
        ({"publication_types": ("Conference Paper",), "pages": None}, True),
        ({"publication_types": ("Conference Paper",), "pages": None, "volume": None}, False),
    ],
)
def test_records_without_an_identifier_are_compared_by_their_citations(
    change: dict[str, Any], same: bool
) -> None:
    found = together(record("a", **CITED), record("b", **{**CITED, **change}))
    assert found == (sets("a b") if same else sets("a", "b")), change


def test_what_states_too_little_stays_apart_and_is_flagged() -> None:
    bare = {**CITED, "volume": None, "pages": None, "journal": None}
    one, two = groups(record("a", **CITED), record("b", **bare))
    assert {each.flag for each in (*one.flags, *two.flags)} == {"possible"}
    assert together(record("a", **bare), record("b", **bare)) == sets("a b")


def test_what_agrees_less_joins_only_where_no_other_article_fits() -> None:
    unplaced = {**CITED, "volume": None, "pages": None}
    assert together(record("a", **CITED), record("b", **unplaced)) == sets("a b")
    # The report of the next year bears the same title.
    next_year = {**CITED, "year": 2011, "volume": "8", "pages": "20-31"}
    records = (record("a", **CITED), record("b", **unplaced), record("c", **next_year))
    assert together(*records) == sets("a", "b", "c")


def test_a_short_title_needs_its_page() -> None:
    reply = {**CITED, "title": "Reply"}
    assert together(record("a", **reply), record("b", **reply)) == sets("a b")
    other = {**reply, "pages": None, "issue": "2"}
    assert together(record("a", **reply), record("b", **other)) == sets("a", "b")


def test_a_shared_doi_under_two_titles_is_flagged_on_both_sides() -> None:
    one = record("a", doi="10.9999/s", title=TITLE)
    two = record("b", doi="10.9999/s", title="Pain after vertebroplasty in fiction")
    first, second = groups(one, two)
    assert first.article_id != second.article_id
    assert [(each.article_id, each.flag, each.detail) for each in first.flags] == [
        (second.article_id, "shared_doi", "same DOI, different titles")
    ]
    assert [each.article_id for each in second.flags] == [first.article_id]


def test_the_surest_identifier_wins_where_two_others_veto() -> None:
    a = record("a", pmid="1", doi="10.9999/a", title=TITLE)
    b = record("b", pmid="1", title="Another title of the same PubMed record")
    c = record("c", pmid="2", title="Another title of the same PubMed record", year=2010)
    assert together(a, b, c) == sets("a b", "c")
    # B is A's by PMID and C's by DOI; A and C state different DOIs of two articles.
    a = record("a", pmid="1", title=TITLE, pmcid="PMC1")
    b = record("b", pmid="1", title=TITLE, doi="10.9999/b")
    c = record("c", pmcid="PMC2", title=TITLE, doi="10.9999/b")
    assert together(a, b, c) == sets("a b", "c")
    flagged = {each.article_id: [flag.flag for flag in each.flags] for each in groups(a, b, c)}
    assert flagged == {"pmid-1": ["vetoed"], "pmc-PMC2": ["vetoed"]}


def test_a_citation_that_fits_two_articles_joins_neither() -> None:
    one = record("a", **{**CITED, "doi": "10.9999/a"})
    two = record("b", **{**CITED, "doi": "10.9999/b"})
    bare = record("c", **CITED)
    assert together(one, two, bare) == sets("a", "b", "c")
    (third,) = [each for each in groups(one, two, bare) if each.base.record.sha256 == "c"]
    assert {each.flag for each in third.flags} == {"ambiguous"}


@pytest.mark.parametrize(
    ("fields", "relation"),
    [
        ({"title": "Erratum: " + TITLE}, "erratum_for"),
        ({"title": "Correction to: " + TITLE, "authors": ""}, "erratum_for"),
        ({"title": f"Retraction: {TITLE}"}, "retraction_of"),
        ({"title": f"Retraction notice to “{TITLE}”"}, "retraction_of"),
        ({"title": f"Expression of concern: {TITLE}"}, "expression_of_concern_for"),
        ({"title": f"Re: {TITLE}", "authors": "Poe, Edgar"}, "comment_on"),
        ({"publication_types": ("Preprint",), "doi": "10.9999/pre"}, "preprint_of"),
        ({"journal": "bioRxiv", "volume": None, "pages": None}, "preprint_of"),
        ({"doi": "10.1101/2020.01.02.123456", "volume": None}, "preprint_of"),
        ({"publication_types": ("Meeting Abstract",), "pages": "S12"}, "conference_abstract_of"),
    ],
)
@pytest.mark.parametrize("doi", ["10.9999/a", None])
def test_notices_preprints_and_abstracts_are_linked_and_never_merged(
    fields: dict[str, Any], relation: str, doi: str | None
) -> None:
    one, two = record("a", **{**CITED, "doi": doi}), record("b", **{**CITED, **fields})
    found = groups(one, two)
    assert len(found) == 2
    (article,) = [each for each in found if each.base.record.sha256 == "a"]
    (notice,) = [each for each in found if each.base.record.sha256 == "b"]
    assert [(each.relation, each.article_id) for each in notice.related] == [
        (relation, article.article_id)
    ]
    assert article.related == ()
    assert article.retracted == (relation == "retraction_of") and not notice.retracted


def test_a_notice_that_shares_its_articles_doi_stays_apart() -> None:
    one = record("a", **{**CITED, "doi": "10.9999/a"})
    two = record("b", **{**CITED, "doi": "10.9999/a", "title": "Erratum: " + TITLE})
    assert together(one, two) == sets("a", "b")
    assert {flag.flag for each in groups(one, two) for flag in each.flags} == {"shared_doi"}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Correction of fictional scoliosis in ten patients", "article"),
        ("Reply", "comment"),
        ("Editorial.", "comment"),
        ("Response to radiotherapy of fictional metastases", "article"),
        ("Retraction of the dura in fictional surgery", "article"),
        ("Comments: on method", "comment"),
        ("Author's reply: " + TITLE, "comment"),
        ("Publisher Correction: " + TITLE, "erratum"),
        ("RETRACTED: " + TITLE, "article"),
    ],
)
def test_what_a_title_says_of_its_kind(title: str, kind: str) -> None:
    assert kind_of(record(title=title)) == kind


@pytest.mark.parametrize(
    "title",
    [
        f"RETRACTED: {TITLE}",
        f"[Retracted] {TITLE}",
        f"RETRACTED ARTICLE: {TITLE}",
        f"WITHDRAWN: {TITLE}",
        f"{TITLE} (Retracted article. See vol. 9, pg. 3, 2012)",
    ],
)
def test_a_retracted_title_is_the_same_article_and_marks_it(title: str) -> None:
    (one,) = groups(record("a", **CITED), record("b", **{**CITED, "title": title}))
    assert one.retracted


@pytest.mark.parametrize(
    "links",
    [
        (Link("retraction_in", "x", "9"),),
        (Link("retracted_and_republished_in", "x", "9"),),
    ],
)
def test_an_article_that_names_its_retraction_is_retracted(links: tuple[Link, ...]) -> None:
    (one,) = groups(record("a", pmid="1", links=links, **CITED))
    assert one.retracted
    (two,) = groups(
        record("a", pmid="1", links=(Link("partial_retraction_in", "x", "9"),), **CITED)
    )
    assert not two.retracted


@pytest.mark.parametrize("relation", ["retraction_of", "retracted_and_republished_from"])
def test_a_notice_marks_its_target_by_pmid_then_doi(relation: str) -> None:
    target = record("a", pmid="1", doi="10.9999/a", title=TITLE)
    sharing = record("c", pmid="3", doi="10.9999/a", title="Another piece of the supplement")
    notice = record("b", pmid="2", title="Notice", links=(Link(relation, "x", "1", "10.9999/a"),))
    marked = {each.record.pmid for each in groups(target, sharing, notice) if each.retracted}
    assert marked == {"1"}
    notice = record("b", pmid="2", title="Notice", links=(Link(relation, "x", None, "10.9999/A"),))
    assert {each.record.pmid for each in groups(target, notice) if each.retracted} == {"1"}


def test_merging_keeps_every_source_and_says_which_field_came_from_which() -> None:
    whole = record(
        "a", pmid="1", title=TITLE, last_updated="2020-01-01", volume="7", content_level="full_text",
        links=(Link("erratum_in", "x", "5"),), authors="Roe, Ann",
    )  # fmt: skip
    newer = record(
        "b", pmid="1", doi="10.9999/a", title=TITLE + ".", last_updated="2021-01-01", year=2010,
        links=(Link("erratum_in", "x", "5"), Link("retraction_in", "y", "6")), authors="Roe, Ann;Doe, J",
        authors_complete=False,
    )  # fmt: skip
    (one,) = groups(whole, newer)
    assert one.base.record.sha256 == "a", "the full text carries the claims"
    assert (one.record.title, one.record.volume, one.record.doi) == (TITLE + ".", "7", "10.9999/a")
    named = {
        field: [each.record.sha256 for each in sources]
        for field, sources in one.field_sources.items()
    }
    assert (named["title"], named["volume"], named["doi"]) == (["b"], ["a"], ["b"])
    assert named["authors"] == ["a"], "a whole list before one cut short"
    assert [each.pmid for each in one.record.links] == ["5", "6"] and one.retracted
    assert one.reasons == ("same article as a.ris a: same PMID",)


def test_dates_of_two_sources_are_not_mixed() -> None:
    old = record("a", pmid="1", year=2009, date="2009-12-30", last_updated="2020-01-01")
    new = record("b", pmid="1", year=2010, last_updated="2021-01-01")
    (one,) = groups(old, new)
    assert (one.record.year, one.record.date) == (2010, None)
    fuller = record("c", pmid="1", year=2010, date="2010-03", last_updated="2019-01-01")
    (one,) = groups(old, new, fuller)
    assert (one.record.year, one.record.date) == (2010, "2010-03")


def test_a_merging_can_be_undone() -> None:
    one, two, three = (record(each, **{**CITED, "source": each}) for each in "abc")
    assert together(one, two, three) == sets("a b c")
    pairs = [frozenset({record_key(one), record_key(each)}) for each in (two, three)]
    assert together(one, two, three, apart=pairs) == sets("a", "b c")
    # Whichever of several copies of the same bytes is named.
    copy = replace(two, source="copy")
    pair = frozenset({record_key(one), record_key(copy)})
    assert together(one, two, copy, apart=[pair]) == sets("a", "b")


def test_names_and_titles_in_any_script() -> None:
    assert normalise_doi("HTTPS://DX.DOI.ORG/10.9999/X.") == "10.9999/x"
    one, two = record(title="TGF-β1 und H₂O"), record(title="TGF-beta1 und H2O")
    assert title_likeness(one, two) == "equal"
    assert (
        title_likeness(record(title="脊柱腫瘍の手術成績"), record(title="脊柱腫瘍の放射線")) is None
    )
    wei = record(title="x", authors="Li, Wei")
    assert people_agree(wei, record(title="x", authors="Wei, Li")) is True
    group_author = Record(
        "ris", "a", "1", "0", "", authors=(Author("Example Group", collective=True),)
    )
    assert people_agree(wei, group_author) is None


FIELDS = st.fixed_dictionaries(
    {
        "pmid": st.sampled_from([None, "1", "2"]),
        "pmcid": st.sampled_from([None, "PMC1", "PMC2"]),
        "doi": st.sampled_from([None, "10.9999/a", "10.9999/b"]),
        "title": st.sampled_from([TITLE, TITLE + ": a series", "Erratum: " + TITLE, "Reply", None]),
        "authors": st.sampled_from(["", "Roe, Ann", "Poe, Edgar"]),
        "pages": st.sampled_from([None, "1-9", "148-159"]),
        "volume": st.sampled_from([None, "7", "8"]),
        "year": st.sampled_from([None, 2010, 2011]),
        "last_updated": st.sampled_from([None, "2020", "2021-02-03"]),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FIELDS, min_size=2, max_size=7), st.randoms(use_true_random=False))
def test_any_records_in_any_order_give_the_same_articles(
    drawn: list[dict[str, Any]], shuffler: random.Random
) -> None:
    candidates = [
        Candidate(one, 0, 0)
        for one in (record(str(number), **fields) for number, fields in enumerate(drawn))
    ]
    found = group(candidates)
    shuffler.shuffle(candidates)
    assert group(candidates) == found
    assert sum(len(each.candidates) for each in found) == len(drawn), "every source is kept"
    assert len({each.article_id for each in found}) == len(found)
    for one in found:
        for pair in itertools.combinations(one.candidates, 2):
            assert compare(*(each.record for each in pair)).answer != "apart", "a veto holds"


def _ris(**fields: str) -> str:
    return "\n".join(
        ["TY  - JOUR", *(f"{key}  - {value}" for key, value in fields.items()), "ER  - "]
    )


def test_flags_links_and_what_each_source_states_are_rows(tmp_path: Path) -> None:
    cited = {"TI": TITLE, "AU": "Roe, Ann", "PY": "2010", "VL": "7", "SP": "148", "DO": "10.9999/a"}
    texts = [
        _ris(**cited),
        _ris(**{**cited, "DO": "", "KW": "spine"}),
        _ris(**{**cited, "TI": "Pain after vertebroplasty in fiction"}),
        _ris(**{**cited, "TI": "Erratum: " + TITLE, "DO": "10.9999/e", "SP": "300"}),
    ]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.ris").write_text(text)
    build([str(tmp_path / f"{number}.ris") for number in range(4)], tmp_path / "x.db")
    with sqlite3.connect(tmp_path / "x.db") as connection:
        run = connection.execute
        flags = run("select flag, count(*) from identity_flags group by flag").fetchall()
        links = run("select relation, stated, target_article_id is not null from article_links")
        assert (flags, links.fetchall()) == ([("shared_doi", 2)], [("erratum_for", 0, 1)])
        merged = run("select reason, record_id from records where outcome = 'merged'").fetchall()
        two = run(
            "select record_id, stated ->> '$.keywords[0]' from records where source in ('0.ris', '1.ris') order by source"
        ).fetchall()
    ((reason, _),) = merged
    assert "first author" in reason and [each[1] for each in two] == [None, "spine"]
    undone = build(
        [str(tmp_path / f"{number}.ris") for number in range(4)],
        tmp_path / "x.db",
        apart=[frozenset(each[0] for each in two)],
    )
    assert (undone.stored, undone.merged) == (4, 0)
