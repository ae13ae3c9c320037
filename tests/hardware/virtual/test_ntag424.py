"""NTAG 424 DNA: a link signed afresh at each reading, checked by an independent computation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hardware.virtual import blank_ntag424, ntag424
from hardware.virtual.iso_dep import IsoDepTag
from hardware.virtual.sun import Mirror, planned
from server.tags.sun import NotGenuine, SunKeys, read_message, verify
from server.tags.sun.sessions import open_identity
from tests.hardware.virtual.reading import select

UID = "04DE5F1EACC040"
LINK = "https://id.example/t?e={picc}&c={mac}"
KEYS = (bytes(range(16)), bytes(range(16, 32)))
APPLICATION, CONTAINER, NDEF_FILE = "00a4040007d276000085010100", "00a4000c02e103", "00a4000c02e104"
TOP = Path(__file__).resolve().parents[3]
VECTORS = TOP.parent / "shared/data/sun/vectors.json"


class Card:
    """A hand that sends commands to a 424."""

    def __init__(self, tag: IsoDepTag) -> None:
        self.tag, self.number = tag, 0
        tag.power_up()
        select(tag)
        assert tag.answer(bytes.fromhex("e080")) == bytes.fromhex("067777710280")

    def ask(self, command: str) -> bytes:
        answer = self.tag.answer(bytes([0x02 | self.number]) + bytes.fromhex(command))
        self.number ^= 1
        assert answer
        return answer[1:]

    def message(self) -> bytes:
        assert self.ask(APPLICATION) == self.ask(NDEF_FILE) == b"\x90\x00"
        length = int.from_bytes(self.ask("00b0000002")[:2], "big")
        return self.ask(f"00b00002{length:02x}")[:-2] if length else b""


def link_of(tag: IsoDepTag) -> str:
    return "https://" + Card(tag).message()[5:].decode()


def aes(key: bytes, block: bytes) -> bytes:
    one = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - one block: the primitive itself
    return one.update(block)


def doubled(block: bytes) -> bytes:
    number = int.from_bytes(block, "big") << 1
    return (number & (1 << 128) - 1 ^ (0x87 if number >> 128 else 0)).to_bytes(16, "big")


def cmac(key: bytes, message: bytes) -> bytes:
    """RFC 4493, written out: what the virtual chip computes must not be checked by the same library call."""
    first = doubled(aes(key, bytes(16)))
    blocks = [message[at : at + 16] for at in range(0, max(len(message), 1), 16)]
    last = blocks.pop()
    mask, last = (first, last) if len(last) == 16 else (doubled(first), (last + b"\x80").ljust(16, b"\x00"))
    chained = bytes(16)
    for block in [*blocks, bytes(a ^ b for a, b in zip(last, mask, strict=True))]:
        chained = aes(key, bytes(a ^ b for a, b in zip(chained, block, strict=True)))
    return chained


def opened(key: bytes, picc: bytes) -> bytes:
    one = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305 - one block from a vector of zeros
    return one.update(picc)


def proof(keys: tuple[bytes, bytes], uid: bytes, count: int, covered: bytes = b"") -> str:
    session = cmac(keys[1], bytes.fromhex("3CC300010080") + uid + count.to_bytes(3, "little"))
    return cmac(session, covered)[1::2].hex().upper()


def fields(link: str) -> tuple[bytes, str]:
    found = re.fullmatch(r"https://id\.example/t\?e=([0-9A-F]{32})&c=([0-9A-F]{16})", link)
    assert found, link
    return bytes.fromhex(found[1]), found[2]


def test_every_activation_signs_the_link_afresh() -> None:
    tag = ntag424(UID, LINK, keys=KEYS, luck=Random(1).randbytes)
    links = [link_of(tag) for _ in range(5)]
    assert len(set(links)) == 5
    for count, link in enumerate(links, start=1):
        picc, mac = fields(link)
        plain = opened(KEYS[0], picc)
        assert plain[:11] == b"\xc7" + bytes.fromhex(UID) + count.to_bytes(3, "little")
        assert mac == proof(KEYS, bytes.fromhex(UID), count)


def test_one_reading_is_one_link_however_often_it_is_read() -> None:
    card = Card(ntag424(UID, LINK, luck=Random(1).randbytes))
    first = card.message()
    assert card.ask("00b0000240")[:-2] == first[:64]
    assert card.ask(NDEF_FILE) == b"\x90\x00"
    assert card.ask("00b0000240")[:-2] != first[:64], "selecting the file anew burns one more count"


def test_a_container_read_counts_nothing() -> None:
    tag = ntag424(UID, LINK, luck=Random(1).randbytes)
    card = Card(tag)
    card.ask(APPLICATION)
    card.ask(CONTAINER)
    assert card.ask("00b000000f")[:-2].hex() == "001720010000ff0406e10401000000"
    assert tag.application.count == 0  # type: ignore[attr-defined]


def test_plain_mirrors_and_a_covered_link() -> None:
    tag = ntag424(UID, "https://id.example/{covered}x?u={uid}&n={count}&c={mac}", keys=KEYS)
    link = link_of(tag)
    covered, mac = link.removeprefix("https://id.example/").split("&c=")
    assert covered == f"x?u={UID}&n=000001"
    assert mac == proof(KEYS, bytes.fromhex(UID), 1, f"{covered}&c=".encode())


def test_a_link_can_be_written_and_the_mirror_stays_in_its_place() -> None:
    tag = ntag424(UID, LINK, keys=KEYS, luck=Random(1).randbytes)
    message, _ = planned(LINK)
    card = Card(tag)
    card.ask(APPLICATION)
    card.ask(NDEF_FILE)
    fresh = message.replace(b"id.example", b"id.another")
    assert card.ask(f"00d60002{len(fresh):02x}{fresh.hex()}") == b"\x90\x00"
    written = link_of(tag)
    assert written.startswith("https://id.another/t?e=")
    assert fields(written.replace("another", "example"))[1] == proof(KEYS, bytes.fromhex(UID), 1)


def test_a_blank_one_can_be_written_and_locked() -> None:
    tag = blank_ntag424(UID)
    card = Card(tag)
    assert card.message() == b""
    assert card.ask("00d60000050003d00000") == b"\x90\x00"
    assert Card(tag).message() == b"\xd0\x00\x00"
    tag.application.lock()  # type: ignore[attr-defined]
    card = Card(tag)
    card.message()
    assert card.ask("00d60000050003ffffff") == b"\x69\x82"
    assert Card(tag).message() == b"\xd0\x00\x00"


def test_a_chip_says_what_it_is() -> None:
    card = Card(blank_ntag424(UID))
    assert card.ask("9060000000").hex() == "0404023000110591af"
    assert card.ask("90af000000").hex() == "0404020102110591af"
    last = card.ask("90af000000")
    assert (last[:7].hex().upper(), last[-2:]) == (UID, b"\x91\x00")


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("00a4000c02e104", "6a82"),
        ("00b0000002", "6986"),
        ("00d6000001ff", "6986"),
        ("00a4040007d276000085010200", "6a82"),
        ("00ca000000", "6d00"),
        ("80ca000000", "6e00"),
        ("00b0", "6700"),
        ("90af000000", "6d00"),
    ],
)
def test_a_refusal_is_a_status(command: str, status: str) -> None:
    assert Card(blank_ntag424(UID)).ask(command).hex() == status


def test_only_what_is_there_can_be_read_or_written() -> None:
    card = Card(blank_ntag424(UID))
    card.message()
    assert card.ask("00b0010100").hex() == "6b00"
    assert card.ask("00b000fe10").hex() == "00009000"
    assert card.ask("00d600ff020102").hex() == "6a84"
    assert card.ask("00a4000c02e105") == b"\x90\x00"
    assert card.ask("00b0000010").hex() == "6982", "the proprietary file is not for everyone"


def test_a_link_longer_than_the_file_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="file of 256"):
        ntag424(UID, LINK + "y" * 300, luck=Random(1).randbytes)


def test_an_encrypted_link_needs_luck() -> None:
    with pytest.raises(ValueError, match="luck"):
        ntag424(UID, LINK)


def cases(group: str) -> list[dict[str, Any]]:
    if not VECTORS.exists():
        pytest.skip("the outside cases are not on this machine")
    return [case for case in json.loads(VECTORS.read_text())["cases"] if case["group"] == group]


def test_the_outside_cases_are_met_by_the_virtual_chip_too() -> None:
    """Their own random bytes are taken out of the case, so that the chip must come to the very same link."""
    met = set()
    for case in cases("sun_aes"):
        if case.get("enc_file_data") or not case.get("picc_enc_data"):
            continue
        keys = bytes.fromhex(case["sdm_meta_read_key"]), bytes.fromhex(case["sdm_file_read_key"])
        rest = opened(keys[0], bytes.fromhex(case["picc_enc_data"]))[11:]
        mirror = Mirror({"{picc}": 0, "{mac}": 32}, keys, lambda _, rest=rest: rest)
        link = mirror.laid_over(bytes(48), bytes.fromhex(case["uid"]), case["read_ctr"]).decode()
        assert (link[:32], link[32:]) == (case["picc_enc_data"].upper(), case["sdmmac"].upper()), case["id"]
        met.add(case["id"])
    assert met


def test_the_outside_cases_of_lrp_are_met_too() -> None:
    met = set()
    for case in cases("sun_lrp"):
        if not case.get("sdm_meta_read_key") or case.get("enc_file_data"):
            continue
        keys = bytes.fromhex(case["sdm_meta_read_key"]), bytes.fromhex(case["sdm_file_read_key"])
        picc, uid = bytes.fromhex(case["picc_enc_data"]), bytes.fromhex(case["uid"])
        drawn = {8: picc[:8], 5: open_identity(keys[0], picc)[11:16]}
        mirror = Mirror({"{picc}": 0, "{mac}": 48}, keys, drawn.__getitem__, lrp=True)
        link = mirror.laid_over(bytes(64), uid, case["read_ctr"]).decode()
        assert (link[:48], link[48:]) == (case["picc_enc_data"].upper(), case["sdmmac"].upper()), case["id"]
        met.add(case["id"])
    assert met


@pytest.mark.parametrize("lrp", [False, True])
@pytest.mark.parametrize(
    "link",
    [
        "https://id.example/01/02000000000015?picc_data={picc}&cmac={mac}",
        "https://id.example/01/02000000000015?uid={uid}&ctr={count}&cmac={mac}",
    ],
)
def test_the_server_believes_it_and_no_altered_digit(link: str, lrp: bool) -> None:
    """The server's reading of the same notes was written by another hand."""
    tag = ntag424(UID, link, keys=KEYS, luck=Random(1).randbytes, lrp=lrp)
    keys = SunKeys(KEYS[0], lambda _: KEYS[1], lrp=lrp)
    for count in (1, 2, 3):
        uri = link_of(tag)
        read = verify(read_message(uri), keys)
        assert (read.uid.hex().upper(), read.counter) == (UID, count)
        wrong = uri[:-1] + ("0" if uri[-1] != "0" else "1")
        with pytest.raises(NotGenuine):
            verify(read_message(wrong), keys)
