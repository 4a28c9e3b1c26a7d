"""Read names that share a part: immuno- and chemotherapy, posterior decompression and fusion."""

from __future__ import annotations

import re
from collections.abc import Iterator

# "Posterior decompression and stabilization": one side of both.
SHARED = {
    "stabilization": "posterior_stabilization",
    "decompression": "posterior_decompression",
    "spinal_fusion": "posterior_fusion",
}
"""Operations that may share the side of the one before them, and what they then are."""
_AHEAD = 60
_SIDE = re.compile(
    r"\b(?<!anterior and )(?<!anterior or )(?:posterior|dorsal)(?: (?!approach|route|access|surg|and\b|with\b|only|column|elem)[\w-]+){1,3},? (?:and|with|plus)(?: (?:short|long|segment|segmental|spinal|instrumented|internal|short-segment|long-segment|screw|surgical))* $"
)
# "Immuno- and chemotherapy": half a name that the next one ends.
_HALF = re.compile(
    r"\b(?:(immuno)|(chemo)|(radio)|(hormono))-? ?(?:,|and/or|and|or|/) ?(?:[a-z]+-? ?(?:and|or|/) ?)?(?:radio|chemo|immuno|hormono|hormonal )-?therap"
)
_HALVES = ("", "immunotherapy", "chemotherapy", "radiotherapy", "hormonal_therapy")


def halves(low: str) -> Iterator[tuple[str, int, int]]:
    """Yield the concept, start and end of each half name that a later one ends; ``low`` is in lower case."""
    if "o- " in low or "o-/" in low or "o/" in low:
        for half in _HALF.finditer(low):
            index = half.lastindex or 0
            yield _HALVES[index], *half.span(index)


def side_shared(low: str, name: str, start: int, end: int) -> tuple[str, int, int]:
    """Return an operation's id and span, with the side of the one before it where they share it."""
    ahead = low[max(0, start - _AHEAD) : start]
    side = _SIDE.search(ahead) if "poste" in ahead or "dorsal" in ahead else None
    return (SHARED[name], start - len(side[0]), end) if side else (name, start, end)
