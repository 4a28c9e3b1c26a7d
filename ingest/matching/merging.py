"""Merge the records of one article into one, and say which field came from which record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

from ingest.matching.agreement import LEVELS
from ingest.model import Candidate, Link, Record

# What belongs to the text that carries the claims, and to no other record's.
_OF_THE_TEXT = {
    "format",
    "source",
    "locator",
    "sha256",
    "text",
    "sections",
    "markers",
    "references",
    "content_level",
    "deleted",
    "digest",
    "version",
    "copyright",
    "metrics",
}
# Dates are one statement: a day of one source beside the year of another would be nobody's.
_TOGETHER = ({"year", "date", "date_raw", "months"}, {"pages", "pages_raw"})
MERGED = tuple(each.name for each in fields(Record) if each.name not in _OF_THE_TEXT)


def base_order(candidate: Candidate) -> tuple[object, ...]:
    """Return the order of the records whose text may carry the claims: the fullest, then newest."""
    record = candidate.record
    return (
        # A digest gives way to the article's own text, and not to its bare citation.
        record.content_level == "citation",
        record.digest,
        -LEVELS[record.content_level],
        _newest(record),
        -candidate.claims,
        record.format,
        record.sha256,
        record.source,
        record.locator,
    )


def _field_order(candidate: Candidate) -> tuple[object, ...]:
    """Return the order in which records fill the fields: the newest first, then the fullest."""
    record = candidate.record
    return (record.digest, _newest(record), *base_order(candidate))


def _newest(record: Record) -> tuple[tuple[int, ...], int]:
    stated = tuple(-int(part) for part in (record.last_updated or "").split("-") if part.isdigit())
    # What states no date comes after all that do.
    return (stated or (0,), -(record.version or 0))


def merge(cluster: Sequence[Candidate]) -> tuple[Record, Mapping[str, tuple[Candidate, ...]]]:
    """Return the base record with every field that any record states, and the fields' records.

    ``cluster`` begins with the base. Links are those of all records together.
    """
    ordered = sorted(cluster, key=_field_order)
    record = cluster[0].record
    sources: dict[str, tuple[Candidate, ...]] = {}
    changes: dict[str, object] = {}
    for name in MERGED:
        if name == "links":
            continue
        stating = [each for each in ordered if getattr(each.record, name) not in (None, (), "")]
        if name in {"authors", "authors_complete"}:
            stating = [each for each in ordered if each.record.authors] or stating
            # A list that was cut short gives way to a whole one, however old.
            stating.sort(key=lambda each: each.record.authors_complete is False)
        together = next((each for each in _TOGETHER if name in each), None)
        if together:
            stating = [each for each in ordered if _states(each.record, together)]
            if "date" in together and stating:
                year = stating[0].record.year
                # Of dates in the newest's year the fullest: a month is no other statement.
                stating.sort(key=lambda each: _vagueness(each.record, year))
        if stating:
            changes[name] = getattr(stating[0].record, name)
            if changes[name] not in (None, (), ""):
                sources[name] = (stating[0],)
    links: dict[tuple[object, ...], Link] = {}
    of_links: list[Candidate] = []
    for each in ordered:
        new = {_target(link): link for link in each.record.links if _target(link) not in links}
        if new:
            links |= new
            of_links.append(each)
    if of_links:
        sources["links"] = tuple(of_links)
    return replace(record, **changes, links=tuple(links.values())), sources  # type: ignore[arg-type]


def _vagueness(record: Record, year: int | None) -> tuple[bool, int]:
    return (record.year != year, -len(record.date or ""))


def _states(record: Record, names: set[str]) -> bool:
    return any(getattr(record, name) is not None for name in names)


def _target(link: Link) -> tuple[object, ...]:
    """Return what tells a link from another: its target, or its words where it names none."""
    if link.pmid:
        return (link.relation, "pmid", link.pmid)
    return (link.relation, (link.doi or link.raw).lower())
