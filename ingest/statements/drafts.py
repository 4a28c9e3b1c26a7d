"""Find which claims a sentence makes: which pattern, which clause, which item, which number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.language.clauses import JOINT, enumerated, holds_verb, listed, trim
from ingest.language.narration import tells_no_finding
from ingest.language.starts import build_rule
from ingest.language.wording import lowered
from ingest.model import Measurement
from ingest.patterns import Pattern, load_patterns
from ingest.reading import MEASURED, Reading
from ingest.statements.fitting import best_fit
from ingest.statements.sparing import advised_against, graded_beside, left_out
from ingest.statements.strength import strength_of
from ingest.statements.tally import counted

Span = tuple[int, int]


_INCLUDED = "patients_included"
# A pattern that takes any finding leaves the whole sentence to those with words for it.
_ANY = 1.0
_DONE = {"procedure_performed", "procedure_count"}
# Men and women of one group are its description, not findings apart.
_SEX = build_rule(r"\b(?:men|women|males?|females?)\b", re.IGNORECASE)
# What a verdict or an advice adds on results: "an option with a low risk of relapse".
_ADDED = build_rule(
    r"(?:,? where(?:by|in)? (?=[^,;]{2,60}\b(?:provid|offer|give|yield|achiev|improv|result|lead|reduc)\w*)"
    r"|(?<=,) (?:thereby |thus |while )?(?=(?:improving|reducing|providing|achieving|relieving|yielding|offering|decreasing|prolonging|lowering)\b))"
    r"|(?:,|\b(?:procedures?|options?|treatments?|techniques?|methods?|approach|modality|strategy|alternatives?|therapy|operation|surgery))"
    r" (?=with (?:an? )?(?:\w+ly )?(?:low|lower|high|higher|acceptable|good|excellent|minimal|reduced|favou?rable|limited|satisfactory)"
    r" (?:[\w-]+ ){0,2}(?:risks?|rates?|likelihood|probability|incidence|morbidity|mortality|control|outcomes?|results?|complications?|toxicity|survival|recurrence)\b)",
    re.IGNORECASE,
)
# "For keeping gait, improving function" lists aims.
_LISTED = build_rule(r"\b(?:for|by|in|of|at|to) \w+ing\b", re.IGNORECASE)
_DENIED = build_rule(r"\b(?:not|never|no)\b")
# What a contrast sets against the factor before it is a factor of its own.
_OPPOSED = build_rule(r"\b(?:but|while|whereas|although|though|however)\b")
_LAST = build_rule(r"\band\b|\bbut also\b|\bor\b")
_JOINED = build_rule(rf",|{_LAST.pattern}")
_OR = build_rule(r"\bor\b")
# What stands behind a number to the end of its own bracket is of that number.
_CLOSING = re.compile(r"[^()]*\)")
_NEXT = re.compile(r"[ ,;]*(?:and )?")
# What is told of some of a group.
_SHARES = frozenset({"count", "percent"})
_DOSES = frozenset({"radiation_dose", "drug_dose", "fractions"})
_GIVEN = build_rule(
    r"\b(?:for|with|after|following|given|received|receiving|in|by|at|than|versus|vs\.?|over|under|above|below|of)"
    r"(?: (?:the|an?|single|total|mean|median|daily|dose|doses|of|at|least|more|less|than|only|those|given|with))* ?[<>≤≥]?=? ?$",
    re.IGNORECASE,
)
# How far words of one list stand apart.
_NEAR = 60


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


def draft_claims(reading: Reading) -> Iterator[Draft]:
    """Yield the claims that a sentence makes, each with its clause, focus and numbers."""
    whole = (0, len(reading.text))
    found: list[tuple[Pattern, re.Match[str] | None, Span]] = []
    items = _numbered_items(reading, whole)
    if items:
        yield from items
        return
    for span in reading.clauses:
        if _asks(reading.text[slice(*span)]):
            continue
        best = best_fit(reading, span)
        if best:
            found += _with_added(reading, *best, span)
        elif found and _continues(reading, found[-1][0], found[-1][2], span):
            found[-1] = (*found[-1][:2], (found[-1][2][0], span[1]))
    if len(reading.clauses) > 1 and all(each[0].weight <= _ANY for each in found):
        best = best_fit(reading, whole)
        if best and (best[0].weight > _ANY or not found):
            found = [(*best, whole)]
    told = 0
    for pattern, match, span in _merged(reading.text, found):
        if span[0] < told and not _OPPOSED.search(reading.text, max(0, span[0] - 10), span[0] + 9):
            continue  # an item of a list that the clause before has told
        spared = None if pattern.listing else left_out(reading, span)
        if spared is None:
            drafts = list(_split(reading, pattern, match, span))
            told = max([told, *(each.focus[1] for each in drafts if each.listed)])
            yield from drafts
            continue
        yield from _split(reading, pattern, match, trim(reading.text, (span[0], spared[0])))
        yield Draft(pattern, span, spared, spared=True)


def _asks(clause: str) -> bool:
    """Tell whether a clause only says what is not known: "but whether it prolongs life is unclear"."""
    return clause.startswith("whether ") and tells_no_finding(clause)


def _continues(reading: Reading, pattern: Pattern, before: Span, span: Span) -> bool:
    """Tell whether a clause that no pattern sees goes on counting what the one before it tells.

    "The spine was rebuilt with a cage in 5 cases, and with bone grafts in 3 cases." Where it has
    no verb it borrows that of the one before: "there were 5 leaks (4%); three haematomas (2%)".
    """
    numbers = _numbers(reading, span)
    if not numbers or pattern.listing or pattern.split_on or pattern.kind == "indication":
        return False
    counted = _numbers(reading, before)
    told = {each.measure for each in counted} - {None}
    if pattern.name in _DONE:
        told.add("procedure_performed")
    near = _NEXT.fullmatch(reading.text, before[1], span[0]) is not None
    if near and all(each.measure in told and each.statistic == "count" for each in numbers):
        return True
    return (
        near
        and not _SHARES.isdisjoint(each.statistic for each in counted)
        and all(each.measure and each.statistic in _SHARES for each in numbers)
        and not any(each.operator for each in numbers)
        and not holds_verb(reading.text[slice(*span)])
    )


def _with_added(
    reading: Reading, pattern: Pattern, match: re.Match[str] | None, span: Span
) -> list[tuple[Pattern, re.Match[str] | None, Span]]:
    """Return advice and, apart from it, the result that its clause adds."""
    whole = [(pattern, match, span)]
    if pattern.kind in {"outcome", "risk"} and not pattern.listing:
        return _with_graded(reading, whole[0])
    if pattern.kind != "indication" or pattern.subkind is not None or pattern.listing:
        return whole
    against = advised_against(reading.text, span)
    if against:
        return [(pattern, match, against[0]), (pattern, None, against[1])]
    cut = _ADDED.search(reading.text, *span)
    head = reading.text[span[0] : cut.end()] if cut else ""
    if cut is None or strength_of(head) is None or _LISTED.search(head):
        return whole
    tail = (cut.end(), span[1])
    best = best_fit(reading, tail)
    if best is None or best[0].kind not in {"outcome", "risk"}:
        return whole
    return [(pattern, match, trim(reading.text, (span[0], cut.end()))), (*best, tail)]


def _with_graded(
    reading: Reading, told: tuple[Pattern, re.Match[str] | None, Span]
) -> list[tuple[Pattern, re.Match[str] | None, Span]]:
    """Return what a clause denies and, apart from it, what it tells of another measure behind."""
    halves = graded_beside(reading.text, told[2])
    facets = [{each.facet for each in reading.within(half)} & MEASURED for half in halves or ()]
    if halves is None or not all(facets):
        return [told]
    best = best_fit(reading, halves[1])
    if best is None or best[0].kind not in {"outcome", "risk"}:
        best = load_patterns()["outcome_plain"], None
    return [(told[0], told[1], halves[0]), (*best, halves[1])]


def _numbered_items(reading: Reading, whole: Span) -> list[Draft]:
    """Return one draft per numbered item where the whole sentence is one list."""
    items = enumerated(reading.text)
    if len(items) < 2:
        return []
    best = best_fit(reading, whole)
    if best is None:
        return []
    return [Draft(best[0], whole, item, _numbers(reading, item), listed=True) for item in items]


def _numbers(reading: Reading, item: Span) -> tuple[Measurement, ...]:
    return tuple(each for each in reading.measurements if item[0] <= each.start < item[1])


def _merged(
    text: str,
    found: list[tuple[Pattern, re.Match[str] | None, Span]],
) -> list[tuple[Pattern, re.Match[str] | None, Span]]:
    """Join neighbouring clauses that say the same kind of thing by the same pattern, without numbers.

    What one of them denies stays apart: "is wide, but is not used by many".
    """
    kept: list[tuple[Pattern, re.Match[str] | None, Span]] = []
    for pattern, match, span in found:
        before = kept[-1][0] if kept else None
        again = before is pattern and pattern.kind == "approach"
        again = again and not _DENIED.search(text, *span)
        weighed = before is not None and before.subkind == pattern.subkind == "prognostic"
        weighed = weighed and not _is_opposed(text, kept[-1][2], span)
        if before and (again or weighed):
            kept[-1] = (before, kept[-1][1], (kept[-1][2][0], span[1]))
        else:
            kept.append((pattern, match, span))
    return kept


def _is_opposed(text: str, before: Span, span: Span) -> bool:
    """Tell whether a clause with a verb of its own is set against the one before it."""
    opposed = _OPPOSED.search(text, before[1] - 1, span[0] + 9)
    return opposed is not None and holds_verb(text[slice(*span)])


def _split(
    reading: Reading, pattern: Pattern, match: re.Match[str] | None, span: Span
) -> Iterator[Draft]:
    if pattern.listing and match is not None:
        begin = span[0] + match.end()
        if pattern.list_after:
            after = pattern.list_after.search(lowered(reading.text), begin, span[1])
            begin = after.end() if after else -1
        items = (
            [
                item
                for item in listed(
                    reading.text[: max(span[1], _list_end(reading.text, span))], begin
                )
                if item[1] - item[0] < 200
            ]
            if begin >= 0
            else []
        )
        if len(items) > 1:
            # What is told ahead of the list: how many had any of it.
            ahead = (span[0], min(begin, items[0][0]))
            lead = tuple(each for each in reading.measurements if ahead[0] <= each.start < ahead[1])
            if lead and pattern.kind == "risk":
                yield from _by_value(reading.text, pattern, ahead, lead)
            for item in items:
                numbers = tuple(
                    each for each in reading.measurements if item[0] <= each.start < item[1]
                )
                yield Draft(pattern, span, item, numbers, listed=True)
            return
    if pattern.split_on is not None:
        cut = pattern.split_on.search(lowered(reading.text), *span)
        if cut:
            for item in ((span[0], cut.start()), (cut.end(), span[1])):
                numbers = tuple(
                    each for each in reading.measurements if item[0] <= each.start < item[1]
                )
                yield Draft(pattern, span, item, numbers)
            return
    numbers = counted(
        reading,
        pattern,
        span,
        tuple(each for each in reading.measurements if span[0] <= each.start < span[1]),
    )
    if pattern.kind in {"outcome", "risk"} and numbers and pattern.name not in {"procedure_count"}:
        yield from _by_value(reading.text, pattern, span, _without_doses(reading.text, numbers))
        return
    if pattern.name == "procedure_count":
        counts = [each for each in numbers if each.statistic in {"count", "percent"}]
        yield from (
            _by_value(reading.text, pattern, span, tuple(counts))
            if 1 < len(counts) <= 3 and not _SEX.search(reading.text)
            else iter([Draft(pattern, span, span, numbers)])
        )
        return
    if numbers:
        yield Draft(pattern, span, span, numbers)
        return
    yield from _by_measure(reading, pattern, span)


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
            else _cut(text, group[-1].end, groups[index + 1][0].start)
        )
        yield Draft(pattern, span, trim(text, (at, stop)), tuple(group), _told_of(group[-1]))
        at = stop


def _told_of(number: Measurement) -> str | None:
    """Return the measure that a number makes a claim about: an age or a size describes a group."""
    return number.measure if number.measure not in {"age", "follow_up", _INCLUDED} else None


def _cut(text: str, start: int, end: int) -> int:
    """Return where one number's words end and the next one's begin."""
    inside = _CLOSING.match(text, start, end)
    start = inside.end() if inside else start
    marks = list(JOINT.finditer(text, start, end)) or (
        list(_OR.finditer(text, start, end)) if inside else []
    )
    return marks[-1].start() if marks else start


def _are_joined(gaps: Sequence[str]) -> bool:
    """Tell whether what stands between measures joins them all: A, B and C."""
    listed = all(len(gap) < _NEAR and _JOINED.search(gap) for gap in gaps)
    return listed and _LAST.search(gaps[-1]) is not None


def _by_measure(reading: Reading, pattern: Pattern, span: Span) -> Iterator[Draft]:
    """One draft per measure where a clause joins several: pain and gait improved."""
    measures = [
        each
        for each in reading.within(span)
        if each.facet in MEASURED and each.concept not in {"age", "follow_up"}
    ]
    distinct = {each.concept: each for each in reversed(measures)}
    joined = [each for each in measures if each is distinct[each.concept]]
    gaps = [reading.text[one.end : other.start] for one, other in pairwise(joined)]
    if pattern.kind == "outcome" and pattern.subkind is None and gaps and _are_joined(gaps):
        for each in joined:
            yield Draft(pattern, span, (each.start, each.end), (), each.concept)
        return
    yield Draft(pattern, span, span)


def sizing(draft: Draft) -> Draft | None:
    """Return a draft as what tells on how many a report is built, None where it tells no such.

    A sentence that narrates what was studied still tells that: "the outcome of 30 patients".
    """
    sized = [_is_size(each) for each in draft.measurements]
    if draft.pattern.name == _INCLUDED or (draft.pattern.kind == "approach" and any(sized)):
        return draft
    whole = sized and all(each.measure == "patients_included" for each in draft.measurements)
    return replace(draft, pattern=load_patterns()[_INCLUDED]) if whole else None


def _is_size(each: Measurement) -> bool:
    """Tell whether a count is of all who were studied or of all of a group of them."""
    whole = each.group is not None and each.n == each.numerator
    return bool(each.numerator) and (each.measure == "patients_included" or whole)
