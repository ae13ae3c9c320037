"""What is ordered of a tag, and what writing it came to, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from hardware import ndef
from hardware.tag import Outcome
from hardware.writing.keys import MasterSecret
from hardware.writing.seal import Seal
from hardware.writing.step import Content


class WriteOutcome(StrEnum):
    """Everything that writing a tag can come to. A tag or reader that fails is an outcome, never an exception."""

    WRITTEN = "written"
    NO_TAG = "no_tag"
    TWO_TAGS = "two_tags"
    WRONG_TAG = "wrong_tag"
    ALREADY_USED = "already_used"
    NOT_BLANK = "not_blank"
    UNKNOWN_CHIP = "unknown_chip"
    UNFORMATTED = "unformatted"
    TOO_LONG = "too_long"
    READ_ONLY = "read_only"
    FOREIGN_PASSWORD = "foreign_password"  # noqa: S105 - the name of an outcome
    CANNOT_SEAL = "cannot_seal"
    LOST = "lost"
    REFUSED = "refused"
    NOT_VERIFIED = "not_verified"
    SEAL_FAILED = "seal_failed"
    CANNOT_COUNT = "cannot_count"
    READER_BROKEN = "reader_broken"
    CANNOT_SIGN = "cannot_sign"
    FOREIGN_KEYS = "foreign_keys"
    HALF_SIGNED = "half_signed"


class Stopped(Exception):
    """Raised inside this room where going on with a tag makes no sense; carries the outcome."""

    def __init__(self, outcome: WriteOutcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class BadLink(ValueError):
    """Raised when an address cannot stand on a tag as it is written; the message says so."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a tag shall become: its NDEF `message`, what keeps it from being changed, whether it counts its reads.

    Without `replace` only a blank tag is written, or one that holds this very message already. `only` is the UID
    of the one tag that may be written, `used` those that may not. `secret` is needed for `Seal.PROTECTED`, and to
    replace what a tag holds that it guards. `lift` takes that guard away again.
    """

    message: bytes
    seal: Seal = Seal.OPEN
    replace: bool = False
    counting: bool = False
    lift: bool = False
    secret: MasterSecret | None = field(default=None, repr=False)
    only: bytes | None = None
    used: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """What a tag is now.

    `uid` is upper-case hex, `chip` in words, `content_hash` the SHA-256 of the ordered NDEF message in hex,
    `signature` the chip's originality signature in hex ('' where it has none). `holds` is what the tag may read
    now: one value wherever that could be found out. `locked`, `protected` and `counting` are true only where a try
    proved it. `before` is the message it held, None where it could not be read.
    """

    outcome: WriteOutcome
    uid: str = ""
    chip: str = ""
    content_hash: str = ""
    signature: str = ""
    holds: frozenset[Content] = frozenset({Content.OLD})
    locked: bool = False
    protected: bool = False
    counting: bool = False
    before: bytes | None = None
    room: int | None = None


def message_of(uri: str) -> bytes:
    """Return the NDEF message of one URI; raises `BadLink` where the URI would not come out as it went in."""
    try:
        message = ndef.encode_uri(uri)
    except (ValueError, UnicodeError) as error:
        msg = f"{uri!r} is no web address that fits on a tag."
        raise BadLink(msg) from error
    plain = uri.startswith(("https://", "http://")) and uri.isprintable() and " " not in uri
    if not plain or ndef.decode(message) != (Outcome.OK, uri):
        msg = f"{uri!r} is no web address that fits on a tag."
        raise BadLink(msg)
    return message


def hash_of(message: bytes) -> str:
    """Return the SHA-256 of a message in hex."""
    return sha256(message).hexdigest()
