"""Find the project's data: queries, rules, metadata and samples, in a checkout or installed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.yamlfile import YamlError, load_yaml

# The key of the project's own settings among Datasette's plugins in metadata.yml.
SETTINGS = "spinal-tumour-evidence"

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


def questions() -> Path:
    """Return the folder of clinical questions."""
    return queries() / "questions"


def metadata() -> Path:
    """Return Datasette's metadata file (override: ``KB_METADATA``)."""
    return _place(
        "KB_METADATA", _PACKAGE.parent / "metadata.yml", _PACKAGE / "_data" / "metadata.yml"
    )


def site(settings: Mapping[str, Any] | None = None) -> str:
    """Return the address that the site is published at: ``KB_SITE``, else the settings', else nothing.

    Without settings they are those of the metadata file.
    """
    if settings is None and not os.environ.get("KB_SITE"):
        try:
            told = load_yaml(metadata())
        except (OSError, YamlError):
            told = {}
        settings = told.get("plugins", {}).get(SETTINGS, {}) if isinstance(told, dict) else {}
    return str(os.environ.get("KB_SITE") or (settings or {}).get("site") or "").rstrip("/")


def sample() -> Path:
    """Return the folder of the project's own sample corpus."""
    return _PACKAGE / "sample"
