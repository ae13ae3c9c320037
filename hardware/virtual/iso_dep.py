"""The half-duplex block protocol of a contactless card (ISO/IEC 14443-4), seen from the card."""

from __future__ import annotations

from typing import Protocol

from hardware.virtual.selection import HALT
from hardware.virtual.tag import TypeATag

FRAME_SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256)
"""What FSDI and FSCI stand for."""
EDC = 2
CHAINED, WITH_CID, WITH_NAD, NEGATIVE = 0x10, 0x08, 0x04, 0x10
DESELECT, WTX = 0xC2, 0xF2
EVERY_TIME = 1 << 62


class Application(Protocol):
    """What a card answers to command APDUs."""

    def begin(self) -> None:
        """Forget what was selected: the card was activated anew."""
        ...

    def reply(self, command: bytes) -> bytes:
        """Return data and status word."""
        ...


class IsoDepTag(TypeATag):
    """A card that gives its ATS, takes chained blocks, sends chained blocks and asks for time.

    `waits` is how often it asks for more time before each answer; `largest_frame` limits its frames below
    what the reader can take. S(PARAMETERS) and blocks that contradict the protocol meet silence.
    """

    def __init__(
        self,
        uid: bytes,
        application: Application,
        *,
        ats: bytes,
        sens_res: bytes = b"\x44\x03",
        sak: int = 0x20,
        waits: int = 0,
        largest_frame: int = 256,
    ) -> None:
        self.application = application
        self._ats, self._waits, self._largest_frame = ats, waits, largest_frame
        super().__init__(uid, sens_res, sak)
        self.fall_out()

    def fall_out(self) -> None:
        """Forget the activation."""
        self._activated, self._fresh = False, False
        self._number, self._cid, self._frame_size = 1, 0, self._largest_frame
        self._incoming, self._outgoing, self._last = b"", b"", b""
        self._chaining, self._waits_left = False, 0

    def command(self, frame: bytes) -> bytes | None:
        """Answer RATS first, then PPS once, then blocks."""
        if self._activated:
            fresh, self._fresh = self._fresh, False
            return frame[:1] if fresh and frame[0] & 0xF0 == 0xD0 else self._block(frame)
        if frame == HALT:
            self.halt()
            return None
        if frame[0] != 0xE0 or len(frame) != 2:
            self.refuse()
            return None
        self._activated = self._fresh = True
        self._cid = frame[1] & 0x0F
        self._frame_size = min(FRAME_SIZES[min(frame[1] >> 4, 8)], self._largest_frame)
        self.application.begin()
        return self._ats

    def _block(self, frame: bytes) -> bytes | None:
        pcb, cid = frame[0], frame[1:2] if frame[0] & WITH_CID else b""
        too_long = len(frame) + EDC > self._takes()
        if too_long or (cid[0] & 0x0F if cid else 0) != self._cid or (pcb & WITH_CID and not cid):
            return None
        body = frame[1 + len(cid) :]
        if pcb & 0xE6 == 0x02:
            return self._information(pcb, cid, body)
        if pcb & 0xE6 == 0xA2:
            return self._receipt(pcb, cid)
        if pcb & 0xF7 == DESELECT:
            self.halt()
            return frame
        if pcb & 0xF7 == WTX and self._last[:1] and self._last[0] & 0xF7 == WTX:
            return self._respond(cid)
        return None

    def _takes(self) -> int:
        """Return the largest frame the ATS promises to take (FSC)."""
        return FRAME_SIZES[min(self._ats[1] & 0x0F, 8)] if len(self._ats) > 1 else 32

    def _information(self, pcb: int, cid: bytes, body: bytes) -> bytes:
        self._number ^= 1
        self._incoming += body
        if pcb & CHAINED:
            return self._send(0xA2 | self._number, cid, b"")
        command, self._incoming = self._incoming, b""
        self._outgoing, self._waits_left = self.application.reply(command), self._waits
        return self._respond(cid)

    def _respond(self, cid: bytes) -> bytes:
        if self._waits_left > 0:
            self._waits_left -= 1
            return self._send(WTX, cid, b"\x01")
        room = self._frame_size - EDC - 1 - len(cid)
        piece, self._outgoing = self._outgoing[:room], self._outgoing[room:]
        self._chaining = bool(self._outgoing)
        return self._send(0x02 | self._number | (CHAINED if self._chaining else 0), cid, piece)

    def _receipt(self, pcb: int, cid: bytes) -> bytes | None:
        if pcb & 1 == self._number and self._last:
            return self._last
        if pcb & NEGATIVE:
            return self._send(0xA2 | self._number, cid, b"")
        if not self._chaining:
            return None
        self._number ^= 1
        return self._respond(cid)

    def _send(self, pcb: int, cid: bytes, body: bytes) -> bytes:
        self._last = bytes([pcb | (WITH_CID if cid else 0)]) + cid + body
        return self._last
