"""Look up what decoded JSON holds, whatever stands where a text or a list was expected."""

from __future__ import annotations

import re
from typing import Any

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def dig(value: Any, *path: str | int) -> Any:
    """Return what stands at a path of keys and indices, None where any step is absent."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        else:
            value = value[step] if isinstance(value, list) and len(value) > step else None
    return value


def string(value: Any) -> str | None:
    """Return a text, or a number as text; None for anything else and for nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return " ".join(str(value).split()) or None


def listed(value: Any) -> list[Any]:
    """Return a list as it is, and an empty one for anything else."""
    return value if isinstance(value, list) else []


def strings(values: Any) -> tuple[str, ...]:
    """Return the texts of a list, each once."""
    return tuple(dict.fromkeys(text for each in listed(values) if (text := string(each))))


def storable(value: Any) -> Any:
    """Return a value without lone surrogates and control characters, which no store takes."""
    if isinstance(value, str):
        text = value.encode("utf-16", errors="surrogatepass").decode("utf-16", errors="replace")
        return _CONTROL.sub(" ", text)
    if isinstance(value, list):
        return [storable(each) for each in value]
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    return value
