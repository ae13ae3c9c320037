"""One tag read once: within a deadline and a frame budget, with an outcome for everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hardware import type2, type4
from hardware.radio import Radio, RadioError, ReaderBroken, TagGarbled, TagSilent, Target
from hardware.tag import Outcome, TagRead

DEADLINE_SECONDS = 0.5
MOST_FRAMES = 120
FRAME_SECONDS = 0.1


class OutOfBudget(Exception):
    """Raised inside this file where a tag takes more time or frames than any honest tag."""


@dataclass(slots=True)
class Budget:
    """What one tap may cost: frames, and seconds until `deadline` on `clock`."""

    clock: Callable[[], float]
    deadline: float
    frames: int = MOST_FRAMES

    def spend(self) -> float:
        """Take one frame and return the seconds its answer may take; raises `OutOfBudget`."""
        self.frames -= 1
        left = self.deadline - self.clock()
        if self.frames < 0 or left <= 0:
            raise OutOfBudget
        return min(left, FRAME_SECONDS)


def read_tag(radio: Radio, target: Target, clock: Callable[[], float]) -> TagRead:
    """Read the tag that was just selected; raises nothing but `ReaderBroken`."""
    started = clock()
    budget = Budget(clock, started + DEADLINE_SECONDS)
    kind, outcome, uri = "unknown", Outcome.LOST, None
    for fast in (True, False):  # the second try reads in the way every tag understands
        try:
            kind, outcome, uri = _read(radio, target, budget, fast=fast)
            break
        except OutOfBudget:
            outcome = Outcome.UNREADABLE
            break
        except ReaderBroken:
            raise
        except RadioError:
            outcome = Outcome.UNREADABLE if _still_there(radio, target) else Outcome.LOST
            if outcome is Outcome.LOST:
                break
    name = "" if outcome is Outcome.FOREIGN else target.uid.hex().upper()
    return TagRead(name, kind, uri, outcome, milliseconds=(clock() - started) * 1000)


def _still_there(radio: Radio, target: Target) -> bool:
    try:
        return radio.sense(target.uid) is not None
    except TagGarbled:
        return True
    except TagSilent:
        return False


def _read(radio: Radio, target: Target, budget: Budget, *, fast: bool) -> tuple[str, Outcome, str | None]:
    def exchange(frame: bytes) -> bytes:
        answer = radio.exchange(frame, budget.spend())
        if len(answer) == 1 and answer[0] != 0x0A and frame[0] in {0x30, 0x3A, 0x60}:
            msg = "the tag said no"
            raise TagGarbled(msg)
        return answer

    if target.sak is None:
        return "other", Outcome.NOT_NDEF, None
    if target.sak & 0x20:
        return ("Type 4", *type4.read(exchange))
    if target.sak & 0x18:
        return "other", Outcome.FOREIGN, None
    try:
        chip = type2.chip_of(exchange(b"\x60"))
    except (TagSilent, TagGarbled):
        chip = ""
    if chip and fast:
        return (chip, *type2.read_fast(exchange))
    if not chip and radio.sense(target.uid) is None:
        raise TagSilent
    return (chip or "Type 2", *type2.read_plain(exchange))
