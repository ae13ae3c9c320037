"""NTAG21x against its data sheet: locks that only close, passwords, counter, mirror, what stands where."""

from __future__ import annotations

import pytest

from hardware.virtual import Ntag21x, blank, ntag213, ntag215, ntag216
from tests.hardware.virtual.reading import again, select

UID = "04A1B2C3D4E580"
LINK = "https://id.example/01/09506000134352"
ACK, NAK, TOO_MANY = b"\x0a", b"\x00", b"\x04"
CHIPS = {"NTAG213": (0x28, 0x0F), "NTAG215": (0x82, 0x11), "NTAG216": (0xE2, 0x13)}


@pytest.fixture(params=CHIPS)
def tag(request: pytest.FixtureRequest) -> Ntag21x:
    made = blank(UID, request.param, signature=bytes(range(32)))
    select(made)
    return made


def lock_page(tag: Ntag21x) -> int:
    return tag.memory.layout.lock_page


def ask(tag: Ntag21x, frame: str) -> bytes | None:
    """Send a command; where the tag fell out of its selection, select it again first, the field staying on."""
    if not tag.selection.active:
        select(tag)
    return tag.answer(bytes.fromhex(frame))


def page(tag: Ntag21x, number: int) -> bytes:
    read = ask(tag, f"30{number:02x}")
    assert read is not None
    return read[:4]


def write(tag: Ntag21x, number: int, four: str) -> bytes | None:
    return ask(tag, f"a2{number:02x}{four}")


@pytest.mark.parametrize("chip", CHIPS)
def test_a_chip_says_what_it_is(chip: str) -> None:
    lock, storage = CHIPS[chip]
    tag = blank(UID, chip, signature=bytes(range(32)))
    assert ask(tag, "60") == bytes([0, 4, 4, 2, 1, 0, storage, 3])
    assert ask(tag, "3c00") == bytes(range(32))
    assert ask(tag, "3c01") == NAK
    assert lock_page(tag) == lock
    assert ask(tag, "3000") == bytes.fromhex("04A1B29F C3D4E580 72480000 E110") + bytes(
        [{"NTAG213": 0x12, "NTAG215": 0x3E, "NTAG216": 0x6D}[chip], 0]
    )
    assert ask(tag, f"30{lock:02x}") == bytes.fromhex("000000BD 040000FF 00050000 00000000")
    assert len(tag.memory.content) == (lock + 5) * 4


def test_a_tag_keeps_silent_until_it_is_selected() -> None:
    tag = ntag213(UID, LINK)
    for frame in ("3004", "60", "a204ffffffff", "1bffffffff", "9520"):
        assert tag.answer(bytes.fromhex(frame)) is None
    assert select(tag) == bytes.fromhex(UID)
    assert tag.answer(b"\x30\x04")


def test_a_refused_command_ends_the_selection(tag: Ntag21x) -> None:
    for frame in ("1a00", "30ff", "a200ffffffff", "3a0500", "ff"):
        assert ask(tag, frame) == NAK
        assert tag.answer(b"\x30\x04") is None
    assert ask(tag, "5000") is None
    assert tag.answer(b"\x26") is None, "a halted tag wakes up for WUPA only"
    assert tag.answer(b"\x52") == b"\x44\x00"


def test_reading_rolls_over_at_the_end(tag: Ntag21x) -> None:
    last = lock_page(tag) + 4
    assert ask(tag, f"30{last:02x}") == bytes(4) + bytes(tag.memory.content[:12])
    assert ask(tag, f"3a00{last:02x}") == bytes(tag.memory.content[:-8]) + bytes(8)
    assert ask(tag, f"30{last + 1:02x}") == NAK


def test_the_container_is_written_once_bit_by_bit(tag: Ntag21x) -> None:
    assert write(tag, 3, "0000000f") == ACK
    assert write(tag, 3, "00000000") == ACK
    assert page(tag, 3)[3] == 0x0F
    assert page(tag, 3)[0] == 0xE1


@pytest.mark.parametrize("number", range(3, 16))
def test_a_static_lock_bit_locks_its_page_for_ever(tag: Ntag21x, number: int) -> None:
    locks = (1 << number).to_bytes(2, "little").hex()
    assert write(tag, 2, f"ffff{locks}") == ACK
    assert page(tag, 2).hex() == f"7248{locks}", "the first two bytes are not writable"
    assert write(tag, number, "ffffffff") == NAK
    assert write(tag, 2, "00000000") == ACK
    again(tag)
    assert write(tag, number, "ffffffff") == NAK
    others = set(range(3, 16)) - {number}
    assert {other for other in others if write(tag, other, "00000000") == ACK} == others


@pytest.mark.parametrize(("block", "pages"), [(0x01, {3}), (0x02, {4, 5, 6, 7, 8, 9}), (0x04, set(range(10, 16)))])
def test_a_block_locking_bit_freezes_the_locks_it_is_for(tag: Ntag21x, block: int, pages: set[int]) -> None:
    assert write(tag, 2, f"0000{block:02x}00") == ACK
    assert write(tag, 2, "0000f8ff") == ACK
    assert {n for n in range(3, 16) if write(tag, n, "00000000") == ACK} == pages


DYNAMIC = [
    *(("NTAG213", bit, range(16 + 2 * bit, 18 + 2 * bit)) for bit in range(12)),
    *(("NTAG215", bit, range(16 + 16 * bit, min(32 + 16 * bit, 130))) for bit in range(8)),
    *(("NTAG216", bit, range(16 + 16 * bit, min(32 + 16 * bit, 226))) for bit in range(14)),
]


@pytest.mark.parametrize(("chip", "bit", "pages"), DYNAMIC, ids=str)
def test_a_dynamic_lock_bit_locks_its_pages(chip: str, bit: int, pages: range) -> None:
    tag = blank(UID, chip)
    assert write(tag, lock_page(tag), (1 << bit).to_bytes(2, "little").hex() + "0000") == ACK
    assert page(tag, lock_page(tag))[3] == 0xBD
    refused = {n for n in range(4, lock_page(tag)) if write(tag, n, "12345678") == NAK}
    assert refused == set(pages)


@pytest.mark.parametrize(
    ("chip", "bit"), [(c, b) for c, n in (("NTAG213", 6), ("NTAG215", 4), ("NTAG216", 7)) for b in range(n)]
)
def test_a_dynamic_block_locking_bit_freezes_two_lock_bits(chip: str, bit: int) -> None:
    tag = blank(UID, chip)
    locks = (1 << tag.memory.layout.lock_bits) - 1
    assert write(tag, lock_page(tag), f"0000{1 << bit:02x}00") == ACK
    assert write(tag, lock_page(tag), "ffff0000") == ACK
    assert int.from_bytes(page(tag, lock_page(tag))[:2], "little") == locks & ~(0b11 << 2 * bit)


def protect(tag: Ntag21x, start: int, access: int) -> None:
    settings = lock_page(tag) + 1
    assert write(tag, settings + 2, "70617373") == ACK
    assert write(tag, settings + 3, "6f6b0000") == ACK
    assert write(tag, settings + 1, f"{access:02x}050000") == ACK
    assert write(tag, settings, f"040000{start:02x}") == ACK


def test_settings_act_from_the_next_power_up(tag: Ntag21x) -> None:
    protect(tag, 4, 0x00)
    assert write(tag, 4, "00000000") == ACK
    again(tag)
    assert write(tag, 4, "00000000") == NAK


def test_a_password_guards_writing_from_its_page_on(tag: Ntag21x) -> None:
    protect(tag, 8, 0x00)
    again(tag)
    assert (write(tag, 7, "01020304"), write(tag, 8, "01020304")) == (ACK, NAK)
    assert ask(tag, "1b00000000") == NAK
    assert ask(tag, "1b70617373") == b"ok"
    assert write(tag, 8, "01020304") == ACK
    assert ask(tag, "ff") == NAK, "and a refusal forgets that the password was given"
    assert write(tag, 8, "01020304") == NAK


def test_a_password_can_guard_reading_too(tag: Ntag21x) -> None:
    protect(tag, 6, 0x80)
    again(tag)
    assert ask(tag, "3006") == NAK
    assert ask(tag, "3a0006") == NAK
    rolled = bytes(tag.memory.content[4 * 4 : 6 * 4]) + bytes(tag.memory.content[:8])
    assert ask(tag, "3004") == rolled, "READ rolls over before the guarded page"
    assert ask(tag, "1b70617373") == b"ok"
    assert ask(tag, "3006") == bytes(tag.memory.content[24:40])
    password = lock_page(tag) + 3
    assert page(tag, password) == bytes(4), "the password itself never reads"


def test_too_many_wrong_passwords_shut_the_door_for_ever(tag: Ntag21x) -> None:
    protect(tag, 4, 0x03)
    again(tag)
    assert ask(tag, "1b00000000") == NAK
    assert ask(tag, "1b70617373") == b"ok", "the right one in time begins the count anew"
    for _ in range(3):
        assert ask(tag, "1b00000000") == NAK
    assert ask(tag, "1b70617373") == TOO_MANY
    again(tag)
    assert ask(tag, "1b70617373") == TOO_MANY
    assert write(tag, 4, "00000000") == NAK


def test_locked_settings_cannot_be_changed(tag: Ntag21x) -> None:
    settings = lock_page(tag) + 1
    assert write(tag, settings + 1, "40050000") == ACK
    again(tag)
    assert (write(tag, settings, "04000004"), write(tag, settings + 1, "00050000")) == (NAK, NAK)
    assert write(tag, settings + 2, "70617373") == ACK, "but the password can"


def test_the_counter_counts_once_a_power_up(tag: Ntag21x) -> None:
    assert ask(tag, "3902") == NAK, "it is off at first"
    assert write(tag, lock_page(tag) + 2, "10050000") == ACK
    again(tag)
    assert ask(tag, "3902") == bytes(3)
    for frame in ("3004", "3008", "3a0408"):
        assert ask(tag, frame)
    assert ask(tag, "3902") == b"\x01\x00\x00"
    tag.count = 0xFFFFFF
    again(tag)
    assert ask(tag, "3a0408")
    assert ask(tag, "3902") == b"\xff\xff\xff"


def test_the_counter_can_be_hidden_behind_the_password(tag: Ntag21x) -> None:
    protect(tag, 0xFF, 0x18)
    again(tag)
    assert ask(tag, "3902") == NAK
    assert ask(tag, "1b70617373") == b"ok"
    assert ask(tag, "3902") == bytes(3)


@pytest.mark.parametrize(
    ("mirrors", "text"), [(0x40, b"04A1B2C3D4E580"), (0x80, b"000001"), (0xC0, b"04A1B2C3D4E580x000001")]
)
def test_uid_and_counter_are_mirrored_into_what_is_read(tag: Ntag21x, mirrors: int, text: bytes) -> None:
    assert write(tag, lock_page(tag) + 2, "10050000") == ACK
    assert write(tag, lock_page(tag) + 1, f"{mirrors | 0x24:02x}0005ff") == ACK, "byte 2 of page 5"
    before = bytes(tag.memory.content)
    again(tag)
    seen = ask(tag, "3a000f")
    assert seen
    assert seen[22 : 22 + len(text)] == text
    assert seen[:22] + seen[22 + len(text) :] == before[:22] + before[22 + len(text) : 64]
    assert bytes(tag.memory.content) == before, "memory itself is untouched"


def test_a_compatible_write_takes_sixteen_bytes_and_keeps_four(tag: Ntag21x) -> None:
    assert ask(tag, "a005") == ACK
    assert tag.answer(bytes.fromhex("01020304") + bytes(12)) == ACK
    assert page(tag, 5) == b"\x01\x02\x03\x04"
    assert ask(tag, "a005") == ACK
    assert tag.answer(bytes.fromhex("05060708")) == NAK
    assert page(tag, 5) == b"\x01\x02\x03\x04"


def test_a_torn_write_leaves_half_a_page_and_spares_the_locks(tag: Ntag21x) -> None:
    assert write(tag, 5, "11111111") == ACK
    tag.tear(bytes.fromhex("a20522222222"))
    tag.tear(bytes.fromhex("a2020000ffff"))
    assert page(tag, 5).hex() == "22221111"
    assert page(tag, 2)[2:] == bytes(2)


@pytest.mark.parametrize("make", [ntag213, ntag215, ntag216])
def test_a_message_too_long_for_the_chip_is_refused_in_words(make: type) -> None:
    with pytest.raises(ValueError, match="bytes of data"):
        make(UID, LINK + "y" * 900)
