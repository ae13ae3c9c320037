"""What becomes of a suspicion: looked into in turn, folded together, read and closed by the manager."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from server.db import open_engine
from server.tags.alarms.models import AlarmKind, TagAlarm
from server.tags.alarms.rules import Noticed
from server.tags.alarms.watch import TagWatch
from server.wire import Tap
from tests.clock import NOW
from tests.server.tags.floor import OTHER, SIGNING, Floor
from tests.server.tags.signing_tag import SigningTag
from tests.shopfloor import SEAL, SOCK, UIDS, sign_in, tap


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


def test_taps_that_come_during_a_look_wait_for_the_next_one(floor: Floor) -> None:
    sent, looks = Tap.model_validate(tap(1, UIDS["boot"])), []

    def open_session() -> Session:
        looks.append(len(looks))
        if len(looks) < 20:
            watch.notice([Noticed(sent, UIDS["boot"], "MAD", "kiosk", NOW, bound=True, product_id="boot")])
        return Session(floor.engine)

    watch = TagWatch(open_session, SEAL, pause_seconds=3600)
    watch.notice([Noticed(sent, UIDS["boot"], "MAD", "kiosk", NOW, bound=True, product_id="boot")])
    watch.settle()
    assert looks == [0]


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
