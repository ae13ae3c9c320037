"""A PN532 on a serial line, with its field: real serial drivers open it, and all that goes wrong can go wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from hardware.virtual.faults import Fault, FaultKind, Faults, fault_script
from hardware.virtual.field import Field
from hardware.virtual.pn532.chip import Chip, SyntaxWrong
from hardware.virtual.pn532.commands import Command
from hardware.virtual.pn532.frames import ACK, SYNTAX_ERROR, TO_HOST, FrameReader, Signal, frame
from hardware.virtual.pn532.line import Line

TICK_SECONDS = 0.02
BITS_PER_BYTE = 10


class VirtualPn532(Field):
    """A PN532 at the path `folder/name`: `with VirtualPn532(folder) as reader`, then `lay` tags, `unplug`, `hang`.

    `reader` is its setting. `modelled` makes it as slow as wire and air are on hardware, though not the firmware,
    of which no figures are published; `wait(seconds)` sleeps. `disturb` is for what goes wrong in the air;
    `disturb_wire` for the line, where a frame is an answer of the chip: cut unplugs, silence gives no answer,
    nak gives the error frame, garble, noise and flip spoil bytes.
    """

    def __init__(
        self,
        folder: Path,
        name: str = "COM7",
        *,
        modelled: bool = False,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(wait)
        self.port, self._modelled = folder / name, modelled
        self._wire_faults, self._unplugged = Faults(), threading.Event()
        self._thread: threading.Thread | None = None
        self._begin()

    @property
    def reader(self) -> str:
        """Return the reader's name, as `hardware.choose` takes it."""
        return f"tty:{self.port}:pn532"

    @property
    def rate(self) -> int:
        """Return the baud rate the chip listens at."""
        return self._chip.rate

    def plug(self) -> None:
        """Plug the reader in, under the same path as ever, fresh from power-up."""
        self.unplug()
        self._unplugged.clear()
        self._begin()
        self._line = Line(self.port)
        self._thread = threading.Thread(target=self._run, name="virtual-pn532", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Pull the plug, whatever the host is doing."""
        self._unplugged.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def hang(self) -> None:
        """Let the chip answer nothing any more."""
        self.disturb_wire(fault_script("silence 1-"))

    def recover(self) -> None:
        """Let it answer again; nothing else goes wrong either."""
        self.disturb_wire(Faults())

    def disturb_wire(self, faults: Faults) -> None:
        """Let this fault script begin on the serial line, in place of the one at work."""
        self._wire_faults = faults

    def __enter__(self) -> Self:
        """Plug it in."""
        self.plug()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Pull it out."""
        self.unplug()

    def _run(self) -> None:
        try:
            while not self._unplugged.is_set():
                self._listen(self._line.read(TICK_SECONDS))
        finally:
            self._line.close()
            self.off()

    def _begin(self) -> None:
        self._chip, self._frames = Chip(self), FrameReader()
        self._last, self._unanswered = b"", b""

    def _listen(self, fresh: bytes) -> None:
        speed = self._line.speed()
        if speed == self._chip.next_rate:  # a host that closes its port at once may lose its own acknowledgement
            self._settle_rate()
        if not fresh:
            self._try_again()
        elif speed == self._chip.rate:
            for said in self._frames.feed(fresh):
                self._hear(said, len(fresh))
        else:
            self._frames.forget()

    def _try_again(self) -> None:
        if self._unanswered[:1] == bytes([Command.IN_LIST_PASSIVE_TARGET]):
            self._work(self._unanswered, {})

    def _hear(self, said: bytes | Signal, size: int) -> None:
        self._unanswered = b""
        if said is Signal.NACK:
            self._line.write(self._last)
        elif said is Signal.ACK:
            self._settle_rate()
        elif isinstance(said, bytes):
            self._answer(said, size)

    def _settle_rate(self) -> None:
        if self._chip.next_rate:
            self._chip.rate, self._chip.next_rate = self._chip.next_rate, 0

    def _answer(self, command: bytes, size: int) -> None:
        due = self._wire_faults.due()
        if FaultKind.CUT in due:
            self._unplugged.set()
        if {FaultKind.CUT, FaultKind.SILENCE, FaultKind.DEAF} & set(due):
            return
        self._pause(size + len(ACK))
        self._line.write(ACK)
        if FaultKind.DELAY in due:
            self._wait(due[FaultKind.DELAY].amount)
        if FaultKind.NAK in due:
            self._send(SYNTAX_ERROR)
        else:
            self._work(command, due)

    def _work(self, command: bytes, due: dict[FaultKind, Fault]) -> None:
        self._chip.air.seconds = 0.0
        try:
            answer = self._chip.execute(command)
        except SyntaxWrong:
            self._send(SYNTAX_ERROR)
            return
        self._frames.asleep = self._chip.asleep
        self._unanswered = command if answer is None else b""
        if answer is not None:
            self._send(_spoilt(frame(bytes([TO_HOST]) + answer), due, self._wire_faults))

    def _send(self, content: bytes) -> None:
        self._last = content
        self._pause(len(content), self._chip.air.seconds)
        self._line.write(content)

    def _pause(self, size: int, seconds: float = 0.0) -> None:
        if self._modelled:
            self._wait(seconds + size * BITS_PER_BYTE / self._chip.rate)


def _spoilt(content: bytes, due: dict[FaultKind, Fault], faults: Faults) -> bytes:
    flip, noise = due.get(FaultKind.FLIP), due.get(FaultKind.NOISE)
    if flip:
        content = faults.flip(content, flip.amount)
    if FaultKind.GARBLE in due or (noise and faults.happens(noise.amount)):
        middle = len(content) // 2
        content = content[:middle] + bytes([content[middle] ^ 0x10]) + content[middle + 1 :]
    return content
