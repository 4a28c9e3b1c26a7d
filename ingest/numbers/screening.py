"""Read the counts of a review: how many studies of how many were included, which graded how."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.model import Measurement
from ingest.numbers.numerals import NUMBER, parse_number
from ingest.numbers.quantity import PLAIN, Quantity, is_bare
from ingest.numbers.scene import Sitting
from ingest.numbers.units import load_spellings, noun_name

_PAPERS = r"(?:citations?|records|abstracts|titles|hits|references|manuscripts|publications|articles|studies|papers|reports|trials|texts|results)"
# What a search brought up; "records of 40 patients" are none of these.
_WHOLE = re.compile(
    rf"\d\s+(?:[a-z-]+ ){{0,4}}{_PAPERS}\b(?! (?:of|for|from|in) (?:\d|the |all |our ))"
)
_PASSED = (
    r"(?:were|was|have been|had been) (?:\w+ly |then |also )?(?:included|eligible|selected|retained|analy[sz]ed|reviewed|assessed|relevant|kept|considered|found|deemed|excluded|suitable|pooled)"
    r"|(?:met|fulfill?ed|satisfied|matched|remained|qualified|proved|contained|provided|reported|addressed|described)\b"
)
_LED = re.compile(
    rf"\W*(?:of|among|amongst|from) (?:the|these|all|those)(?: [a-z-]+){{0,3}}? {_PAPERS}(?: [a-z]+){{0,3}},"
)
# "21 trials were included: five against sham (541 patients), eight against ..."
_ITEM = re.compile(
    r"\s+(?:[a-z-]+ ){1,8}[(\[]\s*(?:n\s*=\s*)?\d[\d,]*(?: [a-z-]+){0,2}? ?(?:patients|individuals|participants|subjects|cases)?\s*[)\]]"
)
# "of which 24 were included", "44 of which fulfilled", "; 57 were included"
_PART = re.compile(
    rf"\s*(?:(?:of (?:which|these|them|those)|others?|(?:full-?\s?text )?{_PAPERS}) )?(?:{_PASSED})"
)
_HOME = re.compile(r"[^.;]{0,8}\b(?:patients|individuals|cases|subjects|participants)\b")
_SCREENED = re.compile(
    r"^\W*we (?:\w+ly )?(?:identified|found|retrieved|screened)\b[^.;]*? and (?:then )?(?:selected|included|reviewed|retained|analy[sz]ed)\b"
    r"|^\W*(?:of|among|amongst|from|out of|after (?:screening|reviewing|assessing)|screening(?: of)?|(?:the|our|an?) (?:[a-z]+ ){0,2}search (?:\w+ )?(?:yielded|identified|returned|revealed|retrieved|found))\b[^.;]*?\d"
    r"|\b(?:were|was) (?:\w+ly |first )?(?:identified|found|retrieved|screened|obtained|yielded|returned|located)\b|\bscreened\b"
)
# "Quality of life was reported in only | three studies": what they found is not told by how many.
_LOOKED = build_rule(
    r"\b(?:was|were) (?:\w+ly )?(?:reported|assessed|evaluated|measured|available|described|investigated|examined|studied|recorded) (?:on )?(?:in|by) (?:only |just )?$"
)
_RATED = re.compile(
    r"\s*(?:were |was |had )?(?:of |at |rated |graded )?(?:as )?(?:an? )?(?:very |critically )?(?:low|high|moderate|good|poor|fair|strong|weak|serious|unclear)\b"
)
_OF_WHICH = re.compile(r"[,;]? (?:and )?of which (?:only )?$")
REVIEWED = {
    "studies": {"studies_included", "strength_of_evidence"},
    "statements": {"expert_consensus", "strength_of_evidence"},
    "factors": {"strength_of_evidence"},
}
"""What reviews and panels count, and the measures that a count of it can be of."""
_GATES = (
    "citation",
    "record",
    "abstract",
    "article",
    "studies",
    "paper",
    "publication",
    "hits",
    "reports",
    "results",
)
_TOLD = (
    "includ",
    "met ",
    "eligib",
    "select",
    "fulfil",
    "retain",
    "screen",
    "remain",
    "criteria",
    "review",
    "analy",
)
_GRADED = ("evidence", "consensus", "agreement", "quality", "certainty")
_GRADE = re.compile(
    rf"\b(?:low|lower|moderate|high|higher|strong|stronger|weak|weaker|limited|conflicting|insufficient|inconclusive|full|unanimous|intermediate)"
    rf"(?: (?:consensus|agreement|evidence|quality|certainty|recommendations?))?(?: (?:was|were) (?:\w+ )?)? ?(?:for|on|in|by|with) (?:only |another |the other |the remaining )?(?P<n>{NUMBER})\b(?![.·]\d|\s*%)"
)
_OF_THESE = re.compile(
    r"\s*(?:Of|Among|From) (?:these|them|those)\b[^.;]{0,60}\b(?:met|were included|fulfilled|satisfied|were eligible|were selected|were retained|remained)\b"
)
_FOUND = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:(?:from|in|by|through|with) [^.;]{3,80}? )?(?:were|was) (?:\w+ly |first )?(?:identified|found|retrieved|screened|obtained|yielded|returned|located)\b"
)


def with_screening(low: str, found: list[Quantity]) -> list[Quantity]:
    """Return bare numbers of a review as counts: of the 900 records screened, 31 were included.

    What they count is told once in the sentence, by the papers that were found or by one item of
    a list of grades.
    """
    if holds_any(low, _GRADED):
        found = _graded(low, found)
    if " of which" in low:
        found = _parted(low, found)
    if holds_any(low, _GATES) and holds_any(low, _TOLD):
        found = _included(low, found)
    if " studies" in low:
        found = [each for each in found if not _only_looked(low, each)]
    return found


def _only_looked(low: str, each: Quantity) -> bool:
    """Tell whether a number counts the studies that looked at something."""
    begin = max(0, each.start - 50)
    return each.unit == "studies" and _LOOKED.search(low, begin, each.start) is not None


def _included(low: str, found: list[Quantity]) -> list[Quantity]:
    whole = _WHOLE.search(low) or _LED.match(low)
    papers = [each.start for each in found if each.unit == "studies"]
    if whole is None and not papers:
        return found
    start = whole.start() if whole else papers[0]
    kept = []
    for each in found:
        bare = is_bare(each)
        counts = bare and each.start > start and each.value == int(each.value or 0)
        item = counts and ":" in low[: each.start] and _ITEM.match(low, each.end)
        part = whole and counts and _PART.match(low, each.end) and not _HOME.match(low, each.end)
        if part or item:
            kept.append(_count(each, "studies"))
        else:
            kept.append(each)
    first = next((at for at, each in enumerate(kept) if each.unit == "studies"), None)
    told = [each for each in kept if each.unit == "studies"]
    if whole and first is not None and len(told) > 1 and _SCREENED.search(low, 0, told[1].start):
        del kept[first]  # those that were searched are no finding
    return kept


def _parted(low: str, found: list[Quantity]) -> list[Quantity]:
    """Return bare numbers behind "of which" as parts of what was counted before, of the same kind."""
    kept: list[Quantity] = []
    for each in found:
        last = kept[-1] if kept else None
        bare = each.form in {"score", "bare", "count"} and each.unit in {
            None,
            "patients",
            "studies",
        }
        if (
            last is not None
            and bare
            and last.form == "count"
            and last.unit in REVIEWED
            and last.numerator
            and each.value is not None
            and 0 < each.value <= last.numerator
            and each.value == int(each.value)
            and _OF_WHICH.search(low, last.end, each.start)
            and not _HOME.match(low, each.end)
        ):
            part = replace(_count(each, last.unit or ""), form="ratio", value=None)
            kept.append(replace(part, denominator=last.numerator))
        else:
            kept.append(each)
    return kept


def _graded(low: str, found: list[Quantity]) -> list[Quantity]:
    """Return the numbers of a list of grades as counts of what one of them names."""
    items = list(_GRADE.finditer(low))
    if not items:
        return _rated(low, found)
    places = {each.start("n"): each for each in items}
    noun = next((unit for each in items if (unit := _noun(low, each.end("n")))), None)
    noun = noun or next((each.unit for each in found if each.unit in REVIEWED), None)
    if noun is None:
        return found
    kept, seen = [], set()
    for each in found:
        if each.start in places and each.unit in {None, noun} and each.low is None:
            seen.add(each.start)
            kept.append(_count(each, noun) if each.unit is None else each)
        else:
            kept.append(each)
    for start, item in places.items():
        if start not in seen and not any(one.start <= start < one.end for one in kept):
            value = parse_number(item["n"])
            kept.append(_count(Quantity("bare", start, item.end("n"), value=value), noun))
    return sorted(kept, key=lambda each: each.start)


def _rated(low: str, found: list[Quantity]) -> list[Quantity]:
    """Return a bare number behind a count as one more: 20 studies were of low quality and 6 of high."""
    noun = next((each.unit for each in found if each.unit in REVIEWED), None)
    return [
        _count(each, noun)
        if noun and each.form in PLAIN and not each.unit and _RATED.match(low, each.end)
        else each
        for each in found
    ]


def _noun(low: str, end: int) -> str | None:
    match = _nouns().match(low, end)
    return noun_name(match["noun"]) if match else None


@cache
def _nouns() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:[a-z-]+ ){{0,2}}?(?P<noun>{load_spellings().noun})\b")


def _count(quantity: Quantity, unit: str) -> Quantity:
    size = int(quantity.value or 0)
    return replace(quantity, form="count", value=float(size), numerator=size, unit=unit)


def part_measure(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the measure of what a number is a part of: 40 factors, of which 12 bore on survival."""
    last = sitting.found[-1] if sitting.found else None
    part = last and last.unit == quantity.unit and last.numerator == quantity.denominator
    return last.measure if last and part and quantity.unit in {"factors", "statements"} else None


def without_screened(
    texts: Sequence[str], measured: Sequence[tuple[Measurement, ...]]
) -> list[tuple[Measurement, ...]]:
    """Return the numbers of a text without papers that a search only brought up.

    They are no studies of the review where a later sentence tells which it included. Places
    are within each text.
    """
    if not any(one.unit == "studies" for each in measured for one in each):
        return list(measured)
    told = [
        at
        for at, each in enumerate(measured)
        if any(map(_is_included, each)) or _OF_THESE.match(texts[at])
    ]
    last = told[-1] if told else -1
    return [
        tuple(
            one
            for one in each
            if not (
                at < last
                and one.unit == "studies"
                and one.measure is None
                and _FOUND.match(texts[at].lower(), one.end)
            )
        )
        if each
        else each
        for at, each in enumerate(measured)
    ]


def one_funnel(found: list[Measurement]) -> list[Measurement]:
    """Return a sentence's numbers without papers that are not those included, where it tells these."""
    if not any(map(_is_included, found)):
        return found
    return [
        each
        for each in found
        if each.unit != "studies" or each.measure is not None or each.percent is not None
    ]


def _is_included(each: Measurement) -> bool:
    return each.unit == "studies" and each.measure == "studies_included"
