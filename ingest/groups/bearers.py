"""Find of whom the numbers of a sentence are told, before the numbers themselves are read.

Sizes in brackets are dealt to as many numbers: "survival was longer in those with one lesion (n =
20) than in those with more (n = 31): 25 months vs 9 months". The first number is of the first
group, whatever the order of groups and numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.groups.attributes import find_attributes
from ingest.groups.parties import Party, find_parties, rated_in
from ingest.model import Mention
from ingest.numbers.designations import mask_designations
from ingest.numbers.quantities import find_quantities
from ingest.numbers.quantity import Quantity, sizes_group
from ingest.numbers.times import find_occasions, find_times

# Of whom (n = 20) is the number; behind a harm it counts those who had it.
_PEOPLE = re.compile(
    r"\b(?:groups?|arms?|cohorts?|patients|individuals|participants|cases|women|men|those|subjects|controls)\b[^,;:()\[\]]{0,60}[(\[]\s*$"
)
_LABEL = re.compile(
    r"(?:^|[,;:()\[\]]|\b(?:in|for|among|of|than|between|whereas|while|and|versus|vs|to|with)\b)\s*(?:the )?(?P<label>(?:(?!\b(?:in|for|among|than|between|whereas|while|and|versus|vs)\b)[^,;:()\[\]])*)[(\[]\s*$"
)
_CLOSE = re.compile(r"\s*[)\]]")


def find_bearers(
    text: str, mentions: Sequence[Mention]
) -> tuple[list[Party], list[tuple[int, int]]]:
    """Return the counted patients of whom numbers of a sentence are told, and where they are described."""
    quantities = find_quantities(text)
    if not quantities:
        return [], []
    low = mask_designations(text)
    times = [*find_times(text), *find_occasions(text)[0]]
    described = find_attributes(low, quantities, mentions, times)
    if len(quantities) < 2:
        return [], described
    parties = find_parties(low, quantities, times, mentions)
    described += [(each.start, each.end) for each in parties]
    dealt = [] if parties else _dealt_sizes(low, quantities)
    return [*parties, *dealt], [*described, *_labels_of(low, dealt, mentions)]


def _dealt_sizes(low: str, quantities: Sequence[Quantity]) -> list[Party]:
    """Return the groups sized in brackets with the one number that is of each."""
    sizes = [
        each
        for each in quantities
        if sizes_group(low, each.start)
        and _CLOSE.match(low, each.end)
        and _PEOPLE.search(low, max(0, each.start - 120), each.start)
    ]
    numbers = rated_in(low, quantities)
    even = len({(each.form, each.unit) for each in numbers if each.unit is not None}) == 1
    if not (even and len(sizes) == len(numbers) > 1 and _are_paired(sizes, numbers)):
        return []
    return [
        Party(size.numerator or 0, size.start, size.end, frozenset([number.start]))
        for size, number in zip(sizes, numbers, strict=True)
    ]


def _are_paired(sizes: Sequence[Quantity], numbers: Sequence[Quantity]) -> bool:
    """Tell whether groups and numbers stand in two rows or take turns."""
    marks = sorted([*((each.start, 0) for each in sizes), *((each.start, 1) for each in numbers)])
    kinds = [kind for _, kind in marks]
    half = len(sizes)
    rows = kinds in ([0] * half + [1] * half, [1] * half + [0] * half)
    return rows or kinds in ([0, 1] * half, [1, 0] * half)


def _labels_of(
    low: str, groups: Sequence[Party], mentions: Sequence[Mention]
) -> list[tuple[int, int]]:
    """Return the names of groups that hold that of a measure: ambulatory patients (n = 20)."""
    found = []
    for each in groups:
        label = _LABEL.search(low, 0, each.start)
        start = label.start("label") if label else each.start
        if any(start <= one.start < each.start for one in mentions):
            close = _CLOSE.match(low, each.end)
            found.append((start, close.end() if close else each.end))
    return found
