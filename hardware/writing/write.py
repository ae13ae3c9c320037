"""Writing one tag: look, write, read back, seal, and try to write again to prove the seal."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial

from hardware.radio import Radio, RadioError, ReaderBroken, TagsCollided, Target
from hardware.writing import sealing
from hardware.writing.identify import identify
from hardware.writing.memory import Memory
from hardware.writing.ntag import NtagMemory
from hardware.writing.outcome import Order, Stopped, WriteOutcome, Written, hash_of
from hardware.writing.seal import Seal
from hardware.writing.selected import SelectedTag, TagGone, TagRefused, TagSwapped
from hardware.writing.step import Content, Step

ATTEMPTS = 3
"""How often a tag that is still there is begun anew after a lost frame or a refusal."""


def write_tag(radio: Radio, order: Order) -> Written:
    """Make the tag in the field what was ordered, and return what it is now.

    Nothing that a tag or a reader does is raised. The tag is sealed only after its content was read back and
    found right; each seal is proven by a try to erase the content. A tag that is pulled, at any frame, reads its
    old message, none, or the new one.
    """
    try:
        target = radio.sense()
        radio.prove_alone()
    except TagsCollided:
        return _nothing(order, WriteOutcome.TWO_TAGS)
    except ReaderBroken:
        return _nothing(order, WriteOutcome.READER_BROKEN)
    except RadioError:
        return _nothing(order, WriteOutcome.LOST)
    return _nothing(order, WriteOutcome.NO_TAG) if target is None else _Writing(radio, target, order).run()


def _nothing(order: Order, outcome: WriteOutcome) -> Written:
    return Written(outcome, content_hash=hash_of(order.message))


class _Writing:
    """One tag on its way; `_now` is what is known of it."""

    def __init__(self, radio: Radio, target: Target, order: Order) -> None:
        self._tag, self._order = SelectedTag(radio, target), order
        self._uid = target.uid
        self._memory: Memory | None = None
        self._now = replace(_nothing(order, WriteOutcome.LOST), uid=target.uid.hex().upper())

    def run(self) -> Written:
        """Write the tag, anew as often as that may help, and say what it is."""
        outcome = self._outcome()
        if len(self._now.holds) > 1 and self._memory is not None:
            with suppress(Stopped, TagGone, TagSwapped, TagRefused, RadioError):
                self._look(self._memory)
        return replace(self._now, outcome=outcome)

    def _outcome(self) -> WriteOutcome:
        if self._order.only not in {None, self._uid}:
            return WriteOutcome.WRONG_TAG
        if self._now.uid in self._order.used:
            return WriteOutcome.ALREADY_USED
        outcome = WriteOutcome.LOST
        for _ in range(ATTEMPTS):
            try:
                self._attempt()
            except Stopped as stopped:
                return stopped.outcome
            except (TagGone, TagSwapped, TagsCollided, ReaderBroken) as error:
                return ENDS[type(error)]
            except TagRefused:
                outcome = WriteOutcome.REFUSED
            except RadioError:
                outcome = WriteOutcome.LOST
            else:
                return WriteOutcome.WRITTEN
        return outcome if self._memory is not None else WriteOutcome.UNKNOWN_CHIP

    def _attempt(self) -> None:
        memory = self._memory = self._memory or self._identify()
        self._look(memory)
        self._check(memory)
        if memory.message != self._order.message:
            for step in memory.steps(self._order.message):
                self._do(memory, step)
            self._look(memory)
        if memory.message != self._order.message:
            raise Stopped(WriteOutcome.NOT_VERIFIED)
        if isinstance(memory, NtagMemory):
            self._seal(memory)

    def _identify(self) -> Memory:
        self._tag.select_again()
        memory = identify(self._tag, self._order.secret)
        if isinstance(memory, NtagMemory):
            self._now = replace(self._now, signature=memory.signature().hex().upper())
        return memory

    def _look(self, memory: Memory) -> None:
        """Read the tag, and note what it holds."""
        memory.look()
        self._now = replace(self._now, chip=memory.chip)
        if self._now.room is None:
            self._now = replace(self._now, before=memory.message, room=memory.room)
        known = {self._now.before: Content.OLD, self._order.message: Content.NEW}
        holds = known.get(memory.message, Content.EMPTY if memory.blank else None)
        self._now = replace(self._now, holds=frozenset() if holds is None else frozenset({holds}))

    def _check(self, memory: Memory) -> None:
        order, differs = self._order, memory.message != self._order.message
        refusals = {
            WriteOutcome.UNFORMATTED: not memory.usable,
            WriteOutcome.NOT_BLANK: differs and not memory.blank and not order.replace,
            WriteOutcome.TOO_LONG: len(order.message) > memory.room,
            WriteOutcome.READ_ONLY: memory.read_only and (differs or order.seal is Seal.PROTECTED),
            WriteOutcome.FOREIGN_PASSWORD: memory.shut and (differs or order.seal is not Seal.OPEN),
            WriteOutcome.CANNOT_SEAL: order.seal is not Seal.OPEN and not isinstance(memory, NtagMemory),
            WriteOutcome.CANNOT_COUNT: order.counting and not isinstance(memory, NtagMemory),
        }
        for outcome, applies in refusals.items():
            if applies:
                raise Stopped(outcome)

    def _do(self, memory: Memory, step: Step) -> None:
        """Write a step; until the tag has said yes, it may read what it did before or what it does after."""
        after = frozenset() if step.leaves is None else frozenset({step.leaves})
        self._now = replace(self._now, holds=self._now.holds | after)
        memory.write(step)
        self._now = replace(self._now, holds=after or self._now.holds)

    def _seal(self, memory: NtagMemory) -> None:
        order, do = self._order, partial(self._do, memory)
        if order.lift:
            sealing.lift(memory, do)
        if order.counting:
            sealing.count(memory, do)
            self._now = replace(self._now, counting=True)
        if order.seal is Seal.LOCKED:
            sealing.lock(memory, do)
            self._now = replace(self._now, locked=True, holds=frozenset({Content.NEW}))
        elif order.secret is not None and (order.seal is Seal.PROTECTED or (memory.guarded and not memory.shut)):
            sealing.protect(memory, do, order.secret.password_of(self._uid))
            self._now = replace(self._now, protected=True, holds=frozenset({Content.NEW}))


ENDS: dict[type[Exception], WriteOutcome] = {
    TagGone: WriteOutcome.LOST,
    TagSwapped: WriteOutcome.WRONG_TAG,
    TagsCollided: WriteOutcome.TWO_TAGS,
    ReaderBroken: WriteOutcome.READER_BROKEN,
}
