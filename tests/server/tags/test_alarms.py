"""Each thing that makes a tag suspect, from a kiosk's tap to the manager's page; the shopper's answer stands."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.db import open_engine
from server.tags.alarms.models import AlarmKind, TagAlarm, TagSighting
from server.tags.alarms.rules import Noticed
from server.tags.alarms.watch import TagWatch
from server.tags.keyring.queries import add_keys, retire_keys
from server.tags.keyring.sealing import Masters
from server.tags.models import Binding, Tag, TagState, TargetKind
from server.wire import Tap, TapAnswer
from tests.clock import NOW, FakeClock
from tests.server.tags.signing_tag import MASTER, SigningTag
from tests.shopfloor import BOOT_38, SEAL, SOCK, UIDS, as_device, sign_in, tap

BOOT = f"https://id.example/01/{BOOT_38}"
OTHER = f"https://anybody.example/01/{SOCK}"
SIGNING = "04AABBCCDDEE80"
STRANGER = "04FFFFFFFFFF01"
ORIGINAL = ("04E10CDA993C80", "8B76052EE42F5567BEB53238B3E3F9950707C0DCC956B5C5EFCFDB709B2D82B3")


class Floor:
    """A shop with one kiosk, seen from outside."""

    def __init__(self, app: Flask, engine: Engine, clock: FakeClock) -> None:
        self.app, self.engine, self.clock = app, engine, clock
        self.client = app.test_client()
        self._number = 0

    def tap(self, uid: str, *, kiosk: str = "kiosk", number: int | None = None, **more: object) -> TapAnswer:
        """Tap, and look at what the watch made of it; the answer must be one."""
        self._number += 1
        body = tap(number or self._number, uid, at=self.clock(), **more)
        response = self.client.post("/api/v1/taps", json=body, headers=as_device(kiosk))
        assert response.status_code == 200, response.get_data(as_text=True)
        self.app.extensions["tap_desk"].watch.settle()
        return TapAnswer.model_validate_json(response.data)

    def alarms(self, store: str = "MAD") -> dict[tuple[str, str], TagAlarm]:
        """Return the open alarms by tag and kind."""
        with Session(self.engine) as session:
            rows = session.scalars(select(TagAlarm).where(TagAlarm.store_id == store, TagAlarm.seen_at.is_(None)))
            return {(row.uid, row.kind): row for row in rows}

    def counter(self, uid: str) -> int:
        """Return the highest counter a tag showed."""
        with Session(self.engine) as session:
            row = session.get(Tag, uid)
            assert row
            return row.counter

    def enrol(self, uid: str, **more: object) -> None:
        """Enrol a tag."""
        with Session(self.engine) as session, session.begin():
            session.add(Tag(uid=uid, store_id="MAD", enrolled_at=NOW, **more))


@pytest.fixture
def floor(app: Flask, engine: Engine, clock: FakeClock) -> Iterator[Floor]:
    made = Floor(app, engine, clock)
    with Session(engine) as session, session.begin():
        masters = Masters(MASTER, MASTER)
        add_keys(session, "boots", masters, sealing=SEAL, nonce=bytes(12), now=NOW)
        session.add(
            Binding(store_id="MAD", uid=SIGNING, target_kind=TargetKind.PRODUCT, target_id="boot", bound_from=NOW)
        )
    made.enrol(SIGNING, key_set="boots")
    yield made
    made.app.extensions["tap_desk"].watch.settle()


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


@pytest.mark.parametrize("sealing", [b"", bytes(32)])
def test_without_the_seal_no_tag_is_accused(
    floor: Floor, sealing: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    sent = Tap.model_validate(tap(1, SIGNING, uri=SigningTag(master=b"another's master").uri()))
    watch = TagWatch(lambda: Session(floor.engine), sealing)
    watch.notice([Noticed(sent, SIGNING, "MAD", "kiosk", NOW, bound=True, product_id="boot")])
    assert floor.alarms() == {}
    assert "SHELFTALKER_TAG_SEAL" in caplog.text


def test_a_database_that_is_away_costs_no_look(floor: Floor, database_url: str) -> None:
    """What could not be looked at waits; what no database could ever keep does not stand in its way."""
    away = [True]
    here, nowhere = floor.engine, open_engine("sqlite:////nowhere/at/all.sqlite")
    watch = TagWatch(lambda: Session(nowhere if away[0] else here), SEAL)
    for number, uri in enumerate((f"{OTHER}?99=\x00", OTHER)):
        sent = Tap.model_validate(tap(number, UIDS["boot"], uri=uri))
        watch.notice([Noticed(sent, UIDS["boot"], "MAD", "kiosk", NOW, bound=True, product_id="boot")])
    watch.notice([Noticed(sent, SIGNING, "MAD", "kiosk", NOW)])
    watch.settle()
    assert floor.alarms() == {}
    away[0] = False
    watch.settle()
    assert set(floor.alarms()) == {(UIDS["boot"], AlarmKind.MISMATCH), (SIGNING, AlarmKind.FORGED)}


def test_a_wait_of_a_broken_clock_is_stored_all_the_same(floor: Floor) -> None:
    assert floor.tap(UIDS["boot"], age_ms=2**53 - 1).stored == "accepted"


def test_alarms_fold_together_until_somebody_has_seen_them(floor: Floor) -> None:
    client = floor.client
    for _ in range(3):
        floor.tap(UIDS["boot"], uri=OTHER)
        floor.clock.advance(10)
    alarm = floor.alarms()[UIDS["boot"], AlarmKind.MISMATCH]
    assert (alarm.count, alarm.last_seen - alarm.first_seen) == (3, timedelta(seconds=20))
    sign_in(client, "manager")
    _see(client, alarm.id)
    assert floor.alarms() == {}
    floor.tap(UIDS["boot"], uri=OTHER)
    again = floor.alarms()[UIDS["boot"], AlarmKind.MISMATCH]
    assert (again.count, again.id == alarm.id) == (1, False)


def _see(client: FlaskClient, alarm_id: int, store: str = "MAD") -> int:
    page = client.get("/manage/MAD/alarms").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    path = f"/manage/{store}/alarms/{alarm_id}/seen"
    assert client.post(path).status_code == 400, "a form without a token is refused"
    return client.post(path, data={"csrf_token": token}).status_code


def test_the_manager_reads_every_kind_in_words_and_nothing_on_it_can_be_opened(floor: Floor) -> None:
    evidence = {"other": "04AA", "counter": "7", "kiosk": "k", "store": "LON", "seconds": "2.0"}
    told = evidence | {"content": "javascript:alert('x')<b>", "gtin": SOCK, "names": "sock", "means": "boot"}
    with Session(floor.engine) as session, session.begin():
        for kind in AlarmKind:
            session.add(
                TagAlarm(
                    store_id="MAD",
                    uid="04AABBCC",
                    kind=kind,
                    kiosk_id="kiosk",
                    first_seen=NOW,
                    last_seen=NOW,
                    evidence=told,
                )
            )
    client = floor.client
    sign_in(client, "manager")
    for language in ("en-GB", "es"):
        page = client.get("/manage/MAD/alarms", headers={"Accept-Language": language}).get_data(as_text=True)
        assert page.count("/seen") == len(AlarmKind)
        assert "{" not in page.split("<main")[1]
        assert 'href="javascript' not in page
        assert "<b>" not in page
    assert f"({len(AlarmKind)})" in page
    assert client.get("/").get_data(as_text=True).count("/manage/MAD/alarms") == 2


def test_only_a_manager_of_the_store_closes_an_alarm(floor: Floor) -> None:
    floor.tap(UIDS["boot"])
    floor.tap(UIDS["boot"], kiosk="other")
    foreign = floor.alarms("LON")[UIDS["boot"], AlarmKind.TWO_PLACES].id
    sign_in(floor.client, "manager")
    assert _see(floor.client, foreign) == 404
    assert _see(floor.client, foreign, "LON") == 404
    assert floor.client.post(f"/manage/MAD/alarms/{foreign}/seen").status_code == 400
    assert floor.alarms("LON")


def test_the_watch_writes_in_turn_with_the_taps(floor: Floor) -> None:
    """SQLite lets in one writer, and not in order: who waits for its lock under load may wait in vain."""
    writer = floor.app.extensions["tap_desk"].writer
    one_at_a_time = floor.engine.dialect.name == "sqlite"
    with writer.turn():
        waiting = threading.Thread(target=floor.tap, args=(SIGNING,), kwargs={"uri": SigningTag().uri()})
        waiting.start()
        waiting.join(0.3 if one_at_a_time else 30)
        in_line = waiting.is_alive()
    waiting.join()
    assert in_line is one_at_a_time
    assert floor.counter(SIGNING) == 1
