"""Write out what the rules of numbers and times share: {number}, {unit}, {to}."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ingest.language.starts import build_rule
from ingest.language.wording import plain_digits
from ingest.numbers.numerals import DIGITS, NUMBER, WORD
from ingest.numbers.units import load_spellings
from ingest.yamlfile import load_yaml

FRAGMENTS = Path(__file__).with_suffix(".yml")
_NAME = re.compile(r"\{([a-z_]+)\}")


class FragmentError(ValueError):
    """A rule that names what is no fragment, or that is no regular expression."""


@cache
def load_fragments() -> Mapping[str, str]:
    """Return the parts that rules share by name, each written out; raise ``FragmentError``."""
    spelt = load_spellings()
    found = {
        "number": NUMBER,
        "digits": DIGITS,
        "word": WORD,
        "units": f"(?:{spelt.unit})",
        "nouns": f"(?:{spelt.noun})",
    }
    return written_out(load_yaml(FRAGMENTS), found, FRAGMENTS.name)


def written_out(
    table: Mapping[str, str | list[str]], known: Mapping[str, str], where: str
) -> Mapping[str, str]:
    """Return the fragments known and those of a table, lists as alternatives; raise ``FragmentError``.

    A fragment names those above it alone, so that none can name itself.
    """
    found = dict(known)
    for name, text in table.items():
        if name in found:
            raise FragmentError(f"{where}: {name} has another meaning; a new name expected")
        rule = text if isinstance(text, str) else f"(?:{'|'.join(text)})"
        try:
            found[name] = expanded(rule, found)
        except FragmentError as error:
            raise FragmentError(f"{where}: {name}: {error}") from None
    return found


def expanded(rule: str, fragments: Mapping[str, str]) -> str:
    """Return a rule with its fragments written out; raise ``FragmentError`` for a name unknown.

    Of a rule of several lines the blanks at the ends of lines count for nothing.
    """

    def fragment(match: re.Match[str]) -> str:
        if match[1] not in fragments:
            raise FragmentError(
                f"{match[0]} is no fragment; one of {sorted(fragments)} or a number expected"
            )
        return fragments[match[1]]

    line = "".join(map(str.strip, rule.splitlines())) if "\n" in rule else rule
    return _NAME.sub(fragment, line)


def compiled(rule: str, fragments: Mapping[str, str], where: str) -> re.Pattern[str]:
    """Return a rule compiled, its fragments written out; raise ``FragmentError`` naming ``where``."""
    try:
        return build_rule(plain_digits(expanded(rule, fragments)))
    except (FragmentError, re.error) as error:
        raise FragmentError(f"{where}: {error}") from None
