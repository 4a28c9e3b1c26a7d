"""Turn command-line arguments into sources and open archives, in bounded memory, writing nothing."""

from __future__ import annotations

import glob
import gzip
import io
import os
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.model import Failure, Source

# A member or a decompressed file above this is refused: real exports stay below it.
LARGEST = 512 << 20
RATIO = 200
_DEPTH = 2
_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".gz")


def sources(arguments: Sequence[str]) -> Iterator[Source | Failure]:
    """Yield a source for every file that files, folders, globs or ``-`` stand for, sorted."""
    for argument in arguments:
        if argument == "-":
            yield Source("stdin", data=sys.stdin.buffer.read())
            continue
        path = Path(argument)
        if path.is_dir():
            yield from _folder(path)
        elif path.exists():
            yield Source(path.name, str(path))
        else:
            found = sorted(glob.glob(argument, recursive=True))
            if not found:
                yield Failure(
                    argument,
                    "file",
                    f"{argument}: no such file; a file, folder or glob was expected",
                )
            yield from sources(found)


def _folder(path: Path) -> Iterator[Source]:
    for root, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if not each.startswith((".", "__")))
        for name in sorted(names):
            # A folder's README tells people about it; it is no article.
            if not name.startswith(".") and name.upper() not in {
                "README.MD",
                "README.TXT",
                "README",
            }:
                full = Path(root) / name
                yield Source(str(full.relative_to(path)), str(full))


def expand(source: Source, depth: int = 0) -> Iterator[Source | Failure]:
    """Yield the source itself, or the members of the archive that it is."""
    name = source.name.lower()
    if not name.endswith(_SUFFIXES) or name.endswith((".xml.gz",)):
        yield source
        return
    if depth >= _DEPTH:
        yield Failure(
            source.name,
            "file",
            f"{source.name}: archives nested deeper than {_DEPTH}; a flat archive was expected",
        )
        return
    try:
        data = (
            source.data
            if source.data is not None
            else Path(source.path or source.name).read_bytes()
        )
        for member in _members(source.name, data):
            yield from expand(member, depth + 1) if isinstance(member, Source) else iter([member])
    except (
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        zlib.error,
        zipfile.BadZipFile,
        tarfile.TarError,
    ) as error:
        yield Failure(
            source.name,
            "file",
            f"{source.name}: the archive is broken ({error}); a readable archive was expected",
        )


def _members(name: str, data: bytes) -> Iterator[Source | Failure]:
    low = name.lower()
    if low.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in sorted(archive.infolist(), key=lambda each: each.filename):
                if info.is_dir():
                    continue
                label = f"{name}/{info.filename}"
                if info.file_size > LARGEST or info.file_size > RATIO * max(
                    info.compress_size, 4096
                ):
                    yield Failure(
                        label,
                        "file",
                        f"{label}: expands to {info.file_size} bytes; at most {LARGEST} and {RATIO} times its packed size expected",
                    )
                    continue
                if info.flag_bits & 1:
                    yield Failure(
                        label, "file", f"{label}: encrypted; an open archive was expected"
                    )
                    continue
                yield Source(label, data=archive.read(info))
    elif low.endswith((".tar", ".tar.gz", ".tgz")):
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in sorted(archive.getmembers(), key=lambda each: each.name):
                stream = archive.extractfile(member) if member.isfile() else None
                if stream is None:
                    continue
                label = f"{name}/{member.name}"
                if member.size > LARGEST:
                    yield Failure(
                        label, "file", f"{label}: {member.size} bytes; at most {LARGEST} expected"
                    )
                    continue
                yield Source(label, data=stream.read())
    else:
        with gzip.open(io.BytesIO(data)) as packed:
            content = packed.read(LARGEST + 1)
        if len(content) > LARGEST or len(content) > RATIO * max(len(data), 4096):
            yield Failure(
                name,
                "file",
                f"{name}: expands beyond {RATIO} times its packed size; an ordinary gzip file was expected",
            )
            return
        yield Source(name[:-3], data=content)
