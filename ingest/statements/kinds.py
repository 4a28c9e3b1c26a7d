"""Tell which kind of claim a statement makes: a harm that occurred, a result, advice."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.measurements.rates import OF_TESTS
from ingest.model import Assertion, Concept, Kind
from ingest.numbers.quantity import AMOUNTS
from ingest.statements.draft import Draft
from ingest.vocabulary import is_complication

DONE = frozenset(
    [
        "procedure_performed",
        "patients_included",
        "patients_treated",
        "lesions_included",
        "lesions_treated",
        "levels_treated",
        "studies_included",
    ]
)
"""How many were studied, and what was done in how many, is neither better nor worse."""
# What a score or a scan is rated by.
_RATED = frozenset(["auc", "c_statistic", "correlation_coefficient"])
_GAINED = build_rule(r"\b(?:improve|relie[fv]|recover|resol[vu]|heal|decreas|reduc)", re.IGNORECASE)
_ROSE = build_rule(r"\b(?:improved|rose|increased|longer|better|preserved)\b")
# Of how many of those who had a harm it went away.
_HEALED = re.compile(
    r"(?:^|\b(?:and|but|which|that)|[,;]) ?(?:(?:was|were|had|has|have|all|later) )*(?:\w+ly )?(?:resolved|recovered|healed|subsided|disappeared|ceased|cleared|abated)\b"
    r"(?: \w+ly| completely| later)? (?:in|for) (?:all but )?(?:\w+|\d+)[^,;]{0,20}$"
)
_ANSWERED = build_rule(r"\b(?:responses?|remission|regression|relief|recovery|shrinkage)\b")
_FARED = build_rule(
    r"\b(?:good|excellent|favou?rable|satisfactory|improved|intact)\b", re.IGNORECASE
)
# "Infection occurred in 40, of whom 12 had diabetes"
_OF_WHOM = re.compile(r"\W*(?:and |but )?(?:[\w-]+ )?of (?:whom|which|these|them)\b")


# Of how many of those who had a harm something was done about it.
_TENDED = re.compile(
    r"(?:[,;]|and\b|but\b|which\b|that\b|\s)*(?:was|were) (?:\w+ly |all |both )?(?:treated|managed|repaired|drained|closed|revised|debrided|evacuated|emboli[sz]ed|sutured|controlled)\b",
    re.IGNORECASE,
)
# "Four presented with a myelopathy": with what patients came is no harm of what was then done.
_CAME_WITH = build_rule(
    r"\b(?:presented|presenting|presents?|came|(?:was|were) (?:admitted|referred)) (?:\w+ly )?with\b"
    r"|\b(?:on|at) (?:admission|(?:initial |first )?presentation)\b",
    re.IGNORECASE,
)
_LATER = build_rule(
    r"\b(?:after(?:wards)?|following|follow-?up|post-?\w*operativ\w*|later|again|subsequent\w*|delayed|develop\w*|complication\w*|re-?presented|readmi\w*|new)\b",
    re.IGNORECASE,
)
# What was done to so many, beside what befell some of them.
_DID = build_rule(
    r"\b(?:was|were|had been) (?:\w+ly )?(?:sacrificed|ligated|divided|transected|resected|performed|placed|used|implanted|inserted|occluded|clipped|removed|preserved|opened|exposed) (?:in|on|at)\b"
)


def tended(draft: Draft, text: str) -> bool:
    """Tell whether a number counts those whose harm was treated: "and was drained in four"."""
    focus = text[slice(*draft.focus)]
    return bool(draft.measurements) and draft.focus != draft.clause and bool(_TENDED.match(focus))


def rates_test(draft: Draft) -> bool:
    """Tell whether a claim's numbers rate a score or a test."""
    return any(each.statistic in _RATED or each.measure in OF_TESTS for each in draft.measurements)


def correlates(draft: Draft) -> bool:
    """Tell whether a claim's numbers say how closely two things went together, which is no way."""
    stated = [each.statistic for each in draft.measurements]
    return bool(stated) and set(stated) == {"correlation_coefficient"}


def _came_with(said: str) -> bool:
    """Tell whether words say with what patients came, before anything was done."""
    return _CAME_WITH.search(said) is not None and not _LATER.search(said)


def kind_of(
    draft: Draft, asserted: Assertion, measure: Concept | None, said: str, focus: str
) -> Kind:
    """Return a claim's kind: a complication that occurred is a risk, one that did not an outcome.

    ``said`` are the words that tell how it is meant, ``focus`` those of its own number.
    """
    kind = draft.pattern.kind
    complication = measure is not None and is_complication(measure)
    told = draft.pattern.name == "complication_occurred"
    if draft.pattern.name == "harm_caused" and measure is not None and measure.id in DONE:
        return "outcome"  # "ten with a cyst causing pain underwent 13 operations"
    if told and measure is not None and (measure.id in DONE or measure.harm is False):
        return "outcome"  # the operation beside a complication: "done in 70 %, infection in 6 %"
    gained = measure is not None and measure.harm is False and _ANSWERED.search(focus)
    if draft.pattern.name == "harm_caused" and gained:
        return "outcome"  # "the drug induces a response in 60 %"
    if told and not complication and any(each.unit in AMOUNTS for each in draft.measurements):
        return "outcome"  # "blood loss was 200 ml, surgery took 2 h, a leak came in 4 %"
    if (
        draft.listed
        and kind == "risk"
        and measure
        and measure.harm is False
        and _ROSE.search(focus)
    ):
        return "outcome"  # "complications fell and survival rose"
    if told and draft.measurements and _HEALED.search(focus):
        return "outcome"  # "a leak came in five and resolved in four"
    if told and measure and measure.facet == "scales":
        return "outcome"  # "the grade was better in 19 %, the same in 66 % and worse in 15 %"
    if told and not complication and draft.measurements and _GAINED.search(focus):
        return "outcome"  # "relief in 30, two of whom bled"
    if (
        told
        and measure is None
        and draft.focus != draft.clause
        and (_FARED.search(focus) or _OF_WHOM.match(focus) or _DID.search(focus))
    ):
        return "outcome"  # "a complication rate of 7 % and 80 % of the patients with good function"
    if (told or complication) and kind in {"risk", "outcome"} and _came_with(said):
        return "outcome"
    lasting = draft.pattern.subkind is not None or draft.pattern.keeps_kind
    weighed = rates_test(draft)
    if told and weighed:
        return "outcome"  # how well a score foretells a harm is none
    occurred = complication and bool(draft.measurements) and not (lasting or weighed)
    if kind == "outcome" and occurred and asserted == "affirmed" and not _GAINED.search(said):
        return "risk"
    if kind == "risk" and asserted == "negated" and not lasting:
        return "outcome"
    return kind
