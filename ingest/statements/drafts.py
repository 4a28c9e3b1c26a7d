"""Find which claims a sentence makes: which pattern, which clause, which item, which number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.language.clauses import holds_verb, trim
from ingest.language.lists import enumerated
from ingest.language.narration import tells_no_finding
from ingest.language.starts import build_rule
from ingest.patterns import Pattern, load_patterns
from ingest.reading import MEASURED, Reading
from ingest.statements.division import divided, numbers_in
from ingest.statements.draft import Draft, Span
from ingest.statements.fitting import best_fit
from ingest.statements.sparing import advised_against, graded_beside, left_out
from ingest.statements.strength import strength_of

# A pattern that takes any finding leaves the whole sentence to those with words for it.
_ANY = 1.0
_DONE = {"procedure_performed", "procedure_count"}
# What a verdict or an advice adds on results: "an option with a low risk of relapse".
_ADDED = build_rule(
    r"(?: and (?=(?:\w+ly )?(?:reduces|improves|lowers|decreases|prolongs|shortens|relieves|prevents|facilitates)\b)|,? where(?:by|in)? (?=[^,;]{2,60}\b(?:provid|offer|give|yield|achiev|improv|result|lead|reduc)\w*)"
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
_NEXT = re.compile(r"[ ,;]*(?:(?:and|but) )?")
_GROUND = re.compile(r"(?:since|because)\b", re.IGNORECASE)
# What is told of some of a group.
_SHARES = frozenset({"count", "percent"})


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
    if len(found) > 1 and _is_ground(reading, found[0][0], found[0][2]):
        del found[0]
    told = 0
    for pattern, match, span in _merged(reading.text, found):
        if span[0] < told and not _OPPOSED.search(reading.text, max(0, span[0] - 10), span[0] + 9):
            continue  # an item of a list that the clause before has told
        spared = None if pattern.listing else left_out(reading, span)
        if spared is None:
            drafts = list(divided(reading, pattern, match, span))
            told = max([told, *(each.focus[1] for each in drafts if each.listed)])
            yield from drafts
            continue
        yield from divided(reading, pattern, match, trim(reading.text, (span[0], spared[0])))
        yield Draft(pattern, span, spared, spared=True)


def _is_ground(reading: Reading, pattern: Pattern, span: Span) -> bool:
    """Tell whether a clause only says why or since when: "since a cage was used, none has slipped"."""
    led = _GROUND.match(reading.text, *span) is not None
    return led and pattern.name in _DONE and not numbers_in(reading, span)


def _asks(clause: str) -> bool:
    """Tell whether a clause only says what is not known: "but whether it prolongs life is unclear"."""
    return clause.startswith("whether ") and tells_no_finding(clause)


def _continues(reading: Reading, pattern: Pattern, before: Span, span: Span) -> bool:
    """Tell whether a clause that no pattern sees goes on counting what the one before it tells.

    "The spine was rebuilt with a cage in 5 cases, and with bone grafts in 3 cases." Where it has
    no verb it borrows that of the one before: "there were 5 leaks (4%); three haematomas (2%)".
    """
    numbers = numbers_in(reading, span)
    if not numbers or pattern.listing or pattern.split_on or pattern.kind == "indication":
        return False
    counted = numbers_in(reading, before)
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
    return [Draft(best[0], whole, item, numbers_in(reading, item), listed=True) for item in items]


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
