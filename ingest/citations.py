"""Tell whose finding a sentence of a document tells, and which references it cites for it."""

from __future__ import annotations

from ingest.context import attribution
from ingest.model import Attribution, Document, Sentence

# Formats of works that only gather what others have found.
_TERTIARY = {"dokuwiki_page"}


def attribution_of(document: Document, text: str) -> Attribution:
    """Return whose finding a sentence tells; what a work that only gathers says is always of others."""
    return "cited" if document.record.format in _TERTIARY else attribution(text)


def references_of(document: Document, sentence: Sentence) -> tuple[int, ...]:
    """Return the references cited in a sentence or right behind it."""
    found: list[int] = []
    if not document.record.markers:
        return ()
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
