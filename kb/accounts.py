"""Account for every input record: what became of it, why, and what it states itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from ingest.identity import Group, record_key
from ingest.matching.merging import MERGED
from ingest.matching.revisions import Dropped
from ingest.model import Failure, Record
from ingest.text import sha256

Row = dict[str, Any]


def record_rows(
    groups: Sequence[Group], failures: Iterable[Failure], dropped: Iterable[Dropped]
) -> list[Row]:
    """Return a row for every input record, in order of id: stored, merged or rejected.

    Records of an article that has several keep what each of them states, so that a merging can be
    read and undone.
    """
    rows: dict[str, Row] = {}
    homes: dict[str, str] = {}
    for group in groups:
        base = group.base.record
        stated = _stated(base) if group.merged else None
        _add(rows, base, "stored", group.article_id, None, stated)
        homes |= {record_key(each.record): group.article_id for each in group.candidates}
        for each, reason in zip(group.merged, group.reasons, strict=True):
            _add(rows, each.record, "merged", group.article_id, reason, _stated(each.record))
    for one in dropped:
        record = one.candidate.record
        home = homes.get(record_key(one.standing.record)) if one.standing else None
        _add(rows, record, "merged", home, one.reason, _stated(record))
    for failure in failures:
        _add(rows, failure, "rejected", None, failure.reason, None)
    return [rows[key] for key in sorted(rows)]


def field_rows(groups: Sequence[Group]) -> Iterator[Row]:
    """Yield which records each field of a merged article came from."""
    for group in groups:
        for field, sources in sorted(group.field_sources.items()) if group.merged else ():
            for key in dict.fromkeys(record_key(each.record) for each in sources):
                yield {"article_id": group.article_id, "field": field, "record_id": key}


def _key(record: Record | Failure) -> str:
    if isinstance(record, Record):
        return record_key(record)
    return "r" + sha256(f"{record.source}|{record.locator}|{record.reason}".encode())[:14]


def _stated(record: Record) -> str:
    """Return what a record itself states, as JSON: nothing of it is lost by a merging."""
    found = {name: getattr(record, name) for name in MERGED}
    plain = {
        name: [_plain(each) for each in value] if isinstance(value, tuple) else value
        for name, value in found.items()
        if value not in (None, ())
    }
    return json.dumps(plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {name: each for name, each in asdict(value).items() if each not in (None, (), False)}
    return value


def _add(
    rows: dict[str, Row],
    record: Record | Failure,
    outcome: str,
    article: str | None,
    reason: str | None,
    stated: str | None,
) -> None:
    key = _key(record)
    while key in rows:
        # The same bytes given twice in one place are still two input records.
        key += "+"
    rows[key] = {
        "record_id": key,
        "source": record.source,
        "locator": record.locator,
        "format": record.format,
        "outcome": outcome,
        "article_id": article,
        "reason": reason,
        "sha256": record.sha256 if isinstance(record, Record) else None,
        "stated": stated,
    }
