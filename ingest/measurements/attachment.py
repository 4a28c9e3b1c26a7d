"""Decide which measure of a sentence a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from ingest.language.starts import build_rule
from ingest.measurements.beyond import is_aimed_at, is_beyond
from ingest.measurements.distance import BRACKETED, INSIDE, SUBJECT, distance
from ingest.measurements.effects import ENDPOINTS, FAR, effect_cost
from ingest.measurements.grids import dealt, parts_of
from ingest.measurements.predicates import counts_papers, halves_another, uses_scale
from ingest.measurements.rates import OF_TESTS, is_rate, of_another
from ingest.model import Concept, Mention
from ingest.numbers.quantity import COUNTED, SPANS, STRETCHES, Quantity
from ingest.numbers.scene import Scene

CHANGED_BY = build_rule(
    r"\b(?:prolonged|shortened|raised|lowered|elevated|increas\w+|decreas\w+|reduc\w+|longer|shorter|differen\w+|improv\w+|declin\w+"
    r"|dropped|lower|higher|gain\w*|chang\w+|fell|rose|correct\w+|worsen\w+|diminish\w+"
    r"|(?:reduc|decreas|increas|shorten|prolong|lower|improv|rais|elevat)(?:ed|es|e|s)? (?:the )?(?:[a-z-]+ ){1,5}?(?=by)) ?(?:\w+ )?(?:by|of)(?: (?:a |an )?(?:mean|median|average)(?: of)?)?"
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
# "recurrence and metastasis occurred": the second of two events has no name in the vocabulary.
_AND_ANOTHER = re.compile(
    r"s?(?: rates?)? and (?:the )?(?!(?:in|at|of|for|with|after|its|their|was|were)\b)(?:[a-z-]+ ){1,3}?(?:occurred|developed|(?:was|were) (?:seen|noted|observed|found|recorded|detected|reported)) "
)
# "The index was 89 and their mean class was 2": another subject with a verb of its own
_SUBJECT_WAS = build_rule(
    r"(?:\band|,|\bwhile|\bwhereas) (?P<subject>(?:the|their|its) (?:(?!\b(?:and|in|for|of|with|at|after|was|were)\b)[a-z-]+ ){1,6})(?:was|were|averaged) (?:an? )?$"
)
_GENERAL = build_rule(
    r"\b(?:scores?|values?|figures?|levels?|results?|index|indices|one|ones|other|others|means?|medians?|averages?) $|group|arm\b|cohort|patients|[a-z]operative|same|corresponding"
)
# "from 8 and 60 before surgery | to | 2 and 20"
_CAME_TO = re.compile(r"[^;.]{0,50}\bto (?:an? )?(?:(?:mean|median|average) )?(?:of )?")
_PAIRED = build_rule(r"\brespectively\b")
# What may part measures that are named in one breath: A, the mean B, and C.
_NAMED_TOGETHER = re.compile(
    r"[\s,/]*(?:(?!was\b|were\b|is\b|are\b|had\b|with\b|than\b|after\b|without\b)(?:\d+-)?[a-z-]+[\s,/]*){0,6}(?:\d+-)?"
)
_LINK = re.compile(
    r"[\s,;%()\[\]]*(?:and|or|vs\.?|versus|to|compared (?:with|to)|against|&)?[\s,;(\[]*(?:an? |the )?$"
)
_BLANK = " " * 12
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


def measure_of(quantity: Quantity, scene: Scene) -> Mention | None:
    """Return the mention of the measure a number belongs to, None where none can carry it."""
    best: tuple[float, Mention] | None = None
    if quantity.form == "score" and (
        _is_of_another(quantity, scene) or _is_of_unnamed(quantity, scene)
    ):
        return None
    if scene.low[quantity.start - 1 : quantity.start] in _OPENS and _UNNAMED.search(
        scene.low, max(0, quantity.start - 30), quantity.start
    ):
        return None
    if " other " in scene.low and _OTHER_CAUSE.match(scene.low, quantity.end):
        return None
    judged = quantity.form in COUNTED and _JUDGED.search(
        scene.low, max(0, quantity.start - 70), quantity.start
    )
    if counts_papers(quantity, scene.low) or uses_scale(quantity, scene):
        return None
    # Whatever a measure's unit, it can change by a percent.
    changed = quantity.form == "percent" and (
        CHANGED_BY.search(scene.low[: quantity.start])
        or _CHANGE_WAS.search(scene.low, 0, quantity.start)
        or _CHANGE_IN.match(scene.low, quantity.end)
        or halves_another(scene.low, quantity)
    )
    reported = quantity.unit == "studies" and INSIDE.search(scene.low[: quantity.start])
    likely = _LIKELY.match(scene.low, quantity.end) if quantity.unit == "fold" else None
    for mention in scene.mentions:
        if likely and mention.end <= likely.end():
            continue  # "those with pain were 3 times more likely to die"
        concept = scene.concepts[mention.concept]
        fitting = compatible(quantity, concept) or is_rate(quantity, concept, scene.low)
        if not (fitting or changed or (reported and concept.harm is not None)):
            continue
        if of_another(quantity, mention, scene.low) or (judged and mention.concept in ENDPOINTS):
            continue
        if mention.start > quantity.end + 12 and is_beyond(quantity, mention, scene):
            continue  # "two refused surgery and one died": of the one
        if is_aimed_at(quantity, mention, scene.low):
            continue
        if mention.concept == "age" and mention.start >= quantity.end + 6:
            continue  # "15 months in patients under 30 years of age"
        if quantity.form == "fraction" and not SUBJECT.match(scene.low, quantity.end):
            continue  # a part of a thing, not of the patients
        if quantity.form == "effect":
            cost = effect_cost(quantity, mention, concept, scene)
        else:
            cost = distance(quantity, mention, scene)
        if best is None or cost < best[0]:
            best = (cost, mention)
    limit = _FAR if quantity.form not in {"count", "ratio", "bare"} else _COUNT_FAR
    return best[1] if best and best[0] < limit else None


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


@lru_cache(maxsize=8)
def runs(scene: Scene) -> list[list[Quantity]]:
    """Return the numbers in rows that only commas and joining words part: 80%, 60% and 35%."""
    found: list[list[Quantity]] = []
    for each in scene.numbers:
        if found and _linked(scene, found[-1][-1], each):
            found[-1].append(each)
        else:
            found.append([each])
    return [part for row in found for part in _halves(scene.low, row)]


def _halves(low: str, row: list[Quantity]) -> list[list[Quantity]]:
    """Return a row as the two that a change of several makes of it: from 8 and 60 to 2 and 20."""
    middle = len(row) // 2
    ends = [
        at
        for at in range(1, len(row))
        if re.search(r"\bto\b", low[row[at - 1].end : row[at].start])
    ]
    apart = len(row) > 2 and ends == [middle] and len(row) == 2 * middle
    return [row[:middle], row[middle:]] if apart else [row]


def as_score(quantity: Quantity, low: str) -> Quantity:
    """Return a number as one without a unit where only its fellow is printed with a percent: 8 and 60%."""
    bare = quantity.form == "percent" and quantity.numerator is None and quantity.low is None
    if not bare or "%" in low[quantity.start : quantity.end + 1] or quantity.percent is None:
        return quantity
    return replace(quantity, form="score", unit=None, value=quantity.percent, percent=None)


def _can_carry(scene: Scene, number: Quantity, mention: Mention) -> bool:
    concept = scene.concepts[mention.concept]
    return compatible(number, concept) or compatible(as_score(number, scene.low), concept)


def _linked(scene: Scene, one: Quantity, other: Quantity, mixed: bool = False) -> bool:
    between = scene.low[one.end : other.start]
    inside = [each for each in scene.quantities if one.end <= each.start < other.start]
    for each in inside:
        between = between.replace(scene.low[each.start : each.end], "")
    # Where those described were blanked the numbers of the next begin.
    apart = ";" in between or _BLANK in between
    return (one.form == other.form or mixed) and not apart and bool(_LINK.match(between))


def paired_measures(scene: Scene, rows: Sequence[Sequence[Quantity]]) -> dict[int, str]:
    """Pair measures with the numbers of a row in order: A and B were 20% and 30%, respectively."""
    found: dict[int, str] = {}
    rows = _with_mixed(scene, rows)
    for at, row in enumerate(rows):
        if len(row) < 2:
            continue
        floor = rows[at - 1][-1].end if at else 0
        named: list[Mention] = []
        for each in scene.mentions:
            fits = any(_can_carry(scene, one, each) for one in row)
            if floor <= each.start and each.end <= row[0].start and fits:
                known = {one.concept for one in named}
                named += [] if each.concept in known else [each]
        if not named and at and (before := _gone_on(scene, rows[at - 1], row, found)):
            found |= before
            continue
        named = _without_owner(scene, named, len(row)) or _named_before(
            scene, row, rows[:at], found
        )
        parts = parts_of(scene, row)
        plain = dealt(named, parts) if len(parts) > 1 < len(named) < len(row) else []
        told = named[-len(row) :]
        named = plain or told
        if len(named) != len(row) or not all(
            _can_carry(scene, number, mention) for number, mention in zip(row, named, strict=True)
        ):
            continue
        joined = _between(scene, told)
        for time in scene.times:  # "30-day mortality and 30-day readmission"
            joined = joined.replace(scene.low[time.start : time.end], "")
        said = _PAIRED.search(scene.low, row[-1].end)
        listed = _NAMED_TOGETHER.fullmatch(joined)
        compared = re.search(r"\b(?:vs|versus|compared)\b", scene.low[row[0].end : row[-1].start])
        if (said or not compared) and listed and re.search(r",|\band\b", joined):
            found |= {
                number.start: mention.concept for number, mention in zip(row, named, strict=True)
            }
    return found


def _with_mixed(scene: Scene, rows: Sequence[Sequence[Quantity]]) -> Sequence[Sequence[Quantity]]:
    """Return rows with those joined that are of several units: survival and stay were 9 months and 5 days."""
    found: list[Sequence[Quantity]] = []
    for row in rows:
        last = found[-1] if found else ()
        alone = len(row) == 1 == len({(each.form, each.unit) for each in row})
        kinds = {(each.form, each.unit) for each in last}
        mixed = alone and last and (row[0].form, row[0].unit) not in kinds
        if mixed and len(kinds) == len(last) and _linked(scene, last[-1], row[0], mixed=True):
            found[-1] = [*last, *row]
        else:
            found.append(row)
    return found


_OF_IT = re.compile(r" (?:of|for|with) (?:the |an? )?(?:[a-z-]+ )?")
_TIME_AND = re.compile(r"\d[- ](?:days?|weeks?|months?|years?),? and (?:the )?$")


def _named_before(
    scene: Scene,
    row: Sequence[Quantity],
    rows: Sequence[Sequence[Quantity]],
    found: Mapping[int, str],
) -> list[Mention]:
    """Return the measures of the row before where this one goes on with as many of its kind.

    "Control and survival were 64% and 55% in one group and 76% and 23% in the other."
    """
    last = rows[-1] if rows else ()
    if len(last) != len(row) or last[0].form != row[0].form or last[0].start not in found:
        return []
    between = [each for each in scene.mentions if last[-1].end <= each.start < row[0].start]
    if any(compatible(row[0], scene.concepts[each.concept]) for each in between):
        return []
    concepts = [found[each.start] for each in last]
    return [next(one for one in scene.mentions if one.concept == each) for each in concepts]


def _without_owner(scene: Scene, named: list[Mention], size: int) -> list[Mention]:
    """Return measures without the scale that they are of: the sensitivity and specificity of SINS."""
    last = named[-1] if len(named) == size + 1 else None
    if last is None or scene.concepts[last.concept].facet != "scales":
        return named
    return named[:-1] if _OF_IT.fullmatch(scene.low, named[-2].end, last.start) else named


def _gone_on(
    scene: Scene, row: Sequence[Quantity], later: Sequence[Quantity], found: dict[int, str]
) -> dict[int, str]:
    """Return the measures of a row that tells what those of the row before came to: from a and b to c and d."""
    between = scene.low[row[-1].end : later[0].start]
    if len(row) != len(later) or not _CAME_TO.fullmatch(between):
        return {}
    return {
        two.start: found[one.start]
        for one, two in zip(row, later, strict=True)
        if one.start in found
    }


def _between(scene: Scene, named: Sequence[Mention]) -> str:
    """Return the words between the first and the last of some measures, without the others' names."""
    joined = scene.low[named[0].end : named[-1].start]
    for each in named[1:-1]:
        joined = joined.replace(scene.low[each.start : each.end], "", 1)
    return BRACKETED.sub("", joined)


def _second(scene: Scene, number: Quantity) -> bool:
    """Tell whether the one measure named before a row is the second of two: X and infection."""
    before = [each for each in scene.mentions if each.end <= number.start]
    ahead = scene.low[: before[-1].start] if before else ""
    if _TIME_AND.search(ahead):
        return False  # "30-day and 90-day mortality"
    return bool(
        re.search(r"\b(?!(?:in|for|of|mean|median|average)\b)[a-z-]+ and (?:the )?$", ahead)
    )


def _first(scene: Scene, number: Quantity) -> bool:
    """Tell whether the one measure named before a row is the first of two: infection and X."""
    before = [each for each in scene.mentions if each.end <= number.start]
    return bool(before) and _AND_ANOTHER.match(scene.low, before[-1].end) is not None


def unpaired_numbers(scene: Scene, rows: Sequence[Sequence[Quantity]]) -> set[int]:
    """Return where the numbers of a row start that "respectively" deals out to measures unknown.

    Several measures are named before it, but not as many as numbers: none is surely any one's.
    """
    paired = paired_measures(scene, rows)
    found: set[int] = set()
    for at, row in enumerate(rows):
        floor = rows[at - 1][-1].end if at else 0
        named = {
            each.concept
            for each in scene.mentions
            if floor <= each.start
            and each.end <= row[0].start
            and compatible(row[0], scene.concepts[each.concept])
        }
        said = _PAIRED.match(scene.low[row[-1].end :].lstrip(" ,)"))
        if not said or row[0].start in paired:
            continue
        if 1 < len(named) < len(row):
            found |= {each.start for each in row}
        elif len(named) == 1 and len(row) == 2 and _second(scene, row[0]):
            found.add(row[0].start)
        elif len(named) == 1 and len(row) == 2 and _first(scene, row[0]):
            found.add(row[1].start)
    return found
