"""Deal the groups that a sentence sets against each other to the numbers of its rows."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.groups.arms import Arm, key_of
from ingest.groups.changed import deal_course
from ingest.groups.cohortrules import AGAINST, SET_AGAINST
from ingest.groups.dealing import (
    LOOSE,
    OPEN,
    REACH,
    Dealing,
    Number,
    goes_with,
    has_part_behind,
    lead_of,
    opening,
    says_greater,
    sets_own,
    subject,
    value_of,
    weighs_several,
)
from ingest.groups.dealingrules import rules
from ingest.language.wording import holds_any

# What stands ahead of the first group of several that are told in turn, and of the next.
_FIRST = re.compile(r"(?:(?:in|after|for|with|among|of|following|the|those) )*")
_NEXT = re.compile(
    r"[\s)]*(?: [a-z]+){0,4}[,;] (?:(?:and|while|whereas|but|in|after|for|with|among|of|following|the|those) )*"
)
JOINT = re.compile(
    r"\s*,?\s*(?:and|or|vs\.?|versus|than|compared (?:with|to))(?: (?:in|for|with|of))?(?: the| those)?\s*"
)
"""What may stand between two groups that are named together."""


# "differed between the groups"
_BETWEEN = re.compile(r"\bbetween (?:the )?$")
# "Compared with the open group, the other had"
_SET_AGAINST = re.compile(
    rf"(?:^|[,;] ){SET_AGAINST}(?: that (?:of|in))? (?:the )?(?:\d+ )?(?:(?:historical|matched|healthy|earlier|previous) )*$"
)
_THAN_THE = re.compile(
    r"\bthan (?:(?:that |those )?(?:of |in |for |after |with |following |among )?)(?:the )?$"
)
# "Of those who were asked, the women": a sentence's frame and what makes it a pair instead.
_OPENS = re.compile(r"\W*(?:of|among|amongst|in|for) (?:the |all |these )?")
_CLOSED = re.compile(r"[^()]*\)\s*(?:in|for|with|after|among|of|on) ")
# "Stay (6 vs 11 days) was shorter in A": the verdict behind tells which of the two is A's.
_JUDGED = re.compile(
    r"[^()]*\)\s*(?:was|were|is|are) (?:[a-z]+ly |also |both )*(?P<how>[a-z]+(?: [a-z]+)?) (?:in|for|with|after|among) (?:the )?$"
)
_IN_TURN = re.compile(r"[\s,]*respectively[^()]*\)\s*(?:in|for|with|after|among|between) ")
_BUT = re.compile(r", but\b|;")
_BOTH = re.compile(r"\b(?:and|or|vs|versus|than|compared|while|whereas|but)\b")


def each_behind_its_own(dealing: Dealing) -> bool:
    """Deal every number the group right ahead of it where a sentence tells them in turn.

    "After complete embolization it was 1100 ml, after partial embolization 1900 ml".
    """
    arms, numbers = sorted(dealing.arms, key=lambda each: each.start), dealing.numbers
    if len(arms) < 2 or len(arms) != len(numbers):
        return False
    begin = 0
    for at, (arm, number) in enumerate(zip(arms, numbers, strict=True)):
        between = dealing.flat[begin : arm.start]
        ahead = (_NEXT if at else _FIRST).fullmatch(between)
        alike = dealing.measured[number.at[0]].unit == dealing.measured[numbers[0].at[0]].unit
        if not (ahead and alike) or number.start < arm.end:
            return False
        begin = number.end
    if len({key_of(each.label) for each in arms}) < len(arms):
        return False
    for arm, number in zip(arms, numbers, strict=True):
        number.give(arm, "held")
    return True


def rows_of(dealing: Dealing) -> list[list[Number]]:
    """Return the numbers in rows that only joining words part."""
    rows: list[list[Number]] = []
    for each in dealing.numbers:
        last = rows[-1][-1] if rows else None
        between = dealing.flat[last.end : each.start] if last else ""
        linked = last is not None and rules().row.fullmatch(between.replace("#", " "))
        if last and linked and ";" not in between and dealing.alike(last, each):
            rows[-1].append(each)
        else:
            rows.append([each])
    return [each for row in rows for each in _pairs_of(dealing, row)]


def _pairs_of(dealing: Dealing, row: list[Number]) -> list[list[Number]]:
    """Return a row as the pairs that it tells: 9 versus 4 and 38 versus 29."""
    if len(row) < 4 or len(row) % 2:
        return [row]
    compared = [
        rules().compares.search(dealing.flat, one.end, other.start) is not None
        for one, other in pairwise(row)
    ]
    paired = all(compared[::2]) and not any(compared[1::2])
    middle = len(row) // 2
    became = [
        at
        for at in range(1, len(row))
        if re.search(r"\bto\b", dealing.flat[row[at - 1].end : row[at].start])
    ]
    if became == [middle]:  # "from 8 and 7 to 2 and 3": before and after
        return [row[:middle], row[middle:]]
    return [row[at : at + 2] for at in range(0, len(row), 2)] if paired else [row]


def deal(dealing: Dealing, row: list[Number], last: list[Arm]) -> list[Arm]:
    """Deal the groups named together to the numbers of a row in order; return the groups dealt.

    ``last`` are those dealt to the row before: "4 vs 5 days in A and B, and pain in 6% vs 9%".
    """
    if len(row) == 2 and row[1].arm and weighs_several(dealing.flat):
        # The group behind the bracket has a bracket of its own.
        row[1].arm, row[1].style = None, ""
    if len(row) < 2 or any(each.arm and each.style not in LOOSE for each in row[:-1]):
        return []
    if deal_course(dealing, row):
        return []
    flat = dealing.flat
    compared = bool(rules().compares.search(flat, row[0].end, row[-1].start))
    # "no difference in survival (65% and 68%, respectively) between A and B"
    compared = compared or _IN_TURN.match(flat, row[-1].end) is not None
    held = compared and row[-1].arm is not None and row[-1].style not in LOOSE
    apart = sets_own(dealing, row[0])
    own = row[-1].style == "named" or apart or len({dealing.time(each) for each in row}) > 1
    behind = compared and not apart and (not held or _is_bracketed(dealing, row))
    for found in (
        [] if own else last,
        _behind(dealing, row),
        [] if held else _before(dealing, row),
        _after(dealing, row) if behind else [],
    ):
        if len(found) == len(row):
            for number, arm in zip(row, found, strict=True):
                number.give(arm, "dealt")
            return found
    if compared and len(row) == 2 and _deal_judged(dealing, row):
        return []
    if compared and len(row) == 2 and _is_bracketed(dealing, row):
        _deal_bracket(dealing, row)
        return []
    if not compared and row[-1].arm and row[-1].style == "named":
        ahead = opening(dealing, row[0])
        if any(each.arm == ahead and each.end <= ahead.start for each in dealing.numbers if ahead):
            ahead = None  # "9 and 8% in A, 7 and 6% in B": A has a row of its own
        for number in () if has_part_behind(dealing, row[0], row[-1]) else row[:-1]:
            number.give(ahead or row[-1].arm, "lead" if ahead else "named")
    elif len(row) == 2 and compared:
        _pair(dealing, row)
    elif flat[row[-1].end :].lstrip(" ,)").startswith("respectively"):
        _bar(dealing, row)
    return []


def _is_bracketed(dealing: Dealing, row: list[Number]) -> bool:
    """Tell whether the group of the second of two stands behind the bracket around both."""
    arm = row[-1].arm
    if arm is None or arm.start < row[-1].end:
        return False
    ahead = dealing.flat[: row[0].start]
    opened = ahead.count("(") > ahead.count(")")
    return opened and _CLOSED.match(dealing.flat, row[-1].end, arm.start) is not None


def _deal_bracket(dealing: Dealing, row: list[Number]) -> None:
    """Deal the first of two in a bracket the group behind it: shorter (6 vs 9 days) in A."""
    arm, row[-1].arm = row[-1].arm, None
    floor = max((each.end for each in dealing.numbers if each.end <= row[0].start), default=0)
    if arm and _is_told(dealing, floor, row) and goes_with(dealing, floor, row):
        row[0].give(arm, "named")
    for number in row:
        number.style = number.style if number.arm else OPEN


def _deal_judged(dealing: Dealing, row: list[Number]) -> bool:
    """Deal the group behind a bracket with two numbers to the one that the verdict fits: (6 vs 9) were lower in A."""
    arm = row[-1].arm
    if arm is None or arm.start < row[-1].end:
        return False
    judged = _JUDGED.fullmatch(dealing.flat, row[-1].end, arm.start)
    if judged is None:
        return False
    greater, smaller = rules().greater.search(judged["how"]), rules().smaller.search(judged["how"])
    one, other = (value_of(dealing.measured[each.at[0]]) for each in row)
    for number in row:
        number.arm, number.style = None, OPEN
    if one is not None and other is not None and one != other and bool(greater) != bool(smaller):
        row[(one > other) != bool(greater)].give(arm, "named")
    return True


def _is_told(dealing: Dealing, begin: int, row: list[Number]) -> bool:
    """Tell whether the words ahead of two numbers say that one is more or less."""
    return says_greater(dealing, begin, row[0].start) is not None


def _bar(dealing: Dealing, row: list[Number]) -> None:
    """Keep one group from numbers that are dealt out to groups which were not made out."""
    lead = lead_of(dealing, row[0])
    if lead and not re.search(r"\b(?:and|or)\b", f"{lead.label}{dealing.flat[lead.end :][:5]}"):
        return
    if len({(dealing.time(each), dealing.measured[each.at[0]].measure) for each in row}) == 1:
        for number in row:
            number.style = number.style or OPEN


def _pair(dealing: Dealing, row: list[Number]) -> None:
    """Find the group of the first of two numbers set against each other, and bar any guess."""
    first, second = row
    against = second.arm is None and holds_any(dealing.flat, AGAINST)
    lead = opening(dealing, first) or lead_of(dealing, first) if against else None
    if lead and _SET_AGAINST.search(dealing.flat, 0, max(0, lead.start)):
        first.arm, first.style = None, OPEN
        second.give(lead, "named")  # "compared with controls, pain was less (3 vs 6)"
        return
    if second.arm is None and not _is_first(dealing, first, second):
        first.arm, first.style = None, ""
        _by_size(dealing, first, second)
    elif first.arm is None:
        arm = opening(dealing, first) or lead_of(dealing, first) or subject(dealing, first)
        if arm:
            first.give(arm, second.style)
    for number in row:
        number.style = number.style or OPEN


def _is_first(dealing: Dealing, first: Number, second: Number) -> bool:
    """Tell whether the first of two stands for the group that has less or more: shorter in A: 9 vs 12."""
    if first.arm is None or first.style != "held" or first.arm.start < 0:
        return False
    ahead = dealing.flat[: first.arm.start + 1]
    if rules().against.search(ahead):
        return False  # "lower than in A (14 vs 80)"
    less, more = rules().smaller.search(ahead), rules().greater.search(ahead)
    one, two = (value_of(dealing.measured[each.at[0]]) for each in (first, second))
    if one is None or two is None or bool(less) == bool(more):
        return False
    return one < two if less else one > two


def _behind(dealing: Dealing, row: list[Number]) -> list[Arm]:
    last = row[-1]
    if last.arm is None or last.arm.start < last.end:
        return []
    later = [each for each in dealing.arms if each.start >= last.arm.start][: len(row)]
    tied = len(later) == len(row) and all(
        one.turn == other.turn >= 0 or JOINT.fullmatch(dealing.flat[one.end : other.start])
        for one, other in pairwise(later)
    )
    if last.style == "named" and tied:
        return later
    found = [last.arm]
    while len(found) < len(row):
        match = rules().pair.match(dealing.flat, found[-1].end)
        arm = dealing.arm(match)
        told = "respectively" in dealing.flat[last.end :]
        if arm is None or (match and not told and re.match(r"[\s(]*or\b", match[0])):
            return []
        found.append(arm)
    return found


def _before(dealing: Dealing, row: list[Number]) -> list[Arm]:
    """Return the groups that are named together ahead of a row, as many as it has numbers."""
    start = row[0].start
    floor = max((each.end for each in dealing.numbers if each.end <= start), default=0)
    named = [each for each in dealing.arms if each.end <= start][-len(row) :]
    if len(named) == len(row) and len({key_of(each.label) for each in named}) == len(row):
        between = [dealing.flat[a.end : b.start] for a, b in pairwise(named)]
        told = "respectively" in dealing.flat[row[-1].end :]
        joined = all(told or (rules().joins.search(e) and len(e) < REACH) for e in between)
        fresh = named[-1].start >= floor or not any(each.arm in named for each in dealing.numbers)
        # "9 titanium patients, but earlier in the carbon group (5 vs 9 months)": of the carbon first
        given = [each.arm for each in dealing.numbers if each not in row]
        fresh = fresh and not (named[0] in given and any(map(_BUT.search, between)))
        behind = row[-1].style == "named" and row[-1].arm and row[-1].arm.start >= row[-1].end
        fresh = fresh and not (behind and named[0] in given)
        parted = ";" in dealing.flat[named[-1].end : start].partition("(")[0]
        # "A had less (5 and 3 ml) than B (9 and 7 ml, respectively)": both of B
        held = not dealing.flat[named[-1].end : start].strip(" ([")
        parted = parted or any(
            held and named[0].end <= each.start < named[-1].start and dealing.alike(each, row[0])
            for each in dealing.numbers
        )
        if _opens_against(dealing.flat, named) and goes_with(dealing, named[1].end, row):
            named = named[::-1]
        if len(named) == 2 and _frames(dealing.flat, *named):
            return []
        if joined and fresh and not parted and _in_order(dealing, named, row):
            return named
    return _named_pair(dealing, floor, start) if len(row) == 2 else []


def _frames(flat: str, first: Arm, last: Arm) -> bool:
    """Tell whether a sentence opens with those of whom some are told: of those asked, the women had."""
    between = flat[first.end : last.start]
    opens = _OPENS.fullmatch(flat, 0, first.start) and between.startswith(",")
    return bool(opens) and not _BOTH.search(between)


def _opens_against(flat: str, named: list[Arm]) -> bool:
    """Tell whether the first of two groups is what the other is set against: compared with A, B had less."""
    return (
        len(named) == 2
        and _SET_AGAINST.search(flat, 0, named[0].start) is not None
        and flat.startswith(",", named[0].end)
    )


def _in_order(dealing: Dealing, named: list[Arm], row: list[Number]) -> bool:
    """Tell whether two groups can have a row's numbers as they come.

    "Less in A than in B (8 vs 5)" contradicts itself; "A compared with B had 5 and 8 of C and D,
    respectively" tells both of A, "less in A compared with B (5 and 8)" one of each.
    """
    if len(row) != 2:
        return True
    flat = dealing.flat
    between = flat[named[0].end : named[1].start]
    if not rules().compares.search(between):
        return True
    values = [value_of(dealing.measured[each.at[0]]) for each in row]
    words = flat[max(0, named[0].start - 60) : named[1].start]
    greater, smaller = rules().greater.search(words), rules().smaller.search(words)
    if (
        bool(greater) != bool(smaller)
        and values[0] is not None
        and values[1] is not None
        and values[0] != values[1]
    ):
        return (values[0] > values[1]) == bool(greater)
    return bool(rules().compares.search(flat, row[0].end, row[1].start)) or "than" in between


def _named_pair(dealing: Dealing, start: int, end: int) -> list[Arm]:
    """Return two names that are set against each other in a stretch, the last such."""
    best: list[Arm] = []
    for rule in rules().pairs:
        for match in rule.finditer(dealing.flat, start, end):
            two = dealing.arm(match, "two") or (
                dealing.named(*match.span("two")) if rule is rules().pairs[-1] else None
            )
            plain = dealing.plain(*match.span("one")) and dealing.plain(*match.span("two"))
            if two and plain and (not best or two.end > best[1].end):
                best = [dealing.named(*match.span("one")), two]
    return best


def _after(dealing: Dealing, row: list[Number]) -> list[Arm]:
    """Return two groups that the words behind a row set against each other: more in X than Y."""
    if len(row) != 2:
        return []
    end = next(each.end() for each in re.finditer(";|$", dealing.flat) if each.end() >= row[-1].end)
    later = [each for each in dealing.arms if each.start >= row[-1].end][:2]
    if len(later) == 2:
        between = dealing.flat[later[0].end : later[1].start]
        apart = _BETWEEN.search(dealing.flat, row[-1].end, later[0].start)
        if (len(between) < 30 and rules().compares.search(between)) or (
            apart and (later[0].turn == later[1].turn >= 0 or JOINT.fullmatch(between))
        ):
            return later
    match = rules().pairs[0].search(dealing.flat, row[-1].end, end)
    two = dealing.arm(match, "two")
    return [dealing.named(*match.span("one")), two] if match and two else []


def _by_size(dealing: Dealing, first: Number, second: Number) -> None:
    """Deal one named group its number of two: what was higher in it is the larger."""
    near = opening(dealing, first)
    arm = near or lead_of(dealing, first)
    values = [value_of(dealing.measured[each.at[0]]) for each in (first, second)]
    if arm is None or values[0] is None or values[1] is None or values[0] == values[1]:
        return
    span = (max(0, arm.start - 60), arm.start) if near else (arm.end, first.start)
    greater = says_greater(dealing, *span)
    if greater is None:
        return
    if near and _THAN_THE.search(dealing.flat, span[0], arm.start):
        if (values[1] > values[0]) != greater:
            second.give(arm, "named")  # "it was less than in the open group (141 vs 873)"
        return
    if (values[0] > values[1]) == greater:
        first.give(arm, "named")
        # "A had less (3 vs 5) than B": the other group is named behind.
        for other in dealing.arms:
            between = dealing.flat[second.end : max(other.start, second.end)]
            if other.start >= second.end and _THAN_THE.search(between):
                second.give(other, "named")
                break
