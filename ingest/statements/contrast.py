"""Find what a claim is set against beside its own numbers: the other of two groups, the state before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ingest.concepts.mentions import match
from ingest.groups.arms import find_arms, key_of, name_rule
from ingest.groups.dealing import EFFECTS, value_of
from ingest.groups.dealingrules import rules
from ingest.language.abbreviations import find_abbreviations
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Document, Kind, Measurement
from ingest.reading import FOUND, Reading
from ingest.statements.baselines import is_before, state_before
from ingest.statements.belonging import reference_of
from ingest.statements.draft import Draft

# What a document that compares groups holds.
_HINTS = ("roup", " arm", "Arm", "ohort", "ersus", " vs")
_HEADED = re.compile(r"[\s-]+(?:sub)?(?:group|arm|cohort|patient|case)")
_LETTERED = build_rule(
    r"\b(?P<head>(?:sub)?(?:group|arm|cohort))s? (?P<one>[a-d]|[1-4]|i{1,3}|iv)\b"
    r"(?:(?:,| and| vs\.?| versus| or|-) ?(?P<two>[a-d]|[1-4]|i{1,3}|iv)\b)?"
)
_HEADS = ("group", " arm", "cohort")
_HEAD = build_rule(r"(?i)\b(?:sub)?(?:groups?|arms?|cohorts?)\b|\bthe\b|[-\s]+$|^[-\s]+")
_NAMED = build_rule(r"(?i)\b(?:sub)?(?:group|arm|cohort)")
_LETTER = re.compile(r"(?i)(?:sub)?(?:group|arm|cohort) (?:[a-d]|[1-4]|i{1,3}|iv)$")
# Those who had less or the usual: what the others are set against where neither is named.
_PLAIN = build_rule(
    r"(?i)\b(?:controls?|conventional|traditional|open|non\w*|no|without|placebo|alone|only|standard|usual|sham|observation)\b|\b(?:group|arm|cohort) (?:b|2|ii)$"
)
# "TES versus piecemeal resection for sarcoma": what a title weighs.
_WEIGHED = re.compile(
    r"(?i)(?:^|[:?,] |\b(?:of|between|comparing|with|in|following|after|by|does|is) )(?P<one>(?:(?!comparing\b|between\b|comparison\b)[\w-]+ ){0,4}[\w-]+) (?:versus|vs\.?|compared (?:with|to)) (?P<two>(?:(?!for\b|in\b|of\b|on\b|as\b|to\b|following\b|after\b|among\b)[\w-]+[ ,]?){1,5})"
)
_MEANING = re.compile(
    r"\s*\((?!(?:since|from|until|between|mean|median|range|with an?|average|see|table|fig)\b)([a-z][^()\d=<>]{3,60}?)(?:[,;] ?n ?= ?\d+)?\)",
    re.IGNORECASE,
)
# "Stretching (arm B)": the meaning stands before the name.
_MEANT = re.compile(r"(?P<told>(?:[\w-]+ ){0,4}[\w-]+) \((?:the )?$")
_MEANT_LEAD = re.compile(
    r"^.*\b(?:to|of|with|and|or|either|were|was|the|received|underwent|had|undergoing|receiving|in)\b ?",
    re.IGNORECASE,
)
_TOLD = build_rule(
    r"(?i)\b(?:patients?|individuals|subjects|participants?|cases|did|not|had|was|were|who|only|those|it)\b|\d|^(?:for|by|on|at|in|from)\b"
)
_WHOLE = build_rule(
    r"\b(?:multicent\w+|ambispective|prospective|retrospective|consecutive|study|historical|validation|derivation|training|test|overall|entire|whole|some|matched|reference|national|nationwide|index|compounds|ad hoc|larger|smaller)\b"
)
_SCHEDULE = re.compile(r"\d\s*[x×]\s*\d+(?:\.\d)?\s*gy")
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
_OTHER = build_rule(
    r"(?:\bvs\.?|\bversus|\bcompared (?:with|to)|\bagainst|\bthan)\s*(?:[(\[]\s*)?$"
)
_OR_WITH = re.compile(r"\b(?:or|and/or)(?: with| by)? [\w-]+$")
_VERSUS = build_rule(r"\b(?:vs|versus)\b")
_LATER = build_rule(r"\b(?:vs\.?|versus)\s[\d.,%\s±()-]*(?:and )?$")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two groups: how it is shown, its key, and the forms by which a sentence names it.

    ``headed`` is true where a form names the group only with a word for one behind it.
    """

    shown: str
    key: str
    forms: tuple[str, ...]
    headed: bool

    def find(self, low: str, start: int, end: int) -> int | None:
        """Return where a stretch of text in lower case first names the group."""
        if _LETTER.fullmatch(self.key):
            head, _, name = self.key.rpartition(" ")
            for match in _LETTERED.finditer(low, start, end):
                if match["head"] == head and name in (match["one"], match["two"]):
                    return match.start()
            return None
        if _SCHEDULE.search(self.key):
            for match in _SCHEDULE.finditer(low, start, end):
                if _amounts(match[0]) == _amounts(self.key):
                    return match.start()
            return None
        found = [
            at for form in self.forms if (at := self._place(low, form, start, end)) is not None
        ]
        return min(found, default=None)

    def _place(self, low: str, form: str, start: int, end: int) -> int | None:
        plain = low.replace("-", " ")
        at = plain.find(form, start, end)
        while at >= 0:
            behind = at + len(form) + low.startswith("s", at + len(form))
            apart = not (
                low[at - 1 : at].isalnum() or low.endswith(("-", "no ", "non "), start, at)
            )
            whole = not low[behind : behind + 1].isalnum() and (
                self.headed or low[behind : behind + 1] != "-"
            )
            if apart and whole and (not self.headed or _HEADED.match(low, behind)):
                return at
            at = plain.find(form, at + 1, end)
        return None


_CONTROLS = build_rule(
    r"(?<!historical )(?<!historic )\bcontrols\b|\bcontrol (?:patients|individuals|participants|subjects|cases)\b"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two groups that a document sets against each other; ``sides[1]`` is the reference."""

    sides: tuple[Side, Side]

    def named(self, low: str, span: tuple[int, int]) -> list[tuple[int, Side]]:
        """Return the sides that a stretch of a sentence names, each with its first place."""
        found = [(each.find(low, *span), each) for each in self.sides]
        return sorted(
            ((at, each) for at, each in found if at is not None), key=lambda each: each[0]
        )

    def other(self, side: Side) -> Side:
        """Return the side that is set against a side."""
        return self.sides[1] if side is self.sides[0] else self.sides[0]


def pair_finder(document: Document) -> Callable[[], Pair | None]:
    """Return what finds a document's two groups when first asked for them."""
    found: list[Pair | None] = []

    def pair_of() -> Pair | None:
        if not found:
            found.append(find_pair(document))
        return found[0]

    return pair_of


def find_pair(document: Document) -> Pair | None:
    """Return the two groups of a document that compares just two, else None."""
    if not holds_any(document.masked, _HINTS):
        return None
    low = lowered(document.masked)
    title = document.record.title or ""
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for sentence in document.sentences:
        part = low[sentence.start : sentence.end]
        if sentence.role == "none" or not holds_any(part, _HEADS):
            continue
        text = document.masked[sentence.start : sentence.end]
        for arm in find_arms(text, part):
            core = _core(arm.label) if _NAMED.search(arm.label) else ""
            if core and not _WHOLE.search(core):
                counts[core] += 1
                meaning = _meaning(text, arm.start, arm.end)
                if core not in labels or (meaning and "(" not in labels[core]):
                    labels[core] = f"{arm.label} ({meaning})" if meaning else arm.label
    kept = [each for each in labels if counts[each] > 1] if len(labels) > 2 else [*labels]
    if len(kept) == 2 and not _one_in_other(*kept):
        return _paired([labels[each] for each in kept], kept, document)
    weighed = _WEIGHED.search(title)
    if weighed and not kept:
        names = [weighed["one"].strip(" ,"), weighed["two"].strip(" ,")]
        return _paired(names, [each.lower() for each in names], document)
    return None


def _meaning(text: str, start: int, end: int) -> str | None:
    """Return what the words beside a group's name say that it is: group B (cement alone)."""
    behind = _MEANING.match(text, end)
    if behind:
        return behind[1]
    ahead = _MEANT.search(text, max(0, start - 80), start) if text[end : end + 1] in "),;" else None
    # "Laminectomy alone or with | fixation (group B)": but a part of what they had.
    partly = ahead is not None and _OR_WITH.search(ahead["told"])
    told = _MEANT_LEAD.sub("", ahead["told"]).strip() if ahead and not partly else ""
    return told if len(told) > 3 and not _TOLD.search(told) else None


def _one_in_other(one: str, other: str) -> bool:
    """Tell whether two names may be of one group: the intralesional, the intralesional excision."""
    first, last = set(one.split()), set(other.split())
    return first < last and not (last - first) & {"no", "non", "not", "without", "control"}


def _core(label: str) -> str:
    """Return what tells a group from others: "MIS" of "the MIS group", "group a" of a lettered one."""
    key = key_of(label)
    return key if _LETTER.fullmatch(key) else _HEAD.sub("", key).strip()


def _paired(labels: Sequence[str], cores: Sequence[str], document: Document) -> Pair:
    abbreviations = find_abbreviations(document.masked)
    sides = [_side(label, core, abbreviations) for label, core in zip(labels, cores, strict=True)]
    low = lowered(document.masked)
    places = [each.find(low, 0, len(low)) for each in sides]
    first, last = (len(low) if each is None else each for each in places)
    plain = [bool(_PLAIN.search(each.shown)) for each in sides]
    if plain == [True, False] or (plain[0] == plain[1] and last < first):
        sides.reverse()
    return Pair((sides[0], sides[1]))


def _spelled_out(label: str, abbreviations: Mapping[str, str]) -> str:
    """Return a label with the long form of an abbreviation in it: TOS (traditional open surgery)."""
    for short, long in abbreviations.items():
        # In "S + RT" the name of one part is no name of the group.
        alone = re.search(rf"(?<![+/]) (?<![+/] ){re.escape(short)}\b(?! ?[+/])", f" {label}")
        if alone and long.lower() not in label.lower():
            told = long.strip(" \"'\u201c\u201d")
            return label.replace(short, f"{short} ({told})", 1)
    return label


def _side(label: str, core: str, abbreviations: Mapping[str, str]) -> Side:
    forms = {core}
    for short, long in abbreviations.items():
        if core == short.lower() or core == long.lower():
            forms |= {short.lower(), long.lower()}
    # "Leakage" alone may be what happened: a group's name tells it where it is one of a treatment.
    kinds = {each.facet for form in forms for each in match(form)}
    alone = "procedures" in kinds or (len(forms) > 1 and "measures" not in kinds)
    named = tuple(each.replace("-", " ") for each in sorted(forms))
    return Side(_spelled_out(label, abbreviations), core, named, not alone)


def _amounts(schedule: str) -> list[str]:
    return re.findall(r"[\d.]+", schedule)


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
    telling = measurements or _SETS.search(low, *clause) or _VERDICT.search(low, *clause)
    pair = pair_of() if telling else None
    if pair is not None:
        found = _other_side(low, clause, focus, measurements, beside, pair)
        if found is not None:
            return found.shown
    return None if measurements else _last_of_two(text, low, clause)


def _shown(told: str, pair: Pair | None) -> str:
    """Return a comparator as its definition tells it, where it is one of the document's groups."""
    core = _core(told)
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
            sets = bool(measurements) or _SETS.search(low, *clause) is not None
            return pair.other(side) if sets else None
    if len(around) == 2:
        if measurements:
            first, last = (each[1] for each in around)
            return first if _is_second(low, measurements[0]) else last
        return around[1][1]
    verdict = _VERDICT.search(low, *clause)
    if verdict and (
        _GROUPS.search(low, *clause)
        or (_DENIED.search(low, *clause) and not _last_of_two(low, low, clause))
    ):
        second = bool(measurements) and _is_second(low, measurements[0])
        return pair.sides[0 if second else 1]
    return None


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
