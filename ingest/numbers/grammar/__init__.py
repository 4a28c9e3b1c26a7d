"""Load the wordings of number expressions: one idea a file, with the examples that are its tests.

Rules match text in lower case in which names that hold numbers and earlier finds are blanked by
``#``; ``ÓR`` stands for the odds ratio's letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingest.numbers import expressions, parts
from ingest.numbers.fragments import compiled, load_fragments
from ingest.numbers.quantity import Quantity
from ingest.yamlfile import load_yaml

FOLDER = Path(__file__).parent
Maker = Callable[[re.Match[str]], Iterator[Quantity]]
_NEEDED = {"idea", "order", "reader", "rule", "examples", "counter_examples"}
_KEYS = {*_NEEDED, "marks", "leading", "within", "ahead", "not_ahead", "not_behind"}
_WHOLE = 1 << 30


class GrammarError(ValueError):
    """Rule files that cannot be used; every fault found is listed."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what its rule reads of it, in order: the fields set, and the ``quote`` read."""

    text: str
    reads: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One wording; ``marks`` are strings of which a text must hold one for it to be tried.

    ``leading`` is true where the wording begins with a number: it is tried at numbers alone. Of the
    characters ``within`` so many ahead of a match, ``ahead`` must and ``not_ahead`` must not match
    some; ``not_behind`` must not match what follows it.
    """

    name: str
    order: int
    rule: re.Pattern[str]
    make: Maker
    marks: tuple[str, ...]
    leading: bool
    within: int
    ahead: re.Pattern[str] | None
    not_ahead: re.Pattern[str] | None
    not_behind: re.Pattern[str] | None
    examples: tuple[Example, ...]
    counter_examples: tuple[str, ...]

    def read(self, match: re.Match[str]) -> list[Quantity]:
        """Return the quantities of a match, none where the words around it say otherwise."""
        if self.ahead or self.not_ahead:
            words = match.string[max(0, match.start() - self.within) : match.start()]
            if self.ahead and not self.ahead.search(words):
                return []
            if self.not_ahead and self.not_ahead.search(words):
                return []
        if self.not_behind and self.not_behind.match(match.string, match.end()):
            return []
        return list(self.make(match))


@cache
def load_rules(folder: Path = FOLDER) -> tuple[Rule, ...]:
    """Return the rules in the order in which they are tried; raise ``GrammarError`` listing faults."""
    fragments, known = load_fragments(), readers()
    found: dict[int, Rule] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            rule = _rule(path.stem, load_yaml(path), fragments, known)
            if rule.order in found:
                raise GrammarError(
                    f"order {rule.order} is that of {found[rule.order].name}.yml; "
                    "a number of its own expected"
                )
            found[rule.order] = rule
        except ValueError as error:
            faults.append(f"{path.name}: {error}")
    if faults:
        raise GrammarError("\n".join(faults))
    return tuple(found[order] for order in sorted(found))


def _rule(
    name: str, data: Mapping[str, Any], fragments: Mapping[str, str], known: Mapping[str, Maker]
) -> Rule:
    if unknown := set(data) - _KEYS:
        raise GrammarError(f"unknown keys {sorted(unknown)}; some of {sorted(_KEYS)} expected")
    if missing := _NEEDED - set(data):
        raise GrammarError(f"{sorted(missing)} missing; every rule states them")
    if not isinstance(data["order"], int):
        raise GrammarError(f"order: {data['order']!r} is none; a whole number expected")
    if data["reader"] not in known:
        raise GrammarError(f"reader: {data['reader']} is none; one of {sorted(known)} expected")
    if not all(isinstance(each, str) for each in data.get("marks", ())):
        raise GrammarError("marks: one is no text; quote words such as 'no'")
    if not all({"text", "reads"} == set(each) for each in data["examples"]):
        raise GrammarError("examples: 'text' or 'reads' missing; each has both and nothing else")
    return Rule(
        name=name,
        order=data["order"],
        rule=compiled(data["rule"], fragments, "rule"),
        within=data.get("within", _WHOLE),
        **{
            key: compiled(data[key], fragments, key) if key in data else None
            for key in ("ahead", "not_ahead", "not_behind")
        },
        make=known[data["reader"]],
        marks=tuple(data.get("marks", ())),
        leading=bool(data.get("leading", False)),
        examples=tuple(Example(one["text"], tuple(one["reads"])) for one in data["examples"]),
        counter_examples=tuple(data["counter_examples"]),
    )


@cache
def readers() -> Mapping[str, Maker]:
    """Return the functions that make quantities of a match, by the name that rules give them."""
    return {
        name: each
        for module in (expressions, parts)
        for name, each in vars(module).items()
        if name.startswith("read_")
    }
