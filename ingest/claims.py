"""Extract the claims of a document: what kind, what it says, how it is meant, with its quote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ingest import context
from ingest.groups.cohorts import Finder
from ingest.language.clauses import holds_verb
from ingest.language.conjuncts import JOINED, none_ahead, shares_guess, stands_apart
from ingest.language.narration import tells_no_finding
from ingest.language.starts import build_rule
from ingest.measurements.absence import event_denied, none_of
from ingest.measurements.effects import RATIOS
from ingest.measurements.scoring import points_spanned
from ingest.measurements.things import unit_told
from ingest.model import (
    Assertion,
    Basis,
    Claim,
    Concept,
    Direction,
    Document,
    Kind,
    Measurement,
)
from ingest.reading import Reading, read_sentences
from ingest.statements.advice import advice_of, by_vote
from ingest.statements.contrast import set_against
from ingest.statements.credit import credited
from ingest.statements.direction import by_ratio, direction_of, grades, is_mixed, item_way
from ingest.statements.draft import Draft, as_included, number_span
from ingest.statements.drafts import draft_claims
from ingest.statements.endpoints import endpoint_of
from ingest.statements.faring import item_fared
from ingest.statements.grounds import basis_of
from ingest.statements.kinds import DONE, correlates, kind_of, rates_test, tended
from ingest.statements.linking import link_claims
from ingest.statements.naming import shrinks, without_others
from ingest.statements.opposition import compares, own_way
from ingest.statements.pairs import Pair, pair_finder
from ingest.statements.presenting import tells_presentation
from ingest.statements.remarks import beside_remarks
from ingest.statements.roll import Roll, source_key
from ingest.statements.sides import act_told, around, beside, link_told, move_told, side_of
from ingest.statements.slots import fill_slots
from ingest.statements.sparing import goes_without, is_told_ahead, left_alone, told_besides
from ingest.statements.verdicts import foretold_not, is_chance, was_chance, without_verdicts
from ingest.text import display
from ingest.vocabulary import load_concepts

_INCLUDED = "patients_included"
_ANY_OF = build_rule(
    r"\b(?:any|none) of (?:the|our|these) $|\bno (?:patient|case|child|one)s? (?:in|of|among) (?:(?:our|this|the|these|all) )(?:\w+ of )?(?:the )?$",
    re.IGNORECASE,
)
_NONE_HAD = re.compile(
    r"(?:[\w -]{0,25}), none (?:\w+ )?(?:had|has|died|developed|experienced|suffered|showed|required|needed|underwent)\b",
    re.IGNORECASE,
)
_NO_MATTER = ("negated", "no_difference")
# What an indication asks to be absent is a criterion, no denial: "no visceral spread".
_CRITERION = re.compile(r"(?:no|absence of|lack of|without)\b", re.IGNORECASE)
# A margin with tumour in it is no gain, however the wide ones beside it were achieved.
_UNCLEAR = build_rule(
    r"\b(?:intralesional|positive|contaminated|involved|inadequate|R1|R2)\b", re.IGNORECASE
)
_FAIR = re.compile(r"(?:and |was |were )*(?:fair|moderate|intermediate) (?:in\b|\()")
# "Pain improved, | with a mortality rate of 9%": nothing improved of the deaths.
_AT_A_RATE = build_rule(
    r"\b(?:with|and) (?:an? |the )?(?:(?!with\b|and\b|for\b|in\b|of\b|to\b)[\w-]+ ){0,5}?(?:rates?|incidence|risk) of (?:only |about )?$"
)
# Nor is what was left behind, however much was removed in those beside.
_PARTLY = build_rule(r"\b(?:sub-?total|partial|incomplete|biops(?:y|ies))\b", re.IGNORECASE)
_SHORT_OF = {
    "surgical_margin": _UNCLEAR,
    "intralesional_margin": _UNCLEAR,
    "extent_of_resection": _PARTLY,
}
_LOOKED_ON = frozenset(["follow_up", "age", "sex"])
_OF_WHOM = frozenset(["body_mass_index", "life_expectancy"])
# "There were no tears, compared with | 4 of 19 before": of whom the number is, some had it.
_NONE_BUT = build_rule(
    r"(?i)\b(?:no|none)\b(?! (?:[\w-]+ )?(?:differen|change|increase|decrease|effect|benefit|evidence|trend))[^,;()\d]{3,60}, (?:as )?(?:compared (?:with|to)|versus) (?:only )?$"
)
# "80 % lived and had no pain at one year, | 76 % at two": of the first, not of what is denied.
_GOES_ON = re.compile(r"[a-z%)], (?:and |but )?$")
_THEN_AT = re.compile(
    r" ?(?:at|after|by) (?:\w+ )?(?:\d+|one|two|three|five|ten) (?:y(?:ea)?rs?|mo(?:nth)?s?|w(?:ee)?ks?)\b"
)
_AT_FIRST = build_rule(r"\bwere (?:on average |\w+ly |also )*(?:younger|older)\b")
_FOUND = frozenset(["outcome", "risk"])
_JOINS = re.compile(r"\s*(?:[,;]|and\b|but\b)")


def extract(document: Document, cohort_of: Finder | None = None) -> tuple[Claim, ...]:
    """Return the document's claims in order of place, each with ``quote == text[start:end]``."""
    found: list[Claim] = []
    roll = Roll(source_key(document.record), set(), Counter())
    pair_of = pair_finder(document)
    for reading in read_sentences(document, cohort_of):
        if reading.sentence.role == "none":
            continue
        drafts = without_verdicts(reading, list(draft_claims(reading)))
        if not drafts:
            continue
        if tells_no_finding(reading.text):
            drafts = beside_remarks(reading, drafts)
        alone = len(drafts) == 1
        lead = min((each.focus[0] for each in drafts if each.listed), default=len(reading.text))
        made = (_claim(document, reading, each, alone, lead, pair_of, roll) for each in drafts)
        found += filter(None, made)
    return link_claims(tuple(found))


@dataclass(frozen=True, slots=True)
class _Meaning:
    """How a draft is meant: what it measures, the words that tell, its assertion and its kind."""

    measure: Concept | None
    said: tuple[int, int]
    asserted: Assertion
    kind: Kind


def _claim(
    document: Document,
    reading: Reading,
    draft: Draft,
    alone: bool,
    lead: int,
    pair_of: Callable[[], Pair | None],
    roll: Roll,
) -> Claim | None:
    """Return the claim of a draft, None where the same one stands on the roll already."""
    draft = as_included(draft)
    sentence, pattern = reading.sentence, draft.pattern
    start, end = sentence.opening, sentence.end
    first, last = _focus_of(reading, draft, alone)
    meant = _meaning(reading, draft)
    kind, asserted = meant.kind, meant.asserted
    if not roll.takes(kind, start, end, first, last, pattern.name):
        return None
    came = tells_presentation(reading, draft, kind)
    advice = advice_of(reading, draft, kind, asserted)
    basis = basis_of(reading, draft)
    against = set_against(reading, draft, kind, pair_of)
    shown = display(document.text, start, end, document.record.markers)
    # Slots are filled as those of what was done; how many a report is built on is found.
    built = pattern.name == _INCLUDED
    return Claim(
        id=roll.name(kind, shown, "" if first is None else document.text[first:last]),
        kind="outcome" if built else kind,
        subkind="presentation" if came else pattern.subkind,
        start=start,
        end=end,
        quote=document.text[start:end],
        display=shown,
        section=sentence.section,
        pattern=pattern.name,
        focus_start=first,
        focus_end=last,
        assertion=asserted,
        temporality=context.temporality(reading.text, draft.clause),
        basis=basis,
        species=reading.basing.species,
        attribution=credited(reading, draft),
        cited_references=reading.references,
        polarity=advice.polarity,
        strength=advice.strength,
        strength_wording=advice.wording,
        condition=context.condition(reading.text, draft.own),
        direction=None if came else _way(reading, draft, meant, against),
        measure=meant.measure.id if meant.measure else None,
        comparator=against,
        mentions=fill_slots(reading, draft, kind, basis, lead, against),
        measurements=_numbers(reading, draft, asserted, basis, kind),
    )


def _focus_of(reading: Reading, draft: Draft, alone: bool) -> tuple[int | None, int | None]:
    """Return where in the document the focus of a draft is, none where that is its whole sentence."""
    if alone and draft.focus == (0, len(reading.text)):
        return None, None
    start = reading.sentence.start
    return start + draft.focus[0], start + draft.focus[1]


def _meaning(reading: Reading, draft: Draft) -> _Meaning:
    """Return what a draft measures, whether it is denied, and which kind of claim that makes it."""
    name = draft.measure or endpoint_of(reading, draft)
    if draft.pattern.kind == "risk" and tended(draft, reading.text):
        name = "procedure_performed"
    measure = load_concepts()[name] if name else None
    said = _said(reading, draft)
    words = reading.text[slice(*said)]
    advising = draft.pattern.kind == "indication" or draft.pattern.subkind == "mitigation"
    # "Recommended, without any deterioration" is advice: the absent harm does not deny it.
    harm = measure.harm if measure and measure.harm is not None else draft.pattern.kind == "risk"
    asserted = context.assertion(
        reading.text, said, harm and not advising, draft.focus, number_span(draft)
    )
    if asserted in {"negated", "hedged"} and draft.pattern.name == _INCLUDED:
        asserted = "affirmed"  # what those chosen had not, or may have had, says who they are
    if asserted == "negated" and draft.pattern.kind == "approach":
        asserted = "affirmed" if context.is_done_then(reading.text, said) else asserted
    if asserted == "negated":
        asserted = told_besides(reading, said, name, harm) or asserted
    if asserted == "affirmed" and harm and draft.measurements and _none(draft.measurements):
        asserted = "negated"
    if asserted == "affirmed" and harm and not advising and goes_without(reading, said, name):
        asserted = "negated"
    if asserted == "affirmed" and shares_guess(reading.text, draft.clause[0]):
        asserted = "hedged"
    some = any(each.statistic == "count" and each.numerator for each in draft.measurements)
    if asserted == "negated" and (
        left_alone(reading, said, name, some) if harm else is_told_ahead(reading, said, name)
    ):
        asserted = "affirmed"
    if asserted == "negated" and draft.listed and advising and _CRITERION.match(words):
        asserted = "affirmed"
    kind = kind_of(draft, asserted, measure, words, reading.text[slice(*draft.focus)])
    return _Meaning(measure, said, asserted, kind)


def _none(measured: Sequence[Measurement]) -> bool:
    """Tell whether all that is counted are none: 0 deaths."""
    return all(each.statistic == "count" and each.numerator == 0 for each in measured)


def _way(reading: Reading, draft: Draft, meant: _Meaning, against: str | None) -> Direction | None:
    """Return which way a result went; how many were studied or treated went nowhere.

    Where it is set ``against`` another result each of the two went its own way.
    """
    if meant.asserted in {"affirmed", "hedged"} and was_chance(reading, draft):
        return "no_difference"
    if meant.asserted == "affirmed" and meant.kind in _FOUND and is_chance(draft.measurements):
        return "no_difference"
    unweighed = meant.measure is None or meant.measure.harm is None
    if draft.pattern.kind == "risk" and draft.pattern.subkind == "background" and unweighed:
        return None  # how common a tumour is is neither better nor worse
    if meant.asserted == "negated" and foretold_not(reading, draft):
        return "no_difference"
    fared = item_fared(reading.text, draft.clause, draft.focus, draft.measurements)
    way, found = fared or _direction(reading, draft, meant), reading.measurements
    if way == "better" and _FAIR.match(reading.text, draft.focus[0]):
        way = None  # "good in 30, fair in 9"
    short = _SHORT_OF.get(meant.measure.id) if meant.measure else None
    if way == "better" and short and not fared:
        way = None if short.search(reading.text, *draft.focus) else way
    if way and meant.asserted == "affirmed" and draft.measurements and not fared:
        way = item_way(reading.text, draft.clause, draft.focus, meant.measure) or way
    way = by_ratio(
        reading.text, draft.clause, way, draft.measurements, meant.asserted, meant.measure
    )
    if rates_test(draft) and (draft.pattern.kind == "risk" or way == "worse"):
        return None
    if way != "no_difference" and correlates(draft):
        return None
    opposed = against or (len(found) > 1 and compares(reading.text, draft.clause))
    # Factors side by side are not set against each other.
    weighed = bool(draft.measurements) and draft.measurements[0].statistic in RATIOS
    opposed = opposed and not (weighed and draft.pattern.subkind == "prognostic")
    if opposed and meant.asserted == "affirmed":
        way = own_way(reading.text, draft.clause, way, draft.measurements, found, meant.measure)
    done = meant.measure is not None and meant.measure.id in DONE
    if meant.measure is not None and meant.measure.id in _OF_WHOM:
        # "Those braced were younger, with a better prognosis": who they were is no result.
        done = done or _AT_FIRST.search(reading.text) is not None
    looked_on = meant.measure is not None and meant.measure.id in _LOOKED_ON
    done = done or (looked_on and draft.pattern.name != "outcome_verdict")
    return None if done and way != "no_difference" else way


def _said(reading: Reading, draft: Draft) -> tuple[int, int]:
    """Return the words that say how a claim is meant: of "none died, two bled" each its own half."""
    (start, end), (begin, _) = draft.focus, draft.clause
    text = reading.text
    if draft.spared:
        return draft.focus
    if draft.measurements and not draft.listed and _goes_on(reading, draft.measurements[0]):
        return draft.measurements[0].start, end
    if start == begin and draft.measurements:
        if _NONE_BUT.search(text, begin, draft.measurements[0].start):
            return draft.measurements[0].start, end
        start = none_ahead(text, begin, draft.measurements[0].start)
        if start > begin:
            return start, end
    if (
        not draft.listed
        and draft.focus != draft.clause
        and stands_apart(text, draft.clause, draft.focus)
    ):
        return draft.focus
    if draft.listed or start == begin or not holds_verb(text[start:end]):
        return draft.own if start > begin or not _follows(reading, draft) else draft.focus
    apart = holds_verb(text[begin:start]) and JOINED.search(text[begin:start])
    return draft.focus if apart else draft.own


def _goes_on(reading: Reading, number: Measurement) -> bool:
    """Tell whether a bare number is a later one of what stands ahead, whatever lies between."""
    ahead = [each for each in reading.measurements if each.start < number.start]
    return (
        bool(ahead and number.measure)
        and ahead[-1].measure == number.measure
        and _GOES_ON.search(reading.text, 0, number.start) is not None
        and _THEN_AT.match(reading.text, number.end) is not None
    )


def _follows(reading: Reading, draft: Draft) -> bool:
    """Tell whether behind the first of several numbers' words others with a verb of their own stand."""
    end, stop = draft.focus[1], draft.clause[1]
    rest = reading.text[end:stop]
    own = holds_verb(reading.text[draft.focus[0] : end])
    return own and holds_verb(rest) and bool(_JOINS.match(rest))


def _direction(reading: Reading, draft: Draft, meant: _Meaning) -> Direction | None:
    """Return which way a result went, by the words beside its measure where they tell.

    What lowers a risk is no harm: the risk that it names went nowhere yet.
    """
    if draft.pattern.subkind == "mitigation":
        return None
    text, said, kind = reading.text, meant.said, meant.kind
    asserted, measure = meant.asserted, meant.measure
    if draft.spared and asserted == "negated" and " not " in text[slice(*said)]:
        told = direction_of(text[draft.clause[0] : said[0]], kind, "affirmed", measure)
        return "no_difference" if told else None
    sure = measure if asserted in {"affirmed", "hedged"} else None
    places = [one for one in reading.within(said) if sure and one.concept == sure.id]
    if (
        sure
        and sure.facet == "measures"
        and draft.measurements
        and draft.measurements[-1].transition
    ):
        return "worse" if sure.harm else "better"
    if sure:
        end = draft.measurements[-1].end if draft.measurements else said[0]
        moved = move_told(text, [one.start for one in places if one.end <= end], end)
        if moved and (way := direction_of(moved, kind, asserted, measure)):
            return way
        if places and (link := link_told(text, *said) or act_told(text, said, places[-1].end)):
            side = side_of(text, said, link, places[-1].start)
            return direction_of(side, kind, asserted, measure)
    rated = None
    if sure and sure.harm and draft.measurements:
        rated = _AT_A_RATE.search(text, said[0], draft.measurements[0].start)
    if rated:
        return direction_of(text[rated.start() : said[1]], kind, asserted, measure)
    words = without_others(reading, said, draft.focus, places)
    if measure and measure.harm is False and (named := shrinks(text, places)):
        words = words.replace(named, " improved ")
    if draft.focus != draft.clause and grades(text, draft.clause):
        words = text[draft.measurements[0].start if draft.measurements else 0 : draft.focus[1]]
    whole = direction_of(words, kind, asserted, measure)
    if draft.measure and not draft.measurements and (asserted, whole) != _NO_MATTER:
        near = around(text, said, draft.focus)
        # "Less risk of instrumentation failure": a harm's name says not that it was more.
        near = near.replace(text[slice(*draft.focus)], " ") if measure and measure.harm else near
    elif sure and is_mixed(words, sure):
        near = beside(text, said, (places[0].start, places[0].end), sure) if places else ""
    else:
        return whole
    return direction_of(near, kind, asserted, measure) or whole


def _numbers(
    reading: Reading, draft: Draft, asserted: Assertion, basis: Basis, kind: Kind
) -> tuple[Measurement, ...]:
    """Return the claim's measurements with offsets of the text; "none of the 97" is 0 of 97."""
    start = reading.sentence.start
    found = []
    scored = draft.pattern.name == "prognostic_score"
    treated = draft.pattern.kind == "risk" and tended(draft, reading.text)
    spanned = points_spanned(reading.text, draft.measurements) if scored else ()
    for each in (*spanned, *draft.measurements):
        number = replace(
            by_vote(each, reading, kind),
            start=each.start + start,
            end=each.end + start,
            direction=None,
            unit=unit_told(each, reading.text, basis),
        )
        if treated and number.statistic == "count":
            number = replace(number, measure="procedure_performed")
        before = reading.text[max(0, each.start - 45) : each.start]
        after = reading.text[each.end : each.end + 40]
        none = _ANY_OF.search(before) or _NONE_HAD.match(after)
        if asserted == "negated" and each.statistic == "count" and each.numerator and none:
            number = replace(none_of(number), measure=event_denied(each.measure))
        found.append(number)
    return tuple(found)
