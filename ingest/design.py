"""Tell the study design, its evidence level, and how many patients it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingest.concepts.field import is_of_field
from ingest.groups.cohorts import Finder, cohort_finder
from ingest.groups.descriptions import set_against
from ingest.groups.headcounts import told_beside
from ingest.groups.single import REPORTED, is_single_case
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, alternatives, compile_wordings, joined, lowered
from ingest.model import Design, Document
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import Quantity, sizes_group
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parent / "cues" / "designs.yml"
# A number of patients, with its place where the text says it.
_Size = tuple[int, int | None, int | None]


@cache
def _own() -> Wordings:
    return compile_wordings(
        [
            r"\b(?:underwent|were (?:retrospectively |prospectively )?(?:treated|reviewed|included|enrolled|operated|randomi[sz]ed|analy[sz]ed|identified|diagnosed|studied|evaluated)|was (?:treated|operated)"
            r"|who underwent|treated (?:with|by)|retrospective(?:ly)?|consecutive|we (?:retrospectively |prospectively )?(?:reviewed|analy[sz]ed|treated|enrolled|included|identified|report)|a total of|of the|experienced|in (?:only )?\d+ of"
            r"|(?:patients|individuals|subjects|participants|cases) were found(?=[,.;:])|there were \d+ patients(?= \()|met (?:the |our )?(?:inclusion|eligibility|selection) criteria)\b"
        ]
    )


@cache
def _people() -> Wordings:
    return compile_wordings([_PEOPLE])


# The words that make a number of patients the group under study: "97 patients who underwent".
_GROUP = re.compile(
    r"[^.,;()]{0,30}?\b(?:who|that) (?:underwent|were treated|were operated|received|had undergone)\b",
    re.IGNORECASE,
)
_PEOPLE = (
    r"patient|case|individual|person|participant|subject|men\b|male|child|adult|survivor|people"
)
# An opening that tells what is reported: "we present 14 patients", "results in 54 patients are given".
_PRESENTED = build_rule(
    r"\b(?:we|the authors?|this (?:study|report|article|paper|series|analysis))\b[^.]{0,40}\b(?:present|report|describe|review|analy[sz]e)"
    r"|\b(?:are|is|were|was) (?:presented|reported|reviewed|described|analy[sz]ed)\b",
    re.IGNORECASE,
)
_GROUPS = build_rule(
    r"\b[Gg]roup \w{1,3} (?:included|consisted of|comprised|contained|had) (\d{1,4}) (?:\w+ )?(?:patients|individuals|subjects|participants|cases)\b"
)
# "We compared 45 patients who had a small cut with 52 who had a large one"
_COMPARED = build_rule(
    r"\bcompared (\d{1,4}) (?:\w+ )?(?:patients|individuals|subjects|participants|cases|adults|children) (?:[^.;,]{3,120}? )?(?:with|to|and|versus|against) "
    r"(\d{1,4}) (?:patients|individuals|subjects|participants|cases|others|adults|children|who|treated|operated)\b(?! (?:\w+ )?(?:controls|volunteers))",
    re.IGNORECASE,
)
# "Of 604 patients, 237 were eligible": the second number is the group studied.
_OF = build_rule(
    r"\b(?:of|from|among|out of)(?: (?:a|the|these|our|total|all|cohort|of|series))*\s*$",
    re.IGNORECASE,
)
_CHOSEN = re.compile(
    r"^[^.;]*,[^.;]*\d+[^.;]*\b(?:eligible|included|enrolled|analy[sz]ed|selected|met)\b",
    re.IGNORECASE,
)
_CHOSEN_NEXT = build_rule(
    r"\b(?:identified|yielded|revealed|included|selected) \d+ (?:\w+ )?(?:patients|individuals|subjects|participants|cases)\b",
    re.IGNORECASE,
)
_POOL = re.compile(
    r"[^.,;]{0,40}?\b(?:assessed for eligibility|screened|were excluded|were lost|declined|refused)",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"[^.,;]{0,40}?\b(?:were|was) (?:finally |then )?"
    r"(?:(?P<sure>included|enrolled|eligible|analy[sz]ed|randomi[sz]ed)|identified|recruited|treated|reviewed|found)",
    re.IGNORECASE,
)
_RANDOMISED = build_rule(
    r"\b(\d{2,5}) (?:\w+ )?(?:were|was) (?:then )?randomi[sz]ed\b", re.IGNORECASE
)
_SERIES = build_rule(
    r"\b(?:series|analysis|study|review|experience|report|outcomes?|results?|on|of|in|with|about) (?:of |in |with |on )?(?:a |an )?"
    r"(?:[a-z]+ ){0,3}(\d{1,5}) (?:[a-z]+ ){0,3}(?:cases|patients|individuals|subjects|participants)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DIGIT = re.compile(r"\d")
_DATE = build_rule(r"\d{1,2}/(?:19|20)\d\d$")
_ONE = build_rule(
    r"\b(?:a|an|one|the|our)(?: \d+-years?-old)? (?:patient|man|woman|boy|girl)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Rule:
    design: str
    level: int
    types: frozenset[str]


@cache
def _cues() -> tuple[tuple[_Rule, ...], dict[str, Any]]:
    data: dict[str, Any] = load_yaml(_CUES)
    rules = tuple(
        _Rule(
            each["design"],
            each["level"],
            frozenset(each["types"]),
        )
        for each in data["designs"]
    )
    return rules, data


@cache
def _words(field: str) -> tuple[Wordings, tuple[int, ...]]:
    """Return how titles or texts tell the designs, each wording with the place of its rule."""
    told = [
        (wording, place)
        for place, each in enumerate(_cues()[1]["designs"])
        for wording in alternatives(joined(each[field]))
    ]
    wordings = compile_wordings(wording for wording, _ in told)
    return wordings, tuple(place for _, place in told)


def _told(field: str, texts: Iterable[str], rules: tuple[_Rule, ...]) -> list[str]:
    """Return the designs of which a wording stands in a title or sentence, in the rules' order."""
    wordings, owners = _words(field)
    places = {owners[place] for text in texts for place in wordings.places(lowered(text))}
    return [rules[place].design for place in sorted(places)]


def describe(document: Document, cohort_of: Finder | None = None) -> Design:
    """Return the document's study design: by publication type, then title, then text.

    The number of patients is the group that its numbers are of, as ``cohort_of`` finds it, else
    the largest one that the authors say they treated or studied; None where the text gives none.
    """
    rules, data = _cues()
    record = document.record
    # One sentence a line: what stands between two words of a cue stays within a sentence.
    lines = [
        document.masked[each.opening : each.end].replace("\n", " ") for each in document.sentences
    ]
    text = "\n".join(lines)
    size = _patients(document, cohort_of or cohort_finder(document))
    follow = re.search(data["follow_up"], text, re.IGNORECASE) if "ollow" in text else None
    period = re.search(data["period"], text) if _YEAR.search(text) else None
    found = _designs(document, rules, lines)
    if record.format in data["tertiary_formats"]:
        found = ["wiki_tertiary"]
    first = found[0] if found else "not_stated"
    if first == "case_report" and (size is None or is_single_case(text)):
        alone = _ONE.search(text)
        size = (1, None, None) if alone else None
    level = next((rule.level for rule in rules if rule.design == first), None)
    titled = bool(re.search(data["tes"], record.title or ""))
    return Design(
        design=first,
        secondary=tuple(found[1:]),
        level=level,
        tes_series=(titled or ("bloc" in text or "TES" in text))
        and (titled or len(re.findall(data["tes"], text)) >= 3)
        and first not in {"experiment", "wiki_tertiary"},
        n_patients=size[0] if size and first not in {"wiki_tertiary", "experiment"} else None,
        n_start=size[1] if size else None,
        n_end=size[2] if size else None,
        follow_up=follow[0].strip() if follow else None,
        data_period=period[0].strip() if period else None,
        spinal_tumour=is_of_field(record.title or "", document.masked),
    )


# A cohort by the authors' own word.
_COHORT = build_rule(
    r"(?i)\b(?:retrospective|prospective|observational|matched)(?:ly)?(?: [\w-]+){0,2} cohort (?:study|analysis)\b"
)


def _designs(document: Document, rules: tuple[_Rule, ...], lines: Sequence[str]) -> list[str]:
    record = document.record
    by_type = [rule.design for rule in rules if rule.types & set(record.publication_types)]
    by_title = _told("title", [record.title or ""], rules)
    by_text = _told("text", lines, rules)
    if "review" in by_text and "case_series" in by_text:
        by_text.sort(key=lambda each: each != "review")
    if by_title and by_title[0] in {"technique", "scale"}:
        # A score tried on patients, a technique told of a series: the patients decide.
        by_title = [each for each in by_text if each in {"cohort", "case_series"}] + by_title
    if by_title and by_title[0] == "case_series":
        # "Results of": what a text says plainly of its design is surer.
        plain = {"randomised_trial", "clinical_trial"}
        plain |= {"cohort"} if any(_COHORT.search(each) for each in lines) else set()
        by_title = [each for each in by_text if each in plain] + by_title
    general = [each for each in by_type if each in {"cohort", "review"}]
    if general == ["review"]:
        # A review's type does not tell which kind it is.
        kinds = ("meta_analysis", "systematic_review")
        general = [each for each in kinds if each in {*by_title, *by_text[:2]}] + general
    sure = [each for each in by_type if each not in general]
    return list(
        dict.fromkeys([*sure, *(by_title if not general else []), *general, *by_title, *by_text])
    )


def _cohort_size(document: Document, cohort_of: Finder) -> _Size | None:
    """Return the size of the one group that the text's numbers are of, and where it is said."""
    cohort = cohort_of()
    if cohort is None:
        return None
    for sentence in document.sentences:
        if sentence.start != cohort.start:
            continue
        for each in find_quantities(document.masked[sentence.start : sentence.end]):
            if _size(each) == cohort.size:
                return cohort.size, sentence.start + each.start, sentence.start + each.end
    return cohort.size, None, None


def _patients(document: Document, cohort_of: Finder) -> _Size | None:
    """Return the size of the group studied and where it is said."""
    told = _told_size(document)
    if told is None and (group := _cohort_size(document, cohort_of)):
        return group
    best: tuple[float, _Size] | None
    best = told or _titled_size(document) or _summed_size(document)
    parts: set[int | None] = set()
    for sentence in document.sentences:
        text = document.masked[sentence.opening : sentence.end]
        quantities = find_quantities(text)
        # Not "of the 27 patients", whom the text has told to be 16% of all.
        sizes = [(each, _size(each) or 0) for each in quantities]
        sized = [(each, size) for each, size in sizes if size > 0 and size not in parts]
        parts |= {each.numerator for each in quantities if each.percent is not None}
        low = lowered(text)
        if not sized or not _people().found(low):
            continue
        if sentence.role == "background" and not _PRESENTED.search(text):
            continue
        owned = 2.0 if _own().found(low) else 0.5
        if sentence.role == "results" and (owned < 2 or "each group" in text):
            continue
        against = [each.size for each in set_against(text, low, quantities)]
        bracketed = against or [size for each, size in sized if sizes_group(low, each.start)]
        closed = sum(low.endswith("(", 0, each.start) for each, _ in sized)
        if closed > 1 and sum(each.unit == "studies" for each in quantities) > 1:
            continue  # "24 articles (999 patients) and 4 others (543)": neither is all of them
        if sentence.role == "methods" and 1 < len(bracketed) == len(sized):
            # "Received fixation (n = 41) or radiotherapy (n = 44)", "41 with A matched to 44 with B": all together.
            whole = sum(bracketed)
            score = owned * 1.5 * (1 + min(whole, 5000) ** 0.25)
            # Not where one of them is all: "(N = 44) were assigned to A (n = 23) or B (n = 21)".
            if len(bracketed) == 2 or whole != 2 * max(bracketed):
                best = best if best and best[0] >= score else (score, (whole, None, None))
                continue
        for each, size in sized:
            if _DATE.search(text[: each.end]) or REPORTED.match(low, each.end):
                continue
            own = owned * _share(text, each.start, each.end)
            if _GROUP.match(text[each.end :]):
                own *= 2.0
            if sentence.role == "results" and (own < 2 or "each group" in text):
                continue
            lead = 1.5 if sentence.role in {"methods", "case"} else 1.0
            score = own * lead * (1 + min(size, 5000) ** 0.25)
            if best is None or score > best[0]:
                start = sentence.opening
                best = (score, (size, start + each.start, start + each.end))
    return _with_second(document, best[1]) if best else None


def _with_second(document: Document, told: _Size) -> _Size:
    """Return the size told of one of two groups with that of the other: 64 treated by A and 58 by B."""
    size, start, _ = told
    home = [
        each for each in document.sentences if start is not None and each.start <= start < each.end
    ]
    if start is None or not home or home[0].role == "results":
        return told
    text = document.masked[home[0].start : home[0].end]
    other = told_beside(text, start - home[0].start)
    return (size + other, None, None) if other else told


def _share(text: str, start: int, end: int) -> float:
    """Return how far a number counts as the group studied rather than the pool it came from."""
    pool = bool(_POOL.match(text[end:])) or (
        bool(_OF.search(text[:start])) and bool(_CHOSEN.search(text[end:]))
    )
    if pool or (_CHOSEN_NEXT.search(text[end:]) and not _CHOSEN_NEXT.search(text[:start])):
        return 0.2
    taken = _TAKEN.match(text[end:])
    return 1.0 if taken is None else 3.0 if taken["sure"] else 1.5


def _titled_size(document: Document) -> tuple[float, _Size] | None:
    """Return "a series of 14 cases" of the title, with its place where the text holds the title."""
    title = document.record.title or ""
    match = _SERIES.search(title) if _DIGIT.search(title) else None
    if not match:
        return None
    there = document.text.startswith(title)
    place = (match.start(1), match.end(1)) if there else (None, None)
    return 40.0, (int(match[1]), *place)


def _told_size(document: Document) -> tuple[float, _Size] | None:
    """Return "101 were randomised": the surest word on the size of a trial."""
    text = document.masked
    if "randomi" not in lowered(text):
        return None
    found = [
        (int(match[1]), match.start(1), match.end(1))
        for each in document.sentences
        for match in _RANDOMISED.finditer(text, each.start, each.end)
    ]
    return (50.0, max(found)) if found else None


def _summed_size(document: Document) -> tuple[float, _Size] | None:
    """Return the patients of all groups together where each is told its own: 35 in A, 52 in B."""
    text = document.masked
    sizes = [int(each[1]) for each in _GROUPS.finditer(text)] if "roup " in text else []
    compared = _COMPARED.search(text) if not sizes and "compared " in text else None
    if compared:
        sizes = [int(each) for each in compared.groups()]
    return (25.0, (sum(sizes), None, None)) if 1 < len(sizes) < 5 else None


def _size(quantity: Quantity) -> int | None:
    if quantity.unit != "patients":
        return None
    if quantity.form == "ratio":
        return quantity.denominator
    return quantity.numerator if quantity.form == "count" else None
