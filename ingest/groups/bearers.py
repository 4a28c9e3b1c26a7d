"""Find of whom the numbers of a sentence are told, before the numbers themselves are read."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.groups.attributes import find_attributes
from ingest.groups.brackets import dealt_sizes, labels_of
from ingest.groups.parties import Party, find_parties
from ingest.model import Mention
from ingest.numbers.quantities import find_quantities, mask_designations
from ingest.numbers.times import find_occasions, find_times


def find_bearers(
    text: str, mentions: Sequence[Mention]
) -> tuple[list[Party], list[tuple[int, int]]]:
    """Return the counted patients of whom numbers of a sentence are told, and where they are described."""
    quantities, low = find_quantities(text), mask_designations(text)
    if not quantities:
        return [], []
    described = find_attributes(low, quantities, mentions)
    if len(quantities) < 2:
        return [], described
    times = [*find_times(text), *find_occasions(text)[0]]
    parties = find_parties(low, quantities, times, mentions)
    described += [(each.start, each.end) for each in parties]
    dealt = [] if parties else dealt_sizes(low, quantities)
    return [*parties, *dealt], [*described, *labels_of(low, dealt, mentions)]
