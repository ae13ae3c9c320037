"""The reader's side of an authenticated session with an NTAG 424 DNA (NXP NT4H2421Gx, 9.1, 10.4 to 10.7)."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from hardware.aes import ZERO, decrypt, encrypt
from hardware.ev2 import (
    AUTHENTICATE,
    CHANGE_KEY,
    CHANGE_SETTINGS,
    CONTINUE,
    Secrets,
    turned,
    unchained,
)
from hardware.type4 import IsoDep
from hardware.writing.dna_commands import MORE, NDEF_NUMBER, asked
from hardware.writing.selected import TagRefused

OURS = 1
"""The version we give a key; the factory's is 0."""

Luck = Callable[[int], bytes]


class Authenticated:
    """A session under key 0. Every method raises `TagRefused` where the chip refuses, or cannot prove itself."""

    def __init__(self, card: IsoDep, key: bytes, luck: Luck) -> None:
        self._card, ours = card, luck(16)
        theirs = decrypt(key, asked(card, AUTHENTICATE, b"\0\0", wanted=MORE)[:16])
        proof = asked(card, CONTINUE, encrypt(key, ours + turned(theirs)))
        plain = decrypt(key, proof[:32])
        if plain[4:20] != turned(ours):
            msg = "the chip does not know the key"
            raise TagRefused(msg)
        self._secrets = Secrets.agreed(key, ours, theirs, transaction=plain[:4])

    def change_key(self, number: int, key: bytes) -> None:
        """Give a key its own value in place of the factory's; of key 0 that ends the session."""
        plain = key + bytes([OURS])
        if number == 0:
            self._sent(CHANGE_KEY, b"\0", plain, ends=True)
        else:
            changed = bytes(a ^ b for a, b in zip(key, ZERO, strict=True))
            self._sent(CHANGE_KEY, bytes([number]), changed + plain[16:] + unchained(key))

    def change_settings(self, settings: bytes) -> None:
        """Set what holds of the NDEF file."""
        self._sent(CHANGE_SETTINGS, bytes([NDEF_NUMBER]), settings)

    def _sent(self, command: int, head: bytes, plain: bytes, *, ends: bool = False) -> None:
        body = head + self._secrets.hide(plain)
        answer = asked(self._card, command, body + self._secrets.code(command, body))
        self._secrets.commands += 1
        if not ends and not hmac.compare_digest(answer, self._secrets.code(0, b"")):
            msg = "the chip's answer is not signed by it"
            raise TagRefused(msg)
