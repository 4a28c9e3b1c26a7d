"""Set the numbers of groups against each other: whom each is compared with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.groups.arms import Arm, key_of
from ingest.groups.dealing import EFFECTS, Dealing, Number, weighs_several
from ingest.groups.dealingrules import rules
from ingest.groups.references import reference_in, with_reference
from ingest.groups.refusals import ungrouped
from ingest.groups.roster import Roster
from ingest.model import Measurement
from ingest.numbers.times import EARLIER
from ingest.vocabulary import is_followed

CAUSES = ("caused", "led to", "resulted in", "produced", "provoked", "ed by", "rise to")
"""What a sentence holds by which a treatment has the harm that befell those who had it."""
_BESIDE = 24
_MORE = re.compile(r"[^);]{0,12}(?:,|\band) ?(?:and )?[#\d]")
_VERSUS = re.compile(r"[^;)]{0,30}\b(?:vs\.?|versus) ")
_FELL = re.compile(
    r"\b(?:fell|rose|dropped|(?:de|in)creased|improved|declined|changed|went (?:up|down))(?: \w+ly)? by (?:an? )?(?:mean|median|average)?(?: of)? ?$"
)
# "by 4.0 and 3.8 points"
_FELL_BY = re.compile(rf"{_FELL.pattern[:-1]}[\d.#]+(?: [a-z]+)? (?:and|or|versus|vs\.?) (?:by )?$")
_EARLY = (*EARLIER, "pre-", "pretreat", "preproc", "initial")


def compared(
    dealing: Dealing, number: Number, each: Measurement, found: Sequence[Measurement]
) -> Measurement:
    """Return the number with the other group of its comparison, and with the comparison's p."""
    others = [
        one
        for one in found
        if one.group
        and one.measure == each.measure
        and (one.statistic not in EFFECTS or one.statistic == each.statistic)
        and _are_alike(one, each)
        and (each.group is None or key_of(one.group) != key_of(each.group))
    ]
    names = {key_of(one.group or ""): one for one in others}
    if each.statistic in EFFECTS and not (names and each.group and is_course(dealing, number)):
        return with_reference(dealing, number, each)
    if (not names and not dealing.arms) or weighs_several(dealing.flat):
        return each
    paired = each.group is not None or any(
        rules().compares.search(dealing.flat, *sorted((each.end, one.start))) for one in others
    )
    several = len({key_of(one.group) for one in found if one.group}) > 2
    told = [
        one
        for one in names.values()
        if not several
        or rules().compares.search(
            dealing.flat, *sorted((min(each.end, one.end), max(each.start, one.start)))
        )
    ]
    if len(told) > 1 and each.group:
        # "More in A than in B (9 vs 4); more in C than in D (8 vs 5)": the other of its own bracket
        spans = [sorted(((each.start, each.end), (one.start, one.end))) for one in told]
        flat = dealing.flat
        paired_up = [
            _VERSUS.fullmatch(flat, a[1], b[0]) is not None and not _MORE.match(flat, b[1])
            for a, b in spans
        ]
        told = [one for one, near in zip(told, paired_up, strict=True) if near]
    if len(told) == 1 and paired:
        other = told[0]
        if _are_parts(each, other, found):
            return each
        each = replace(each, comparator=other.group)
        behind = other.start >= each.end and not any(
            each.end <= one.start < other.start for one in dealing.numbers
        )
        if behind and each.p_value is None and each.group:
            each = replace(each, p_operator=other.p_operator, p_value=other.p_value)
        return each
    if not names:
        reference = reference_in(dealing, number, named=True)
        beside = reference and 0 <= reference.start - each.end < _BESIDE
        apart = each.group and reference and key_of(reference.label) != key_of(each.group)
        if reference and (beside or apart):
            return replace(each, comparator=reference.label)
    return each


def agent(dealing: Dealing, number: Number, roster: Roster) -> Arm | None:
    """Return the treatment that did what a number of its clause counts: embolization caused one palsy."""
    if not dealing.measured[number.at[0]].numerator:
        return None
    begin, _ = dealing.scene.clauses[dealing.scene.clause(number.start)]
    match = rules().agent.search(dealing.flat, begin, number.start)
    before = [each for each in dealing.numbers if each.end <= number.start]
    if match is None and before and before[-1].style == "agent":
        return before[-1].arm  # "caused one palsy and two haematomas"
    cause = dealing.named(*match.span("name")) if match else None
    return cause if cause and roster.size(cause.label) else None


def weighed_in(
    dealing: Dealing, roster: Roster, each: Measurement, found: Sequence[Measurement]
) -> Measurement:
    """Return what two groups are weighed by with the size of both together.

    They are those whose numbers of its measure the sentence tells, or of several the two it names.
    """
    if each.statistic not in EFFECTS or each.n is not None:
        return each
    told = {
        key_of(one.group): one.n
        for one in found
        if one.group and one.statistic not in EFFECTS and one.measure == each.measure is not None
    }
    sizes = [*told.values()]
    if not sizes and any(len(one) > 2 for one in roster.together):
        begin, _ = dealing.scene.clauses[dealing.scene.clause(each.start)]
        named = {key_of(arm.label) for arm in dealing.arms if begin <= arm.start < each.start}
        sizes = [roster.size(label) for label in named]
    if len(sizes) != 2 or None in sizes:
        return each
    # "and 9 in B (OR 2.1)": it is of both.
    each = ungrouped(each) if key_of(each.group or "") in told else each
    return replace(each, n=sum(size for size in sizes if size))


def is_course(dealing: Dealing, number: Number) -> bool:
    """Tell whether a difference is the course of one group: pain fell by 2 points in A, by 3 in B."""
    if _FELL.search(dealing.flat, 0, number.start) or _FELL_BY.search(
        dealing.flat, 0, number.start
    ):
        return True
    concept = dealing.scene.concepts.get(dealing.measured[number.at[0]].measure or "")
    by = dealing.flat[: number.start].endswith((" by ", " by a mean of ", " by an average of "))
    return by and is_followed(concept)


def _are_parts(each: Measurement, other: Measurement, found: Sequence[Measurement]) -> bool:
    """Tell whether two numbers and one of no group are parts of one whole: 30 in E, 15 in D, 5 in C."""
    if each.numerator is None or not each.n or each.n != other.n:
        return False
    rest = [
        one.numerator
        for one in found
        if one.group is None and one.numerator and one.n == each.n and one.measure == each.measure
    ]
    return bool(rest) and each.numerator + (other.numerator or 0) + sum(rest) == each.n


def _are_alike(one: Measurement, other: Measurement) -> bool:
    """Tell whether two numbers are told of one time: both before treatment, or both at one later time.

    Where the later time is told of one group only it is that of the other too.
    """
    if one.time_text == other.time_text:
        return True
    if None in (one.time_text, other.time_text):
        return False
    if one.time_months is not None and one.time_months == other.time_months:
        return True
    early = [(each.time_text or "").lower().startswith(_EARLY) for each in (one, other)]
    words = {(each.time_text or "").lower() for each in (one, other)}
    return all(early) or (not any(early) and not words.isdisjoint({"after", "postoperative"}))
