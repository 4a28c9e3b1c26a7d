"""Load what can be cited: articles, claims, rules and recommendations, with what is known of each."""

from __future__ import annotations

import calendar
import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.parsing.dates import from_text
from kb import DISCLAIMER, addresses, places
from kb.connection import rows_of
from kb.sources import PUBMED, source_link
from kb.works import SITE, CitationError, Notice, Person, Quote, Type, Work

if TYPE_CHECKING:
    from kb.rules import Rule

# What the publication types of PubMed, RIS, BibTeX and CSL say of the kind of work.
_TYPES: tuple[tuple[str, Type], ...] = (
    ("preprint", "article"),
    ("book chapter", "chapter"),
    ("book", "book"),
    ("thesis", "thesis"),
    ("academic dissertation", "thesis"),
    ("conference paper", "paper-conference"),
    ("conference proceedings", "paper-conference"),
    ("technical report", "report"),
    ("report", "report"),
    ("webpage", "webpage"),
    ("wiki page", "webpage"),
    ("online", "webpage"),
    ("elec", "webpage"),
    ("document", "document"),
    ("misc", "document"),
    ("gen", "document"),
)
_NOTICES = {
    "retraction_in": "Retraction in",
    "partial_retraction_in": "Partial retraction in",
    "retracted_and_republished_in": "Retracted and republished in",
    "corrected_and_republished_in": "Corrected and republished in",
    "expression_of_concern_in": "Expression of concern in",
    "erratum_in": "Erratum in",
    "update_in": "Update in",
    "retraction_of": "Retraction of",
    "erratum_for": "Erratum for",
    "expression_of_concern_for": "Expression of concern for",
}
# The other side's word for a notice that only the notice itself states.
_TURNED = {
    "retraction_of": "retraction_in",
    "partial_retraction_of": "partial_retraction_in",
    "erratum_for": "erratum_in",
    "expression_of_concern_for": "expression_of_concern_in",
}


def load_works(connection: sqlite3.Connection, identifier: str) -> tuple[Work, ...]:
    """Return what an id or address of the site names; raise ``CitationError``.

    A claim is its article with the quote; a recommendation is itself, then each rule that applies
    with the claims under it.
    """
    name = addresses.local(identifier)
    given = addresses.inputs_of(name)
    if given is not None:
        return _recommended(connection, given)
    found = addresses.find_current(connection, name)
    if found:
        make = {"article": article_work, "claim": claim_work, "rule": rule_work}[found[0]]
        return (make(connection, found[1]),)
    raise CitationError(
        f"{identifier}: no such claim, article or rule; an id of the knowledge base was expected"
    )


def article_work(connection: sqlite3.Connection, article_id: str) -> Work:
    """Return an article as it is known."""
    (row,) = rows_of(connection, "select * from articles where article_id = ?", article_id)
    people = rows_of(
        connection, "select * from authors where article_id = ? order by position", article_id
    )
    types = tuple(json.loads(row["publication_types"]))
    span = _span(row)
    return Work(
        id=article_id,
        type=_type(row, types),
        address=addresses.address("article", article_id),
        title=row["title"],
        original_title=row["original_title"],
        translated=_translated(connection, row),
        authors=tuple(
            Person(
                each["name"],
                each["family"],
                each["given"],
                each["suffix"],
                bool(each["collective"]) or not each["family"],
            )
            for each in people
        ),
        authors_complete=None if row["authors_complete"] is None else bool(row["authors_complete"]),
        months=span,
        date_raw=_printed(row) if span else None,
        site=None if row["journal"] else row["source_site"],
        publication_types=types,
        retracted=bool(row["retracted"]),
        notices=_notices(connection, article_id),
        line=row["citation"],
        **{name: row[name] for name in _SAME},
    )


_SAME = (
    "journal",
    "journal_abbrev",
    "publisher",
    "issn",
    "year",
    "date",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "pmcid",
    "url",
    "language",
)


def _type(row: Mapping[str, Any], types: Sequence[str]) -> Type:
    said = {each.lower() for each in types}
    for words, kind in _TYPES:
        if words in said:
            return kind
    if row["pmid"] and row["publisher"] and not row["issn"]:
        # PubMed names a publisher of books alone.
        return "book" if row["title"] == row["journal"] else "chapter"
    if row["journal"]:
        return "article-journal"
    return "webpage" if row["source_site"] else "document"


def _span(row: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return the months of a printed span or season, where they are of the article's year."""
    printed = from_text(row["date_raw"])
    if printed.year != row["year"] or printed.date != row["date"] or printed.months is None:
        return None
    return printed.months if printed.date == str(printed.year) else None


def _printed(row: Mapping[str, Any]) -> str:
    """Return a span of months in words, as PubMed prints it: "2013 Jan-Mar", "1998 Dec-1999 Jan"."""
    ends = re.findall(r"(?:^|/)(\d{4})-(\d{1,2})(?=[-/]|$)", row["date_raw"])
    if len(ends) != 2 or "/" not in row["date_raw"]:
        return str(row["date_raw"])
    (year, first), (other, last) = ends
    turn = f"{other} " if other != year else ""
    return f"{year} {calendar.month_abbr[int(first)]}-{turn}{calendar.month_abbr[int(last)]}"


def _translated(connection: sqlite3.Connection, row: Mapping[str, Any]) -> bool:
    """Tell whether the title is a translation: beside the original, or as PubMed prints all others."""
    if not row["title"] or row["language"] in {None, "en"}:
        return False
    if row["original_title"]:
        return bool(row["original_title"] != row["title"])
    formats = rows_of(
        connection, "select format from records where article_id = ?", row["article_id"]
    )
    return any(each["format"] in PUBMED for each in formats)


def _notices(connection: sqlite3.Connection, article_id: str) -> tuple[Notice, ...]:
    """Return the notices that the article names, and those that name it, retractions first."""
    own = rows_of(
        connection,
        "select relation, raw, pmid, doi from article_links where article_id = ?",
        article_id,
    )
    others = rows_of(
        connection,
        "select relation, articles.citation as raw, articles.pmid, articles.doi from article_links"
        " join articles using (article_id) where target_article_id = ?",
        article_id,
    )
    known = {(each["relation"], each["pmid"]) for each in own}
    turned = [{**each, "relation": _TURNED.get(each["relation"], "")} for each in others]
    own += [each for each in turned if (each["relation"], each["pmid"]) not in known]
    order = list(_NOTICES)
    own = [each for each in own if each["relation"] in _NOTICES]
    own.sort(key=lambda each: (order.index(each["relation"]), each["raw"] or ""))
    return tuple(
        dict.fromkeys(
            Notice(
                _NOTICES[each["relation"]],
                (each["raw"] or each["doi"] or "").rstrip(" ."),
                each["pmid"],
            )
            for each in own
        )
    )


def claim_work(connection: sqlite3.Connection, claim_id: str) -> Work:
    """Return a claim's article with the claim's words and where they are read."""
    (claim,) = rows_of(connection, "select * from claims where claim_id = ?", claim_id)
    (article,) = rows_of(
        connection, "select * from articles where article_id = ?", claim["article_id"]
    )
    text = " ".join(claim["display"].split())
    quote = Quote(claim_id, text, source_link(connection, article, claim), bool(article["digest"]))
    work = article_work(connection, claim["article_id"])
    return replace(work, address=addresses.address("claim", claim_id), quote=quote)


def rule_work(connection: sqlite3.Connection, rule_id: str) -> Work:
    """Return a rule as a page of this evidence base, with where it was stated."""
    (row,) = rows_of(connection, "select * from rules where rule_id = ?", rule_id)
    return Work(
        id=f"rule-{rule_id}",
        type="webpage",
        address=addresses.address("rule", rule_id),
        title=f"{row['title']} [decision rule, {row['status']}]",
        authors=(Person(row["reviewed_by"], collective=True),) if row["reviewed_by"] else (),
        site=SITE,
        year=int(row["reviewed_on"][:4]) if row["reviewed_on"] else None,
        date=row["reviewed_on"],
        note=f"Stated in: {_source(row)}",
    )


def _source(rule: Mapping[str, Any]) -> str:
    known = f" doi:{rule['source_doi']}" if rule["source_doi"] else ""
    return str(rule["source"]) + (
        known or (f" PMID: {rule['source_pmid']}" if rule["source_pmid"] else "")
    )


@cache
def held_rules(folder: Path) -> tuple[Rule, ...]:
    """Return the rules of a folder, read once."""
    # Reading and checking the files takes a while, and most commands cite no recommendation.
    from kb.rules import load_rules  # noqa: PLC0415

    return load_rules(folder)


def _recommended(connection: sqlite3.Connection, given: Mapping[str, str]) -> tuple[Work, ...]:
    from kb.recommend import merged_fields, recommend  # noqa: PLC0415
    from kb.rules import InputError  # noqa: PLC0415

    rules = held_rules(places.rules())
    current = [rule for rule in rules if rule.status == "current"]
    fields = merged_fields(current)
    typed = addresses.typed_inputs({"properties": {**{key: {} for key in given}, **fields}}, given)
    try:
        found = recommend(connection, rules, typed)
    except InputError as error:
        raise CitationError(str(error)) from error
    if not found.applies:
        raise CitationError(
            f"{addresses.canonical_query(typed)}: no rule applies; inputs of one were expected"
        )
    told = "; ".join(f"{key.replace('_', ' ')}: {typed[key]}" for key in sorted(typed))
    own = Work(
        id="recommendation-" + re.sub(r"[^A-Za-z0-9]+", "-", addresses.canonical_query(typed)),
        type="webpage",
        address=addresses.recommendation_address(typed),
        title=f"What the rules say of one patient ({told})",
        site=SITE,
        note=DISCLAIMER,
    )
    works = [own]
    for answer in found.applies:
        works.append(rule_work(connection, answer.rule.id))
        works += [claim_work(connection, each["claim_id"]) for each in answer.shown]
    # Two claims of one sentence are quoted once.
    first: dict[tuple[str, str | None], Work] = {}
    for each in works:
        first.setdefault((each.id, each.quote.text if each.quote else None), each)
    return tuple(first.values())
