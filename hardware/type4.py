"""Reading a Type 4 tag over ISO-DEP, with limits at every step; anything that is no NDEF tag is foreign."""

from __future__ import annotations

from hardware import ndef
from hardware.radio import TagGarbled, TagSilent
from hardware.tag import Outcome
from hardware.type2 import Exchange

APPLICATION = bytes.fromhex("00A4040007D276000085010100")
CAPABILITIES, USUAL_FILE = b"\xe1\x03", b"\xe1\x04"
ATS_NTAG424 = bytes.fromhex("067777710280")
MOST_EXTENSIONS = 4
"""Waiting-time extensions granted for one command; a card that asks for ever gets no more."""
MOST_BYTES, LEAST_BYTES = 0x80, 0x0F
"""Bytes asked for in one READ BINARY: no more than every card reads at once; what the smallest frame holds."""
FRAME_SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256)
"""What FSCI stands for (ISO/IEC 14443-4, table 1); a card sends frames as long as it takes."""
AROUND = 5
"""Bytes of a frame that are not content: PCB, status word, CRC."""


class NotOurs(Exception):
    """Raised where the card says no to what every NDEF tag says yes to."""


class IsoDep:
    """Blocks of ISO/IEC 14443-4 over an exchange of frames: short commands, chained answers, one repeat."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange, self._number = exchange, 0

    def activate(self) -> bytes:
        """Return the ATS; raises `NotOurs` for an answer that cannot be one."""
        ats = self._exchange(b"\xe0\x80")
        if not ats or ats[0] != len(ats):
            msg = "no ATS"
            raise NotOurs(msg)
        return ats

    def command(self, apdu: bytes) -> bytes:
        """Send a command and return its data; raises `NotOurs` where the status is not 9000."""
        whole = self.transmit(apdu)
        if whole[-2:] != b"\x90\x00":
            msg = f"status {whole[-2:].hex()}"
            raise NotOurs(msg)
        return whole[:-2]

    def transmit(self, apdu: bytes) -> bytes:
        """Send a command and return its data and status."""
        answer = self._block(bytes([0x02 | self._number]) + apdu)
        whole = answer[1:]
        while answer[0] & 0x10 and len(whole) < ndef.LARGEST_MESSAGE:
            answer = self._block(bytes([0xA2 | self._number]))
            whole += answer[1:]
        return whole

    def _block(self, block: bytes) -> bytes:
        answer = self._carried(block)
        for _ in range(MOST_EXTENSIONS):
            if not answer or answer[0] & 0xF7 != 0xF2:
                break
            answer = self._exchange(bytes([0xF2, answer[1] & 0x3F if len(answer) > 1 else 1]))
        if not answer or answer[0] & 0xE2 != 0x02:
            msg = "no information block"
            raise NotOurs(msg)
        self._number ^= 1
        return answer

    def _carried(self, block: bytes) -> bytes:
        try:
            return self._exchange(block)
        except (TagSilent, TagGarbled):  # rule 4 of 7.5.4.2: ask for it again; nothing is read, or counted, twice
            answer = self._exchange(bytes([0xB2 | self._number]))
            unheard = answer[:1] == bytes([0xA2 | self._number ^ 1])
            return self._exchange(block) if unheard else answer


def read(exchange: Exchange) -> tuple[str, Outcome, str | None]:
    """Return chip, outcome and URI; FOREIGN for a card without NDEF application (a bank card, a transit card)."""
    card, kind = IsoDep(exchange), "Type 4"
    try:
        ats = card.activate()
        kind = "NTAG 424 DNA" if ats == ATS_NTAG424 else kind
        card.command(APPLICATION)
    except NotOurs:
        return kind, Outcome.FOREIGN, None
    try:
        return (kind, *_message(card, at_once(ats)))
    except NotOurs:
        return kind, Outcome.NOT_NDEF, None


def at_once(ats: bytes) -> int:
    """Return how many bytes one READ BINARY is to ask for, so that their answer comes in one frame."""
    fsci = ats[1] & 0x0F if len(ats) > 1 else 2
    return max(LEAST_BYTES, min(MOST_BYTES, FRAME_SIZES[min(fsci, 8)] - AROUND))


def _message(card: IsoDep, most: int) -> tuple[Outcome, str | None]:
    try:  # the usual file read at once: four exchanges in all
        _select(card, USUAL_FILE)
        begun = _binary(card, 0, most)
    except NotOurs:  # a card that keeps its message elsewhere, or gives less at once
        _select(card, CAPABILITIES)
        _select(card, _binary(card, 0, 15)[9:11])
        begun = _binary(card, 0, 2)
    length = int.from_bytes(begun[:2], "big")
    if len(begun) < 2 or length > ndef.LARGEST_MESSAGE:
        return Outcome.MALFORMED, None
    message = begun[2:]
    while len(message) < length:
        part = _binary(card, len(message) + 2, min(most, length - len(message)))
        if not part:  # a card that answers nothing for ever would hold the reader for ever
            return Outcome.MALFORMED, None
        message += part
    return ndef.decode(message[:length])


def _select(card: IsoDep, file: bytes) -> None:
    card.command(b"\x00\xa4\x00\x0c\x02" + file)


def _binary(card: IsoDep, at: int, count: int) -> bytes:
    return card.command(bytes([0x00, 0xB0, at >> 8, at & 0xFF, count]))
