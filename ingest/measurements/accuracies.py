"""Decide which score an area under a curve or a concordance is of."""

from __future__ import annotations

import re

from ingest.model import Concept, Mention
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Scene

FAR = 220
"""How ill a measure fits a number that is none of it."""
ACCURACY = {"auc", "c_statistic"}
"""Statistics that tell how well something foretells."""
_CLOSES = re.compile(r"\)|(?:,? (?:and )?0?[.·]\d+)+\)|(?:, 0?[.·]\d+)*,? and 0?[.·]\d+\)")
_FOR_THE = re.compile(r" (?:for|with|by|of|using) (?:the )?(?:[a-z]+ ){0,2}")
_GOES_ON = re.compile(r"[,;] (?:and|while|whereas|but) (?:the |an? )?$")
# "and body weight ("
_NAMED = re.compile(r"[^()]*\)*,? ?(?:and |or )?(?P<name>[a-z][a-z -]{2,})\s*\(")
_FOR_OTHER = re.compile(
    r"\)? for (?!(?:#|\d|survival|mortality|death|(?:the )?prediction|predicting))"
)


def has_own_name(scene: Scene, quantity: Quantity, last: int) -> bool:
    """Tell whether an accuracy behind another is of what is named right beside it: weight (0.60), 0.60 for age.

    ``last`` is where the number ahead of it ends. A time names nothing.
    """
    if any(last <= each.start < quantity.start for each in (*scene.times, *scene.adverbs)):
        return False
    if _NAMED.fullmatch(scene.low, last, quantity.start):
        return True
    ahead = scene.low.find(" for ", max(0, last - 2), last + 6) >= 0
    return ahead and _FOR_OTHER.match(scene.low, quantity.end) is not None


def accuracy_cost(quantity: Quantity, mention: Mention, concept: Concept, scene: Scene) -> float:
    """Return how ill a measure fits an accuracy, which is of the score that foretells, else of what it does."""
    ends = sorted((quantity.start, mention.start))
    outcome = concept.facet != "scales"
    if outcome and (concept.harm is None or ";" in scene.low[slice(*ends)]):
        return FAR
    after = mention.start > quantity.end
    if after and not outcome and _GOES_ON.search(scene.low, quantity.end, mention.start):
        return FAR  # "A had an AUC of 0.7, and the score B one of 0.6"
    if after and any(quantity.end <= each.start < mention.start for each in scene.numbers):
        return FAR  # "0.8 for the new score and 0.6 for an older one"
    if after and _CLOSES.match(scene.low, quantity.end):
        return FAR  # in a bracket, it is of what stands before that
    if after and _FOR_THE.fullmatch(scene.low, quantity.end, mention.start):
        return 0  # "0.66 for the one score and 0.69 for the other"
    # Its own words may hold the name: "c-statistics were: Bauer score (0.7".
    crossed = any(mention.end <= each.end <= quantity.start for each in scene.numbers)
    taken = any(_FOR_THE.fullmatch(scene.low, e.end, mention.start) for e in scene.numbers)
    if (crossed or (taken and not after)) and scene.low.startswith(" for ", quantity.end):
        return FAR  # "0.61 for the index, compared with 0.58 for age"
    last = max((e.end for e in scene.numbers if e.end <= quantity.start), default=0)
    if crossed and has_own_name(scene, quantity, last):
        return FAR
    far = max(quantity.start - mention.end, mention.start - quantity.end, 0) / 10
    return far + (0 if concept.facet == "scales" else 60) + 30 * after
