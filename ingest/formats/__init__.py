"""Read article records of any known format: each module of this folder is one format.

A module has ``sniff(head, name)``, 0 where the bytes are not its format and up to ``SUREST``, at
most 100, where they are for certain, and ``read(stream, name)``, which yields records and failures.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from ingest.model import Failure, Record, Source
from ingest.parsing.unpacking import peek, stream_of
from ingest.text import UnreadableError

HEAD = 65536


class Format(Protocol):
    """What a format module offers."""

    __doc__: str | None
    SUREST: int

    def sniff(self, head: bytes, name: str) -> int:
        """Return how sure it is that these are the first bytes of its format, 0 to 100."""
        ...

    def read(self, stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
        """Yield the stream's records, and a failure for each that cannot be read."""
        ...


@cache
def formats() -> dict[str, Format]:
    """Return every format by name, found in this folder."""
    names = sorted(each.name for each in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return {name: cast(Format, importlib.import_module(f"{__name__}.{name}")) for name in names}


@cache
def _surest_first() -> tuple[tuple[str, Format], ...]:
    return tuple(sorted(formats().items(), key=lambda each: -each[1].SUREST))


def recognise(head: bytes, name: str) -> str | None:
    """Return the name of the format that is surest of these bytes, None where none is."""
    best = (0, "")
    for key, module in _surest_first():
        if best[0] > module.SUREST:
            break  # none that follows can be as sure
        best = max(best, (module.sniff(head, name), key))
    return best[1] if best[0] > 0 else None


def read(source: Source) -> Iterator[Record | Failure]:
    """Yield the records of a source and its failures; never raise for bad input."""
    try:
        with stream_of(source) as stream:
            yield from _read(stream, source.name)
    except OSError as error:
        reason = error.strerror or str(error)
        yield Failure(source.name, "file", f"{source.name}: {reason}; a readable file was expected")


def _read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    raw = stream.read(HEAD)
    stream.seek(0)
    head = peek(raw)
    if not raw or raw.isspace():
        yield Failure(name, "file", f"{name}: the file is empty; an article record was expected")
        return
    key = recognise(head, name)
    if key is None:
        known = ", ".join(formats())
        yield Failure(name, "file", f"{name}: unknown format; one of {known} was expected")
        return
    try:
        yield from formats()[key].read(stream, name)
    except UnreadableError as error:
        yield Failure(name, "file", f"{name}: {error}", key)
    except Exception as error:  # noqa: BLE001 - a reader's fault must not cost its neighbours
        yield Failure(
            name, "file", f"{name}: {type(error).__name__} while reading {key}: {error}", key
        )
