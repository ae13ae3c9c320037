"""Cards that are not ours: what shoppers hold to a reader by mistake."""

from __future__ import annotations

from collections.abc import Callable

from hardware.virtual.iso_dep import IsoDepTag
from hardware.virtual.tag import MuteTag
from hardware.virtual.type4 import ATS, NOT_FOUND


class NothingToFind:
    """An application that finds no file of any name."""

    def begin(self) -> None:
        """Keep no state."""

    def reply(self, command: bytes) -> bytes:  # noqa: ARG002 - the same answer to all
        """Return `file not found`, whatever was asked."""
        return NOT_FOUND


class BankCard(IsoDepTag):
    """A payment card: speaks ISO-DEP and knows no NDEF application."""

    def __init__(self, uid: bytes) -> None:
        super().__init__(uid, NothingToFind(), ats=ATS, sens_res=b"\x04\x00")


class Phone(IsoDepTag):
    """A phone's card emulation: another UID of the random range (08 and three bytes) at every power-up."""

    def __init__(self, luck: Callable[[int], bytes]) -> None:
        self._luck = luck
        super().__init__(b"\x08" + luck(3), NothingToFind(), ats=ATS, sens_res=b"\x04\x00", sak=0x60)

    def power_up(self) -> None:
        """Begin idle under a new UID."""
        super().power_up()
        self.selection.uid = b"\x08" + self._luck(3)


def bank_card(uid: str = "08A1B2C3") -> BankCard:
    """Return a payment card; its UID of 4, 7 or 10 bytes means nothing."""
    return BankCard(bytes.fromhex(uid))


def phone(luck: Callable[[int], bytes]) -> Phone:
    """Return a phone; `luck(n)` gives n random bytes."""
    return Phone(luck)


def transit_card(uid: str = "C1D2E3F4") -> MuteTag:
    """Return a MIFARE Classic as on buses: it refuses all that is not its own cipher."""
    return MuteTag(bytes.fromhex(uid), sak=0x08, nak=b"\x04")
