"""Tell in words under which inputs a case of a rule applies: its JSON Schema, read out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kb.rules import Rule

_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
}


def conditions_of(rule: Rule) -> dict[str, str]:
    """Return the condition of every case of a rule, by the case's id."""
    inputs = rule.inputs.get("properties", {})
    return {case.id: words_of(case.when, inputs) for case in rule.cases}


def words_of(when: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    """Return a condition in words, "always" where it asks nothing.

    ``when`` is a JSON Schema over the inputs; ``inputs`` are the schemas of the inputs, whose
    ``x-unit`` follows a number.
    """
    parts = list(_parts(when, inputs))
    if len(parts) > 1:
        return _joined([f"({words})" if choice else words for words, choice in parts], "and")
    return parts[0][0] if parts else "always"


def _parts(when: Mapping[str, Any], inputs: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield what must hold, and whether it is a choice, which brackets keep together."""
    for name, schema in when.get("properties", {}).items():
        yield _about(name, schema, inputs.get(name, {})), False
    for each in when.get("allOf", ()):
        yield from _parts(each, inputs)
    for keyword in ("anyOf", "oneOf"):
        if keyword in when:
            ways = [words_of(each, inputs) for each in when[keyword]]
            yield _joined([f"({way})" if " and " in way else way for way in ways], "or"), True
    if "not" in when:
        yield f"not ({words_of(when['not'], inputs)})", False


def _about(name: str, schema: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    shown = name.replace("_", " ")
    if "const" in schema:
        value = schema["const"]
        if isinstance(value, bool):
            return f"{shown}: {'yes' if value else 'no'}"
        return f"{shown} {_value(value)}"
    if "enum" in schema:
        return f"{shown} {_joined([_value(each) for each in schema['enum']], 'or')}"
    unit = f" {known['x-unit']}" if "x-unit" in known else ""
    bounds = [f"{word} {_value(schema[key])}" for key, word in _BOUNDS.items() if key in schema]
    return f"{shown} {' and '.join(bounds)}{unit}" if bounds else f"{shown} known"


def _value(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value).replace("_", " ")


def _joined(parts: Sequence[str], word: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
