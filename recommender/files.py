"""Models as files: arrays and JSON with a checksum, never pickle."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
MAGIC = b"shelftalker-model"


class BadModelFile(Exception):
    """Raised when a model file is damaged, foreign or newer than this program; the message says which."""


def pack(arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> bytes:
    """Return one file of `arrays` and JSON `facts`: magic, SHA-256 of the rest, the rest."""
    body = io.BytesIO()
    about = json.dumps({"format": FORMAT, **facts}).encode()
    np.savez_compressed(body, allow_pickle=False, about=np.frombuffer(about, dtype=np.uint8), **arrays)
    rest = body.getvalue()
    return MAGIC + hashlib.sha256(rest).digest() + rest


def unpack(file: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return the arrays and facts of `pack`; raises `BadModelFile` for anything else."""
    if not file.startswith(MAGIC):
        msg = "this is no model file of ours; train a new model"
        raise BadModelFile(msg)
    digest, rest = file[len(MAGIC) : len(MAGIC) + 32], file[len(MAGIC) + 32 :]
    if hashlib.sha256(rest).digest() != digest:
        msg = "the model file is damaged (its checksum differs); train a new model"
        raise BadModelFile(msg)
    try:
        with np.load(io.BytesIO(rest), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        facts = json.loads(arrays.pop("about").tobytes())
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        msg = f"the model file cannot be read ({error}); train a new model"
        raise BadModelFile(msg) from error
    if facts.get("format") != FORMAT:
        msg = f"the model file has format {facts.get('format')}, this program reads {FORMAT}; update it"
        raise BadModelFile(msg)
    return arrays, facts
