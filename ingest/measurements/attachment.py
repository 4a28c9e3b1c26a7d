"""Decide which measure of a sentence a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ingest.measurements.effects import FAR, effect_cost
from ingest.measurements.predicates import (
    PARTED,
    closeness,
    counted_subject,
    counts_papers,
    describes_group,
    is_apart,
    is_told_of_another,
    is_weighed,
    only_describes,
    rises,
    says_again,
    tells_when,
    tells_whose,
    uses_scale,
    without_aside,
)
from ingest.measurements.rates import is_rate, of_another
from ingest.model import Concept, Mention
from ingest.numbers.quantity import COUNTED, PARTS, SPANS, STRETCHES, Quantity
from ingest.numbers.scene import Scene

# "55 % of the immobile patients regained ...": the number's finding follows.
_SUBJECT = re.compile(
    r"\s*of (?:the |all |our |these )?(?:[\w-]+ ){0,3}(?:patients|cases|those|women|men)\b"
)
_OF_GROUP = re.compile(
    r"(?:of|among|in|excluding|except for) [^,]*(?:patients|cases|those|women|men)[^,]*,"
)
# Words by which a count goes on to its finding: "5 patients had", "two (3%) developed".
_TOLD = re.compile(
    r"\s*(?:\(\d[^)]*\)\s*)?(?:of (?:the |these |our |all )?)?(?:patients?|cases?|women|men|others?)?,?\s*"
    r"(?:who |that )?(?:\w+ly )?(?:had|have|developed|experienced|with|suffered(?: from)?|died|required|needed|underwent|survived"
    r"|were|was|are|is|remained|became|showed|sustained|presented|reported|regained|achieved|received)?\s*"
    r"(?:an? |the |no |to be |from |both |either )?(?:(?!and\b|or\b|but\b|in\b|for\b)[\w-]+ ){0,2}$"
)
_CAUSE = re.compile(
    r"\b(?:to (?:treat|prevent|avoid|correct|repair)|due to|because of|caused by|resulting from|result of|related to|secondary to|owing to|attributed to|attributable to|despite|for)"
    r"(?: (?:the|an?|possible|local|severe))? $"
)
CHANGED_BY = re.compile(
    r"\b(?:prolonged|shortened|increas\w+|decreas\w+|reduc\w+|longer|shorter|differen\w+|improv\w+|declin\w+"
    r"|dropped|lower|higher|gain\w*|chang\w+|fell|rose|correct\w+|worsen\w+|diminish\w+"
    r"|(?:reduc|decreas|increas|shorten|prolong|lower|improv)(?:ed|es|e|s)? (?:the )?(?:[a-z-]+ ){1,5}?(?=by)) ?(?:\w+ )?(?:by|of)(?: (?:a |an )?(?:mean|median|average)(?: of)?)?"
    r"(?: (?:approximately|about|nearly|almost))?\s*$"
)
_CHANGE_WAS = re.compile(
    r"\b(?:reduction|decrease|increase|shrinkage|growth|improvement|change|loss|gain)s?(?: rate)? (?:was|were|averaged) $"
)
_BEFORE = re.compile(
    r"\b(?:occurred|occurring|seen|found|noted|observed|developed|present|reported|recorded|detected|identified|encountered|documented|achieved|obtained|experienced|required)"
    r" (?:postoperatively |intraoperatively )?(?:in|by) (?:only |another |a total of )?$"
)
UP_TO_CAUSE = re.compile(r"\s(?:for|because of|due to|owing to) (?:an? |the )?(?:[a-z-]+ ){0,2}")
# "except in one patient, whose rod broke": the clause tells what befell those counted.
_WHOSE = re.compile(r",? (?:whose|in whom|in whose case) (?:the )?(?:[a-z-]+ )?")
_BRACKETED = re.compile(r"[(\[][^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*[)\]]")
# "reintervention rates at 0.65 and pain": the words right ahead say what a bare number is of.
_RIGHT_AHEAD = re.compile(r"s?\s*(?:rates?|odds|ratios?)?\s*(?:at|of|was|were|is)?\s*")
_OWN_SUBJECT = re.compile(
    r"\b(?:and|while|whereas)(?: (?:the|their|its|mean|median|average|total|global))* "
    r"(?!at |in |on |after |before |post|pre|during |this |that |it |these |those |was |were |to )(?:(?!groups? |arms? |patients |cases )[\w-]+ ){1,5}?(?:was|were) $"
)
# A number that stands behind its finding: what comes after the comma is another's.
_INSIDE = re.compile(r"\b(?:in|for) (?:only |another |the other )?$")
_PAIRED = re.compile(r"\brespectively\b")
# What may part measures that are named in one breath: A, the mean B, and C.
_NAMED_TOGETHER = re.compile(
    r"[\s,/]*(?:(?!was\b|were\b|is\b|are\b|had\b|with\b|than\b|after\b|without\b)[a-z-]+[\s,/]*){0,6}"
)
# "infection rates in those alive at 2 years were 5%"
_FOR_THOSE = re.compile(r"\s(?:for|after|following) (?:[a-z-]+ ){0,3}")
_IS = re.compile(
    r"\b(?:rates?|incidence|proportion|percentage|frequency)\b[^,;]{0,60}\b(?:was|were) $"
)
_LINK = re.compile(
    r"[\s,;%()\[\]]*(?:and|or|vs\.?|versus|to|compared (?:with|to)|against|&)?[\s,;(\[]*(?:an? |the )?$"
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
# "less than half that after no embolization"
_HALF = re.compile(r" (?:that|as (?:much|many|long|high))\b")
# "the commonest symptom (95%) was back pain": what stands behind names what stands before.
_KIND = re.compile(
    r"\b(?:symptoms?|complications?|causes?|reasons?|events?|findings?|presentations?|complaints?|toxicity) \($"
)
_NAMES_IT = re.compile(r"\)?\s*(?:was|were|being) (?:an? |the )?(?:[a-z-]+ )?$")
_FOR_SCALE = re.compile(r"\s*(?:points? )?(?:for|on) (?:the )?")
_OF_MENTION = re.compile(r"\s*(?:score )?(?:was|of|were|at|[<>=≤≥])?\s*\d")
_FAR, _COUNT_FAR = FAR, 140


def compatible(quantity: Quantity, concept: Concept) -> bool:
    """Tell whether a measure can carry a number of this form and unit."""
    if quantity.form == "effect":
        # An effect is on an outcome; age and time are what it is of.
        return concept.id not in {"age", "follow_up"}
    if quantity.unit == "fold":
        return concept.harm is not None or concept.facet == "scales"
    if quantity.unit == "procedures" and concept.id == "overall_survival":
        return False  # operations do not live
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


def _depth(text: str) -> int:
    return text.count("(") + text.count("[") - text.count(")") - text.count("]")


def measure_of(quantity: Quantity, scene: Scene) -> Mention | None:
    """Return the mention of the measure a number belongs to, None where none can carry it."""
    best: tuple[float, Mention] | None = None
    if quantity.form == "score" and _is_of_another(quantity, scene):
        return None
    if counts_papers(quantity, scene.low) or uses_scale(quantity, scene):
        return None
    # Whatever a measure's unit, it can change by a percent.
    changed = quantity.form == "percent" and (
        CHANGED_BY.search(scene.low[: quantity.start])
        or _CHANGE_WAS.search(scene.low, 0, quantity.start)
        or _HALF.match(scene.low, quantity.end)
    )
    reported = quantity.unit == "studies" and _INSIDE.search(scene.low[: quantity.start])
    for mention in scene.mentions:
        concept = scene.concepts[mention.concept]
        fitting = compatible(quantity, concept) or is_rate(quantity, concept, scene.low)
        if not (fitting or changed or (reported and concept.harm is not None)):
            continue
        if of_another(quantity, mention, scene.low):
            continue
        if mention.concept == "age" and mention.start >= quantity.end + 6:
            continue  # "15 months in patients under 30 years of age"
        if quantity.form == "fraction" and not _SUBJECT.match(scene.low, quantity.end):
            continue  # a part of a thing, not of the patients
        if quantity.form == "effect":
            cost = effect_cost(quantity, mention, concept, scene)
        else:
            cost = _cost(quantity, mention, scene)
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
    ]
    return bool(near) and not any(
        compatible(quantity, each) or is_rate(quantity, each, scene.low) for each in near
    )


def _cost(quantity: Quantity, mention: Mention, scene: Scene) -> float:
    low = scene.low
    after = mention.start >= quantity.end
    first, last = (quantity.end, mention.start) if after else (mention.end, quantity.start)
    between = without_aside(low[first:last]) if last > first else ""
    if is_told_of_another(quantity, mention, scene) or tells_whose(quantity, mention, scene):
        return _FAR
    cost = float(len(between))
    if scene.clause(mention.start) != scene.clause(quantity.start):
        cost += 90
    cost += 25 * (between.count(",") + 2 * between.count(";"))
    depth = _depth(between)
    if (after and depth > 0) or (not after and depth < 0):
        cost += 40  # the measure stands in a bracket that the number is not in
    if after and depth < 0:
        # A number in a bracket tells of what stands before it.
        near = quantity.form in {"ratio", "share", "count"} or says_again(quantity, low)
        named = _NAMES_IT.match(between) and _KIND.search(low, 0, quantity.start)
        cost += 0 if named else 50 if near and not PARTED.search(between) else _FAR
    crossed = [
        each
        for each in scene.numbers()
        if first <= each.start
        and each.end <= last
        and (each.unit == quantity.unit or (quantity.form in COUNTED and _is_bare(each)))
    ]
    if after and quantity.form in {"value", "score"}:
        plain = _BRACKETED.sub("", between)
        if "," in plain or (not crossed and PARTED.search(plain)):
            return _FAR  # "bed rest at 2 days, a stay of 3 days"
        if _FOR_SCALE.fullmatch(between) and not _OF_MENTION.match(low, mention.end):
            return -20.0  # "12.4 for the ODI and 3.1 for the VAS"
    if after:
        counted = quantity.form in {"share", "ratio", "count", "bare", "score"}
        told = counted and (_TOLD.match(between) or not between.strip())
        told = told or (
            quantity.form in {"percent", "value", "fraction"}
            and bool(
                _SUBJECT.match(between)
                or re.match(
                    r"\s*(?:of |in |with )?(?:an? |the )?(?:(?!and |or |but )[a-z-]+ )?$", between
                )
            )
        )
        if counted and only_describes(quantity, mention, between, scene):
            return _FAR
        if counted:
            cost -= closeness(quantity, low, between)
        alone = low[quantity.start : quantity.end].isalnum()
        if counted and alone and UP_TO_CAUSE.fullmatch(between):
            return -_FAR  # "reoperation: four for infection"
        if rises(quantity, between) or (counted and _WHOSE.fullmatch(between)):
            return -_FAR
        if (
            quantity.form == "percent"
            and PARTED.search(between)
            and _IS.search(low[: quantity.start])
        ):
            return _FAR  # "the rate of this was 92%, and of infection"
        inside = (
            quantity.form in PARTS
            and quantity.start > 4
            and _INSIDE.search(low[max(0, quantity.start - 24) : quantity.start])
        )
        if inside and PARTED.search(between):
            return _FAR  # "bleeding in 60 patients, infection in 3"
        if _BEFORE.search(low[: quantity.start]):
            return _FAR  # "perforation occurred in 12 patients and infection in 3"
        if mention.concept.endswith("margin") and _FOR_THOSE.fullmatch(between):
            return _FAR  # "survival was 60% for marginal margins": whom it is of
        untold = 90 if counted_subject(quantity, low) else 34
        cost += 6 if told and not crossed else untold + 25 * len(crossed)
    elif crossed and quantity.form == "score" and _OWN_SUBJECT.search(between):
        return _FAR  # "the Barthel index was 89 and the class was 2"
    elif crossed and quantity.form in COUNTED and is_apart(quantity, mention, low, first, last):
        return _FAR
    elif counted_subject(quantity, low) and re.search(r"[,;]|\band\b", between):
        cost += 50  # a number that has a verb of its own tells of what follows
    if _OF_GROUP.match(low) and mention.end <= low.find(",") < quantity.start:
        cost += (
            100 if low.startswith("ex") else 60
        )  # "Of patients with an event, 33 % ...": the event is the group
    if not after and quantity.form in COUNTED and tells_when(mention, scene, between):
        return _FAR
    if (not after and describes_group(low, mention, quantity)) or is_weighed(
        quantity, mention, scene
    ):
        cost += 160
    if _CAUSE.search(low[: mention.start]):
        if quantity.numerator == 0:
            return _FAR  # "no patient was admitted for pain"
        cost += 45  # "deterioration due to ischaemia in 3": the cause is not what was counted
    return cost - min(12.0, (mention.end - mention.start) / 2)


def _is_bare(quantity: Quantity) -> bool:
    """Tell whether a number is whole and has neither unit nor noun: a count as likely as not."""
    plain = quantity.form in {"score", "bare"} and quantity.unit is None
    return plain and quantity.value is not None and quantity.value % 1 == 0


@lru_cache(maxsize=8)
def runs(scene: Scene) -> list[list[Quantity]]:
    """Return the numbers in rows that only commas and joining words part: 80%, 60% and 35%."""
    found: list[list[Quantity]] = []
    for each in scene.numbers():
        if found and _linked(scene, found[-1][-1], each):
            found[-1].append(each)
        else:
            found.append([each])
    return found


def _linked(scene: Scene, one: Quantity, other: Quantity) -> bool:
    between = scene.low[one.end : other.start]
    inside = [each for each in scene.quantities if one.end <= each.start < other.start]
    for each in inside:
        between = between.replace(scene.low[each.start : each.end], "")
    return one.form == other.form and bool(_LINK.match(between)) and ";" not in between


def paired_measures(scene: Scene, rows: Sequence[Sequence[Quantity]]) -> dict[int, str]:
    """Pair measures with the numbers of a row in order: A and B were 20% and 30%, respectively."""
    found: dict[int, str] = {}
    for at, row in enumerate(rows):
        if len(row) < 2:
            continue
        floor = rows[at - 1][-1].end if at else 0
        named: list[Mention] = []
        for each in scene.mentions:
            fits = any(compatible(one, scene.concepts[each.concept]) for one in row)
            if floor <= each.start and each.end <= row[0].start and fits:
                known = {one.concept for one in named}
                named += [] if each.concept in known else [each]
        named = named[-len(row) :]
        if len(named) != len(row) or not all(
            compatible(number, scene.concepts[mention.concept])
            for number, mention in zip(row, named, strict=True)
        ):
            continue
        joined = _between(scene, named)
        said = _PAIRED.search(scene.low, row[-1].end)
        listed = _NAMED_TOGETHER.fullmatch(joined)
        compared = re.search(r"\b(?:vs|versus|compared)\b", scene.low[row[0].end : row[-1].start])
        if (said or not compared) and listed and re.search(r",|\band\b", joined):
            found |= {
                number.start: mention.concept for number, mention in zip(row, named, strict=True)
            }
    return found


def _between(scene: Scene, named: Sequence[Mention]) -> str:
    """Return the words between the first and the last of some measures, without the others' names."""
    joined = scene.low[named[0].end : named[-1].start]
    for each in named[1:-1]:
        joined = joined.replace(scene.low[each.start : each.end], "", 1)
    return _BRACKETED.sub("", joined)


def _second(scene: Scene, number: Quantity) -> bool:
    """Tell whether the one measure named before a row is the second of two: X and infection."""
    before = [each for each in scene.mentions if each.end <= number.start]
    ahead = scene.low[: before[-1].start] if before else ""
    return bool(
        re.search(r"\b(?!(?:in|for|of|mean|median|average)\b)[a-z-]+ and (?:the )?$", ahead)
    )


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
    return found
