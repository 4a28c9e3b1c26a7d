"""Tell on which scale counted patients were graded, and between which grades they moved."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.measurements.courses import SCALES_OF_NERVES
from ingest.model import Mention
from ingest.numbers.grades import GRADE, RATED_AS
from ingest.numbers.quantity import COUNTED, COUNTS, Quantity
from ingest.numbers.scene import Sitting

_GRADES = build_rule(
    r"\b(?:from )?(?:(?:Frankel|ASIA|AIS)(?: grade)? |grade )?[A-E][12]?(?: to |-|–|→)(?:(?:Frankel|ASIA|AIS)(?: grade)? |grade )?[A-E][12]?\b(?!\w)"
)
_LETTER = re.compile(r"\b([A-E])[12]?\b")
_MOVED_IN = re.compile(r" (?:in|for)(?: only| another| the other)? ")
# "grade C in 1 patient, D in 3": each letter or number is a grade; a name of one is blanked.
_AT_GRADE = re.compile(
    rf"(?:(?<![\w-])(?<!\bto )(?<!\bfrom )(?:[a-e][1-3]?|[0-5]|i{{1,3}}|iv|v|(?=\D|\d+\D{{1,4}}\d){GRADE})|#{{6,}}) (?:in|for) (?:only |another )?$"
)
# "62% of patients were ASIA D": what they were graded as.
_GRADED = re.compile(
    r"\s*(?:of (?:the |all |these |our )?)?(?:patients |individuals |subjects |participants |cases |women |men )?(?:were|was|had|with|presented with|showed)"
    r" (?:an? )?(?:classified |graded |rated |scored |assessed |preoperative |initial |baseline )?(?:as |with |in |to be |by the |according to (?:the )?)?(?:an? )?$"
)
# "an improvement in ASIA grades was observed in 4"
_WAY = re.compile(
    r"\b(?:improvement|deterioration|worsening|decline)s? (?:in|of|on|by) (?:the |their |at least |one |an? )*$"
)
_SEEN_IN = re.compile(
    r"s?(?: \([^()]*\))?(?: (?:impairment )?(?:scales?|scores?|grades?))*(?: \([^()]*\))? (?:was|were) (?:\w+ly )?(?:found|seen|noted|observed|achieved|recorded|present|documented|obtained) in (?:only )?"
)
# "12 had an improvement in their ECOG score"
_CHANGED = re.compile(
    r"\s*(?:of (?:the |all |these |our )?)?(?:patients |individuals |subjects |participants |cases |women |men )?(?:\([^()]*\) )?(?:experienced|had|showed|achieved|demonstrated|reported)"
    r" (?:an? |no )?(?:\w+ )?(?:improvement|deterioration|worsening|decline|increase|decrease|change)s? (?:in|of) (?:their |the )?(?:[a-z]+ )?"
)
# "30% were classified as at risk by the new SINS"
_RATED_BY = re.compile(
    r"\s*(?:of (?:the |all |these |our )?)?(?:patients |individuals |subjects |participants |cases |women |men )?(?:were|was) (?:classified|graded|rated|stratified|categori[sz]ed|grouped) [^.;:()\d]{0,60}?"
    r"(?:according to|by|using|on|with|based on) (?:the )?(?:new |revised |modified )?$"
)
# "SINS of 7 to 12 was found in 30"
_AT_VALUE = re.compile(
    r"s?(?: (?:scores?|grades?|class(?:es)?|types?))?(?: of)? ?[(]?(?:[0-9]+[a-c]?|[a-e]|i{1,3}|iv|v|#+)(?:(?:[-–/]| to | or | and )(?:[0-9]+[a-c]?|[a-e]|i{1,3}|iv|v|#+))*[)]? "
    r"(?:was|were) (?:\w+ly )?(?:found|seen|noted|observed|recogni[sz]ed|present|recorded|assigned|given) in (?:only )?"
)
# "According to the Frankel classification of function, 3 were grade B"
_BY_SCALE = build_rule(
    r"\b(?:according to|by|based on|using|on|with) (?:the )?(?:modified |revised )?$"
)
_THEN = re.compile(r"[^.;:\d,]{0,60}, (?:there (?:was|were) )?")
# Words by which a grade tells a course; without them it tells how patients were.
_MOVED = re.compile(
    r"\b(?:improv|recover|regain|better|gain|advanc|upgrad|chang|increas|return|restor|deteriorat|worsen"
    r"|worse|declin|drop|remain|maintain|stable|preserv|lost|loss)\w*|\bfrom\b.*\bto\b"
)
# "Nine improved by one grade and 4 | by two"
BY_STEPS = re.compile(
    r"\s*(?:patients?|individuals|subjects|participants?|others?)?\s*(?:\([^()]*\) )?by (?:at least |more than |only )?(?:(?:one|two|three|four|\d)\b|#+)(?! ?(?:months?|years?|weeks?|days?|points?|%))"
)
# "43 patients with Frankel A, 16 | with B |, and 12 | were C": the grade alone goes on with the scale.
_NEXT_GRADE = re.compile(
    r"(?: patients| individuals| subjects| participants| cases| others)? (?:(?:with|were|was|had|as|in|at) (?:grade |class |type )?|(?:grade|class|type) |(?=#))(?:[a-e][1-3]?|[0-5]|i{1,3}|iv|v|#{5,})(?=\s*[,.;)]| and\b|$)"
)
_COURSES = frozenset(["neurological_improvement", "neurological_deterioration"])


def grades_of(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the grades between which counted patients moved: "from Frankel C to E"."""
    if quantity.form not in COUNTS:
        return None
    earlier = [each.end for each in sitting.scene.numbers if each.end <= quantity.start]
    begin = max([*earlier, quantity.start - 90, 0])
    ahead = [*_GRADES.finditer(sitting.text, begin, quantity.start)]
    if ahead and _MOVED_IN.fullmatch(sitting.text, ahead[-1].end(), quantity.start):
        return ahead[-1][0]
    later = [each.start for each in sitting.scene.numbers if each.start >= quantity.end]
    match = _GRADES.search(sitting.text, quantity.end, min([*later, quantity.end + 90]))
    return match[0] if match else None


def moved_by_grade(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return what those are counted for who moved between neurological grades, A the worst."""
    if quantity.form not in COUNTED or quantity.unit != "patients":
        return None
    if "from " not in sitting.scene.low:
        return None
    moved = grades_of(sitting, quantity)
    if moved is None or not moved.startswith("from ") or " to " not in moved:
        return None
    first, last = _LETTER.findall(moved)
    if first == last:
        return None
    return "neurological_improvement" if first < last else "neurological_deterioration"


def _goes_on_scale(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the scale of the count before where a grade alone stands behind a number: 16 with B."""
    last = sitting.found[-1] if sitting.found and quantity.form in COUNTED else None
    concept = sitting.scene.concepts.get(last.measure or "") if last else None
    if concept is None or concept.facet != "scales" or last is None or last.numerator is None:
        return None
    scales = [each for each in sitting.scene.mentions if each.concept == concept.id]
    again = any(each.start == quantity.end + 1 for each in scales)
    named = again or _NEXT_GRADE.match(sitting.scene.low, quantity.end)
    return concept.id if named else None


def graded(sitting: Sitting, quantity: Quantity, measure: str | None) -> str | None:
    """Return the scale whose grade tells how patients were: of "some were Frankel D" none got better."""
    if sitting.found and BY_STEPS.match(sitting.scene.low, quantity.end):
        last = sitting.found[-1].measure
        return last if quantity.form in COUNTED and last in _COURSES else measure
    if measure is None and (same := _goes_on_scale(sitting, quantity)):
        return same
    begin = max(0, quantity.start - 24)
    if quantity.form in COUNTED and _AT_GRADE.search(sitting.scene.low, begin, quantity.start):
        concepts = sitting.scene.concepts
        told = [
            each.concept
            for each in sitting.scene.mentions
            if each.end <= quantity.start and concepts[each.concept].facet == "scales"
        ]
        if told:
            return told[-1]
    if quantity.form in COUNTED:
        low, concepts = sitting.scene.low, sitting.scene.concepts
        scales = [
            each for each in sitting.scene.mentions if concepts[each.concept].facet == "scales"
        ]
        fits = _rates if measure is None else _is_rated_by
        if changed := next((way for each in scales if (way := _seen(low, each, quantity))), None):
            return changed
        rated = next((each.concept for each in scales if fits(low, each, quantity)), None)
        if rated or measure is None:
            return rated
    if measure is None or sitting.scene.concepts[measure].facet == "scales":
        return measure
    named = [each for each in sitting.scene.mentions if each.concept == measure]
    for scale in sitting.scene.mentions:
        graded = sitting.scene.concepts[scale.concept].facet == "scales"
        if graded and all(scale.start < each.end and each.start < scale.end for each in named):
            start, end = sitting.scene.clauses[sitting.scene.clause(quantity.start)]
            moved = _MOVED.search(sitting.scene.low, start, end)
            return measure if moved or not named else scale.concept
    return measure


def _seen(low: str, scale: Mention, quantity: Quantity) -> str | None:
    """Return the course of those in whom a change on a scale of the nerves was seen."""
    if scale.concept not in SCALES_OF_NERVES or not _SEEN_IN.fullmatch(
        low, scale.end, quantity.start
    ):
        return None
    way = _WAY.search(low, 0, scale.start)
    if way is None:
        return None
    worse = way[0].startswith(("deter", "worsen", "decl"))
    return "neurological_deterioration" if worse else "neurological_improvement"


def _rates(low: str, scale: Mention, quantity: Quantity) -> bool:
    """Tell whether a scale beside a count is what those counted were graded by."""
    if scale.start >= quantity.end:
        behind = _GRADED.fullmatch(low, quantity.end, scale.start)
        behind = behind or _CHANGED.fullmatch(low, quantity.end, scale.start)
        return behind is not None or _is_rated_by(low, scale, quantity)
    if _AT_VALUE.fullmatch(low, scale.end, quantity.start):
        return True
    told = _THEN.fullmatch(low, scale.end, quantity.start) and RATED_AS.match(low, quantity.end)
    return bool(told and _BY_SCALE.search(low, 0, scale.start))


def _is_rated_by(low: str, scale: Mention, quantity: Quantity) -> bool:
    """Tell whether those counted were put into a class by a scale named behind."""
    return bool(_RATED_BY.fullmatch(low, quantity.end, scale.start))
