"""The NDEF application of an NFC Forum Type 4 Tag, version 2.0: a capability container and files."""

from __future__ import annotations

from dataclasses import dataclass

APPLICATION = bytes.fromhex("D2760000850101")
CONTAINER, NDEF_FILE = 0xE103, 0xE104
OK, NOT_FOUND, WRONG_LENGTH, OUT_OF_FILE = b"\x90\x00", b"\x6a\x82", b"\x67\x00", b"\x6b\x00"
NOT_ALLOWED, NO_FILE_SELECTED, NO_ROOM = b"\x69\x82", b"\x69\x86", b"\x6a\x84"
UNKNOWN_COMMAND, UNKNOWN_CLASS = b"\x6d\x00", b"\x6e\x00"


@dataclass(slots=True)
class File:
    """An elementary file: what stands in it, and whether it may be overwritten."""

    content: bytearray
    writable: bool = False


def ndef_file(message: bytes, size: int, *, writable: bool = True) -> File:
    """Return an NDEF file of `size` bytes: NLEN, the message, zeros."""
    content = len(message).to_bytes(2, "big") + message
    if len(content) > size:
        msg = f"a message of {len(message)} bytes does not fit into a file of {size}"
        raise ValueError(msg)
    return File(bytearray(content.ljust(size, b"\x00")), writable)


def container(size: int, *, writable: bool, most_read: int = 0x80, most_written: int = 0x36) -> File:
    """Return the capability container for one NDEF file; `most_read` and `most_written` are MLe and MLc."""
    control = b"\x04\x06" + NDEF_FILE.to_bytes(2, "big") + size.to_bytes(2, "big")
    control += b"\x00" + (b"\x00" if writable else b"\xff")
    head = b"\x20" + most_read.to_bytes(2, "big") + most_written.to_bytes(2, "big")
    return File(bytearray((2 + len(head) + len(control)).to_bytes(2, "big") + head + control))


class NdefApplication:
    """Answers SELECT, READ BINARY and UPDATE BINARY (ISO/IEC 7816-4) on its files, by file identifier."""

    def __init__(self, files: dict[int, File]) -> None:
        self.files = files
        self.begin()

    def begin(self) -> None:
        """Forget what was selected."""
        self._chosen, self._file = False, 0

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

    def chosen(self, file: int) -> None:
        """Note that a file was selected; a chip that counts readings says what begins here."""

    def _select(self, command: bytes) -> bytes:
        name = command[5 : 5 + command[4]] if len(command) > 5 else b""
        if command[2] == 0x04:
            self._chosen, self._file = name == APPLICATION, 0
            return OK if self._chosen else NOT_FOUND
        file = int.from_bytes(name, "big")
        if command[2] != 0x00 or not self._chosen or len(name) != 2 or file not in self.files:
            return NOT_FOUND
        self._file = file
        self.chosen(file)
        return OK

    def _read(self, command: bytes) -> bytes:
        if not self._file:
            return NO_FILE_SELECTED
        if len(command) != 5:
            return WRONG_LENGTH
        content, at = self.content(self._file), int.from_bytes(command[2:4], "big")
        return OUT_OF_FILE if at > len(content) else content[at : at + (command[4] or 256)] + OK

    def _update(self, command: bytes) -> bytes:
        if not self._file:
            return NO_FILE_SELECTED
        file, at = self.files[self._file], int.from_bytes(command[2:4], "big")
        fresh = command[5:]
        if len(command) < 6 or len(fresh) != command[4]:
            return WRONG_LENGTH
        if not file.writable:
            return NOT_ALLOWED
        if at + len(fresh) > len(file.content):
            return NO_ROOM
        file.content[at : at + len(fresh)] = fresh
        return OK
