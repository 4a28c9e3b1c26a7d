"""Keep what a sentence claims beside a remark that only narrates: 90 %, but trials are needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ingest.language.narration import tells_no_finding
from ingest.language.starts import build_rule
from ingest.reading import Reading
from ingest.statements.credit import CONTRAST
from ingest.statements.draft import Draft, Span, number_span, sizing

# "Although data are scarce, ": what is conceded ends at its comma.
_CONCEDED = build_rule(r"\W*(?:although|though|while|even though|even if)\b[^,;]*,", re.IGNORECASE)
_ADDED = build_rule(r"\bnot (?:only|limited|just|merely|restricted)\b", re.IGNORECASE)


def beside_remarks(reading: Reading, drafts: Iterable[Draft]) -> list[Draft]:
    """Return the drafts of a sentence that narrates which claim something all the same."""
    return [kept for each in drafts if (kept := _apart(reading, each) or sizing(each))]


def _apart(reading: Reading, draft: Draft) -> Draft | None:
    """Return a draft that makes its claim beside a half that only narrates, within its own half."""
    text = reading.text
    if reading.sentence.role in {"methods", "aim"} or _ADDED.search(text):
        return None
    # A clause may run on into the half behind; its numbers do not.
    first, last = number_span(draft) or draft.clause
    marks = [each.span() for each in CONTRAST.finditer(text)]
    conceded = _CONCEDED.match(text)
    if conceded and conceded.end() <= first:
        marks.append((conceded.end(), conceded.end()))
    # A clause may begin with the word that marks the contrast.
    begin = max((end for start, end in marks if start <= first + 1), default=0)
    end = min((start for start, end in marks if end > begin and end >= last), default=len(text))
    half = text[begin:end]
    if len(half) == len(text) or last > end or tells_no_finding(half):
        return None
    return replace(draft, clause=_up_to(draft.clause, end), focus=_up_to(draft.focus, end))


def _up_to(span: Span, end: int) -> Span:
    """Return a span up to a place, as it is where it begins behind it."""
    return (span[0], min(span[1], end)) if span[0] < end else span
