"""Cite claims, articles and rules with what is known, nothing invented: the home of citeproc."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

STYLES = ("vancouver", "ama", "apa", "bibtex", "ris", "nbib", "csl-json", "link")
_PROSE = ("vancouver", "ama", "apa")
# Whoever cites a retracted article shall say so (ICMJE Recommendations, section III.B).
RETRACTED = "[Retracted]"
_CSL = Path(__file__).parent / "styles"


class CitationError(ValueError):
    """Nothing to cite: the id or the style is unknown."""


def cite(connection: sqlite3.Connection, identifier: str, style: str = "vancouver") -> str:
    """Return the citation of a claim, article or rule in a style; raise ``CitationError``.

    A claim is cited by its article, with its quote where the style has room for one.
    """
    if style not in STYLES:
        raise CitationError(f"style: {style} is unknown; one of {', '.join(STYLES)} was expected")
    row = connection.execute("select * from articles where article_id = ?", [identifier]).fetchone()
    claim = None
    if row is None:
        claim = connection.execute(
            "select * from claims where claim_id = ?", [identifier]
        ).fetchone()
        if claim is not None:
            row = connection.execute(
                "select * from articles where article_id = ?", [claim["article_id"]]
            ).fetchone()
    if row is None:
        rule = connection.execute(
            "select title, source, source_doi, source_pmid from rules where rule_id = ?",
            [identifier],
        ).fetchone()
        if rule is None:
            raise CitationError(
                f"{identifier}: no such claim, article or rule; an id of the knowledge base was expected"
            )
        known = f" doi:{rule['source_doi']}" if rule["source_doi"] else ""
        known = known or (f" PMID: {rule['source_pmid']}" if rule["source_pmid"] else "")
        return f"{rule['title']}. Stated in: {rule['source']}{known}"
    authors = connection.execute(
        "select * from authors where article_id = ? order by position", [row["article_id"]]
    ).fetchall()
    makers: dict[str, Callable[[], str]] = {
        "vancouver": lambda: _vancouver(row, authors),
        "ama": lambda: _styled(row, authors, "ama"),
        "apa": lambda: _styled(row, authors, "apa"),
        "nbib": lambda: _nbib(row, authors),
        "bibtex": lambda: _bibtex(row, authors),
        "ris": lambda: _ris(row, authors),
        "csl-json": lambda: json.dumps([as_csl_json(row, authors)], ensure_ascii=False, indent=2),
        "link": lambda: link(row, claim),
    }
    text = makers[style]()
    # The files say it in a field of their own.
    return f"{text} {RETRACTED}" if row["retracted"] and style in _PROSE else text


def link(article: Mapping[str, Any], claim: Mapping[str, Any] | None = None) -> str:
    """Return the address of the source, with a text fragment that finds the claim's words there."""
    address = article["url"] or (f"https://doi.org/{article['doi']}" if article["doi"] else None)
    address = address or (
        f"https://pubmed.ncbi.nlm.nih.gov/{article['pmid']}/" if article["pmid"] else None
    )
    if address is None:
        return "no address is known for this source"
    # A digest's words are the project's own and cannot be found in the article.
    if claim is None or article["digest"]:
        return str(address)
    words = claim["display"].split()
    ends = [" ".join(words[:5]), " ".join(words[-5:])] if len(words) > 12 else [claim["display"]]
    return f"{address}#:~:text=" + ",".join(quote(each, safe="") for each in ends)


def _title(row: Mapping[str, Any]) -> str | None:
    """Return a title without the full stop that indexes print behind it."""
    title: str | None = row["title"]
    return title[:-1] if title and title.endswith(".") and not title.endswith("..") else title


def _initials(given: str | None) -> str:
    return "".join(part[0].upper() for part in re.split(r"[\s.-]+", given or "") if part)


def _name(author: Mapping[str, Any]) -> str:
    if author["collective"] or not author["family"]:
        return str(author["name"])
    return " ".join(
        each for each in (author["family"], _initials(author["given"]), author["suffix"]) if each
    )


def _vancouver(row: Mapping[str, Any], authors: Sequence[Mapping[str, Any]]) -> str:
    """After the NLM's Citing Medicine (2nd edition): six authors, then et al."""
    names = [_name(each) for each in authors[:6]]
    if len(authors) > 6 or row["authors_complete"] == 0:
        names.append("et al")
    numbers = (row["volume"] or "") + (f"({row['issue']})" if row["issue"] else "")
    place = (
        str(row["year"] or "")
        + (f";{numbers}" if numbers else "")
        + (f":{_short_pages(row)}" if row["pages"] else "")
    )
    parts = [
        ", ".join(names),
        _title(row) or "",
        row["journal_abbrev"] or row["journal"] or row["source_site"] or "",
        place,
    ]
    text = ". ".join(each for each in parts if each)
    text += "." if text and not text.endswith(".") else ""
    return (
        text
        + (f" doi:{row['doi']}" if row["doi"] else f" PMID: {row['pmid']}" if row["pmid"] else "")
        if text
        else str(row["citation"])
    )


def _short_pages(row: Mapping[str, Any]) -> str:
    return str(row["pages_raw"] or row["pages"])


def _styled(row: Mapping[str, Any], authors: Sequence[Mapping[str, Any]], style: str) -> str:
    """Return the citation that ``kb/styles/<style>.csl`` gives."""
    # citeproc takes a while to load, and most commands cite nothing.
    from citeproc import (  # noqa: PLC0415
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON  # noqa: PLC0415

    item = as_csl_json(row, authors)
    item["id"] = "one"
    if authors and row["authors_complete"] == 0:
        # CSL has no field for names left out by the source; one more name stands for them.
        item["author"] = [*item["author"], {"literal": "et al."}]
    sheet = CitationStylesStyle(str(_CSL / f"{style}.csl"), validate=False)
    shelf = CitationStylesBibliography(sheet, CiteProcJSON([item]), formatter.plain)
    shelf.register(Citation([CitationItem("one")]))
    text = re.sub(r",? & et al\.", ", et al.", str(shelf.bibliography()[0]))
    return text.replace("et al..", "et al.")


def as_csl_json(row: Mapping[str, Any], authors: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return an article as a CSL-JSON item (https://citeproc-js.readthedocs.io/en/latest/csl-json/)."""
    people = [
        {"literal": each["name"]}
        if each["collective"] or not each["family"]
        else {
            key: value
            for key, value in (
                ("family", each["family"]),
                ("given", each["given"]),
                ("suffix", each["suffix"]),
            )
            if value
        }
        for each in authors
    ]
    issued = (
        [int(part) for part in str(row["date"]).split("-")]
        if row["date"]
        else [row["year"]]
        if row["year"]
        else None
    )
    item = {
        "id": row["article_id"],
        "type": "article-journal" if row["journal"] else "webpage",
        "title": _title(row),
        "author": people or None,
        "container-title": row["journal"] or row["source_site"],
        "container-title-short": row["journal_abbrev"],
        "volume": row["volume"],
        "issue": row["issue"],
        "page": row["pages"],
        "DOI": row["doi"],
        "PMID": row["pmid"],
        "PMCID": row["pmcid"],
        "URL": row["url"],
        "ISSN": row["issn"],
        "issued": {"date-parts": [issued]} if issued else None,
        "language": row["language"],
        "note": RETRACTED if row["retracted"] else None,
    }
    return {key: value for key, value in item.items() if value is not None}


def _bibtex(row: Mapping[str, Any], authors: Sequence[Mapping[str, Any]]) -> str:
    names = " and ".join(
        f"{{{each['name']}}}"
        if each["collective"] or not each["family"]
        else ", ".join(x for x in (each["family"], each["suffix"], each["given"]) if x)
        for each in authors
    )
    fields = {
        "author": names,
        "title": f"{{{_title(row)}}}" if row["title"] else None,
        "journal": row["journal"],
        "year": row["year"],
        "volume": row["volume"],
        "number": row["issue"],
        "pages": (row["pages"] or "").replace("-", "--") or None,
        "doi": row["doi"],
        "url": row["url"],
        "issn": row["issn"],
        "note": RETRACTED if row["retracted"] else None,
    }
    body = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields.items() if value)
    key = re.sub(r"[^a-z0-9-]", "", row["article_id"].lower())
    return f"@{'article' if row['journal'] else 'misc'}{{{key},\n{body}\n}}"


def _ris(row: Mapping[str, Any], authors: Sequence[Mapping[str, Any]]) -> str:
    first, _, last = (row["pages"] or "").partition("-")
    lines: list[tuple[str, Any]] = [
        ("TY", "JOUR" if row["journal"] else "GEN"),
        ("TI", _title(row)),
    ]
    lines += [
        (
            "AU",
            each["name"]
            if each["collective"] or not each["family"]
            else ", ".join(x for x in (each["family"], each["given"], each["suffix"]) if x),
        )
        for each in authors
    ]
    lines += [
        ("JO", row["journal"]),
        ("J2", row["journal_abbrev"]),
        ("PY", row["year"]),
        ("VL", row["volume"]),
        ("IS", row["issue"]),
        ("SP", first),
        ("EP", last),
        ("DO", row["doi"]),
        ("AN", row["pmid"]),
        ("SN", row["issn"]),
        ("UR", row["url"]),
        ("LA", row["language"]),
        ("N1", RETRACTED if row["retracted"] else None),
    ]
    return "\n".join([f"{tag}  - {value}" for tag, value in lines if value] + ["ER  - "])


def _nbib(row: Mapping[str, Any], authors: Sequence[Mapping[str, Any]]) -> str:
    """Return the MEDLINE display format (https://www.nlm.nih.gov/bsd/mms/medlineelements.html)."""
    lines: list[tuple[str, Any]] = [
        ("PMID", row["pmid"]),
        ("IS", row["issn"]),
        ("VI", row["volume"]),
        ("IP", row["issue"]),
        ("DP", row["year"]),
        ("TI", _title(row)),
        ("PG", row["pages"]),
        ("LID", f"{row['doi']} [doi]" if row["doi"] else None),
    ]
    for each in authors:
        if each["collective"] or not each["family"]:
            lines.append(("CN", each["name"]))
            continue
        full = ", ".join(x for x in (each["family"], each["given"], each["suffix"]) if x)
        lines += [("FAU", full), ("AU", _name(each))]
    lines += [
        ("LA", row["language"]),
        ("PT", "Retracted Publication" if row["retracted"] else None),
        ("TA", row["journal_abbrev"]),
        ("JT", row["journal"]),
        ("PMC", row["pmcid"]),
    ]
    return "\n".join(f"{tag:4}- {value}" for tag, value in lines if value)
