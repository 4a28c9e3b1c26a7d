"""Read the sizes of two groups that are told in a row: 20 and 25 patients in the TES and PSS groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from ingest.groups.descriptions import DONE, NAME, TOKEN, Allotted, allot, size_of_count
from ingest.groups.labels import core_of
from ingest.numbers.quantity import Quantity

# "TES and PSS groups (n = 20 and n = 25)", "20 and 25 patients in the TES and PSS groups"
_TWO = rf"(?<![\w-])(?P<one>(?![\d#]){TOKEN}(?: {TOKEN}){{0,3}}) (?:and|or|versus|vs\.?) (?:the )?(?P<two>(?![\d#]){TOKEN}(?: {TOKEN}){{0,3}}?)"
_ROW_BEHIND = re.compile(
    rf"\s*(?:patients|individuals|participants|cases|subjects)?\s*(?:(?:were |was )?(?:assigned |allocated |randomi[sz]ed )?(?:in|to)|{DONE}) (?:the )?{_TWO}(?: (?:groups?|arms?|cohorts?|respectively))?(?=\s*[,.;)]|\s*$)"
)
_ROW_AHEAD = re.compile(
    rf"\b(?:groups? |the )?{_TWO}(?: (?:groups?|arms?|cohorts?))?(?: (?:\(|(?:consisted of|comprised|included|contained|had|(?:was|were) (?:performed|done|undertaken|used|carried out|given) (?:in|on|to)|in) ))$"
)
# "30 and 45 patients received A and B, respectively (groups 1 and 2)"
_ROW_LABELS = re.compile(
    r"[^.;()]{0,160}[(\[](?P<head>groups?|arms?|cohorts?) (?P<one>[a-z]|\d|i{1,3}) and (?:(?P=head) )?(?P<two>[a-z]|\d|i{1,3})(?:,? respectively)?[)\]]"
)
_ROW = re.compile(r"\s*(?:patients |individuals |subjects |participants |cases )?and (?:in )?$")


def in_row(text: str, low: str, counts: list[Quantity]) -> Iterator[Allotted]:
    """Yield two groups whose sizes are told in a row: 20 and 25 patients in the TES and PSS groups."""
    for one, two in pairwise(counts):
        if not _ROW.fullmatch(low, one.end, two.start):
            continue
        match = (
            _ROW_BEHIND.match(low, two.end)
            or _ROW_AHEAD.search(low, max(0, one.start - 2 * NAME), one.start)
            or _ROW_LABELS.match(low, two.end)
        )
        if match:
            for part, count in (("one", one), ("two", two)):
                told = allot(text, low, [match.span(part)], size_of_count(count))
                shared = part == "one" and match["two"].partition(" ")[2]
                if shared and " " not in match["one"]:  # early and late irradiation
                    more = f"{told.shown[0]} {shared}"
                    told = replace(
                        told, names=(*told.names, more.lower()), shown=(*told.shown, more)
                    )
                yield _headed(told, match) if match.re is _ROW_LABELS else told
            return


def _headed(told: Allotted, match: re.Match[str]) -> Allotted:
    """Return a group that is called by a mark alone with what the mark belongs to: group 2."""
    shown = f"{match['head'].removesuffix('s')} {told.shown[0]}"
    return replace(told, names=(core_of(shown),), shown=(shown,))
