"""Find where a sentence holds the names of groups, and which of them tell no more than a group."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.groups.descriptions import is_acronym

# One plain word names what was done to anybody; a name of a group has two or is an abbreviation.
_PLAIN = re.compile(r"[a-z]+")
# "adjuvant SBRT", "surgery plus SBRT", "no SBRT" are not the SBRT group's.
_OTHER = re.compile(
    r"(?:\b(?:plus|(?:combined|together|along) with|followed by|combined|without|no|non|adjuvant|neoadjuvant|postoperative|preoperative|additional|salvage|previous|prior|before|or|under(?:went|go|going|gone)(?: an?| the)?|receiv(?:ed?|ing)(?: an?| the)?|requir(?:ed?|ing)|need(?:ed|ing)?)|\+|-)\s*$"
)
_MORE = re.compile(
    r"\s*(?:\+|/|-|plus\b|followed by\b|combined with\b|and (?:adjuvant|postoperative)\b)"
)
# "No SBRT patient" is one of the SBRT group.
_PATIENTS = re.compile(r" (?:patients?|individuals|subjects|participants?|cases?)\b")
# "longer after curettage": a name alone tells whom a comparison is of; "curettage led to"
_COMPARES = re.compile(
    r"\b(?:more|less|fewer|better|worse|[a-z]{3,}er)(?: common| frequent)? (?:in|with|after|following|for|on) (?:the )?$"
)
_SUBJECT_OF = re.compile(
    r" (?:alone )?(?:was|were|had|resulted|led|showed|required|took|achieved|provided|carried|yielded)\b"
)
# "Among octogenarians, 80% improved"
_LEADS = re.compile(r"(?:in|among|amongst|for|of) (?:the )?")


def places_of(
    text: str, low: str, groups: tuple[tuple[str, ...], ...]
) -> Iterator[tuple[int, int, int, bool]]:
    """Yield (group, start, end, whether the name alone tells it) of the names in a sentence."""
    plain = low.replace("-", " ")
    for which, names in enumerate(groups):
        for name in names:
            at = plain.find(name) if len(name) > 1 else -1
            while at >= 0:
                end = at + len(name)
                if not (low[at - 1 : at].isalnum() or low[end : end + 1].isalnum()):
                    acronym = is_acronym(text, at, end)
                    strong = acronym or not _PLAIN.fullmatch(name)
                    short = len(name) < 5 and not acronym
                    nobody = low.endswith("no ", 0, at) and _PATIENTS.match(low, end)
                    other = not nobody and _OTHER.search(low, max(0, at - 16), at)
                    apart = other or _MORE.match(low, end)
                    if not (short or apart):
                        yield which, at, end, strong
                at = plain.find(name, end)


def stands_alone(low: str, start: int, end: int) -> bool:
    """Tell whether a name that stands by itself is a group's: longer after A, A led to, among A, it was."""
    if start == 0 and _SUBJECT_OF.match(low, end):
        return True
    if low.startswith(",", end) and _LEADS.fullmatch(low, 0, start):
        return True
    return _COMPARES.search(low, max(0, start - 40), start) is not None
