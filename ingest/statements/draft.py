"""What a claim is before its context is read: where it stands, its numbers, the pattern that saw it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingest.model import Measurement
from ingest.patterns import Pattern, load_patterns
from ingest.vocabulary import TAKEN_IN

Span = tuple[int, int]
INCLUDED = "patients_included"
# What the size of a study is told as.
_OF_SIZE = TAKEN_IN | {None, "patients_diagnosed", "specimens_studied"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim before its context is read: where it stands and which pattern saw it.

    ``spared`` is true of what a statement denies of something else: "but not for gait".
    """

    pattern: Pattern
    clause: Span
    focus: Span
    measurements: tuple[Measurement, ...] = ()
    measure: str | None = None
    listed: bool = False
    spared: bool = False

    @property
    def own(self) -> Span:
        """Return the span whose words are this claim's own: the item of a list, else the clause."""
        return self.focus if self.listed else self.clause


def number_span(draft: Draft) -> Span | None:
    """Return where the numbers of a draft stand in the sentence, None where it has none."""
    found = draft.measurements
    return (found[0].start, found[-1].end) if found else None


def sizing(draft: Draft) -> Draft | None:
    """Return a draft as what tells on how many a report is built, None where it tells no such.

    A sentence that narrates what was studied still tells that: "the outcome of 30 patients".
    """
    sized = [_is_size(each) for each in draft.measurements]
    if draft.pattern.name == INCLUDED or (draft.pattern.kind == "approach" and any(sized)):
        return draft
    whole = sized and all(each.measure == "patients_included" for each in draft.measurements)
    return replace(draft, pattern=load_patterns()[INCLUDED]) if whole else None


def as_included(draft: Draft) -> Draft:
    """Return a draft of whom a study took in with them counted as such, whatever they had.

    "We studied the gait of 80 women" tells of no gait yet; a part of them may tell what it had.
    """
    if draft.pattern.name != INCLUDED:
        return draft
    alone = sum(each.statistic == "count" for each in draft.measurements) == 1
    kept = [
        replace(each, measure=INCLUDED) if _are_all(each, alone) else each
        for each in draft.measurements
    ]
    return replace(draft, measurements=tuple(kept))


def _are_all(each: Measurement, alone: bool) -> bool:
    """Tell whether a count of patients is of all of whom it is told, with a measure of another.

    One that stands ``alone`` is, where nothing says of how many it is.
    """
    whole = each.n == each.numerator or (alone and each.n is None and each.denominator is None)
    counted = each.statistic == "count" and each.unit == "patients" and bool(each.numerator)
    return counted and whole and each.group is None and each.measure not in _OF_SIZE


def _is_size(each: Measurement) -> bool:
    """Tell whether a count is of all who were studied or of all of a group of them."""
    whole = each.group is not None and each.n == each.numerator
    return bool(each.numerator) and (each.measure == "patients_included" or whole)
