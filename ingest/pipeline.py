"""Take a source through the stages: file, record, document, design, claims. Pure and picklable."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.claims import extract
from ingest.design import describe
from ingest.document import segment
from ingest.formats import read
from ingest.groups.cohorts import cohort_finder
from ingest.model import Batch, Design, Document, Extraction, Failure, Part, Record, Source
from ingest.parsing.archives import expand

# Records that travel together to a worker: enough to make the trip cheap, few enough that a file
# of any size passes in flat memory.
PART = 100


def derive(record: Record) -> Extraction:
    """Return everything derived from one record."""
    if record.deleted:
        return Extraction(record, Document(record, "", "", (), ()), Design("not_stated"), ())
    document = segment(record)
    cohort_of = cohort_finder(document)
    return Extraction(record, document, describe(document, cohort_of), extract(document, cohort_of))


def read_source(source: Source) -> Iterator[Record | Failure]:
    """Yield the records and failures of a source, the members of an archive in turn."""
    for each in expand(source):
        if isinstance(each, Failure):
            yield each
        else:
            yield from read(each)


def split(source: Source) -> Iterator[Part]:
    """Yield a source's records and failures in parts of ``PART``; at least one part, may be empty."""
    held: list[Record | Failure] = []
    yielded = False
    for each in read_source(source):
        held.append(each)
        if len(held) == PART:
            yield Part(source.name, tuple(held))
            held, yielded = [], True
    if held or not yielded:
        yield Part(source.name, tuple(held))


def process_part(part: Part) -> Batch:
    """Return what became of a part; a record that fails is a failure and costs no neighbour."""
    extractions: list[Extraction] = []
    failures: list[Failure] = []
    for record in part.records:
        if isinstance(record, Failure):
            failures.append(record)
            continue
        try:
            extractions.append(derive(record))
        except Exception as error:  # noqa: BLE001 - one record must not cost its neighbours
            reason = f"{record.source} {record.locator}: {type(error).__name__} while reading claims: {error}"
            failures.append(Failure(record.source, record.locator, reason, record.format))
    return Batch(part.source, tuple(extractions), tuple(failures))


def process(source: Source) -> Batch:
    """Return what became of a whole source."""
    batches = [process_part(part) for part in split(source)]
    return Batch(
        source.name,
        tuple(each for batch in batches for each in batch.extractions),
        tuple(each for batch in batches for each in batch.failures),
    )
