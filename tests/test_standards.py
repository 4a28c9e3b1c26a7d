"""Exports keep the published standards: FHIR R5 by fhir.resources, Web Annotations by the model's MUSTs."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from kb import DISCLAIMER, places
from kb.build import build
from kb.cli import main
from kb.export import NOWHERE, ExportError, export, standards
from kb.fhir import fhir_id
from kb.opening import open_database
from kb.rules import evaluate, load_rules

HOME = "https://kb.test"


@pytest.fixture(scope="module")
def bundle(connection: sqlite3.Connection) -> dict[str, Any]:
    return export(connection, "fhir", (), HOME)


def _resources(bundle: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    found = (each["resource"] for each in bundle["entry"])
    return {each["id"]: each for each in found if each["resourceType"] == kind}


def _values(value: Any) -> list[Any]:
    """Return every value at the ends of nested data; what is empty is None."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [part for each in inner for part in _values(each)] if value else [None]
    return [value]


def test_the_bundle_keeps_the_published_schema(bundle: dict[str, Any]) -> None:
    models = pytest.importorskip("fhir.resources", reason="fhir.resources is not installed")
    assert models.get_fhir_model_class("Bundle").get_resource_type() == "Bundle"
    models.get_fhir_model_class("Bundle").model_validate(bundle)
    for each in bundle["entry"]:
        resource = each["resource"]
        models.get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def _coded(model: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    """Yield where a resource has a value that R5 takes from a list of codes or types, and the list."""
    for name, field in type(model).model_fields.items():
        held = getattr(model, name, None)
        more = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        for each in held if isinstance(held, list) else [held]:
            if each is not None and more.get("enum_values"):
                yield f"{path}.{name}", str(each), more["enum_values"]
            told = getattr(each, "reference", None)
            if told and more.get("enum_reference_types"):
                yield f"{path}.{name}", told.partition("/")[0], more["enum_reference_types"]
            if hasattr(type(each), "model_fields"):
                yield from _coded(each, f"{path}.{name}")


def test_codes_are_those_of_r5(bundle: dict[str, Any]) -> None:
    models = pytest.importorskip("fhir.resources", reason="fhir.resources is not installed")
    assert models.__fhir_version__ == "5.0.0"
    found = [
        each
        for entry in bundle["entry"]
        for kind in [entry["resource"]["resourceType"]]
        for each in _coded(
            models.get_fhir_model_class(kind).model_validate(entry["resource"]), kind
        )
    ]
    # The language of an expression may be any media type: that list of R5 is extensible.
    wrong = {
        (path, value)
        for path, value, known in found
        if value not in known and "Resource" not in known and not path.endswith(".language")
    }
    assert len(found) > 500 and not wrong


def test_addresses_of_resources_keep_the_invariants(bundle: dict[str, Any]) -> None:
    """R5's cnl-1: a canonical URL has neither a bar nor a number sign."""
    addresses = [each["resource"]["url"] for each in bundle["entry"] if "url" in each["resource"]]
    assert addresses and not [each for each in addresses if "|" in each or "#" in each]
    assert len(set(addresses)) == len(addresses)


def test_real_articles_keep_the_published_schema(shared: Path, tmp_path: Path) -> None:
    models = pytest.importorskip("fhir.resources", reason="fhir.resources is not installed")
    build([str(shared / "seeds")], tmp_path / "kb.db")
    found = export(open_database(tmp_path / "kb.db"), "fhir")
    models.get_fhir_model_class("Bundle").model_validate(found)
    assert len(found["entry"]) > 200


def test_there_is_every_kind_of_resource(bundle: dict[str, Any]) -> None:
    rules = load_rules(places.rules())
    assert set(_resources(bundle, "PlanDefinition")) == {fhir_id("rule", each.id) for each in rules}
    for kind in ("Citation", "Evidence", "ArtifactAssessment"):
        assert _resources(bundle, kind)


def test_every_reference_leads_to_a_resource(bundle: dict[str, Any]) -> None:
    known = {
        f"{each['resource']['resourceType']}/{each['resource']['id']}" for each in bundle["entry"]
    }
    assert len(known) == len(bundle["entry"])
    told = re.findall(r'"reference": "([^"]+)"', json.dumps(bundle))
    assert told and set(told) <= known


def test_what_is_not_stated_is_absent(bundle: dict[str, Any]) -> None:
    assert not [each for each in _values(bundle) if each is None or each == ""]


def test_conditions_are_the_rules_own(bundle: dict[str, Any]) -> None:
    plans = _resources(bundle, "PlanDefinition")
    for rule in load_rules(places.rules()):
        plan = plans[fhir_id("rule", rule.id)]
        assert plan["usage"] == DISCLAIMER
        (whole,) = plan["action"]
        actions = {each["linkId"]: each for each in whole.get("action", ())}
        if rule.evaluation != "all_matches":
            continue
        for test in rule.tests:
            holds = {
                case.id
                for case in rule.cases
                if _holds(actions[f"{rule.id}.{case.id}"], test["inputs"])
            }
            assert holds == {each.id for each in evaluate(rule, test["inputs"]).matched}


def _holds(action: dict[str, Any], inputs: dict[str, Any]) -> bool:
    (condition,) = action["condition"]
    assert condition["kind"] == "applicability"
    assert condition["expression"]["language"] == "application/schema+json"
    schema = json.loads(condition["expression"]["expression"])
    return bool(jsonschema.Draft202012Validator(schema).is_valid(inputs))


def test_certainty_has_the_words_of_grade(
    bundle: dict[str, Any], connection: sqlite3.Connection
) -> None:
    evidence = _resources(bundle, "Evidence")
    for rule, stored in connection.execute("select rule_id, strength_of_evidence from rules"):
        (certainty,) = evidence[fhir_id("evidence", rule)]["certainty"]
        grade = json.loads(stored)["grade"]
        if grade == "no evidence":
            assert "rating" not in certainty
        else:
            assert certainty["rating"]["text"] == grade
            assert certainty["rating"]["coding"][0]["code"] == grade.replace(" ", "-")
    assert any(
        "subcomponent" in each["certainty"][0] for each in evidence.values() if "certainty" in each
    )


def test_numbers_are_those_of_the_measurements(
    bundle: dict[str, Any], connection: sqlite3.Connection
) -> None:
    evidence = _resources(bundle, "Evidence")
    seen = 0
    for row in connection.execute(
        "select * from measurements where claim_id in (select claim_id from evidence)"
    ):
        statistics = evidence[fhir_id("claim", row["claim_id"])]["statistic"]
        own = [each for each in statistics if row["written"] in each["description"]]
        assert own
        people = row["numerator"] if row["unit"] in {None, "patients", "percent"} else None
        assert any(each.get("numberAffected") == people for each in own)
        seen += 1
    assert seen


def test_a_stance_is_a_classifier(bundle: dict[str, Any], connection: sqlite3.Connection) -> None:
    found = _resources(bundle, "ArtifactAssessment")
    rows = connection.execute("select * from evidence").fetchall()
    assert len(rows) == len(found)
    for row in rows:
        each = found[fhir_id("link", f"{row['claim_id']}-{row['rule_id']}")]
        content = each["content"][0]
        assert content["classifier"][0]["text"] == row["stance"]
        assert content["component"][0]["summary"].startswith(
            "counted" if row["counted"] else "shown"
        )


def test_ids_are_stable_and_fit(database: Path, tmp_path: Path, bundle: dict[str, Any]) -> None:
    build(sorted(map(str, places.sample().iterdir()), reverse=True), tmp_path / "kb.db")
    again = export(open_database(tmp_path / "kb.db"), "fhir", (), HOME)
    names = [[each["fullUrl"] for each in one["entry"]] for one in (bundle, again)]
    assert sorted(names[0]) == sorted(names[1])
    for each in bundle["entry"]:
        assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", each["resource"]["id"])
    long = "doi-10-" + "x" * 80
    assert len(fhir_id("article", long)) == 64 and fhir_id("article", long) != fhir_id(
        "article", long + "y"
    )
    assert fhir_id("rule", "a_b") != fhir_id("rule", "a.b")


# The MUSTs of the Web Annotation Data Model (https://www.w3.org/TR/annotation-model/), sections
# 3.1, 3.2.4, 3.3.5, 4.1, 4.2.4 and 4.2.5, in our own schema.
IRI = {"type": "string", "pattern": r"^https?://\S+$"}
QUOTE = {
    "type": "object",
    "required": ["type", "exact"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "TextQuoteSelector"},
        "exact": {"type": "string", "minLength": 1},
        "prefix": {"type": "string"},
        "suffix": {"type": "string"},
    },
}
POSITION = {
    "type": "object",
    "required": ["type", "start", "end"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "TextPositionSelector"},
        "start": {"type": "integer", "minimum": 0},
        "end": {"type": "integer", "minimum": 1},
    },
}
MOTIVATION = {"enum": ["classifying", "tagging", "linking", "commenting"]}
ANNOTATION = {
    "type": "object",
    "required": ["id", "type", "target"],
    "properties": {
        "id": IRI,
        "type": {"const": "Annotation"},
        "motivation": {"type": "array", "items": MOTIVATION},
        "generator": {"type": "object", "required": ["id", "type"], "properties": {"id": IRI}},
        "body": {
            "type": "array",
            "items": {
                "oneOf": [
                    {
                        "required": ["type", "value"],
                        "properties": {
                            "type": {"const": "TextualBody"},
                            "value": {"type": "string", "minLength": 1},
                            "purpose": MOTIVATION,
                        },
                    },
                    {
                        "required": ["source"],
                        "properties": {
                            "type": {"const": "SpecificResource"},
                            "source": IRI,
                            "purpose": MOTIVATION,
                        },
                    },
                ]
            },
        },
        "target": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["type", "source", "selector"],
                "additionalProperties": False,
                "properties": {
                    "type": {"const": "SpecificResource"},
                    "source": {
                        "oneOf": [
                            IRI,
                            {
                                "type": "object",
                                "required": ["id"],
                                "properties": {"id": IRI, "via": IRI, "type": {"const": "Text"}},
                            },
                        ]
                    },
                    "selector": {
                        "oneOf": [QUOTE, {"type": "array", "prefixItems": [QUOTE, POSITION]}]
                    },
                },
            },
        },
    },
}
PAGE = {
    "type": "object",
    "required": ["@context", "id", "type", "items"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": IRI,
        "type": {"const": "AnnotationPage"},
        "items": {"type": "array", "items": ANNOTATION},
    },
}


def test_annotations_keep_the_model(connection: sqlite3.Connection) -> None:
    page = export(connection, "annotations", (), HOME)
    jsonschema.validate(page, PAGE, cls=jsonschema.Draft202012Validator)
    ids = [each["id"] for each in page["items"]]
    count = connection.execute("select count(*) from claims").fetchone()[0]
    assert len(set(ids)) == len(ids) == count


def test_quote_and_position_select_the_same_words(connection: sqlite3.Connection) -> None:
    texts = dict(connection.execute("select article_id, text from documents").fetchall())
    for each in export(connection, "annotations", (), HOME)["items"]:
        target = each["target"][0]
        text = texts[target["source"]["id"].rpartition("/")[2]]
        quote, place = target["selector"]
        assert text[place["start"] : place["end"]] == quote["exact"]
        whole = quote["prefix"] + quote["exact"] + quote["suffix"]
        assert text[place["start"] - len(quote["prefix"]) :].startswith(whole)


# Terms of http://www.w3.org/ns/anno.jsonld that are used here: another would mean nothing.
TERMS = {
    "@context",
    "id",
    "type",
    "items",
    "startIndex",
    "motivation",
    "generator",
    "name",
    "body",
    "value",
    "purpose",
    "source",
    "target",
    "selector",
    "exact",
    "prefix",
    "suffix",
    "start",
    "end",
    "format",
    "language",
    "via",
}


def _keys(value: Any) -> set[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = set(value) if isinstance(value, dict) else set()
    return own.union(*(_keys(each) for each in inner))


def test_every_key_is_of_the_published_context(connection: sqlite3.Connection) -> None:
    page = export(connection, "annotations", (), HOME)
    assert _keys(page) <= TERMS


def test_positions_count_code_points(tmp_path: Path) -> None:
    # Signs beyond the basic plane are two code units of UTF-16, four bytes of UTF-8 and one point.
    xml = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
        "<Journal><Title>Made-Up Spines</Title></Journal><ArticleTitle>𝛽 and 🦴 of vertebrae</ArticleTitle>"
        "<Abstract><AbstractText>We measured 𝛼𝛽𝛾 in all. Local recurrence occurred in 2 of 20 patients 𝛿."
        "</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    (tmp_path / "a.xml").write_text(xml, encoding="utf-8")
    build([str(tmp_path / "a.xml")], tmp_path / "kb.db")
    connection = open_database(tmp_path / "kb.db")
    text = connection.execute("select text from documents").fetchone()[0]
    (item,) = export(connection, "annotations", (), HOME)["items"]
    quote, place = item["target"][0]["selector"]
    assert quote["exact"].startswith("Local recurrence occurred in 2 of 20 patients")
    assert text[place["start"] : place["end"]] == quote["exact"]
    assert place["start"] == text.index("Local")
    units = len(text[: place["start"]].encode("utf-16-le")) // 2
    assert units > place["start"], "the text before holds signs of two code units"
    assert quote["prefix"].endswith("𝛼𝛽𝛾 in all. ") and len(quote["prefix"]) <= 32


def test_only_a_page_that_has_the_words_is_a_second_target(connection: sqlite3.Connection) -> None:
    for each in export(connection, "annotations", (), HOME)["items"]:
        values = [body.get("value", "") for body in each["body"]]
        digest = any(value.startswith("Digest") for value in values)
        assert len(each["target"]) <= (1 if digest else 2)


def test_names_narrow_and_unknown_ones_are_told(connection: sqlite3.Connection) -> None:
    one = export(connection, "fhir", ["tes_by_type"])
    assert set(_resources(one, "PlanDefinition")) == {fhir_id("rule", "tes_by_type")}
    assert one["entry"][0]["fullUrl"].startswith(NOWHERE)
    page = export(connection, "annotations", ["pmid-11224867"])
    assert {each["target"][0]["source"]["id"] for each in page["items"]} == {
        f"{NOWHERE}/-/text/pmid-11224867"
    }
    with pytest.raises(ExportError, match=r"nope: no such rule.*\n.*nada: no such rule"):
        export(connection, "fhir", ["nope", "nada"])
    with pytest.raises(ExportError, match="annotations, fhir"):
        export(connection, "nope")


@pytest.mark.parametrize("name", standards())
def test_the_command_prints_json(database: Path, name: str) -> None:
    result = CliRunner().invoke(main, ["export", name, "--db", str(database), "--site", HOME])
    assert result.exit_code == 0
    assert json.loads(result.output)
    result = CliRunner().invoke(main, ["export", name, "nope", "--db", str(database)])
    assert result.exit_code == 2 and "no such" in result.output
