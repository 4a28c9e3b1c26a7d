"""Read when a step of the course was reached where that is the finding: they went home after 6 days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ingest.language.wording import Wordings, compile_wordings
from ingest.measurements.latency import lasting
from ingest.model import Measurement
from ingest.numbers.quantity import PARTS_OR_BARE, SPANS, Quantity
from ingest.numbers.scene import Sitting
from ingest.yamlfile import load_yaml

_CUES = Path(__file__).parents[1] / "cues" / "milestones.yml"
# "She was discharged after a week with no deficit": what is told is the deficit.
_BESIDES = re.compile(r" (?:\w+ly )?(?:without|with no|free of|in (?:good|stable|excellent))\b")
_IN_SO_MANY = re.compile(r" in (?:only |about )?")
# What may part a step from its time, right ahead of that.
_BESIDE = re.compile(r",?(?: \w+ly| postoperatively| only| already| about| on average)* ?")


@cache
def _steps() -> tuple[tuple[str, Wordings], ...]:
    cues: dict[str, list[str]] = load_yaml(_CUES)
    return tuple((measure, compile_wordings(rules)) for measure, rules in cues.items())


def milestones(sitting: Sitting, times: Sequence[Quantity]) -> list[Measurement]:
    """Return the times at which all were discharged, walked or were irradiated, as findings."""
    if not times:
        return []
    low, found = sitting.scene.low, []
    for measure, wordings in _steps():
        for step in wordings.finditer(low):
            time = next((each for each in times if _follows(low, step.end(), each)), None)
            if time is not None and not _counted(sitting, step.start(), time):
                found.append(lasting(low, measure, 1 if sitting.single else None, time))
    return found


def _follows(low: str, end: int, time: Quantity) -> bool:
    return (
        time.start >= end
        and time.unit in SPANS
        and time.value is not None
        and _BESIDE.fullmatch(low, end, time.start) is not None
        and not _BESIDES.match(low, time.end)
    )


def _counted(sitting: Sitting, start: int, time: Quantity) -> bool:
    """Tell whether the clause counts who reached the step, so that the time is when they did."""
    begin, end = sitting.scene.clauses[sitting.scene.clause(start)]
    counts = [each for each in sitting.scene.quantities if each.form in PARTS_OR_BARE]
    ahead = any(not each.derived and begin <= each.start < min(end, time.start) for each in counts)
    behind = _IN_SO_MANY.match(sitting.scene.low, time.end)
    return ahead or bool(behind and any(each.start == behind.end() for each in counts))
