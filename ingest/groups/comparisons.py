"""Give each number of a sentence the group of patients it is about, and what it is set against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.groups.arms import Arm, key_of
from ingest.groups.attrition import left_of_each
from ingest.groups.categories import categorise
from ingest.groups.comparators import CAUSES, agent, compared, is_course, weighed_in
from ingest.groups.dealing import (
    EFFECTS,
    OPEN,
    PART,
    PEOPLE,
    REFERENCE,
    WEAK,
    Dealing,
    Number,
    has_part_behind,
    lead_of,
    own,
)
from ingest.groups.dealingrules import rules
from ingest.groups.enrolment import sizes
from ingest.groups.handing import hand_on
from ingest.groups.infixes import name_inside
from ingest.groups.named import AGED, flattened, name_groups
from ingest.groups.pairing import deal, each_behind_its_own, rows_of
from ingest.groups.pools import is_of_some
from ingest.groups.refusals import without_refused
from ingest.groups.roster import Roster
from ingest.groups.shares import may_be_of
from ingest.groups.sizing import (
    are_parts,
    as_size,
    defines,
    is_part,
    known_size,
    size_beside,
    sized,
    stated_size,
)
from ingest.groups.wholes import unprinted
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Measurement
from ingest.numbers.numerals import WORD
from ingest.numbers.scene import Scene

_PART_BEHIND = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:for|in|among|with|after) (?!the (?:first|last|follow)|a (?:mean|median)|#|\d)"
)
# "those who had a drain (group A)"
_NAMED_BEHIND = re.compile(r"\s*\((?:the )?(?:[Gg]roup|[Aa]rm|[Cc]ohort|[A-Z][A-Za-z+-]{0,8}[);,])")
_OTHER = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:in|for|with) the others?\b")
# "Of the ambulatory patients, 21 in A", "eight MIS and 17 open patients with a deficit": some of each
_SUBSET = build_rule(
    rf"^in (?:[a-z-]+ )?(?:[a-z]*(?:carcinoma|sarcoma|myeloma|melanoma)s?|(?:[a-z]+ )?cancer), |^(?:of|among|amongst|in) (?:the |those )?(?!(?:all|both|two|three|study|included|remaining)\b)[a-z-]+ (?:patients|individuals|subjects|participants|cases|women|men|children|survivors), (?:\d|#|[a-z]+ (?:in|of) )|\b(?:\d+|{WORD}) [a-z-]+ (?:and|or|vs\.?|versus) (?:\d+|{WORD}) [a-z-]+ (?:patients|individuals|subjects|participants|cases|women|men|children) (?:with|without|who|whose)\b|"
    r"\b(?:confined|restricted|limited) to (?:the )?[a-z-]+ (?:tumou?rs|lesions|metastases|deposits|patients|individuals|subjects|participants|cases|levels|women|men)\b|\bsub-?(?:groups?|sets?) (?:analys[ie]s|of)\b|\b(?:in|among|for) (?:the|this|that) sub-?(?:group|set)\b"
)
# "six leaks, all in | group B", "two patients (both | group B)"
# How a number is dealt whose ratio is told of a group of its own.
_WITHIN = "within"
_OPENED = re.compile(r" ?[(\[] ?(?:adjusted )?(?:[a-z]{2,3} ?[(\[:=]? ?)?")
_ALL_IN = re.compile(
    r"[^,;.()]{0,40}(?:, |\()(?:all|both)(?: of (?:them|these|whom|which))?(?: (?:occurred|were|was|being))? ?(?:in|from|of|with|after|for)? ?(?:the )?"
)
# "two revisions in each group"
_IN_EACH = re.compile(r"[^,;.()\d]{0,40}\b(?:in|of|from|for) each (?:group|arm|cohort)\b")
# "survival and stay were 58 months and 9 days in group A"
_ADJOINED = re.compile(r"[\s)]*(?:,| and)\s*")
_APART = re.compile(r"\b(?:and|or|respectively|than|compared|versus|whereas|while|but)\b|[.;]")
_OF_BOTH = re.compile(
    r"[\s)]*,?(?: respectively,?)? ?(?:in|for|with|after|on|among|following) (?:the )?"
)


def with_groups(
    text: str, scene: Scene, measured: Sequence[Measurement], roster: Roster
) -> tuple[Measurement, ...]:
    """Return the measurements with their groups, comparators and, where told, their groups' sizes.

    ``roster`` holds the groups named before; those dealt here are noted in it as the last.
    """
    if not measured:
        return ()
    low = lowered(text)
    weighed = any(each.statistic in EFFECTS for each in measured)
    arms, blanked = name_groups(text, low, scene, roster, weighed)
    lone = len({each.start for each in measured}) < 2
    plain = " had the " not in low and not weighed
    telling = any(name_inside(text, each.start, each.end) for each in measured)
    telling = telling or (bool(roster.together) and holds_any(low, CAUSES))
    telling = telling or (" each " in low and _IN_EACH.search(low) is not None)
    if not arms and lone and plain and not telling:
        return tuple(measured)  # without a named group only a comparison tells two
    numbers = _numbers(scene, measured, arms)
    dealing = Dealing(text, flattened(blanked, measured), arms, numbers, measured, scene)
    rows = rows_of(dealing)
    _ratios(dealing)
    for number in () if each_behind_its_own(dealing) else numbers:
        if number.arm is None:
            own(dealing, number)
    last: list[Arm] = []
    for row in rows:
        last = deal(dealing, row, last) or last
    categorise(dealing, rows)
    _confirm(dealing, rows)
    _inside(dealing, roster)
    _all_in(dealing)
    _trail(dealing)
    _lead(dealing, roster)
    hand_on(dealing, rows, roster)
    for number in numbers:
        if (
            number.arm
            and number.arm.start < number.start
            and _OTHER.match(dealing.flat, number.end)
        ):
            number.arm, number.style = None, ""  # "20 months in A and 14 in the other"
    return without_refused(low, [_in_time(low, each, arms) for each in _told(dealing, roster)])


def _in_time(low: str, each: Measurement, arms: Sequence[Arm]) -> Measurement:
    """Return a number of one group without a time that is the name of another: after SBRT it was 5, with surgery 7."""
    told = (each.time_text or "").lower()
    if each.group is None or not told.startswith(("after ", "following ")):
        return each
    start = low.find(told)
    named = [arm for arm in arms if start <= arm.start < start + len(told)]
    others = named and all(key_of(arm.label) != key_of(each.group) for arm in named)
    return replace(each, time_text=None, time_months=None) if others else each


def _numbers(scene: Scene, measured: Sequence[Measurement], arms: Sequence[Arm]) -> list[Number]:
    """Return the numbers to deal groups to; the two values of a change are of one group."""
    changes = [each for each in scene.quantities if each.form == "change"]
    numbers: list[Number] = []
    for at, each in enumerate(measured):
        last = numbers[-1] if numbers else None
        whole = next((one for one in changes if one.start <= each.start < one.end), None)
        if last and (last.start == each.start or (whole and whole.start <= last.start)):
            last.at.append(at)
            last.end = max(last.end, each.end)
        elif not any(arm.start <= each.start and each.end <= arm.end for arm in arms):
            numbers.append(Number(each.start, each.end, [at]))
    return numbers


def _confirm(dealing: Dealing, rows: Sequence[Sequence[Number]]) -> None:
    """Drop names that no comparison bears out: a neighbour must have a group of its own."""
    given = [each for each in dealing.numbers if each.arm]
    dropped = []
    for at, each in enumerate(given):
        sides = (given[at - 1 :: -1] if at else [], given[at + 1 :])
        near = [next((one for one in side if dealing.alike(each, one)), each) for side in sides]
        weak = each.style in WEAK and not any(_opposed(dealing, each, other) for other in near)
        joint = each.style in {"named", "held"} and each.arm is not None and each.arm.turn >= 0
        dropped += [each] if weak or joint else []
    for number in dropped:
        number.arm, number.style = None, ""
    for row in rows:
        last = row[-1]
        if (
            last.arm
            and last.style == "behind"
            and not any(each.arm or each.style for each in row[:-1])
        ):
            for number in row:
                number.give(last.arm, "named")


def _opposed(dealing: Dealing, one: Number, other: Number) -> bool:
    if one.arm is None or other.arm is None or not dealing.alike(one, other):
        return False
    if key_of(one.arm.label) == key_of(other.arm.label) or one.arm.start == other.arm.start:
        return False
    first, last = sorted((one, other), key=lambda each: each.start)
    between = dealing.flat[first.end : last.start]
    if rules().compares.search(between):
        return True
    if "holder" in (one.style, other.style):
        return bool(re.search(r"\b(?:comparing|between)\b", dealing.flat[: first.start]))
    same = one.style == other.style or not {one.style, other.style} <= WEAK
    return bool(rules().joins.search(between)) and same


def _lead(dealing: Dealing, roster: Roster) -> None:
    """Give numbers without a group that of their clause, or of the sentence's opening."""
    for number in dealing.numbers:
        effect = dealing.measured[number.at[0]].statistic in EFFECTS
        if number.arm or number.style == OPEN or effect:
            continue
        arm = lead_of(dealing, number)
        if arm and not _is_next(dealing, number, arm):
            number.give(arm, "lead")
        cause = agent(dealing, number, roster) if arm is None and roster.together else None
        if cause:
            number.give(cause, "agent")


def _is_next(dealing: Dealing, number: Number, arm: Arm) -> bool:
    """Tell whether a group behind a number is its own, the one ahead having one already: A had 5, 9 being B's."""
    beyond = min(
        (each.start for each in dealing.numbers if each.start > number.start), default=None
    )
    told = any(
        each.arm == arm and each.start < number.start and dealing.alike(each, number)
        for each in dealing.numbers
    )
    return told and any(
        number.end <= other.start
        and (beyond is None or other.end <= beyond)
        and not _APART.search(dealing.flat, number.end, other.start)
        and key_of(other.label) != key_of(arm.label)
        and not any(each.arm == other for each in dealing.numbers)
        for other in dealing.arms
    )


def _inside(dealing: Dealing, roster: Roster) -> None:
    """Give a count of patients the group that its own words name: 2 MIS patients, 2 patients with MIS."""
    for number in dealing.numbers:
        measured = dealing.measured[number.at[0]]
        count, told = measured.numerator, measured.measure is not None
        named = name_inside(dealing.text, number.start, number.end)
        if named is None and told:
            inside = (each for each in dealing.arms if number.start < each.start < number.end)
            named = next(inside, None)
        open_ = named is not None and count is not None and not number.arm
        size = known_size(roster, named, {}, None) if named and open_ else None
        if named and size and count is not None and count < size:
            number.give(named, "named")


def _ratios(dealing: Dealing) -> None:
    """Give each ratio of a list the group in whose bracket it stands: for A (HR 0.6), B (HR 0.2)."""
    held = [
        (number, arm)
        for number in dealing.numbers
        for arm in dealing.arms
        if dealing.measured[number.at[0]].statistic in EFFECTS
        and arm.end <= number.start
        and _OPENED.fullmatch(dealing.flat, arm.end, number.start)
    ]
    if len({arm.start for _, arm in held}) > 1:
        # "better survival in A (HR 0.6)" is weighed within A, "sex (HR 0.6)" in all.
        within = dealing.flat.endswith((" for ", " in ", " among "), 0, held[0][1].start)
        for number, arm in held:
            number.give(arm, _WITHIN if within else "held")


def _all_in(dealing: Dealing) -> None:
    """Give a count the group in which all were that it counts: six leaks, all in group B."""
    for number in dealing.numbers if "all" in dealing.flat or "both" in dealing.flat else ():
        count = dealing.measured[number.at[0]].numerator
        later = next((each for each in dealing.arms if each.start >= number.end), None)
        if count and later and _ALL_IN.fullmatch(dealing.flat, number.end, later.start):
            number.give(later, "named")


def _trail(dealing: Dealing) -> None:
    """Give the numbers of a list the group that is named once behind its last: a, b and c in A."""
    for number, following in zip(dealing.numbers[-2::-1], dealing.numbers[:0:-1], strict=True):
        if number.arm or following.arm is None or following.style not in {"named", "trail"}:
            continue
        between = dealing.flat[number.end : following.start]
        listed = rules().share.match(between) and ";" not in between
        listed = listed and not has_part_behind(dealing, number, following)
        verb = re.search(r"\b(?:was|were|had|has|is|are|in|on)\b", between)
        plain = following.arm.start >= following.end and len(between.split()) < 9
        units = [dealing.measured[each.at[0]].unit for each in (number, following)]
        plain = plain and (units[0] == units[1] or _adjoined(dealing, number, following))
        if listed and plain and not verb and not rules().compares.search(between):
            number.give(following.arm, "trail")


def _adjoined(dealing: Dealing, number: Number, following: Number) -> bool:
    """Tell whether two numbers of two measures stand together ahead of their one group."""
    flat, arm = dealing.flat, following.arm
    if arm is None or AGED.search(flat, 0, number.start):
        return False
    row = [each for each in dealing.numbers if following.start <= each.start < arm.start]
    return (
        _ADJOINED.fullmatch(flat, number.end, following.start) is not None
        and all(each.arm == arm for each in row)
        and _OF_BOTH.fullmatch(flat, row[-1].end, arm.start) is not None
    )


def _told(dealing: Dealing, roster: Roster) -> tuple[Measurement, ...]:
    found = list(dealing.measured)
    beside = {key_of(name): each.size for each in roster.parts for name in each.names}
    beside |= {key_of(arm.label): size for arm, size in sizes(dealing.text, dealing.arms)}
    labels = dict.fromkeys(key_of(each.arm.label) for each in dealing.numbers if each.arm)
    beside |= zip(labels, left_of_each(dealing.flat, len(labels)), strict=False)
    some, pooled = _of_some(dealing, roster), is_of_some(dealing.flat)
    for number in dealing.numbers:
        for at in number.at:
            each = found[at]
            if number.arm:
                key = key_of(number.arm.label)
                each = _of_group(dealing, each, number.arm)
                # "58% vs 61% (6 studies, 411 patients)": they are of neither group alone.
                if (
                    pooled
                    and each.statistic not in EFFECTS
                    and sum(one.n == each.n for one in dealing.measured) > 1
                ):
                    each = replace(each, n=each.denominator)
                # A factor is weighed in all of them; what a score fell by is each group's own.
                weighed = each.statistic in EFFECTS and not is_course(dealing, number)
                weighed = weighed and number.style != _WITHIN
                # When those fell ill who did is no time of all.
                name = each.measure or ""
                timed = name.startswith("time_to_") and "treat" not in name
                of_all = some or pooled or number.style == PART or weighed or timed
                known = None if of_all else known_size(roster, number.arm, beside, each.n)
                if known is None and each.n is None and not of_all:
                    known = size_beside(roster, key, labels)
                size = beside.get(key) or (
                    known if may_be_of(each, known, dealing.scene.concepts) else None
                )
                if known and known == each.numerator and defines(dealing, number):
                    each = replace(each, measure=each.measure or "patients_included", n=known)
                if known and size and size < known and is_part(each, size, known):
                    size = known  # "in TES (n = 5)", of whom there were 17
                if number.style == "lead" and len(roster.here) > 1:
                    size = None  # "into A (n = 20) or B (n = 20), with a survival of 80 %"
                kind = each.measure is None and each.numerator is not None
                if kind and dealing.flat.endswith("(", 0, number.start):
                    size = None  # "carcinoma of the breast (31 cases) or lung (20)": kinds of all
                rated = number.style == "lead" and each.numerator is None
                if rated and _PART_BEHIND.match(dealing.flat, number.end):
                    size = None  # "in the low-risk group 82% for those under 30"
                each = sized(
                    unprinted(dealing.text, each, size), stated_size(dealing, number) or size
                )
            elif " each " in dealing.flat and _IN_EACH.match(dealing.flat, number.end):
                each = replace(each, n=None) if each.n == each.numerator else each
                each = sized(each, roster.size_of_each())
            found[at] = each
    for number in dealing.numbers:
        for at in number.at:
            each = compared(dealing, number, found[at], found)
            found[at] = weighed_in(dealing, roster, each, found)
    if not roster.here or are_parts(dealing.flat, found, roster.here):
        return tuple(found)
    return tuple(as_size(each, roster.here) for each in found)


def _of_some(dealing: Dealing, roster: Roster) -> bool:
    """Tell whether a sentence is about some of each group: those with metastases in group A."""
    if _SUBSET.search(dealing.flat):
        return True
    used = {each.arm.start for each in dealing.numbers if each.arm}
    if not used:
        return False
    first = min(each.start for each in dealing.numbers)
    return any(
        arm.start not in used
        and arm.turn < 0
        and (PEOPLE.match(arm.label.lower()) or _is_setting(dealing, arm, first))
        and roster.size(arm.label) is None
        and not any(each.start < arm.start < each.end for each in dealing.numbers)
        and not _NAMED_BEHIND.match(dealing.text, arm.end)
        for arm in dealing.arms
    )


def _is_setting(dealing: Dealing, arm: Arm, first: int) -> bool:
    """Tell whether a group is that of which the others are parts: survival in the elderly group was."""
    inside = arm.end <= first and dealing.flat.endswith(
        (" in the ", "in the ", "within the "), 0, arm.start
    )
    return inside and not REFERENCE.search(dealing.flat, 0, arm.start)


def _of_group(dealing: Dealing, each: Measurement, arm: Arm) -> Measurement:
    """Return the number with its group; a time inside the group's name tells who, not when."""
    if arm.start < 0:  # named in another sentence
        return replace(each, group=arm.label or None)
    each = replace(each, group=arm.label, group_start=arm.start, group_end=arm.end)
    named = dealing.text[max(0, arm.start - 10) : arm.end]
    if each.time_text and each.time_text in named:
        each = replace(each, time_text=None, time_months=None)
    return each
