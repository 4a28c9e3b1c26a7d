"""Read BioC JSON: PubMed Central's and PubTator's collections of passages.

After the BioC format (https://bioc.sourceforge.net) and the keys of the BioC API for PMC
(https://www.ncbi.nlm.nih.gov/research/bionlp/APIs/BioC-PMC/). Annotations by machines are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.model import Author, ContentLevel, Failure, Record, Reference
from ingest.parsing.citations import labelled
from ingest.parsing.composing import Composer, Run
from ingest.parsing.dates import from_parts, from_text
from ingest.parsing.identifiers import numbered_pmcid, read_doi, read_pmcid, read_pmid
from ingest.parsing.jsonfile import Item, has_keys, items, records
from ingest.parsing.jsonvalues import dig, listed, string
from ingest.parsing.names import author, group, inverted
from ingest.parsing.tables import rows
from ingest.parsing.xml import parse
from ingest.text import expand_pages, is_digest, licence_name, page_range, sha256

FORMAT = "bioc_json"
SUREST = 97
_HEADINGS = {
    "ABSTRACT": "Abstract",
    "INTRO": "Introduction",
    "METHODS": "Methods",
    "RESULTS": "Results",
    "CASE": "Case",
    "DISCUSS": "Discussion",
    "CONCL": "Conclusions",
    "APPENDIX": "Appendix",
    "SUPPL": "Supplementary material",
    "ACK_FUND": "Acknowledgements",
    "AUTH_CONT": "Author contributions",
    "COMP_INT": "Competing interests",
    "ABBR": "Abbreviations",
    "REVIEW_INFO": "Notes",
    "KEYWORD": "Keywords",
}
_FRONT = {"title", "front", "article-title"}


def sniff(head: bytes, name: str) -> int:
    """Return 97 where the head has documents of passages."""
    return 97 if has_keys(head, "passages") and has_keys(head, "documents|infons|PubTator3") else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every document in order; a broken one is a failure and its neighbours live."""
    found = items(stream, ("documents", "PubTator3"), _is_record)
    yield from records(FORMAT, found, name, _record)


def _is_record(value: dict[str, Any]) -> bool:
    return isinstance(value.get("passages"), list)


def _record(item: Item, name: str) -> Record:
    value = item.value
    passages = [each for each in listed(value.get("passages")) if isinstance(each, dict)]
    front = _front(value, passages)
    title = next((string(each.get("text")) for each in passages if _kind(each) in _FRONT), None)
    composer = Composer(title)
    full = _compose(composer, passages)
    text, sections, markers = composer.result()
    if not text:
        raise ValueError("no passage with text; a BioC document has one")
    level: ContentLevel = "full_text" if full else "abstract" if sections else "citation"
    ids = _identifiers(value, front)
    year, date = string(front.get("year")), string(front.get("date"))
    dated = from_parts(year) if front.get("year") else from_text(date)
    first, last = string(front.get("fpage")), string(front.get("lpage"))
    pages = page_range(first, last) or string(front.get("elocation-id"))
    licence = string(front.get("license"))
    words = string(front.get("kwd")) or ""
    copyright_ = string(front.get("copyright")) or string(front.get("copyright-statement"))
    return Record(
        format=FORMAT,
        source=name,
        locator=ids["pmcid"] or ids["pmid"] or ids["doi"] or f"record {item.number}",
        sha256=sha256(item.data),
        text=text,
        title=title,
        sections=sections,
        markers=markers,
        references=tuple(_references(passages)),
        authors=tuple(_authors(value, front)),
        journal=_journal(front),
        year=dated.year,
        date=dated.date,
        date_raw=dated.raw,
        months=dated.months,
        volume=string(front.get("volume")),
        issue=string(front.get("issue")),
        pages=expand_pages(pages),
        pages_raw=pages,
        licence=licence_name(licence),
        copyright=copyright_,
        open_access=True if licence_name(licence) else None,
        keywords=tuple(each for each in map(str.strip, re.split(r"[;,]", words)) if each),
        source_platform="PubMed Central" if ids["pmcid"] else "PubTator" if ids["pmid"] else None,
        content_level=level,
        digest=is_digest(copyright_, licence, string(front.get("note"))),
        **ids,
    )


def _front(value: dict[str, Any], passages: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the passages of the title, the first before the others, and the document state."""
    infons = [dig(each, "infons") for each in passages if _kind(each) in _FRONT]
    front: dict[str, Any] = {}
    for each in (*infons, value.get("infons")):
        if isinstance(each, dict):
            front = {**each, **front}
    return front


def _kind(passage: dict[str, Any]) -> str:
    return (string(dig(passage, "infons", "type")) or "").lower()


def _compose(composer: Composer, passages: list[dict[str, Any]]) -> bool:
    """Write the passages; tell whether there is more than title and abstract."""
    current, full = "", False
    for passage in passages:
        kind, text = _kind(passage), string(passage.get("text")) or ""
        part = (string(dig(passage, "infons", "section_type")) or "").upper()
        if kind in _FRONT or kind == "ref" or part == "REF" or not text:
            continue
        if not part and kind == "abstract":
            part = "ABSTRACT"
        titled = re.fullmatch(r"(abstract_)?title(?:_(\d))?(?:_caption)?", kind)
        if kind.startswith(("fig", "table")) or part in {"FIG", "TABLE"}:
            composer.aside(_table(passage) if kind == "table" else text)
            continue
        full = full or part not in {"ABSTRACT", "TITLE", ""}
        if titled:
            level = int(titled[2] or 1) + (1 if titled[1] else 0)
            if titled[1] and part != current:
                composer.open("Abstract", 1)
            composer.open(text, level)
        else:
            if part != current and part in _HEADINGS:
                composer.open(_HEADINGS[part], 1)
            if kind == "footnote":
                composer.aside(text, "boilerplate")
                continue
            for label, words in labelled("", text) if part == "ABSTRACT" else [("", text)]:
                if label:
                    composer.open(label, 2)
                composer.paragraph([Run(words)])
        current = part
    return full


def _table(passage: dict[str, Any]) -> str:
    """Return a table's rows, cells parted by tabs: of its XML, which keeps rows, else as it came."""
    xml, text = dig(passage, "infons", "xml"), passage.get("text")
    if isinstance(xml, str):
        try:
            found = "\n".join(rows(parse(xml.partition("?>")[2].encode() or xml.encode())))
        except ValueError:
            found = ""
        if found:
            return found
    return text.strip() if isinstance(text, str) else ""


def _identifiers(value: dict[str, Any], front: dict[str, Any]) -> dict[str, Any]:
    own = string(value.get("id")) or string(value.get("_id")) or ""
    pmc = string(front.get("article-id_pmc")) or string(value.get("pmcid"))
    pmcid = read_pmcid(own) or numbered_pmcid(pmc)
    pmid = read_pmid(front.get("article-id_pmid")) or read_pmid(value.get("pmid"))
    if pmid is None and pmcid is None:
        pmid = read_pmid(own.partition("|")[0])
    return {
        "pmid": pmid,
        "pmcid": pmcid,
        # PubTator prints the article's DOI behind its journal.
        "doi": read_doi(
            front.get("article-id_doi") or front.get("doi") or string(front.get("journal"))
        ),
    }


def _journal(front: dict[str, Any]) -> str | None:
    """Return the journal; PubTator prints the citation behind it."""
    printed = string(front.get("journal-title")) or string(front.get("journal"))
    return re.split(r"[;.]\s", printed)[0].rstrip(".") if printed else None


def _authors(value: dict[str, Any], front: dict[str, Any]) -> Iterator[Author]:
    found: list[Author | None] = [_named(each) for each in _names(front)]
    if not found:
        printed = value.get("authors")
        names = listed(printed) or (string(front.get("authors")) or "").split(",")
        found = [inverted(string(each) or "") for each in names]
    yield from (each for each in found if each is not None)


def _names(infons: dict[str, Any]) -> list[str]:
    """Return the values of name_0, name_1 and so on, in the order of their numbers."""
    keys = [key for key in infons if re.fullmatch(r"name_\d+", key)]
    return [string(infons[key]) or "" for key in sorted(keys, key=lambda key: int(key[5:]))]


def _named(printed: str) -> Author | None:
    parts = dict(each.partition(":")[::2] for each in printed.split(";"))
    if "surname" in parts:
        return author(parts["surname"], parts.get("given-names"), parts.get("suffix"))
    return group(parts.get("collab") or printed)


def _references(passages: list[dict[str, Any]]) -> Iterator[Reference]:
    number = 0
    for each in passages:
        infons = dig(each, "infons")
        if _kind(each) != "ref" or not isinstance(infons, dict):
            continue
        number += 1
        year = re.search(r"\d{4}", string(infons.get("year")) or "")
        names = [one for each in _names(infons) if (one := _named(each))]
        title = string(each.get("text"))
        source = string(infons.get("source"))
        shown = ", ".join(one.name for one in names)
        raw = ". ".join(one for one in (shown, title, source, year[0] if year else None) if one)
        yield Reference(
            label=number,
            raw=raw,
            authors=tuple(one.name for one in names),
            title=title,
            journal=source,
            year=int(year[0]) if year else None,
            doi=read_doi(infons.get("pub-id_doi")),
            pmid=read_pmid(infons.get("pub-id_pmid")),
        )
