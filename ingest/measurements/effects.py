"""Decide which outcome a hazard, odds or risk ratio, a difference or an accuracy is of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.language.starts import build_rule
from ingest.measurements.accuracies import ACCURACY, FAR, accuracy_cost
from ingest.model import Concept, Measurement, Mention
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Scene

# "survival was significantly influenced by": the outcome stands ahead of its factors.
_LED_BY = re.compile(
    r"s?(?: rates?)? (?:was|were|is|are) (?:\w+ ){0,3}(?:influenced|affected|predicted|determined|impacted) by\b"
)
# How a measure is worded that is weighed as a factor: "ambulatory status", "preoperative pain".
_STATE = re.compile(
    r"(?:\w*| function)[ -](?:stat(?:us|e)|abilit(?:y|ies)|(?:vs\.?|versus) )|\w* patients? (?:vs\.?|versus) "
)
_GIVEN = re.compile(
    r"(?:\b(?:loss of|inability|presence of|absence of|lack of|history of|extent of|degree of|duration of|pre-?operative(?:ly)?|pre-?treatment|pre-?existing|baseline|initial|previous|prior|present)"
    r"(?: \w+)? |\bnon[-‐‑]?)$"
)
_MARGINS = {"surgical_margin", "intralesional_margin", "residual_tumour", "incomplete_resection"}
_BESIDE = re.compile(r"\w*\s*[(\[]")
# "conversion | to open cholecystectomy (OR 2.6)": the name goes on up to the bracket.
_NAMES = re.compile(
    r"\w*(?: (?!(?:and|or|with|in|of|for|by|was|were|is|are|included?)\b)[a-z-]+){0,3}\s*[(\[]"
)
# What lasts, ends or comes back is what factors are weighed for.
ENDPOINTS = frozenset(
    ["overall_survival", "mortality", "local_recurrence", "local_progression", "local_control",
     "progression_free_survival", "disease_free_survival", "recurrence_free_survival",
     "event_free_survival", "metastasis_free_survival", "complications", "morbidity", "reoperation"]
)  # fmt: skip
"""Measures that are outcomes wherever an effect is told."""
RATIOS = frozenset(["hazard_ratio", "odds_ratio", "risk_ratio"])
"""Statistics that weigh a factor."""
_FORETOLD = build_rule(
    r"\b(?:(?:factors?|predictors?|determinants?|variables?|predictive|prognostic|predict\w*|prognosticat\w+)(?: \w+){0,2} (?:for|of|affecting|influencing|associated with|related to|with)"
    r"|(?:influence|impact|effect|role|value|significance)\b[^.;:]{3,80} (?:on|in|for|in predicting)|predict(?:s|ed|ing)?|associated with|correlated with|affect(?:s|ed|ing)?|influenc(?:es?|ed|ing))"
    r"(?: (?:a|an|the|their|poor|poorer|worse|better|shorter|longer|lower|higher|improved|increased|reduced|inferior|postoperative|median|patients?'?)){0,3} (?:\d+[- ](?:(?:year|month|day)[- ])?)?$"
)
# "Risk factors were diabetes (OR 2.0) and an operative time above 5 hours (OR 1.8)"
_FACTORS_WERE = re.compile(
    r"(?:\b(?:factors?|predictors?)\b[^.,;()]{0,60}?\b(?:were|was|included?|comprised|are|is)\b"
    r"|\b(?:was|were|is|are) (?:\w+ly )?(?:predicted|foretold|influenced|affected|determined) by\b)"
    r"(?! (?:\w+ly )?(?:associated|related|predict|correlat|linked|signific|identified|found|analy|evaluat|not|less|more|most|mainly|based|important|strong|the (?:only|main|strong|best|most)|determin|independent))"
)
_CALLED_FACTORS = re.compile(
    r"\b(?:was|were|is|are) (?:all |both )?(?:(?:\w+ly )?(?:identified|found|recogni[sz]ed|confirmed|shown|seen) )?(?:as |to be )?(?:the |an? )?(?:[\w-]+ ){0,2}?(?:factors?|predictors?)(?:\s*(?:[.;]|$)| (?:for|of)\b)"
    r"|\bas (?:the |an? )?(?:[\w-]+ ){0,2}?(?:(?:risk|prognostic) factors?|predictors?|determinants?)\b"
    r"|\b(?:was|were) (?:the )?(?:[\w-]+ ){0,3}?factors? (?:that|which) (?:\w+ly |most )*(?:correlated|associated|predicted)\b"
)
_AIMED = re.compile(
    r"\b(?:associated with|correlated with|linked (?:to|with)|predict(?:s|ed|ive|ors?|ing)?(?: (?:of|for))?|factors? (?:for|of|in)|risk of|risk for|odds of|for|affect(?:s|ed|ing)?"
    r"|influenc(?:es?|ed|ing)|impact(?:s|ed)? on|improved|reduced|increased|decreased|likelihood of|chance of|determinants? of|related to)"
    r"(?: (?:a|an|the|poor|poorer|worse|better|shorter|longer|lower|higher|improved|increased|reduced|inferior|superior|prolonged|decreased|overall|significantly|developing|both|regaining|retaining|maintaining|achieving|recovering|losing|keeping|major|any|having|in-?patient|(?:in-?)?hospital|peri-?operative|post-?operative)){0,4} (?:\d+[- ](?:(?:year|month|day)[- ])?)?$"
)
_WEIGHED = re.compile(
    r"\b(?:factors?|predict\w*|prognostic|multivaria\w+|univaria\w+|regression|linked (?:to|with)|independent(?:ly)?|likelihood|risk of|(?:odds|chances?|probability|hazards?) of(?![^.;]*[(\[](?!(?:all |both |each )?p\b)))\b"
)
_INTERVAL = r"(?:\s*[(\[](?:[^()\[\]]|\[[^\]]*\])*[)\]])?"
_EACH_FOR = re.compile(rf"{_INTERVAL}\s+for (?:an? |the )?")
_FOR_BEFORE = re.compile(rf"\d{_INTERVAL}\s+for [^;.()]{{3,40}}?,? (?:and )?$")
_FOR_TOO = re.compile(rf"[^;.]{{3,40}}?,? (?:and )?\d+[.·]\d+{_INTERVAL}\s+for ")
_NEAR = 30
# "a higher risk of nausea (OR 1.4)": what the effect is of stands right ahead of it.
_OWN = re.compile(
    r"\b(?:risks?|odds|likelihood|chances?|probability) (?:of|for) (?P<what>[^()\[\];:.]{2,60}?)\s*(?:[(\[]|, )$"
)
_OF_OTHERS = build_rule(
    r"\b(?:for|in|with|among|after|when|if|than|was|were|is|are|by|as|on|at|from|per|that|who|increased|decreased|associated)\b"
)
# "preterm birth (OR 1.3 | ; 95% CI 1.1-1.5), a low weight ( | OR 1.5)"
_NEXT_NAME = re.compile(
    r"[^()\[\]]*(?:\[[^\]]*\][^()\[\]]*)?[)\]],? (?:and |or |as well as )?(?!(?:in|for|with|among|after|by|at|if|when|but|while|whereas)\b)(?:[a-z][\w-]* ){1,6}[(\[]"
)
# "survival was associated with age": an outcome that opens the clause is what others bear on.
_TIED = re.compile(
    r"s?(?: rates?)? (?:was|were|is|are) (?:\w+ ){0,3}(?:associated|correlated|linked) (?:with|to)\b|s?(?: rates?)? (?:\w+ly )?(?:depend(?:s|ed)|correlat(?:es|ed)) (?:on|with)\b"
)
_RESULT = re.compile(
    r"\b(?:associated with|correlated with|related to|affect(?:s|ed)|influenc(?:es|ed)|determined)"
    r"(?: [\w-]+){0,3} (?:\d+[- ](?:(?:year|month|day)[- ])?)?$"
)
_BEHIND = re.compile(
    r"\)\s*(?:\w+ )?(?:was|were|remained|are|is) (?:\w+ly )?(?:signific|predict|prognos)"
)
# "(HR 1.4 | , p = 0.02), and in those who had an infection ( | HR 1.8)"
_FACTORS_ON = re.compile(
    r"[^()\[\]]*[)\]],? (?:and |or |as well as )?(?:in|after|with|for|among|by|at) (?:(?!\b(?:was|were|is|are|rates?)\b)[^()\[\];])*[(\[]"
)
# "The odds of an early discharge", "predictors of a fall": an outcome, though not one that we know.
_HAS_OUTCOME = build_rule(
    r"\b(?:odds|risks?|likelihood|chances?|probability) (?:of|for)\b|\blikely to\b"
    r"|\b(?:predictors?|determinants?|factors?) (?:of|for)\b(?! (?:this|these|it|that)\b)"
    r"|\b(?:associated|correlated|linked) with (?:an? |the )?(?:\w+ly )?(?:better|improved|good|favou?rable|worse|poor|poorer|impaired|greater|higher|increased|lower|less|reduced|decreased|longer|shorter|prolonged)\b(?! (?:outcomes?|results?|prognos[ie]s)\b)"
)
_BACK = re.compile(
    r"\s*(?:this|these|the|both|such)(?: (?:two|same|latter|statistical|significant|clear|observed|positive|negative))* (?:results?|findings?|differences?|associations?|effects?|superiority|benefits?|advantages?|improvements?|relationships?|trends?|correlations?|impact|influence|gain)\b"
    r"|\s*(?:it|this|these) (?:was|were|remained|held|persisted|stayed)\b"
)
_MEDIANS = re.compile(
    r"[,;] (?:mean|median|average)(?: (?:of|was|survival|time))?[,:]? (?:[\d.]+ (?:vs?\.?|versus|and) )?$"
)
_TURNS = re.compile(r"[)\]][,;] (?:whereas|while|but) ")


def effect_cost(quantity: Quantity, mention: Mention, concept: Concept, scene: Scene) -> float:
    """Return how ill an outcome fits an effect.

    Where factors are weighed they stand beside their effects, and the outcome is named once;
    elsewhere an effect is of the outcome before it.
    """
    if quantity.statistic == "correlation_coefficient":
        # Of two measures it is of both: the sentence names no one measure of it.
        alone = len({each.concept for each in scene.mentions}) == 1
        return abs(mention.start - quantity.start) / 10 if alone else FAR
    if quantity.statistic in ACCURACY:
        return accuracy_cost(quantity, mention, concept, scene)
    ratio = quantity.statistic != "difference"
    if ratio and (concept.facet == "scales" or concept.harm is None):
        return FAR  # a scale is what was weighed, not what it tells of
    far = abs(mention.start - quantity.start) / 10
    if ratio and (_is_next_factor(scene, quantity, mention) or in_factors(scene.low, mention)):
        return FAR
    if ratio and _has_beside(scene, quantity):
        return far if _is_beside(scene.low, mention, quantity) else FAR
    after = mention.start > quantity.end
    if ratio and (after or _is_after_ratio(scene, mention, quantity)) and lists_outcomes(scene):
        return FAR  # "leaks (OR 0.3) and an unknown thing (OR 0.5)"
    if ratio and scene.low.startswith("odds of ", quantity.end - 4):
        # "three times the odds of dying"
        return far if 0 <= mention.start - quantity.end < _NEAR else FAR
    if ratio and after and _TURNS.search(scene.low, quantity.end, mention.start):
        return FAR  # "no gain in gait (OR 1.1), whereas age raised mortality"
    own = own_outcome(scene.low, quantity) if ratio else None
    if own and (mention.start >= quantity.start or mention.end <= own):
        return FAR
    listed = _each_for(scene, quantity) if ratio else None
    if listed is not None:
        return far if after and mention.start - listed < _NEAR else FAR
    aimed = bool(_AIMED.search(scene.low[: mention.start]))
    if ratio and not aimed and _is_factor(mention, scene):
        return FAR
    told = any(
        each.start > quantity.end and _RESULT.search(scene.low[: each.start])
        for each in scene.mentions
    )
    if ratio and _is_led(scene, mention):
        return far
    if ratio and (told or _WEIGHED.search(scene.low)):
        return far if aimed else 60 + far
    if ratio and any(_is_led(scene, each) for each in scene.mentions):
        return 60 + far
    if after and scene.low[quantity.start - 1 : quantity.start] in {"(", "["}:
        return FAR  # in a bracket, it is of what stands before that
    return FAR if _is_after_ratio(scene, mention, quantity) else far + 30 * after


def _is_after_ratio(scene: Scene, mention: Mention, quantity: Quantity) -> bool:
    """Tell whether another ratio stands between a measure and one: the measure is that other's."""
    return any(
        each.form == "effect" and mention.end <= each.start and each.end <= quantity.start
        for each in scene.quantities
    )


def _is_next_factor(scene: Scene, quantity: Quantity, mention: Mention) -> bool:
    """Tell whether a measure only names the next of the factors of one outcome, each with its ratio in brackets.

    "Survival was shorter in men (HR 1.4) and after an infection (HR 1.8)": both are of survival.
    """
    before = [
        each for each in scene.quantities if each.form == "effect" and each.end <= quantity.start
    ]
    if not before or not before[-1].end <= mention.start < quantity.start:
        return False
    between = scene.low[before[-1].end : quantity.start]
    return _FACTORS_ON.fullmatch(between) is not None


def _is_beside(low: str, mention: Mention, quantity: Quantity) -> bool:
    """Tell whether an effect is the first thing in the bracket behind a measure: death (OR 2.1)."""
    return _BESIDE.fullmatch(low, mention.end, quantity.start) is not None


def _has_beside(scene: Scene, quantity: Quantity) -> bool:
    """Tell whether an effect is one of a list of outcomes with each its own: of death (OR 2), infection (OR 3).

    The first of the list is what the words of the factor aim at; factors of one outcome, which
    are listed alike, stand behind a verb: "predictors of death were infection (OR 3), ...".
    """
    if not any(_is_beside(scene.low, each, quantity) for each in scene.mentions):
        return False
    if any(_is_led(scene, each) for each in scene.mentions):
        return False
    effects = [each for each in scene.quantities if each.form == "effect"]
    return len(effects) > 1 and any(
        _is_beside(scene.low, each, effects[0]) and _AIMED.search(scene.low, 0, each.start)
        for each in scene.mentions
        if scene.concepts[each.concept].harm is not None
    )


def lists_outcomes(scene: Scene) -> bool:
    """Tell whether a sentence lists outcomes with each its ratio: it lowered the odds of leaks (OR 0.3) and X (OR 0.5)."""
    effects = [each for each in scene.quantities if each.form == "effect"]
    if len(effects) > 1 and _opens_outcomes(scene.low, *effects[:2]):
        return True
    return len(effects) > 1 and any(
        _NAMES.fullmatch(scene.low, each.end, effects[0].start)
        and scene.concepts[each.concept].harm is not None
        and not _is_factor(each, scene)
        and _AIMED.search(scene.low, 0, each.start)
        and not any(one.concept in ENDPOINTS and one.end <= each.start for one in scene.mentions)
        for each in scene.mentions
    )


def _opens_outcomes(low: str, first: Quantity, other: Quantity) -> bool:
    """Tell whether a risk stands right ahead of its ratio, and a name without a preposition ahead of the next."""
    own = _OWN.search(low, max(0, first.start - 90), first.start)
    return (
        own is not None
        and not _OF_OTHERS.search(own["what"])
        and _NEXT_NAME.fullmatch(low, first.end, other.start) is not None
    )


def _each_for(scene: Scene, quantity: Quantity) -> int | None:
    """Return where what a ratio is for stands, in a list of them: 2.1 for death, 3.4 for infection."""
    found = _EACH_FOR.match(scene.low, quantity.end)
    if found is None:
        return None
    listed = _FOR_TOO.match(scene.low, found.end()) or _FOR_BEFORE.search(
        scene.low, max(0, quantity.start - 120), quantity.start
    )
    named = any(
        found.end() <= each.start < found.end() + _NEAR
        and scene.concepts[each.concept].harm is not None
        and not _WEIGHED.search(scene.low)
        for each in scene.mentions
    )
    return found.end() if listed and named else None


def own_outcome(low: str, quantity: Quantity) -> int | None:
    """Return where the words begin that name the outcome right ahead of a ratio: risk of death (HR 2)."""
    found = _OWN.search(low, max(0, quantity.start - 90), quantity.start)
    return found.start("what") if found else None


def _is_led(scene: Scene, mention: Mention) -> bool:
    """Tell whether a measure opens the words that tell what bears on it; an outcome may bear on another."""
    if _LED_BY.match(scene.low, mention.end):
        return True
    return (
        mention.concept in ENDPOINTS
        and _TIED.match(scene.low, mention.end) is not None
        and not any(
            each.concept in ENDPOINTS and each.start > mention.end for each in scene.mentions
        )
    )


def in_factors(low: str, mention: Mention) -> bool:
    """Tell whether a measure stands in a list of factors: risk factors were A (OR 2) and B (OR 3)."""
    listed = _FACTORS_WERE.search(low) if "factor" in low or "predict" in low else None
    if listed is not None and listed.end() <= mention.start:
        return True
    # "A, B and C were identified as risk factors."
    called = _CALLED_FACTORS.search(low) if "factor" in low or "predictor" in low else None
    return called is not None and mention.end <= called.start()


def _is_factor(mention: Mention, scene: Scene) -> bool:
    """Tell whether a measure only names what was weighed, by its words or its place in a list."""
    low = scene.low
    if mention.concept in ENDPOINTS:
        return False
    if mention.concept in _MARGINS or _STATE.match(low, mention.end):
        return True
    words = low[mention.start : mention.end]
    if words.startswith(("non", "pre", "loss", "unable")) or words.endswith(("status", "state")):
        return True
    if _GIVEN.search(low, 0, mention.start):
        return True
    effects = [each for each in scene.quantities if each.form == "effect"]
    return (
        len(effects) > 1
        and bool(_BESIDE.match(low, mention.end))
        and bool(_WEIGHED.search(low) or any(_BEHIND.search(low, each.end) for each in effects))
    )


def is_beside_effect(scene: Scene, quantity: Quantity) -> bool:
    """Tell whether a number stands behind an effect in one bracket; a median is told beside it: (HR 0.7; median, 9 vs 6 months)."""
    opened = scene.low.rfind("(", 0, quantity.start)
    if _MEDIANS.search(scene.low, max(0, opened), quantity.start):
        return False
    return opened >= 0 and any(
        each.form == "effect"
        and opened < each.start < quantity.start
        and ")" not in scene.low[each.end : quantity.start]
        for each in scene.quantities
    )


def foretold(text: str, mentions: Sequence[Mention]) -> str | None:
    """Return the one outcome that a text says factors are weighed for, None where it names none."""
    if not mentions:
        return None
    low = text.lower()
    named = {
        each.concept
        for each in mentions
        if each.concept in ENDPOINTS
        and (_FORETOLD.search(low, 0, each.start) or _LED_BY.match(low, each.end))
    }
    return named.pop() if len(named) == 1 else None


def with_foretold(
    text: str,
    measured: Sequence[Measurement],
    outcome: str | None,
    concepts: Mapping[str, Concept],
) -> tuple[Measurement, ...]:
    """Return ratios of factors in a sentence that names no outcome as those of the one told before."""
    named = {each.measure for each in measured if each.measure and each.statistic in RATIOS}
    if outcome is None or outcome not in concepts or named - {outcome}:
        return tuple(measured)
    if _HAS_OUTCOME.search(text.lower()):
        return tuple(measured)
    return tuple(
        replace(each, measure=outcome)
        if each.measure is None and each.statistic in RATIOS
        else each
        for each in measured
    )


def with_previous(
    text: str, measured: Sequence[Measurement], before: Sequence[Measurement]
) -> tuple[Measurement, ...]:
    """Return ratios without an outcome as those of the one outcome of the sentence before.

    "This held on multivariate analysis, too (relative risk, 1.6)."
    """
    told = {each.measure for each in before if each.measure}
    if len(told) != 1 or not _BACK.match(text.lower()):
        return tuple(measured)
    outcome = told.pop()
    return tuple(
        replace(each, measure=outcome)
        if each.measure is None and each.statistic in RATIOS
        else each
        for each in measured
    )


def size_of_pooled(size: int, each: Measurement) -> int | None:
    """Return of how many patients of several studies an effect is, None for what is no effect of all."""
    difference = each.statistic == "difference" and each.measure is not None
    return size if each.n is None and (difference or each.statistic in RATIOS) else None
