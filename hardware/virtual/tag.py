"""What every virtual tag is: something that answers frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol

from hardware.virtual.selection import HALT, REQUEST, WAKE_UP, Selection

TYPE_A, TYPE_F = "106A", "212F"


class VirtualTag(Protocol):
    """Anything that can lie in a field. Frames come and go without CRC; a 4-bit ACK or NAK is one byte."""

    @property
    def uid(self) -> bytes:
        """Return the number by which the tag is told from others."""
        ...

    @property
    def technology(self) -> str:
        """Return bit rate and type as nfcpy writes them: `106A`, `212F`."""
        ...

    def power_up(self) -> None:
        """Forget all that is not memory: the field was off."""
        ...

    def answer(self, frame: bytes) -> bytes | None:
        """Return the answer to a frame, from REQA on; None for silence."""
        ...

    def refuse(self) -> None:
        """Fall out of the selection, as after an error."""
        ...

    def tear(self, frame: bytes) -> None:
        """Lose power in the middle of what the frame asks for."""
        ...


class TypeATag(ABC):
    """A tag of ISO/IEC 14443-3 Type A: it keeps silent to every command until it has been selected."""

    technology = TYPE_A

    def __init__(self, uid: bytes, sens_res: bytes, sak: int) -> None:
        self.selection = Selection(uid, sens_res, sak)

    @property
    def uid(self) -> bytes:
        """Return the UID in force."""
        return self.selection.uid

    def power_up(self) -> None:
        """Begin idle."""
        self.selection.power_up()
        self.fall_out()

    def answer(self, frame: bytes) -> bytes | None:
        """Be selected first; then answer commands."""
        if not frame:
            return None
        if not self.selection.active:
            return self.selection.answer(frame)
        if frame in {REQUEST, WAKE_UP}:
            self.refuse()
            return None
        return self.command(frame)

    def refuse(self) -> None:
        """Fall out of the selection, as after an error."""
        self.selection.drop()
        self.fall_out()

    def halt(self) -> None:
        """Go to sleep until woken by WUPA."""
        self.selection.halt()
        self.fall_out()

    def fall_out(self) -> None:  # noqa: B027 - most families have nothing to forget
        """Forget what holds only while selected; a family with such a state says what."""

    @abstractmethod
    def command(self, frame: bytes) -> bytes | None:
        """Return the answer of the selected tag to a frame."""

    def tear(self, frame: bytes) -> None:  # noqa: B027 - most families do all or nothing
        """Do nothing of it, unless the family knows half-done work."""


class MuteTag(TypeATag):
    """A tag that can be selected and then refuses every command with the same NAK, or silence."""

    def __init__(
        self, uid: bytes, *, sens_res: bytes = b"\x04\x00", sak: int = 0x08, nak: bytes | None = None
    ) -> None:
        super().__init__(uid, sens_res, sak)
        self._nak = nak

    def command(self, frame: bytes) -> bytes | None:
        """Refuse, and fall out of the selection."""
        if frame == HALT:
            self.halt()
            return None
        self.refuse()
        return self._nak
