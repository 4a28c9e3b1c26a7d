"""Tell whether a rate or an average is of operations, tumours or levels, not of patients."""

from __future__ import annotations

import re

from ingest.groups.cohortrules import rules
from ingest.groups.cohorts import COUNTED, Cohort
from ingest.model import Measurement

# "74 % of all procedures": a share of things; "of the 46 patients" is one of patients.
_OF_THINGS = re.compile(
    r"(?:\s*(?:\([^)]*\) )?|^)(?:of|among) (?:all |the |these |our |any )*(?!(?:\d+ )?(?:[a-z-]+ )?(?:patients|cases|subjects|participants|children|individuals|women|men|adults|people|respondents|cohort|series|sample|population|them|us)\b)[a-z]"
)
_OF_TUMOURS = re.compile(
    r"\s*of (?:all |the |these |our )*(?:spinal )?(?:tumou?rs|lesions|neoplasms|metastases) (?:was|were|had|showed|arose|involved|occurred)\b"
)
# "All operations were done at night, and 12 % were ..."
_THINGS_DID = re.compile(
    r"(?:all|most|both|the|these|our)(?: \d+)?(?: of the)? (?:[a-z-]+ )?(?:ablations|procedures|operations|surgeries|interventions|embolizations|treatments|screws|implants|levels|lesions|tumou?rs|vertebrae|segments|injections|biopsies) (?:were|had|was|could|showed)\b"
)
# "Patients received a dose of": a dose of a patient, not of a lesion
_PATIENTS_DID = re.compile(
    r"(?:all |the |these |our )*(?:patients|individuals|subjects|participants) (?:were|had|received|underwent)\b"
)
# "most of the patients (72 %) walked"
_PATIENTS_AHEAD = re.compile(
    r"\b(?:of|in) (?:the |all |our )*(?:patients|individuals|subjects|participants) \((?:[a-z]+,? )?$"
)
_OF_PATIENTS = re.compile(
    r"\s*of (?:the |all |our )*(?:patients|individuals|subjects|participants|women|men|children)\b"
)
# What is of patients even where operations are counted.
_OF_PERSONS = frozenset(
    [
        "overall_survival",
        "mortality",
        "primary_site",
        "age",
        "sex",
        "follow_up",
        "quality_of_life",
        "karnofsky_performance_scale",
        "ECOG_performance_status",
        "length_of_stay",
        "ambulation",
        "pain",
        "vas",
        "satisfaction",
        "neurological_improvement",
        "neurological_deterioration",
        "neurological_deficit",
        "frankel_grade",
    ]
)
# What a spine has once, however many of its levels were operated on.
_OF_EITHER = frozenset(
    [
        "kyphosis",
        "bony_fusion",
        "operative_time",
        "progression_free_survival",
        "recurrence_free",
        "levels_treated",
    ]
)
# "8 % of the operations": of all those that the text counted
_OF_COUNTED = re.compile(
    r"\s*(?:\([^()]*\) )?of (?:all |the |these |our )*(?:surgical |operative |spinal |treated |vertebral )?(?P<noun>[a-z]+)\b(?! (?:with|in|on|at|that|who|without|which))"
)
_COUNTED: dict[str, str] = {
    **dict.fromkeys(["operations", "procedures", "surgeries", "interventions"], "procedures"),
    **dict.fromkeys(["tumors", "tumours", "lesions", "metastases"], "tumours"),
    **dict.fromkeys(["levels", "vertebrae", "segments"], "levels"),
    "screws": "screws",
    "vertebras": "levels",
}
# "The mean volume per lesion": an average of things, not of patients.
_PER = re.compile(
    r"\b(?:per|of each|for each|in each) (?P<noun>operation|procedure|intervention|tumou?r|lesion|level|segment|screw|vertebra)\b"
)
_BEFORE, _BEHIND = 60, 40
# "The mean size of the polyps removed": one patient may have had many.
_OF_MANY = re.compile(
    r"\b(?:size|weight|volume|diameter|length|thickness)s? of (?:all |the |these )*(?:[a-z]+ )?(?:lesions|[a-z]+omas|nodules|metastases|stones|polyps|cysts|nodes)\b[^,;]*$"
)


def names_things(low: str, each: Measurement) -> bool:
    """Tell whether words right behind a percent, or those that open its sentence, say it is of things."""
    return bool(_OF_THINGS.match(low, each.end) or _OF_THINGS.match(low))


def names_tumours(low: str, each: Measurement) -> bool:
    """Tell whether the words right behind a percent say that it is of the tumours."""
    return _OF_TUMOURS.match(low, each.end) is not None


def is_of_things(cohort: Cohort, low: str, each: Measurement) -> bool:
    """Tell whether a number is of what its text or its sentence counts besides patients."""
    patients = _OF_PATIENTS.match(low, each.end)
    if each.percent is not None:
        if _THINGS_DID.match(low) and not patients:
            return True
    elif _OF_MANY.search(low, 0, each.start) or _per_thing(low, each):
        return True
    operated = "procedures" in cohort.things and each.measure not in _OF_PERSONS
    if not (operated or each.measure is None or each.measure in rules().local):
        return False
    subject = patients or _PATIENTS_DID.match(low)
    subject = subject or _PATIENTS_AHEAD.search(low, max(0, each.start - 40), each.start)
    return not subject and bool(_things_of(each) & cohort.things.keys())


def size_of_things(cohort: Cohort, low: str, each: Measurement) -> int | None:
    """Return how many operations or tumours a number is of where it says so: 8 % of the operations."""
    if not cohort.things:
        return None
    told = _per_thing(low, each) if each.percent is None else None
    if told:
        return _size_named(cohort, _COUNTED[f"{told['noun']}s"])
    told = _OF_COUNTED.match(low, each.end) if each.percent is not None else None
    noun = told["noun"] if told else ""
    name = "tumours" if noun.endswith("omas") else _COUNTED.get(noun)
    return cohort.things.get(name or "") or None


def size_of_local(cohort: Cohort, low: str, each: Measurement) -> int | None:
    """Return how many lesions or levels a local finding is of, where the text counts but one kind.

    The control of a tumour, the height of a vertebra are of those, not of the patients.
    """
    local = each.measure in rules().local and each.measure not in _OF_EITHER
    if not local or not is_of_things(cohort, low, each):
        return None
    kinds = {
        count
        for name, count in cohort.things.items()
        if name != "procedures" and name in _things_of(each)
    }
    return (kinds.pop() or None) if len(kinds) == 1 else None


def _per_thing(low: str, each: Measurement) -> re.Match[str] | None:
    """Return the words beside an average that say it is one of things: per lesion."""
    return _PER.search(low, max(0, each.start - _BEFORE), each.end + _BEHIND)


def _size_named(cohort: Cohort, name: str) -> int | None:
    """Return how many things of a name a text counts: the lesions of a vertebra are called either."""
    other = {"tumours": "levels", "levels": "tumours"}.get(name, name)
    return cohort.things.get(name, cohort.things.get(other)) or None


def _things_of(each: Measurement) -> frozenset[str]:
    """Return what besides patients an average or a rate may be of: no tumour's size is of screws."""
    if each.unit == "points":
        return frozenset()  # a score is a patient's
    if each.measure is None or each.measure.startswith("screw"):
        return COUNTED
    if each.measure == "operative_time":
        return frozenset(["procedures"])
    return COUNTED - {"screws"}
