"""Weigh how far a measure stands from a number: what lies between them, in which order and bracket."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any
from ingest.measurements.accuracies import FAR
from ingest.measurements.predicates import (
    PARTED,
    closeness,
    counted_subject,
    describes_group,
    is_apart,
    is_told_of_another,
    is_weighed,
    only_describes,
    rises,
    says_again,
    tells_when,
    tells_whose,
    without_aside,
)
from ingest.measurements.timerows import without_times
from ingest.model import Mention
from ingest.numbers.quantity import COUNTED, COUNTS, MAY_COUNT, PARTS, PLAIN, Quantity, sizes_group
from ingest.numbers.scene import Scene

# "55 % of the immobile patients regained ...": the number's finding follows.
SUBJECT = re.compile(
    r"\s*of (?:the |all |our |these )?(?:[\w-]+ ){0,3}(?:patients|individuals|subjects|participants|cases|those|women|men)\b"
)
UP_TO_CAUSE = re.compile(r"\s(?:for|because of|due to|owing to) (?:an? |the )?(?:[a-z-]+ ){0,2}")
# A number that stands behind its finding: what comes after the comma is another's.
INSIDE = build_rule(r"\b(?:in|for) (?:only |another |the other )?$")
BRACKETED = re.compile(r"[(\[][^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*[)\]]")
_OF_GROUP = re.compile(
    r"(?:of|among|in|excluding|except for) [^,]*(?:patients|individuals|subjects|participants|cases|those|women|men)[^,]*,"
)
# Words by which a count goes on to its finding: "5 patients had", "two (3%) developed".
_TOLD = re.compile(
    r"\s*(?:\(\d[^)]*\)\s*)?(?:of (?:the |these |our |all )?)?(?:patients?|individuals|subjects|participants?|cases?|women|men|others?)?,?\s*"
    r"(?:who |that )?(?:\w+ly )?(?:had|have|developed|experienced|with|suffered(?: from)?|died|required|needed|underwent|survived"
    r"|were|was|are|is|remained|became|showed|sustained|presented|reported|regained|achieved|received)?\s*"
    r"(?:an? |the |no |to be |from |both |either )?(?:(?!and\b|or\b|but\b|in\b|for\b)[\w-]+ ){0,2}$"
)
# "4% underwent a second operation"
_HAD = re.compile(
    r"\s*(?:developed|experienced|suffered|required|needed|underwent|sustained|had) (?:an? |the |some )?(?:(?!and\b|or\b|but\b|in\b|for\b|no\b|with\b)[\w-]+ ){0,2}"
)
# "12% infection", "12% of the local recurrence"
_TOLD_OF = re.compile(r"\s*(?:of |in |with )?(?:an? |the )?(?:(?!and |or |but )[a-z-]+ )?$")
_CAUSE = build_rule(
    r"\b(?:to (?:treat|prevent|avoid|correct|repair)|due to|because of|caused by|resulting from|result of|related to|secondary to|owing to|attributed to|attributable to|despite|for)"
    r"(?: (?:the|an?|possible|local|severe))? $"
)
_PREVENTING = ("prevention of ", "prophyla")
_WORDS_TO = (
    r"(?:an? |the |any )?(?:(?!(?:is|was|were|may|can|has|had|\w+(?:[^u]s|ed)) )[a-z-]+ ){0,2}$"
)
_TO_PREVENT = build_rule(
    rf"\b(?:prevention of|prophyla\w+(?: \w+)? (?:of|for|against)) {_WORDS_TO}"
)
# "A drain was left in 30 to prevent a haematoma", "all were told of the risk of paralysis"
_AVOIDING = ("to prevent ", "to avoid ", "told ", "informed ", "warned ")
_TO_AVOID = build_rule(
    rf"\b(?:to (?:prevent|avoid)|(?:was|were) (?:told|informed|warned) (?:of|about)(?: (?:the|their) (?:[a-z]+ )?risks? of)?) {_WORDS_TO}"
)
_IN_ORDER = re.compile(
    r"(?:in order )?to (?:avoid|prevent|reduce|lower|minimi[sz]e|decrease|limit) [^,;.]*"
)
# "Death due to septic shock": they are counted as dead.
_DYING = ("death", "died", "mortality")
_DIED_OF = build_rule(
    r"\b(?:deaths?|died|mortality)(?: (?:was|were))? (?:of|from|due to|because of|owing to|caused by|attributed to|attributable to|secondary to) (?:an? |the )?(?:[a-z-]+ ){0,2}$"
)
_BEFORE = build_rule(
    r"\b(?:occurred|occurring|seen|found|noted|observed|developed|present|reported|recorded|detected|identified|encountered|documented|achieved|obtained|experienced|required)"
    r" (?:postoperatively |intraoperatively )?(?:in|by) (?:only |another |a total of )?$"
)
# "except in one patient, whose rod broke": the clause tells what befell those counted.
_WHOSE = re.compile(r",? (?:whose|in whom|in whose case) (?:the )?(?:[a-z-]+ )?")
_OWN_SUBJECT = build_rule(
    r"\b(?:and|while|whereas)(?: (?:the|their|its|mean|median|average|total|global))* "
    r"(?!at |in |on |after |before |post|pre|during |this |that |it |these |those |was |were |to )(?:(?!groups? |arms? |patients |individuals |subjects |participants |cases )[\w-]+ ){1,5}?(?:was|were) $"
)
# "Survival was 60% for marginal margins and 80% with wide ones": whom it is of
_FOR_THOSE = build_rule(
    r"\b(?:was|were|of|and|vs\.?|versus|to|,) [\d.]+ ?%(?: ?\([^()]*\))?,? (?:for|after|following|with|without) (?:[a-z-]+ ){0,6}?$"
)
# "relief in 30% of patients and 12 patients died"
_NEXT_COUNT = build_rule(r"\band \d")
# "At three months, in 4 patients, a rod had broken"
_OPENING = re.compile(r"[^,;.]{3,60}, in (?:only |another )?")
_OBJECT = re.compile(r"\s*(?:\([^()]*\)\s*)?an? ")
_JOINED = build_rule(r"(?:[,;]|\band) $")
_NAMED_SO = re.compile(r"(?:(?!and\b|or\b|with\b|in\b|of\b|for\b)[a-z-]+ ){0,3}")
_RIGHT_BEFORE = re.compile(r"s? [(\[]")
_IS = build_rule(
    r"\b(?:rates?|incidence|proportion|percentage|frequency)\b[^,;]{0,60}\b(?:was|were) $"
)
_SHARED_OUT = COUNTED | {"effect"}
_CLAUSE_JOINT = re.compile(r",? (?:and|whereas|while|but) ")
# "the commonest symptom (95%) was back pain": what stands behind names what stands before.
_KIND = build_rule(
    r"\b(?:symptoms?|complications?|causes?|reasons?|events?|findings?|presentations?|complaints?|toxicity) \($"
)
_NAMES_IT = re.compile(r"\)?\s*(?:was|were|being) (?:an? |the )?(?:[a-z-]+ )?$")
# "Pooled rates were 5% (95% CI 2-9) for leaks and 9% for infections"
_RATE_FOR = re.compile(r"(?:\s*[(\[][^()\[\]]*[)\]])? for (?:an? |the |any )?(?:[a-z-]+ ){0,2}")
_RATES_WERE = re.compile(
    r"\b(?:rates?|incidences?|prevalences?|proportions?|frequenc(?:y|ies)|estimates?)\b[^,;:]{0,40}\b(?:was|were)(?: [a-z]+)? $"
)
_FOR_SCALE = re.compile(r"\s*(?:points? )?(?:for|on) (?:the )?")
# "Control was 90 %, whereas 12 % developed a fracture": the second tells of what follows it.
_SET_OFF = build_rule(r"(?:\b(?:whereas|while|but|however)\b,?|;) (?:only |another |the other )?$")
_OWN_EVENT = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:of (?:the |our |all )?(?:[\w-]+ ){0,3})?(?:patients|individuals|subjects|participants|cases|women|men|children|others)?(?: (?:of|in) the (?:other|[\w-]+) (?:group|arm|cohort))? ?"
    r"(?:developed|suffered|sustained|experienced|underwent|required|presented)\b(?! (?:an? |no |some )?(?:[\w-]+ )?(?:improv|relie|recover|respon|progress|recurr))"
)
_DEVELOPED = build_rule(r"\b(?:develop|suffer|experience)(?:s|ed)?\b[^,]*, which ")
_OF_MENTION = re.compile(r"\s*(?:score )?(?:was|of|were|at|[<>=≤≥])?\s*\d")
_NEW_FINDING = build_rule(r"[,;]|\band\b")
# "Ten complications (six leaks, ...) occurred in 8": the eight had complications.
_BEHIND_LIST = re.compile(
    r"\) (?:(?:occurred|developed|arose|(?:was|were) (?:seen|noted|observed|found|recorded)) )?(?:in|among) (?:only |the )?"
)
_EXCEPTING = (
    "except",
    "excluding",
    "apart from",
    "aside from",
    "barring ",
    "save for",
    "with the exception",
    "other than",
)


@dataclass(slots=True)
class _Gap:
    """What stands between a number and a measure: its words without asides, and the numbers of its kind."""

    after: bool  # the measure stands behind the number
    start: int
    end: int
    words: str
    crossed: list[Quantity]


def distance(quantity: Quantity, mention: Mention, scene: Scene) -> float:
    """Return how far a measure is from a number, in characters and what weighs like them.

    ``FAR`` or more is out of reach, ``-FAR`` surely the number's own.
    """
    if is_told_of_another(quantity, mention, scene) or tells_whose(quantity, mention, scene):
        return FAR
    if mention.concept.endswith("margin") and _is_condition(quantity, mention, scene):
        return FAR
    gap = _gap(quantity, mention, scene)
    if not gap.after and scene.low.startswith(_EXCEPTING):
        comma = scene.low.find(", ")
        if mention.end <= comma < quantity.start:
            return FAR  # "excluding one broken rod, all 50 healed"
    if not gap.after and ", wh" in scene.low and _in_aside(quantity, mention, scene.low):
        return FAR
    if _set_apart(quantity, scene.low, gap) or _is_no_event(mention, scene.low):
        return FAR
    if gap.after:
        told = _verdict_behind(quantity, mention, scene, gap)
    else:
        told = _verdict_ahead(quantity, mention, scene, gap)
    if told is not None:
        return told
    caused = _CAUSE.search(scene.low[: mention.start])
    if caused and quantity.numerator == 0:
        return FAR  # "no patient was admitted for pain"
    cost = _cost_of_gap(quantity, mention, scene, gap)
    cost += (_cost_behind if gap.after else _cost_ahead)(quantity, scene.low, gap)
    cost += _cost_of_group(quantity, mention, scene, gap.after)
    if caused:
        cost += 45  # "deterioration due to ischaemia in 3": the cause is not what was counted
    return cost - min(12.0, (mention.end - mention.start) / 2)


def _is_condition(quantity: Quantity, mention: Mention, scene: Scene) -> bool:
    """Tell whether a margin says behind a share under which condition what was named before came."""
    if quantity.form != "percent" or "% " not in scene.low:
        return False
    first = scene.numbers[0].start
    named = any(each.start < first and each.concept != mention.concept for each in scene.mentions)
    return named and _FOR_THOSE.search(scene.low, 0, mention.start) is not None


def is_prevented(low: str, place: int, counted: bool) -> bool:
    """Tell whether a harm named at a place is what something is to prevent, or what so many are ``counted`` to avoid."""
    if counted and holds_any(low, _AVOIDING) and _TO_AVOID.search(low, 0, place):
        return True
    if low.startswith(("to ", "in order to ")) and _IN_ORDER.fullmatch(low, 0, place):
        return True
    return holds_any(low, _PREVENTING) and _TO_PREVENT.search(low, 0, place) is not None


def _is_no_event(mention: Mention, low: str) -> bool:
    """Tell whether a measure is what some died of, or what was to be prevented: none of it is counted."""
    if is_prevented(low, mention.start, counted=True):
        return True
    dying = mention.concept != "mortality" and holds_any(low, _DYING)
    return dying and _DIED_OF.search(low, 0, mention.start) is not None


def _in_aside(quantity: Quantity, mention: Mention, low: str) -> bool:
    """Tell whether a measure stands in an aside closed ahead of a number: a leak, which was symptomless, in 4."""
    opens = max(low.rfind(", which ", 0, mention.start), low.rfind(", who ", 0, mention.start))
    closes = low.find(", ", mention.end, quantity.start)
    return opens >= 0 and closes >= 0 and "," not in low[opens + 2 : mention.start]


def _gap(quantity: Quantity, mention: Mention, scene: Scene) -> _Gap:
    after = mention.start >= quantity.end
    start, end = (quantity.end, mention.start) if after else (mention.end, quantity.start)
    words = _words_between(quantity, start, end, scene) if end > start else ""
    crossed = [
        each
        for each in scene.numbers
        if start <= each.start
        and each.end <= end
        and (each.unit == quantity.unit or (quantity.form in COUNTED and _is_bare(each)))
    ]
    return _Gap(after, start, end, words, crossed)


def _words_between(quantity: Quantity, start: int, end: int, scene: Scene) -> str:
    """Return the words between a measure and a number that may part them."""
    course = quantity.form == "score" and end == quantity.start
    return without_aside(without_times(start, end, scene) if course else scene.low[start:end])


def _set_apart(quantity: Quantity, low: str, gap: _Gap) -> bool:
    """Tell whether a number has an event of its own: "10 % develop X, which may cost their gait"."""
    if gap.after:
        return ", which " in gap.words and _DEVELOPED.search(gap.words) is not None
    return bool(_SET_OFF.search(gap.words) and _OWN_EVENT.match(low, quantity.end))


def _is_bare(quantity: Quantity) -> bool:
    """Tell whether a number is whole and has neither unit nor noun: a count as likely as not."""
    plain = quantity.form in PLAIN and quantity.unit is None
    return plain and quantity.value is not None and quantity.value % 1 == 0


def _verdict_behind(quantity: Quantity, mention: Mention, scene: Scene, gap: _Gap) -> float | None:
    """Return the distance of a measure behind a number where the words settle it, else None."""
    low, between = scene.low, gap.words
    if _tells_else(quantity, mention, scene, between):
        return FAR
    if quantity.form in {"value", "score"}:
        plain = BRACKETED.sub("", between)
        if "," in plain or (not gap.crossed and PARTED.search(plain)):
            return FAR  # "bed rest at 2 days, a stay of 3 days"
        if _FOR_SCALE.fullmatch(between) and not _OF_MENTION.match(low, mention.end):
            return -20.0  # "12.4 for the ODI and 3.1 for the VAS"
    if quantity.percent is not None and is_rate_for(quantity, mention, scene):
        return -20.0
    counted = quantity.form in MAY_COUNT
    if counted and only_describes(quantity, mention, between, scene):
        return FAR
    listed = counted and not low.endswith((" in ", " by "), 0, quantity.start)
    if listed and UP_TO_CAUSE.fullmatch(between) and low[quantity.start : quantity.end].isalnum():
        return -FAR  # "reoperation: four for infection"
    if rises(quantity, between) or (counted and _WHOSE.fullmatch(between)):
        return -FAR
    opens = _OPENING.fullmatch(low, 0, quantity.start) and not any(
        each.end <= quantity.start for each in scene.mentions
    )
    if not opens and _is_told_ahead(quantity, low, between):
        return FAR
    return None


def _tells_else(quantity: Quantity, mention: Mention, scene: Scene, between: str) -> bool:
    """Tell whether a number's clause has told what it is of before another names a measure.

    "It befalls 10% of men, and surgery restores gait", "no gain (OR 1.1), whereas age raised mortality".
    """
    clause = scene.clause(quantity.start)
    if len(scene.clauses) < 2 or clause == scene.clause(mention.start):
        return False
    if quantity.form not in _SHARED_OUT or not _CLAUSE_JOINT.search(between):
        return False
    return holds_verb(scene.low[scene.clauses[clause][0] : quantity.start])


def is_rate_for(quantity: Quantity, mention: Mention, scene: Scene) -> bool:
    """Tell whether a measure is what a rate is for where nothing names one: rates were 5% for leaks."""
    if not _RATE_FOR.fullmatch(scene.low, quantity.end, mention.start):
        return False
    first = scene.numbers[0].start
    general = {"complications", "morbidity"}
    ahead = {each.concept for each in scene.mentions if each.start < first}
    return ahead <= general and _RATES_WERE.search(scene.low, 0, first) is not None


def _is_told_ahead(quantity: Quantity, low: str, between: str) -> bool:
    """Tell whether what stands ahead of a number says what it is of, so that what follows does not."""
    ahead = low[: quantity.start]
    parted = PARTED.search(between) is not None
    if parted and quantity.form == "percent" and _IS.search(ahead):
        return True  # "the rate of this was 92%, and of infection"
    inside = quantity.form in PARTS and quantity.start > 4 and INSIDE.search(ahead[-24:])
    if parted and inside:
        return True  # "bleeding in 60 patients, infection in 3"
    # "perforation occurred in 12 patients and infection in 3"
    return _BEFORE.search(ahead) is not None


def _verdict_ahead(quantity: Quantity, mention: Mention, scene: Scene, gap: _Gap) -> float | None:
    """Return the distance of a measure ahead of a number where the words settle it, else None."""
    if gap.crossed and quantity.form == "score" and _OWN_SUBJECT.search(gap.words):
        return FAR  # "the Barthel index was 89 and the class was 2"
    if quantity.form not in COUNTED:
        return None
    if sizes_group(scene.low, quantity.start) and _RIGHT_BEFORE.fullmatch(gap.words):
        return -FAR  # "revised for a leak (n = 2)"
    if _elides(quantity, scene):
        return FAR  # "two had a leak and four (8%) an infection"
    apart = gap.crossed and is_apart(quantity, mention, scene.low, gap.start, gap.end)
    return FAR if apart or tells_when(mention, scene, gap.words) else None


def _elides(quantity: Quantity, scene: Scene) -> bool:
    """Tell whether what a count of people had stands right behind it, with the verb left out."""
    item = _OBJECT.match(scene.low, quantity.end)
    joined = item and _JOINED.search(scene.low, 0, quantity.start)
    return bool(item and joined) and any(
        item.end() <= each.start and _NAMED_SO.fullmatch(scene.low, item.end(), each.start)
        for each in scene.mentions
        if item
    )


def _cost_of_gap(quantity: Quantity, mention: Mention, scene: Scene, gap: _Gap) -> float:
    """Return what the words between a measure and a number weigh: length, clause, commas, brackets."""
    between = gap.words
    cost = float(len(between)) + 25 * (between.count(",") + 2 * between.count(";"))
    if scene.clause(mention.start) != scene.clause(quantity.start):
        cost += 90
    depth = _depth(between)
    if (gap.after and depth > 0) or (not gap.after and depth < 0):
        # the measure stands in a bracket that the number is not in
        cost += 140 if _BEHIND_LIST.fullmatch(between[between.rfind(")") :]) else 40
    if gap.after and depth < 0:
        cost += _cost_of_bracket(quantity, scene.low, between)
    return cost


def _depth(text: str) -> int:
    return text.count("(") + text.count("[") - text.count(")") - text.count("]")


def _cost_of_bracket(quantity: Quantity, low: str, between: str) -> float:
    """Return what the bracket around a number weighs: it tells of what stands before it."""
    if _NAMES_IT.match(between) and _KIND.search(low, 0, quantity.start):
        return 0
    near = quantity.form in COUNTS or says_again(quantity, low)
    return 50 if near and not PARTED.search(between) else FAR


def _cost_behind(quantity: Quantity, low: str, gap: _Gap) -> float:
    """Return what standing behind a number weighs: little where the number's words go on to it."""
    counted, between = quantity.form in MAY_COUNT, gap.words
    told = counted and (not between.strip() or _TOLD.match(between) is not None)
    if not told and quantity.form in {"percent", "value", "fraction"}:
        told = bool(SUBJECT.match(between) or _TOLD_OF.match(between))
        told = told and not _NEXT_COUNT.search(between)
        told = told or (quantity.form == "percent" and _HAD.fullmatch(between) is not None)
    near = closeness(quantity, low, between) if counted else 0.0
    if told and not gap.crossed:
        return 6 - near
    return (90 if counted_subject(quantity, low) else 34) + 25 * len(gap.crossed) - near


def _cost_ahead(quantity: Quantity, low: str, gap: _Gap) -> float:
    """Return what standing ahead of a number weighs."""
    # A number that has a verb of its own tells of what follows.
    return 50 if counted_subject(quantity, low) and _NEW_FINDING.search(gap.words) else 0


def _cost_of_group(quantity: Quantity, mention: Mention, scene: Scene, after: bool) -> float:
    """Return what it weighs that a measure says of whom a number is: of patients with an event, 33 %."""
    low, cost = scene.low, 0.0
    if _OF_GROUP.match(low) and mention.end <= low.find(",") < quantity.start:
        cost += 100 if low.startswith("ex") else 60
    described = not after and describes_group(low, mention, quantity)
    if described or is_weighed(quantity, mention, scene):
        cost += 160
    return cost
