"""Tell how many claims change when a text is told in other words that mean the same.

Run: python bench/rewording.py [ori_pqal.json] (PubMedQA). The rewordings are those of
tests/rewordings.yml, which the tests try on sentences of the project's own; here every section is
rewritten as a whole. It needs no annotation: of two readings of the same at least one is wrong.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from test_rewording import REWORDINGS, reworded, told

from ingest.claims import extract
from ingest.document import segment
from ingest.model import Record
from ingest.text import compose

Parts = list[tuple[str, str]]


def parts_of(entry: dict[str, Any]) -> Parts:
    """Return the labelled sections of an abstract."""
    listed = zip(entry["LABELS"], entry["CONTEXTS"], strict=True)
    return [*listed, ("CONCLUSIONS", entry["LONG_ANSWER"])]


def read(title: str, parts: Parts) -> Counter[tuple[object, ...]]:
    """Return what the claims of an abstract tell, with how often each is told."""
    text, sections = compose(title, parts)
    record = Record("bench", "x", "1", "0" * 64, text, title=title, sections=sections)
    return Counter(told(each) for each in extract(segment(record)))


def main(path: Path) -> None:
    entries = [*json.loads(path.read_text(encoding="utf-8")).values()]
    texts = [(each["QUESTION"], parts_of(each)) for each in entries]
    before = [read(*each) for each in texts]
    print(f"{len(texts)} abstracts, {sum(map(Counter.total, before))} claims")
    print(f"{'rewording':28}{'abstracts':>10}{'claims':>8}{'changed':>9}{'%':>7}")
    for rewording in REWORDINGS:
        abstracts = claims = changed = 0
        for (title, parts), ours in zip(texts, before, strict=True):
            again = [(label, reworded(text, rewording)) for label, text in parts]
            if again == parts:
                continue
            new = read(title, again)
            abstracts, claims = abstracts + 1, claims + ours.total()
            changed += max((ours - new).total(), (new - ours).total())
        share = 100 * changed / claims if claims else 0
        print(f"{rewording['name']:28}{abstracts:10}{claims:8}{changed:9}{share:7.1f}", flush=True)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    shared = Path(__file__).parents[2] / "shared" / "data" / "pubmedqa" / "ori_pqal.json"
    main(Path(arguments[0]) if arguments else shared)
