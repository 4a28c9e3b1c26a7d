"""Give results the time for which the methods appoint them: the endpoint was walking at 8 weeks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.language.clauses import holds_verb
from ingest.language.starts import build_rule
from ingest.language.wording import lowered
from ingest.measurements.elidedtimes import at_time_of
from ingest.measurements.occasions import names_group, outside
from ingest.model import Concept, Measurement, Mention
from ingest.numbers.quantity import STRETCHES, Quantity
from ingest.numbers.times import EARLIER, find_occasions, find_times
from ingest.vocabulary import is_complication

# What is weighed in the study.
_WEIGHED = build_rule(
    r"\b(?:outcomes?|end-?points?|end points?|(?:we|to) (?:\w+ )?(?:measure|compare|assess|evaluate|record|analy[sz]e|determine|investigate|examine|identify|predict|interview|review|report|search|stud(?:y|ied))\w*|(?:completed|answered|filled in|filled out) the|(?:was|were|is|are) (?:\w+ly |also )?(?:re-?)?(?:measured|assessed|recorded|evaluated|analy[sz]ed|collected|compared|determined|extracted|reviewed|monitored|registered|rated|scored|graded|documented|investigated|examined|studied|searched for|identified|obtained|captured|counted|tracked|noted|observed|gathered|calculated|followed|estimated|tested))\b"
)
# Whom it takes in, what its words mean and how it was planned appoint nothing.
_CHOSEN = build_rule(
    r"\b(?:exclu\w+|eligib\w+|criteri\w+|minimum|at least|life expectancy|expected|defin\w+|assum\w+|sample size|power|hypothes\w+|divided|classified|stratified|previous\w*|history)\b"
)
_OF_SOME = re.compile(
    r"\b(?:who|whom|whose|without|had|(?:patients|individuals|subjects|participants|those|cases) with(?![^,;]*\b(?:completed|answered|were)\b))\b[^,;]*$"
)
_TOGETHER = re.compile(r"-?\s*(?:(?:,|/|to|from|and|or|,? ?and|then) ?)?(?:again )?(?:at |on )?")
_NAMED = re.compile(r"[ -](?:(?!and\b|or\b|the\b|was\b|were\b|overall\b|total\b)[a-z-]+ ){0,2}")
_LISTED = re.compile(
    r"(?: rates?)?(?:,|/|,? and|,? or) (?:the )?(?:(?!overall\b|total\b|long-term\b)[a-z-]+ ){0,2}"
)
_BEHIND = re.compile(r"[^;:()\d]{0,80}?(?:\([^()]*\)[^;:()\d]{0,80}?)? ")
_PASSIVE = re.compile(r"\b(?:was|were)\b")
_USING = re.compile(
    r",? (?:with|using|by|by means of|on|for) (?:the |an? )?(?:(?!overall\b|total\b)[\w-]+ ){0,3}"
)
_NEW_PART = re.compile(r";|:|\b(?:who|which|that|while|whereas|but)\b")
# The times in words that are those of one visit, or the one before treatment.
_VISIT = re.compile(
    "|".join(EARLIER)
    + r"|(?:at |on |until |till |by |through )?(?:the )?(?:last|latest|final|discharge|in-hospital|perioperative)"
)
_AFTER = re.compile("after|following|since|from|now|current")
# What a result may be told of another time by, though it tells none.
_OTHERWISE = build_rule(
    r"\b(?:overall (?:survival|mortality)|all-cause|later?|subsequent\w*|further|final\w*|crude|ultimately|eventually|literature|previous\w*|initial\w*|histor\w+|cumulative|lifetime|throughout|already|before|during|by then|then|presented|presenting|admitted|baseline|enrol\w+|entry|admission|follow-?up|of (?:these|them|whom)|again)\b"
)
_ENDPOINT = re.compile(
    r"(?i)(?:the )?(?:primary|main|principal) (?:(?:efficacy|study|composite|clinical) )?(?:end ?-?point|outcome)(?: measure)?"
)
_IS_ENDPOINT = re.compile(rf"{_ENDPOINT.pattern} (?:was|is) ")
_REACHED = re.compile(
    rf"{_ENDPOINT.pattern} (?:was (?:\w+ )?(?:reached|met|achieved|attained|observed|seen)|occurred)\b"
)
# How the times of a change are called that are not told.
_THEN = frozenset(["after", "postoperative"])
_UNTOLD = _THEN | {"before", "preoperative"}
_PAIR = 2
_SOON = frozenset(
    ["mortality", "morbidity", "morbidity_and_mortality", "reoperation", "readmission"]
)
# What is felt, and the scales by which it is told.
_SAME_AS = {"nrs": ("pain",), "vas": ("pain",), "pain": ("vas", "nrs", "brief_pain_inventory")}
_BETTER_OR_WORSE = frozenset(["neurological_improvement", "neurological_deterioration"])
_GRADES = (
    "frankel_grade",
    "asia_scale",
    "mccormick",
    "nurick",
    "mjoa",
    "motor_score",
    "muscle_strength",
    "neurological_status",
)
_RATIOS = frozenset(["odds_ratio", "hazard_ratio", "risk_ratio"])
_COUNTED = frozenset(["count", "percent"])
_PLAIN = frozenset(["value", "mean", "median", "rate", "difference"]) | _COUNTED | _RATIOS
_TIMELESS = frozenset(["follow_up", "age", "sex", "time_to_treatment", "treatment_duration"])


@dataclass(slots=True)
class Appointments:
    """The times, in months where they tell a number, for which the methods appoint each measure."""

    concepts: Mapping[str, Concept]
    times: dict[str, dict[str, float | None]] = field(default_factory=dict)
    endpoint: str | None = None

    def note(self, text: str, mentions: Sequence[Mention]) -> None:
        """Add the measures that a sentence ahead of the results appoints for a time."""
        low = lowered(text)
        if mentions and _IS_ENDPOINT.match(text):
            self.endpoint = mentions[0].concept if len(mentions) == 1 else None
        told = _rows(low, text) if mentions else []
        if not told or _CHOSEN.search(low) or not (_WEIGHED.search(low) or not holds_verb(low)):
            return
        for at, row in enumerate(told):
            begin = told[at - 1][-1].end if at else 0
            end = told[at + 1][0].start if at + 1 < len(told) else len(low)
            near = [each for each in mentions if begin <= each.start < end]
            for concept in _appointed(low, row, near, self.concepts):
                known = self.times.setdefault(concept, {})
                known.update({text[each.start : each.end]: each.months for each in row})

    def given(self, text: str, found: Sequence[Measurement]) -> tuple[Measurement, ...]:
        """Return the results of a sentence that tells no time, with the one for which each is appointed."""
        if not self.times or not found or _tells_time(text, found):
            return tuple(found)
        low = lowered(text)
        if self.endpoint and _REACHED.match(text):
            found = [
                replace(each, measure=self.endpoint) if each.measure is None else each
                for each in found
            ]
        otherwise = _OTHERWISE.search(low)
        kept = tuple(
            # Of a ratio such words are told of the factor: previous radiotherapy (OR 2).
            each if otherwise and each.statistic not in _RATIOS else self._timed(each)
            for each in self._dealt(found)
        )
        return self._with_harms(found, kept)

    def _dealt(self, found: Sequence[Measurement]) -> list[Measurement]:
        """Return a course with as many values as its measure has times: from 7 to 4, 3 and 2."""
        course = {each.measure for each in found}
        told = self._times_of(found[0].measure) if len(course) == 1 else {}
        if len(told) != len(found) or len(told) <= _PAIR or any(each.group for each in found):
            return list(found)
        if any(each.time_text and each.time_text not in _UNTOLD for each in found):
            return list(found)
        return [
            replace(each, time_text=words, time_months=months)
            for each, (words, months) in zip(found, told.items(), strict=True)
        ]

    def _timed(self, each: Measurement) -> Measurement:
        told = self._times_of(each.measure) or self._of_nerves(each.measure)
        later = {one: months for one, months in told.items() if not _is_earlier(one)}
        if len(later) != 1 or each.unit in STRETCHES or each.measure in _TIMELESS:
            return each
        ((words, months),) = later.items()
        if months is None and not _VISIT.match(words.lower()):
            return each
        if each.time_text is None:
            # How a score was at first is told without a time as well.
            fit = each.statistic in (_PLAIN if len(told) == 1 else _COUNTED | {"difference"})
        else:
            fit = each.time_text in _THEN and months is not None
        return replace(each, time_text=words, time_months=months) if fit else each

    def _times_of(self, measure: str | None) -> dict[str, float | None]:
        """Return the times of a measure, or of the scale that it is a part of."""
        if measure is None or measure in self.times:
            return self.times.get(measure or "", {})
        scales = (
            each
            for each in (*self.concepts[measure].broader, *_SAME_AS.get(measure, ()))
            if each in self.times and (each == "pain" or self.concepts[each].facet == "scales")
        )
        return self.times.get(next(scales, ""), {})

    def _of_nerves(self, measure: str | None) -> dict[str, float | None]:
        """Return the times of the one grade of the nerves' function, in which patients got better or worse."""
        graded = [self.times[each] for each in _GRADES if each in self.times]
        return graded[0] if measure in _BETTER_OR_WORSE and len(graded) == 1 else {}

    def _with_harms(
        self, found: Sequence[Measurement], kept: tuple[Measurement, ...]
    ) -> tuple[Measurement, ...]:
        """Return each kind of complication at the time given to all: 9 had a complication, an abscess in 4."""
        of = next(
            (
                new
                for old, new in zip(found, kept, strict=True)
                if new.measure == "complications" and old != new
            ),
            None,
        )
        if of is None:
            return kept
        return tuple(
            at_time_of(of, each)
            if each.time_text is None
            and each.statistic in _COUNTED
            and each.measure is not None
            and is_complication(self.concepts[each.measure])
            else each
            for each in kept
        )


def _is_earlier(words: str) -> bool:
    return words.lower().startswith(EARLIER)


def _tells_time(text: str, found: Sequence[Measurement]) -> bool:
    """Tell whether a sentence tells a time; an operation that makes a group is none: 90% after A, 70% after B."""
    if find_times(text):
        return True
    groups = [each.group for each in found if each.group]
    return any(
        not names_group(text, each, groups) for told in find_occasions(text) for each in told
    )


def _rows(low: str, text: str) -> list[list[Quantity]]:
    """Return the times of a sentence, those told together as one row."""
    numbered = find_times(text)
    words = [
        each
        for told in find_occasions(text)
        for each in outside(told, numbered)
        if _VISIT.match(low, each.start) or not _AFTER.match(low, each.start)
    ]
    rows: list[list[Quantity]] = []
    for each in sorted((*numbered, *words), key=lambda one: (one.start, one.end)):
        last = rows[-1][-1] if rows else None
        if last and (each.start < last.end or _TOGETHER.fullmatch(low, last.end, each.start)):
            rows[-1].append(each)
        else:
            rows.append([each])
    return rows


def _appointed(
    low: str,
    row: Sequence[Quantity],
    mentions: Sequence[Mention],
    concepts: Mapping[str, Concept],
) -> set[str]:
    """Return the measures that are told with one row of times."""
    begin, end = row[0].start, row[-1].end
    ahead = [each for each in mentions if each.end <= begin]
    behind = [each for each in mentions if each.end > end]
    if behind and (
        # "30-day mortality" may be the measure's own name.
        behind[0].start < end
        or _NAMED.fullmatch(low, end, behind[0].start)
        or _USING.fullmatch(low, end, behind[0].start)
    ):
        first = concepts[behind[0].concept]
        return {
            each.concept
            for each in _joined(low, behind)
            if _befalls(concepts[each.concept]) == _befalls(first)
        }
    if not ahead or not _BEHIND.fullmatch(low, ahead[-1].end, begin):
        return set()
    between = low[ahead[-1].end : begin]
    if _NEW_PART.search(between) or _OF_SOME.search(low, 0, ahead[-1].start):
        return set()
    if _PASSIVE.search(between):
        return {each.concept for each in _joined(low, ahead[::-1])}
    # "Blood loss and survival at one year": the time is the last one's own.
    using = len(ahead) > 1 and _PASSIVE.search(low, ahead[-2].end, ahead[-1].start)
    return {each.concept for each in (ahead[-2:] if using else ahead[-1:])}


def _befalls(concept: Concept) -> bool:
    """Tell whether a measure is what may befall patients soon: "30-day mortality, leaks and survival" is of two kinds."""
    return is_complication(concept) or concept.id in _SOON


def _joined(low: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the first of the mentions and those that go on a list with it, in either direction."""
    kept = list(mentions[:1])
    for one, other in pairwise(mentions):
        first, last = sorted((one, other), key=lambda each: each.start)
        if not (first.end > last.start or _LISTED.fullmatch(low, first.end, last.start)):
            break
        kept.append(other)
    return kept
