"""Extract the claims of a document: what kind, what it says, how it is meant, with its quote."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ingest import context
from ingest.clauses import enumerated, listed, trim
from ingest.direction import direction_of, strength_of
from ingest.linking import link_claims
from ingest.model import Claim, Document, Measurement, Mention
from ingest.patterns import Pattern, candidates, fits
from ingest.reading import Reading, read_sentences
from ingest.text import display
from ingest.vocabulary import load_concepts
from ingest.yamlfile import load_yaml

Span = tuple[int, int]
_CARRIED = ("procedures", "tumours", "sites", "levels", "approaches")
_PATIENTS = re.compile(
    r"\b(?:patients?|cases?|he|she|his|her|our series|in this series|series)\b", re.IGNORECASE
)
_METHOD_PATTERNS = {
    "procedure_performed",
    "case_presented",
    "technique_definition",
    "procedure_count",
}
_JOINT = re.compile(r",|;|\band\b|\bbut\b|\bversus\b|\bvs\b|\bcompared\b")


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim before its context is read: where it stands and which pattern saw it."""

    pattern: Pattern
    clause: Span
    focus: Span
    measurements: tuple[Measurement, ...] = ()
    measure: str | None = None


@cache
def _narrative() -> re.Pattern[str]:
    rules: dict[str, Any] = load_yaml(Path(__file__).parent / "cues" / "narrative.yml")
    return re.compile("|".join(rules["cues"]), re.IGNORECASE)


def extract(document: Document) -> tuple[Claim, ...]:
    """Return the document's claims in order of place, each with ``quote == text[start:end]``."""
    found: list[Claim] = []
    for reading in read_sentences(document):
        if reading.sentence.role == "none" or _narrative().search(reading.text):
            continue
        drafts = list(_drafts(reading))
        alone = len(drafts) == 1
        found += [_claim(document, reading, draft, alone) for draft in drafts]
    return link_claims(tuple(_unique(found)))


def _unique(claims: list[Claim]) -> Iterator[Claim]:
    seen: set[str] = set()
    for claim in claims:
        if claim.id not in seen:
            seen.add(claim.id)
            yield claim


def _features(reading: Reading, span: Span) -> tuple[set[str], set[str]]:
    """Return what a clause has (facets, numbers, strength words) and the concepts it names."""
    concepts = load_concepts()
    inside = reading.within(span)
    features = {each.facet for each in inside}
    # A pronoun's procedure, tumour or route stands in the sentence or before it.
    features |= {
        each.facet for each in (*reading.mentions, *reading.inherited) if each.facet in _CARRIED
    }
    measures = {each.concept for each in inside if each.facet in {"measures", "scales"}}
    numbers = [each for each in reading.measurements if span[0] <= each.start < span[1]]
    if measures or any(each.measure for each in numbers):
        features.add("measures")
    for name in {*measures, *(each.measure for each in numbers if each.measure)}:
        concept = concepts[name]
        if concept.harm:
            features.add("harms")
        if "complications" in concept.broader or name == "complications":
            features.add("complications")
    if numbers:
        features.add("quantity")
    if any(each.statistic == "count" for each in numbers):
        features.add("count")
    if any(
        each.measure
        and "complications" not in concepts[each.measure].broader
        and each.measure not in {"age", "follow_up"}
        for each in numbers
    ):
        features.add("endpoints")
    text = reading.text[span[0] : span[1]]
    if strength_of(text):
        features.add("strength")
    if context.temporality(reading.text, span) == "future":
        features.add("future")
    return features, {each.concept for each in inside}


def _best(reading: Reading, span: Span) -> tuple[Pattern, re.Match[str] | None] | None:
    text = reading.text[span[0] : span[1]]
    features, concepts = _features(reading, span)
    role = reading.sentence.role
    best: tuple[float, str, Pattern, re.Match[str] | None] | None = None
    for pattern in candidates(text):
        if role == "methods" and pattern.name not in _METHOD_PATTERNS:
            continue
        if role == "aim" and pattern.name != "case_presented":
            continue
        match = fits(pattern, text, features, concepts, role)
        if not match:
            continue
        score = pattern.weight
        if role in {"results", "case"} and pattern.kind == "indication" and pattern.subkind is None:
            score -= 3
        if best is None or (score, pattern.name) > (best[0], best[1]):
            best = (score, pattern.name, pattern, match if isinstance(match, re.Match) else None)
    return (best[2], best[3]) if best else None


def _drafts(reading: Reading) -> Iterator[Draft]:
    whole = (0, len(reading.text))
    found: list[tuple[Pattern, re.Match[str] | None, Span]] = []
    items = _numbered_items(reading, whole)
    if items:
        yield from items
        return
    for span in reading.clauses:
        best = _best(reading, span)
        if best:
            found.append((*best, span))
    if not found and len(reading.clauses) > 1:
        best = _best(reading, whole)
        found = [(*best, whole)] if best else []
    for pattern, match, span in _merged(found):
        yield from _split(reading, pattern, match, span)


def _numbered_items(reading: Reading, whole: Span) -> list[Draft]:
    """Return one draft per numbered item where the whole sentence is one list."""
    items = enumerated(reading.text)
    if len(items) < 2:
        return []
    best = _best(reading, whole)
    if best is None:
        return []
    return [Draft(best[0], item, item) for item in items]


def _merged(
    found: list[tuple[Pattern, re.Match[str] | None, Span]],
) -> list[tuple[Pattern, re.Match[str] | None, Span]]:
    """Join neighbouring clauses that say the same kind of thing by the same pattern, without numbers."""
    kept: list[tuple[Pattern, re.Match[str] | None, Span]] = []
    for pattern, match, span in found:
        if kept and kept[-1][0] is pattern and pattern.kind == "approach":
            kept[-1] = (pattern, kept[-1][1], (kept[-1][2][0], span[1]))
        else:
            kept.append((pattern, match, span))
    return kept


def _split(
    reading: Reading, pattern: Pattern, match: re.Match[str] | None, span: Span
) -> Iterator[Draft]:
    if pattern.listing and match is not None:
        begin = span[0] + match.end()
        if pattern.list_after:
            after = pattern.list_after.search(reading.text, begin, span[1])
            begin = after.end() if after else -1
        items = (
            [
                item
                for item in listed(
                    reading.text[: max(span[1], _list_end(reading.text, span))], begin
                )
                if item[1] - item[0] < 200
            ]
            if begin >= 0
            else []
        )
        if len(items) > 1:
            for item in items:
                numbers = tuple(
                    each for each in reading.measurements if item[0] <= each.start < item[1]
                )
                yield Draft(pattern, item, item, numbers)
            return
    if pattern.split_on is not None:
        cut = pattern.split_on.search(reading.text, *span)
        if cut:
            for item in ((span[0], cut.start()), (cut.end(), span[1])):
                numbers = tuple(
                    each for each in reading.measurements if item[0] <= each.start < item[1]
                )
                yield Draft(pattern, span, item, numbers)
            return
    numbers = tuple(each for each in reading.measurements if span[0] <= each.start < span[1])
    if pattern.kind in {"outcome", "risk"} and numbers and pattern.name not in {"procedure_count"}:
        yield from _by_value(reading.text, pattern, span, numbers)
        return
    if pattern.name == "procedure_count":
        counts = [each for each in numbers if each.statistic in {"count", "percent"}]
        yield from (
            _by_value(reading.text, pattern, span, tuple(counts))
            if 1 < len(counts) <= 3
            else iter([Draft(pattern, span, span, numbers)])
        )
        return
    yield from _by_measure(reading, pattern, span)


def _list_end(text: str, span: Span) -> int:
    """A list runs on to the sentence's end: its items were taken for clauses."""
    return (
        len(text)
        if span[1] >= len(text) - 2 or text[span[1] : span[1] + 2].startswith((";", ","))
        else span[1]
    )


def _by_value(
    text: str, pattern: Pattern, span: Span, numbers: tuple[Measurement, ...]
) -> Iterator[Draft]:
    """One draft per number, but one for the before and after of a change."""
    at = span[0]
    groups: list[list[Measurement]] = []
    for each in numbers:
        if groups and groups[-1][0].start == each.start:
            groups[-1].append(each)
        else:
            groups.append([each])
    for index, group in enumerate(groups):
        stop = (
            span[1]
            if index == len(groups) - 1
            else _cut(text, group[-1].end, groups[index + 1][0].start)
        )
        yield Draft(pattern, span, trim(text, (at, stop)), tuple(group), group[-1].measure)
        at = stop


def _cut(text: str, start: int, end: int) -> int:
    """Return where one number's words end and the next one's begin."""
    marks = list(_JOINT.finditer(text, start, end))
    return marks[-1].start() if marks else start


def _by_measure(reading: Reading, pattern: Pattern, span: Span) -> Iterator[Draft]:
    """One draft per measure where a clause joins several: pain and gait improved."""
    measures = [each for each in reading.within(span) if each.facet in {"measures", "scales"}]
    distinct = {each.concept: each for each in reversed(measures)}
    joined = [each for each in measures if each is distinct[each.concept]]
    if pattern.kind == "outcome" and pattern.subkind is None and len(joined) == 2:
        between = reading.text[joined[0].end : joined[1].start]
        if re.search(r"\band\b|\bbut also\b|\bor\b", between) and len(between) < 60:
            for each in joined:
                yield Draft(pattern, span, (each.start, each.end), (), each.concept)
            return
    yield Draft(pattern, span, span)


def _claim(document: Document, reading: Reading, draft: Draft, alone: bool) -> Claim:
    sentence = reading.sentence
    start, end = sentence.start, sentence.end
    quote = document.text[start:end]
    pattern = draft.pattern
    concepts = load_concepts()
    focused = not (alone and draft.focus == (0, len(reading.text)))
    measure = draft.measure or _measure(reading, draft)
    harm = bool(measure and concepts[measure].harm) or pattern.kind == "risk"
    complication = bool(measure) and "complications" in (
        concepts[measure].broader if measure else ()
    )
    kind = pattern.kind
    scope = draft.clause
    asserted = context.assertion(
        reading.text, scope if pattern.listing is False else draft.focus, harm
    )
    if kind == "outcome" and complication and draft.measurements and asserted == "affirmed":
        kind = "risk"
    if kind == "risk" and asserted == "negated" and pattern.subkind is None:
        kind = "outcome"
    words = reading.text[draft.clause[0] : draft.clause[1]]
    strength = strength_of(words) if kind == "indication" or pattern.polarity else None
    polarity = (
        (strength.polarity if strength else pattern.polarity)
        if kind in {"indication", "approach"} or pattern.subkind == "mitigation"
        else None
    )
    measurements = tuple(
        replace(each, start=each.start + start, end=each.end + start, direction=None)
        for each in draft.measurements
    )
    claim = Claim(
        id="",
        kind=kind,
        subkind=pattern.subkind,
        start=start,
        end=end,
        quote=quote,
        display=display(document.text, start, end, document.record.markers),
        section=sentence.section,
        pattern=pattern.name,
        focus_start=start + draft.focus[0] if focused else None,
        focus_end=start + draft.focus[1] if focused else None,
        assertion=asserted,
        temporality=context.temporality(reading.text, scope),
        basis=_basis(reading, draft),
        species=reading.basing.species,
        attribution=reading.attribution,
        cited_references=reading.references,
        polarity=polarity if kind != "outcome" else None,
        strength=(strength.strength if strength else pattern.strength)
        if kind in {"indication", "approach", "risk"} and (polarity or strength)
        else None,
        strength_wording=strength.wording if strength and polarity else None,
        condition=context.condition(reading.text, scope),
        direction=direction_of(words, kind, asserted, concepts[measure] if measure else None),
        measure=measure,
        mentions=_mentions(reading, draft, start),
        measurements=measurements,
    )
    return replace(claim, id=claim_id(document.record.sha256, claim))


def claim_id(source: str, claim: Claim) -> str:
    """Return a claim's id: a hash of its source's content, place, focus and kind."""
    parts = (
        source,
        claim.kind,
        claim.start,
        claim.end,
        claim.focus_start,
        claim.focus_end,
        claim.pattern,
    )
    return "c" + hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:14]


def _measure(reading: Reading, draft: Draft) -> str | None:
    stated = next((each.measure for each in draft.measurements if each.measure), None)
    if stated:
        return stated
    if draft.pattern.kind == "approach":
        return None
    for span in (draft.focus, draft.clause):
        found = [each for each in reading.within(span) if each.facet == "measures"] or [
            each for each in reading.within(span) if each.facet == "scales"
        ]
        if found:
            return found[0].concept
    return None


def _basis(reading: Reading, draft: Draft) -> Any:
    based = reading.basing.basis
    if based != "patients":
        return based
    observed = (
        bool(draft.measurements)
        or reading.sentence.role in {"results", "case"}
        or bool(_PATIENTS.search(reading.text))
    )
    general = draft.pattern.kind == "indication" and reading.sentence.role not in {
        "results",
        "case",
    }
    return "patients" if observed and not general else "expert"


def _mentions(reading: Reading, draft: Draft, start: int) -> tuple[Mention, ...]:
    """Return the claim's concepts: those in its clause, then of the sentence, then inherited."""
    span = (
        draft.clause
        if draft.clause[1] - draft.clause[0] >= draft.focus[1] - draft.focus[0]
        else draft.focus
    )
    found = {each.concept: each for each in reversed(reading.within(span))}
    facets = {each.facet for each in found.values()}
    for each in reading.mentions:
        if each.facet in _CARRIED and each.facet not in facets:
            found.setdefault(each.concept, replace(each, inherited=True))
    facets = {each.facet for each in found.values()}
    carried: dict[str, Mention] = {}
    for each in reading.inherited:
        if (
            each.facet in {"procedures", "tumours", "sites", "approaches"}
            and each.facet not in facets
        ):
            carried.setdefault(each.concept, each)
    local = [
        replace(each, start=each.start + start, end=each.end + start) for each in found.values()
    ]
    return tuple(
        sorted(
            [*local, *carried.values()], key=lambda each: (each.inherited, each.start, each.concept)
        )
    )
