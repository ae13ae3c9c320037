"""Writing tag models through nfcpy: what each order comes to, and that a seal is only believed when proven."""

from __future__ import annotations

import pytest

from hardware.nfc_reader import radio_in_process
from hardware.tag import Outcome
from hardware.virtual import (
    HOSTILE,
    Ntag21x,
    bank_card,
    blank,
    blank_ntag424,
    malformed,
    not_ndef,
    ntag213,
    ntag216,
    type4,
    written,
)
from hardware.writing import Content, MasterSecret, Order, Seal, WriteOutcome, write_tag
from tests.hardware.writing.bench import CHIPS, NEW, OLD, OTHER, SECRET, UID, Bench, encoded, order

SEALS = (Seal.OPEN, Seal.LOCKED, Seal.PROTECTED)


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("seal", SEALS)
def test_a_blank_tag_becomes_what_was_ordered(bench: Bench, chip: str, seal: Seal) -> None:
    signed = bytes(range(32))
    tag = blank(UID, chip, signature=signed)
    bench.field.lay(tag)
    done = bench.write(order(seal=seal, counting=True))
    assert (done.outcome, done.uid, done.chip, done.before) == (WriteOutcome.WRITTEN, UID, chip, b"")
    assert done.holds == {Content.NEW}
    assert bytes.fromhex(done.signature) == signed
    assert (done.locked, done.protected) == (seal is Seal.LOCKED, seal is Seal.PROTECTED)
    assert done.counting
    read = bench.read(tag)
    assert (read.outcome, read.uri, read.kind) == (Outcome.OK, NEW, chip)
    assert read.counter


@pytest.mark.parametrize("chip", CHIPS)
def test_a_locked_tag_takes_nothing_any_more_from_anybody(bench: Bench, chip: str) -> None:
    tag = blank(UID, chip)
    bench.field.lay(tag)
    assert bench.write(order(seal=Seal.LOCKED)).locked
    before = bytes(tag.memory.content)
    for page in range(tag.memory.layout.pages - 2):  # password and acknowledge guard nothing once AUTH0 is locked
        bench.radio.sense()
        bench.radio.exchange(bytes([0xA2, page]) + b"\xff\x5a\xa5\x00", 0.1)
    assert bytes(tag.memory.content) == before
    assert bench.write(order(OLD, replace=True)).outcome is WriteOutcome.READ_ONLY
    assert bench.read(tag).uri == NEW


@pytest.mark.parametrize("chip", CHIPS)
def test_a_protected_tag_is_changed_by_who_has_the_secret_only(bench: Bench, chip: str) -> None:
    tag = blank(UID, chip)
    bench.field.lay(tag)
    assert bench.write(order(seal=Seal.PROTECTED)).protected
    for stranger in (None, MasterSecret(bytes(range(1, 33)))):
        refused = bench.write(order(OLD, replace=True, secret=stranger))
        assert (refused.outcome, refused.holds) == (WriteOutcome.FOREIGN_PASSWORD, {Content.OLD})
    changed = bench.write(order(OLD, replace=True))
    assert (changed.outcome, changed.protected) == (WriteOutcome.WRITTEN, True)
    assert bench.read(tag).uri == OLD
    assert tag.failures == 0


def test_each_tag_has_a_password_of_its_own_and_none_is_ever_shown() -> None:
    one, other = (SECRET.password_of(bytes.fromhex(uid)) for uid in (UID, OTHER))
    assert len({one.password, other.password}) == len({one.pack, other.pack}) == 2
    shown = f"{one!r} {SECRET!r} {order()!r}"
    assert one.password.hex() not in shown
    assert repr(one.password) not in shown


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("seal", SEALS)
def test_a_written_tag_laid_again_is_as_good_as_written(bench: Bench, chip: str, seal: Seal) -> None:
    tag = blank(UID, chip)
    bench.field.lay(tag)
    first, second = bench.write(order(seal=seal)), bench.write(order(seal=seal))
    assert (second.outcome, second.locked, second.protected) == (first.outcome, first.locked, first.protected)


REFUSED = {
    "written": (ntag213(UID, OLD), WriteOutcome.NOT_BLANK),
    "malformed": (malformed(UID), WriteOutcome.NOT_BLANK),
    "other data": (
        Ntag21x(bytes.fromhex(UID), "NTAG213", capability=b"\x01\x02\x03\x00"),
        WriteOutcome.UNFORMATTED,
    ),
    "too small": (blank(UID), WriteOutcome.TOO_LONG),
    "bank card": (bank_card(), WriteOutcome.UNKNOWN_CHIP),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_or_may_not_be_written_is_left_as_it_was(bench: Bench, name: str) -> None:
    tag, outcome = REFUSED[name]
    before = bytes(tag.memory.content) if isinstance(tag, Ntag21x) else b""
    bench.field.lay(tag)
    done = bench.write(order(NEW + "&x=" + "y" * 200 if name == "too small" else NEW))
    assert (done.outcome, done.holds) == (outcome, {Content.OLD})
    assert not isinstance(tag, Ntag21x) or bytes(tag.memory.content) == before


def test_told_to_replace_it_replaces(bench: Bench) -> None:
    for tag in (ntag213(UID, OLD), ntag216(UID, OLD + "&x=" + "y" * 600), malformed(UID)):
        bench.field.lay(tag)
        assert bench.write(order(replace=True)).outcome is WriteOutcome.WRITTEN
        assert bench.read(tag).uri == NEW


def test_a_tag_that_was_never_formatted_is_formatted(bench: Bench) -> None:
    tag = not_ndef(UID)
    bench.field.lay(tag)
    assert bench.write(order()).outcome is WriteOutcome.WRITTEN
    assert bench.read(tag).uri == NEW


def test_nothing_two_tags_or_the_wrong_one(bench: Bench) -> None:
    assert bench.write(order()).outcome is WriteOutcome.NO_TAG
    one, other = blank(UID), blank(OTHER)
    bench.field.lay(one, other)
    assert bench.write(order()).outcome is WriteOutcome.TWO_TAGS
    bench.field.lay(one)
    assert bench.write(order(only=bytes.fromhex(OTHER))).outcome is WriteOutcome.WRONG_TAG
    assert bench.write(order(used=frozenset({UID}))).outcome is WriteOutcome.ALREADY_USED
    assert {bench.read(tag).outcome for tag in (one, other)} == {Outcome.EMPTY}


@pytest.mark.parametrize("frame", range(12, 30))
def test_another_tag_put_in_its_place_half_way_is_noticed_and_not_touched(bench: Bench, frame: int) -> None:
    first, second = blank(UID), blank(OTHER)

    class Swapping:
        """A field in which the tag is exchanged at one frame."""

        left = frame

        def answer(self, technology: str, asked: bytes) -> bytes | None:
            self.left -= 1
            if self.left == 0:
                bench.field.lay(second)
            return bench.field.answer(technology, asked)

        def off(self) -> None:
            bench.field.off()

    bench.field.lay(first)
    done = write_tag(radio_in_process(Swapping()), order(seal=Seal.LOCKED))
    assert (done.outcome, done.uid, done.locked) == (WriteOutcome.WRONG_TAG, UID, False)
    assert bench.read(second).outcome is Outcome.EMPTY
    assert not any(second.memory.page(2)[2:])


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_tag_gets_anything_past_the_library(bench: Bench, name: str) -> None:
    tag = HOSTILE[name](UID)
    bench.field.lay(tag)
    if bench.write(order(seal=Seal.LOCKED)).outcome is WriteOutcome.WRITTEN:
        assert bench.read(tag).uri == NEW


@pytest.mark.parametrize("make", [lambda: blank_ntag424(UID), lambda: type4(UID, OLD)])
def test_a_type_4_tag_is_written_but_its_keys_are_left_alone(bench: Bench, make) -> None:  # type: ignore[no-untyped-def]
    tag = make()
    bench.field.lay(tag)
    sealed = bench.write(order(seal=Seal.LOCKED, replace=True))
    assert (sealed.outcome, sealed.holds) == (WriteOutcome.CANNOT_SEAL, {Content.OLD})
    assert bench.write(order(replace=True)).outcome is WriteOutcome.WRITTEN
    assert bench.read(tag).uri == NEW


def test_a_type_4_tag_that_says_read_only_is_believed(bench: Bench) -> None:
    tag = blank_ntag424(UID)
    tag.application.lock()
    bench.field.lay(tag)
    assert bench.write(order()).outcome is WriteOutcome.READ_ONLY


class Leaky(Ntag21x):
    """A chip on whose page the locks do not hold."""

    leak = 0

    def _write(self, body: bytes) -> bytes:
        if body[0] != self.leak:
            return super()._write(body)
        self.memory._put(body[0], body[1:])
        return b"\x0a"


class Pretender(Ntag21x):
    """A chip that says no to every write once it is locked, and writes all the same."""

    def _write(self, body: bytes) -> bytes:
        if any(self.memory.page(2)[2:]) and body[0] >= 4:
            self.memory._put(body[0], body[1:])
            return b"\x00"
        return super()._write(body)


class Forgetful(Ntag21x):
    """A chip that says yes to lock bits and sets none."""

    def _write(self, body: bytes) -> bytes:
        return b"\x0a" if body[0] in {2, self.memory.layout.lock_page} else super()._write(body)


class HalfForgetful(Ntag21x):
    """A chip that says yes to its dynamic lock bits and sets none: a short message hides that."""

    def _write(self, body: bytes) -> bytes:
        return b"\x0a" if body[0] == self.memory.layout.lock_page else super()._write(body)


def broken(kind: type[Ntag21x], chip: str, leak: int = 0) -> Ntag21x:
    made = blank(UID, chip)
    tag = kind(bytes.fromhex(UID), chip, bytes(made.memory.content[16 : made.memory.layout.lock_page * 4]))
    if isinstance(tag, Leaky):
        tag.leak = leak
    return tag


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("kind", [Forgetful, HalfForgetful, Pretender, *range(3, 16)])
def test_a_lock_that_does_not_hold_is_caught(bench: Bench, chip: str, kind: type[Ntag21x] | int) -> None:
    tag = broken(Leaky, chip, kind) if isinstance(kind, int) else broken(kind, chip)
    bench.field.lay(tag)
    done = bench.write(order(seal=Seal.LOCKED))
    assert (done.outcome, done.locked) == (WriteOutcome.SEAL_FAILED, False)
    if kind is not Pretender:
        assert bench.read(tag).uri == NEW


@pytest.mark.parametrize("chip", CHIPS)
def test_a_password_that_guards_nothing_is_caught(bench: Bench, chip: str) -> None:
    tag = broken(Leaky, chip, 5 if chip == "NTAG213" else 4)
    bench.field.lay(tag)
    done = bench.write(order(seal=Seal.PROTECTED))
    assert (done.outcome, done.protected) == (WriteOutcome.SEAL_FAILED, False)
    assert bench.read(tag).uri == NEW


@pytest.mark.parametrize("seal", [Seal.OPEN, Seal.PROTECTED])
def test_what_was_written_is_taken_back(bench: Bench, seal: Seal) -> None:
    for tag, replace in ((blank(UID), False), (ntag213(UID, OLD), True)):
        before = bytes(tag.memory.content)
        bench.field.lay(tag)
        done = bench.write(order(seal=seal, replace=replace))
        assert done.before is not None
        back = Order(done.before, replace=True, lift=True, secret=SECRET, only=bytes.fromhex(UID))
        assert bench.write(back).outcome is WriteOutcome.WRITTEN
        assert bench.read(tag).uri == (OLD if replace else None)
        pages = tag.memory.layout.lock_page * 4
        assert tag.memory.content[pages + 4 : pages + 8] == before[pages + 4 : pages + 8]


def test_a_tag_in_strange_hands_is_left_with_its_password(bench: Bench) -> None:
    tag = written(UID, "NTAG213", encoded(OLD))
    bench.field.lay(tag)
    bench.write(order(OLD, seal=Seal.PROTECTED, secret=MasterSecret(bytes(range(9, 41)))))
    assert bench.write(order(replace=True)).outcome is WriteOutcome.FOREIGN_PASSWORD
    assert bench.read(tag).uri == OLD
