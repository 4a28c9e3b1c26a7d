"""Hold what is known of an article while its sentences are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from ingest.basing import Basing, home_of
from ingest.concepts.bearing import had_surgery, tells_surgery
from ingest.concepts.mentions import match
from ingest.concepts.topic import find_topic, wider_than
from ingest.groups.cohorts import Dealt, Finder, is_of_others
from ingest.groups.enrolment import groups_people, sets_apart
from ingest.groups.evens import Evens
from ingest.groups.halves import Halves
from ingest.groups.partitions import Partitions
from ingest.groups.populations import counted_besides, read_populations
from ingest.groups.roster import Roster
from ingest.groups.single import is_single_case
from ingest.language.abbreviations import find_abbreviations
from ingest.language.wording import lowered
from ingest.measurements.transitions import OTHER_TREATMENT
from ingest.model import Document, Measurement, Mention
from ingest.numbers.scene import Population
from ingest.vocabulary.levels import without_stages

# "Separation surgery followed by radiosurgery": what was done before, at or after each operation.
_BESIDE_SURGERY = re.compile(
    r"(?i)\b(?:post|pre|intra)-?operative(?: [\w-]+){0,3} (?:radi|sbrt|chemo|embol)\w*"
    r"|(?:surgery|ectomy|decompression|resection|excision|stabili[sz]ation|fixation) (?:followed by|plus|combined with) (?:[\w-]+ ){0,4}(?:radi|sbrt|chemo)\w*"
    r"|\b(?:radi|sbrt)\w*(?: [\w-]+){0,2} (?:after|following) (?:[\w-]+ ){0,3}(?:surgery|\w+ectomy|decompression|resection|excision|stabili[sz]ation)"
)
# As much of a text as an abstract has.
_OPENING = 4000


@dataclass(frozen=True, slots=True)
class Article:
    """What is known of a document before its sentences are read, and what they add to it.

    ``mentions`` are in order; ``home`` is what the results of an abstract were observed in.
    ``populations``, their ``sizes``, ``roster``, ``arms`` and ``dealt`` grow sentence by sentence;
    ``headings`` are what those of each section name. ``surgical`` is true where all had an operation.
    """

    document: Document
    cohort_of: Finder
    mentions: tuple[Mention, ...]
    topic: tuple[Mention, ...]
    wider: frozenset[str]
    home: Basing
    single: bool
    operated: bool
    surgical: bool
    populations: list[Population]
    roster: Roster
    arms: dict[str, tuple[Mention, ...]] = field(default_factory=dict)
    dealt: list[Dealt] = field(default_factory=list)
    sizes: set[int] = field(default_factory=set)
    headings: dict[int, tuple[Mention, ...]] = field(default_factory=dict)

    def note_groups(
        self, text: str, start: int, mentions: Sequence[Mention], defining: bool
    ) -> None:
        """Add the groups that a sentence defines; ``defining`` is true of one ahead of the results."""
        known = len(self.roster.together)
        self.roster.note(text, mentions, self.arms, self.sizes, defining)
        told = self.roster.together[known:]
        if told and defining:
            set_apart = groups_people(text) and sets_apart(text)
            sizes = [tuple(one.size for one in each) for each in told]
            self.dealt.extend(Dealt(start, each, set_apart) for each in sizes)

    def note_populations(self, text: str, start: int, measured: Sequence[Measurement]) -> None:
        """Add the numbers of patients that a sentence names or counts to those known."""
        named = read_populations(text, start)
        self.populations.extend([*named, *counted_besides(text, measured, named, start)])
        self.sizes.update(each.size for each in named)


def article_of(document: Document, populations: list[Population], cohort_of: Finder) -> Article:
    """Return what is known of a document before its sentences are read."""
    title = document.record.title or ""
    abbreviations = find_abbreviations(document.masked)
    mentions = without_stages(document.masked, match(document.masked, abbreviations))
    single = is_single_case(document.masked)
    topic = find_topic(document, mentions, abbreviations, single)
    wider = wider_than(topic)
    operated = tells_surgery(title)
    if not any(each.facet == "procedures" for each in topic) and had_surgery(document):
        operated, topic = True, (*topic, Mention("surgery", "procedures", 0, 0, inherited=True))
    # What many studies pooled is told of some of them in each result.
    opening = document.masked.lstrip()[:_OPENING]
    pooled = is_of_others(lowered(f"{title} {opening}"))
    roster = Roster(
        abbreviations,
        pooled,
        halves=Halves(partial(_size_of, cohort_of)),
        evens=Evens(texts=[title]),
        partitions=Partitions(title, abbreviations),
    )
    home = home_of(document)
    return Article(
        document,
        cohort_of,
        mentions,
        topic,
        wider,
        home,
        single,
        operated,
        _is_surgical(title, topic),
        populations,
        roster,
    )


def _is_surgical(title: str, topic: Sequence[Mention]) -> bool:
    """Tell whether an article is on an operation, and its title names no treatment instead of it."""
    told = any(each.facet == "procedures" for each in topic)
    return told and OTHER_TREATMENT.search(_BESIDE_SURGERY.sub("", title)) is None


def _size_of(cohort_of: Finder) -> int | None:
    cohort = cohort_of()
    return cohort.size if cohort else None
