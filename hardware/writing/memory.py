"""What a writer needs of any tag: to see its message, and to change it step by step."""

from __future__ import annotations

from typing import Protocol

from hardware.writing.step import Step


class Memory(Protocol):
    """The NDEF memory of a selected tag, as it was when `look` was last called.

    Methods that speak to the tag raise `TagRefused`, `TagGone`, `TagSwapped` or a `RadioError`.
    """

    @property
    def chip(self) -> str:
        """Return the chip in words."""
        ...

    @property
    def message(self) -> bytes | None:
        """Return the NDEF message, b"" for none; None where what is there makes no sense."""
        ...

    @property
    def blank(self) -> bool:
        """Return whether the tag holds no message."""
        ...

    @property
    def usable(self) -> bool:
        """Return whether it can hold an NDEF message at all."""
        ...

    @property
    def read_only(self) -> bool:
        """Return whether it says that it cannot be changed."""
        ...

    @property
    def shut(self) -> bool:
        """Return whether a password that is not ours keeps it from being changed."""
        ...

    @property
    def room(self) -> int:
        """Return how many bytes the longest message has."""
        ...

    def look(self) -> None:
        """Select the tag anew and read it; gives the password where it is guarded by ours."""
        ...

    def steps(self, message: bytes) -> list[Step]:
        """Return the writes that make `message` its content, none of which leaves half of it."""
        ...

    def write(self, step: Step) -> None:
        """Do one of them."""
        ...

    def select_again(self) -> None:
        """Select the same tag anew."""
        ...
