"""Read tables of articles (CSV, TSV): one a row, with columns for the title and the abstract."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from ingest.model import Failure, Record
from ingest.parsing.namedfields import has_fields, named_record
from ingest.parsing.unpacking import lines
from ingest.text import UnreadableError, decode

FORMAT = "plain_table"
SUREST = 35
_SIGNS = ("\t", ";", ",")
# The cells of one row are never broken into so many lines: a quote was lost.
_LONGEST = 300


def sniff(head: bytes, name: str) -> int:
    """Return 35 where the first line names the columns of a title and of an abstract."""
    first = head.lstrip().partition(b"\n")[0]
    return SUREST if b"\0" not in first and _sign(first.decode("utf-8", "replace")) else 0


def read(stream: BinaryIO, name: str) -> Iterator[Record | Failure]:
    """Yield every row's record in order; a broken row is a failure and its neighbours live."""
    raw = (each for each in lines(stream) if each.strip())
    first = decode(next(raw, b""))
    sign = _sign(first)
    if sign is None:
        raise UnreadableError(
            "no columns for a title and an abstract; a first row that names them was expected"
        )
    names = _cells([first], sign)
    for number, (data, row) in enumerate(_rows(raw, sign, len(names)), 1):
        try:
            if len(row) != len(names):
                raise ValueError(
                    f"{len(row)} cells; {len(names)} were expected as in the first row"
                )
            yield named_record(FORMAT, name, number, data, dict(zip(names, row, strict=True)))
        except ValueError as error:
            yield Failure(name, f"row {number}", f"{name} row {number}: {error}", FORMAT)


def _sign(line: str) -> str | None:
    """Return the sign that parts the columns of a table's first line, None where it is no table's."""
    return next(
        (sign for sign in _SIGNS if has_fields(_cells([line], sign), "title", "abstract")), None
    )


def _cells(printed: list[str], sign: str) -> list[str]:
    """Return the cells of a row's lines, none where they are no row."""
    try:
        return next(csv.reader(io.StringIO("\n".join(printed)), delimiter=sign), [])
    except csv.Error:
        return []


def _rows(raw: Iterator[bytes], sign: str, width: int) -> Iterator[tuple[bytes, list[str]]]:
    """Yield each row's bytes and cells; a line that no following ones complete is a row alone."""
    held: deque[bytes] = deque()
    while True:
        if not held:
            line = next(raw, None)
            if line is None:
                return
            held.append(line)
        taken = _taken(held, raw)
        row = _cells([decode(each) for each in taken], sign) if taken else []
        if len(taken) > 1 and len(row) != width:
            taken = []
        if not taken:
            taken = [held[0]]
            row = _cells([decode(held[0])], sign)
        for _ in taken:
            held.popleft()
        yield b"\n".join(taken), row


def _taken(held: deque[bytes], raw: Iterator[bytes]) -> list[bytes]:
    """Return the lines up to where every quote is closed, none where that is nowhere near."""
    quotes = 0
    for place in range(_LONGEST):
        if place == len(held):
            line = next(raw, None)
            if line is None:
                return []
            held.append(line)
        quotes += held[place].count(b'"')
        if quotes % 2 == 0:
            return [held[at] for at in range(place + 1)]
    return []
