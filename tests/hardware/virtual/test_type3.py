"""A Type 3 tag: who it answers, what it reads and keeps."""

from __future__ import annotations

import pytest

from hardware.virtual import felica
from hardware.virtual.type3 import FelicaLiteS

IDM = "012E5A5B5C5D5E5F"
LINK = "https://id.example/01/09506000134352"


def command(tag: FelicaLiteS, code: int, body: str) -> bytes | None:
    frame = bytes([code]) + tag.uid + bytes.fromhex(body)
    return tag.answer(bytes([len(frame) + 1]) + frame)


@pytest.mark.parametrize(
    ("poll", "system"),
    [("0600ffff0100", "88b4"), ("060012fc0100", "12fc"), ("060012ff0000", ""), ("060000030000", None)],
)
def test_polling_finds_it_by_its_systems(poll: str, system: str | None) -> None:
    answer = felica(IDM, LINK).answer(bytes.fromhex(poll))
    expected = None if system is None else "01" + IDM.lower() + "00f1000000014300" + system
    assert (answer and answer[1:].hex()) == expected


def test_it_answers_only_to_its_own_number() -> None:
    tag = felica(IDM, LINK)
    assert tag.answer(bytes.fromhex("100601020304050607080 10b00018000".replace(" ", ""))) is None
    assert tag.answer(b"\x10") is None


def test_blocks_are_read_and_written() -> None:
    tag = felica(IDM, LINK)
    assert command(tag, 0x08, "01090001800d" + "ab" * 16) == bytes.fromhex("0c09" + IDM + "0000")
    read = command(tag, 0x06, "010b0002800d8001")
    assert read
    assert read[10:13].hex() == "000002"
    assert read[13:29] == b"\xab" * 16


@pytest.mark.parametrize(
    ("code", "body", "status"),
    [
        (0x06, "010b0005" + "8000" * 5, "01a2"),
        (0x06, "01cb000180 00".replace(" ", ""), "01a6"),
        (0x06, "010b00018020", "01a8"),
        (0x08, "010b00018001" + "00" * 16, "01a6"),
        (0x08, "0109000180 90".replace(" ", "") + "00" * 16, "01a8"),
    ],
)
def test_a_refusal_is_a_status(code: int, body: str, status: str) -> None:
    answer = command(felica(IDM, LINK), code, body)
    assert answer
    assert answer[10:12].hex() == status


def test_a_locked_block_stays_as_it_is() -> None:
    tag = felica(IDM, LINK)
    before = tag.blocks[1]
    assert command(tag, 0x08, "0109000180 88".replace(" ", "") + "fdff0001070000000000000000000000")
    for block, status in (("8001", "01a8"), ("8002", "0000"), ("8088", "01a8")):
        answer = command(tag, 0x08, f"01090001{block}" + "ff" * 16)
        assert answer
        assert answer[10:12].hex() == status
    assert tag.blocks[1] == before


@pytest.mark.parametrize(("idm", "uri"), [("012E5A5B", LINK), (IDM, LINK + "y" * 200)])
def test_what_no_such_tag_can_be_is_refused_in_words(idm: str, uri: str) -> None:
    with pytest.raises(ValueError, match=r"8 bytes|13 blocks"):
        felica(idm, uri)
