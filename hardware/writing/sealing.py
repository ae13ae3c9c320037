"""Sealing an NTAG21x and proving it: nothing counts as locked or protected until a try to erase it has failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hardware.writing import tlv
from hardware.writing.keys import TagPassword
from hardware.writing.layout import DATA
from hardware.writing.ntag import NtagMemory
from hardware.writing.outcome import Stopped, WriteOutcome
from hardware.writing.seal import MOST_GUESSES, count_steps, lock_steps, open_steps, protect_steps
from hardware.writing.selected import TagRefused
from hardware.writing.step import Step

Do = Callable[[Step], None]
"""Write a step and keep account of what the tag reads after it."""


def lock(memory: NtagMemory, do: Do) -> None:
    """Lock the tag for ever and prove it; raises `Stopped` where the lock does not hold."""
    _do_all(lock_steps(memory.layout, memory.first, memory.tail), do)
    memory.look()
    _require(memory.all_locked)
    message, length = memory.message, tlv.length_page(memory.area)
    end = tlv.place_of_message(memory.area) + 4 + len(message or b"")
    for page in memory.layout.one_of_each_lock(DATA + end // 4):
        if page != length.address:
            _must_refuse(memory, do, Step(page, memory.page(page)))
            memory.open_again()
    _must_not_erase(memory, do)
    memory.look()
    _require(memory.message == message)


def protect(memory: NtagMemory, do: Do, password: TagPassword) -> None:
    """Guard the tag with its password and prove both sides; raises `Stopped` where the guard does not hold."""
    message = memory.message
    _do_all(protect_steps(memory.layout, memory.config, password), do)
    memory.select_again()  # without the password
    _must_not_erase(memory, do)
    memory.look()
    guesses = memory.config[4] & 0x07
    _require(memory.guarded and not memory.shut and guesses == MOST_GUESSES and memory.message == message)
    try:
        do(tlv.length_page(memory.area))
    except TagRefused as error:
        raise Stopped(WriteOutcome.SEAL_FAILED) from error


def lift(memory: NtagMemory, do: Do) -> None:
    """Take the password away again; raises `Stopped` where it stays."""
    if memory.guarded:
        _do_all(open_steps(memory.layout, memory.config), do)
        memory.look()
        _require(not memory.guarded)


def count(memory: NtagMemory, do: Do) -> None:
    """Let the chip count how often it is read; raises `Stopped` where it does not."""
    _do_all(count_steps(memory.layout, memory.config), do)
    memory.look()
    if not memory.counts():
        raise Stopped(WriteOutcome.CANNOT_COUNT)
    memory.look()


def _do_all(steps: Iterable[Step], do: Do) -> None:
    for step in steps:
        do(step)


def _require(held: bool) -> None:
    if not held:
        raise Stopped(WriteOutcome.SEAL_FAILED)


def _must_refuse(memory: NtagMemory, do: Do, step: Step) -> None:
    try:
        do(step)
    except TagRefused:
        memory.select_again()
        return
    raise Stopped(WriteOutcome.SEAL_FAILED)


def _must_not_erase(memory: NtagMemory, do: Do) -> None:
    try:
        _must_refuse(memory, do, tlv.eraser(memory.area))
    except Stopped:
        do(tlv.length_page(memory.area))
        raise
