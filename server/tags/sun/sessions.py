"""What one read of a tag is secured with: keys made from its UID and read counter, by AES or by LRP.

Source: NXP AN12196 2.0, sections 3.3 and 3.4; NTAG 424 DNA data sheet, section 9.3; AN12304 for LRP.
"""

from __future__ import annotations

from typing import Protocol

from server.tags.sun.blocks import cmac, decrypt_chain, encrypt
from server.tags.sun.lrp import Primitive

AES_PICC, LRP_PICC = 16, 24
"""Bytes of a tag's encrypted identity: its length tells which of the two made it."""


class Session(Protocol):
    """One read's keys."""

    def code(self, message: bytes) -> bytes:
        """Return the 8 bytes by which the tag signs `message`."""

    def open(self, secret: bytes) -> bytes:
        """Return what the tag encrypted, whole blocks."""


def _odd(code: bytes) -> bytes:
    return code[1::2]


class AesSession:
    """Keys by AES-CMAC over what the session is for, the UID and the counter (3 bytes, lowest first)."""

    def __init__(self, key: bytes, uid: bytes, counter: bytes) -> None:
        who = (b"\x00\x01\x00\x80" + uid + counter).ljust(14, b"\0")
        self._code_key = cmac(key, b"\x3c\xc3" + who)
        self._content_key = cmac(key, b"\xc3\x3c" + who)
        self._counter = counter

    def code(self, message: bytes) -> bytes:
        """Return the 8 bytes by which the tag signs `message`."""
        return _odd(cmac(self._code_key, message))

    def open(self, secret: bytes) -> bytes:
        """Return what the tag encrypted."""
        start = encrypt(self._content_key, self._counter.ljust(16, b"\0"))
        return decrypt_chain(self._content_key, secret, start)


class LrpSession:
    """One key for both uses, by LRP's own code; its first updated key signs, its second encrypts."""

    def __init__(self, key: bytes, uid: bytes, counter: bytes) -> None:
        who = (b"\x00\x01\x00\x80" + uid + counter).ljust(14, b"\0")
        self.key = Primitive(key).cmac(who + b"\x1e\xe1")
        self._counter = counter

    def code(self, message: bytes) -> bytes:
        """Return the 8 bytes by which the tag signs `message`."""
        return _odd(Primitive(self.key).cmac(message))

    def open(self, secret: bytes) -> bytes:
        """Return what the tag encrypted."""
        return Primitive(self.key, 1).decrypt(secret, self._counter.ljust(6, b"\0"))


def open_identity(key: bytes, secret: bytes) -> bytes:
    """Return the 16 bytes a tag says of itself (PICCData), by AES or LRP as the length of `secret` tells."""
    if len(secret) == LRP_PICC:
        return Primitive(key).decrypt(secret[8:], secret[:8])
    return decrypt_chain(key, secret, b"\0" * 16)
