"""One tag read once: within a deadline and a frame budget, with an outcome for everything."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from hardware import type2, type3, type4
from hardware.radio import Radio, RadioError, TagGarbled, TagSilent, Target
from hardware.tag import Outcome, TagRead

DEADLINE_SECONDS = 0.5
EXTRAS_SECONDS = 0.25
"""What a tag says of itself besides its message is only asked for in the first half of the deadline."""
MOST_FRAMES = 120
FRAME_SECONDS = 0.1
MOST_SEEN = 4096


class OutOfBudget(Exception):
    """Raised inside this file where a tag takes more time or frames than any honest tag."""


@dataclass(slots=True)
class Budget:
    """What one tap may cost: frames, and seconds since `started` on `clock`."""

    clock: Callable[[], float]
    started: float
    frames: int = MOST_FRAMES

    def spend(self, until: float = DEADLINE_SECONDS) -> float:
        """Take one frame and return the seconds its answer may take; raises `OutOfBudget` past `until`."""
        self.frames -= 1
        left = self.started + until - self.clock()
        if self.frames < 0 or left <= 0:
            raise OutOfBudget
        return min(left, FRAME_SECONDS)


@dataclass(frozen=True, slots=True)
class Known:
    """What an NTAG21x said of itself when its UID was first seen."""

    chip: str
    counts: bool


class TapEngine:
    """Reads tags for one reader; remembers the UIDs seen since it started, to ask each once for what stays.

    That is the chip, its originality signature, and whether its NFC counter is on; the counter itself is read at
    each tap where it is. None of this can spoil a message already read.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: OrderedDict[bytes, Known] = OrderedDict()

    def read(self, radio: Radio, target: Target) -> TagRead:
        """Read the tag that was just selected; raises nothing but `ReaderBroken`."""
        budget = Budget(self._clock, self._clock())
        read = self._content(radio, target, budget)
        if read.kind == type2.KIND and read.outcome not in {Outcome.LOST, Outcome.UNREADABLE}:
            exchange = _exchange(radio, budget, until=EXTRAS_SECONDS)
            read = self._with_extras(exchange, target.uid, read)
        return replace(read, milliseconds=(self._clock() - budget.started) * 1000)

    def _content(self, radio: Radio, target: Target, budget: Budget) -> TagRead:
        uid, outcome = target.uid.hex().upper(), Outcome.LOST
        for fast in (True, False):  # the second try reads in the way every tag understands
            try:
                kind, outcome, uri = _read(target, _exchange(radio, budget), fast=fast)
                return TagRead("" if outcome is Outcome.FOREIGN else uid, kind, uri, outcome)
            except OutOfBudget:
                return TagRead(uid, "unknown", None, Outcome.UNREADABLE)
            except (TagSilent, TagGarbled):
                outcome = Outcome.UNREADABLE if _still_there(radio, target) else Outcome.LOST
                if outcome is Outcome.LOST:
                    break
        return TagRead(uid, "unknown", None, outcome)

    def _with_extras(self, exchange: type2.Exchange, uid: bytes, read: TagRead) -> TagRead:
        try:
            if uid not in self._known:
                read = replace(read, kind=type2.chip_of(exchange(type2.GET_VERSION)) or read.kind)
                if read.kind == type2.KIND:
                    return read
                self._remember(uid, Known(read.kind, counts=type2.counter_is_on(exchange, read.kind)))
                read = replace(read, signature=type2.signature(exchange))
            known = self._known[uid]
            read = replace(read, kind=known.chip)
            if known.counts:
                read = replace(read, counter=type2.counter(exchange))
        except (OutOfBudget, RadioError):
            pass  # the message is good whatever comes after it; a broken reader is found at the next look
        return read

    def _remember(self, uid: bytes, known: Known) -> None:
        self._known[uid] = known
        if len(self._known) > MOST_SEEN:
            self._known.popitem(last=False)


def _exchange(radio: Radio, budget: Budget, until: float = DEADLINE_SECONDS) -> type2.Exchange:
    return lambda frame: radio.exchange(frame, budget.spend(until))


def _still_there(radio: Radio, target: Target) -> bool:
    try:
        return radio.sense(target.uid) is not None
    except TagGarbled:
        return True
    except TagSilent:
        return False


def _read(target: Target, exchange: type2.Exchange, *, fast: bool) -> tuple[str, Outcome, str | None]:
    if target.technology != "106A":
        return ("Type 3", *type3.read(exchange, target.uid))
    if target.sak is None:
        return "Type 1", Outcome.NOT_NDEF, None
    if target.sak & 0x20:
        return type4.read(exchange)
    if target.sak & 0x18:
        return "other", Outcome.FOREIGN, None
    return (type2.KIND, *(type2.read_fast(exchange) if fast else type2.read_plain(exchange)))
