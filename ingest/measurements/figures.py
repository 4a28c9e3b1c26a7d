"""Tell numbers of no known measure that measure something from those set, given or told of others."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.numbers.quantity import COUNTED, Quantity, lies_amid
from ingest.numbers.scene import Sitting
from ingest.numbers.units import is_named

# "4.8 ± 1.9 ng/ml": without its unit the number would tell another thing.
OTHER_UNIT = re.compile(
    r"\s*(?:[a-zµμ]{1,6} ?/ ?[a-z]|/ ?\d|:\d|[b-z]\b|[munkµμ][a-z]{1,3}\b|cm ?h|micro[a-z]+|milli[a-z]+|degrees? [cf]\b)"
)
# "10 mg/kg", "at 250 µm", "a cut-off of 4 ng/ml", "600 µg/ml of thiamine": what was given, set or chosen
_DOSED = re.compile(r"[nmµμ]c?g/(?:kg|m2)|[dh]/(?:w|d)")
_SET = re.compile(
    r"\b(?:at|with|using|treatments? of|treated [a-z]+|dos(?:es?|ages?) of|receiv(?:ed|ing)|concentrations? of|rang(?:e|ed|ing)(?: from| of)?|nadir \+|(?:cut-?offs?|thresholds?|limits?)(?: (?!was|were)[a-z]+){0,3})\s*[(:]?$"
    r"|\b(?:cut-?offs?|thresholds?) (?:[a-z]+ ){0,3}(?:of|was|were|at|set at) $"
    r"|[a-zµμ]/[a-z]{1,3} \($"  # said again in another unit
)
_OF_SUBSTANCE = re.compile(r" of (?!the\b)[a-z]|[ -]+(?:threshold|cut-?off|stimul|dose|group)")
# "with 5.5 mm rods", "15 degrees head-down": the size of a thing that was used, how one lay.
_OF_THING = re.compile(
    r"[ -]+(?:(?!and|or|in|with|after|for|of|at|to|on)[a-z-]+ ){0,2}?(?:rods?|cages?|screws?|needles?|tubes?|tubular|cannulas?|pins?|wires?|plates?|spacers?|endoscopes?|retractors?|burrs?|drills?|catheters?|slices?|collimators?|ports?|head-(?:up|down)|tilt)\b"
)
# "Enlarging the cage from 16 to 24 mm lowered": what was changed, not what came of it.
_CHANGED = re.compile(
    r"\W*(?:increas|enlarg|rais|lower|reduc|decreas|chang|extend|lengthen|shorten)ing (?:(?!\w+ed\b)[^,;.])*$|[^,;.]*\bthe addition of (?:an? )?$"
)
# "20.5 ± 3.1 vs. 27.6 ± 1.5 mmol/l": the last of a row tells the unit of all.
_IN_ROW = re.compile(r"\)?\s*(?:,|,? ?(?:and|to|vs?\.?|versus))\s*")
_PAIR = re.compile(
    r"\(\s*(?P<a>[-−]?\d+(?:\.\d+)?) (?:vs?\.?|versus|compared (?:with|to)) (?P<b>[-−]?\d+(?:\.\d+)?)(?=\)|[,;] ?(?:p\b|#|resp))"
)
_COMPARED = re.compile(
    r"\b(?:(?:high|low|great|few|small|larg|long|short|bett|strong|weak)er|more|less|worse|differ\w*|similar|comparable|increased?|decreased?|reduced?|improved)\b"
)
_STATISTIC = build_rule(
    r"\b(?:mean|median|average)\b(?![^.;:,()]*\b(?:ages?|aged|follow-?ups?|grades?|levels?|class|type|stage)\b)[^.;:,()#\d]{3,70}\b(?:was|were|of|averaged|reached|fell to|rose to)(?: only| about)? $"
)
AVERAGE = re.compile(r"\b(?:mean|median|average[ds]?)\b")
OTHER_NOUN = re.compile(
    r"\s+(?!(?:to|at|after|before|in|on|and|or|vs|versus|pre\w*|post\w*|points?|for|with|over|by|from|during|while|compared|out"
    r"|decreas\w+|increas\w+|fell|rose|drop\w*|declin\w+|reduc\w+|chang\w+|remain\w*|went|had|pre\w*|when|as|but|immediately|respectively|than|whereas|improved|was|were|which|indicating|per|within|until|that|which)\b)[a-z]{3,}"
)


def is_set(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether an amount was given, set or chosen: at 250 µm, a cut-off of 4 ng/ml, 10 mg/kg."""
    low, unit = sitting.scene.low, quantity.unit or ""
    if _is_detail(low, quantity):
        return True
    if is_named(quantity.unit) or quantity.spread is not None or lies_amid(quantity):
        return False
    return bool(
        _DOSED.match(unit)
        or _SET.search(low[max(0, quantity.start - 60) : quantity.start])
        or _OF_SUBSTANCE.match(low, quantity.end)
    )


def _is_detail(low: str, quantity: Quantity) -> bool:
    """Tell whether an amount is the size of a thing that was used, or when something was seen: at 60 min."""
    when = quantity.unit in {"min", "h"} and low.endswith(" at ", 0, quantity.start)
    changed = "ing " in low[: quantity.start] and _CHANGED.fullmatch(low, 0, quantity.start)
    return when or bool(changed) or _OF_THING.match(low, quantity.end) is not None


def is_statistic(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a number without a unit or a known measure is said to measure something.

    "The well-being score was 8.6 ± 2.1", "the mean number of grafts was 3".
    """
    low = sitting.scene.low
    if quantity.value is None or OTHER_NOUN.match(low, quantity.end):
        return False
    if OTHER_UNIT.match(low, quantity.end) or _ends_otherwise(sitting, quantity):
        return False
    if _is_compared(sitting, quantity):
        return True
    told = quantity.spread is not None or lies_amid(quantity)
    spread = told and not low.endswith("age ", 0, quantity.start)
    return spread or _STATISTIC.search(low, 0, quantity.start) is not None


def _is_compared(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a number stands with another in a bracket that a comparison leads to.

    "The number of sessions was lower after it (1.7 vs 2.4, p = 0.004)."
    """
    low = sitting.scene.low
    opened = low.rfind("(", 0, quantity.start)
    pair = _PAIR.match(low, opened) if opened >= 0 else None
    if pair is None or quantity.start not in {pair.start("a"), pair.start("b")}:
        return False
    broken = "." in pair["a"] or "." in pair["b"]
    return _COMPARED.search(low, 0, opened) is not None and (
        broken or AVERAGE.search(low, 0, opened) is not None
    )


def _ends_otherwise(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether the last number of a row has a unit that the number, set beside it, does not show."""
    low, last = sitting.scene.low, quantity
    for each in sitting.scene.quantities:
        if each.start < last.end:
            continue
        if not _IN_ROW.fullmatch(low, last.end, each.start):
            break
        last = each
    alike = last.form not in COUNTED and (last.spread is None) == (quantity.spread is None)
    if last is quantity or not alike:
        return False
    return last.unit is not None or OTHER_UNIT.match(low, last.end) is not None
