"""The pages of an NTAG21x and what may still be written to each (NXP data sheet NTAG213/215/216, 8.5)."""

from __future__ import annotations

from dataclasses import dataclass

STATIC_LOCK_PAGE, CAPABILITY_PAGE, FIRST_DATA_PAGE, FIRST_DYNAMIC_PAGE = 2, 3, 4, 16
STATIC_FREEZE = {0: 0x0008, 1: 0x03F0, 2: 0xFC00}
"""Which lock bits each of the static block-locking bits 0, 1, 2 freezes; lock bit n is for page n."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What tells one chip from another.

    `lock_page` is the page of the dynamic lock bytes, which follows the data area; `grain` the pages one
    of their bits locks; `capacity` the CC's size byte; `storage` the size byte of GET_VERSION.
    """

    lock_page: int
    grain: int
    capacity: int
    storage: int

    @property
    def pages(self) -> int:
        """Return how many pages there are: after the lock bytes come CFG0, CFG1, PWD and PACK."""
        return self.lock_page + 5

    @property
    def lock_bits(self) -> int:
        """Return how many dynamic lock bits there are."""
        return -(-(self.lock_page - FIRST_DYNAMIC_PAGE) // self.grain)


CHIPS = {
    "NTAG213": Layout(lock_page=0x28, grain=2, capacity=0x12, storage=0x0F),
    "NTAG215": Layout(lock_page=0x82, grain=16, capacity=0x3E, storage=0x11),
    "NTAG216": Layout(lock_page=0xE2, grain=16, capacity=0x6D, storage=0x13),
}


class Memory:
    """Pages of four bytes with their one-way locks. The password is not asked for here."""

    def __init__(self, uid: bytes, layout: Layout, area: bytes, container: bytes) -> None:
        self.layout = layout
        first = uid[:3] + bytes([0x88 ^ uid[0] ^ uid[1] ^ uid[2]])
        check = bytes([uid[3] ^ uid[4] ^ uid[5] ^ uid[6], 0x48, 0, 0])
        data = (first + uid[3:] + check + container + area).ljust(layout.lock_page * 4, b"\x00")
        settings = bytes.fromhex("000000BD 040000FF 00050000 FFFFFFFF 00000000")
        self.content = bytearray(data + settings)

    def page(self, number: int) -> bytes:
        """Return the four bytes of a page."""
        return bytes(self.content[number * 4 : number * 4 + 4])

    def write(self, number: int, four: bytes, *, settings_locked: bool) -> bool:
        """Write a page as far as its kind allows; False where it is locked or cannot be written."""
        layout = self.layout
        if number == STATIC_LOCK_PAGE:
            self._lock_static(four)
        elif number == layout.lock_page:
            self._lock_dynamic(four)
        elif not self._writable(number, settings_locked):
            return False
        elif number == CAPABILITY_PAGE:
            self._put(number, bytes(old | new for old, new in zip(self.page(number), four, strict=True)))
        else:
            self._put(number, four)
        return True

    def _writable(self, number: int, settings_locked: bool) -> bool:
        lock_page = self.layout.lock_page
        if number < CAPABILITY_PAGE or number >= self.layout.pages:
            return False
        if number > lock_page:
            return not settings_locked or number > lock_page + 2
        if number < FIRST_DYNAMIC_PAGE:
            return not self._static_locks() >> number & 1
        return not self._dynamic_locks() >> (number - FIRST_DYNAMIC_PAGE) // self.layout.grain & 1

    def _static_locks(self) -> int:
        return int.from_bytes(self.page(STATIC_LOCK_PAGE)[2:], "little")

    def _dynamic_locks(self) -> int:
        return int.from_bytes(self.page(self.layout.lock_page)[:2], "little")

    def _lock_static(self, four: bytes) -> None:
        old = self._static_locks()
        frozen = sum(mask for bit, mask in STATIC_FREEZE.items() if old >> bit & 1)
        new = old | int.from_bytes(four[2:], "little") & ~frozen
        self._put(STATIC_LOCK_PAGE, self.page(STATIC_LOCK_PAGE)[:2] + new.to_bytes(2, "little"))

    def _lock_dynamic(self, four: bytes) -> None:
        page, bits = self.page(self.layout.lock_page), self.layout.lock_bits
        blocks = page[2]
        frozen = sum(0b11 << 2 * block for block in range(8) if blocks >> block & 1)
        asked = int.from_bytes(four[:2], "little") & (1 << bits) - 1
        new = self._dynamic_locks() | asked & ~frozen
        blocks |= four[2] & (1 << (bits + 1) // 2) - 1
        self._put(self.layout.lock_page, new.to_bytes(2, "little") + bytes([blocks, page[3]]))

    def _put(self, number: int, four: bytes) -> None:
        self.content[number * 4 : number * 4 + 4] = four
