"""Claims: what each pattern sees, whole paragraphs in own words, and the annotated development set."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.claims import extract
from ingest.document import segment
from ingest.formats import read
from ingest.model import Claim, Record, Source
from ingest.patterns import Pattern, load_patterns
from ingest.text import compose
from ingest.vocabulary import load_concepts

PATTERNS = load_patterns()


def _claims(text: str, label: str = "RESULTS", title: str | None = None) -> tuple[Claim, ...]:
    stored, sections = compose(title, [(label, text)])
    record = Record("test", "x", "1", "0" * 64, stored, title=title, sections=sections)
    document = segment(record)
    found = extract(document)
    for claim in found:
        assert claim.quote == document.text[claim.start : claim.end]
    return found


_LABELS = {
    "indication": "CONCLUSIONS",
    "approach": "TECHNIQUE",
    "outcome": "RESULTS",
    "risk": "DISCUSSION",
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, each in PATTERNS.items() for text in each.examples]
)
def test_pattern_sees_its_examples(name: str, text: str) -> None:
    pattern = PATTERNS[name]
    found = _claims(text, _LABELS[pattern.kind])
    assert name in {each.pattern for each in found}, [(each.pattern, each.kind) for each in found]


@pytest.mark.parametrize(
    ("name", "text"),
    [(name, text) for name, each in PATTERNS.items() for text in each.counter_examples],
)
def test_pattern_passes_over_its_counter_examples(name: str, text: str) -> None:
    assert name not in {each.pattern for each in _claims(text, _LABELS[PATTERNS[name].kind])}


def test_numbers_keep_their_own_time_point_and_group() -> None:
    claims = _claims(
        "In the 17 patients with chordoma the 2-year survival was 80% and the 5-year survival was 60%."
    )
    numbers = [
        (each.percent, each.time_months, each.n, each.measure)
        for claim in claims
        for each in claim.measurements
    ]
    assert numbers == [(80.0, 24.0, 17, "overall_survival"), (60.0, 60.0, 17, "overall_survival")]


def test_respectively_pairs_in_order() -> None:
    claims = _claims("The 1-, 2-, and 5-year survival rates were 90%, 70%, and 40%, respectively.")
    assert [
        (each.percent, each.time_months) for claim in claims for each in claim.measurements
    ] == [(90.0, 12.0), (70.0, 24.0), (40.0, 60.0)]


def test_a_range_belongs_to_its_mean() -> None:
    (claim,) = _claims("The mean blood loss was 1300 ml (range, 360-1600 ml).")
    (number,) = claim.measurements
    assert (
        number.value,
        number.low,
        number.high,
        number.unit,
        number.statistic,
        number.measure,
    ) == (1300.0, 360.0, 1600.0, "ml", "mean", "blood_loss")


def test_a_denominator_is_stated_beside_a_count_or_the_group_that_it_is_of() -> None:
    claims = _claims(
        "A total of 40 patients underwent vertebrectomy. Two patients (5%) had a local recurrence. Rod breakage occurred in three patients."
    )
    recurrence = next(each for each in claims if each.measure == "local_recurrence").measurements[0]
    assert (recurrence.numerator, recurrence.denominator, recurrence.percent) == (2, 40, 5.0)
    rods = next(each for each in claims if each.measure == "rod_breakage").measurements[0]
    assert (rods.numerator, rods.denominator, rods.percent) == (3, 40, None)
    assert rods.percent_derived == 7.5


def test_a_computed_percent_is_told_from_a_stated_one() -> None:
    (claim,) = _claims("Local recurrence occurred in 3 of 40 patients.")
    assert claim.measurements[0].percent is None
    assert claim.measurements[0].percent_derived == 7.5


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Of the 31 patients, none had a wound infection.", "surgical_site_infection"),
        ("No patient in this series of 31 had a wound infection.", "surgical_site_infection"),
        ("No recurrence was seen in any of the 31 patients.", "local_recurrence"),
        ("There was no dural tear in the 31 patients.", "dural_tear"),
    ],
)
def test_none_of_a_group_is_a_count_of_the_event(text: str, measure: str) -> None:
    (claim,) = _claims(text)
    (told,) = claim.measurements
    assert (told.measure, told.numerator, told.denominator) == (measure, 0, 31)
    assert claim.assertion == "negated" and told.percent is None and told.percent_derived == 0


def test_a_name_of_a_manoeuvre_tells_no_decrease() -> None:
    (claim,) = _claims("Spinal shortening increased cord perfusion.")
    assert claim.direction == "better"
    (stay,) = _claims("The operation shortened the hospital stay.")
    assert stay.direction == "better"


def test_what_lies_within_a_safe_range_is_no_result() -> None:
    (claim,) = _claims(
        "This manoeuvre results in a spinal shortening of 3 mm to 6 mm, which lies within the safe range and leads to increased perfusion.",
        "TECHNIQUE",
    )
    (told,) = claim.measurements
    assert (claim.kind, told.low, told.high, told.unit) == ("approach", 3, 6, "mm")


def _focuses(claims: Sequence[Claim]) -> list[str]:
    return [
        claim.quote[claim.focus_start - claim.start : claim.focus_end - claim.start]
        for claim in claims
        if claim.focus_start is not None and claim.focus_end is not None
    ]


def test_list_items_are_claims_of_their_own() -> None:
    claims = _claims(
        "The major risks are (1) heavy bleeding; (2) dural tear; (3) possible contamination.",
        "DISCUSSION",
    )
    assert _focuses(claims) == [
        "heavy bleeding",
        "dural tear",
        "possible contamination",
    ]
    assert [claim.assertion for claim in claims] == ["affirmed", "affirmed", "hedged"]


def test_what_a_bracket_holds_ahead_of_a_number_is_of_that_number() -> None:
    claims = _claims(
        "Factors linked with infection were smoking (p = 0.03, OR = 2.4) and long operations (p = 0.01, OR = 3.1).",
        "RESULTS",
    )
    assert _focuses(claims)[-1] == "long operations (p = 0.01, OR = 3.1)."


def test_negated_harm_is_no_risk() -> None:
    (claim,) = _claims("No surgical site infection occurred in these patients.")
    assert (claim.kind, claim.assertion, claim.measure) == (
        "outcome",
        "negated",
        "surgical_site_infection",
    )


def test_a_recommendation_against_is_against() -> None:
    claims = _claims(
        "Vertebrectomy is not recommended for multiple metastases; radiotherapy is preferred.",
        "CONCLUSIONS",
    )
    assert [(each.polarity, each.strength, each.assertion) for each in claims] == [
        ("against", "not_recommended", "negated"),
        ("for", "preferred", "affirmed"),
    ]


def test_an_experiment_goes_on_until_the_text_returns_to_patients() -> None:
    claims = _claims(
        "In a canine model embolization reduced vertebral blood flow to 30%. Moreover, spinal cord function was not damaged. "
        "In clinical practice embolization reduced blood loss in our patients.",
        "DISCUSSION",
    )
    assert [each.basis for each in claims] == ["animal", "animal", "patients"]


def test_others_findings_are_cited() -> None:
    claims = _claims(
        "Roe et al. reported a local recurrence rate of 20% after curettage.", "DISCUSSION"
    )
    assert {each.attribution for each in claims} == {"cited"}


def test_an_abbreviation_means_what_the_document_says() -> None:
    text = "Transcutaneous electrical stimulation (TES) was used. TES improved pain."
    assert all(each.concept != "TES" for claim in _claims(text) for each in claim.mentions)


def test_restatements_are_linked_and_kept() -> None:
    claims = _claims(
        "Local recurrence occurred in 5 of 97 patients. The operation was long. In all, local recurrence occurred in 5 of 97 patients."
    )
    same = [each for each in claims if each.measure == "local_recurrence"]
    assert len(same) == 2
    assert same[1].restates == same[0].id and same[0].restates is None


def test_what_is_told_of_another_or_in_one_breath_is_no_restatement() -> None:
    for text in (
        "One patient died of a bleed and one died of sepsis.",
        "Mortality was 8% in the brace group. Later, mortality was 8% in the rod group.",
    ):
        assert not any(each.restates for each in _claims(text))


def test_order_and_repetition_change_no_id() -> None:
    text = "Local recurrence occurred in 5 of 97 patients. Pain was relieved."
    assert [each.id for each in _claims(text)] == [each.id for each in _claims(text)]


def _seed(shared: Path, number: str) -> tuple[Claim, ...]:
    path = next((shared / "seeds").glob(f"{number}_*"))
    (record,) = read(Source(path.name, str(path)))
    assert isinstance(record, Record)
    document = segment(record)
    found = extract(document)
    assert all(each.quote == document.text[each.start : each.end] for each in found)
    return found


def test_headline_numbers_of_the_surgical_series(shared: Path) -> None:
    claims = _seed(shared, "004")
    numbers = [(claim, each) for claim in claims for each in claim.measurements]
    survival = {
        (each.percent, each.time_months, each.n)
        for claim, each in numbers
        if each.measure == "overall_survival"
    }
    assert {(66.6, 24.0, 43), (46.6, 60.0, 43), (67.0, 60.0, 17), (100.0, 60.0, 16)} <= survival
    assert any(
        each.numerator == 5 and each.denominator == 97 and each.measure == "local_recurrence"
        for _, each in numbers
    )
    losses = {
        (each.value, each.low, each.high, each.unit)
        for _, each in numbers
        if each.measure == "blood_loss"
    }
    assert {
        (2800.0, None, None, "ml"),
        (2300.0, None, None, "ml"),
        (1300.0, 360.0, 1600.0, "ml"),
    } <= losses
    assert {each.kind for each in claims} == {"approach", "indication", "outcome", "risk"}


def test_headline_numbers_of_the_liaison_cohort(shared: Path) -> None:
    numbers = [each for claim in _seed(shared, "003") for each in claim.measurements]
    assert {704, 41, 745} <= {each.numerator for each in numbers}
    assert any(each.measure == "SINS" and each.value == 5.2 for each in numbers)


def test_an_epidemiological_range_is_a_range(shared: Path) -> None:
    numbers = [each for claim in _seed(shared, "000") for each in claim.measurements]
    assert any(
        (each.low, each.high, each.unit, each.operator) == (5.0, 10.0, "percent", "~")
        for each in numbers
    )


def test_nothing_is_claimed_from_boilerplate(shared: Path) -> None:
    gold = json.loads((shared / "gold" / "claims.json").read_text(encoding="utf-8"))
    for number in ("000", "001", "002", "003", "004"):
        claims = _seed(shared, number)
        spans = [
            (each["start"], each["end"])
            for each in gold["non_claims"]
            if each["seed"].startswith(number) and len(each["quote"]) > 8
        ]
        hit = [
            claim.display
            for claim in claims
            for start, end in spans
            if claim.start < end and start < claim.end
        ]
        assert hit == []


def test_a_clause_that_only_goes_on_counting_stays_with_the_claim_before() -> None:
    text = "The spine was rebuilt with a cage in 5 cases, and with bone grafts in 3 cases."
    told = [each.numerator for claim in _claims(text, "RESULTS") for each in claim.measurements]
    assert told == [5, 3]


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=lambda each: each.name)
def test_what_a_pattern_counts_is_a_measure(pattern: Pattern) -> None:
    assert set(pattern.counts.values()) <= set(load_concepts())
