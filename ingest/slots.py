"""Fill a claim's slots: which concepts of its words, its sentence and its context it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.anaphora import names_operation
from ingest.belonging import kept_apart, of_arm
from ingest.drafts import Draft
from ingest.linking import adjuncts
from ingest.model import Basis, Kind, Mention
from ingest.reading import CARRIED, GENERAL, Reading
from ingest.vocabulary import above

_SIDES = frozenset({"anterior", "posterior", "lateral", "anterolateral", "posterolateral"})
# What has failed before is no treatment that the claim is about.
_FAILED = re.compile(
    r"\b(?:resistant|refractory|unresponsive|insensitive) to |\bfail(?:ed|ure of|ing) ",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:versus|vs|than|compared|comparison|alone|without|or|rather)\b", re.IGNORECASE
)
_POINTER = re.compile(r"\b(?:this|these|such|the (?:above|same))(?: [\w-]+){1,4}", re.IGNORECASE)
_GROUP = re.compile(r"[- ](?:groups?|arms?|cohorts?)\b")
# Treatments, and all narrower ones, that are no operation.
_NOT_OPERATED = frozenset(
    {
        "radiotherapy",
        "systemic_treatment",
        "adjuvant_therapy",
        "conservative_therapy",
        "palliative_treatment",
        "hospice_care",
        "corticosteroids",
        "bracing",
        "rehabilitation",
        "no_surgery",
        "multidisciplinary_treatment",
    }
)
# Where a title's patients came from says nothing of a general statement.
_PLACES = frozenset({"levels", "sites"})


def fill_slots(
    reading: Reading, draft: Draft, kind: Kind, basis: Basis, lead: int
) -> tuple[Mention, ...]:
    """Return a claim's concepts: those of its words, then of its sentence, then inherited.

    ``lead`` is where the first item of a list begins: an item has what stands before it, and not
    what other items name. Offsets are those of the document's text.
    """
    apart = kept_apart(reading, draft.measurements)
    named = [
        each
        for each in _named(reading, kind)
        if not any(first <= each.start and each.end <= last for first, last in apart)
    ]
    own = {each.concept: each for each in reversed(_own(reading, draft, named))}
    facets = {each.facet for each in own.values()}
    for each in named:
        if draft.listed and each.end > lead:
            continue
        if each.facet == "topics" or (
            each.facet in CARRIED and (draft.listed or each.facet not in facets)
        ):
            own.setdefault(each.concept, replace(each, inherited=True))
    kept = dict(_specific(own.values(), reading, draft))
    carried = of_arm(
        reading, draft.measurements, kept, _inherited(reading, draft, kind, basis, kept.values())
    )
    others = [each for each in carried if each.concept not in GENERAL]
    start = reading.sentence.start
    local = [
        replace(each, start=each.start + start, end=each.end + start)
        for each in kept.values()
        if each.concept not in GENERAL or not _said(each, others)
    ]
    return tuple(
        sorted([*local, *carried], key=lambda each: (each.inherited, each.start, each.concept))
    )


def _named(reading: Reading, kind: Kind) -> Iterator[Mention]:
    """Yield a sentence's concepts without those that only belong to another's name.

    A result of posterior fixation is not one of a posterior route, the screws of a screw's
    breakage are no fixation, and of pain resistant to radiation no radiation is given.
    """
    measures = [each for each in reading.mentions if each.facet == "measures"]
    low = reading.text.lower()
    told = any(each in low for each in ("resist", "refract", "unrespons", "insensit", "fail"))
    failed = [each.end() for each in _FAILED.finditer(reading.text)] if told else []
    whole = kind in {"approach", "indication"}
    operations = [] if whole else [each for each in reading.mentions if each.facet == "procedures"]
    for each in reading.mentions:
        if each.concept in _SIDES and any(
            one.start <= each.start and each.end <= one.end and each.concept in one.concept
            for one in operations
        ):
            continue
        if each.facet == "procedures" and any(one.start < each.end < one.end for one in measures):
            continue
        if each.facet == "procedures" and any(
            end <= each.start and reading.text.count(" ", end, each.start) < 2 for end in failed
        ):
            continue
        yield each


def _own(reading: Reading, draft: Draft, named: list[Mention]) -> list[Mention]:
    """Return the concepts of a claim's own words: of several numbers each has those beside it."""
    begin, end = draft.own
    inside = [each for each in named if begin <= each.start and each.end <= end]
    if draft.listed or draft.focus == draft.clause or not draft.measurements:
        return inside
    beside = [
        each for each in inside if draft.focus[0] <= each.start and each.end <= draft.focus[1]
    ]
    facets = {
        each.facet
        for each in beside
        if each.facet in CARRIED
        and (each.concept not in GENERAL or _GROUP.match(reading.text, each.end))
    }
    return [each for each in inside if each in beside or each.facet not in facets]


def _specific(
    found: Iterable[Mention], reading: Reading, draft: Draft
) -> Iterator[tuple[str, Mention]]:
    """Yield the concepts that no narrower one beside them already says.

    "Surgery" beside a named operation and "tumour" beside a named one add nothing, nor does
    "spondylectomy" where its kind is named; what is compared stays.
    """
    found = list(found)
    named = [each for each in found if each.concept not in GENERAL]
    wider = _covered(found) & {each.concept for each in found}
    if wider and _COMPARED.search(reading.text, *draft.clause):
        wider = set()
    for each in found:
        if each.concept in GENERAL:
            if not _said(each, named):
                yield each.concept, each
        elif each.concept not in wider:
            yield each.concept, each


def _said(general: Mention, named: Iterable[Mention]) -> bool:
    """Tell whether named concepts say what a general word does: no radiation says "surgery"."""
    operating = general.concept == "surgery"
    return any(
        each.facet == general.facet
        and not (operating and {each.concept, *above(each.concept)} & _NOT_OPERATED)
        for each in named
    )


def _covered(found: Iterable[Mention]) -> set[str]:
    """Return the operations and tumours that narrower ones among some concepts already say."""
    return {
        wider
        for each in found
        if each.facet in {"procedures", "tumours"}
        for wider in above(each.concept)
    }


def _inherited(
    reading: Reading, draft: Draft, kind: Kind, basis: Basis, found: Iterable[Mention]
) -> list[Mention]:
    """Return the context's concepts of every facet that the sentence fills in general words or not at all.

    The nearest source that fills a facet does: what the sentence points to, its heading, the title.
    """
    found = list(found)
    filled = {
        each.facet
        for each in found
        if each.concept not in GENERAL and each.concept not in reading.wider
    }
    unfit = _unfit(draft, kind, basis, found)
    filled |= unfit
    helps = draft.pattern.subkind == "mitigation" and _only_helps(found)
    named = {each.concept for each in found}
    carried: dict[str, Mention] = {}
    # What is held to be so in general is not of the title's operation.
    general = basis == "expert" and kind != "approach" and draft.pattern.subkind != "mitigation"
    for place, source in enumerate(reading.inherited):
        if place == 2 and general:
            filled.add("procedures")
        if source and place == 0 and names_operation(reading.text) and not _modified(reading):
            filled -= {"approaches", "procedures"} & {each.facet for each in source}
        elif place and helps and "procedures" not in unfit:
            filled.discard("procedures")
        fresh = [each for each in source if each.facet not in filled and each.concept not in named]
        wider = _covered(fresh)
        specific = {each.facet for each in fresh if each.concept not in GENERAL}
        for each in fresh:
            if each.concept in wider or (each.concept in GENERAL and each.facet in specific):
                continue
            carried.setdefault(each.concept, each)
        filled |= {each.facet for each in fresh}
    return list(carried.values())


def _modified(reading: Reading) -> bool:
    """Tell whether the word that points back names its operation itself: "this embolization technique"."""
    head = _POINTER.search(reading.text)
    return head is not None and any(
        head.start() <= each.start < head.end() and each.concept not in GENERAL
        for each in reading.mentions
        if each.facet in {"procedures", "approaches"}
    )


def _only_helps(found: Iterable[Mention]) -> bool:
    """Tell whether all operations named are adjuncts of another: an embolization, a glue."""
    named = [each.concept for each in found if each.facet == "procedures"]
    return bool(named) and all(each in adjuncts() for each in named)


def _unfit(draft: Draft, kind: Kind, basis: Basis, found: list[Mention]) -> set[str]:
    """Return the facets that a claim of this sort does not take from its context."""
    unfit: set[str] = set()
    if basis == "expert" or draft.pattern.subkind == "background":
        unfit |= _PLACES
    if draft.pattern.subkind in {"background", "prognostic"}:
        unfit.add("procedures")
    general = any(each.concept == "surgery" for each in found)
    if general and kind == "indication":
        unfit.add("procedures")
    return unfit
