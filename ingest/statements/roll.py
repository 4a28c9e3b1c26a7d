"""Keep the roll of an article's claims: each is built once, under an id that outlasts revisions."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ingest.model import Kind, Record
from ingest.text import sha256


@dataclass(frozen=True, slots=True)
class Roll:
    """The claims that an article has made so far, so that each is built once, with its id."""

    source: str
    places: set[tuple[object, ...]]
    turns: Counter[tuple[str, str, str]]

    def takes(self, *place: object) -> bool:
        """Tell whether no claim before has this kind, place and pattern, and take it in."""
        new = place not in self.places
        self.places.add(place)
        return new

    def name(self, kind: Kind, sentence: str, focus: str) -> str:
        """Return a claim's id; what is said again in the same words is told apart by its turn."""
        words = kind, " ".join(sentence.split()), " ".join(focus.split())
        self.turns[words] += 1
        return claim_id(self.source, *words, self.turns[words])


def source_key(record: Record) -> str:
    """Return what names a record's article for good: an identifier, else its title and year.

    Revisions of a file and other formats of it share the key. A DOI alone may be shared by
    articles under several titles, so the title goes with it; without either, the bytes decide.
    """
    if record.pmid or record.pmcid:
        return f"pmid:{record.pmid}" if record.pmid else f"pmcid:{record.pmcid}"
    title = " ".join(re.findall(r"\w+", (record.title or "").lower()))
    if not title:
        return f"sha256:{record.sha256}"
    known = f"doi:{record.doi.lower()}" if record.doi else f"year:{record.year}"
    return f"{known}|{title}"


def claim_id(source: str, kind: str, sentence: str, focus: str, turn: int) -> str:
    """Return a claim's id: a hash of its article, kind and words, and of its turn among the same.

    Its place plays no part, so that a later revision of the text keeps the ids of what it keeps.
    """
    told = "|".join((source, kind, sentence, focus, str(turn)))
    return "c" + sha256(told.encode())[:14]
