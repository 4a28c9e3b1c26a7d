"""Read identifiers as sources print them: bare, prefixed or as addresses."""

from __future__ import annotations

import re
from urllib.parse import unquote

# The old DOIs of Wiley have angle brackets inside: 10.1002/(SICI)1097(1999)85:1<1::AID-X1>3.0.CO;2-X.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/(?:[^\s\"<>]|<[^\s\"<>]*::[^\s\"<>]*>)+", re.IGNORECASE)
_ENCODED = re.compile(r"%(?:2[0-9A-F]|3[A-F]|5B|5D)", re.IGNORECASE)
_PMID = re.compile(r"(?<!\d)(\d{1,8})(?!\d)")
_PMC = re.compile(r"PMC\s*(\d{1,9})", re.IGNORECASE)
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])(?!\d)")
_ISSN = re.compile(r"\b(\d{4})-?(\d{3}[\dXx])\b")


def read_doi(printed: object) -> str | None:
    """Return the DOI in a text or address, without its resolver; None where there is none."""
    text = str(printed or "")
    if _ENCODED.search(text) and "10." in text:
        text = unquote(text)
    found = _DOI.search(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    if not found:
        return None
    doi = found[0].rstrip(".,;:'’”")
    # A bracket that was opened outside the DOI closes outside it.
    while doi[-1:] in ")]}" and doi.count(doi[-1]) > doi.count("([{"[")]}".index(doi[-1])]):
        doi = doi[:-1].rstrip(".,;")
    return doi


def read_pmid(printed: object) -> str | None:
    """Return the PMID in a text, number or address; None where there is none."""
    text = str(printed or "").strip()
    if not re.fullmatch(
        r"(?i)(?:https?://\S*pubmed\S*?/|pmid:?\s*|medline:)?\d{1,8}(?:\.0)?/?", text
    ):
        return None
    found = _PMID.search(text)
    return found[1] if found else None


def read_pmcid(printed: object) -> str | None:
    """Return the PMCID in a text or address as PMC and digits; None where there is none."""
    found = _PMC.search(str(printed or ""))
    return f"PMC{found[1]}" if found else None


def numbered_pmcid(printed: object) -> str | None:
    """Return the PMCID of a field that holds nothing else, with or without its letters."""
    text = str(printed or "").strip()
    bare = re.fullmatch(r"(?:https?://\S+/)?(\d{1,9})/?", text)
    return f"PMC{bare[1]}" if bare else read_pmcid(text)


def read_orcid(printed: object) -> str | None:
    """Return the ORCID in a text or address as four groups of four."""
    found = _ORCID.search(str(printed or ""))
    return "-".join(found.groups()).upper() if found else None


def read_issn(printed: object) -> str | None:
    """Return the first ISSN in a text as 1234-5678."""
    found = _ISSN.search(str(printed or ""))
    return f"{found[1]}-{found[2].upper()}" if found else None
