"""Tell from which to which number of points an item of a score goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.model import Measurement

# "slow, 1 point; fast, 4 points": a state of the item between its points and the next.
_STATE = re.compile(r"\s*[;,]\s*(?:and |or )?[^;()]{1,60}")


def points_spanned(text: str, numbers: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Return the range of the points that an item gives: none 0, some 2, many 4 go from 0 to 4.

    Offsets are those of ``text``. The range is derived, as the source states no such; nothing
    where the numbers are no states of one item with their points.
    """
    values = [each.value for each in numbers if each.unit == "points" and each.value is not None]
    if len(values) < len(numbers) or len(set(values)) < 2:
        return ()
    if not all(_STATE.fullmatch(text[one.end : other.start]) for one, other in pairwise(numbers)):
        return ()
    first = replace(numbers[0], end=numbers[-1].end, value=None, statistic="range", derived=True)
    return (replace(first, low=min(values), high=max(values)),)
