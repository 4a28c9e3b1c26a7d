"""Take one source through the stages: file, record, document, design, claims. Pure and picklable."""

from __future__ import annotations

from ingest.archives import expand
from ingest.claims import extract
from ingest.design import describe
from ingest.document import segment
from ingest.formats import read
from ingest.model import Batch, Design, Document, Extraction, Failure, Record, Source


def derive(record: Record) -> Extraction:
    """Return everything derived from one record."""
    if record.deleted:
        return Extraction(record, Document(record, "", "", (), ()), Design("not_stated"), ())
    document = segment(record)
    return Extraction(record, document, describe(document), extract(document))


def process(source: Source) -> Batch:
    """Return what became of a source; a record that fails is a failure and costs no neighbour."""
    extractions: list[Extraction] = []
    failures: list[Failure] = []
    for part in expand(source):
        if isinstance(part, Failure):
            failures.append(part)
            continue
        for record in read(part):
            if isinstance(record, Failure):
                failures.append(record)
                continue
            try:
                extractions.append(derive(record))
            except Exception as error:  # noqa: BLE001 - one record must not cost its neighbours
                reason = f"{record.source} {record.locator}: {type(error).__name__} while reading claims: {error}"
                failures.append(Failure(record.source, record.locator, reason, record.format))
    return Batch(source.name, tuple(extractions), tuple(failures))
