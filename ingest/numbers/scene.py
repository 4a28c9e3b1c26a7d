"""Hold what reading the numbers of one sentence needs: its words and all that was found in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingest.model import Concept, Measurement, Mention
from ingest.numbers.quantity import BOUNDS, Quantity


@dataclass(frozen=True, slots=True)
class Population:
    """A number of patients that a sentence names; ``whole`` where it is a group, not a finding.

    ``unit`` tells what else it may count: tumours, procedures; ``total`` is the sum of all the
    counts of its sentence.
    """

    size: int
    sentence: int
    whole: bool
    unit: str = "patients"
    total: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What attachment reads of a sentence: its words in lower case and all that was found in them.

    Each is like itself alone, so that what was read of one can be remembered. ``mentions`` are
    of measures and scales; ``adverbs`` and ``adjectives`` times told in words; ``numbers``
    are the quantities that state a finding; ``timed`` is true where any time is told.
    """

    low: str
    clauses: Sequence[tuple[int, int]]
    quantities: Sequence[Quantity]
    mentions: Sequence[Mention]
    concepts: Mapping[str, Concept]
    times: Sequence[Quantity]
    adverbs: Sequence[Quantity]
    adjectives: Sequence[Quantity]
    numbers: Sequence[Quantity] = field(init=False)
    timed: bool = field(init=False)

    def __post_init__(self) -> None:
        """Tell the numbers that state a finding, which many ask for, from p values and intervals."""
        found = [each for each in self.quantities if each.form not in BOUNDS]
        object.__setattr__(self, "numbers", found)
        timed = bool(self.times or self.adverbs or self.adjectives)
        object.__setattr__(self, "timed", timed)

    def clause(self, place: int) -> int:
        """Return which clause a place lies in."""
        if len(self.clauses) < 2:
            return 0
        return next((at for at, (start, end) in enumerate(self.clauses) if start <= place < end), 0)


@dataclass(slots=True)
class Sitting:
    """What reading a sentence's numbers needs: the scene, the groups around it, what was found.

    ``nerves`` is true where the text is on the function of the nerves.
    """

    text: str
    scene: Scene
    groups: list[Quantity]
    populations: Sequence[Population]
    sentence: int
    inherited: str | None
    single: bool
    rows: list[list[Quantity]]
    measures: dict[int, str]
    times: dict[int, Quantity]
    nerves: bool = False
    found: list[Measurement] = field(default_factory=list)
