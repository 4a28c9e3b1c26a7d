"""Find what an article is about: the concepts of its title, else what its text names most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.concepts.adjuncts import adjuncts
from ingest.concepts.bearing import leading, short_for
from ingest.concepts.mentions import match
from ingest.language.anaphora import GENERAL
from ingest.language.starts import build_rule
from ingest.model import Document, Mention
from ingest.vocabulary import above

_OFTEN = 4
_AGAIN = 3
# What a tumour is called beside its own name, or that it is one of several kinds.
_CLASSES = frozenset(
    {"metastasis", "primary_spinal_tumour", "primary_malignant", "pathological_fracture"}
    | {
        "recurrent_spinal_tumour",
        "aggressive_benign",
        "hypervascular_tumour",
        "isolated_metastasis",
    }
)
# "Laminectomy versus fusion for ...": what a title weighs ends at the next preposition.
_VERSUS = build_rule(r"\b(?:versus|vs)\b", re.IGNORECASE)
_CLOSE = build_rule(r"[:?]|\b(?:for|in|of|on|following|after|among)\b", re.IGNORECASE)
# "The mobile spine and sacrum": the part that is named is not where all of them lay.
_BESIDES = build_rule(
    r"\bspine (?:and|or) (?:the )?(?:sacrum|coccyx|pelvis|ilium|sacrococcygeal|skull)|\b(?:sacrum|pelvis) (?:and|or) (?:the )?(?:mobile |vertebral )?(?:spine|column)",
    re.IGNORECASE,
)
# "In the era of targeted therapy" tells when, "mimicking schwannoma" what it was not.
_ERA = build_rule(
    r"\b(?:(?:era|age|time|advent|introduction) of|mimicking|mimics?|simulating|resembling|imitating|masquerading as|(?:misdiagnosed|mistaken|misinterpreted) (?:as|for))"
    r" (?:the |an? )?(?:[\w-]+ ){0,2}$",
    re.IGNORECASE,
)
# How far an operation went, or when a treatment was given, is not which it was.
_NO_TOPIC = frozenset({"adjuvant_therapy", "total_resection"})
# One tumour seldom takes more vertebrae.
_EXTENT = 6
_LESION = build_rule(
    r"\b(?:patient|he|she|year-old|tumou?r|lesion|mass|metastas[ei]s|fracture)\b", re.IGNORECASE
)
CARRIED = ("procedures", "tumours", "sites", "levels", "approaches")
"""Facets that a sentence takes from its context where it names none of its own."""


def wider_than(topic: tuple[Mention, ...]) -> frozenset[str]:
    """Return the concepts above those of the topic: named alone they stand for the topic's own."""
    return frozenset().union(*(above(each.concept) for each in topic))


def headed(document: Document, place: int, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Yield what the headings that a section stands under name, the nearest first."""
    path = document.sections[place].path
    heads = [
        each for each in document.sections if each.path and each.path == path[: len(each.path)]
    ]
    for head in reversed(heads):
        for each in mentions:
            if (
                head.heading_start <= each.start
                and each.end <= head.heading_end
                and each.facet in {"procedures", "approaches", "tumours"}
            ):
                yield replace(each, inherited=True)


def find_topic(
    document: Document,
    mentions: tuple[Mention, ...],
    abbreviations: Mapping[str, str],
    single: bool,
) -> tuple[Mention, ...]:
    """Return what the article is about: its title's concepts, else the commonest operation."""
    title = document.record.title
    named = leading(title, match(title, abbreviations)) if title else ()
    named = tuple(each for each in named if not _ERA.search(title or "", 0, each.start))
    operations = [each for each in named if each.facet == "procedures"]
    meant = short_for(operations, mentions, len(title or ""))
    topic = [
        Mention(meant.get(each.concept, each.concept), each.facet, 0, 0, inherited=True)
        for each in named
        # The "percutaneous" of percutaneous fixation says no more than the operation's name.
        if each.facet in CARRIED
        and not (
            each.facet == "approaches"
            and any(one.start < each.end and each.start < one.end for one in operations)
        )
    ]
    routes = [each for each in named if each.facet == "approaches"]
    weighed = (*_weighed(title or "", operations), *_sides(title or "", routes))
    topic = [each for each in topic if each.concept not in weighed]
    if not (weighed and operations) and all(
        each.facet != "procedures" or each.concept in GENERAL for each in topic
    ):
        topic += _commonest(mentions)
    if not any(each.facet == "tumours" for each in named):
        topic += _commonest_tumour(mentions)
    if title and _BESIDES.search(title):
        topic = [each for each in topic if each.facet != "levels"]
    if single and any(each.facet == "levels" for each in topic):
        topic = list(_seated(topic, _seats(document, mentions)))
    return tuple(topic)


def _seats(document: Document, mentions: Sequence[Mention]) -> Iterator[str]:
    """Yield the levels named in sentences on the patient or the lesion, in order."""
    for sentence in document.sentences:
        levels = [
            each.concept
            for each in mentions
            if each.facet == "levels" and sentence.start <= each.start < sentence.end
        ]
        if levels and _LESION.search(document.masked, sentence.start, sentence.end):
            yield from levels


def _seated(topic: Sequence[Mention], seats: Iterable[str]) -> Iterator[Mention]:
    """Yield a single case's topic with the vertebrae that its text names for its title's region."""
    named = dict.fromkeys(seats)
    for each in topic:
        regions = above(each.concept) or {each.concept}
        inside = [one for one in named if regions & above(one) and one[-1].isdigit()]
        if each.concept[-1].isdigit():
            inside = []  # the title's own vertebra
        if each.facet == "levels" and 0 < len(inside) <= _EXTENT:
            yield from (replace(each, concept=one) for one in inside)
        else:
            yield each


def _commonest(mentions: tuple[Mention, ...]) -> Iterator[Mention]:
    """Yield the operation named most often, if it is named again and again and no other is."""
    counts = Counter(
        each.concept
        for each in mentions
        if each.facet == "procedures"
        and each.concept not in {*GENERAL, "reconstruction", *_NO_TOPIC, *adjuncts()}
    )
    rivals = Counter(each.concept for each in mentions if each.concept in _NO_TOPIC)
    ranked = counts.most_common(2)
    most = ranked[0][1] if ranked else 0
    if (
        most >= _OFTEN
        and (len(ranked) < 2 or ranked[1][1] < most)
        and most >= 2 * max([0, *rivals.values()])
    ):
        yield Mention(ranked[0][0], "procedures", 0, 0, inherited=True)


def _commonest_tumour(mentions: tuple[Mention, ...]) -> Iterator[Mention]:
    """Yield the tumour named again and again, where hardly any other kind is named."""
    counts = Counter(each.concept for each in mentions if each.facet == "tumours")
    ranked = [name for name, _ in counts.most_common() if name not in GENERAL]
    if not ranked or ranked[0] in _CLASSES or counts[ranked[0]] < _AGAIN:
        return
    kin = {ranked[0], *above(ranked[0])}
    others = [counts[name] for name in ranked if name not in kin and ranked[0] not in above(name)]
    if 2 * sum(others) <= counts[ranked[0]]:
        yield Mention(ranked[0], "tumours", 0, 0, inherited=True)


def _sides(title: str, routes: Sequence[Mention]) -> Iterator[str]:
    """Yield the routes that a title sets against each other: a claim is of that which it names."""
    found = _VERSUS.search(title) if " v" in title.casefold() else None
    sides = {found is not None and each.end <= found.start() for each in routes}
    if found and len(sides) > 1:
        yield from (each.concept for each in routes)


def _weighed(title: str, operations: Sequence[Mention]) -> Iterator[str]:
    """Yield what a title only weighs its operation against: no claim is of it that does not name it."""
    found = _VERSUS.search(title) if " v" in title.casefold() else None
    if found:
        close = _CLOSE.search(title, found.end())
        last = close.start() if close else len(title)
        before = {each.concept for each in operations if each.end <= found.start()}
        after = [each.concept for each in operations if found.end() <= each.start < last]
        kin = before.union(*map(above, before))
        if before:
            yield from (each for each in after if each not in kin)
