"""Measure parsing PubMed XML on one core: records per second and peak memory, beside pubmed_parser.

Usage: python bench/parse_pubmed.py [FOLDER] [--copies N]. The folder's records (by default those
in ../shared/data/pubmed_xml) are joined N times into one gzip file, as NLM ships them; each reader
runs in its own process three times and its best run counts. pubmed_parser is measured where it is
importable by this Python, or by the one that PUBMED_PARSER_PYTHON names.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("EVIDENCE_SHARED", ROOT.parent / "shared")) / "data" / "pubmed_xml"
RECORD = re.compile(rb"<PubmedArticle>.*?</PubmedArticle>", re.DOTALL)
RUN = """
import sys, time
{setup}
best = 0.0
for _ in range(3):
    begin = time.perf_counter()
    count = sum(1 for _ in {call})
    best = max(best, count / (time.perf_counter() - begin))
peak = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(count, best, int(peak[0]) / 1024)
"""
OURS = RUN.format(
    setup="from ingest.formats import read\nfrom ingest.model import Source",
    call="read(Source(sys.argv[1], sys.argv[1]))",
)
PEER = RUN.format(setup="import pubmed_parser", call="pubmed_parser.parse_medline_xml(sys.argv[1])")


def main() -> int:
    """Print both readers' figures and their ratio; return 1 where the records are absent."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    options.add_argument("--copies", type=int, default=20)
    chosen = options.parse_args()
    files = sorted(chosen.folder.glob("*.xml"))
    records = [each for path in files for each in RECORD.findall(path.read_bytes())]
    if not records:
        print(f"{chosen.folder}: no PubMed records; a folder of PubMed XML was expected")
        return 1
    size = statistics.median(len(each) for each in records)
    mean = statistics.mean(len(each) for each in records)
    print(
        f"{len(records)} records x {chosen.copies}, "
        f"median {size / 1024:.1f} KB, mean {mean / 1024:.1f} KB each"
    )
    peer_python = os.environ.get("PUBMED_PARSER_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        plain, packed = Path(folder) / "records.xml", Path(folder) / "records.xml.gz"
        with plain.open("wb") as one, gzip.open(packed, "wb", compresslevel=6) as other:
            for data in [b"<PubmedArticleSet>", *records * chosen.copies, b"</PubmedArticleSet>"]:
                one.write(data + b"\n")
                other.write(data + b"\n")
        measure("ours, plain", sys.executable, OURS, plain)
        ours = measure("ours, gzip", sys.executable, OURS, packed)
        peer = measure("pubmed_parser, gzip", peer_python, PEER, packed)
    if ours and peer:
        print(f"ratio on gzip: {ours / peer:.2f}")
    return 0


def measure(name: str, python: str, program: str, path: Path) -> float | None:
    """Return the records per second of one reader, None where it does not run."""
    run = subprocess.run(
        [python, "-c", program, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if run.returncode:
        print(f"{name}: not measured ({run.stderr.strip().splitlines()[-1]})")
        return None
    count, rate, memory = run.stdout.split()
    print(f"{name}: {count} records, {float(rate):,.0f} records/s, peak {float(memory):.0f} MB")
    return float(rate)


if __name__ == "__main__":
    sys.exit(main())
