"""Find the pattern that a clause fits best, by its words, what it has, and its sentence's role."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest import context
from ingest.concepts.field import tells_of_care
from ingest.concepts.topic import CARRIED
from ingest.language.asides import without_guesses
from ingest.language.roles import states_aim
from ingest.language.starts import build_rule
from ingest.language.wording import holds_digit, lowered
from ingest.measurements.rates import OF_TESTS
from ingest.model import Measurement, Mention
from ingest.patterns import Pattern, asked_for, candidates, fits, worded
from ingest.reading import FOUND, MEASURED, Reading
from ingest.statements.strength import strength_of
from ingest.vocabulary import is_complication, load_concepts

Span = tuple[int, int]

_STRONG = 5.0
_CARED_FOR = frozenset({"procedures", "approaches", "tumours", "harms"})
_METHOD_PATTERNS = {
    "procedure_performed",
    "case_presented",
    "technique_definition",
    "operative_step",
    "patients_included",
    "groups_formed",
    "case_mix",
    "materials_used",
    "procedure_count",
    "parts_counted",
    "patients_treated",
    "prognostic_score",
}
# "To gain a wide margin, a cage was used": what was aimed at is no result.
_AIMING = ("to ", "in order ", "so as ")
_PURPOSE = re.compile(
    r"(?:in order |so as )?to (?!(?:date|our|my|this|some|what|which|the best|an? (?:great|large|lesser))\b)"
    r"[a-z]+ [^,;]{3,120}, "
)
# Advice in the present tense is held to be right; "was indicated" tells what was done.
_HELD = re.compile(
    r"(?!.*\b(?:was|were|had been)\b).*\b(?:is|are|should|must|ought|needs?|requires?|do(?:es)? more|outweighs?|offers?|brings?|carr(?:y|ies)|(?:may|might|could|can) (?:not )?be (?:safely )?(?:warranted|indicated|considered|justified|omitted|withheld|offered|treated|managed|spared|observed|followed|monitored|watched|recommended))\b",
    re.DOTALL,
)
# A past tense or a number of people tells what was found.
_NARRATED = build_rule(
    r"\b(?:was|were|had|did|underwent|received|found|showed|showing|died|improved|there (?:is|are)|\d+ (?:[\w-]+ ){0,2}(?:patients|individuals|subjects|participants))\b|\d ?%"
)
# Whom a finding is of.
_PEOPLE = re.compile(r"(?i)patient|\b(?:individuals|subjects|participants)\b")
# Who came with what: "a 34-year-old woman at term presented with ..." tells of no result yet.
_CAME = re.compile(
    r"(?:an?|the|this|our|another|in case \d+,? an?) (?:[\w-]+ ){0,3}?\d+[- ](?:year|month|week|day)s?[- ]old\b"
    r"(?!.*\b(?:underwent|after (?:surgery|the operation|resection)|post-?operativ\w*|follow-?up|died)\b)"
    r".*\b(?:presented|complained|visited|consulted|was (?:\w+ )?(?:admitted|referred|seen|hospitali[sz]ed|transferred))\b"
)
_HARMED = {"complication_occurred", "harm_caused", "harm_told"}
# What a series is made up of.
_MIX = frozenset(["histology", "primary_site", "tumour_level", "patients_diagnosed"])
# Who was studied and for how long, which is no result however it is told.
_DESCRIBED = frozenset(["age", "sex", "follow_up", "patients_included"])
# Measures that are a result though none of them is better or worse for the patient.
_RESULTS = frozenset(["surgical_margin", *OF_TESTS])
# The results of a consensus are advice.
_VOICED = build_rule(
    r"\b(?:should|must|we (?:(?:do not|would not|would|cannot|can|could not|\w+ly) )?(?:agree|recommend|suggest|advise|advocate|propose)|consensus|panel|statements?"
    r"|(?:authors|guidelines?|experts|committees?|societ(?:y|ies)|surgeons|groups|others|members|panell?ists) (?:\w+ly |also )?(?:recommend|advise|advocate|propose)(?:s|e?d)?|agreement that)\b",
    re.IGNORECASE,
)
# What a section of methods finds, and what it only plans, defines or chooses by.
_OCCURRED = build_rule(
    r"\b(?:was|were|had|occurred|developed|died|improved|decreased|increased|experienced|showed|collapsed|recurred|achieved|remained|reached|fell|rose)\b",
    re.IGNORECASE,
)
_PLANNED = build_rule(
    r"\b(?:defin\w+|considered|classif\w+|categori\w+|criteri\w+|eligib\w+|includ\w+|exclud\w+|threshold|measured|assess\w+|evaluat\w+|record\w+|scored|graded|calculat\w+|analy[sz]\w+|compar\w+|schedul\w+|plan\w+|using|if|when|prescrib\w+|dose|administered|follow\w*|review\w*|select\w+|divided|grouped|stratif\w+|assigned|allocat\w+|randomi\w+|identif\w+|enrol\w+|who|with|power|sample|test\w*|score of|at least|more than|less than|history|present\w*|preoperative\w*|indicat\w+|minimum|expected|required)\b|[<>≥≤]",
    re.IGNORECASE,
)
# "Of the 61 women included in the study, 48 walked": how the whole came about is told by the way.
_WHOLE_AHEAD = re.compile(
    r"(?:of|among|amongst|out of|from|in) (?:all |the |these |our |a total of )*\S+ (?:[\w-]+ ){0,3}?"
    r"(?:patients|cases|women|men|children|subjects|participants|individuals|adults|specimens|lesions)"
    r" [^,;]{0,60}?\b(?:included|enrolled|identified|recruited|evaluated|analy[sz]ed|studied|reviewed|assessed|examined|selected|randomi[sz]ed|screened|investigated|eligible|available)\b[^,;()]{0,80}, (?=(?:only |a total of )?[\d(]|\w+ (?:\(|patients?\b|had\b|were\b|was\b|died\b|developed\b))"
)
_IN_WHOM = build_rule(
    r"\b(?:in|of|among|between|for) (?:the |all |these |those )?(?:\w+ )?(?:patients|individuals|subjects|participants|those|cases|women|men|children) with (?:an? |the )?(?:\w+ )?$"
)
# What a guess takes for methods, and what tells of success all the same.
_SUCCEEDED = build_rule(r"\b(?:was|were) (?:\w+ly )?successful\b")


def _features(reading: Reading, span: Span, asked: Sequence[str]) -> tuple[set[str], set[str]]:
    """Return what a clause has (facets, numbers, strength words) and the concepts it names.

    Whether it tells of care or of what is to come is looked up where that is ``asked``.
    """
    inside = reading.within(span)
    features = {each.facet for each in inside}
    features.update([f"own_{each}" for each in features])
    # A pronoun's procedure, tumour or route stands in the sentence or before it.
    if reading.carried or len(inside) < len(reading.mentions):
        named = {each.facet for each in (*reading.mentions, *reading.carried)}
        features |= named.intersection(CARRIED)
    features |= _measured(reading, span, inside)
    text = reading.text[span[0] : span[1]]
    if holds_digit(text):
        features.add("digit")
    if "care" in asked and (_CARED_FOR & features or tells_of_care(lowered(reading.text))):
        features.add("care")
    # What a clause advises its sentence advises too, and most sentences advise nothing.
    advised = strength_of(text) if strength_of(reading.text) else None
    if advised:
        features.add("strength")
        if advised.strength not in {"usual_practice", "goal", "normative"}:
            features.add("advice")
    if reading.sentence.role in FOUND and _PEOPLE.search(text):
        features.add("people")
    if "future" in asked and _is_to_come(reading.text, span):
        features.add("future")
    return features, {each.concept for each in inside}


def _is_to_come(text: str, span: Span) -> bool:
    return context.foretells(text) and context.temporality(text, span) == "future"


def _measured(reading: Reading, span: Span, inside: Sequence[Mention]) -> set[str]:
    """Return what a clause's measures and numbers are: of harms, complications, endpoints ..."""
    if not (inside or reading.measurements):
        return set()
    # That an event befell nobody is told in words: its zero makes no measured result of it.
    numbers = [
        each
        for each in reading.measurements
        if span[0] <= each.start < span[1] and not each.value == each.numerator == 0
    ]
    told = {each.measure for each in numbers if each.measure}
    named = [each for each in inside if each.facet in MEASURED]
    told.update(
        [each.concept for each in named if each.concept in told or not _whose(reading, each)]
    )
    found = {"quantity"} if numbers else set()
    if numbers and any(each.statistic == "count" for each in numbers):
        found.add("count")
    if numbers and any(each.measure in _MIX for each in numbers):
        found.add("mix")
    if numbers and any(_is_endpoint(each.measure) for each in numbers):
        found.add("endpoints")
    if any(_tells_result(each) for each in numbers) and (
        reading.told or _OCCURRED.search(reading.text)
    ):
        found.add("result")
    if told:
        found.add("measures")
    concepts = load_concepts()
    if "mix" in found:  # "fractures were due to myeloma in 15": what a series is made up of
        told -= {each.concept for each in named} - {each.measure for each in numbers}
    for name in told:
        concept = concepts[name]
        if concept.harm:
            found.add("harms")
        if is_complication(concept):
            found.add("complications")
    return found


def _whose(reading: Reading, measure: Mention) -> bool:
    """Tell whether a harm only says in whom something was found: low albumin in men with infection."""
    ahead = reading.text[max(0, measure.start - 40) : measure.start]
    return " with " in ahead and _IN_WHOM.search(ahead) is not None


def _tells_result(number: Measurement) -> bool:
    """Tell whether a number is by its form what was found: a part of a whole, a mean, an effect."""
    if number.measure in _DESCRIBED or number.statistic in {"value", "range", "threshold"}:
        return False
    counted = number.statistic == "count"
    return not counted or number.percent is not None or number.denominator is not None


def _is_endpoint(measure: str | None) -> bool:
    """Tell whether a measure is a result that is better or worse for the patient, or of a test."""
    concept = load_concepts()[measure] if measure else None
    return (
        concept is not None and concept.harm is not None and "complications" not in concept.broader
    ) or measure in _RESULTS


def best_fit(reading: Reading, span: Span) -> tuple[Pattern, re.Match[str] | None] | None:
    """Return the pattern that a clause fits best, with its match; None where it fits none."""
    text = without_guesses(lowered(reading.text[span[0] : span[1]]))
    possible = worded(text)
    features, concepts = _features(reading, span, asked_for(possible))
    whole = _WHOLE_AHEAD.match(text) if "result" in features and ", " in text else None
    if whole:
        text = " " * whole.end() + text[whole.end() :]
        possible = worded(text)
    aimed = _PURPOSE.match(text) if text.startswith(_AIMING) else None
    told = " " * aimed.end() + text[aimed.end() :] if aimed else text
    stand: _Stand | None = None
    best: tuple[float, str, Pattern, re.Match[str] | None] | None = None
    for pattern in candidates(possible, features):
        if best is not None and pattern.weight < best[0]:
            break  # penalties only lower a score: none that follows can be better
        stand = stand or _stand(reading, text, "advice" in features)
        if _is_out(reading, pattern, stand, text, features):
            continue
        found = stand.role == "methods" and pattern.kind in {"outcome", "risk"}
        said = told if pattern.kind == "outcome" else text
        match = fits(pattern, said, concepts, "results" if found else stand.role)
        if not match:
            continue
        score = pattern.weight - _penalty(reading, pattern, stand)
        if best is None or (score, pattern.name) > (best[0], best[1]):
            best = (score, pattern.name, pattern, match if isinstance(match, re.Match) else None)
    return (best[2], best[3]) if best else None


@dataclass(frozen=True, slots=True)
class _Stand:
    """How a clause stands: its role, whether it tells what was, what it advises, how one came."""

    role: str
    past: bool
    advised: bool
    came: bool


def _stand(reading: Reading, text: str, advice: bool) -> _Stand:
    """Return how a clause with or without words of ``advice`` stands."""
    # The methods of a case report tell the case.
    case = reading.single and reading.sentence.role == "methods"
    role = "case" if case else reading.sentence.role
    held = advice and _HELD.match(text) is not None
    if role == "results" and held and not _NARRATED.search(text):
        role = "conclusion"  # the results of a review tell what is held to be right
    voiced = advice and _VOICED.search(text) is not None
    past = role in {"results", "case"} and not voiced
    if role == "aim" and not states_aim(reading.text):
        role = "background"
    came = "-old" in text and _CAME.match(text) is not None
    return _Stand(role, past, (held or voiced) and not past, came)


def _is_out(
    reading: Reading, pattern: Pattern, stand: _Stand, text: str, features: set[str]
) -> bool:
    """Tell whether a clause cannot say what a pattern says, for how it stands."""
    if stand.came and pattern.kind in {"outcome", "risk"} and pattern.subkind is None:
        return True
    # A guessed role rules out only what is weakly worded; a stated one rules.
    if not (reading.told or pattern.weight < _STRONG):
        return False
    if stand.role == "aim":
        return pattern.name != "case_presented"
    return stand.role == "methods" and not _fits_methods(reading, pattern, text, features)


def _penalty(reading: Reading, pattern: Pattern, stand: _Stand) -> float:
    """Return how much less a pattern is worth for how a clause stands."""
    score = 0.0
    if reading.told and stand.past and pattern.kind == "indication" and pattern.subkind is None:
        score += 3
    if stand.role == "background" and pattern.kind == "outcome":
        score += 3.5  # what an introduction tells is no result of this study
    if stand.advised and (pattern.kind == "outcome" or pattern.name in _HARMED):
        score += 4  # "recommended when survival exceeds three months" is advice, no result
    return score


def _fits_methods(reading: Reading, pattern: Pattern, text: str, features: set[str]) -> bool:
    """Tell whether a section of methods can say this: what was done, found or is held to be right."""
    if pattern.name in _METHOD_PATTERNS:
        return True
    if pattern.kind in {"outcome", "risk"} and pattern.subkind is None:
        if not reading.told and "success" in text and _SUCCEEDED.search(text):
            return True
        return _found_amid_methods(reading, features) and not _PLANNED.search(text)
    return pattern.kind == "indication" and "advice" in features and bool(_HELD.match(text))


def _found_amid_methods(reading: Reading, features: set[str]) -> bool:
    """Tell whether a clause states a result with its number, under whatever heading it stands."""
    told = not features.isdisjoint({"endpoints", "complications", "harms"})
    return "quantity" in features and told and bool(_OCCURRED.search(reading.text))
