"""Read the front matter of JATS articles: citation, people, dates, identifiers, links.

After the JATS Archiving tag set 1.3 (https://jats.nlm.nih.gov/archiving/tag-library/1.3/) and its
forerunner, the NLM tag set 3.0. Tags come without namespaces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ingest.model import Author, Link
from ingest.parsing.dates import Printed, from_parts, from_text
from ingest.parsing.identifiers import numbered_pmcid, read_doi, read_orcid, read_pmid
from ingest.parsing.languages import language_code
from ingest.parsing.names import author, direct, group
from ingest.parsing.xml import Element, attribute, child_text, inline_text, texts
from ingest.text import licence_name, page_range

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
_BYLINE = {"author", "collab", "group"}
_ISSN = ("ppub", "print", "epub", "electronic")
# Which of several publication dates is the article's: the issue's, else the earliest online.
_NO_DATES = {"pmc-release", "nihms-submitted", "retracted", "corrected", "received", "accepted"}
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
        "authors": tuple(_authors(meta, fields["language"])),
        "volume": child_text(meta, "volume"),
        "issue": child_text(meta, "issue"),
        "date": dated.date,
        "year": dated.year,
        "months": dated.months,
        "date_raw": dated.raw,
        "keywords": tuple(dict.fromkeys(_keywords(meta))),
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
        "pmcid": numbered_pmcid(pmc),
    }


def _pages(meta: Element) -> dict[str, Any]:
    first, last = child_text(meta, "fpage"), child_text(meta, "lpage")
    joined = page_range(first, last)
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
        "copyright": child_text(meta, ".//copyright-statement") or _holder(meta),
        "open_access": True if open_ else None,
    }


def _holder(meta: Element) -> str | None:
    parts = (child_text(meta, ".//copyright-year"), child_text(meta, ".//copyright-holder"))
    return "© " + " ".join(each for each in parts if each) if any(parts) else None


def _date(meta: Element) -> Printed:
    """Return the publication date; the order of preference is the issue's, then the online one.

    Days on which an archive released it or a notice appeared are none.
    """
    found: dict[str, Printed] = {}
    for each in meta.findall("pub-date"):
        kinds = [each.get(name) or "" for name in ("pub-type", "date-type", "publication-format")]
        if _NO_DATES & set(kinds):
            continue
        kind = next((one for one in kinds if one and one != "pub"), "pub")
        found.setdefault(kind, _printed(each))
    ordered = [found[key] for key in (*_DATES, *found) if key in found]
    return next((each for each in ordered if each.year is not None), Printed())


def _printed(date: Element) -> Printed:
    month = child_text(date, "month") or child_text(date, "season")
    year = child_text(date, "year")
    if year:
        return from_parts(year, month, child_text(date, "day"))
    return from_text(child_text(date, "string-date") or date.get("iso-8601-date"))


def _types(article: Element, meta: Element) -> Iterator[str]:
    kind = article.get("article-type")
    if kind:
        yield kind.replace("-", " ").capitalize()
    for each in meta.findall("article-categories/subj-group"):
        if each.get("subj-group-type") == "heading":
            yield from texts(each, "subject")


def subordinate_link(part: Element) -> Link | None:
    """Return the link to a sub-article that is another's words: a reply, a response, a report."""
    kind = part.get("article-type") or part.get("response-type") or ""
    title = child_text(part, ".//title-group/article-title")
    ids = {each.get("pub-id-type"): inline_text(each) for each in part.iterfind("*/article-id")}
    ids |= {each.get("pub-id-type"): inline_text(each) for each in part.iterfind("*/*/article-id")}
    doi, pmid = read_doi(ids.get("doi")), read_pmid(ids.get("pmid"))
    if kind == "translation" or not (title or doi or pmid):
        return None
    return Link("comment_in", title or doi or kind, pmid, doi)


def _keywords(meta: Element) -> Iterator[str]:
    for each in meta.iter("kwd-group"):
        if "abbrev" not in (each.get("kwd-group-type") or "").lower():
            yield from (
                words for one in each.iter("kwd", "compound-kwd") if (words := _keyword(one))
            )


def _keyword(element: Element) -> str:
    parts = texts(element, "compound-kwd-part")
    return ": ".join(parts) if parts else inline_text(element)


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


def _authors(meta: Element, language: str | None) -> Iterator[Author]:
    """Yield the authors with all their places; the members of a group are no authors."""
    groups = [each for each in meta.iter("contrib-group") if not _within(each, "collab")]
    people = [
        (owner, each)
        for owner in groups
        for each in owner.findall("contrib")
        if (each.get("contrib-type") or "author").lower() in _BYLINE
    ]
    places = dict(_places(meta))
    single = [_place(each) for each in meta.findall("aff")]
    pointed = any(_pointers(each) for _, each in people)
    for owner, contrib in people:
        found = _author(contrib, language)
        if found is None:
            continue
        own = [_place(each) for each in contrib.iterfind("aff")]
        own += [places[each] for each in _pointers(contrib) if each in places]
        shared = [_place(each) for each in owner.findall("aff") if not each.get("id")]
        # One address without a mark is everybody's.
        shared = shared or (single if len(single) == 1 and not pointed else [])
        listed = tuple(dict.fromkeys(each for each in own or shared if each))
        yield replace(found, affiliations=listed, orcid=_orcid(contrib))


def _within(element: Element, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None


def _places(meta: Element) -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each address; of one in several languages the first."""
    for each in meta.iter("aff-alternatives", "aff"):
        if each.get("id"):
            shown = each.find("aff") if each.tag == "aff-alternatives" else each
            yield each.get("id", ""), _place(shown) if shown is not None else ""


def _pointers(contrib: Element) -> list[str]:
    found = [each for each in contrib.findall("xref") if each.get("ref-type") == "aff"]
    return [one for each in found for one in (each.get("rid") or "").split()]


def _orcid(contrib: Element) -> str | None:
    stated = [each.text for each in contrib.findall("contrib-id")]
    linked = [
        attribute(each, "href") or each.text for each in contrib.iter("uri", "ext-link", "email")
    ]
    orcids = [*stated, *[each for each in linked if each and "orcid" in each]]
    return next((found for each in orcids if (found := read_orcid(each))), None)


def _author(contrib: Element, language: str | None) -> Author | None:
    collab = contrib.find("collab")
    if collab is None:
        collab = contrib.find("collab-alternatives/collab")
    if collab is not None:
        # Its members, addresses and marks stand inside; the name is the text around them.
        words = inline_text(collab)
        for each in collab.iter("contrib-group", "xref", "aff"):
            before, _, after = words.rpartition(inline_text(each))
            words = f"{before} {after}"
        return group(words.strip(" ,;"))
    return _named(contrib, language)


def _named(owner: Element, language: str | None) -> Author | None:
    """Return the author by the first name given, of alternatives by that in the article's script."""
    names = [each for each in owner if each.tag in {"name", "string-name"}]
    names += list(owner.iterfind("name-alternatives/*"))
    own = [each for each in names if language_code(attribute(each, "lang")) == language]
    western = [each for each in names if each.get("name-style") == "western"]
    for name in [*(own if language else []), *western, *names]:
        family, given = child_text(name, "surname"), child_text(name, "given-names")
        found = author(family, given, child_text(name, "suffix"))
        if found or name.tag == "string-name":
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
