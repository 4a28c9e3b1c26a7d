"""Give each number of a sentence its own measure, population, unit and time point."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.groups.attrition import sizes_visit
from ingest.groups.bearers import find_bearers
from ingest.groups.comparisons import with_groups
from ingest.groups.everyone import with_everyone
from ingest.groups.parties import with_parties, without
from ingest.groups.pools import counts_sources
from ingest.groups.populations import group_of, is_group
from ingest.groups.roster import Roster
from ingest.groups.shares import may_be_of
from ingest.groups.treated import without_treated
from ingest.language.starts import build_rule
from ingest.language.wording import lowered
from ingest.measurements.absence import denies
from ingest.measurements.apiece import with_each
from ingest.measurements.assignment import assigned
from ingest.measurements.attachment import compatible, own_names
from ingest.measurements.completion import completes, leads_group
from ingest.measurements.counts import bare_count, counted_measure, itemises
from ingest.measurements.criteria import forms_group, is_finding
from ingest.measurements.deadlines import find_deadlines
from ingest.measurements.deeds import tells_whom
from ingest.measurements.denial import with_denials
from ingest.measurements.elidedtimes import with_row_again
from ingest.measurements.ellipsis import (
    compared,
    of_same_event,
    of_same_people,
    shared_noun,
    told_again,
)
from ingest.measurements.grading import grades_of
from ingest.measurements.intervals import waits, with_intervals
from ingest.measurements.latency import with_latencies
from ingest.measurements.likewise import of_one_predicate, with_figures
from ingest.measurements.milestones import milestones
from ingest.measurements.occasions import is_period, of_result, outside, proper
from ingest.measurements.occurrence import tells_event, with_events
from ingest.measurements.opposites import with_opposed_times
from ingest.measurements.parts import part_of, percent_of, with_parts
from ingest.measurements.predicates import tells_rest
from ingest.measurements.rates import is_part, without_tests
from ingest.measurements.rows import as_score, paired_measures, runs, unpaired_numbers
from ingest.measurements.sharedtimes import with_shared_times
from ingest.measurements.significance import attach, belongs_ahead, p_ahead
from ingest.measurements.statistic import statistic_of
from ingest.measurements.studied import is_studied
from ingest.measurements.sums import in_so_many, of_one_whole, of_total
from ingest.measurements.survival import DENIED, lives
from ingest.measurements.things import (
    COUNTED_THINGS,
    listed_thing,
    measure_of_listed,
    of_things,
    with_counted_levels,
)
from ingest.measurements.timerows import paired_times
from ingest.measurements.timing import time_of
from ingest.measurements.transitions import before_and_after, points_of
from ingest.model import Concept, Measurement, Mention
from ingest.numbers.designations import mask_designations
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import BOUNDS, COUNTED, PLAIN, SPANS, Quantity, sizes_group
from ingest.numbers.scene import Population, Scene, Sitting
from ingest.numbers.screening import one_funnel, part_measure
from ingest.numbers.times import find_occasions, find_times
from ingest.vocabulary import TAKEN_IN

_IN = build_rule(r"\b(?:before|after|at|during|prior to) [^.;]* in (?:only )?$")
_BRACKETED = re.compile(r"\(\d+\)")
_SIZES = TAKEN_IN | {"patients_diagnosed", "specimens_studied"}
_EXTENTS = {"levels", "factors", "steps", "sets", "arteries", "screws", "centres", "studies"}


def read_measurements(
    text: str,
    mentions: Sequence[Mention],
    concepts: Mapping[str, Concept],
    spans: Sequence[tuple[int, int]],
    populations: Sequence[Population],
    inherited: str | None = None,
    sentence: int = 0,
    single: bool = False,
    roster: Roster | None = None,
    several: bool = False,
    whole: int | None = None,
    nerves: bool = False,
) -> tuple[Measurement, ...]:
    """Return the measurements of a sentence; offsets are those of ``text``.

    ``mentions`` are of measures and scales, ``spans`` the clauses, ``populations`` the group
    sizes read before, ``inherited`` the measure that a leading pronoun stands for; ``sentence``
    is the sentence's own start, ``single`` true where the text is about one patient, ``roster``
    the groups named before, ``several`` true where it tells of several patients, so that
    an event that did not occur is none of them, ``whole`` how many "all patients" are, ``nerves``
    true where the text is on the function of the nerves.
    """
    printed, parties, described = text, *find_bearers(text, mentions)
    if described:
        text = without(text, described)
        mentions = [each for each in mentions if text[each.start : each.end].strip()]
    low = lowered(text)
    quantities = with_counted_levels(low, find_quantities(text))
    times = without_treated(low, find_times(text))
    if whole:
        quantities = with_everyone(low, quantities, times, spans, whole)
    eventful = bool(mentions) and (
        ((several or single) and denies(text))
        or (several and tells_event(text, mentions, concepts))
    )
    if not quantities and not times and not eventful:
        return ()
    scene = _scene_of(text, mentions, concepts, spans, quantities, times)
    groups, rows = _groups_in(scene), runs(scene)
    measured, timed = paired_measures(scene, rows), paired_times(scene, rows)
    sitting = Sitting(
        text, scene, groups, populations, sentence, inherited, single, rows, measured, timed, nerves
    )
    unpaired = unpaired_numbers(scene, rows)
    for quantity in quantities:
        if not counts_sources(scene.low, quantity):
            _read(sitting, quantity, quantity.start in unpaired)
    sitting.found = _completed(sitting, eventful)
    sitting.found = _with_times(sitting, times)
    told = with_groups(printed, scene, sitting.found, roster or Roster())
    return with_parties(scene.low, told, parties)


def _scene_of(
    text: str,
    mentions: Sequence[Mention],
    concepts: Mapping[str, Concept],
    spans: Sequence[tuple[int, int]],
    quantities: Sequence[Quantity],
    times: Sequence[Quantity],
) -> Scene:
    """Return the scene of a sentence, with its times in words and the intervals that it measures."""
    low = mask_designations(text)
    adverbs, adjectives = find_occasions(text)
    adverbs = proper(low, adverbs, times) if adverbs else adverbs
    adjectives = of_result(outside(adjectives, times), low) if adjectives else adjectives
    times = [each for each in times if not tells_whom(each, low)] if times else times
    intervals = without_tests(with_intervals(low, own_names(mentions, concepts)))
    return Scene(low, spans, quantities, intervals, concepts, times, adverbs, adjectives)


def _groups_in(scene: Scene) -> list[Quantity]:
    """Return the numbers of a sentence that size groups of patients and count none of them."""
    low, quantities = scene.low, scene.quantities
    return [
        each
        for each in quantities
        if (is_group(low, each, quantities) and not tells_rest(low, each, quantities))
        or leads_group(low, each, quantities)
    ]


def _completed(sitting: Sitting, eventful: bool) -> list[Measurement]:
    """Return what was found number by number with what only the whole sentence tells of it."""
    scene, low = sitting.scene, sitting.scene.low
    found = with_latencies(scene, with_each(scene, sitting.found), scene.concepts)
    if eventful:
        found = with_events(sitting.text, scene, found, sitting.single)
    found = with_denials(
        scene, compared(low, in_so_many(low, of_one_whole(low, of_total(low, found))))
    )
    if "(" in low:
        found = with_parts(low, found)
    found = with_figures(low, one_funnel(of_one_predicate(scene, found)))
    if len(found) > 1 and (scene.times or scene.adverbs or scene.adjectives):
        found = with_shared_times(sitting.text, scene, found)
        found = with_row_again(scene, found)
    if len(found) > 1:
        found = with_opposed_times(sitting.text, scene, found, scene.concepts)
    if all(each.unit in _EXTENTS for each in found):
        return found
    # The extent of an operation is told beside its result; it is none itself.
    return [
        each
        for each in found
        if each.measure or each.percent is not None or each.unit not in _EXTENTS
    ]


def _with_times(sitting: Sitting, times: Sequence[Quantity]) -> list[Measurement]:
    """Return what was found with the times that are findings themselves: how long one waited or lived."""
    found = sitting.found
    if any(each.measure == "symptom_duration" for each in found):
        # How old one was who came is told by the way.
        found = [each for each in found if each.measure != "age"]
    told = [*waits(sitting, times), *milestones(sitting, times)]
    if sitting.single and told:
        # "A leak on day 5 was drained for 6 days": how long that was is told by the way.
        found = [each for each in found if each.measure or each.unit not in SPANS]
    found = sorted([*found, *told], key=lambda each: each.start)
    lived = lives(sitting, times)
    told_of = {each.measure for each in found}
    if any(each.numerator == 0 and "recurrence" in (each.measure or "") for each in found):
        told_of.add("recurrence_free")  # "no recurrence at 24 months": none of one, at that time
    if "mortality" in told_of:
        lived = []  # "one patient died after 4 years": of how many, and when
    found = [*found, *(each for each in lived if each.measure not in told_of)]
    found.sort(key=lambda each: each.start)
    # Where nothing happened by then the time is no finding.
    return found or ([] if DENIED.search(sitting.scene.low) else find_deadlines(sitting))


def _read(sitting: Sitting, quantity: Quantity, unpaired: bool) -> None:
    found, low = sitting.found, sitting.scene.low
    if quantity.form in BOUNDS:
        if found and not belongs_ahead(sitting, quantity):
            attach(sitting, quantity)
        return
    studied = is_studied(low, quantity)
    if quantity in sitting.groups and not (studied or forms_group(low, quantity)):
        return
    if completes(sitting, quantity) or sizes_visit(low, quantity.start):
        return
    shared = None
    if quantity.form in PLAIN:
        part = part_of(sitting, quantity)
        if part is not None:
            found.append(part)
            return
        shared = shared_noun(sitting.scene, quantity)
        quantity = _as_count(sitting, quantity, shared)
    quantity = of_things(sitting, quantity)
    paired = sitting.scene.concepts.get(sitting.measures.get(quantity.start, ""))
    if paired is not None and not compatible(quantity, paired):
        quantity = as_score(quantity, low)  # "VAS and ODI fell to 2 and 20%"
    measure, mention = assigned(sitting, quantity, shared, studied, unpaired)
    if measure is None:
        measure = measure_of_listed(sitting, quantity)
    if not is_finding(sitting, quantity, measure, mention):
        return
    time = sitting.times.get(quantity.start) or time_of(quantity, measure, mention, sitting.scene)
    read = _measured(sitting, quantity, measure, time)
    if (
        quantity.derived
        and quantity.form == "count"
        and all(each.measure in {None, "patients_included"} for each in read)
    ):
        return  # "all patients" of whom no measure is told
    found += told_again(sitting, quantity, read)


def _as_count(sitting: Sitting, quantity: Quantity, shared: Quantity | None) -> Quantity:
    """Return a number without a noun as the count that its words make it, else as it is."""
    if shared is None or quantity.value is None:
        return listed_thing(sitting, quantity, bare_count(sitting, quantity)) or quantity
    return replace(quantity, form="count", unit=shared.unit, numerator=int(quantity.value))


def _is_arm(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether (n = 29) sizes a group into which patients were put."""
    low = sitting.scene.low
    return sizes_group(low, quantity.start) and forms_group(low, quantity)


def _measured(
    sitting: Sitting, quantity: Quantity, measure: str | None, time: Quantity | None
) -> list[Measurement]:
    """Return a number with its measure, group, time and shares; a change gives its two ends as well."""
    measure = measure or _unnamed_measure(sitting, quantity)
    concept = sitting.scene.concepts.get(measure) if measure else None
    covers = time is not None and is_period(time, sitting.scene.low)
    if measure in {"patients_included", "sex"} or (covers and not (concept and concept.harm)):
        time = None  # those a report is built on have none; the sentence tells of their scans
    if quantity.form == "share" and _is_whole(sitting, quantity):
        quantity = replace(
            quantity, form="percent", unit="percent", group=quantity.numerator, numerator=None
        )
    base = _plain(sitting, quantity, measure, concept)
    if time is not None:
        told = sitting.text[time.start : time.end]
        base = replace(base, time_months=time.months, time_text=told)
    if measure in _SIZES:
        base = _sized(sitting, quantity, base)
    base = _with_share(quantity, base)
    if quantity.form == "effect":
        base = _as_effect(sitting, quantity, base)
    if quantity.form == "change":
        return before_and_after(sitting, quantity, base)
    return [base]


def _unnamed_measure(sitting: Sitting, quantity: Quantity) -> str | None:
    """Return what a number without a measure tells of: what a pronoun stands for, what is counted."""
    inherited, passed_on = sitting.inherited, quantity.form in {"value", "percent", "score"}
    if inherited and passed_on and compatible(quantity, sitting.scene.concepts[inherited]):
        return inherited
    if quantity.form not in COUNTED:
        return None
    if quantity.form == "count" and quantity.marks:
        # Those of a list of grades had them on the scale that is named ahead of it.
        scene, begin = sitting.scene, quantity.marks[0]
        named = [each.concept for each in scene.mentions if each.end <= begin]
        return next((each for each in named[::-1] if scene.concepts[each].facet == "scales"), None)
    counted = counted_measure(sitting, quantity) or part_measure(sitting, quantity)
    # "Treated in two sessions": no two patients.
    return None if (counted, quantity.unit) == ("patients_treated", "procedures") else counted


def _plain(
    sitting: Sitting, quantity: Quantity, measure: str | None, concept: Concept | None
) -> Measurement:
    """Return a number as printed, with the unit of its measure and the size of its group."""
    size, denominator = group_of(sitting, quantity, measure)
    if size is None:
        size = denominator = of_same_event(sitting, quantity)
        size = size or of_same_people(sitting, quantity, measure)
    if quantity.denominator and quantity.unit != "patients":
        size = denominator = quantity.denominator
    percent = quantity.form == "percent"
    # A scale's percent (Karnofsky, Oswestry) is its own unit, no share of patients.
    scored = bool(concept and concept.facet == "scales" and "percent" in concept.units and percent)
    points = points_of(sitting, measure) if quantity.form == "score" else None
    read = Measurement(
        measure=measure,
        statistic=statistic_of(sitting, quantity, scored),
        start=quantity.start,
        end=quantity.end,
        value=quantity.percent if percent else quantity.value,
        low=quantity.low,
        high=quantity.high,
        spread=quantity.spread,
        operator=quantity.operator,
        unit=quantity.unit or points,
        numerator=quantity.numerator,
        denominator=denominator,
        n=size,
        percent=None if scored else quantity.percent,
        transition=grades_of(sitting, quantity),
        derived=quantity.derived,
    )
    if size is None or read.operator or may_be_of(read, size, sitting.scene.concepts):
        return read
    return replace(read, n=None)  # no whole number of those told ahead: it goes back to all


def _with_share(quantity: Quantity, base: Measurement) -> Measurement:
    """Return a number with the percent that its parts make where the source prints none."""
    if base.numerator is not None and base.denominator and base.percent is None:
        share = percent_of(base.numerator, base.denominator)
        base = replace(base, percent_derived=share)
    scored = quantity.form == "score" and base.unit is None
    if base.measure and scored and is_part(quantity, base.measure):
        base = replace(base, unit="fraction", percent_derived=round(100 * (base.value or 0.0), 1))
    return base


def _as_effect(sitting: Sitting, quantity: Quantity, base: Measurement) -> Measurement:
    """Return an effect with its bounds as its confidence interval and the p that stands ahead of it."""
    if quantity.value is not None:  # a range of effects, as several studies found, has no interval
        base = replace(base, low=None, high=None, ci_low=quantity.low, ci_high=quantity.high)
    ahead = p_ahead(sitting, quantity)
    return replace(base, p_operator=ahead.operator, p_value=ahead.value) if ahead else base


def _sized(sitting: Sitting, quantity: Quantity, base: Measurement) -> Measurement:
    """Return a count of those included, treated or diagnosed with itself as n where it is all of them."""
    low, measure = sitting.scene.low, base.measure
    ahead_of = [each for each in sitting.scene.numbers if each.start < quantity.start]
    # "Nine studies with 300 patients": those counted are all of them too.
    first = all(each.unit == "studies" for each in ahead_of) or itemises(sitting, quantity)
    first = first or low.endswith("total of ", 0, quantity.start)
    # "detected before a fracture in 30 patients": those are a part of all.
    part = measure == "patients_diagnosed" and _IN.search(low, 0, quantity.start)
    # An arm of those treated is told of all who were dealt out.
    formed = measure == "patients_treated" and _is_arm(sitting, quantity)
    # "posterior (12), anterior (7)": a part of those told of.
    part = part or _BRACKETED.match(low, max(0, quantity.start - 1))
    sizes = base.unit not in COUNTED_THINGS and first and not (part or formed)
    if sizes and base.n is None and base.percent is None and base.numerator:
        return replace(base, n=base.numerator)
    itself = sizes_group(low, quantity.start) and not formed
    if itself and base.denominator is None and base.n is None:
        return replace(base, n=base.numerator)
    return base


def _is_whole(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether the n beside a percent is the group that was counted, not the part."""
    printed = sitting.scene.low[quantity.start : quantity.end]
    known = any(each.whole and each.size == quantity.numerator for each in sitting.populations)
    return (
        known
        and printed[0].isdigit()
        and "n" in printed.replace("patients", "")
        and (quantity.percent or 100) < 99
    )
