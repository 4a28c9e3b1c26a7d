"""Score the evidence of the rules against hand annotations of the same texts.

Run: python bench/evidence.py KB.DB FOLDER (with rules.json and claims.json). A claim of the
knowledge base stands for the annotated claims whose words it covers with a kind they allow.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

NAMES: dict[str, str] = {}
Span = tuple[int, int]


def _overlaps(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _focus(gold: dict[str, Any]) -> Span:
    parts = gold["focus"]
    return (parts[0]["start"], parts[-1]["end"]) if parts else (gold["start"], gold["end"])


def main(database: Path, folder: Path) -> None:
    connection = sqlite3.connect(database)
    claims = {
        each["id"]: each
        for each in json.loads((folder / "claims.json").read_text(encoding="utf-8"))["claims"]
    }
    rows = connection.execute(
        'select claim_id, kind, coalesce(focus_start, start), coalesce(focus_end, "end"), records.source from claims'
        " join articles using (article_id) join records on records.record_id = articles.record_id"
    ).fetchall()
    covers: dict[str, set[str]] = {}
    for identifier, kind, start, end, source in rows:
        covers[identifier] = {
            gold["id"]
            for gold in claims.values()
            if gold["seed"] == source
            and kind in {gold["core_kind"], *gold["core_kind_alternatives"]}
            and _overlaps((start, end), _focus(gold))
        }
    reachable = set().union(*covers.values())
    totals = [0, 0, 0, 0, 0]
    stated = 0
    for rule in json.loads((folder / "rules.json").read_text(encoding="utf-8"))["rules"]:
        name = NAMES.get(rule["key"], rule["key"])
        found = connection.execute(
            "select claim_id, stance from evidence where rule_id = ?", [name]
        ).fetchall()
        if not connection.execute("select 1 from rules where rule_id = ?", [name]).fetchone():
            continue
        expected = dict.fromkeys(rule["supports"], "supports")
        expected |= {
            each["claim"]: stance
            for stance in ("qualifies", "contradicts")
            for each in rule[stance]
        }
        stated += len(expected)
        expected = {each: stance for each, stance in expected.items() if each in reachable}
        hit = {
            gold
            for identifier, stance in found
            for gold in covers[identifier]
            if expected.get(gold) == stance
        }
        right = sum(
            any(expected.get(gold) == stance for gold in covers[identifier])
            for identifier, stance in found
        )
        wrong = sum(
            any(
                {expected.get(gold), stance} == {"supports", "contradicts"}
                for gold in covers[identifier]
            )
            for identifier, stance in found
        )
        print(
            f"{name:26} recall {len(hit):3}/{len(expected):3}  precision {right:3}/{len(found):3}  wrong side {wrong}"
        )
        if "-v" in sys.argv:
            for gold in sorted(set(expected) - hit):
                print("     missed", gold, expected[gold], claims[gold]["clean_quote"][:110])
            for identifier, stance in found:
                if not any(expected.get(gold) == stance for gold in covers[identifier]):
                    text = connection.execute(
                        "select coalesce(focus, display) from claims where claim_id = ?",
                        [identifier],
                    ).fetchone()[0]
                    print("     extra ", stance, sorted(covers[identifier]), text[:110])
        for place, number in enumerate((len(hit), len(expected), right, len(found), wrong)):
            totals[place] += number
    print(
        f"all: recall {totals[0] / totals[1]:.3f} of what was extracted,"
        f" {totals[0] / stated:.3f} of all annotated, precision {totals[2] / totals[3]:.3f}, wrong side {totals[4]}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
