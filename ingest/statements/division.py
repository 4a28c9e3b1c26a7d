"""Divide a clause that a pattern fits into drafts: one an item of a list, a number or a measure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.language.clauses import JOINT, trim
from ingest.language.lists import listed
from ingest.language.starts import build_rule
from ingest.language.wording import lowered
from ingest.measurements.latency import time_to_event
from ingest.model import Measurement, Mention
from ingest.patterns import Pattern
from ingest.reading import MEASURED, Reading
from ingest.statements.draft import INCLUDED, Draft, Span
from ingest.statements.endpoints import acted_on
from ingest.statements.leads import whom_until
from ingest.statements.tally import counted
from ingest.vocabulary import load_concepts

# Men and women of one group are its description, not findings apart.
_SEX = build_rule(r"\b(?:men|women|males?|females?)\b", re.IGNORECASE)
_LAST = build_rule(r"\band\b|\bbut also\b|\bn?or\b")
_JOINED = build_rule(rf",|{_LAST.pattern}")
_OR = build_rule(r"\bor\b")
# What stands behind a number to the end of its own bracket is of that number.
_CLOSING = re.compile(r"[^()]*\)")
_WHICH = re.compile(r"(?:which|who|whose|whom)\b")
_OPENED = re.compile(r"[(\[][^()\[\]]*$")
# What is told of some of a group.
_SHARES = frozenset({"count", "percent"})
_DOSES = frozenset({"radiation_dose", "drug_dose", "fractions"})
_GIVEN = build_rule(
    r"\b(?:for|with|after|following|given|received|receiving|in|by|at|than|versus|vs\.?|over|under|above|below|of)"
    r"(?: (?:the|an?|single|total|mean|median|daily|dose|doses|of|at|least|more|less|than|only|those|given|with))* ?[<>≤≥]?=? ?$",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"(?: \([^()]*\))?(?: (?:patients|individuals|subjects|participants|cases|others?))? (?:did|were|was|had) not(?=[.,;:]|$| and\b)"
)
# How far words of one list stand apart.
_NEAR = 60
# What is longer is no item of a list.
_LONG = 200


def divided(
    reading: Reading, pattern: Pattern, match: re.Match[str] | None, span: Span
) -> Iterator[Draft]:
    """Yield the drafts of a clause that a pattern fits: one an item, a number or a measure."""
    items = _items(reading.text, pattern, match, span) if pattern.listing and match else []
    if len(items) > 1:
        # What is told ahead of the list: how many had any of it.
        ahead = (span[0], items[0][0])
        lead = numbers_in(reading, ahead)
        if lead and pattern.kind == "risk":
            yield from _by_value(reading.text, pattern, ahead, lead)
        for item in items:
            yield Draft(pattern, span, item, numbers_in(reading, item), listed=True)
        return
    cut = pattern.split_on.search(lowered(reading.text), *span) if pattern.split_on else None
    if cut:
        for item in ((span[0], cut.start()), (cut.end(), span[1])):
            yield Draft(pattern, span, item, numbers_in(reading, item))
        return
    numbers = counted(reading, pattern, span, numbers_in(reading, span))
    counts = tuple(each for each in numbers if each.statistic in _SHARES)
    if pattern.name == "procedure_count":
        several = 1 < len(counts) <= 3 and not _SEX.search(reading.text)
        # "83 segments of 47 patients" is one statement.
        several = several and len({each.unit for each in counts}) == 1
        whole = iter([Draft(pattern, span, span, numbers)])
        yield from _by_value(reading.text, pattern, span, counts) if several else whole
    elif numbers and pattern.kind in {"outcome", "risk"}:
        told = _without_doses(reading.text, numbers)
        yield from _denied(reading, pattern, span, numbers) or (
            _of_event(reading, each) for each in _by_value(reading.text, pattern, span, told)
        )
    elif numbers:
        # "12 had a brace and | 30 did not": on these nothing was done.
        done = tuple(each for each in numbers if not _UNDONE.match(reading.text, each.end))
        yield Draft(pattern, span, span, done or numbers)
    else:
        yield from _by_measure(reading, pattern, span)


def numbers_in(reading: Reading, span: Span) -> tuple[Measurement, ...]:
    """Return the measurements that begin inside a span of the sentence, in order."""
    return tuple(each for each in reading.measurements if span[0] <= each.start < span[1])


def _items(text: str, pattern: Pattern, match: re.Match[str], span: Span) -> list[Span]:
    """Return the items of the list that a pattern leads on to."""
    begin = span[0] + match.end()
    if pattern.list_after:
        after = pattern.list_after.search(lowered(text), begin, span[1])
        begin = after.end() if after else -1
    if begin < 0:
        return []
    found = listed(text[: max(span[1], _list_end(text, span))], begin)
    # "It was 9% (4/45), which is low": what a relative clause adds is no item, nor what follows it.
    told = [at for at, item in enumerate(found) if at and _WHICH.match(text, item[0])]
    found = found[: told[0]] if told else found
    return [item for item in found if item[1] - item[0] < _LONG]


def _without_doses(text: str, numbers: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
    """Return numbers without the doses that say who had a result: 91% after 24 Gy."""
    given = [each for each in numbers if each.measure in _DOSES]
    if not given or len(given) == len(numbers):
        return numbers
    named = {
        each.start for each in given if _GIVEN.search(text, max(0, each.start - 40), each.start)
    }
    return tuple(each for each in numbers if each.start not in named)


def _list_end(text: str, span: Span) -> int:
    """A list runs on to the sentence's end: its items were taken for clauses."""
    return (
        len(text)
        if span[1] >= len(text) - 2 or text[span[1] : span[1] + 2].startswith((";", ","))
        else span[1]
    )


def _by_value(
    text: str, pattern: Pattern, span: Span, numbers: tuple[Measurement, ...]
) -> Iterator[Draft]:
    """One draft per number, but one for the before and after of a change."""
    at = span[0]
    groups: list[list[Measurement]] = []
    for each in numbers:
        if groups and (groups[-1][0].start == each.start or each.measure in {"age", "follow_up"}):
            groups[-1].append(each)
        else:
            groups.append([each])
    for index, group in enumerate(groups):
        stop = (
            span[1]
            if index == len(groups) - 1
            else _cut(text, group[-1], groups[index + 1][0].start)
        )
        yield Draft(pattern, span, trim(text, (at, stop)), tuple(group), _told_of(group[-1]))
        at = stop


def _of_event(reading: Reading, draft: Draft) -> Draft:
    """Return the time at which one patient had an event as a claim of that event: it recurred at 22 months."""
    first = draft.measurements[0]
    if first.n != 1 or first.measure is None or not first.measure.startswith("time_to_"):
        return draft
    events = [
        each
        for each in reading.within(draft.clause)
        if load_concepts()[each.concept].harm and time_to_event(each.concept) == first.measure
    ]
    nearest = min(events, key=lambda each: abs(each.start - first.start), default=None)
    return replace(draft, measure=nearest.concept) if nearest else draft


# "92% of large ones | than small ones (17%)": the words are of the number behind them.
_ANEW = re.compile(r"\bthan\b|\bas well as\b|\)|\bto \d")


def _told_of(number: Measurement) -> str | None:
    """Return the measure that a number makes a claim about: an age or a size describes a group."""
    return number.measure if number.measure not in {"age", "follow_up", INCLUDED} else None


def _cut(text: str, number: Measurement, end: int) -> int:
    """Return where one number's words end and those of the next, which begins at ``end``, begin."""
    # One unit of two: "at 11 and 15 months".
    start = number.end if number.end < end else number.start
    inside = _CLOSING.match(text, start, end)
    start = inside.end() if inside else start
    # A bracket that holds more ahead of a number is that one's: "A (p = 0.1, OR 3) and B (p = 0.2, OR 2)".
    bracket = _OPENED.search(text, start, end)
    end = bracket.start() if bracket else end
    marks = list(JOINT.finditer(text, start, end)) or (
        list(_OR.finditer(text, start, end)) if inside else []
    )
    if marks or bracket is None or _ANEW.search(text, start, end):
        return marks[-1].start() if marks else start
    return end


def _are_joined(gaps: Sequence[str]) -> bool:
    """Tell whether what stands between measures joins them all: A, B and C."""
    listed = all(len(gap) < _NEAR and _JOINED.search(gap) for gap in gaps)
    return listed and _LAST.search(gaps[-1]) is not None


def _joined(reading: Reading, span: Span) -> list[Mention]:
    """Return the measures that a clause joins, each once: pain and gait improved."""
    measures = [
        each
        for each in reading.within(span)
        if each.facet in MEASURED
        and each.concept not in {"age", "follow_up"}
        and each.start >= whom_until(reading.text)
    ]
    distinct = {each.concept: each for each in reversed(measures)}
    joined = [each for each in measures if each is distinct[each.concept]]
    joined = acted_on(reading.text, joined, span) if joined else []
    gaps = [reading.text[one.end : other.start] for one, other in pairwise(joined)]
    return joined if gaps and _are_joined(gaps) else []


def _by_measure(reading: Reading, pattern: Pattern, span: Span) -> Iterator[Draft]:
    """One draft per measure where a clause joins several."""
    found = pattern.kind == "outcome" and pattern.subkind is None
    joined = _joined(reading, span) if found else []
    for each in joined:
        yield Draft(pattern, span, (each.start, each.end), (), each.concept)
    if not joined:
        yield Draft(pattern, span, span)


def _denied(
    reading: Reading, pattern: Pattern, span: Span, numbers: tuple[Measurement, ...]
) -> list[Draft]:
    """Return one draft per measure where only some of those that a clause denies are counted as none.

    "Neither loosening nor pain was seen": the pain is no event that befalls none of so many.
    """
    if any(each.value or each.numerator != 0 for each in numbers):
        return []
    joined = _joined(reading, span)
    named = {each.concept for each in joined}
    none = {each.measure: each for each in numbers}
    if not none.keys() < named:
        return []
    return [
        Draft(
            pattern,
            span,
            (each.start, each.end),
            (none[each.concept],) if each.concept in none else (),
            each.concept,
        )
        for each in joined
    ]
