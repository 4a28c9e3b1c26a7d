"""Keep what was fetched for one query: its files, whole or not there, and a manifest beside them."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.text import sha256


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that was written whole: its name, the hash of its bytes and the ids it holds."""

    file: str
    sha256: str
    ids: tuple[str, ...]


class Manifest:
    """The files of one query in a folder; a damaged manifest is begun anew.

    A file that is gone or whose bytes have changed counts as not fetched. ``cursor`` is where a
    service that only walks forward goes on.
    """

    def __init__(self, folder: Path, source: str, query: str, ending: str) -> None:
        """Read the manifest of a query, or begin it."""
        key = sha256(f"{source}|{query}".encode())[:8]
        self.folder = folder
        # A name that begins with a dot is no article to the build.
        self.path = folder / f".{source}-{key}.json"
        self._about = {"source": source, "query": query}
        self._stem, self._ending = f"{source}-{key}", ending
        stored = _stored(self.path)
        self.cursor: str | None = stored.get("cursor")
        self.entries: list[Entry] = [each for each in _entries(stored) if self._is_whole(each)]

    @property
    def held(self) -> set[str]:
        """Return the ids of every whole file."""
        return {each for entry in self.entries for each in entry.ids}

    def add(self, data: bytes, ids: Sequence[str], cursor: str | None) -> None:
        """Write a file, packed, and then the manifest: a cut between the two loses nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        taken = {entry.file for entry in self.entries}
        number = 1
        while (name := f"{self._stem}-{number:05}{self._ending}") in taken:
            number += 1
        packed = gzip.compress(data, mtime=0)
        _write(self.folder / name, packed)
        self.entries.append(Entry(name, sha256(packed), tuple(ids)))
        self.cursor = cursor
        self.save()

    def save(self) -> None:
        """Write the manifest in one step."""
        value = {
            **self._about,
            "cursor": self.cursor,
            "files": [asdict(each) for each in self.entries],
        }
        _write(self.path, json.dumps(value, ensure_ascii=False, indent=1).encode())

    def _is_whole(self, entry: Entry) -> bool:
        try:
            data = (self.folder / entry.file).read_bytes()
        except OSError:
            return False
        return sha256(data) == entry.sha256


def _write(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{path.name.lstrip('.')}.part")
    with open(beside, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(beside, path)


def _stored(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _entries(stored: dict[str, Any]) -> list[Entry]:
    try:
        return [
            Entry(Path(each["file"]).name, each["sha256"], tuple(map(str, each["ids"])))
            for each in stored.get("files", [])
        ]
    except (KeyError, TypeError):
        return []
