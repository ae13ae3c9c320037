"""Reading a Type 4 tag over ISO-DEP, with limits at every step; anything that is no NDEF tag is foreign."""

from __future__ import annotations

from hardware import ndef
from hardware.tag import Outcome
from hardware.type2 import Exchange

APPLICATION = bytes.fromhex("00A4040007D276000085010100")
CAPABILITIES = bytes.fromhex("00A4000C02E103")
MOST_EXTENSIONS = 4
"""Waiting-time extensions granted for one command; a card that asks for ever gets no more."""


class NotOurs(Exception):
    """Raised where the card says no to what every NDEF tag says yes to."""


class IsoDep:
    """Blocks of ISO/IEC 14443-4 over an exchange of frames: short commands, chained answers."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange, self._number = exchange, 0

    def activate(self) -> None:
        """Ask for the ATS; raises `NotOurs` for an answer that cannot be one."""
        ats = self._exchange(b"\xe0\x80")
        if not ats or ats[0] != len(ats):
            msg = "no ATS"
            raise NotOurs(msg)

    def command(self, apdu: bytes) -> bytes:
        """Send a command and return its data; raises `NotOurs` where the status is not 9000."""
        answer = self._block(bytes([0x02 | self._number]) + apdu)
        whole = answer[1:]
        while answer[0] & 0x10 and len(whole) < ndef.LARGEST_MESSAGE:
            answer = self._block(bytes([0xA2 | self._number]))
            whole += answer[1:]
        if whole[-2:] != b"\x90\x00":
            msg = f"status {whole[-2:].hex()}"
            raise NotOurs(msg)
        return whole[:-2]

    def _block(self, block: bytes) -> bytes:
        answer = self._exchange(block)
        for _ in range(MOST_EXTENSIONS):
            if not answer or answer[0] & 0xF7 != 0xF2:
                break
            answer = self._exchange(bytes([0xF2, answer[1] & 0x3F if len(answer) > 1 else 1]))
        if not answer or answer[0] & 0xE2 != 0x02:
            msg = "no information block"
            raise NotOurs(msg)
        self._number ^= 1
        return answer


def read(exchange: Exchange) -> tuple[Outcome, str | None]:
    """Read the NDEF file; FOREIGN for a card that has none (a bank card, a transit card)."""
    card = IsoDep(exchange)
    try:
        card.activate()
        card.command(APPLICATION)
    except NotOurs:
        return Outcome.FOREIGN, None
    try:
        card.command(CAPABILITIES)
        file = card.command(b"\x00\xb0\x00\x00\x0f")[9:11]
        card.command(b"\x00\xa4\x00\x0c\x02" + file)
        length = int.from_bytes(card.command(b"\x00\xb0\x00\x00\x02"), "big")
        if length > ndef.LARGEST_MESSAGE:
            return Outcome.MALFORMED, None
        message = _content(card, length)
    except NotOurs:
        return Outcome.NOT_NDEF, None
    return (Outcome.MALFORMED, None) if len(message) < length else ndef.decode(message)


def _content(card: IsoDep, length: int) -> bytes:
    message = b""
    while len(message) < length:
        at = len(message) + 2
        part = card.command(bytes([0x00, 0xB0, at >> 8, at & 0xFF, min(0x3B, length - len(message))]))
        if not part:  # a card that answers nothing for ever would hold the reader for ever
            break
        message += part
    return message[:length]
