"""Fixtures: where the development data is, and a clear reason to skip where it is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session", autouse=True)
def private_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the search indexes of test databases out of the user's own cache."""
    os.environ["KB_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    # No test leaves a process behind; the one that tests it asks for it.
    os.environ["KB_REBUILD"] = "never"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with seeds, gold annotations and public data; skip where it is absent."""
    folder = Path(os.environ.get("EVIDENCE_SHARED", ROOT.parent / "shared"))
    if not (folder / "seeds").is_dir():
        pytest.skip(f"development data not found at {folder} (set EVIDENCE_SHARED)")
    return folder
