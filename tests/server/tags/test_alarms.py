"""Each thing that makes a tag suspect, from a kiosk's tap on; the shopper's answer stands."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.tags.alarms.models import AlarmKind, TagSighting
from server.tags.keyring.queries import add_keys, retire_keys
from server.tags.keyring.sealing import Masters
from server.tags.models import TagState
from tests.clock import NOW
from tests.server.tags.floor import BOOT, ORIGINAL, OTHER, SIGNING, STRANGER, Floor
from tests.server.tags.signing_tag import SigningTag
from tests.shopfloor import SEAL, SOCK, UIDS, as_device, tap


def test_a_shop_in_order_has_no_alarm(floor: Floor) -> None:
    floor.enrol(UIDS["boot"], uri=BOOT, chip="NTAG213")
    floor.enrol(ORIGINAL[0], chip="NTAG213", signature=ORIGINAL[1])
    tag = SigningTag(content=b"CC" + bytes(14))
    for counter in range(3):
        floor.tap(UIDS["boot"], uri=BOOT, counter=counter, chip="NTAG213")
        floor.tap(UIDS["sign"], uri=OTHER)
        floor.tap(SIGNING, uri=tag.uri())
        floor.tap(ORIGINAL[0], chip="NTAG213", signature=ORIGINAL[1].lower())
        floor.tap(STRANGER, uri=OTHER)
        floor.tap(STRANGER, uri=None, outcome="unreadable")
        floor.clock.advance(30)
    assert floor.alarms() == {}
    assert (floor.counter(SIGNING), floor.counter(UIDS["boot"])) == (3, 2)


def test_content_that_names_another_product_is_told_and_the_binding_decides(floor: Floor) -> None:
    answer = floor.tap(UIDS["boot"], uri=OTHER)
    assert answer.card.kind == "product"
    assert answer.card.product_id == "boot"
    alarm = floor.alarms()[UIDS["boot"], AlarmKind.MISMATCH]
    assert alarm.evidence == {"content": OTHER, "gtin": SOCK, "names": "sock", "means": "boot"}
    assert (alarm.kiosk_id, alarm.count, alarm.first_seen) == ("kiosk", 1, NOW)


@pytest.mark.parametrize(("uri", "outcome"), [("https://evil.example/", "ok"), (None, "empty")])
def test_content_that_is_not_what_was_written_is_told(floor: Floor, uri: str | None, outcome: str) -> None:
    floor.enrol(UIDS["boot"], uri=BOOT)
    floor.tap(UIDS["boot"], uri=uri, outcome=outcome)
    assert floor.alarms()[UIDS["boot"], AlarmKind.MISMATCH].evidence == {"content": uri or "", "written": BOOT}


def test_a_chip_nobody_knows_with_a_known_tags_content_is_a_clone(floor: Floor) -> None:
    floor.enrol(UIDS["boot"], uri=f"{BOOT}/21/7")
    answer = floor.tap(STRANGER, uri=f"{BOOT}/21/7")
    assert answer.card.kind == "product"
    assert floor.alarms()[STRANGER, AlarmKind.CLONE].evidence["other"] == UIDS["boot"]


def test_a_signed_message_on_another_chip_is_a_clone_and_burns_nothing(floor: Floor) -> None:
    tag = SigningTag()
    floor.tap(STRANGER, uri=tag.uri())
    assert floor.alarms()[STRANGER, AlarmKind.CLONE].evidence["other"] == SIGNING
    floor.enrol("04000000000001", key_set="boots")
    floor.tap("04000000000001", uri=tag.uri())
    assert floor.alarms()["04000000000001", AlarmKind.CLONE].evidence["other"] == SIGNING
    assert (floor.counter(SIGNING), floor.counter("04000000000001")) == (-1, -1)


@pytest.mark.parametrize("lrp", [False, True])
def test_a_message_of_wrong_keys_or_none_is_forged(floor: Floor, lrp: bool) -> None:
    answer = floor.tap(SIGNING, uri=SigningTag(master=b"another's master", lrp=lrp).uri())
    assert answer.card.kind == "product"
    assert answer.card.product_id == "boot"
    floor.tap(SIGNING, uri=BOOT)
    assert floor.alarms()[SIGNING, AlarmKind.FORGED].count == 2
    assert floor.counter(SIGNING) == -1


@pytest.mark.parametrize("lrp", [False, True])
def test_a_message_is_good_once(floor: Floor, lrp: bool) -> None:
    tag = SigningTag(lrp=lrp, counter=6)
    uri = tag.uri()
    floor.tap(SIGNING, uri=uri, number=100)
    floor.tap(SIGNING, uri=uri, number=100)
    assert floor.alarms() == {}, "a tap sent again is the same tap"
    floor.clock.advance(60)
    answer = floor.tap(SIGNING, uri=uri, number=101)
    assert answer.card.product_id == "boot"
    later = tag.uri()
    floor.tap(SIGNING, uri=later)
    floor.clock.advance(60)
    floor.tap(SIGNING, uri=uri)
    alarm = floor.alarms()[SIGNING, AlarmKind.REPLAYED]
    assert (alarm.count, alarm.evidence["counter"]) == (2, "7")
    assert floor.counter(SIGNING) == 8


def test_a_kiosk_that_was_offline_sends_late_and_is_suspected_of_nothing(floor: Floor) -> None:
    tag = SigningTag()
    early, late = tag.uri(), tag.uri()
    floor.clock.advance(3600)
    floor.tap(SIGNING, uri=late)
    waited = tap(50, SIGNING, at=NOW, uri=early, age_ms=3_600_000)
    sent = floor.client.post("/api/v1/taps/batch", json={"taps": [waited]}, headers=as_device("kiosk"))
    assert sent.get_json()["accepted"] == [waited["tap_id"]]
    floor.app.extensions["tap_desk"].watch.settle()
    assert floor.alarms() == {}
    assert floor.counter(SIGNING) == 2


def test_a_tag_whose_wire_is_broken_was_opened(floor: Floor) -> None:
    floor.tap(SIGNING, uri=SigningTag(content=b"OC" + bytes(14)).uri())
    assert floor.alarms()[SIGNING, AlarmKind.OPENED].evidence == {"loop": "OC"}


def test_keys_are_followed_by_newer_ones_and_given_up(floor: Floor) -> None:
    newer = bytes(range(100, 116))
    with Session(floor.engine) as session, session.begin():
        add_keys(session, "boots", Masters(newer, newer), sealing=SEAL, nonce=bytes(12), now=NOW)
    floor.tap(SIGNING, uri=SigningTag(counter=1).uri())
    floor.tap(SIGNING, uri=SigningTag(counter=2, master=newer).uri())
    assert floor.alarms() == {}
    with Session(floor.engine) as session, session.begin():
        retire_keys(session, "boots", 1, now=NOW)
    floor.tap(SIGNING, uri=SigningTag(counter=3).uri())
    assert set(floor.alarms()) == {(SIGNING, AlarmKind.FORGED)}


def test_a_counter_that_falls_is_told(floor: Floor) -> None:
    floor.enrol(UIDS["boot"], chip="NTAG213")
    for counter in (40, 40, 41):
        floor.tap(UIDS["boot"], counter=counter)
        floor.clock.advance(5)
    assert floor.alarms() == {}
    floor.tap(UIDS["boot"], counter=7)
    assert floor.alarms()[UIDS["boot"], AlarmKind.COUNTER_FELL].evidence == {"counter": "7"}
    assert floor.counter(UIDS["boot"]) == 41


@pytest.mark.parametrize("chip", ["NTAG213", ""])
def test_a_wrong_makers_signature_is_told(floor: Floor, chip: str) -> None:
    floor.enrol(ORIGINAL[0], chip="NTAG213", signature=ORIGINAL[1])
    floor.tap(ORIGINAL[0], chip=chip, signature="AB" * 32)
    assert floor.alarms()[ORIGINAL[0], AlarmKind.NOT_ORIGINAL].evidence["signature"] == "AB" * 32


def test_a_chip_without_a_makers_signature_is_told_only_where_it_had_one(floor: Floor) -> None:
    floor.tap(UIDS["boot"], chip="NTAG213", signature="0" * 64)
    assert floor.alarms() == {}
    floor.enrol(ORIGINAL[0], chip="NTAG213", signature=ORIGINAL[1])
    floor.tap(ORIGINAL[0], chip="NTAG213", signature="0" * 64)
    assert set(floor.alarms()) == {(ORIGINAL[0], AlarmKind.NOT_ORIGINAL)}


def test_a_tag_in_two_stores_at_once_is_told_to_both(floor: Floor) -> None:
    floor.tap(UIDS["boot"])
    floor.clock.advance(120)
    floor.tap(UIDS["boot"], kiosk="other")
    here, there = floor.alarms(), floor.alarms("LON")
    assert set(here) == set(there) == {(UIDS["boot"], AlarmKind.TWO_PLACES)}
    assert here[UIDS["boot"], AlarmKind.TWO_PLACES].evidence == {
        "store": "LON",
        "kiosk": "other",
        "seconds": "120.0",
    }
    assert there[UIDS["boot"], AlarmKind.TWO_PLACES].evidence == {
        "store": "MAD",
        "kiosk": "kiosk",
        "seconds": "120.0",
    }


@pytest.mark.parametrize(("seconds", "age_ms"), [(601, 0), (1, 120_000)])
def test_a_tag_that_travelled_or_a_tap_that_waited_is_no_alarm(floor: Floor, seconds: int, age_ms: int) -> None:
    floor.tap(UIDS["boot"])
    floor.clock.advance(seconds)
    floor.tap(UIDS["boot"], kiosk="other", age_ms=age_ms)
    assert floor.alarms() == floor.alarms("LON") == {}


def test_of_chips_nobody_knows_no_sighting_is_kept(floor: Floor) -> None:
    floor.tap(STRANGER)
    floor.tap(UIDS["boot"])
    with Session(floor.engine) as session:
        assert {row.uid for row in session.scalars(select(TagSighting))} == {UIDS["boot"]}


def test_a_tag_that_was_given_up_turns_up(floor: Floor) -> None:
    floor.enrol(UIDS["boot"], state=TagState.LOST)
    floor.tap(UIDS["boot"])
    assert floor.alarms()[UIDS["boot"], AlarmKind.TURNED_UP].evidence == {"state": "lost"}
