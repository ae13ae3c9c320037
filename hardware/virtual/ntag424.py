"""NTAG 424 DNA as its data sheet delivers it: three files, GetVersion, and a mirror fresh at each reading."""

from __future__ import annotations

from hardware.virtual.dna_keys import DnaKeys
from hardware.virtual.iso_dep import IsoDepTag
from hardware.virtual.sun import KEYS_OF_THE_FACTORY, Luck, Mirror, planned
from hardware.virtual.type4 import (
    CONTAINER,
    NDEF_FILE,
    UNKNOWN_CLASS,
    UNKNOWN_COMMAND,
    File,
    NdefApplication,
    ndef_file,
)

ATS = bytes.fromhex("067777710280")
PROPRIETARY_FILE = 0xE105
CAPABILITIES = bytes.fromhex("001720010000FF0406E104010000000506E10500808283")
HARDWARE, SOFTWARE = bytes.fromhex("04040230001105"), bytes.fromhex("04040201021105")
BATCH = bytes.fromhex("CF000000002B20")
MORE_FOLLOWS, DONE = b"\x91\xaf", b"\x91\x00"
GET_VERSION, ADDITIONAL_FRAME = 0x60, 0xAF
HIGHEST_COUNT = 0xFFFFFF


class DnaApplication(NdefApplication):
    """The chip's application. `count` is SDMReadCtr: it rises with the first read after each select."""

    def __init__(
        self, uid: bytes, message: bytes, mirror: Mirror | None, *, count: int = 0, luck: Luck = bytes
    ) -> None:
        self.uid, self.mirror, self.count = uid, mirror, count
        self.keys = DnaKeys(luck)
        self._seen: bytes | None = None
        self._version: list[bytes] = []
        super().__init__(
            {
                CONTAINER: File(bytearray(CAPABILITIES)),
                NDEF_FILE: ndef_file(message, 256),
                PROPRIETARY_FILE: File(bytearray(128), readable=False),
            }
        )

    def begin(self) -> None:
        """Forget what was selected, and the reading in progress."""
        super().begin()
        self.keys.begin()
        if self.keys.mirror is not None:
            self.files[NDEF_FILE].writable = self.keys.writable
        self._seen, self._version = None, []

    def begin_reading(self) -> None:
        """Let the next read of the NDEF file count, and show what is new."""
        self._seen = None

    def content(self, file: int) -> bytes:
        """Return what a reader is to read; the mirror stays the same until the file is selected anew."""
        stored = super().content(file)
        if file != NDEF_FILE or self.mirror is None:
            return stored
        if self._seen is None:
            self.count = min(self.count + 1, HIGHEST_COUNT)
            self._seen = self.mirror.laid_over(stored, self.uid, self.count)
        return self._seen

    def own_command(self, command: bytes) -> bytes:
        """Answer GetVersion in its three parts, and what is about keys."""
        if command[0] != 0x90:
            return UNKNOWN_CLASS
        about_keys = self.keys.answer(command[1], command[5 : 5 + command[4]] if len(command) > 5 else b"")
        if about_keys is not None:
            self._follow_keys()
            return about_keys
        if command[1] == GET_VERSION:
            self._version = [HARDWARE, SOFTWARE, self.uid + BATCH]
        elif command[1] != ADDITIONAL_FRAME or not self._version:
            return UNKNOWN_COMMAND
        part = self._version.pop(0)
        return part + (MORE_FOLLOWS if self._version else DONE)

    def _follow_keys(self) -> None:
        fresh = self.keys.mirror
        if fresh is not None:
            if self.mirror is None:  # the chip counts from 0 once it is told to sign
                self.count = 0
            self.mirror, self._seen = fresh, None
        self.files[NDEF_FILE].writable = self.keys.writable

    def lock(self) -> None:
        """Take away the right to write the NDEF file, as ChangeFileSettings does."""
        self.files[NDEF_FILE].writable = False
        self.files[CONTAINER].content[14] = 0xFF


def ntag424(
    uid: str,
    link: str,
    *,
    keys: tuple[bytes, bytes] = KEYS_OF_THE_FACTORY,
    luck: Luck | None = None,
    lrp: bool = False,
    waits: int = 0,
) -> IsoDepTag:
    """Return an NTAG 424 DNA that signs a link afresh at each reading.

    `link` has fields: `{picc}` for UID and counter encrypted, or `{uid}` and `{count}` in the open, `{mac}`
    for the MAC, `{covered}` where the MAC begins to cover the link (it covers nothing of it otherwise), as in
    `https://id.example/t?e={picc}&c={mac}`. Without fields it is a plain tag. `keys` are SDMMetaReadKey and
    SDMFileReadKey; `{picc}` needs `luck`; `lrp` signs by LRP in place of AES.
    """
    message, at = planned(link, lrp=lrp)
    if "{picc}" in at and luck is None:
        msg = "an encrypted link needs luck: a function that gives n random bytes"
        raise ValueError(msg)
    mirror = Mirror(at, keys, luck or bytes, lrp) if at else None
    number = bytes.fromhex(uid)
    return IsoDepTag(number, DnaApplication(number, message, mirror), ats=ATS, waits=waits)


def blank_ntag424(uid: str, *, luck: Luck = bytes) -> IsoDepTag:
    """Return an NTAG 424 DNA as it comes from the factory: an empty file that anyone may write, keys of zeros.

    `luck(n)` gives n random bytes: the chip's challenges.
    """
    number = bytes.fromhex(uid)
    return IsoDepTag(number, DnaApplication(number, b"", None, luck=luck), ats=ATS)
