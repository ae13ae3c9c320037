"""A Type 3 tag like Sony's FeliCa Lite-S: blocks of 16 bytes, asked for by Check and Update (JIS X 6319-4)."""

from __future__ import annotations

from hardware import ndef
from hardware.virtual.tag import TYPE_F

PMM = bytes.fromhex("00F1000000014300")
"""What FeliCa Lite-S says of itself."""
OWN_SYSTEM, NDEF_SYSTEM, ANY = b"\x88\xb4", b"\x12\xfc", 0xFF
READ_SERVICE, WRITE_SERVICE = b"\x0b\x00", b"\x09\x00"
DATA_BLOCKS, MOST_READ = 13, 4
MEMORY_CONFIGURATION, SYSTEM_CODE, KEY_VERSION = 0x88, 0x85, 0x86
FINE, WRONG_COUNT, WRONG_SERVICE, WRONG_BLOCK = b"\x00\x00", b"\x01\xa2", b"\x01\xa6", b"\x01\xa8"


class FelicaLiteS:
    """Answers Polling, Check and Update. A block locked by the memory configuration stays as it is.

    Authentication by card key is not modelled: what only an authenticated reader may write, nobody may.
    """

    technology = TYPE_F

    def __init__(self, idm: bytes, blocks: dict[int, bytes]) -> None:
        if len(idm) != 8:
            msg = f"an IDm has 8 bytes, not {len(idm)}"
            raise ValueError(msg)
        self._idm = idm
        configuration = bytes.fromhex("FFFFFF01070000000000000000000000")
        whole = {number: bytes(16) for number in (*range(DATA_BLOCKS + 2), KEY_VERSION, 0x90, 0x92)}
        named = {0x82: idm + bytes(8), 0x83: idm + PMM, SYSTEM_CODE: OWN_SYSTEM + bytes(14), 0x84: bytes(16)}
        self.blocks = {**whole, **named, MEMORY_CONFIGURATION: configuration, **blocks}

    @property
    def uid(self) -> bytes:
        """Return the IDm."""
        return self._idm

    def power_up(self) -> None:
        """Keep nothing but memory anyway."""

    def refuse(self) -> None:
        """Go on: a Type 3 tag knows no selection."""

    def tear(self, frame: bytes) -> None:
        """Write a block whole or not at all, as the chip does."""

    def answer(self, frame: bytes) -> bytes | None:
        """Answer Polling from anyone, and commands that name this tag."""
        if len(frame) < 2 or frame[0] != len(frame):
            return None
        if frame[1] == 0x00:
            return self._poll(frame)
        if frame[2:10] != self._idm or frame[1] not in {0x06, 0x08}:
            return None
        reply = self._check(frame[10:]) if frame[1] == 0x06 else self._update(frame[10:])
        return bytes([11 + len(reply) - 1, frame[1] + 1]) + self._idm + reply

    def _poll(self, frame: bytes) -> bytes | None:
        if len(frame) != 6:
            return None
        for system in (OWN_SYSTEM, NDEF_SYSTEM):
            if all(asked in {ANY, had} for asked, had in zip(frame[2:4], system, strict=True)):
                more = system if frame[4] == 0x01 else b""
                return bytes([18 + len(more), 0x01]) + self._idm + PMM + more
        return None

    def _check(self, body: bytes) -> bytes:
        numbers = _block_list(body[4:], body[3]) if len(body) > 3 else []
        if not 1 <= len(numbers) <= MOST_READ:
            return WRONG_COUNT
        if body[:3] not in {b"\x01" + READ_SERVICE, b"\x01" + WRITE_SERVICE}:
            return WRONG_SERVICE
        if not set(numbers) <= set(self.blocks):
            return WRONG_BLOCK
        return FINE + bytes([len(numbers)]) + b"".join(self.blocks[number] for number in numbers)

    def _update(self, body: bytes) -> bytes:
        numbers = _block_list(body[4:], body[3]) if len(body) > 3 else []
        if len(numbers) != 1 or len(body) < 16:
            return WRONG_COUNT
        if body[:3] != b"\x01" + WRITE_SERVICE:
            return WRONG_SERVICE
        if not self._writable(numbers[0]):
            return WRONG_BLOCK
        self.blocks[numbers[0]] = body[-16:]
        return FINE

    def _writable(self, number: int) -> bool:
        configuration = self.blocks[MEMORY_CONFIGURATION]
        if number > DATA_BLOCKS + 1:
            return configuration[2] == 0xFF and number in {MEMORY_CONFIGURATION, 0x82, 0x84, KEY_VERSION}
        free = int.from_bytes(configuration[0:2], "little") & ~int.from_bytes(configuration[8:10], "little")
        return bool(free >> number & 1)


def _block_list(elements: bytes, count: int) -> list[int]:
    numbers: list[int] = []
    while elements and len(numbers) < count:
        width = 2 if elements[0] & 0x80 else 3
        numbers.append(int.from_bytes(elements[1:width], "little"))
        elements = elements[width:]
    return numbers if len(numbers) == count else []


def attributes(length: int, *, at_once: int = MOST_READ, blocks: int = DATA_BLOCKS) -> bytes:
    """Return the attribute block for a message of this length (NFC Forum Type 3 Tag, 1.0)."""
    head = (
        bytes([0x10, at_once, 1]) + blocks.to_bytes(2, "big") + bytes(4) + b"\x00\x01" + length.to_bytes(3, "big")
    )
    return head + sum(head).to_bytes(2, "big")


def felica(idm: str, uri: str) -> FelicaLiteS:
    """Return a Type 3 tag with a URI on it; `idm` is 16 hexadecimal digits."""
    return felica_with(idm, ndef.encode_uri(uri))


def felica_with(idm: str, message: bytes) -> FelicaLiteS:
    """Return a Type 3 tag with any message on it."""
    if len(message) > DATA_BLOCKS * 16:
        msg = f"a message of {len(message)} bytes does not fit into {DATA_BLOCKS} blocks"
        raise ValueError(msg)
    padded = message.ljust(DATA_BLOCKS * 16, b"\x00")
    blocks = {number + 1: padded[number * 16 : number * 16 + 16] for number in range(DATA_BLOCKS)}
    return FelicaLiteS(bytes.fromhex(idm), {0: attributes(len(message)), **blocks})
