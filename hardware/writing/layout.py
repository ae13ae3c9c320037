"""The memory of an NTAG21x: which page holds what (NXP data sheet NTAG213/215/216, rev. 3.2, 8.5). Pure."""

from __future__ import annotations

from dataclasses import dataclass

STATIC_LOCKS, CAPABILITIES, DATA = 2, 3, 4
"""Pages with the static lock bytes and the capability container, and the first page of the data area."""

COUNTING, CONFIG_LOCKED = 0x10, 0x40
"""Bits of the ACCESS byte: NFC_CNT_EN, CFGLCK."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One chip's memory: `blocks` is the size byte of its capability container (8 bytes of data area each),
    `dynamic_locks` the page of its dynamic lock bytes, `all_locked` what that page holds when nothing may change
    any more, `lock_group` how many pages share one dynamic lock bit.
    """

    chip: str
    blocks: int
    dynamic_locks: int
    all_locked: bytes
    lock_group: int

    @property
    def config(self) -> int:
        """Return the page with MIRROR and AUTH0; ACCESS, the password and PACK are on the next three."""
        return self.dynamic_locks + 1

    @property
    def access(self) -> int:
        """Return the page that opens with the ACCESS byte."""
        return self.config + 1

    @property
    def password(self) -> int:
        """Return the page of the password; PACK is on the next, the last of the chip."""
        return self.config + 2

    @property
    def pack(self) -> int:
        """Return the page of the password acknowledge."""
        return self.config + 3

    @property
    def container(self) -> bytes:
        """Return the capability container of an open, formatted chip."""
        return bytes([0xE1, 0x10, self.blocks, 0x00])

    def one_of_each_lock(self, last: int) -> list[int]:
        """Return a page for each lock bit that guards the pages from the container to `last`."""
        alone = range(CAPABILITIES, min(last, 15) + 1)
        return [*alone, *range(16, last + 1, self.lock_group)]


NTAG213 = Layout("NTAG213", 0x12, 40, bytes.fromhex("FF0F3F00"), 2)
NTAG215 = Layout("NTAG215", 0x3E, 130, bytes.fromhex("FF000F00"), 16)
NTAG216 = Layout("NTAG216", 0x6D, 226, bytes.fromhex("FF3F7F00"), 16)

LAYOUTS = {layout.chip: layout for layout in (NTAG213, NTAG215, NTAG216)}
