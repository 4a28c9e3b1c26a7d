"""Find the two groups that a document sets against each other, and where its sentences name them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ingest.concepts.mentions import match
from ingest.groups.arms import find_arms, key_of
from ingest.language.abbreviations import find_abbreviations
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered
from ingest.model import Document

# What a document that compares groups holds.
_HINTS = ("roup", " arm", "Arm", "ohort", "ersus", " vs", "ompar")
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
# "To compare percutaneous (PF) with open fixation (OF)": two treatments by their short names
_COMPARED = re.compile(
    r"\b[Cc]ompar(?:e[ds]?|ing|isons? of|ison between) (?P<first>[^.;:()]{3,90})\((?P<one>[A-Z][A-Za-z0-9/+-]{1,8})\),? (?:with|to|and|versus|vs\.?|against|or) (?P<second>[^.;:()]{3,90})\((?P<two>[A-Z][A-Za-z0-9/+-]{1,8})\)(?!,? (?:and|versus|vs\.?|or) [^.;:()]{3,60}\([A-Z])"
)
_MEANING = re.compile(
    r"\s*\((?!(?:since|from|until|between|mean|median|range|with an?|average|see|table|fig)\b)([a-z][^()\d=<>]{3,60}?)(?:[,;] ?n ?= ?\d+)?\)",
    re.IGNORECASE,
)
# "Stretching (arm B)": the meaning stands before the name.
_MEANT = re.compile(r"(?P<told>(?:[\w-]+ ){0,4}[\w-]+) \((?:the )?$")
_OR_WITH = re.compile(r"\b(?:or|and/or)(?: with| by)? [\w-]+$")
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
            core = core_of_group(arm.label) if _NAMED.search(arm.label) else ""
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
    return None if kept else _compared_shorts(document)


def _compared_shorts(document: Document) -> Pair | None:
    """Return the two treatments that a document says it compares, where it tells both by a short name."""
    for sentence in document.sentences:
        text = document.masked[sentence.start : sentence.end]
        found = _COMPARED.search(text) if "ompar" in text else None
        if found and _is_treatment(found["first"]) and _is_treatment(found["second"]):
            names = [found["one"], found["two"]]
            return _paired(names, [each.lower() for each in names], document)
    return None


def _is_treatment(name: str) -> bool:
    return any(each.facet in {"procedures", "approaches"} for each in match(name))


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


def core_of_group(label: str) -> str:
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
