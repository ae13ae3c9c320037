"""What every reader's radio can do, however it is made: find a tag, exchange frames with it, show feedback."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hardware.fault import ReaderFault, in_words


class RadioError(Exception):
    """Raised when an exchange with a tag, or the device, failed."""


class TagSilent(RadioError):
    """Raised when no tag answered in time."""


class TagGarbled(RadioError):
    """Raised when something answered that failed its check (CRC, parity): a tag is there."""


class TagsCollided(TagGarbled):
    """Raised when more than one tag answered at once; so may noise make it seem, for a look or two."""


class TwoTags(TagsCollided):
    """Raised when two tags were told apart by their UIDs: no noise looks like that."""


class ReaderBroken(RadioError):
    """Raised when the device itself failed; only a new `Radio` helps. As text it is a sentence for people."""

    def __init__(self, fault: ReaderFault, where: str = "") -> None:
        super().__init__(fault, where)
        self.fault, self.where = fault, where

    def __str__(self) -> str:
        return in_words(self.fault, self.where)


class Feedback(StrEnum):
    """What light and sound can tell."""

    READ = "read"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Target:
    """A tag found and selected: UID, SAK, ATQA as in ISO/IEC 14443-3; a Type 1 tag has no SAK."""

    uid: bytes
    sak: int | None
    atqa: bytes
    technology: str = "106A"


class Radio(Protocol):
    """One opened device. Not safe for several threads; after `ReaderBroken` only `close` may be called."""

    def sense(self, uid: bytes | None = None) -> Target | None:
        """Return the tag in the field, selected anew; with `uid`, only that tag.

        None means clean silence: nothing is there. Where several tags lie there, raises `TagsCollided`, or selects
        one of them: `prove_alone` tells. Raises `TagGarbled` where something is there that could not be
        selected, `TagSilent` where the radio itself kept silent so that nothing is known, and `ReaderBroken`.
        """
        ...

    def prove_alone(self) -> None:
        """Raise `TagsCollided` where another tag lies beside the one selected, which must then be selected anew.

        To be called before anything that the tag said is told. Raises `ReaderBroken`.
        """
        ...

    def exchange(self, frame: bytes, timeout: float) -> bytes:
        """Send a frame to the selected tag and return its answer without CRC; a 4-bit ACK or NAK is one byte.

        `timeout` is in seconds. Raises `TagSilent`, `TagGarbled` or `ReaderBroken`.
        """
        ...

    def signal(self, feedback: Feedback) -> None:
        """Show light and sound where there are any; never raises, takes a tenth of a second at most."""
        ...

    def close(self) -> None:
        """Let the device go; never raises."""
        ...
