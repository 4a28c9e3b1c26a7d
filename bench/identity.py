"""Measure which records are taken for one article, beside BibDedupe, on labelled pairs.

Usage: python bench/identity.py [FOLDER] [--seeds 1 2 3] [--misses]. No public labelled set is at
hand, so one is made of the real records of FOLDER (by default ../shared/data/pubmed_xml), with a
fixed seed: each record becomes two to four copies as other services export it (``EXPORTS``), and
every third one gets a near neighbour that is another article (``NEIGHBOURS``). Pairs of copies are
the duplicates; every other pair is none. Settings: identifiers as services print them (each often
missing), DOIs alone, no identifier at all, and copies without near neighbours.

BibDedupe (Wagner 2024, https://doi.org/10.21105/joss.06318) runs where it is importable by this
Python, or by the one that BIB_DEDUPE_PYTHON names; it knows no PMID.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.formats import read
from ingest.identity import group
from ingest.model import Author, Candidate, Record, Source

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("EVIDENCE_SHARED", ROOT.parent / "shared")) / "data" / "pubmed_xml"
Pairs = set[frozenset[str]]
Change = Callable[[Record, random.Random], Record]

PEER = """
import json, sys, time
import pandas, bib_dedupe
from bib_dedupe.bib_dedupe import block, cluster, match, prep
bib_dedupe.verbose_print.verbosity_level = 0
frame = pandas.DataFrame(json.load(open(sys.argv[1]))).fillna("")
begin = time.perf_counter()
found = cluster(match(block(prep(frame, cpu=1), cpu=1), cpu=1))
print(json.dumps({"clusters": [sorted(each) for each in found], "seconds": time.perf_counter() - begin}))
"""


def _title(change: Callable[[str], str]) -> Change:
    return lambda one, draw: replace(one, title=change(one.title or "")) if one.title else one


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _typo(one: Record, draw: random.Random) -> Record:
    words = (one.title or "").split()
    long = [n for n, word in enumerate(words) if len(word) > 6 and word.isalpha()]
    if not long:
        return one
    at = draw.choice(long)
    cut = draw.randrange(1, len(words[at]) - 2)
    words[at] = words[at][:cut] + words[at][cut + 1 :]
    return replace(one, title=" ".join(words))


def _truncated(one: Record, draw: random.Random) -> Record:
    title = one.title or ""
    return replace(one, title=title[:100].rsplit(" ", 1)[0]) if len(title) > 110 else one


def _no_subtitle(one: Record, draw: random.Random) -> Record:
    head = (one.title or "").split(": ")[0]
    return replace(one, title=head) if len(head) > 40 else one


def _authors(change: Callable[[Author], Author]) -> Change:
    return lambda one, draw: replace(one, authors=tuple(change(each) for each in one.authors))


def _initials(author: Author) -> Author:
    given = "".join(part[0] for part in re.split(r"[\s-]+", author.given or "") if part)
    return replace(author, given=given or None)


def _short_pages(one: Record, draw: random.Random) -> Record:
    first, dash, last = (one.pages or "").partition("-")
    if not dash or len(first) != len(last) or not (first + last).isdigit():
        return one
    same = next(
        (at for at, pair in enumerate(zip(first, last, strict=True)) if len(set(pair)) > 1), 0
    )
    return replace(one, pages=f"{first}-{last[same:]}")


def _without(*names: str) -> Change:
    empty = {"authors": (), "publication_types": (), "links": ()}
    return lambda one, draw: replace(one, **{name: empty.get(name) for name in names})


# (how often, what a service's export does to a record). Shares are guesses, declared here.
EXPORTS: tuple[tuple[float, Change], ...] = (
    (0.15, _title(str.upper)),
    (0.10, _title(str.lower)),
    (0.20, _title(lambda text: text.rstrip("."))),
    (0.10, _title(lambda text: text.replace(": ", " - ").replace("“", '"').replace("’", "'"))),
    (0.10, _title(_plain)),
    (0.10, _title(lambda text: re.sub(r"(?i)(?<=t)umor", "umour", text))),
    (0.05, _title(lambda text: f"[{text.rstrip('.')}].")),
    (0.08, _typo),
    (0.08, _truncated),
    (0.06, _no_subtitle),
    (0.50, _authors(_initials)),
    (0.15, _authors(lambda one: replace(one, family=_plain(one.family or "") or None))),
    (0.15, lambda one, draw: replace(one, authors=one.authors[:3], authors_complete=False)),
    (0.04, _without("authors")),
    (0.40, lambda one, draw: replace(one, journal=one.journal_abbrev, journal_abbrev=None)),
    (0.30, _without("journal_abbrev")),
    (0.05, _without("journal", "journal_abbrev")),
    (0.50, _without("issn", "issn_l")),
    (0.06, lambda one, draw: replace(one, year=one.year - 1 if one.year else None)),
    (0.12, _without("volume")),
    (0.25, _without("issue")),
    (0.15, _without("pages")),
    (0.25, _short_pages),
    (0.05, lambda one, draw: replace(one, pages=re.sub(r"^(?=\d)", "e", one.pages or "") or None)),
    (0.20, lambda one, draw: replace(one, doi=one.doi.upper() if one.doi else None)),
    (0.20, lambda one, draw: replace(one, doi=f"https://doi.org/{one.doi}" if one.doi else None)),
    (0.45, _without("doi")),
    (0.60, _without("pmid")),
    (0.85, _without("pmcid")),
    (0.60, _without("publication_types")),
    (1.00, _without("original_title", "links", "last_updated", "months", "date")),
)


def _own(one: Record, draw: random.Random, **fields: object) -> Record:
    """Return another article: identifiers of its own, and what else differs."""
    number = draw.randrange(10**7, 10**8)
    own = {"pmid": str(number), "doi": f"10.9999/{number}", "pmcid": None}
    return replace(one, **{**own, **fields})  # type: ignore[arg-type]


def _turned(one: Record, draw: random.Random) -> Record:
    """Return the sibling article on another place, group or time, some pages on."""
    swaps = (
        ("patients", "children"),
        ("acute", "chronic"),
        ("cancer", "diabetes"),
        ("in ", "after "),
    )
    title = one.title or ""
    for old, new in swaps:
        if old in title.lower():
            title = re.sub(old, new, title, count=1, flags=re.IGNORECASE)
            break
    else:
        title = "Late results of " + title
    return _own(one, draw, title=title, pages=_later(one, 14))


def _later(one: Record, by: int) -> str | None:
    numbers = re.findall(r"\d+", one.pages or "")
    first = int(numbers[0]) + by if numbers else 700
    return f"{first}-{first + 9}"


# Near neighbours that are articles of their own.
NEIGHBOURS: dict[str, Change] = {
    "erratum": lambda one, draw: _own(
        one, draw, title=f"Erratum: {one.title}", pages=_later(one, 300), issue="12"
    ),
    "erratum that shares its DOI": lambda one, draw: replace(
        _own(one, draw, title=f"Correction to: {one.title}", pages=None, volume=None), doi=one.doi
    ),
    "retraction notice": lambda one, draw: _own(
        one,
        draw,
        title=f"Retraction: {one.title}",
        year=(one.year or 2000) + 2,
        pages=_later(one, 9),
    ),
    "comment": lambda one, draw: _own(
        one,
        draw,
        title=f"Re: {one.title}",
        authors=(Author("Ann Q. Roe", "Roe", "Ann Q."),),
        pages=_later(one, 500),
    ),
    "preprint": lambda one, draw: _own(
        one,
        draw,
        journal="medRxiv",
        journal_abbrev=None,
        issn=None,
        issn_l=None,
        volume=None,
        issue=None,
        pages=None,
        year=(one.year or 2000) - 1,
        publication_types=("Preprint",),
        doi=f"10.1101/2020.01.02.{draw.randrange(10**7, 10**8)}",
    ),
    "conference abstract": lambda one, draw: _own(
        one,
        draw,
        issue="Suppl 1",
        pages=f"S{draw.randrange(10, 99)}",
        volume=str(draw.randrange(90, 99)),
        publication_types=("Meeting Abstract",),
        year=(one.year or 2000) - 1,
    ),
    "second part": lambda one, draw: _own(
        one, draw, title=f"{(one.title or '').rstrip('.')}. Part II.", pages=_later(one, 12)
    ),
    "sibling": _turned,
    "next year's report": lambda one, draw: _own(
        one,
        draw,
        year=(one.year or 2000) + 1,
        volume=str(draw.randrange(200, 300)),
        pages=_later(one, 40),
    ),
    "abstract of one supplement": lambda one, draw: replace(
        _own(
            one,
            draw,
            title=f"Poster {draw.randrange(100, 999)}: another matter of {one.journal}",
            pages=one.pages,
            authors=one.authors[1:2],
        ),
        doi=one.doi,
    ),
}


def labelled(
    records: Sequence[Record], seed: int, neighbours: bool = True
) -> list[tuple[str, Record]]:
    """Return (label, record) of every copy and neighbour; equal labels are one article."""
    draw = random.Random(seed)
    made: list[tuple[str, Record]] = []
    kinds = itertools.cycle(NEIGHBOURS.items())
    for number, one in enumerate(records):
        originals = [(one.pmid or str(number), one)]
        if neighbours and number % 3 == 0:
            name, change = next(kinds)
            originals.append((f"{one.pmid} {name}", change(one, draw)))
        for label, original in originals:
            for copy in range(draw.choice((2, 2, 3, 4))):
                made.append((label, _exported(original, draw, f"{label} {copy}")))
    draw.shuffle(made)
    return made


def _exported(one: Record, draw: random.Random, name: str) -> Record:
    for share, change in EXPORTS:
        if draw.random() < share:
            one = change(one, draw)
    return replace(one, format="ris", source=name, locator="1", sha256=name, text="", sections=())


def pairs(clusters: Iterable[Sequence[str]]) -> Pairs:
    """Return the pairs of names that stand in one cluster."""
    return {
        frozenset(pair) for each in clusters for pair in itertools.combinations(sorted(each), 2)
    }


def ours(records: Sequence[Record]) -> tuple[Pairs, float]:
    """Return the pairs that identity takes for one article, and the seconds it took."""
    begin = time.perf_counter()
    found = group([Candidate(each, 0, 0) for each in records])
    seconds = time.perf_counter() - begin
    return pairs([[each.record.sha256 for each in one.candidates] for one in found]), seconds


def peers(records: Sequence[Record]) -> tuple[Pairs, float] | None:
    """Return the same of BibDedupe, None where it does not run."""
    rows = [
        {
            "ID": each.sha256,
            "ENTRYTYPE": "article",
            "title": each.title or "",
            "author": " and ".join(
                f"{a.family}, {a.given or ''}" if a.family else a.name for a in each.authors
            ),
            "year": str(each.year or ""),
            "journal": each.journal or each.journal_abbrev or "",
            "volume": each.volume or "",
            "number": each.issue or "",
            "pages": (each.pages or "").replace("-", "--"),
            "doi": each.doi or "",
            "abstract": "",
        }
        for each in records
    ]
    python = os.environ.get("BIB_DEDUPE_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.json"
        path.write_text(json.dumps(rows))
        run = subprocess.run(
            [python, "-c", PEER, str(path)], cwd=folder, capture_output=True, text=True, check=False
        )
    if run.returncode:
        print(f"BibDedupe: not measured ({run.stderr.strip().splitlines()[-1]})")
        return None
    told = json.loads(run.stdout.splitlines()[-1])
    return pairs(told["clusters"]), told["seconds"]


# What is hidden from both, and whether near neighbours are among the records.
SETTINGS: dict[str, tuple[tuple[str, ...], bool]] = {
    "identifiers as printed": ((), True),
    "DOIs alone": (("pmid", "pmcid"), True),
    "no identifier": (("pmid", "pmcid", "doi"), True),
    "DOIs alone, no near neighbours": (("pmid", "pmcid"), False),
}


def main() -> int:
    """Print precision, recall and F1 of both in each setting; return 1 where records are absent."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    options.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    options.add_argument("--misses", action="store_true", help="tell every wrong pair of ours")
    chosen = options.parse_args()
    found = [
        each
        for path in sorted(chosen.folder.glob("*.xml"))
        for each in read(Source(path.name, str(path)))
        if isinstance(each, Record) and each.title
    ]
    records = list({each.pmid: each for each in found}.values())
    if not records:
        print(f"{chosen.folder}: no PubMed records; a folder of PubMed XML was expected")
        return 1
    for setting, (hidden, neighbours) in SETTINGS.items():
        tallies: dict[str, list[int]] = {}
        seconds: dict[str, float] = {}
        for seed in chosen.seeds:
            made = labelled(records, seed, neighbours)
            held = [_without(*hidden)(one, random.Random()) for _, one in made]
            labels: dict[str, list[str]] = {}
            for label, one in made:
                labels.setdefault(label, []).append(one.sha256)
            truth = pairs(labels.values())
            for name, answer in (("ours", ours(held)), ("BibDedupe", peers(held))):
                if answer is None:
                    continue
                tally = tallies.setdefault(name, [0, 0, 0])
                for at, count in enumerate(
                    (len(answer[0] & truth), len(answer[0] - truth), len(truth - answer[0]))
                ):
                    tally[at] += count
                seconds[name] = seconds.get(name, 0.0) + answer[1]
                if chosen.misses and name == "ours":
                    tell(answer[0], truth, {one.sha256: one for one in held})
        print(f"{setting}: {len(held)} records a seed, seeds {chosen.seeds}")
        for name, (right, wrong, missed) in tallies.items():
            precision = right / (right + wrong) if right + wrong else 1.0
            recall = right / (right + missed)
            f1 = 2 * precision * recall / (precision + recall)
            print(
                f"  {name:9} precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f}"
                f"  ({right} right, {wrong} wrong, {missed} missed, {seconds[name]:.1f} s)"
            )
    return 0


def tell(found: Pairs, truth: Pairs, records: dict[str, Record]) -> None:
    """Print each wrong or missed pair with what the records state."""
    for name, held in (("WRONG", found - truth), ("missed", truth - found)):
        for pair in sorted(map(sorted, held)):
            print(name)
            for each in pair:
                one = records[each]
                author = one.authors[0].name if one.authors else None
                print(
                    f"   {each}: {one.title!r} {author} {one.journal!r} {one.year};{one.volume}({one.issue}):{one.pages} {one.doi} {one.pmid}"
                )


if __name__ == "__main__":
    sys.exit(main())
