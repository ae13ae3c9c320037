"""The NDEF application of an NFC Forum Type 4 Tag, version 2.0: a capability container and files."""

from __future__ import annotations

from dataclasses import dataclass

from hardware import ndef
from hardware.virtual.iso_dep import IsoDepTag

APPLICATION = bytes.fromhex("D2760000850101")
ATS = bytes.fromhex("067577810280")
CONTAINER, NDEF_FILE = 0xE103, 0xE104
OK, NOT_FOUND, WRONG_LENGTH, OUT_OF_FILE = b"\x90\x00", b"\x6a\x82", b"\x67\x00", b"\x6b\x00"
NOT_ALLOWED, NO_FILE_SELECTED, NO_ROOM = b"\x69\x82", b"\x69\x86", b"\x6a\x84"
UNKNOWN_COMMAND, UNKNOWN_CLASS = b"\x6d\x00", b"\x6e\x00"


@dataclass(slots=True)
class File:
    """An elementary file: what stands in it, and what anyone may do with it."""

    content: bytearray
    writable: bool = False
    readable: bool = True


def ndef_file(message: bytes, size: int, *, writable: bool = True) -> File:
    """Return an NDEF file of `size` bytes: NLEN, the message, zeros."""
    content = len(message).to_bytes(2, "big") + message
    if len(content) > size:
        msg = f"a message of {len(message)} bytes does not fit into a file of {size}"
        raise ValueError(msg)
    return File(bytearray(content.ljust(size, b"\x00")), writable)


def type4(uid: str, uri: str, *, size: int = 512, writable: bool = True, largest_frame: int = 64) -> IsoDepTag:
    """Return a Type 4 Tag of no particular make with a URI on it; the UID has 4, 7 or 10 bytes."""
    return on_card(uid, ndef_file(ndef.encode_uri(uri), size, writable=writable), largest_frame=largest_frame)


def on_card(uid: str, file: File, *, largest_frame: int = 64) -> IsoDepTag:
    """Return a Type 4 Tag with this NDEF file, whatever stands in it."""
    files = {CONTAINER: container(len(file.content), writable=file.writable), NDEF_FILE: file}
    return IsoDepTag(bytes.fromhex(uid), NdefApplication(files), ats=ATS, largest_frame=largest_frame)


def container(size: int, *, writable: bool, most_read: int = 0x80, most_written: int = 0x36) -> File:
    """Return the capability container for one NDEF file; `most_read` and `most_written` are MLe and MLc."""
    control = b"\x04\x06" + NDEF_FILE.to_bytes(2, "big") + size.to_bytes(2, "big")
    control += b"\x00" + (b"\x00" if writable else b"\xff")
    head = b"\x20" + most_read.to_bytes(2, "big") + most_written.to_bytes(2, "big")
    return File(bytearray((2 + len(head) + len(control)).to_bytes(2, "big") + head + control))


class NdefApplication:
    """Answers SELECT, READ BINARY and UPDATE BINARY (ISO/IEC 7816-4) on its files, by file identifier.

    `selected` is the identifier of the file selected, 0 where none is.
    """

    def __init__(self, files: dict[int, File]) -> None:
        self.files = files
        self.begin()

    def begin(self) -> None:
        """Forget what was selected."""
        self._chosen, self.selected = False, 0

    def reply(self, command: bytes) -> bytes:
        """Return data and status word."""
        if len(command) < 4:
            return WRONG_LENGTH
        if command[0] != 0x00:
            return self.own_command(command)
        match command[1]:
            case 0xA4:
                return self._select(command)
            case 0xB0:
                return self._read(command)
            case 0xD6:
                return self._update(command)
        return UNKNOWN_COMMAND

    def own_command(self, command: bytes) -> bytes:  # noqa: ARG002 - a chip that has some looks at it
        """Answer a command of the chip's own class; there is none here."""
        return UNKNOWN_CLASS

    def content(self, file: int) -> bytes:
        """Return what a reader is to read in a file now."""
        return bytes(self.files[file].content)

    def begin_reading(self) -> None:
        """Note that a file was selected or written; a chip that counts readings begins a new one here."""

    def _select(self, command: bytes) -> bytes:
        name = command[5 : 5 + command[4]] if len(command) > 5 else b""
        if command[2] == 0x04:
            self._chosen, self.selected = name == APPLICATION, 0
            return OK if self._chosen else NOT_FOUND
        file = int.from_bytes(name, "big")
        if command[2] != 0x00 or not self._chosen or len(name) != 2 or file not in self.files:
            return NOT_FOUND
        self.selected = file
        self.begin_reading()
        return OK

    def _read(self, command: bytes) -> bytes:
        if not self.selected:
            return NO_FILE_SELECTED
        if len(command) != 5:
            return WRONG_LENGTH
        if not self.files[self.selected].readable:
            return NOT_ALLOWED
        content, at = self.content(self.selected), int.from_bytes(command[2:4], "big")
        return OUT_OF_FILE if at > len(content) else content[at : at + (command[4] or 256)] + OK

    def _update(self, command: bytes) -> bytes:
        if not self.selected:
            return NO_FILE_SELECTED
        file, at = self.files[self.selected], int.from_bytes(command[2:4], "big")
        fresh = command[5:]
        if len(command) < 6 or len(fresh) != command[4]:
            return WRONG_LENGTH
        if not file.writable:
            return NOT_ALLOWED
        if at + len(fresh) > len(file.content):
            return NO_ROOM
        file.content[at : at + len(fresh)] = fresh
        self.begin_reading()
        return OK
