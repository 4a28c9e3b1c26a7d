"""Read the parts of a PubMed record: titles, abstracts, authors, dates, identifiers, links.

Element by element after NLM's DTD (https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ingest.model import Author, Link
from ingest.parsing.cutting import Piece
from ingest.parsing.dates import Printed, from_parts, from_text
from ingest.parsing.languages import language_code
from ingest.parsing.xml import Element, children, fold, inline_text, texts
from ingest.text import page_range

# What NLM prints where there is no English title.
_PLACEHOLDERS = {"not available", "in process citation"}
# Databanks of DataBankList that register no trials
# (https://www.nlm.nih.gov/bsd/medline_databank_source.html).
_NO_TRIALS = {
    "BioModels",
    "BioProject",
    "Dryad",
    "GDB",
    "GENBANK",
    "GEO",
    "OMIM",
    "PDB",
    "PIR",
    "PubChem-BioAssay",
    "PubChem-Compound",
    "PubChem-Substance",
    "RefSeq",
    "SRA",
    "SWISSPROT",
    "UniMES",
    "UniParc",
    "UniProtKB",
    "UniRef",
    "dbGaP",
    "dbSNP",
    "dbVar",
    "figshare",
}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DOI = re.compile(r"\b(10\.\d{4,9}/\S+?)[.;,]?(?=\s|$)")
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])(?!\d)")


def text_of(element: Element | None) -> str | None:
    """Return an element's text, None where it is absent or empty."""
    if element is None:
        return None
    return (inline_text(element) if len(element) else fold(element.text)) or None


def version(pmid: Element | None) -> int | None:
    """Return the version of a PMID element, None where it states none."""
    stated = pmid.get("Version", "") if pmid is not None else ""
    return int(stated) if stated.isdigit() else None


def titles(parts: Mapping[str, Element]) -> tuple[str | None, str | None]:
    """Return the title and the title in the article's own language.

    Brackets, NLM's mark of a translated title, are dropped; its placeholders are no title.
    """
    title, vernacular = text_of(parts.get("ArticleTitle")), text_of(parts.get("VernacularTitle"))
    inner = _bracketed(title) if title else None
    if inner is not None:
        title = inner if inner.lower() not in _PLACEHOLDERS else None
    return title or vernacular, vernacular


def _bracketed(title: str) -> str | None:
    """Return what stands between the brackets that enclose a whole title, None without them."""
    whole = title.rstrip(" .")
    if not (whole.startswith("[") and whole.endswith("]")):
        return None
    depth = 0
    for at, char in enumerate(whole):
        depth += (char == "[") - (char == "]")
        if depth == 0:
            # "[One] and [two]" is no bracketed title.
            return whole[1:-1].strip() if at == len(whole) - 1 else None
    return None


def abstracts(owner: Mapping[str, Element], parts: Mapping[str, Element]) -> list[tuple[str, str]]:
    """Return (label, body) of every abstract part; those of other languages say so in the label.

    ``owner`` has the first OtherAbstract among its children, ``parts`` are those of the article.
    """
    found = _parts(parts.get("Abstract"), "")
    for other in _all(owner, "OtherAbstract"):
        language = language_code(other.get("Language", "eng"))
        kind = other.get("Type", "").replace("-", " ").capitalize()
        if language == "en":
            found += _parts(other, "" if kind in {"", "Publisher"} else kind)
        else:
            found += [
                (f"Other abstract ({language}){f', {label}' if label else ''}", body)
                for label, body in _parts(other, "")
            ]
    return found


def _all(parts: Mapping[str, Element], tag: str) -> Iterator[Element]:
    """Yield the children of a tag; most records have none of the rarer ones."""
    first = parts.get(tag)
    if first is not None:
        yield first
        yield from first.itersiblings(tag)


def _parts(abstract: Element | None, default: str) -> list[tuple[str, str]]:
    if abstract is None:
        return []
    return [
        (fold(part.get("Label") or default), inline_text(part))
        for part in abstract
        if part.tag == "AbstractText"
    ]


def languages(parts: Mapping[str, Element]) -> tuple[str, ...]:
    """Return the codes of the languages of the text, in order; ``und`` is none."""
    codes = [language_code(each.text) for each in _all(parts, "Language")]
    return tuple([code for code in codes if code])


def copyright_of(abstract: Element | None) -> str | None:
    """Return the words of an abstract's copyright, None where there are none."""
    if abstract is None:
        return None
    return text_of(next(abstract.iterchildren("CopyrightInformation"), None))


def published(*candidates: Element | None) -> Printed:
    """Return the first date that has a year, with the raw text of the first date printed."""
    dates = [_date(each) for each in candidates]
    dated = next((each for each in dates if each.year is not None), dates[0])
    return dated._replace(raw=dates[0].raw or dated.raw)


def stamp(element: Element | None) -> str | None:
    """Return the ISO date of an element with Year, Month and Day, None without one."""
    return _date(element).date


def _date(element: Element | None) -> Printed:
    if element is None:
        return Printed()
    parts = {each.tag: each.text for each in element}
    if "MedlineDate" in parts:
        return from_text(parts["MedlineDate"])
    return from_parts(
        parts.get("Year"), parts.get("Month") or parts.get("Season"), parts.get("Day")
    )


def pages(pagination: Element | None) -> str | None:
    """Return the pages as printed."""
    parts = children(pagination)
    printed = text_of(parts.get("MedlinePgn"))
    if printed:
        return printed
    return page_range(text_of(parts.get("StartPage")), text_of(parts.get("EndPage")))


def identifiers(
    own: Element | None,
    article: Mapping[str, Element],
    citation: Mapping[str, Element],
    pmid: str | None,
) -> dict[str, str]:
    """Return ``doi`` and ``pmc`` of the article itself, never those of its references.

    ``own`` is its ArticleIdList; ELocationID is a child of ``article``, OtherID of ``citation``.
    Raise ``ValueError`` where the list is that of another PMID: two records run together.
    """
    found: dict[str, str] = {}
    for each in own if own is not None else ():
        kind, value = each.get("IdType"), (each.text or "").strip()
        if kind == "pubmed" and value and pmid and value != pmid:
            raise ValueError(f"identifiers of PMID {value} in PMID {pmid}; its own were expected")
        if value and kind in {"doi", "pmc"}:
            found.setdefault(kind, value)
    for each in _all(article, "ELocationID") if "doi" not in found else ():
        value = (each.text or "").strip()
        if value and each.get("EIdType") == "doi" and each.get("ValidYN", "Y") == "Y":
            found.setdefault("doi", value)
    for each in _all(citation, "OtherID"):
        pmc = re.match(r"PMC\d+", (each.text or "").strip())
        if pmc:
            found.setdefault("pmc", pmc[0])
    return found


def authors(listing: Element | None) -> tuple[Author, ...]:
    """Return the authors in order, groups too; a name that an erratum replaced is left out."""
    if listing is None:
        return ()
    found: list[Author] = []
    for each in listing:
        author = _author(each) if each.tag == "Author" else None
        if author is not None:
            found.append(author)
    return tuple(found)


def _author(element: Element) -> Author | None:
    if element.get("ValidYN") == "N":
        return None
    family = given = initials = suffix = orcid = None
    affiliations: list[str] = []
    # The commonest children first: half of all elements of a record are its authors'.
    for each in element:
        tag = each.tag
        if tag == "AffiliationInfo":
            for one in each:
                if one.tag == "Affiliation" and (text := inline_text(one)):
                    affiliations.append(text)
        elif tag == "LastName":
            family = fold(each.text)
        elif tag == "ForeName":
            given = fold(each.text)
        elif tag == "Initials":
            initials = each.text
        elif tag == "Identifier":
            orcid = _orcid(each) or orcid
        elif tag == "Suffix":
            suffix = text_of(each)
        elif tag == "Affiliation":
            affiliations += [text] if (text := inline_text(each)) else []
        elif tag == "CollectiveName":
            group = inline_text(each)
            if group:
                return _group(element, group)
    given = given or initials
    if given and family and not suffix:
        name = f"{given} {family}"
    else:
        name = _joined(given, family, suffix)
    if not name:
        return None
    return Author(name, family or None, given, suffix, False, orcid, tuple(affiliations))


def _joined(*parts: str | None) -> str:
    return " ".join([each for each in parts if each])


def _group(element: Element, name: str) -> Author:
    listed = (*texts(element, "AffiliationInfo/Affiliation"), *texts(element, "Affiliation"))
    return Author(name, collective=True, affiliations=listed)


def _orcid(element: Element) -> str | None:
    if element.get("Source") != "ORCID":
        return None
    found = _ORCID.search(element.text or "")
    return "-".join(found.groups()).upper() if found else None


def listed(listing: Element | None) -> tuple[str, ...]:
    """Return the texts of a list's children."""
    return (
        tuple(text for each in listing if (text := inline_text(each)))
        if listing is not None
        else ()
    )


def keywords(owner: Mapping[str, Element]) -> tuple[str, ...]:
    """Return the keywords of all keyword lists."""
    lists = [texts(each, "Keyword") for each in _all(owner, "KeywordList")]
    return tuple(dict.fromkeys([word for words in lists for word in words]))


def headings(listing: Element | None) -> tuple[str, ...]:
    """Return MeSH headings: descriptor, or descriptor/qualifier for each qualifier."""
    found: list[str] = []
    for heading in listing if listing is not None else ():
        descriptor = ""
        for each in heading:
            word = (each.text or "").strip()
            if not descriptor:
                descriptor = word
                found += [word] if word else []
            elif word and found[-1] is descriptor:
                found[-1] = f"{descriptor}/{word}"
            elif word:
                found.append(f"{descriptor}/{word}")
    return tuple(found)


def trials(listing: Element | None) -> tuple[str, ...]:
    """Return accession numbers of trial registries; those of sequence banks are none."""
    if listing is None:
        return ()
    return tuple(
        number
        for bank in listing.iterchildren("DataBank")
        if (text_of(bank.find("DataBankName")) or "") not in _NO_TRIALS
        for number in texts(bank, "AccessionNumberList/AccessionNumber")
    )


def links(listing: Element | None) -> tuple[Link, ...]:
    """Return comments, corrections, retractions and updates with their targets."""
    return tuple(_link(each) for each in listing) if listing is not None else ()


def _link(element: Element) -> Link:
    kind = element.get("RefType", "Related").replace("andR", "AndR")
    raw = text_of(element.find("RefSource")) or ""
    doi = _DOI.search(raw)
    target = text_of(element.find("PMID"))
    return Link(_CAMEL.sub("_", kind).lower(), raw, target, doi[1] if doi else None)


def without_references(piece: Piece) -> Piece:
    """Return the record without its reference list and its history, most of its bytes.

    Those are identifiers and titles of other articles, and dates of indexing: nothing of this one
    is lost, no identifier can be taken from there, and parsing takes half the time.
    """
    data = piece.data
    # Forward from the element that holds both, so that the record is gone through once.
    home = max(data.find(b"<PubmedData"), 0)
    begin = data.find(b"<History>", home)
    close = data.find(b"</History>", begin) if begin >= 0 else -1
    start = data.find(b"<ReferenceList", max(close, home))
    end = data.rfind(b"</ReferenceList>", start) if start >= 0 else -1
    # A list that holds more is two records run together: the parser shall see them.
    if end >= 0 and data.find(b"<PubmedData", start, end) < 0:
        data = data[:start] + data[end + 16 :]
    if close >= 0:
        data = data[:begin] + data[close + 10 :]
    if data is piece.data:
        return piece
    return Piece(piece.number, data, piece.fault, piece.prolog)
