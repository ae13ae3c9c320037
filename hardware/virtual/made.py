"""Tags as a shop meets them, ready to be laid down. A UID is written as hexadecimal digits."""

from __future__ import annotations

from hardware import ndef
from hardware.virtual.ntag21x import Ntag21x

LOCK_CONTROL = {"NTAG213": bytes.fromhex("0103A00C34")}
"""What NXP writes before the message: where the dynamic lock bytes are. Only the NTAG213 says it."""


def ntag213(uid: str, uri: str) -> Ntag21x:
    """Return an NTAG213 with a URI on it."""
    return written(uid, "NTAG213", ndef.encode_uri(uri))


def ntag215(uid: str, uri: str) -> Ntag21x:
    """Return an NTAG215 with a URI on it."""
    return written(uid, "NTAG215", ndef.encode_uri(uri))


def ntag216(uid: str, uri: str) -> Ntag21x:
    """Return an NTAG216 with a URI on it."""
    return written(uid, "NTAG216", ndef.encode_uri(uri))


def written(uid: str, chip: str, message: bytes, *, signature: bytes = bytes(32)) -> Ntag21x:
    """Return an NTAG with any message on it, well formed or not."""
    length = bytes([len(message)]) if len(message) < 255 else b"\xff" + len(message).to_bytes(2, "big")
    area = LOCK_CONTROL.get(chip, b"") + b"\x03" + length + message + b"\xfe"
    return Ntag21x(bytes.fromhex(uid), chip, area, signature=signature)


def blank(uid: str, chip: str = "NTAG213", *, signature: bytes = bytes(32)) -> Ntag21x:
    """Return an NTAG as it comes from the factory: an empty message."""
    return written(uid, chip, b"", signature=signature)


def malformed(uid: str) -> Ntag21x:
    """Return an NTAG213 whose message contradicts itself."""
    return written(uid, "NTAG213", b"\xd1\x01\xf0U\x04cut")


def not_ndef(uid: str) -> Ntag21x:
    """Return an NTAG213 that was never formatted for NDEF."""
    return Ntag21x(bytes.fromhex(uid), "NTAG213", capability=bytes(4))
