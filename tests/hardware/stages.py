"""One stage for every kind of reader: lay a tag on it, take it away, pull the reader out and plug it in again."""

from __future__ import annotations

import contextlib
import io
import os
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from hardware.choose import open_reader
from hardware.fault import ReaderFault
from hardware.keyboard_reader import KeyboardReader
from hardware.nfc_reader import open_radio, radio_in_process, radio_on_usb
from hardware.pcsc_reader import open_radio as open_pcsc
from hardware.polling_reader import PollingReader
from hardware.radio import Radio, ReaderBroken
from hardware.reader import Arrived, Fault, Recovered, Removed, TagReader
from hardware.scripted_reader import ScriptedReader
from hardware.tag import Outcome, TagRead
from hardware.virtual import Field, VirtualAcr122u, VirtualField, VirtualPn532, VirtualTag
from tests.hardware.pcsc_service import VirtualCard, pcscd, why_not
from tests.ports import free_port

PCSC = {
    "pcsc": ("Virtual PCD", "no frames"),
    "pcsc, transparent": ("Virtual PCD", "transparent"),
    "pcsc, ACR122U": ("ACR122U PICC", "direct"),
}
"""What the reader calls itself, and how it carries frames as they are."""
CLOCKS = {"clock": time.perf_counter, "wait": time.sleep}


class Stage:
    """A reader and what happens on it."""

    reader: TagReader
    open_radio: Callable[[], Radio] | None = None
    field: Field | None = None

    def lay(self, tag: VirtualTag) -> None:
        """Lay a tag on the reader."""
        assert self.field is not None
        self.field.lay(tag)

    def take(self) -> None:
        """Take it away."""
        assert self.field is not None
        self.field.take()

    def unplug(self) -> None:
        """Make the reader fail."""
        raise NotImplementedError

    def plug(self) -> None:
        """Make it work again."""
        raise NotImplementedError


class InProcess(Stage):
    """nfcpy on a field in this process."""

    def __init__(self) -> None:
        self.field, self._plugged = Field(), True
        self.open_radio = self._open
        self.reader = PollingReader(self._open, **CLOCKS)

    def _open(self) -> Radio:
        if not self._plugged:
            raise ReaderBroken(ReaderFault.NOT_FOUND, "here")
        return radio_in_process(self)

    def answer(self, technology: str, frame: bytes) -> bytes | None:
        if not self._plugged:
            raise OSError
        assert self.field is not None
        return self.field.answer(technology, frame)

    def off(self) -> None:
        assert self.field is not None
        self.field.off()

    def unplug(self) -> None:
        self._plugged = False

    def plug(self) -> None:
        self._plugged = True


class SimulatedRadio(Stage):
    """nfcpy on the simulated radio; unplugged, nobody answers at its port."""

    def __init__(self) -> None:
        self._port = free_port(socket.SOCK_DGRAM)
        self._begin()
        name = f"udp:127.0.0.1:{self._port}"
        self.open_radio = partial(open_radio, name)
        self.reader = open_reader(name, **CLOCKS)

    def _begin(self) -> None:
        self.field = VirtualField(port=self._port)
        self.field.__enter__()

    def unplug(self) -> None:
        assert isinstance(self.field, VirtualField)
        self.field.close()

    def plug(self) -> None:
        self._begin()


class SerialLine(Stage):
    """nfcpy's driver of a PN532 on a serial line; unplugged, the line is gone."""

    def __init__(self, folder: Path) -> None:
        self._chip = VirtualPn532(folder)
        self._chip.plug()
        self.field = self._chip
        self.open_radio = partial(open_radio, self._chip.reader)
        self.reader = open_reader(self._chip.reader, **CLOCKS)

    def unplug(self) -> None:
        self._chip.unplug()

    def plug(self) -> None:
        self._chip.plug()


class UsbReader(Stage):
    """nfcpy's driver of an ACR122U; unplugged, its USB line has no device."""

    def __init__(self) -> None:
        self.device = VirtualAcr122u()
        self.field = self.device
        self.open_radio = self._open
        self.reader = PollingReader(self._open, **CLOCKS)

    def _open(self) -> Radio:
        if not self.device.plugged:
            raise ReaderBroken(ReaderFault.NOT_FOUND, "usb")
        return radio_on_usb(self.device.line(), "acr122")

    def unplug(self) -> None:
        self.device.unplug()

    def plug(self) -> None:
        self.device.plug()


class Pcsc(Stage):
    """pyscard, a real pcscd, and a virtual card."""

    def __init__(self, name: str, port: int, stop: Callable[[], None], start: Callable[[], None]) -> None:
        self._port, self.unplug, self.plug = port, stop, start  # type: ignore[method-assign]  # given from outside
        self._card: VirtualCard | None = None
        self._carries = PCSC[name][1]
        setting = f"pcsc:{PCSC[name][0]} 00 00"
        self.open_radio = partial(open_pcsc, setting)
        self.reader = open_reader(setting, **CLOCKS)

    def lay(self, tag: VirtualTag) -> None:
        self.take()
        self._card = VirtualCard(self._port, tag, self._carries)

    def take(self) -> None:
        if self._card is not None:
            self._card.pull()
        self._card = None


class Keyboard(Stage):
    """A keyboard wedge that types UIDs into a pipe; each tag comes and goes at once."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        self.reader = KeyboardReader(io.TextIOWrapper(io.FileIO(reading)))

    def lay(self, tag: VirtualTag) -> None:
        os.write(self._writing, tag.uid.hex().encode() + b"\n")

    def take(self) -> None:
        """Nothing lies there any more."""


class Scripted(Stage):
    """A reader that plays what it is told."""

    def __init__(self) -> None:
        self.script = ScriptedReader()
        self.reader, self._uid = self.script, ""

    def lay(self, tag: VirtualTag) -> None:
        self._uid = tag.uid.hex().upper()
        self.script.put(Arrived(TagRead(self._uid, "NTAG213", None, Outcome.OK)))

    def take(self) -> None:
        self.script.put(Removed(self._uid))

    def unplug(self) -> None:
        self.script.put(Fault(ReaderFault.NOT_FOUND, "the script"))

    def plug(self) -> None:
        self.script.put(Recovered())


@contextlib.contextmanager
def stage(name: str, folder: Path) -> Iterator[Stage]:
    """Give the stage of a kind of reader; skips, and says why, where it cannot be had here."""
    if name in PCSC:
        if why_not():
            pytest.skip(f"PC/SC: {why_not()}")
        with pcscd(folder, PCSC[name][0]) as (port, stop, start):
            made = Pcsc(name, port, stop, start)
            yield made
            made.take()
        return
    kinds: dict[str, Callable[[], Stage]] = {
        "in process": InProcess,
        "simulated radio": SimulatedRadio,
        "serial PN532": partial(SerialLine, folder),
        "USB ACR122U": UsbReader,
        "keyboard": Keyboard,
        "scripted": Scripted,
    }
    yield kinds[name]()


BARE = ("in process", "simulated radio", "serial PN532", "USB ACR122U")
"""Radios that carry any frame; a PC/SC reader selects tags by itself and hides what is between."""
RADIOS = (*BARE, *PCSC)
POLLED = tuple(name for name in RADIOS if name != "pcsc, ACR122U")
"""Without the one whose light is a command to the card here: the virtual driver finds no card after one that left
during a command, where a real ACR122U answers for itself."""
READERS = (*POLLED, "keyboard", "scripted")
