"""Score measurements field by field against hand annotations of the same texts.

A number of ours is matched to an annotated one where it stands inside the annotated quote, in a
claim of an allowed kind (failing that, of any kind), and holds its main number; of several the
nearest to the focus. A field that the annotation leaves empty and we fill is a false one, and one
that we leave empty is missed; so are all fields of a number that is not found at all.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kb.likeness import agrees

FIELDS = (
    "value",
    "range",
    "operator",
    "unit",
    "numerator",
    "denominator",
    "percent",
    "percent_derived",
    "n",
    "time",
    "measure",
    "statistic",
)
_FRACTIONS = {"1/3": 0.333, "2/3": 0.667, "1/2": 0.5}


def _number(printed: object) -> float | None:
    if isinstance(printed, (int, float)):
        return float(printed)
    return _FRACTIONS.get(printed) if isinstance(printed, str) else None


def _numbers(tree: object) -> Iterator[float]:
    """Yield the numbers anywhere in a breakdown."""
    if isinstance(tree, (int, float)):
        yield float(tree)
    elif isinstance(tree, dict):
        for each in tree.values():
            yield from _numbers(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from _numbers(each)


def _expected(gold: Mapping[str, Any]) -> dict[str, Any]:
    slots = gold["slots"]
    ends = [_number(each) for each in slots["range"] or []]
    flags = set(gold["flags"])
    found = {
        "value": _number(slots["value"]),
        "range": tuple(ends) if ends else None,
        "operator": slots["operator"] or ("~" if "approximate" in flags else None),
        "unit": slots["unit"],
        "numerator": slots["numerator"],
        "denominator": slots["denominator"],
        "percent": slots["percent"],
        "percent_derived": slots["percent_derived"],
        "n": slots["n"],
        "time": slots["timepoint"],
        "measure": slots["measure"],
        "statistic": "mean"
        if "mean" in flags
        else "difference"
        if "difference_not_absolute" in flags
        else None,
    }
    if found["value"] is None and ((ends and None in ends) or ends[:1] == [0.0]):
        # A range without a value and open at one end is one value with a bound.
        bound = "<=" if ends[0] == 0.0 else ">"
        found |= {
            "range": None,
            "value": next(each for each in ends if each),
            "operator": found["operator"] or bound,
        }
    return {key: value for key, value in found.items() if value is not None}


def _main(expected: Mapping[str, Any]) -> set[float]:
    """Return the numbers that tell this annotated value from others."""
    for name in ("numerator", "percent", "value"):
        if name in expected:
            number = float(expected[name])
            # "No ... in any of the 97" writes no 0.
            return (
                {number, float(expected["denominator"])}
                if number == 0 and "denominator" in expected
                else {number}
            )
    return {each for each in expected.get("range", ()) if each}


def _held(row: Mapping[str, Any]) -> set[float]:
    names = ("value", "percent", "numerator", "low", "high")
    return {float(row[each]) for each in names if row[each] is not None}


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    ends = (row["low"], row["high"])
    found = {name: row[name] for name in FIELDS if name in row}
    found |= {
        "range": ends if ends != (None, None) else None,
        "time": row["time_text"] and (row["time_text"], row["time_months"]),
    }
    return {key: value for key, value in found.items() if value is not None}


def _redundant(name: str, given: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """Tell whether a field that the annotation leaves empty says nothing of its own."""
    if name == "statistic":
        return True  # annotated in a few cases only
    if name in {"value", "numerator"}:
        return float(given[name]) in _main(expected)
    if name == "unit":
        return str(given["unit"]) in {"percent", "patients", "points"}
    if name == "percent_derived":
        return True  # compared where annotated; the arithmetic is the schema's own
    if name == "n":
        return bool(given["n"] == given.get("denominator"))
    if name == "denominator":
        return bool(given["denominator"] == expected.get("n"))
    return False


def measure_names(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """Return every name that a measure or scale of the vocabulary goes by, and its broader ones."""
    found: dict[str, set[str]] = {}
    for key, label, synonyms, broader in connection.execute(
        "select concept_id, label, synonyms, broader from concepts"
    ):
        own = [key, label, *json.loads(synonyms), *json.loads(broader)]
        found[key] = {each.lower().replace("_", " ") for each in own}
    return found


def tally_numbers(
    claims: Sequence[Mapping[str, Any]],
    gold: Sequence[Mapping[str, Any]],
    names: Mapping[str, set[str]],
    report: dict[str, Any],
) -> Counter[str]:
    """Return counts per field of one source, and add the misses to the report's lists.

    ``wanted f``/``given f``/``right f`` count fields of matched numbers and of missed ones;
    ``numbers wanted/given/found/right`` count the numbers themselves.
    """
    counts: Counter[str] = Counter()
    used: set[str] = set()
    for each in gold:
        expected = _expected(each)
        main = _main(expected)
        if each["priority"] == "optional" or not main:
            continue
        row = _nearest(claims, each, main)
        strict = row is not None
        # Whether a claim's kind is right is scored elsewhere; its numbers' fields are scored here.
        row = row or _nearest(claims, each, main, any_kind=True)
        counts["numbers wanted"] += 1
        for name in expected:
            counts[f"wanted {name}"] += 1
        if row is None:
            report["numbers missed"].append(f"{each['id']} {sorted(main)}: {_place(each)}")
            continue
        counts["numbers found"] += strict
        counts["numbers read"] += 1
        used.add(row["measurement_id"])
        wrong = _compare(row, expected, names, counts)
        counts["numbers exact"] += not wrong
        if wrong:
            report["fields wrong"].append(f"{each['id']} {row['written']!r}: " + "; ".join(wrong))
    for claim in claims:
        for row in claim["measurements"]:
            counts["numbers given"] += 1
            if row["measurement_id"] in used or _is_annotated(claim, row, gold):
                counts["numbers right"] += 1
            else:
                report["numbers not annotated"].append(
                    f"{row['measure']} {row['written']!r}: {claim['display'][:120]}"
                )
    return counts


def _place(gold: Mapping[str, Any]) -> str:
    text = " ... ".join(each["text"] for each in gold["focus"] or []) or gold["clean_quote"]
    return str(text)[:110]


def _nearest(
    claims: Sequence[Mapping[str, Any]],
    gold: Mapping[str, Any],
    main: set[float],
    any_kind: bool = False,
) -> Mapping[str, Any] | None:
    parts = gold["focus"] or [gold]
    kinds = {gold["core_kind"], *gold["core_kind_alternatives"]}
    start, end = parts[0]["start"], parts[-1]["end"]
    rows = [
        row
        for claim in claims
        for row in claim["measurements"]
        if (any_kind or claim["kind"] in kinds)
        and row["start"] < gold["end"]
        and row["end"] > gold["start"]
        and _held(row) & main
    ]
    return min(
        rows,
        key=lambda row: max(start - row["end"], row["start"] - end, 0),
        default=None,
    )


def _compare(
    row: Mapping[str, Any],
    expected: Mapping[str, Any],
    names: Mapping[str, set[str]],
    counts: Counter[str],
) -> list[str]:
    given = _given(row)
    if "range" in expected and "range" not in given and row["ci_low"] is not None:
        # An annotation gives an interval of confidence as a range.
        given["range"] = row["ci_low"], row["ci_high"]
    # A denominator is the number that the finding is about.
    if "n" in expected and "n" not in given and "denominator" in given:
        given["n"] = given["denominator"]
    wrong = []
    for name in FIELDS:
        if name in given and name not in expected and _redundant(name, given, expected):
            continue
        if name == "value" and name in expected and name not in given:
            # "5 of 97" is stored by its counts, "95 %" by its percent.
            given[name] = next(iter(_held(row) & _main(expected)), None)
            if given[name] is None:
                del given[name]
        if name == "unit" and name in expected and _is_statistic(expected[name], row):
            given[name] = expected[name]
        right = (
            name in given and name in expected and agrees(name, expected[name], given[name], names)
        )
        counts[f"given {name}"] += name in given
        counts[f"right {name}"] += right
        if not right and (name in given or name in expected):
            wrong.append(f"{name} {given.get(name)!r} for {expected.get(name)!r}")
    return wrong


def _is_statistic(unit: str, row: Mapping[str, Any]) -> bool:
    """Tell whether an annotated unit names what we hold as the statistic: hazard_ratio, AUC, SMD."""
    spoken = unit.lower().replace("-", "_").replace(" ", "_")
    known = {
        "smd": "difference",
        "hr": "hazard_ratio",
        "or": "odds_ratio",
        "rr": "risk_ratio",
        "relative_risk": "risk_ratio",
    }
    return bool(known.get(spoken, spoken) == row["statistic"])


def _is_annotated(
    claim: Mapping[str, Any], row: Mapping[str, Any], gold: Sequence[Mapping[str, Any]]
) -> bool:
    """Tell whether an annotation of the place names the number at all, in whatever slot."""
    for each in gold:
        if not (row["start"] < each["end"] and row["end"] > each["start"]):
            continue
        slots = each["slots"]
        known = {
            *_main(_expected(each)),
            *_numbers(slots["breakdown"]),
            *_numbers([slots["n"], slots["denominator"]]),
        }
        if _held(row) & known:
            return True
    return False


def number_rates(counts: Mapping[str, int]) -> dict[str, str | None]:
    """Return precision and recall of the numbers and of every field, as "p .95 r .90 (of 20)"."""

    def rate(right: int, given: int, found: int, wanted: int) -> str | None:
        if not wanted and not given:
            return None
        shown = [
            f"{part / whole:.2f}" if whole else "-"
            for part, whole in ((right, given), (found, wanted))
        ]
        return " ".join(shown)

    found = {
        "numbers": rate(
            counts["numbers right"],
            counts["numbers given"],
            counts["numbers found"],
            counts["numbers wanted"],
        )
    }
    found["  of any kind"] = rate(
        counts["numbers right"],
        counts["numbers given"],
        counts["numbers read"],
        counts["numbers wanted"],
    )
    total = [0, 0, 0]
    for name in FIELDS:
        right, given, wanted = (counts[f"{part} {name}"] for part in ("right", "given", "wanted"))
        total = [total[0] + right, total[1] + given, total[2] + wanted]
        found[f"  {name}"] = rate(right, given, right, wanted)
    found["all fields"] = rate(total[0], total[1], total[0], total[2])
    return found
