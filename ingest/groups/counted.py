"""Find the size of a group by what a text has said of those whom it counted.

"Data of 43 patients after LRT were set against 49 after SLT" tells of how many "the LRT group" is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.groups.descriptions import BEFELL, words_of
from ingest.groups.labels import core_of, means_same
from ingest.language.starts import build_rule
from ingest.language.wording import holds_digit, lowered
from ingest.numbers.numerals import WORD, names_number, parse_number
from ingest.numbers.quantities import find_quantities

_PEOPLE = r"(?:patients|cases|subjects|participants|individuals|women|men|children|adults)"
# "42 elderly (over 65 years) patients", "the remaining 28 had", "20 controls"
_COUNTS = build_rule(
    rf"(?<![\d.,/%(\[-])(?<!group )(?<!grade )(?<!stage )(?<!type )(?<!level )(?<!class )(?<!phase )\b(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+|{WORD}) (?=(?:(?!(?:of|and|or)\b)[a-z][a-z-]* ){{0,4}}(?:\([^()]*\) )?(?:[a-z-]+ ){{0,2}}{_PEOPLE}\b|(?:\([^()]*\) )?(?:(?:of them |of these )?(?:had|received|underwent|were treated|with|without|who)\b)|(?:[a-z-]+ ){{0,3}}controls\b)"
)
# "We randomised 159 patients to SBRT (n = 50) or": all of them, of neither group.
_DEALT_OUT = re.compile(
    rf"(?:[a-z-]+ ){{0,3}}?{_PEOPLE} (?:(?:was|were) (?:[a-z-]+ ){{1,3}}?)?(?:to|into|between)\b"
)
# "Those with a score above 7 underwent": it counts nobody.
_BOUND = re.compile(r"\b(?:above|below|over|under|than|least|up to|scores? of|grades? of|aged?) $")
# "From 2012 to | 2014 | those operated on": years count nobody.
_YEAR = re.compile(r"(?:19|20)\d\d")
_WHEN = build_rule(
    r"\b(?:from|between|in|and|to|until|till|since|through|during|after|before|by|of)(?: (?:january|february|march|april|may|june|july|august|september|october|november|december|early|late))? $|\d ?[-–—/] ?$"
)
# Where the words about those who are counted end.
_STOP = build_rule(
    r"[.;:](?!\d)|,? (?:whereas|while|but|versus|vs\.?|compared|matched)\b|, (?:and|which|with|who)\b"
)
_REACH = 140
# So long a group's name may be.
_NAME = 40
_BRACKETED = re.compile(
    r"\((?:the )?(?P<name>(?!n ?=)[a-z+][^()=%,;:\d]{0,30}?(?: \d)?)(?: (?:group|arm|cohort))?(?:[);]|,(?! (?:n ?= ?)?(?:\d|$)))"
)
# "30 had a sling (S), 28 colposuspension (K)": another number's words begin.
_OTHER = re.compile(rf"(?<=\))(?:,? and|,|;) (?:\d+|{WORD}) (?!%|percent)")
_BRACKET = re.compile(r"\([^()]*\)?")
# "(group 1, 45 patients)": the name stands ahead, and what is behind the bracket is of others.
_NAMED_AHEAD = re.compile(
    r"\((?P<name>(?:[a-z-]+ )?(?:group|arm|cohort) [a-z\d]{1,3}|[a-z][a-z -]{1,30} (?:group|arm|cohort))[,;:] (?:n ?= ?)?$"
)
# "Surgery plus radiotherapy" is not radiotherapy.
_TELLING = frozenset(["not", "plus"])
_INSIDE = re.compile(r"[^()]*(?:\([^()]*\)[^()]*)*")
# "30 of the 70 patients had": what they had is of the 30.
_SAID = build_rule(
    r"(?<!who )(?<!whom )(?<!that )\b(?:received|underwent|had|developed|experienced|suffered|required|were|was|did)\b"
)
_ENDS = build_rule(r",|\b(?:and|that|yet|had no)\b")
_ALONE = re.compile(r"\b(?:alone|only)\b")


@dataclass(frozen=True, slots=True)
class Counted:
    """Some of whom a text has told how many they are: ``names`` in brackets and ``words`` about them."""

    size: int
    names: tuple[str, ...]
    words: frozenset[str]


def counted_in(text: str, defining: bool) -> Iterator[Counted]:
    """Yield those whom a sentence counts; where it defines no groups the wholes of its ratios alone."""
    low = lowered(text)
    found = [
        (each.start, each.end, each.denominator, True)
        for each in find_quantities(text)
        if each.form == "ratio" and each.denominator
    ]
    if defining and (holds_digit(low) or names_number(low)):
        found += [
            (each.start(), each.end("n"), int(parse_number(each["n"])), False)
            for each in _COUNTS.finditer(low)
            if not (_DEALT_OUT.match(low, each.end()) or _BOUND.search(low, 0, each.start()))
            if not BEFELL.search(low, max(0, each.start() - _REACH), each.start())
            if not (_YEAR.fullmatch(each["n"]) and _WHEN.search(low, 0, each.start()))
        ]
    found.sort()
    for at, (start, end, size, whole) in enumerate(found):
        ceiling = found[at + 1][0] if at + 1 < len(found) else len(low)
        stop = _STOP.search(low, end, min(ceiling, end + _REACH))
        told = low[end : stop.start() if stop else min(ceiling, end + _REACH)]
        told = _SAID.split(told)[0] if whole else told
        if ahead := _NAMED_AHEAD.search(low, max(0, start - _NAME), start):
            inside = _INSIDE.match(told)
            told = inside[0] if inside else ""
        other = _OTHER.search(told)
        told = told[: other.start()] if other else told
        names = tuple(core_of(each["name"].strip()) for each in _BRACKETED.finditer(told))
        names += (core_of(ahead["name"]),) if ahead else ()
        if size > 1:
            words = _ENDS.split(_BRACKET.sub(" ", told))[0]
            yield Counted(size, names, words_of(words))


def size_named(counted: Sequence[Counted], label: str) -> int | None:
    """Return how many those of a name are, None where the text tells several numbers or none."""
    if label.lower().endswith(" alone"):
        # Of those who had fixation some had more than that.
        counted = [each for each in counted if any(_ALONE.search(one) for one in each.names)]
    core = core_of(label)
    exact = {each.size for each in counted if any(means_same(one, core) for one in each.names)}
    if exact:
        return exact.pop() if len(exact) == 1 else None
    words = words_of(core)
    if not words - {"not"}:
        return None
    fitting = {
        each.size
        for each in counted
        if words <= each.words and words & _TELLING == each.words & _TELLING
    }
    return fitting.pop() if len(fitting) == 1 else None
