"""Read the names of authors as reference managers print them."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.model import Author

_SUFFIX = re.compile(r"(?:Jr|Sr|2nd|3rd|4th|II|III|IV)\.?", re.IGNORECASE)
_GROUP = re.compile(
    r"\b(?:group|consortium|committee|society|collaborat\w+|team|investigators|network|association"
    r"|organi[sz]ation|trialists?|initiative|foundation|task force|working party|institute|registry"
    r"|federation|college|academy|council|board|panel)\b",
    re.IGNORECASE,
)
# What belongs to the family name that follows it.
_PARTICLE = re.compile(
    r"af|al|bin|d'|da|dal|de|degli|dei|del|della|den|der|des|di|do|dos|du|el|la|le|ten|ter|van|vom|von|y|zu|zum|zur"
)
_OTHERS = re.compile(r"(?:and )?(?:et\.? al\.?,?|others)", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.?-?){1,4}")


def author(
    family: str | None,
    given: str | None = None,
    suffix: str | None = None,
    orcid: str | None = None,
    affiliations: tuple[str, ...] = (),
) -> Author | None:
    """Return a person of the parts of a name, None where all are empty."""
    parts = [" ".join((each or "").split()) or None for each in (given, family, suffix)]
    name = " ".join(each for each in parts if each)
    if not name:
        return None
    return Author(name, parts[1], parts[0], parts[2], False, orcid, affiliations)


def group(name: str | None, affiliations: tuple[str, ...] = ()) -> Author | None:
    """Return a group author, None where the name is empty."""
    printed = " ".join((name or "").split())
    return Author(printed, collective=True, affiliations=affiliations) if printed else None


def inverted(printed: str) -> Author | None:
    """Return the author of "Family, Given", "Family, Given, Jr", "Family GA" or a group's name.

    A name without a comma is a group where its words say so, else taken as printed.
    """
    text = " ".join(printed.split()).strip(" ;")
    if not text.strip(",. ") or _OTHERS.fullmatch(text):
        return None
    if text.endswith(",") and " " in text.rstrip(", ") and text.count(",") == 1:
        # EndNote's way to say that a name is not to be parted.
        return group(text.rstrip(", "))
    parts = [each.strip() for each in text.split(",")]
    if len(parts) == 1:
        return _unparted(text)
    if _GROUP.search(text) and not (parts[1] and _INITIALS.fullmatch(parts[1].replace(" ", ""))):
        return group(text)
    family, given, suffix = parts[0], parts[1], " ".join(parts[2:]) or None
    if suffix and _SUFFIX.fullmatch(given):
        # BibTeX's order is "Family, Jr, Given".
        given, suffix = suffix, given
    words = given.split()
    if suffix is None and len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        given, suffix = " ".join(words[:-1]), words[-1]
    return author(family, given, suffix)


def split_suffix(family: str | None) -> tuple[str | None, str | None]:
    """Return a family name and the suffix that stands behind it: Roe Jr is Roe and Jr."""
    words = (family or "").replace(",", " ").split()
    if len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        return " ".join(words[:-1]), words[-1]
    return family, None


def _unparted(text: str) -> Author | None:
    if _GROUP.search(text):
        return group(text)
    words = text.split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else None
    if len(words) > 1 and _INITIALS.fullmatch(words[-1]) and not _INITIALS.fullmatch(words[0]):
        family, given = " ".join(words[:-1]), words[-1]
        return replace(Author(text), family=family, given=given, suffix=suffix)
    return direct(text)


def direct(printed: str) -> Author | None:
    """Return the author of "Given Family", or of a group's name."""
    text = " ".join(printed.split()).strip(" ,;")
    if not text or _OTHERS.fullmatch(text):
        return None
    if _GROUP.search(text):
        return group(text)
    words = text.split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else None
    at = len(words) - 1
    while at > 1 and _PARTICLE.fullmatch(words[at - 1]):
        at -= 1
    return author(" ".join(words[at:]).strip(","), " ".join(words[:at]).strip(","), suffix)
