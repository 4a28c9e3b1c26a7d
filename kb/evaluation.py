"""Score a built knowledge base against hand annotations of the same texts.

Matching follows the annotation's notes: a claim matches an annotated one when their spans overlap
and the kind is allowed; whole sentences are as good as clauses. Of several, the one whose focus
overlaps most is compared field by field. A slot is right by the annotated concept or a narrower one:
an isolated metastasis is a spinal metastasis. A non-claim that is mark-up inside an annotated claim's
quote counts as shown only where the text that readers see still has it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kb.likeness import shares_words
from kb.tallies import measure_names, number_rates, tally_numbers

_SLOTS = (
    ("procedures", "procedures"),
    ("approaches", "approaches"),
    ("levels", "levels"),
    ("tumour_types", "tumours"),
    ("primary_sites", "sites"),
)
_BASIS = {
    "animal": "animal",
    "cadaver": "cadaver",
    "in_vitro": "in_vitro",
    "finite_element": "model",
    "biomechanical_experiment": "model",
}
# Ids of the annotation that name what the vocabulary has under another id.
_SAME = {"metastatic_spinal_tumour": "spinal_metastasis"}
_WORST = 12
_LISTS = ("missed", "unmatched", "numbers missed", "fields wrong", "numbers not annotated")


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _focus(gold: Mapping[str, Any]) -> tuple[int, int]:
    parts = gold["focus"]
    return (parts[0]["start"], parts[-1]["end"]) if parts else (gold["start"], gold["end"])


def _claimed(claim: Mapping[str, Any]) -> tuple[int, int]:
    if claim["focus_start"] is None:
        return claim["start"], claim["end"]
    return claim["focus_start"], claim["focus_end"]


def _kinds(gold: Mapping[str, Any]) -> set[str]:
    return {gold["core_kind"], *gold["core_kind_alternatives"]} - {None}


def _claims(connection: sqlite3.Connection, source: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        "select claims.* from claims join articles using (article_id)"
        " join records on records.record_id = articles.record_id where records.source = ?",
        [source],
    )
    found = [dict(row) for row in rows]
    for claim in found:
        key = [claim["claim_id"]]
        claim["concepts"] = [
            tuple(each)
            for each in connection.execute(
                "select concept_id, facet from claim_concepts where claim_id = ?", key
            )
        ]
        claim["measurements"] = [
            dict(each)
            for each in connection.execute("select * from measurements where claim_id = ?", key)
        ]
    return found


def evaluate(connection: sqlite3.Connection, folder: Path) -> dict[str, Any]:
    """Return counts, rates and the worst misses, per source and in all."""
    gold = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    sources = sorted({each["seed"] for each in gold["claims"]})
    report: dict[str, Any] = {"sources": {}, **{name: [] for name in _LISTS}}
    total: Counter[str] = Counter()
    names = measure_names(connection)
    wider = _wider(connection)
    for source in sources:
        claims = _claims(connection, source)
        annotated = [each for each in gold["claims"] if each["seed"] == source]
        counts = _source(
            claims,
            annotated,
            [each for each in gold["non_claims"] if each["seed"] == source],
            wider,
            report,
        )
        counts += tally_numbers(claims, annotated, names, report)
        report["sources"][source] = rates(counts)
        total += counts
    report["all"] = rates(total)
    return report


def _source(
    claims: Sequence[dict[str, Any]],
    gold: Sequence[dict[str, Any]],
    nothing: Sequence[dict[str, Any]],
    wider: Mapping[str, frozenset[str]],
    report: dict[str, Any],
) -> Counter[str]:
    counts: Counter[str] = Counter()
    for each in gold:
        near = [
            claim
            for claim in claims
            if _overlap((claim["start"], claim["end"]), (each["start"], each["end"]))
            and claim["kind"] in _kinds(each)
        ]
        if each["priority"] == "must":
            counts["must"] += 1
            counts["found"] += bool(near)
            kind = each["core_kind"] or "background"
            counts[f"must {kind}"] += 1
            counts[f"found {kind}"] += bool(near)
            if not near:
                report["missed"].append(
                    {"id": each["id"], "kind": each["core_kind"], "text": each["clean_quote"][:160]}
                )
        focused = [claim for claim in near if _overlap(_claimed(claim), _focus(each))]
        if focused:
            best = max(
                focused,
                key=lambda claim: (
                    _overlap(_claimed(claim), _focus(each))
                    / (_claimed(claim)[1] - _claimed(claim)[0] + 1)
                ),
            )
            _compare(best, each, wider, counts)
    for claim in claims:
        counts["shown"] += 1
        span = claim["start"], claim["end"]
        hit = any(
            _overlap(span, (each["start"], each["end"])) and claim["kind"] in _kinds(each)
            for each in gold
        )
        counts["right"] += hit
        if not hit:
            report["unmatched"].append(
                {"pattern": claim["pattern"], "kind": claim["kind"], "text": claim["display"][:160]}
            )
    counts["non-claims"] += len(nothing)
    counts["non-claims shown"] += sum(_is_shown(each, claims, gold) for each in nothing)
    return counts


def _wider(connection: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """Return every concept's own id with those of all broader ones."""
    direct = {
        concept: json.loads(broader)
        for concept, broader in connection.execute("select concept_id, broader from concepts")
    }

    def above(concept: str) -> frozenset[str]:
        return frozenset([concept]).union(*(above(each) for each in direct[concept]))

    return {concept: above(concept) for concept in direct}


def _is_shown(
    nothing: Mapping[str, Any],
    claims: Sequence[Mapping[str, Any]],
    gold: Sequence[Mapping[str, Any]],
) -> bool:
    """Tell whether a non-claim is within what a claim shows."""
    span = nothing["start"], nothing["end"]
    inside = any(each["start"] <= span[0] and span[1] <= each["end"] for each in gold)
    return any(
        _overlap((claim["start"], claim["end"]), span)
        and (not inside or nothing["quote"] in claim["display"])
        for claim in claims
    )


def _compare(
    claim: Mapping[str, Any],
    gold: Mapping[str, Any],
    wider: Mapping[str, frozenset[str]],
    counts: Counter[str],
) -> None:
    slots = gold["slots"]
    pairs: dict[str, bool] = {
        "assertion": claim["assertion"] in {gold["assertion"], *gold["assertion_alternatives"]},
        "temporality": claim["temporality"] == gold["temporality"],
        "basis": (_BASIS.get(gold["evidence_basis"]) or "people")
        == (claim["basis"] if claim["basis"] in _BASIS.values() else "people"),
    }
    # A finding that the annotation lets stand for advice advises nothing, for or against.
    advised = gold["core_kind"] == claim["kind"] == "indication"
    if gold["polarity"] and advised:
        pairs["polarity"] = claim["polarity"] == gold["polarity"]
    if slots["strength"] and advised:
        pairs["strength"] = claim["strength"] == slots["strength"]
    told = {claim["direction"], *(each["direction"] for each in claim["measurements"])} - {None}
    if slots["direction"] and told:
        # What a count of harms says of its patients is the annotator's: only a wrong one tells.
        pairs["direction"] = slots["direction"] in told
    if slots["measure"] and claim["measurements"]:
        pairs["claim measure"] = claim["measure"] == slots["measure"]
    if slots["comparator"]:
        pairs["comparator"] = shares_words(slots["comparator"], claim["comparator"] or "")
    groups = [each["group_text"] for each in claim["measurements"] if each["group_text"]]
    if slots["population"] and groups:
        # A group is the source's words, a population the annotator's: only a wrong one tells.
        pairs["group"] = any(shares_words(slots["population"], each) for each in groups)
    for name, right in pairs.items():
        counts[f"{name} of"] += 1
        counts[name] += right
    for slot, facet in _SLOTS:
        expected = {_SAME.get(each, each) for each in slots[slot]}
        got = {concept for concept, each in claim["concepts"] if each == facet}
        counts["slots recall of"] += len(expected)
        counts["slots recall"] += sum(any(each in wider[one] for one in got) for each in expected)
        counts["slots precision of"] += len(got)
        counts["slots precision"] += sum(bool(wider[one] & expected) for one in got)


def rates(counts: Counter[str]) -> dict[str, Any]:
    """Return the rates of the counts; a rate over nothing is None."""

    def rate(part: str, whole: str) -> float | None:
        return round(counts[part] / counts[whole], 3) if counts[whole] else None

    found: dict[str, Any] = {
        "recall": rate("found", "must"),
        "precision": rate("right", "shown"),
        "shown": counts["shown"],
        "must": counts["must"],
    }
    for kind in ("approach", "indication", "outcome", "risk", "background"):
        found[f"recall {kind}"] = rate(f"found {kind}", f"must {kind}")
    for name in (
        "assertion",
        "temporality",
        "basis",
        "polarity",
        "strength",
        "direction",
        "claim measure",
        "comparator",
        "group",
        "slots recall",
        "slots precision",
    ):
        found[name] = rate(name, f"{name} of")
    found["non-claims shown"] = f"{counts['non-claims shown']} of {counts['non-claims']}"
    found |= number_rates(counts)
    return found


def table(report: Mapping[str, Any]) -> str:
    """Return the report as a table for people, with the worst misses under it."""
    names = list(report["all"])
    columns = [*report["sources"], "all"]
    lines = [
        "rates; numbers and their fields: precision recall",
        " " * 20 + "".join(f"{each[:10]:>12}" for each in columns),
    ]
    for name in names:
        cells = [*(each[name] for each in report["sources"].values()), report["all"][name]]
        lines.append(
            f"{name:20}" + "".join(f"{'-' if cell is None else cell:>12}" for cell in cells)
        )
    lines += ["", "missed:"] + [
        f"  {each['id']} {each['kind']}: {each['text']}" for each in report["missed"][:_WORST]
    ]
    lines += ["", "shown without an annotation:"] + [
        f"  {each['kind']} ({each['pattern']}): {each['text']}"
        for each in report["unmatched"][:_WORST]
    ]
    for name in ("numbers missed", "numbers not annotated", "fields wrong"):
        lines += ["", f"{name}:", *(f"  {each}" for each in report[name][: 2 * _WORST])]
    return "\n".join(lines)
