"""The spaCy component: the same claims as the pipeline's, as spans that other tools can use."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import DocBin

from ingest.pipeline import derive
from ingest.spacy_component import _record, annotate

TEXT = (
    "RESULTS: Separation surgery was performed in 30 patients. Local recurrence occurred in 3 of 30"
    " patients at 1 year. No wound infection occurred."
)


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    made = spacy.blank("en")
    made.add_pipe("spinal_tumour_claims")
    return made


def test_spans_are_the_claims_of_the_pipeline(nlp: spacy.Language) -> None:
    doc = nlp(TEXT)
    expected = derive(_record(TEXT)).claims
    assert expected
    assert [(each.label_, each.kb_id_) for each in doc.spans["claims"]] == [
        (each.kind, each.id) for each in expected
    ]
    for span, claim in zip(doc.spans["claims"], expected, strict=True):
        assert TEXT[claim.start : claim.end] == claim.quote
        assert span.start_char >= claim.start and span.end_char <= claim.end
    assert ("measures", "local_recurrence") in {
        (each.label_, each.kb_id_) for each in doc.spans["concepts"]
    }


def test_sentences_are_those_of_the_pipeline(nlp: spacy.Language) -> None:
    assert [each.text.strip() for each in nlp(TEXT).sents][-1] == "No wound infection occurred."


def test_negation_travels_with_the_doc_through_a_file(nlp: spacy.Language) -> None:
    kept = DocBin(docs=[nlp(TEXT)], store_user_data=True).to_bytes()
    (doc,) = DocBin().from_bytes(kept).get_docs(nlp.vocab)
    assert {each["assertion"] for each in doc.user_data["claims"]} == {"affirmed", "negated"}


@pytest.mark.parametrize("text", ["", " ", "One.", "\n\n  Two words\u2009here"])
def test_any_text_passes(nlp: spacy.Language, text: str) -> None:
    assert nlp(text).text == text


def test_another_text_is_refused(nlp: spacy.Language) -> None:
    with pytest.raises(ValueError, match="the same text was expected"):
        annotate(nlp.make_doc("Other words."), derive(_record(TEXT)))
