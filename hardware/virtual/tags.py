"""Virtual tags: what a chip answers to each frame, memory and all (NXP data sheet NTAG213/215/216, rev. 3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hardware import ndef

NAK = b"\x00"


class VirtualTag(Protocol):
    """Anything that can lie in the field: how it is selected, and what it answers once selected."""

    uid: bytes
    sens_res: bytes
    sak: int

    def reset(self) -> None:
        """Forget all state: the field was off."""
        ...

    def answer(self, frame: bytes) -> bytes | None:
        """Return the answer to a frame; None for silence."""
        ...


@dataclass(frozen=True, slots=True)
class Chip:
    """What tells one NTAG from another: pages of memory, CC size byte, storage size in GET_VERSION."""

    pages: int
    capacity: int
    storage: int


CHIPS = {"NTAG213": Chip(45, 0x12, 0x0F), "NTAG215": Chip(135, 0x3E, 0x11), "NTAG216": Chip(231, 0x6D, 0x13)}


class Ntag:
    """An NTAG21x: UID and check bytes in the first pages, capability container, data area, silence after a NAK."""

    sens_res = b"\x44\x00"
    sak = 0x00

    def __init__(self, uid: bytes, chip: str, area: bytes, *, capability: int = 0xE1) -> None:
        kind = CHIPS[chip]
        if len(uid) != 7 or len(area) > kind.capacity * 8:
            msg = f"{chip} takes a UID of 7 bytes and at most {kind.capacity * 8} bytes of data"
            raise ValueError(msg)
        self.uid, self._kind, self._halted = uid, kind, False
        first = uid[:3] + bytes([0x88 ^ uid[0] ^ uid[1] ^ uid[2]])
        check = bytes([uid[3] ^ uid[4] ^ uid[5] ^ uid[6], 0x48, 0, 0])
        container = bytes([capability, 0x10, kind.capacity, 0]) if capability else bytes(4)
        whole = first + uid[3:] + check + container + area
        self.memory = bytearray(whole.ljust(kind.pages * 4, b"\x00"))

    def reset(self) -> None:
        """Wake up again."""
        self._halted = False

    def answer(self, frame: bytes) -> bytes | None:
        """Answer GET_VERSION, READ, FAST_READ, WRITE and HALT; anything else is refused."""
        if self._halted or not frame:
            return None
        reply = self._reply(frame)
        self._halted = reply in {None, NAK}
        return reply

    def _reply(self, frame: bytes) -> bytes | None:
        pages = self._kind.pages
        match frame[0], len(frame):
            case 0x60, 1:
                return bytes([0x00, 0x04, 0x04, 0x02, 0x01, 0x00, self._kind.storage, 0x03])
            case 0x30, 2 if frame[1] < pages:
                return bytes((self.memory + self.memory[:16])[frame[1] * 4 : frame[1] * 4 + 16])
            case 0x3A, 3 if frame[1] <= frame[2] < pages:
                return bytes(self.memory[frame[1] * 4 : frame[2] * 4 + 4])
            case 0xA2, 6 if 4 <= frame[1] < pages - 5:
                self.memory[frame[1] * 4 : frame[1] * 4 + 4] = frame[2:]
                return b"\x0a"
            case 0x50, 2:
                return None
            case _:
                return NAK


class BankCard:
    """A payment card: speaks ISO-DEP and knows no NDEF application."""

    sens_res = b"\x04\x00"
    sak = 0x20

    def __init__(self, uid: bytes) -> None:
        self.uid = uid

    def reset(self) -> None:
        """It has no state worth forgetting."""

    def answer(self, frame: bytes) -> bytes | None:
        """Give an ATS, and `file not found` to every command."""
        if frame[:1] == b"\xe0":
            return bytes.fromhex("067577810280")
        return bytes([frame[0]]) + b"\x6a\x82" if frame and frame[0] & 0xE2 == 0x02 else None


def _tlv(message: bytes) -> bytes:
    length = bytes([len(message)]) if len(message) < 255 else b"\xff" + len(message).to_bytes(2, "big")
    return b"\x03" + length + message + b"\xfe"


def _written(uid: str, chip: str, uri: str) -> Ntag:
    return Ntag(bytes.fromhex(uid), chip, _tlv(ndef.encode_uri(uri)))


def ntag213(uid: str, uri: str) -> Ntag:
    """Return an NTAG213 with a URI on it; `uid` is 14 hexadecimal digits."""
    return _written(uid, "NTAG213", uri)


def ntag215(uid: str, uri: str) -> Ntag:
    """Return an NTAG215 with a URI on it."""
    return _written(uid, "NTAG215", uri)


def ntag216(uid: str, uri: str) -> Ntag:
    """Return an NTAG216 with a URI on it."""
    return _written(uid, "NTAG216", uri)


def blank(uid: str) -> Ntag:
    """Return an NTAG213 as it comes from the factory: an empty message."""
    return Ntag(bytes.fromhex(uid), "NTAG213", b"\x03\x00\xfe")


def malformed(uid: str) -> Ntag:
    """Return an NTAG213 whose message contradicts itself."""
    return Ntag(bytes.fromhex(uid), "NTAG213", _tlv(b"\xd1\x01\xf0U\x04cut"))


def not_ndef(uid: str) -> Ntag:
    """Return an NTAG213 that was never formatted for NDEF."""
    return Ntag(bytes.fromhex(uid), "NTAG213", b"", capability=0)


def bank_card(uid: str = "08A1B2C3") -> BankCard:
    """Return a payment card; its UID is 4 bytes and means nothing."""
    return BankCard(bytes.fromhex(uid))
