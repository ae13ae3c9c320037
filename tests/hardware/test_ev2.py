"""The session of an NTAG 424 DNA comes out as NXP's AN12196 works it through, and keys as the server's."""

from __future__ import annotations

from random import Random

from hardware.aes import ZERO, decrypt, diversified, encrypt
from hardware.ev2 import Secrets, turned, unchained
from server.tags.sun import diversified as of_server

OURS = bytes.fromhex("13C5DB8A5930439FC3DEF9A4C675360F")
THEIRS = bytes.fromhex("B9E2FC789B64BF237CCCAA20EC7E6E48")


def test_both_challenges_travel_and_come_back_turned() -> None:
    assert decrypt(ZERO, bytes.fromhex("A04C124213C186F22399D33AC2A30215")) == THEIRS
    sent = "35C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D"
    assert encrypt(ZERO, OURS + turned(THEIRS)) == bytes.fromhex(sent)
    proof = bytes.fromhex("3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663")
    plain = decrypt(ZERO, proof)
    assert (plain[:4].hex(), plain[4:20]) == ("9d00c4df", turned(OURS))


def test_the_session_keys_are_those_of_the_note() -> None:
    secrets = Secrets.agreed(ZERO, OURS, THEIRS, transaction=bytes.fromhex("9D00C4DF"))
    assert secrets.encrypting.hex().upper() == "1309C877509E5A215007FF0ED19CA564"
    assert secrets.signing.hex().upper() == "4C6626F5E72EA694202139295C7A7FC7"


def test_the_check_sum_of_a_new_key_is_that_of_the_note() -> None:
    assert unchained(bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")).hex() == "789dfadc"


def test_what_is_hidden_is_shown_again_and_no_two_commands_are_alike() -> None:
    luck = Random(1)
    secrets = Secrets.agreed(luck.randbytes(16), OURS, THEIRS, transaction=b"\0\1\2\3")
    for length in range(1, 40):
        plain = luck.randbytes(length - 1) + b"\0"
        assert secrets.show(secrets.hide(plain)) == plain
    before = secrets.hide(bytes(16)), secrets.code(0x5F, b"")
    secrets.commands += 1
    assert {secrets.hide(bytes(16)), secrets.code(0x5F, b"")}.isdisjoint(before)


def test_a_tags_own_key_is_the_one_the_server_computes() -> None:
    luck = Random(2)
    for length in range(1, 32):
        master, who = luck.randbytes(16), luck.randbytes(length)
        assert diversified(master, who) == of_server(master, who)
