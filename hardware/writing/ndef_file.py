"""The NDEF file of a Type 4 tag (NTAG 424 DNA and kin) as a writer sees it (NFC Forum Type 4 Tag 2.0)."""

from __future__ import annotations

from hardware import ndef
from hardware.tag import Outcome
from hardware.type4 import APPLICATION, ATS_NTAG424, CAPABILITIES, IsoDep, NotOurs
from hardware.writing.outcome import Stopped, WriteOutcome
from hardware.writing.selected import SelectedTag, TagRefused
from hardware.writing.step import Content, Step

CHUNK = 48
"""Bytes in one read or write: with their heads they fit the smallest frame a reader or a tag may have."""


class NdefFile:
    """The NDEF file of a Type 4 tag, as it was when `look` was last called."""

    usable, shut = True, False

    def __init__(self, tag: SelectedTag) -> None:
        self._tag, self._card = tag, IsoDep(tag.exchange)
        self._size, self.read_only, self.chip = 0, False, "Type 4"
        self.message: bytes | None = None

    @property
    def blank(self) -> bool:
        """Return whether the file holds no message."""
        return self.message is not None and ndef.decode(self.message)[0] is Outcome.EMPTY

    @property
    def room(self) -> int:
        """Return how many bytes the longest message has: its length takes two of the file."""
        return self._size - 2

    def look(self) -> None:
        """Select the tag and its NDEF file anew, and read it."""
        self.select_again()
        self._card = IsoDep(self._tag.exchange)
        try:
            self.chip = "NTAG 424 DNA" if self._card.activate() == ATS_NTAG424 else self.chip
            self._card.command(APPLICATION)
        except NotOurs as error:  # a bank card, a transit card
            raise Stopped(WriteOutcome.UNKNOWN_CHIP) from error
        self._select(CAPABILITIES)
        container = self._command(b"\x00\xb0\x00\x00\x0f")
        if len(container) < 15 or container[7:9] != b"\x04\x06":
            raise Stopped(WriteOutcome.UNFORMATTED)
        self._size = int.from_bytes(container[11:13], "big")
        self.read_only = container[14] != 0
        self._select(container[9:11])
        length = int.from_bytes(self._read(0, 2), "big")
        self.message = self._read(2, length) if length <= self.room else None

    def steps(self, message: bytes) -> list[Step]:
        """Return the writes: the length becomes 0, then the message comes, its length last."""
        length = Step(0, len(message).to_bytes(2, "big"), Content.NEW)
        if not message:
            return [length]
        parts = [Step(2 + at, message[at : at + CHUNK]) for at in range(0, len(message), CHUNK)]
        return [Step(0, b"\x00\x00", Content.EMPTY), *parts, length]

    def write(self, step: Step) -> None:
        """Write a part of the file."""
        head = bytes([0x00, 0xD6]) + step.address.to_bytes(2, "big") + bytes([len(step.content)])
        self._command(head + step.content)

    def select_again(self) -> None:
        """Select the same tag anew; its file must then be selected too."""
        self._tag.select_again()

    def _select(self, file: bytes) -> None:
        self._command(b"\x00\xa4\x00\x0c\x02" + file)

    def _read(self, first: int, length: int) -> bytes:
        found = b""
        while len(found) < length:
            at = first + len(found)
            asked = min(CHUNK, length - len(found))
            part = self._command(bytes([0x00, 0xB0]) + at.to_bytes(2, "big") + bytes([asked]))
            if not part:  # a card that answers nothing for ever would hold the reader for ever
                break
            found += part
        return found[:length]

    def _command(self, apdu: bytes) -> bytes:
        try:
            return self._card.command(apdu)
        except NotOurs as error:
            raise TagRefused(str(error)) from error
