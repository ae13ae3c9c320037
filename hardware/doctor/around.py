"""What the doctor's commands need of the world: the machine, the terminal, time and luck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hardware.doctor.machine import Machine
from hardware.writing.run import Desk


@dataclass(frozen=True, slots=True)
class Around:
    """`clock` counts seconds, `now` is the time of day, `luck(n)` gives n random bytes, `pcsc_readers` names."""

    machine: Machine
    desk: Desk
    clock: Callable[[], float]
    now: Callable[[], datetime]
    wait: Callable[[float], None]
    luck: Callable[[int], bytes]
    pcsc_readers: Callable[[], Sequence[str]]
