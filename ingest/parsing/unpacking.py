"""Read a stream in chunks: gzip opened with a bound, UTF-16 and UTF-32 turned into UTF-8."""

from __future__ import annotations

import codecs
import io
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

from ingest.model import Source

_CHUNK = 1 << 20
_BLOCK = 65536
# Text packs some 3 to 15 times; what expands beyond this is a bomb.
RATIO = 200
_GRACE = 64 << 20
_LONGEST_LINE = 16 << 20
_GZIP = b"\x1f\x8b"
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
)  # fmt: skip


def stream_of(source: Source) -> BinaryIO:
    """Return a source's bytes as a stream to read and close; raise ``OSError`` as ``open`` does."""
    if source.data is not None:
        return io.BytesIO(source.data)
    return open(source.path or source.name, "rb")


def wide_encoding(head: bytes) -> str | None:
    """Return the name of a 16 or 32 bit encoding by a file's first bytes, None for others."""
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    return marked or _unmarked(head[:256])


def _unmarked(head: bytes) -> str | None:
    """Return the name of a 16 bit encoding without a mark: Latin letters have every other byte 0."""
    first, second = head[0::2], head[1::2]
    if len(second) < 4:
        return None
    if not first.count(0) and second.count(0) >= 0.9 * len(second):
        return "utf-16-le"
    return "utf-16-be" if not second.count(0) and first.count(0) >= 0.9 * len(first) else None


@lru_cache(maxsize=4)
def peek(head: bytes) -> bytes:
    """Return the first bytes of a file as its reader will see them: unpacked, in UTF-8, no mark, lines fed."""
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(31).decompress(head, 65536)
        except zlib.error:
            return b""
    wide = wide_encoding(head)
    if wide:
        head = head[: len(head) // 4 * 4].decode(wide, errors="replace").encode()
    head = head.removeprefix(codecs.BOM_UTF8)
    return head.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in head else head


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream's bytes in chunks, unpacked and in an ASCII-compatible encoding, no mark.

    Raise ``ValueError`` where the packed stream is broken or a bomb, after yielding what is whole.
    """
    source = _unpacked(stream)
    head = next(source, b"")
    wide = wide_encoding(head)
    if wide is None:
        yield head.removeprefix(codecs.BOM_UTF8)
        yield from source
        return
    decoder = codecs.getincrementaldecoder(wide)(errors="replace")
    yield decoder.decode(head).removeprefix("\ufeff").encode("utf-8", errors="replace")
    for chunk in source:
        yield decoder.decode(chunk).encode("utf-8", errors="replace")


def read_whole(stream: BinaryIO, largest: int) -> bytes:
    """Return all of a stream, unpacked and in an ASCII-compatible encoding.

    Raise ``ValueError`` as ``chunks`` does, or where it is longer than ``largest`` bytes.
    """
    parts, size = [], 0
    for chunk in chunks(stream):
        size += len(chunk)
        if size > largest:
            raise ValueError(f"longer than {largest} bytes; one document was expected")
        parts.append(chunk)
    return b"".join(parts)


def _unpacked(stream: BinaryIO) -> Iterator[bytes]:
    head = stream.read(_BLOCK)
    if head.startswith(_GZIP):
        yield from _gunzip(head, stream)
        return
    while head:
        yield head
        head = stream.read(_CHUNK)


def _gunzip(block: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Yield the content of every member of a gzip stream."""
    packed = unpacked = 0
    engine = zlib.decompressobj(31)
    while block:
        packed += len(block)
        spare = engine.copy()
        try:
            content, block, engine = _inflate(engine, block)
        except zlib.error as error:
            yield _salvage(spare, block)
            raise ValueError(f"the gzip stream is broken ({error})") from None
        unpacked += len(content)
        if unpacked > _GRACE and unpacked > RATIO * packed:
            raise ValueError(f"expands beyond {RATIO} times its packed size")
        if content:
            yield content
        packed -= len(block)
        block = block or stream.read(_BLOCK)
    if not engine.eof:
        raise ValueError("the gzip stream ends early")


def _inflate(engine: zlib._Decompress, block: bytes) -> tuple[bytes, bytes, zlib._Decompress]:
    """Return at most a chunk of content, the packed bytes left over and the engine to go on with."""
    if engine.eof:
        if not block.lstrip(b"\0"):
            return b"", b"", engine
        engine = zlib.decompressobj(31)
    content = engine.decompress(block, _CHUNK)
    return content, engine.unconsumed_tail or engine.unused_data, engine


def _salvage(engine: zlib._Decompress, block: bytes) -> bytes:
    """Return what a broken block still holds, byte by byte up to the fault."""
    whole = io.BytesIO()
    if engine.eof:
        return b""
    try:
        for at in range(len(block)):
            whole.write(engine.decompress(block[at : at + 1]))
            if whole.tell() > _CHUNK:
                break
    except zlib.error:
        pass
    return whole.getvalue()


def lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream's lines without their ends, which may be LF, CR LF or CR alone.

    Raise ``ValueError`` as ``chunks`` does, or where a line is longer than 16 MB.
    """
    rest = b""
    for chunk in chunks(stream):
        data = rest + chunk
        # A CR at the chunk's end may be half of a CR LF.
        keep = data[-1:] == b"\r"
        found = (data[:-1] if keep else data).splitlines()
        whole = data[-1:] == b"\n"
        rest = b"" if whole or not found else found.pop()
        rest += b"\r" if keep else b""
        if len(rest) > _LONGEST_LINE:
            raise ValueError(f"a line longer than {_LONGEST_LINE} bytes; a text file was expected")
        yield from found
    yield from rest.splitlines()
