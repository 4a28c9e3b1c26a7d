"""Find the time of the outcome that an effect, such as a hazard ratio, is on."""

from __future__ import annotations

import re

from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.measurements.occasions import named_time
from ingest.model import Mention
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Scene

# "Predictors of walking at last follow-up were", "a good long-term outcome was associated with".
_THEN_EFFECT = re.compile(r"[^.;()\d]{0,50}? (?:was|were|are|is|included)\b")
_OF_OUTCOME = build_rule(
    r"\b(?:of|for|with|and|the|survival|outcome|recurrence|function) [^.;()\d]{0,60}$"
)
_FOR_OUTCOME = re.compile(r"\s*(?:for|of|in favour of) (?:an? )?[^.;,()\d]{3,60} ")
_RAISES = build_rule(
    r"\b(?:predictors?|predictive|risk factors?|associated|related|predict(?:ed|s)?)(?: of| for| with| to)? (?:(?:an? |the )?(?:[a-z-]+ ){0,2})?$|\b(?:increas|decreas|reduc|rais|lower|predict|associat)\w*\b[^.;()\d]*\b(?:likelihood|odds|chances?|probability|risk|rates?|predict\w*|with) [^.;()\d]{3,60}$"
)
# What was done to patients is a factor, no outcome: postoperative radiotherapy (HR 0.5).
_OUTCOME_NAMED = re.compile(
    r"(?: (?!(?:and|or|with|was|were|in|by|radio\w+|chemo\w+|radiation|treatment|therapy|sbrt|embolization)\b)[a-z-]+){1,4} [(\[](?:p ?[=<>≤] ?[\d.]+, )?"
)
_TOLD_OF = build_rule(
    r"\b(?:associated with|correlated with|related to|predict\w*(?: of)?|(?:risk|odds|likelihood|probability) of) (?:(?!and\b)[a-z]+ ){0,3}$"
)
_OUT_OF = re.compile(r"(?:[,;] (?:p|95 ?% ci)[^()\[\]]*)?[)\]] ")


def time_of_effect(quantity: Quantity, mention: Mention | None, scene: Scene) -> Quantity | None:
    """Return the time of the outcome that an effect is on; what else is told of time is of the factors.

    "Predictors of walking at last follow-up were age (OR 2)", "(OR 2) raised the odds of walking then".
    """
    if behind := _time_behind(quantity, scene):
        return behind
    low = scene.low
    joined = low[mention.end : quantity.start] if mention else ""
    if not (" and " in joined and not holds_verb(joined)) and (
        named := named_time(quantity, mention, scene)
    ):
        return named
    if named := _in_outcome(quantity, scene):
        return named
    for each in (*scene.adverbs, *scene.times):
        if each.end <= quantity.start and _THEN_EFFECT.match(low, each.end):
            return each if _OF_OUTCOME.search(low, 0, each.start) else None
        if each.start >= quantity.end and _is_on_outcome(quantity, each, low):
            return each
    terms = (
        each for each in scene.adjectives if low.startswith(("long", "short", "mid"), each.start)
    )
    return next(
        (
            each
            for each in terms
            if each.end <= quantity.start and _THEN_EFFECT.match(low, each.end)
        ),
        None,
    )


def _in_outcome(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the time in the name of what an effect is told of: associated with better postoperative function (OR 3)."""
    for each in scene.adjectives:
        begin = max(0, each.start - 50)
        if (
            each.end <= quantity.start
            and _OUTCOME_NAMED.fullmatch(scene.low, each.end, quantity.start)
            and _TOLD_OF.search(scene.low, begin, each.start)
        ):
            return each
    return None


def _is_on_outcome(quantity: Quantity, time: Quantity, low: str) -> bool:
    """Tell whether a time behind an effect is told of its outcome: 9 times the odds of walking at a year."""
    return bool(
        _FOR_OUTCOME.fullmatch(low, quantity.end, time.start)
        or _RAISES.search(low, quantity.end, time.start)
    )


def _time_behind(quantity: Quantity, scene: Scene) -> Quantity | None:
    """Return the time right behind the bracket that an effect stands in: (SMD 0.9) during the first year."""
    return next(
        (
            each
            for each in scene.times
            if _OUT_OF.fullmatch(scene.low, quantity.end, each.start) is not None
        ),
        None,
    )
