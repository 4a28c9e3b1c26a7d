"""Read the front and back matter of JATS articles: citation, people, dates, links, references.

After the JATS Archiving tag set 1.3 (https://jats.nlm.nih.gov/archiving/tag-library/1.3/) and its
forerunner, the NLM tag set 3.0. Tags come without namespaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ingest.dates import Printed, from_parts
from ingest.identifiers import read_doi, read_orcid, read_pmcid, read_pmid
from ingest.languages import language_code
from ingest.model import Author, Link, Reference
from ingest.names import author, direct, group
from ingest.text import licence_name
from ingest.xml import Element, attribute, child_text, inline_text, texts

_RELATED = {
    "addendum": "update_of",
    "commentary": "comment_in",
    "commentary-article": "comment_on",
    "corrected-article": "erratum_for",
    "correction": "erratum_in",
    "correction-forward": "erratum_in",
    "expression-of-concern": "expression_of_concern_in",
    "letter": "comment_in",
    "object-of-concern": "expression_of_concern_for",
    "partial-retraction": "partial_retraction_of",
    "preprint": "has_preprint",
    "republished-article": "republished_from",
    "retracted-article": "retraction_of",
    "retraction-forward": "retraction_in",
    "update": "update_in",
    "updated-article": "update_of",
}
_ISSN = ("ppub", "print", "epub", "electronic")
# Which of several publication dates is the article's: the issue's, else the earliest online.
_DATES = ("ppub", "print", "epub-ppub", "pub", "epub", "electronic", "collection")


def front_fields(article: Element) -> dict[str, Any]:
    """Return the fields of a record that the front matter states, ready for ``Record``."""
    journal, meta = article.find("front/journal-meta"), article.find("front/article-meta")
    if meta is None:
        meta = article.find("front-stub")
    if meta is None:
        raise ValueError("no front/article-meta; every JATS article has one")
    fields: dict[str, Any] = {"language": language_code(attribute(article, "lang"))}
    if journal is not None:
        fields |= _journal(journal)
    dated = _date(meta)
    fields |= {
        "title": _title(meta),
        "original_title": child_text(meta, "title-group/trans-title-group/trans-title"),
        "authors": tuple(_authors(meta)),
        "volume": child_text(meta, "volume"),
        "issue": child_text(meta, "issue"),
        "date": dated.date,
        "year": dated.year,
        "months": dated.months,
        "date_raw": dated.raw,
        "keywords": tuple(dict.fromkeys(texts(meta, "kwd-group//kwd"))),
        "publication_types": tuple(_types(article, meta)),
        "trial_numbers": tuple(_trials(meta)),
        "links": tuple(_links(meta)),
    }
    return fields | _identifiers(meta) | _pages(meta) | _permissions(meta)


def _journal(journal: Element) -> dict[str, Any]:
    ids = {each.get("journal-id-type"): inline_text(each) for each in journal.findall("journal-id")}
    issns = {
        each.get("pub-type") or each.get("publication-format") or "": inline_text(each)
        for each in journal.findall("issn")
    }
    return {
        "journal": child_text(journal, "journal-title-group/journal-title")
        or child_text(journal, "journal-title"),
        "journal_abbrev": child_text(journal, ".//abbrev-journal-title")
        or ids.get("iso-abbrev")
        or ids.get("nlm-ta"),
        "issn": next((issns[key] for key in (*_ISSN, *issns) if issns.get(key)), None),
        "issn_l": child_text(journal, "issn-l"),
        "publisher": child_text(journal, "publisher/publisher-name"),
    }


def _title(meta: Element) -> str | None:
    group_ = meta.find("title-group")
    if group_ is None:
        return None
    title = group_.find("article-title")
    shown = _without_notes(title) if title is not None else ""
    under = child_text(group_, "subtitle")
    if shown and under and under.casefold() not in shown.casefold():
        shown = f"{shown.rstrip(': ')}: {under}"
    return shown or None


def _without_notes(title: Element) -> str:
    """Return a title without its footnotes and their marks."""
    for each in [*title.iter("fn"), *title.iter("xref")]:
        if each.tag == "fn" or each.get("ref-type") in {"fn", "author-notes"}:
            for child in list(each):
                each.remove(child)
            each.text = None
    return inline_text(title)


def _identifiers(meta: Element) -> dict[str, Any]:
    ids = {each.get("pub-id-type"): inline_text(each) for each in meta.findall("article-id")}
    pmc = next((ids[key] for key in ("pmcid", "pmc", "pmcaid", "pmc-aid") if ids.get(key)), None)
    return {
        "doi": read_doi(ids.get("doi")),
        "pmid": read_pmid(ids.get("pmid")),
        "pmcid": read_pmcid(pmc if pmc and pmc.upper().startswith("PMC") else f"PMC{pmc}")
        if pmc
        else None,
    }


def _pages(meta: Element) -> dict[str, Any]:
    first, last = child_text(meta, "fpage"), child_text(meta, "lpage")
    joined = f"{first}-{last}" if first and last and first != last else first
    printed = child_text(meta, "page-range") or joined or child_text(meta, "elocation-id")
    return {"pages_raw": printed, "pages": joined or printed}


def _permissions(meta: Element) -> dict[str, Any]:
    licence = meta.find(".//permissions/license")
    if licence is None:
        licence = meta.find(".//license")
    words = inline_text(licence) if licence is not None else ""
    address = (attribute(licence, "href") if licence is not None else None) or child_text(
        meta, ".//license_ref"
    )
    named = licence_name(address) or licence_name(words)
    open_ = (licence is not None and licence.get("license-type") == "open-access") or bool(named)
    return {
        "licence": named,
        "copyright": child_text(meta, ".//copyright-statement"),
        "open_access": True if open_ else None,
    }


def _date(meta: Element) -> Printed:
    """Return the publication date; the order of preference is the issue's, then the online one."""
    found: dict[str, Printed] = {}
    for each in meta.findall("pub-date"):
        kind = each.get("pub-type") or each.get("publication-format") or each.get("date-type") or ""
        month = child_text(each, "month") or child_text(each, "season")
        found.setdefault(kind, from_parts(child_text(each, "year"), month, child_text(each, "day")))
    ordered = [found[key] for key in (*_DATES, *found) if key in found]
    return next((each for each in ordered if each.year is not None), Printed())


def _types(article: Element, meta: Element) -> Iterator[str]:
    kind = article.get("article-type")
    if kind:
        yield kind.replace("-", " ").capitalize()
    for each in meta.findall("article-categories/subj-group"):
        if each.get("subj-group-type") == "heading":
            yield from texts(each, "subject")


def _trials(meta: Element) -> Iterator[str]:
    for each in meta.iter("related-object", "ext-link"):
        kind = f"{each.get('source-type')} {each.get('ext-link-type')}"
        if "clinical-trial" in kind or "clintrial" in kind:
            number = each.get("document-id") or inline_text(each)
            if number:
                yield number


def _links(meta: Element) -> Iterator[Link]:
    for each in [
        *meta.findall("related-article"),
        *meta.findall(".//related-article-group//related-article"),
    ]:
        kind = each.get("related-article-type", "related")
        target = attribute(each, "href") or inline_text(each)
        pmid = read_pmid(target) if each.get("ext-link-type") in {"pmid", "pubmed"} else None
        yield Link(
            _RELATED.get(kind, kind.replace("-", "_")),
            inline_text(each) or target,
            pmid,
            read_doi(target),
        )


def _authors(meta: Element) -> Iterator[Author]:
    places = {each.get("id"): _place(each) for each in [*meta.findall(".//aff")] if each.get("id")}
    contribs = [
        (owner, each)
        for owner in meta.findall(".//contrib-group")
        for each in owner.findall("contrib")
    ]
    for owner, contrib in contribs:
        if contrib.get("contrib-type", "author") not in {"author", "collab", "group"}:
            continue
        found = _author(contrib)
        if found is None:
            continue
        ids = [
            one
            for each in contrib.findall("xref")
            if each.get("ref-type") == "aff"
            for one in (each.get("rid") or "").split()
        ]
        own = [_place(each) for each in contrib.findall("aff")]
        shared = [each for each in owner.findall("aff") if not each.get("id")]
        listed = [*own, *[places[each] for each in ids if each in places]]
        listed = listed or [_place(each) for each in shared]
        orcid = next(
            (one for each in contrib.findall("contrib-id") if (one := read_orcid(each.text))), None
        )
        yield replace(found, affiliations=tuple(each for each in listed if each), orcid=orcid)


def _author(contrib: Element) -> Author | None:
    collab = contrib.find("collab")
    if collab is None:
        collab = contrib.find("collab-alternatives/collab")
    if collab is not None:
        inner = [each for each in collab if each.tag in {"institution", "named-content"}]
        words = (collab.text or "").strip() or " ".join(inline_text(each) for each in inner)
        return group(words or inline_text(collab))
    return _named(contrib)


def _named(owner: Element) -> Author | None:
    for path in ("name", "name-alternatives/name", "string-name", "name-alternatives/string-name"):
        name = owner.find(path)
        if name is not None:
            family, given = child_text(name, "surname"), child_text(name, "given-names")
            found = author(family, given, child_text(name, "suffix"))
            return found or direct(inline_text(name))
    return None


def _place(aff: Element) -> str:
    """Return an affiliation without its label."""
    words = inline_text(aff)
    label = aff.find("label")
    mark = inline_text(label) if label is not None else ""
    if not mark and len(aff) and aff[0].tag == "sup" and not (aff.text or "").strip():
        mark = inline_text(aff[0])
    return words.removeprefix(mark).strip(" ,;") if mark else words


def references(article: Element) -> tuple[tuple[Reference, ...], dict[str, tuple[int, ...]]]:
    """Return the reference list, and the numbers that each reference's id stands for."""
    found: list[Reference] = []
    numbers: dict[str, tuple[int, ...]] = {}
    for at, ref in enumerate(article.iterfind(".//ref-list//ref"), start=1):
        printed = re.fullmatch(r"\D{0,2}(\d{1,4})\D{0,2}", child_text(ref, "label") or "")
        label = int(printed[1]) if printed else at
        cited = [
            each for each in ref.iter() if each.tag.endswith("citation") or each.tag == "citation"
        ]
        own = [each for each in cited if each.tag != "citation-alternatives"]
        found.append(_reference(own[0] if own else ref, label))
        for each in [ref, *own]:
            if each.get("id"):
                numbers[each.get("id", "")] = (label,)
    return tuple(found), numbers


def _reference(cited: Element, label: int) -> Reference:
    names = [*cited.iter("name"), *cited.iter("string-name"), *cited.iter("collab")]
    people = [
        author(child_text(each, "surname"), child_text(each, "given-names"))
        for each in names
        if each.tag != "collab"
    ]
    listed = [each.name for each in people if each] or [
        inline_text(each) for each in names if inline_text(each)
    ]
    year = re.search(r"\d{4}", child_text(cited, ".//year") or "")
    ids = {each.get("pub-id-type"): inline_text(each) for each in cited.iter("pub-id")}
    parts = [inline_text(each) for each in cited.iter() if len(each) == 0 and inline_text(each)]
    # An element citation has no punctuation of its own.
    raw = "; ".join(parts) if cited.tag == "element-citation" else inline_text(cited)
    source = child_text(cited, "source") or child_text(cited, ".//source")
    return Reference(
        label=label,
        raw=raw,
        authors=tuple(listed),
        title=child_text(cited, ".//article-title") or child_text(cited, ".//chapter-title"),
        journal=source,
        year=int(year[0]) if year else None,
        doi=read_doi(ids.get("doi")) or _linked_doi(cited),
        pmid=read_pmid(ids.get("pmid")),
    )


def _linked_doi(cited: Element) -> str | None:
    for each in cited.iter("ext-link"):
        found = read_doi(attribute(each, "href"))
        if found:
            return found
    return None
