"""Keep the search index as a cache: made from one generation of a database, never opened from elsewhere.

Whoosh unpickles what it opens, so an index is kept in the user's own cache folder, named after the
database and its generation. What is missing, stale, damaged or not ours is passed over and made
anew; FTS5 answers meanwhile. The next generation takes over every shard of the last one and adds
one with what changed. Readers keep the files they have open; the last generation stays for those
that are about to open it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from kb.connection import connect, generation_seen
from kb.indexing import FIELDS, Share, contents, write_share
from kb.passages import Passages
from kb.ranking import Collection

_MANIFEST, _CONTENTS = "manifest.json", "contents.json"
# More shards slow every question; more change than this share is not worth carrying the rest.
_MOST_SHARDS, _MOST_CHANGED = 8, 0.25
# Below this many articles a second process costs more than it saves.
_WORTH_SHARING = 3000
# How often a database may be replaced while it is indexed.
_MOST_SWAPS = 5
_BUILDING = ".building-"
# Seconds after which a process that makes an index is taken for dead.
_LONGEST = 600


@cache
def _layout() -> str:
    """Return a hash of the files that decide what is stored: their change makes every index stale."""
    digest = hashlib.sha256()
    for name in ("words.py", "words.yml", "postings.py", "indexing.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Index:
    """An open index: the articles, their passages, and the claims of one generation."""

    folder: Path
    generation: str
    articles: Collection
    claims: Collection
    passages: Passages
    # What was once asked of the database of this generation, by name.
    kept: dict[str, Any] = field(default_factory=dict)

    def unit(self, name: str) -> Collection:
        """Return the collection of articles, passages or claims."""
        return {"articles": self.articles, "passages": self.passages, "claims": self.claims}[name]


def generation_of(database: Path) -> str:
    """Return the generation of a database, ``none`` if it has none."""
    connection = connect(database)
    try:
        return generation_seen(connection) or "none"
    except sqlite3.Error:
        return "none"
    finally:
        connection.close()


def cache_folder(database: Path, what: str) -> Path:
    """Return the folder of what is kept of a database; ``KB_CACHE`` moves the folder of all.

    Raises ``OSError`` where neither it nor a home is known.
    """
    key = hashlib.sha256(str(database.resolve()).encode()).hexdigest()[:16]
    base = Path(os.environ.get("KB_CACHE") or user_cache_path("spinal-tumour-evidence"))
    if base.parts[:1] == ("~",):
        # Who has no home, in the environment or by the system, would get a folder of that name.
        raise OSError("the cache has no place; HOME or KB_CACHE was expected")
    return base / what / key


def index_folder(database: Path, generation: str | None = None) -> Path:
    """Return where the index of a database's generation is kept: its present one, if none is given."""
    name = "".join(each for each in generation or generation_of(database) if each.isalnum())[:64]
    return cache_folder(database, "whoosh") / f"{name or 'none'}-{_layout()}"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Let one process build at a time; the others wait."""
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)


def build_index(database: Path, jobs: int = 1) -> Path:
    """Make the index of a database's present generation and return its folder.

    What the last generation's index holds unchanged is taken over. A sound index is left as it is.
    Raises ``OSError`` where it cannot be written.
    """
    for _ in range(_MOST_SWAPS):
        folder = _built(database, jobs)
        if folder == index_folder(database):
            return folder
    raise OSError(f"{database}: it is replaced again and again; one that stays was expected")


def _built(database: Path, jobs: int) -> Path:
    generation = generation_of(database)
    folder = index_folder(database, generation)
    with only_one(folder.parent):
        if _sound(folder) is not None:
            return folder
        beside = folder.with_name(f"{folder.name}{_BUILDING}{os.getpid()}")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        try:
            _fill(beside, database, folder, jobs, generation)
            # Every share opened the file by its name: if another lies there now, any may have read it.
            if generation_of(database) == generation:
                shutil.rmtree(folder, ignore_errors=True)
                os.replace(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        _tidy(folder)
    return folder


def _tidy(folder: Path) -> None:
    """Remove every older index but the last, which somebody may be about to open."""
    for left in folder.parent.glob(f"*{_BUILDING}*"):
        # Only one builds: whoever left this was ended.
        shutil.rmtree(left, ignore_errors=True)
    others = [each for each in folder.parent.iterdir() if each.is_dir() and each != folder]
    others.sort(key=lambda each: each.stat().st_mtime, reverse=True)
    for old in others[1:]:
        shutil.rmtree(old, ignore_errors=True)


def _fill(beside: Path, database: Path, folder: Path, jobs: int, generation: str) -> None:
    connection = connect(database)
    try:
        held = contents(connection)
    finally:
        connection.close()
    shards, dead, todo = _taken_over(beside, folder, held)
    tasks = [
        Share(
            str(beside / f"{unit}-{len(shards[unit]) + part}"),
            str(database),
            unit,
            part,
            parts,
            only,
        )
        for unit, only in todo.items()
        if only is None or only
        for parts in [_parts(held, only, jobs)]
        for part in range(parts)
    ]
    shared = [task for task in tasks if task.parts > 1][1:]
    # Programs of their own: whoever builds may have threads, or a script that cannot be imported.
    others = [_begun("kb.indexing", json.dumps(asdict(task))) for task in shared]
    for task in tasks:
        if task not in shared:
            write_share(task)
    if any(other.wait() for other in others):
        raise OSError(f"{beside}: a process that helped to index failed")
    for task in tasks:
        shards[task.unit].append(Path(task.folder).name)
    (beside / _CONTENTS).write_text(json.dumps(held), "utf-8")
    manifest = {
        "layout": _layout(),
        "generation": generation,
        "database": str(database.resolve()),
        "shards": shards,
        "dead": dead,
        "files": {
            str(path.relative_to(beside)): _sum(path)
            for path in sorted(beside.rglob("*"))
            if path.is_file() and not path.name.endswith("_WRITELOCK")
        },
    }
    (beside / _MANIFEST).write_text(json.dumps(manifest), "utf-8")


def _parts(held: Mapping[str, Any], only: Any, jobs: int) -> int:
    return jobs if only is None and len(held["articles"]) >= _WORTH_SHARING else 1


def _taken_over(
    beside: Path, folder: Path, held: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str] | None]]:
    """Return the shards, the dead keys and what is still to be indexed (None: everything)."""
    anew: tuple[Any, Any, Any] = (
        {unit: [] for unit in FIELDS},
        {unit: [] for unit in FIELDS},
        dict.fromkeys(FIELDS),
    )
    last = _last(folder)
    if last is None:
        return anew
    manifest, old = last
    before = json.loads((old / _CONTENTS).read_text("utf-8"))
    changed, dead = {}, {}
    for unit in FIELDS:
        changed[unit] = [
            each for each, content in held[unit].items() if before[unit].get(each) != content
        ]
        dead[unit] = [each for each in before[unit] if each not in held[unit]]
        dead[unit] += [each for each in manifest["dead"][unit] if each not in held[unit]]
        moved = len(changed[unit]) + len(dead[unit])
        if moved > _MOST_CHANGED * len(held[unit]) or len(manifest["shards"][unit]) >= _MOST_SHARDS:
            return anew
    for names in manifest["shards"].values():
        for name in names:
            # Whoosh never writes to a file again, so both generations can share it.
            shutil.copytree(old / name, beside / name, copy_function=_linked)
    return {unit: list(manifest["shards"][unit]) for unit in FIELDS}, dead, dict(changed)


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _last(folder: Path) -> tuple[dict[str, Any], Path] | None:
    """Return the newest sound index of another generation."""
    others = [
        each
        for each in folder.parent.iterdir()
        if each.is_dir() and each != folder and each.name.endswith(f"-{_layout()}")
    ]
    for each in sorted(others, key=lambda one: one.stat().st_mtime, reverse=True):
        manifest = _sound(each)
        if manifest is not None:
            return manifest, each
    return None


def _sum(path: Path) -> list[int]:
    data = path.read_bytes()
    return [len(data), zlib.crc32(data)]


def is_ours(path: Path) -> bool:
    """Tell whether a folder was made by this user: nothing else is ever unpickled."""
    status = path.lstat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _sound(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder that is ours, complete and undamaged; None otherwise."""
    try:
        if not folder.is_dir() or not is_ours(folder):
            return None
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text("utf-8"))
        files = manifest["files"]
        if manifest["layout"] != _layout() or any(
            _sum(folder / name) != expected for name, expected in files.items()
        ):
            return None
        present = {
            str(path.relative_to(folder))
            for path in folder.rglob("*")
            if path.is_file() and path.name != _MANIFEST and not path.name.endswith("_WRITELOCK")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return manifest if present == set(files) else None


# The index last opened of each database, or None where it was refused, by when it was made.
_open: dict[Path, tuple[Path, int, Index | None]] = {}


def open_index(database: Path, generation: str | None = None) -> Index | None:
    """Return the index of a database's generation, as in ``index_folder``; None without a sound one."""
    try:
        folder = index_folder(database, generation)
        stamp = (folder / _MANIFEST).stat().st_mtime_ns
        if not is_ours(folder):
            return None
    except (OSError, sqlite3.Error):
        return None
    known = _open.get(folder.parent)
    if known is None or known[:2] != (folder, stamp):
        known = _open[folder.parent] = (folder, stamp, _opened(folder, database))
    return known[2]


def _opened(folder: Path, database: Path) -> Index | None:
    before = _present(folder)
    manifest = _sound(folder)
    if manifest is None or manifest["database"] != str(database.resolve()):
        return None
    try:
        made = {
            unit: Collection(
                [folder / name for name in manifest["shards"][unit]],
                fields,
                set(manifest["dead"][unit]),
            )
            for unit, fields in FIELDS.items()
        }
        passages = Passages(made["articles"])
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache, the search goes on without it
        return None
    # Whoosh takes a column whose file is gone for one that never was, so an index that is
    # removed while it is opened would look whole and have empty fields.
    if before is None or _present(folder) != before:
        return None
    return Index(folder, manifest["generation"], made["articles"], made["claims"], passages)


def _present(folder: Path) -> tuple[tuple[str, int, int], ...] | None:
    """Return which files a folder has now, each with its inode and time; None if it is going."""
    try:
        found = [(path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    except OSError:
        return None
    return tuple((str(path), stat.st_ino, stat.st_mtime_ns) for path, stat in found)


def _begun(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Return a module begun as a program of its own that finds what we find."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(each or os.getcwd() for each in sys.path)},
    )


def rebuild(database: Path) -> None:
    """Begin to make the index anew in a process of its own, unless ``KB_REBUILD=never``.

    One process is begun at a time; a mark tells that one was, for as long as it may take.
    """
    if os.environ.get("KB_REBUILD") == "never" or not database.is_file():
        return
    try:
        folder = index_folder(database)
        asked = folder.parent / f"{folder.name}.asked"
        if asked.exists() and time.time() - asked.stat().st_mtime < _LONGEST:
            return
        folder.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        asked.touch()
        _begun("kb.index", str(database), str(asked))
    except OSError:
        # A cache that cannot be written is no reason not to answer.
        return


if __name__ == "__main__":
    try:
        build_index(Path(sys.argv[1]))
    finally:
        Path(sys.argv[2]).unlink(missing_ok=True)
