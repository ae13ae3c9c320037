"""The field: selection, two tags at once, and every fault a script can ask for."""

from __future__ import annotations

from functools import reduce
from operator import xor
from random import Random

import pytest

from hardware.virtual import (
    GARBLED,
    Field,
    NoSuchFault,
    bank_card,
    blank,
    fault_script,
    ntag213,
    phone,
    transit_card,
)
from tests.hardware.virtual.reading import select

UID, OTHER = "04A1B2C3D4E580", "04A1B2C3D4E581"
LINK = "https://id.example/01/09506000134352"


def ask(field: Field, frame: str) -> bytes | None:
    return field.answer("106A", bytes.fromhex(frame))


@pytest.mark.parametrize("uid", ["0A1B2C3D", UID, "04A1B2C3D4E5F6071829"])
def test_a_uid_of_any_length_is_selected_level_by_level(uid: str) -> None:
    assert select(bank_card(uid)) == bytes.fromhex(uid)


def test_no_other_length_is_a_uid() -> None:
    with pytest.raises(ValueError, match="4, 7 or 10"):
        bank_card("0A1B2C")


def test_a_tag_answers_nobody_who_has_not_selected_it() -> None:
    field = Field()
    field.lay(ntag213(UID, LINK))
    for frame in ("3004", "60", "9320", "9520", "95703c4d5e6f00"):
        assert ask(field, frame) is None
    assert select(field) == bytes.fromhex(UID)
    assert ask(field, "3004")
    field.off()
    assert ask(field, "3004") is None, "the selection went with the field"


def test_a_select_for_another_tag_is_not_answered() -> None:
    field = Field()
    field.lay(ntag213(UID, LINK))
    assert ask(field, "26")
    assert ask(field, "9370" + "88040000" + "8c") is None
    assert ask(field, "9320") is None, "and the tag is idle again"


def test_an_answer_is_only_for_the_same_technology() -> None:
    field = Field()
    field.lay(ntag213(UID, LINK))
    assert field.answer("212F", bytes.fromhex("0600ffff0100")) is None
    assert field.answer("106B", bytes.fromhex("050010")) is None


def test_two_tags_collide_where_their_uids_differ() -> None:
    field = Field()
    field.lay(ntag213(UID, LINK), ntag213(OTHER, LINK))
    assert ask(field, "26") == b"\x44\x00"
    first = ask(field, "9320")
    assert first is not None
    assert first != GARBLED, "the first level is the same for both"
    assert ask(field, "9370" + first.hex()) == b"\x04"
    assert ask(field, "9520") == GARBLED


def test_asking_for_one_of_two_gets_it_alone() -> None:
    field = Field()
    field.lay(ntag213(UID, LINK), ntag213(OTHER, LINK + "x"))
    for uid in (UID, OTHER):
        field.off()
        assert ask(field, "26")
        for code, part in (("93", "88" + uid[:6]), ("95", uid[6:])):
            check = reduce(xor, bytes.fromhex(part))
            assert ask(field, f"{code}70{part}{check:02x}")
        assert ask(field, "3000")[:8].hex().upper() == uid[:6] + "9F" + uid[6:]  # type: ignore[index]


def test_two_kinds_of_tag_answer_the_wake_up_over_each_other() -> None:
    field = Field()
    field.lay(ntag213(UID, LINK), bank_card())
    assert ask(field, "26") == b"\x44\x00"
    assert ask(field, "9320") == GARBLED


def test_part_of_a_uid_draws_the_rest_from_who_has_it() -> None:
    field = Field()
    field.lay(bank_card("01020304"), bank_card("03020304"))
    assert ask(field, "26")
    assert ask(field, "9320") == GARBLED
    assert ask(field, "932203") == bytes.fromhex("0002030406"), "two known bits leave the second card"
    assert ask(field, "932201") == bytes.fromhex("0002030404")
    assert ask(field, "932200") is None
    assert ask(field, "934001020304"[:8]) == bytes.fromhex("030404"), "whole bytes known"


def test_foreign_cards_refuse() -> None:
    transit = transit_card()
    select(transit)
    assert transit.answer(b"\x30\x04") == b"\x04"
    assert transit.answer(b"\x30\x04") is None
    card = bank_card()
    select(card)
    assert card.answer(bytes.fromhex("e080")) is not None
    assert card.answer(bytes.fromhex("0200a4040007d276000085010100")) == bytes.fromhex("026a82")


def test_a_phone_has_another_random_uid_at_every_activation() -> None:
    luck = Random(5)
    field = Field()
    field.lay(phone(luck.randbytes))
    seen = set()
    for _ in range(20):
        field.off()
        seen.add(select(field))
    assert {uid[:1] for uid in seen} == {b"\x08"}
    assert len(seen) == 20


def at_frame(script: str, frames: list[str], luck: Random | None = None) -> list[bytes | None]:
    field = Field(wait=lambda seconds: None)
    field.lay(blank(UID))
    select(field)
    field.disturb(fault_script(script, luck))
    return [ask(field, frame) for frame in frames]


READ = [f"30{page:02x}" for page in (0, 4, 8)]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("", ["whole", "whole", "whole"]),
        ("garble 2", ["whole", "garbled", "whole"]),
        ("silence 2", ["whole", "silent", "whole"]),
        ("deaf 1-2", ["silent", "silent", "whole"]),
        ("nak 3", ["whole", "whole", "nak"]),
        ("nak 2", ["whole", "nak", "silent"]),
        ("cut 2", ["whole", "silent", "silent"]),
        ("garble 1, silence 3-", ["garbled", "whole", "silent"]),
        ("noise 1.0", ["garbled", "garbled", "garbled"]),
        ("flip 0.0", ["whole", "whole", "whole"]),
    ],
)
def test_a_fault_strikes_at_its_frame_and_no_other(script: str, told: list[str]) -> None:
    words = {None: "silent", b"": "garbled", b"\x00": "nak"}
    assert [words.get(reply, "whole") for reply in at_frame(script, READ, Random(1))] == told


def test_flipped_bits_are_a_share_of_all_and_the_same_in_every_run() -> None:
    runs = [at_frame("flip 0.05", READ * 50, Random(3)) for _ in range(2)]
    assert runs[0] == runs[1]
    right = at_frame("", READ * 50)
    wrong = sum(
        bin(a ^ b).count("1") for x, y in zip(runs[0], right, strict=True) for a, b in zip(x, y, strict=True)
    )  # type: ignore[arg-type]
    assert 0.04 < wrong / (150 * 16 * 8) < 0.06


def test_noise_is_a_share_of_all_answers() -> None:
    heard = at_frame("noise 0.2", READ * 500, Random(4))
    assert 0.17 < heard.count(GARBLED) / len(heard) < 0.23


def test_a_late_answer_is_waited_for() -> None:
    waited: list[float] = []
    field = Field(wait=waited.append)
    field.lay(blank(UID), faults=fault_script("delay 2-3 0.25"))
    select(field)
    assert waited == [0.25, 0.25]


def test_a_tag_that_said_no_must_be_selected_again() -> None:
    field = Field()
    field.lay(blank(UID))
    select(field)
    field.disturb(fault_script("nak 1"))
    assert ask(field, "3000") == b"\x00"
    assert ask(field, "3000") is None
    select(field)
    assert ask(field, "3000")


def test_a_lost_answer_was_acted_on_and_an_unheard_frame_was_not() -> None:
    for script, stored in (
        ("silence 1", b"\x01\x02\x03\x04"),
        ("deaf 1", b"\x00\x00\x00\x00"),
        ("tear 1", b"\x01\x02\x00\x00"),
    ):
        tag = blank(UID)
        field = Field()
        field.lay(tag)
        select(field)
        field.disturb(fault_script(script))
        assert ask(field, "a20a01020304") is None
        assert tag.memory.page(10) == stored, script
        assert (field.lying is None) == (script == "tear 1")


def test_a_tag_cut_after_some_frames_leaves_after_so_many() -> None:
    field = Field()
    field.lay(blank(UID))
    select(field)
    field.cut_after(2)
    assert [ask(field, "3000") is None for _ in range(4)] == [False, False, True, True]
    assert field.lying is None


@pytest.mark.parametrize(
    "script", ["burn 3", "cut", "cut x", "delay 3", "noise 3", "noise 1.5", "cut 3 0.5", "garble"]
)
def test_what_is_no_fault_is_told_in_words(script: str) -> None:
    with pytest.raises(NoSuchFault, match=r"noise|say"):
        fault_script(script, Random(1))


def test_a_share_needs_luck() -> None:
    with pytest.raises(NoSuchFault, match="luck"):
        fault_script("noise 0.2")
