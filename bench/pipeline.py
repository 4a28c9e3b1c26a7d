"""Time the pipeline on public PubMed records, beside spaCy's blank English pipeline in the same run.

Run: python bench/pipeline.py [FOLDER of PubMed XML]. Machines are noisy: read the ratio.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import spacy

from ingest.formats import read
from ingest.model import Record, Source
from ingest.pipeline import derive


def main(folder: Path) -> None:
    start = time.perf_counter()
    records = [
        each
        for path in sorted(folder.glob("*.xml"))
        for each in read(Source(path.name, str(path)))
        if isinstance(each, Record) and each.sections
    ]
    reading = time.perf_counter() - start
    derive(records[0])  # loads vocabulary and cues
    rounds = 3
    start = time.perf_counter()
    claims = sum(len(derive(each).claims) for _ in range(rounds) for each in records)
    ours = (time.perf_counter() - start) / rounds
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    texts = [each.text for each in records]
    list(nlp.pipe(texts))
    start = time.perf_counter()
    for _ in range(rounds):
        list(nlp.pipe(texts))
    peer = (time.perf_counter() - start) / rounds
    size = sum(map(len, texts)) / len(texts)
    print(
        f"{len(records)} records with text, {size:.0f} characters each, {claims // rounds} claims"
    )
    print(f"parse {len(records) / reading:8.0f} records/s")
    print(f"segment and extract {len(records) / ours:8.0f} records/s")
    print(
        f"blank spaCy with sentencizer {len(records) / peer:8.0f} records/s, ratio ours/spaCy time {ours / peer:.1f}"
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else Path(__file__).resolve().parents[2] / "shared" / "data" / "pubmed_xml"
    )
