"""What NTAG 424 DNA and its reader both compute to speak in secret (NXP NT4H2421Gx, 9.1: EV2 with AES). Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from hardware.aes import cmac, decrypt, encrypt, padded, short_mac

AUTHENTICATE, CONTINUE, CHANGE_KEY, CHANGE_SETTINGS = 0x71, 0xAF, 0xC4, 0x5F
KEY_VERSION, FILE_SETTINGS = 0x64, 0xF5
MAC_BYTES = 8


def turned(challenge: bytes) -> bytes:
    """Return a challenge as it is given back: its first byte last."""
    return challenge[1:] + challenge[:1]


def unchained(key: bytes) -> bytes:
    """Return the check sum that travels with a new key: CRC-32 without its last inversion."""
    return (zlib.crc32(key) ^ 0xFFFFFFFF).to_bytes(4, "little")


@dataclass(slots=True)
class Secrets:
    """One authenticated session: its number, how many commands it carried, its keys."""

    transaction: bytes
    encrypting: bytes = field(repr=False)
    signing: bytes = field(repr=False)
    commands: int = 0

    @classmethod
    def agreed(cls, key: bytes, ours: bytes, theirs: bytes, *, transaction: bytes) -> Secrets:
        """Return the session two sides come to by their challenges: the reader's `ours`, the chip's `theirs`."""
        mixed = bytes(a ^ b for a, b in zip(ours[2:8], theirs[:6], strict=True))
        text = bytes.fromhex("00010080") + ours[:2] + mixed + theirs[6:] + ours[8:]
        return cls(transaction, cmac(key, b"\xa5\x5a" + text), cmac(key, b"\x5a\xa5" + text))

    def code(self, first: int, content: bytes) -> bytes:
        """Return the code over a command, or an answer by its status; answers count as one command more."""
        return short_mac(self.signing, bytes([first]) + self._counted() + self.transaction + content)

    def hide(self, plain: bytes) -> bytes:
        """Return a command's content encrypted."""
        return encrypt(self.encrypting, padded(plain), self._start())

    def show(self, secret: bytes) -> bytes:
        """Return a command's content decrypted."""
        return decrypt(self.encrypting, secret, self._start()).rstrip(b"\0")[:-1]

    def _start(self) -> bytes:
        return encrypt(self.encrypting, b"\xa5\x5a" + self.transaction + self._counted() + bytes(8))

    def _counted(self) -> bytes:
        return self.commands.to_bytes(2, "little")
