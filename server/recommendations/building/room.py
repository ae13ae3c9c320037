"""What a build may take of memory and disk, and the refusal where that is too little."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage
from tempfile import gettempdir

from server.errors import ServerError


@dataclass(frozen=True, slots=True)
class Room:
    """What a build may take: of memory, beyond which it works on disk, and of the disk's free bytes."""

    memory: str = "50%"
    of_disk: float = 0.5
    at_once: int = 0
    """Looks sorted at once; 0 for as many as that memory holds."""


HALF = Room()
"""Shoppers are answered, and taps stored, beside it."""


class NoRoom(ServerError):
    """Raised when a build would take more memory and disk than it may."""

    def __init__(self) -> None:
        super().__init__(
            f"The visits do not fit into the memory and disk that training may use here ({gettempdir()} has half "
            "of what is free). Point TMPDIR at a larger disk, or train on a larger machine; what serves goes on."
        )


@dataclass(frozen=True, slots=True)
class Scratch:
    """A folder for what does not fit into memory, and the bytes that may lie in it."""

    folder: Path
    allowed: int

    @classmethod
    def within(cls, folder: Path, room: Room) -> Scratch:
        """Return the scratch folder of a build that may take so much room."""
        return cls(folder, int(disk_usage(folder).free * room.of_disk))

    def left(self) -> int:
        """Return how many bytes it may still take. Raises `NoRoom` where none are left."""
        left = self.allowed - sum(one.stat().st_size for one in self.folder.rglob("*.parquet"))
        if left < 0:
            raise NoRoom
        return left
