"""Decide which outcome a hazard, odds or risk ratio, a difference or an accuracy is of."""

from __future__ import annotations

import re

from ingest.model import Concept, Mention
from ingest.quantity import Quantity
from ingest.scene import Scene

FAR = 220
# "survival was significantly influenced by": the outcome stands ahead of its factors.
_LED_BY = re.compile(
    r"s?(?: rates?)? (?:was|were|is|are) (?:\w+ ){0,3}(?:influenced|affected|predicted|determined|impacted) by\b"
)
ACCURACY = {"auc", "c_statistic"}
_AIMED = re.compile(
    r"\b(?:associated with|correlated with|predict(?:s|ed|ive|ors?|ing)?(?: (?:of|for))?|factors? (?:for|of|in)|risk of|risk for|odds of|for|affect(?:s|ed|ing)?"
    r"|influenc(?:es?|ed|ing)|impact(?:s|ed)? on|improved|reduced|increased|decreased|likelihood of|chance of|determinants? of|related to)"
    r"(?: (?:a|an|the|poor|poorer|worse|better|shorter|longer|lower|higher|improved|increased|reduced|inferior|superior|prolonged|decreased|overall|significantly|developing|both)){0,3} (?:\d+[- ](?:(?:year|month|day)[- ])?)?$"
)
_WEIGHED = re.compile(
    r"\b(?:factors?|predict\w*|prognostic|multivaria\w+|univaria\w+|regression|independent(?:ly)?|likelihood|risk of)\b"
)
_RESULT = re.compile(
    r"\b(?:associated with|correlated with|related to|affect(?:s|ed)|influenc(?:es|ed)|determined)"
    r"(?: [\w-]+){0,3} (?:\d+[- ](?:(?:year|month|day)[- ])?)?$"
)


def effect_cost(quantity: Quantity, mention: Mention, concept: Concept, scene: Scene) -> float:
    """Return how ill an outcome fits an effect.

    Where factors are weighed they stand beside their effects, and the outcome is named once;
    elsewhere an effect is of the outcome before it.
    """
    if quantity.statistic in ACCURACY:
        return _accuracy_cost(quantity, mention, concept, scene)
    ratio = quantity.statistic != "difference"
    if ratio and (concept.facet == "scales" or concept.harm is None):
        return FAR  # a scale is what was weighed, not what it tells of
    far = abs(mention.start - quantity.start) / 10
    after = mention.start > quantity.end
    aimed = bool(_AIMED.search(scene.low[: mention.start]))
    told = any(
        each.start > quantity.end and _RESULT.search(scene.low[: each.start])
        for each in scene.mentions
    )
    if ratio and (told or _WEIGHED.search(scene.low)):
        return far if aimed else 60 + far
    if ratio and any(_LED_BY.match(scene.low, each.end) for each in scene.mentions):
        return far if _LED_BY.match(scene.low, mention.end) else 60 + far
    crossed = any(
        each.form == "effect" and mention.end <= each.start and each.end <= quantity.start
        for each in scene.quantities
    )
    if after and scene.low[quantity.start - 1 : quantity.start] in {"(", "["}:
        return FAR  # in a bracket, it is of what stands before that
    return FAR if crossed else far + 30 * after


def _accuracy_cost(quantity: Quantity, mention: Mention, concept: Concept, scene: Scene) -> float:
    """Return how ill a measure fits an accuracy, which is of the score that foretells, else of what it does."""
    ends = sorted((quantity.start, mention.start))
    outcome = concept.facet != "scales"
    if outcome and (concept.harm is None or ";" in scene.low[slice(*ends)]):
        return FAR
    after = mention.start > quantity.end
    if after and scene.low[quantity.end : quantity.end + 1] == ")":
        return FAR  # in a bracket, it is of what stands before that
    far = max(quantity.start - mention.end, mention.start - quantity.end, 0) / 10
    return far + (0 if concept.facet == "scales" else 60) + 30 * after
