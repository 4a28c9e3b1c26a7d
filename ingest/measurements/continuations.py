"""Tell where a number goes on with the count before it: in another group, at another level or time."""

from __future__ import annotations

import re

from ingest.language.starts import build_rule
from ingest.measurements.items import IN_SO_MANY, JOINED
from ingest.model import Measurement
from ingest.numbers.numerals import WORD
from ingest.numbers.quantity import Quantity, is_bare
from ingest.numbers.scene import Sitting

# The group of a count right behind it: 9 | cases in group A; what ends in a numeral is blanked.
_IN_GROUP = re.compile(
    r"\s*(?:(?:cases|patients|individuals|subjects|participants) )?(?:\([^()]*\) )?(?:in|of|from|among) (?:#{7,}|(?:the )?(?:(?!(?:and|or|with|who)\b)[\w/-]+ ){0,4}?(?:group|arm|cohort)\b(?: [a-z\d]\b)?|(?:the )?(?:patients|individuals|subjects|participants|those|cases|women|men) (?:with|without|who|treated|undergoing|receiving|having)\b|[a-z-]+ly treated (?:patients|individuals|subjects|participants|cases)\b)"
)
# The same, of a group that is called by capitals alone: 21 in D (60%), 69 in DS (70%)
_IN_MARK = re.compile(
    r"\s*(?:cases |patients )?(?:in|of|with|after) [A-Z][A-Z+]{0,4}\b(?=\s*[(\[,.;)]|\s*$| (?:and|were|had|was|did)\b)"
)
_AND_SO_MANY = re.compile(r",? (?:and|but|versus|vs\.?|compared (?:with|to)|against) (?:only )?")
NO_BRACKETS = re.compile(r"[(\[][^()\[\]]*(?:[)\]]|$)")
"""A bracket with what it holds, closed or not."""
_APART_BY = 90
# "9 cases in group A and | 3 | in group B", "group A had 9 leaks, whereas group B had | 3"
_JOINS_GROUP = build_rule(
    r"\b(?:and|versus|vs\.?|compared (?:with|to)|as opposed to|but|whereas|while)(?: only| in)? $|\(|, $"
)
_GROUP_HAD = build_rule(
    r"(?:,|\band|\bwhereas|\bwhile|\bbut) (?:the )?(?:[\w/-]+ ){0,4}?(?:group|arm|cohort)(?: [a-z\d]{1,3})? had (?:only )?$"
)
# "recurrence in seven (12%), | five | after curettage and | two | after excision"
_OPENS_PARTS = re.compile(
    r"(?: patients| individuals| subjects| participants| cases)?(?: ?\([^()]*\))?, (?:(?:in|including|namely) )?"
)
_NEXT_PART = re.compile(r"[^.;:\d]{2,60}(?:,| and|, and) (?:in )?")
_PART_OF = re.compile(
    r" (?:patients |individuals |subjects |participants |cases )?(?:after|with|from|following|in|on|at|by|had|were|underwent|received|without|of (?:the|those))\b"
)
_DO = re.compile(
    r" (?:could|were able|had|died|improved|walked|regained|developed|recovered|survived)\b"
)
_NEXT_DO = re.compile(
    rf",? (?:and|versus|vs\.?|compared with|but) (?:only )?(?:\d+|{WORD}) (?:in|of|from) (?:the )?(?:[\w/-]+ ){{0,4}}?(?:group|arm|cohort)(?: [a-z\d])?{_DO.pattern}"
)
_SHARE_BEHIND = re.compile(r"\s*[(\[]\d+(?:\.\d+)? ?%[)\]]")
_AT_LEVEL = re.compile(r"\s(?:in|of|at) (?:the )?(?:cervic|thorac|lumb|sacr)")
# "Two died within a month, and a further three within a year"
_ADDED = build_rule(
    r"(?:,|\band) (?:(?:in )?(?:a further|another|an additional)|including(?: only)?|in) $"
)
_MORE = re.compile(r"(?: more| others)?(?: patients| individuals| subjects| participants| cases)? ")
# "20 could walk, compared with 31 at three months"
_COMPARED = build_rule(r"\b(?:compared (?:with|to)|versus|vs\.?|against|but) (?:only )?$")
# "in two men with wool, but in | one | of those who had gel."
_IN_OTHERS = re.compile(r"[^.;:\d]{2,80}?,? (?:and|but) (?:only |also )?in $")
_OTHERS_END = re.compile(
    r"(?: of(?: the| those)?)?(?: (?:patients?|individuals|subjects|participants?|cases?|men|women|children))?"
    r"(?: who (?:had|received|underwent|were treated with)| with| without| after| following| treated with| undergoing)"
    r" (?:(?!(?:was|were|had|has|have|did|and|but|could|who)\b)[\w/-]+ ?){1,7}(?:[.,;(]|$)"
)
ENDED = re.compile(r"\s*(?:[,;.)(]|and\b|but\b|while\b|whereas\b|$)")
"""Behind a number, what shows that nothing more is said of it."""
YEARS = 1900
"""So great a number may be a year."""
# "7 months for A (n = 9), | 5 for B"
# "(chordoma, 96 months; sarcoma, | 90 months": a list of a name and a number each
_NEXT_LINE = re.compile(r"; (?:and )?[a-z][^,;:.()\[\]\d]{2,40},? ")
_LINE = re.compile(
    r"[(:] ?[a-z][^,;:.()\[\]\d]{2,40},? $|; (?:and )?[a-z][^,;:.()\[\]\d]{2,40},? $"
)
_OF_GROUP = re.compile(
    r" (?:for|in|after|with|among|following) (?!a\b|an\b)[a-z][^,;:()\d]{1,60}?\s?,?(?: and)? "
)


def in_group(text: str, low: str, end: int) -> re.Match[str] | None:
    """Return the words right behind a number that say in which group it was counted."""
    return _IN_GROUP.match(low, end) or _IN_MARK.match(text, end)


def in_so_called(text: str, low: str, quantity: Quantity) -> bool:
    """Tell whether a number counts those of a group by what stands beside its name: 21 in group D (60%).

    "Twelve in the early group and | nine | in the late group could walk", "in | five | of the open group".
    """
    inside = in_group(text, low, quantity.end)
    if inside is None:
        return False
    several = (quantity.value or 0) > 1
    did = (
        IN_SO_MANY.search(low, 0, quantity.start)
        or _DO.match(low, inside.end())
        or _NEXT_DO.match(low, inside.end())
    )
    return (several and did is not None) or _SHARE_BEHIND.match(low, inside.end()) is not None


def in_next_group(low: str, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a count goes on in another group: 4 recurrences in the open group and 5 in the other."""
    arm = _IN_GROUP.match(low, last.end) if last.statistic == "count" and last.measure else None
    if arm is None or not _IN_GROUP.match(low, quantity.end):
        return False
    return _AND_SO_MANY.fullmatch(low, arm.end(), quantity.start) is not None


def in_other_group(text: str, low: str, count: Quantity, last: Measurement) -> bool:
    """Tell whether a number counts those of another group: 9 cases in A and 3 in B, A had 9 and B had 3."""
    between = NO_BRACKETS.sub("", low[last.end : count.start])
    if len(between) > _APART_BY or re.search(r"[.;\d](?!\s)", between):
        return False
    inside = in_group(text, low, count.end)
    behind = inside and _JOINS_GROUP.search(between)
    return bool(behind) or _GROUP_HAD.search(between) is not None


def at_next_level(low: str, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a count goes on with one by level: 30 in the thoracic spine and 12 in the lumbar."""
    joined = last.measure == "tumour_level" and JOINED.search(low, last.end, quantity.start)
    return bool(joined) and _AT_LEVEL.match(low, quantity.end) is not None


def at_own_time(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a number goes on a row of counts at a time of its own: two died within a month, five | within a year.

    Those told ahead may be told apart by it: it recurred in two, one | at 6 months and one | at 9.
    """
    scene, last = sitting.scene, sitting.found[-1]
    part = (quantity.value or 0) < (last.numerator or 0) or (last.numerator == 1 and last.time_text)
    if last.statistic != "count" or not (last.time_text or part) or not last.measure:
        return False
    if any(scene.concepts[each.concept].facet == "scales" for each in scene.mentions):
        return False
    ahead = max(0, quantity.start - 24)
    joined = JOINED.search(scene.low, ahead, quantity.start)
    joined = joined or _COMPARED.search(scene.low, ahead, quantity.start)
    joined = joined or _ADDED.search(scene.low, ahead, quantity.start)
    more = _MORE.match(scene.low, quantity.end)
    return (
        joined is not None
        and more is not None
        and any(each.start == more.end() for each in (*scene.times, *scene.adverbs))
    )


def in_others(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a count goes on among others: found in two with wool, but in | one | of those who had gel."""
    low, last = sitting.scene.low, sitting.found[-1]
    if last.statistic != "count" or not last.measure or not low.endswith(" in ", 0, last.start):
        return False
    ahead = _IN_OTHERS.fullmatch(low, last.end, quantity.start)
    return ahead is not None and _OTHERS_END.match(low, quantity.end) is not None


def at_next_time(sitting: Sitting, quantity: Quantity) -> Measurement | None:
    """Return the count of which a number goes on with another time: 18 lived at 3 months; at 12 months, | 11."""
    last, scene = last_told(sitting), sitting.scene
    if last is None or last.statistic != "count" or not (last.time_text and last.measure):
        return None
    ended = ENDED.match(scene.low, quantity.end)
    timed = ended and any(
        last.end <= each.start and each.end in {quantity.start - 2, quantity.start - 1}
        for each in scene.times
    )
    return last if timed and (quantity.value or 0) <= (last.denominator or YEARS) else None


def adds_up(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a number is of a row that makes up the count ahead of it: in seven, five | after A and two after B."""
    low = sitting.scene.low
    wholes = [each for each in sitting.found if each.statistic == "count" and each.numerator]
    for whole in wholes if _PART_OF.match(low, quantity.end) else ():
        later = [each for each in sitting.scene.numbers if each.start >= whole.end]
        row, total, end = [], 0, whole.end
        for each in later:
            opens = _OPENS_PARTS if each is later[0] else _NEXT_PART
            if not (is_bare(each) and opens.fullmatch(low, end, each.start)):
                break
            row.append(each)
            total, end = total + int(each.value or 0), each.end
            if not _PART_OF.match(low, end) or total >= (whole.numerator or 0):
                break
        found = any(each.start == quantity.start for each in row)
        if len(row) > 1 and total == whole.numerator and found:
            return True
    return False


def last_told(sitting: Sitting) -> Measurement | None:
    """Return the finding before; tumours without a measure only tell what its patients had."""
    told = (each for each in reversed(sitting.found) if each.measure or each.unit != "tumours")
    return next(told, None)


def is_next_group(sitting: Sitting, quantity: Quantity) -> bool:
    """Tell whether a number is the next of a list by groups: 7 months for A (n = 9), 5 for B."""
    last = sitting.found[-1]
    plain = quantity.value is not None and last.value is not None
    alike = plain and quantity.form == "value" and last.unit == quantity.unit
    if not alike:
        return False
    low = sitting.scene.low
    between = NO_BRACKETS.sub("", low[last.end : quantity.start])
    return _OF_GROUP.fullmatch(between) is not None or _is_next_line(sitting, last, quantity)


def _is_next_line(sitting: Sitting, last: Measurement, quantity: Quantity) -> bool:
    """Tell whether a list goes on of a group and its number each, behind the measure's own name."""
    low = sitting.scene.low
    line = _LINE.search(low, 0, last.start)
    if line is None or not _NEXT_LINE.fullmatch(low, last.end, quantity.start):
        return False
    named = [each for each in sitting.scene.mentions if each.facet in {"measures", "scales"}]
    return not any(line.start() <= each.start < quantity.start for each in named)
