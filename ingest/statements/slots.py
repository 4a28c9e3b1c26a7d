"""Fill a claim's slots: which concepts of its words, its sentence and its context it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from ingest.concepts import bearing
from ingest.concepts.adjuncts import adjuncts
from ingest.concepts.topic import CARRIED
from ingest.language.anaphora import GENERAL, names_operation, names_route
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, holds_any, lowered
from ingest.model import Basis, Kind, Mention
from ingest.reading import MEASURED, Reading
from ingest.statements.belonging import aside, kept_apart, of_arm, opposed
from ingest.statements.draft import Draft
from ingest.statements.findings import (
    counts_treated,
    describes_patients,
    follows_treatment,
    tells_of_study,
)
from ingest.statements.narrowing import (
    compares,
    covered,
    fell_short,
    is_whole,
    narrowest,
    regions_of,
    says_general,
)
from ingest.vocabulary import above, load_concepts

# What has failed before is no treatment that the claim is about.
_FAILED = build_rule(
    r"\b(?:resistant|refractory|unresponsive|insensitive) to |\bfail(?:ed|ure of|ing) ",
    re.IGNORECASE,
)
# Among metastases these name where they came from, and no tumour of the spine.
_ORIGINS = {
    "primary_malignant": frozenset({"primary malignancy", "primary malignancies"}),
    "primary_spinal_tumour": frozenset(
        {"primary tumors", "primary tumours", "primary neoplasm", "primary neoplasms"}
    ),
}
_SPREAD = frozenset({"metastasis", "bone_metastasis"})
# A factor with its own weight is another than the one beside it.
_WEIGHT = re.compile(
    r"(?: [\w-]+)? [(\[](?:(?:adjusted|hazard|odds) )?(?:[ahos]?HR|a?OR|RR|ratio|[pP]\s?[=<])"
)
# What another number of the sentence measures is not this number's.
_RELATED = build_rule(
    r"(?i)\b(?:associat|correlat|predict|relat|influenc|affect|depend|estimat|discriminat|prognos|than)"
)
_FORETELLS = build_rule(r"(?i)\b(?:associat|correlat|predict|factors?\b|influenc|affect|prognos)")
_NEAR = 24
_POINTER = build_rule(r"\b(?:this|these|such|the (?:above|same))(?: [\w-]+){1,4}", re.IGNORECASE)
_GROUP = re.compile(r"[- ](?:groups?|arms?|cohorts?)\b")
# Where a title's patients came from and were entered says nothing of a general statement.
_PLACES = frozenset({"levels", "sites", "approaches"})
# A claim that tells of an operation without naming it.
_OPERATED = build_rule(r"\b(?:(?:post|intra|peri|pre)-?op|operat|surg)", re.IGNORECASE)
# Of those who had no treatment none is told.
_UNTREATED = build_rule(
    r"(?i)\b(?:untreated|unoperated) (?:patients|individuals|subjects|participants|cases|tumou?rs|lesions)\b"
)
# "Our technique" is the article's own.
_OURS = r"\b(?:our|the (?:present|described|proposed|presented)) (?:\w+ )?(?:technique|procedure|method|operation|approach)\b"
# A half set against what stands before it has its own operation, unless it points back.
_TURN = build_rule(r";|\b(?:although|though|whereas|while|otherwise)\b", re.IGNORECASE)
_BACK = build_rule(r"\b(?:it|its|they|their|them|this|these|such)\b", re.IGNORECASE)


@cache
def _ours() -> Wordings:
    return compile_wordings([_OURS])


def fill_slots(
    reading: Reading, draft: Draft, kind: Kind, basis: Basis, lead: int, against: str | None = None
) -> tuple[Mention, ...]:
    """Return a claim's concepts: those of its words, then of its sentence, then inherited.

    ``against`` is what the claim is set against: of two groups' numbers each has its own operation.
    ``lead`` is where the first item of a list begins: an item has what stands before it, and not
    what other items name. Offsets are those of the document's text.
    """
    apart = [
        *kept_apart(reading, draft.measurements),
        *opposed(reading, draft.clause, draft.measurements, against),
        *aside(reading, draft.measurements),
    ]
    named = [
        each
        for each in _named(reading, draft, kind)
        if not any(first <= each.start and each.end <= last for first, last in apart)
    ]
    own = {each.concept: each for each in reversed(_own(reading, draft, named))}
    facets = {each.facet for each in own.values()}
    for each in named:
        if draft.listed and each.end > lead:
            continue
        if each.facet == "topics" or (
            each.facet in CARRIED
            and (draft.listed or (each.facet not in facets and _shared(reading, draft, each)))
        ):
            own.setdefault(each.concept, replace(each, inherited=True))
    kept = dict(narrowest(own.values(), reading, draft))
    carried = of_arm(
        reading, draft.measurements, kept, _inherited(reading, draft, kind, basis, kept.values())
    )
    named_apart = {each.concept for span in apart for each in reading.within(span)}
    carried = [each for each in carried if each.concept not in named_apart - kept.keys()]
    if fell_short(reading, draft):
        kept = {name: each for name, each in kept.items() if not is_whole(each, draft)}
        carried = [each for each in carried if not is_whole(each, draft)]
    others = [each for each in carried if each.concept not in GENERAL]
    kept = _without_moves(reading, kept, others)
    start = reading.sentence.start
    # "Spondylectomy" in an article on TES is TES: the narrower one is said once.
    wider = covered(others) | regions_of(others) if others else set()
    if wider and compares(reading, draft):
        wider = set()
    local = [
        Mention(each.concept, each.facet, each.start + start, each.end + start, each.inherited)
        for each in kept.values()
        if (each.concept not in GENERAL or not says_general(each, others))
        and each.concept not in wider
    ]
    return tuple(
        sorted([*local, *carried], key=lambda each: (each.inherited, each.start, each.concept))
    )


def _without_moves(
    reading: Reading, kept: dict[str, Mention], others: Iterable[Mention]
) -> dict[str, Mention]:
    """Return what a claim names without the steps of an operation that it names or inherits."""
    if kept.keys().isdisjoint(bearing.concepts_of("steps")):
        return kept
    steps = bearing.moves(kept.values(), lowered(reading.text))
    whole = {
        each.concept
        for each in (*kept.values(), *others)
        if each.facet == "procedures" and each.concept not in {*GENERAL, *steps, *adjuncts()}
    }
    return {name: each for name, each in kept.items() if name not in steps} if whole else kept


def _shared(reading: Reading, draft: Draft, mention: Mention) -> bool:
    """Tell whether a clause takes a concept from another of its sentence.

    What was done is told ahead, in the same breath and by its name; whom it was done for anywhere.
    """
    if mention.facet not in {"procedures", "approaches"}:
        return not _is_factor(reading, draft, mention)
    if mention.start > draft.clause[0] or mention.concept in GENERAL:
        return False
    if draft.pattern.subkind in {"background", "prognostic"}:
        return False
    begin = draft.clause[0]
    turned = _TURN.search(reading.text, mention.end, begin + len("otherwise"))
    return not turned or bool(_BACK.search(reading.text, begin, begin + _NEAR))


def _named(reading: Reading, draft: Draft, kind: Kind) -> Iterator[Mention]:
    """Yield a sentence's concepts without those that only belong to another's name or are asides.

    A result of posterior fixation is not one of a posterior route, the screws of a screw's
    breakage are no fixation, and of pain resistant to radiation no radiation is given.
    """
    measures = [each for each in reading.mentions if each.facet == "measures"]
    low = lowered(reading.text)
    told = holds_any(low, ("resist", "refract", "unrespons", "insensit", "fail"))
    failed = [each.end() for each in _FAILED.finditer(reading.text)] if told else []
    whole = draft.pattern.name.startswith("approach") or kind == "indication"
    operations = [each for each in reading.mentions if each.facet == "procedures"]
    sides = operations
    if whole and not any(_is_route(each, operations) for each in reading.mentions):
        sides = []
    when: set[str] = set()
    if operations and kind != "approach" and bearing.tells_when(low):
        pointed = names_operation(reading.text)
        when = bearing.circumstances(operations, low, pointed)
    harms = [each for each in measures if load_concepts()[each.concept].harm]
    for each in reading.mentions:
        done = each.facet == "procedures"
        if not done and each.facet != "approaches":
            barred = bearing.set_aside(each, low, kind == "indication")
            if not (bearing.befell(each, low) or barred or _is_origin(reading, each, low)):
                yield each
            continue
        if done and (
            each.concept in when
            or any(
                one.start < each.end < one.end or one.start < each.start < each.end == one.end
                for one in measures
            )
            or any(
                end <= each.start and reading.text.count(" ", end, each.start) < 2 for end in failed
            )
            or bearing.is_object(each, harms, low)
            or bearing.only_times(each, low)
            or bearing.only_watches(each, low)
        ):
            continue
        if bearing.within_name(each, sides) or bearing.set_aside(each, low, kind == "indication"):
            continue
        yield each


def _is_origin(reading: Reading, mention: Mention, low: str) -> bool:
    """Tell whether a primary tumour is where an article's metastases came from."""
    words = _ORIGINS.get(mention.concept)
    if not words or low[mention.start : mention.end] not in words:
        return False
    beside = low[max(0, mention.start - 40) : mention.end + 40]
    if mention.concept == "primary_spinal_tumour" and "metasta" in beside:
        return False  # set beside metastases they are tumours of their own
    return any(
        each.facet == "tumours" and not _SPREAD.isdisjoint({each.concept, *above(each.concept)})
        for each in reading.inherited[-1]
    )


def _is_route(mention: Mention, operations: Iterable[Mention]) -> bool:
    """Tell whether a mention names a way in by itself, not within an operation's name."""
    return mention.facet == "approaches" and not any(
        one.start < mention.end and mention.start < one.end for one in operations
    )


def _own(reading: Reading, draft: Draft, named: list[Mention]) -> list[Mention]:
    """Return the concepts of a claim's own words: of several numbers each has those beside it."""
    begin, end = draft.own
    inside = [each for each in named if begin <= each.start and each.end <= end]
    if draft.listed or draft.focus == draft.clause:
        return inside
    if not draft.measurements:
        return inside if _RELATED.search(reading.text) else _of_one(draft, inside)
    beside = [
        each for each in inside if draft.focus[0] <= each.start and each.end <= draft.focus[1]
    ]
    facets = {
        each.facet
        for each in beside
        if each.facet in CARRIED
        and (each.concept not in GENERAL or _GROUP.match(reading.text, each.end))
    }
    if draft.pattern.subkind == "prognostic":
        inside = _without_factors(reading, draft, inside)
    measured = {each.measure for each in draft.measurements} | {draft.measure}
    others = {each.measure for each in reading.measurements} - measured
    if measured == {None}:
        others.clear()
    return [
        each
        for each in inside
        if each in beside
        or (
            each.facet not in facets
            and not _is_factor(reading, draft, each)
            and not (each.facet in MEASURED and each.concept in others)
        )
    ]


def _without_factors(reading: Reading, draft: Draft, inside: list[Mention]) -> list[Mention]:
    """Return a clause's concepts without the factors beside that of a claim's own number."""
    first, last = draft.measurements[0].start, draft.measurements[-1].end
    verb = _FORETELLS.search(reading.text, last, draft.clause[1])
    begin, end = min(draft.focus[0], first), verb.start() if verb else draft.clause[1]
    return [
        each
        for each in inside
        if begin <= each.start < last or each.start >= end or (verb is None and each.start > last)
    ]


def _of_one(draft: Draft, inside: list[Mention]) -> list[Mention]:
    """Return a clause's concepts without what else it measures: of "pain and gait" each its own."""
    begin, end = draft.focus
    return [
        each
        for each in inside
        if draft.measure is None
        or each.facet not in MEASURED
        or (begin <= each.start and each.end <= end)
    ]


def _is_factor(reading: Reading, draft: Draft, mention: Mention) -> bool:
    """Tell whether a concept is one of several prognostic factors, with a weight of its own."""
    return draft.pattern.subkind == "prognostic" and bool(_WEIGHT.match(reading.text, mention.end))


def _inherited(
    reading: Reading, draft: Draft, kind: Kind, basis: Basis, found: Iterable[Mention]
) -> list[Mention]:
    """Return the context's concepts of every facet that the sentence fills in general words or not at all.

    The nearest source that fills a facet does: what the sentence points to, its heading, the title.
    """
    found = list(found)
    titled = any(each.facet == "tumours" for each in reading.inherited[-1])
    general = reading.wider | (bearing.concepts_of("classes") if titled else frozenset())
    filled = {
        each.facet for each in found if each.concept not in GENERAL and each.concept not in general
    }
    unfit = _unfit(reading, draft, kind, basis, found)
    if _only_adds(draft, kind, found) and not _modified(reading):
        filled.discard("procedures")
    filled |= unfit
    named = {each.concept for each in found}
    carried: dict[str, Mention] = {}
    # What is held to be so in general is not of the title's operation.
    held = basis == "expert" and kind != "approach" and draft.pattern.subkind != "mitigation"
    held = held and not tells_of_study(reading, kind)
    for place, source in enumerate(_sources(reading, draft, kind)):
        if place == 2:
            filled |= {"procedures"} if held else set()
            filled -= {"procedures"} if _ours().found(lowered(reading.text)) else set()
        if source and place == 0 and names_operation(reading.text) and not _modified(reading):
            filled -= {"approaches", "procedures"} & {each.facet for each in source}
        fresh = [each for each in source if each.facet not in filled and each.concept not in named]
        if not fresh:
            continue
        wider = covered(fresh)
        specific = {each.facet for each in fresh if each.concept not in GENERAL}
        for each in fresh:
            if each.concept in wider or (each.concept in GENERAL and each.facet in specific):
                continue
            carried.setdefault(each.concept, each)
        filled |= {each.facet for each in fresh if not place or each.concept not in adjuncts()}
    return list(carried.values())


def _sources(reading: Reading, draft: Draft, kind: Kind) -> Iterator[list[Mention]]:
    """Yield what a claim may inherit of what it points to, of its headings and of the title.

    "This approach" is the route before it, where there is one. A tumour in general words tells
    nothing to filter by, plain surgery only where the claim speaks of an operation. A heading's
    adjunct is what lowers a risk; the risk is of the operation.
    """
    risky = kind == "risk" and draft.pattern.subkind != "mitigation"
    for place, source in enumerate(reading.inherited):
        if not source:
            yield []
            continue
        facets = {each.facet for each in source}
        routed = place == 0 and "approaches" in facets and names_route(reading.text)
        general = any(each.concept == "surgery" for each in source)
        operated = general and (
            bool(_OPERATED.search(reading.text))
            or (place == 2 and reading.operated and follows_treatment(reading, draft, kind))
        )
        yield [
            each
            for each in source
            if not (routed and each.facet == "procedures")
            and not (each.concept in GENERAL and not (operated and each.concept == "surgery"))
            and not (place == 1 and risky and each.concept in adjuncts())
        ]


def _modified(reading: Reading) -> bool:
    """Tell whether a sentence that points back names its operation itself.

    "This embolization technique" does, and "kyphoplasty was safe and this technique ...".
    """
    head = _POINTER.search(reading.text)
    return head is not None and any(
        each.start < head.end() and each.concept not in GENERAL
        for each in reading.mentions
        if each.facet in {"procedures", "approaches"}
    )


def _only_adds(draft: Draft, kind: Kind, found: Iterable[Mention]) -> bool:
    """Tell whether what a result names was only added to an operation, or done about its harm."""
    if kind not in {"outcome", "risk"} or draft.pattern.subkind == "mitigation":
        return False
    named = {each.concept for each in found if each.facet == "procedures"}
    return bool(named) and named <= bearing.concepts_of("later") | bearing.concepts_of("completing")


def _unfit(
    reading: Reading, draft: Draft, kind: Kind, basis: Basis, found: list[Mention]
) -> set[str]:
    """Return the facets that a claim of this sort does not take from its context."""
    unfit: set[str] = set()
    # What one case teaches is no longer told of its place.
    taught = reading.single and reading.sentence.role == "conclusion" and not draft.measurements
    studied = tells_of_study(reading, kind)
    general = basis == "expert" and not studied
    if general or draft.pattern.subkind == "background" or taught:
        # What an article concludes is still of the disease in its title.
        unfit |= _PLACES - ({"sites"} if reading.sentence.role == "conclusion" else set())
    if describes_patients(reading, draft) or _UNTREATED.search(reading.text, *draft.clause):
        unfit.add("procedures")
    found_so = reading.sentence.role == "results" or bool(draft.measurements)
    told = draft.pattern.subkind == "prognostic" and (studied or (basis == "patients" and found_so))
    if draft.pattern.subkind in {"background", "prognostic"} and not (
        told or counts_treated(reading, draft)
    ):
        unfit.add("procedures")
    plain = any(each.concept == "surgery" for each in found)
    if plain and kind == "indication":
        unfit.add("procedures")
    return unfit
