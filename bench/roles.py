"""Score sentence roles on structured abstracts whose labels are hidden (PubMedQA).

Run: python bench/roles.py [ori_pqal.json]. The conclusion is the data set's long answer.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from ingest.document import section_role, split_sentences
from ingest.language.roles import sentence_roles

KNOWN = ("background", "aim", "methods", "results", "conclusion")


def main(path: Path) -> None:
    right: Counter[str] = Counter()
    told: Counter[str] = Counter()
    there: Counter[str] = Counter()
    # Every second abstract, by id, was held back from training.
    held = [
        each
        for number, (_, each) in enumerate(
            sorted(json.loads(path.read_text(encoding="utf-8")).items())
        )
        if number % 2
    ]
    for each in held:
        parts = [
            *zip(each["LABELS"], each["CONTEXTS"], strict=True),
            ("CONCLUSIONS", each["LONG_ANSWER"]),
        ]
        gold = [
            (section_role(label), text[start:end])
            for label, text in parts
            for start, end in split_sentences(text, 0, len(text))
        ]
        roles = sentence_roles([(text, "body") for _, text in gold])
        for (role, _), got in zip(gold, roles, strict=True):
            if role in KNOWN:
                there[role] += 1
                told[got] += 1
                right[role] += role == got
    scores = []
    for role in KNOWN:
        precision, recall = right[role] / max(1, told[role]), right[role] / max(1, there[role])
        scores.append(2 * precision * recall / max(1e-9, precision + recall))
        print(
            f"{role:12} precision {precision:.3f} recall {recall:.3f} F1 {scores[-1]:.3f} of {there[role]}"
        )
    print(
        f"macro F1 {sum(scores) / len(scores):.3f}, accuracy {sum(right.values()) / sum(there.values()):.3f}"
    )


if __name__ == "__main__":
    main(
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else Path(__file__).resolve().parents[2] / "shared" / "data" / "pubmedqa" / "ori_pqal.json"
    )
