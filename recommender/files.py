"""Models as files: arrays and JSON with a checksum, never pickle; read in place, without a copy."""

from __future__ import annotations

import hashlib
import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 3
MAGIC = b"shelftalker-model"
HEAD = len(MAGIC) + 32 + 8
ALIGNED = 64


class BadModelFile(Exception):
    """Raised when a model file is damaged, foreign or newer than this program; the message says which."""


def pack(arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> bytes:
    """Return one file: magic, SHA-256 of the rest, length of the JSON, JSON with `facts`, then the arrays."""
    places, body = {}, bytearray()
    for name, array in arrays.items():
        body += bytes(-len(body) % ALIGNED)
        places[name] = [array.dtype.str, array.shape, len(body)]
        body += np.ascontiguousarray(array).tobytes()
    about = json.dumps({"format": FORMAT, "arrays": places, **facts}).encode()
    about += b" " * (-(HEAD + len(about)) % ALIGNED)
    rest = len(about).to_bytes(8, "little") + about + bytes(body)
    return MAGIC + hashlib.sha256(rest).digest() + rest


def unpack(file: bytes | mmap.mmap) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return the arrays and facts of `pack`; raises `BadModelFile` for anything else."""
    whole = memoryview(file)
    if whole[: len(MAGIC)] != MAGIC:
        msg = "this is no model file of ours; train a new model"
        raise BadModelFile(msg)
    digest, rest = bytes(whole[len(MAGIC) : len(MAGIC) + 32]), whole[len(MAGIC) + 32 :]
    if hashlib.sha256(rest).digest() != digest:
        msg = "the model file is damaged (its checksum differs); train a new model"
        raise BadModelFile(msg)
    try:
        return _read(rest)
    except (ValueError, KeyError, TypeError) as error:
        msg = f"the model file cannot be read ({error}); train a new model"
        raise BadModelFile(msg) from error


def open_file(path: Path) -> mmap.mmap:
    """Return the file mapped into memory, so that processes share it; changes to arrays stay private."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)


def _read(rest: memoryview) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    length = int.from_bytes(rest[:8], "little")
    facts = json.loads(bytes(rest[8 : 8 + length]))
    if facts.get("format") != FORMAT:
        found = facts.get("format")
        msg = f"the model file has format {found}, this program reads {FORMAT}; update it or train a new model"
        raise BadModelFile(msg)
    body = rest[8 + length :]
    arrays = {}
    for name, (kind, shape, at) in facts.pop("arrays").items():
        dtype, count = np.dtype(kind), int(np.prod(shape))
        found = np.frombuffer(body, dtype=dtype, count=count, offset=at) if count else np.empty(0, dtype)
        arrays[name] = (found if found.flags.writeable else found.copy()).reshape(shape)
    return arrays, facts
