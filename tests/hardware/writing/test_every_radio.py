"""The same write over every road a frame can take: in process, the simulated radio, a PN532's driver, PC/SC."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from hardware.choose import radio_opener
from hardware.nfc_reader import radio_in_process
from hardware.radio import Radio, ReaderBroken
from hardware.virtual import Field, VirtualField, VirtualPn532, VirtualTag, blank, blank_ntag424, fault_script
from hardware.writing import Content, Order, Seal, WriteOutcome, Written, write_tag
from hardware.writing.keys import SigningKeys
from hardware.writing.signing import sign_tag
from tests.hardware.stages import stage
from tests.hardware.writing.bench import CHIPS, NEW, OLD, OTHER, SECRET, UID, Bench, order

ROADS = ("in process", "simulated radio", "serial PN532")


@pytest.fixture(params=ROADS)
def road(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Field, Radio]]:
    with ExitStack() as stack:
        if request.param == "in process":
            field: Field = Field()
            radio: Radio = radio_in_process(field)
        else:
            over = VirtualField() if request.param == "simulated radio" else VirtualPn532(tmp_path)
            field = stack.enter_context(over)
            radio = radio_opener(over.reader)()
        stack.callback(radio.close)
        yield field, radio


def reads(tag: VirtualTag) -> str | None:
    return Bench().read(tag).uri


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("seal", Seal)
def test_a_tag_is_written_and_its_seal_proven(road: tuple[Field, Radio], chip: str, seal: Seal) -> None:
    field, radio = road
    tag = blank(UID, chip, signature=b"\x11" * 32)
    field.lay(tag)
    done = write_tag(radio, order(seal=seal, counting=True))
    assert (done.outcome, done.chip, done.signature) == (WriteOutcome.WRITTEN, chip, "11" * 32)
    assert (done.locked, done.protected, done.counting) == (seal is Seal.LOCKED, seal is Seal.PROTECTED, True)
    refused = write_tag(radio, order(OLD, replace=True, secret=None))
    expected = {
        Seal.OPEN: WriteOutcome.WRITTEN,
        Seal.LOCKED: WriteOutcome.READ_ONLY,
        Seal.PROTECTED: WriteOutcome.FOREIGN_PASSWORD,
    }
    assert refused.outcome is expected[seal]
    assert reads(tag) == (OLD if seal is Seal.OPEN else NEW)


def test_a_type_4_tag_is_written(road: tuple[Field, Radio]) -> None:
    field, radio = road
    tag = blank_ntag424(UID)
    field.lay(tag)
    assert write_tag(radio, order()).outcome is WriteOutcome.WRITTEN
    assert reads(tag) == NEW


KEYS = SigningKeys(*(bytes(range(first, first + 16)) for first in (1, 2, 3)))


def test_a_tag_is_made_to_sign(road: tuple[Field, Radio]) -> None:
    field, radio = road
    tag = blank_ntag424(UID)
    field.lay(tag)
    assert sign_tag(radio, NEW, keys=KEYS, luck=bytes).outcome is WriteOutcome.WRITTEN
    assert (reads(tag) or "").startswith(f"{NEW}&picc_data=")
    field.lay(blank_ntag424(UID), blank(OTHER))
    assert sign_tag(radio, NEW, keys=KEYS, luck=bytes).outcome is WriteOutcome.TWO_TAGS


def test_a_type_4_tag_is_written_and_made_to_sign_through_pcsc(tmp_path: Path) -> None:
    with stage("pcsc", tmp_path) as staged:
        assert staged.open_radio is not None
        radio = patiently(staged.open_radio)
        for write in (lambda: write_tag(radio, order()), lambda: sign_tag(radio, NEW, keys=KEYS, luck=bytes)):
            tag = blank_ntag424(UID)
            staged.lay(tag)
            done = once_seen(write)
            assert done.outcome is WriteOutcome.WRITTEN
            staged.take()
            while radio.sense() is not None:  # the service notices a little later
                time.sleep(0.02)
            assert (reads(tag) or "").startswith(NEW)
        radio.close()


@pytest.mark.parametrize("road", ["pcsc, transparent", "pcsc, ACR122U"])
def test_an_ntag_is_written_and_guarded_through_pcsc_where_frames_are_carried(tmp_path: Path, road: str) -> None:
    with stage(road, tmp_path) as staged:
        assert staged.open_radio is not None
        radio = patiently(staged.open_radio)
        tag = blank(UID, "NTAG215", signature=b"\x11" * 32)
        staged.lay(tag)
        done = once_seen(lambda: write_tag(radio, order(seal=Seal.PROTECTED, counting=True)))
        assert (done.outcome, done.chip, done.signature) == (WriteOutcome.WRITTEN, "NTAG215", "11" * 32)
        assert (done.protected, done.counting, reads(tag)) == (True, True, NEW)
        refused = write_tag(radio, order(OLD, replace=True, secret=None))
        assert (refused.outcome, reads(tag)) == (WriteOutcome.FOREIGN_PASSWORD, NEW)
        assert write_tag(radio, order(OLD, replace=True)).outcome is WriteOutcome.WRITTEN
        assert reads(tag) == OLD
        radio.close()


def test_an_ntag_is_refused_in_words_through_pcsc_where_frames_are_not_carried(tmp_path: Path) -> None:
    with stage("pcsc", tmp_path) as staged:
        assert staged.open_radio is not None
        radio = patiently(staged.open_radio)
        tag = blank(UID)
        staged.lay(tag)
        assert once_seen(lambda: write_tag(radio, order())).outcome is WriteOutcome.UNKNOWN_CHIP
        assert reads(tag) is None
        radio.close()


def once_seen(write: Callable[[], Written]) -> Written:
    """Write as soon as the service tells of the tag, which takes it a while."""
    for _ in range(400):
        if (done := write()).outcome is not WriteOutcome.NO_TAG:
            return done
        time.sleep(0.02)
    return done


def patiently(open_radio: Callable[[], Radio]) -> Radio:
    """Open the radio once it can be: the service knows its readers a little after it listens."""
    for _ in range(100):
        with suppress(ReaderBroken):
            return open_radio()
        time.sleep(0.02)
    return open_radio()


def test_it_is_taken_back(road: tuple[Field, Radio]) -> None:
    field, radio = road
    tag = blank(UID)
    field.lay(tag)
    write_tag(radio, order(seal=Seal.PROTECTED))
    back = write_tag(radio, Order(b"", replace=True, lift=True, secret=SECRET, only=bytes.fromhex(UID)))
    assert (back.outcome, reads(tag)) == (WriteOutcome.WRITTEN, None)


def test_a_tag_pulled_half_way_or_two_at_once(road: tuple[Field, Radio]) -> None:
    field, radio = road
    for frame in range(14, 40, 6):
        tag = blank(UID)
        field.lay(tag, faults=fault_script(f"cut {frame}"))
        done = write_tag(radio, order(seal=Seal.LOCKED))
        assert done.outcome in {WriteOutcome.LOST, WriteOutcome.NO_TAG}
        says = {None: {Content.EMPTY, Content.OLD}, NEW: {Content.NEW}}[reads(tag)]
        assert says & done.holds
    field.lay(blank(UID), blank(OTHER))
    assert write_tag(radio, order()).outcome is WriteOutcome.TWO_TAGS
