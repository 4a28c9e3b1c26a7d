"""Decide which measure a number of a sentence is of, by its names, unit, verb and course."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.language.starts import build_rule
from ingest.measurements.absence import is_event
from ingest.measurements.accuracies import ACCURACY
from ingest.measurements.amounts import amount_of, names_fluid
from ingest.measurements.attachment import measure_of
from ingest.measurements.complaints import endured
from ingest.measurements.continuations import at_own_time, in_others, is_next_group
from ingest.measurements.counts import counted_measure
from ingest.measurements.courses import course_of
from ingest.measurements.distance import is_rate_for
from ingest.measurements.ellipsis import goes_on, lists_on, times_on
from ingest.measurements.grading import graded, moved_by_grade
from ingest.measurements.items import had, harm_from, kind_of
from ingest.measurements.latency import time_to
from ingest.measurements.mending import mended
from ingest.measurements.milestones import step_of
from ingest.measurements.recovery import recovered
from ingest.measurements.resuming import resumed
from ingest.measurements.sexes import counts_sex
from ingest.measurements.survival import lived
from ingest.measurements.things import extent_of
from ingest.measurements.verbs import told_by_verb
from ingest.measurements.worsening import went
from ingest.model import Mention
from ingest.numbers.heads import moves
from ingest.numbers.quantity import COUNTED, Quantity
from ingest.numbers.scene import Sitting

_COURSE = build_rule(
    r"(?<!or )(?<!or remained )\b(?:(?P<worse>worsened|deteriorated|declined|worse)|unchanged|stable|the same) (?:in|after|following) (?:only |another |the other )?$"
)
# "shrank in size (41%) or was unchanged (38%)"
_OF_SOME = re.compile(
    r"[,;:] (?:(?:and|but) )?(?:(?:\w+ )?(?:of|among|in) (?:whom|which|these|them)\b)"
)
_UNCHANGED = build_rule(r"\b(?:unchanged|stable)(?: in size)? (?:in |\()$")
_MASS = build_rule(r"\b(?:tumou?rs?|lesions?|metastases|mass(?:es)?|schwannomas|meningiomas)\b")
_SHRANK = build_rule(r"\b(?:shrunk|shrank|smaller|regressed) (?:in |\()$")
_GROWN = build_rule(r"\b(?:grown|grew|progressed|enlarged|larger) (?:in |\()$")
_AGE = re.compile(r"\s*-?\s*(?:old\b|of age\b)")
_ADVISED = build_rule(
    r"\b(?:should|may|must|can|recommend\w*|indicat\w*|requires?|suitable|candidates?|prefer\w*|consider\w*|advis\w*|appropriate)\b"
)
PAIN_SCALES = {"vas", "nrs", "brief_pain_inventory"}
_TO_A = re.compile(
    r" (?:patients |individuals |subjects |participants |women |men )?to (?:an? |the )?"
)
_UNDERWENT = build_rule(
    r"\b(?:underwent|received|undergone|undergoing) (?:a total of |a further |another |some |altogether )?$"
)
_LEVELS_DONE = re.compile(
    r"(?:[^.;:()]|\.(?=\d)){0,40}?\b(?:levels?|segments?|vertebrae|vertebral bodies|vertebral (?:[a-z-]+ ){0,2}fractures|compression fractures)\s*(?:\([^()]*\)\s*)?(?:in \d+ patients |per (?:patient|case|session|operation|procedure) )?(?:were|was|had been|underwent|received) (?:\w+ly )?(?:treated|irradiated|augmented|instrumented|operated|ablated|decompressed|sbrt|radiotherapy|radiosurgery|vertebroplasty|kyphoplasty|treatment|surgery)\b(?! (?:non|conserv))"
)
# "Five patients were treated for a haematoma": they had one.
_TREATED_FOR = re.compile(
    r"\s*(?:patients?|individuals|subjects|participants?|cases?|women|men|others?)?\s*(?:\([^()]*\)\s*)?(?:were|was|had to be) (?:\w+ly )?(?:treated|managed|operated(?: on)?|hospitali[sz]ed|readmitted|explored) for (?:an? )?"
)
_TREATED = frozenset([None, "patients_treated", "procedure_performed"])
_CASES_OF = re.compile(r"\S+ cases? of (?!(?:the|these|those|this)\b)")
_WITH_X = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:patients|individuals|subjects|participants|cases|those|women|men)?\s*(?:with|without|who had|having|after) "
)
_LENGTHS = {"mm", "cm"}
_SIZED = build_rule(
    r"\b(?:tumou?rs?|lesions?|mass(?:es)?|metastas[ei]s|chordomas?|schwannomas?|diameters?|sizes?)(?: [a-z]+){0,3} ?(?:than|over|above|below|under|exceeding|least|to|[<>≤≥]=?)\s*$"
)
_OF_UNIT = {
    "Gy": "radiation_dose",
    "cGy": "radiation_dose",
    "fractions": "fractions",
    "mg": "drug_dose",
    "grade": "muscle_strength",
    "complications": "complications",
    "deaths": "mortality",
}
# "2 patients deteriorated": they count for no improvement.
_WORSENED = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:patients?|individuals|subjects|participants?|cases?|others?|women|men)?\s*(?:who )?(?:had |were |was |showed |became |got |felt )?"
    r"(?:\w+ly )?(?:worsen|deteriorat|declin|worse\b)"
)


# "Possible in 92% with minimal morbidity": what a gain cost is no name of it.
# "infection | requiring | reoperation": what was needed for a harm is said of it by the way
_NEEDING = build_rule(
    r"s? (?:requiring|needing|necessitating|demanding) (?:an? |the )?(?:early |late |surgical |further |urgent )?$"
)
_AT_A_COST = re.compile(
    r" with (?:an? |only |very |relatively )*(?:low|minimal|acceptable|few|little|limited|tolerable|negligible|minor) (?:[\w-]+ ){0,2}$"
)


def assigned(
    sitting: Sitting, quantity: Quantity, shared: Quantity | None, studied: bool, unpaired: bool
) -> tuple[str | None, Mention | None]:
    """Return the measure of a number and the mention that names it, None where none does.

    ``shared`` is the count whose noun a bare number shares; ``studied`` is true of a count of
    those a study is built on, ``unpaired`` where "respectively" deals it to a measure unknown.
    """
    measure, mention = _told(
        sitting, quantity, None if unpaired else _named(sitting, quantity, shared)
    )
    measure, mention = _carried_on(sitting, quantity, measure, mention, unpaired)
    if studied:
        measure, mention = "patients_included", None
    if mention is not None and quantity.form in COUNTED:
        measure = told_by_verb(sitting, quantity, mention) or measure
    if measure and quantity.form in COUNTED:
        measure = _by_course(sitting, quantity, measure)
    measure = course_of(sitting, shared or quantity, graded(sitting, quantity, measure))
    measure = recovered(sitting, quantity, kind_of(sitting, quantity, measure))
    measure, mention = _by_cases(sitting, quantity, measure, mention)
    if mention is not None and mention.concept != measure:
        mention = next((m for m in sitting.scene.mentions if m.concept == measure), None)
    measure, mention = mended(sitting, quantity, measure, mention)
    if measure == "spinal_cord_function" and (moved := moved_by_grade(sitting, quantity)):
        measure, mention = moved, None  # "the function went from grade C to D in 1"
    return measure or _told_otherwise(sitting, quantity), mention


def _told(
    sitting: Sitting, quantity: Quantity, mention: Mention | None
) -> tuple[str | None, Mention | None]:
    """Return the measure that a number's name, its unit or the words right beside it tell."""
    low = sitting.scene.low
    measure = sitting.measures.get(quantity.start) or (mention.concept if mention else None)
    if measure is None and (quantity.form == "count") == (quantity.unit == "deaths"):
        measure = _OF_UNIT.get(quantity.unit or "")
    measure = measure or resumed(sitting, quantity)
    measure = measure or time_to(sitting.scene, quantity) or lived(sitting, quantity)
    if quantity.unit == "levels" and _LEVELS_DONE.match(low, quantity.start):
        measure, mention = "levels_treated", None
    if quantity.unit == "procedures" and _UNDERWENT.search(low, 0, quantity.start):
        # "Ten patients with a myelopathy underwent | 13 operations": so many were done.
        measure, mention = "procedure_performed", None
    measure = measure or extent_of(low, quantity) or amount_of(low, quantity)
    if measure is None and quantity.unit in _LENGTHS and quantity.operator:
        advised = _SIZED.search(low, 0, quantity.start) and _ADVISED.search(low)
        measure = "tumour_size" if advised else None
    if step := step_of(low, quantity):
        measure, mention = step, None
    if endured(sitting, quantity):
        measure, mention = "symptom_duration", None
    if quantity.unit == "years" and _AGE.match(low, quantity.end):
        measure = "age"
    measure = "sex" if counts_sex(sitting, quantity) else measure
    if measure == "pain" and quantity.form in {"score", "value"}:
        measure = _scale_of_pain(sitting, quantity) or measure
    return measure, mention


def _carried_on(
    sitting: Sitting,
    quantity: Quantity,
    measure: str | None,
    mention: Mention | None,
    unpaired: bool,
) -> tuple[str | None, Mention | None]:
    """Return the measure of the number before for one that goes on with it and has none of its own."""
    found = sitting.found
    own = unpaired or measure == "symptom_duration" or _has_own(sitting, quantity, measure, mention)
    if found and not own and goes_on(sitting, quantity):
        measure = found[-1].measure
    if (
        measure is None
        and found
        and not unpaired
        and (is_next_group(sitting, quantity) or _follows_in_row(sitting, quantity))
    ):
        measure = found[-1].measure
    if measure is None and found and times_on(sitting, quantity):
        measure = found[-1].measure
        mention = next((m for m in sitting.scene.mentions if m.concept == measure), None)
    if quantity.form == "effect" and measure is None and found and lists_on(sitting, quantity):
        measure = found[-1].measure  # one of a list behind one name
    return measure, mention


def _follows_in_row(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a percent stands in a long row behind another, however far the row's name is.

    The second of two may be of a measure that no name of ours tells.
    """
    last = sitting.found[-1].start
    return quantity.form == "percent" and any(
        one.start == last and other is quantity
        for row in sitting.rows
        for one, other in pairwise(row)
        if len(row) > 2
    )


def _told_otherwise(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the measure of a number that nothing names: by its course, its statistic or its verb."""
    found = sitting.found
    measure = None
    if found and quantity.form == "count":
        # "The number of walkers rose from 14 (20%) to 31", "9 were worse at once, and 4 at 6 months"
        on = moves(sitting.scene.low, quantity.start) or at_own_time(sitting, quantity)
        measure = found[-1].measure if on or in_others(sitting, quantity) else None
    if measure is None and quantity.statistic in ACCURACY:
        measure = "discrimination"
    return (
        measure
        or went(sitting, quantity)
        or moved_by_grade(sitting, quantity)
        or _not_done(sitting, quantity)
        or _grew(sitting, quantity)
    )


def _grew(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return what so many tumours did: shrank in 38, were unchanged in 44 and had grown in 5."""
    low, last = sitting.scene.low, sitting.found[-1].measure if sitting.found else None
    if quantity.form not in COUNTED or not _MASS.search(low):
        return None
    if _SHRANK.search(low, 0, quantity.start):
        return "response_rate"
    if _GROWN.search(low, 0, quantity.start):
        return "local_progression"
    same = last == "response_rate" and _UNCHANGED.search(low, 0, quantity.start)
    return "stable_disease" if same else None


def _has_own(
    sitting: Sitting, quantity: Quantity, measure: str | None, mention: Mention | None
) -> bool:
    """Tell whether a number's measure is told beside it: how many of what levels, what a rate is for."""
    if quantity.unit == "levels" and measure is not None:
        return True
    return mention is not None and (
        _leads_to(sitting, quantity) == mention or is_rate_for(quantity, mention, sitting.scene)
    )


def _leads_to(sitting: Sitting, quantity: Quantity) -> Mention | None:
    """Return the measure to which those counted went: 60% went home, 27% | to a rehabilitation facility."""
    low, end = sitting.scene.low, quantity.end
    to = _TO_A.match(low, end) if " to " in low[end : end + 16] else None
    at = to.end() if to else -1
    return next((one for one in sitting.scene.mentions if one.start == at), None)


def _named(sitting: Sitting, quantity: Quantity, shared: Quantity | None) -> Mention | None:
    """Return the mention that names a number's measure, None where it is of some of those counted.

    "30 improved, of whom two had an infection": an infection of none but the two.
    """
    if names_fluid(sitting.scene.low, quantity):
        return None  # "bleeding was 300 ml and 4 ml of cement was injected"
    mention = _leads_to(sitting, quantity) or measure_of(shared or quantity, sitting.scene)
    if mention and sitting.scene.low.endswith(" without ", 0, mention.start):
        # "dehiscence without infection was seen in 6": of what they had, not of what they had not
        had_so = [one for one in sitting.scene.mentions if one.end == mention.start - 9]
        mention = had_so[0] if had_so else mention
    needed = _NEEDING.search(sitting.scene.low, 0, mention.start) if mention else None
    if mention and needed:
        # "infection requiring reoperation occurred in 5": the infection
        kinds = sitting.scene.concepts
        ahead = [one for one in sitting.scene.mentions if one.end == needed.start()]
        harms = [one for one in ahead if "complications" in kinds[one.concept].broader]
        mention = harms[0] if harms else mention
    if mention is None or _OF_SOME.search(sitting.scene.low, quantity.end, mention.start):
        return None
    if _AT_A_COST.search(sitting.scene.low, quantity.end, mention.start):
        return None
    return mention


def _by_cases(
    sitting: Sitting, quantity: Quantity, measure: str | None, mention: Mention | None
) -> tuple[str | None, Mention | None]:
    """Return the measure of a count of cases of something by what that is: two cases of pneumonia."""
    treated = _TREATED_FOR.match(sitting.scene.low, quantity.end)
    if treated and measure in _TREATED and quantity.form in COUNTED:
        harm = harm_from(sitting, treated.end())
        if harm and is_event(sitting.scene.concepts, harm):
            return harm.concept, harm
    if mention is not None and (head := _told_in_parts(sitting, quantity, mention)):
        return head, None
    if quantity.form != "count" or quantity.unit != "patients":
        return measure, mention
    named = _named_behind(sitting, quantity)
    if named is not None:
        return named.concept, named
    if mention is not None and _is_told_of(sitting, quantity, mention):
        return _heading(sitting), None
    return measure, mention


def _told_in_parts(sitting: Sitting, quantity: Quantity, mention: Mention) -> str | None:
    """Return the measure that a sentence tells again of parts of its patients: 12 recurred, including 3 of 21 with X."""
    low = sitting.scene.low
    begin = low.find(" including ", 0, quantity.start)
    if quantity.denominator is None or not 0 <= begin < mention.start:
        return None
    last = sitting.found[-1].end if sitting.found else 0
    ahead = (
        mention.end <= quantity.start
    )  # "3 of 21 with X and 9 of 14": what sets the part before apart
    if not _WITH_X.match(low, last if ahead else quantity.end):
        return None
    head = [each for each in sitting.found if each.end <= begin and each.statistic == "count"]
    return head[-1].measure if head and ";" not in low[begin : quantity.start] else None


def _named_behind(sitting: Sitting, quantity: Quantity) -> Mention | None:
    """Return the harm that a count names of its own: two cases of severe pneumonia."""
    cases = _CASES_OF.match(sitting.scene.low, quantity.start)
    return harm_from(sitting, cases.end()) if cases else had(sitting, quantity)


def _is_told_of(sitting: Sitting, quantity: Quantity, mention: Mention) -> bool:
    """Tell whether a count of cases of something else stands behind the count of a measure.

    "Three wound infections, two cases of hiccups": the two have none.
    """
    told = sitting.found[-1] if sitting.found else None
    return (
        told is not None
        and told.statistic == "count"
        and told.measure == mention.concept
        and told.start < mention.end <= quantity.start
        and _CASES_OF.match(sitting.scene.low, quantity.start) is not None
    )


def _heading(sitting: Sitting) -> str | None:
    """Return complications where the sentence lists them."""
    listed = any(each.concept == "complications" for each in sitting.scene.mentions)
    return "complications" if listed else None


def _not_done(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the measure of what no patient had done: no patient received chemotherapy."""
    if quantity.numerator != 0 or quantity.form != "count":
        return None
    done = counted_measure(sitting, quantity)
    return done if done == "procedure_performed" else None


def _scale_of_pain(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the scale that a score of pain is told on, where one alone is named before it."""
    named = {
        each.concept
        for each in sitting.scene.mentions
        if each.concept in PAIN_SCALES and each.end <= quantity.start
    }
    return named.pop() if len(named) == 1 else None


def _by_course(sitting: Sitting, quantity: Quantity, measure: str) -> str | None:
    """Return what those are counted for who got worse, or stayed as they were: no improvement."""
    low, opposite = sitting.scene.low, sitting.scene.concepts[measure].opposite
    if measure == "response_rate" and _UNCHANGED.search(low, 0, quantity.start):
        return "stable_disease"
    if opposite is None:
        return measure
    ahead = _COURSE.search(low[max(0, quantity.start - 48) : quantity.start])
    if _WORSENED.match(low, quantity.end) or (ahead and ahead["worse"]):
        return opposite
    return None if ahead else measure
