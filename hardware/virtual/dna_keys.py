"""The keys of a virtual NTAG 424 DNA: it authenticates, takes keys and settings, and refuses what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.aes import ZERO, decrypt, encrypt
from hardware.ev2 import (
    AUTHENTICATE,
    CHANGE_KEY,
    CHANGE_SETTINGS,
    CONTINUE,
    FILE_SETTINGS,
    KEY_VERSION,
    MAC_BYTES,
    Secrets,
    turned,
    unchained,
)
from hardware.virtual.sun import Luck, Mirror

DONE, MORE = b"\x91\x00", b"\x91\xaf"
INTEGRITY, LENGTH, PARAMETER, WRONG_KEY, DELAY, DENIED, NO_KEY = (
    bytes([0x91, status]) for status in (0x1E, 0x7E, 0x9E, 0xAE, 0xAD, 0x9D, 0x40)
)
KEYS, NDEF_NUMBER, EVERYONE, FILE_SIZE = 5, 2, 0xE, 256
MOST_WRONG = 50
"""Wrong keys in a row after which the chip asks for time (data sheet, 8.2.4: SeqFailLimit)."""
SIGNS, UID_COUNT_ASCII, PICC_DIGITS, MAC_DIGITS = 0x40, 0xC1, 32, 16


@dataclass
class DnaKeys:
    """Five keys, who may do what with the NDEF file, and the session in which that is proven.

    `settings` are FileOption, access rights and what follows, as ChangeFileSettings takes them.
    """

    luck: Luck
    keys: list[bytes] = field(default_factory=lambda: [ZERO] * KEYS)
    versions: list[int] = field(default_factory=lambda: [0] * KEYS)
    settings: bytes = bytes.fromhex("00E0EE")
    wrong: int = 0
    _session: Secrets | None = None
    _number: int = 0
    _challenge: bytes = b""
    _waited: bool = False

    def begin(self) -> None:
        """Forget who authenticated."""
        self._session, self._challenge = None, b""

    @property
    def writable(self) -> bool:
        """Return whether whoever speaks now may write the NDEF file."""
        mine = {EVERYONE} if self._session is None else {EVERYONE, self._number}
        return bool({self.settings[1] >> 4, self.settings[2] & 0xF} & mine)

    @property
    def mirror(self) -> Mirror | None:
        """Return what the file mirrors with the keys of now."""
        if not self.settings[0] & SIGNS:
            return None
        meta, reading = self.settings[5] >> 4, self.settings[5] & 0xF
        at = [int.from_bytes(self.settings[6 + 3 * n : 9 + 3 * n], "little") for n in range(3)]
        named = dict(zip(("{picc}", "{covered}", "{mac}"), at, strict=True))
        return Mirror(named, (self.keys[meta], self.keys[reading]), self.luck)

    def answer(self, command: int, content: bytes) -> bytes | None:
        """Return the answer to a command of the chip's own; None for one that is not about keys."""
        known: dict[int, Callable[[bytes], bytes]] = {
            AUTHENTICATE: self._authenticate,
            KEY_VERSION: self._version,
            FILE_SETTINGS: self._file_settings,
            CHANGE_KEY: lambda body: self._in_secret(CHANGE_KEY, body, self._change_key),
            CHANGE_SETTINGS: lambda body: self._in_secret(CHANGE_SETTINGS, body, self._change_settings),
        }
        if command == CONTINUE and self._challenge:
            return self._prove(content)
        self._challenge = b""
        return known[command](content) if command in known else None

    def _authenticate(self, body: bytes) -> bytes:
        self._session = None
        if len(body) < 2:
            return LENGTH
        if body[0] >= KEYS:
            return NO_KEY
        if self.wrong >= MOST_WRONG and not self._waited:
            self._waited = True
            return DELAY
        self._waited = False
        self._number, self._challenge = body[0], self.luck(16)
        return encrypt(self.keys[self._number], self._challenge) + MORE

    def _prove(self, body: bytes) -> bytes:
        challenge, self._challenge = self._challenge, b""
        if len(body) != 32:
            return LENGTH
        key = self.keys[self._number]
        plain = decrypt(key, body)
        if plain[16:] != turned(challenge):
            self.wrong += 1
            return WRONG_KEY
        self.wrong, transaction = 0, self.luck(4)
        self._session = Secrets.agreed(key, plain[:16], challenge, transaction=transaction)
        return encrypt(key, transaction + turned(plain[:16]) + bytes(12)) + DONE

    def _version(self, body: bytes) -> bytes:
        return bytes([self.versions[body[0]]]) + DONE if body[:1] and body[0] < KEYS else NO_KEY

    def _file_settings(self, body: bytes) -> bytes:
        if body != bytes([NDEF_NUMBER]):
            return PARAMETER
        size = FILE_SIZE.to_bytes(3, "little")
        return b"\0" + self.settings[:3] + size + self.settings[3:] + DONE

    def _in_secret(self, command: int, body: bytes, then: Callable[[int, bytes], bytes]) -> bytes:
        session = self._session
        if session is None:
            return WRONG_KEY
        head, secret, code = body[:1], body[1:-MAC_BYTES], body[-MAC_BYTES:]
        if not secret or len(secret) % 16 or code != session.code(command, head + secret):
            self._session = None
            return INTEGRITY
        status = then(head[0], session.show(secret))
        session.commands += 1
        if status != DONE:
            self._session = None
        return session.code(0, b"") + DONE if status == DONE and self._session else status

    def _change_key(self, number: int, plain: bytes) -> bytes:
        if self._number != 0:
            return DENIED
        if number >= KEYS:
            return NO_KEY
        if len(plain) != (17 if number == 0 else 21):
            return LENGTH
        old = bytes(16) if number == 0 else self.keys[number]
        fresh = bytes(a ^ b for a, b in zip(plain[:16], old, strict=True))
        if number and plain[17:] != unchained(fresh):
            return INTEGRITY
        self.keys[number], self.versions[number] = fresh, plain[16]
        if number == self._number:
            self._session = None
        return DONE

    def _change_settings(self, number: int, plain: bytes) -> bytes:
        if self._number != self.settings[1] & 0xF:
            return DENIED
        if number != NDEF_NUMBER or len(plain) < 3 or not plain[0] & SIGNS:
            return PARAMETER
        ends = (PICC_DIGITS, 0, MAC_DIGITS)
        at = [int.from_bytes(plain[6 + 3 * n : 9 + 3 * n], "little") for n in range(3)]
        fits = all(place + length <= FILE_SIZE for place, length in zip(at, ends, strict=True))
        if len(plain) != 15 or plain[3] != UID_COUNT_ASCII or not fits or at[1] > at[2]:
            return PARAMETER
        self.settings = plain
        return DONE
