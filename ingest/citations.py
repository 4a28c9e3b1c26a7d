"""Tell whose finding a sentence of a document tells, and which references it cites for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ingest.context import attribution
from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, compile_wordings, lowered
from ingest.model import Attribution, Document, Measurement, Sentence

# Formats of works that only gather what others have found.
_TERTIARY = {"dokuwiki_page"}


# "In the SCORAD trial", "RTOG 0631 failed to show": a study with a name of its own.
_NAMED_STUDY = (
    r"\b(?:[Ii]n|[Oo]f|[Ff]rom|[Bb]y) the ([A-Z][A-Z\d]{2,})\b[\w.: /-]{0,12} (?:trial|study|registry)\b",
    r"\b([A-Z]{3,})[ -]?\d{2,5} (?:trial |study )?(?:failed|showed|found|demonstrated|reported|compared|confirmed)\b",
)
_OWN_ROLES = frozenset({"aim", "methods"})
# "Eleven cases have been reported. | Of these, four died": told on of the same others.
_OF_THEM = build_rule(r"\b(?:of|in|among) (?:these|them|those)\b(?! [a-z])|\b(?:of|among) these\b")
_OURS = build_rule(
    r"\b(?:we|our|ours|us|this (?:patient|case|report|study|series)|the present|he|she|his|her)\b"
)
_FEW = 3


@cache
def _named_study() -> Wordings:
    return compile_wordings(_NAMED_STUDY, exact=True)


def attribution_of(
    document: Document,
    text: str,
    found: Sequence[Measurement] = (),
    cited: Sequence[Measurement] = (),
) -> Attribution:
    """Return whose finding a sentence tells; what a work that only gathers says is always of others.

    ``found`` are its numbers, ``cited`` those of the sentence before it where that is of others.
    """
    if document.record.format in _TERTIARY:
        return "cited"
    named = _named_study().search(text, low=lowered(text))
    if named and not _is_ours(document, named[1]):
        return "cited"
    return "cited" if cited and _cites_on(text, found, cited) else attribution(text)


def _cites_on(text: str, found: Sequence[Measurement], before: Sequence[Measurement]) -> bool:
    """Tell whether a sentence goes on counting those of whom the cited one before it tells."""
    counted = {size for each in before for size in (each.n, each.denominator, each.numerator)}
    if _OURS.search(lowered(text)):
        return False
    sizes = [
        each.denominator or (each.numerator if each.unit == "patients" else 0) for each in found
    ]
    most = max((size for size in counted if size), default=0)
    # Of patients who are no more than those told before: of some of them.
    some = any(_FEW <= (size or 0) <= most for size in sizes)
    return some or _OF_THEM.search(lowered(text)) is not None


def _is_ours(document: Document, name: str) -> bool:
    """Tell whether a named study is the document's own: its title, aim or methods name it."""
    if name in (document.record.title or ""):
        return True
    return any(
        name in document.text[each.start : each.end]
        for each in document.sentences
        if each.role in _OWN_ROLES
    )


def references_of(document: Document, sentence: Sentence) -> tuple[int, ...]:
    """Return the references cited in a sentence or right behind it."""
    found: list[int] = []
    if not document.record.markers:
        return ()
    for marker in document.record.markers:
        if marker.role == "citation" and sentence.opening <= marker.start <= sentence.end + 2:
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
