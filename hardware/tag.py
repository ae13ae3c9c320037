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
    chip in words (`NTAG213`, `Type 4`, `unknown`); `uri` the first URI of the NDEF message exactly as
    written; `proof` what a signing tag says of itself, or None; `milliseconds` how long reading took.
    """

    uid: str
    kind: str
    uri: str | None
    outcome: Outcome
    proof: bytes | None = None
    milliseconds: float = 0.0
