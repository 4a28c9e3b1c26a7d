"""Read a document's sentences once: concepts, numbers, clauses, basis and group sizes of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.clauses import clauses
from ingest.context import Basing, attribution, basing, continues_experiment
from ingest.measures import read_measurements
from ingest.mentions import find_abbreviations, match
from ingest.model import Attribution, Document, Measurement, Mention, Sentence
from ingest.populations import is_single_case, read_populations, settle_parts
from ingest.scene import Population
from ingest.vocabulary import load_concepts

_ANAPHOR = re.compile(
    r"^(?:(?:however|moreover|furthermore|thus|hence|therefore|after|in addition),?\s+)?(?:it|its|this|these|they|such|the (?:procedure|technique|approach|operation|method|same))\b",
    re.IGNORECASE,
)
# "For small lesions it is preferred": the pronoun stands behind a phrase.
_PRONOUN = re.compile(
    r"\b(?:it|they|this (?:procedure|technique|operation|approach|method|surgery|treatment)) (?:is|are|was|were|should|may|might|can|could|must|has|have)\b",
    re.IGNORECASE,
)
_ONE_PATIENT = re.compile(r"\b(?:the patient|he|she|his|her|our patient)\b", re.IGNORECASE)
_TERTIARY = {"dokuwiki_page"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence with what was read in it; spans inside are relative to its start.

    ``told`` is true where its section's heading says what it does, false where that is a guess.
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
    inherited: tuple[Mention, ...]

    def within(self, span: tuple[int, int]) -> tuple[Mention, ...]:
        """Return the mentions that lie inside a span of the sentence."""
        return tuple(
            each for each in self.mentions if span[0] <= each.start and each.end <= span[1]
        )


def read_sentences(document: Document) -> Iterator[Reading]:
    """Yield a reading of every sentence of the document, in order."""
    populations: list[Population] = []
    readings = list(_readings(document, populations))
    settled = settle_parts(
        [each.measurements for each in readings],
        populations,
        [(each.sentence.paragraph, each.sentence.start) for each in readings],
    )
    for reading, measurements in zip(readings, settled, strict=True):
        yield (
            reading
            if measurements == reading.measurements
            else replace(reading, measurements=measurements)
        )


def _readings(document: Document, populations: list[Population]) -> Iterator[Reading]:
    concepts = load_concepts()
    mentions = match(document.masked, find_abbreviations(document.masked))
    topic = _topic(document, mentions)
    single = is_single_case(document.masked)
    before = experiment = Basing("patients")
    previous: Reading | None = None
    for sentence in document.sentences:
        text = document.masked[sentence.start : sentence.end]
        local = tuple(
            Mention(
                each.concept, each.facet, each.start - sentence.start, each.end - sentence.start
            )
            for each in mentions
            if sentence.start <= each.start and each.end <= sentence.end
        )
        fresh = previous is None or previous.sentence.paragraph != sentence.paragraph
        if fresh and before.basis != "patients":
            experiment = before
        if fresh and (previous is None or previous.sentence.section != sentence.section):
            experiment = Basing("patients")
        carried_on = experiment if fresh and continues_experiment(text) else Basing("patients")
        based = basing(text, carried_on if fresh else before)
        spans = tuple(clauses(text))
        carried: tuple[Mention, ...] = ()
        if _ANAPHOR.match(text) or _PRONOUN.search(text):
            # "This technique ..." at a section's start speaks of the article's own topic.
            carried = previous.mentions if previous and not fresh else topic
        measures = [each for each in local if each.facet in {"measures", "scales"}]
        antecedent = next(
            (each.concept for each in carried if each.facet in {"measures", "scales"}), None
        )
        after = re.match(r"(?i)after [^,]+, it\b", text)
        if after and previous and not antecedent:
            antecedent = next(
                (each.concept for each in previous.mentions if each.facet == "measures"), None
            )
        measurements = read_measurements(
            text,
            measures,
            concepts,
            spans,
            populations,
            antecedent,
            sentence.start,
            single and bool(_ONE_PATIENT.search(text)),
        )
        reading = Reading(
            sentence,
            document.sections[sentence.section].role == sentence.role,
            text,
            spans,
            local,
            measurements,
            based,
            _attribution(document, text),
            _references(document, sentence),
            carried,
            (*_marked(carried), *_heading(document, sentence, mentions), *topic),
        )
        populations += read_populations(text, sentence.start)
        before, previous = based, reading
        yield reading


def _attribution(document: Document, text: str) -> Attribution:
    return "cited" if document.record.format in _TERTIARY else attribution(text)


def _references(document: Document, sentence: Sentence) -> tuple[int, ...]:
    """Return the references cited in a sentence or right behind it."""
    found: list[int] = []
    for marker in document.record.markers:
        if marker.role == "citation" and sentence.start <= marker.start <= sentence.end + 2:
            found += marker.references
    if found or document.record.format not in _TERTIARY:
        return tuple(dict.fromkeys(found))
    # A wiki paragraph carries its footnote on its last sentence.
    ends = [each.end for each in document.sentences if each.paragraph == sentence.paragraph]
    later = [
        each
        for each in document.record.markers
        if each.role == "citation" and sentence.end <= each.start <= max(ends) + 4
    ]
    return later[0].references if later else ()


def _marked(mentions: tuple[Mention, ...]) -> Iterator[Mention]:
    for each in mentions:
        if each.facet in {"procedures", "approaches", "levels", "tumours"}:
            yield Mention(each.concept, each.facet, 0, 0, inherited=True)


def _heading(
    document: Document, sentence: Sentence, mentions: tuple[Mention, ...]
) -> Iterator[Mention]:
    section = document.sections[sentence.section]
    heads = [
        each
        for each in document.sections
        if each.path and each.path == section.path[: len(each.path)]
    ]
    for head in reversed(heads):
        for each in mentions:
            if (
                head.heading_start <= each.start
                and each.end <= head.heading_end
                and each.facet in {"procedures", "approaches", "tumours"}
            ):
                yield Mention(each.concept, each.facet, each.start, each.end, inherited=True)


def _topic(document: Document, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Return what the article is about: the concepts of its title, else its commonest procedure."""
    title = document.record.title
    if title:
        return tuple(
            Mention(each.concept, each.facet, 0, 0, inherited=True)
            for each in match(title)
            if each.facet in {"procedures", "approaches", "tumours", "sites", "levels"}
        )
    counts: dict[str, int] = {}
    for each in mentions:
        if each.facet == "procedures" and each.concept not in {"surgery", "reconstruction"}:
            counts[each.concept] = counts.get(each.concept, 0) + 1
    top = max(counts, key=lambda key: (counts[key], key), default=None)
    return (Mention(top, "procedures", 0, 0, inherited=True),) if top and counts[top] >= 5 else ()
