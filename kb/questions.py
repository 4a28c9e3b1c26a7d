"""What a question is made of, whichever engine answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing asked for, in every way to write it; each way is words that stand together.

    What is ``alike`` means nearly the same, and counts less. What it is ``implied_by`` says it without being a way to write it: SINS says "instability".
    """

    ways: tuple[tuple[str, ...], ...]
    field: str | None = None
    weight: float = 1.0
    implied_by: tuple[tuple[str, ...], ...] = ()
    alike: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Exact:
    """Words as written, one after the other, or within ``slop`` words of each other."""

    words: tuple[str, ...]
    field: str | None = None
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so."""

    beginning: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Restriction:
    """What must be known of an article or a claim: a value, a range, or words in another's field."""

    field: str
    low: str | None = None
    high: str | None = None
    part: Concept | Exact | Prefix | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """What must not match."""

    part: Node


@dataclass(frozen=True, slots=True)
class Both:
    """Parts of which all must match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Parts of which one must match."""

    parts: tuple[Node, ...]


Node = Concept | Exact | Prefix | Restriction | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: parts that are wanted and ranked, parts that are needed, and neighbours."""

    typed: str
    wanted: tuple[Node, ...]
    needed: tuple[Node, ...]
    pairs: tuple[tuple[str, str], ...]
    terms: tuple[str, ...]
    hints: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is left to search for."""
        return not self.wanted and not self.needed


Synonyms = Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]
