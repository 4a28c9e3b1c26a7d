"""Decide which measure of a sentence a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingest.language.starts import build_rule
from ingest.measurements.accuracies import FAR
from ingest.measurements.beyond import is_aimed_at, is_beyond, tells_next
from ingest.measurements.distance import INSIDE, SUBJECT, distance
from ingest.measurements.effects import ENDPOINTS, effect_cost
from ingest.measurements.predicates import counts_papers, halves_another, uses_scale
from ingest.measurements.rates import OF_TESTS, is_rate, of_another, rates_scale
from ingest.model import Concept, Mention
from ingest.numbers.quantity import COUNTED, SPANS, STRETCHES, Quantity
from ingest.numbers.scene import Scene

CHANGED_BY = build_rule(
    r"\b(?:prolonged|shortened|raised|lowered|elevated|increas\w+|decreas\w+|reduc\w+|longer|shorter|differen\w+|improv\w+|declin\w+"
    r"|dropped|lower|higher|gain\w*|chang\w+|fell|rose|correct\w+|worsen\w+|diminish\w+"
    r"|(?:reduc|decreas|increas|shorten|prolong|lower|improv|rais|elevat)(?:ed|es|e|s)? (?:the )?(?:[a-z-]+ ){1,5}?(?:\([^()]*\) )?(?=by)) ?(?:\w+ )?(?:by|of)(?: (?:a |an )?(?:mean|median|average)(?: of)?)?"
    r"(?: (?:approximately|about|nearly|almost))?\s*$"
)
_CHANGE_WAS = build_rule(
    r"\b(?:reduction|decrease|increase|shrinkage|growth|improvement|change|loss|gain)s?(?: rate)? (?:was|were|averaged) $"
)
# "a 30% reduction in lesion size"
_CHANGE_IN = re.compile(
    r"\s*(?:mean |median |average )?(?:reduction|decrease|increase|shrinkage|decline|rise|drop)s? (?:in|of) "
)
# "reintervention rates at 0.65 and pain": the words right ahead say what a bare number is of.
_RIGHT_AHEAD = re.compile(r"s?\s*(?:rates?|odds|ratios?)?\s*(?:at|of|was|were|is)?\s*")
# "The index was 89 and their mean class was 2": another subject with a verb of its own
_SUBJECT_WAS = build_rule(
    r"(?:\band|,|\bwhile|\bwhereas) (?P<subject>(?:the|their|its) (?:(?!\b(?:and|in|for|of|with|at|after|was|were)\b)[a-z-]+ ){1,6})(?:was|were|averaged) (?:an? )?$"
)
_GENERAL = build_rule(
    r"\b(?:scores?|values?|figures?|levels?|results?|index|indices|one|ones|other|others|means?|medians?|averages?) $|group|arm\b|cohort|patients|[a-z]operative|same|corresponding"
)
_THINGS = {
    "levels",
    "factors",
    "steps",
    "sets",
    "arteries",
    "screws",
    "studies",
    "centres",
    "statements",
}
_GRAMS = 20
_DYING = frozenset(["mortality", "morbidity_and_mortality"])
# "pneumonia (n = 3) and unrelated (n = 2)": the two died of something else.
_UNNAMED = build_rule(
    r"\b(?:unrelated|unknown|unspecified|undetermined|unclear|miscellaneous|others?)(?: (?:causes?|reasons?))? [(\[](?:n ?= ?)?$"
)
_OTHER_CAUSE = re.compile(
    r"(?:\s*[(\[][^()\[\]]*[)\]])? (?:were |was )?(?:for|due to|because of|owing to|from|of) (?:other|unknown|unrelated) (?:[a-z-]+ )?(?:reasons?|causes?|diseases?|indications?)\b"
)
# "Predictions of survival were inaccurate in 42%": how many were foretold right did not live.
_JUDGED = build_rule(
    r"\b(?:(?:in)?accurate(?:ly)?|(?:in)?correct(?:ly)?|wrong(?:ly)?|over-?estimat\w+|under-?estimat\w+|misclassif\w+|mispredict\w+|(?:matched|agreed with|coincided with) (?:the )?(?:observed|actual|real))\b[^,;.()]{0,30}$"
)
# What so many times more likely befalls those of whom it is told.
_LIKELY = re.compile(r"\s*(?:more |less |as )likely to ")
_OPENS = frozenset("([= ")
_FAR, _COUNT_FAR = FAR, 140


def compatible(quantity: Quantity, concept: Concept) -> bool:
    """Tell whether a measure can carry a number of this form and unit."""
    if quantity.form == "effect":
        # An effect is on an outcome; age and time are what it is of. How readers agree is on none.
        return quantity.statistic != "kappa" and concept.id not in {
            "age",
            "follow_up",
            "diagnostic_accuracy",
        }
    if quantity.unit == "g" and concept.id == "blood_loss":
        return (quantity.value or 0) >= _GRAMS  # fewer are of a drug
    if quantity.unit and quantity.unit.startswith("per "):
        return concept.harm is not None and "percent" in concept.units  # so many in so many
    if quantity.unit == "fold":
        sized = concept.id in {"tumour_size", "tumour_volume"}
        return sized or concept.harm is not None or concept.facet == "scales"
    if quantity.unit == "procedures" and concept.id == "overall_survival":
        return False  # operations do not live
    if quantity.unit == "deaths" and quantity.form == "count":
        return concept.id in _DYING  # "1 death from an embolism"
    if quantity.unit == "tumours" and concept.id == "surgical_outcome":
        return False  # "the outcome of surgery for 34 tumours"
    if quantity.form == "count" and concept.id in OF_TESTS:
        return False  # "its accuracy in 40 patients"
    if quantity.unit == "studies" and quantity.denominator:
        return concept.harm is not None or concept.facet == "scales"
    if quantity.form in COUNTED and quantity.unit in _THINGS:
        return quantity.unit in concept.units
    if quantity.form == "fraction":
        return concept.facet == "measures" and "patients" in concept.units
    if concept.facet == "scales" and quantity.unit in SPANS and quantity.unit not in concept.units:
        return False  # "improved at the 6-week and 3-month visits"
    if not concept.units:
        return concept.facet != "measures" or quantity.form in COUNTED
    kinds = set(concept.units)
    if quantity.form in {"share", "ratio", "count", "bare"}:
        return bool({"patients", "percent", "tumours"} & kinds)
    if quantity.form in {"percent", "change"} and quantity.unit == "percent":
        return "percent" in kinds
    if quantity.form in {"score", "change"} and quantity.unit in {None, "points"}:
        return bool({"score", "points"} & kinds)
    if quantity.unit in STRETCHES and quantity.unit not in kinds:
        return bool(kinds & (SPANS if quantity.unit in SPANS else STRETCHES - SPANS))
    return quantity.unit in kinds or (quantity.unit == "l" and "ml" in kinds)


def own_names(mentions: Sequence[Mention], concepts: Mapping[str, Concept]) -> Sequence[Mention]:
    """Return mentions without the measures that only help to name a scale: the pain of SF-36 bodily pain."""
    scales = [each for each in mentions if concepts[each.concept].facet == "scales"]
    return [each for each in mentions if not any(_is_within(each, one) for one in scales)]


def _is_within(mention: Mention, scale: Mention) -> bool:
    whole = scale.start <= mention.start and mention.end <= scale.end
    return whole and (mention.start, mention.end) != (scale.start, scale.end)


# "80% of the cyst" is a share of a thing, which no patient felt.
_OF_A_THING = re.compile(
    r" of (?:the|its|their) (?:[a-z-]+ )?(?:cysts?|lesions?|tumou?rs?|mass(?:es)?|bod(?:y|ies)|canal|cord|circumference|defects?|grafts?|volumes?|screws?|cages?|endplates?)\b"
)
# "only 35% necrosis": a percent whose own noun names no known measure
_OF_OWN_NOUN = re.compile(
    r" (?:tumou?r |canal |vertebral )?(?:necrosis|stenosis|compression|collapse|occlusion|viable|involvement|encroachment|slip(?:page)?|displacement|coverage|narrowing)\b"
)
_TESTED = frozenset(
    ["sensitivity", "specificity", "positive_predictive_value", "negative_predictive_value"]
)
_FOR_IT = re.compile(
    r"(?: \([^()]*\))? (?:of|for|in) [^;:()\d]*?(?:was|were|reached|of) (?:only |about )?"
)
_OF_PATIENTS = frozenset(["pain", "ambulation", "quality_of_life", "overall_survival", "mortality"])
# Up to " of the ", in characters; the things of which a share is told.
_OF_WHOLE = 8
_WHOLES = ("operations", "procedures", "surgeries", "patients", "cases")
_IS_THE = build_rule(
    r"\b(?:is|was|are|were|being|remains?|remained|as) (?:by far )?(?:the|an?) (?:[a-z-]+ ){0,4}$"
)


def _is_whole(quantity: Quantity, mention: Mention, low: str) -> bool:
    """Tell whether words behind a share are what it is a share of: 54% of revision operations."""
    beside = quantity.form == "percent" and 0 < mention.start - quantity.end <= _OF_WHOLE
    return beside and low.endswith(_WHOLES, mention.start, mention.end)


def _test_ahead(quantity: Quantity, scene: Scene) -> Mention | None:
    """Return how well a test tells, where a percent is of that: its predictive value for a leak was 90%."""
    heads = [
        each for each in scene.mentions if each.concept in _TESTED and each.end <= quantity.start
    ]
    last = heads[-1] if heads else None
    if last is None or any(last.end <= each.start < quantity.start for each in scene.numbers):
        return None
    return last if _FOR_IT.fullmatch(scene.low, last.end, quantity.start) else None


def measure_of(quantity: Quantity, scene: Scene) -> Mention | None:
    """Return the mention of the measure a number belongs to, None where none can carry it."""
    best: tuple[float, Mention] | None = None
    if _is_of_none(quantity, scene):
        return None
    low = scene.low
    judged = quantity.form in COUNTED and _JUDGED.search(
        low, max(0, quantity.start - 70), quantity.start
    )
    # Whatever a measure's unit, it can change by a percent.
    changed = quantity.form == "percent" and _tells_change(low, quantity)
    inside = quantity.unit == "studies" and INSIDE.search(low[: quantity.start])
    # "In 11 studies a leak was seen in 13%": what was seen is told by the number behind.
    opens = 0 < quantity.start < _OF_WHOLE and quantity.start < scene.numbers[-1].start
    reported = inside and not opens
    part = quantity.form == "percent" and _OF_A_THING.match(low, quantity.end)
    tested = _test_ahead(quantity, scene) if quantity.form == "percent" else None
    likely = _LIKELY.match(low, quantity.end) if quantity.unit == "fold" else None
    for mention in scene.mentions:
        if likely and mention.end <= likely.end():
            continue  # "those with pain were 3 times more likely to die"
        if tested and tested.end <= mention.start < quantity.start:
            continue  # "the sensitivity for an infection was 90%"
        concept = scene.concepts[mention.concept]
        fitting = compatible(quantity, concept) or is_rate(quantity, concept, low)
        if not (fitting or changed or (reported and concept.harm is not None)):
            continue
        if (judged and concept.id in ENDPOINTS) or (part and concept.id in _OF_PATIENTS):
            continue
        if _says_else(quantity, mention, concept, scene):
            continue
        if quantity.form == "effect":
            cost = effect_cost(quantity, mention, concept, scene)
        else:
            cost = distance(quantity, mention, scene)
        if best is None or cost < best[0]:
            best = (cost, mention)
    limit = _FAR if quantity.form not in {"count", "ratio", "bare"} else _COUNT_FAR
    return _part_of(quantity, best[1], scene) if best and best[0] < limit else None


def _says_else(quantity: Quantity, mention: Mention, concept: Concept, scene: Scene) -> bool:
    """Tell whether a measure beside a number says of whom it is, is aimed at, or is told of another."""
    low = scene.low
    if low.startswith(" of ", quantity.end) and _is_whole(quantity, mention, low):
        return True
    of_whom = quantity.denominator and concept.id == "patients_treated"
    if of_whom and mention.start < quantity.end < mention.end:
        return True  # "12 of 150 patients operated on": of whom
    if mention.start > quantity.end + 12 and is_beyond(quantity, mention, scene):
        return True  # "two refused surgery and one died": of the one
    if concept.id == "age" and mention.start >= quantity.end + 6:
        return True  # "15 months in patients under 30 years of age"
    if quantity.form == "fraction" and not SUBJECT.match(low, quantity.end):
        return True  # a part of a thing, not of the patients
    return (
        rates_scale(quantity, concept, scene.mentions)
        or of_another(quantity, mention, low)
        or tells_next(quantity, mention, low)
        or is_aimed_at(quantity, mention, low)
        or _is_said_of_narrower(mention, scene)
    )


def _tells_change(low: str, quantity: Quantity) -> bool:
    """Tell whether a percent is by how much something changed or differed."""
    return bool(
        CHANGED_BY.search(low[: quantity.start])
        or _CHANGE_WAS.search(low, 0, quantity.start)
        or _CHANGE_IN.match(low, quantity.end)
        or halves_another(low, quantity)
    )


def _part_of(quantity: Quantity, mention: Mention, scene: Scene) -> Mention:
    """Return the last part that is named of a scale between it and a number: SF-36 scores rose for vitality."""
    parts = (
        each
        for each in reversed(scene.mentions)
        if mention.end <= each.start
        and each.end <= quantity.start
        and scene.concepts[each.concept].facet == "scales"
        and mention.concept in scene.concepts[each.concept].broader
    )
    return next(parts, mention)


def _is_said_of_narrower(mention: Mention, scene: Scene) -> bool:
    """Tell whether a measure only says what a narrower one ahead of it is: infection is the main harm."""
    return _IS_THE.search(scene.low, 0, mention.start) is not None and any(
        mention.concept in scene.concepts[each.concept].broader
        for each in scene.mentions
        if each.end < mention.start
    )


def _is_of_none(quantity: Quantity, scene: Scene) -> bool:
    """Tell whether the words beside a number say that it is of no measure named in the sentence."""
    low = scene.low
    if quantity.form == "score" and (
        _is_of_another(quantity, scene) or _is_of_unnamed(quantity, scene)
    ):
        return True
    parts = quantity.form in COUNTED | {"score", "bare"}
    if (
        parts
        and low[quantity.start - 1 : quantity.start] in _OPENS
        and _UNNAMED.search(low, max(0, quantity.start - 30), quantity.start)
    ):
        return True
    own = _OF_OWN_NOUN.match(low, quantity.end) if quantity.form == "percent" else None
    if own and not any(own.start() < each.end <= own.end() for each in scene.mentions):
        return True
    if " other " in low and _OTHER_CAUSE.match(low, quantity.end):
        return True
    return counts_papers(quantity, low) or uses_scale(quantity, scene)


def _is_of_another(quantity: Quantity, scene: Scene) -> bool:
    """Tell whether the measure right ahead of a bare number is one that no such number can be of."""
    near = [
        scene.concepts[each.concept]
        for each in scene.mentions
        if 0 <= quantity.start - each.end < 16
        and _RIGHT_AHEAD.fullmatch(scene.low[each.end : quantity.start])
        and not any(one.start <= each.start < one.end for one in scene.adverbs)
    ]
    return bool(near) and not any(
        compatible(quantity, each) or is_rate(quantity, each, scene.low) for each in near
    )


def _is_of_unnamed(quantity: Quantity, scene: Scene) -> bool:
    """Tell whether a second subject that names no known measure has a number: and their mean rank was 2."""
    told = _SUBJECT_WAS.search(scene.low, max(0, quantity.start - 90), quantity.start)
    if told is None or _GENERAL.search(told["subject"]):
        return False
    begin = told.start("subject")
    named = any(
        begin <= each.start < quantity.start and compatible(quantity, scene.concepts[each.concept])
        for each in scene.mentions
    )
    return not named and any(each.end <= begin for each in scene.numbers)
