"""Find what is said of patients to tell who they are, which is no measure, number or time of theirs.

"For the 30 patients | who could walk |, survival was 50%"; "6 of 20 patients | with pain | died".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.language.starts import build_rule
from ingest.model import Mention
from ingest.numbers.numerals import WORD
from ingest.numbers.quantity import Quantity
from ingest.numbers.times import EARLIER

DESCRIBED = re.compile(
    r"\s(?:with(?! an? (?:[a-z]+ ){0,2}?(?:mean|median|average) (?:[a-z]+ )?(?:reduction|decrease|improvement|increase|drop|decline|fall|gain|change)\b)|without|who|whose|in whom|having|undergoing|receiving|(?:treated|operated|managed)(?= (?:with|by|for|on|using|in|at|alone|surgically|conserv|non))|younger|older|aged|over|under|presenting|alive|surviving|(?:in|of|from) (?:the |our )?(?:[\w-]+ ){0,3}(?:groups?|arms?|cohorts?|first|second|third|latter|former|other))\b"
)
"""What begins a description right behind those described."""
OF_PATIENTS = r"(?:of|in|for|among|amongst) (?:the |those |all |our )?(?:[a-z-]+ )?(?:patients|participants|those|cases|women|men|children|subjects|individuals)(?= )"
"""Words that name patients of whom something is told, a description behind them."""
_OF_THEM = re.compile(rf"\s*{OF_PATIENTS}")
_RELATIVE = re.compile(r"\s(?:who|whose|in whom)\b")
# "older than 60 years" tells who they are.
_BOUND = re.compile(r"\b(?:than|over|under|above|below|aged|least|to|of) $")
_FINDINGS = frozenset(["percent", "share", "ratio", "value"])
_AND = re.compile(r"\sand\b")
# What ends a description; "younger than 60" and "0.5" do not.
_ENDS = re.compile(
    r"[;:,()\[\]]|\.(?!\d)|\s(?:versus|vs|compared|(?:as )?against|as opposed|while|whereas|but|respectively)\b|(?<!younger)(?<!older)(?<!more)(?<!less)(?<!fewer)(?<!rather)(?<!greater)(?<!longer)\sthan\b"
)
# "Of the 30 patients who could walk, 6 died": who opens a sentence.
_OPENS = re.compile(r"(?:of|in|for|among|amongst) (?:the |these |those |our |all )?")
_SHARE_OF = re.compile(r"(?:%|\bper ?cent) (?:\([^()]*\) )?of (?:the |these |those |our |all )?$")
_IN_THEM = re.compile(r"(?:\bin|\band|\bversus|\bvs\.?|\bthan in|\bcompared with) (?:only )?$")
_BRACKETED = re.compile(r"(?: ?\([^()]*\))?(?= )")
_VERB = re.compile(
    r"(?<!and)(?<!or) (?:was|were|had|have|has|died|developed|experienced|showed|relapsed|recurred|survived|achieved|improved|required|remained|did|could|lived|responded|reported|progressed|regained|recovered|deteriorated|worsened|suffered|sustained)\b"
)
# "The survival rate of those | with pain | was"
_RATE_OF = build_rule(
    rf"\b(?:survival|rates?|mortality|recurrence|control|progression|incidence|median|mean) (?:(?:time|rate) )?{OF_PATIENTS}"
)
# "Worse in patients | who survived less than 6 months |": who they are, no survival
_LIVED = build_rule(
    r"\b(?:in|than|with|to|for|among|amongst|between|and) (?:the |those |all )?(?:[a-z-]+ )?(?:patients|those|individuals|subjects|participants|women|men|cases)(?P<what> who (?:had )?(?:survived|lived|died) (?:for |of [a-z]+ )?(?:(?:less|more|longer|fewer|earlier|later) than|over|under|at least|up to|within|beyond|before) (?:a |the first )?(?:\d{1,3}|"
    + WORD
    + r")(?: more)?[ -](?:days?|weeks?|months?|mo|years?)(?: (?:after|following|from|of|postoperatively)(?: (?:the |their )?(?:surgery|operation|treatment|diagnosis))?)?)\b"
)
_BE = re.compile(r" (?:was|were|reached|amounted|averaged|exceeded)\b")


# "Matched to 100 others | for age, ambulatory status and number of levels"
_MATCHED_FOR = re.compile(
    r"\bmatched\b(?:[^.;,(]|\([^()]*\))*?\s(?P<what>(?:for|by|on|according to|in terms of|with (?:regard|respect) to) (?:their )?[^.;()\d]+)"
)


def find_attributes(
    low: str,
    quantities: Sequence[Quantity],
    mentions: Sequence[Mention],
    times: Sequence[Quantity],
) -> list[tuple[int, int]]:
    """Return where patients are described whose measure is named elsewhere in the sentence."""
    last = max((each.start for each in mentions), default=0)
    return [
        *((start, end) for start, end in _counted(low, quantities, mentions, times) if end > start),
        *((start, end) for start, end in _rated(low, quantities) if start < end and last),
        *(each.span("what") for each in _LIVED.finditer(low if " who " in low else "")),
        *(each.span("what") for each in _MATCHED_FOR.finditer(low if "matched" in low else "")),
    ]


def _counted(
    low: str,
    quantities: Sequence[Quantity],
    mentions: Sequence[Mention],
    times: Sequence[Quantity],
) -> Iterator[tuple[int, int]]:
    """Yield where patients are described behind their number."""
    last = max((each.start for each in mentions), default=0)
    for each in quantities:
        whose = _OF_THEM.match(low, each.end) if each.unit == "percent" else None
        if whose and low.startswith((" alive", " surviving"), whose.end()):
            yield whose.end(), _until_verb(low, whose.end(), quantities, _VERB)
            continue
        people = each.group or each.unit in {None, "patients"}
        if not people or not DESCRIBED.match(low, each.end):
            continue
        end = each.end
        if each.form == "ratio" or each.group or _SHARE_OF.search(low, 0, each.start):
            end = _until_verb(low, each.end, quantities, _VERB)
            ahead = any(one.end < each.start for one in mentions)
            if end == each.end and ahead and _IN_THEM.search(low, 0, each.start):
                # "Relapse was seen in 5 of 20 patients | with pain": a measure stands ahead.
                yield each.end, described_until(low, each.end, quantities, times)
                continue
        elif each.form != "share" and _OPENS.fullmatch(low, 0, each.start):
            end = _until_comma(low, each.end)
        if end < last:
            yield each.end, end


def _rated(low: str, quantities: Sequence[Quantity]) -> Iterator[tuple[int, int]]:
    """Yield where those are described of whom a rate is told by a verb behind them."""
    for match in _RATE_OF.finditer(low):
        # "Rates in those alive at 9 months were": when, too.
        alive = low.startswith((" alive", " surviving"), match.end())
        if DESCRIBED.match(low, match.end()) and not alive:
            yield match.end(), _until_verb(low, match.end(), quantities, _BE)


def _until_comma(low: str, begin: int) -> int:
    """Return the comma at which the description of those ends who open a sentence."""
    stop = _ENDS.search(low, begin)
    return stop.start() if stop and stop[0] == "," else begin


def _until_verb(
    low: str, begin: int, quantities: Sequence[Quantity], verbs: re.Pattern[str]
) -> int:
    """Return where the description of a subject ends: at the verb behind it, or a bracket before that.

    A relative clause has a verb of its own; none is looked for behind the next number.
    """
    stop = _ENDS.search(low, begin)
    end = stop.start() if stop else len(low)
    if stop and stop[0] == "(":
        bracket = _BRACKETED.match(low, end)
        return end if bracket and verbs.match(low, bracket.end()) else begin
    end = min((each.start for each in _findings(low, begin, end, quantities)), default=end)
    own = _VERB.search(low, begin, end) if _RELATIVE.match(low, begin) else None
    found = verbs.search(low, own.end() if own else begin, end)
    return found.start() if found else begin


def _findings(low: str, begin: int, end: int, quantities: Sequence[Quantity]) -> Iterator[Quantity]:
    """Yield the numbers of a stretch that tell a finding, not an age or a bound."""
    for each in quantities:
        inside = begin < each.start < end and each.form in _FINDINGS
        if inside and not _BOUND.search(low, 0, each.start):
            yield each


def described_until(
    low: str,
    begin: int,
    quantities: Sequence[Quantity],
    times: Sequence[Quantity] = (),
    timed: bool = False,
) -> int:
    """Return where what is said of patients ends.

    Behind "and" the next finding begins: "in 9 with pain and 40% in 8 without". A time ends a
    description, but one told of a number that has its own (``timed``) may be of who they are.
    """
    if not DESCRIBED.match(low, begin):
        return begin
    stop = _ENDS.search(low, begin)
    end = stop.start() if stop else len(low)
    joined = [
        [mark.start() for mark in _AND.finditer(low, begin, each.start)]
        for each in _findings(low, begin, end, quantities)
    ]
    end = min((marks[-1] for marks in joined if marks), default=end)
    # "12% of the women of that group | developed": a subject, not those of a rate.
    own = _VERB.search(low, begin, end) if _RELATIVE.match(low, begin) else None
    told = _VERB.search(low, own.end() if own else begin, end)
    end = told.start() if told else end
    if not (timed and _RELATIVE.match(low, begin)):
        later = [each.start for each in times if begin < each.start < end]
        later = [place for place in later if not low.startswith(EARLIER, place)]
        end = min(later, default=end)
    return begin + len(low[begin:end].rstrip())
