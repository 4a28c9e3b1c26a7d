"""Deal two numbers to the one group in which something changed from the one to the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.groups.dealing import Dealing, Number, value_of
from ingest.language.starts import build_rule

# "Gait | improved only in | the MIS group (", of which two numbers are before and after
_CHANGED = build_rule(
    r"\b(?<!more )(?<!less )(?:(?P<up>increased|rose)|(?P<down>decreased|declined|fell|dropped)|(?P<gain>improved)|worsened|deteriorated)(?: \w+ly)?(?: only| both)? (?:in|for|among) (?:the |both )?$"
)
_HELD = re.compile(r" \((?:from )?(?:mean |median )?")


def deal_course(dealing: Dealing, row: Sequence[Number]) -> bool:
    """Deal both of two numbers the group ahead of their bracket: it improved in A (7 vs 3)."""
    arm = next((each for each in dealing.arms[::-1] if each.end <= row[0].start), None)
    if arm is None or len(row) != 2 or not _HELD.fullmatch(dealing.flat, arm.end, row[0].start):
        return False
    told = _CHANGED.search(dealing.flat, 0, arm.start)
    free = all(each.arm is None or each.arm == arm for each in row)
    if told is None or not free or _rose(dealing, row) != _rises(dealing, told, row[0]):
        return False
    for number in row:
        number.give(arm, "named")
    return True


def _rose(dealing: Dealing, row: Sequence[Number]) -> bool | None:
    """Tell whether the second of two numbers is the larger, None where they are alike."""
    one, other = (value_of(dealing.measured[each.at[0]]) for each in row)
    return None if one is None or other is None or one == other else other > one


def _rises(dealing: Dealing, told: re.Match[str], number: Number) -> bool:
    """Tell whether what is said to have changed went up: more of a harm is no gain.

    "Loss fell in A (300 vs 900 ml)" sets A against others.
    """
    if told["up"] or told["down"]:
        return told["up"] is not None
    concept = dealing.scene.concepts.get(dealing.measured[number.at[0]].measure or "")
    harm = concept is not None and concept.harm is True
    return (told["gain"] is None) == harm
