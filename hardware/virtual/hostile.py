"""Tags that lie, loop or talk nonsense: every way known to us to hang or fell a reader, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hardware.virtual.foreign import NothingToFind
from hardware.virtual.iso_dep import EVERY_TIME, IsoDepTag
from hardware.virtual.made import written
from hardware.virtual.ntag21x import Ntag21x
from hardware.virtual.selection import CASCADE_BIT, Selection
from hardware.virtual.tag import MuteTag, VirtualTag
from hardware.virtual.type3 import FelicaLiteS, attributes
from hardware.virtual.type4 import (
    ATS,
    CONTAINER,
    NDEF_FILE,
    OK,
    File,
    NdefApplication,
    container,
    ndef_file,
    on_card,
)

MALFORMED = {
    "a record longer than its message": b"\xd1\x01\xf0U\x04cut",
    "a length of four bytes that nobody could hold": b"\xc1\x01\xff\xff\xff\xffU\x04x",
    "a URI that is not UTF-8": b"\xd1\x01\x04U\x04\xff\xfe\xfd",
    "a URI of an unknown prefix": b"\xd1\x01\x02U\x99x",
    "a URI of nothing at all": b"\xd1\x01\x00U",
    "a message that never begins": b"\x51\x01\x02U\x04x",
    "a message that never ends": b"\x91\x01\x02U\x04x",
    "a first chunk without a second": b"\xb1\x01\x02U\x04x",
    "a header and nothing more": b"\xd1",
    "a hundred empty records": b"\x90\x00\x00" + b"\x10\x00\x00" * 98 + b"\x50\x00\x00",
    "noise": bytes(range(250, 255)) * 9,
}
"""NDEF messages that contradict themselves, by what is wrong."""


class Stubborn(NdefApplication):
    """A Type 4 application that reads as nothing, for ever, and says that all went well."""

    def reply(self, command: bytes) -> bytes:
        """Return no byte and 9000 for every reading of the message itself."""
        whole = super().reply(command)
        message_asked = self.selected == NDEF_FILE and command[1:4] != b"\xb0\x00\x00"
        return OK if message_asked and command[1] == 0xB0 else whole


class OddSelection(Selection):
    """Selection that answers SELECT with something else than one SAK byte."""

    def __init__(self, uid: bytes, answer: bytes) -> None:
        super().__init__(uid, b"\x44\x00", 0)
        self._odd = answer

    def answer(self, frame: bytes) -> bytes | None:
        """Answer like any tag, except to SELECT."""
        true = super().answer(frame)
        return self._odd if true and frame[1:2] == b"\x70" else true


def _with_ats(ats: str) -> Callable[[str], VirtualTag]:
    return lambda uid: IsoDepTag(bytes.fromhex(uid), NothingToFind(), ats=bytes.fromhex(ats))


def _with_message(message: bytes) -> Callable[[str], VirtualTag]:
    return lambda uid: written(uid, "NTAG215", message)


def _with_area(area: bytes, capability: bytes | None = None) -> Callable[[str], VirtualTag]:
    return lambda uid: Ntag21x(bytes.fromhex(uid), "NTAG213", area, capability=capability)


def _with_sak(answer: bytes) -> Callable[[str], VirtualTag]:
    def make(uid: str) -> VirtualTag:
        tag = MuteTag(bytes.fromhex(uid))
        tag.selection = OddSelection(tag.uid, answer)
        return tag

    return make


def empty_reads(uid: str) -> VirtualTag:
    """Return a Type 4 tag that announces a long message and then gives no byte of it, for ever."""
    file = File(bytearray(b"\x07\xff" + bytes(2046)))
    files = {CONTAINER: container(2048, writable=False), NDEF_FILE: file}
    return IsoDepTag(bytes.fromhex(uid), Stubborn(files), ats=ATS)


def waits_for_ever(uid: str) -> VirtualTag:
    """Return a Type 4 tag that asks for more time whenever it should answer."""
    return IsoDepTag(bytes.fromhex(uid), NothingToFind(), ats=ATS, waits=EVERY_TIME)


def _nlen_beyond(uid: str) -> VirtualTag:
    return on_card(uid, File(bytearray(b"\xff\xff" + bytes(62))))


def _container_of_zeros(uid: str) -> VirtualTag:
    files = {CONTAINER: File(bytearray(15)), NDEF_FILE: ndef_file(b"", 64)}
    return IsoDepTag(bytes.fromhex(uid), NdefApplication(files), ats=ATS)


def _type3(attribute: bytes) -> Callable[[str], VirtualTag]:
    return lambda uid: FelicaLiteS(bytes.fromhex(uid).ljust(8, b"\x01"), {0: attribute})


HOSTILE: Mapping[str, Callable[[str], VirtualTag]] = {
    "an ATS of one byte": _with_ats("01"),
    "an ATS of two bytes": _with_ats("0278"),
    "an ATS of nothing but zero": _with_ats("00"),
    "an ATS that says it is longer": _with_ats("3f7577"),
    "empty reads for ever": empty_reads,
    "more time, for ever": waits_for_ever,
    "a message longer than its file": _nlen_beyond,
    "a Type 4 container of zeros": _container_of_zeros,
    "a SAK of two bytes": _with_sak(b"\x00\x00"),
    "a SAK that never ends the UID": _with_sak(bytes([CASCADE_BIT])),
    "silence once selected": lambda uid: MuteTag(bytes.fromhex(uid), sens_res=b"\x44\x00", sak=0x00),
    "no to everything": lambda uid: MuteTag(bytes.fromhex(uid), sens_res=b"\x44\x00", sak=0x00, nak=b"\x00"),
    "a container that promises more than there is": _with_area(b"\x03\xff\x07\xf0", b"\xe1\x10\xff\x00"),
    "a TLV longer than the tag": _with_area(b"\x03\xfe\xd1\x01"),
    "a tag full of null TLVs": _with_area(bytes(144)),
    "lock control for ever": _with_area(b"\x01\x03\xa0\x0c\x34" * 28),
    "a Type 3 tag of a wrong checksum": _type3(b"\x10" + bytes(14) + b"\x99"),
    "a Type 3 tag that reads no block at once": _type3(attributes(64, at_once=0)),
    "a Type 3 message longer than the tag": _type3(attributes(0xFFFFFF, blocks=0xFFFF)),
    **{f"NDEF: {name}": _with_message(message) for name, message in MALFORMED.items()},
}
"""Every hostile tag by name: each takes a UID in hexadecimal digits."""
