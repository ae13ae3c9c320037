"""nfcpy's own tag classes, untouched, on virtual tags over its simulated radio."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import ndef
import nfc.clf
import nfc.tag
import pytest

from hardware.virtual import (
    VirtualField,
    VirtualTag,
    bank_card,
    blank,
    blank_ntag424,
    felica,
    ntag213,
    ntag215,
    ntag216,
    ntag424,
    transit_card,
    type4,
)

UID = "04A1B2C3D4E580"
LINK = "https://id.example/01/09506000134352?a=b"
ROOM = {"NTAG213": 137, "NTAG215": 492, "NTAG216": 868}


class Reader:
    """nfcpy at a virtual field."""

    def __init__(self, field: VirtualField) -> None:
        self.field = field
        self.frontend = nfc.clf.ContactlessFrontend(field.reader)

    def find(self, tag: VirtualTag, technology: str = "106A") -> Any:
        """Lay a tag down and return what nfcpy makes of it."""
        self.field.lay(tag)
        return self.again(technology)

    def again(self, technology: str = "106A") -> Any:
        """Look anew at what lies there."""
        target = self.frontend.sense(nfc.clf.RemoteTarget(technology))
        return nfc.tag.activate(self.frontend, target) if target else None


@pytest.fixture
def reader() -> Iterator[Reader]:
    with VirtualField() as field:
        made = Reader(field)
        yield made
        made.frontend.close()


@pytest.mark.parametrize(("chip", "make"), [("NTAG213", ntag213), ("NTAG215", ntag215), ("NTAG216", ntag216)])
def test_nfcpy_knows_the_chip_and_reads_it(reader: Reader, chip: str, make: Any) -> None:
    tag = reader.find(make(UID, LINK))
    assert (tag.product, tag.identifier.hex().upper()) == (f"NXP {chip}", UID)
    assert [record.iri for record in tag.ndef.records] == [LINK]
    assert tag.ndef.capacity == ROOM[chip]


@pytest.mark.parametrize("chip", ROOM)
def test_nfcpy_writes_and_verifies(reader: Reader, chip: str) -> None:
    tag = reader.find(blank(UID, chip))
    tag.ndef.records = [ndef.UriRecord(LINK + "y" * (ROOM[chip] - 60))]
    written = tag.ndef.octets
    assert reader.again().ndef.octets == written


def test_nfcpy_reads_the_signature(reader: Reader) -> None:
    assert reader.find(blank(UID, signature=bytes(range(32)))).signature == bytes(range(32))


@pytest.mark.parametrize("chip", ROOM)
def test_nfcpy_protects_and_authenticates(reader: Reader, chip: str) -> None:
    tag = reader.find(blank(UID, chip))
    assert tag.protect(b"secret", read_protect=True, protect_from=4)
    assert reader.again().ndef is None
    stranger = reader.again()
    assert not stranger.authenticate(b"wrong!")
    friend = reader.again()
    assert friend.authenticate(b"secret")
    assert friend.read(4)[:1]


@pytest.mark.parametrize("chip", ROOM)
def test_nfcpy_locks_for_ever(reader: Reader, chip: str) -> None:
    tag = reader.find(blank(UID, chip))
    tag.ndef.records = [ndef.UriRecord(LINK)]
    assert tag.protect()
    again = reader.again()
    assert not again.ndef.is_writeable
    for page in (3, 4, 15, 16, tag._cfgpage - 2, tag._cfgpage, tag._cfgpage + 1):
        with pytest.raises(nfc.tag.TagCommandError):
            again.write(page, b"\x00\x00\x00\x00")
        again = reader.again()
    assert [record.iri for record in again.ndef.records] == [LINK]


def test_nfcpy_finds_nothing_in_an_empty_field_and_no_message_on_a_transit_card(reader: Reader) -> None:
    assert reader.again() is None
    assert reader.again("212F") is None
    assert reader.again("106B") is None
    assert getattr(reader.find(transit_card()), "ndef", None) is None


@pytest.mark.parametrize("uid", ["0A1B2C3D", UID, "04A1B2C3D4E5F6071829"])
@pytest.mark.parametrize("largest_frame", [16, 64, 256])
def test_nfcpy_reads_a_type_4_tag_in_pieces_of_any_size(reader: Reader, uid: str, largest_frame: int) -> None:
    tag = reader.find(type4(uid, LINK + "y" * 300, largest_frame=largest_frame))
    assert tag.identifier.hex().upper() == uid
    assert [record.iri for record in tag.ndef.records] == [LINK + "y" * 300]
    assert tag.is_present


def test_nfcpy_writes_a_type_4_tag(reader: Reader) -> None:
    tag = reader.find(type4(UID, LINK))
    tag.ndef.records = [ndef.UriRecord(LINK + "z" * 200)]
    assert [record.iri for record in reader.again().ndef.records] == [LINK + "z" * 200]


def test_nfcpy_reads_a_signing_tag_and_writes_a_blank_one(reader: Reader) -> None:
    signing = ntag424(UID, "https://id.example/t?e={picc}&c={mac}", luck=Random(1).randbytes)
    links = {reader.find(signing).ndef.records[0].iri for _ in range(5)}
    assert len(links) == 5
    assert {len(link) for link in links} == {len("https://id.example/t?e=&c=") + 48}
    fresh = reader.find(blank_ntag424(UID))
    fresh.ndef.records = [ndef.UriRecord(LINK)]
    assert [record.iri for record in reader.again().ndef.records] == [LINK]


def test_nfcpy_waits_for_a_tag_that_asks_for_time(reader: Reader) -> None:
    tag = reader.find(ntag424(UID, LINK, waits=3))
    assert [record.iri for record in tag.ndef.records] == [LINK]


def test_nfcpy_reads_and_writes_a_type_3_tag(reader: Reader) -> None:
    tag = reader.find(felica("012E5A5B5C5D5E5F", LINK), "212F")
    assert tag.product == "FeliCa Lite-S (RC-S966)"
    assert [record.iri for record in tag.ndef.records] == [LINK]
    tag.ndef.records = [ndef.UriRecord(LINK + "z" * 100)]
    assert [record.iri for record in reader.again("212F").ndef.records] == [LINK + "z" * 100]


def test_nfcpy_finds_no_message_on_a_bank_card(reader: Reader) -> None:
    assert reader.find(bank_card()).ndef is None
