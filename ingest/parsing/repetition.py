"""Tell a stretch that a damaged file holds twice from a second record of its kind."""

from __future__ import annotations

# A longer part of the whole may be two records that run together and differ in what was lost alone:
# nobody can tell, and a record too many told of is better than one too few.
_LARGEST_PART = 5


def repeats(text: str | bytes, first: int, second: int) -> bool:
    """Tell whether what stands between two places of a text stands once more behind the first.

    Two records that run together differ somewhere between two places alike; a stretch that was
    written twice does not.
    """
    gap = second - first
    if not 0 < gap <= len(text) // _LARGEST_PART:
        return False
    before = after = 0
    while before < gap and before < first and text[first - before - 1] == text[second - before - 1]:
        before += 1
    limit = len(text) - second
    while after < gap and after < limit and text[first + after] == text[second + after]:
        after += 1
    return before + after >= gap
