"""Whether a message was made by its tag: the code is right, and what it says can be read."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from server.tags.sun.errors import NotGenuine
from server.tags.sun.message import SunMessage
from server.tags.sun.sessions import LRP_PICC, AesSession, LrpSession, Session, open_identity

_WHO_AND_COUNT = 0xC7
"""First byte of an identity: UID and counter are mirrored, the UID has 7 bytes."""


class Loop(StrEnum):
    """State of a TagTamper's wire: now and ever before, as the tag writes it."""

    WHOLE = "CC"
    BROKEN_BEFORE = "OC"
    BROKEN = "OO"
    NOT_SET_UP = "II"
    NONE = "NT"


@dataclass(frozen=True, slots=True)
class SunKeys:
    """What a set of tags is read with: one key for who they are, and a key of each tag by its UID."""

    identity: bytes
    of_tag: Callable[[bytes], bytes]
    lrp: bool = False
    """Whether tags that mirror in the open sign by LRP; of an encrypted identity the length tells."""


@dataclass(frozen=True, slots=True)
class Sun:
    """What a genuine message says."""

    uid: bytes
    counter: int
    content: bytes

    @property
    def loop(self) -> Loop | None:
        """Return the state of the wire, where the tag mirrors it first in its content."""
        told = self.content[:2].decode("ascii", "replace")
        return Loop(told) if told in set(Loop) else None


def identity(message: SunMessage, key: bytes) -> tuple[bytes, int]:
    """Return UID and counter a message claims; raises `NotGenuine` where the key does not open it."""
    if not message.identity:
        return message.uid, message.counter
    plain = open_identity(key, message.identity)
    if plain[0] != _WHO_AND_COUNT:
        msg = "it says nothing that its key opens"
        raise NotGenuine(msg)
    return plain[1:8], int.from_bytes(plain[8:11], "little")


def verify(message: SunMessage, keys: SunKeys) -> Sun:
    """Return what the message says; raises `NotGenuine`. Codes are compared in constant time."""
    uid, counter = identity(message, keys.identity)
    made: type[AesSession] | type[LrpSession] = AesSession
    if len(message.identity) == LRP_PICC or (keys.lrp and not message.identity):
        made = LrpSession
    session: Session = made(keys.of_tag(uid), uid, counter.to_bytes(3, "little"))
    if not any(hmac.compare_digest(session.code(text), message.code) for text in message.inputs):
        msg = "its code is wrong"
        raise NotGenuine(msg)
    return Sun(uid, counter, session.open(message.secret) if message.secret else b"")
