"""Find the title of a plain text, and where its abstract begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.document import section_role
from ingest.parsing.frontmatter import is_byline, is_front, is_furniture, is_menu, read_field
from ingest.parsing.pages import ENDS, Line

# Roles of the sections that an abstract's labels open.
_ROLES = {"background", "aim", "methods", "case", "results", "conclusion"}
_ABSTRACT = re.compile(r"\W{0,4}(?:abstract|summary)\W*$", re.IGNORECASE)
LEAD = re.compile(
    r"\W{0,3}abstract(?:\*{0,2}\s*[:.]\*{0,2}\s+(?=\S)|\s+(?=(?:<jats:|study design|background|introduction|objectives?|purpose|aims?|methods)\b))",
    re.IGNORECASE,
)
"""The word Abstract ahead of its text on one line."""
_MARKED = re.compile(r"^\s*(?:#{1,4} +|\*\*)?")
_MARK_END = re.compile(r"[\s*#]*$")
_VERB = re.compile(
    r"\b(?:we|was|were|is|are|has|have|had|did|showed|underwent|occurred|improved|died)\b"
)
AHEAD = 12
"""The most lines between the start of a text and what it opens with."""
HEADING = re.compile(r"[A-Z][A-Za-z/&,() -]{3,50}[:.]?")
"""The words of a line that may be a heading of an abstract."""
SENTENCES = re.compile(r"[.!?]\s+[A-Z]")
"""The end of a sentence that another follows."""


def find_opening(found: Sequence[Line]) -> int | None:
    """Return the place of the line behind the abstract's heading, None where there is no heading."""
    for place, line in enumerate(found):
        if LEAD.match(line.text):
            return place
        if _ABSTRACT.match(line.text):
            behind = [each.text for each in found[place + 1 : place + 3]]
            if any(len(each) > 60 or HEADING.fullmatch(bare(each)) for each in behind):
                return place + 1
    return None


def gap(text: str, one: Line, other: Line) -> str:
    """Return the white space between two lines without blanks: two ends of lines are a paragraph's."""
    return re.sub(r"[ \t]+", "", text[one.end : other.start])


def bare(line: str) -> str:
    """Return a line without the marks of Markdown."""
    return _MARK_END.sub("", _MARKED.sub("", line, count=1))


def find_title(text: str, body: Sequence[Line]) -> tuple[str | None, Sequence[Line]]:
    """Return the title, and the lines without it."""
    opened = find_opening(body)
    for place, line in enumerate(body[:6]):
        field = read_field(line.text)
        if field and field[0] == "title":
            return field[1].rstrip("."), [*body[:place], *body[place + 1 :]]
    ahead = body[: AHEAD if opened is None else opened]
    places = [
        at
        for at, line in enumerate(ahead)
        if not is_front(line.text)
        and not is_furniture(line.text)
        and not (at and is_menu(ahead[at - 1].text))
    ]
    # Names of journals are shorter than titles.
    long = [at for at in places if opened is not None and len(body[at].text.split()) > 4]
    if not places:
        return None, body
    # Right ahead of the authors' names a title stands.
    signed = [at for at in long if at + 1 < len(body) and is_byline(body[at + 1].text)]
    place = (signed or long or places)[0]
    # A title may be broken into lines; behind it a blank line stands.
    stop = place + 1
    while (
        stop < len(body)
        and "\n\n" not in gap(text, body[stop - 1], body[stop])
        and re.match(r"\s*[a-z(](?!ttps?:)", body[stop].text)
    ):
        stop += 1
    words = " ".join(bare(line.text.strip()) for line in body[place:stop])
    parted = stop < len(body) and "\n\n" in gap(text, body[stop - 1], body[stop])
    led = opened is not None or (stop < len(body) and opens(body[stop].text))
    if stop == len(body) or not _is_title(words, parted or led, led, body[place].text):
        return None, body
    return words.rstrip("."), [*body[:place], *body[stop:]]


def opens(line: str) -> bool:
    """Tell whether a line is the heading or begins with the label of what abstracts open with."""
    label = re.match(r"([A-Z][A-Za-z &/]{3,40}?)(?:\*\*|:|$)", bare(line))
    return label is not None and section_role(label[1]) in {"background", "aim", "methods"}


def _is_title(words: str, parted: bool, led: bool, line: str) -> bool:
    """Tell whether a text's first words are its title: no sentence that goes on, no label.

    ``parted`` is true where a blank line or a heading follows, ``led`` where a heading does.
    """
    if not 10 < len(words) < 300 or _ABSTRACT.match(words) or LEAD.match(words):
        return False
    # A title may be two sentences, of which the second asks: "Two ways to fuse. Are they the same?"
    if parted and words.endswith("?"):
        return True
    label = re.match(r"([A-Za-z &/]{3,40}):", words)
    if label and section_role(label[1]) in _ROLES and len(label[1].split()) < 4:
        return False
    if not ENDS.search(words) or words.endswith("?") or line.startswith("# "):
        return parted or not SENTENCES.search(words)
    alone = words.endswith(".") and (led or not SENTENCES.search(words))
    return alone and (parted or not _VERB.search(words))
