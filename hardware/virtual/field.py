"""The simulated radio's other end: a field on a UDP port in which a virtual tag can lie."""

from __future__ import annotations

import socket
import threading
from functools import reduce
from operator import xor
from types import TracebackType
from typing import Self

from hardware.virtual.tags import VirtualTag

CASCADE = {0x93: 0, 0x95: 1, 0x97: 2}


class VirtualField:
    """A field for nfcpy's simulated radio: `with VirtualField() as field`, then `lay` a tag and `take` it away.

    `reader` is the name under which a reader finds it. `cut_after(n)` lets the tag leave after n more frames.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, port))
        self._socket.settimeout(0.1)
        self._tag: VirtualTag | None = None
        self._frames_left: int | None = None
        self._lock, self._closed = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="virtual-field", daemon=True)

    @property
    def reader(self) -> str:
        """Return the reader's name, as `hardware.choose` takes it."""
        host, port = self._socket.getsockname()
        return f"udp:{host}:{port}"

    @property
    def lying(self) -> VirtualTag | None:
        """Return the tag that lies in the field."""
        return self._tag

    def lay(self, tag: VirtualTag) -> None:
        """Lay a tag in the field, in place of the one that lies there."""
        with self._lock:
            tag.reset()
            self._tag, self._frames_left = tag, None

    def take(self) -> None:
        """Take the tag away."""
        with self._lock:
            self._tag = None

    def cut_after(self, frames: int) -> None:
        """Let the tag leave after so many more answered frames."""
        with self._lock:
            self._frames_left = frames

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
            except TimeoutError:
                continue
            except OSError:
                return
            with self._lock:
                reply = self._answer(datagram)
            if reply is not None:
                self._socket.sendto(reply, address)

    def _answer(self, datagram: bytes) -> bytes | None:
        technology, _, written = datagram.partition(b" ")
        if technology == b"RFOFF":
            if self._tag is not None:
                self._tag.reset()
            return None
        try:
            frame = bytes.fromhex(written.decode("ascii"))
        except ValueError:
            return None
        if technology != b"106A":
            return technology
        if self._tag is None:
            return technology if frame == b"\x26" else None
        if self._frames_left is not None:
            self._frames_left -= 1
            if self._frames_left < 0:
                self._tag = None
                return None
        reply = (
            _activation(self._tag, frame) if frame[:1] in {b"\x26", b"\x93", b"\x95"} else self._tag.answer(frame)
        )
        return None if reply is None else b"106A " + reply.hex().encode()


def _activation(tag: VirtualTag, frame: bytes) -> bytes | None:
    if frame == b"\x26":
        tag.reset()
        return tag.sens_res
    parts = [tag.uid] if len(tag.uid) == 4 else [b"\x88" + tag.uid[:3], tag.uid[3:]]
    level = CASCADE[frame[0]]
    if level >= len(parts):
        return None
    part = parts[level] + bytes([reduce(xor, parts[level])])
    if frame[1:] == b"\x20":
        return part
    if frame[1:2] == b"\x70" and frame[2:7] == part:
        tag.reset()
        return bytes([tag.sak | (0x04 if level + 1 < len(parts) else 0)])
    return None
