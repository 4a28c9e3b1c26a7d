"""Read that an event befell nobody as the count that it states: no infection occurred is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ingest.language.clauses import holds_verb
from ingest.language.wording import holds_any
from ingest.model import Concept, Measurement, Mention
from ingest.numbers.quantity import PARTS, Quantity
from ingest.numbers.scene import Scene
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues" / "absence.yml"
_HINTS = ("no ", "No ", "ot ", "either ", " nor ", "ever ", "ero ", " absent")
_REACH = 90


@dataclass(frozen=True, slots=True)
class _Rules:
    events: frozenset[str]
    named: Mapping[str, str]
    ahead: re.Pattern[str]
    listed: re.Pattern[str]
    behind: re.Pattern[str]
    told: re.Pattern[str]
    unless: re.Pattern[str]
    joined: re.Pattern[str]
    rated: re.Pattern[str]


@cache
def _rules() -> _Rules:
    cues: dict[str, Any] = load_yaml(_CUES)
    words = rf"(?:(?!(?:{cues['stop']}|{cues['weighed']})\b)[a-z][\w-]*,? ){{0,3}}"
    return _Rules(
        frozenset(cues["events"]),
        cues["named"],
        re.compile(rf"{cues['ahead']} {cues['between']}{words}$"),
        re.compile(
            rf"{cues['ahead']} (?P<first>(?:(?!\b(?:{cues['weighed']})\b)[^.;:]){{3,70}}?)(?:,|,? or|,? nor) {words}$"
        ),
        re.compile(rf"s?(?: rates?)? {cues['behind']}"),
        re.compile(cues["told"]),
        re.compile(cues["unless"]),
        re.compile(rf"{cues['list']}{words}"),
        re.compile(rf"[a-z]*(?: rates?)? {cues['rated']}"),
    )


def denies(text: str) -> bool:
    """Tell whether a text holds a word that may deny an event; most do not."""
    return holds_any(text, _HINTS)


def absent_events(scene: Scene) -> Iterator[tuple[Mention, Quantity]]:
    """Yield the events that a sentence says did not occur, each with the zero that this states.

    Clauses that count anything say more than this and yield nothing.
    """
    rules = _rules()
    if rules.unless.search(scene.low):
        return
    events = list(_events(scene, rules))
    starts: list[int | None] = []
    for at, event in enumerate(events):
        before = events[at - 1] if at and starts[-1] is not None else None
        starts.append(_denied(scene, event, before, rules))
    for at in range(len(events) - 1, 0, -1):
        # "a leak and infection were not seen": what is denied behind a list is denied of all.
        one, other = events[at - 1], events[at]
        behind = rules.behind.match(scene.low, other.end) or starts[at] == other.start
        listed = rules.joined.fullmatch(scene.low, one.end, other.start)
        if starts[at] is not None and starts[at - 1] is None and behind and listed:
            starts[at - 1] = one.start
    for event, start in zip(events, starts, strict=True):
        if start is not None:
            zero = Quantity(
                "count", start, event.end, value=0.0, numerator=0, unit="patients", word=True
            )
            yield event, zero


def none_of(each: Measurement) -> Measurement:
    """Return a count of all of a group, of whom an event is denied, as none of that group."""
    whole = each.numerator
    share = 0.0 if whole else None
    return replace(each, value=None, numerator=0, denominator=whole, n=whole, percent_derived=share)


def event_denied(measure: str | None) -> str | None:
    """Return the event that a measure names by its absence, else the measure: no recurrence, recurrence."""
    return _rules().named.get(measure, measure) if measure else None


def denies_event(scene: Scene, mention: Mention) -> bool:
    """Tell whether a sentence says that an event did not occur, whatever it counts."""
    rules = _rules()
    clause = scene.clauses[scene.clause(mention.start)]
    if rules.unless.search(scene.low) or not _tells(scene, clause, rules):
        return False
    return _words_deny(scene, mention, rules) is not None


def _events(scene: Scene, rules: _Rules) -> Iterator[Mention]:
    """Yield the mentions of events, none overlapping another."""
    end = 0
    for named in scene.mentions:
        mention = _event(scene, named, rules)
        # "No toxicity-related deaths" denies no toxicity.
        whole = not scene.low.startswith("-", mention.end)
        if mention.start >= end and whole and is_event(scene.concepts, mention):
            end = mention.end
            yield mention


def is_event(concepts: Mapping[str, Concept], mention: Mention) -> bool:
    """Tell whether a measure is an event that befalls a patient or does not."""
    return (
        mention.concept in _rules().events or "complications" in concepts[mention.concept].broader
    )


def _event(scene: Scene, mention: Mention, rules: _Rules) -> Mention:
    """Return the event where a measure's own name denies it: of "no recurrence" the recurrence."""
    event = rules.named.get(mention.concept)
    words = scene.low[mention.start : mention.end]
    if event is None or not words.startswith("no ") or "recurrence" not in words:
        return mention
    return replace(mention, concept=event, start=mention.start + 3)


# "No deficit in 30" counts those without one: it says nothing of the others.
_OF_SO_MANY = re.compile(
    r"s?(?: (?:was|were) (?:\w+ )?)? ?(?:in|at|by) (?:only )?\d+(?![\d.]|\s?(?:%|days?|weeks?|months?|years?|hours?|h\b|mm\b|cm\b|gy\b))"
)


_NONE = re.compile(r"(?:no|zero|not a single) ")
# "Three patients had a leak and | no fever": the three had none, of the others nothing is said.
_PEOPLE_HAD = re.compile(
    r"\b(?:patients?|individuals|subjects|participants?|cases?|those|women|men|children|he|she|one|two|three|\d+) (?:had|presented|developed|showed|with)\b"
)
_LAST_ITEM = re.compile(r"(?:, (?:and |but )?| and | but |; )(?=(?:no|zero|not a single) )")
_CASES_OF = re.compile(r"(?:no|zero|not a single) (?:cases?|instances?|episodes?|occurrences?) of ")
_ITEM_NOUN = re.compile(r" (?:cases? of |episodes? of |[a-z-]+ ){0,3}")
_ITEM_ENDS = re.compile(r"[a-z]*(?: ?\([^()]*\))?(?:, (?:and |but )?| and | but |; )")


NONE_NEEDED = re.compile(
    r"s?(?:\s*\([^()]*\))?(?: (?:in|at|of) (?:(?!\b(?:that|which)\b)[^,;.()]){2,40})? (?:(?:required|needed|necessitated|prompted|caused|led to|resulted in) (?!(?:in|at|on|for|during|after|by|until|within|to)\b)[a-z]|(?:was|were) (?:symptomatic|fatal|clinically relevant)\b)"
)
"""Behind an event of which none had a sequel: "no leak required drainage" tells of leaks."""


def _denied(scene: Scene, mention: Mention, before: Mention | None, rules: _Rules) -> int | None:
    """Return where the words begin that deny the event, None where they do not."""
    low = scene.low
    start, end = scene.clauses[scene.clause(mention.start)]
    told = _tells(scene, (start, end), rules)
    start = _item_of_none(scene, start, mention) or start
    # "no deaths" beside it says nothing of it.
    counted = any(
        each.form in PARTS
        and start <= each.start < end
        and (each.numerator != 0 or each.unit != "deaths" or each.end > mention.start >= each.start)
        for each in scene.quantities
    )
    if counted or not told or _OF_SO_MANY.match(low, mention.end):
        return None
    if NONE_NEEDED.match(low, mention.end):
        return None
    gap = low[before.end : mention.start] if before is not None else ""
    # "No mortality, and morbidity was minor" denies no morbidity.
    apart = "and" in gap and rules.rated.match(low, mention.end)
    if gap and rules.joined.fullmatch(gap) and not apart:
        return mention.start
    return _words_deny(scene, mention, rules)


def _tells(scene: Scene, clause: tuple[int, int], rules: _Rules) -> bool:
    """Tell whether a clause says what was found; "there were two infections and | no haematoma" borrows its verb."""
    start, end = clause
    led = _NONE.match(scene.low, start) and not _PEOPLE_HAD.search(scene.low, 0, start)
    return rules.told.search(scene.low, 0 if led else start, end) is not None


def _item_of_none(scene: Scene, start: int, mention: Mention) -> int | None:
    """Return where the last item of a list of counts begins, which none had: one leak, two tears and | no death."""
    low = scene.low
    items = [each.end() for each in _LAST_ITEM.finditer(low, start, mention.start)]
    if not items:
        return None
    if _CASES_OF.match(low, items[-1]):
        return items[-1]
    counts = [each for each in scene.quantities if start <= each.start and each.end < items[-1]]
    harms = [
        each
        for each in scene.mentions
        if counts and counts[-1].end < each.start < items[-1] and is_event(scene.concepts, each)
    ]
    noun = counts and counts[-1].unit not in {"patients", "percent"} and len(harms) == 1
    beside = noun and _ITEM_NOUN.fullmatch(low, counts[-1].end, harms[0].start)
    return items[-1] if beside and _ITEM_ENDS.fullmatch(low, harms[0].end, items[-1]) else None


def _words_deny(scene: Scene, mention: Mention, rules: _Rules) -> int | None:
    """Return where the words begin that deny the event around it, None where none does."""
    low, start = scene.low, scene.clauses[scene.clause(mention.start)][0]
    ahead = rules.ahead.search(low, max(start, mention.start - _REACH), mention.start)
    if ahead:
        return ahead.start()
    # "no irritation of the skin, rod fracture or infection": the first has no name here.
    listed = rules.listed.search(low, max(start, mention.start - 2 * _REACH), mention.start)
    if listed and not holds_verb(listed["first"]):
        return mention.start
    return mention.start if rules.behind.match(low, mention.end) else None
