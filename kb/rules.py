"""Load, check and evaluate decision rules, and link the evidence to each: the home of jsonschema.

A rule is data (``queries/rules/<rule>.yml``). Its inputs are a JSON Schema, each case's ``when``
is a JSON Schema over the inputs, and its ``evidence`` is SQL over the whole knowledge base.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from ingest.yamlfile import YamlError, load_yaml

_SCHEMA = Path(__file__).parent / "schema.sql"
_RULE_SCHEMA = Path(__file__).parent / "rule_schema.yml"
STANCES = ("supports", "qualifies", "contradicts")


class RuleError(ValueError):
    """Rule files that cannot be used; every fault found is listed."""


class InputError(ValueError):
    """Inputs that do not fit a rule; each message names the field and what was expected."""


@dataclass(frozen=True, slots=True)
class Case:
    """One branch of a rule: under which inputs it applies and what it then says.

    ``told_by`` is a condition in SQL over ``claim_facts``: which of the rule's evidence speaks to
    this very case. None where concepts and slots cannot tell its cases apart.
    """

    id: str
    when: Mapping[str, Any]
    then: str
    strength: str
    provenance: str | None = None
    told_by: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a rule was stated; a year, DOI or PMID that is not surely known is None."""

    citation: str
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None

    def __str__(self) -> str:
        """Return the citation with its identifier."""
        if self.doi:
            return f"{self.citation} doi:{self.doi}"
        return f"{self.citation} PMID: {self.pmid}" if self.pmid else self.citation


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a tension: a position, and the rule, stance and case whose evidence takes it."""

    position: str
    rule: str
    stance: str
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Tension:
    """Where sources or rules pull apart, and how to read it."""

    about: str
    note: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One decision rule; ``components`` map an input's value to points where it is a score.

    ``examples`` are statements of invented articles, by the side that the evidence must put them on.
    """

    id: str
    title: str
    question: str
    topic: str
    status: Literal["current", "historical", "prospective"]
    inputs: Mapping[str, Any]
    evaluation: Literal["all_matches", "first_match", "sum"]
    cases: tuple[Case, ...]
    components: tuple[tuple[str, Mapping[str, float]], ...]
    output: str | None
    source: Origin
    reviewed_by: str
    reviewed_on: str
    review_due: str
    caveats: tuple[str, ...]
    gaps: tuple[str, ...]
    tensions: tuple[Tension, ...]
    tests: tuple[Mapping[str, Any], ...]
    evidence: str
    examples: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a rule says of given inputs.

    ``needs`` maps a case that could still apply to the inputs it lacks; ``parts`` are the points
    of a score, which is None while an input is missing.
    """

    rule: str
    matched: tuple[Case, ...]
    needs: Mapping[str, tuple[str, ...]]
    score: float | None = None
    parts: tuple[tuple[str, str, float], ...] = ()


def load_rules(folder: Path) -> tuple[Rule, ...]:
    """Return the folder's rules by name; raise ``RuleError`` with every fault in every file."""
    found: list[Rule] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            data = load_yaml(path)
        except YamlError as error:
            faults.append(str(error))
            continue
        problems = faults_of(data, _RULE_SCHEMA, path.name)
        if problems:
            faults += problems
            continue
        rule = _rule(path.stem, data)
        problems = list(_problems(path.name, rule))
        faults += problems
        found.append(rule)
    if not faults:
        faults += _side_problems({each.id: each for each in found}, folder)
    if faults:
        raise RuleError("\n".join(faults))
    return tuple(found)


def _side_problems(rules: Mapping[str, Rule], folder: Path) -> Iterator[str]:
    for rule in rules.values():
        for side in (side for tension in rule.tensions for side in tension.sides):
            where = f"{rule.id}.yml tensions"
            if side.rule not in rules:
                yield f"{where}: {side.rule} is no rule; the name of a file in {folder.name} was expected"
                continue
            told = [case.id for case in rules[side.rule].cases if case.told_by]
            if side.case is not None and side.case not in told:
                yield f"{where}: {side.case} is no case of {side.rule} with told_by; one of {told} was expected"


@cache
def _validator(schema: Path) -> Draft202012Validator:
    return Draft202012Validator(load_yaml(schema))


def faults_of(data: Any, schema: Path, where: str) -> list[str]:
    """Return what a file's data has wrong by the schema of its folder, a line each."""
    return [
        f"{where} {'/'.join(str(each) for each in error.absolute_path) or 'file'}: {error.message}; see the fields in kb/{schema.name}"
        for error in _validator(schema).iter_errors(data)
    ]


def _rule(name: str, data: Mapping[str, Any]) -> Rule:
    return Rule(
        id=name,
        title=data["title"],
        question=data["question"],
        topic=data["topic"],
        status=data["status"],
        inputs=data["inputs"],
        evaluation=data["evaluation"],
        cases=tuple(Case(**each) for each in data.get("cases", ())),
        components=tuple((each["input"], each["points"]) for each in data.get("components", ())),
        output=data.get("output"),
        source=Origin(**data["source"]),
        reviewed_by=data["reviewed_by"],
        reviewed_on=data["reviewed_on"],
        review_due=data["review_due"],
        caveats=tuple(data.get("caveats", ())),
        gaps=tuple(data.get("gaps", ())),
        tensions=tuple(
            Tension(each["about"], each["note"], tuple(Side(**side) for side in each["sides"]))
            for each in data.get("tensions", ())
        ),
        tests=tuple(data["tests"]),
        evidence=data["evidence"],
        examples=data["examples"],
    )


def _problems(where: str, rule: Rule) -> Iterator[str]:
    for name, schema in (
        ("inputs", rule.inputs),
        *((f"case {case.id}", case.when) for case in rule.cases),
    ):
        try:
            Draft202012Validator.check_schema(dict(schema))
        except SchemaError as error:
            yield f"{where} {name}: {error.message}; a JSON Schema was expected"
    properties = {*rule.inputs.get("properties", {}), *([rule.output] if rule.output else [])}
    for case in rule.cases:
        for field in _fields(case.when):
            if field not in properties:
                yield f"{where} case {case.id}: {field} is no input; one of {sorted(properties)} was expected"
    if len({case.id for case in rule.cases}) != len(rule.cases):
        yield f"{where}: two cases share an id; ids are unique"
    yield from _sql_problems(f"{where} evidence", rule.evidence)
    for case in rule.cases:
        if case.told_by:
            yield from _sql_problems(f"{where} case {case.id} told_by", case_evidence_sql(case))
    for test in rule.tests:
        try:
            outcome = evaluate(rule, test["inputs"])
        except InputError as error:
            yield f"{where} tests: {error}"
            continue
        got: Any = (
            outcome.score if rule.evaluation == "sum" else [case.id for case in outcome.matched]
        )
        if got != test["expect"]:
            yield f"{where} tests: {test['inputs']} gives {got}; {test['expect']} was expected"


def case_evidence_sql(case: Case) -> str:
    """Return SQL for the evidence of rule ``:rule`` that speaks to a case with ``told_by``."""
    return (
        "select claim_id, evidence.stance, evidence.reason from evidence join claim_facts using (claim_id)"
        f" where evidence.rule_id = :rule and ({case.told_by})"
    )


def _sql_problems(where: str, sql: str) -> Iterator[str]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
        columns = [each[0] for each in connection.execute(sql, {"rule": ""}).description]
        if columns != ["claim_id", "stance", "reason"]:
            yield f"{where}: returns {columns}; claim_id, stance, reason were expected"
    except sqlite3.Error as error:
        yield f"{where}: {error}; SQL over kb/schema.sql was expected"
    finally:
        connection.close()


def _fields(schema: Any) -> Iterator[str]:
    """Yield the inputs that a case's schema asks about."""
    if isinstance(schema, Mapping):
        properties = schema.get("properties", {})
        yield from properties
        for key, value in schema.items():
            if key != "properties":
                yield from _fields(value)
    elif isinstance(schema, list):
        for each in schema:
            yield from _fields(each)


def strict(schema: Any) -> Any:
    """Return the schema with every field it asks about required: what is missing never matches."""
    if isinstance(schema, Mapping):
        copy = {
            key: value if key == "properties" else strict(value) for key, value in schema.items()
        }
        if "properties" in copy:
            copy["required"] = sorted({*copy.get("required", ()), *copy["properties"]})
        return copy
    return [strict(each) for each in schema] if isinstance(schema, list) else schema


def check_inputs(rule: Rule, inputs: Mapping[str, Any]) -> None:
    """Raise ``InputError`` naming each field that does not fit, and what was expected."""
    fields: Mapping[str, Any] = rule.inputs.get("properties", {})
    faults = [
        f"{name}: is no input of {rule.id}; one of {', '.join(fields) or 'none'} was expected"
        for name in inputs
        if name not in fields
    ]
    for name, value in inputs.items():
        if isinstance(value, float) and not math.isfinite(value):
            faults.append(f"{name}: {value} is no measure; a number was expected")
        elif name in fields:
            faults += [
                f"{name}: {error.message}; {_expected(fields[name])} was expected"
                for error in Draft202012Validator(fields[name]).iter_errors(value)
            ]
    if faults:
        raise InputError("\n".join(faults))


def _expected(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(str(each) for each in schema["enum"])
    bounds = [
        f"{word} {schema[key]}"
        for word, key in (("at least", "minimum"), ("at most", "maximum"))
        if key in schema
    ]
    kind = {"boolean": "true or false"}.get(schema.get("type", ""), schema.get("type", "a value"))
    return " ".join([kind, *bounds, *([f"({schema['x-unit']})"] if "x-unit" in schema else [])])


def evaluate(rule: Rule, inputs: Mapping[str, Any]) -> Evaluation:
    """Return the rule's cases that apply to the inputs, and what others would need to be known.

    Raise ``InputError`` for inputs of the wrong type. A missing input never satisfies a case.
    """
    check_inputs(rule, inputs)
    if rule.evaluation == "sum":
        return _sum(rule, inputs)
    matched: list[Case] = []
    needs: dict[str, tuple[str, ...]] = {}
    for case in rule.cases:
        if Draft202012Validator(strict(case.when)).is_valid(dict(inputs)):
            matched.append(case)
            continue
        missing = tuple(sorted({each for each in _fields(case.when) if each not in inputs}))
        # What is known must not rule the case out already.
        if missing and Draft202012Validator(dict(case.when)).is_valid(dict(inputs)):
            needs[case.id] = missing
    if rule.evaluation == "first_match":
        matched = matched[:1]
    return Evaluation(rule.id, tuple(matched), needs)


def _sum(rule: Rule, inputs: Mapping[str, Any]) -> Evaluation:
    parts = [
        (name, str(inputs[name]), points[str(inputs[name])])
        for name, points in rule.components
        if name in inputs and str(inputs[name]) in points
    ]
    missing = tuple(name for name, _ in rule.components if name not in inputs)
    total = sum(each[2] for each in parts)
    score = None if missing else total
    graded = {**inputs, **({rule.output: score} if rule.output and score is not None else {})}
    matched = (
        tuple(
            case for case in rule.cases if Draft202012Validator(strict(case.when)).is_valid(graded)
        )
        if score is not None
        else ()
    )
    return Evaluation(rule.id, matched, {"score": missing} if missing else {}, score, tuple(parts))
