"""Hand the groups of some numbers on to others that are told in the same order."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.groups.arms import Arm, key_of
from ingest.groups.dealing import (
    OPEN,
    PART,
    Dealing,
    Number,
    goes_with,
    value_of,
)
from ingest.groups.dealingrules import rules
from ingest.groups.refusals import is_place
from ingest.groups.roster import Roster
from ingest.groups.several import are_even, elsewhere, hand_across, hand_out, partner_of

# "the boys in", not "patients in", "pain in"
_WITHIN = re.compile(
    r"(?:^|[,;] )(?:the )?(?!(?:patients|those|cases|subjects|participants|individuals)\b)[a-z-]+ (?:in|of|from|within) (?:the )?$"
)
# A sentence on one group tells no pair of two.
# "38 and 30 patients | were alive"
_FARED = re.compile(
    r"(?: patients| individuals| subjects| participants| cases)? (?:were|had|died|developed|required|needed|underwent|received|survived|improved|recovered|regained|could|remained)\b(?! (?:both|all|each)\b)"
)
_ONE = re.compile(
    r"\b(?:(?:group|arm|cohort)\b|favou?r(?:ed|s|ing) |(?:general|healthy|normal|reference|background) population|population norms?|norms?\b|normative|normal values?)"
)
_OF_SOME = re.compile(r"\b(?:they|these|those|them|whom|who)\b")
_IN_TURN = re.compile(
    r"(?: patients| individuals| subjects| participants| cases)?,? respectively\b"
)
_COURSE = re.compile(r"\b(?:pre|post|baseline|before|initial|admission|discharge|follow)")
_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]")
_OPENS_BRACKET = re.compile(r"[^.;,()\d]{0,30}\(")
# "8 vs 12 days, in favour of A": who was better, whichever of them was told first
_IN_FAVOUR = re.compile(
    r"\b(?:in favou?r of|favou?r(?:ed|s|ing)) (?:the )?[a-z-]+(?:(?: [a-z-]+)? (?:group|arm|cohort)\b)?"
)
# "less bleeding than partial occlusion (760 vs 1210 ml)": two of its own, however they are called
_OF_ITS_OWN = re.compile(
    r"\bthan (?!(?:expected|predicted|planned|before|baseline|usual|normal|controls?)\b)(?:[a-z-]+ ){1,4}\("
)
# "survival (58% and 63%, respectively) and control (75% vs 74%, respectively) among A and B"
_IN_TURN_TOO = re.compile(r"[\s,]*respectively[^()]*\),? and [^();]*\(")
_AND, _ENDS = re.compile(r"\s*and\s*"), re.compile(r"\s*(?:[,.;()#]|$|(?:at|after) (?:the )?#)")
# "Kept with glue (9 vs 4)": by what a sentence parts its two, where no group's name is in it.
_BY_ANOTHER = re.compile(
    r"(?:(?<!associat)(?<!relat)(?<!correlat)ed|er|more|less) (?:with|by using|using|after|following|in|among|for) (?:the )?[a-z-]+(?: [a-z-]+)? \((?:median |mean )?$"
)
# "Infected women stayed 31 days, against 12 days for the others"
_REST = re.compile(r" (?:for|in|of|among) (?:all )?the (?:others|rest|remaining|remainder)\b")
# "(98 vs 141 min) | and hospital stay (", with no verb of its own
_NEXT_SUBJECT = re.compile(
    r"[^()]*\),?(?: and| as well as)? (?:the )?(?:(?!(?:was|were|had|did|is|are|in|with|than|than)\b)[a-z-]+ ){1,5}\((?:median |mean )?"
)
_SOME_WITH = re.compile(
    r"(?i)(?:the )?(?:patients|individuals|subjects|participants|those|women|men|children|cases) (?:with|without|who)\b"
)
_WITHOUT = re.compile(r"without ")
_TESTED = frozenset(["auc", "c_statistic"])
# Between two rows such words may tell of others than those of the first.
_OTHERS = re.compile(
    r"\b(?:than|between|among|(?<!accounting )(?<!accounted )for|after|when|if|(?<!difference )(?<!differences )in)\b"
)


def hand_on(dealing: Dealing, rows: list[list[Number]], roster: Roster) -> None:
    """Give pairs the groups that other words than their own tell, and note those dealt last.

    "66 and 71 years, and 7 and 9 points in groups A and B" tells both pairs of A and B; of two
    groups, what is set against the one's number is the other's; and a pair in a sentence that
    names nobody is told in the order of the sentence before.
    """
    hand_across(dealing, roster)
    pairs = [row for row in rows if len(row) == 2]
    for row, following in zip(rows[-2::-1], rows[:0:-1], strict=True):
        _hand_back(dealing, row, following)
    for row in pairs:
        _hand_over(dealing, row, roster)
        _part(dealing, row)
    for row, following in zip(rows[-2::-1], rows[:0:-1], strict=True):
        _hand_shared(dealing, row, following)
    for row in rows:
        if len(row) > 2:
            hand_out(dealing, row, roster)
    for at, (row, following) in enumerate(pairwise(rows)):
        # "8 open and 17 closed ones (16% vs 36%)": what each was counted with parts the two
        apart = at and len(row) == len(rows[at - 1]) == 1
        held = apart and _OPENS_BRACKET.fullmatch(dealing.flat, row[-1].end, following[0].start)
        _hand_along(dealing, [*rows[at - 1], *row] if held else row, following)
    for row in [each for each in rows if len(each) > 1 and _names_nobody(dealing, each, roster)]:
        if len(row) > 2 and _goes_on(dealing, row):
            continue
        last = _told_ahead(dealing, row) or _in_turn(roster, len(row))
        if len(set(last)) == len(last) == len(row):
            even = roster.evens.size is not None
            _hand_down(dealing, row, last, even or _in_order(roster, last))
    _hand_even(dealing, pairs, roster)
    if roster.here:
        return  # groups that a sentence defines are told in its own order
    for row in rows:
        told = [each.arm.label for each in row if each.arm]
        _remember(roster, told if len(told) == len(row) else [])
    named = [each.arm.label for each in dealing.numbers if each.arm and each.arm.label]
    _remember(roster, list(dict.fromkeys(named)))


def _hand_even(dealing: Dealing, pairs: list[list[Number]], roster: Roster) -> None:
    """Give pairs that are of either group one without a name, where all groups are of one size."""
    if not roster.size_of_each():
        return
    known = all(roster.evens.of(each.label) for each in dealing.arms if each.label)
    for row in pairs if known else ():
        # "40 in A and 28 in B could walk, and they kept this for 118 and 16 days": of those alone
        some = _OF_SOME.search(dealing.flat, 0, row[0].start)
        if not (some or any(each.arm for each in row)) and _are_of_two(dealing, row):
            for number in row:
                number.give(elsewhere(""), "again")


def _names_nobody(dealing: Dealing, row: list[Number], roster: Roster) -> bool:
    """Tell whether a statement names no group of its own: up to the semicolons around it."""
    # A semicolon in a bracket ends no statement: "(3 vs 5 days; p < 0.01) in group A".
    flat = _BRACKET.sub(lambda each: each[0].replace(";", ","), dealing.flat)
    start = flat.rfind(";", 0, row[0].start) + 1
    words = flat[start : flat.find(";", row[-1].end) % (len(flat) + 1)]
    if any(start <= each.start < start + len(words) for each in dealing.arms):
        return False
    words = _IN_FAVOUR.sub("", words) if "favo" in words else words
    own = _ONE.search(words) or _OF_ITS_OWN.search(words) or rules().kinds.search(words)
    return not (own or roster.names_one(words))


def _goes_on(dealing: Dealing, row: list[Number]) -> bool:
    """Tell whether a row goes on with what its sentence told of all: 68, 27 and 5%; later 84, 13 and 3%."""
    ahead = [each for each in dealing.numbers if each.end <= row[0].start]
    return any(each.arm is None and dealing.alike(each, row[0]) for each in ahead)


def _are_of_two(dealing: Dealing, row: list[Number]) -> bool:
    """Tell whether two numbers are set against each other as those of two groups, not of two times."""
    flat = dealing.flat
    told = rules().compares.search(flat, row[0].end, row[1].start)
    told = told or _IN_TURN.match(flat, row[1].end)
    return bool(told) and are_even(dealing, row) and not _COURSE.search(flat)


def _remember(roster: Roster, told: list[str]) -> None:
    """Note groups as those dealt last, in their order.

    "128 days with and 101 without surgery" are of the study's groups in other words; where it has
    formed groups, patients with this or that whom a sentence compares are those of it alone.
    """
    if len(told) < 2 or any(map(is_place, told)):
        return
    if len(told) > 2 and all(len(each) < 3 for each in roster.together):
        apart: dict[tuple[str, int | None], str] = {}  # "CFR-PEEK" and "the carbon group" are one
        for each in told:
            apart.setdefault((roster.other(each) or each, roster.size(each)), each)
        told = list(apart.values())
    formed = any(len(each) == len(told) for each in roster.together)
    loose = any(map(_WITHOUT.match, told)) or (formed and all(map(_SOME_WITH.match, told)))
    known = any(map(roster.size, told)) or not loose
    if len(told) == len({key_of(each) for each in told}) > 1 and known:
        roster.last = tuple(told)


def _told_ahead(dealing: Dealing, row: list[Number]) -> tuple[str, ...]:
    """Return as many groups as a row has numbers whose own its sentence has told ahead of it, in order."""
    ahead = [each.arm for each in dealing.numbers if each.arm and each.end <= row[0].start]
    told = {key_of(arm.label): arm.label for arm in ahead if arm.label}
    return tuple(told.values()) if len(told) == len(row) > 1 else ()


def _in_turn(roster: Roster, size: int) -> tuple[str, ...]:
    """Return so many groups in the order in which they were told last, or else were defined."""
    if len(roster.last) == size or size < 3:
        return roster.last
    found = {tuple(each.shown[0] for each in told) for told in roster.together if len(told) == size}
    found = found or {
        tuple(part.shown for part in each.parts) for each in roster.partitions.rows(size)
    }
    return found.pop() if len(found) == 1 else ()


def _hand_back(dealing: Dealing, row: list[Number], following: list[Number]) -> None:
    """Deal a row the groups of the row behind it, where one "respectively" holds for both."""
    arms = [each.arm for each in following if each.arm]
    if len(row) < 2 or len(arms) != len(row) or any(each.arm for each in row):
        return
    if any(arm.start < following[-1].end for arm in arms):
        return
    between = dealing.flat[row[-1].end : following[0].start]
    told = "respectively" in dealing.flat[following[-1].end :]
    apart = "respectively" in between and not _IN_TURN_TOO.fullmatch(between)
    if told and not apart and ";" not in between and are_even(dealing, row):
        for number, arm in zip(row, arms, strict=True):
            number.give(arm, "dealt")


def _hand_shared(dealing: Dealing, row: list[Number], following: list[Number]) -> None:
    """Deal a row the groups of the next where one verb behind both tells of them: loss (1 vs 2) and stay (3 vs 4) were less in A."""
    arms = [each.arm for each in following if each.arm]
    if len(row) != 2 or len({key_of(arm.label) for arm in arms}) != 2 or any(e.arm for e in row):
        return
    joint = _NEXT_SUBJECT.fullmatch(dealing.flat, row[1].end, following[0].start)
    behind = any(arm.start >= following[-1].end for arm in arms)
    if joint and behind and are_even(dealing, row):
        for number, arm in zip(row, arms, strict=True):
            number.give(arm, "along")


def _hand_along(dealing: Dealing, row: list[Number], following: list[Number]) -> None:
    """Deal a row the groups of the row before it where no other words tell of whom it is.

    "A had less pain (3 vs 5) and a shorter stay (6 vs 9 days) than B".
    """
    arms = [each.arm for each in row if each.arm]
    if any(arm.start >= 0 and arm not in dealing.arms for arm in arms):
        return  # a name that only its place makes one
    if len(following) < 2 or len({key_of(arm.label) for arm in arms}) != len(following):
        return
    if any(each.arm for each in following) or not are_even(dealing, following):
        return
    flat, (first, last) = dealing.flat, (following[0], following[-1])
    named = {key_of(arm.label) for arm in arms}
    begin, end = row[-1].end, first.start
    beside = [arm for arm in dealing.arms if begin <= arm.start and arm.end <= end]
    if any(key_of(arm.label) not in named for arm in beside):
        return
    begin = max([begin, *(arm.end for arm in beside)])
    told = rules().compares.search(flat, first.end, following[1].start)
    if not (told or "respectively" in flat[last.end :]):
        return
    if _OTHERS.search(dealing.bare(begin, end)) or not goes_with(dealing, begin, following):
        return
    for number, arm in zip(following, arms, strict=True):
        number.give(arm, "along")


def _hand_over(dealing: Dealing, row: list[Number], roster: Roster) -> None:
    """Give the second of a pair the other of two groups where the first has one of them."""
    first, second = row
    if not are_even(dealing, row):
        return
    if first.arm is None:
        other = roster.other(second.arm.label) if second.arm and second.style == "named" else None
        if other and rules().compares.search(dealing.flat, first.end, second.start):
            first.give(elsewhere(other), "other")
        return
    partner = partner_of(dealing, first.arm, roster)
    if not (second.arm is None or second.arm == first.arm):
        return
    flat = dealing.flat
    compared = rules().compares.search(flat, first.end, second.start)
    if first.arm.start >= 0 and _WITHIN.search(flat, 0, first.arm.start) and not _held(flat, first):
        return  # "boys in group A had more pain (6 vs 4)" than girls, not than group B
    if compared and second.arm is None and second.style == OPEN:
        second.give(partner, "other")
        return
    # "A had a longer operative time (6 and 3 h)": joined by "and", what was longer is A's.
    values = [value_of(dealing.measured[each.at[0]]) for each in row]
    words = flat[first.arm.end : first.start]
    greater, smaller = (
        max((each.start() for each in rule.finditer(words)), default=-1)
        for rule in (rules().greater, rules().smaller)
    )
    if not partner.label:
        return
    held = flat[: first.start].count("(") > flat[: first.start].count(")")
    if held and None not in values and values[0] != values[1] and greater != smaller:
        more = (values[0] or 0) > (values[1] or 0)
        arms = [first.arm, partner]
        for number, arm in zip(
            row, arms if more == (greater > smaller) else arms[::-1], strict=True
        ):
            number.give(arm, "other")


def _part(dealing: Dealing, row: list[Number]) -> None:
    """Note a pair that is told of parts of one group: in group A 66 % and 33 %, respectively."""
    one, other = row
    told = "respectively" in dealing.flat[other.end :]
    ahead = one.arm is not None and one.arm == other.arm and one.arm.start < one.start
    ahead = ahead and one.style != "dealt"
    if told and ahead and are_even(dealing, row):
        one.style = other.style = PART


def _hand_down(dealing: Dealing, row: list[Number], last: tuple[str, ...], sized: bool) -> None:
    """Deal a row of a sentence that names no group those of the sentence before, in order.

    Of groups told in the order in which they were sized "and" alone joins two values: 58 and 55%.
    """
    flat = dealing.flat
    if _BY_ANOTHER.search(flat, 0, row[0].start) or _REST.match(flat, row[-1].end):
        return
    told = "respectively" in flat[row[-1].end :] or "corresponding" in flat[: row[0].start]
    told = told or rules().compares.search(flat, row[0].end, row[1].start) is not None
    told = told or len(row) > 2  # as many as groups were told of last
    told = told or (sized and _are_joined(dealing, row)) or _are_tested(dealing, row)
    if "" in last and not (rules().greater.search(flat) or rules().smaller.search(flat)):
        return  # of whom no word names either may come first
    # How well a row of tests tells is of all whom they were tried on.
    tests = all(dealing.measured[each.at[0]].statistic in _TESTED for each in row)
    if tests or not (told and are_even(dealing, row)):
        return
    if all(each.arm is None for each in row):
        for number, label in zip(row, last, strict=True):
            of = "" if label else next(filter(None, last))
            number.give(Arm(-1, -1, label, of=of), "again")


def _in_order(roster: Roster, last: tuple[str, ...]) -> bool:
    """Tell whether groups were told last in the order in which the text has sized them."""
    sizes = tuple(roster.size(each) or roster.recollect(each) for each in last)
    told = [tuple(each.size for each in groups) for groups in roster.together]
    told += [tuple(part.size for part in each.parts) for each in roster.partitions.rows(len(last))]
    return sizes in told


def _are_joined(dealing: Dealing, row: list[Number]) -> bool:
    """Tell whether "and" alone joins two values of one time with no word of either behind."""
    scene, flat = dealing.scene, dealing.flat
    joined = _AND.fullmatch(flat, row[0].end, row[1].start) and (
        _ENDS.match(flat, row[1].end) or _FARED.match(flat, row[1].end)
    )
    return bool(joined) and len(scene.times) + len(scene.adverbs) + len(scene.adjectives) < 2


def _are_tested(dealing: Dealing, row: list[Number]) -> bool:
    """Tell whether two joined values are set against each other by the p behind: 81% and 91% (p = 0.4)."""
    flat = dealing.flat
    joined = len(row) == 2 and _AND.fullmatch(flat, row[0].end, row[1].start)
    tested = dealing.measured[row[1].at[0]].p_operator is not None
    return bool(joined) and tested and _ENDS.match(flat, row[1].end) is not None


def _held(flat: str, number: Number) -> bool:
    """Tell whether a number stands right behind its group's name: in group A (6 vs 4)."""
    return number.arm is not None and not flat[number.arm.end : number.start].strip(" ([,:")
