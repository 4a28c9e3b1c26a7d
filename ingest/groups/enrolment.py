"""Read how many patients each named group of a sentence had, where it tells of at least two.

"Group A had 20 patients and group B 30", "20 were assigned to the TES group and 30 to the control
group", "20 underwent TES (group A)": each group stands beside its number, all on the same side of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import cache
from itertools import pairwise

from ingest.groups.arms import Arm, cues, find_arms, key_of
from ingest.groups.descriptions import size_of_count
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Mention
from ingest.numbers.numerals import WORD, parse_number
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import MAY_COUNT, Quantity

_CALLED = build_rule(r"(?i)\b(?:groups?|arms?|cohorts?)\b")
_PEOPLE = r"(?:patients|cases|women|men|subjects|participants|children|individuals)"
# "group A", "group A (TES)", "the TES group consisted of": what stands between a group and its number
_HOLDS = re.compile(
    r"\s*(?:\((?:[^()\d]|\([^()\d]*\))*\)\s*)?(?P<told>,? there were |[,:;]\s*|(?:which |that )?(?:had|has|included|comprised|contained|numbered|comprising|including|with|(?:consisted|consisting|was composed|was made up|composed)? ?of) (?:a total of )?|[(\[]\s*(?:(?:[^()\[\]\d=;,]|\([^()\d]*\)){1,80}[,;:]\s*)?)?$"
)
_DONE = r"(?:underwent|received|had|(?:were |was )?(?:\w+ly )?(?:treated|managed|operated)(?: on)? (?:with|by|using)) [^.;()\d]{2,70}?"
# "Group A received cement | (20 patients) and group B | bone (30)": the verb is told once.
_GOT = re.compile(rf"\s*{_DONE} ?[(\[]\s*(?:n ?= ?)?$")
_GOT_TOO = re.compile(r"\s[^.;()\d]{2,70} [(\[]\s*(?:n ?= ?)?$")
# "20 patients were assigned to the", "20 who underwent TES constituted", "20 underwent TES ("
_PUT_INTO = re.compile(
    rf"\s*(?:{_PEOPLE}\s*)?(?:\(\d[^()]*\)\s*)?(?:(?:who )?{_DONE},? )?(?P<told>(?:(?:were|was|had been) )?(?:\w+ly )?(?:assigned|allocated|randomi[sz]ed|enrolled|included|placed|entered|classified|divided|categori[sz]ed|stratified)? ?(?:in|to|into)|as|formed|constituted|served as|made up|comprised) (?:the |an? )?$"
    rf"|\s*(?:{_PEOPLE}\s*)?(?:(?:who |of whom )?{_DONE}|with [^.;()\d]{{2,70}}?) ?[(\[](?:the )?$"
)
# A sentence that makes a study's groups, and one that makes them of other things than patients.
_SETS = build_rule(
    r"\b(?:divided|split|assigned|allocated|randomi[sz]ed|stratified|grouped|categori[sz]ed|classified|separated|dichotomi[sz]ed|compared|comparing|matched (?=[^.;]*\b(?:with|to) )|versus|vs|groups?|arms?|cohorts?)\b"
)
_SOMEBODY = build_rule(rf"\b{_PEOPLE}\b")
_THINGS_PUT = build_rule(
    r"\b(?:lesions|levels|vertebrae|segments|procedures|operations|surgeries|screws|tumou?rs|metastases|treatments|specimens|fractures) (?:\([^()]*\) )?(?:were|was|had been) "
)
# What goes on behind the last: the end of what is told, or what was done in it.
_ENDS = re.compile(
    rf"\s*(?:{_PEOPLE}\b)?\s*(?:\([^()]*\)\s*)?(?:[)\].,;:]|$|(?:and|or|versus|vs|while|whereas|respectively|treated|managed|receiving|undergoing|underwent|(?:were|was) treated (?:with|by)|who (?:underwent|received|were|had (?:undergone|received|surgery))|(?:were|was) (?:\w+ly )?(?:included|compared|enrolled|analy[sz]ed|studied|identified|reviewed|evaluated|recruited|available|assigned|allocated|matched)(?=[.,;]|$))\b)"
)
_AMID = re.compile(
    r"(?:[^.\d]{0,120}?[\s(])?(?:and|or|versus|vs\.?|while|whereas|with|;|,)\s[^.\d]{0,120}|[^.\d()]{0,120}[,;)]\s*"
)
# What parts the names of a row: "in group A | and group B"
_NEXT_NAME = re.compile(r"(?: groups?)?(?:,? and|,)(?: the)?(?: groups?)? ")
# Words of a study's making: who was put where, or was looked at.
_MAKES = build_rule(
    r"\b(?:divided|split|assigned|allocated|randomi[sz]ed|stratified|grouped|categori[sz]ed|classified|separated|enrolled|recruited|included|comprised|consisted|reviewed|analy[sz]ed|compared|studied|identified|evaluated|constituted|formed|served|groups|arms|cohorts)\b|\bthere were \d|\b(?:group|arm|cohort)(?: [a-z\d]{1,3})? had \d+ patients and\b"
)
_OPENS = re.compile(
    r"(?:^|[.:;,(] ?|\b(?:reviewed|analy[sz]ed|compared|studied|identified|evaluated|included|enrolled|recruited|treated|were|was|and|with|whom|of) )(?:there were |in total,? |a total of |comparing |the (?:other |remaining )?|another )*$"
)
_MARK = re.compile(
    r"(?:(?:patients|individuals|subjects|participants|cases|lesions|tumou?rs|levels|vertebrae|segments|metastases) ?)?[(\[,;]\s*n\s*=\s*(\d+)\b|\(\s*(\d+)(?: (?:patients|individuals|cases|women|men|subjects|participants))?\s*(?:[;)]|,(?!\d))"
)
# "TES (group A", "group A: TES", "group A (n = 20) underwent TES"
_DEFINES = re.compile(r"[^.;()]{0,20}[(\[,]\s*(?:the )?")
_DEFINED = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:[(:=,]\s*|(?:who )?(?:underwent|received|had|was treated (?:with|by)|were treated (?:with|by)|consisted of|comprised)\s+)(?:[a-z-]+ ){0,2}"
)
_ADDED = re.compile(r"\s*(?:combined with|plus|with|and|followed by|\+|/)\s*(?:[a-z-]+ ){0,1}")
_COUNTED = re.compile(r"[,:=]? ?\d")
_SIZED_INSIDE = re.compile(r"[^()]*\b[nN] ?= ?\d")
# Where a clause begins with a group.
_FRESH = build_rule(r"(?:[,;:] |\b(?:and|while|whereas) )(?:the )?$")
# What a sentence holds that sizes or defines a group.
_HINTS = ("roup", " arm", "Arm ", "ohort", "(n")
_REACH = 70


def enrolled(
    low: str,
    arms: Sequence[Arm],
    quantities: Sequence[Quantity],
    wholes: Set[int] = frozenset(),
    defining: bool = False,
) -> Iterator[tuple[Arm, int]]:
    """Yield the groups that a sentence names with the number of patients that each is said to have.

    ``wholes`` are the numbers of patients told before it; ``defining`` is true of a sentence
    ahead of the results, which says who was where with no more words.
    """
    # "Patients with metastases were divided into A and B": those divided are no group of them.
    called = [each for each in arms if _CALLED.search(each.label)]
    arms = called if len(called) > 1 else arms
    names = [each for at, each in enumerate(arms) if _is_new(each, arms[:at])]
    counts = [
        each
        for each in quantities
        if size_of_count(each) > 1 and not any(one.start <= each.start < one.end for one in names)
    ]
    if len(names) < 2 or len(counts) < 2:
        return
    made = defining or _MAKES.search(low) is not None
    for beside in (
        _behind(low, names, counts),
        _ahead(low, names, counts),
        _rows(low, names, counts),
    ):
        sizes = [size_of_count(each) for _, each in beside]
        known = {size_of_count(each) for each in counts if each not in [one for _, one in beside]}
        whole = sum(sizes) in known | wholes
        people = any(each.unit == "patients" for _, each in beside) or whole
        if len(beside) == len(names) and people and (made or whole):
            yield from zip(names, sizes, strict=True)
            return


def groups_people(text: str) -> bool:
    """Tell whether the groups that a sentence sizes are of patients, not of lesions or operations."""
    low = lowered(text)
    # "Patients with lesions were divided" puts the patients.
    put = _THINGS_PUT.search(low)
    return _SOMEBODY.search(low, 0, put.start() if put else len(low)) is not None


def things_in(low: str, quantities: Sequence[Quantity]) -> Set[int]:
    """Return how many screws a sentence counts: the parts of them are no groups of patients."""
    if "screws" not in low:
        return frozenset()
    return {each.numerator for each in quantities if each.unit == "screws" and each.numerator}


def sets_apart(text: str) -> bool:
    """Tell whether a sentence says that it sets groups beside each other."""
    return _SETS.search(lowered(text)) is not None


def _is_new(arm: Arm, before: Sequence[Arm]) -> bool:
    return all(key_of(each.label) != key_of(arm.label) for each in before)


def _behind(
    low: str, arms: Sequence[Arm], counts: Sequence[Quantity]
) -> list[tuple[Arm, Quantity]]:
    """Return the groups with the numbers right behind them: group A had 20 patients, group B 30."""
    found: list[tuple[Arm, Quantity]] = []
    for arm in arms:
        each = next((one for one in counts if one.start >= arm.end), None)
        if each is None:
            return []
        words = low[arm.end : each.start]
        gap = _HOLDS.match(words)
        # "Group A had 20 patients and group B 30": the verb is told once.
        holds = gap is not None and bool(gap["told"] or found)
        holds = holds or (_GOT_TOO if found else _GOT).match(words) is not None
        if not (holds and _ENDS.match(low, each.end)):
            return []
        found.append((arm, each))
    return found if _are_joined(low, [(arm.start, each.end) for arm, each in found]) else []


def _ahead(low: str, arms: Sequence[Arm], counts: Sequence[Quantity]) -> list[tuple[Arm, Quantity]]:
    """Return the groups with the numbers right ahead of them: 20 were assigned to A and 30 to B."""
    found: list[tuple[Arm, Quantity]] = []
    for arm in arms:
        each = next((one for one in reversed(counts) if one.end <= arm.start), None)
        if each is None or not _PUT_INTO.match(low[each.end : arm.start]):
            return []
        found.append((arm, each))
    first, last = found[0][1], found[-1][0]
    fit = _OPENS.search(low, 0, first.start) and _ENDS.match(low, last.end)
    return found if fit and _are_joined(low, [(each.start, arm.end) for arm, each in found]) else []


def _rows(low: str, arms: Sequence[Arm], counts: Sequence[Quantity]) -> list[tuple[Arm, Quantity]]:
    """Return the groups of a row with the numbers of a row: 20 and 30 patients were in A and B."""
    named = all(_NEXT_NAME.fullmatch(low, one.end, other.start) for one, other in pairwise(arms))
    ahead = [each for each in counts if each.end <= arms[0].start][-len(arms) :]
    behind = [each for each in counts if each.start >= arms[-1].end][: len(arms)]
    for row in (ahead, behind) if named else ():
        if len(row) < len(arms) or not _is_row(low, row):
            continue
        if row is ahead:
            put = _PUT_INTO.match(low[row[-1].end : arms[0].start])
            fit = bool(put and _OPENS.search(low, 0, row[0].start))
        else:
            holds = _HOLDS.match(low[arms[-1].end : row[0].start])
            fit = bool(holds and holds["told"])
        if fit and _ENDS.match(low, max(arms[-1].end, row[-1].end)):
            return [*zip(arms, row, strict=True)]
    return []


def _is_row(low: str, row: Sequence[Quantity]) -> bool:
    return all(low[a.end : b.start].strip(" ,") in {"", "and"} for a, b in pairwise(row))


def _are_joined(low: str, spans: Sequence[tuple[int, int]]) -> bool:
    return all(
        one[1] <= other[0] and _AMID.fullmatch(low, one[1], other[0])
        for one, other in pairwise(spans)
    )


@cache
def _assigned() -> re.Pattern[str]:
    """Return what tells a group's size ahead of it: 20 patients were in, were assigned to."""
    people = cues()["people"]
    number = rf"(?P<n>\d+|{WORD})"
    return build_rule(
        rf"(?i)\b{number} (?:(?:{people}) )?(?:\(\d[^)]*\) )?(?:were in|were (?:randomly )?(?:assigned|allocated|randomi[sz]ed) to|formed|comprised) (?:the )?$"
        rf"|\b(?:there were|with|included|comprised|consisted of|comprising) {number.replace('<n>', '<m>')} (?:{people}) in (?:the )?$"
    )


@cache
def _labelled() -> re.Pattern[str]:
    """Return what tells a size ahead of a group's label in brackets: 20 patients with fusion (group A."""
    people = cues()["people"]
    return re.compile(
        rf"(?i)\b(?P<n>\d+|{WORD}) (?:(?:{people})|(?:[a-z-]+ ){{0,4}}(?:resections|operations|procedures)) (?:(?:treated|who|with|undergoing|receiving|that|for|in|had|underwent|received|during)[^.;()\d]{{3,120}})?\((?:the )?$"
    )


@cache
def _consists() -> re.Pattern[str]:
    """Return what tells a group's size behind it: group A included 35 patients."""
    people = cues()["people"]
    return re.compile(
        rf"(?i)(?:\)? of(?= (?:\d+|{WORD}) (?:{people}))|included|comprised|consisted of|contained|was composed of|numbered|had) (?:a total of )?(?P<n>\d+|{WORD}) (?:[a-z]+ )?(?:{people})\b(?! of )(?! (?:with|who had|having) (?:a |an )?(?:complication|recurren|infection|deficit|fracture))"
    )


def sizes(text: str, arms: list[Arm]) -> Iterator[tuple[Arm, int]]:
    """Yield the groups whose size stands beside them: group A (n = 20), 20 patients in group A."""
    told = {arm.start: size for arm, size in enrolled(lowered(text), arms, find_quantities(text))}
    for each in arms:
        if each.start in told:
            yield each, told[each.start]
            continue
        behind = _MARK.match(text[each.end :].lstrip())
        if behind:
            yield each, int(behind[1] or behind[2])
            continue
        opens = each.start < 5 or text.startswith(") of ", each.end)
        opens = opens or _FRESH.search(text, 0, each.start) is not None
        held = _consists().match(text[each.end :].lstrip()) if opens else None
        # "5 patients (group I, 1; group II, 4)", "(group I, SBRT, n = 5; ..."
        counted = _COUNTED.match(text, each.end) or _SIZED_INSIDE.match(text, each.end)
        alone = each.turn < 0 and not counted
        if held is None and alone and text[: each.start].endswith(("(", "(the ")):
            held = _labelled().search(text[max(0, each.start - 3 * _REACH) : each.start])
        if held:
            yield each, int(parse_number(held["n"].lower()))
            continue
        ahead = _assigned().search(text[max(0, each.start - _REACH) : each.start])
        if ahead:
            yield each, int(parse_number((ahead["n"] or ahead["m"]).lower()))


def note_arms(
    text: str,
    mentions: Sequence[Mention],
    meant: dict[str, tuple[Mention, ...]],
) -> list[tuple[Arm, int]]:
    """Add the operation of the groups that a sentence defines; return those sized.

    ``mentions`` are those of the sentence.
    """
    counted = any(each.form in MAY_COUNT for each in find_quantities(text))
    done = [each for each in mentions if each.facet == "procedures"]
    if not (counted or done) or not holds_any(text, _HINTS):
        return []
    arms = find_arms(text, lowered(text))
    sized = [*sizes(text, arms)] if counted else []
    for arm, found in _meanings(text, arms, done):
        meant.setdefault(key_of(arm.label), found)
    return sized


def _meanings(
    text: str, arms: Sequence[Arm], done: Sequence[Mention]
) -> Iterator[tuple[Arm, tuple[Mention, ...]]]:
    """Yield what was done in the groups that a sentence defines: TES (group A), arm B had SBRT."""
    for at, arm in enumerate(arms):
        end = arms[at + 1].start if at + 1 < len(arms) else len(text)
        named = [each for each in done if arm.start <= each.start < arm.end]
        ahead = [each for each in done if _DEFINES.fullmatch(text, each.end, arm.start)]
        behind = [
            each
            for each in done
            if arm.end <= each.start < end and _DEFINED.fullmatch(text, arm.end, each.start)
        ]
        found = named or ahead[-1:] or behind[:1]
        for each in done if found and found == behind[:1] else ():
            # "Group A (SBRT plus kyphoplasty)" had both.
            if each.start < end and _ADDED.fullmatch(text, found[-1].end, each.start):
                found = [*found, each]
        if found:
            yield arm, tuple(found)
