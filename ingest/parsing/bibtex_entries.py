"""Cut BibTeX files into entries, each from its start to the next one's, before any is parsed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from ingest.parsing.repetition import repeats
from ingest.parsing.tagged import decode_line, split_glued
from ingest.parsing.unpacking import lines

_START = re.compile(rb"\s*@\s*([A-Za-z]+)\s*[{(]")
_TORN = re.compile(
    rb"(?i)@(?:article|book|in\w+|misc|online|\w*thesis|\w*report|unpublished)\s*\{[^\s,{}=]*,\s*$"
)
# Where an entry begins behind another's end on one line.
_BEHIND = re.compile(
    rb"(?i)(?<=[})])[ \t]*(?=@\s*(?:article|book|booklet|conference|in\w+|manual|misc|online|proceedings|\w*thesis"
    rb"|\w*report|unpublished|string|comment|preamble)\s*[{(])"
)
_FIELD = re.compile(r"(?m)^\s*[A-Za-z_-]+\s*=\s*[{\"\d]")
_NAME = re.compile(r"(?<![A-Za-z])([A-Za-z-]+)\s*=\s*[{\"\d]")


@dataclass
class RawEntry:
    """The lines of one entry: its number from 1, its kind where its start stands, or a fault."""

    number: int
    kind: str = ""
    raw: list[bytes] = field(default_factory=list)
    fault: str | None = None

    @property
    def data(self) -> bytes:
        """The entry's bytes, with one line end."""
        return b"\n".join(self.raw).rstrip() + b"\n"

    @property
    def text(self) -> str:
        """The entry's text."""
        return "\n".join(decode_line(each) for each in self.raw)


def cut_entries(stream: BinaryIO) -> Iterator[RawEntry]:
    """Yield the lines from each entry's start to the next one's."""
    entry: RawEntry | None = None
    parted = (each for line in lines(stream) for each in _BEHIND.split(line))
    for raw in split_glued(parted, _TORN):
        start = _START.match(raw)
        if start:
            if entry is not None:
                yield entry
            entry = RawEntry(0, start[1].decode().lower())
        if entry is None and _FIELD.match(decode_line(raw)):
            # Fields before any entry: their start is lost.
            entry = RawEntry(0)
        if entry is not None:
            entry.raw.append(raw)
    if entry is not None:
        yield entry


def parts_of(entry: RawEntry) -> Iterator[RawEntry]:
    """Yield the entry, and what follows its end where that is an entry whose start is broken.

    Such an entry begins a line of its own; what goes on where the braces closed is the rest of the
    same entry, whose braces are broken.
    """
    text = entry.text
    end = closing(text) if entry.kind else 0
    rest = text[end:] if end else ""
    if end and len(_FIELD.findall(rest)) > 1:
        if re.match(r"[ \t]*\r?\n\s*[^,\s}]", rest):
            yield RawEntry(0, entry.kind, [text[:end].encode()])
            yield RawEntry(0, "", [rest.strip().encode()])
        else:
            fault = "its braces close before its last field; balanced braces were expected"
            yield RawEntry(0, entry.kind, entry.raw, fault)
    elif end:
        yield RawEntry(0, entry.kind, [text[:end].encode()])
    else:
        yield entry


def count_entries(text: str) -> int:
    """Return how many entries run together in a broken one, by the fields that stand twice."""
    seen: dict[str, int] = {}
    often: Counter[str] = Counter()
    for match in _NAME.finditer(text):
        name = match[1].lower()
        again = seen.get(name)
        seen[name] = match.start()
        often[name] += again is None or not repeats(text, again, match.start())
    counts = sorted(often.values(), reverse=True)
    return max(1, counts[1]) if len(counts) > 1 else 1


def closing(text: str) -> int:
    """Return where the braces of an entry close, 0 where they do not or are round brackets."""
    depth = 0
    if re.match(r"\s*@\s*\w+\s*\(", text):
        return 0
    for match in re.finditer(r"[{}]", text):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.end()
    return 0
