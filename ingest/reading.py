"""Read a document's sentences once: concepts, numbers, clauses, basis and group sizes of each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial

from ingest.article import Article, article_of
from ingest.basing import Basing, Course
from ingest.citations import attribution_of, references_of
from ingest.concepts.bearing import chosen, in_view
from ingest.concepts.topic import headed
from ingest.document import may_tell_findings
from ingest.groups.cohorts import Cohort, Finder, cohort_finder, find_cohort
from ingest.groups.denominators import with_reckoned
from ingest.groups.everyone import names_everyone, whole_of
from ingest.groups.singled import of_each, tells_of_one
from ingest.groups.treated import of_treated
from ingest.groups.wholes import with_named, with_wholes
from ingest.language.anaphora import begins_back, chained, meant_facets, points_back
from ingest.language.clauses import clauses
from ingest.language.narration import is_general
from ingest.language.starts import build_rule
from ingest.language.wording import lowered
from ingest.measurements.appointed import Appointments
from ingest.measurements.effects import foretold, with_foretold, with_previous
from ingest.measurements.fewer import (
    at_visits,
    is_scoped,
    narrows,
    of_fewer,
    of_narrowed,
    of_those_left,
    without_excess,
)
from ingest.measurements.harmlists import with_harms
from ingest.measurements.likewise import likewise
from ingest.measurements.listings import with_listed
from ingest.measurements.membership import of_cohort
from ingest.measurements.parts import of_told, with_whole
from ingest.measurements.recovery import is_recovery
from ingest.measurements.resuming import antecedent
from ingest.measurements.sums import settle_parts
from ingest.measurements.things import of_counted
from ingest.measurements.transitions import of_operation
from ingest.measurements.visits import at_same_time, at_same_visit
from ingest.measurements.worsening import is_of_nerves, tells_way
from ingest.measures import read_measurements
from ingest.model import Attribution, Document, Measurement, Mention, Sentence
from ingest.numbers.quantities import find_quantities
from ingest.numbers.scene import Population
from ingest.numbers.screening import without_screened
from ingest.numbers.times import find_times
from ingest.vocabulary import load_concepts

_ONE_PATIENT = build_rule(r"\b(?:the patient|he|she|his|her|our patient)\b", re.IGNORECASE)
_OTHERS = build_rule(
    r"\b(?:patients|individuals|subjects|participants|cases|series|literature|studies|reports|reported)\b",
    re.IGNORECASE,
)
# Of a report of one case the sections that tell it.
_CASE = {"case", "methods", "results"}
# What another study found, and what a study was planned by.
_FORMER = build_rule(
    r"\b(?:in|from) (?:an|our|the) (?:earlier|previous|prior|former|older) (?:study|series|report|trial|cohort|publication)\b|\b(?:assumed|assuming|anticipated|hypothesi[sz]ed)\b"
    r"|\b(?:only|just|fewer than|about|some) [\w-]+ (?:[\w-]+ ){0,3}(?:cases|patients|individuals|subjects|participants|reports) (?:have|had|has) been (?:published|reported|described)\b",
    re.IGNORECASE,
)
FOUND = frozenset(["results", "conclusion"])
"""Roles of the sentences that tell what was found."""
_PLANNED = frozenset(["methods", "aim"])
MEASURED = frozenset(["measures", "scales"])
"""Facets of what is measured."""
_AFTER_IT = re.compile(r"after [^,]+, it\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence with what was read in it; spans inside are relative to its start.

    ``told`` is true where its section's heading says what it does, false where that is a guess.
    ``carried`` is what the sentence before names where this one points back, and ``inherited``
    what may fill a slot it leaves empty: of what it points to, of its headings, of the title.
    ``single`` is true where one case is told of, ``apart`` where it is one of several; ``arms``
    are the operations of the groups that the document has defined. ``operated`` is true where the
    title is on what plain surgery led to.
    """

    sentence: Sentence
    told: bool
    text: str
    clauses: tuple[tuple[int, int], ...]
    mentions: tuple[Mention, ...]
    measurements: tuple[Measurement, ...]
    basing: Basing
    attribution: Attribution
    references: tuple[int, ...]
    carried: tuple[Mention, ...]
    inherited: tuple[tuple[Mention, ...], ...]
    wider: frozenset[str]
    arms: Mapping[str, tuple[Mention, ...]]
    single: bool
    apart: bool
    operated: bool

    def within(self, span: tuple[int, int]) -> tuple[Mention, ...]:
        """Return the mentions that lie inside a span of the sentence."""
        start, end = span
        if not self.mentions:
            return ()
        return tuple([each for each in self.mentions if start <= each.start and each.end <= end])


def read_sentences(document: Document, cohort_of: Finder | None = None) -> Iterator[Reading]:
    """Yield a reading of every sentence of the document, in order."""
    populations: list[Population] = []
    article = article_of(document, populations, cohort_of or cohort_finder(document))
    readings = list(_readings(article))
    dealt = article.dealt
    find_whole = cache(partial(find_cohort, document, dealt)) if dealt else article.cohort_of
    settled = settle_parts(
        [of_told(each.measurements, each.text) for each in readings],
        populations,
        [(each.sentence.paragraph, each.sentence.start) for each in readings],
    )
    texts = [each.text for each in readings]
    settled = without_screened(texts, settled)
    sizes = {each.size for each in populations}
    settled = with_wholes(texts, settled, sizes, load_concepts())
    settled = with_reckoned(texts, settled, sizes)
    settled = with_named(texts, settled, article.roster.together, max(sizes, default=0))
    before, last, section = "", tuple[Measurement, ...](), -1
    for reading, measurements in zip(readings, settled, strict=True):
        if reading.sentence.section != section:  # what the methods told last leads nothing on
            before, last = "", ()
        told = of_narrowed(before, last, measurements) if measurements else ()
        cohort = find_whole() if measurements and _tells_of_all(reading) else None
        if cohort:
            told = of_treated(told, article.roster.called, cohort.size)
            told = _of_cohort(cohort, reading, told, before, last)
            if cohort.things:
                things = cohort.things
                told = tuple([of_counted(each, reading.text, things, cohort.size) for each in told])
        told = without_excess(told) if told else told
        if told and document.record.content_level == "abstract":
            told = of_fewer(told, reading.text, reading.sentence.start, populations)
        told = tuple([with_whole(each) for each in told])
        before, last, section = reading.text, told, reading.sentence.section
        yield reading if told == reading.measurements else replace(reading, measurements=told)


def _of_cohort(
    cohort: Cohort,
    reading: Reading,
    measurements: tuple[Measurement, ...],
    before: str,
    last: tuple[Measurement, ...],
) -> tuple[Measurement, ...]:
    scoped = cohort.armed and is_scoped(reading.mentions, before, last)
    scoped = scoped or narrows(before, measurements)
    sentence, told, text = reading.sentence, reading.told, reading.text
    found = of_each(of_cohort(cohort, sentence, told, text, measurements, scoped), cohort.size)
    # Those whose complication went away are of those who had it.
    pairs = zip(measurements, found, strict=True)
    found = tuple([own if is_recovery(own) else sized for own, sized in pairs])
    later = cohort.later
    if later is None or sentence.start < later.start:
        return at_visits(cohort, found) if cohort.visits else found
    text = text.replace("respondents", "patients   ")  # those who answered are all of those left
    left = of_cohort(later, sentence, told, text, measurements, scoped)
    return of_those_left(cohort, measurements, found, left)


def _tells_of_all(reading: Reading) -> bool:
    """Tell whether a sentence may tell of the article's own patients as a whole."""
    if reading.apart or not _is_own(reading):
        return False
    # "It develops in 5-10% of cancer patients": of people anywhere.
    return not is_general(reading.text) and not _FORMER.search(reading.text)


def _is_own(reading: Reading) -> bool:
    """Tell whether a sentence tells of the article's own patients."""
    return reading.attribution == "own" and reading.basing.basis == "patients"


def _readings(article: Article) -> Iterator[Reading]:
    document, concepts = article.document, load_concepts()
    starts = [each.start for each in article.mentions]
    course = Course(article.home)
    previous: Reading | None = None
    outcome: str | None = None
    appointed = Appointments(concepts)
    apart = False
    for sentence in document.sentences:
        text = document.masked[sentence.start : sentence.end]
        apart = tells_of_one(lowered(text), apart)
        local = chosen(text, _within(article.mentions, starts, sentence))
        fresh = previous is None or previous.sentence.paragraph != sentence.paragraph
        printed = document.masked[sentence.opening : sentence.end]
        based = course.follow(sentence, printed, fresh, sentence.role in FOUND)
        spans = tuple(clauses(text))
        carried = _carried(article, text, None if fresh else previous)
        article.note_groups(text, sentence.start, local, sentence.role not in FOUND)
        single = article.single or apart
        measurements = _measured(
            article, sentence, text, local, spans, based, carried, previous, single, apart
        )
        if measurements:
            measurements = with_foretold(text, measurements, outcome, concepts)
        if sentence.role in _PLANNED:
            appointed.note(text, [each for each in local if each.facet in MEASURED])
        elif sentence.role in FOUND and not single and based.basis == "patients":
            measurements = appointed.given(text, measurements)
        outcome = foretold(text, local) or outcome
        other = None if fresh or previous is None or previous.attribution == "own" else previous
        reading = Reading(
            sentence,
            document.sections[sentence.section].role == sentence.role,
            text,
            spans,
            local,
            measurements,
            based,
            attribution_of(document, printed, measurements, other.measurements if other else ()),
            references_of(document, sentence),
            carried,
            _inherited(article, sentence, text, based, carried),
            article.wider,
            article.arms,
            single,
            apart,
            article.operated,
        )
        reading = _continued(reading, None if fresh else previous)
        article.note_populations(text, sentence.start, measurements)
        previous = reading
        yield reading


def _carried(article: Article, text: str, before: Reading | None) -> tuple[Mention, ...]:
    """Return what a sentence that points back points to; ``before`` is the one of its paragraph."""
    if not points_back(text):
        return ()
    if before is None:
        # "This technique ..." at a section's start speaks of the article's own topic.
        return article.topic
    return chained(in_view(before.text, before.mentions), before.carried)


def _antecedent(text: str, carried: tuple[Mention, ...], previous: Reading | None) -> str | None:
    """Return the measure that a sentence's "it" stands for, None where it stands for none."""
    told = next((each.concept for each in carried if each.facet in MEASURED), None)
    told = told if told and begins_back(text) else None
    if told or previous is None:
        return told
    if not _AFTER_IT.match(text):
        return antecedent(text, previous.measurements, load_concepts())
    return next((each.concept for each in previous.mentions if each.facet == "measures"), None)


def _measured(
    article: Article,
    sentence: Sentence,
    text: str,
    local: tuple[Mention, ...],
    spans: tuple[tuple[int, int], ...],
    based: Basing,
    carried: tuple[Mention, ...],
    previous: Reading | None,
    single: bool,
    apart: bool,
) -> tuple[Measurement, ...]:
    """Return the measurements of a sentence of the article."""
    whole = _whole(article, sentence, text, based, previous)
    measures = [each for each in local if each.facet in MEASURED]
    if not (measures or whole or find_quantities(text) or find_times(text)):
        return ()
    found = read_measurements(
        text,
        measures,
        load_concepts(),
        spans,
        article.populations,
        _antecedent(text, carried, previous),
        sentence.start,
        single and (apart or _tells_case(sentence.role, text)),
        article.roster,
        not single and based.basis == "patients" and may_tell_findings(article.document, sentence),
        whole,
        tells_way(text) and is_of_nerves(article.document, previous.mentions if previous else ()),
    )
    if article.surgical:
        found = tuple(of_operation(lowered(text), found, load_concepts()))
    return _completed(sentence, text, local, found, article.populations, previous)


def _inherited(
    article: Article, sentence: Sentence, text: str, based: Basing, carried: tuple[Mention, ...]
) -> tuple[tuple[Mention, ...], ...]:
    """Return what may fill a slot: of what a sentence points to, of its headings, of the title."""
    return (
        tuple(_marked(carried, meant_facets(text))) if carried else (),
        _heading(article, sentence.section),
        # What was done to animals amid an article on patients is not its title's operation.
        article.topic
        if based.basis in {"patients", article.home.basis}
        else tuple([each for each in article.topic if each.facet != "procedures"]),
    )


def _whole(
    article: Article, sentence: Sentence, text: str, based: Basing, previous: Reading | None
) -> int | None:
    """Return how many "all patients" of a sentence are, where it tells of the article's own."""
    if based.basis != "patients" or not names_everyone(text):
        return None
    cohort = article.cohort_of()
    if cohort is None or attribution_of(article.document, text) != "own":
        return None
    cohort = cohort.at(sentence.start)
    before = (previous.sentence, previous.text) if previous else None
    return whole_of(cohort, sentence, lowered(text), before)


def _completed(
    sentence: Sentence,
    text: str,
    local: tuple[Mention, ...],
    measured: tuple[Measurement, ...],
    populations: list[Population],
    previous: Reading | None,
) -> tuple[Measurement, ...]:
    """Return a sentence's measurements with what its lists and the sentence before it add."""
    found = with_listed(text, local, measured, populations)
    if ": " in text or "; " in text:
        found = with_harms(text, local, found)
    if not found or previous is None:
        return found
    found = at_same_visit(text, likewise(text, found, previous.measurements), previous.text)
    if previous.sentence.paragraph == sentence.paragraph:
        found = at_same_time(text, found, previous.measurements)
    return with_previous(text, found, previous.measurements)


def _tells_case(role: str, text: str) -> bool:
    """Tell whether a sentence of a report of one case is about that case."""
    told = role in _CASE and not _OTHERS.search(text)
    return told or bool(_ONE_PATIENT.search(text))


def _continued(reading: Reading, before: Reading | None) -> Reading:
    """Return an experiment's sentence with what it goes on about, whether it points back or not."""
    if before is None or reading.basing.basis == "patients" or reading.basing != before.basing:
        return reading
    pointed, *others = reading.inherited
    again = chained(in_view(before.text, before.mentions), before.inherited[0])
    fresh = frozenset({"procedures", "levels"}) - {each.facet for each in pointed}
    return replace(reading, inherited=((*pointed, *_marked(again, fresh)), *others))


def _marked(mentions: tuple[Mention, ...], facets: frozenset[str]) -> Iterator[Mention]:
    for each in mentions:
        if each.facet in facets:
            yield Mention(each.concept, each.facet, 0, 0, inherited=True)


def _heading(article: Article, place: int) -> tuple[Mention, ...]:
    """Return what the headings that a section stands under name."""
    if place not in article.headings:
        article.headings[place] = tuple(headed(article.document, place, article.mentions))
    return article.headings[place]


def _within(
    mentions: tuple[Mention, ...], starts: list[int], sentence: Sentence
) -> tuple[Mention, ...]:
    """Return the mentions of a sentence, with offsets from its start; mentions are in order."""
    first, last = bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)
    if first == last:
        return ()
    return tuple(
        Mention(each.concept, each.facet, each.start - sentence.start, each.end - sentence.start)
        for each in mentions[first:last]
        if each.end <= sentence.end
    )
