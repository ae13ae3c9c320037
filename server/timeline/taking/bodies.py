"""Bodies as clients send them: squeezed or not, called what they may be, read as JSON all the same. Pure."""

from __future__ import annotations

import json
import math
import re
import zlib
from typing import Any

from pydantic_core import from_json

from server.errors import BadRequest, TooLarge

LARGEST = 6 * 2**20
"""Bytes of a body, unpacked: RudderStack for Python closes a batch once it is past 4 MB."""

DEEPEST = 32
"""How deep objects and lists may lie in each other."""

HALVES = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
NUMBERS = bytes.maketrans(b"123456789E", b"000000000e")


def unpack(raw: bytes, encoding: str) -> bytes:
    """Return the body without its Content-Encoding (gzip, deflate or none); raises `BadRequest` or `TooLarge`."""
    if encoding.strip().lower() in {"", "identity"} and raw[:2] != b"\x1f\x8b":
        return raw
    unpacking = zlib.decompressobj(wbits=47)  # gzip or zlib, whichever it is
    try:
        body = unpacking.decompress(raw, LARGEST + 1)
    except zlib.error as error:
        msg = f"The body is said to be {encoding or 'gzip'} and cannot be unpacked; send it as gzip, or plain."
        raise BadRequest(msg) from error
    if len(body) > LARGEST:
        msg = f"The body is larger than {LARGEST} bytes when unpacked; send smaller batches."
        raise TooLarge(msg)
    if not unpacking.eof:
        msg = "The body ends in the middle of what was packed; send it again."
        raise BadRequest(msg)
    return body


def read_body(raw: bytes) -> Any:
    """Return the JSON of a body, with nothing in it that a database could not keep; raises `BadRequest`."""
    try:
        found = from_json(raw)
    except ValueError:
        found = _forgiving(raw)
    return tame(found) if is_suspect(raw) else found


def is_suspect(raw: bytes) -> bool:
    """Return whether something in it may not survive a database: NUL, half a character, numbers no column holds.

    Every body is looked through: bytes sought one by one take a sixth of the time of one pattern of them all.
    """
    if b"NaN" in raw or b"Infinity" in raw or (b"\\u" in raw and HALVES.search(raw) is not None):
        return True
    alike = raw.translate(NUMBERS)
    return b"0" * 18 in alike or b"e000" in alike or b"e+000" in alike


def _forgiving(raw: bytes) -> Any:
    """Read what strict JSON refuses and clients send: half characters, a byte order mark."""
    try:
        return tame(json.loads(raw))
    except (ValueError, RecursionError) as error:
        msg = "The body is not JSON that can be read."
        raise BadRequest(msg) from error


def tame(value: Any, deep: int = 0) -> Any:
    """Return the value with each text and number made one that every database keeps."""
    if deep > 4 * DEEPEST:
        msg = "The body's objects and lists lie too deep in each other."
        raise BadRequest(msg)
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {tame(key, deep): tame(one, deep + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [tame(one, deep + 1) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and abs(value) >= 2**63:
        return float(value) if abs(value) < 10**300 else None
    return value
