"""Opening a radio by the name of its device."""

from __future__ import annotations

import errno
import importlib
import logging
from contextlib import suppress
from typing import Any

import nfc.clf.acr122
import nfc.clf.device
import nfc.clf.pn532
import nfc.clf.transport

from hardware.nfc_reader.devices import FrameAnswerer, InProcessDevice, SimulatedRadio
from hardware.nfc_reader.errors import plain_errors
from hardware.nfc_reader.pn532 import Pn532Radio
from hardware.nfc_reader.radio import NfcRadio
from hardware.serial_port import port_of, slow_down

for _name in ("nfc.clf.pn53x", "nfc.clf.pn532", "nfc.clf.device", "nfc.clf.transport"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # what they log is told once, in words, as a Fault


def open_radio(path: str, *, felica: bool = False) -> NfcRadio:
    """Open a device; raises `ReaderBroken`.

    `path` is nfcpy's `usb…`, or `tty:PORT:DRIVER`, `com:PORT:DRIVER`, or `udp:HOST:PORT` for the simulated radio.
    """
    with plain_errors(path):
        return radio_on(_device(path), path, felica=felica)


def radio_on(device: Any, path: str, *, felica: bool = False) -> NfcRadio:
    """Return the radio that fits an opened device of nfcpy."""
    kind = Pn532Radio if type(device) in {nfc.clf.pn532.Device, nfc.clf.acr122.Device} else NfcRadio
    return kind(device, path, felica=felica)


def radio_on_usb(line: Any, driver: str) -> NfcRadio:
    """Return nfcpy's driver on a line of USB messages like `nfc.clf.transport.USB`; raises `ReaderBroken`."""
    with plain_errors(line.product_name):
        return radio_on(_driver(driver).init(line), line.product_name)


def radio_in_process(answerer: FrameAnswerer, *, felica: bool = False) -> NfcRadio:
    """Return nfcpy on an object that answers frames."""
    return NfcRadio(InProcessDevice(answerer), "in process", felica=felica)


def _device(path: str) -> Any:
    if path.startswith("udp:"):
        _, host, port = path.split(":")
        return SimulatedRadio(host, int(port))
    if path.startswith(("tty:", "com:")):
        return _serial_device(*port_of(path))
    device = nfc.clf.device.connect(path)
    if device is None:
        raise OSError(errno.ENODEV, "no reader found")
    return device


def _serial_device(port: str, driver: str) -> Any:
    with suppress(OSError):
        return _begun(port, driver)
    if driver == "pn532":
        slow_down(port)
    return _begun(port, driver)  # nfcpy waits a tenth of a second: a busy machine may answer later, once


def _begun(port: str, driver: str) -> Any:
    transport = nfc.clf.transport.TTY(port)
    try:
        return _driver(driver).init(transport)
    except BaseException:
        with suppress(Exception):
            transport.tty.close()
        raise


def _driver(name: str) -> Any:
    return importlib.import_module(f"nfc.clf.{name}")
