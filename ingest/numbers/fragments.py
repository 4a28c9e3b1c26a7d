"""Write out what the rules of numbers and times share: {number}, {unit}, {to}."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ingest.numbers.numerals import DIGITS, NUMBER, WORD
from ingest.numbers.units import load_spellings
from ingest.yamlfile import load_yaml

FRAGMENTS = Path(__file__).with_suffix(".yml")
_NAME = re.compile(r"\{([a-z_]+)\}")


class FragmentError(ValueError):
    """A rule that names what is no fragment."""


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
    for name, text in load_yaml(FRAGMENTS).items():
        if name in found:
            raise FragmentError(
                f"{FRAGMENTS.name}: {name} has another meaning; a new name expected"
            )
        try:
            # A fragment names those above it alone, so that none can name itself.
            found[name] = expanded(
                text if isinstance(text, str) else f"(?:{'|'.join(text)})", found
            )
        except FragmentError as error:
            raise FragmentError(f"{FRAGMENTS.name}: {name}: {error}") from None
    return found


def expanded(rule: str, fragments: Mapping[str, str]) -> str:
    """Return a rule in one line with its fragments written out; raise ``FragmentError`` for others."""

    def fragment(match: re.Match[str]) -> str:
        if match[1] not in fragments:
            raise FragmentError(
                f"{match[0]} is no fragment; one of {sorted(fragments)} or a number expected"
            )
        return fragments[match[1]]

    return _NAME.sub(fragment, "".join(map(str.strip, rule.splitlines())))
