"""Compose the text of a full article: headings, paragraphs and what display drops, with spans."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ingest.model import Marker, Section
from ingest.parsing.superscripts import raised

Role = Literal["citation", "markup", "caption", "boilerplate"]
_LINK = re.compile(r"[\s,;]*(?P<range>[-–—−])?[\s,;]*")
_NUMERIC = re.compile(r"[\s\d,;\[\]()–—−-]*")
_FIGURES = re.compile(r"\s*\d{1,3}(?:\s*[,–−-]\s*\d{1,3})*\s*")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph; ``references`` are the numbers that a citation stands for."""

    text: str
    role: Role | None = None
    references: tuple[int, ...] = ()


def superscript(text: str, ahead: str) -> Run:
    """Return what is raised behind ``ahead`` as a run: an exponent, a citation's figures or words.

    Figures behind a word or a full stop, where no exponent can be, are reference numbers.
    """
    exponent = raised(text, ahead)
    if exponent is not None:
        return Run(exponent)
    if _FIGURES.fullmatch(text) and re.search(r"[a-zà-ÿ)\]][.,;:]?$", ahead):
        return Run(text, "citation", _numbers(text))
    return Run(text)


def _numbers(printed: str) -> tuple[int, ...]:
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[-–−]\s*(\d+))?", printed):
        end = int(last or first)
        found += range(int(first), end + 1) if int(first) <= end < int(first) + 60 else [int(first)]
    return tuple(dict.fromkeys(found))


class Composer:
    """Build an article's text block by block and keep the spans of sections and markers."""

    def __init__(self, title: str | None) -> None:
        """Begin with the title, which no section covers."""
        self._pieces = [title] if title else []
        self._at = len(title or "")
        self._sections: list[Section] = []
        self._markers: list[Marker] = []
        self._path: tuple[str, ...] = ()
        self._fresh = False

    def open(self, heading: str, level: int) -> None:
        """Begin a section at a level (1 is the top) under the sections above it."""
        above = (*self._path, *[""] * (level - 1))[: level - 1]
        self._path = (*above, heading)
        start, end = self._write(heading) if heading else (self._at, self._at)
        self._sections.append(Section(heading, end, end, start, end, level, self._shown_path()))
        self._fresh = True

    def close(self, level: int) -> None:
        """End the sections below a level: what follows belongs to the one that holds them."""
        if len(self._path) > level:
            self._path = self._path[:level]
            if self._sections:
                self._fresh = False
                self._reopen(level)

    def _reopen(self, level: int) -> None:
        at = self._at
        self._sections.append(Section("", at, at, at, at, max(level, 1), self._shown_path()))
        self._fresh = True

    def _shown_path(self) -> tuple[str, ...]:
        return tuple(each for each in self._path if each)

    def paragraph(self, runs: Iterable[Run]) -> None:
        """Add a paragraph of runs, white space folded."""
        text, markers = _folded(list(runs))
        if not text:
            return
        start, end = self._write(text)
        self._markers += [
            Marker(start + at, start + to, text[at:to], run.role or "markup", run.references)
            for at, to, run in markers
        ]
        self._grow(start, end)

    def aside(self, text: str, role: Role = "caption") -> None:
        """Add a block that is no prose: a caption, the rows of a table, a note."""
        if not text.strip():
            return
        start, end = self._write(text.strip("\n"))
        self._markers.append(Marker(start, end, self._pieces[-1], role))
        self._grow(start, end)

    def _write(self, text: str) -> tuple[int, int]:
        if self._pieces:
            self._pieces.append("\n\n")
            self._at += 2
        start = self._at
        self._pieces.append(text)
        self._at += len(text)
        return start, self._at

    def _grow(self, start: int, end: int) -> None:
        if not self._sections:
            self._sections.append(Section("", start, end, start, start))
            self._fresh = False
            return
        last = self._sections[-1]
        first = start if self._fresh else last.start
        head = (last.heading_start, last.heading_end) if last.heading else (first, first)
        self._sections[-1] = Section(last.heading, first, end, *head, last.level, last.path)
        self._fresh = False

    def result(self) -> tuple[str, tuple[Section, ...], tuple[Marker, ...]]:
        """Return the text, its sections and its markers."""
        kept = [each for each in self._sections if each.heading or each.end > each.start]
        return "".join(self._pieces), tuple(kept), tuple(self._markers)


def _folded(runs: list[Run]) -> tuple[str, list[tuple[int, int, Run]]]:
    """Return the text of runs with white space folded, and the spans of those with a role."""
    text = ""
    found: list[tuple[int, int, Run]] = []
    for run in _joined(runs):
        words = re.sub(r"\s+", " ", run.text)
        if not text or text.endswith(" "):
            words = words.lstrip(" ")
        start = len(text)
        text += words
        if run.role and words.strip():
            # A citation in running prose is linked, but read on: "Roe et al. found".
            spoken = run.role == "citation" and not _drops(words)
            # A dropped mark takes the blank before it along, so that "spine [1]." reads "spine."
            at = len(text.rstrip()) if spoken else len(text[:start].rstrip())
            found.append((at, len(text.rstrip()), run))
    return text.rstrip(), [(min(at, len(text)), min(to, len(text)), run) for at, to, run in found]


def _drops(text: str) -> bool:
    """Tell whether a citation's text is a mark: figures, or words in brackets."""
    shown = text.strip()
    return bool(_NUMERIC.fullmatch(shown)) or (shown[:1] in "([" and shown[-1:] in ")]")


def _joined(runs: list[Run]) -> list[Run]:
    """Join citations that only marks part, with their brackets: "[1, 3–5]" is one."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        before = joined[-2] if len(joined) > 1 else None
        if run.role == "citation" and last is not None and last.role == "citation":
            joined[-1] = _merge(last, "", run)
        elif (
            run.role == "citation"
            and last is not None
            and last.role is None
            and before is not None
            and before.role == "citation"
            and (link := _LINK.fullmatch(last.text))
        ):
            joined[-2:] = [_merge(before, last.text, run, ranged=bool(link["range"]))]
        else:
            joined.append(run)
    return _bracketed(joined)


def _merge(first: Run, between: str, second: Run, ranged: bool = False) -> Run:
    numbers = [*first.references]
    if (
        ranged
        and numbers
        and second.references
        and numbers[-1] < second.references[0] < numbers[-1] + 60
    ):
        numbers += range(numbers[-1] + 1, second.references[0])
    numbers += second.references
    text = first.text + between + second.text
    return Run(text, "citation", tuple(dict.fromkeys(numbers)))


def _bracketed(runs: list[Run]) -> list[Run]:
    """Take the brackets around a citation into it."""
    found = list(runs)
    for at, run in enumerate(found):
        if run.role != "citation" or not 0 < at < len(found) - 1:
            continue
        before, after = found[at - 1], found[at + 1]
        opening = re.search(r"[\[(]\s*$", before.text) if before.role is None else None
        closing = re.match(r"\s*[\])]", after.text) if after.role is None else None
        if opening and closing:
            found[at - 1] = Run(before.text[: opening.start()])
            found[at] = Run(opening[0] + run.text + closing[0], "citation", run.references)
            found[at + 1] = Run(after.text[closing.end() :])
    return found
