"""The PN532 as a host on its serial line meets it: frames byte for byte, commands, speeds."""

from __future__ import annotations

import termios

import pytest

from hardware.virtual import VirtualPn532, bank_card, blank, fault_script, ntag213
from hardware.virtual.pn532.air import crc_a
from hardware.virtual.pn532.frames import ACK, SYNTAX_ERROR, FrameReader, Signal, frame
from tests.hardware.virtual.serial_host import QUIET, WAKE, Host, until

GONE = (OSError, termios.error)
UID, OTHER = "04A1B2C3D4E580", "04A1B2C3D4E581"
LINK = "https://id.example/01/09506000134352"
VERSION_ASKED, VERSION = bytes.fromhex("0000ff02fed4022a00"), bytes.fromhex("0000ff06fad50332010607e800")


def test_frames_are_the_manuals() -> None:
    assert frame(bytes.fromhex("d402")) == VERSION_ASKED
    assert frame(bytes.fromhex("d50332010607")) == VERSION
    assert frame(bytes.fromhex("d41402011401")[:5]) == bytes.fromhex("0000ff05fbd4140201140100")
    long = frame(b"\xd4" + bytes(299))
    assert long[:8] == bytes.fromhex("0000ffffff012cd3")


def test_frames_are_found_in_whatever_comes_in_pieces() -> None:
    frames = FrameReader()
    sent = WAKE + VERSION_ASKED + b"\x17\x00\x00\xff" + ACK + frame(b"\xd4\x00" + bytes(261))
    heard = [said for at in range(len(sent)) for said in frames.feed(sent[at : at + 1])]
    assert heard == [b"\x02", Signal.ACK, b"\x00" + bytes(261)]


@pytest.mark.parametrize("at", range(3, len(VERSION_ASKED) - 1))
def test_a_frame_with_any_byte_wrong_is_passed_over(at: int) -> None:
    frames = FrameReader()
    wrong = VERSION_ASKED[:at] + bytes([VERSION_ASKED[at] ^ 0x08]) + VERSION_ASKED[at + 1 :]
    assert list(frames.feed(WAKE + wrong)) == []
    frames.forget()
    assert list(frames.feed(WAKE + VERSION_ASKED)) == [b"\x02"]


def test_a_sleeping_chip_wants_to_be_woken(host: Host) -> None:
    assert host.say(VERSION_ASKED, expected=1, patience=QUIET) == b""
    assert host.say(WAKE + VERSION_ASKED, expected=19) == ACK + VERSION
    assert host.say(VERSION_ASKED, expected=19) == ACK + VERSION
    assert host.ask("1620") == "d51700"
    assert host.say(VERSION_ASKED, expected=1, patience=QUIET) == b""
    assert host.say(WAKE + VERSION_ASKED, expected=19) == ACK + VERSION


def test_a_host_may_ask_for_the_last_answer_again(host: Host) -> None:
    assert host.say(WAKE + VERSION_ASKED, expected=19) == ACK + VERSION
    assert host.say(bytes.fromhex("0000ffff0000"), expected=13) == VERSION


@pytest.mark.parametrize("command", ["70", "0633", "4a", "32"])
def test_what_the_chip_does_not_know_gets_the_error_frame(host: Host, command: str) -> None:
    asked = WAKE + frame(b"\xd4" + bytes.fromhex(command))
    assert host.say(asked, expected=14) == ACK + SYNTAX_ERROR


def test_the_chip_follows_the_speed_and_hears_no_other(reader: VirtualPn532, host: Host) -> None:
    assert host.ask("1007") == "d511"
    assert reader.rate == 115200, "until the host has acknowledged"
    assert host.say(ACK, expected=1, patience=QUIET) == b""
    until(lambda: reader.rate == 921600)
    assert host.say(WAKE + VERSION_ASKED, expected=1, patience=QUIET) == b""
    host.line.baudrate = 921600
    assert host.ask("02") == "d50332010607"


def test_two_tags_are_listed_and_the_first_one_is_found_by_name(reader: VirtualPn532, host: Host) -> None:
    reader.lay(ntag213(UID, LINK), bank_card("0A1B2C3D"))
    assert host.ask("3205000102") == "d533"
    both = host.ask("4a0200")
    assert both
    assert both[:6] == "d54b02"
    assert {UID.lower(), "0a1b2c3d"} == {uid for uid in (UID.lower(), "0a1b2c3d") if uid in both}
    assert host.ask("320100") == "d533"
    assert host.ask("4a010088" + UID[:6] + UID[6:]) == f"d54b0101004400 07{UID.lower()}".replace(" ", "")


def test_two_uids_that_differ_in_one_bit_are_told_apart(reader: VirtualPn532, host: Host) -> None:
    reader.lay(ntag213(UID, LINK), ntag213(OTHER, LINK))
    host.ask("3205000102")
    both = host.ask("4a0200")
    assert both
    assert UID.lower() in both
    assert OTHER.lower() in both


def test_a_chip_told_to_try_for_ever_answers_when_a_tag_comes(reader: VirtualPn532, host: Host) -> None:
    asked = WAKE + frame(bytes.fromhex("d44a0100"))
    assert host.say(asked, expected=7, patience=QUIET) == ACK
    reader.lay(bank_card("0A1B2C3D"))
    assert host.line.read(18) == frame(bytes.fromhex("d54b0101000420040a1b2c3d"))[:18]


def test_the_crc_is_the_hosts_business_where_it_says_so(reader: VirtualPn532, host: Host) -> None:
    reader.lay(blank(UID))
    host.ask("3205000102")
    host.ask("4a0100")
    assert host.ask("423000") == "d54300" + bytes(reader.lying.memory.content[:16]).hex()  # type: ignore[union-attr]
    assert host.ask("42a20501020304") == "d54302", "an ACK has no CRC"
    host.ask("08630300")
    read = host.ask("423005")
    assert read
    content = bytes.fromhex(read[6:])
    assert content[:4] == b"\x01\x02\x03\x04"
    assert content[-2:] == crc_a(content[:-2])
    assert host.ask("42a20501020304") == "d543000a"
    assert crc_a(b"\x12\x34") == bytes.fromhex("26cf"), "the standard's own example"


def test_one_of_two_tags_is_talked_to_at_a_time(reader: VirtualPn532, host: Host) -> None:
    reader.lay(ntag213(UID, LINK), blank(OTHER))
    assert host.ask("40013000") == "d54127", "nothing is listed yet"
    host.ask("3205000102")
    assert host.ask("4a0200").startswith("d54b02")
    assert host.ask("0400") == "d505" + "000102" + "01000010" + "02000010" + "80"
    seen = []
    for number in ("01", "02"):
        assert host.ask("54" + number) == "d55500"
        seen.append(host.ask("40013000")[6:14].upper() + host.ask("40013000")[14:22].upper())
    assert sorted(seen) == [uid[:6] + "9F" + uid[6:] for uid in (UID, OTHER)]
    assert host.ask("5200") == "d55300"
    assert host.ask("5401") == "d55527"


def test_a_host_that_checks_the_crc_itself_is_given_a_wrong_one(reader: VirtualPn532, host: Host) -> None:
    reader.lay(blank(UID))
    host.ask("3205000102")
    host.ask("4a0100")
    host.ask("08630300")
    reader.disturb(fault_script("garble 1"))
    content = bytes.fromhex(host.ask("423000")[6:])
    assert len(content) > 2
    assert content[-2:] != crc_a(content[:-2])


def test_tags_that_cannot_be_selected_are_not_listed(reader: VirtualPn532, host: Host) -> None:
    host.ask("3205000100")
    for script in ("silence 2", "garble 3", "silence 3", "nak 2"):
        reader.lay(blank(UID), faults=fault_script(script))
        assert host.ask("4a0100") == "d54b00", script
        assert host.ask("066339") == "d50793", "and the FIFO no longer holds the wake-up"
        host.ask("320100")


def test_the_fifo_takes_and_gives_in_turn(host: Host) -> None:
    assert host.ask("08633a80" + "633911" + "633922") == "d509"
    assert host.ask("06633a" + "6339" + "6339" + "6339") == "d50702112200"


def test_a_chip_tests_itself(reader: VirtualPn532, host: Host) -> None:
    assert [host.ask(command) for command in ("0001", "0006")] == ["d50100", "d50101"]
    host.ask("3205000102")
    reader.lay(blank(UID))
    host.ask("4a0100")
    assert host.ask("0006") == "d50100", "the tag is there"


@pytest.mark.parametrize("command", ["560100", "460100", "500100"])
def test_there_is_no_peer_to_jump_to(host: Host, command: str) -> None:
    assert host.ask(command)[4:] == "01"


def test_a_chip_that_plays_no_card_says_so(host: Host) -> None:
    assert host.ask("8c01") == "d58d27"


def test_the_air_can_be_silent_or_garbled(reader: VirtualPn532, host: Host) -> None:
    reader.lay(blank(UID))
    host.ask("3205000102")
    host.ask("4a0100")
    reader.disturb(fault_script("garble 1, silence 2"))
    assert host.ask("423000") == "d54302"
    assert host.ask("423000") == "d54301"
    assert host.ask("423000")[:6] == "d54300"
