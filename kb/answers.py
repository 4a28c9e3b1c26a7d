"""Answer the clinical questions of ``queries/questions`` by saved queries, and say what is not stated.

A question is data: saved queries whose rows are its answer, and what it asks besides, for which an
empty result is "not stated" and never zero.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.yamlfile import YamlError, load_yaml
from kb.connection import rows_of
from kb.rules import Rule, faults_of
from kb.saved import QueryError, Rows, SavedQuery, run_query

NOT_STATED = "not stated"
_SCHEMA = Path(__file__).parent / "question_schema.yml"
_IDS = ("claim_id", "risk_id", "mitigation_id")
# Numbers that mean little without the number of patients behind them.
_OF_PATIENTS = {
    "mean",
    "median",
    "percent",
    "rate",
    "difference",
    "hazard_ratio",
    "odds_ratio",
    "risk_ratio",
}
_CLAIM = """
select claims.claim_id, claims.kind, claims.subkind, claims.polarity, claims.strength_wording, claims.species, claims.display, claims.focus, claims.assertion, claims.temporality, claims.basis, claims.attribution,
  articles.article_id, articles.citation, articles.design, articles.retracted, articles.digest
from claims join articles using (article_id) where claims.claim_id = ?"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One saved query with the values of its parameters."""

    query: str
    values: Mapping[str, str]

    def __str__(self) -> str:
        """Return the query as it would be called."""
        told = ", ".join(f"{name}={value}" for name, value in self.values.items() if value)
        return f"{self.query}({told})"


@dataclass(frozen=True, slots=True)
class Lookup:
    """Something a question asks besides: what, where it would stand, and in which column."""

    what: str
    asked: Asked
    column: str | None = None


@dataclass(frozen=True, slots=True)
class ClinicalQuestion:
    """One question with the saved queries that answer it."""

    id: str
    question: str
    asked_by: str
    answers: tuple[Asked, ...]
    looked_for: tuple[Lookup, ...]
    from_outside: str | None


_NUMBERS = """
select measurements.*,
  exists (select 1 from event_parts where event_parts.measurement_id = measurements.measurement_id) as of_event
from measurements where claim_id = ? order by start
"""


def load_questions(
    folder: Path, queries: Mapping[str, SavedQuery], rules: Sequence[Rule]
) -> dict[str, ClinicalQuestion]:
    """Return the folder's questions by name; raise ``QueryError`` with every fault found."""
    found: dict[str, ClinicalQuestion] = {}
    faults: list[str] = []
    names = {rule.id for rule in rules}
    for path in sorted(folder.glob("*.yml")):
        try:
            data = load_yaml(path)
        except YamlError as error:
            faults.append(str(error))
            continue
        problems = faults_of(data, _SCHEMA, path.name) or [*_problems(path, data, queries, names)]
        faults += problems
        if not problems:
            found[path.stem] = _question(path.stem, data)
    if faults:
        raise QueryError("\n".join(faults))
    return found


def _problems(
    path: Path, data: Mapping[str, Any], queries: Mapping[str, SavedQuery], rules: set[str]
) -> Iterator[str]:
    for each in [*data["answers"], *data.get("looked_for", ())]:
        query = queries.get(each["query"])
        if query is None:
            yield f"{path.name}: {each['query']} is no saved query; the name of a file in queries was expected"
        elif set(each["with"]) != set(query.parameters):
            yield f"{path.name} {query.name}: given {sorted(each['with'])}; {sorted(query.parameters)} were expected"
    outside = data.get("from_outside")
    if outside is not None and outside not in rules:
        yield f"{path.name} from_outside: {outside} is no rule; the name of a file in queries/rules was expected"


def _question(name: str, data: Mapping[str, Any]) -> ClinicalQuestion:
    return ClinicalQuestion(
        name,
        data["question"],
        data["asked_by"],
        tuple(Asked(each["query"], each["with"]) for each in data["answers"]),
        tuple(
            Lookup(each["what"], Asked(each["query"], each["with"]), each.get("column"))
            for each in data.get("looked_for", ())
        ),
        data.get("from_outside"),
    )


def claims_of(found: Rows) -> Iterator[str]:
    """Yield the ids of the claims in a query's rows, in order."""
    places = [place for place, column in enumerate(found.columns) if column in _IDS]
    for row in found.rows:
        yield from (row[place] for place in places if row[place])


def answer(
    connection: sqlite3.Connection, question: ClinicalQuestion, queries: Mapping[str, SavedQuery]
) -> dict[str, Any]:
    """Return a question's answer as plain data: its claims with numbers, and what was looked for.

    Each of ``looked_for`` has what the sources state, or None where none states it; ``outside``
    lists what only sources outside the knowledge base state.
    """
    names = dict.fromkeys(
        name
        for asked in question.answers
        for name in claims_of(run_query(connection, queries[asked.query], asked.values))
    )
    return {
        "name": question.id,
        "question": question.question,
        "asked_by": question.asked_by,
        "asked": [str(each) for each in question.answers],
        "claims": [_claim(connection, name) for name in names],
        "looked_for": [_looked_for(connection, each, queries) for each in question.looked_for],
        "outside": _outside(connection, question.from_outside),
    }


def _told(connection: sqlite3.Connection, name: str) -> dict[str, Any]:
    return rows_of(connection, _CLAIM, name)[0]


def _claim(connection: sqlite3.Connection, name: str) -> dict[str, Any]:
    claim = _told(connection, name)
    numbers = rows_of(connection, _NUMBERS, name)
    # Two of the five with a recurrence is no rate of recurrence: no share is worked out of it.
    shown = [{**each, "percent_derived": None} if each["of_event"] else each for each in numbers]
    return {**claim, "numbers": [number_words(each) for each in shown]}


def _looked_for(
    connection: sqlite3.Connection, sought: Lookup, queries: Mapping[str, SavedQuery]
) -> dict[str, Any]:
    found = run_query(connection, queries[sought.asked.query], sought.asked.values)
    stated: list[str] = []
    if sought.column is None:
        stated = [_told(connection, name)["display"] for name in claims_of(found)]
    elif sought.column in found.columns:
        place = found.columns.index(sought.column)
        values = (row[place] for row in found.rows)
        stated = [str(each) for each in values if each is not None and each != NOT_STATED]
    return {
        "what": sought.what,
        "asked": str(sought.asked) + (f", {sought.column}" if sought.column else ""),
        "stated": "; ".join(dict.fromkeys(stated)) or None,
    }


def _outside(connection: sqlite3.Connection, rule: str | None) -> list[dict[str, Any]]:
    return rows_of(
        connection,
        'select rule_id, case_id, "then" as says, provenance from rule_cases where rule_id = ? and provenance is not null order by position',
        rule,
    )


def numbered(claims: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the number that each article of an answer's claims is cited by, in order."""
    articles = dict.fromkeys(each["article_id"] for each in claims)
    return {article: number for number, article in enumerate(articles, 1)}


def number_words(row: Mapping[str, Any]) -> str:
    """Return one measurement in words: measure, value with unit, range, population, group and time point.

    What the source does not state is left out, but for the population of an average or a share.
    """
    parts = [_size(row), _range(row)]
    if row["n"] is not None and row["n"] != row["denominator"]:
        parts.append(f"n = {row['n']}")
    elif row["n"] is None and row["denominator"] is None and row["statistic"] in _OF_PATIENTS:
        parts.append("n not stated")
    if row["derived"]:
        parts.append("derived, not stated")
    if row["group_text"]:
        parts.append(f"group: {row['group_text']}")
    if row["comparator"]:
        parts.append(f"against {row['comparator']}")
    if row["time_text"]:
        parts.append(f"time point: {row['time_text']}")
    if row["ci_low"] is not None:
        parts.append(f"CI {_figure(row['ci_low'])} to {_figure(row['ci_high'])}")
    if row["p_value"] is not None:
        parts.append(f"p {row['p_operator'] or '='} {_figure(row['p_value'])}")
    measure = (row["measure"] or "").replace("_", " ")
    return f"{measure}: " * bool(measure) + ", ".join(each for each in parts if each)


def _size(row: Mapping[str, Any]) -> str:
    if row["numerator"] is not None and row["denominator"] is not None:
        share = row["percent"] if row["percent"] is not None else row["percent_derived"]
        derived = " derived" if row["percent"] is None else ""
        # None of a group is told as none: a share of nought would look like one that was stated.
        told = (
            f" ({_figure(share)} %{derived})"
            if share is not None and (share or not derived)
            else ""
        )
        return f"{row['numerator']} of {row['denominator']}{told}"
    value = row["value"] if row["value"] is not None else row["numerator"]
    if row["numerator"] == 0:
        return "none"
    if value is None:
        return "" if _range(row) else str(row["written"])
    operator = "" if row["operator"] in {None, "="} else f"{row['operator']} "
    spread = f" ± {_figure(row['spread'])}" if row["spread"] is not None else ""
    kind = f" ({row['statistic']})" if row["statistic"] in {"mean", "median", "difference"} else ""
    return f"{operator}{_figure(value)}{spread} {_unit(row)}".rstrip() + kind


def _range(row: Mapping[str, Any]) -> str:
    low, high = _figure(row["low"]), _figure(row["high"])
    if not low and not high:
        return ""
    told = f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}"
    beside = row["value"] is not None or row["numerator"] is not None
    return f"range {told}" if beside else f"{told} {_unit(row)}".rstrip()


def _unit(row: Mapping[str, Any]) -> str:
    return {"percent": "%"}.get(row["unit"] or "", (row["unit"] or "").replace("_", " "))


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if abs(value) < 1e5 else f"{value:.0f}"
