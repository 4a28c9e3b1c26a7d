"""Give the size of the group that an abstract studies to the numbers that are of all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.groups.cohortrules import rules
from ingest.groups.cohorts import COUNTED, Cohort
from ingest.groups.headcounts import plain_words
from ingest.groups.populations import ALL_OF_THEM, ALL_OF_THEM_AHEAD
from ingest.groups.rounding import agrees
from ingest.groups.shares import (
    as_part,
    counts_all,
    is_dealt,
    is_reckoned,
    is_share_of,
    leads_groups,
    make_whole,
)
from ingest.groups.things import size_of_local, size_of_things
from ingest.groups.wholes import is_of_two
from ingest.language.wording import lowered
from ingest.measurements.effects import RATIOS, size_of_pooled
from ingest.measurements.fewer import (
    THOSE,
    fewer_from,
    is_definite,
    is_of_fewer,
    stated_fewer,
    tells_of_those,
    without_likeness,
)
from ingest.measurements.parts import SHARED, percent_of, sizes_groups
from ingest.measurements.predicates import PARTED
from ingest.measurements.reports import is_report
from ingest.measurements.things import thing_told
from ingest.model import Measurement, Sentence
from ingest.numbers.quantity import sizes_group
from ingest.vocabulary import is_followed, load_concepts

_THINGS = COUNTED | {
    "joints", "statements", "complications", "fractions", "factors", "steps",
    "sets", "arteries", "samples", "centres", "animals", "cadavers",
}  # fmt: skip
# What befell the patients is told of them, however often it did.
_BEFALLEN = frozenset(["complications", "deaths", "procedures"])
# A tumour that came back befell its patient, whatever is counted.
_RETURNED = frozenset(["local_recurrence", "distant_metastasis"])
_STATISTICS = frozenset(
    ["mean", "median", "count", "percent", "rate", "range", "value", "auc", "c_statistic"]
)
# An effect weighs a factor over all who were studied, whatever group its factor names.
_EFFECTS = RATIOS | {"correlation_coefficient"}
# "in patients with metastases, the hazard ratio was": weighed in some of them.
# An effect is of fewer where its clause opens with them, where they are ahead of its verb, or where
# a part of the study is named; "raised in patients with metastases (HR 1.9)" weighs what some had.
_SOME = r"(?:the |those |all |these |our )?(?:[a-z-]+ ){0,3}(?:patients|individuals|participants|cases|those|women|men|children|subjects)\b"
_MORE = r"(?:[a-z]{3,}er|worse|raised|increased|reduced|decreased|elevated|more|less)"
_IN_SOME = re.compile(
    rf"(?:^(?:[a-z]+, )?|[;:] |, (?:and|but|whereas|while) )(?:for|in|of|among|amongst|within) {_SOME}(?! (?:age|sex))"
    rf"|\b(?<!er )(?<!ed )(?<!rse )(?<!more )(?:in|among|amongst|within) {_SOME}[^,;()]{{0,60}} (?:was|were|is|are)\b(?! (?:[a-z]+ly )?{_MORE}\b)"
    r"|\b(?:sub-?(?:groups?|sets?|cohorts?)|training|derivation|validation|external|development|learning|literature|previous(?:ly)? (?:reported|published)|reported by|survivors)\b|\b(?:of|among|amongst|in|for) (?:these|them|whom|which)\b"
)
_DESCRIBING = frozenset(["age", "follow_up"])
# A new clause behind a number is about something else.
_IN_YEAR = re.compile(r"in (?:19|20)\d\d")
_NEXT = re.compile(r", (?:and|which|with|(?:\w+ )?of (?:whom|which|them))\b|,? but\b|;")
# "a 20 % increase in mortality" is a comparison, of nobody in particular.
_CHANGED = re.compile(
    r"\s*(?:\([^()]*\) )?(?:[a-z]+ )?(?:increase|decrease|reduction|rise|fall|drop|decline|higher|lower|greater|less|more|fewer)\b"
)
_EXTENT = frozenset(["tumours", "levels", "procedures", "screws"])
_LABELLED = re.compile(
    r"(?i)\b(?:groups?|arms?|cohorts?|patients|individuals|subjects|participants|those)\b"
)
# A group's name that means all of them.
_WHOLE = re.compile(
    r"(?i)(?:(?:the|our|this) )?(?:(?:study|whole|entire|overall|total|present|complete|our) (?:cohort|group|population|series|sample|patients)|all (?:the )?(?:patients|individuals|subjects|participants|cases)|cohort|series|patients)"
)
# Words that set values of two times against each other as well as those of two groups.
_COMPARES = re.compile(r"compar\w*|versus|vs|than|differ\w*|whereas|while")
# How far ahead of a number words say that it is of all.
_NEAR = 60
_COMPARED = re.compile(r"\b(?:vs|versus|compared|than)\b")


@dataclass(frozen=True, slots=True)
class _Telling:
    """A sentence about a group, and what in it tells of fewer.

    ``own`` is true where it names the group, ``some`` where it names some of the patients,
    ``part`` where it does so of all its numbers. Counts that end behind ``fewer`` are of fewer,
    none where it is None; ``cut`` are the places of words about some of the patients, with the words.
    """

    cohort: Cohort
    low: str
    measured: Sequence[Measurement]
    own: bool
    some: bool
    part: bool
    fewer: int | None
    cut: Sequence[tuple[int, str]]


def of_cohort(
    cohort: Cohort,
    sentence: Sentence,
    told: bool,
    text: str,
    measured: Sequence[Measurement],
    scoped: bool,
) -> tuple[Measurement, ...]:
    """Return a sentence's measurements with the group's size as n where they are of all of it.

    ``told`` is true where a heading gives the sentence's role; ``scoped`` where groups are set
    against each other and the sentence names an operation, or the one before it a group.
    """
    low = lowered(text)
    own = sentence.start in cohort.told
    report = own or is_report(sentence, told, low)
    if not cohort.start <= sentence.start < cohort.end or not report:
        return tuple(measured)
    if cohort.parts and sentence.start == cohort.start:
        return tuple([as_part(each, cohort.parts) for each in measured])
    telling = _telling(cohort, text, measured, own, scoped)
    sizes = [_size_of(telling, each) for each in measured]
    return tuple(
        each if size is None else _with_size(each, size)
        for each, size in zip(measured, sizes, strict=True)
    )


def _telling(
    cohort: Cohort, text: str, measured: Sequence[Measurement], own: bool, scoped: bool
) -> _Telling:
    """Return of whom the words of a sentence tell."""
    low, cues = without_likeness(lowered(text), measured), rules()
    whole = cues.whole.found(low)
    some = part = cues.part.found(low) and not whole
    cut = [(match.start(), match[0]) for match in cues.share.finditer(low)]
    if part and tells_of_those(low):
        part = False
        cut += [(match.start(), match[0]) for match in THOSE.finditer(low)]
    part = part or (scoped and not whole) or sizes_groups(low, measured)
    fewer = None if whole else fewer_from(plain_words(low))
    if cohort.armed and _COMPARED.search(low):
        fewer = 0
    return _Telling(cohort, low, measured, own, some, part, fewer, cut)


def _size_of(telling: _Telling, each: Measurement) -> int | None:
    """Return the size of the group that a number is of, None where that may be fewer."""
    if telling.cohort.pooled:
        compared = _COMPARED.search(telling.low)
        some = telling.some and not compared
        return None if some else size_of_pooled(telling.cohort.size, each)
    if each.numerator is not None:
        return _size_of_count(telling, each)
    if each.statistic in _EFFECTS or each.unit == "fold":
        return _size_of_effect(telling, each)
    if telling.own and _is_described(telling.cohort, each, telling.measured):
        return telling.cohort.size
    if each.n and not each.group and each.percent is not None and _is_of_fitting(telling, each):
        return telling.cohort.size
    return _size_of_free(telling, each) if _is_free(each) else None


def _is_of_fitting(telling: _Telling, each: Measurement) -> bool:
    """Tell whether the percents of a sentence make up all patients, and none of those counted ahead.

    "24 had recovered, and later 19% were better, 66% the same and 15% worse": of all.
    """
    fewer = replace(telling.cohort, size=each.n or 0)
    told = telling.measured
    return make_whole(telling.cohort, each, told) and not make_whole(fewer, each, told)


def _size_of_count(telling: _Telling, each: Measurement) -> int | None:
    """Return the size of the group that a count is of, None where that may be fewer."""
    cohort, low = telling.cohort, telling.low
    counted = each.statistic == "count"
    if counted and counts_all(cohort, each, telling.measured) and not THOSE.search(low):
        return cohort.size
    if counted and is_definite(low, each):
        return each.numerator or None
    if counted and telling.own and each.unit in _EXTENT and each.n is None:
        return cohort.size  # "20 patients with 31 tumours", "31 operations on 20 patients"
    if thing := thing_told(low, each, telling.measured):
        return cohort.things.get(thing) or cohort.size
    if (
        (cohort.armed or cohort.halved)
        and counted
        and is_of_two(low, each, telling.measured, cohort.size)
    ):
        return None
    if each.n is None and _follows_share(telling, each):
        return None  # "3 of 89 had a relapse and two bled": of those, or of all
    # "16 complications, 11 of which were major" tells no whole of the sixteen.
    wholes = {None, each.numerator}
    befallen = each.unit in _BEFALLEN and any(
        one.denominator not in wholes and one.unit != each.unit for one in telling.measured
    )
    whole = cohort.things.get(each.unit or "") if counted and each.n is None else None
    if whole and not (telling.part or telling.some):
        # "Thirteen tumours were cervical" of 20 in 17 patients
        return whole if (each.numerator or 0) < whole else cohort.size
    # "(n = 23)" sizes a group of its own.
    if befallen or (each.n is not None and sizes_group(low, each.start)):
        return _told_beside(each, telling.measured)
    fewer = is_of_fewer(low, each) or _is_behind_fewer(telling, each)
    if counted and not fewer and is_reckoned(cohort, low, each):
        return cohort.size
    share = telling.part or _is_cut_here(low, each, [place for place, _ in telling.cut])
    return cohort.size if _is_count(cohort, each, fewer, share, telling.own) else None


def _is_behind_fewer(telling: _Telling, each: Measurement) -> bool:
    """Tell whether a count stands where fewer are told of; "; no infection occurred" is of all."""
    start = telling.fewer
    none = start and each.numerator == 0 and ";" in telling.low[start : each.start]
    return start is not None and each.end > start and not none


def _follows_share(telling: _Telling, each: Measurement) -> bool:
    """Tell whether a count stands behind one that is said to be of fewer than all: 3 of 89."""
    shares = [one for one in telling.measured if one.end <= each.start and one.denominator]
    last = shares[-1] if shares else None
    if last is None or (last.denominator or 0) >= telling.cohort.size:
        return False
    printed = str(last.denominator) in telling.low[last.start : last.end]
    return printed and ";" not in telling.low[last.end : each.start]


def _size_of_effect(telling: _Telling, each: Measurement) -> int | None:
    """Return the size of the group in which a factor was weighed, None where that may be fewer."""
    cohort = telling.cohort
    if each.n is not None or cohort.matched:
        return None
    if each.unit == "fold" and each.group:
        return None  # "those with low albumin were 3 times more likely": of two groups
    low = telling.low
    # A lesion's failure was weighed over lesions, a patient's survival over patients.
    if cohort.things and (each.measure is None or each.measure in rules().local):
        return None if telling.some else size_of_local(cohort, low, each)
    two = cohort.several and _COMPARED.search(low)
    return None if two or _IN_SOME.search(low) else cohort.size


def _size_of_free(telling: _Telling, each: Measurement) -> int | None:
    """Return the size of the group of a rate or an average, None where it may be of fewer."""
    cohort, low = telling.cohort, telling.low
    if each.time_text and _IN_YEAR.fullmatch(each.time_text):
        return None  # "from 5% in 2002 to 3% in 2011": each of the patients of a year
    ahead = max(0, each.start - _NEAR)
    if fewer := stated_fewer(low, each):
        return fewer
    if ALL_OF_THEM.match(low, each.end) or ALL_OF_THEM_AHEAD.search(low, ahead, each.start):
        return cohort.size
    if leads_groups(low, each, telling.measured):
        return cohort.size
    if each.statistic in {"auc", "c_statistic"}:
        return None if telling.some else cohort.size  # a score is tried on all of them
    if each.percent is not None and _CHANGED.match(low, each.end):
        return None
    if things := size_of_things(cohort, low, each):
        return things
    for whole in cohort.things.values() if each.percent is not None else ():
        fitting = whole and make_whole(replace(cohort, size=whole), each, telling.measured)
        if fitting and not make_whole(cohort, each, telling.measured):
            return whole  # 74.5%, 5.9% and 19.6% are of the 102 operations, not of the 100 patients
    grouped = any(one.start < each.start and _is_free_of(one, each) for one in telling.measured)
    course = _is_course(each, telling.measured)
    cut = [place for place, word in telling.cut if not (course and _COMPARES.fullmatch(word))]
    if (
        telling.part
        or grouped
        or is_dealt(low, each, telling.measured)
        or (
            _is_cut(low, each, telling.measured, cut)
            and not make_whole(cohort, each, telling.measured)
        )
    ):
        return None
    if local := size_of_local(cohort, low, each):
        cohort = replace(cohort, size=local, things={})
    return cohort.size if is_share_of(cohort, low, each, telling.measured) else None


def _with_size(each: Measurement, size: int) -> Measurement:
    """Return a number with the size of its group, a count of patients with its share of them."""
    part = each.numerator
    if not part or part >= size or each.percent is not None or each.unit not in SHARED:
        return replace(each, n=size, denominator=size if each.denominator else None)
    return replace(each, n=size, percent_derived=percent_of(part, size))


def _is_free(each: Measurement) -> bool:
    """Tell whether a number that counts nobody may be of a group that its sentence does not name."""
    labelled = each.group and not _WHOLE.fullmatch(each.group)
    named = each.n is not None or each.denominator is not None or labelled or each.comparator
    # How many levels a patient had on average is of patients.
    fitting = each.unit not in _THINGS or each.statistic in {"mean", "median"}
    changed = each.statistic == "difference" and is_followed(
        load_concepts().get(each.measure or "")
    )
    return not named and (each.statistic in _STATISTICS or changed) and fitting


def _is_course(each: Measurement, measured: Sequence[Measurement]) -> bool:
    """Tell whether a value is set against that of another time: 2 at one year compared with 7 before."""
    return each.time_text is not None and any(
        one.measure == each.measure
        and one.unit == each.unit
        and one.time_text not in {None, each.time_text}
        and not (one.group or one.comparator)
        for one in measured
    )


def _is_cut(
    low: str, each: Measurement, measured: Sequence[Measurement], cut: Sequence[int]
) -> bool:
    """Tell whether words of some of the patients are about a number, not about a later finding."""
    marks = (
        PARTED.search(low, each.end, one.start)
        for one in measured
        if one.start >= each.end and one.measure != each.measure
    )
    after = _NEXT.search(low, each.end)
    later = [mark.start() for mark in (*marks, after) if mark]
    stop = low.find(";", each.end) % (len(low) + 1)  # a statement ends there, else the sentence
    end = stop if "respectively" in low else min([*later, stop])
    return any(place < end for place in cut)


def _is_cut_here(low: str, each: Measurement, cut: Sequence[int]) -> bool:
    """Tell whether words of some of the patients stand in the clause of a count or behind it."""
    marks = [match.end() for match in PARTED.finditer(low, 0, each.start)]
    return any(place >= max(marks, default=0) for place in cut)


def _is_free_of(one: Measurement, each: Measurement) -> bool:
    """Tell whether a rate ahead of another is of a group that may be the other's too."""
    rates = one.percent is not None and each.percent is not None and one.denominator is None
    return rates and bool(one.group and _LABELLED.search(one.group)) and one.n is None


def _is_described(cohort: Cohort, each: Measurement, measured: Sequence[Measurement]) -> bool:
    """Tell whether an age or a follow-up goes with the count of all: 35 who had pain (aged 60)."""
    if each.measure not in _DESCRIBING or each.n is not None or each.comparator:
        return False
    ahead = [one.numerator for one in measured if one.start < each.start and one.numerator]
    return bool(ahead) and set(ahead) == {cohort.size}


def _told_beside(each: Measurement, measured: Sequence[Measurement]) -> int | None:
    """Return the whole of those in whom so many complications occurred: 31 in 9 of 40 patients."""
    behind = [one for one in measured if one.start >= each.end and one.denominator]
    behind = [one for one in behind if one.unit != each.unit]  # "of 24 complications 10 were major"
    beside = behind and behind[0].measure == each.measure and each.unit == "complications"
    return behind[0].denominator if beside and each.n is None else None


def _is_count(cohort: Cohort, each: Measurement, part: bool, share: bool, own: bool) -> bool:
    """Tell whether counted patients are some of the group, or in its ``own`` sentence the group."""
    size, count = cohort.size, each.numerator or 0
    befell = each.unit in _BEFALLEN or (each.unit == "tumours" and each.measure in _RETURNED)
    told = befell and each.unit not in cohort.things
    if each.denominator is not None or (each.unit in _THINGS and not told):
        return False
    if each.statistic != "count":
        return False
    if own and count == size and each.percent is None:
        return each.n is None
    if (
        (part and each.n is None)
        or (share and count == 0)
        or _is_of_group(each, cohort.armed)
        or (count > size and each.unit not in _BEFALLEN)
    ):
        return False
    free = each.n is None or each.n == each.numerator
    return free and (each.percent is None or agrees(count, size, each.percent))


def _is_of_group(each: Measurement, armed: bool) -> bool:
    """Tell whether a count is of a group; what an operation's count is told of is the operation."""
    if each.measure != "procedure_performed" and (armed or each.comparator):
        return bool(each.group or each.comparator)
    return bool(each.group and _LABELLED.search(each.group) and not _WHOLE.fullmatch(each.group))
