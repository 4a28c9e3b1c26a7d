"""Hold what dealing groups out to the numbers of a sentence needs, and find the group of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.groups.arms import Arm
from ingest.groups.dealingrules import rules
from ingest.groups.infixes import heads_next, holds_name
from ingest.language.starts import build_rule
from ingest.model import Measurement
from ingest.numbers.quantity import COUNTED
from ingest.numbers.scene import Scene
from ingest.numbers.times import says_after

EFFECTS = {"hazard_ratio", "odds_ratio", "risk_ratio", "difference"}
# Ways to a group that only a comparison bears out; of these the loose give way to a pair.
WEAK = {"behind", "bracket", "bare", "ahead", "holder"}
LOOSE = {"ahead", "holder", "held"}
# Of a pair set against each other with one group named: which it is, only its size can tell.
OPEN = "open"
# Of a group some parts, so that its size is that of neither.
PART = "part"
REACH = 90
# A name has a letter or is a year: "(1.3)" behind a mean is its spread.
_LETTER = re.compile(r"[^\W\d_]|\b(?:19|20)\d\d\b")
_IN = re.compile(r"\b(?:in|of) (?:the )?$")
_ENTERS, _LEAVES = re.compile(r"\s*[(\[](?:the |in )?"), re.compile(r"\s*(?:[)\]]|[;,] ?p\b)")
_HELD = re.compile(r"\s*[(\[:=]\s*(?:mean |median )?")
# "A greater decrease in their volume (296 vs 176)", "the open group in stage 3": what changed, where.
_NO_GROUP = re.compile(
    r"\b(?:rates?|risks?|incidence|prevalence|frequency|odds|likelihood|probability) of (?:an? |the |any |use of )*$|\b(?:(?:in|of) (?:their|its|his|her)|(?:increase|decrease|reduction|change|rise|fall|drop|improvement|decline|difference)s? in(?: the)?|(?:group|arm|cohort) in(?: the)?|in (?:respect|terms) of(?: the)?|with (?:respect|regard) to(?: the)?) $"
)
PORTION = re.compile(
    r"(?:over|under|about|nearly|almost|some|only)(?= ?#|$)|(?:an? |one[- ]|two[- ]|three[- ])?(?:half|thirds?|quarters?|fifths?)\b(?!-)"
)
"""What tells a part and no group: fewer than half (41%)."""
_OPENS = re.compile(r"(?:in|for|among|amongst|of|with|all)? ?(?:the |our |those |these )?$")
REFERENCE = build_rule(
    r"\b(?:compared (?:with|to)|versus|vs\.?|than(?: (?:in|for|with|after|on|by|that of))?|relative to|of that (?:of|in)|between|comparison (?:with|to)|from)(?: the| those)? ?$"
)
# "16 with benign tumours", "five sets of roots": what was counted, no group.
_OWN_NOUN = re.compile(r"\s*(?:of|with|without) ")
# "Leakage in group A was 6 %, and the recurrence rate was 11 %"
_GROUP = build_rule(r"(?i)\b(?:group|arm)\b")
_AND_ITS = re.compile(
    r"^[^,;.]*(?:#[^,;]*|\d[^,;]*), and (?!(?:the )?(?:overall|total|whole|(?:(?:mean|median|average) )?follow))(?:the )?[^,;#\d]{3,60} (?:was|were) $"
)
_VERB = re.compile(r"\s(?:was|were|is|are|had|showed)\b")
_JOINED = build_rule(r"\b(?:and|or|than|versus|vs|v|compared|while|whereas|but)\b")
# What sets the next number against that of a group named behind its own.
_SET_BESIDE = re.compile(
    r"\s*,?\s*(?:as )?(?:compared (?:with|to)|versus|vs\b|against|opposed to|while|whereas)"
)
# "longer in group A, 9 versus 5 days", "briefer in group A: median 90 versus 124 min"
_STANDS_OFF = re.compile(r"\s*[,:;–-]\s*(?:(?:a |the )?(?:mean|median|average)(?: of|,)? )?")
PEOPLE = re.compile(r"\b(?:patients|individuals|those|cases|women|men|subjects|participants)\b")


@dataclass(slots=True)
class Number:
    """A number with the group it was dealt; ``style`` is by which kind of words."""

    start: int
    end: int
    at: list[int]
    arm: Arm | None = None
    style: str = ""

    def give(self, arm: Arm, style: str) -> bool:
        """Deal the number a group, note by which kind of words, and return true."""
        self.arm, self.style = arm, style
        return True


@dataclass(slots=True)
class Dealing:
    """A sentence while its groups are dealt out; ``flat`` is its words without what only qualifies."""

    text: str
    flat: str
    arms: list[Arm]
    numbers: list[Number]
    measured: Sequence[Measurement]
    scene: Scene

    def alike(self, one: Number, other: Number) -> bool:
        """Tell whether two numbers can be set against each other."""
        a, b = self.measured[one.at[0]], self.measured[other.at[0]]
        if (a.statistic in EFFECTS) != (b.statistic in EFFECTS):
            return False
        same = a.measure == b.measure or None in (a.measure, b.measure)
        return same and (a.unit == b.unit or None in (a.unit, b.unit))

    def plain(self, start: int, end: int) -> bool:
        """Tell whether a name is neither a measure nor a time."""
        if self.flat.startswith("others", start) and self.flat.endswith("among ", 0, start):
            return False  # "3 osteosarcomas, among others"
        if _NO_GROUP.search(self.flat, max(0, start - 40), start) or PORTION.match(
            self.flat, start
        ):
            return False
        named = [(each.start, each.end) for each in self.scene.mentions]
        named += [(each.start, each.end) for each in self.scene.adjectives]
        timed = rules().times.fullmatch(self.flat, start, end)
        # "after surgery" and "in the early phase" are times, "after laminectomy" tells a group.
        named += [
            (each.start, each.end)
            for each in self.scene.adverbs
            if timed or not says_after(self.flat, each.start)
        ]
        # "31 schwannomas", "29/51": who were counted, no group beside another.
        named += [
            (each.start, each.end)
            for each in self.scene.quantities
            if each.form in COUNTED and start <= each.start < end
        ]
        word = _LETTER.search(self.flat, start, end) and "#" not in self.flat[start:end]
        return bool(word) and not any(first < end and start < last for first, last in named)

    def named(self, start: int, end: int) -> Arm:
        """Return a stretch of the text as a group; those without it are another."""
        if self.flat.endswith("without ", 0, start):
            start -= len("without ")
        return Arm(start, end, self.text[start:end])

    def gap(self, start: int, end: int) -> str:
        """Return a stretch of the words without the times that it tells."""
        words = self.flat[start:end].replace("#", " ")
        for each in self.scene.adverbs:
            if start <= each.start and each.end <= end:
                at = each.start - start
                words = f"{words[:at]}{' ' * (each.end - each.start)}{words[at + each.end - each.start :]}"
        return words

    def bare(self, start: int, end: int) -> str:
        """Return a stretch of the words without its times and the measures it names."""
        words = self.gap(start, end)
        for each in self.scene.mentions:
            if start <= each.start and each.end <= end:
                at = each.start - start
                words = f"{words[:at]}{' ' * (each.end - each.start)}{words[at + each.end - each.start :]}"
        return words

    def time(self, number: Number) -> str | None:
        """Return the time point of a number as written."""
        return self.measured[number.at[0]].time_text

    def is_of_one(self, row: Sequence[Number]) -> bool:
        """Tell whether a row's numbers are one measure's at one time, so that others part them."""
        told = [self.measured[each.at[0]] for each in row]
        return len({(each.measure, each.time_text) for each in told}) == 1

    def arm(self, match: re.Match[str] | None, name: str = "name") -> Arm | None:
        """Return a matched name as a group, where it may be one and ends where a name does.

        One of a pair may have a verb; elsewhere "after glue was introduced" tells no group.
        """
        if match is None or not self.plain(*match.span(name)):
            return None
        end = match.end(name)
        if not rules().ends.match(self.flat, end):
            return None
        if name == "name" and _VERB.match(self.flat, end):
            return None
        return self.named(*match.span(name))


_PAIR = r"\([^()]*\b(?:vs?\.?|versus)\s[^()]*\)"
_OF_FACTOR = r"(?:in|with|after|for|among|following|by) (?:(?!\bthan\b)[^();]){2,60} "
_SEVERAL = build_rule(
    rf"\b(?:more|less|higher|lower|fewer|greater|longer|shorter|better|worse|commoner|rarer)\b(?:(?!\bthan\b)[^();]){{0,40}}? {_OF_FACTOR}{_PAIR}(?:,| and|, and) {_OF_FACTOR}{_PAIR}"
)


@lru_cache(maxsize=8)
def weighs_several(flat: str) -> bool:
    """Tell whether pairs in brackets are each of a factor of their own: more in A (9 vs 4) and after B (8 vs 5)."""
    return flat.count("(") > 1 and _SEVERAL.search(flat) is not None


def value_of(each: Measurement) -> float | None:
    """Return what numbers that are set against each other are told apart by."""
    return each.percent if each.percent is not None else each.value


def goes_with(dealing: Dealing, begin: int, row: Sequence[Number]) -> bool:
    """Tell whether the first of two numbers is more or less, as the words ahead of them say it is."""
    one, other = (value_of(dealing.measured[each.at[0]]) for each in (row[0], row[-1]))
    greater = says_greater(dealing, begin, row[0].start)
    if len(row) != 2 or one is None or other is None or greater is None:
        return True
    return one != other and (one > other) == greater


def says_greater(dealing: Dealing, start: int, end: int) -> bool | None:
    """Tell whether some words say that one of two numbers is the greater or the smaller, None where they say neither."""
    words = dealing.flat[start:end]
    greater = rules().greater.search(words) is not None or any(
        each.unit == "fold" and (each.value or 0) > 1 and start <= each.start < end
        for each in dealing.measured
    )
    return None if greater == (rules().smaller.search(words) is not None) else greater


_THAN = re.compile(r"\bthan (?!\s*[#\d])[^();,]{3,80}\($")


def sets_own(dealing: Dealing, first: Number) -> bool:
    """Tell whether groups are set against each other ahead of a bracket's first number, behind all others: more in A than in B (9 vs 4)."""
    floor = max((each.end for each in dealing.numbers if each.end <= first.start), default=0)
    return _THAN.search(dealing.flat, floor, first.start) is not None


_AND = re.compile(r"\b(?:and|or)\b")


def has_part_behind(dealing: Dealing, number: Number, following: Number) -> bool:
    """Tell whether a count stands behind another as some of those: nine had a leak, seven in group A."""
    one, other = (dealing.measured[each.at[0]].numerator or 0 for each in (number, following))
    between = dealing.flat[number.end : following.start]
    return one > other > 0 and not _AND.search(between)


def own(dealing: Dealing, number: Number) -> None:
    """Find the group that stands right behind a number, or right before it."""
    if dealing.arms and _named_beside(dealing, number):
        return
    unit = dealing.measured[number.at[0]].unit
    fellows = [each for each in dealing.numbers if dealing.measured[each.at[0]].unit == unit]
    if len(fellows) > 1 or not unit:
        _weak_beside(dealing, number)


def _named_beside(dealing: Dealing, number: Number) -> bool:
    told, flat = rules(), dealing.flat
    first = dealing.measured[number.at[0]]
    counted = first.numerator is not None and not first.denominator
    later = [each for each in dealing.arms if each.start >= number.end]
    for arm in dealing.arms:
        if flat[arm.end : number.start].strip() == ":":
            return number.give(arm, "held")  # "control group: 38 %, treatment group: 12 %"
        inside = number.start < arm.start < number.end
        # "16 patients in the surgery group (31%)"; "16 patients with pain (31%)" are who is counted.
        held = first.percent is not None and (not counted or _IN.search(flat, 0, arm.start))
        held = held or (counted and holds_name(flat, number.start, arm, number.end))
        if inside and (first.denominator or held):
            return number.give(arm, "named")
    starts = [each.start for each in dealing.numbers]
    if heads_next(flat, (number.start, number.end), dealing.arms, starts):
        later = []
    for arm in later[:1]:
        gap, people = dealing.gap(number.end, arm.start), PEOPLE.match(flat, arm.start)
        # "two deaths, six patients with a leak": those are the next number's.
        beyond = any(number.end <= one.start < arm.start for one in dealing.numbers)
        if beyond:
            continue
        if not counted and _ENTERS.fullmatch(gap) and _LEAVES.match(flat, arm.end):
            return number.give(arm, "named")  # "12 months (group A), 20 months (group B)"
        if told.gap.fullmatch(gap) and not (counted and people and gap.isspace()):
            return number.give(arm, "named")
    for arm in [each for each in dealing.arms if each.end <= number.start][-1:]:
        held = _HELD.fullmatch(flat, arm.end, number.start)
        if held and not told.counted.search(flat, 0, arm.start):
            return number.give(arm, "held")
    for arm in later[:1]:
        gap = dealing.gap(number.end, arm.start)
        beside = told.near.fullmatch(gap) and not _JOINED.search(gap)
        if beside and not PEOPLE.match(flat, arm.start):
            return number.give(arm, "named")
    return False


def _weak_beside(dealing: Dealing, number: Number) -> bool:
    told, flat = rules(), dealing.flat
    first = dealing.measured[number.at[0]]
    opened = flat.count("(", 0, number.start) > flat.count(")", 0, number.start)
    tries = (
        ("behind", told.behind.match(flat, number.end)),
        ("bracket", told.bracket.match(flat, number.end)),
        ("bare", told.bare.match(flat, number.end) if opened else None),
    )
    for style, match in tries:
        weak = dealing.arm(match)
        noun = match is not None and style == "behind" and _OWN_NOUN.match(match[0])
        if weak and "/" in weak.label and style == "bare":
            continue  # "6 ng/dL": a unit that is not known
        if weak and not (noun and first.statistic == "count"):
            return number.give(weak, style)
    if first.unit == "points" and first.statistic not in {"mean", "median"}:
        return False  # "multiple, 2 points" gives an item of a score its weight
    if first.statistic == "count" and _OWN_NOUN.match(flat, number.end):
        return False  # "15 with chordoma, 9 with sarcoma": what the nine had stands behind
    begin = max(0, number.start - REACH)
    for style, rule in (("holder", told.holder), ("ahead", told.ahead)):
        if style == "holder" and "(" not in flat[number.start - 10 : number.start]:
            continue
        ahead = rule.search(flat, begin, number.start)
        if ahead and dealing.plain(*ahead.span("name")):
            return number.give(dealing.named(*ahead.span("name")), style)
    return False


def opening(dealing: Dealing, number: Number) -> Arm | None:
    """Return the group that stands before a number with no more than a verb or bracket between."""
    flat = dealing.flat
    for arm in dealing.arms:
        stands = arm.end <= number.start and (
            rules().stands.fullmatch(flat, arm.end, number.start)
            or _STANDS_OFF.fullmatch(flat, arm.end, number.start)
        )
        if stands and arm.turn < 0:
            return arm
    match = rules().opening.search(flat, max(0, number.start - REACH), number.start)
    if match and dealing.plain(*match.span("name")):
        return dealing.named(*match.span("name"))
    return None


def subject(dealing: Dealing, number: Number) -> Arm | None:
    """Return what brings a number in its clause: embolization was associated with."""
    begin, _ = dealing.scene.clauses[dealing.scene.clause(number.start)]
    for match in rules().subject.finditer(dealing.flat, begin, number.start):
        if dealing.plain(*match.span("name")):
            return dealing.named(*match.span("name"))
    return None


_COMPARED = re.compile(r"\bcompared (?:to|with)\b")
# Behind a group's number others may be told of, who have the next.
_OTHERS_NEXT = re.compile(
    r"#.*[,;] (?:(?:and|while|whereas|but) )?(?:the )?(?:[a-z-]+ ){0,2}(?:patients|individuals|subjects|participants|cases|women|men|children|controls|ones|others)\b"
)


def lead_of(dealing: Dealing, number: Number) -> Arm | None:
    """Return the group of a number's clause, or of the sentence's opening."""
    flat = dealing.flat
    before = [
        each
        for each in dealing.arms
        if each.end <= number.start and not REFERENCE.search(flat, 0, each.start)
    ]
    if not before:
        return None
    arm = before[-1]
    ahead, between = flat[: arm.start], flat[arm.end : number.start]
    used = any(
        each.arm and each.arm.start == arm.start > each.start and each.style != "lead"
        for each in dealing.numbers
    )
    if used or arm.turn >= 0 or ";" in between:
        return None
    told = any(each.end <= arm.start for each in dealing.numbers)
    if told and _SET_BESIDE.match(between):
        return None  # "9 days with A, compared with 5 with B": the 5 are of the other
    if told and ahead.count("(") > ahead.count(")") and ")" in between.partition("(")[0]:
        return (
            None  # "less pain (9 vs 20 controls) and fewer deaths (4 vs 7)": the 4 are not theirs
        )
    if _OTHERS_NEXT.search(between) or _is_set_against(dealing, arm, number):
        return None  # "controls stayed 14 days, treated patients 11"
    if rules().counted.search(ahead) and not _GROUP.search(arm.label):
        return None
    if _glued(dealing, arm) and dealing.measured[number.at[0]].numerator is not None:
        return None  # "3 patients with a tear had pain and 5 had fever": the 5 are others
    home = dealing.scene.clause(arm.start) == dealing.scene.clause(number.start)
    goes_on = len(dealing.arms) == 1 and _GROUP.search(arm.label) and _AND_ITS.search(between)
    inside = ahead.count("(") > ahead.count(")")
    opens = _OPENS.fullmatch(ahead if inside else ahead.rpartition(";")[2].lstrip())
    return arm if home or goes_on or opens else None


def _is_set_against(dealing: Dealing, arm: Arm, number: Number) -> bool:
    """Tell whether a number is set against a group's own: more in A, 4 as compared to 3 in others."""
    return any(
        arm.end <= each.start
        and each.end <= number.start
        and _COMPARED.search(dealing.flat, each.end, number.start)
        and dealing.alike(each, number)
        for each in dealing.numbers
    )


def _glued(dealing: Dealing, arm: Arm) -> bool:
    return any(each.start <= arm.start <= each.end + 1 for each in dealing.numbers)
