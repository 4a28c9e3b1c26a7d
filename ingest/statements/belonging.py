"""Keep a claim about one group to that group: its own operation, and whom it is set against."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from ingest.concepts import mentions
from ingest.groups.arms import cues, key_of, name_rule
from ingest.groups.dealing import PORTION
from ingest.groups.references import LOOSE
from ingest.language.anaphora import GENERAL
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Measurement, Mention
from ingest.reading import Reading

_HINTS = (
    "than",
    "compar",
    "versus",
    "vs",
    "relative",
    "opposed",
    "contrast",
    "of that",
    "refer",
    "unlike",
    " over ",
    "alternative",
    "superior",
    "inferior",
    " value",
    " level",
)
_DOES = re.compile(
    r"(?: and| but)?(?<!who)(?<!that)(?<!which) (?:drives|determines|predicts|governs|reduces|improves|increases|leads|results|provides|offers|gives|allows|was|were|is|are|seems|appears"
    r"|facilitates|avoids|ensures|lowers|decreases|prolongs|shortens|relieves|prevents|carries|differed|differs|had|has|showed|experienced|did)\b|(?: and| or| but)$"
)
# "83.6 vs control 81.2": the number is the control's, not of its name, nor is a preposition.
_TAILED = re.compile(rf" (?:[\d.,±%$-]+|{LOOSE}|in selected)$")
# What is measured in those a claim is set against: "compared with the risk in women".
_WHAT = "(?:risks?|rates?|incidences?|odds|prevalences?|scores?|values?|means?|levels?|numbers?|proportions?|estimates?)"
_WHAT_ALONE = re.compile(_WHAT)
# Nobody, a time and a multiple: none is a group.
_NO_SIDE = ("none", "nobody", "no one", "hour", "year", "month", "week", "onset", "double", "twice")
_PHRASE = re.compile(r"compared|in comparison|in contrast|relative to|unlike|as opposed")
_DIGIT = re.compile(r"\d")
# What a comparator is shown with beside its own name.
_SHOWN = re.compile(r"(?i)\s*\([^()]*\)|\s*\b(?:groups?|arms?|cohorts?)$")
_LABEL = re.compile(r"(?i)^(?:sub)?(?:group|arm|cohort)\b|\b(?:group|arm|cohort)$")
# Who had none of what an article is about.
_WITHOUT_IT = re.compile(
    r"(?i)\b(?:untreated|unoperated|observation(?:al)? (?:group|arm|cohort)|controls?|control (?:group|arm|cohort|patients|individuals|participants|subjects))$|^(?:untreated|unoperated)\b"
)
# A bracket with the number of some of those of whom the sentence tells.
_PART = re.compile(r"\((?:n ?= ?)?\d[\d.,%]*(?: [a-z]+){0,2} (?:for|in|among|with|had) [^()]*\)")


def kept_apart(reading: Reading, measurements: Sequence[Measurement]) -> list[tuple[int, int]]:
    """Return where the sentence names the groups that a claim's own numbers are not about."""
    own = _spans(measurements)
    if not own:
        return []
    return [
        each
        for each in _spans(reading.measurements)
        if not any(each[0] < end and start < each[1] for start, end in own)
    ]


def opposed(
    reading: Reading,
    clause: tuple[int, int],
    measurements: Sequence[Measurement],
    against: str | None,
) -> list[tuple[int, int]]:
    """Return where a sentence names the group against which one of its numbers is set."""
    if not (against and measurements):
        return []
    name = lowered(_SHOWN.sub("", against))
    low = lowered(reading.text)
    begin = low.find(name)
    # "Surgery plus radiotherapy" against radiotherapy holds the other's name itself.
    own = [each for each in _spans(measurements) if each[0] <= begin < each[1]]
    begin = low.find(name, own[0][1]) if own and name else begin
    span = (begin, begin + len(name))
    others = [
        each
        for each in reading.within(clause)
        if each.facet == "procedures" and not span[0] <= each.start < span[1]
    ]
    # A number set against a named group is none of that group's, whatever else is named.
    told = any(each.comparator for each in measurements) and not own
    return [span] if name and begin >= 0 and (others or told) else []


def aside(reading: Reading, measurements: Sequence[Measurement]) -> list[tuple[int, int]]:
    """Return the brackets that tell a part's own number: 108 days (102 for myeloma)."""
    if not measurements or "(" not in reading.text:
        return []
    return [
        each.span()
        for each in _PART.finditer(reading.text)
        if not any(each.start() < one.start < each.end() for one in measurements)
    ]


def _spans(measurements: Sequence[Measurement]) -> list[tuple[int, int]]:
    return [
        (each.group_start, each.group_end)
        for each in measurements
        if each.group_start is not None and each.group_end is not None
    ]


@lru_cache(maxsize=1024)
def _named_in(label: str) -> tuple[Mention, ...]:
    """Return the operations that a group's name tells of, none if in general words: treated by open surgery."""
    found = tuple(each for each in mentions.match(label) if each.facet == "procedures")
    return () if {each.concept for each in found} <= GENERAL else found


def of_arm(
    reading: Reading,
    measurements: Sequence[Measurement],
    found: Mapping[str, Mention],
    carried: list[Mention],
) -> list[Mention]:
    """Return a claim's context without the other arms' operations.

    A group that the document has defined brings its own operation; one that it has not brings
    none where the context names several, as any of them may be the other arm's.
    """
    labels = {key_of(each.group) for each in measurements if each.group}
    if not labels or any(each.facet == "procedures" for each in found.values()):
        return carried
    rest = [each for each in carried if each.facet != "procedures"]
    meant = [each for label in sorted(labels) for each in reading.arms.get(label, ())]
    if not meant and len(labels) == 1:
        meant = [*_named_in(min(labels))]
        rest = [each for each in rest if not meant or each.facet != "approaches"]
    if meant:
        return [*rest, *(replace(each, start=0, end=0, inherited=True) for each in meant)]
    if any(each.group and _WITHOUT_IT.search(each.group) for each in measurements):
        return rest
    labelled = any(each.group and _LABEL.search(each.group) for each in measurements)
    return rest if labelled and len(carried) - len(rest) > 1 else carried


@cache
def _against() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rule = rf"(?:{cues()['against']})(?:the |those |that |an? |any (?:of )?|reported in |{_WHAT} (?:in|for|among|after|with|on) )*"
    name = name_rule(6)
    more = rf"(?: (?:with(?! (?:regards?|respect))|without|of|in(?! (?:terms|respect|regard|hospital|length|operati|blood|surviv|pain|complication|post-?op|local|quality|overall|term|all|any|reducing|improving|elderly|older|young\w*|patients|individuals|subjects|participants|children|women|men|adults|this|these|those|our))(?! (?:[\w-]+ ){{1,3}}(?:outcomes?|scores?|rates?|survival|function|results?)\b)|who had|(?:and|or)(?! (?:often|may|can|usually|thus|also|causes?|has|have))) (?:an? |the )?{name})?"
    return build_rule(rule), re.compile(
        rf"(?:(?:patients|individuals|subjects|participants|those|cases) (?=with|without|who))?{name}{more}|(?:patients|individuals|subjects|participants|those|cases) (?:with|without|who \w+) (?:an? |the )?{name}"
    )


def reference_of(
    text: str, clause: tuple[int, int], measurements: Sequence[Measurement]
) -> str | None:
    """Return what a claim is set against: its numbers' comparator, else what its words name."""
    told = {each.comparator for each in measurements if each.comparator}
    if len(told) == 1:
        return told.pop()
    low = lowered(text)
    if told or not holds_any(low, _HINTS):
        return None
    rule, name = _against()
    for match in rule.finditer(low, *clause):
        found = name.match(low, match.end(), clause[1])
        # Behind a number's "more than" and "versus" stands another number as often as a group.
        if found and (
            found[0].startswith(_NO_SIDE)
            or PORTION.match(found[0])
            or len(found[0]) < 2
            or _WHAT_ALONE.fullmatch(found[0])
        ):
            continue
        if found and not (_DIGIT.match(found[0]) or (measurements and _DIGIT.search(found[0]))):
            # "Decompression rather than histology | drives control": the name ends at its verb.
            verb = _DOES.search(low, found.start(), found.end())
            return _TAILED.sub("", text[found.start() : verb.start() if verb else found.end()])
    return None if measurements else _set_off(text, low, clause)


def _set_off(text: str, low: str, clause: tuple[int, int]) -> str | None:
    """Return what a sentence's opening or closing phrase sets its first clause against.

    "Compared with open surgery, ...", "..., in contrast to the ribs."
    """
    rule, name = _against()
    for match in rule.finditer(low):
        found = name.match(low, match.end())
        if not found or _DIGIT.search(found[0]) or not _PHRASE.match(low, match.start()):
            continue
        opens = match.start() < 3 and low[found.end() : found.end() + 1] == ","
        closes = low[: match.start()].endswith(", ") and low[found.end() :].strip(" .") == ""
        if opens or (closes and clause[0] == 0):
            return text[found.start() : found.end()]
    return None
