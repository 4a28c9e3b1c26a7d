"""Find the counted patients of whom rates and averages are told: 66% in the 43 patients with one lesion.

What is said of such patients tells who they are, not what was found in them: "for the 30 patients
who could walk, survival was 50%" is of no walking, and "in 12 patients followed for two years" of
no time point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.groups.attributes import DESCRIBED, OF_PATIENTS, described_until
from ingest.language.starts import build_rule
from ingest.model import Measurement, Mention
from ingest.numbers.quantity import MEASURED, Quantity, is_bare, sizes_group

# What makes a number one of patients taken together, so that a count behind it is no finding.
_AVERAGED = build_rule(
    r"\b(?:means?|medians?|averages?|averaged|rates?|survival|control|incidence|probabilit(?:y|ies)|mortality|recurrence|relapse|progression|metastas[ei]s|os|pfs|dfs|rfs|lc)\b"
)
# What is measured of each, so that a count right behind it is of whom: 4 h in 30 patients.
_PHYSICAL = frozenset(["Gy", "min", "h", "ml", "l", "cm", "mm", "degrees"])
# "one fraction (24 Gy|) in |40 patients (22%)"; what names a fractionation is blanked
_IN = re.compile(
    r"(?:#+| in \d+(?:(?:-| or | to )\d+)? fractions?)?[)\]] (?:in|to|for|was given (?:to|in)) "
)
_PREPOSITION = re.compile(
    r"(?:in|for|among|amongst) (?:the |these |those |our |all |only |a total of |a subset of |a subgroup of )*(?:(?:other|remaining|first|last) )?"
)
_PATIENTS = re.compile(OF_PATIENTS)
# "in patients with lung cancer (n = 27)", "in the open group (n = 27)"
_NAMED = re.compile(
    r"(?:in|for|among|amongst) (?:the |those |our |all )*[a-z][^,;:()\[\]%.]{2,80}[(\[]\s*"
)
_CLOSES = re.compile(
    r"\s*(?:[;:,.()\[\]]|$|(?:and|or|but|while|whereas|versus|vs|compared|than|respectively|at|after|within|during|by|following|from)\b|\d+ (?:months|years|weeks|days) (?:after|following|later|post))"
)
_BRACKET = re.compile(r"[\s,]*[(\[](?![^()\[\]]*\bn ?=)[^()\[\]]*\d[^()\[\]]*[)\]]")
# A row of times begins behind its lead: "at | 1, 2 and 5 years".
_LEADS = frozenset(["", "at ", "after ", "within "])
_GAP = re.compile(r"[\s,]*")
# Between the numbers of one row: "70% at one year and 50% at two | in the 12 patients".
_CHAINED = re.compile(r"(?:[\s,]|\b(?:and|or|at|the|rates?|of|a)\b)*")


@dataclass(frozen=True, slots=True)
class Party:
    """So many patients as a sentence names them, 0 where it does not say how many.

    ``of`` are where the numbers begin that are of them.
    """

    size: int
    start: int
    end: int
    of: frozenset[int]


def find_parties(
    low: str,
    quantities: Sequence[Quantity],
    times: Sequence[Quantity],
    mentions: Sequence[Mention],
) -> list[Party]:
    """Return the counted patients that stand behind the rates and averages that are of them.

    ``times`` are those with a number and those in words.
    """
    found: list[Party] = []
    rated = rated_in(low, quantities)
    for at, each in enumerate(rated):
        begin = _behind(low, each, times)
        size, end = _counted(low, begin, quantities) or _uncounted(low, begin)
        if end == begin:
            continue
        timed = any(each.end <= one.start < end for one in times)
        end = described_until(low, end, quantities, times, timed)
        if _CLOSES.match(low, end):
            floor = found[-1].end if found else 0
            row = _row_of(low, rated[: at + 1], floor, times, mentions)
            found.append(Party(size, begin, end, frozenset(row)))
    return found


def rated_in(low: str, quantities: Sequence[Quantity]) -> list[Quantity]:
    """Return the numbers of a sentence that are rates and averages of patients taken together."""
    return [
        each
        for each in quantities
        if each.form in MEASURED
        and each.operator is None
        and (
            (each.form == "value" and each.unit in _PHYSICAL)
            or _AVERAGED.search(low, low.rfind(";", 0, each.start) + 1, each.start)
        )
    ]


def _behind(low: str, number: Quantity, times: Sequence[Quantity]) -> int:
    """Return where the words behind a number, its brackets and its time begin."""
    at = number.end
    while True:
        bracket = _BRACKET.match(low, at)
        step = bracket.end() if bracket else _past(low, at, times)
        if step == at:
            gap = _GAP.match(low, at)
            return gap.end() if gap else at
        at = step


def _past(low: str, at: int, times: Sequence[Quantity]) -> int:
    """Return the end of a time that begins at a place, the place itself where none does."""
    gap = _GAP.match(low, at)
    begin = gap.end() if gap else at
    return max(
        (each.end for each in times if low[begin : each.start] in _LEADS and each.start >= begin),
        default=at,
    )


def _uncounted(low: str, begin: int) -> tuple[int, int]:
    """Return no number, and where the patients end that are only described: in those with pain."""
    people = _PATIENTS.match(low, begin)
    return 0, people.end() if people and DESCRIBED.match(low, people.end()) else begin


def _counted(low: str, begin: int, quantities: Sequence[Quantity]) -> tuple[int, int] | None:
    """Return how many patients are named from a place on and where their number ends."""
    ahead = _PREPOSITION.match(low, begin)
    named = _NAMED.match(low, begin)
    for each in quantities:
        size = each.numerator or int(each.value or 0)
        people = each.form == "count" and each.unit == "patients"
        everyone = each.form == "ratio" and each.numerator == each.denominator
        if ahead and everyone and begin < each.start <= ahead.end():
            return size, each.end  # "for all 40 patients"
        if named and each.start == named.end() and people and sizes_group(low, each.start):
            close = re.compile(r"\s*[)\]]").match(low, each.end)
            return (size, close.end()) if close else None
        if ahead and each.start == ahead.end():
            bare = is_bare(each)
            if people or (bare and DESCRIBED.match(low, each.end)):
                return size, each.end
    return None


def _row_of(
    low: str,
    numbers: Sequence[Quantity],
    floor: int,
    times: Sequence[Quantity],
    mentions: Sequence[Mention],
) -> Iterator[int]:
    """Yield the starts of the last of some numbers and of those that share its row."""
    last = numbers[-1]
    yield last.start
    for each in reversed(numbers[:-1]):
        named: list[Quantity | Mention] = [*times, *mentions, *numbers]
        if each.start < floor or each.form != last.form or each.unit != last.unit:
            return
        if not _CHAINED.fullmatch(_plain(low, each.end, last.start, named)):
            return
        yield each.start
        last = each


def _plain(low: str, start: int, end: int, named: Iterable[Quantity | Mention]) -> str:
    """Return the words between two places without brackets and the times and measures they hold."""
    for each in named:
        if start <= each.start and each.end <= end:
            low = f"{low[: each.start]}{' ' * (each.end - each.start)}{low[each.end :]}"
    return re.sub(r"\([^()]*\)", " ", low[start:end])


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a sentence with some stretches blanked, every offset kept."""
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def with_parties(
    low: str, measured: Sequence[Measurement], parties: Sequence[Party]
) -> tuple[Measurement, ...]:
    """Return the numbers with the size of those of whom each is told."""
    sizes = {start: each.size for each in parties if each.size for start in each.of}
    for each, other in pairwise(measured):
        counted = other.numerator if other.unit == "patients" else None
        if counted and each.unit in _PHYSICAL and _IN.fullmatch(low, each.end, other.start):
            sizes[each.start] = counted
    return tuple(
        replace(each, n=sizes[each.start])
        if each.start in sizes and each.numerator is None and each.denominator is None
        else each
        for each in measured
    )
