"""The hard things of reading claims, each in words of our own: how it is meant, when, in whom, whose."""

from __future__ import annotations

import pytest

from ingest.claims import extract
from ingest.document import segment
from ingest.language.lists import enumerated
from ingest.model import Claim, Record
from ingest.text import compose


def _claims(*parts: tuple[str, str], title: str | None = None) -> tuple[Claim, ...]:
    stored, sections = compose(title, parts)
    return extract(
        segment(Record("test", "x", "1", "0" * 64, stored, title=title, sections=sections))
    )


def _read(text: str, label: str = "DISCUSSION") -> list[tuple[str, str, str | None]]:
    return [(each.kind, each.assertion, each.measure) for each in _claims((label, text))]


@pytest.mark.parametrize(
    "text",
    [
        "There were no complications except one superficial wound infection.",
        "No complications occurred apart from one wound infection.",
        "Apart from a wound infection, no complications were seen.",
        "No complications were noted with the exception of one wound infection.",
    ],
)
def test_an_exception_is_told_from_what_it_excepts(text: str) -> None:
    assert sorted(_read(text, "RESULTS")) == [
        ("outcome", "negated", "complications"),
        ("risk", "affirmed", "surgical_site_infection"),
    ]


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("Nobody required revision surgery.", "negated"),
        ("Blood transfusion was not required.", "negated"),
        ("None of the 24 patients had a local recurrence.", "negated"),
        ("Neither local recurrence nor rod fracture was seen.", "negated"),
        ("All but one patient regained the ability to walk.", "affirmed"),
        ("Radiosurgery not only relieves pain but also preserves function.", "affirmed"),
        ("There is no doubt that embolization reduces blood loss.", "affirmed"),
        ("Complete fusion could be seen on every radiograph.", "affirmed"),
        ("Irradiated patients were more likely to have a wound infection.", "affirmed"),
        ("Kyphoplasty may relieve pain in myeloma.", "hedged"),
        ("En bloc resection seems to lower the recurrence rate.", "hedged"),
        ("Surgery is recommended when the life expectancy exceeds three months.", "conditional"),
        ("Surgery is an option provided that anaesthesia is tolerated.", "conditional"),
    ],
)
def test_how_a_statement_is_meant(text: str, assertion: str) -> None:
    found = _read(text)
    assert found, "a claim is expected"
    assert {each[1] for each in found} == {assertion}


@pytest.mark.parametrize(
    ("text", "strength", "polarity"),
    [
        (
            "Surgery is recommended when the life expectancy exceeds three months.",
            "recommended",
            "for",
        ),
        (
            "Vertebroplasty is relatively indicated for painful lesions.",
            "relatively_indicated",
            "for",
        ),
        ("Stabilization is mandatory in unstable lesions.", "mandatory", "for"),
        (
            "Laminectomy alone is contraindicated in ventral compression.",
            "not_recommended",
            "against",
        ),
        (
            "Percutaneous fixation could be an alternative for frail patients.",
            "optional_may",
            "for",
        ),
        ("Oligometastases can be effectively managed with radiosurgery.", "optional_may", "for"),
        (
            "Decompression is the primary treatment option where gait is lost; surgery remains the mainstay.",
            "accepted_option",
            "for",
        ),
    ],
)
def test_strength_words_stay_apart_from_hedges(text: str, strength: str, polarity: str) -> None:
    advice = [each for each in _claims(("DISCUSSION", text)) if each.kind == "indication"]
    assert advice
    assert {(each.strength, each.polarity) for each in advice} == {(strength, polarity)}


def test_advice_stands_in_a_section_of_methods_too() -> None:
    (claim,) = _claims(
        ("METHODS", "Separation surgery is indicated for high-grade epidural compression.")
    )
    assert (claim.kind, claim.strength) == ("indication", "indicated")


@pytest.mark.parametrize(
    ("text", "temporality"),
    [
        ("In the past, laminectomy alone was the standard operation for metastases.", "historical"),
        ("Until the 1990s, radiotherapy was the mainstay of treatment.", "historical"),
        ("In the future, navigated resection will reduce blood loss.", "future"),
        ("Nowadays separation surgery is preferred.", "current"),
    ],
)
def test_when(text: str, temporality: str) -> None:
    assert {each.temporality for each in _claims(("DISCUSSION", text))} == {temporality}


@pytest.mark.parametrize(
    ("text", "attribution"),
    [
        ("Several studies have shown that radiosurgery relieves pain.", "cited"),
        ("In the literature, the complication rate of sacrectomy ranges from 40% to 70%.", "cited"),
        ("According to Doe, surgery prolongs survival.", "cited"),
        ("Previous series reported a 30-day mortality of 6%.", "cited"),
        ("In the BRACE trial, pain was relieved in 40% of women.", "cited"),
        ("DOEG 0412 failed to show a benefit of bracing for pain.", "cited"),
        ("In the TES group the recurrence rate was 5%.", "own"),
        ("In our series the recurrence rate was 5%.", "own"),
        (
            "Compared with the rates reported previously, blood loss was lower in our patients.",
            "own",
        ),
    ],
)
def test_whose(text: str, attribution: str) -> None:
    assert {each.attribution for each in _claims(("DISCUSSION", text))} == {attribution}


def test_a_trial_that_the_methods_name_is_the_authors_own() -> None:
    aim = ("METHODS", "We report the second year of the BRACE trial.")
    claims = _claims(aim, ("RESULTS", "In the BRACE trial, pain was relieved in 40% of women."))
    assert {each.attribution for each in claims if each.measure == "pain"} == {"own"}


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("In a rabbit model, vertebroplasty reduced tumour growth.", "animal"),
        ("Pure moments were applied; pedicle screws increased stiffness.", "model"),
        ("In ten cadavers the posterior approach reduced the risk of injury.", "cadaver"),
        ("In vitro, irradiation reduced the survival of the cells.", "in_vitro"),
        ("The survival of our patients was 14 months.", "patients"),
    ],
)
def test_in_whom(text: str, basis: str) -> None:
    assert {each.basis for each in _claims(("RESULTS", text))} == {basis}


def test_an_experiment_goes_on_to_its_conclusion() -> None:
    found = _claims(
        ("METHODS", "Tumour cells were injected into the L5 vertebra of 20 rats."),
        ("RESULTS", "Radiofrequency ablation prolonged survival. Pain scores were lower."),
    )
    results = [each for each in found if each.kind == "outcome"]
    assert results
    assert {each.basis for each in results} == {"animal"}


def test_items_of_lists_are_claims_of_their_own() -> None:
    found = _claims(
        (
            "DISCUSSION",
            "The risks of sacrectomy include bleeding, infection and loss of sphincter control.",
        )
    )
    assert [
        each.quote[each.focus_start - each.start : each.focus_end - each.start]
        for each in found
        if each.focus_start is not None and each.focus_end is not None
    ] == [
        "bleeding",
        "infection",
        "loss of sphincter control",
    ]


def test_an_item_has_no_measure_of_its_neighbour() -> None:
    found = _claims(
        (
            "DISCUSSION",
            "The indications for surgery are (1) spinal instability, (2) intractable pain, and (3) failed irradiation.",
        )
    )
    assert [each.measure for each in found] == ["spinal_instability", "pain", None]


def test_a_pronoun_stands_for_the_operation_before() -> None:
    found = _claims(
        (
            "RESULTS",
            "Vertebroplasty was performed in 30 patients with myeloma. It relieved pain in 27 patients.",
        )
    )
    (relief,) = [each for each in found if each.measure == "pain"]
    assert "vertebroplasty" in {each.concept for each in relief.mentions}


def test_the_title_stands_where_a_sentence_names_no_operation() -> None:
    found = _claims(
        ("CONCLUSIONS", "It is safe and effective. Local recurrence of the tumour was rare."),
        title="Separation surgery for spinal metastases",
    )
    assert found
    for claim in found:
        concepts = {each.concept for each in claim.mentions}
        assert {"separation_surgery", "spinal_metastasis"} <= concepts
        assert "vertebral_tumour" not in concepts


def test_a_fact_told_twice_counts_once_and_keeps_both_quotes() -> None:
    found = _claims(
        ("RESULTS", "Local recurrence occurred in 4 of 50 patients."),
        ("CONCLUSIONS", "Four of 50 patients had a local recurrence."),
    )
    first, second = [each for each in found if each.measure == "local_recurrence"]
    assert first.restates is None
    assert second.restates == first.id
    assert first.quote != second.quote


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("METHODS", "Operative time, blood loss and complications were recorded."),
        ("METHODS", "The primary endpoint was overall survival."),
        ("OBJECTIVE", "To analyse the risk factors of wound infection after spinal surgery."),
        ("BACKGROUND", "The role of surgery in spinal lymphoma remains controversial."),
        ("BACKGROUND", "There are few reports on recurrence after spondylectomy."),
        ("RESULTS", "Baseline characteristics did not differ between the groups."),
        ("RESULTS", "The mean follow-up was 30 months."),
        ("CONCLUSIONS", "Larger randomised trials of vertebroplasty are needed."),
    ],
)
def test_no_claim_is_made_of_what_tells_no_finding(label: str, text: str) -> None:
    assert _read(text, label) == []


def test_a_finding_beside_a_remark_is_kept() -> None:
    found = _claims(
        (
            "BACKGROUND",
            "Percutaneous fixation is associated with a lower infection rate; however, little is known about its cost.",
        )
    )
    assert [each.measure for each in found] == ["surgical_site_infection"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The cage was fused at one year.", "outcome"),
        ("The mean registration error was 1.7 mm.", "outcome"),
        ("Complete resection was achieved in 29 patients (94%).", "outcome"),
        ("Younger patients had a higher rate of recurrence.", "outcome"),
        ("Nineteen of 40 patients suffered 25 complications.", "risk"),
        ("Body weight was associated with an increased risk of wound infection.", "risk"),
    ],
)
def test_results_without_the_usual_words(text: str, kind: str) -> None:
    assert kind in {each[0] for each in _read(text, "RESULTS")}


def _told(text: str, label: str = "RESULTS") -> list[tuple[str | None, str, str | None]]:
    return [(each.measure, each.assertion, each.direction) for each in _claims((label, text))]


def test_a_negation_stays_in_its_own_half() -> None:
    found = _told(
        "Six patients showed no change in neurological function, 19 improved and two deteriorated."
    )
    assert [each[1] for each in found] == ["negated", "affirmed", "affirmed"]


def test_what_joins_two_statements_parts_them() -> None:
    found = _told("All patients healed their wounds and no adverse events were recorded.")
    assert ("complications", "negated", "better") in found


def test_an_opinion_passed_on_is_hedged_and_not_the_authors_own() -> None:
    (claim,) = _claims(
        ("BACKGROUND", "Surgical margins are reportedly the most important predictor of survival.")
    )
    assert (claim.kind, claim.subkind) == ("outcome", "prognostic")
    assert (claim.assertion, claim.attribution) == ("hedged", "cited")


@pytest.mark.parametrize(
    ("text", "measure", "direction"),
    [
        (
            "Obesity was associated with a high rate of local recurrence.",
            "local_recurrence",
            "worse",
        ),
        (
            "Age above 60 years was associated with a high rate of local recurrence.",
            "local_recurrence",
            "worse",
        ),
        (
            "Age less than 30 years was associated with a high rate of local recurrence.",
            "local_recurrence",
            "worse",
        ),
        ("The advantage was a high early ambulation rate.", "ambulation", "better"),
        ("Embolization reduced blood loss.", "blood_loss", "better"),
        ("Blood loss was similar in both groups.", "blood_loss", "no_difference"),
        ("Survival was shorter after laminectomy.", "overall_survival", "worse"),
    ],
)
def test_which_way_a_result_went(text: str, measure: str, direction: str) -> None:
    assert (measure, "affirmed", direction) in _told(text)


def test_two_measures_of_one_sentence_go_each_their_own_way() -> None:
    found = _told("The advantages are limited blood loss and a high early ambulation rate.")
    assert {(measure, way) for measure, _, way in found} == {
        ("blood_loss", "better"),
        ("ambulation", "better"),
    }


def test_a_measure_beside_a_number_that_it_does_not_carry_is_not_the_claims() -> None:
    found = _told("Muscle invasion was present in 16 patients, 11 of whom had local recurrences.")
    assert [measure for measure, *_ in found] == [None, "local_recurrence"]


def test_advice_that_lowers_a_risk_went_no_way_itself() -> None:
    found = _claims(
        (
            "CONCLUSION",
            "Embolization is recommended to control bleeding from hypervascular tumours.",
        )
    )
    assert "mitigation" in {each.subkind for each in found}
    assert {each.direction for each in found if each.subkind == "mitigation"} == {None}


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("The risks are (1) infection; (2) bleeding; (3) leakage of fluid.", 3),
        ("The risks are a) infection, b) bleeding.", 2),
        ("The risks are (i) infection; (ii) bleeding; (iii) leakage; (iv) pain.", 4),
        ("Operated (n = 12) and irradiated (n = 30) patients had equal survival.", 0),
    ],
)
def test_marks_of_a_list_count_up(text: str, items: int) -> None:
    assert len(enumerated(text)) == items


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        (
            "No patient deteriorated, save for one with a wound infection.",
            "surgical_site_infection",
        ),
        ("No implant failed except in one patient, whose rod broke.", "rod_breakage"),
        ("There were no deaths other than one from pulmonary embolism.", "thromboembolism"),
    ],
)
def test_an_exception_is_a_harm_beside_what_did_not_occur(text: str, harm: str) -> None:
    absent, exception = _claims(("RESULTS", text))
    assert (absent.kind, absent.assertion) == ("outcome", "negated")
    assert (exception.kind, exception.assertion, exception.measure) == ("risk", "affirmed", harm)


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Surgery did not worsen quality of life.", "quality_of_life"),
        (
            "Dividing two roots did not harm the function of the spinal cord.",
            "spinal_cord_function",
        ),
        ("Embolization did not impair cord function in any patient.", "spinal_cord_function"),
    ],
)
def test_a_harm_that_is_denied_makes_no_difference(text: str, measure: str) -> None:
    (claim,) = _claims(("RESULTS", text))
    assert (claim.assertion, claim.measure) == ("negated", measure)
    assert claim.direction == "no_difference"


@pytest.mark.parametrize(
    ("text", "polarity", "strength"),
    [
        ("Laminectomy alone is no longer recommended.", "against", "not_recommended"),
        ("Vertebroplasty is not recommended in skip lesions.", "against", "not_recommended"),
        ("Radiotherapy is not mandatory after vertebrectomy.", "neutral", "optional_may"),
        ("Biopsy is not always necessary before corpectomy.", "neutral", "optional_may"),
        ("Radiotherapy is mandatory after laminectomy.", "for", "mandatory"),
        ("Cryoablation may be an effective and feasible strategy.", "for", "optional_may"),
        ("Radiotherapy remains the cornerstone of treatment.", "for", "accepted_option"),
    ],
)
def test_not_mandatory_is_not_against(text: str, polarity: str, strength: str) -> None:
    (claim,) = _claims(("CONCLUSIONS", text))
    assert (claim.kind, claim.polarity, claim.strength) == ("indication", polarity, strength)


@pytest.mark.parametrize(
    "text",
    [
        "Surgeons should note that irradiation may increase the difficulty of dissection.",
        "It should be kept in mind that embolization carries a risk of cord infarction.",
        "One should be aware that revision is hazardous.",
    ],
)
def test_to_note_a_danger_is_no_advice(text: str) -> None:
    assert {each.kind for each in _claims(("CONCLUSIONS", text))} == {"risk"}


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Local recurrence occurred in 4 of 22 patients.", "local_recurrence"),
        ("Margins were wide in 19 resections.", "surgical_margin"),
        ("The mean blood loss was 1200 ml.", "blood_loss"),
        ("Two patients died within a month.", "mortality"),
        ("A dural tear occurred in three patients.", "dural_tear"),
    ],
)
def test_a_result_under_a_heading_of_methods_is_a_result(text: str, measure: str) -> None:
    (claim,) = _claims(("METHODS", text))
    assert claim.kind in {"outcome", "risk"}
    assert claim.measure == measure


@pytest.mark.parametrize(
    "text",
    [
        "Recurrence was defined as growth of more than 2 mm.",
        "Survival was calculated from the day of the operation.",
        "Blood loss and complications were recorded.",
        "Patients with a survival of more than three months were included.",
        "Pain was scored from 0 to 10 before the operation.",
        "Deaths within 30 days were reviewed.",
    ],
)
def test_a_plan_or_definition_under_a_heading_of_methods_is_none(text: str) -> None:
    assert [each for each in _claims(("METHODS", text)) if each.kind in {"outcome", "risk"}] == []


def test_the_methods_of_a_case_report_tell_its_course() -> None:
    text = "We present the case of a 40-year-old woman. The tumour recurred after laminectomy."
    assert "local_recurrence" in {each.measure for each in _claims(("METHODS", text))}


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("In rabbits, cement injection reduced the tumour volume by 40%.", "animal"),
        ("The screws loosened at 900 N in cadaveric vertebrae.", "cadaver"),
        ("In a finite element model, the cage subsided less.", "model"),
        ("Cisplatin killed all tumour cells in vitro.", "in_vitro"),
    ],
)
def test_an_experiment_is_never_a_patients_result(text: str, basis: str) -> None:
    found = _claims(("RESULTS", text))
    assert found
    assert {each.basis for each in found} == {basis}


@pytest.mark.parametrize(
    "text",
    [
        "Patients with/without a deficit underwent kyphoplasty.",
        "Decompression with or without fusion was performed.",
        "Whether or not radiation was given, pain was relieved.",
    ],
)
def test_with_or_without_denies_nothing(text: str) -> None:
    assert {each.assertion for each in _claims(("RESULTS", text))} == {"affirmed"}


@pytest.mark.parametrize(
    "text",
    [
        "The review followed the Preferred Reporting Items for Systematic Reviews.",
        "The inclusion criteria were a spinal metastasis and laminectomy.",
        "This trial investigates whether radiosurgery relieves pain better than radiotherapy.",
        "Gait after laminectomy was classified as normal or aided.",
        "Studies on the effects of vertebroplasty on local recurrence are lacking.",
        "The cohort was divided into those with and without embolization.",
        "In all, 90 patients will be randomised to radiosurgery or radiotherapy.",
    ],
)
def test_plans_criteria_and_gaps_make_no_claim(text: str) -> None:
    assert _claims(("METHODS", text)) == ()
    assert _claims(("", text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "The authors examine the local control of 40 lesions after radiosurgery.",
        "No meta-analysis has been published on rod fracture after vertebrectomy.",
        "There have been several analyses of the risk factors of local recurrence.",
        "We present the results of a trial of kyphoplasty.",
        "In this review we will describe the treatment of bone metastases by denosumab.",
    ],
)
def test_what_an_article_is_about_makes_no_claim(text: str) -> None:
    assert _claims(("", text)) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We agree that early decompression is required for a progressive deficit.", "indication"),
        ("Any treatment should be able to relieve pain.", "indication"),
        ("Despite a high rate of complications, sacrectomy achieved local control.", "outcome"),
        ("Younger patients have the best outcome when treated with radiotherapy.", "outcome"),
        ("Fixation methods included pedicle screws and a mesh cage.", "approach"),
    ],
)
def test_results_of_reviews_and_panels(text: str, kind: str) -> None:
    assert {each.kind for each in _claims(("RESULTS", text))} == {kind}


def test_cells_are_no_patients() -> None:
    found = _claims(("", "Osteoblasts slowed the growth of metastases and improved their control."))
    assert all(each.basis == "in_vitro" for each in found)


def test_what_is_joined_behind_without_is_not_done_without() -> None:
    told = _read(
        "The programme made it possible to prevent fractures without neurological deficits and to prolong survival.",
        "CONCLUSION",
    )
    assert ("outcome", "negated", "neurological_deficit") in told
    assert ("outcome", "affirmed", "overall_survival") in told


@pytest.mark.parametrize(
    ("text", "label", "kind", "assertion"),
    [
        # A comparison of likely harm is a hazard, not a result.
        ("A transpleural dissection is more likely to tear the lung.", "DISCUSSION", "risk", None),
        (
            "A rigid cage shields stress more than a strut does.",
            "DISCUSSION",
            "risk",
            "affirmed",
        ),
        # How far a manoeuvre may go is a hazard even where no harm is seen.
        (
            "Up to 4 mm of distraction (safe zone) there was no paralysis.",
            "RESULTS",
            "risk",
            "negated",
        ),
        ("No wound infection occurred.", "RESULTS", "outcome", "negated"),
        # What went wrong in some is told apart from how many had the event.
        (
            "In three patients the sarcoma mass invaded the psoas farther than planned.",
            "RESULTS",
            "risk",
            "affirmed",
        ),
        ("Inadequate laminectomy was performed in two patients.", "RESULTS", "risk", "affirmed"),
        ("Laminectomy was performed in two patients.", "RESULTS", "outcome", "affirmed"),
        # Treated patients are a claim without an operation's name, too.
        (
            "So far, 310 patients were treated along this pathway.",
            "METHODS",
            "approach",
            "affirmed",
        ),
    ],
)
def test_what_a_statement_is_about(text: str, label: str, kind: str, assertion: str | None) -> None:
    found = _read(text, label)
    assert [each[0] for each in found] == [kind]
    assert assertion is None or found[0][1] == assertion


def test_what_went_wrong_in_some_keeps_its_number() -> None:
    claims = _claims(
        (
            "RESULTS",
            "Six patients had a local recurrence. In two patients the mass grew into the canal;"
            " in four others the lesion invaded the psoas.",
        )
    )
    told = [(each.kind, [one.numerator for one in each.measurements]) for each in claims]
    assert told[1:] == [("risk", [2]), ("risk", [4])]


def test_a_reason_and_what_was_done_for_it_are_two_claims() -> None:
    found = _read(
        "The patient was unable to tolerate a thoracotomy, so we used endoscopic decompression"
        " via a transforaminal approach.",
        "RESULTS",
    )
    assert [each[0] for each in found] == ["indication", "approach"]


def test_the_states_of_a_score_s_item_span_a_range() -> None:
    claims = _claims(
        (
            "DISCUSSION",
            "The score has three items: (1) growth (slow, 1 point; fast, 4 points);"
            " (2) fracture (none, 0 points; one, 1 point; several, 3 points);"
            " (3) pain (mild, 1 point; severe, 2 points).",
        )
    )
    spans = [[(one.low, one.high) for one in each.measurements if one.derived] for each in claims]
    assert spans == [[(1, 4)], [(0, 3)], [(1, 2)]]
    [advised] = _claims(
        ("DISCUSSION", "The scoring system includes two limits, 4 or 5 points, for wide excision.")
    )
    assert not any(each.derived for each in advised.measurements)


def test_what_did_not_befall_one_patient_keeps_its_time() -> None:
    claims = _claims(
        ("CASE", "A 54-year-old woman underwent corpectomy for a chordoma."),
        ("RESULTS", "No local recurrence was seen at two years."),
        title="Chordoma of the spine: a case report",
    )
    [absent] = [each for each in claims if each.assertion == "negated"]
    [none] = absent.measurements
    assert (none.numerator, none.denominator, none.n, none.time_text) == (0, 1, 1, "at two years")


def test_denials_that_count_none_hide_no_other() -> None:
    claims = _claims(
        ("CASE", "A 54-year-old woman underwent corpectomy for a chordoma."),
        ("RESULTS", "At two years neither infection nor pain was present."),
        title="Chordoma of the spine: a case report",
    )
    denied = {
        each.measure: len(each.measurements) for each in claims if each.assertion == "negated"
    }
    assert denied == {"surgical_site_infection": 1, "pain": 0}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "Although pain was relieved in every patient, survival did not improve.",
            [("outcome", "affirmed"), ("outcome", "negated")],
        ),
        (
            "Since local control was equal after both schedules, a single session may be an option.",
            [("indication", "hedged"), ("outcome", "affirmed")],
        ),
        (
            "There is no consensus on drains; however, vacuum drainage is associated with fewer haematomas.",
            [("outcome", "affirmed")],
        ),
        (
            "Bracing was done in 40% and the rates of rod fracture and reoperation were low.",
            [("approach", "affirmed"), ("risk", "affirmed")],
        ),
    ],
)
def test_each_clause_says_its_own(text: str, kinds: list[tuple[str, str]]) -> None:
    assert sorted({each[:2] for each in _read(text, "CONCLUSIONS")}) == kinds


def test_a_gain_or_a_score_of_harms_is_no_harm() -> None:
    for text in (
        "Improvement of the myelopathy was seen in 70% of the patients.",
        "The index accurately predicted 80% of the vertebral compression fractures.",
    ):
        assert {each[0] for each in _read(text, "RESULTS")} == {"outcome"}, text
    assert {each[0] for each in _read("Myelopathy was found in 7% of them.", "RESULTS")} == {"risk"}


def test_what_an_indication_asks_to_be_absent_is_a_criterion() -> None:
    found = _read(
        "Indications for laser ablation are lesions below 3 cm, no epidural disease, and a good performance status.",
        "RESULTS",
    )
    assert {each[:2] for each in found} == {("indication", "affirmed")}


@pytest.mark.parametrize(
    "text",
    [
        "In no stratum did the schedule alter gait in patients with metastases.",
        "Both arms of patients exhibited equal gait.",
        "Technical success was attained in all patients.",
    ],
)
def test_findings_without_a_pattern_of_their_own_are_kept(text: str) -> None:
    assert {each[0] for each in _read(text, "RESULTS")} == {"outcome"}


@pytest.mark.parametrize(
    "text",
    [
        "Sixty patients with metastases were enrolled between 2001 and 2009.",
        "The mean follow-up of the patients was 31 months.",
        "Data of patients with metastases are given in the table.",
    ],
)
def test_what_is_no_finding_is_left_alone(text: str) -> None:
    assert "finding_told" not in {each.pattern for each in _claims(("RESULTS", text))}


def test_methods_that_stand_for_results_tell_them() -> None:
    methods = (
        "The authors reviewed the records of 31 patients who underwent sacrectomy between 1999 and"
        " 2007 at two hospitals in one town, and they read every chart, every film and every letter"
        " of the general practitioners for the years that followed the operation. "
        "All patients were examined by a neurologist who had not seen them before the operation. "
        "Recovery of gait was closely related to the level of the resection (p = 0.02). "
        "The hospital stay was longer in patients in whom a posterior approach was used than in"
        " the others (41 compared with 12 days; p = 0.003). "
        "Wound infection occurred in five patients."
    )
    parts = (("OBJECT", "The authors looked at sacrectomy."), ("METHODS", methods))
    # So it is where a copy broke off before the conclusion.
    for more in ((("CONCLUSIONS", "Sacrectomy is feasible."),), ()):
        found = _claims(*parts, *more)
        told = {(each.kind, each.quote.split()[0]) for each in found}
        assert {("outcome", "Recovery"), ("outcome", "The"), ("risk", "Wound")} <= told


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "Kyphoplasty is a safe option with a low risk of infection in myeloma.",
            ["indication", "outcome"],
        ),
        (
            "Resection remains the mainstay, where radiosurgery provides the best local control.",
            ["indication", "outcome"],
        ),
        (
            "Radiosurgery can be offered for relapses, improving pain and gait.",
            ["indication", "outcome"],
        ),
        ("Surgery is recommended in patients with a low risk of relapse.", ["indication"]),
    ],
)
def test_advice_that_adds_a_result_tells_both(text: str, kinds: list[str]) -> None:
    found = _read(text, "CONCLUSIONS")
    assert list(dict.fromkeys(each[0] for each in found)) == kinds


def test_why_something_was_done_is_no_claim_of_its_own() -> None:
    found = _claims(
        ("RESULTS", "Because a mesh cage was chosen as the spacer, no cage has slipped so far.")
    )
    assert [each.kind for each in found] == ["outcome"]
