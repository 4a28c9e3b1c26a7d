"""Read how many patients each group of a study had where a sentence tells of them all in turn.

"Twenty patients received TES and 35 had curettage" sizes two groups by what was done in them;
"fusion was done in 20 patients (fusion group)" sizes one by the name it gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ingest.quantities import find_quantities
from ingest.quantity import Quantity
from ingest.wording import lowered

_DONE = (
    r"(?:(?:had |were |have )?(?:received?|receiving|underwent|undergone|undergoing|had|assigned to|allocated to|randomi[sz]ed to)"
    r"|(?:were |who were )?(?:surgically |initially |primarily |randomly )?(?:treated|managed|operated|operated on|irradiated|assigned|allocated|randomi[sz]ed)(?: on)? (?:with|by|using|via|through|to))"
)
_TOKEN = r"(?!(?:and|while|whereas|but|versus|vs|in|after|for|with|without|during|before|at|of|because|due|who|were|was|had|no)\b)[^,.;:()\s]+"
_GOT = re.compile(
    rf"\s*(?:\([^)]*\)\s*)?(?:who )?{_DONE}(?: to)?(?: (?:receive|undergo|the|an?|only))* "
    rf"(?P<name>(?![\d#]){_TOKEN}(?: {_TOKEN}){{0,4}}?)"
    r"(?=\s*\((?P<short>[^)=\d]{1,30})\)|\s*[,.;:(]|\s+(?:and|while|whereas|versus|vs|but|in|after|for|with|during|at|of|because|due)\b|\s*$)"
)
_NAMED = re.compile(
    r"[^.;,()]{0,70}?\((?:the )?(?P<name>(?!\d)[^(),;%]{1,30}? (?:group|arm|cohort))\)"
)
_CORE = re.compile(
    r"^the |^(?:(?:the )?(?:patients|those|cases|women|men|children|individuals) )?(?:who )?(?:(?:were |was )?(?:treated|managed|operated|irradiated)(?: on)? (?:with|by|using)|(?:had |have )?(?:received|underwent|undergone|had)|receiving|undergoing|given)(?: an?| the)? "
    r"|(?<=[a-z0-9)]) (?:groups?|arms?|cohorts?|patients|cases)$"
)
# Sentences that put the patients of a study into groups.
_FORMS = re.compile(
    r"\b(?:divided|split|assigned|allocated|randomi[sz]ed|stratified|grouped|includ\w+|enrolled|comprised|comprising|identified|consisted)\b"
)
_BEFELL = re.compile(
    r"\b(?:died|developed|recurr\w+|improved|complications?|survived|infections?|deteriorated)\b"
)
# "to bracing (n = 31) or to a control arm (n = 29)"
_SIZE = re.compile(r"\s?[(\[](?:[^()\[\]=\d]{0,30}[,;]\s*)?n\s*=\s*(?P<n>\d+)\b")
# What a group's name begins behind.
_BEGINS = re.compile(
    r"\b(?:to|either|or|and|versus|vs|receive|received|undergo|underwent|undergoing|with|by|into|in|of|had|an?|the|only|patients|cases|who|were|was)\b|[,.;:()]"
)
_NAME = 60
# "53 in the open surgery group"
_IN_ARM = re.compile(
    r"\s*(?:patients |cases |women |men )?(?:in|to) (?:the |an? )?(?P<name>(?!\d)(?:(?!\b(?:and|or|with|in|of|who|were)\b)[^\s,.;:()]+ ){1,5}?)(?:groups?|arms?|cohorts?)\b"
)
_HINTS = (
    "ceiv",
    "under",
    " had ",
    "treated",
    "managed",
    "operated",
    "roup)",
    "arm)",
    "ohort)",
    "igned",
    "ocated",
    "mized",
    "mised",
    "n=",
    "n =",
    "N=",
    "N =",
    " group",
    " arm",
    " cohort",
)
_AMID = re.compile(r"\b(?:and|while|whereas|versus|vs\.?|but)\b|[,;]")


def core_of(label: str) -> str:
    """Return what a group's name says apart from that it is one: of "the MISS group" MISS."""
    plain = re.sub(r"[-‑\s]+", " ", label.lower()).strip()
    return _CORE.sub("", plain)


def note_sizes(text: str, known: dict[str, int | None]) -> None:
    """Add the sizes of the groups that a sentence tells in turn; under one name two are none."""
    quantities = find_quantities(text)
    # Most sentences hold no number at all.
    if not (quantities or "=" in text) or not any(each in text for each in _HINTS):
        return
    low = lowered(text)
    counts = [each for each in quantities if _size(each) > 1]
    sized = [*_sized(low), *_in_arms(low, counts)]
    told = sized if sized and _FORMS.search(low) and not _BEFELL.search(low) else ()
    for name, size in dict.fromkeys((*_told_in_turn(low, counts), *_named(low, counts), *told)):
        known[name] = size if known.get(name, size) == size else None


def size_of(known: Mapping[str, int | None], label: str) -> int | None:
    """Return how many patients a group had whose name the text gave in part or in full, if one fits."""
    core = core_of(label)
    if core in known:
        return known[core]
    longer = {
        size
        for name, size in known.items()
        if name.endswith(f" {core}") or core.endswith(f" {name}")
    }
    return longer.pop() if len(longer) == 1 and len(core) > 2 else None


def _sized(low: str) -> Iterator[tuple[str, int]]:
    for match in _SIZE.finditer(low):
        ahead = low[max(0, match.start() - _NAME) : match.start()]
        name = _BEGINS.split(ahead)[-1].strip()
        if int(match["n"]) > 1 and name and len(name.split()) < 6 and not name[0].isdigit():
            yield core_of(name), int(match["n"])


def _in_arms(low: str, counts: list[Quantity]) -> Iterator[tuple[str, int]]:
    found = [(each, match) for each in counts if (match := _IN_ARM.match(low, each.end))]
    if len(found) > 1:
        for each, match in found:
            yield core_of(match["name"].strip()), _size(each)


def _size(each: Quantity) -> int:
    """Return how many patients a number counts, 0 where it may count something else."""
    if each.form == "count" and each.unit == "patients":
        return each.numerator or 0
    bare = each.form in {"bare", "score"} and each.unit is None and each.low is None
    value = each.value or 0.0
    return int(value) if bare and value == int(value) else 0


def _told_in_turn(low: str, counts: list[Quantity]) -> Iterator[tuple[str, int]]:
    found = [(each, match) for each in counts if (match := _GOT.match(low, each.end))]
    names = {match["name"].strip() for _, match in found}
    if len(found) < 2 or len(names) < len(found):
        return
    starts = [each.start for each, _ in found[1:]]
    ends = [match.end() for _, match in found[:-1]]
    if not all(_AMID.search(low, end, start) for end, start in zip(ends, starts, strict=True)):
        return
    for each, match in found:
        yield core_of(match["name"]), _size(each)
        if match["short"]:
            yield core_of(match["short"]), _size(each)


def _named(low: str, counts: list[Quantity]) -> Iterator[tuple[str, int]]:
    for at, each in enumerate(counts):
        match = _NAMED.match(low, each.end)
        later = counts[at + 1].start if at + 1 < len(counts) else len(low)
        if match and match.end() <= later and "=" not in match[0]:
            yield core_of(match["name"]), _size(each)
