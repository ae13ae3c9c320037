"""What reading a tag came to, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Everything a read can come to. A broken tag is an outcome, never an exception."""

    OK = "ok"
    EMPTY = "empty"
    NOT_NDEF = "not_ndef"
    MALFORMED = "malformed"
    LOST = "lost"
    UNREADABLE = "unreadable"
    FOREIGN = "foreign"
    COLLISION = "collision"


@dataclass(frozen=True, slots=True)
class TagRead:
    """One tag, read once.

    `uid` is upper-case hex ('' for a foreign tag: a bank card's number is never kept); `kind` the
    chip in words (`NTAG213`, `NTAG 424 DNA`, `Type 4`, `unknown`); `uri` the first URI of the NDEF message exactly
    as written; `milliseconds` how long reading took.

    `counter` is how often an NTAG21x says it was read, None where it does not count. `signature` is its maker's 32
    bytes over the UID, sampled: asked for only when this reader sees the UID for the first time since it started.
    """

    uid: str
    kind: str
    uri: str | None
    outcome: Outcome
    milliseconds: float = 0.0
    counter: int | None = None
    signature: bytes | None = None
