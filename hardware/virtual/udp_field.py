"""The other end of nfcpy's simulated radio: a field on a UDP port (facts: `106A 26` asks, `106A 4400` answers)."""

from __future__ import annotations

import select
import socket
import threading
from types import TracebackType
from typing import Self

from hardware.virtual.field import Field
from hardware.virtual.selection import REQUEST, WAKE_UP

FIELD_OFF = b"RFOFF"


class VirtualField(Field):
    """A field for nfcpy's simulated radio: `with VirtualField() as field`, then `lay` a tag and `take` it away.

    `reader` is the name under which a reader finds it. One reader at a time.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, port))
        self._socket.settimeout(0.1)
        self._reader: tuple[str, int] | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="virtual-field", daemon=True)

    @property
    def reader(self) -> str:
        """Return the reader's name, as `hardware.choose` takes it."""
        host, port = self._socket.getsockname()
        return f"udp:{host}:{port}"

    def __enter__(self) -> Self:
        """Switch the field on."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Switch it off."""
        self.close()

    def close(self) -> None:
        """Switch the field off for good."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(2)
        self._socket.close()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                datagram, address = self._socket.recvfrom(1024)
                reply = self._react(datagram, address)
                if reply is not None and not self._given_up():
                    self._socket.sendto(reply, address)
            except OSError:
                continue

    def _given_up(self) -> bool:
        """Return whether the reader has asked again: it would take this answer for the next one."""
        return bool(select.select([self._socket], [], [], 0)[0])

    def _react(self, datagram: bytes, address: tuple[str, int]) -> bytes | None:
        technology, _, written = datagram.partition(b" ")
        if technology == FIELD_OFF or address != self._reader:
            self._reader = address
            self.off()  # a reader comes from a new port after every time its field was off
        if technology == FIELD_OFF:
            return None
        try:
            frame = bytes.fromhex(written.decode("ascii"))
            reply = self.answer(technology.decode("ascii"), frame)
        except ValueError:
            return None
        if reply is None and not _polls(technology, frame):
            return None
        return (technology + b" " + (reply or b"").hex().encode()).strip()


def _polls(technology: bytes, frame: bytes) -> bool:
    """Return whether a frame asks who is there: an empty field says so at once, or the reader waits a second."""
    first, second = frame[:1], frame[1:2]
    return {
        b"A": frame in {REQUEST, WAKE_UP},
        b"B": first == b"\x05",
        b"F": second == b"\x00",
    }.get(technology[-1:], False)
