"""Compare two bibliographic records: titles, people, journals, pages, and what each record is.

The home of rapidfuzz. Every comparison has three answers: yes, no, and not known (None).
"""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from rapidfuzz import fuzz

from ingest.model import Record
from ingest.yamlfile import load_yaml

LEVELS = {"citation": 0, "abstract": 1, "full_page": 2, "full_text": 3}
# How like two titles must be (percent of letters, words in any order) before words are compared.
_TITLE_AGREES = 88.0
# How like two words must be to be one word spelt in two ways: tumor and tumour, not type and tape.
_WORD_AGREES = 83.0
# A title cut short may hold a misprint where it is this long, and no more than one.
_LONG = 60
_HEADS_AGREE = 97.0
# Shorter titles ("Reply", "Spinal metastases") are those of many articles.
TELLING = 25
_WORDS = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = load_yaml(Path(__file__).with_name("notices.yml"))
    return found


@cache
def _patterns(*path: str) -> tuple[re.Pattern[str], ...]:
    listed: Any = _words()
    for name in path:
        listed = listed[name]
    return tuple(re.compile(each, re.IGNORECASE) for each in listed)


@lru_cache(maxsize=65536)
def _normal(text: str) -> tuple[str, ...]:
    """Return a title's words for comparison: lower case, no accents, Greek letters spelt out."""
    if not text.isascii():
        text = "".join(_letter(each) for each in unicodedata.normalize("NFKD", text))
    return tuple(_WORDS.findall(_THOUSANDS.sub("", text.casefold())))


def _letter(letter: str) -> str:
    if unicodedata.combining(letter):
        return ""
    if "α" <= letter.lower() <= "ω":
        return unicodedata.name(letter, letter).rpartition(" ")[2].lower()
    return letter


def normalise_doi(doi: str | None) -> str | None:
    """Return a DOI in lower case without its resolver or escapes, None where there is none."""
    if not doi:
        return None
    plain = html.unescape(unquote(doi.strip().lower()))
    plain = re.sub(r"^(?:https?://)?(?:dx\.)?doi\.org/|^doi:?\s*", "", plain).rstrip(".,; ")
    return plain or None


def normalise_pmcid(pmcid: str | None) -> str | None:
    """Return a PMCID as PMC and digits, None where there is none."""
    digits = re.search(r"\d+", pmcid or "")
    return f"PMC{digits[0]}" if digits else None


@dataclass(frozen=True, slots=True)
class Titled:
    """A title without what marks it: its words, and the kind of notice it names itself."""

    words: tuple[str, ...]
    kind: str | None = None
    retracted: bool = False

    @property
    def compact(self) -> str:
        """Return the letters and digits without blanks."""
        return "".join(self.words)


@lru_cache(maxsize=65536)
def read_title(title: str) -> Titled:
    """Return a title's own words, whether it says it is retracted, and what notice it is."""
    kind, retracted = None, False
    for pattern in _patterns("title_tails"):
        title = pattern.sub("", title)
    for name in _words()["notices"]:
        for pattern in _patterns("notices", name):
            stripped = pattern.sub("", title, count=1)
            if kind is None and stripped != title:
                # "Erratum." alone is all the title there is.
                kind, title = name, stripped if _normal(stripped) else title
    for pattern in _patterns("retracted_title"):
        stripped = pattern.sub("", title, count=1)
        if stripped != title and _normal(stripped):
            retracted, title = True, stripped
    return Titled(_normal(title), kind, retracted)


def titles_of(record: Record) -> tuple[Titled, ...]:
    """Return a record's titles, the English one first and the one of its own language after it."""
    stated = dict.fromkeys(each for each in (record.title, record.original_title) if each)
    return tuple(found for each in stated if (found := read_title(each)).words)


def kind_of(record: Record) -> str:
    """Return what a record is: article, erratum, retraction, concern, comment, preprint, conference."""
    for titled in titles_of(record):
        if titled.kind:
            return titled.kind
    words = _words()
    stated = {each.lower() for each in record.publication_types}
    for kind, types in words["types"].items():
        if stated & {each.lower() for each in types}:
            return str(kind)
    doi = normalise_doi(record.doi) or ""
    for kind, pattern in words["dois"].items():
        if re.search(pattern, doi):
            return str(kind)
    for kind, pattern in words["journals"].items():
        if re.search(pattern, record.journal or record.journal_abbrev or "", re.IGNORECASE):
            return str(kind)
    return "article"


def says_retracted(record: Record) -> bool:
    """Tell whether a record itself says that its article was retracted, by type or title."""
    types = {each.lower() for each in record.publication_types}
    return bool(types & {each.lower() for each in _words()["retracted_types"]}) or any(
        each.retracted for each in titles_of(record)
    )


def relation_of(kind: str) -> str | None:
    """Return how a record of a kind is linked to the article it belongs to."""
    found: str | None = _words()["relations"].get(kind)
    return found


def titles_agree(one: Record, other: Record) -> bool:
    """Tell whether two records bear one title, spelt, cut or translated differently."""
    return title_likeness(one, other) not in {None, "like"}


def title_likeness(one: Record, other: Record) -> str | None:
    """Return how two records' titles agree: ``equal``, ``close``, ``part``; None where they do not.

    ``part`` is a title cut short, or one without its subtitle; ``like`` one that differs in more
    than spelling, which only the same place in print makes the same.
    """
    found = {_likeness(first, second) for first in titles_of(one) for second in titles_of(other)}
    return next((each for each in ("equal", "close", "part", "like") if each in found), None)


@lru_cache(maxsize=262144)
def _likeness(one: Titled, other: Titled) -> str | None:
    if one.kind != other.kind:
        return None
    first, second = one.compact, other.compact
    if first == second:
        return "equal"
    if _is_cut(one, other):
        return "part"
    if numbers_in(one.words) != numbers_in(other.words):
        return None
    blank = " ".join
    texts = blank(one.words), blank(other.words)
    # A misprint in a word's first letters sorts it elsewhere: words are also compared as they stand.
    if max(fuzz.ratio(*texts), fuzz.token_sort_ratio(*texts)) < _TITLE_AGREES:
        return None
    mine = list((Counter(one.words) - Counter(other.words)).elements())
    yours = list((Counter(other.words) - Counter(one.words)).elements())
    if _turns(mine, yours) or _turns(yours, mine):
        return None
    return "close" if _only_spelling(mine, yours) else "like"


def _turns(words: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether one of the words turns the meaning and is none of the others, misprinted."""
    turning = set(words) & set(_words()["turning"])
    return any(
        max((fuzz.ratio(word, each) for each in others), default=0) < _WORD_AGREES
        for word in turning
    )


def _is_cut(one: Titled, other: Titled) -> bool:
    """Tell whether one title is the other's beginning, whole words or not, with a misprint at most."""
    short, long = sorted((one, other), key=lambda each: len(each.compact))
    length = len(short.compact)
    if length < TELLING or length + 3 > len(long.compact):
        return False
    head = long.compact[:length]
    if head != short.compact and (length < _LONG or fuzz.ratio(head, short.compact) < _HEADS_AGREE):
        return False
    if _DIGITS.findall(head) != _DIGITS.findall(short.compact):
        return False
    return not _opens_a_part(long.words, length)


def _opens_a_part(words: Sequence[str], length: int) -> bool:
    """Tell whether what follows so many letters is the number of a part: "Part 2: ...", "II"."""
    # A misprint may have cost the cut title a letter.
    ends = itertools.accumulate(map(len, words))
    at = next((n for n, end in enumerate(ends, start=1) if abs(end - length) <= 1), None)
    rest = words[at:] if at is not None else ()
    if rest and rest[0] in _words()["parts"]:
        return bool(numbers_in(rest[1:2]))
    return len(rest) == 1 and bool(numbers_in(rest))


def numbers_in(words: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers that words hold, as digits, words or Roman numerals, in order of size."""
    names = _words()["numbers"]
    found = [int(digits) for word in words for digits in _DIGITS.findall(word)[:20]]
    return tuple(sorted(found + [names[word] for word in words if word in names]))


def _only_spelling(mine: Sequence[str], yours: Sequence[str]) -> bool:
    """Tell whether the words that only one title has are the other's, spelt or cut differently."""
    glued = fuzz.ratio("".join(mine), "".join(yours)) if mine and yours else 0.0
    if glued >= 95:
        return True
    short, long = sorted((list(mine), list(yours)), key=len)
    for word in short:
        near = max(long, key=lambda each: fuzz.ratio(word, each))
        if fuzz.ratio(word, near) < _WORD_AGREES:
            return False
        long = [each for each in long if each is not near]
    return len(long) <= 3 and set(long) <= set(_words()["fillers"])


def people_agree(one: Record, other: Record) -> bool | None:
    """Tell whether two records name the same first author, None where either names nobody."""
    if not one.authors or not other.authors:
        return None
    first, second = one.authors[0], other.authors[0]
    if first.collective != second.collective:
        return None
    mine, yours = _normal(first.family or first.name), _normal(second.family or second.name)
    if not mine or not yours:
        return None
    if set(mine) <= set(yours) or set(yours) <= set(mine):
        return _initials_agree(first.given, second.given)
    if fuzz.ratio("".join(mine), "".join(yours)) >= _WORD_AGREES and min(len(mine[0]), 9) > 3:
        return _initials_agree(first.given, second.given)
    # Family and given names are told apart differently: Li Wei and Wei Li.
    whole = set(_normal(first.name)) == set(_normal(second.name))
    return True if whole else False  # noqa: SIM210 - three answers, not two


def _initials_agree(one: str | None, other: str | None) -> bool:
    first, second = _normal(one or ""), _normal(other or "")
    return not first or not second or first[0][0] == second[0][0]


def first_family(record: Record) -> str:
    """Return the first author's family name in lower case, empty where nobody is named."""
    author = record.authors[0] if record.authors else None
    return "".join(_normal(author.family or author.name)) if author else ""


def first_page(record: Record) -> str:
    """Return the first page or the article's number, without the e of electronic ones."""
    page = re.split(r"[-–—,;\s]", (record.pages or "").strip().lower())[0]
    return re.sub(r"^(?:p+\.?|e)(?=s?\d)", "", page).lstrip("0")


def pages_agree(one: Record, other: Record) -> bool | None:
    """Tell whether two records begin on one page; an article number says nothing of a page."""
    first, second = first_page(one), first_page(other)
    if not first or not second:
        return None
    if first == second:
        return True
    # The number of an electronic article beside its pages of print, or beside "1-9".
    kinds = [len(each) > 4 or each == "1" for each in (first, second)]
    return None if kinds[0] != kinds[1] or (all(kinds) and "1" in {first, second}) else False


def volumes_agree(one: Record, other: Record) -> bool | None:
    """Tell whether two records state one volume; a supplement beside a volume says nothing."""
    return _numbers_agree(one.volume, other.volume)


def issues_agree(one: Record, other: Record) -> bool | None:
    """Tell whether two records state one issue."""
    return _numbers_agree(one.issue, other.issue)


def _numbers_agree(one: str | None, other: str | None) -> bool | None:
    first, second = _normal(one or ""), _normal(other or "")
    if not first or not second:
        return None
    if first == second:
        return True
    mine, yours = _DIGITS.findall(" ".join(first)), _DIGITS.findall(" ".join(second))
    if len(first) == len(second) == 1 and mine and yours:
        return bool(mine[0].lstrip("0") == yours[0].lstrip("0"))
    return None if mine[:1] == yours[:1] or not mine or not yours else False


def journals_agree(one: Record, other: Record) -> bool | None:
    """Tell whether two records name one journal, in full or abbreviated; ISSNs decide first."""
    mine = {each for each in (one.issn, one.issn_l) if each}
    yours = {each for each in (other.issn, other.issn_l) if each}
    if mine & yours:
        return True
    names = [each for each in (one.journal, one.journal_abbrev) if each]
    others = [each for each in (other.journal, other.journal_abbrev) if each]
    if not names or not others:
        return None
    return any(_one_journal(first, second) for first in names for second in others)


@lru_cache(maxsize=65536)
def _one_journal(one: str, other: str) -> bool:
    fillers = set(_words()["journal_fillers"])
    # A place in brackets tells journals of one name apart: Spine (Phila Pa 1976).
    first, second = (
        [word for word in _normal(re.sub(r"\([^)]*\)", "", name)) if word not in fillers]
        for name in (one, other)
    )
    if not first or not second:
        return _normal(one) == _normal(other)
    if first == second:
        return True
    if len(first) != len(second):
        # "Acta" is no abbreviation of "Acta Orthopaedica"; a subtitle behind a colon may be missing.
        heads = [re.split(r"\s*[:;=]\s*", name)[0] for name in (one, other)]
        return heads != [one, other] and _one_journal(*heads)
    return all(_clipped(short, long) for short, long in zip(first, second, strict=True))


def _clipped(one: str, other: str) -> bool:
    """Tell whether one word abbreviates the other: surg and surgery, natl and national."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return True
    letters = iter(long)
    return len(short) > 2 and short[0] == long[0] and all(each in letters for each in short)
