"""Read the reference lists of JATS articles: each entry once, with what it prints and nothing more.

After the JATS Archiving tag set 1.3 (https://jats.nlm.nih.gov/archiving/tag-library/1.3/element/ref.html)
and the forerunners' citation and nlm-citation. Tags come without namespaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.model import Reference
from ingest.parsing.identifiers import read_doi, read_pmid
from ingest.parsing.names import author, direct
from ingest.parsing.xml import Element, attribute, child_text, inline_text

_CITATIONS = {"mixed-citation", "element-citation", "nlm-citation", "citation"}
# Those have no punctuation of their own.
_BARE = {"element-citation", "nlm-citation"}
_MOST = 400


def references(article: Element) -> tuple[tuple[Reference, ...], dict[str, tuple[int, ...]]]:
    """Return the article's own reference list, and the numbers that each reference's id stands for.

    Lists of its sub-articles are theirs. An entry that holds several works is several references
    of one number.
    """
    found: list[Reference] = []
    numbers: dict[str, tuple[int, ...]] = {}
    parts = [part for name in ("body", "back") if (part := article.find(name)) is not None]
    for at, ref in enumerate((ref for part in parts for ref in part.iter("ref")), start=1):
        printed = re.fullmatch(r"\D{0,2}(\d{1,4})\D{0,2}", child_text(ref, "label") or "")
        label = int(printed[1]) if printed else at
        cited = list(_cited(ref))
        found += [_reference(each, label) for each in cited or [ref]]
        for each in [ref, *ref.iter(*_CITATIONS)]:
            if each.get("id"):
                numbers[each.get("id", "")] = (label,)
    return tuple(found), numbers


def _cited(ref: Element) -> Iterator[Element]:
    """Yield the citations of an entry; of alternatives the first alone."""
    for each in ref:
        if each.tag in _CITATIONS:
            yield each
        elif each.tag == "citation-alternatives":
            yield from [one for one in each if one.tag in _CITATIONS][:1]


def _reference(cited: Element, label: int) -> Reference:
    people = tuple(_people(cited))
    year = re.search(r"\d{4}", child_text(cited, ".//year") or "")
    ids = {each.get("pub-id-type"): inline_text(each) for each in cited.iter("pub-id")}
    title = child_text(cited, ".//article-title") or child_text(cited, ".//chapter-title")
    source = child_text(cited, ".//source")
    bare = cited.tag in _BARE or (cited.tag == "citation" and not (cited.text or "").strip())
    return Reference(
        label=label,
        raw=_composed(cited, people, title, source) if bare else _printed(cited),
        authors=people,
        title=title,
        journal=source,
        year=int(year[0]) if year else None,
        doi=read_doi(ids.get("doi")) or _linked_doi(cited),
        pmid=read_pmid(ids.get("pmid")),
    )


def _people(cited: Element) -> Iterator[str]:
    """Yield the authors' names in order, groups too; editors and translators are none."""
    for each in cited.iter("name", "string-name", "collab"):
        owner = each.getparent()
        role = owner.get("person-group-type", "author") if owner is not None else "author"
        if role not in {"author", "allauthors"}:
            continue
        if each.tag == "collab":
            found = None
        else:
            family, given = child_text(each, "surname"), child_text(each, "given-names")
            found = author(family, given, child_text(each, "suffix")) or direct(inline_text(each))
        name = found.name if found else inline_text(each)
        if name:
            yield name


def _printed(cited: Element) -> str:
    """Return a citation as printed; the parts of a name, which print no blank, get one."""
    parts = [each for name in cited.iter("name") for each in list(name)[:-1]]
    for each in (*parts, *cited.iter("pub-id")):
        each.tail = each.tail or " "
    label = cited.find("label")
    return inline_text(cited).removeprefix(inline_text(label)).strip()


def _composed(
    cited: Element, people: tuple[str, ...], title: str | None, source: str | None
) -> str:
    """Return a citation of elements alone in the usual order."""
    parts = {key: child_text(cited, f".//{key}") for key in ("year", "volume", "issue", "comment")}
    first, last = child_text(cited, ".//fpage"), child_text(cited, ".//lpage")
    pages = f"{first}-{last}" if first and last else first or child_text(cited, ".//elocation-id")
    issue = f"({parts['issue']})" if parts["issue"] else ""
    place = f"{parts['year'] or ''};{parts['volume'] or ''}{issue}:{pages or ''}".strip(";:")
    shown = (", ".join(people[:_MOST]), title, source, place, parts["comment"])
    return ". ".join(each.rstrip(".") for each in shown if each) or inline_text(cited)


def _linked_doi(cited: Element) -> str | None:
    for each in cited.iter("ext-link", "uri", "elocation-id"):
        found = read_doi(attribute(each, "href")) or read_doi(inline_text(each))
        if found:
            return found
    return None
