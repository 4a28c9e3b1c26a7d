"""Find what a claim is set against beside its own numbers: the other of two groups, the state before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

from ingest.groups.arms import name_rule
from ingest.groups.dealing import EFFECTS, value_of
from ingest.groups.dealingrules import rules
from ingest.language.starts import build_rule
from ingest.language.wording import lowered
from ingest.model import Kind, Measurement
from ingest.reading import FOUND, Reading
from ingest.statements.baselines import is_before, state_before
from ingest.statements.belonging import reference_of
from ingest.statements.draft import Draft
from ingest.statements.pairs import Pair, Side, core_of_group

_VERDICT = build_rule(
    r"\b(?:differ\w*|similar\w*|comparable|equivalent|equal\w*|identical|same|disparit\w+)\b"
)
_GROUPS = build_rule(
    r"\b(?:between|among|in|for|of|across) (?:the |these |both |two |2 |all |study |treatment |patient )*(?:groups|arms|cohorts|techniques|procedures|treatments|modalities|methods|approaches)\b|\bthe (?:two |2 )?(?:groups|arms|cohorts)\b"
)
_DENIED = build_rule(
    r"\bno (?:\w+ ){0,4}differen\w+|\b(?:did|was|were) not (?:\w+ )?(?:differ\w*)|\bsimilar\b|\bidentical\b|\bcomparable\b"
)
_SETS = build_rule(
    r"\b(?:significant\w*|more|less|fewer|greater|higher|lower|longer|shorter|larger|smaller|better|worse|superior|inferior|favou?r\w*|increas\w+|decreas\w+|reduc\w+|improv\w+|prolong\w+|only|differ\w*|similar|comparable)\b"
)
# What one of them can do is set against nothing: "PF can reduce pain", but not "can bring less pain".
_ABLE = build_rule(r"\b(?:can|could|may|might)\b (?:[a-z]+ly )?(?:be )?")
_MORE = build_rule(
    r"\b(?:more|less|fewer|greater|higher|lower|longer|shorter|larger|smaller|better|worse|superior|inferior|than|differ\w*|similar|comparable)\b"
)
_OTHER = build_rule(
    r"(?:\bvs\.?|\bversus|\bcompared (?:with|to)|\bagainst|\bthan)\s*(?:[(\[]\s*)?$"
)
_VERSUS = build_rule(r"\b(?:vs|versus)\b")
_LATER = build_rule(r"\b(?:vs\.?|versus)\s[\d.,%\s±()-]*(?:and )?$")


_CONTROLS = build_rule(
    r"(?<!historical )(?<!historic )\bcontrols\b|\bcontrol (?:patients|individuals|participants|subjects|cases)\b"
)


# "Comparable to those reported in the literature": what others published, neither of its groups.
_PUBLISHED = build_rule(
    r"\b(?:comparable|similar|equal|equivalent|identical|superior|inferior|compare[sd]? (?:well|favou?rably|unfavou?rably)) (?:to|with) (?P<told>(?:the |those |that |results |rates |outcomes |data )?(?:[a-z]+ ){0,3}?"
    r"(?:in (?:the |published |current |available )*literature|(?:previous|published|earlier|historical|other) (?:reports?|series|studies|data|controls?|cohorts?)))\b"
)


def set_against(
    reading: Reading, draft: Draft, kind: Kind, pair_of: Callable[[], Pair | None]
) -> str | None:
    """Return what a claim is set against, in the source's words; None where nothing tells.

    ``pair_of`` finds the document's two groups, where they are needed.
    """
    text, clause, focus = reading.text, draft.clause, draft.focus
    measurements, beside = draft.measurements, reading.measurements
    told = reference_of(text, focus if measurements else clause, measurements)
    if told is not None:
        return _shown(told, pair_of())
    if published := _PUBLISHED.search(lowered(text), *clause):
        return text[slice(*published.span("told"))]
    before = state_before(text, focus if measurements else clause, measurements, beside)
    if before is not None or reading.sentence.role not in FOUND or kind not in {"outcome", "risk"}:
        return before
    if is_before(measurements, beside):
        return None
    low = lowered(text)
    telling = measurements or _sets(low, clause) or _VERDICT.search(low, *clause)
    pair = pair_of() if telling else None
    if pair is not None:
        found = _other_side(low, clause, focus, measurements, beside, pair)
        if found is not None:
            return found.shown
    return None if measurements else _last_of_two(text, low, clause)


def _shown(told: str, pair: Pair | None) -> str:
    """Return a comparator as its definition tells it, where it is one of the document's groups."""
    core = core_of_group(told)
    for side in pair.sides if pair else ():
        if core == side.key:
            return side.shown
    return told


def _other_side(
    low: str,
    clause: tuple[int, int],
    focus: tuple[int, int],
    measurements: Sequence[Measurement],
    beside: Sequence[Measurement],
    pair: Pair,
) -> Side | None:
    group = next((each.group for each in measurements if each.group), None)
    if group is not None:
        mine = [each for each in pair.sides if each.find(lowered(group), 0, len(group)) is not None]
        return pair.other(mine[0]) if len(mine) == 1 else None
    around = pair.named(low, clause)
    # The ratio or difference of two groups behind both is that of the first to the last.
    effect = bool(measurements) and measurements[0].statistic in EFFECTS
    ratio = effect and len(around) == 2
    inside = [] if ratio else pair.named(low, focus)
    if measurements and not inside and _CONTROLS.search(low, *focus):
        # "In seven controls": set against the others, whatever theirs is called.
        return pair.sides[0]
    for named in (inside, around):
        if len(named) == 1:
            side = named[0][1]
            # "Stay was shorter (6 vs 11 days) in A": what the second is set against is A's.
            ahead = named is around or (measurements and named[0][0] >= measurements[-1].end)
            own = _is_own(low, clause, measurements[0], beside) if measurements else None
            if own is None and measurements and ahead:
                own = not _is_second(low, measurements[0])
            if own is False:
                return side
            return pair.other(side) if measurements or _sets(low, clause) else None
    if len(around) == 2:
        if measurements:
            first, last = (each[1] for each in around)
            return first if _is_second(low, measurements[0]) else last
        return around[1][1]
    verdict = _VERDICT.search(low, *clause)
    if verdict and (
        (effect and verdict[0] != "same")
        or _GROUPS.search(low, *clause)
        or (_DENIED.search(low, *clause) and not _last_of_two(low, low, clause))
    ):
        second = bool(measurements) and _is_second(low, measurements[0])
        return pair.sides[0 if second else 1]
    return None


def _sets(low: str, clause: tuple[int, int]) -> bool:
    """Tell whether a clause sets what it tells of against something: it was less, it fell."""
    found = _SETS.search(low, *clause)
    able = _ABLE.search(low, clause[0], found.start()) if found else None
    return found is not None and (able is None or _MORE.search(low, *clause) is not None)


def _is_own(
    low: str, clause: tuple[int, int], mine: Measurement, beside: Sequence[Measurement]
) -> bool | None:
    """Tell whether a number is that of the one group named, by the verdict on it: lower in A (9 vs 4)."""
    others = [
        each
        for one, two in pairwise(beside)
        for each in (one, two)
        if mine in (one, two) and each is not mine and _VERSUS.search(low, one.end, two.start)
    ]
    values = [value_of(each) for each in (mine, *others)]
    greater, smaller = (
        bool(rule.search(low, *clause)) for rule in (rules().greater, rules().smaller)
    )
    if len(values) != 2 or None in values or values[0] == values[1] or greater == smaller:
        return None
    if " than " in low[slice(*clause)]:
        return None  # "lower than in A": the group named may be what it is set against
    return ((values[0] or 0) > (values[1] or 0)) == greater


def _is_second(low: str, measurement: Measurement) -> bool:
    """Tell whether a number is the second of two that are set against each other."""
    if _OTHER.search(low, 0, measurement.start):
        return True
    # "10%, 20% vs 30%, 40%": all behind the one word are the second's.
    return len(_VERSUS.findall(low)) == 1 and _LATER.search(low, 0, measurement.start) is not None


_ABOUT = re.compile(
    r" (?:in terms of|regarding|concerning|with (?:regards?|respect) to|as (?:regards|to)) "
)


@cache
def _between() -> re.Pattern[str]:
    name = name_rule(6)
    return re.compile(
        rf"\b(?:(?<!ation )(?<!ations )(?<!ship )(?<!ships )(?<!agreement )(?<!interval )between|(?:for|in|among) (?:the )?(?:patients|individuals|subjects|participants) (?:with|receiving|undergoing|treated with|who had)) (?:the |those |patients )*(?!\d)[^,;.]{{3,80}}? (?:and|versus|vs\.?) (?:the |those )*(?P<two>(?!\d){name}(?: (?:groups?|arms?|cohorts?))?)"
    )


def _last_of_two(text: str, low: str, clause: tuple[int, int]) -> str | None:
    """Return the second of two that a verdict lies between: no difference between A and B."""
    if not _VERDICT.search(low, *clause):
        return None
    found = _between().search(low, *clause)
    if found and _ABOUT.search(found[0], 0, found.start("two") - found.start()):
        return None  # "between the grades in terms of pain and gait"
    return text[slice(*found.span("two"))] if found else None
