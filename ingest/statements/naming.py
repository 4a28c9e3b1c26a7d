"""Read a result's words without what only a measure's name says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.model import Mention
from ingest.reading import Reading

_LESS_OF = re.compile(
    r"(?i)(?:decrease|shrink|reduc|regress|(?:\w+ )?symptoms?(?: were)?(?: \w+ly)? (?:disappear|vanish|reduc|decreas|diminish))"
)


def shrinks(text: str, places: Sequence[Mention]) -> str | None:
    """Return a gain's name that speaks of less, None where it has none: "decreased in size"."""
    names = (text[each.start : each.end] for each in places)
    return next((each for each in names if _LESS_OF.match(each)), None)


def without_others(
    reading: Reading, said: tuple[int, int], focus: tuple[int, int], places: Sequence[Mention]
) -> str:
    """Return a statement's words without the names of other measures where its part names its own.

    "Failure occurred in 7, giving a control of 88%": the control did not fail.
    """
    words = reading.text[slice(*said)]
    if not places or not said[0] < focus[0] <= places[-1].start < focus[1]:
        return words
    own = places[-1].concept
    for each in reading.within((said[0], focus[0])):
        if each.facet == "measures" and each.concept != own:
            begin, end = each.start - said[0], each.end - said[0]
            words = words[:begin] + " " * (end - begin) + words[end:]
    return words
