"""Tell what a count of things without their noun counts: of 412 screws, 9 were loose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.groups.rounding import agrees
from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.measurements.parts import percent_of
from ingest.model import Basis, Measurement
from ingest.numbers.quantity import COUNTS, PLAIN, Quantity
from ingest.numbers.scene import Sitting
from ingest.numbers.units import noun_name

_OPENS = re.compile(r"\W*(?:of|among) (?:the |these |all |a total of )?")
THINGS = frozenset(["screws", "levels", "joints", "procedures", "tumours"])
"""What is counted beside patients."""
COUNTED_THINGS = THINGS | {"complications", "deaths"}
"""Those and what befell patients: of all a part may be told, of 24 complications 10 were major."""
_LESIONS = re.compile(r"(?i)\b(?:lesions?|metastas[ei]s)\b")
_OF_WHICH = re.compile(r"\b(?:of|among) (?:which|these|them)(?: screws| levels)?,? (?:only )?$")
# "screws were malpositioned in 9 of 412"
_SCREWS = re.compile(r"\bscrews (?:(?:were|was|that|had) )*(?:[a-z-]+ ){1,3}in (?:only )?$")
# How many vertebrae a spine has, those of the sacrum and the coccyx among them.
_VERTEBRAE = 33
# "83 segments of 47 patients | were evaluated"
_INCLUDED = re.compile(
    r"(?: (?:of|in|from) [^.;,()]{2,40})?(?: \([^()]*\))? (?:was|were) (?:\w+ly |then )?(?:included|analy[sz]ed|evaluated|assessed|reviewed|studied|identified)\b"
)
_IN_PATIENTS = re.compile(
    r"(?: (?:treated|irradiated) with [\w -]{2,40}?)? (?:of|in|from) (?:the |our )?(?:\d+|[a-z]+(?:-[a-z]+)?) (?:\w+ )?(?:patients|individuals|subjects|women|men|children|participants)\b"
    r"[^.;,()]{0,70} (?:was|were) (?:\w+ly |then )?(?:included|analy[sz]ed|evaluated|assessed|reviewed|studied|identified|treated|irradiated)\b"
)
_EXTENTS = {"levels": "levels_treated", "tumours": "lesions_included"}
_THEIRS = re.compile(
    r"\b(?:patients|individuals|subjects|cases|women|men|children|participants) (?:\([^()]*\) )?(?:with|having|had|harbou?ring|accounting for|underwent \w+ (?:of|for)) (?:a total of )?$"
)
# "62 patients with metastases (85 lesions) were treated"
_ENCLOSED = re.compile(
    r"\b(?:patients|individuals|subjects|cases|women|men|children|participants)\b[^.;()\d]{0,90} \((?:with )?(?:a total of )?$"
)
# "62 patients with 85 lesions of the spine were treated"
_WERE_TREATED = re.compile(
    r"\)?(?: (?:of|in|at|with|for) [^,.;()]{3,90})? (?:(?:were|was|had been) (?:\w+ly )?(?:treated|irradiated|ablated|given|operated|managed|resected|emboli[sz]ed)|underwent|received)\b"
)
# "A fracture occurred at 8 levels", "eight segments fractured": so many of them, no extent of what was done
_BEFELL_AT = build_rule(
    r"\b(?:occurred|developed|seen|noted|observed|found|recorded|detected|identified|documented|encountered|reported|achieved|obtained|maintained|present|failed|recurred|progressed|fractured) (?:in|at) (?:only |another )?$"
)
_BEFELL = re.compile(
    r" (?:(?:then |later |subsequently |also |locally )?(?:failed|recurred|relapsed|progressed|fractured|collapsed|fused)\b|(?:had|showed|developed) (?:an? )?(?:[a-z]+ )?(?:failures?|recurrences?|relapses?|progression|fractures?|collapse|fusion|control)\b)"
)
_LETTER = re.compile(r"[a-z]{3}")
# What a row may count, and what parts a number from the row that stands ahead of it.
_IN_ROWS = frozenset(["procedures", "tumours", "levels"])
_BROKEN = re.compile(
    r"[;:]|\b(?:of wh(?:om|ich)|patients|individuals|subjects|participants|cases|while|whereas|but)\b"
)
# A fracture of another bone is no level of the spine.
_OTHER_BONE = re.compile(
    r"(?i)\b(?:acetabul|femor|talar|talus|hip|tibi|nasal|radi(?:us|al)|pelvi|rib|humer|stern|clavic|ankle|mandib|skull|orbit|scaphoid|phalan|metatars|metacarp|calcan|patell|fibul|ulna|forearm|wrist|elbow|acromi|scapul|zygom|maxill|facial|hand|foot|limb)[a-z]* (?:[a-z]+ )?fractures?\b"
)
# Whom an experiment counts.
_TESTED: dict[Basis, str] = {"animal": "animals", "cadaver": "specimens"}
_PEOPLE = build_rule(
    r"(?i)\b(?:patients?|individuals|subjects|participants?|cases?|wom[ae]n|m[ae]n|children|participants?|subjects?|people|adults?)\b"
)
# "18 (40%) | curves", "7 of 9 | allergens": what is counted has no name of ours.
_OTHER_NOUN = re.compile(
    r"\)? (?:of (?:the |these |our |all )?)?(?:(?:[a-z-]+(?:al|ant|ic|ive|ous)|female|male) )?(?P<noun>[a-z]{3,}s)(?<!ss|us|is|as)\b"
)
# "31 of the 44 | tears | (70%)"
_WITHIN_NOUN = re.compile(
    r"(?:\bof|/) ?(?:the |these |those |our |all |a total of )*[\d,]+ (?:[a-z-]+ )?(?P<noun>[a-z]{3,}s)(?<!ss|us|is|as) ?[(\[]"
)
# People who are told as patients are, words that are no nouns, and stretches of time.
_NO_OTHER = frozenset(
    ["newborns", "babies", "mothers", "families", "casualties", "others", "ones", "does", "shows", "reports", "versus", "times", "days", "weeks", "months", "years"]
)  # fmt: skip
# What patients may have several of, and how a list of them goes on.
_LISTED = frozenset(["levels", "lesions", "tumours", "screws"])
_NEXT_ITEM = re.compile(r"[,:]? (?:and )?[^.;()\d]{3,50} in (?:only )?")


def of_things(sitting: Sitting, quantity: Quantity) -> Quantity:
    """Return a part with the unit and the size of the whole that its sentence names: of 412 screws."""
    printed = sitting.scene.low[quantity.start : quantity.end]
    named = re.search(r"[a-z]{4,}", printed) and not quantity.word
    if named or quantity.unit != "patients" or quantity.form not in COUNTS:
        return quantity
    if quantity.form == "ratio" and _are_screws(sitting, quantity):
        return replace(quantity, unit="screws")
    whole = whole_of_things(sitting, quantity)
    if whole is None:
        unit = _unit_of_row(sitting, quantity)
        return replace(quantity, unit=unit) if unit else quantity
    part, size = quantity.numerator or 0, whole.numerator or int(whole.value or 0)
    told = quantity.percent
    if part > size or (told is not None and abs(100 * part / size - told) > 1):
        return quantity
    return replace(quantity, unit=whole.unit, denominator=quantity.denominator or size)


def with_counted_levels(low: str, quantities: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Return the numbers of a sentence with levels as counted where something befell so many of them.

    More than one spine has are those of several patients, where they were looked at.
    ``low`` is the sentence in lower case. "Pedicles were resected at 3 levels" tells an extent.
    """
    return tuple(
        replace(each, form="count", numerator=int(each.value))
        if each.unit == "levels"
        and each.form == "value"
        and each.value is not None
        and each.value == int(each.value)
        and (
            (each.value > _VERTEBRAE and _INCLUDED.match(low, each.end))
            or _IN_PATIENTS.match(low, each.end)
            or _BEFELL.match(low, each.end)
            or _BEFELL_AT.search(low, 0, each.start)
        )
        else each
        for each in quantities
    )


def _unit_of_row(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the things that the shares of a row are of, where the first names them.

    "Complete in 88 operations (86.3%), subtotal in 7 (6.9%)": both are parts of one number.
    """
    if not quantity.percent or quantity.form != "share":
        return None
    for each in sitting.scene.quantities:
        if each.start >= quantity.start:
            return None
        if each.form == "share" and each.unit in THINGS and each.percent and each.numerator:
            size = round(100 * each.numerator / each.percent)
            alike = agrees(each.numerator, size, each.percent)
            fits = alike and agrees(quantity.numerator or 0, size, quantity.percent)
            return each.unit if fits else None
    return None


def whole_of_things(sitting: Sitting, quantity: Quantity) -> Quantity | None:
    """Return the things of which a part without their noun is told, None where it may be of others.

    "Of 412 screws, 9 were loose", "412 screws were placed, of which 9 were loose".
    """
    low, first = sitting.scene.low, sitting.scene.quantities[0]
    opened = first is not quantity and _OPENS.fullmatch(low[: first.start])
    if opened and _is_of_things(first, COUNTED_THINGS):
        return first
    if not _OF_WHICH.search(low, 0, quantity.start):
        return None
    ahead = [each for each in sitting.scene.numbers if each.end <= quantity.start]
    return ahead[-1] if ahead and _is_of_things(ahead[-1]) else None


def _is_of_things(each: Quantity, things: frozenset[str] = THINGS) -> bool:
    # Levels are read as an extent.
    return each.form in {"count", "value"} and each.unit in things and each.value is not None


def extent_of(low: str, quantity: Quantity) -> str | None:
    """Return what counts the vertebrae or tumours that so many patients had: 35 patients with 47 levels."""
    name = _EXTENTS.get(quantity.unit or "")
    if name is None:
        return None
    if name == "levels_treated" and _IN_PATIENTS.match(low, quantity.end):
        return name  # "187 segments of 116 patients were reviewed"
    treated = name == "lesions_included" and _WERE_TREATED.match(low, quantity.end)
    if treated and _ENCLOSED.search(low, 0, quantity.start):
        return "lesions_treated"
    theirs = _THEIRS.search(low, 0, quantity.start)
    if theirs is None:
        return None
    operated = name == "lesions_included" and " underwent " in theirs[0]
    return "lesions_treated" if treated or operated else name


def _are_screws(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether the screws are the subject of so many of so many, which are no group of patients."""
    if not _SCREWS.search(sitting.scene.low, 0, quantity.start):
        return False
    return all(each.size != quantity.denominator for each in sitting.populations)


def of_counted(each: Measurement, text: str, things: Mapping[str, int], size: int) -> Measurement:
    """Return a part without its noun with the unit of the things its whole counts: 56 of 61 levels.

    ``things`` are what a text counts beside its ``size`` patients: what is counted of them is so
    great a part of these.
    """
    part, all_of, whole = each.numerator or 0, each.n or 0, each.denominator or 0
    if each.statistic == "count" and not whole and 0 < part < all_of:
        told = each.percent
        if all_of == things.get(each.unit or "") and (told is None or agrees(part, all_of, told)):
            share = percent_of(part, all_of) if told is None else None
            return replace(each, denominator=all_of, percent_derived=share)
        return each
    if each.unit != "patients" or whole <= size or _PEOPLE.search(text, each.start, each.end):
        return each
    names = [name for name, count in things.items() if count == whole]
    return replace(each, unit=names[0]) if len(names) == 1 else each


def unit_told(each: Measurement, text: str, basis: Basis = "patients") -> str | None:
    """Return the unit of a number as its sentence names it: lesions, times as much; who died is a patient.

    Those whom an experiment counts without a noun are no patients.
    """
    if (
        each.unit == "patients"
        and basis in _TESTED
        and not _PEOPLE.search(text, each.start, each.end)
    ):
        return _TESTED[basis]
    if each.unit == "patients" and _counts_others(each, text):
        return None
    if each.unit == "tumours" and _LESIONS.search(text, each.start, each.end):
        return "lesions"
    if each.unit == "levels" and _OTHER_BONE.search(text, each.start, each.end):
        return None
    if each.unit == "fold" and "fold" not in text[each.start : each.end].lower():
        return "times"
    return "patients" if each.unit == "deaths" else each.unit


def _counts_others(each: Measurement, text: str) -> bool:
    """Tell whether a part without a noun of its own is of things that are named right behind it."""
    if each.measure or (each.denominator is None and each.percent is None):
        return False
    other = _OTHER_NOUN.match(text, each.end) or _WITHIN_NOUN.search(text, each.start, each.end)
    if other is None or other["noun"] in _NO_OTHER or noun_name(other["noun"]) == "patients":
        return False
    return not _PEOPLE.search(text, each.start, other.end())


def thing_told(low: str, each: Measurement, measured: Sequence[Measurement]) -> str | None:
    """Return what a number without a noun counts that goes on with a row of operations or levels.

    "Complete in 71 procedures, partial in 25". ``low`` is its sentence, ``measured`` its numbers.
    """
    free = each.statistic == "count" and each.n is None and each.denominator is None
    if not free or _LETTER.search(low, each.start, each.end):
        return None
    ahead = [one for one in measured if one.statistic == "count" and one.end <= each.start]
    named = [one for one in ahead if _LETTER.search(low, one.start, one.end)]
    if (
        not named
        or named[-1].unit not in _IN_ROWS
        or _BROKEN.search(low, named[-1].end, each.start)
    ):
        return None
    return named[-1].unit


def listed_thing(sitting: Sitting, quantity: Quantity, count: Quantity | None) -> Quantity | None:
    """Return a count that goes on a list of parts of things as one of these: at 29 of 132 levels, into the disc in 17."""
    told = count or quantity
    size = told.value
    plain = told.form in {"count", *PLAIN} and told.unit in {"patients", None}
    if not (plain and size and size == int(size) and _goes_on(sitting, told)):
        return count
    return replace(told, form="count", numerator=int(size), unit=sitting.found[-1].unit)


def measure_of_listed(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return what a number of things counts that goes on a list of parts of them."""
    listed = quantity.unit in _LISTED and _goes_on(sitting, quantity)
    return sitting.found[-1].measure if listed else None


def _goes_on(sitting: Sitting, count: Quantity) -> bool:
    """Tell whether a number stands behind a part of things with no more than where it was between."""
    if not sitting.found or sitting.found[-1].unit not in _LISTED:
        return False
    last = sitting.found[-1]
    between = sitting.scene.low[last.end : count.start]
    parted = any(each.denominator and each.unit == last.unit for each in sitting.found)
    return parted and bool(_NEXT_ITEM.fullmatch(between)) and not holds_verb(between)
