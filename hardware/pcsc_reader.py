"""The door to PC/SC: readers sold today, as a `Radio` through pyscard (extra `pcsc`) and the service pcscd."""

from __future__ import annotations

import importlib
from contextlib import suppress
from typing import Any

from hardware.fault import ReaderFault
from hardware.radio import Feedback, ReaderBroken, TagGarbled, TagSilent, Target

STORAGE = bytes.fromhex("804f0ca000000306")
"""Begins the historical bytes of a card without processor (PC/SC part 3, 3.1.3.2.3.2)."""
CLASSIC = {b"\x00\x01", b"\x00\x02", b"\x00\x26"}
TYPE_A_STORAGE = 0x03
GET_UID = bytes.fromhex("ffca000000")
BEGIN, END = bytes.fromhex("ffc20000028100"), bytes.fromhex("ffc20000028200")
CARRY, TRANSCEIVE, ANSWERED = bytes.fromhex("ffc20001"), 0x95, 0x97
"""Transparent session and exchange (PC/SC part 3, supplement of contactless cards, 3.2.2.5)."""
DIRECT, THRU, THRU_DONE = bytes.fromhex("ff000000"), bytes.fromhex("d442"), bytes.fromhex("d54300")
"""The same on an ACR122U: its chip's InCommunicateThru in a pseudo-APDU (ACS API 2.04, 5.1; UM0701-02, 7.3.9)."""
GREEN_AND_BEEP, RED = bytes.fromhex("ff00400e0401000101"), bytes.fromhex("ff00400d0400000000")
GONE = ("SCARD_W_REMOVED_CARD", "SCARD_W_RESET_CARD", "SCARD_E_NO_SMARTCARD", "SCARD_W_UNPOWERED_CARD")
MUTE = ("SCARD_W_UNRESPONSIVE_CARD", "SCARD_E_NOT_TRANSACTED", "SCARD_E_PROTO_MISMATCH")


class PcscRadio:
    """A `Radio` on a PC/SC reader, which selects tags by itself: frames become what such readers understand.

    READ and WRITE of a Type 2 tag become READ BINARY and UPDATE BINARY of class FF, blocks of ISO-DEP become plain
    APDUs. Other frames are carried as they are where the reader knows how; else they get a NAK, so that tags are
    read the plain way. Two tags are the reader's affair.
    """

    def __init__(self, scard: Any, context: Any, name: str) -> None:
        self._scard, self._context, self._name = scard, context, name
        self._card: Any = None
        self._target: Target | None = None
        self._atr, self._protocol, self._seen = b"", 0, -1
        self._session: bool | None = None

    def sense(self, uid: bytes | None = None) -> Target | None:
        """Return the tag on the reader; None where there is none. With `uid` it is connected anew."""
        status, states = self._scard.SCardGetStatusChange(
            self._context, 0, [(self._name, self._scard.SCARD_STATE_UNAWARE)]
        )
        self._check(status)
        _, state, _ = states[0]
        if not state & self._scard.SCARD_STATE_PRESENT:
            self._let_go()
            return None
        if state & self._scard.SCARD_STATE_MUTE:
            raise TagGarbled(self._name)
        if uid is not None or self._target is None or state >> 16 != self._seen:
            try:
                self._connect()
            except TagSilent:  # it left this very moment
                self._let_go()
                return None
            self._seen = state >> 16  # counts cards that came and went
        return None if uid and self._target and self._target.uid != uid else self._target

    def _connect(self) -> None:
        self._let_go()
        scard = self._scard
        status, self._card, self._protocol = scard.SCardConnect(
            self._context, self._name, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        )
        self._check(status)
        status, _, _, _, atr = scard.SCardStatus(self._card)
        self._check(status)
        self._atr = bytes(atr)
        answer = self._transmit(GET_UID)
        self._target = Target(answer[:-2] if answer[-2:] == b"\x90\x00" else b"", sak_of(self._atr), b"")

    def prove_alone(self) -> None:
        """Do nothing: two tags are the reader's affair."""

    def exchange(self, frame: bytes, timeout: float) -> bytes:  # noqa: ARG002 - pcscd has time-outs of its own
        """Send a frame in the words of PC/SC and return the answer as the tag would give it."""
        if self._target is None:
            raise TagSilent(self._name)
        if self._target.sak == 0x20:
            return self._isodep(frame)
        match frame[0], len(frame):
            case 0x30, 2:
                answer = self._transmit(bytes([0xFF, 0xB0, 0x00, frame[1], 0x10]))
                return answer[:-2] if answer[-2:] == b"\x90\x00" else b"\x00"
            case 0xA2, 6:
                answer = self._transmit(bytes([0xFF, 0xD6, 0x00, frame[1], 0x04]) + frame[2:])
                return b"\x0a" if answer[-2:] == b"\x90\x00" else b"\x00"
        return self._directly(frame) if "ACR122" in self._name else self._transparently(frame)

    def _directly(self, frame: bytes) -> bytes:
        command = THRU + frame
        answer = self._transmit(DIRECT + bytes([len(command)]) + command)
        return answer[3:-2] if answer.startswith(THRU_DONE) and len(answer) > 5 else b"\x00"

    def _transparently(self, frame: bytes) -> bytes:
        if self._session is None:
            self._session = self._transmit(BEGIN)[-2:] == b"\x90\x00"
        if not self._session:
            return b"\x00"
        sent = bytes([TRANSCEIVE, len(frame)]) + frame
        answer = self._transmit(CARRY + bytes([len(sent)]) + sent + b"\x00")
        return objects_of(answer[:-2]).get(ANSWERED, b"\x00")

    def _isodep(self, frame: bytes) -> bytes:
        if frame[:1] == b"\xe0":
            historical = historical_of(self._atr)
            return bytes([len(historical) + 2, 0x00]) + historical
        if frame[0] & 0xE2 != 0x02:
            msg = "only whole commands go through PC/SC"
            raise TagGarbled(msg)
        return frame[:1] + self._transmit(frame[1:])

    def _transmit(self, apdu: bytes) -> bytes:
        scard = self._scard
        request = scard.SCARD_PCI_T1 if self._protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0
        status, answer = scard.SCardTransmit(self._card, request, list(apdu))
        self._check(status)
        if len(answer) < 2:
            raise TagGarbled(self._name)
        return bytes(answer)

    def signal(self, feedback: Feedback) -> None:
        """Show green and beep, or red, on an ACR122U; others beep by themselves."""
        if "ACR122" in self._name and self._card is not None:
            with suppress(Exception):
                self._transmit(GREEN_AND_BEEP if feedback is Feedback.READ else RED)

    def close(self) -> None:
        """Let the reader go."""
        self._let_go()
        with suppress(Exception):
            self._scard.SCardReleaseContext(self._context)

    def _let_go(self) -> None:
        if self._session:
            with suppress(Exception):
                self._transmit(END)
        card, self._card, self._target, self._session = self._card, None, None, None
        if card is not None:
            with suppress(Exception):
                self._scard.SCardDisconnect(card, self._scard.SCARD_RESET_CARD)

    def _check(self, status: int) -> None:
        scard = self._scard
        if status == scard.SCARD_S_SUCCESS:
            return
        words = scard.SCardGetErrorMessage(status)
        self._target = None
        if status in {getattr(scard, name) for name in GONE}:
            raise TagSilent(words)
        if status in {getattr(scard, name) for name in MUTE}:
            raise TagGarbled(words)
        raise ReaderBroken(ReaderFault.STOPPED, self._name)


def sak_of(atr: bytes) -> int | None:
    """Return the SAK that fits what PC/SC tells of a card: 0x20 for a processor, None for no Type A."""
    historical = historical_of(atr)
    if not historical.startswith(STORAGE):
        return 0x20
    if len(historical) < 11 or historical[8] != TYPE_A_STORAGE:
        return None
    return 0x08 if historical[9:11] in CLASSIC else 0x00


def historical_of(atr: bytes) -> bytes:
    """Return the historical bytes of the ATR a contactless reader makes up (PC/SC part 3, 3.1.3.2.3)."""
    return atr[4 : 4 + (atr[1] & 0x0F)] if len(atr) > 4 else b""


def objects_of(answer: bytes) -> dict[int, bytes]:
    """Return the data objects of an answer by their tags of one byte; what is cut off is left out."""
    found, at = {}, 0
    while at + 2 <= len(answer) and at + 2 + answer[at + 1] <= len(answer):
        found[answer[at]] = answer[at + 2 : at + 2 + answer[at + 1]]
        at += 2 + answer[at + 1]
    return found


def reader_names() -> list[str]:
    """Return the readers PC/SC knows; raises `ReaderBroken` where pyscard or its service is missing."""
    scard, context = _service()
    status, names = scard.SCardListReaders(context, [])
    scard.SCardReleaseContext(context)
    return list(names) if status == scard.SCARD_S_SUCCESS else []


def open_radio(path: str) -> PcscRadio:
    """Open the reader of `pcsc` (the first one) or `pcsc:PART-OF-ITS-NAME`; raises `ReaderBroken`."""
    scard, context = _service()
    status, names = scard.SCardListReaders(context, [])
    wanted = path.partition(":")[2]
    found = [name for name in (names if status == scard.SCARD_S_SUCCESS else []) if wanted in name]
    if not found:
        scard.SCardReleaseContext(context)
        raise ReaderBroken(ReaderFault.NO_PCSC_READER, wanted)
    return PcscRadio(scard, context, found[0])


def _service() -> tuple[Any, Any]:
    try:
        scard = importlib.import_module("smartcard.scard")
    except ImportError as error:
        raise ReaderBroken(ReaderFault.NO_PYSCARD) from error
    status, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if status != scard.SCARD_S_SUCCESS:
        raise ReaderBroken(ReaderFault.NO_PCSC_SERVICE)
    return scard, context
