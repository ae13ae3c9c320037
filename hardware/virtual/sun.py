"""What an NTAG 424 DNA mirrors into its file when it is read: UID and counter, and a MAC (NXP AN12196)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from hardware import ndef

FIELDS = {"{picc}": 32, "{uid}": 14, "{count}": 6, "{mac}": 16, "{covered}": 0}
"""Digits each field of a link takes; from `{covered}` on, the MAC covers what is read."""
PICC_TAG = 0xC7
"""PICCDataTag: UID and counter follow, the UID has seven bytes."""
KEYS_OF_THE_FACTORY = (bytes(16), bytes(16))

Luck = Callable[[int], bytes]


class NoCipher(RuntimeError):
    """Raised when `cryptography` is not installed; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """Where the chip writes what, and with which keys.

    `at` tells for each field of `FIELDS` that is mirrored the first byte of the file it fills. `keys` are
    SDMMetaReadKey and SDMFileReadKey, 16 bytes each; `luck(n)` gives n random bytes.
    """

    at: dict[str, int]
    keys: tuple[bytes, bytes]
    luck: Luck

    def laid_over(self, content: bytes, uid: bytes, count: int) -> bytes:
        """Return the file as it reads at this reading."""
        counted = count.to_bytes(3, "little")
        texts = {"{uid}": uid.hex(), "{count}": f"{count:06x}"}
        if "{picc}" in self.at:
            plain = bytes([PICC_TAG]) + uid + counted + self.luck(5)
            texts["{picc}"] = cbc(self.keys[0], plain).hex()
        for field, text in texts.items():
            content = self._put(content, field, text)
        if "{mac}" not in self.at:
            return content
        named = uid if {"{uid}", "{picc}"} & set(self.at) else b""
        named += counted if {"{count}", "{picc}"} & set(self.at) else b""
        session = cmac(self.keys[1], (bytes.fromhex("3CC300010080") + named).ljust(16, b"\x00"))
        end = self.at["{mac}"]
        covered = content[self.at.get("{covered}", end) : end]
        return self._put(content, "{mac}", cmac(session, covered)[1::2].hex())

    def _put(self, content: bytes, field: str, text: str) -> bytes:
        if field not in self.at:
            return content
        at = self.at[field]
        return content[:at] + text.upper().encode() + content[at + len(text) :]


def planned(link: str) -> tuple[bytes, dict[str, int]]:
    """Return the NDEF message of a link, zeros where its fields are, and where in the file each field begins."""
    text, starts = "", {}
    for part in re.split("|".join(f"({re.escape(field)})" for field in FIELDS), link):
        if part in FIELDS:
            starts[part] = len(text)
        text += "0" * FIELDS[part] if part in FIELDS else part or ""
    message = ndef.encode_uri(text)
    before = 2 + len(message) - len(text)
    return message, {field: before + start for field, start in starts.items()}


def cbc(key: bytes, plain: bytes) -> bytes:
    """Return whole blocks encrypted with AES-CBC from a vector of zeros."""
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - kiosks lack it
    except ImportError as missing:
        raise NoCipher(NO_CIPHER) from missing
    encryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return encryptor.update(plain) + encryptor.finalize()


def cmac(key: bytes, message: bytes) -> bytes:
    """Return the AES-CMAC of a message (RFC 4493)."""
    try:
        from cryptography.hazmat.primitives.ciphers import algorithms  # noqa: PLC0415 - kiosks lack it
        from cryptography.hazmat.primitives.cmac import CMAC  # noqa: PLC0415
    except ImportError as missing:
        raise NoCipher(NO_CIPHER) from missing
    made = CMAC(algorithms.AES(key))
    made.update(message)
    return made.finalize()


NO_CIPHER = "A virtual NTAG 424 DNA needs the package cryptography: install shelftalker[server] beside this one."
