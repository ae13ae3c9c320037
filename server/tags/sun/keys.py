"""A key of its own for each tag, out of one master key."""

from __future__ import annotations

import hashlib
import hmac

from server.tags.sun.blocks import BLOCK, cmac, doubled, encrypt, exclusive_or, padded

NOTHING = b"\0" * BLOCK


def diversified(master: bytes, uid: bytes) -> bytes:
    """Return the AES-128 key of a tag (NXP AN10922, 2.2), from its UID of 1 to 31 bytes as the only input.

    It is CMAC over `01 | uid` as two blocks whatever its length: an input of one block is padded to two and takes
    the second subkey, where plain CMAC would stop at one.
    """
    message = b"\x01" + uid
    first, second = doubled(encrypt(master, NOTHING)), doubled(doubled(encrypt(master, NOTHING)))
    whole = len(message) == 2 * BLOCK
    text = message if whole else padded(message, 2 * BLOCK)
    end = exclusive_or(text[BLOCK:], first if whole else second)
    return encrypt(master, exclusive_or(encrypt(master, text[:BLOCK]), end))


def shared_slot(master: bytes) -> bytes:
    """Return the key that all tags of sdm-backend's scheme share, to read who they are."""
    return hmac.digest(master, b"PICCDataKey", "sha256")[:BLOCK]


def slot_of_tag(master: bytes, uid: bytes, slot: int) -> bytes:
    """Return a tag's key of one slot in sdm-backend's scheme (HMAC and CMAC, since January 2023)."""
    slot_key = hmac.digest(master, b"SlotMasterKey" + bytes([slot]), hashlib.sha256)[:BLOCK]
    base = hmac.digest(master, b"DivBaseKey", hashlib.sha256)
    return cmac(slot_key, b"\x01" + hmac.digest(base, uid, hashlib.sha256)[:BLOCK])
