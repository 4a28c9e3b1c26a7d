"""Keep the groups that matching left apart from the larger ones that they were chosen from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.groups.descriptions import Allotted
from ingest.language.starts import build_rule
from ingest.language.wording import holds_any, lowered

# "After propensity score matching", "74 pairs", "matched 1:1"; not "matched for age".
_LEFT = build_rule(
    r"\b(?:after|following|upon) (?:[\w:./-]+ ){0,5}?match(?:ing|ed)\b"
    r"|\bmatching (?:\([^()]*\) )?(?:of [a-z ]+ )?(?:yielded|resulted|produced|gave|provided|left|created|identified|generated|led)\b"
    r"|\b(?:was|were) (?:[a-z-]+ ){0,3}?matched (?:\d ?: ?\d|one[ -]to)|\d (?:[a-z-]+ ){0,3}pairs\b"
)


def is_after_matching(text: str) -> bool:
    """Tell whether a sentence tells of those whom matching left."""
    return holds_any(text, ("atch", "pairs")) and _LEFT.search(lowered(text)) is not None


def of_size(
    together: Sequence[Sequence[Allotted]], sizes: dict[str, int | None], size: int
) -> list[list[Allotted]]:
    """Return groups told together, each of no more than a size, and set theirs by name; 0: not known."""
    pairs = {name for told in together if len(told) == 2 for each in told for name in each.names}
    for name in [name for name, known in sizes.items() if known and known > size]:
        if size:
            sizes[name] = size if name in pairs else None
        else:
            del sizes[name]
    return [[replace(each, size=min(each.size, size)) for each in told] for told in together]
