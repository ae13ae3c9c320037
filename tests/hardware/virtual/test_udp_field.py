"""The simulated radio's other end, against what is known to trip readers on it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from hardware.virtual import Field, VirtualField, bank_card, blank, fault_script, ntag213

UID, OTHER = "04A1B2C3D4E580", "04A1B2C3D4E581"
LINK = "https://id.example/01/09506000134352"
SELECT = [b"106A 26", b"106A 9320", b"106A 93708804a1b29f", b"106A 9520", b"106A 9570c3d4e58072"]


class Peer:
    """A reader's socket."""

    def __init__(self, field: VirtualField) -> None:
        _, host, port = field.reader.split(":")
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect((host, int(port)))

    def say(self, datagram: bytes) -> None:
        self.socket.send(datagram)

    def ask(self, datagram: bytes, patience: float = 5.0) -> bytes | None:
        """Send and return what comes back; None where nothing does in time."""
        self.say(datagram)
        self.socket.settimeout(patience)
        try:
            return self.socket.recv(1024)
        except TimeoutError:
            return None

    def silent(self, datagram: bytes) -> bool:
        return self.ask(datagram, patience=0.1) is None


@pytest.fixture
def field() -> Iterator[VirtualField]:
    with VirtualField() as made:
        yield made


@pytest.fixture
def peer(field: VirtualField) -> Iterator[Peer]:
    made = Peer(field)
    yield made
    made.socket.close()


def test_an_empty_field_says_so_at_once(peer: Peer) -> None:
    assert peer.ask(b"106A 26") == b"106A"
    assert peer.ask(b"106B 050010") == b"106B"
    assert peer.ask(b"212F 0600ffff0100") == b"212F"


def test_a_tag_that_left_is_silence_to_a_command(field: VirtualField, peer: Peer) -> None:
    field.lay(ntag213(UID, LINK))
    assert [peer.ask(frame) for frame in SELECT][-1] == b"106A 00"
    assert peer.ask(b"106A 3000")
    field.take()
    assert peer.silent(b"106A 3000")
    assert peer.ask(b"106A 26") == b"106A"


def test_nonsense_is_passed_over_and_the_field_goes_on(field: VirtualField, peer: Peer) -> None:
    field.lay(ntag213(UID, LINK))
    for nonsense in (
        b"",
        b"106A",
        b"106A 2",
        b"106A zz",
        b"\xff\xfe 26",
        b"106A 26 26 26",
        b"x" * 900,
        b"RFOFF 00",
    ):
        peer.say(nonsense)
    while peer.ask(b"106A 26") != b"106A 4400":
        peer.ask(b"RFOFF", patience=0.05)
    assert peer.ask(b"106A 9320") == b"106A 8804a1b29f"


def test_the_field_going_off_ends_the_selection(field: VirtualField, peer: Peer) -> None:
    field.lay(ntag213(UID, LINK))
    for frame in SELECT:
        assert peer.ask(frame)
    peer.say(b"RFOFF")
    assert peer.silent(b"106A 3000")
    for frame in SELECT:
        assert peer.ask(frame)


def test_a_reader_on_a_new_port_had_its_field_off(field: VirtualField, peer: Peer) -> None:
    field.lay(blank(UID))
    for frame in SELECT:
        assert peer.ask(frame)
    assert peer.silent(b"106A 5000"), "the tag is halted now"
    other = Peer(field)
    assert other.ask(b"106A 26") == b"106A 4400"
    assert other.ask(b"106A 9370" + b"8804a1b29f") == b"106A 04", "a select without anticollision will do"
    other.socket.close()


def test_an_answer_nobody_waits_for_any_more_is_not_sent(field: VirtualField, peer: Peer) -> None:
    begun, go = threading.Event(), threading.Event()

    def hold(_: float) -> None:
        begun.set()
        go.wait(5)

    field._wait = hold
    field.lay(ntag213(UID, LINK))
    for frame in SELECT:
        assert peer.ask(frame)
    field.disturb(fault_script("delay 1 0.3"))
    peer.say(b"106A 3000")
    assert begun.wait(5)
    peer.say(b"106A 3004")
    go.set()
    peer.socket.settimeout(5)
    assert peer.socket.recv(1024).startswith(b"106A 0103a00c34"), "page 4 and what follows, not page 0"
    assert peer.silent(b"RFOFF")


def test_two_tags_collide(field: VirtualField, peer: Peer) -> None:
    field.lay(ntag213(UID, LINK), bank_card("0A1B2C3D"))
    assert peer.ask(b"106A 26") == b"106A 4400"
    assert peer.ask(b"106A 9320") == b"106A"


def test_closing_twice_is_harmless_and_frees_the_port() -> None:
    with VirtualField() as first:
        port = int(first.reader.rpartition(":")[2])
    first.close()
    with VirtualField(port=port) as second:
        assert second.reader == first_name(port)


def first_name(port: int) -> str:
    return f"udp:127.0.0.1:{port}"


def test_any_thread_may_lay_and_take_while_readers_ask() -> None:
    field, wrong = Field(), []
    tags = [ntag213(UID, LINK), ntag213(OTHER, LINK)]
    frames = [bytes.fromhex(frame) for frame in ("26", "9320", "93708804a1b29f", "9520")]

    def look() -> None:
        for _ in range(2000):
            field.off()
            seen = [field.answer("106A", frame) for frame in frames]
            if seen[3] not in {None, bytes.fromhex("c3d4e58072"), bytes.fromhex("c3d4e58173")}:
                wrong.append(seen)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    while any(reader.is_alive() for reader in readers):
        for tag in tags:
            field.lay(tag)
            field.take()
    assert wrong == []
