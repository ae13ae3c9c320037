"""Signing tags: what a tag made is read, and nothing that anybody else made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.tags.sun import (
    Loop,
    NotGenuine,
    SunKeys,
    diversified,
    identity,
    is_original,
    is_signed,
    maker_of,
    read_message,
    verify,
)
from server.tags.sun.blocks import cmac
from server.tags.sun.lrp import Primitive
from server.tags.sun.sessions import AesSession
from tests.server.tags.signing_tag import MASTER, SigningTag

KEYS = {lrp: SunKeys(MASTER, lambda uid: diversified(MASTER, uid), lrp=lrp) for lrp in (False, True)}
KINDS = [
    {"lrp": lrp, "plain": plain, "content": content}
    for lrp in (False, True)
    for plain in (False, True)
    for content in (b"", b"CC and a whole second block here")
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_what_a_tag_made_is_read(kind: dict[str, object]) -> None:
    tag = SigningTag(counter=0x0102FE, **kind)  # type: ignore[arg-type]  # one of KINDS
    for counter in (0x0102FF, 0x010300):
        message = read_message(tag.uri())
        assert message
        said = verify(message, KEYS[tag.lrp])
        assert (said.uid, said.counter, said.content) == (tag.uid, counter, tag.content)
        assert said.loop is (Loop.WHOLE if tag.content else None)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_no_digit_of_a_message_can_be_changed(kind: dict[str, object]) -> None:
    tag = SigningTag(**kind)  # type: ignore[arg-type]  # one of KINDS
    uri = tag.uri()
    begin = len(tag.before)
    names = {place for name in ("picc_data", "uid", "ctr", "enc", "cmac") for place in _places(uri, f"{name}=")}
    for place in set(range(begin, len(uri))) - names:
        if uri[place] == "&":
            continue
        changed = uri[:place] + ("0" if uri[place] != "0" else "1") + uri[place + 1 :]
        message = read_message(changed)
        assert message
        with pytest.raises(NotGenuine):
            verify(message, KEYS[tag.lrp])


def _places(uri: str, name: str) -> range:
    start = uri.find(name)
    return range(start, start + len(name)) if start >= 0 else range(0)


def test_a_tag_of_other_keys_is_none_of_ours() -> None:
    for kind in KINDS:
        message = read_message(SigningTag(master=b"another's master", **kind).uri())  # type: ignore[arg-type]
        assert message
        with pytest.raises(NotGenuine):
            verify(message, KEYS[bool(kind["lrp"])])


def test_a_tag_says_who_it_is_before_it_is_believed() -> None:
    message = read_message(SigningTag(counter=8).uri())
    assert message
    assert identity(message, MASTER) == (bytes.fromhex("04AABBCCDDEE80"), 9)


WHO, CODE = "EF963FF7828658A599F3041510671E88", "94EED9EE65337086"


@pytest.mark.parametrize(
    "written",
    [
        f"picc_data={WHO}&cmac={CODE}",
        f"e={WHO}&c={CODE}",
        f"m={WHO}x{CODE}",
        f"e={WHO}{CODE}",
        f"utm=1&picc_data={WHO.lower()}&cmac={CODE.lower()}#top",
    ],
)
def test_the_ways_a_message_is_written_say_the_same(written: str) -> None:
    """NXP AN12196, page 12, with the factory's keys."""
    message = read_message(f"https://ntag.nxp.com/424?{written}")
    assert message
    said = verify(message, SunKeys(bytes(16), lambda _uid: bytes(16)))
    assert (said.uid.hex().upper(), said.counter, said.content) == ("04DE5F1EACC040", 61, b"")


def test_content_that_stands_between_who_and_code_is_read_too() -> None:
    uri = SigningTag(content=b"OO" + bytes(14)).uri()
    values = [part.split("=")[1] for part in uri.split("?")[1].split("&")]
    message = read_message(f"https://x/?e={values[0]}{values[1]}{values[2]}")
    assert message
    assert message.inputs[:2] == (b"", values[1].encode())
    assert (message.secret.hex().upper(), message.code.hex().upper()) == (values[1], values[2])


@pytest.mark.parametrize("start", ["id.example", "01/0200", "picc_data", "enc=", "cmac="])
def test_wherever_the_signed_part_begins_it_is_found(start: str) -> None:
    tag = SigningTag(content=bytes(16), counter=4)
    uri = tag.uri()
    begin, end = uri.index(start), uri.index("cmac=") + 5
    begin += len(start) if start in {"enc=", "cmac="} else 0
    session = AesSession(diversified(MASTER, tag.uid), tag.uid, b"\x05\0\0")
    message = read_message(uri[:end] + session.code(uri[begin:end].encode()).hex())
    assert message
    assert verify(message, KEYS[False]).counter == 5


@pytest.mark.parametrize(
    "uri",
    [
        "https://id.gs1.org/01/09506000134352",
        "https://x/?picc_data=00&cmac=00",
        f"https://x/?picc_data={WHO}",
        f"https://x/?cmac={CODE}",
        f"https://x/?picc_data={WHO}&cmac={CODE}00",
        f"https://x/?picc_data={WHO}&cmac=x{CODE[1:]}",
        f"https://x/?picc_data={WHO}&enc=00&cmac={CODE}",
        f"https://x/?uid=04DE5F1EACC0&ctr=000001&cmac={CODE}",
        "https://x/?m=xx",
        "https://x/?e=0",
    ],
)
def test_an_address_without_a_message_is_not_taken_for_one(uri: str) -> None:
    assert read_message(uri) is None
    assert not is_signed(uri)


@given(st.text() | st.from_regex(r"https://x/\?((picc_data|e|m|uid|ctr|enc|cmac|c)=[0-9A-Fx]*&?)*"))
def test_whatever_the_text_it_is_no_message_or_not_genuine(text: str) -> None:
    message = read_message(text)
    if message:
        with pytest.raises(NotGenuine):
            verify(message, KEYS[False])


def test_lrp_computes_what_its_specification_says() -> None:
    """NXP AN12304, its first vectors of evaluation and of the code."""
    evaluated = Primitive(bytes.fromhex("567826B8DA8E768432A9548DBE4AA3A0"), 2).evaluate([1, 3, 5, 9])
    assert evaluated.hex().upper() == "1BA2C0C578996BC497DD181C6885A9DD"
    code = Primitive(bytes.fromhex("8195088CE6C393708EBBE6C7914ECB0B")).cmac(bytes.fromhex("BBD5B85772C7"))
    assert code.hex().upper() == "AD8595E0B49C5C0DB18E77355F5AAFF6"


def test_a_key_of_an_input_that_fills_both_blocks_takes_the_first_subkey() -> None:
    """NXP AN10922, 2.2: where nothing is padded, it is plain CMAC over 01 and the input."""
    full = bytes(range(31))
    assert diversified(MASTER, full) == cmac(MASTER, b"\x01" + full)
    assert diversified(MASTER, full[:7]) != cmac(MASTER, b"\x01" + full[:7])


UID = bytes.fromhex("04E10CDA993C80")
SIGNATURE = bytes.fromhex("8B76052EE42F5567BEB53238B3E3F9950707C0DCC956B5C5EFCFDB709B2D82B3")


def test_the_makers_signature_holds_for_its_uid_only() -> None:
    maker = maker_of("NTAG216")
    assert maker
    assert is_original(UID, SIGNATURE, maker)
    assert not is_original(bytes([UID[0] ^ 1]) + UID[1:], SIGNATURE, maker)
    assert maker_of("a chip nobody knows") is None


@given(st.binary(min_size=0, max_size=60))
def test_no_bytes_pass_for_a_signature(signature: bytes) -> None:
    for chip in ("NTAG213", "NTAG 424 DNA"):
        maker = maker_of(chip)
        assert maker
        assert not is_original(UID, signature, maker)
    maker = maker_of("NTAG213") or b""
    assert not is_original(UID, bytes(32), maker)
    assert not is_original(UID, b"\xff" * 32, maker)
    assert not is_original(UID, SIGNATURE, b"")
