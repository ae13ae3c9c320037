"""Fault scripts: what goes wrong between a tag and its reader, and at which frame."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

LANGUAGE = re.compile(
    r"(?P<kind>[a-z]+)(?: (?P<first>[0-9]+)(?:-(?P<last>[0-9]+)?)?)?(?: (?P<amount>[0-9]*\.[0-9]+))?"
)
FOR_EVER = 1 << 62


class FaultKind(StrEnum):
    """What can go wrong."""

    CUT = "cut"
    """The tag is pulled away before it hears the frame."""
    TEAR = "tear"
    """The tag is pulled away while it does what the frame asks for."""
    DEAF = "deaf"
    """The tag does not hear the frame."""
    SILENCE = "silence"
    """The tag does what it is asked for, but its answer is lost."""
    NAK = "nak"
    """The tag answers NAK, whatever it was asked for, and falls out of its selection."""
    GARBLE = "garble"
    """The answer fails its check: the reader knows that a tag is there, and no more."""
    DELAY = "delay"
    """The answer comes so many seconds late."""
    NOISE = "noise"
    """This share of all answers fails its check."""
    FLIP = "flip"
    """This share of all bits is the wrong way round, and no check notices."""


SHARES = {FaultKind.NOISE, FaultKind.FLIP}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong from frame `first` to frame `last`; `amount` is seconds, or a share."""

    kind: FaultKind
    first: int = 1
    last: int = FOR_EVER
    amount: float = 0.0


class NoSuchFault(ValueError):
    """Raised when a fault script says what this language does not know; the message shows how to say it."""


class Faults:
    """A fault script at work: it counts frames from the first one after it was set, and says what is due."""

    def __init__(self, faults: Iterable[Fault] = (), luck: Random | None = None) -> None:
        self._faults, self._luck, self._frame = tuple(faults), luck, 0

    def due(self) -> dict[FaultKind, Fault]:
        """Count one more frame and return what goes wrong with it."""
        self._frame += 1
        return {fault.kind: fault for fault in self._faults if fault.first <= self._frame <= fault.last}

    def happens(self, share: float) -> bool:
        """Return whether luck strikes this time."""
        return self._luck is not None and self._luck.random() < share

    def flip(self, answer: bytes, share: float) -> bytes:
        """Return the answer with this share of its bits the wrong way round."""
        return bytes(byte ^ sum(self.happens(share) << bit for bit in range(8)) for byte in answer)


def fault_script(script: str, luck: Random | None = None) -> Faults:
    """Return the faults of a script: kinds of `FaultKind` with frames, seconds or shares, comma between them.

    `cut 7` · `garble 3` · `silence 4-6` · `nak 2-` · `delay 3 0.25` · `noise 0.2` · `flip 0.001`. Shares need
    `luck`, so that a run can be repeated. Raises `NoSuchFault`.
    """
    return Faults([_fault(words.strip(), luck) for words in script.split(",") if words.strip()], luck)


def _fault(words: str, luck: Random | None) -> Fault:
    said = LANGUAGE.fullmatch(words)
    if said is None or said["kind"] not in set(FaultKind):
        msg = f"{words!r} is no fault: say {', '.join(FaultKind)} with frames (7, 4-6, 2-) or an amount (0.25)"
        raise NoSuchFault(msg)
    kind, amount = FaultKind(said["kind"]), float(said["amount"] or 0)
    wants_amount = kind in {*SHARES, FaultKind.DELAY}
    if bool(said["amount"]) != wants_amount or (kind in SHARES) != (said["first"] is None):
        msg = f"{words!r}: delay takes frames and seconds (delay 3 0.25), noise and flip a share, all else frames"
        raise NoSuchFault(msg)
    if kind in SHARES:
        return _share(kind, amount, luck)
    last = int(said["last"]) if said["last"] else FOR_EVER if "-" in words else int(said["first"])
    return Fault(kind, int(said["first"]), last, amount)


def _share(kind: FaultKind, amount: float, luck: Random | None) -> Fault:
    if luck is None or amount > 1:
        msg = f"{kind} takes a share between 0.0 and 1.0, and luck: a random.Random of your own seed"
        raise NoSuchFault(msg)
    return Fault(kind, amount=amount)
