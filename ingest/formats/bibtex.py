"""Read BibTeX and BibLaTeX files: the home of bibtexparser.

After "BibTeXing" (Patashnik 1988) and the BibLaTeX manual's data model. Each entry is parsed on its
own: so duplicate keys lose nothing and a broken entry costs only itself. Known losses of the parser
are guarded: doubled fields, joined strings, a missing key, a missing comma, per cent signs.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import DuplicateFieldKeyBlock, Entry

from ingest.model import Author, Failure, Record
from ingest.parsing.bibtex_entries import RawEntry, closing, count_entries, cut_entries, parts_of
from ingest.parsing.citations import citation, publication_types
from ingest.parsing.dates import Printed, between, from_parts, from_text
from ingest.parsing.fragments import flat, parts
from ingest.parsing.identifiers import numbered_pmcid, read_doi, read_issn, read_pmid
from ingest.parsing.languages import language_code
from ingest.parsing.latex import decode_latex
from ingest.parsing.names import author, group
from ingest.parsing.tagged import decode_line
from ingest.parsing.unpacking import lines, peek

FORMAT = "bibtex"
SUREST = 90
# One entry of a healthy file is far smaller.
LONGEST = 4 << 20
_SNIFF = re.compile(
    rb"(?i)(?:\A\s*|\n[ \t]*)@\s*(?:article|book|booklet|conference|inbook|incollection|inproceedings|manual|mastersthesis"
    rb"|misc|online|phdthesis|proceedings|report|techreport|thesis|unpublished|string|comment|preamble)\s*[{(]"
)
_STRING = re.compile(r"""(?is)@\s*string\s*[{(]\s*([\w:.+/-]+)\s*=\s*(.*)[})]\s*$""")
_GLUED = re.compile(r"\s*[A-Za-z_-]+\s*=")
_LEADING = re.compile(r"(?i)(\sand\s+)\\")
_PARENT = re.compile(r"(?i)\bcrossref\s*=\s*[{\"]?\s*([^\s{}\",]+)")
# What an entry does not take from the one it refers to by crossref: that is the other's own.
_OWN = {"doi", "url", "pmid", "pmcid", "pmc", "eprint", "abstract", "note", "annote", "annotation",
        "keywords", "pages", "eid", "title", "subtitle", "crossref", "origtitle"}  # fmt: skip
_TYPES = {
    "article": "Journal Article",
    "book": "Book",
    "inbook": "Book Chapter",
    "incollection": "Book Chapter",
    "inproceedings": "Conference Paper",
    "conference": "Conference Paper",
    "phdthesis": "Thesis",
    "mastersthesis": "Thesis",
    "thesis": "Thesis",
    "techreport": "Report",
    "report": "Report",
    "unpublished": "Preprint",
}


def sniff(head: bytes, name: str) -> int:
    """Return 90 where an entry begins a line of the head."""
    shown = peek(head)
    if re.match(rb"\s*[<{\[]", shown):
        return 0
    return 90 if _SNIFF.search(shown) else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every entry in order; a broken one is a failure and its neighbours live."""
    strings: dict[str, str] = {}
    parents = _parents(stream)
    number = 0
    fault = None
    source = cut_entries(stream)
    while True:
        try:
            entry = next(source, None)
        except ValueError as error:
            entry, fault = None, str(error)
        if entry is None:
            break
        if entry.kind == "string":
            _define(entry, strings)
            continue
        if entry.kind in {"comment", "preamble"}:
            continue
        for part in parts_of(entry):
            number += 1
            part.number = number
            try:
                yield _record(part, strings, parents, name)
            except ValueError as error:
                where = f"record {number}"
                for _ in range(count_entries(part.text)):
                    yield Failure(name, where, f"{name} {where}: {error}", FORMAT)
    if fault:
        yield Failure(name, "end of file", f"{name}: {fault}; a whole file was expected", FORMAT)


def _parents(stream: BinaryIO) -> dict[str, dict[str, str]]:
    """Return the fields of the entries that others refer to by crossref; they may stand last."""
    start = stream.tell()
    wanted: set[str] = set()
    found: dict[str, dict[str, str]] = {}
    strings: dict[str, str] = {}
    try:
        for line in lines(stream):
            if b"rossref" in line or b"ROSSREF" in line:
                wanted |= {each.lower() for each in _PARENT.findall(decode_line(line))}
        stream.seek(start)
        for entry in cut_entries(stream) if wanted else ():
            key = re.match(r"\s*@\s*\w+\s*[{(]\s*([^\s,]+)\s*,", entry.text)
            if entry.kind == "string":
                _define(entry, strings)
            elif key and key[1].lower() in wanted:
                found.setdefault(key[1].lower(), _fields(entry, strings))
    except ValueError:
        # The second reading reports what is wrong.
        pass
    stream.seek(start)
    return found


def _define(entry: RawEntry, strings: dict[str, str]) -> None:
    named = _STRING.match(entry.text.strip())
    if named:
        strings[named[1].lower()] = _joined(named[2].strip(), strings)


def _inherited(fields: dict[str, str], parents: Mapping[str, dict[str, str]]) -> dict[str, str]:
    """Return fields with those of the entry that crossref names; its title is the book's."""
    parent = parents.get(fields.get("crossref", "").strip().lower(), {})
    given = {key: value for key, value in parent.items() if key not in _OWN}
    if parent.get("title"):
        given.setdefault("booktitle", parent["title"])
    return {**given, **fields}


def _record(
    entry: RawEntry,
    strings: Mapping[str, str],
    parents: Mapping[str, dict[str, str]],
    name: str,
) -> Record:
    fields = _inherited(_fields(entry, strings), parents)
    plain = {key: decode_latex(value) for key, value in fields.items()}
    get = plain.get
    eprint = (
        get("eprint")
        if (get("eprinttype") or get("archiveprefix") or "").lower() == "pubmed"
        else None
    )
    return citation(
        FORMAT,
        name,
        entry.number,
        entry.data,
        title=_title(plain),
        parts=parts(get("abstract")),
        dated=_date(plain),
        authors=_authors(fields.get("author") or fields.get("editor") or ""),
        authors_complete=False
        if re.search(r"\band\s+others\s*$", fields.get("author", ""))
        else None,
        pages=re.sub(r"\s*[-–—]{1,3}\s*", "-", get("pages") or "") or get("eid"),
        copyright_=flat(get("copyright")),
        licence=flat(get("license")),
        notes=(get("note"), get("annote"), get("annotation"), get("copyright")),
        original_title=flat(get("origtitle")),
        journal=flat(get("journal") or get("journaltitle") or get("booktitle")),
        journal_abbrev=flat(get("shortjournal")),
        publisher=flat(get("publisher") or get("institution") or get("school")),
        issn=read_issn(get("issn")),
        volume=flat(get("volume")),
        issue=flat(get("number") or get("issue")),
        doi=read_doi(fields.get("doi", "").replace("\\_", "_").replace("\\", "")),
        pmid=read_pmid(get("pmid")) or read_pmid(eprint) or _noted(get("note"), "PMID"),
        pmcid=numbered_pmcid(get("pmcid") or get("pmc")),
        url=fields.get("url", "").replace("\\", "").removeprefix("url{").rstrip("}") or None,
        language=language_code(get("language") or get("langid")),
        publication_types=publication_types(_TYPES.get(entry.kind, entry.kind), get("pubstate")),
        keywords=tuple(
            each.strip() for each in re.split(r"[;,]", get("keywords") or "") if each.strip()
        ),
    )


def _noted(note: str | None, name: str) -> str | None:
    """Return the PMID of a note that holds identifiers and nothing else."""
    alone = re.fullmatch(r"(?:(?:PMID|PMCID|DOI):?\s*\S+[\s;,.]*)+", note or "", re.IGNORECASE)
    found = re.search(rf"\b{name}:?\s*(\d+)", note or "", re.IGNORECASE) if alone else None
    return found[1] if found else None


def _title(plain: Mapping[str, str]) -> str | None:
    title, under = flat(plain.get("title")), flat(plain.get("subtitle"))
    return f"{title}: {under}" if title and under else title


def _fields(entry: RawEntry, strings: Mapping[str, str]) -> dict[str, str]:
    """Return an entry's fields in lower case, their braces off, strings put in."""
    text = entry.text.strip()
    if entry.fault:
        raise ValueError(entry.fault)
    if len(text) > LONGEST:
        raise ValueError(f"longer than {LONGEST} characters; one entry was expected")
    if "\0" in text:
        raise ValueError("NUL bytes; a text file was expected")
    # The parser wants a key; some exporters write none.
    text = re.sub(r"^(@\s*\w+\s*[{(])\s*(?=,|[\w-]+\s*=)", r"\1nokey,", text).replace(
        "nokey,,", "nokey,"
    )
    _quiet()
    library = parse_string(text, parse_stack=[])
    blocks = [*library.entries, *_doubled(library.failed_blocks)]
    if not blocks:
        reason = (
            getattr(library.failed_blocks[0], "error", "") if library.failed_blocks else "no entry"
        )
        shown = " ".join(str(reason).split())[:120]
        raise ValueError(
            f"broken entry ({shown or 'braces or commas'}); '@type{{key, field = {{text}}}}' was expected"
        )
    found: dict[str, str] = {}
    doubled = [each.key.lower() for each in blocks[0].fields]
    if len(doubled) - len(set(doubled)) > 2:
        raise ValueError(
            "fields stand twice, as of entries run together; '@type{key,' was expected"
        )
    for each in blocks[0].fields:
        value = str(each.value).strip()
        if _glued(value):
            raise ValueError(f"no comma after field {each.key}; fields are parted by commas")
        # Of a doubled field the first is kept, as BibTeX does.
        found.setdefault(each.key.lower(), _joined(value, strings))
    return {key: value for key, value in found.items() if value}


def _glued(value: str) -> bool:
    """Tell whether the next field runs on behind the end of a value: a comma is missing."""
    end = closing(value) if value.startswith("{") else value.find('"', 1) + 1
    return value[:1] in {"{", '"'} and bool(end and _GLUED.match(value, end))


def _doubled(failed: Sequence[object]) -> list[Entry]:
    """Return the entries that the parser sets aside because a field stands twice."""
    return [
        each.ignore_error_block
        for each in failed
        if isinstance(each, DuplicateFieldKeyBlock) and isinstance(each.ignore_error_block, Entry)
    ]


def _joined(value: str, strings: Mapping[str, str]) -> str:
    """Return a value without its braces or quotes, its parts joined and strings put in."""
    return "".join(_bare(each.strip(), strings) for each in _pieces(value)).strip()


def _pieces(value: str) -> list[str]:
    """Return the parts of a value that a number sign outside braces and quotes joins."""
    if "#" not in value:
        return [value]
    found, depth, quoted, at = [], 0, False, 0
    for match in re.finditer(r'\\.|[{}"#]', value):
        mark = match[0]
        if mark in "{}":
            depth += 1 if mark == "{" else -1
        elif mark == '"' and depth == 0:
            quoted = not quoted
        elif mark == "#" and depth == 0 and not quoted:
            found.append(value[at : match.start()])
            at = match.end()
    return [*found, value[at:]]


def _bare(value: str, strings: Mapping[str, str]) -> str:
    if value[:1] + value[-1:] in {"{}", '""'} and len(value) > 1:
        return value[1:-1]
    return strings.get(value.lower(), value)


def _authors(value: str) -> list[Author | None]:
    # The parser drops the backslash that a name begins with.
    kept = _LEADING.sub(r"\1{}\\", value)
    return [
        _author(each) for each in split_multiple_persons_names(kept) if each.strip() != "others"
    ]


def _author(printed: str) -> Author | None:
    text = printed.strip()
    if text.startswith("{") and closing(text) == len(text):
        return group(decode_latex(text))
    try:
        name = parse_single_name_into_parts(text, strict=False)
    except InvalidNameError:
        return group(decode_latex(text))
    family = decode_latex(" ".join([*name.von, *name.last]))
    return author(family, decode_latex(" ".join(name.first)), decode_latex(" ".join(name.jr)))


def _date(plain: Mapping[str, str]) -> Printed:
    if plain.get("date"):
        first, _, last = plain["date"].partition("/")
        return between(from_text(first), from_text(last), plain["date"])
    month, day = plain.get("month"), plain.get("day")
    # Styles without a field for the day print it with the month: "5~" # dec.
    both = re.fullmatch(r"(?:(\d{1,2})\.?\s+)?([A-Za-z]{3,9}\.?)(?:\s+(\d{1,2}))?", month or "")
    if both and not day:
        month, day = both[2], both[1] or both[3]
    return from_parts(plain.get("year"), month, day)


def _quiet() -> None:
    """Keep the parser's log off the terminal: its faults are reported as failures."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
