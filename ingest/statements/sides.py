"""Find the words of a statement that tell which way one of its measures went: around it, on its side of a link."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.clauses import JOINT, Span
from ingest.language.starts import build_rule
from ingest.model import Concept
from ingest.statements.direction import names_gain

_AND_WITH = re.compile(r",? and (?:with|to) ")
_APART = build_rule(rf"{JOINT.pattern}|\bwith\b")
# A change that is told with where it began or ended, not what describes a group.
_MOVES = build_rule(
    r"\b(?:rose|increased|grew|improved|fell|dropped|declined|decreased|diminished|worsened|deteriorated)\b"
    r"(?: \w+ly)? (?:(?:from|to|by)\b|\((?=\d))"
)
# "Low albumin was linked to more deaths": of the deaths tells what stands on their side.
_ALTERED = r"increas(?:ed|es)|rais(?:ed|es)|elevat(?:ed|es)|lower(?:ed|s)|reduc(?:ed|es)|decreas(?:ed|es)|doubl(?:ed|es)|tripl(?:ed|es)|halv(?:ed|es)"
# "Low albumin raised the risk of death", "those with low albumin had a 3-fold increased risk"
_LINKED = build_rule(
    r"\b(?:is|are|was|were|be|been|being|also|both|,) (?:(?!inversely|negatively)\w+ly )?(?:associated|correlated|linked|related) (?:with|to)\b"
    r"|\bas (?:[\w-]+ )?(?:factors?|variables?) (?:\w+ly )?(?:associated|correlated|linked) with\b"
    rf"|\b(?=(?:{_ALTERED}) the (?:[\w-]+ )?(?:risks?|odds|likelihood|chances?|probability|hazards?|rates?|incidence) (?:of|for)\b)"
    r"|\b(?=(?:had|have|has|carried|faced|was|were) (?:an? )?(?:\w+ )?\d[\d.]*(?:-fold\b| times (?:as|more|less|higher|lower|greater|the odds)\b))"
    r"|\b(?=(?:was|were) (?:\w+ )?(?:(?:twice|[2-9]|two|three|four|five) times )?(?:more|less) likely to\b)"
    r"|(?<!\bthe )(?<!\bthan )(?<!\bof )\b(?=predict(?:s|ed)\b)"
)
_ACTED = build_rule(
    r"(?<!was )(?<!were )(?<!been )(?<!be )(?<!is )(?<!are )(?<!the )\b(?:improv|prolong|extend|shorten|worsen|impair|enhanc|reliev)(?:ed|es|s|e)? (?=\w)(?!(?:by|from|in|to|after|with|at|over|during|on|for|and|or|but|than|when|while|\d+)\b|\w+ly\b)"
)
_LEVELS = build_rule(
    r"\b(?:lower|higher|smaller|larger|greater|younger|older|shorter|longer|less|more|fewer|reduced|increased|decreased|low|high|short|long)\b",
    re.IGNORECASE,
)
_OUTCOME = build_rule(r"\b(?:outcomes?|prognosis|results?)\b", re.IGNORECASE)


def around(text: str, said: Span, place: Span, joint: re.Pattern[str] = JOINT) -> str:
    """Return the words around a place up to what joins them to others."""
    marks = [*joint.finditer(text, *said)]
    begin = max((mark.end() for mark in marks if mark.end() <= place[0]), default=said[0])
    return text[
        begin : min((mark.start() for mark in marks if mark.start() >= place[1]), default=said[1])
    ]


def beside(text: str, said: Span, name: Span, measure: Concept) -> str:
    """Return the words around a measure's name, without a name that is itself a word for a gain."""
    near = around(text, said, name, _APART)
    own = text[slice(*name)] if names_gain(measure.label) else ""
    return near.replace(own, " ") if own else near


def move_told(text: str, names: Sequence[int], end: int) -> str:
    """Return the words from a measure's name to its number where they say how it moved, else none.

    "Pain fell from 8 to 2, and walking rose from 60 to 80": each went its own way.
    """
    return text[names[-1] : end] if names and _MOVES.search(text, names[-1], end) else ""


def link_told(text: str, begin: int, end: int) -> Span | None:
    """Return the words that link a factor with a result, None where none do."""
    found = _LINKED.search(text, begin, end)
    return found.span() if found else None


def act_told(text: str, said: Span, name: int) -> Span | None:
    """Return where a factor that is more or less of something acts on a measure behind, else none.

    "A lower grade and a younger age prolonged life": the life is not what was lower.
    """
    found = _ACTED.search(text, said[0], name)
    if found is None or not _LEVELS.search(text, said[0], found.start()):
        return None
    return found.start(), found.start()


def side_of(text: str, said: Span, link: Span, name: int) -> str:
    """Return the words on the side of a link where a measure is named, or the outcome that it is."""
    behind = text[link[1] : said[1]]
    # "With better recovery (odds ratio 3) | and with shorter stay"
    next_ = _AND_WITH.search(behind)
    behind = behind[: next_.start()] if next_ and name < link[1] + next_.start() else behind
    named_behind = name >= link[1] or _OUTCOME.search(behind)
    return behind if named_behind else text[said[0] : link[0]]
