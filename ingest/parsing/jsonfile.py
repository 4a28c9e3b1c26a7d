"""Read records of JSON files as a stream: an array, a wrapped array, one object or one a line.

One record is decoded at a time. A broken one is cut out by its braces or, where those are broken
too, up to the next object that looks like a record, so that its neighbours live.
"""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO

from ingest.model import Failure, Record
from ingest.parsing.jsonchain import DECODER, chained, count_parts, is_torn
from ingest.parsing.jsonvalues import storable
from ingest.parsing.unpacking import chunks, peek

# A wrapper's key stands near the start of a file.
_WINDOW = 65536
# One record of a healthy file is far smaller.
LONGEST = 24 << 20
_AHEAD = 256
# So many neighbours on each side tell what a record of the file looks like.
_LEARNT = 8
# Fewer than the levels at which the decoder gives up.
_STEP = 900
_SPACE = re.compile(r"[\s,\x1e]*")
_SCALAR = re.compile(r'(null|true|false|-?\d{1,20}(?:\.\d{1,20})?|"[^"\\\n]{0,200}")(?=\s*[,\]])')
# Too little to be a record's rest.
_STRAY = re.compile(r'[^\s,{}\[\]"\w][^{}\[\]"\w]{0,3}(?=[{\[])|\w{1,2}(?=\s*\{)')
_CLOSING = re.compile(r"\][}\]\s]*$")
_STRUCTURE = re.compile(r'["{}\\]')
_UNSAFE = re.compile(r"\\u(?:[dD][89a-fA-F]|00[01])")


@dataclass(frozen=True, slots=True)
class Item:
    """One record: its number from 1, its text, its decoded object, or a fault.

    ``count`` is how many records a broken text holds parts of.
    """

    number: int
    text: str
    value: dict[str, Any]
    fault: str | None = None
    count: int = 1

    @property
    def data(self) -> bytes:
        """The record's bytes."""
        return self.text.encode("utf-8", errors="replace")


def has_keys(head: bytes, *patterns: str) -> bool:
    """Tell whether the head of a JSON file has each of these keys (regular expressions)."""
    shown = peek(head).lstrip()
    if not shown.startswith((b"{", b"[")):
        return False
    return all(re.search(rf'"(?:{each})"\s*:'.encode(), shown) for each in patterns)


def items(
    stream: BinaryIO,
    wrappers: Sequence[str],
    is_record: Callable[[dict[str, Any]], bool],
) -> Iterator[Item]:
    """Yield the records of a JSON file, whole or broken.

    ``wrappers`` are keys whose value is the array of records, or the one record; ``is_record``
    tells a record from the objects that it holds.
    """
    yield from _Reader(stream, wrappers, is_record).items()


def records(
    form: str,
    found: Iterable[Item],
    name: str,
    make: Callable[[Item, str], Record],
) -> Iterator[Record | Failure]:
    """Yield the record that ``make`` makes of each item, and a failure where it cannot."""
    for item in found:
        try:
            if item.fault:
                raise ValueError(item.fault)
            yield make(item, name)
        except ValueError as error:
            where = f"record {item.number}" if item.text else "end of file"
            for _ in range(item.count):
                yield Failure(name, where, f"{name} {where}: {error}", form)


@cache
def _western() -> str:
    """Return the name of an error handler that reads bytes that are no UTF-8 as Windows-1252."""

    def decode(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return error.object[error.start : error.end].decode("cp1252", "replace"), error.end

    codecs.register_error("western", decode)
    return "western"


class _Reader:
    def __init__(
        self,
        stream: BinaryIO,
        wrappers: Sequence[str],
        is_record: Callable[[dict[str, Any]], bool],
    ) -> None:
        self._source = chunks(stream)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors=_western())
        self._is_record = is_record
        self._buffer = ""
        self._more = True
        self._ended: str | None = None
        self._swallowed = False
        self._barren = 0
        self._keys: frozenset[str] = frozenset()
        # Whole records, to tell parts of others by.
        self._whole: deque[str] = deque(maxlen=_LEARNT)
        names = "|".join(map(re.escape, wrappers)) or "(?!)"
        self._wrapper = re.compile(rf'"(?:{names})"\s*:\s*([\[{{])')

    def items(self) -> Iterator[Item]:
        self._fill()
        self._skip()
        listed = self._buffer.startswith("[")
        if listed:
            self._drop(1)
        wrapped = self._enter()
        number, closed = 0, not (listed or wrapped)
        while True:
            self._skip()
            if not self._buffer:
                break
            stray = _STRAY.match(self._buffer)
            if stray:
                # A damaged blank or comma between records is no record.
                self._drop(stray.end())
                continue
            if self._buffer[0] == "]" or (wrapped and self._buffer[0] == "}"):
                self._drop(1)
                if wrapped and self._enter():
                    continue
                closed = not self._strays()
                if closed:
                    break
                number += 1
                yield self._broken(number)
                continue
            number += 1
            yield self._next(number)
        if self._ended:
            yield Item(number + 1, "", {}, f"{self._ended}; a whole file was expected")
        elif not (closed or self._swallowed):
            yield Item(number + 1, "", {}, "the file ends early; the end of the array was expected")

    def _strays(self) -> bool:
        """Tell whether records follow what looks like the end of the array."""
        self._skip()
        return "{" in self._buffer and self._resume() < len(self._buffer)

    def _fill(self) -> bool:
        """Read on; return false at the end of the stream."""
        if not self._more:
            return False
        try:
            chunk = next(self._source, None)
        except ValueError as error:
            chunk, self._ended = None, str(error)
        self._more = chunk is not None
        self._buffer += self._decoder.decode(chunk or b"", final=not self._more)
        return True

    def _drop(self, count: int) -> None:
        self._buffer = self._buffer[count:]

    def _skip(self) -> None:
        while True:
            match = _SPACE.match(self._buffer)
            self._drop(match.end() if match else 0)
            if self._buffer or not self._fill():
                return

    def _enter(self) -> bool:
        """Go on to the next array or object of records behind a wrapper's key, if there is one."""
        while not self._peeks_record():
            found = self._wrapper.search(self._buffer[:_WINDOW])
            if found is None:
                return False
            self._drop(found.end() - 1)
            if found[1] == "[" or self._peeks_record():
                self._drop(1 if found[1] == "[" else 0)
                return True
            self._drop(1)
        return False

    def _peeks_record(self) -> bool:
        """Tell whether the buffer begins with one record or a line of them, unwrapped."""
        if not self._buffer.startswith("{"):
            return False
        found = self._first()
        return found is not None and self._is_record(found[0])

    def _decode(self, at: int) -> tuple[dict[str, Any], int] | None:
        """Return the object at a place and its end; raise ``RecursionError`` if nested too deep."""
        try:
            value, end = DECODER.raw_decode(self._buffer, at)
        except ValueError:
            return None
        return (value, end) if isinstance(value, dict) else None

    def _first(self) -> tuple[dict[str, Any], int] | None:
        try:
            return self._decode(0)
        except RecursionError:
            return None

    def _next(self, number: int) -> Item:
        """Return the record at the start of the buffer."""
        scalar = _SCALAR.match(self._buffer)
        if scalar:
            # A service says null where it knows no such record.
            self._drop(scalar.end())
            fault = f"{scalar[1]} in place of a record; an object was expected"
            return Item(number, scalar[1], {}, fault)
        size = 0
        while True:
            found = self._first()
            if found and len(self._buffer) - found[1] < _AHEAD:
                self._fill()
            if (
                found
                and self._is_record(found[0])
                and is_torn(self._buffer, *found, self._is_record)
            ):
                break
            if found:
                value, end = found
                text = self._buffer[:end]
                self._drop(end)
                if not self._is_record(value):
                    return Item(
                        number, text, {}, "an object that is no record; a record was expected"
                    )
                if self._like(value):
                    self._learn(value, text)
                return Item(number, text, storable(value) if _UNSAFE.search(text) else value)
            # Either cut by the buffer's edge or broken: read on as far as its braces go.
            if self._buffer[0] != "{" or self._braces() or len(self._buffer) > LONGEST:
                break
            held = len(self._buffer)
            size = max(2 * size, held + 1)
            while len(self._buffer) < size and self._fill():
                pass
            if len(self._buffer) == held:
                break
        return self._broken(number)

    def _braces(self) -> int:
        """Return where the object's braces close, 0 where they do not, strings left out."""
        depth, quoted, at = 0, False, 0
        while match := _STRUCTURE.search(self._buffer, at):
            char, at = match[0], match.end()
            if char == "\\":
                at += 1
            elif char == '"':
                quoted = not quoted
            elif not quoted:
                depth += 1 if char == "{" else -1
                if depth == 0:
                    return at
        return 0

    def _broken(self, number: int) -> Item:
        try:
            DECODER.raw_decode(self._buffer)
            reason = "no object"
        except RecursionError:
            reason = "nested too deeply"
        except ValueError as error:
            reason = str(error)
        self._barren = 0
        end = self._resume()
        if end == len(self._buffer):
            # No record follows: what its braces hold, where they close before the array's end.
            closed = self._braces() if self._buffer[0] == "{" else 0
            end = closed if closed and self._buffer[closed:].lstrip()[:1] in {"", "]"} else end
        following = self._decode(end) if not self._keys else None
        if following:
            self._learn(following[0], self._buffer[end : following[1]])
        text = self._buffer[:end]
        count = count_parts(text, [*self._whole, *self._following(end)])
        # What is broken at the end of a whole file holds the array's end.
        self._swallowed = end == len(self._buffer) and bool(_CLOSING.search(text))
        self._drop(end)
        fault = f"broken JSON ({reason}); one object was expected"
        return Item(number, text, {}, fault, count)

    def _learn(self, value: dict[str, Any], text: str) -> None:
        self._keys = frozenset(value)
        self._whole.append(text)

    def _following(self, end: int) -> Iterator[str]:
        """Yield the next whole records behind a broken one."""
        at = end
        for _ in range(_LEARNT):
            try:
                found = self._decode(at)
            except RecursionError:
                found = None
            if found is None:
                return
            yield self._buffer[at : found[1]]
            parted = _SPACE.match(self._buffer, found[1])
            at = parted.end() if parted else found[1]

    def _like(self, value: dict[str, Any]) -> bool:
        """Tell whether an object is a record with the keys of its neighbours, and no part of one."""
        shared = len(self._keys & value.keys())
        return self._is_record(value) and shared >= 0.6 * len(self._keys)

    def _resume(self) -> int:
        """Return where the next object that is a record starts, else the end of the buffer."""
        while self._more and len(self._buffer) < LONGEST:
            self._fill()
        found = self._place(self._keys != frozenset())
        return found if found < len(self._buffer) or self._keys else self._place(True)

    def _place(self, alike: bool) -> int:
        """Return where the next record starts: one like its neighbours, or the last of the array."""
        lead = re.match(r"\{\s*\"", self._buffer)
        # Printed with indents, the records of a file open alike.
        start = re.compile(re.escape(lead[0] if lead else '{"') + r'[^"\\{}]{1,60}"\s*:')
        at = 1
        while match := start.search(self._buffer, at):
            at = match.start()
            before = self._buffer[max(0, at - 80) : at].rstrip()
            # Where the records' keys are not known yet, only a place between records will do.
            if self._keys or before[-1:] in {",", "}", ""} or self._buffer[at - 1] == "\n":
                try:
                    found = self._decode(at)
                except RecursionError:
                    # What nests so deep nests still deep behind: no record begins there.
                    at += _STEP
                    continue
                if found and ((alike and self._like(found[0])) or self._chained(at)):
                    return at
            at += 1
        return len(self._buffer)

    def _chained(self, at: int) -> bool:
        """Tell whether a record unlike its neighbours stands here, with those behind it."""
        if at < self._barren:
            return False
        try:
            told, end = chained(self._buffer, at, self._decode, self._is_record, self._more)
        except RecursionError:
            return False
        self._barren = 0 if told else end
        return told
