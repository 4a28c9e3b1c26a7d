"""Cut files of tagged lines, as RIS and MEDLINE, into records, each decoded on its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.parsing.repetition import repeats


@dataclass
class Block:
    """The lines of one record as they come: its number, raw bytes, (tag, value) pairs, a fault.

    ``breaks`` are the places of blank lines in it, among its lines and among its fields.
    """

    number: int
    raw: list[bytes] = field(default_factory=list)
    fields: list[tuple[str, list[str]]] = field(default_factory=list)
    fault: str | None = None
    breaks: list[tuple[int, int]] = field(default_factory=list)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each field's tag and value, the lines that go on with it joined."""
        return [(tag, " ".join(parts)) for tag, parts in self.fields]

    @property
    def data(self) -> bytes:
        """The record's bytes with line feeds."""
        return b"\n".join(self.raw) + b"\n"

    def add(self, raw: bytes, tag: str, value: str) -> None:
        """Add a line that opens a field."""
        self.raw.append(raw)
        self.fields.append((tag, [value.strip()] if value.strip() else []))

    def extend(self, raw: bytes, more: str) -> None:
        """Add a line that goes on with the last field."""
        self.raw.append(raw)
        if self.fields and more.strip():
            self.fields[-1][1].append(more.strip())

    def values(self, *tags: str) -> list[str]:
        """Return every value of the tags, in the order of the lines."""
        return [" ".join(parts) for tag, parts in self.fields if tag in tags and parts]

    def first(self, *tags: str) -> str | None:
        """Return the first value of the first tag that has one."""
        return next((found[0] for tag in tags if (found := self.values(tag))), None)

    def parted(self, singular: Sequence[str], least: int) -> list[Block]:
        """Return the two records that run together here with a blank line between, else itself."""
        for line, at in self.breaks:
            first = Block(self.number, self.raw[:line], self.fields[:at])
            second = Block(self.number + 1, self.raw[line:], self.fields[at:])
            if at > 2 and all(each.count(singular, least) == 1 for each in (first, second)):
                return [first, second]
        return [self]

    def count(self, singular: Iterable[str], least: int = 2) -> int:
        """Return how many records run together here, by tags that a record has at most once.

        ``least`` is how many such tags have to stand twice: one may be an exporter's habit.
        """
        wanted = set(singular)
        tags = Counter(tag for tag, _ in self.fields if tag in wanted)
        if sum(1 for each in tags.values() if each > 1) < least:
            return 1
        counts: Counter[str] = Counter()
        seen: dict[str, int] = {}
        text, at = self.data, 0
        for line in self.raw:
            tag = line[:4].decode("ascii", "replace").strip(" -\ufeff")
            if tag in wanted:
                again = seen.get(tag)
                seen[tag] = at
                counts[tag] += again is None or not repeats(text, again, at)
            at += len(line) + 1
        often = sorted(counts.values(), reverse=True)
        return max(1, often[least - 1]) if len(often) >= least else 1


def split_glued(source: Iterable[bytes], start: re.Pattern[bytes]) -> Iterator[bytes]:
    """Yield lines, parting one where a record's first line stands behind the torn end of another."""
    for line in source:
        found = start.search(line)
        if found and found.start() > 0:
            yield line[: found.start()]
            yield line[found.start() :]
        else:
            yield line


def decode_line(line: bytes) -> str:
    """Return a line's text: UTF-8, else Windows-1252, whose bytes are seldom valid UTF-8."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def fold(values: Sequence[str]) -> tuple[str, ...]:
    """Return values with white space folded, each once, in order."""
    return tuple(dict.fromkeys(" ".join(each.split()) for each in values if each.strip()))
