"""Find the time points of clinical prose: "at 2 years", "2-year survival", "at last follow-up"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ingest.numbers.numerals import DIGITS, NUMBER, WORD, parse_number
from ingest.numbers.quantity import Quantity
from ingest.wording import Wordings, compile_wordings, lowered
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues" / "timepoints.yml"
_MONTHS = {"h": 1 / 730.5, "d": 1 / 30.4375, "w": 7 / 30.4375, "m": 1.0, "y": 12.0}
_NAMES = {"h": "h", "d": "days", "w": "weeks", "m": "months", "y": "years"}
_UNIT_WORD = r"(?:days?|weeks?|wks?|months?|mos?(?!\w)|years?|yrs?|hours?(?! of)|hrs?|h|y(?=[ -](?:os|pfs|lc|dfs|css|rfs|overall|survival|local|progression|disease|actuarial|rates?)\b))"
# Times of a row are whole, but for a half: "improved by 0.23 and at 12 months" is no row.
_WHOLE = rf"(?:(?<![.·])\d{{1,3}}(?:[.·]5)?(?![\d.·]\d)|{WORD}\b)"
_HYPHEN = r"\s*(?:-|‑|–)?\s*"
# "at 3 (p = 0.04) but not 6 months (p = 0.4)": what stands between times is none of them.
_P_VALUE = re.compile(r"\(\s*p\s*(?:-\s*value)?\s*[=<>≤≥][^()]*\)")
# A unit of few letters behind each digit as well: so told, hardly another word looks like one.
_GLUED = "|".join(rf"{digit}h|{digit}mo" for digit in range(10))
_APART = "|".join(rf"\b(?<=\d ){unit}\b" for unit in ("h", "hr", "hs", "hrs"))
_UNIT = rf"day|week|wk|month|\bmo\b|\bmos\b|{_GLUED}|{_APART}|year|yr|hour|y os|y pfs|y lc|y overall|y local|y survival"
# What every time point holds; in most sentences that name a unit no number stands beside it.
_COUNTED_UNIT = re.compile(
    rf"(?:\d|\b{WORD}\b|\d [(\[][^()]*[)\]]){_HYPHEN}(?:post-?operative )?{_UNIT_WORD}(?![\w²³])"
)
# Leads that make a time point of a number; "for 12 months" tells a stretch, "over 5 years" too.
_LEADS = {"at", "after", "within", "by", "until", "following", "through"}
_ONWARD = re.compile(r"\b(?:first|last|initial|next|following|subsequent|ensuing)\b")
_RATE = re.compile(
    r"\s*-?(?:mean |median )?(?:overall |actuarial |cumulative |crude |local |relative |disease[- ]free |disease[- ]specific |distant |regional |loco-?regional |major |minor |early |late |progression[- ]free |recurrence[- ]free |event[- ]free |metastasis[- ]free |cancer[- ]specific |estimated |kaplan[- ]meier |rates? of |post-?operative |tumou?r |all-cause |probability of |incidence of |actual |in-field |complication |unplanned |risk of |os\b|pfs\b|lc\b|lrfs\b|dfs\b)*"
    r"(?:survival|mortality|control|recurrences?|progression|rates?|(?:os|pfs|lc|dfs|css|lrfs|efs)s?\b|complications?|readmissions?|reoperations?|revision|follow-?ups?|free|freedom|incidence|probability|deaths?|failure|outcomes?|vcf|fracture|visit|assessment|evaluation|time ?points?|results|data|time|mark)"
)
# "92% at 1 and 87% at 2 years": the unit comes later.
_AHEAD = re.compile(r"\bat (?P<a>\d{1,2}) (?=(?:and|to|or|vs\.?|versus) \d+(?:[.·]\d+)? ?%)")
_ELLIPSIS = re.compile(r"\bat (?P<a>\d+)(?=\s*(?:[,;)]|\.(?!\d)|and\b|$))")
_FOUND = re.compile(
    r"(?:\b(?:was|were|is|are|of|averag\w+|median|mean|to|for|than|about|approximately|around|some|only|nearly|versus|vs\.?|against)|[=:±]|\d)\s*[(\[]?$"
)
# "was noted in one month (1.7 ± 0.4), in two (20%)": the value stands behind its time, in brackets.
_HOLDS = re.compile(
    r"\s*[(\[]\s*(?:(?:mean|median|vas|nrs|odi|score|smd|md|mean difference|standardi[sz]ed mean difference|auc|hr)[\s,:=]*)*\d+(?:[.·]\d+)?\s*(?:±|\+/-|%|/\s?\d|[,;]? 95|[,;] ci\b|points?\b|[)\]](?!\s*(?:months|years|days|weeks))|[\[(,;]\s*(?:p\b|sd\b|range\b))"
)
_SURVIVED = re.compile(
    r"(?:%|\bper ?cent|\d (?:patients|cases)|(?:^|[,;] |\band |\bonly |\bbut )\d+)(?: of (?:the |these |our )?patients)? (?:survived|lived|were alive|surviving|living)(?: for)?(?: (?:more|longer) than| at least| over| beyond)? $"
)
_SPANNED = re.compile(
    r"[\s-]*(?:(?:follow-?up|study|observation) )?(?:period|span|interval|course)\b"
)
_RATED = re.compile(
    r"^.{0,70}\b(?:rates?|recurrence|recurred|survival|control|incidence|mortality|probability)\b"
)
# "2.8 ± 0.6 2 days after operation": the value stands right before its time.
_BESIDE = re.compile(r"\d %?$|% $")
_LIVING = re.compile(
    r"\b(?:probability|chance|likelihood|possibility|rates?) of (?:survival|survivorship|surviving|living|being alive|life) $"
)
_SURVIVING = re.compile(r"\b(?:probability|chance|likelihood) of (?:surviving|living) $")
_LASTED = re.compile(r"\b(?:mean|median|average) ")
_IN_A_LIST = re.compile(r"(?:[,;]|\band)\s+(?:at |in )?$")
_HEADS = re.compile(r"s?\s*[,:]\s*\d+(?:[.·]\d+)?\s*%")
_CHANGED = re.compile(
    r"\b(?:prolong|increas|decreas|reduc|shorten|extend|improv|delay|lengthen|longer|shorter|differ)\w*\s*$"
)
# "a 10-day stay" is a stretch, not a time point.
_STRETCH = re.compile(
    r"s?\s*-?\s*(?:(?:follow-?up)? ?(?:period|interval) of|stay|hospital|period|interval|course|history|cycle|experience|delay|duration|gap|wait|survivors?|study|recruitment|span|time)"
)
_ENDPOINT = re.compile(r"\b(?:survival|control|alive|mortality|free|followed(?: up)?) $")
_ORDINAL = re.compile(
    r"\b(?:(?:on|at|by) )?(?:the )?(?:post-?operative |post-?procedure )?(?P<unit>day|week|month|year)s? (?P<a>\d{1,3})\b(?![.·]\d|\s*(?:%|patients|cases|or (?:older|more)))"
)
_AGE = re.compile(r"\s*(?:-?\s*old\b|of age\b)")
_NONE_OF_IT = re.compile(
    r"\s*(?:of(?! (?:(?:about|approximately|around|only|nearly) )?\d)|experience|period (?:of|from)|history|or (?:older|younger|less|more))\b"
)


@cache
def _units() -> Wordings:
    return compile_wordings([_UNIT])


@cache
def _words() -> tuple[Wordings, Wordings]:
    cues: dict[str, Any] = load_yaml(_CUES)
    event = event_words()
    adverbs = [each.replace("<event>", event) for each in cues["adverbs"]]
    return compile_wordings(adverbs), compile_wordings([cues["adjectives"]])


@cache
def event_words() -> str:
    """Return the pattern of what befell a patient, from which times are told: posterior spinal surgery."""
    cues: dict[str, Any] = load_yaml(_CUES)
    return rf"(?:(?:{cues['modifiers']} ){{0,3}}?{cues['events']}\b)"


@cache
def _times() -> re.Pattern[str]:
    event = event_words()
    return re.compile(
        rf"(?P<lead>\b(?:at|after|within|by|for|in|over|until|during|through|to|following|beyond|exceeding|up to)\s+"
        rf"(?:receiving |completing |the\s+)?(?:post-?operative(?:ly)?\s+)?(?:about\s+|approximately\s+|least\s+|an?\s+|both\s+)?(?:(?:first|last|initial|next|following|subsequent|ensuing)\s+)?"
        rf"(?:(?:mean|median|minimum|average|maximum)\s+(?:follow-?up\s+)?(?:(?:period|time|duration|delay|interval|latency)\s+)?(?:of\s+)?)?"
        rf"(?:follow-?up (?:of |at ))?(?:between )?(?:(?:mean|median) )?)?"
        rf"(?P<many>(?:\b{_WHOLE}{_HYPHEN}(?:{_UNIT_WORD}\s*)?(?:,|and|or|but not|/|&|vs\.?|(?<=[-‑–] )(?=[\d.]+-))\s*(?:and\s+|at\s+)?)*)"
        rf"(?<![\d.·,])(?:{NUMBER}\s*(?:{_UNIT_WORD}\s+)?(?:[-–—]|\bto\b)\s*(?=\d|[a-z]+ (?:m|w|d|y)))?(?P<a>{NUMBER})(?:(?<=\d)\s*(?:±|\+/[-−])\s*{DIGITS}|(?<=\d)\s[(\[](?:range|iqr)[^()]{{3,24}}[)\]])?(?P<hyphen>{_HYPHEN})(?:post-?operative )?(?P<unit>{_UNIT_WORD})(?![\w²³])"
        rf"(?P<tail>(?:\s+\((?:mean|median|range)[^()]*\))?\s+(?:of follow-?up|follow-?up|(?:after|following|from|since|of|before|prior to) (?:the |an? |their )?(?:time of |date of |end of |start of |completion of )?(?:the )?{event}|(?:after|following|from|before|prior to) (?:the |an? |their )?(?:first |initial |index |primary )?(?!which|that|having)[a-z-]{{4,}}"
        rf"|post-?operatively|post-?operative|post-?surgery|post-?treatment|postprocedure|later|thereafter|afterwards?))?"
    )


@lru_cache(maxsize=4096)
def find_times(text: str) -> tuple[Quantity, ...]:
    """Return the time points of a sentence that carry a number: "at 2 years", "2-year survival".

    A duration that is itself the finding ("a mean of 22.1 months") is none; ``months`` is the
    time point in months of 30.4375 days.
    """
    low = lowered(text)
    if not _units().found(low):
        return ()
    low = _P_VALUE.sub(lambda each: " " * len(each[0]), low) if "p" in low else low
    found = [*(_found(low) if _COUNTED_UNIT.search(low) else ()), *_ordinals(low)]
    if found and (ahead := _AHEAD.search(low, 0, found[0].start)):
        found.insert(0, _of_unit(ahead, found[0]))
    if found and _ELLIPSIS.search(low, found[0].end):
        found += list(_continued(low, found))
    return tuple(sorted(found, key=lambda each: each.start))


@lru_cache(maxsize=4096)
def find_occasions(text: str) -> tuple[tuple[Quantity, ...], tuple[Quantity, ...]]:
    """Return the time points told in words: adverbs of a clause, and adjectives of a measure."""
    adverbs, adjectives = _words()
    low = lowered(text)

    def found(rule: Wordings) -> tuple[Quantity, ...]:
        return tuple(
            Quantity("occasion", match.start(), match.end()) for match in rule.finditer(low)
        )

    whole = found(adverbs)
    parts = [
        each
        for each in found(adjectives)
        if not any(one.start <= each.start < one.end for one in whole)
    ]
    return whole, tuple(parts)


def _ordinals(low: str) -> Iterator[Quantity]:
    """Yield the times that number a stretch: day 3, postoperative month 6."""
    for match in _ORDINAL.finditer(low):
        letter, value = match["unit"][0], parse_number(match["a"])
        yield Quantity(
            "time",
            match.start(),
            match.end(),
            value=value,
            months=round(value * _MONTHS[letter], 3),
            unit=_NAMES[letter],
        )


def _continued(low: str, found: list[Quantity]) -> Iterator[Quantity]:
    """Yield the times that leave their unit to the one before: 57% at 12, and 43% at 24."""
    for match in _ELLIPSIS.finditer(low, found[0].end):
        if not any(each.start < match.end() and match.start() < each.end for each in found):
            yield _of_unit(match, [each for each in found if each.end <= match.start()][-1])


def _of_unit(match: re.Match[str], other: Quantity) -> Quantity:
    """Return the time of a number that has the unit of another time."""
    value, scale = parse_number(match["a"]), _MONTHS[(other.unit or "months")[0]]
    end = match.end("a")
    return Quantity(
        "time", match.start(), end, value=value, months=round(value * scale, 3), unit=other.unit
    )


def _found(low: str) -> Iterator[Quantity]:
    for match in _times().finditer(low):
        if not _is_time(low, match):
            continue
        letter = match["unit"][0]
        scale, unit = _MONTHS[letter], _NAMES[letter]
        lead = (match["lead"] or "").split(" ")[0]
        start = match.start("lead") if match["lead"] and lead != "to" else match.start("many")
        many = list(re.finditer(NUMBER, match["many"]))
        for each in many:
            own = re.match(rf"{_HYPHEN}({_UNIT_WORD})", match["many"][each.end() :])
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
            value=value,
            months=round(value * scale, 3),
            unit=unit,
            operator="<=" if lead in {"within", "by", "until"} and not many else None,
        )


def _is_time(low: str, match: re.Match[str]) -> bool:
    """Tell whether a stretch of time is when something was so, not how long it took."""
    after = low[match.end("unit") :]
    if _AGE.match(after):
        return False
    lead = (match["lead"] or "").strip()
    rated = bool(_RATE.match(after)) or bool(_RATE.match(low, match.end()))
    named = rated and "-" in match["hyphen"]  # "the average 1-year survival"
    if (
        not lead
        and ("surviv" in low or "liv" in low)
        and _SURVIVED.search(low, max(0, match.start() - 90), match.start())
    ):
        return True  # "60 % survived three months"
    if not lead and _SURVIVING.search(low, 0, match.start()):
        return True
    if lead.split(" ")[0] == "for" and _LIVING.search(low, 0, match.start()):
        return True
    if match["tail"] and not lead and _BESIDE.search(low, 0, match.start()):
        return True
    if not (lead or named) and _FOUND.search(low[max(0, match.start() - 30) : match.start()]):
        return False  # "survival was 9 months after surgery" tells how long, not when
    if (
        lead.startswith("for")
        and _LASTED.search(lead)
        and "follow" not in low[match.start() : match.end()]
    ):
        return False  # "walked for a median of 122 days after surgery" tells how long
    if (match["tail"] or "").startswith(" of ") and "follow" not in match["tail"]:
        return lead.split(" ")[0] in {"within", "at", "after"}  # not "6 months of treatment"
    if "follow" in lead and "(" in match[0] and not match["tail"]:
        return False  # "within a follow-up of 50 (range, 24-160) months" tells how long it was
    if "follow" in lead or match["tail"]:
        return lead.split(" ")[0] not in {"for", "with"} or bool(
            match["tail"] and "follow" not in match["tail"]
        )
    hyphen = bool(re.search(r"[-‑–]", match["hyphen"])) or not lead
    if not lead and _HEADS.match(after) and low[: match.start()].rstrip()[-1:] in {"(", ";", ":"}:
        return True  # "(2 weeks, 25%; 4 weeks, 29%)"
    letter = match["unit"][0]
    joined = bool(re.search(r"[-‑–]", match["hyphen"])) and not lead
    if (rated and (hyphen or match["many"])) or (joined and letter != "h"):
        return not _STRETCH.match(after)
    first = lead.split(" ")[0]
    if _HOLDS.match(after) and (
        first in {"in", "at", "to"} or _IN_A_LIST.search(low[: match.start()])
    ):
        return True
    if letter == "h" and match["unit"] in {"h", "hr", "hrs"}:
        told = bool(match["tail"]) or bool(_HOLDS.match(after))
        return first == "at" or (told and first in {"within", "after"})
    if first == "by" and _CHANGED.search(low[max(0, match.start() - 24) : match.start()]):
        return False
    if first == "to" and re.search(r"[-‑–]", match["hyphen"]):
        return True  # "from before surgery to the 6-week (p = 0.02) visit"
    if first == "to":
        return bool(_ENDPOINT.search(low[max(0, match.start() - 30) : match.start()]))
    if first in {"in", "over", "during"}:
        if first != "in" and _SPANNED.match(after) and _RATED.search(after):
            return True  # "over a 6-year span, the rate of infection was"
        return bool(_ONWARD.search(lead)) and not _NONE_OF_IT.match(after)
    return (first in _LEADS and not _NONE_OF_IT.match(low[match.end() :])) or first == "up"
