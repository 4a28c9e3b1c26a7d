"""Fixtures: where the development data is, and a clear reason to skip where it is not."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

import kb
from kb import places
from kb.build import build

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


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kb") / "kb.db"
    build([str(places.sample())], path)
    return path


@pytest.fixture(scope="module")
def connection(database: Path) -> sqlite3.Connection:
    return kb.open(database)


@pytest.fixture(scope="module")
def bare(database: Path, tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    """The same database where there is no index: FTS5 answers."""
    copy = tmp_path_factory.mktemp("bare") / "kb.db"
    shutil.copy(database, copy)
    return kb.open(copy)


@pytest.fixture
def copied(database: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy.db"
    shutil.copy(database, copy)
    return copy
