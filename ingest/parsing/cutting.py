"""Cut XML streams into record elements by their tags, before any is parsed.

So a broken record costs only itself, and memory stays bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from ingest.model import Failure, Record
from ingest.parsing.repetition import repeats
from ingest.parsing.unpacking import chunks

# One record of a healthy file is far smaller; a longer one is a broken file without an end.
LONGEST = 32 << 20
_TAIL = 64
_BOUNDS = frozenset({b" ", b">", b"/", b"\n", b"\r", b"\t"})
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_SUBSET = re.compile(rb"<!DOCTYPE\s+[^\[\]<>]{0,400}(\[[^\]]{0,65536}\]\s*)>")


@dataclass(frozen=True, slots=True)
class Prolog:
    """What stands before the root and its records need: an encoding and an internal subset."""

    encoding: str | None = None
    subset: bytes = b""


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one record element and its number in the file, from 1.

    ``fault`` says why it is no whole record ("what is wrong; what was expected").
    """

    number: int
    data: bytes
    fault: str | None = None
    prolog: Prolog = Prolog()


def read_prolog(head: bytes) -> Prolog:
    """Return the declared encoding and internal subset of a file's first bytes."""
    declared = _ENCODING.match(head[:400])
    name = declared[1].decode().lower() if declared else None
    if name in {None, "utf-8", "utf8", "us-ascii", "ascii"} or str(name).startswith(
        ("utf-", "ucs")
    ):
        name = None
    root = re.search(rb"<[A-Za-z_]", head)
    subset = _SUBSET.search(head[: root.start()] if root else head)
    return Prolog(name, subset[1].strip() if subset else b"")


def _commented(buffer: bytes, start: int, tag: int) -> int:
    """Return the end of the comment between records that a tag stands in, 0 where in none.

    One that holds another opens by mistake; -1 is one whose end is not in the buffer.
    """
    opening = buffer.rfind(b"<!--", start, tag)
    if opening < 0 or buffer.find(b"-->", opening, tag) >= 0:
        return 0
    end = buffer.find(b"-->", tag)
    if buffer.find(b"<!--", opening + 4, end if end >= 0 else len(buffer)) >= 0:
        return 0
    return end + 3 if end >= 0 else -1


@lru_cache(maxsize=64)
def _patterns(
    tags: tuple[str, ...], landmarks: tuple[bytes, ...]
) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return what finds start tags of records, and of landmarks; many a file holds one record."""
    marks = b"|".join(re.escape(each) + rb"(?=[\s>/])" for each in landmarks)
    return re.compile(rb"<(" + "|".join(tags).encode() + rb")(?=[\s>/])"), re.compile(
        marks or rb"(?!)"
    )


class _Cutter:
    """Cut a stream into record elements; ``tags`` are theirs, ``landmarks`` in record order."""

    def __init__(self, tags: Sequence[str], landmarks: Sequence[str]) -> None:
        self._first = tags[0].encode()
        self._landmarks = [f"<{each.rstrip('*')}".encode() for each in landmarks]
        self._several = {at for at, each in enumerate(landmarks) if each.endswith("*")}
        self._opening, self._marks = _patterns(tuple(tags), tuple(self._landmarks))
        self._number = 0
        self._prolog = Prolog()
        self._rooted = False

    def cut(self, stream: BinaryIO) -> Iterator[Piece]:
        buffer, at, more, ended = b"", 0, True, ""
        source = chunks(stream)
        first = True
        while True:
            found = self._opening.search(buffer, at)
            skipped = _commented(buffer, at, found.start()) if found is not None else 0
            if skipped > 0:
                at = skipped
                continue
            waits = skipped < 0 and more and len(buffer) - at < LONGEST // 8
            if found is not None and not waits:
                end = self._end(buffer, found)
                if end:
                    yield from self._gap(buffer[at : found.start()])
                    yield self._piece(buffer, found.start(), end)
                    at = abs(end)
                    continue
            if not more:
                break
            if found is None and len(buffer) - at > LONGEST // 8:
                yield from self._gap(buffer[at:-_TAIL])
                at = len(buffer) - _TAIL
            elif found is not None and len(buffer) - found.start() > LONGEST:
                yield self._fault(buffer[found.start() :], "has no end within 32 MB", found[1])
                at = len(buffer) - _TAIL
            try:
                chunk = next(source, b"")
            except ValueError as error:
                chunk, ended = b"", str(error)
            more = bool(chunk)
            if first:
                self._prolog, first = read_prolog(chunk[:131072]), False
            buffer, at = buffer[at:] + chunk, 0
        yield from self._rest(buffer[at:], ended)

    def _end(self, buffer: bytes, found: re.Match[bytes]) -> int:
        """Return where the record ends, negative where the next one starts first, 0 if unknown."""
        tag, at = found[1], found.end()
        while (at := buffer.find(tag, at)) >= 0:
            after = at + len(tag)
            if buffer[at - 2 : at] == b"</":
                close = buffer.find(b">", after)
                if close >= 0 and not buffer[after:close].strip():
                    return close + 1
            elif buffer[at - 1 : at] == b"<" and buffer[after : after + 1] in _BOUNDS:
                break
            at = after
        return -self._following(buffer, found.end(), at if at >= 0 else len(buffer))

    def _following(self, buffer: bytes, start: int, limit: int) -> int:
        """Return where the first record of any kind starts before a limit, 0 if none does."""
        following = self._opening.search(buffer, start)
        return following.start() if following and following.start() <= limit else 0

    def _piece(self, buffer: bytes, start: int, end: int) -> Piece:
        if end < 0:
            name = re.match(rb"<([\w:.-]+)", buffer[start : start + 80])
            return self._fault(buffer[start:-end], "has no end tag", name[1] if name else b"")
        self._number += 1
        return Piece(self._number, buffer[start:end], None, self._prolog)

    def _fault(self, data: bytes, wrong: str, tag: bytes) -> Piece:
        self._number += 1
        return Piece(self._number, data, f"{wrong}; </{tag.decode()}> was expected", self._prolog)

    def _gap(self, data: bytes) -> Iterator[Piece]:
        """Yield a fault where bytes between records are the rest of a record."""
        if data.isspace() or not data:
            return
        self._rooted = self._rooted or bool(re.search(rb"<[A-Za-z]", data))
        if self._marks.search(data):
            self._number += 1
            wrong = "a record without a start tag; <" + self._first.decode() + "> was expected"
            yield Piece(self._number, data, wrong, self._prolog)

    def _rest(self, data: bytes, ended: str) -> Iterator[Piece]:
        found = self._opening.search(data)
        if found is not None:
            yield from self._gap(data[: found.start()])
            yield self._fault(data[found.start() :], ended or "the file ends inside it", found[1])
            return
        yield from self._gap(data)
        if ended:
            yield Piece(self._number + 1, b"", f"{ended}; a whole file was expected")
        elif not self._rooted and not self._number:
            yield Piece(1, b"", f"no record; <{self._first.decode()}> was expected")
        elif self._rooted and not re.search(rb"</|/>", data):
            wrong = "the file ends early; the root's end tag was expected"
            yield Piece(self._number + 1, b"", wrong)

    def count(self, data: bytes) -> int:
        """Return how many records a broken stretch holds parts of, by its landmarks' order."""
        last, records = -1, 1
        seen: dict[int, int] = {}
        for mark in self._marks.finditer(data):
            place = self._landmarks.index(mark[0])
            again = seen.get(place)
            seen[place] = mark.start()
            # What may stand several times in a row opens no record.
            if place < last or (place == last and place not in self._several):
                records += again is None or not repeats(data, again, mark.start())
            last = place
        return records


def pieces(stream: BinaryIO, tags: Sequence[str], landmarks: Sequence[str] = ()) -> Iterator[Piece]:
    """Yield the bytes of each record element of a stream, in bounded memory.

    ``tags`` name record elements, which do not nest. ``landmarks`` are elements that each record
    has at most once, in their order, or several in a row where a star follows the name: by them
    bytes outside any record are known for the rest of a broken one, and yielded as a fault.
    """
    yield from _Cutter(tags, landmarks).cut(stream)


def count_records(data: bytes, tags: Sequence[str], landmarks: Sequence[str]) -> int:
    """Return how many records a broken stretch of bytes holds parts of, at least 1."""
    return _Cutter(tags, landmarks).count(data)


def records(
    form: str,
    found: Iterable[Piece],
    name: str,
    make: Callable[[Piece, str], Record],
    count: Callable[[bytes], int],
) -> Iterator[Record | Failure]:
    """Yield the record made of each piece; a broken one is a failure and its neighbours live.

    ``count`` tells of how many records broken bytes hold parts: each of them is a failure.
    """
    for piece in found:
        try:
            yield make(piece, name)
        except ValueError as error:
            where = f"record {piece.number}" if piece.data else "end of file"
            for _ in range(count(piece.data)):
                yield Failure(name, where, f"{name} {where}: {error}", form)
