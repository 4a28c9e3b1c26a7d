"""Give each number of a sentence its own measure, population, unit and time point."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.attachment import measure_of, paired_measures, time_of
from ingest.model import Concept, Measurement, Mention
from ingest.quantities import find_quantities
from ingest.quantity import Quantity
from ingest.times import find_times

_MEAN = re.compile(r"\b(?:mean|average[ds]?|averaging)\b|\bon average\b", re.IGNORECASE)
_MEDIAN = re.compile(r"\bmedian\b", re.IGNORECASE)
_RANGE = re.compile(
    r"^\W*(?:(?:total )?range[ds]?|IQR|inter-?quartile range)?\W*(?:of|from|was|between)?\W*$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\b(?:based on|known in|of|among|in|for|from|the|these|our|all)(?:\s+(?:the|these|our|those|any of the))?\s*$",
    re.IGNORECASE,
)
# A bare number before a noun of its own ("4 parameters") is no score.
_NAMED = re.compile(
    r"\s+(?!(?:to|at|after|before|in|on|and|or|vs|versus|pre\w*|post\w*|points?|for|with|over|by|from|during|while|compared|out|when|as|but|immediately|respectively|than|whereas|improved|was|were)\b)[a-z]{3,}"
)
_VERB = re.compile(
    r"^\s*(?:\w+ly )?(?:improved|had|were|was|died|developed|experienced|showed|remained|required|underwent|survived|regained|recovered|could|did|deteriorated|worsened|achieved|walked|reported|suffered|presented|received)\b"
)
_DIFFERENCE = re.compile(
    r"\b(?:prolonged|shortened|increased|decreased|reduced|longer|shorter|difference) (?:by|of)\b",
    re.IGNORECASE,
)
_THAT_OF = re.compile(r"\b(?:that|those) (?:of|in|for)\b", re.IGNORECASE)
Population = tuple[int, int]  # a number of patients and where it was read


def _statistic(text: str, quantity: Quantity) -> str:
    if quantity.form == "effect":
        return quantity.statistic or "risk_ratio"
    if quantity.form in {"percent", "share", "ratio", "count"}:
        return {"percent": "percent", "count": "count"}.get(quantity.form, "count")
    around = text[max(0, quantity.start - 70) : quantity.start]
    around = (
        re.split(r"[;]|\band\b(?! \w+ (?:mean|median))", around)[-1]
        if _MEAN.search(around) is None
        else around
    )
    after = text[quantity.end : quantity.end + 14]
    if _DIFFERENCE.search(text[max(0, quantity.start - 40) : quantity.start]):
        return "difference"
    if _MEDIAN.search(around):
        return "median"
    if _MEAN.search(around) or re.match(r"\s*on average", after):
        return "mean"
    if quantity.operator in {"<", ">", "<=", ">="}:
        return "threshold"
    return (
        "range"
        if quantity.low is not None and quantity.value is None and quantity.form != "change"
        else "value"
    )


def _is_population(text: str, quantity: Quantity, quantities: Sequence[Quantity]) -> bool:
    """Tell whether a count only names the group that other numbers are about."""
    if quantity.form == "ratio" and quantity.start < 25 and quantity.percent is None:
        # "43 of the 64 patients ... had a survival of 66 %": the subject of other numbers.
        return any(each.form == "percent" and each.start > quantity.end for each in quantities)
    if quantity.form != "count":
        return False
    lead = _OF.search(text[max(0, quantity.start - 24) : quantity.start])
    others = [
        each for each in quantities if each is not quantity and each.form not in {"p", "interval"}
    ]
    return (
        bool(lead)
        and bool(others)
        and not re.search(r"\bin\s*$", text[max(0, quantity.start - 5) : quantity.start])
    )


def _reconciled(quantity: Quantity, populations: Sequence[Population]) -> int | None:
    """Return the latest population that the count and its percent agree with."""
    if quantity.numerator is None or quantity.percent is None:
        return None
    decimals = len(str(quantity.percent).split(".")[-1].rstrip("0"))
    slack = 0.5 * 10**-decimals + 0.01
    for size, _ in reversed(populations):
        if (
            size >= quantity.numerator
            and abs(100 * quantity.numerator / size - quantity.percent) <= slack
        ):
            return size
    return None


def read_populations(text: str) -> list[int]:
    """Return the numbers of patients a sentence names, in order."""
    found = []
    for quantity in find_quantities(text):
        if quantity.unit != "patients":
            continue
        if quantity.form == "count" and quantity.numerator:
            found.append(quantity.numerator)
        elif quantity.form == "ratio" and quantity.denominator:
            found += [quantity.denominator, quantity.numerator or quantity.denominator]
        elif quantity.form == "share" and quantity.numerator:
            found.append(quantity.numerator)
    return found


def read_measurements(
    text: str,
    mentions: Sequence[Mention],
    concepts: Mapping[str, Concept],
    spans: Sequence[tuple[int, int]],
    populations: Sequence[Population],
    inherited: str | None = None,
) -> tuple[Measurement, ...]:
    """Return the measurements of a sentence; offsets are those of ``text``.

    ``mentions`` are of measures and scales, ``spans`` the clauses, ``populations`` the group
    sizes read before, ``inherited`` the measure that a leading pronoun stands for.
    """
    quantities = list(find_quantities(text))
    times = list(find_times(text))
    found: list[Measurement] = []
    values = [each for each in quantities if each.form in {"percent", "share", "value", "ratio"}]
    groups = [each for each in quantities if _is_population(text, each, quantities)]
    paired = paired_measures(text, quantities, mentions, concepts)
    for quantity in quantities:
        if quantity.form in {"p", "interval"}:
            found = _attached(found, quantity)
            continue
        if quantity in groups:
            continue
        if found and _is_range_of(text, found[-1], quantity):
            found[-1] = replace(found[-1], low=quantity.low, high=quantity.high)
            continue
        mention = measure_of(quantity, mentions, concepts, spans, text)
        elliptic = _THAT_OF.search(text[: quantity.start]) if found else None
        peers = [each for each in values if each.form == quantity.form]
        rank = peers.index(quantity) if quantity in peers else 0
        time = time_of(quantity, rank, len(peers), times, text, spans)
        measure = paired.get(quantity.start) or (mention.concept if mention else None)
        if found and _is_parallel(text, found[-1], quantity, mentions):
            measure = found[-1].measure
        read = _measured(text, quantity, measure, time, quantities, groups, populations, inherited)
        if elliptic and elliptic.start() > found[-1].end:
            # "that of" stands for the measure of the clause before, and for its time point.
            read = [
                replace(
                    each,
                    measure=found[-1].measure,
                    time_months=found[-1].time_months,
                    time_text=found[-1].time_text,
                )
                for each in read
            ]
        found += read
    if not found and mentions:
        found = [_deadline(text, each, mentions) for each in times if each.operator == "<="]
    return tuple(found)


def _is_parallel(
    text: str, last: Measurement, quantity: Quantity, mentions: Sequence[Mention]
) -> bool:
    """Tell whether a number goes on with the finding before it: "in 8.7 % of A and in 22.7 % of B"."""
    if quantity.form not in {"share", "ratio", "percent"} or last.statistic not in {
        "count",
        "percent",
    }:
        return False
    between = text[last.end : quantity.start]
    named = any(last.end <= each.start < quantity.start for each in mentions)
    return (
        not named
        and len(between) < 60
        and bool(
            re.search(
                r"\b(?:and|versus|vs\.?|compared (?:with|to))(?: (?:in|to|with))?\s*$", between
            )
        )
    )


def _deadline(text: str, time: Quantity, mentions: Sequence[Mention]) -> Measurement:
    """Return the time itself where it is the finding: walked again within two months."""
    nearest = min(mentions, key=lambda each: abs(each.start - time.start))
    return Measurement(
        measure=nearest.concept,
        statistic="threshold",
        start=time.start,
        end=time.end,
        value=time.value,
        operator="<=",
        unit=time.unit,
        time_months=time.months,
        time_text=text[time.start : time.end],
    )


def _is_range_of(text: str, last: Measurement, quantity: Quantity) -> bool:
    if (
        quantity.low is None
        or quantity.high is None
        or quantity.form not in {"value", "score", "percent"}
    ):
        return False
    if last.value is None and last.percent is None:
        return False
    between = text[last.end : quantity.start]
    same = quantity.unit in {last.unit, None} or quantity.form == "score"
    return (
        len(between) < 34
        and same
        and bool(_RANGE.match(re.sub(r"on average|months?|years?|days?|ml|points?", "", between)))
    )


def _attached(found: list[Measurement], quantity: Quantity) -> list[Measurement]:
    if not found:
        return found
    last = found[-1]
    if quantity.form == "p":
        last = replace(last, p_operator=quantity.operator, p_value=quantity.value)
    else:
        last = replace(last, ci_low=quantity.low, ci_high=quantity.high, ci_level=quantity.value)
    return [*found[:-1], last]


def _measured(
    text: str,
    quantity: Quantity,
    measure: str | None,
    time: Quantity | None,
    quantities: Sequence[Quantity],
    groups: Sequence[Quantity],
    populations: Sequence[Population],
    inherited: str | None,
) -> list[Measurement]:
    if measure is None and inherited and quantity.form in {"value", "percent", "score"}:
        measure = inherited
    if quantity.unit == "complications" and quantity.numerator == 1:
        return []  # "at least one complication" counts no complications
    if quantity.form == "score":
        counted = _bare_count(text, quantity, groups)
        if counted is None and (measure is None or _NAMED.match(text[quantity.end :])):
            return []
        quantity = counted or quantity
    if (
        quantity.form == "value"
        and measure is None
        and quantity.unit in {None, "points", "levels", "years"}
    ):
        return []
    size, denominator = _group_of(quantity, quantities, groups, populations)
    base = Measurement(
        measure=measure,
        statistic=_statistic(text, quantity),
        start=quantity.start,
        end=quantity.end,
        value=quantity.value if quantity.form != "count" else float(quantity.numerator or 0),
        low=quantity.low,
        high=quantity.high,
        spread=quantity.spread,
        operator=quantity.operator,
        unit=quantity.unit,
        numerator=quantity.numerator,
        denominator=denominator,
        n=size,
        percent=quantity.percent,
        time_months=time.months if time else None,
        time_text=text[time.start : time.end] if time else None,
    )
    if quantity.form == "percent":
        base = replace(base, value=quantity.percent)
    if base.numerator is not None and base.denominator and base.percent is None:
        base = replace(base, percent_derived=round(100 * base.numerator / base.denominator, 1))
    if quantity.form == "change":
        first = replace(
            base,
            value=quantity.low,
            low=None,
            high=None,
            statistic="value",
            time_text="before",
            time_months=None,
        )
        last = replace(
            base,
            value=quantity.high,
            low=None,
            high=None,
            statistic="value",
            time_text=base.time_text or "after",
        )
        return [first, last]
    return [base]


def _bare_count(text: str, quantity: Quantity, groups: Sequence[Quantity]) -> Quantity | None:
    """Read "Of the 32 patients, 23 improved" as 23 of 32."""
    before = [each for each in groups if each.end <= quantity.start and each.numerator]
    if not before or quantity.value is None or quantity.value != int(quantity.value):
        return None
    if not _VERB.match(text[quantity.end :]) or quantity.value > (before[-1].numerator or 0):
        return None
    return replace(
        quantity,
        form="ratio",
        numerator=int(quantity.value),
        denominator=before[-1].numerator,
        value=None,
        unit="patients",
    )


def _group_of(
    quantity: Quantity,
    quantities: Sequence[Quantity],
    groups: Sequence[Quantity],
    populations: Sequence[Population],
) -> tuple[int | None, int | None]:
    """Return (n, denominator) that the source gives a number; None where it gives none."""
    if quantity.denominator is not None:
        return quantity.denominator, quantity.denominator
    here = [
        (each.numerator, each.start)
        for each in groups
        if each.numerator and each.end <= quantity.start
    ]
    if quantity.form == "share":
        size = _reconciled(
            quantity, [*populations, *[(number, at) for number, at in here if number]]
        )
        return size, size
    if here:
        return here[-1][0], None
    if quantity.form in {"percent", "value"}:
        subjects = [
            each
            for each in quantities
            if each.form in {"ratio", "count"}
            and each.unit == "patients"
            and each.end <= quantity.start
            and each.numerator
        ]
        # Another finding's count is no group: only a number that opens the sentence is.
        if subjects and subjects[0].start < 25:
            return subjects[0].numerator, None
    return None, None
