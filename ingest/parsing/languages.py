"""Name languages by their two-letter codes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ingest.yamlfile import load_yaml


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    tables = load_yaml(Path(__file__).with_name("languages.yml"))
    return tables["codes"], tables["names"]


@cache
def language_code(printed: str | None) -> str | None:
    """Return the ISO 639-1 code of a printed code or name: eng, en-GB and English are en.

    A code without a two-letter form stays as printed; ``und`` and nothing are ``None``.
    """
    text = (printed or "").strip()
    low = text.lower()
    if low in {"", "und", "unknown"}:
        return None
    codes, names = _tables()
    head = low.replace("_", "-").partition("-")[0]
    return names.get(low) or codes.get(head) or (head if len(head) == 2 else text)


@cache
def medline_code(code: str | None) -> str | None:
    """Return NLM's three-letter code of an ISO 639-1 code; other codes stay as they are."""
    codes, _ = _tables()
    return next((three for three, two in codes.items() if two == code), code)
