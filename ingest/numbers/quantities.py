"""Find number expressions of clinical prose, each with its form; attach nothing yet.

Offsets are those of the text given. Forms: p, interval, effect, ratio (k of n), share (k and its
percent), percent, value (with a unit), count (with a noun), change (before and after), fraction
(in words), score (bare digits), bare (a bare word).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from ingest.language.literals import required_literals
from ingest.language.phrases import Marks, Pool, shared_pool
from ingest.language.wording import Wordings, compile_wordings, holds_any, holds_digit, lowered
from ingest.numbers.courses import with_courses
from ingest.numbers.designations import blank_out, mask_designations
from ingest.numbers.fragments import load_fragments
from ingest.numbers.grades import with_grades
from ingest.numbers.grammar import Rule, load_rules
from ingest.numbers.heads import with_heads
from ingest.numbers.numerals import WORD, number_starts
from ingest.numbers.openings import with_opening_groups
from ingest.numbers.quantity import BOUNDS, Quantity, lies_amid
from ingest.numbers.screening import with_screening
from ingest.numbers.times import find_times
from ingest.numbers.units import bound_of

_EFFECT = (
    r"\b(?P<name>hazards? ratios?|odds ratios?|relative risks?|risk ratios?|hrs?|órs?|rrs?|odds)\b"
)
_VERSUS = r"vs?\.?|versus|compared (?:with|to)|(?:as )?against|as opposed to"
_BESIDE = re.compile(rf"\s*,?\s*(?:and|{_VERSUS}|to)\s+")
_AGAINST = re.compile(rf"\s*,?\s*(?:{_VERSUS})\s+(?:[\w#-]+ ){{0,3}}")
# "284 ± 57, 132 ± 26 and 463 ± 93 min": only numbers with a spread or a range are listed so.
_NEXT = re.compile(r"\s*,\s*")
_BEFELL = re.compile(
    r"\s*(?:(?:occurred|developed|arose|(?:was|were) (?:seen|observed|found|noted|recorded|reported)) )?(?:in|among) (?:the |our |all )?"
)
_ALL, _ROUNDED = 100, 0.6
_OF_CATEGORY = re.compile(r"(?:months?|years?|weeks?|days?|%) (?:for|in|with) $")
# "28 for lung versus 23 weeks for breast", "16 (wide) and 27 days (marginal)": what the first lacks
_BEFORE_UNIT = re.compile(
    rf"(?P<by> (?:for|in|with|after|on) | [(\[])(?:(?!\b(?:was|were|had|to)\b)[a-z0-9+' -]){{1,60}}[)\]]?,? (?:and|{_VERSUS})(?: only)? "
)
# "5 months for lung, 22 for breast": what goes on with the unit and the word of the first
_NEXT_OF_LIST = re.compile(
    r"(?: of (?:[a-z-]+ ){1,4}(?:was|were) [a-z]+)?(?P<by> (?:for|in|with|after) )(?!(?:an? )?(?:mean|median)\b)(?:(?!\b(?:was|were|had|score|scored)\b)[a-z' -]){2,60}(?:,? (?:and|versus|vs\.?|but|compared (?:with|to))(?: only)?|,) "
)
_REPEATED = re.compile(r"\s*(?:[a-z-]+ ){0,4}(?:[a-z-]+)?\s*[(\[]\s*")
_SET_BESIDE = re.compile(
    r"^\)?[^.;()]{0,60}(?:\band|,|\bvs\.?|\bversus|\bagainst|\bcompared (?:with|to)) $"
    r"|; (?:and |but |while )?(?:that|those) (?:of|for) [^.;()\d]{2,50} (?:was|were) $"
)
_FOR = re.compile(r"\s+(?:for|in|with) ")
_OPENS = re.compile(r"\s*[(\[]\s*")
_ROW = re.compile(
    r"(?:\s*[(\[][^()\[\]]*[)\]]|[)\]])?(?:\s*,\s*(?:and )?|\s+(?:and|vs?\.?|versus)\s+)"
)
_RESPECTIVELY = re.compile(r"[^;]{0,160}?\brespectively\b")
_AND = re.compile(r"\s*(?:and|/|,)\s*(?:the |an? )?")
_ALONE = re.compile(r"\((?:(?:the )?[a-z]+ ratios? \[)?$")
_ROWED = frozenset(["hazard_ratio", "odds_ratio", "risk_ratio", "difference"])
# Of these a list goes on in plain numbers.
_LISTED_ON = frozenset(["kappa", "auc", "c_statistic", "correlation_coefficient"])
_YEAR = (1950, 2049)


@cache
def _marks() -> tuple[Marks, Marks]:
    """Return what must stand in a text for each rule: its marks, and a word that its wording needs."""
    rules = load_rules()
    words = [required_literals(each.rule.pattern) for each in rules]
    return Marks([each.marks for each in rules], Pool(str)), Marks(words, shared_pool())


@cache
def _effects() -> Wordings:
    return compile_wordings([_EFFECT])


@cache
def _words() -> Wordings:
    nobody = load_fragments()["nobody"]
    return compile_wordings(
        [
            rf"\b(?:{WORD}|half|thirds?|quarters?|twice|thrice|(?:no|zero|not a single) (?:{nobody}|(?:[a-z]+ ){{0,2}}cells?)|none|nobody|nil|zero|both(?: of (?:the|our|these))?(?: two)? {nobody}|neither (?:{nobody}|of|had|has|[a-z]{{3,}}ed)|not (?:[a-z]+ ){{1,5}}in any)\b"
        ]
    )


def _holds_number(low: str) -> bool:
    """Tell whether digits or a number's word stand in a text in lower case; in most there is none."""
    return holds_digit(low) or _words().found(low)


def readings(text: str) -> list[tuple[str, Quantity]]:
    """Return what each rule of the grammar reads of a sentence, by the rule's name, rule by rule.

    Nothing is joined yet with what stands beside it; time points are not among them.
    """
    if not _holds_number(lowered(text)):
        return []
    low = mask_designations(text)
    if not _holds_number(low):
        return []
    for time in find_times(text):
        low = blank_out(low, time.start, time.end)
    starts, first = number_starts(low), low
    found: list[tuple[str, Quantity]] = []
    rules, (marks, words) = load_rules(), _marks()
    worded = frozenset(words.owners(low))
    for place in filter(worded.__contains__, marks.owners(low)):
        rule = rules[place]
        # What was read meanwhile is no mark any more.
        if rule.marks and low is not first and not holds_any(low, rule.marks):
            continue
        for match in _matches(rule, low, starts):
            made = rule.read(match)
            if not made or any(_is_year(each) for each in made):
                continue
            found += [(rule.name, each) for each in made]
            low = blank_out(low, match.start(), match.end())
    return found


@lru_cache(maxsize=4096)
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the number expressions of a sentence, in order, none overlapping another.

    Time points are not among them; levels (L4), identifiers and years of the calendar neither.
    """
    found = sorted((each for _, each in readings(text)), key=lambda each: each.start)
    if not found:
        return ()
    plain = mask_designations(text)
    found = _with_units(plain, _with_effects(plain, _with_parts(plain, found)))
    found = with_opening_groups(plain, with_screening(plain, with_grades(plain, found)))
    found = with_courses(plain, found)
    return tuple(_finish(plain, each) for each in with_heads(plain, found))


def _with_parts(low: str, found: list[Quantity]) -> list[Quantity]:
    """Join a count with what repeats it in brackets: twelve failures (12/104, 11.5%)."""
    kept: list[Quantity] = []
    for each in found:
        last = kept[-1] if kept else None
        if (
            last is not None
            and each.form in {"ratio", "share"}
            and each.denominator
            and last.form in {"count", "score", "bare"}
            and each.numerator == last.value
            and last.low is None
            and _REPEATED.fullmatch(low[last.end : each.start])
        ):
            unit = last.unit if last.form == "count" else each.unit
            kept[-1] = replace(each, start=last.start, unit=unit, word=last.word)
            continue
        if last is not None and each.form == "share" and _is_of_whole(low, last, each):
            kept[-1] = replace(
                each,
                start=last.start,
                numerator=last.numerator,
                denominator=each.numerator,
                unit=last.unit,
                word=last.word,
            )
            continue
        kept.append(each)
    return kept


def _is_of_whole(low: str, part: Quantity, whole: Quantity) -> bool:
    """Tell whether a percent is that of a count ahead: 38 complications occurred in 112 patients (33.9%)."""
    if part.form != "count" or not part.numerator or whole.denominator or whole.percent is None:
        return False
    share = 100 * part.numerator / max(1, whole.numerator or 0)
    told = _BEFELL.fullmatch(low, part.end, whole.start)
    return told is not None and share < _ALL and abs(share - whole.percent) < _ROUNDED


def _with_units(low: str, found: list[Quantity]) -> list[Quantity]:
    """Give a number the unit of the one it is set beside: 22 ± 4 and 16 ± 4 mm, 5 ± 1 h vs A 6 ± 1."""
    kept = list(found)
    for at in range(len(kept) - 2, -1, -1):
        one, other = kept[at], kept[at + 1]
        bare = one.form in {"score", "value"} and one.unit is None
        if not bare or other.form != "value" or not other.unit:
            continue
        alike = (one.spread is None, one.low is None) == (other.spread is None, other.low is None)
        if _OF_CATEGORY.search(low, 0, one.start):
            continue  # "9 months for 2 and 4 months for 3"
        between = low[one.end : other.start]
        listed = other.low is not None or other.spread is not None
        beside = _BESIDE.fullmatch(between) or (listed and _NEXT.fullmatch(between))
        behind = _BEFORE_UNIT.fullmatch(between)
        told_so = behind is not None and low.startswith(behind["by"], other.end)
        if alike and one.value is not None and (beside or told_so):
            kept[at] = replace(one, form="value", unit=other.unit)
    for at in range(1, len(kept)):
        one, other = kept[at - 1], kept[at]
        bare = other.form in {"score", "value"} and not other.unit and other.spread is not None
        measured = one.form == "value" and one.unit and one.spread is not None
        if bare and measured and _AGAINST.fullmatch(low[one.end : other.start]):
            kept[at] = replace(other, form="value", unit=one.unit)
        listed = other.form == "score" and not other.unit and other.low is None
        if listed and one.form == "value" and one.unit and one.low is None and one.spread is None:
            joint = _NEXT_OF_LIST.fullmatch(low, one.end, other.start)
            if joint and low.startswith(joint["by"], other.end):
                kept[at] = replace(other, form="value", unit=one.unit)
    return kept


def _matches(rule: Rule, low: str, starts: Sequence[int]) -> list[re.Match[str]]:
    if not rule.leading:
        return list(rule.rule.finditer(low))
    found: list[re.Match[str]] = []
    end = 0
    for start in starts:
        match = rule.rule.match(low, start) if start >= end and low[start] != "#" else None
        if match and match.end() > start:
            found.append(match)
            end = match.end()
    return found


def _with_effects(low: str, found: list[Quantity]) -> list[Quantity]:
    """Read a number right before its interval as a ratio where one is named ahead of it."""
    found = _with_accuracies(low, found)
    names = list(_effects().finditer(low))
    if not names and "respectively" not in low:
        return found
    found = _with_rows(low, found, names)
    intervals = {each.start for each in found if each.form == "interval"}
    kept = []
    for each in found:
        before = [name for name in names if name.end() <= each.start]
        opens = _OPENS.match(low, each.end)
        bounded = opens is not None and opens.end() in intervals
        # "was 1.4 for age, 2.2 for smoking": the name counts for the whole list.
        listed = _FOR.match(low, each.end) and each.value is not None and each.value % 1 > 0
        # "(1.80 [1.11-2.92])": the interval stands in brackets of its own.
        held = lies_amid(each) and low[each.start - 1 : each.start] in {"(", "["}
        if each.form == "score" and before and (bounded or listed or held):
            kept.append(replace(each, form="effect", statistic=_ratio_of(before[-1])))
        else:
            kept.append(each)
    return kept


def _ratio_of(name: re.Match[str]) -> str:
    """Return the statistic that the words for a ratio stand for."""
    known = {"h": "hazard_ratio", "o": "odds_ratio", "ó": "odds_ratio"}
    return known.get(name["name"][0], "risk_ratio")


def _with_rows(low: str, found: list[Quantity], names: Sequence[re.Match[str]]) -> list[Quantity]:
    """Read bare numbers that go on with a ratio as ratios: hazard ratios of 2.1, 1.4 and 0.6.

    Of two names right ahead each has one: the HR and the RR were 1.4 and 2.2, respectively.
    """
    kept: list[Quantity] = []
    row: list[int] = []
    for each in found:
        last = kept[row[-1]] if row else None
        between = low[last.end : each.start] if last else ""
        if last and each.form == "score" and each.value and _ROW.fullmatch(between):
            row.append(len(kept))
            kept.append(each)
            continue
        if each.form not in BOUNDS:
            _settle(low, kept, row, names)
            row = [len(kept)] if each.form == "effect" and each.statistic in _ROWED else []
        kept.append(each)
    _settle(low, kept, row, names)
    return kept


def _settle(
    low: str, kept: list[Quantity], row: Sequence[int], names: Sequence[re.Match[str]]
) -> None:
    """Make the numbers of a row ratios where its head or its end says that all of them are."""
    if len(row) < 2:
        return
    first, last = kept[row[0]], kept[row[-1]]
    own = [name for name in names if name.end() <= first.end - 1]
    pair = own[-2:]
    two = len(pair) == len(row) == 2 and _AND.fullmatch(low[pair[0].end() : pair[1].start()])
    plural = bool(own) and own[-1]["name"].endswith("s")
    # "(HR, 1.9 and 2.2)": all that its bracket holds.
    joined = low.startswith(")", last.end) and low.endswith(" and ", 0, last.start)
    held = joined and bool(own) and _ALONE.search(low, 0, own[-1].start()) is not None
    if not (two or plural or held or _RESPECTIVELY.match(low, last.end)):
        return
    for at, place in enumerate(row):
        statistic = _ratio_of(pair[at]) if two else first.statistic
        kept[place] = replace(kept[place], form="effect", statistic=statistic)


def _with_accuracies(low: str, found: list[Quantity]) -> list[Quantity]:
    """Read numbers in brackets behind an area under a curve as more of them: B (0.69), C (0.67)."""
    kept: list[Quantity] = []
    name = None
    for each in found:
        name = each.statistic if each.statistic in _LISTED_ON else name
        bracketed = low[each.start - 1 : each.start] == "(" and low[each.end : each.end + 1] in "),"
        joined = bool(kept) and _SET_BESIDE.search(low[kept[-1].end : each.start])
        small = each.form == "score" and 0 < abs(each.value or 0) < 1
        more = name and small and (bracketed or joined)
        kept.append(replace(each, form="effect", statistic=name) if more else each)
    return kept


def _finish(low: str, quantity: Quantity) -> Quantity:
    """Return the quantity with its operator, and with its brackets in pairs."""
    printed = low[quantity.start : quantity.end]
    opened = sum(map(printed.count, "([")) - sum(map(printed.count, ")]"))
    end = quantity.end
    if opened == 1 and low[end : end + 1] in {")", "]"}:
        end += 1
    elif opened == -1 and printed[-1] in ")]":
        end -= 1
    operator = bound_of(low, quantity.start, quantity.end) or quantity.operator
    if operator == quantity.operator and end == quantity.end:
        return quantity
    return replace(quantity, operator=operator, end=end)


def _is_year(quantity: Quantity) -> bool:
    numbers = [each for each in (quantity.value, quantity.low, quantity.high) if each is not None]
    return quantity.form == "score" and all(
        _YEAR[0] <= each <= _YEAR[1] and each == int(each) for each in numbers
    )
