"""Score the saved queries against the annotated questions: which claims each returns, and which it should.

Run in the checkout: python -m bench.questions KB.DB FOLDER (with queries.json, claims.json and rules.json). A row
is right where its claim covers a wanted one; it is near where it covers one that the same rules use.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

from kb import places
from kb.answers import answer, load_questions
from kb.rules import load_rules
from kb.saved import all_queries


def covers(connection: sqlite3.Connection, claims: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Return the annotated claims whose words each claim covers, of whatever kind: a row shows words."""
    rows = connection.execute(
        'select claim_id, coalesce(focus_start, start), coalesce(focus_end, "end"), records.source from claims'
        " join articles using (article_id) join records on records.record_id = articles.record_id"
    ).fetchall()
    found: dict[str, set[str]] = {}
    for identifier, start, end, source in rows:
        found[identifier] = {
            each["id"]
            for each in claims
            if each["seed"] == source
            and start < (each["focus"][-1]["end"] if each["focus"] else each["end"])
            and (each["focus"][0]["start"] if each["focus"] else each["start"]) < end
        }
    return found


def main(database: Path, folder: Path, answered: dict[str, str]) -> None:
    """Print each question's recall and precision, and the totals."""
    connection = sqlite3.connect(database)
    load = lambda name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))  # noqa: E731
    covered = covers(connection, load("claims")["claims"])
    reachable = set().union(*covered.values())
    rules = {each["id"]: each for each in load("rules")["rules"]}
    ours = load_rules(places.rules())
    queries = all_queries(places.queries(), ours)
    questions = load_questions(places.questions(), queries, ours)
    exact, totals = 0, [0, 0, 0, 0, 0]
    for asked in load("queries")["questions"]:
        wanted = set(asked["claims"]) & reachable
        near = wanted.union(
            *(
                {*rules[name]["supports"], *(each["claim"] for side in ("qualifies", "contradicts") for each in rules[name][side])}
                for name in asked["rules"]
            )
        )  # fmt: skip
        told = answer(connection, questions[answered[asked["id"]]], queries)
        found = dict.fromkeys(each["claim_id"] for each in told["claims"])
        hit = wanted & set().union(*(covered.get(each, set()) for each in found))
        right = sum(bool(covered.get(each, set()) & wanted) for each in found)
        close = sum(bool(covered.get(each, set()) & near) for each in found)
        whole = hit == wanted and right == len(found)
        exact += whole
        print(
            f"{asked['id']} recall {len(hit):2}/{len(wanted):2} of {len(asked['claims']):2}  rows {len(found):3}  right {right:3}  of the same rules {close:3}  {'exact' if whole else ''}"
        )
        if "-v" in sys.argv:
            for name in found:
                if not covered.get(name, set()) & wanted:
                    words = connection.execute(
                        "select kind, coalesce(focus, display) from claims where claim_id = ?",
                        [name],
                    ).fetchone()
                    print(
                        "     extra",
                        "same rule" if covered.get(name, set()) & near else "",
                        words[0],
                        words[1][:110],
                    )
            for name in sorted(wanted - hit):
                print("     missed", name)
        for place, number in enumerate((len(hit), len(wanted), len(found), right, close)):
            totals[place] += number
    print(
        f"all: {exact} of {len(answered)} exact; recall {totals[0] / totals[1]:.3f}, precision {totals[3] / totals[2]:.3f},"
        f" {totals[4] / totals[2]:.3f} with claims of the same rules"
    )


if __name__ == "__main__":
    from tests.test_saved import ANSWERED

    main(Path(sys.argv[1]), Path(sys.argv[2]), ANSWERED)
