"""Load the claim patterns: one idea a file, with the examples that are its tests."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

from ingest.language.literals import all_required
from ingest.language.phrases import shared_pool
from ingest.language.wording import Wordings, compile_wordings
from ingest.model import Direction, Kind, Polarity, Subkind
from ingest.yamlfile import load_yaml

FOLDER = Path(__file__).parent
_WORD = re.compile(r"[a-z]+")
_KEYS = {
    "idea",
    "kind",
    "subkind",
    "weight",
    "triggers",
    "needs",
    "needs_any",
    "concepts",
    "roles",
    "any",
    "none",
    "list",
    "list_after",
    "split_on",
    "strength",
    "polarity",
    "direction",
    "keeps_kind",
    "counts",
    "examples",
    "counter_examples",
}


class PatternError(ValueError):
    """Pattern files that cannot be used; every fault found is listed."""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One idea of how a claim is worded.

    ``needs`` must all hold of the clause and ``needs_any`` at least one; ``anything`` are
    alternative wordings of which one must match (none given: the needs suffice). ``keeps_kind`` is
    true of a risk that is one where the harm is denied, too, and of an outcome that is one of harms.
    ``counts`` are the measures, by unit, of what its claims count without naming a measure.
    """

    name: str
    idea: str
    kind: Kind
    subkind: Subkind | None
    weight: float
    triggers: tuple[str, ...]
    needs: frozenset[str]
    needs_any: frozenset[str]
    concepts: frozenset[str]
    roles: frozenset[str]
    anything: Wordings | None
    nothing: Wordings | None
    listing: bool
    list_after: Wordings | None
    split_on: Wordings | None
    strength: str | None
    polarity: Polarity | None
    direction: Direction | None
    keeps_kind: bool
    counts: Mapping[str, str]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


def _compiled(rules: list[str] | str | None) -> Wordings | None:
    if not rules:
        return None
    return compile_wordings([rules] if isinstance(rules, str) else rules)


def _pattern(name: str, data: Mapping[str, Any]) -> Pattern:
    unknown = set(data) - _KEYS
    if unknown:
        raise PatternError(
            f"{name}: unknown keys {sorted(unknown)}; one of {sorted(_KEYS)} expected"
        )
    missing = {"idea", "kind", "weight", "triggers", "examples"} - set(data)
    if missing:
        raise PatternError(f"{name}: {sorted(missing)} missing; every pattern states them")
    if not all(isinstance(each, str) for each in data["triggers"]):
        raise PatternError(f"{name}: a trigger is no text; quote words such as 'no'")
    return Pattern(
        name=name,
        idea=data["idea"],
        kind=cast(Kind, data["kind"]),
        subkind=cast("Subkind | None", data.get("subkind")),
        weight=float(data["weight"]),
        triggers=tuple(data["triggers"]),
        needs=frozenset(data.get("needs", ())),
        needs_any=frozenset(data.get("needs_any", ())),
        concepts=frozenset(data.get("concepts", ())),
        roles=frozenset(data.get("roles", ())),
        anything=_compiled(data.get("any")),
        nothing=_compiled(data.get("none")),
        listing=bool(data.get("list", False)),
        list_after=_compiled(data.get("list_after")),
        split_on=_compiled(data.get("split_on")),
        strength=data.get("strength"),
        polarity=cast("Polarity | None", data.get("polarity")),
        direction=cast("Direction | None", data.get("direction")),
        keeps_kind=bool(data.get("keeps_kind", False)),
        counts=dict(data.get("counts", {})),
        examples=tuple(data["examples"]),
        counter_examples=tuple(data.get("counter_examples", ())),
    )


@cache
def load_patterns() -> Mapping[str, Pattern]:
    """Return every pattern by name; raise ``PatternError`` listing all that are wrong."""
    found: dict[str, Pattern] = {}
    faults: list[str] = []
    for path in sorted(FOLDER.glob("*.yml")):
        try:
            found[path.stem] = _pattern(path.stem, load_yaml(path))
        except (ValueError, re.error) as error:
            faults.append(f"{path.name}: {error}")
    if faults:
        raise PatternError("\n".join(faults))
    return found


@cache
def _ranked() -> tuple[Mapping[str, int], tuple[Pattern, ...]]:
    """Return the bit of every pattern by name, and the patterns by bit: the weightiest first."""
    ranked = sorted(load_patterns().values(), key=lambda each: (-each.weight, each.name))
    return {each.name: 1 << at for at, each in enumerate(ranked)}, tuple(ranked)


@cache
def _strings() -> tuple[Mapping[str, int], frozenset[str], int]:
    """Return the bits of the patterns by the strings that a text must hold, and what needs none.

    One of a pattern's trigger words must begin a word, and one of the strings that its wordings
    need must stand in the text: the triggers have the bits behind those of the wordings.
    """
    found: dict[str, int] = {}
    always, ranked = 0, _ranked()[1]
    for place, each in enumerate(ranked):
        needed = all_required(each.anything.needed if each.anything else ())
        # Of a trigger of several words the first is enough to look closer.
        begun = [f" {_WORD.findall(word)[0]}" for word in each.triggers if word != "*"]
        begun = [] if "*" in each.triggers else begun
        for bit, strings in ((1 << place, needed), (1 << place + len(ranked), begun)):
            always |= 0 if strings else bit
            for string in strings:
                found[string] = found.get(string, 0) | bit
    shared_pool().join(found)
    return found, frozenset(found), always


@cache
def _needed() -> tuple[Mapping[str, int], Mapping[str, int], int]:
    """Return the bits of the patterns that need a feature, or it or another, and of the others."""
    bits, ranked = _ranked()
    needs: dict[str, int] = {}
    either: dict[str, int] = {}
    for pattern in ranked:
        for table, names in ((needs, pattern.needs), (either, pattern.needs_any)):
            for name in names:
                table[name] = table.get(name, 0) | bits[pattern.name]
    return needs, either, sum(bits[each.name] for each in ranked if not each.needs_any)


@lru_cache(maxsize=1024)  # most clauses have what many others have
def _possible(features: frozenset[str]) -> int:
    """Return the bits of the patterns that find what they need among a clause's features."""
    needs, either, found = _needed()
    for each in features:
        found |= either.get(each, 0)
    for name, bits in needs.items():
        if name not in features:
            found &= ~bits
    return found


def worded(text: str) -> int:
    """Return the bits of the patterns of which a trigger and a part of a wording stand in a text.

    The text is in lower case.
    """
    (strings, known, held), (_, ranked) = _strings(), _ranked()
    for string in known & shared_pool()[text]:
        held |= strings[string]
    return held & held >> len(ranked)


@cache
def _costly() -> tuple[tuple[str, int], ...]:
    """Return the features that a whole sentence is searched for, with the patterns that need them."""
    needs, either, _ = _needed()
    return tuple((each, needs.get(each, 0) | either.get(each, 0)) for each in ("care", "future"))


def asked_for(told: int) -> list[str]:
    """Return of the features that cost a search those that a pattern ``worded`` so needs."""
    return [name for name, bits in _costly() if told & bits]


def candidates(told: int, features: Collection[str]) -> Iterator[Pattern]:
    """Yield the patterns ``worded`` in a text that has the features they need, the weightiest first.

    Features are what a clause has: facets of its mentions, ``quantity``, ``strength`` ...
    """
    ranked = _ranked()[1]
    left = told & _possible(frozenset(features))
    while left:
        lowest = left & -left
        yield ranked[lowest.bit_length() - 1]
        left ^= lowest


def fits(pattern: Pattern, text: str, concepts: Collection[str], role: str) -> re.Match[str] | bool:
    """Return the match (or truth) where a clause fits one of its candidates, false where it does not."""
    if pattern.concepts and pattern.concepts.isdisjoint(concepts):
        return False
    if pattern.roles and role not in pattern.roles:
        return False
    match: re.Match[str] | bool = True
    if pattern.anything is not None:
        match = pattern.anything.search(text) or False
    if match and pattern.nothing and pattern.nothing.found(text):
        return False
    return match
