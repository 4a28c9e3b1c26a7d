"""Tell numbers that measure something from criteria, categories and details."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.groups.cohortrules import AGAINST, SET_AGAINST
from ingest.language.starts import build_rule
from ingest.measurements.amounts import is_strength
from ingest.measurements.bounds import is_criterion
from ingest.measurements.effects import is_beside_effect
from ingest.measurements.ellipsis import goes_on, times_on
from ingest.measurements.figures import AVERAGE, OTHER_NOUN, OTHER_UNIT, is_set, is_statistic
from ingest.measurements.predicates import counts_papers, halves_another
from ingest.measurements.resuming import resumed
from ingest.model import Mention
from ingest.numbers.quantity import PLAIN, STRETCHES, Quantity, sizes_group
from ingest.numbers.scene import Sitting

_TOLD = build_rule(
    r"\b(?:mean|medians?|averag(?:e[ds]?|ing)|(?<!by )(?<!no )(?<!metric )means(?= (?:of|for|and|were)\b))\b|\bon average\b|#\Z"
)
_WHOLES = {"screws", "levels", "joints", "samples"}
_LEADS = re.compile(r"\W*(?:of|among|in) (?:the |these |all |a total of )?")
_TOGETHER = re.compile(r"\s*(?:,|/|and|or|,? and)\s*")
# "Toxicities reported by more than 5% of patients included": which of them are listed.
_LISTED_ABOVE = build_rule(
    r"\b(?:experienced|reported|seen|observed|found|occurring|present) (?:by|in) (?:more|less|fewer|at least) (?:than )?$"
)
_AGED = build_rule(r"\bfor (?:[a-z]+ )?aged [^.;a-z]*(?:and )?$")
_AGED_BEYOND = build_rule(r"\baged (?:at least|up to|over|above|under|below) $")
# A number right behind a scale's name is a category that makes a group: Tomita score 4.
_NAMED = re.compile(
    r"\s*(?:of\s*)?(?:[<>≤≥]=?|at least|(?:less|more|better|worse|greater|lower|higher) than)?\s*(?:score|grade|type|class|status)?s?\s*(?:of\s*)?"
    r"(?:\d+\s*(?:,|,? or|,? and|to|-|–)\s*)*$"
)
_PLACES = build_rule(
    r"\b(?:cent(?:er|re)s|hospitals|institut(?:ion|e)s|countries|departments|clinics)\b(?:(?!\b(?:patients|individuals|subjects|participants|cases|were|was|had)\b)[^.;]){0,90}[(\[]$"
)
_THERE_WAS = build_rule(
    r"\bthere (?:was|were)(?: only)? (?:(?!at least\b|more than\b)[^.;]{3,120}? and )?$"
)
# A bare number before a noun of its own ("4 parameters") is no score.
_SPANNED = build_rule(
    r"\b(?:in|over|during|within|every|after|until|throughout)(?: (?:an?|the|about|approximately|another|just|only|first|last|next))* $"
)
# "A 9-month prospective study": how long it was looked at.
_STUDIED_FOR = re.compile(
    r" (?:[a-z-]+ ){0,3}(?:study|trial|period|span|audit|programme|program)\b"
)
_PERIOD = re.compile(r" (?:period|span|time span|timespan)\b")
_AGO = re.compile(r"\s+(?:ago|earlier|previously)\b")
# "10 x 3 Gy in 2 weeks": how long a treatment takes is no result of it.
_SCHEDULED = build_rule(
    r"\b(?:gy|fractions|sessions)\)? (?:given |delivered )?(?:in|over|within) (?:only )?$"
)
_LENGTHS_AND_ANGLES = {"degrees", "cm", "mm"}
_OF_ANOTHER = re.compile(
    r"\s*(?:surgical |circumferential |spinal |posterior )*(?:decompression|fusion|fixation|stabili[sz]ation|reconstruction|approach|surgery|instrumentation|release)\b"
    r"|\s*(?:degrees? )?(?:[cf]|celsius|fahrenheit)\b|\s?(?:h2o|hg|of (?:water|mercury))\b"
    r"| (?:(?:diameter|thick|wide|long|titanium|tubular|polyaxial|cannulated|pedicle|working) ){0,2}(?:retractors?|tubes?|screws?|rods?|cages?|needles?|saws?|wires?|burrs?|cannulas?|trocars?|endoscopes?|drains?|catheters?|channels?|slices?|sections?|drills?)\b(?! (?:subsid|migrat|displac|loosen|sink|broke|fail))"
)
_PART_OF = build_rule(r"(?:\b(?:half|most|majority|thirds?|quarters?)|%) of (?:the |all |these )*$")
# "with a median time of 4 years"
_TIME_OF = build_rule(
    r"\b(?:mean|median|average) (?:time|interval|latency|delay)(?: to [a-z]+)? (?:of|was) $"
)
_FIRST = build_rule(r"\b(?:after|during|in|over) (?:the|our|his|her) (?:first|last|initial|next) $")
_TRIED = re.compile(
    r"\s*(?:were|was) (?:\w+ly |also )?(?:investigated|evaluated|analy[sz]ed|tested|examined|assessed|studied|considered|entered|included in)\b"
)
_MARGIN = build_rule(
    r"\b(?:(?:non-?inferiority|equivalence|superiority|pre-?specified|pre-?defined)(?: \w+)? (?:margins?|limits?|bound(?:s|ary)?|criterion)|margins? for non-?inferiority)(?: (?:was|were|of|at|set|for|defined as|an?|absolute|the|risk|difference)){0,5} ?[(\[:,]?\s*$"
    r"|\b(?:lower|upper)(?: [a-z\d%]+){0,3} (?:limit|bound|boundary)(?:(?: [a-z]+){0,6} ?[(\[]\s*|(?: of| was| is|,|:)? ?[-−–]?)$|\bcis?\]?[\s,:]*$"
)
_THRESHOLD = build_rule(r"\b(?:threshold|cut-?off)(?: \w+)? (?:of|was|at) $")
_DEFINED = build_rule(
    r"\b(?:consensus|agreement)\b[^.;,]{0,30}\b(?:defined|set|predefined|established|considered|reached (?:if|when)|achieved (?:if|when))\b[^.;,]{0,60}$"
)
_AGREED = re.compile(r"\s*(?:consensus|agreement)\b")
_BY_THE_WAY = re.compile(r"[\w#], an? $")
_OF_ONE = re.compile(
    r"[- ]old (?:[a-z-]+ ){0,2}(?:man|woman|boy|girl|male|female|patient|child|infant)\b[^,.;]*,"
)
_FORMED = build_rule(
    r"\b(?:divided|split|separated|grouped|assigned|allocated|randomi[sz]ed|dichotomi[sz]ed)\b"
)
# "Group B consisted of", "with an accumulated number of", "a retrospective analysis of"
_COMPOSED = re.compile(
    r"^(?:the )?(?:[\w-]+ ){0,3}(?:group|arm|cohort)(?: \w{1,3})? (?:consisted of|comprised|included|contained|was composed of) (?:a total of )?$"
)
# "95% CI"
_OF_VISIT = re.compile(r"[a-z\d.]+[-‐](?:day|week|month|year)s?")
_LEVEL = re.compile(r"\s*(?:ci(?![a-z])|c\.i\.|confidence)")

_NAMES_THEM = re.compile(rf"{SET_AGAINST} (?:the |our |a group of )?")


def is_finding(
    sitting: Sitting, quantity: Quantity, measure: str | None, mention: Mention | None
) -> bool:
    """Tell whether a number measures something; it may be a criterion, a category, a detail."""
    low, form = sitting.scene.low, quantity.form
    if quantity.unit == "complications" and quantity.numerator == 1:
        # "At least one complication" counts no complications.
        return _THERE_WAS.search(low, 0, quantity.start) is not None
    if quantity.numerator == 0 and form == "count" and measure is None:
        return False  # "no patient was lost": none of what, the text does not say
    if _sets_scene(low, quantity, measure) or _is_detail(sitting, quantity, measure):
        return False
    if quantity.word and form == "percent" and halves_another(low, quantity):
        # "Mortality was half that of the controls" tells no rate; of an amount it is a share.
        concept = sitting.scene.concepts.get(measure) if measure else None
        return concept is not None and "percent" not in concept.units
    if form == "percent" and _is_no_rate(low, quantity, measure):
        return False
    if form in {"percent", "value", "score"} and _MARGIN.search(low, 0, quantity.start):
        return False  # what a trial set as its margin, the end of an interval
    return _tells(sitting, quantity, measure, mention)


def _is_detail(sitting: Sitting, quantity: Quantity, measure: str | None) -> bool:
    """Tell whether a number is a criterion, or only says of whom, when or by what something was."""
    low, form = sitting.scene.low, quantity.form
    if form == "percent" and _LEVEL.match(low, quantity.end):
        return True  # the level of an interval that could not be read
    if quantity.unit == "fractions" and None in (quantity.low, quantity.value):
        return True
    if is_criterion(sitting, quantity, measure):
        return True
    if measure == "age" and (
        (_OF_ONE.match(low, quantity.end) and _BY_THE_WAY.search(low, 0, quantity.start))
        or _is_age_group(low, quantity, alone=len(sitting.scene.numbers) < 2)
    ):
        # "patient 2, a 52-year-old man, had a relapse", "in those under 70 years"
        return True
    if form == "value" and _tells_when(sitting, quantity, measure):
        return True
    if measure is None and _OF_VISIT.fullmatch(low, quantity.start, quantity.end):
        return True  # "at the 6-week (p = 0.02) visit", "a 6-week course"
    # "a 360-degree fusion", "at 35 degrees C", "9 cm of water": no length
    return (
        quantity.unit in _LENGTHS_AND_ANGLES
        and _OF_ANOTHER.match(sitting.text.lower(), quantity.end) is not None
    )


def _is_no_rate(low: str, quantity: Quantity, measure: str | None) -> bool:
    """Tell whether a percent is that of papers, of a strength or of who must agree."""
    if _bounds_agreement(low, quantity) or is_strength(low, quantity):
        return True
    if quantity.operator and _LISTED_ABOVE.search(low, 0, quantity.start):
        return True
    return measure is None and counts_papers(quantity, low)  # "in half of the available studies"


def _tells(
    sitting: Sitting, quantity: Quantity, measure: str | None, mention: Mention | None
) -> bool:
    """Tell whether a number of its form says something with the measure that it has, or has not."""
    low, form = sitting.scene.low, quantity.form
    if form == "sides":
        return measure is not None
    if form == "value" and measure is None:
        return _is_told_amount(sitting, quantity)
    if form == "change" and measure is None and quantity.unit is None:
        return OTHER_UNIT.match(low, quantity.end) is None
    if form not in PLAIN or (measure and quantity.unit == "grade"):
        return True
    if measure is None and is_statistic(sitting, quantity):
        return True
    if form == "bare" or measure is None:
        return False
    if mention is None:
        # "The later score was 2", "and 1 at 6 months"
        on = resumed(sitting, quantity) == measure
        on = on or bool(sitting.found and times_on(sitting, quantity))
        return on or bool(sitting.found and goes_on(sitting, quantity))
    return _is_score(sitting, quantity, measure, mention)


def _sets_scene(low: str, quantity: Quantity, measure: str | None) -> bool:
    """Tell whether a number is only a whole, a place, a turn or what was tried, none of it found."""
    form, unit = quantity.form, quantity.unit
    if (
        form == "count"
        and low.startswith(AGAINST)
        and _NAMES_THEM.fullmatch(low, 0, quantity.start)
    ):
        return True  # "compared with 22 controls, pain was less"
    if sizes_group(low, quantity.start) and _PLACES.search(low, 0, quantity.start):
        return True  # "centres from Norway (n = 2) and Spain (n = 3)": where it was done
    if form == "count" and unit in _WHOLES and _LEADS.fullmatch(low[: quantity.start]):
        return True  # "of 412 screws, 9 were loose": the whole
    if unit == "studies" and _PART_OF.search(low, 0, quantity.start):
        return True  # "in half of eight studies": the whole
    if unit == "factors" and _TRIED.match(low, quantity.end) and "studies" not in low:
        return True  # "twelve factors were analysed": what was weighed, not what was found
    if form == "count" and measure is None and _FIRST.search(low, 0, quantity.start):
        return True  # "faster after the first three operations"
    return unit == "centres" and measure is None


def _is_told_amount(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether an amount of no known measure was found, not set, bounded or beside an effect."""
    if is_set(sitting, quantity):
        return False
    effects = any(each.form == "effect" for each in sitting.scene.quantities)
    timed = _TIME_OF.search(sitting.scene.low, 0, quantity.start)
    told = quantity.unit not in {None, "years"} or timed is not None
    return not effects and quantity.operator is None and told


def _is_age_group(low: str, quantity: Quantity, alone: bool) -> bool:
    """Tell whether an age bounds a group: under 70 years; for children aged 3-6 and 7-12 years."""
    ranged = quantity.low is not None and quantity.value is None
    if _AGED_BEYOND.search(low, 0, quantity.start):
        return True
    grouped = quantity.operator or (ranged and _AGED.search(low, 0, quantity.start))
    return bool(grouped) and not alone


def _tells_when(sitting: Sitting, quantity: Quantity, measure: str | None) -> bool:
    """Tell whether a stretch of time is weighed, past, or only says in how long something was so."""
    low = sitting.scene.low
    if quantity.unit in STRETCHES and is_beside_effect(sitting.scene, quantity):
        return True  # "(HR 1.2, treated within 1 month versus 4 months)": what was weighed
    if quantity.unit in STRETCHES and _SCHEDULED.search(low, 0, quantity.start):
        return True
    if _AGO.match(low, quantity.end):
        return True  # "a biopsy three months ago": history
    # "rose by 14 % in 3 months": when, not what
    open_ = measure is None and quantity.unit in STRETCHES
    # "over a 6-year period with a follow-up of": when they were operated on
    spanned = measure == "follow_up" and _PERIOD.match(low, quantity.end)
    if spanned and _SPANNED.search(low[max(0, quantity.start - 30) : quantity.start]):
        return True
    if (
        open_
        and "-" in low[quantity.start : quantity.end]
        and _STUDIED_FOR.match(low, quantity.end)
    ):
        return True
    return open_ and bool(_SPANNED.search(low[max(0, quantity.start - 30) : quantity.start]))


def _is_score(sitting: Sitting, quantity: Quantity, measure: str, mention: Mention) -> bool:
    """Tell whether a number behind a measure is its value, not a category or a count of other things."""
    low = sitting.scene.low
    told = (*sitting.scene.times, *sitting.scene.adverbs)
    beside = any(0 <= each.start - quantity.end < 2 for each in told)
    if OTHER_NOUN.match(low, quantity.end) and quantity.unit is None and not beside:
        return False
    averaged = AVERAGE.search(low[max(0, mention.start - 30) : mention.start])
    category = _NAMED.fullmatch(low[mention.end : quantity.start] or "-")
    scale = sitting.scene.concepts[measure].facet == "scales"
    whole = quantity.value is None or quantity.value == int(quantity.value)  # no category is 6.5
    # Of one patient a score makes no group: "pain was severe (VAS 8)".
    grouped = category and not (sitting.single and quantity.operator is None)
    return not (scale and not averaged and quantity.unit is None and grouped and whole)


def _bounds_agreement(low: str, quantity: Quantity) -> bool:
    """Tell whether a percent is what was to be reached: consensus was defined as 75% agreement."""
    if "consensus" not in low and "agree" not in low:
        return False
    bound = quantity.operator in {">=", ">"} or _THRESHOLD.search(low, 0, quantity.start)
    return bool(
        _DEFINED.search(low, 0, quantity.start) or (bound and _AGREED.match(low, quantity.end))
    )


def told_average(around: str, place: int, size: int) -> str | None:
    """Return the word that makes a number an average, None where none does.

    ``around`` is what leads to a row of ``size`` numbers, ``place`` the number's place in it: in
    "the median and mean were 16 and 26" each has its own.
    """
    found = list(_TOLD.finditer(around))
    own = found[-size:]
    if len(own) == size > 1 and all(
        _TOGETHER.fullmatch(around[one.end() : other.start()]) for one, other in pairwise(own)
    ):
        return own[place][0]
    return found[-1][0] if found else None


def forms_group(low: str, quantity: Quantity) -> bool:
    """Tell whether (n = 29) sizes one of the groups that a sentence puts patients into."""
    if _COMPOSED.search(low, 0, quantity.start):
        return True
    return sizes_group(low, quantity.start) and bool(_FORMED.search(low, 0, quantity.start))
