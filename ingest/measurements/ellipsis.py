"""Carry on to numbers what they leave out: their measure or their noun.

"And that of B", "and 23 % in B" leave out the measure; of "3 early and 11 late complications" the
three do the noun.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.groups.antecedents import OF_THEM
from ingest.language.starts import build_rule
from ingest.measurements.absence import is_event
from ingest.measurements.accuracies import ACCURACY, has_own_name
from ingest.measurements.attachment import compatible, measure_of
from ingest.measurements.continuations import NO_BRACKETS, in_group
from ingest.measurements.effects import ENDPOINTS, RATIOS, lists_outcomes, own_outcome
from ingest.model import Measurement
from ingest.numbers.quantity import Quantity, is_bare
from ingest.numbers.scene import Scene, Sitting

_THAN = re.compile(
    r"^[^;.]{0,80}\b(?:than|versus|vs\.?|compared (?:with|to)|against)\b[^;.]{0,60}$"
)
_OPENED = re.compile(r"\s*(?:[(\[:]|,|was|were|to)\s*(?:(?:mean|median)[ ,:]+)?")
# What is left of a bracket that the number before stands in.
_CLOSED = re.compile(r"^[^()\[\]]*[)\]]")
_OWN_TIME = re.compile(r"\s*(?:points?)?\s*")
_IN_OWN = re.compile(r"(?: (?:rates?|risk))?(?: in [\w -]{3,30})? ?[(\[](?:adjusted )?")
_NEXT_FACTOR = re.compile(
    r"(?:(?:[^()\[\].]|\.\d)*[)\]])?(?:,| and|, and|,? as well as) (?!(?:[\w-]+ )*?(?:was|were|had|but|while)\b)[^()\[\],;:.]{2,60}(?:[(\[]|, )(?:adjusted )?"
)
# "A lowered the risk (HR 0.1), | but B did not do so (| HR 0.4)"
_DID_SO = re.compile(
    r"[^()\[\]]*[)\]],? (?:but|and|whereas|while) [^()\[\];]{3,80} (?:did|does)(?: not)?(?: do)? so\b[^()\[\];]{0,40}[(\[]"
)
_THAT_OF = build_rule(
    r"(?:\b(?:and|whereas|while|versus|vs\.?|than|but|with|to)|[,;]) (?:that|those) (?:of|in|for|after|with)\b"
)
_NEXT_OF = re.compile(
    r"(?: \([^()]*\))? (?:for|with|in|by|on|at) (?:[\w/-]+ ){1,6}?(?:\([^()]*\) )?(?:and|versus|vs\.?|but|against|compared (?:with|to)) (?:only )?"
)
_GOES_ON = build_rule(r"\b(?:and|versus|vs\.?|compared (?:with|to))(?: (?:in|to|with))?\s*$")
# "30% of readmissions were for infection, 21% for progression"
_CAUSED = re.compile(
    r"(?: of (?:the |all |these )?[a-z]+)?(?: (?:were|was|occurred|happened))? (?:for|due to|because of|caused by) [^;.()]{3,60}?(?:,|,? and) (?:another |only )?"
)
_BY_CAUSE = re.compile(r"\s*(?:for|due to|because of|caused by)\b")
# "11% were worse, decreasing to 6% at one year"
_THEN_TO = re.compile(
    r", (?:and )?(?:(?:then|later|further) )?(?:decreas|increas|fall|ris|dropp|declin|improv)(?:ing|ed|es) (?:slightly |further )?to (?:only )?$"
)
# "group A, 5%; | group B, | 9%"
_NEXT_GROUP = re.compile(
    r"[\s)]*(?:\([^()]*\))?; (?:and )?(?=[^,:;]*(?:#{7}|\b(?:group|arm|cohort|patients|individuals|subjects|participants|those|cases|women|men|day|week|month)\b))(?:[\w/+#-]+ ){0,6}[\w/+#-]+[,:] "
)
_EXTREME = build_rule(r"\b(?:maxim|minim|range|total|longest|shortest|difference)\w*|;")
# "that of infection was": the words name a measure of their own.
_ITS_OWN = re.compile(r"\s*(?:the |an? )?$")
_TOLD_BY = re.compile(r"s?\s*(?:rates?|incidence)?\s*(?:was|were|is|,|\(|\d|$)")
# Nouns that the last number of a row gives to those before it.
_NOUNS = frozenset(["complications", "deaths", "patients", "tumours", "procedures"])
_BETWEEN = re.compile(
    r" (?!(?:and|or|of|in|to|with|by|at|on|for|had|were|was|died|months?|years?|days?|weeks?|hours?|points?|percent|levels?)\b)[a-z-]+"
    r"(?: (?!(?:and|or|of|in|to|with|by|at|on|for|had|were|was|who)\b)[a-z-]+)?(?:,| and|, and) "
)
# "2 burns and 1 case": what is counted is named already.
_PLURAL = build_rule(r"[a-z]{3}(?<!ou)(?<!s)s(?:,| and)")
# "Infection developed in 9, but was superficial in", ", which required a revision in"
_SAME_EVENT = re.compile(
    r"(?:[^.;,:()\d]{0,40}|\s*\([^()]*\)),? (?:but|and|which|that) "
    r"(?:was|were|had|required|needed|resolved|led|resulted|caused|persisted|healed|progressed|responded|necessitated|prompted|remained|disappeared|cleared)\b"
    r"(?! (?:absent|not|no)\b)[^.;:()\d]{0,70}(?: \d+ (?:days|weeks|months|years))? in (?:only |just )?"
)
_AND_SO = re.compile(r",? (?:and|but) (?:[a-z-]+ ){1,3}in (?:only )?")
_COMPARED_WITH = re.compile(
    r"[^.;:()\d]{0,60}(?:\([^()]*\))?,? (?:compared (?:with|to)|versus|vs\.?|as against) (?:only )?"
)
_NEXT = re.compile(
    r"(?: points?| %)?\)?(?: [^;,.()\d]{3,30}| (?:at|after) [^;,.()]{3,30})?; (?:and )?"
)


def told_again(sitting: Sitting, quantity: Quantity, read: list[Measurement]) -> list[Measurement]:
    """Return what was read with the measure and time of the finding that "that of" stands for."""
    found = sitting.found
    elliptic = _THAT_OF.search(sitting.scene.low[: quantity.start]) if found else None
    if not elliptic or elliptic.start() <= found[-1].end or _names(sitting, elliptic, quantity):
        return read
    last = found[-1]
    concept = sitting.scene.concepts.get(last.measure or "")
    if concept and not compatible(quantity, concept):
        return read  # "a control of 90%, better than those of 24 Gy": a dose only names the group
    return [
        replace(
            each,
            measure=last.measure,
            time_months=each.time_months or last.time_months,
            time_text=each.time_text or last.time_text,
        )
        for each in read
    ]


def compared(low: str, found: Sequence[Measurement]) -> list[Measurement]:
    """Give the first of two numbers that are compared the measure told behind both.

    "More of A (42/50) than of B (29/51) could walk."
    """
    kept = list(found)
    for at in range(len(kept) - 1):
        one, other = kept[at], kept[at + 1]
        alike = one.statistic == other.statistic and (one.percent is None) == (
            other.percent is None
        )
        if (
            one.measure
            or not other.measure
            or not alike
            or one.statistic not in {"count", "percent"}
        ):
            continue
        if _THAN.search(low[one.end : other.start]) and " than " not in low[other.end :]:
            kept[at] = replace(one, measure=other.measure)
    return kept


def times_on(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a bare value at its own time goes on a course: was 7 at first, 4 at one month."""
    last, scene = sitting.found[-1], sitting.scene
    rated = quantity.form == "percent" and last.statistic == "percent"
    scored = quantity.form == "score" and not quantity.unit and last.unit in {None, "points"}
    if not (rated or scored) or last.measure is None:
        return False
    if (last.spread is None) != (quantity.spread is None) or last.value is None:
        return False
    if any(last.end <= each.start < quantity.start for each in scene.mentions):
        return False
    timed = [*scene.times, *scene.adverbs]
    between = NO_BRACKETS.sub("", _CLOSED.sub("", scene.low[last.end : quantity.start]))
    if ";" in between and not _NEXT.fullmatch(scene.low, last.end, quantity.start):
        # "Preoperatively, 7; at 1 month, 4; and at 6 months, 2": each is labelled by its time.
        labels = [each for each in timed if each.start >= last.end]
        return any(
            _NEXT.fullmatch(scene.low, last.end, each.start)
            and _OPENED.fullmatch(scene.low[each.end : quantity.start])
            for each in labels
        )
    ahead = any(
        last.end <= each.start and _OPENED.fullmatch(scene.low[each.end : quantity.start])
        for each in timed
    )
    return ahead or any(
        each.start >= quantity.end
        and _OWN_TIME.fullmatch(NO_BRACKETS.sub("", scene.low[quantity.end : each.start]))
        for each in timed
    )


def _names(sitting: Sitting, elliptic: re.Match[str], quantity: Quantity) -> bool:
    """Tell whether "that of" goes on with a measure that the number can be of: that of infection."""
    low = sitting.scene.low
    return any(
        bool(_ITS_OWN.fullmatch(low[elliptic.end() : each.start]))
        and bool(_TOLD_BY.match(low, each.end))
        and compatible(quantity, sitting.scene.concepts[each.concept])
        for each in sitting.scene.mentions
        if elliptic.end() <= each.start and each.end <= quantity.start
    )


def _named_between(sitting: Sitting, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a measure that a number can be of stands between it and the finding before it."""
    return any(
        last.end <= each.start < quantity.start
        and compatible(quantity, sitting.scene.concepts[each.concept])
        for each in sitting.scene.mentions
    )


def is_parallel(
    sitting: Sitting, last: Measurement, quantity: Quantity, percents: bool = False
) -> bool:
    """Tell whether a value stands in a row with the one before: 4 l in A, 3 l in B.

    ``percents`` is true where a percent is the value of a scale.
    """
    between = sitting.scene.low[last.end : quantity.start]
    if _is_part(last, quantity) and _NEXT_OF.fullmatch(between):
        return True  # "the sensitivity was 0.71 for CT and 0.93 for MRI"
    named = _named_between(sitting, last, quantity)
    form = "percent" if percents else "value"
    plain = last.unit == quantity.unit and quantity.form == form and last.numerator is None
    plain = plain or (quantity.form == "change" and last.unit in {quantity.unit, "points"})
    scored = quantity.form == "score" and last.unit == "points" and quantity.unit is None
    plain = plain or (scored and last.statistic in {"mean", "median"})
    return plain and not named and len(between) < 80 and not _EXTREME.search(between)


def _is_part(last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a number is a part of one, as the finding before it: 0.71 and 0.93."""
    return (
        quantity.form == "score"
        and last.unit == "fraction"
        and quantity.value is not None
        and 0 <= quantity.value <= 1
    )


def goes_on(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a number goes on with the finding before it: 9 % of A and in 23 % of B."""
    last = sitting.found[-1]
    if (
        last.measure
        and (quantity.unit or _is_part(last, quantity))
        and _beside(sitting, last, quantity)
    ):
        return measure_of(quantity, sitting.scene) is None
    if quantity.form not in {"share", "ratio", "percent"} or last.measure is None:
        return False
    if last.statistic not in {"count", "percent"} or quantity.start in sitting.measures:
        return False
    between = sitting.scene.low[last.end : quantity.start]
    if quantity.form == last.statistic == "percent":
        low = sitting.scene.low
        caused = _CAUSED.fullmatch(between) and _BY_CAUSE.match(low, quantity.end)
        if caused or _THEN_TO.search(between):
            return True
    named = _named_between(sitting, last, quantity)
    own = measure_of(quantity, sitting.scene)
    follows = own is not None and 0 <= own.start - quantity.end < 25
    told = re.match(
        r"\s*(?:of (?:the |all |our )?(?:patients|individuals|subjects|participants) )?(?:were|was|had|have|showed|developed|demonstrat|show|having|remain|achiev|regain|report|experienc|underwent|walk)\w*\b",
        sitting.scene.low[quantity.end :],
    )
    joined = len(between) < 60 and bool(_GOES_ON.search(between))
    return joined and not (named or follows or told)


def _beside(sitting: Sitting, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a number is told of another group as the one before: group A, 5%; group B, 9%."""
    if is_parallel(sitting, last, quantity):
        return True
    low = sitting.scene.low
    listed = last.unit == quantity.unit and last.numerator is quantity.numerator is None
    return (
        listed
        and quantity.form in {"percent", "value"}
        and low[: last.start].rstrip()[-1:] in {",", ":"}
        and _NEXT_GROUP.fullmatch(low, last.end, quantity.start) is not None
    )


def _is_outcome_itself(sitting: Sitting) -> bool:
    """Tell whether the number before stands in a bracket behind its own measure: hypotension (OR 4)."""
    last, low = sitting.found[-1], sitting.scene.low
    return any(
        each.concept == last.measure and _IN_OWN.fullmatch(low, each.end, last.start)
        for each in sitting.scene.mentions
    )


def lists_on(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether an effect is one of a list behind one name: 1.4 for A, 2.2 for B; HR for C, 3."""
    last, low = sitting.found[-1], sitting.scene.low
    if last.statistic in RATIOS and _DID_SO.fullmatch(low, last.end, quantity.start):
        return True
    foretells = last.measure is not None and last.measure not in ENDPOINTS
    if foretells and last.statistic in ACCURACY and has_own_name(sitting.scene, quantity, last.end):
        return False
    if low[quantity.start].isdigit():
        return last.statistic in {*RATIOS, *ACCURACY, "difference", "correlation_coefficient"}
    between = low[last.end : quantity.start]
    if own_outcome(low, quantity) is not None:
        return False
    named = any(last.end <= each.start < quantity.start for each in sitting.scene.mentions)
    if last.statistic == quantity.statistic == "difference" and not named:
        return True  # "at 2 weeks (SMD 2.1), 3 months (SMD 2.9)"
    alike = last.statistic == quantity.statistic or {last.statistic, quantity.statistic} <= RATIOS
    if alike and _NEXT_FACTOR.fullmatch(between):
        # "wide margins (HR 0.2) and low grade (HR 0.4)": each is of what both are weighed for
        return not (lists_outcomes(sitting.scene) or _is_outcome_itself(sitting)) and not any(
            last.end <= each.start < quantity.start and each.concept in ENDPOINTS
            for each in sitting.scene.mentions
        )
    bracketed = re.search(r"[()\[\]]", between)
    return last.statistic.endswith("ratio") and not named and not bracketed and ";" in between


def shared_noun(scene: Scene, quantity: Quantity) -> Quantity | None:
    """Return the count whose noun a bare number shares, None where it shares none."""
    numbers = [each for each in scene.numbers if each.start >= quantity.start]
    for one, other in pairwise(numbers):
        if one.unit is None and scene.low[one.end : other.start] == ", " and is_bare(other):
            continue  # "five, six and seven of these"
        if one.unit is None and scene.low[one.end : other.start] in {" and ", ", and "}:
            # "five and seven of these"
            size = int(other.value) if other.value and not other.unit else 0
            them = size and OF_THEM.match(scene.low, other.end)
            return replace(other, form="count", unit="patients", numerator=size) if them else None
        joined = _BETWEEN.fullmatch(scene.low, one.end, other.start)
        if not joined or _PLURAL.search(joined[0]):
            return None
        if other.form == "count":
            plain = other.unit in _NOUNS and other.low is None and not other.percent
            plain = plain and other.numerator != 0  # "and none lost one" has no noun to share
            return other if plain else None
        if not is_bare(other):
            return None
    return None


def of_same_event(sitting: Sitting, quantity: Quantity) -> int | None:
    """Return how many had the event of which a part is told without naming it: in 9, but was fatal in 2."""
    last = sitting.found[-1] if sitting.found else None
    if last is None or last.statistic != "count" or not last.numerator:
        return None
    told = sitting.found[-2] if len(sitting.found) > 1 else None
    if told and told.numerator and told.numerator == last.denominator == last.n:
        # "transient in four and permanent in two": of the same six
        fits = last.numerator + (quantity.numerator or 0) <= told.numerator
        on = quantity.form == "count" and fits
        if on and _AND_SO.fullmatch(sitting.scene.low, last.end, quantity.start):
            return told.numerator
    events = (each for each in sitting.scene.mentions if each.concept == last.measure)
    if not any(is_event(sitting.scene.concepts, each) for each in events):
        return None
    part = quantity.form in {"count", "share"} and 0 < (quantity.numerator or 0) <= last.numerator
    same = part and _SAME_EVENT.fullmatch(sitting.scene.low, last.end, quantity.start)
    return last.numerator if same else None


def of_same_people(sitting: Sitting, quantity: Quantity, measure: str | None) -> int | None:
    """Return of how many a count is that is set against one of the same: 20 of 55, compared with 38 later."""
    last = sitting.found[-1] if sitting.found else None
    if last is None or last.measure != measure or quantity.form != "count":
        return None
    if in_group(sitting.text, sitting.scene.low, quantity.end):
        return None  # "4 of 20 in A versus none in B"
    same = _COMPARED_WITH.fullmatch(sitting.scene.low, last.end, quantity.start)
    return last.n if same and (quantity.numerator or 0) <= (last.n or 0) else None
