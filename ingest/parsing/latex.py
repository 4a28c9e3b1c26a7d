"""Read LaTeX as exports print it in names, titles and abstracts: the home of pylatexenc."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

from ingest.parsing.superscripts import raised
from ingest.yamlfile import load_yaml

# What LaTeX itself would read as a sign of its own, kept out of its sight.
_HIDDEN = {"^": "\ue000", "~": "\ue001", "\\": "\ue002"}
_ALONE = re.compile(
    r"\\textsuperscript\s*\{([^{}]*)\}|(?<!\\)\$\s*\^\s*(?:\{([^${}\\]*)\}|([^${}\\]))\s*\$"
)
_MATH = re.compile(r"(?<!\\)\$[^$]*(?<!\\)\$")


@cache
def _latex() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)


def decode_latex(value: str) -> str:
    """Return a value's text: LaTeX's accents, braces and formulas read, per cent signs kept."""
    if not re.search(r"[\\{}$~]|--", value):
        return value
    text = re.sub(r"(?<!\\)([%#&_])", r"\\\1", _scripts(_spelt(value)))
    if len(re.findall(r"(?<!\\)\$", text)) % 2:
        text = re.sub(r"(?<!\\)\$", r"\\$", text)
    # The library prints a circumflex as the accent's sign.
    text = re.sub(r"\\(?:textasciicircum|\^)(?:\{\s*\}|(?=[^\w{\\ ]|$))", _HIDDEN["^"], text)
    try:
        plain = str(_latex().latex_to_text(text))
        for shown, hidden in _HIDDEN.items():
            plain = plain.replace(hidden, shown)
        return " ".join(plain.split())
    except (ValueError, IndexError, KeyError, AttributeError, RecursionError):
        # What is no LaTeX stays as printed.
        return value


@cache
def _characters() -> tuple[re.Pattern[str], dict[str, str]]:
    table: dict[str, str] = load_yaml(Path(__file__).with_name("latex.yml"))
    names = "|".join(sorted(map(re.escape, table), key=len, reverse=True))
    # A macro of letters swallows the blanks behind it.
    return re.compile(rf"\\({names})(?![A-Za-z])(?:\{{\}}|[ ]+(?=\S))?"), table


def _spelt(value: str) -> str:
    """Return a value with the macros that the parser does not know as the characters they are."""
    if "\\" not in value:
        return value
    macros, table = _characters()
    return macros.sub(lambda match: _HIDDEN.get(table[match[1]], table[match[1]]), value)


def _scripts(value: str) -> str:
    """Return a value with exponents as superscript figures and other scripts as plain text."""
    if not re.search(r"[\^_]|script", value):
        return value

    def lift(match: re.Match[str]) -> str:
        ahead = re.sub(r"[{}$~]", "", match.string[max(0, match.start() - 8) : match.start()])
        words = match[1] or match[2] or match[3] or ""
        return raised(words, ahead) or words

    text = _ALONE.sub(lift, value)
    text = re.sub(r"\\textsubscript\s*\{([^{}]*)\}|\$\s*_\s*\{?([^${}]*)\}?\s*\$", r"\1\2", text)
    return _MATH.sub(_levelled, text)


def _levelled(math: re.Match[str]) -> str:
    """Return a formula whose raised figures are superscript ones, and subscripts on the line."""
    lifted = re.sub(
        r"(?<=[\w)])\^(?:\{\s*([+−–-]?\d{1,3})\s*\}|(\d))",
        lambda found: raised(found[1] or found[2], "1") or "",
        math[0],
    )
    turned = re.sub(r"\^\s*(?:\{\s*\\circ\s*\}|\\circ\b)", "°", lifted)
    return re.sub(r"(?<!\\)_(?:\{(\w+)\}|(\w))", r"\1\2", turned)
