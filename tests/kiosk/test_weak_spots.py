"""What must not happen when things go wrong behind the screen."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.agent import Agent
from kiosk.errors import Away, OutboxUnfit
from kiosk.outbox import Letter, Outbox
from kiosk.screen import Attract, Showing
from kiosk.shelf import ShelfCopy
from kiosk.stage import Stage
from kiosk.sync import Sync
from server.wire import BatchAnswer, Money, PriceLine, Tile
from tests.clock import NOW, FakeClock
from tests.kiosk.stand_ins import UID, AnyServer, Reply, card, good, make_agent, shelf

ARRIVED = Arrived(TagRead(UID, "NTAG213", None, Outcome.OK))


def waiting_agent(folder: Path, server: AnyServer, taps: int) -> tuple[Agent, Sync]:
    """Return an agent whose taps wait, since nobody runs its live answers."""
    clock = FakeClock()
    agent = make_agent(folder, server.address, clock)
    for _ in range(taps):
        agent.listen(ARRIVED)
    clock.advance(10)
    return agent, Sync(agent, now=clock, chance=random.Random(1), boot_id="b")


def only_batches(reply: Callable[[bytes], Reply | None]) -> Callable[[str, bytes], Reply | None]:
    return lambda path, body: reply(body) if path.endswith("/batch") else good(path, body)


def test_an_answer_that_settles_nothing_ends_the_round(tmp_path: Path) -> None:
    empty = BatchAnswer(accepted=(), duplicates=(), refused=(), server_time=NOW).model_dump_json().encode()
    with AnyServer(only_batches(lambda _: (200, "application/json", empty))) as server:
        agent, sync = waiting_agent(tmp_path, server, 2)
        with pytest.raises(Away):
            sync.drain_all()
        assert agent.outbox.counts() == {"waiting": 2}


def test_a_connection_that_breaks_off_quarantines_nothing_while_all_breaks_off(tmp_path: Path) -> None:
    with AnyServer(only_batches(lambda _: None)) as server:
        agent, sync = waiting_agent(tmp_path, server, 4)
        with pytest.raises(Away):
            sync.drain_all()
        assert agent.outbox.counts() == {"waiting": 4}


def test_the_one_tap_a_server_breaks_off_on_is_put_aside(tmp_path: Path) -> None:
    with AnyServer() as server:
        agent, sync = waiting_agent(tmp_path, server, 5)
        poison = agent.outbox.waiting("tap", 9)[2].id.encode()
        server.reply = only_batches(lambda body: None if poison in body else good("/api/v1/taps/batch", body))
        sync.drain_all()
        assert agent.outbox.counts() == {"acked": 4, "refused": 1}


def test_a_batch_stays_small_enough_to_send(tmp_path: Path) -> None:
    with AnyServer() as server:
        agent, _ = waiting_agent(tmp_path, server, 0)
        for number in range(150):
            uri = f"https://id.example/{number}/" + "x" * 2000
            agent.listen(Arrived(TagRead(UID, "NTAG216", uri, Outcome.OK)))
        sync = Sync(agent, now=lambda: NOW + timedelta(minutes=1), chance=random.Random(1), boot_id="b")
        sync.drain_all()
        sent = [body for path, body in server.asked if path.endswith("/batch")]
        assert max(len(body) for body in sent) <= 128 * 1024
        assert len({tap["tap_id"] for body in sent for tap in json.loads(body)["taps"]}) == 150


def test_a_portals_page_is_not_kept_as_a_picture(tmp_path: Path) -> None:
    pictured = shelf(revision=2, media=("boot.svg", "sock.svg"))

    def portal(path: str, body: bytes) -> Reply | None:
        if path.startswith("/api/v1/shelf"):
            return 200, "application/json", pictured.model_dump_json().encode()
        return (200, "text/html", b"<html>") if "boot" in path else (200, "image/svg+xml", b"<svg/>")

    with AnyServer(portal) as server:
        agent, sync = waiting_agent(tmp_path, server, 0)
        sync.fetch_shelf()
        assert agent.picture("boot.svg") is None
        assert agent.picture("sock.svg") is not None


def test_a_disk_that_fails_is_not_taken_for_a_damaged_queue(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    kept = Outbox(path)
    kept.add(Letter("a", "tap", "{}", 1))
    kept.close()
    holder = sqlite3.connect(path)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(OutboxUnfit):
        Outbox(path, patience=0.1)
    holder.close()
    again = Outbox(path)
    assert {letter.id for letter in again.waiting("tap", 9)} == {"a"}
    again.close()


def test_what_can_be_read_of_a_damaged_queue_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "o.sqlite"
    first = Outbox(path)
    ids = {f"id-{number}" for number in range(2000)}
    for one in ids:
        first.add(Letter(one, "tap", json.dumps({"pad": "x" * 200}), 1))
    first.close()
    content = bytearray(path.read_bytes())
    content[-40_000:-20_000] = bytes(20_000)
    path.write_bytes(content)
    second = Outbox(path)
    saved = {letter.id for letter in second.waiting("tap", 5000)}
    assert second.epoch != first.epoch
    assert saved <= ids
    assert len(saved) > 1500
    second.close()


def test_a_language_chosen_by_somebody_who_left_does_not_stay(tmp_path: Path) -> None:
    clock = FakeClock()
    agent = make_agent(tmp_path, "http://127.0.0.1:9", clock)
    agent.speak("en")
    clock.advance(100)
    agent.tick()
    assert (agent.state().view, agent.state().language) == (Attract(), "es")


def test_a_call_that_ends_after_the_visit_is_not_told_to_the_next(tmp_path: Path) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(path: str, body: bytes) -> Reply | None:
        asked.set()
        go_on.wait(5)
        return good(path, body)

    with AnyServer(slow) as server:
        agent = make_agent(tmp_path, server.address, FakeClock())
        calling = threading.Thread(target=agent.call_staff)
        calling.start()
        asked.wait(5)
        agent.done()
        go_on.set()
        calling.join()
        assert agent.state().staff_called == ""


def test_a_price_that_ends_on_the_screen_goes_off(tmp_path: Path) -> None:
    clock = FakeClock()
    agent = make_agent(tmp_path, "http://127.0.0.1:9", clock)
    clock.advance(12 * 3600 - 5)
    agent.listen(ARRIVED)
    view = agent.state().view
    assert isinstance(view, Showing)
    assert not view.price_expired
    clock.advance(10)
    agent.tick()
    view = agent.state().view
    assert isinstance(view, Showing)
    assert view.price_expired


def test_a_price_beside_the_card_that_ends_sooner_goes_off_by_itself(tmp_path: Path) -> None:
    soon = NOW + timedelta(seconds=5)
    euro = PriceLine(now=Money(minor=900, currency="EUR"))
    tile = Tile(product_id="sock", name={"en": "Sock"}, picture=None, price=euro, true_until=soon)
    stage = Stage(FakeClock(), "en", Showing(UUID(int=1), card(), (tile,), live=True, as_of=NOW))
    stage.expire(soon - timedelta(seconds=1), ShelfCopy(tmp_path))
    assert stage.state.number == 1, "nothing has changed, so nothing is drawn anew"
    stage.expire(soon, ShelfCopy(tmp_path))
    view = stage.state.view
    assert isinstance(view, Showing)
    assert (view.price_expired, [one.price for one in view.goes_with]) == (False, [None])
