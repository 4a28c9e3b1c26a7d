"""Find the project's data: queries, rules, metadata and samples, in a checkout or installed."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).parent


def _place(variable: str, *options: Path) -> Path:
    given = os.environ.get(variable)
    if given:
        return Path(given)
    return next((option for option in options if option.exists()), options[0])


def queries() -> Path:
    """Return the folder of saved queries (override: ``KB_QUERIES``)."""
    return _place("KB_QUERIES", _PACKAGE.parent / "queries", _PACKAGE / "_data" / "queries")


def rules() -> Path:
    """Return the folder of decision rules."""
    return queries() / "rules"


def metadata() -> Path:
    """Return Datasette's metadata file (override: ``KB_METADATA``)."""
    return _place(
        "KB_METADATA", _PACKAGE.parent / "metadata.yml", _PACKAGE / "_data" / "metadata.yml"
    )


def sample() -> Path:
    """Return the folder of the project's own sample corpus."""
    return _PACKAGE / "sample"
