"""Build the knowledge base: ingest, store, link, index, verify, swap."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ingest.archives import sources
from ingest.executors import run
from ingest.identity import Group, group, is_retracted, retraction_targets
from ingest.model import Batch, Extraction, Failure, Record, Source
from ingest.pipeline import process
from ingest.vocabulary import load_concepts
from kb import places, store
from kb.cache import Cache, pipeline_version, source_key
from kb.evidence import link_evidence, store_rules
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
    arguments: Sequence[str], out: Path, jobs: int = 1, progress: Progress | None = None
) -> BuildReport:
    """Build ``out`` from files, folders, globs or ``-``; raise ``LockedError`` or ``VerificationError``.

    The served file is replaced in one step when the new one is whole and sound.
    """
    tell = progress or (lambda step, count: None)
    out = out.resolve()
    with _lock(out):
        batches, missing, unchanged = _ingest(arguments, out, jobs, tell)
        return _write(batches, missing, unchanged, out, tell)


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


def _ingest(
    arguments: Sequence[str], out: Path, jobs: int, tell: Progress
) -> tuple[list[Batch], list[Failure], int]:
    found = list(sources(arguments))
    missing = [each for each in found if isinstance(each, Failure)]
    given = [each for each in found if isinstance(each, Source)]
    tell("sources", len(given))
    cache = Cache(out.with_name(out.name + ".cache"))
    batches: dict[int, Batch] = {}
    todo: list[tuple[int, str, Source]] = []
    for number, source in enumerate(given):
        try:
            key = source_key(source)
        except OSError as error:
            missing.append(
                Failure(
                    source.name,
                    "file",
                    f"{source.name}: {error.strerror}; a readable file was expected",
                )
            )
            tell("read", 1)
            continue
        batch = cache.get(key)
        if batch is None:
            todo.append((number, key, source))
        else:
            batches[number] = batch
            tell("read", 1)
    for (number, key, _), batch in zip(
        todo, run((each for _, _, each in todo), process, jobs), strict=True
    ):
        batches[number] = batch
        cache.put(key, batch)
        tell("read", 1)
    cache.close()
    return [batches[number] for number in sorted(batches)], missing, len(given) - len(todo)


def _write(
    batches: list[Batch], missing: list[Failure], unchanged: int, out: Path, tell: Progress
) -> BuildReport:
    failures = [*missing, *(failure for batch in batches for failure in batch.failures)]
    extractions = [each for batch in batches for each in batch.extractions]
    current, replayed = _newest(extractions)
    groups = group(current)
    beside = out.with_name(out.name + ".building")
    database = store.create(beside)
    tell("store", len(groups))
    rules = load_rules(places.rules())
    store.store_concepts(database, load_concepts().values())
    store.store_articles(database, groups, _retracted(groups))
    store.store_records(database, groups, failures, replayed)
    tell("link", len(rules))
    store_rules(database.conn, rules)
    evidence = link_evidence(database.conn, rules)
    generation = _generation(groups, rules_text=places.rules())
    claims = sum(len(each.base.claims) for each in groups)
    merged = sum(len(each.merged) for each in groups) + len(replayed)
    store.store_meta(
        database,
        {
            "generation": generation,
            "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": _version(),
            "pipeline": pipeline_version(),
            "read": len(extractions) + len(failures),
            "stored": len(groups),
            "merged": merged,
            "rejected": len(failures),
            "claims": claims,
        },
    )
    tell("index", claims)
    store.index_text(database)
    database.conn.commit()
    tell("verify", claims)
    verify(database.conn, len(extractions) + len(failures))
    database.conn.commit()
    for statement in ("analyze", "vacuum"):
        database.execute(statement)
    database.conn.close()
    os.replace(beside, out)
    tell("rank", claims)
    build_index(out)
    return BuildReport(
        out,
        generation,
        len(groups),
        merged,
        tuple(failures),
        len(groups),
        claims,
        len(rules),
        evidence,
        unchanged,
    )


def _newest(extractions: list[Extraction]) -> tuple[list[Extraction], list[tuple[Record, str]]]:
    """Keep the newest record of each PMID of update files and drop what was deleted."""
    deleted = {each.record.pmid for each in extractions if each.record.deleted}
    kept: list[Extraction] = []
    dropped: list[tuple[Record, str]] = []
    for each in extractions:
        record = each.record
        if record.deleted:
            dropped.append((record, f"deletes PMID {record.pmid}"))
        elif record.format == "pubmed_xml" and record.pmid in deleted:
            dropped.append((record, f"PMID {record.pmid} was deleted by a later file"))
        else:
            kept.append(each)
    return kept, dropped


def _retracted(groups: Sequence[Group]) -> set[str]:
    targets = retraction_targets(
        record for each in groups for record in (each.record, *(one.record for one in each.merged))
    )
    return {each.article_id for each in groups if is_retracted(each.record, targets)}


def _generation(groups: Sequence[Group], rules_text: Path) -> str:
    digest = hashlib.sha256(pipeline_version().encode())
    for each in groups:
        digest.update(each.article_id.encode() + each.base.record.sha256.encode())
    for path in sorted(rules_text.glob("*.yml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _version() -> str:
    try:
        return version("spinal-tumour-evidence")
    except PackageNotFoundError:
        return "0"


def open_database(path: Path) -> sqlite3.Connection:
    """Return a read-only connection to a built database; raise ``FileNotFoundError``."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such database; run kb build first")
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection
