"""An ACR122U without hardware: nfcpy's own driver of that USB reader speaks to it."""

from __future__ import annotations

import errno
import os

from hardware.virtual.field import Field
from hardware.virtual.pn532.chip import Chip, SyntaxWrong
from hardware.virtual.pn532.frames import FROM_HOST, TO_HOST

POWER_ON, CARRY, ANSWERED = 0x62, 0x6F, 0x80
"""Messages of CCID 1.1, 6.1 and 6.2: PC_to_RDR_IccPowerOn, PC_to_RDR_XfrBlock, RDR_to_PC_DataBlock."""
HEADER = 10
ATR = bytes.fromhex("3b00")
VERSION = b"ACR122U207"
DONE, REFUSED = b"\x90\x00", b"\x63\x00"
TO_THE_CHIP = bytes.fromhex("ff000000")
LIGHTS = bytes.fromhex("ff0040")
SETTINGS = bytes.fromhex("ff0051")
ASK_VERSION = bytes.fromhex("ff00480000")


class VirtualAcr122u(Field):
    """A reader that `hardware.nfc_reader.radio_on_usb(reader.line(), "acr122")` opens; lay tags, `unplug`, `hang`.

    A PN532 behind a processor that carries commands in pseudo-APDUs over CCID (ACS, ACR122U API 2.04; the USB
    class specification CCID 1.1). `lights` keeps each command for light and buzzer, as its state and four bytes.
    What the reader's own processor does besides, looking for cards by itself, nfcpy's driver switches off first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lights: list[bytes] = []
        self.plug()

    def plug(self) -> None:
        """Plug the reader in, fresh from power-up."""
        self._chip, self.plugged, self.hanging = Chip(self), True, False

    def unplug(self) -> None:
        """Pull the plug, whatever the host is doing."""
        self.plugged = False
        self.off()

    def hang(self) -> None:
        """Let the reader answer nothing until it is plugged in anew."""
        self.hanging = True

    def line(self) -> UsbLine:
        """Return a new line to the reader; raises OSError where it is not plugged in."""
        if not self.plugged:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return UsbLine(self)

    def heard(self, message: bytes) -> bytes:
        """Return the answer to one CCID message."""
        if message[0] == POWER_ON:
            return _answer(ATR, message[6])
        if message[0] != CARRY or int.from_bytes(message[1:5], "little") != len(message) - HEADER:
            return _answer(b"", message[6], failed=True)
        return _answer(self._carried(message[HEADER:]), message[6])

    def _carried(self, command: bytes) -> bytes:
        if command == ASK_VERSION:
            return VERSION
        if command.startswith(SETTINGS):
            return bytes([0x90, command[3]])
        if command.startswith(LIGHTS) and len(command) == 9:
            self.lights.append(command[3:4] + command[5:])
            return bytes([0x90, command[3] & 0x03])
        if command.startswith(TO_THE_CHIP) and command[4] == len(command) - 5 and command[5] == FROM_HOST:
            return self._of_chip(command[6:])
        return REFUSED

    def _of_chip(self, command: bytes) -> bytes:
        try:
            answer = self._chip.execute(command)
        except SyntaxWrong:
            answer = None
        return REFUSED if answer is None else bytes([TO_HOST]) + answer + DONE


class UsbLine:
    """What nfcpy's drivers take for a USB device: whole messages are written and read."""

    TYPE = "USB"
    manufacturer_name, product_name = "ACS", "ACR122U PICC Interface"

    def __init__(self, reader: VirtualAcr122u) -> None:
        self._reader, self._answer = reader, b""

    def write(self, message: bytes, timeout: int = 0) -> None:  # noqa: ARG002 - nfcpy's signature
        """Send a message; raises OSError where the reader is gone."""
        self._check()
        self._answer = b"" if self._reader.hanging else self._reader.heard(bytes(message))

    def read(self, timeout: int = 0) -> bytearray:  # noqa: ARG002 - nfcpy's signature
        """Return the answer to the last message; raises OSError where none comes."""
        self._check()
        answer, self._answer = self._answer, b""
        if not answer:
            raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        return bytearray(answer)

    def close(self) -> None:
        """Let the reader go."""

    def _check(self) -> None:
        if not self._reader.plugged:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


def _answer(content: bytes, sequence: int, *, failed: bool = False) -> bytes:
    head = bytes([ANSWERED]) + len(content).to_bytes(4, "little") + bytes([0, sequence])
    return head + (b"\x40\x00\x00" if failed else bytes(3)) + content
