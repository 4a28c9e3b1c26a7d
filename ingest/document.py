"""Cut a record into sections with roles, paragraphs and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ingest.language.roles import sentence_roles
from ingest.language.starts import build_rule
from ingest.model import Document, Record, Section, Sentence
from ingest.printing import evened
from ingest.text import mask
from ingest.yamlfile import load_yaml

CUES = Path(__file__).parent / "cues"
# A line that goes on in small letters was broken by its length, whatever sign ends it.
_PARAGRAPH = re.compile(
    r"\n[^\S\n]*\n\s*|\n(?=\s*(?:[•▪◦–*-]|\(?\d{1,2}[.)])\s)"
    r"|(?<=[.!?:;])(?<!\d\.)[^\S\n]*\n(?!\s*[a-z])(?!(?<=.{50};\n)|(?<=.{50}:\n)\d)|(?<=\d\.)\n(?!\d)"
)
# Where the blank behind a sentence was lost the next word's capital tells: "in a boy.The mass was".
_TERMINAL = build_rule(
    r"[.!?][\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[^\W_a-z]|\s*$)|\.(?=[A-Z][a-z]{1,20}[ ,])(?:(?<=[a-z]{3}\.)|(?<=[\d)%]\.))"
)
_STATES = re.compile(r"\b(?:U\.S|U\.K|U\.S\.A)$")
_BRACKET = re.compile(r"[()]")
_ITEM = re.compile(r"\W*\d{1,2}")
_CAPITALS = ("RESULTS", "METHODS", "CONCLUSION")
_GLUED = re.compile(r"(?:Results|Methods|Conclusions?)(?:[A-Z]|\.? +[A-Z\d])")
# Of so many parts an abstract has at least some where its labels stand without a mark, and which
# alternative of the rule finds those.
_PARTS, _UNMARKED = 3, 4
_GLUABLE = ("Results", "Methods", "Conclusion")
# The headings of an abstract that puts what was found under its methods (style of some journals).
_KNOWN = {"none", "title", "aim", "background", "methods", "conclusion"}
_LONG = 500
# Roles of the sentences that tell nothing of the article's own patients.
_UNTOLD = {"background", "aim", "methods", "none"}
_BLANK = re.compile(r"[^\s:•▪◦]")


class _Labels(NamedTuple):
    """What tells sections apart: their roles' headings, labels amid a text, words that are a label."""

    roles: dict[str, re.Pattern[str]]
    inline: re.Pattern[str]
    alone: re.Pattern[str]


@cache
def _labels() -> _Labels:
    cues: dict[str, Any] = load_yaml(CUES / "sections.yml")
    roles = {role: re.compile(rule, re.IGNORECASE) for role, rule in cues["roles"].items()}
    # Labels begin with a capital and end with a colon, at a sentence's start; some publishers
    # number them: "(1) Background: ... (2) Methods: ...". Where a database dropped the colon they
    # stand in capitals, or are glued to the next word: "METHODS We read", "MethodsWe read"; some
    # journals end them with a full stop: "Methods. We read". Those without any mark count where
    # they are of an abstract's several parts: "Methods We read ... Results Two broke".
    words = "|".join(cues["inline"])
    inline = build_rule(
        rf"(?=[(\dA-Z])(?:(?<=\A)|(?<=[.?!)]\s)|(?<=\n)|(?<=[.?!)]))(?:\(?\d[.)]\s*)?(?=[A-Z])"
        rf"(?:((?i:{words}))\s*:\s+|({words})\s+(?=[A-Z\d])|(?=[A-Z][a-z])((?i:{words}))(?:(?=[A-Z])|\.\s+(?=[A-Z\d]))"
        rf"|(?=[A-Z][a-z])((?i:{words}))\s+(?=[A-Z\d]))"
    )
    return _Labels(roles, inline, re.compile(words, re.IGNORECASE))


class _Cues(NamedTuple):
    """What tells how sentences begin and end.

    Words with a full stop of their own, what a sentence begins with, what only leads one on.
    """

    abbreviations: re.Pattern[str]
    anew: re.Pattern[str]
    leading: re.Pattern[str]


@cache
def _cues() -> _Cues:
    cues: dict[str, Any] = load_yaml(CUES / "sentences.yml")
    words, leading, said = ("|".join(cues[each]) for each in ("abbreviations", "leading", "said"))
    return _Cues(
        build_rule(rf"(?<!\w)(?:{words})$"),
        re.compile(cues["anew"]),
        re.compile(
            rf"(?:(?:{leading}),\s+)*(?:(?:{said}) that,?\s+(?=.*\d))?(?=[^\W_])", re.IGNORECASE
        ),
    )


def section_role(heading: str) -> str:
    """Return the role of a section by its heading, ``body`` where the heading tells none."""
    roles = _labels().roles
    name = heading.strip().rstrip(":").strip()
    if not name:
        return "body"
    name = re.sub(r"^\d{1,2}(?:[.)]|\.\d+\.?)?\s+", "", name)
    first = ("none", *[role for role in roles if role != "none"])
    return next((role for role in first if roles[role].search(name)), "body")


def is_label(words: str) -> bool:
    """Tell whether words are a label that stands inside the running text of abstracts."""
    return _labels().alone.fullmatch(words.strip()) is not None


# Longer than any sentence a journal prints. What reads one takes time with the square of its length.
_LONGEST = 1200
_CUTS = ("\n", ";", ",", " ")


def split_sentences(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of one paragraph, trimmed of white space."""
    begin = start
    for match in _TERMINAL.finditer(masked, start, end):
        if not _ends_sentence(masked, begin, match, end):
            continue
        yield from _bounded(masked, begin, match.end())
        begin = match.end()
    yield from _bounded(masked, begin, end)


def _bounded(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence's span, in pieces where none can be so long: a list or a table as text."""
    while end - start > _LONGEST:
        found = [masked.rfind(sign, start + _LONGEST // 2, start + _LONGEST) for sign in _CUTS]
        cut = next((each + 1 for each in found if each >= 0), start + _LONGEST)
        yield from _trimmed(masked, start, cut)
        start = cut
    yield from _trimmed(masked, start, end)


def _ends_sentence(masked: str, begin: int, match: re.Match[str], end: int) -> bool:
    mark, behind = match.span()
    before = masked[max(begin, mark - 12) : mark]
    if masked[mark] == "." and _cues().abbreviations.search(before):
        # An initial or abbreviation ends the sentence only at the paragraph's end.
        states = _STATES.search(before) and _cues().anew.match(masked, behind, end)
        return bool(states) or not masked[behind:end].strip()
    if before[-1:].isdigit() and _ITEM.fullmatch(masked, begin, mark):
        return False  # "1." before an item
    opened = masked.count("(", begin, behind)
    if not opened or opened <= masked.count(")", begin, behind):
        return True
    # A bracket that another opens behind, or that nothing closes, was never closed.
    bracket = _BRACKET.search(masked, behind, end)
    return bracket is None or bracket[0] == "(" or behind - begin > 600


def _trimmed(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = _BLANK.search(masked, start, end)
    if first is not None:
        yield first.start(), start + len(masked[start:end].rstrip())


def _paragraphs(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    if "\n" not in masked[start:end]:
        yield start, end
        return
    for match in _PARAGRAPH.finditer(masked, start, end):
        yield begin, match.start()
        begin = match.end()
    yield begin, end


def _holds_label(masked: str, start: int, end: int) -> bool:
    """Tell whether labels can stand in a section's running text."""
    if masked.count(":", start, end) > 1:
        return True
    if any(masked.find(word, start, end) >= 0 for word in _CAPITALS):
        return True
    glued = any(masked.find(word, start, end) >= 0 for word in _GLUABLE)
    return glued and _GLUED.search(masked, start, end) is not None


def _relabel(section: Section, masked: str) -> Iterator[Section]:
    """Split an unlabelled abstract at labels that stand in its running text."""
    # Less than two labels split nothing, and each has its colon or one of them lost it.
    bare = section.heading in {"", "Abstract"}
    labelled = bare and _holds_label(masked, section.start, section.end)
    labels = (
        list(_labels().inline.finditer(masked[section.start : section.end])) if labelled else []
    )
    if len({section_role(_label_of(each)[0]) for each in labels}) < _PARTS:
        labels = [each for each in labels if each.lastindex != _UNMARKED]
    if len(labels) < 2:
        role = section_role(section.heading)
        yield section if role == section.role else replace(section, role=role)
        return
    base = section.start
    if labels[0].start() > 0 and masked[base : base + labels[0].start()].strip():
        yield replace(section, end=base + labels[0].start(), role="body")
    for index, label in enumerate(labels):
        stop = labels[index + 1].start() if index + 1 < len(labels) else section.end - base
        words, begin, end = _label_of(label)
        yield Section(
            heading=words,
            start=base + label.end(),
            end=base + stop,
            heading_start=base + begin,
            heading_end=base + end,
            level=section.level,
            path=(*section.path, words),
            role=section_role(words),
        )


def _label_of(match: re.Match[str]) -> tuple[str, int, int]:
    """Return the words of a label and their span, without its number and its mark."""
    which = match.lastindex or 0
    return match[which], *match.span(which)


def _inherit_roles(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Give a section without a telling heading the role of the heading it stands under."""
    found: dict[tuple[str, ...], str] = {}
    result = []
    for section in sections:
        role = section.role
        if role == "body":
            parents = [section.path[:depth] for depth in range(len(section.path) - 1, 0, -1)]
            role = next((found[path] for path in parents if path in found), "body")
        if section.path:
            found[section.path] = role
        result.append(section if role == section.role else replace(section, role=role))
    return tuple(result)


def _untold(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Leave open what a long section of methods tells where an abstract's results stand nowhere else."""
    roles = {each.role for each in sections}
    if "methods" not in roles or not _KNOWN.issuperset(roles):
        return sections
    return tuple(
        replace(each, role="body")
        if each.role == "methods" and each.end - each.start > _LONG
        else each
        for each in sections
    )


def _is_abstract(section: Section) -> bool:
    return bool(section.path) and section.path[0].strip(" :.").lower() in {"abstract", "summary"}


def abstract_of(document: Document) -> Document | None:
    """Return a document with its abstract's sentences alone, None where it has no abstract."""
    if document.record.content_level == "abstract":
        return document
    sentences = tuple(
        each for each in document.sentences if _is_abstract(document.sections[each.section])
    )
    if not sentences:
        return None
    start, end = sentences[0].start, sentences[-1].end
    text = document.masked
    alone = " " * start + text[start:end] + " " * (len(text) - end)
    return replace(document, masked=alone, sentences=sentences)


def may_tell_findings(document: Document, sentence: Sentence) -> bool:
    """Tell whether a sentence may tell of what befell the article's own patients.

    Without a heading what was done and what was found are told in one breath.
    """
    guessed = sentence.role == "methods" != document.sections[sentence.section].role
    return guessed or sentence.role not in _UNTOLD


def segment(record: Record) -> Document:
    """Return the record's document: roles for its sections, and its sentences with roles."""
    masked = mask(record.text, record.markers)
    sections = _untold(
        _inherit_roles(
            tuple(part for section in record.sections for part in _relabel(section, masked))
        )
    )
    spans: list[tuple[int, int, int, int]] = []
    paragraph = 0
    for index, section in enumerate(sections):
        if section.role == "none":
            continue
        for start, end in _paragraphs(masked, section.start, section.end):
            for sentence in split_sentences(masked, start, end):
                spans.append((*sentence, index, paragraph))
            paragraph += 1
    told = [(masked[start:end], sections[index].role) for start, end, index, _ in spans]
    whole = record.content_level == "abstract"
    # An abstract is read as one in a full text, too.
    own = [whole or _is_abstract(sections[index]) for _, _, index, _ in spans]
    size = own.index(False) if False in own else len(own)
    roles = sentence_roles(told[:size]) + sentence_roles(told[size:], abstract=False)
    sentences = tuple(
        Sentence(_behind_lead(masked, start, end), end, index, number, role, start)
        for (start, end, index, number), role in zip(spans, roles, strict=True)
    )
    shown = _article_alone(evened(masked, sentences), record.title, sections)
    return Document(record, record.text, shown, sections, sentences)


def _behind_lead(masked: str, start: int, end: int) -> int:
    """Return where a sentence begins to say something, behind "Notably, we found that"."""
    led = _cues().leading.match(masked, start, end)
    return led.end() if led else start


def _article_alone(masked: str, title: str | None, sections: Sequence[Section]) -> str:
    """Return a page's text with blanks for what is neither its title nor in a section.

    Names of sites, addresses and lists of other articles tell nothing of the patients. Where no
    title is known it may be what stands ahead of the sections.
    """
    at = masked.find(title) if title else -1
    spans = [(each.heading_start, each.end) for each in sections]
    spans.append((at, at + len(title)) if title and at >= 0 else (0, min(spans, default=(0, 0))[0]))
    found, done = [""], 0
    for start, end in sorted(spans):
        found += (" " * (start - done), masked[max(start, done) : max(end, done)])
        done = max(end, done)
    return "".join([*found, " " * (len(masked) - done)])
