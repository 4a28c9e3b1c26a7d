"""Tell what patients are counted for by the course that a verb tells: 12 improved, 3 got worse."""

from __future__ import annotations

import re

from ingest.language.wording import holds_any
from ingest.numbers.quantity import COUNTED, PLAIN, Quantity
from ingest.numbers.scene import Scene, Sitting

SCALES_OF_NERVES = frozenset(["frankel_grade", "asia_scale", "mccormick", "nurick", "mjoa"])
"""Scales that grade what cord and nerves can do."""
# Measures of the function of cord and nerves, of which a course may be told.
_FUNCTION = SCALES_OF_NERVES | {
    "neurological_deficit",
    "neurological_symptoms",
    "neurological_improvement",
    "neurological_deterioration",
    "neurological_status",
    "spinal_cord_function",
    "activities_of_daily_living",
}
# What is rated for each patient, of which too a course may be told.
_RATED = frozenset(
    [
        "quality_of_life",
        "karnofsky_performance_scale",
        "ECOG_performance_status",
        "performance_status_change",
        "odi",
        "vas",
        "nrs",
        "sf36",
        "eq5d",
        "barthel",
        "sosgoq",
    ]
)
_HINTS = (
    "mprov",
    "ecover",
    "gain",
    "orse",
    "deterior",
    "declin",
    "stable",
    "chang",
    "the same",
    "aggrav",
    "stationar",
    "preserv",
    "maintain",
    "retain",
    "intact",
    "normal",
)
# Forms in which patients are dealt to the courses they took.
_DEALT = COUNTED | PLAIN
_NEUROLOGICAL = re.compile(
    r"\bneurolog|\bmotor\b|\bstrength\b|\bpar(?:esis|alysis|aplegi)|\bmyelopath|\bclinical (?:status|condition)\b"
)
_STEPS = r"gained (?:at least |more than )?(?:#|\d|an?|one|two|three) (?:[a-z]+ )?(?:grades?|levels?|steps?|points?)"
_LOST = r"lost (?:at least |more than )?(?:#|\d|an?|one|two|three) (?:[a-z]+ )?(?:grades?|levels?|steps?)"
_OF_STEPS = re.compile(r" (?:[a-z]+ )?(?:grades?|levels?|steps?)\b")
_COURSE = (
    rf"(?P<better>improv\w+|recover\w+|{_STEPS}|(?:got |were |was |became )?better\b|increased (?:motor )?(?:strength|power)|upgraded|regained (?:[a-z]+ ){{0,2}}(?:strength|motor|power|function|sensation))"
    rf"|(?P<worse>worsen\w*|worse\b|deteriorat\w+|declin\w+|aggravat\w+|{_LOST})"
    r"|(?P<same>(?:(?:remained|were|was|stayed|remaining|kept) )?(?:\w+ly )?(?:stable|(?<=had )stabili[sz]ed|stationary|unchanged|the same|preserved|maintained|retained|intact|normal)|no (?:\w+ )?(?:change|improvement)|did not (?:change|improve)|not change)"
)
_BEHIND = re.compile(
    r"\s*(?:\(\d[^()]*\)\s*)?(?:of (?:these|them|those) |(?:of (?:(?!\b(?:whom|which|them)\b)[^.;()%]){0,40}?)?\b(?:patients?|individuals|subjects|participants?|cases?|others?|women|men|children|those)\b\s*)?(?:, (?:in|both|all|of|from|who|with)\b[^,;.()\d]{2,50}, )?"
    r"(?:who (?:had |presented with |showed |suffered from |were |with )[^,.;:()]{3,60}? |(?:with|in) (?:(?!\b(?:and|who|had|were|was|showed|remained|improved)\b)[^,.;:()]){3,70}? |who )?"
    r"(?:(?:had|have|has|were|was|showed|displayed|experienced|demonstrated|exhibited|obtained|gained|reported|achieved|made|also|then|further) )*(?:an? |the |some |their )?(?:(?!not )\w+ly |marked |significant |slight |further |clinical |functional |neurologic(?:al)? |motor |post-?operative )*"
    rf"(?:{_COURSE})"
)
_AHEAD = re.compile(
    rf"(?:{_COURSE}|(?P<regained>(?:complete|full|partial|good|significant|neurologic(?:al)?|motor) (?:neurologic(?:al)? |motor )?recovery(?: \([^()]*\))?))(?: (?:postoperatively|after surgery|(?:was|were) (?:\w+ )?(?:seen|noted|observed|found|recorded|achieved)|occurred|in (?:neurologic(?:al)? |motor )?(?:function|status)|at (?:the |their )?(?:last |final |latest |most recent )?(?:follow-?up|discharge)|from [^,;.()]{{1,50}} to [^,;.()]{{1,40}}?|by (?:at least |more than )?(?:#|\d|an?|one|two|three) (?:[a-z]+ )?(?:grades?|levels?|steps?)(?: or more)?))* (?:in|after) (?:only |another |the other |the remaining |a further )?$"
)
# "improved or stayed the same": no part of those got worse.
_EITHER = re.compile(
    r"\b(?:improved|stable|unchanged|better)(?: or|/) ?(?:\w+ )?(?:improved|better|stable|unchanged|the same)\b"
)


def course_of(sitting: Sitting, quantity: Quantity, measure: str | None) -> str | None:
    """Return the measure of those counted who improved, got worse or stayed as they were.

    Only where the function of cord and nerves is told of; else the measure as it was.
    """
    scene = sitting.scene
    if quantity.form not in COUNTED or not holds_any(scene.low, _HINTS):
        return measure
    if measure is not None and measure not in _FUNCTION:
        return measure
    told = _BEHIND.match(scene.low, quantity.end) or _ahead(scene, quantity)
    if told is None:
        return measure
    if not measure and not _is_neurological(scene, quantity):
        rated = [
            each.concept
            for each in scene.mentions
            if each.concept in _RATED and each.end <= quantity.start
        ]
        return rated[-1] if rated else None
    scales = [each.concept for each in scene.mentions if each.concept in SCALES_OF_NERVES]
    if _EITHER.search(scene.low, told.start(), told.end() + 24):
        return scales[0] if scales else "neurological_improvement"
    if told["better"] or told.groupdict().get("regained"):
        return "neurological_improvement"
    if told["worse"]:
        return "neurological_deterioration"
    return scales[0] if scales else "neurological_status"


def _ahead(scene: Scene, quantity: Quantity) -> re.Match[str] | None:
    """Return the words right ahead that tell the course, where none behind do."""
    begin = max(0, quantity.start - 110)
    earlier = [
        each.end
        for each in scene.numbers
        if each.end <= quantity.start and not _OF_STEPS.match(scene.low, each.end)
    ]
    return _AHEAD.search(scene.low, max([begin, *earlier]), quantity.start)


def _is_neurological(scene: Scene, quantity: Quantity) -> bool:
    """Tell whether a course without a measure of its own is that of cord and nerves."""
    home = scene.clause(quantity.start)
    others = [
        each
        for each in scene.mentions
        if each.concept not in _FUNCTION and each.concept != "follow_up"
    ]
    if any(scene.clause(each.start) == home for each in others):
        return False
    named = any(each.concept in _FUNCTION for each in scene.mentions)
    return named or bool(_NEUROLOGICAL.search(scene.low)) or _lists_courses(scene)


def _lists_courses(scene: Scene) -> bool:
    """Tell whether patients are dealt to courses one of which is to deteriorate, as those of nerves do."""
    low = scene.low
    dealt = "deteriorat" in low and sum(each.form in _DEALT for each in scene.quantities) > 1
    return dealt and any(
        each in low for each in ("mprov", "ecover", "chang", "stable", "stationar")
    )
