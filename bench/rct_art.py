"""Score numbers and their attachment on the result sentences of RCT-ART, two sets of cancer trials.

Run: python bench/rct_art.py [FOLDER]. Nothing is trained here: both sets are tests.

What corresponds: their MEAS is our number without p values, intervals, ratios and the sizes of
groups; their OC is our mention of a measure (our vocabulary is that of spinal surgery, theirs is
open); their OC_RES is the measure that a number is given; their A1_RES and A2_RES tie a number to
its arm, our group. The even sentences of each set were read to write the rules for arms, so that
the odd ones are reported apart. Published with transformers trained on 800 sentences: entities F1 .838, relations
.774 out of domain (Whitton and Hunter, J Biomed Inform 2023).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ingest.concepts.mentions import match
from ingest.groups.populations import is_group
from ingest.language.clauses import clauses
from ingest.measurements.attachment import measure_of
from ingest.measurements.rows import paired_measures, runs
from ingest.measures import read_measurements
from ingest.model import Concept, Mention
from ingest.numbers.designations import mask_designations
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import Quantity
from ingest.numbers.scene import Scene
from ingest.numbers.times import find_occasions, find_times
from ingest.vocabulary import load_concepts

Span = tuple[int, int]
_SETS = ("solid_tumour_cancer", "blood_cancer")


def _spans(row: dict[str, Any], label: str) -> list[Span]:
    return [(each["start"], each["end"]) for each in row["spans"] if each["label"] == label]


def _numbers(text: str) -> list[Quantity]:
    found = find_quantities(text)
    low = mask_designations(text)
    return [
        each
        for each in found
        if each.form not in {"p", "interval", "effect"} and not is_group(low, each, found)
    ]


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _hits(ours: list[Span], theirs: list[Span], exact: bool) -> tuple[int, int, int, int]:
    """Return (right of ours, ours, found of theirs, theirs)."""

    def same(one: Span, other: Span) -> bool:
        return one == other if exact else _overlap(one, other)

    right = sum(any(same(one, other) for other in theirs) for one in ours)
    found = sum(any(same(one, other) for one in ours) for other in theirs)
    return right, len(ours), found, len(theirs)


def _rates(counts: Iterable[tuple[int, int, int, int]]) -> str:
    right, ours, found, theirs = (sum(each) for each in zip(*counts, strict=True))
    precision, recall = right / max(ours, 1), found / max(theirs, 1)
    score = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"precision {precision:.3f}  recall {recall:.3f}  F1 {score:.3f}  (of {theirs})"


def _given_outcomes(row: dict[str, Any]) -> tuple[set[tuple[Span, Span]], set[tuple[Span, Span]]]:
    """Return (ours, theirs): pairs of outcome and number, the entities being given."""
    text = row["text"]
    outcomes = sorted(_spans(row, "OC"))
    names = {f"oc{at}": span for at, span in enumerate(outcomes)}
    concepts = {name: Concept(name, "scales", name, harm=True) for name in names}
    mentions = [Mention(name, "scales", *span) for name, span in names.items()]
    found = find_quantities(text)
    quantities = [
        next(
            (each for each in found if _overlap((each.start, each.end), span)),
            Quantity("percent" if "%" in text[span[0] : span[1]] else "value", *span),
        )
        for span in sorted(_spans(row, "MEAS"))
    ]
    adverbs, adjectives = find_occasions(text)
    scene = Scene(
        mask_designations(text),
        clauses(text),
        quantities,
        mentions,
        concepts,
        find_times(text),
        adverbs,
        adjectives,
    )
    paired = paired_measures(scene, runs(scene))
    ours = set()
    for span, quantity in zip(sorted(_spans(row, "MEAS")), quantities, strict=True):
        mention = measure_of(quantity, scene)
        name = paired.get(quantity.start) or (mention.concept if mention else None)
        if name:
            ours.add((names[name], span))
    theirs = {
        (_ends(each["head_span"]), _ends(each["child_span"]))
        for each in row["relations"]
        if each["label"] == "OC_RES"
    }
    return ours, theirs


def _ends(span: dict[str, Any]) -> Span:
    return span["start"], span["end"]


def _end_to_end(row: dict[str, Any]) -> tuple[int, int, int, int]:
    """Score our own measure and number of a sentence, by overlap with theirs."""
    text = row["text"]
    concepts = load_concepts()
    mentions = [each for each in match(text) if each.facet in {"measures", "scales"}]
    read = read_measurements(text, mentions, concepts, clauses(text), ())
    ours = [
        ((each.start, each.end), [(m.start, m.end) for m in mentions if m.concept == each.measure])
        for each in read
        if each.measure and not each.statistic.endswith("ratio")
    ]
    theirs = [
        (_ends(each["head_span"]), _ends(each["child_span"]))
        for each in row["relations"]
        if each["label"] == "OC_RES"
    ]

    def same(one: tuple[Span, list[Span]], other: tuple[Span, Span]) -> bool:
        return _overlap(one[0], other[1]) and any(_overlap(each, other[0]) for each in one[1])

    right = sum(any(same(one, other) for other in theirs) for one in ours)
    found = sum(any(same(one, other) for one in ours) for other in theirs)
    return right, len(ours), found, len(theirs)


def _arms(row: dict[str, Any]) -> tuple[int, int, int, int]:
    """Score the arm that each number is given, end to end, by overlap with theirs."""
    text = row["text"]
    mentions = [each for each in match(text) if each.facet in {"measures", "scales"}]
    read = read_measurements(text, mentions, load_concepts(), clauses(text), ())
    ours = [
        ((each.group_start, each.group_end), (each.start, each.end))
        for each in read
        if each.group_start is not None and each.group_end is not None
    ]
    theirs = [
        (_ends(each["head_span"]), _ends(each["child_span"]))
        for each in row["relations"]
        if each["label"] in {"A1_RES", "A2_RES"}
    ]

    def same(one: tuple[Span, Span], other: tuple[Span, Span]) -> bool:
        return _overlap(one[0], other[0]) and _overlap(one[1], other[1])

    right = sum(any(same(one, other) for other in theirs) for one in ours)
    found = sum(any(same(one, other) for one in ours) for other in theirs)
    return right, len(ours), found, len(theirs)


def _rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["answer"] == "accept":
            yield row


def main(folder: Path) -> None:
    for name in _SETS:
        rows = list(_rows(folder, name))
        print(f"{name}: {len(rows)} sentences")
        for exact in (True, False):
            how = "exact" if exact else "overlap"
            numbers = [
                _hits([(q.start, q.end) for q in _numbers(r["text"])], _spans(r, "MEAS"), exact)
                for r in rows
            ]
            print(f"  MEAS, {how:8} {_rates(numbers)}")
            named = [
                _hits(
                    [
                        (m.start, m.end)
                        for m in match(r["text"])
                        if m.facet in {"measures", "scales"}
                    ],
                    _spans(r, "OC"),
                    exact,
                )
                for r in rows
            ]
            print(f"  OC,   {how:8} {_rates(named)}")
        pairs = [_given_outcomes(row) for row in rows]
        given = [
            (len(ours & theirs), len(ours), len(ours & theirs), len(theirs))
            for ours, theirs in pairs
        ]
        print(f"  OC_RES, their entities given  {_rates(given)}")
        print(f"  OC_RES, end to end, overlap   {_rates([_end_to_end(row) for row in rows])}")
        for half, part in (("read", rows[::2]), ("unread", rows[1::2])):
            print(f"  A1/A2,  end to end, {half:9} {_rates([_arms(row) for row in part])}")
            ended = [_end_to_end(row) for row in part]
            print(f"  OC_RES, end to end, {half:9} {_rates(ended)}")


if __name__ == "__main__":
    main(
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else Path(__file__).resolve().parents[2] / "shared" / "data" / "rct_art"
    )
