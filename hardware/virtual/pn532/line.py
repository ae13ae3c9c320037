"""A serial line without a wire: a pseudo-terminal under a path that stays the same (POSIX)."""

from __future__ import annotations

import os
import pty
import select
import termios
import tty
from contextlib import suppress
from pathlib import Path

SPEEDS = {
    getattr(termios, f"B{rate}"): rate
    for rate in (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
    if hasattr(termios, f"B{rate}")
}


class Line:
    """One plugging-in: from the link at `path` to a fresh terminal until `close`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._chip_side, self._host_side = (
            pty.openpty()
        )  # the host's side stays open, so that hosts may come and go
        tty.setraw(self._host_side)
        os.set_blocking(self._chip_side, False)
        fresh = path.with_name(path.name + ".fresh")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(self._host_side))
        fresh.replace(path)

    def speed(self) -> int:
        """Return the baud rate the host has set."""
        return SPEEDS.get(termios.tcgetattr(self._chip_side)[5], 0)

    def read(self, patience: float) -> bytes:
        """Return what the host has sent; nothing after so many seconds without."""
        if not select.select([self._chip_side], [], [], patience)[0]:
            return b""
        return os.read(self._chip_side, 4096)

    def write(self, content: bytes) -> None:
        """Send to the host; what a host that never reads leaves no room for is lost, as on a wire."""
        with suppress(BlockingIOError):
            os.write(self._chip_side, content)

    def close(self) -> None:
        """Pull the plug: the host's open file fails, and the path is gone."""
        self._path.unlink(missing_ok=True)
        os.close(self._host_side)
        os.close(self._chip_side)
