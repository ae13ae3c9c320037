"""An NTAG21x as a writer sees it: its pages, its message, its locks and its password."""

from __future__ import annotations

from hmac import compare_digest

from hardware import ndef, type2
from hardware.radio import TagGarbled
from hardware.tag import Outcome
from hardware.writing import tlv
from hardware.writing.keys import TagPassword
from hardware.writing.layout import CAPABILITIES, CONFIG_LOCKED, DATA, Layout
from hardware.writing.selected import ACK, SelectedTag, TagRefused
from hardware.writing.step import Content, Step

READ, FAST_READ, WRITE, GET_VERSION, READ_COUNTER, PASSWORD, READ_SIGNATURE = (
    0x30,
    0x3A,
    0xA2,
    0x60,
    0x39,
    0x1B,
    0x3C,
)
MOST_PAGES = 56
"""Pages in one FAST_READ: what every reader's frame holds."""


class NtagMemory:
    """The memory of an NTAG21x, as it was when `look` was last called; `password` guards it where it is ours."""

    def __init__(self, tag: SelectedTag, layout: Layout, password: TagPassword | None) -> None:
        self._tag, self.layout, self._password = tag, layout, password
        self.first = self.tail = self.area = b""
        self.shut = False

    def look(self) -> None:
        """Select the tag anew and read it; where it is guarded, give the password, or say that it is `shut`."""
        self.select_again()
        try:
            self._read_all()
        except TagRefused:  # a password may keep it from being read
            self.select_again()
            self._open()
            self._read_all()
        self.shut = False
        if self.guarded:
            self._open()

    def _open(self) -> None:
        self.shut = self._password is None
        if self._password is not None:
            try:
                self.authenticate(self._password)
            except TagRefused:
                self.shut = True
                self.select_again()

    def _read_all(self) -> None:
        self.first = self._read(0)
        if self.first[:3] + self.first[4:8] != self._tag.target.uid:
            msg = "the tag names another UID than the one it was selected by"
            raise TagGarbled(msg)
        self.tail = self._read(self.layout.dynamic_locks)[:12]
        blocks = min(self.first[14], self.layout.blocks) if self.formatted else self.layout.blocks
        self.area = self._pages(DATA, blocks * 2)

    @property
    def chip(self) -> str:
        """Return the chip in words."""
        return self.layout.chip

    @property
    def formatted(self) -> bool:
        """Return whether the capability container says NDEF."""
        return self.first[12] == 0xE1 and self.first[13] >> 4 == 1

    @property
    def usable(self) -> bool:
        """Return whether the container says NDEF or still can: its bits only ever rise."""
        return self.formatted or not any(self.first[12:16])

    @property
    def message(self) -> bytes | None:
        """Return the NDEF message, b"" for none; None without container, or where the memory makes no sense."""
        if not self.formatted:
            return None
        return type2.find_message(self.area) if any(self.area) else b""

    @property
    def blank(self) -> bool:
        """Return whether the tag holds no message."""
        message = self.message
        if message is None:
            return not self.formatted and not any(self.area)
        return ndef.decode(message)[0] is Outcome.EMPTY

    @property
    def room(self) -> int:
        """Return how many bytes the longest message for this tag has."""
        return tlv.room(self.area)

    def steps(self, message: bytes) -> list[Step]:
        """Return the writes that make `message` the tag's content; a container that is missing comes last."""
        steps = tlv.steps(self.area, message)
        if self.formatted:
            return steps
        unread = [Step(step.address, step.content) for step in steps]
        return [*unread, Step(CAPABILITIES, self.layout.container, Content.NEW)]

    @property
    def read_only(self) -> bool:
        """Return whether any lock bit is set, or the container forbids writing."""
        return any(self.first[10:12]) or any(self._dynamic_locks) or bool(self.first[15] & 0x0F)

    @property
    def all_locked(self) -> bool:
        """Return whether every lock bit is set, the configuration's too, and the container forbids writing."""
        whole = self._dynamic_locks == self.layout.all_locked and bool(self.config[4] & CONFIG_LOCKED)
        return whole and self.first[10:12] == b"\xff\xff" and self.first[15] & 0x0F == 0x0F

    @property
    def config(self) -> bytes:
        """Return the two configuration pages."""
        return self.tail[4:]

    @property
    def _dynamic_locks(self) -> bytes:
        return bytes(a & b for a, b in zip(self.tail[:4], self.layout.all_locked, strict=True))

    @property
    def guarded(self) -> bool:
        """Return whether some page asks for a password."""
        return self.config[3] <= self.layout.pack

    def page(self, number: int) -> bytes:
        """Return the container's page or one of the data area, as it was."""
        return (self.first[12:16] + self.area)[(number - CAPABILITIES) * 4 :][:4]

    def write(self, step: Step) -> None:
        """Write a page; raises `TagRefused` or a `RadioError`."""
        if self._tag.ask(bytes([WRITE, step.address]) + step.content) != ACK:
            msg = "a write was answered with something else"
            raise TagGarbled(msg)

    def authenticate(self, password: TagPassword) -> None:
        """Give the password; raises `TagRefused` where it is another one, or the tag does not know ours."""
        pack = self._tag.ask(bytes([PASSWORD]) + password.password)
        if not compare_digest(pack, password.pack):
            msg = "the tag answered with another acknowledge"
            raise TagRefused(msg)

    def select_again(self) -> None:
        """Select the same tag anew, without a password."""
        self._tag.select_again()

    def open_again(self) -> None:
        """Select the same tag anew, and give the password where it is guarded."""
        self.select_again()
        if self.guarded:
            self._open()

    def signature(self) -> bytes:
        """Return the originality signature, 32 bytes; b"" where the chip gives none."""
        try:
            answer = self._tag.ask(bytes([READ_SIGNATURE, 0]))
        except TagRefused:
            self.select_again()
            return b""
        return answer if len(answer) == 32 else b""

    def counts(self) -> bool:
        """Return whether the chip tells how often it was read."""
        try:
            return len(self._tag.ask(bytes([READ_COUNTER, 2]))) == 3
        except TagRefused:
            self.select_again()
            return False

    def _read(self, page: int) -> bytes:
        answer = self._tag.ask(bytes([READ, page]))
        if len(answer) != 16:
            msg = f"page {page} came with {len(answer)} bytes"
            raise TagGarbled(msg)
        return answer

    def _pages(self, first: int, count: int) -> bytes:
        read = b""
        for page in range(first, first + count, MOST_PAGES):
            last = min(page + MOST_PAGES, first + count) - 1
            read += self._tag.ask(bytes([FAST_READ, page, last]))
        if len(read) != count * 4:
            msg = f"{count} pages came with {len(read)} bytes"
            raise TagGarbled(msg)
        return read
