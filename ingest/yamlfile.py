"""Load YAML files strictly: the one home of PyYAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """A YAML file that cannot be read; the message is ``where: what is wrong; what was expected``."""


class _StrictLoader(_Loader):  # type: ignore[misc]
    """A safe loader that refuses a key given twice (PyYAML keeps the last in silence)."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            line = key_node.start_mark.line + 1
            raise YamlError(f"line {line}: key {key!r} is given twice; each key must be given once")
        seen.add(key)
    loader.flatten_mapping(node)
    return {
        loader.construct_object(key_node, deep=True): loader.construct_object(value_node, deep=True)
        for key_node, value_node in node.value
    }


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def parse_yaml(text: str, where: str) -> Any:
    """Return the value of one YAML document; raise ``YamlError`` naming ``where``."""
    try:
        return yaml.load(text, Loader=_StrictLoader)
    except YamlError as error:
        raise YamlError(f"{where}: {error}") from None
    except yaml.YAMLError as error:
        what = " ".join(str(error).split())
        raise YamlError(f"{where}: not YAML ({what}); a YAML document was expected") from None


def load_yaml(path: Path) -> Any:
    """Return the value of the YAML file at ``path``; raise ``YamlError`` for a bad file."""
    return parse_yaml(path.read_text(encoding="utf-8"), str(path))
