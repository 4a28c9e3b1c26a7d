"""Turn command-line arguments into sources and open archives, in bounded memory, writing nothing.

Only plain files are read: links, devices and pipes in folders and archives are reported. A member's
name is a label and never a path, so that ``../`` in it leads nowhere. Single gzip files stay packed:
their readers unpack them as a stream.
"""

from __future__ import annotations

import glob
import os
import stat
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from ingest.model import Failure, Source
from ingest.parsing.unpacking import stream_of

# A member above this is refused: it is held in memory, beside what its reader makes of it.
LARGEST = 96 << 20
# Text packs some 3 to 15 times; what expands beyond this is a bomb.
RATIO = 200
_DEPTH = 2
_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")
_READMES = {"README.MD", "README.TXT", "README"}


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


def _folder(path: Path) -> Iterator[Source | Failure]:
    for root, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if not each.startswith((".", "__")))
        for name in sorted(names):
            if _is_article(name):
                full = Path(root) / name
                label = str(full.relative_to(path))
                yield Source(label, str(full)) if _is_plain(full) else _odd(label)


def _is_article(name: str) -> bool:
    """Tell whether a member is no hidden file, system's leftover or README, which tells of others."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    hidden = any(each.startswith(("__", ".")) and each not in {".", ".."} for each in parts)
    return bool(parts) and not hidden and parts[-1].upper() not in _READMES


def _is_plain(path: Path) -> bool:
    """Tell whether a path can be read to its end; one that is absent is left to its reader."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def _odd(label: str) -> Failure:
    return Failure(label, "file", f"{label}: a link, device or pipe; a plain file was expected")


def expand(source: Source, depth: int = 0) -> Iterator[Source | Failure]:
    """Yield the source itself, or the members of the archive that it is, in their order."""
    name = source.name
    if not name.lower().endswith(_SUFFIXES):
        yield source
        return
    if depth >= _DEPTH:
        wrong = f"archives nested deeper than {_DEPTH}; a flat archive was expected"
        yield Failure(name, "file", f"{name}: {wrong}")
        return
    try:
        with stream_of(source) as stream:
            members = _zipped if name.lower().endswith(".zip") else _tarred
            for member in members(name, stream):
                yield from expand(member, depth + 1) if isinstance(member, Source) else [member]
    except (OSError, EOFError, ValueError, RuntimeError, zlib.error, zipfile.BadZipFile, tarfile.TarError) as error:  # fmt: skip
        wrong = f"the archive is broken ({' '.join(str(error).split())}); a readable archive was expected"
        yield Failure(name, "file", f"{name}: {wrong}")


def _zipped(name: str, stream: BinaryIO) -> Iterator[Source | Failure]:
    with zipfile.ZipFile(stream) as archive:
        for info in sorted(archive.infolist(), key=lambda each: each.filename):
            label = f"{name}/{info.filename}"
            if info.is_dir() or not _is_article(info.filename):
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                yield _odd(label)
                continue
            wrong = _size(info.file_size, info.compress_size)
            if info.flag_bits & 1:
                wrong = "encrypted; an open archive was expected"
            if wrong:
                yield Failure(label, "file", f"{label}: {wrong}")
                continue
            try:
                # No more than is stated: ``ZipFile.read`` would unpack whatever is packed.
                with archive.open(info) as member:
                    content = member.read(info.file_size)
                yield Source(label, data=content)
            except (OSError, EOFError, ValueError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:  # fmt: skip
                wrong = f"the member is broken ({error}); a readable one was expected"
                yield Failure(label, "file", f"{label}: {wrong}")


def _size(size: int, packed: int) -> str | None:
    """Return what is wrong with a member's size, None where nothing is."""
    if size > LARGEST:
        return (
            f"{size} bytes; at most {LARGEST} in an archive expected: unpack it and read the file"
        )
    if size > RATIO * max(packed, 4096):
        return f"expands to {size} bytes; at most {RATIO} times its packed size expected"
    return None


def _tarred(name: str, stream: BinaryIO) -> Iterator[Source | Failure]:
    """Yield a tar's members as they come: a broken one costs those behind it, none before."""
    packed = _length(stream)
    opened = 0
    with tarfile.open(fileobj=stream, mode="r:*") as archive:
        while (member := archive.next()) is not None:
            opened += member.size
            if opened > RATIO * max(packed, 1 << 20):
                raise ValueError(f"expands beyond {RATIO} times its packed size")
            if member.isdir() or not _is_article(member.name):
                continue
            label = f"{name}/{member.name}"
            wrong = _size(member.size, member.size)
            if not member.isfile():
                yield _odd(label)
            elif wrong:
                yield Failure(label, "file", f"{label}: {wrong}")
            else:
                content = cast(BinaryIO, archive.extractfile(member)).read()
                if len(content) < member.size:
                    raise EOFError(f"it ends inside {member.name}")
                yield Source(label, data=content)


def _length(stream: BinaryIO) -> int:
    end = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return end
