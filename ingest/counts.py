"""Read numbers without a noun as counts, and tell what a count counts where no measure is named."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from ingest.attachment import measure_of
from ingest.populations import referred
from ingest.quantity import Quantity
from ingest.scene import Sitting
from ingest.yamlfile import load_yaml

_COUNTED = Path(__file__).parent / "cues" / "counted.yml"
_VERB = re.compile(
    r"\s*(?:of (?:them|these|whom|which) |others? )?(?:\w+ly )?(?:improved|had|have|were|was|died|developed|experienced|showed|remained|required|underwent|survived"
    r"|regained|recovered|could|did|deteriorated|worsened|achieved|walked|reported|suffered|presented|received|with|sustained|needed|became|maintained|who|met)\b"
)
_GRADES = re.compile(
    r"\b(?:from )?(?:(?:Frankel|ASIA|AIS)(?: grade)? |grade )?[A-E][12]?(?: to |-|–|→)(?:(?:Frankel|ASIA|AIS)(?: grade)? |grade )?[A-E][12]?\b(?!\w)"
)
_IN = re.compile(r"\b(?:in|for) (?:another |the other |the remaining |only |just )?$")


def bare_count(sitting: Sitting, quantity: Quantity) -> Quantity | None:
    """Read a number without a noun as a count where its words say so: of the 32, 23 improved."""
    low = sitting.scene.low
    if (
        quantity.value is None
        or quantity.value != int(quantity.value)
        or quantity.low is not None
        or quantity.unit
    ):
        return None
    named = any(
        each.facet == "scales" and 0 <= quantity.start - each.end < 14
        for each in sitting.scene.mentions
    )
    if named:
        return None  # a category or a value of a scale
    size = int(quantity.value)
    count = replace(quantity, form="count", numerator=size, value=float(size), unit="patients")
    groups = [each for each in sitting.groups if each.end <= quantity.start and each.numerator]
    whole = groups[-1].numerator if groups else None
    these = referred(
        low,
        quantity.start,
        quantity.end,
        sitting.scene.numbers(),
        sitting.populations,
        sitting.sentence,
    )
    whole = these or whole
    before = [
        each for each in sitting.found if each.statistic == "count" and each.unit == "patients"
    ]
    if _VERB.match(low, quantity.end) and (whole or before or quantity.word):
        if whole and size <= whole:
            return replace(count, form="ratio", denominator=whole, value=None)
        return count if before or (quantity.word and size > 1) else None
    if (
        before
        and _IN.search(low[: quantity.start])
        and re.match(r"\s*(?:[,;.)]|and\b|the\b|$)", low[quantity.end :])
    ):
        return count
    mention = measure_of(count, sitting.scene)
    if mention is None:
        return None
    # "three dural tears", "wound infection (3)"
    between = low[quantity.end : mention.start] if mention.start >= quantity.end else None
    if between is not None and re.fullmatch(
        r"\s(?:(?!of\b|in\b|to\b|and\b|or\b)[a-z-]+ ){0,2}", between
    ):
        return replace(count, unit=None)
    bracketed = re.fullmatch(r"s?\s*[(\[]\s*", low[mention.end : quantity.start] or "-")
    return count if bracketed and low[quantity.end : quantity.end + 1] in {")", "]", ","} else None


@cache
def _count_rules() -> tuple[tuple[str, str | None, re.Pattern[str]], ...]:
    rules: list[dict[str, Any]] = load_yaml(_COUNTED)["rules"]
    return tuple((each["measure"], each.get("unit"), re.compile(each["rule"])) for each in rules)


def counted_measure(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return what a count without a named measure counts, by the words of its clause."""
    if quantity.unit not in {"patients", "specimens", "procedures"}:
        return None
    within = bool(re.search(r"\bin (?:[a-z]+ ){0,2}$", sitting.scene.low[: quantity.start]))
    home = sitting.scene.clauses[sitting.scene.clause(quantity.start)]
    clause = sitting.scene.low[home[0] : home[1]]
    return next(
        (
            measure
            for measure, unit, rule in _count_rules()
            if (unit is None or unit == quantity.unit)
            # "In four more patients we identified ..." counts a finding, not who was studied.
            and not (within and measure.startswith("patients_"))
            and rule.search(clause)
        ),
        None,
    )


def grades_of(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return the grades between which counted patients moved: "from Frankel C to E"."""
    if quantity.form not in {"count", "ratio", "share"}:
        return None
    later = [each.start for each in sitting.scene.numbers() if each.start >= quantity.end]
    match = _GRADES.search(sitting.text, quantity.end, min([*later, quantity.end + 90]))
    return match[0] if match else None
