"""Tags and readers without hardware: real tag memory, and fields that real reader software finds.

Lay a tag where nfcpy's simulated radio looks, and take it away::

    from hardware.virtual import VirtualField, ntag213

    with VirtualField() as field:
        print(field.reader)            # udp:127.0.0.1:PORT, a setting for any reader of ours
        field.lay(ntag213("04A1B2C3D4E580", "https://id.example/01/09506000134352"))
        field.take()

`VirtualPn532(folder)` is the same behind a serial line that nfcpy's own driver opens; it can be unplugged, hung,
left at a wrong speed. `VirtualAcr122u()` is an ACR122U for nfcpy's driver of it, in this process. `Field` is the
same without a line: `answer(technology, frame)`. `fault_script("cut 7")` says what goes wrong at which frame.
`KINDS` has every kind of tag by name, `HOSTILE` those that lie, loop or talk nonsense; `tag_named` makes any.
"""

from hardware.virtual.acr122u import VirtualAcr122u
from hardware.virtual.faults import Faults, NoSuchFault, fault_script
from hardware.virtual.field import GARBLED, Field
from hardware.virtual.foreign import bank_card, phone, transit_card
from hardware.virtual.hostile import HOSTILE
from hardware.virtual.kinds import KINDS, UnknownKind, tag_named
from hardware.virtual.made import (
    blank,
    malformed,
    not_ndef,
    ntag213,
    ntag215,
    ntag216,
    written,
)
from hardware.virtual.ntag21x import Ntag21x
from hardware.virtual.ntag424 import blank_ntag424, ntag424
from hardware.virtual.pn532 import VirtualPn532
from hardware.virtual.tag import VirtualTag
from hardware.virtual.type3 import felica
from hardware.virtual.type4 import type4
from hardware.virtual.udp_field import VirtualField

__all__ = [
    "GARBLED",
    "HOSTILE",
    "KINDS",
    "Faults",
    "Field",
    "NoSuchFault",
    "Ntag21x",
    "UnknownKind",
    "VirtualAcr122u",
    "VirtualField",
    "VirtualPn532",
    "VirtualTag",
    "bank_card",
    "blank",
    "blank_ntag424",
    "fault_script",
    "felica",
    "malformed",
    "not_ndef",
    "ntag213",
    "ntag215",
    "ntag216",
    "ntag424",
    "phone",
    "tag_named",
    "transit_card",
    "type4",
    "written",
]
