"""Offer the pipeline to spaCy: claims and concepts as spans of a doc. The home of spacy.

``spacy.blank("en").add_pipe("spinal_tumour_claims")`` reads any text with the project's own
sentences, vocabulary, cues and patterns, so that its output can be drawn with displaCy, compared
with other components or kept as training data in a ``DocBin``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from ingest.model import Extraction, Record, Section
from ingest.pipeline import derive
from ingest.text import sha256


@dataclass(frozen=True, slots=True)
class Component:
    """The pipeline as a component of spaCy's."""

    def __call__(self, doc: Doc) -> Doc:
        """Return the doc annotated with what its own text says."""
        return annotate(doc, derive(_record(doc.text)))


@Language.factory("spinal_tumour_claims", assigns=["doc.spans", "token.is_sent_start"])
def make(nlp: Language, name: str) -> Component:
    """Return the component; spaCy finds it by the entry point ``spacy_factories``."""
    return Component()


def annotate(doc: Doc, extraction: Extraction) -> Doc:
    """Return the doc with the sentences, concepts and claims of an extraction of the same text.

    ``doc.spans["claims"]`` holds each claim's focus (or its quote): the label is its kind, the
    ``kb_id`` its id. ``doc.spans["concepts"]`` holds the concepts it names: facet and concept id.
    ``doc.user_data["claims"]`` holds every field of the claims, with character offsets. Spans
    widen to whole tokens; raise ``ValueError`` where the texts differ.
    """
    if doc.text != extraction.record.text:
        raise ValueError("doc: another text than the extraction's; the same text was expected")
    starts = {each.opening for each in extraction.document.sentences}
    starts |= {each.end for each in extraction.document.sentences}
    _split(doc, sorted(starts))
    for name, spans in (
        ("claims", _claims(doc, extraction)),
        ("concepts", _concepts(doc, extraction)),
    ):
        doc.spans[name] = SpanGroup(doc, name=name, spans=list(spans))
    doc.user_data["claims"] = [asdict(each) for each in extraction.claims]
    return doc


def _record(text: str) -> Record:
    whole = Section(heading="", start=0, end=len(text))
    return Record("spacy", "doc", "1", sha256(text.encode()), text, sections=(whole,))


def _split(doc: Doc, starts: list[int]) -> None:
    """Begin a sentence at the first token at or after each place."""
    waiting = iter(starts)
    place = next(waiting, None)
    for token in doc:
        opens = token.i == 0
        while place is not None and token.idx >= place and not token.is_space:
            opens, place = True, next(waiting, None)
        token.is_sent_start = opens


def _claims(doc: Doc, extraction: Extraction) -> Iterator[Span]:
    for each in extraction.claims:
        start, end = each.start, each.end
        if each.focus_start is not None and each.focus_end is not None:
            start, end = each.focus_start, each.focus_end
        yield from _span(doc, start, end, each.kind, each.id)


def _concepts(doc: Doc, extraction: Extraction) -> Iterator[Span]:
    told = {
        (one.start, one.end, one.facet, one.concept)
        for each in extraction.claims
        for one in each.mentions
        if not one.inherited
    }
    for start, end, facet, concept in sorted(told):
        yield from _span(doc, start, end, facet, concept)


def _span(doc: Doc, start: int, end: int, label: str, name: str) -> Iterator[Span]:
    span = doc.char_span(start, end, label=label, kb_id=name, alignment_mode="expand")
    if span is not None:
        yield span
