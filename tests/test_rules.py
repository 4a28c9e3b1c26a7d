"""Rules: every file's own tests, the annotated tests, errors that name the field, evidence both ways."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from ingest.vocabulary import load_concepts
from kb import places
from kb.build import build
from kb.rules import Case, InputError, Rule, RuleError, evaluate, load_rules
from kb.strength import strength_of_evidence

RULES = {each.id: each for each in load_rules(places.rules())}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda each: each.id)
def test_rule_passes_its_own_tests(rule: object) -> None:
    for test in rule.tests:  # type: ignore[attr-defined]
        outcome = evaluate(rule, test["inputs"])  # type: ignore[arg-type]
        got = outcome.score if rule.evaluation == "sum" else [each.id for each in outcome.matched]  # type: ignore[attr-defined]
        assert got == test["expect"]


def test_annotated_tests_pass(shared: Path) -> None:
    ran = 0
    missing = []
    for rule in json.loads((shared / "gold" / "rules.json").read_text(encoding="utf-8"))["rules"]:
        ours = RULES.get(rule["key"])
        if ours is None:
            missing.append(rule["key"])
            continue
        for test in rule["tests"]:
            outcome = evaluate(ours, test["inputs"])
            got = (
                outcome.score if ours.evaluation == "sum" else [each.id for each in outcome.matched]
            )
            assert got == test["expect"], (ours.id, test)
            ran += 1
    assert (ran, missing) == (95, [])


def test_missing_inputs_are_named_and_never_guessed() -> None:
    outcome = evaluate(RULES["tes_approach"], {"level": "T8"})
    assert outcome.matched == ()
    assert outcome.needs["single_posterior"] == ("major_vessel_involved",)
    score = evaluate(RULES["prognostic_score"], {"growth": "slow"})
    assert score.score is None and score.needs["score"] == (
        "visceral_metastases",
        "bone_metastases",
    )


@pytest.mark.parametrize(
    ("rule", "inputs", "words"),
    [
        (
            "tes_by_type",
            {"surgical_type": "seven"},
            "surgical_type: .*integer at least 1 at most 7",
        ),
        ("tes_by_type", {"grade": 1}, "grade"),
        ("prognostic_score", {"growth": "fast"}, "growth: .*one of slow, moderate, rapid"),
    ],
)
def test_wrong_inputs_name_the_field_and_what_was_expected(
    rule: str, inputs: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        evaluate(RULES[rule], inputs)


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("title: x\n")
    (tmp_path / "b.yml").write_text("title: x\ntitle: y\n")
    good = (places.rules() / "tes_by_type.yml").read_text(encoding="utf-8")
    (tmp_path / "c.yml").write_text(good.replace("from claim_facts", "from nowhere"))
    (tmp_path / "d.yml").write_text(good.replace("expect: [rec]", "expect: [rel]"))
    with pytest.raises(RuleError) as error:
        load_rules(tmp_path)
    for name in ("a.yml", "b.yml", "c.yml", "d.yml"):
        assert name in str(error.value)


_NAMED = re.compile(r"like '% (\w+) %'", re.IGNORECASE)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda each: each.id)
def test_evidence_is_asked_for_by_concept_and_slot(rule: Rule) -> None:
    """No words of a source in an evidence query: an article that words it otherwise must count."""
    sql = rule.evidence.lower()
    assert sql.count("like") == len(_NAMED.findall(sql)), "like is for one concept: '% id %'"
    assert not re.search(r"\b(?:glob|regexp|match|instr|substr|display|quote|focus)\b", sql)
    assert set(_NAMED.findall(rule.evidence)) <= {*load_concepts(), *"1234567"}


CASES = [(rule, case) for rule in RULES.values() for case in rule.cases if case.told_by]


@pytest.mark.parametrize(("rule", "case"), CASES, ids=lambda each: each.id)
def test_a_case_is_told_by_concept_and_slot(rule: Rule, case: Case) -> None:
    """As in an evidence query: what speaks to a case is found in any article's words."""
    sql = str(case.told_by)
    assert sql.count("like") == len(_NAMED.findall(sql)), "like is for one concept: '% id %'"
    assert not re.search(r"\b(?:glob|regexp|match|instr|substr|display|quote|focus)\b", sql.lower())
    assert set(_NAMED.findall(sql)) <= {*load_concepts(), *"1234567"}


def test_a_side_of_a_tension_names_a_case_that_can_be_told_apart(tmp_path: Path) -> None:
    for name in ("posterior_only", "tes_by_type"):
        text = (places.rules() / f"{name}.yml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.yml").write_text(text.replace("case: caution", "case: carefully"))
    with pytest.raises(RuleError, match="carefully is no case of posterior_only with told_by"):
        load_rules(tmp_path)


def test_a_case_has_the_claims_that_speak_to_it_and_no_others(tmp_path: Path) -> None:
    said = {
        "no7": "TES is not recommended for lesions of surgical type 7.",
        "rec": "TES is recommended for lesions of surgical type 4.",
        "rel": "TES is relatively indicated for lesions of surgical type 1.",
    }
    (tmp_path / "said.nbib").write_text(
        "PMID- 94000001\nDP  - 2019\nPT  - Journal Article\nTI  - Surgery of spinal tumours.\n"
        f"AB  - {' '.join(said.values())}\n",
        encoding="utf-8",
    )
    build([str(tmp_path / "said.nbib")], tmp_path / "kb.db")
    rows = sqlite3.connect(tmp_path / "kb.db").execute(
        "select case_id, display from case_evidence join claims using (claim_id) where rule_id = 'tes_by_type'"
    )
    assert dict(rows.fetchall()) == said


# An example without a title comes from an article of the field.
FIELD = "Surgery of spinal tumours."


def _statements() -> list[tuple[str, str, str, str]]:
    """Return (rule, side, title, text) of every example of every rule."""
    found = []
    for rule in RULES.values():
        for side, statements in rule.examples.items():
            for each in statements:
                whole = each if isinstance(each, dict) else {"title": FIELD, "text": each}
                found.append((rule.id, side, whole["title"], whole["text"]))
    return found


STATEMENTS = _statements()


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    """A knowledge base of one invented article for each example, read by the whole pipeline."""
    folder = tmp_path_factory.mktemp("invented")
    records = [
        f"PMID- {90000001 + number}\nDP  - 2019\nPT  - Journal Article\nTI  - {title}\nAB  - {text}\n"
        for number, (_, _, title, text) in enumerate(STATEMENTS)
    ]
    (folder / "examples.nbib").write_text("\n".join(records), encoding="utf-8")
    build([str(folder / "examples.nbib")], folder / "kb.db")
    return sqlite3.connect(folder / "kb.db")


@pytest.mark.parametrize(
    "number", range(len(STATEMENTS)), ids=lambda each: "-".join(STATEMENTS[each][:2])
)
def test_examples_of_other_articles_stand_on_their_side(
    number: int, invented: sqlite3.Connection
) -> None:
    rule, side, _, text = STATEMENTS[number]
    rows = invented.execute(
        "select stance from evidence join claims using (claim_id) where rule_id = ? and article_id = ?",
        [rule, f"pmid-{90000001 + number}"],
    ).fetchall()
    assert {row[0] for row in rows} == (set() if side == "not" else {side}), text


# What is said against any treatment or score of the vocabulary, in every rule's hearing.
_DENIALS = (
    "{} is not recommended for spinal metastases.",
    "{} did not improve overall survival of patients with spinal metastases.",
    "{} did not reduce blood loss.",
    "{} did not reduce local recurrence of spinal tumours.",
)
# That treatment without surgery does not help speaks for surgery.
_DENIALS_THAT_SUPPORT = {("hosono_indications", "Conservative therapy")}


def test_what_denies_a_treatment_never_supports_a_rule(tmp_path: Path) -> None:
    denied = [
        each.label[0].upper() + each.label[1:]
        for each in load_concepts().values()
        if each.facet in {"procedures", "approaches", "scales"}
    ]
    statements = [denial.format(name) for name in denied for denial in _DENIALS]
    records = [
        f"PMID- {92000001 + number}\nDP  - 2019\nPT  - Journal Article\nTI  - {FIELD}\nAB  - {text}\n"
        for number, text in enumerate(statements)
    ]
    (tmp_path / "denials.nbib").write_text("\n".join(records), encoding="utf-8")
    build([str(tmp_path / "denials.nbib")], tmp_path / "kb.db")
    rows = (
        sqlite3.connect(tmp_path / "kb.db")
        .execute("select rule_id, stance, display from evidence join claims using (claim_id)")
        .fetchall()
    )
    assert len(rows) > 100
    wrong = [
        (rule, text)
        for rule, stance, text in rows
        if stance == "supports"
        and not any(rule == each and text.startswith(name) for each, name in _DENIALS_THAT_SUPPORT)
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("kb") / "kb.db"
    build([str(shared / "seeds")], path)
    return sqlite3.connect(path)


def test_a_recommendation_against_is_never_support_for_the_operation(
    seeds: sqlite3.Connection,
) -> None:
    rows = seeds.execute(
        "select stance, claims.polarity from evidence join claims using (claim_id) where rule_id = 'tes_pathology' and claims.polarity = 'against'"
    ).fetchall()
    assert all(stance != "supports" for stance, _ in rows)


def test_animal_cited_and_historical_claims_are_shown_and_not_counted(
    seeds: sqlite3.Connection,
) -> None:
    counted = seeds.execute(
        "select count(*) from evidence join claims using (claim_id) join rules using (rule_id) where counted = 1 and (claims.basis in ('animal', 'in_vitro', 'cadaver', 'model')"
        " or claims.attribution = 'cited' or (rules.status = 'current' and claims.temporality <> 'current'))"
    ).fetchone()
    shown = seeds.execute(
        "select count(*) from evidence where counted = 0 and label is not null"
    ).fetchone()
    assert counted == (0,) and shown[0] > 5


def test_stances_are_exclusive_and_have_a_reason(seeds: sqlite3.Connection) -> None:
    assert seeds.execute("select count(*) from evidence where reason = ''").fetchone() == (0,)
    assert seeds.execute(
        "select count(*) from (select 1 from evidence group by rule_id, claim_id having count(*) > 1)"
    ).fetchone() == (0,)
    assert {row[0] for row in seeds.execute("select distinct stance from evidence")} == {
        "supports",
        "qualifies",
        "contradicts",
    }


def _graded(tmp_path: Path, articles: list[tuple[int | None, int | None, int, str]]) -> object:
    """Return the strength of a rule whose counted claims come from the articles given."""
    connection = sqlite3.connect(tmp_path / "graded.db")
    connection.executescript(
        "create table evidence (rule_id, claim_id, stance, counted);"
        "create table claims (claim_id, article_id, is_patient_result);"
        "create table articles (article_id, evidence_level, design, n_patients, year);"
    )
    for place, (level, size, year, stance) in enumerate(articles):
        connection.execute("insert into evidence values ('r', ?, ?, 1)", (place, stance))
        connection.execute("insert into claims values (?, ?, 1)", (place, place))
        connection.execute(
            "insert into articles values (?, ?, 'x', ?, ?)", (place, level, size, year)
        )
    return strength_of_evidence(connection, "r", "2026-11-21")


@pytest.mark.parametrize(
    ("articles", "grade", "steps"),
    [
        ([], "no evidence", None),
        ([(2, 101, 2020, "supports")], "high", 0),
        ([(2, 101, 2005, "supports")], "moderate", 1),
        ([(2, 50, 2020, "supports"), (2, 49, 2020, "supports")], "moderate", 1),
        ([(2, 500, 2020, "supports"), (5, 500, 2020, "supports")], "very low", 0),
        ([(2, 500, 2020, "supports"), (2, 500, 2020, "contradicts")], "moderate", 1),
        ([(3, 500, 2020, "supports")], "low", 0),
        ([(4, None, 2020, "supports")], "low", 0),
        ([(None, None, 2020, "supports")], "very low", 0),
        ([(4, 1, 2005, "supports"), (4, 1, 2005, "contradicts")], "very low", 3),
    ],
)
def test_strength_follows_from_its_parts(
    tmp_path: Path,
    articles: list[tuple[int | None, int | None, int, str]],
    grade: str,
    steps: int | None,
) -> None:
    found = _graded(tmp_path, articles)
    assert isinstance(found, dict)
    assert found["grade"] == grade
    down = [each for each in found["parts"] if each["effect"] == "one step down"]
    assert steps is None or len(down) == steps


def test_an_unstated_size_is_none_and_not_small(tmp_path: Path) -> None:
    found = _graded(tmp_path, [(3, None, 2020, "supports")])
    assert isinstance(found, dict)
    size = next(each for each in found["parts"] if each["part"] == "size")
    assert "not stated" in size["found"] and size["effect"] == "nothing taken off"


def test_a_grade_shows_all_its_parts(tmp_path: Path) -> None:
    found = _graded(tmp_path, [(4, 30, 2005, "supports"), (4, None, 2001, "contradicts")])
    assert isinstance(found, dict)
    assert [each["part"] for each in found["parts"]] == [
        "design",
        "size",
        "directness",
        "consistency",
        "recency",
    ]
    assert found["starts_at"] == "low" and found["grade"] == "very low"
    told = {each["part"]: (each["found"], each["effect"]) for each in found["parts"]}
    assert told["size"] == ("30 patients in 1 article", "one step down")
    assert told["consistency"] == ("1 for, 0 qualifying, 1 against", "one step down")
    assert told["directness"][1] == "nothing taken off"


def test_every_stored_rule_shows_its_strength(seeds: sqlite3.Connection) -> None:
    for rule, text in seeds.execute("select rule_id, strength_of_evidence from rules"):
        assert json.loads(text)["grade"], rule


def test_the_compression_grade_asks_for_what_decides_it() -> None:
    outcome = evaluate(RULES["escc_grade"], {"epidural_extension": "cord_compression"})
    assert outcome.matched == ()
    assert outcome.needs == {"grade_2": ("csf_visible",), "grade_3": ("csf_visible",)}


def test_articles_of_other_fields_are_no_evidence(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two hundred records of all of medicine: what counts names tumours of the spine."""
    path = tmp_path_factory.mktemp("other") / "kb.db"
    build([str(shared / "data" / "pubmed_xml")], path)
    rows = sqlite3.connect(path).execute(
        "select distinct title from evidence join claims using (claim_id) join articles using (article_id)"
    )
    assert [row for row in rows if not re.search("(?i)spin|spondyl|vertebra", row[0])] == []
