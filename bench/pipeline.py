"""Time parse, segment and extract on public PubMed records, beside spaCy in the same run.

Run: python bench/pipeline.py [FOLDER of PubMed XML] [--memory N]. Machines are noisy: read the
ratios. The peers are spaCy's blank English pipeline with a sentence splitter, and a full small
pipeline (tagger, parser and entity recogniser of spaCy's default small size). No trained English
model is in the package index: its weights are random, which costs the same time. Before every
round what was remembered of sentences is forgotten, as every text of a real run is new. With ``--memory``
the records are read N times over, each time with words never seen before, and the memory is told
as it goes.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import spacy
from spacy.language import Language

from ingest.formats import read
from ingest.model import Record, Source
from ingest.pipeline import derive

ROUNDS = 5
# The largest number of sentences that a cache of the pipeline remembers.
SENTENCES = 4096


def load(folder: Path) -> list[Record]:
    """Return the folder's records that have text."""
    return [
        each
        for path in sorted(folder.glob("*.xml"))
        for each in read(Source(path.name, str(path)))
        if isinstance(each, Record) and each.sections
    ]


def full_pipeline() -> Language:
    """Return a small full English pipeline with untrained weights."""
    nlp = spacy.blank("en")
    for name in ("tagger", "parser", "ner"):
        nlp.add_pipe(name)
    nlp.get_pipe("tagger").add_label("NN")  # type: ignore[attr-defined]
    nlp.get_pipe("ner").add_label("GROUP")  # type: ignore[attr-defined]
    for label in ("nsubj", "ROOT", "amod"):
        nlp.get_pipe("parser").add_label(label)  # type: ignore[attr-defined]
    nlp.initialize()
    return nlp


def forget() -> None:
    """Empty the caches that remember sentences; larger ones remember words, which come again."""
    for name, module in list(sys.modules.items()):
        for value in list(vars(module).values()) if name.startswith("ingest.") else ():
            size = value.cache_parameters()["maxsize"] if hasattr(value, "cache_parameters") else 0
            if size and size <= SENTENCES:
                value.cache_clear()


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the shortest processor time of several rounds, in seconds."""
    times = []
    for _ in range(rounds):
        forget()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def memory() -> float:
    """Return the resident memory now, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def strange(record: Record, number: int) -> Record:
    """Return the record with one sentence of words that no other record has."""
    words = " ".join(f"zq{number}x{place}" for place in range(20))
    text = f"{record.text} Then {words}."
    last = record.sections[-1]
    sections = (*record.sections[:-1], replace(last, end=len(text)))
    return replace(record, text=text, sections=sections, sha256=f"{number:064d}")


def main(folder: Path, copies: int) -> None:
    records = load(folder)
    for each in records:
        derive(each)  # loads vocabulary and cues
    size = sum(len(each.text) for each in records) / len(records)
    claims = sum(len(derive(each).claims) for each in records)
    print(f"{len(records)} records with text, {size:.0f} characters each, {claims} claims")
    parsing = best(lambda: load(folder), 3)
    ours = best(lambda: [derive(each) for each in records])
    print(f"parse {len(records) / parsing:.0f} records/s, one file each")
    print(f"segment and extract {len(records) / ours:.0f} records/s")
    print(f"together {len(records) / (parsing + ours):.0f} records/s")
    texts = [each.text for each in records]
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    for name, nlp, rounds in (("blank", blank, ROUNDS), ("full small", full_pipeline(), 1)):
        peer = best(lambda nlp=nlp: list(nlp.pipe(texts)), rounds)  # type: ignore[misc]
        print(
            f"{name} spaCy {len(records) / peer:.0f} records/s; ours takes {ours / peer:.2f} of its"
            f" time, with parsing {(parsing + ours) / peer:.2f}"
        )
    for copy in range(copies):
        for number, each in enumerate(records):
            derive(strange(each, copy * len(records) + number))
        if (copy + 1) % max(1, copies // 6) == 0:
            print(f"after {(copy + 1) * len(records)} records {memory():.0f} MB")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    repeats = int(arguments.pop(arguments.index("--memory") + 1)) if "--memory" in arguments else 0
    paths = [each for each in arguments if each != "--memory"]
    main(
        Path(paths[0])
        if paths
        else Path(__file__).resolve().parents[2] / "shared" / "data" / "pubmed_xml",
        repeats,
    )
