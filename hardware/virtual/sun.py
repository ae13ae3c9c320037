"""What an NTAG 424 DNA mirrors into its file when it is read: UID and counter, and a MAC (NXP AN12196)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from hardware import ndef
from hardware.aes import cmac, encrypt
from hardware.virtual.lrp import Lrp

FIELDS = {"{picc}": 32, "{uid}": 14, "{count}": 6, "{mac}": 16, "{covered}": 0}
"""Digits each field of a link takes; from `{covered}` on, the MAC covers what is read."""
PICC_DIGITS_LRP = 48
PICC_TAG = 0xC7
"""PICCDataTag: UID and counter follow, the UID has seven bytes."""
KEYS_OF_THE_FACTORY = (bytes(16), bytes(16))

Luck = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Mirror:
    """Where the chip writes what, and with which keys.

    `at` tells for each field of `FIELDS` that is mirrored the first byte of the file it fills. `keys` are
    SDMMetaReadKey and SDMFileReadKey, 16 bytes each; `luck(n)` gives n random bytes; `lrp` says whether the
    chip was switched from AES to LRP.
    """

    at: dict[str, int]
    keys: tuple[bytes, bytes]
    luck: Luck
    lrp: bool = False

    def laid_over(self, content: bytes, uid: bytes, count: int) -> bytes:
        """Return the file as it reads at this reading."""
        counted = count.to_bytes(3, "little")
        texts = {"{uid}": uid.hex(), "{count}": f"{count:06x}"}
        if "{picc}" in self.at:
            texts["{picc}"] = self._picc(bytes([PICC_TAG]) + uid + counted + self.luck(5)).hex()
        for field, text in texts.items():
            content = self._put(content, field, text)
        if "{mac}" not in self.at:
            return content
        named = uid if {"{uid}", "{picc}"} & set(self.at) else b""
        named += counted if {"{count}", "{picc}"} & set(self.at) else b""
        end = self.at["{mac}"]
        covered = content[self.at.get("{covered}", end) : end]
        return self._put(content, "{mac}", self._mac(named, covered)[1::2].hex())

    def _picc(self, plain: bytes) -> bytes:
        if not self.lrp:
            return encrypt(self.keys[0], plain)
        start = self.luck(8)
        return start + Lrp(self.keys[0]).encrypt(plain, start)

    def _mac(self, named: bytes, covered: bytes) -> bytes:
        who = (b"\x00\x01\x00\x80" + named).ljust(14, b"\x00")
        if self.lrp:
            return Lrp(Lrp(self.keys[1]).mac(who + b"\x1e\xe1")).mac(covered)
        return cmac(cmac(self.keys[1], b"\x3c\xc3" + who), covered)

    def _put(self, content: bytes, field: str, text: str) -> bytes:
        if field not in self.at:
            return content
        at = self.at[field]
        return content[:at] + text.upper().encode() + content[at + len(text) :]


def planned(link: str, *, lrp: bool = False) -> tuple[bytes, dict[str, int]]:
    """Return the NDEF message of a link, zeros where its fields are, and where in the file each field begins."""
    digits = {**FIELDS, "{picc}": PICC_DIGITS_LRP} if lrp else FIELDS
    text, starts = "", {}
    for part in re.split("|".join(f"({re.escape(field)})" for field in digits), link):
        if part in digits:
            starts[part] = len(text)
        text += "0" * digits[part] if part in digits else part or ""
    message = ndef.encode_uri(text)
    before = 2 + len(message) - len(text)
    return message, {field: before + start for field, start in starts.items()}
