"""Train the sentence-role model on PubMedQA's section labels and write ingest/models/roles.json.

Run: python bench/train_roles.py [ori_pqal.json]. An averaged perceptron (Collins 2002,
doi:10.3115/1118693.1118694), a minute or two. Every second abstract is held back and scored; the
shipped weights are those of the other half, so that ``bench/roles.py`` reports unseen text.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from pathlib import Path

from ingest.document import section_role, split_sentences
from ingest.language.roles import ROLES, features, model, predict

MODEL = Path(__file__).resolve().parents[1] / "ingest" / "models" / "roles.json"
ROUNDS = 6
Abstract = list[tuple[str, str]]


def load(path: Path) -> list[Abstract]:
    """Return each abstract as (role, sentence) pairs; sentences of other sections are left out."""
    found = []
    for _, each in sorted(json.loads(path.read_text(encoding="utf-8")).items()):
        parts = [
            *zip(each["LABELS"], each["CONTEXTS"], strict=True),
            ("CONCLUSIONS", each["LONG_ANSWER"]),
        ]
        pairs = [
            (section_role(label), text[start:end])
            for label, text in parts
            for start, end in split_sentences(text, 0, len(text))
        ]
        found.append([pair for pair in pairs if pair[0] in ROLES])
    return found


def train(abstracts: list[Abstract]) -> dict[str, list[float]]:
    """Return averaged weights, small ones dropped."""
    weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(ROLES))
    totals: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(ROLES))
    stamps: dict[str, int] = defaultdict(int)
    step = 0
    order = random.Random(7)
    for _ in range(ROUNDS):
        order.shuffle(abstracts)
        for abstract in abstracts:
            before = "none"
            for place, (role, text) in enumerate(abstract):
                step += 1
                seen = features(text, place, len(abstract), before)
                scores = [
                    sum(weights[each][index] for each in seen if each in weights)
                    for index in range(len(ROLES))
                ]
                guess = max(range(len(ROLES)), key=scores.__getitem__)
                truth = ROLES.index(role)
                if guess != truth:
                    for each in seen:
                        row, total = weights[each], totals[each]
                        for index in range(len(ROLES)):
                            total[index] += row[index] * (step - stamps[each])
                        stamps[each] = step
                        row[truth] += 1
                        row[guess] -= 1
                before = ROLES[guess]
    averaged = {}
    for each, row in weights.items():
        mean = [
            (totals[each][index] + row[index] * (step - stamps[each])) / step
            for index in range(len(ROLES))
        ]
        if max(map(abs, mean)) >= 0.35:
            averaged[each] = [round(value, 2) for value in mean]
    return averaged


def main(path: Path) -> None:
    abstracts = load(path)
    weights = train([each for number, each in enumerate(abstracts) if number % 2 == 0])
    held = [each for number, each in enumerate(abstracts) if number % 2]
    right = sum(
        got == role
        for each in held
        for got, (role, _) in zip(
            predict([text for _, text in each], model(weights)), each, strict=True
        )
    )
    print(
        f"{len(weights)} weights; accuracy on {len(held)} held-back abstracts {right / sum(map(len, held)):.3f}"
    )
    MODEL.parent.mkdir(exist_ok=True)
    source = "PubMedQA labelled set (MIT), every second abstract; bench/train_roles.py"
    lines = ",\n".join(
        f"{json.dumps(each)}: {json.dumps(weights[each])}" for each in sorted(weights)
    )
    MODEL.write_text(
        f'{{"source": {json.dumps(source)}, "weights": {{\n{lines}\n}}}}\n', encoding="utf-8"
    )


if __name__ == "__main__":
    main(
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else Path(__file__).resolve().parents[2] / "shared" / "data" / "pubmedqa" / "ori_pqal.json"
    )
