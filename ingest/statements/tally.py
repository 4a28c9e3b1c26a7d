"""Tell what a claim counts by the pattern that saw it, where a number has no measure of its own."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.measurements.things import unit_told
from ingest.model import Measurement
from ingest.patterns import Pattern
from ingest.reading import Reading

_PEOPLE = re.compile(
    r"(?i)\b(?:patients?|cases|participants|subjects|children|adults|women|men|groups?|arms?|cohorts?|individuals)\b"
)
# "Screws were placed two levels | above and below": where they are, not how many were treated.
_SO_FAR_FROM = re.compile(r" (?:above|below|cranial|caudal|rostral|proximal|distal|cephalad)\b")
# "12 patients also received a", "fusion in", "by the posterior approach (".
_HAD = re.compile(
    r"\s*(?:of (?:the |these |our )?)?(?:patients?|individuals|subjects|participants?|cases?|others?)?\s*(?:\([^()]*\)\s*)?(?:also |then |subsequently |only |further )?"
    r"(?:(?:were )?(?:received|had|underwent|required|given|offered|treated (?:with|by)|of|with)\b(?! (?:a )?(?:history|previous|prior))|undergoing)?(?: (?!(?:after|before|and|without|no|during|for|at|in|from|who|were|was)\b)[\w-]+){0,3}\s*"
)
_OF_IT = re.compile(
    r"(?: (?!(?:and|but|had|was|after|before)\b)[\w-]+){0,4} (?:\(|\[|in (?:only |another )?)"
    r"|(?: of (?:the |these )?[a-z]+| \([^()\d]{1,20}\))? (?:was|were) (?:\w+ly |also |then )?(?:required|needed|necessary|performed|done|undertaken|achieved|accomplished|obtained|possible|attempted|completed|used|chosen|offered|given|added|applied)"
    r"(?: (?!(?:and|but|had|was|were)\b)[\w-]+){0,3} (?:in|for) (?:only |another |the other |the remaining )?"
)
# "It developed in 9 treated with a resection": the operation says in whom.
_BEFELL = re.compile(
    r"\b(?:occurred|developed|recurred|arose|appeared|observed|seen|noted|found|detected|encountered|present) in (?:only |about )?$"
)
# A count of operations names them itself: 12 marginal resections.
_OPERATED = re.compile(
    r"(?i)(?:resections?|excisions?|surger(?:y|ies)|operations?|interventions?|ectomies|plasties|emboli[sz]ations?|fusions?|fixations?|decompressions?|procedures)$"
)


def counted(
    reading: Reading, pattern: Pattern, span: tuple[int, int], numbers: tuple[Measurement, ...]
) -> tuple[Measurement, ...]:
    """Return a claim's numbers, those without a measure as counts of what its pattern counts.

    An operation is counted only by a number beside which one is named.
    """
    known = pattern.counts
    if not known or all(each.measure for each in numbers):
        return numbers
    told = []
    for at, each in enumerate(numbers):
        begin = numbers[at - 1].end if at else span[0]
        end = numbers[at + 1].start if at + 1 < len(numbers) else span[1]
        # A fracture of another bone has no unit that is counted.
        told_so = unit_told(each, reading.text) and not _SO_FAR_FROM.match(reading.text, each.end)
        measure = known.get(each.unit or "") if told_so else None
        fitting = each.statistic == ("percent" if each.unit == "percent" else "count")
        fitting = fitting or (each.unit == "levels" and each.statistic == "value")
        named = measure != "procedure_performed" or _is_done(reading, each, begin, end)
        part = measure != "procedure_performed" and each.percent is not None
        # "Eight centres (n = 5 and 3)" counts no patients.
        bare = reading.text[each.start : each.start + 1] in {"n", "N"}
        named = named and not (bare and not _PEOPLE.search(reading.text, 0, each.start))
        counts = each.measure is None and measure is not None and fitting and named and not part
        size = each.n or (each.numerator if measure == "patients_included" else None)
        told.append(replace(each, measure=measure, n=size) if counts else each)
    return tuple(told)


def _is_done(reading: Reading, number: Measurement, begin: int, end: int) -> bool:
    """Tell whether an operation is named beside a number: 12 had a laminectomy, fusion (40%)."""
    text = reading.text
    if number.unit == "procedures" and _OPERATED.search(text, number.start, number.end):
        return True
    befell = _BEFELL.search(text, begin, number.start) is not None
    for each in reading.within((begin, end)):
        if each.facet not in {"procedures", "approaches"}:
            continue
        if each.start >= number.end and not befell and _HAD.fullmatch(text, number.end, each.start):
            return True
        if each.end <= number.start and _OF_IT.fullmatch(text, each.end, number.start):
            return True
    return False
