"""Tell which of several revisions of one record stands, and which records were deleted.

Before any record is compared with another source's: what an old file says plays no part at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.matching.agreement import LEVELS, normalise_doi, normalise_pmcid, titles_agree
from ingest.model import Candidate, Record

# NLM numbers its files by year and order and says that they be loaded in that order
# (https://ftp.ncbi.nlm.nih.gov/pubmed/updatefiles/README.txt).
_RELEASE = re.compile(r"pubmed(\d\d)n(\d{4,5})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A record that plays no part, why, and the one that stands in its place where one does."""

    candidate: Candidate
    reason: str
    standing: Candidate | None = None


def current(
    candidates: Sequence[Candidate],
) -> tuple[tuple[Candidate, ...], tuple[Dropped, ...]]:
    """Return the records that stand, and those replaced by a newer revision or deleted.

    A revision is known by service (or format), identifier and title; of two the higher version is
    newer, else the later date, else the later file of NLM. What states none of these stands too.
    """
    deletions: dict[str | None, list[Record]] = defaultdict(list)
    for each in candidates:
        if each.record.deleted:
            deletions[each.record.pmid].append(each.record)
    kept: list[Candidate] = []
    dropped: list[Dropped] = []
    lineages: dict[str, list[Candidate]] = defaultdict(list)
    for each in candidates:
        record = each.record
        if record.deleted:
            dropped.append(Dropped(each, f"deletes PMID {record.pmid}"))
        elif any(_deletes(one, record) for one in deletions.get(record.pmid, ())):
            dropped.append(Dropped(each, f"PMID {record.pmid} was deleted by a later file"))
        else:
            lineages[_lineage(record)].append(each)
    for lineage, held in lineages.items():
        stand = held if not lineage or len(held) == 1 else _standing(held)
        kept += stand
        if len(stand) < len(held):
            dropped += [_replaced(each, stand) for each in held if each not in stand]
    return tuple(kept), tuple(dropped)


def _standing(held: Sequence[Candidate]) -> list[Candidate]:
    stand = [one for one in held if not any(_replaces(other, one) for other in held)]
    # Versions, dates and file numbers that contradict one another replace nothing.
    return stand or list(held)


def _replaced(old: Candidate, stand: Sequence[Candidate]) -> Dropped:
    newer = [each for each in stand if _replaces(each, old)]
    best = min(newer or stand, key=lambda each: (each.record.source, each.record.locator))
    one, other = old.record, best.record
    told = f" ({one.last_updated})" if one.last_updated else ""
    tell = f" ({other.last_updated})" if other.last_updated else ""
    return Dropped(old, f"older revision{told} of {other.source} {other.locator}{tell}", best)


def _replaces(new: Candidate, old: Candidate) -> bool:
    one, other = new.record, old.record
    if not _newer(one, other):
        return False
    if one.format != other.format and LEVELS[one.content_level] < LEVELS[other.content_level]:
        return False
    return bool(one.pmid) or bool(one.pmcid) or titles_agree(one, other)


def _lineage(record: Record) -> str:
    """Return what revisions of one record share, nothing where they cannot be known."""
    service = record.source_platform or record.format
    for name, value in (
        ("pmid", record.pmid),
        ("pmcid", normalise_pmcid(record.pmcid)),
        ("doi", normalise_doi(record.doi)),
        ("url", record.url),
    ):
        if value:
            return f"{service}|{name}:{value}"
    return ""


def _release(record: Record) -> tuple[str, int] | None:
    found = _RELEASE.search(record.source)
    return (found[1], int(found[2])) if found else None


def _newer(one: Record, other: Record) -> bool:
    """Tell whether a record states that it is newer than another."""
    if one.version and other.version and one.version != other.version:
        return one.version > other.version
    if one.last_updated and other.last_updated:
        # 2019 may be before or after 2019-05: dates are compared as far as both say.
        common = min(len(one.last_updated), len(other.last_updated))
        first, second = one.last_updated[:common], other.last_updated[:common]
        if first != second:
            return first > second
    first_file, second_file = _release(one), _release(other)
    return bool(first_file and second_file) and first_file > second_file  # type: ignore[operator]


def _deletes(deletion: Record, record: Record) -> bool:
    """Tell whether PubMed's deletion of a PMID takes a record: PubMed's own, no later, not newer."""
    if (record.source_platform or record.format) not in {"PubMed", "pubmed_xml", "medline"}:
        return False
    if deletion.version and record.version and record.version > deletion.version:
        return False
    gone, sent = _release(deletion), _release(record)
    return not (gone and sent and sent > gone)
