"""Tell what the names of groups have in common: the MISS group, patients treated by MISS, MISS."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.groups.arms import key_of
from ingest.language.starts import build_rule

_CORE = build_rule(
    r"^the |^(?:(?:the )?(?:patients|subjects|participants|those|cases|women|men|children|individuals) )?(?:who )?(?:(?:were |was )?(?:treated|managed|operated|irradiated)(?: on)? (?:with|by|using)|(?:had |have )?(?:received|underwent|undergone|had)|receiving|undergoing|given)(?: an?| the)? "
    r"|^(?:groups?|arms?|cohorts?) (?=[a-z]{1,4}$)|(?<=[a-z0-9)]) (?:groups?|arms?|cohorts?|patients|individuals|subjects|participants|cases)$"
)
# What may stand behind a treatment's name without naming another: SBRT, SBRT alone.
_TAIL = re.compile(
    r"(?: (?:alone|only|rt|radiotherapy|radiation|therapy|treatment|surgery|surgical|resection|technique|approach|procedures?|method|schedules?|regimens?|fixation|fusion|care|management))+"
)
STEM = 7
"""As many letters as tell a treatment's noun and its participle from other words."""
# As many letters as their root has.
_ROOT = 5
_ENDING = re.compile(r"(?:ed|ions?)$")
# "Surgery plus radiotherapy" is not radiotherapy.
_JOINS = re.compile(
    r"(?:\b(?:plus|and|with|without|no|non|not|followed|or|than|combined)\b|\+|/|(?:^| )non-$)"
)
# Unshaven, non-shaven and nonshaven patients are the same.
_UNDONE = re.compile(r"\b(?:un|non ?)(?=[a-z]{4,}(?:ed|en)\b)")
# Words of one family: the surgical group, surgically treated patients, those treated surgically.
_SURGERY = re.compile(
    r"(?:(?:patients|individuals|subjects|participants|those|cases) )?(?:treated |managed )?(?P<not>non ?)?(?:surg(?:ical|ically|ery)|operative(?:ly)?)(?: (?:treated|managed|treatment|management|care|therapy))?"
)


def core_of(label: str) -> str:
    """Return what a group's name says apart from that it is one: of "the MISS group" MISS."""
    core = _UNDONE.sub("non ", _CORE.sub("", key_of(label)))
    surgery = _SURGERY.fullmatch(core) if "surg" in core or "operative" in core else None
    if surgery is None:
        return core
    return "nonsurgery" if surgery["not"] else "surgery"


def size_of(known: Mapping[str, int | None], label: str) -> int | None:
    """Return how many patients a group had whose name the text gave in part or in full, if one fits."""
    core = core_of(label)
    if core in known:
        return known[core]
    longer = {size for name, size in known.items() if means_same(name, core)}
    return longer.pop() if len(longer) == 1 and len(core) > 2 else None


def means_same(name: str, other: str) -> bool:
    """Tell whether two names of groups differ only by words that tell no other: TES, patients' TES."""
    if len(name) < len(other):
        name, other = other, name
    if len(other) < 3:
        return name == other
    if name.endswith(f" {other}"):
        return _JOINS.search(name, 0, len(name) - len(other)) is None
    return name == other or (
        name.startswith(f"{other} ") and _TAIL.fullmatch(name, len(other)) is not None
    )


def fits(words: frozenset[str], told: frozenset[str]) -> bool:
    """Tell whether all words of a name are among those told of a group, in whatever form."""
    told = told.union(*(each.split("-") for each in told if "-" in each))
    if ("not" in words) != ("not" in told):
        return False
    # "Embolization" was done in "the embolized".
    stems = {each[:STEM] for each in told if len(each) >= STEM}
    stems |= {_root(each) for each in told if len(each) >= _ROOT}
    return all(
        each in told or (len(each) > _ROOT and not stems.isdisjoint((each[:STEM], _root(each))))
        for each in words
    )


def _root(word: str) -> str:
    """Return what "ablated" and "ablation", "excised" and "excision" have in common."""
    return _ENDING.sub("", word)
