"""Labels: retracted, animal, borrowed, historical and expected findings are shown and never counted."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from kb import places
from kb.build import build
from kb.recommend import recommend
from kb.rules import load_rules

# Label, rule, publication type, statement of an invented article.
LABELLED = [
    (
        "retracted article",
        "embolization",
        "Retracted Publication",
        "Embolization reduced blood loss in 40 patients.",
    ),
    ("animal study", "embolization", "Journal Article", "Embolization reduced blood loss in dogs."),
    (
        "cadaver study",
        "embolization",
        "Journal Article",
        "In a cadaver study, ligation of the segmental arteries was safe after embolization.",
    ),
    (
        "model study",
        "reconstruction",
        "Journal Article",
        "In a finite element model, anterior column reconstruction increased stability.",
    ),
    (
        "in vitro study",
        "rinse",
        "Journal Article",
        "In an in vitro study, distilled water followed by cisplatin reduced tumour cell contamination.",
    ),
    (
        "another group's finding",
        "embolization",
        "Journal Article",
        "Smith et al. reported that embolization reduced blood loss.",
    ),
    (
        "historical",
        "embolization",
        "Journal Article",
        "In the past, embolization reduced blood loss.",
    ),
    (
        "future",
        "embolization",
        "Journal Article",
        "In future, embolization will be mandatory before surgery.",
    ),
    (
        "how patients came",
        "embolization",
        "Journal Article",
        "Before embolization, 12 patients had a neurological deficit.",
    ),
]


def _built(folder: Path, records: list[tuple[str, str]]) -> sqlite3.Connection:
    text = "\n".join(
        f"PMID- {91000001 + number}\nDP  - 2019\nPT  - Journal Article\nPT  - {kind}\nTI  - Surgery of spinal tumours.\nAB  - {statement}\n"
        for number, (kind, statement) in enumerate(records)
    )
    (folder / "labelled.nbib").write_text(text, encoding="utf-8")
    build([str(folder / "labelled.nbib")], folder / "kb.db")
    return sqlite3.connect(folder / "kb.db")


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    return _built(
        tmp_path_factory.mktemp("labelled"), [(kind, text) for _, _, kind, text in LABELLED]
    )


@pytest.mark.parametrize("number", range(len(LABELLED)), ids=lambda each: LABELLED[each][0])
def test_what_is_no_result_of_own_patients_today_is_labelled(
    number: int, labelled: sqlite3.Connection
) -> None:
    label, rule, _, _ = LABELLED[number]
    rows = labelled.execute(
        "select stance, counted, label from evidence join claims using (claim_id) where rule_id = ? and article_id = ?",
        [rule, f"pmid-{91000001 + number}"],
    ).fetchall()
    assert set(rows) == {("supports", 0, label)}


def test_labelled_claims_give_no_strength_and_no_quote(labelled: sqlite3.Connection) -> None:
    for (text,) in labelled.execute("select strength_of_evidence from rules"):
        assert json.loads(text)["grade"] == "no evidence"
    found = recommend(labelled, load_rules(places.rules()), {"planned_tes": True})
    answer = next(each for each in found.applies if each.rule.id == "embolization")
    assert answer.shown == () and set(answer.counts.values()) == {0}


def test_the_same_words_of_own_patients_count(tmp_path: Path) -> None:
    connection = _built(
        tmp_path, [("Journal Article", "Embolization reduced blood loss in 40 patients.")]
    )
    assert connection.execute(
        "select stance, counted, label from evidence where rule_id = 'embolization'"
    ).fetchall() == [("supports", 1, None)]
