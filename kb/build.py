"""Build the knowledge base: ingest, store, link, index, verify, swap."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ingest.executors import run
from ingest.identity import Group, group
from ingest.matching.revisions import current
from ingest.model import Candidate, Failure, Part, Source
from ingest.parsing.archives import sources
from ingest.pipeline import process_part, split
from ingest.vocabulary import load_concepts
from kb import places, store
from kb.cache import Cache, pipeline_version, source_key
from kb.evidence import link_evidence, store_rules
from kb.history import keep_history
from kb.index import build_index
from kb.rules import load_rules
from kb.verify import verify

Progress = Callable[[str, int], None]


class LockedError(RuntimeError):
    """Another build is writing the same database."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build read and what became of it: input = stored + merged + rejected."""

    path: Path
    generation: str
    stored: int
    merged: int
    rejected: tuple[Failure, ...]
    articles: int
    claims: int
    rules: int
    evidence: int
    unchanged: int

    @property
    def read(self) -> int:
        """Return the number of input records."""
        return self.stored + self.merged + len(self.rejected)


def build(
    arguments: Sequence[str],
    out: Path,
    jobs: int = 1,
    progress: Progress | None = None,
    apart: Collection[frozenset[str]] = (),
) -> BuildReport:
    """Build ``out`` from files, folders, globs or ``-``; raise ``LockedError`` or ``VerificationError``.

    The served file is replaced in one step when the new one is whole and sound. ``apart`` holds
    pairs of record ids that are not merged: it undoes a merging of an earlier build.
    """
    tell = progress or (lambda step, count: None)
    out = out.resolve()
    with _lock(out), closing(Cache(out.with_name(out.name + ".cache"))) as cache:
        given = _ingest(arguments, cache, jobs, tell)
        report = _write(given, cache, out, tell, jobs, apart)
        cache.forget_unused()
        return report


@contextmanager
def _lock(out: Path) -> Iterator[None]:
    path = out.with_name(out.name + ".lock")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        if not _alive(path):
            path.unlink(missing_ok=True)
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        else:
            raise LockedError(
                f"{out}: another build is writing it (lock {path}); wait until it ends"
            ) from None
    try:
        os.write(handle, str(os.getpid()).encode())
        os.close(handle)
        yield
    finally:
        path.unlink(missing_ok=True)


def _alive(path: Path) -> bool:
    """Tell whether the process that holds a lock still runs."""
    try:
        os.kill(int(path.read_text() or "0"), 0)
    except (ValueError, ProcessLookupError, FileNotFoundError):
        return False
    except PermissionError:
        return True
    return True


@dataclass(frozen=True, slots=True)
class _Input:
    """What the sources gave: records without their text, failures, sources not worked again."""

    candidates: list[Candidate]
    failures: list[Failure]
    unchanged: int

    @property
    def read(self) -> int:
        return len(self.candidates) + len(self.failures)


def _ingest(arguments: Sequence[str], cache: Cache, jobs: int, tell: Progress) -> _Input:
    found = list(sources(arguments))
    failures = [each for each in found if isinstance(each, Failure)]
    given = [each for each in found if isinstance(each, Source)]
    tell("sources", len(given))
    keys: list[str] = []
    todo: dict[str, Source] = {}
    for source in given:
        try:
            key = source_key(source)
        except OSError as error:
            reason = f"{source.name}: {error.strerror}; a readable file was expected"
            failures.append(Failure(source.name, "file", reason))
            continue
        keys.append(key)
        # The same bytes given twice are worked once and still counted twice.
        if key not in todo and not cache.holds(key):
            todo[key] = source
    tell("unchanged", sum(key not in todo for key in keys))
    _work(todo, cache, jobs, tell)
    return _Input(
        [each for key in keys for each in cache.candidates(key)],
        [*failures, *(each for key in keys for each in cache.failures(key))],
        sum(key not in todo for key in keys),
    )


def _work(todo: Mapping[str, Source], cache: Cache, jobs: int, tell: Progress) -> None:
    """Run what is new through the pipeline, part by part, into the cache."""
    waiting: deque[str] = deque()

    def parts() -> Iterator[Part]:
        for key, source in todo.items():
            for part in split(source):
                waiting.append(key)
                yield part

    current: str | None = None
    for batch in run(parts(), process_part, jobs):
        key = waiting.popleft()
        if current is not None and key != current:
            cache.complete(current)
            tell("read", 1)
        current = key
        cache.put(key, batch)
        tell("records", len(batch.extractions) + len(batch.failures))
    if current is not None:
        cache.complete(current)
        tell("read", 1)


def _write(
    given: _Input,
    cache: Cache,
    out: Path,
    tell: Progress,
    jobs: int,
    apart: Collection[frozenset[str]],
) -> BuildReport:
    standing, dropped = current(given.candidates)
    groups = group(standing, apart)
    beside = out.with_name(out.name + ".building")
    database = store.create(beside)
    tell("store", len(groups))
    store.store_concepts(database, load_concepts().values())
    store.store_articles(database, groups, cache.load)
    store.store_records(database, groups, given.failures, dropped)
    rules = load_rules(places.rules())
    tell("link", len(rules))
    store_rules(database.conn, rules)
    evidence = link_evidence(database.conn, rules)
    store.leave_out_retracted(database)
    report = BuildReport(
        out,
        _generation(groups, rules_text=places.rules()),
        len(groups),
        sum(len(each.merged) for each in groups) + len(dropped),
        tuple(given.failures),
        len(groups),
        sum(each.base.claims for each in groups),
        len(rules),
        evidence,
        given.unchanged,
    )
    store.store_meta(database, _meta(report, given.read))
    keep_history(database.conn, out)
    tell("index", report.claims)
    store.index_text(database)
    database.conn.commit()
    tell("verify", report.claims)
    verify(database.conn, given.read)
    database.conn.commit()
    for statement in ("analyze", "vacuum"):
        database.execute(statement)
    database.conn.close()
    os.replace(beside, out)
    tell("rank", report.claims)
    # The index is a cache: where none can be written, FTS5 answers.
    with suppress(OSError):
        build_index(out, jobs)
    return report


def _meta(report: BuildReport, read: int) -> dict[str, Any]:
    """Return what a database tells of its own making; ``read`` is how many records were read."""
    return {
        "generation": report.generation,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": _version(),
        "pipeline": pipeline_version(),
        "read": read,
        "stored": report.stored,
        "merged": report.merged,
        "rejected": len(report.rejected),
        "claims": report.claims,
    }


def _generation(groups: Sequence[Group], rules_text: Path) -> str:
    digest = hashlib.sha256(pipeline_version().encode())
    for each in groups:
        digest.update(each.article_id.encode() + each.base.record.sha256.encode())
        digest.update(repr((each.record, each.retracted, each.flags, each.related)).encode())
    for path in sorted(rules_text.glob("*.yml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _version() -> str:
    try:
        return version("spinal-tumour-evidence")
    except PackageNotFoundError:
        return "0"
