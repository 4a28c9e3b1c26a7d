"""The layers and homes: who may import what, and what no module may be or do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted([*(ROOT / "ingest").rglob("*.py"), *(ROOT / "kb").rglob("*.py")])
HOMES = {
    "yaml": {"ingest/yamlfile.py"},
    "lxml": {"ingest/parsing/xml.py"},
    "selectolax": {"ingest/parsing/html.py"},
    "bibtexparser": {"ingest/formats/bibtex.py"},
    "pylatexenc": {"ingest/parsing/latex.py"},
    "ahocorasick_rs": {"ingest/language/phrases.py"},
    "spacy": {"ingest/spacy_component.py"},
    "whoosh": {"kb/postings.py"},
    "numpy": {"kb/embedding.py", "kb/postings.py", "kb/ranking.py", "kb/passages.py"},
    "onnxruntime": {"kb/embedding.py"},
    "tokenizers": {"kb/embedding.py"},
    "sqlite_vec": {"kb/vectors.py"},
    "apsw": {"kb/vectors.py"},
    "Stemmer": {"kb/words.py"},
    "platformdirs": {"kb/index.py"},
    "rapidfuzz": {"ingest/matching/agreement.py", "kb/spelling.py"},
    "jsonschema": {"kb/rules.py"},
    "citeproc": {"kb/csl.py"},
    "click": {
        "kb/cli.py",
        "kb/asking.py",
        "kb/citing.py",
        "kb/deciding.py",
        "kb/diffing.py",
        "kb/fetching.py",
        "kb/searching.py",
        "kb/terminal.py",
    },
    "rich": {"kb/cli.py", "kb/fetching.py"},
    "httpx": {"ingest/web.py"},
    "tenacity": {"ingest/web.py"},
    "msgspec": {"kb/cache.py"},
    "sqlite_utils": {"kb/store.py", "kb/cache.py"},
    "datasette": {"kb/site/__init__.py", "kb/site/rendering.py", "kb/site/serving.py"},
    "markupsafe": {
        "kb/site/links.py",
        "kb/site/marking.py",
        "kb/site/pages.py",
        "kb/site/pictures.py",
    },
}
# The modules and folders of ingest in the order of the arrow: each asks only for those before it.
# Text and the parsing of its small parts are of one rank.
ORDER = (
    ("model", "yamlfile", "executors", "web"),
    ("text", "language", "matching", "printing"),
    ("identity", "manifest", "vocabulary", "document", "patterns"),
    ("parsing", "concepts", "context", "fetching"),
    ("basing",),
    ("formats", "numbers", "citations"),
    ("groups",),
    ("design", "measurements"),
    ("measures", "article"),
    ("reading",),
    ("statements",),
    ("claims",),
    ("pipeline",),
    ("spacy_component",),
)
RANKS = {name: rank for rank, names in enumerate(ORDER) for name in names}
# Stages meet storage in the build alone; these names of ingest are data or text and are open to all.
OPEN = {
    "ingest.model",
    "ingest.yamlfile",
    "ingest.text",
    "ingest.parsing.dates",
    "ingest.parsing.languages",
    "ingest",
}
MEETING = {"kb/accounts.py", "kb/rows.py", "kb/build.py", "kb/store.py", "kb/cache.py"}
# The command that fetches files touches no storage: it may call the fetching and nothing else.
FETCHING = {"ingest.fetching", "ingest.web"}


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def _stages(path: Path) -> set[str]:
    """Return the modules and folders of ingest that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "ingest":
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ingest."):
            found.add((node.module or "").split(".")[1])
    return found


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_module_keeps_the_rules(path: Path) -> None:
    name, imports = _name(path), _imports(path)
    text = path.read_text(encoding="utf-8")
    if name.startswith("ingest/"):
        assert not {each for each in imports if each.split(".")[0] == "kb"}, (
            "ingest knows no database"
        )
        own = Path(name).with_suffix("").parts[1]
        for other in _stages(path) - {own, "__init__"}:
            if (own, other) == ("text", "parsing"):
                continue
            assert RANKS[other] < RANKS[own], f"data flows one way: {own} is before {other}"
    elif name not in MEETING:
        allowed = OPEN | FETCHING if name == "kb/fetching.py" else OPEN
        assert not {each for each in imports if each.split(".")[0] == "ingest"} - allowed, (
            "stages meet storage in the build alone"
        )
    for library, homes in HOMES.items():
        if library in {each.split(".")[0] for each in imports}:
            assert name in homes, f"{library} is at home in {homes}"
    assert text.count("\n") <= 420, "modules stay short"
    assert path.stem not in {"utils", "helpers", "common", "base"}
    assert ast.get_docstring(ast.parse(text)), "a module says what it is for"
    if name not in {"kb/cli.py", "kb/asking.py"}:
        assert "print(" not in text


def test_data_folders_hold_no_code() -> None:
    assert not list((ROOT / "queries").rglob("*.py"))
