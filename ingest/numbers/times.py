"""Find the time points of clinical prose: "at 2 years", "2-year survival", "at last follow-up"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ingest.language.starts import build_rule
from ingest.language.wording import Wordings, bracket_open, compile_wordings, joined, lowered
from ingest.numbers.fragments import compiled, load_fragments, written_out
from ingest.numbers.numerals import NUMBER, WORD, parse_number
from ingest.numbers.quantity import Quantity
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues" / "timepoints.yml"
_MONTHS = {"h": 1 / 730.5, "d": 1 / 30.4375, "w": 7 / 30.4375, "m": 1.0, "y": 12.0}
_NAMES = {"h": "h", "d": "days", "w": "weeks", "m": "months", "y": "years"}
# A unit of few letters behind each digit as well: so told, hardly another word looks like one.
_GLUED = "|".join(rf"{digit}h|{digit}mo" for digit in range(10))
_APART = "|".join(rf"\b(?<=\d ){unit}\b" for unit in ("h", "hr", "hs", "hrs"))
_UNIT = rf"day|week|wk|month|\bmo\b|\bmos\b|{_GLUED}|{_APART}|year|yr|hour|\bpod\b|\b(?<=\d[- ])y\b|y os|y pfs|y lc|y overall|y local|y survival"
# "22% died by 90 days, | and 1-year survival was 43%": two times, and no row of them.
_TWO_TIMES = build_rule(
    rf"(?<![-‑–])(\b(?:days|weeks|months|years))(,? (?:and|but|while|whereas) |, )(?=(?:the |a )?(?:\d+|{WORD})[-‑–](?:day|week|month|year)\b)"
)
# "12 months after A | and | 6 months after B"
_AND_LASTS = re.compile(
    r"(?:\s*[(\[][^()\[\]]*[)\]])?(?: alone| (?:after|following|with|in|for|on|followed|plus|and) [^,;:()\d]{2,70}?)?(?:\s*[(\[][^()\[\]]*[)\]])?(?:(?P<row>, )|,? (?:and|but|versus|vs\.?|against|than|compared (?:with|to)) )(?:only |about )?(?:an? )?(?:mean |median |average )?(?:of )?"
)
# "12 months after A, 8 after B | and 6 after C"
_ONE_MORE = re.compile(r"[^,;:()\d]{0,60}(?:[(\[][^()\[\]]*[)\]])?,? and \d")
_MORE_DAYS = re.compile(r"(?:, \d{1,3})*,? and \d{1,3}\b(?![.·]\d)(?=[.,;)]|$)")
_DASH = re.compile(r"[-‑–]")
EARLIER = (
    "at baseline",
    "before",
    "prior to",
    "at presentation",
    "at admission",
    "on admission",
    "preop",
    "pre-op",
    "baseline",
    "at diagnosis",
)
"""How words begin that tell of the time before the treatment."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of ``cues/timepoints.yml``: what stands around a number with a unit of time."""

    counted: re.Pattern[str]
    p_value: re.Pattern[str]
    ahead: re.Pattern[str]
    onward: re.Pattern[str]
    ordinal: re.Pattern[str]
    numbered_day: re.Pattern[str]
    own_unit: re.Pattern[str]
    rate: re.Pattern[str]
    age: re.Pattern[str]
    amount: re.Pattern[str]
    stretch: re.Pattern[str]
    span: re.Pattern[str]
    rated: re.Pattern[str]
    holds: re.Pattern[str]
    labelled: re.Pattern[str]
    heads: re.Pattern[str]
    finding: re.Pattern[str]
    survived: re.Pattern[str]
    surviving: re.Pattern[str]
    living: re.Pattern[str]
    parted: re.Pattern[str]
    endpoint: re.Pattern[str]
    changed: re.Pattern[str]
    beside: re.Pattern[str]
    listed: re.Pattern[str]
    opened: re.Pattern[str]
    since: re.Pattern[str]
    meant: re.Pattern[str]
    numbering: re.Pattern[str]
    lasted: re.Pattern[str]
    later: re.Pattern[str]
    sooner: re.Pattern[str]
    elided: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Cues:
    """How times are told: in words, and with a number and its ``leads`` and signs."""

    ordinals: dict[str, float]
    adverbs: Wordings
    initials: re.Pattern[str]
    adjectives: Wordings
    numbered: re.Pattern[str]
    leads: frozenset[str]
    signs: Signs


@cache
def load_cues() -> Cues:
    """Return the cues of ``cues/timepoints.yml``, to be matched against lower case."""
    cues: dict[str, Any] = load_yaml(_CUES)
    known = {**load_fragments(), "events": cues["events"], "modifiers": cues["modifiers"]}
    known["ordinals"] = "(?:" + "|".join(cues["ordinals"]) + ")"
    parts = written_out(cues["parts"], known, _CUES.name)
    adverbs = [each.replace("<event>", parts["event"]) for each in cues["adverbs"]]
    signs = {
        name: compiled(rule, parts, f"{_CUES.name}: signs: {name}")
        for name, rule in cues["signs"].items()
    }
    return Cues(
        ordinals={word: float(value) for word, value in cues["ordinals"].items()},
        adverbs=compile_wordings(adverbs),
        initials=build_rule(cues["initials"]),
        adjectives=compile_wordings([rf"\b(?:{joined(cues['adjectives'])})\b"]),
        numbered=compiled(cues["numbered"], parts, f"{_CUES.name}: numbered"),
        leads=frozenset(cues["leads"]),
        signs=Signs(**signs),
    )


@cache
def _units() -> Wordings:
    return compile_wordings([_UNIT])


@lru_cache(maxsize=4096)
def find_times(text: str) -> tuple[Quantity, ...]:
    """Return the time points of a sentence that carry a number: "at 2 years", "2-year survival".

    A duration that is itself the finding ("a mean of 22.1 months") is none; ``months`` is the
    time point in months of 30.4375 days.
    """
    low = lowered(text)
    if not _units().found(low):
        return ()
    signs = load_cues().signs
    low = signs.p_value.sub(lambda each: " " * len(each[0]), low) if "p" in low else low
    found = list(_found(low)) if signs.counted.search(low) else []
    # "at three years 16 were alive" is no year 16.
    found += [
        each
        for each in _ordinals(low)
        if not any(one.start < each.start < one.end < each.end for one in found)
    ]
    if found:
        ahead = signs.ahead.finditer(low, 0, found[0].start)
        found = [*(_of_unit(each, found[0]) for each in ahead), *found]
    if found and signs.onward.search(low, found[0].end):
        found += list(_continued(low, found))
    return tuple(sorted(found, key=lambda each: each.start))


@lru_cache(maxsize=4096)
def find_occasions(text: str) -> tuple[tuple[Quantity, ...], tuple[Quantity, ...]]:
    """Return the time points told in words: adverbs of a clause, and adjectives of a measure."""
    cues, low = load_cues(), lowered(text)

    def found(rule: Wordings) -> tuple[Quantity, ...]:
        return tuple(
            Quantity("occasion", match.start(), match.end()) for match in rule.finditer(low)
        )

    initials = (
        Quantity("occasion", match.start(), match.end()) for match in cues.initials.finditer(text)
    )
    whole = tuple(sorted((*found(cues.adverbs), *initials), key=lambda each: each.start))
    parts = [
        each
        for each in found(cues.adjectives)
        if not any(one.start <= each.start < one.end for one in whole)
    ]
    return whole, tuple(parts)


def _ordinals(low: str) -> Iterator[Quantity]:
    """Yield the times that number a stretch: day 3, postoperative month 6, the third day."""
    cues = load_cues()
    signs = cues.signs
    for match in (*signs.ordinal.finditer(low), *signs.numbered_day.finditer(low)):
        letter, value = match["unit"][0], cues.ordinals.get(match["a"]) or parse_number(match["a"])
        # "On days 12, 30 and 41": as many times, which end together.
        plural = low.startswith("s", match.end("unit"))
        more = _MORE_DAYS.match(low, match.end()) if plural else None
        row = re.finditer(r"\d+", more[0]) if more else ()
        later = [(match.end() + each.start(), float(each[0])) for each in row]
        stretch = match.groupdict().get("until") is not None
        for start, number in ((match.start(), value), *later):
            yield Quantity(
                "time",
                start,
                more.end() if more else match.end(),
                value=None if stretch else number,
                months=None if stretch else round(number * _MONTHS[letter], 3),
                unit=_NAMES[letter],
            )


def _continued(low: str, found: list[Quantity]) -> Iterator[Quantity]:
    """Yield the times that leave their unit to the one before: 57% at 12, and 43% at 24."""
    for match in load_cues().signs.onward.finditer(low, found[0].end):
        if not any(each.start < match.end() and match.start() < each.end for each in found):
            yield _of_unit(match, [each for each in found if each.end <= match.start()][-1])


def _of_unit(match: re.Match[str], other: Quantity) -> Quantity:
    """Return the time of a number that has the unit of another time."""
    value, scale = parse_number(match["a"]), _MONTHS[(other.unit or "months")[0]]
    end = match.end("a")
    return Quantity(
        "time", match.start(), end, value=value, months=round(value * scale, 3), unit=other.unit
    )


def _parted(match: re.Match[str]) -> str:
    return match[1] + ";".ljust(len(match[2]))


def _found(low: str) -> Iterator[Quantity]:
    cues = load_cues()
    if "-" in low:
        low = _TWO_TIMES.sub(_parted, low)
    lasted = -1
    for match in cues.numbered.finditer(low):
        if not _is_time(low, match) or _lasts_too(low, lasted, match):
            # An interval in brackets is told of the stretch before it.
            lasted = lasted if 0 <= lasted <= bracket_open(low, match.start()) else match.end()
            continue
        letter = match["unit"][0]
        scale, unit = _MONTHS[letter], _NAMES[letter]
        lead = (match["lead"] or "").split(" ")[0]
        # "which gave in a five-year rate of": what joins the words is no part of the time.
        joined = lead in {"in", "for"} and "-" in match["hyphen"] and "follow" not in match[0]
        led = match["lead"] and lead != "to" and not joined
        start = match.start("lead") if led else match.start("many")
        # "Between 3 and 6 months" is one stretch, and no point of it is told.
        stretch = lead == "between"
        many = [] if stretch else list(re.finditer(NUMBER, match["many"]))
        for each in many:
            own = cues.signs.own_unit.match(match["many"], each.end())
            size = _MONTHS[own[1][0]] if own else scale
            value = parse_number(each[0])
            at = match.start("many") + each.start()
            yield Quantity(
                "time",
                at,
                match.end("unit"),
                value=value,
                months=round(value * size, 3),
                unit=_NAMES[own[1][0]] if own else unit,
            )
        value = parse_number(match["a"])
        yield Quantity(
            "time",
            match.start("a") if many or lead == "to" else start,
            match.end(),
            value=None if stretch else value,
            months=None if stretch else round(value * scale, 3),
            unit=unit,
            operator="<=" if lead in {"within", "by", "until"} and not many else None,
        )


def _is_time(low: str, match: re.Match[str]) -> bool:
    """Tell whether a stretch of time is when something was so, not how long it took."""
    signs, after = load_cues().signs, low[match.end("unit") :]
    if signs.age.match(after):
        return False
    if _is_outlived(low, match) or _is_label(low, match):
        return True
    rated = bool(signs.rate.match(after) or signs.rate.match(low, match.end()))
    if _is_length(low, match, rated):
        return False
    lead, tail = (match["lead"] or "").strip(), match["tail"] or ""
    first = lead.split(" ")[0]
    if tail.startswith(" of ") and "follow" not in tail:
        return first in {"within", "at", "after"}  # not "6 months of treatment"
    if "end of" in lead:
        return True
    if first == "by" and _is_amount(low, match):
        return False
    if "period of" in lead and first in {"during", "over"} and not signs.lasted.search(lead):
        return False  # how long patients were followed is told by the way
    if "follow" in lead or tail:
        opens = first == "with" and match.start() == 0
        return opens or first not in {"for", "with"} or bool(tail and "follow" not in tail)
    if (
        not lead
        and signs.heads.match(after)
        and low[: match.start()].rstrip()[-1:] in {"(", ";", ":"}
    ):
        return True  # "(2 weeks, 25%; 4 weeks, 29%)"
    if lead == "for" and _DASH.search(match["hyphen"]) and signs.elided.match(after):
        return True
    joined = not lead and _DASH.search(match["hyphen"]) and not match["unit"].startswith("h")
    if joined or (rated and (not lead or match["many"] or _DASH.search(match["hyphen"]))):
        return not signs.stretch.match(after)
    return _is_led(low, match, first)


def _lasts_too(low: str, end: int, match: re.Match[str]) -> bool:
    """Tell whether a stretch is set against one that ends where told: 12 months after A and 6 after B."""
    joint = (
        _AND_LASTS.fullmatch(low, end, match.start()) if end >= 0 and not match["lead"] else None
    )
    if joint is None or joint["row"] is None:
        return joint is not None
    return _ONE_MORE.match(low, match.end()) is not None


def says_after(low: str, start: int) -> bool:
    """Tell whether words that begin at a place say after what: a time, or what made the group."""
    return low.startswith(("after", "following"), start)


def _is_outlived(low: str, match: re.Match[str]) -> bool:
    """Tell whether patients are counted who lived so long, or a value stands right before its time."""
    signs, lead = load_cues().signs, (match["lead"] or "").strip()
    begin = max(0, match.start() - 90)
    lived = ("surviv" in low or "liv" in low) and signs.survived.search(low, begin, match.start())
    if lead:
        return lead == "for" and bool(lived or signs.living.search(low, 0, match.start()))
    if lived or signs.surviving.search(low, 0, match.start()):
        return True  # "60 % survived three months"
    ahead = signs.beside.search(low, 0, match.start())
    listed = low.startswith((", ", " and "), match.end())
    if ahead and (match["tail"] or (listed and "%" not in ahead[0])):
        return True
    return signs.opened.search(low, max(0, match.start() - 40), match.start()) is not None


def _is_label(low: str, match: re.Match[str]) -> bool:
    """Tell whether a stretch stands by itself in the bracket behind a rate: 70% (2 years)."""
    if match["lead"] or not low.startswith((")", "]"), match.end()):
        return False
    signs = load_cues().signs
    if signs.meant.search(low, 0, match.start("a")):
        return True
    hours = match["unit"].startswith("h")
    return not hours and signs.labelled.search(low, 0, match.start("a")) is not None


def _is_length(low: str, match: re.Match[str], rated: bool) -> bool:
    """Tell whether a stretch is a finding itself; ``rated`` is true where a rate stands behind it."""
    signs, lead = load_cues().signs, (match["lead"] or "").strip()
    named = rated and "-" in match["hyphen"]  # "the average 1-year survival"
    bounded = match["tail"] and signs.later.search(low, 0, match.start())
    if not (lead or named or bounded) and signs.finding.search(
        low[max(0, match.start() - 30) : match.start()]
    ):
        return True  # "survival was 9 months after surgery"
    lasted = lead.startswith("for") and signs.lasted.search(lead)
    if lasted and "follow" not in low[match.start() : match.end()]:
        return True  # "walked for a median of 122 days after surgery"
    if match["lead"] and signs.sooner.search(low, max(0, match.start() - 12), match.start()):
        return True  # "recurred sooner, after 9 months versus 34"
    # "a follow-up of 50 (range, 24-160) months": what opens the sentence is when all that follows was so.
    opens = match.start() == 0 and low.startswith(", ", match.end())
    return "follow" in lead and "(" in match[0] and not match["tail"] and not opens


def _is_amount(low: str, match: re.Match[str]) -> bool:
    """Tell whether a stretch behind "by" is by how much something changed: cut by 3.6 days."""
    changed = load_cues().signs.changed.search(low, max(0, match.start() - 80), match.start())
    return changed is not None or "." in match["a"]


def _is_led(low: str, match: re.Match[str], first: str) -> bool:
    """Tell whether the first word of a stretch's lead makes it a time: at, within, up to."""
    signs = load_cues().signs
    after, ahead = low[match.end("unit") :], low[: match.start()]
    held = signs.holds.match(after) is not None
    if held and (first in {"in", "at", "to"} or signs.listed.search(ahead)):
        return True
    if match["unit"] in {"h", "hr", "hrs"}:
        return first == "at" or (held and first in {"within", "after"})
    if first == "between" and signs.parted.search(ahead[-24:]):
        return False
    if match["lead"] and match["lead"].startswith("at least"):
        return False  # "pain lasting at least 3 months"
    if first == "to":
        # "from before surgery to the 6-week (p = 0.02) visit"
        to_visit = signs.endpoint.search(ahead[-30:]) or signs.since.search(ahead)
        return bool(_DASH.search(match["hyphen"]) or to_visit)
    if first in {"in", "over", "during"}:
        if first != "in" and signs.span.match(after) and signs.rated.search(after):
            return True  # "over a 6-year span, the rate of infection was"
        return bool(signs.numbering.search(match["lead"])) and not signs.amount.match(after)
    # "Within 3 months of the first session" tells when, whatever it is counted from; so does "at".
    amount = first not in {"within", "at"} and signs.amount.match(low, match.end())
    return (first in load_cues().leads and not amount) or first == "up"
