"""A tap is kept before anything is shown; whatever the server says, the shopper sees something true."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hardware.fault import ReaderFault
from hardware.reader import Arrived, Fault, Recovered
from hardware.tag import Outcome, TagRead
from kiosk.agent import Agent
from kiosk.screen import Attract, Looking, Notice, Showing
from kiosk.sync import Sync
from server.wire import Tap
from tests.clock import FakeClock, until
from tests.kiosk.stand_ins import UID, AnyServer, Reply, card, good, make_agent

NONSENSE: dict[str, Callable[[str, bytes], Reply | None]] = {
    "captive portal": lambda path, body: (200, "text/html", b"<html>Welcome to our wifi</html>"),
    "another's json": lambda path, body: (200, "application/json", b'{"ok": true}'),
    "redirect": lambda path, body: (302, "text/html", b""),
    "bad gateway": lambda path, body: (502, "text/html", b"<h1>502</h1>"),
    "empty": lambda path, body: (200, "application/json", b""),
    "hung up": lambda path, body: None,
    "portal's 401": lambda path, body: (401, "text/html", b"log in"),
    "answer to another tap": lambda path, body: (
        200,
        "application/json",
        good(path, body)[2].replace(body[11:47], b"00000000-0000-4000-8000-000000000000"),
    ),
}


def read(uid: str = UID, outcome: Outcome = Outcome.OK) -> Arrived:
    return Arrived(TagRead(uid, "NTAG213", None, outcome, milliseconds=2.0))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def server() -> Iterator[AnyServer]:
    with AnyServer() as running:
        yield running


@pytest.fixture
def agent(tmp_path: Path, server: AnyServer, clock: FakeClock) -> Iterator[Agent]:
    made = make_agent(tmp_path, server.address, clock)
    threading.Thread(target=made.run_live, daemon=True).start()
    yield made
    made.stop()


def test_what_is_known_stands_at_once_and_the_answer_replaces_it(agent: Agent) -> None:
    agent.listen(read())
    first = agent.state().view
    assert isinstance(first, Showing)
    until(lambda: isinstance(agent.state().view, Showing) and agent.state().view.live)
    view = agent.state().view
    assert isinstance(view, Showing)
    assert view.card.price.now.minor == 13000
    until(lambda: agent.outbox.counts() == {"acked": 1})
    assert agent.state().kept == ("boot",)


def newer(path: str, body: bytes) -> Reply:
    status, kind, said = good(path, body)
    more = said.replace(b'"currency":"EUR"', b'"currency":"EUR","digits":2').replace(b"{", b'{"more":[1],', 1)
    return status, kind, more


def test_what_a_newer_server_says_beside_is_passed_over(agent: Agent, server: AnyServer) -> None:
    server.reply = newer
    agent.listen(read())
    until(lambda: isinstance(agent.state().view, Showing) and agent.state().view.live)
    assert agent.state().view.card.price.now.minor == 13000


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_no_answer_and_the_tap_waits(agent: Agent, server: AnyServer, name: str) -> None:
    server.reply = NONSENSE[name]
    agent.listen(read())
    until(lambda: agent.state().offline_since is not None)
    view = agent.state().view
    assert isinstance(view, Showing)
    assert not view.live
    assert view.as_of is not None
    assert agent.outbox.counts() == {"waiting": 1}


def test_what_waited_is_delivered_once_when_the_server_is_back(
    agent: Agent, server: AnyServer, clock: FakeClock
) -> None:
    server.reply = NONSENSE["bad gateway"]
    for _ in range(3):
        agent.listen(read())
    until(lambda: agent.state().offline_since is not None)
    server.reply = good
    clock.advance(10)
    Sync(agent, now=clock, chance=random.Random(1), boot_id="b").drain_all()
    assert agent.outbox.counts() == {"acked": 3}
    assert agent.state().offline_since is None


def test_an_unknown_tag_waits_for_the_server_and_then_says_so(tmp_path: Path, clock: FakeClock) -> None:
    agent = make_agent(tmp_path, "http://127.0.0.1:9", clock)
    agent.listen(read("04FFFFFFFFFF01"))
    assert isinstance(agent.state().view, Looking)
    threading.Thread(target=agent.run_live, daemon=True).start()
    until(lambda: agent.state().view == Notice("not_known_offline", agent.hops()[0].tap_id))
    agent.stop()


def test_a_bank_card_leaves_nothing(agent: Agent, server: AnyServer) -> None:
    agent.listen(read("", Outcome.FOREIGN))
    assert agent.state().view == Notice("foreign")
    assert agent.outbox.counts() == {}
    assert server.asked == []


def test_what_the_chip_says_of_itself_goes_with_the_tap(tmp_path: Path, clock: FakeClock) -> None:
    agent = make_agent(tmp_path, "http://127.0.0.1:9", clock)
    agent.listen(Arrived(TagRead(UID, "NTAG213", None, Outcome.OK, counter=7, signature=bytes(range(32)))))
    agent.listen(read())
    first, second = (Tap.model_validate_json(letter.body) for letter in agent.outbox.waiting("tap", 9))
    assert (first.chip, first.counter, first.signature) == ("NTAG213", 7, bytes(range(32)).hex().upper())
    assert (second.counter, second.signature) == (None, None)


def test_a_tag_lost_twice_is_asked_to_hold_still(agent: Agent) -> None:
    agent.listen(read(outcome=Outcome.LOST))
    assert isinstance(agent.state().view, Attract)
    agent.listen(read(outcome=Outcome.LOST))
    assert agent.state().view == Notice("hold_still")


def test_a_price_past_its_time_is_not_shown(tmp_path: Path, clock: FakeClock) -> None:
    agent = make_agent(tmp_path, "http://127.0.0.1:9", clock)
    clock.advance(timedelta(hours=13).total_seconds())
    agent.listen(read())
    view = agent.state().view
    assert isinstance(view, Showing)
    assert view.price_expired


def test_a_visit_ends_by_idling_with_a_warning_and_leaves_nothing(agent: Agent, clock: FakeClock) -> None:
    agent.listen(read())
    agent.speak("en")
    for _ in range(12):  # it can be kept going again and again
        clock.advance(62)
        agent.tick()
        assert agent.state().warning_seconds is not None
        assert 0 < agent.state().warning_seconds <= 20
        agent.still_here()
        agent.tick()
        assert agent.state().warning_seconds is None
    clock.advance(81)
    agent.tick()
    state = agent.state()
    assert (state.view, state.language, state.kept, state.warning_seconds) == (Attract(), "es", (), None)
    assert agent.outbox.waiting("visit_end", 9)


def test_the_next_shopper_has_another_visit(agent: Agent) -> None:
    agent.listen(read())
    agent.done()
    agent.listen(read())
    visits = {letter.body.split('"visit_id":"')[1][:36] for letter in agent.outbox.waiting("tap", 9)}
    sent = {letter.body.split('"visit_id":"')[1][:36] for letter in agent.outbox.waiting("visit_end", 9)}
    assert sent
    assert len(visits | sent) == 2 or not visits


def test_a_broken_reader_is_said_in_words_and_so_is_its_return(agent: Agent) -> None:
    agent.listen(Fault(ReaderFault.NOT_FOUND, "No reader answers"))
    assert agent.state().reader_words == "No reader answers"
    agent.listen(Recovered())
    assert agent.state().reader_words == ""


def test_a_call_says_honestly_whether_it_went_through(agent: Agent, server: AnyServer) -> None:
    agent.call_staff()
    assert agent.state().staff_called == "on_the_way"
    server.reply = NONSENSE["captive portal"]
    agent.call_staff()
    assert agent.state().staff_called == "cannot_reach"


def test_one_bad_tap_holds_up_no_other(agent: Agent, server: AnyServer, clock: FakeClock) -> None:
    server.reply = NONSENSE["bad gateway"]
    for _ in range(5):
        agent.listen(read())
    until(lambda: agent.state().offline_since is not None)
    poison = agent.outbox.waiting("tap", 9)[2].id

    def choosy(path: str, body: bytes) -> Reply | None:
        return (413, "text/plain", b"") if poison.encode() in body else good(path, body)

    server.reply = choosy
    clock.advance(10)
    Sync(agent, now=clock, chance=random.Random(1), boot_id="b").drain_all()
    assert agent.outbox.counts() == {"acked": 4, "refused": 1}


def test_pictures_and_cards_are_kept_over_a_restart(tmp_path: Path, clock: FakeClock, server: AnyServer) -> None:
    agent = make_agent(tmp_path, server.address, clock, stocked=False)
    Sync(agent, now=clock, chance=random.Random(1), boot_id="b").fetch_shelf()
    agent.outbox.close()
    again = make_agent(tmp_path, server.address, clock, stocked=False)
    held = again.shelf.by_tag(UID, clock())
    assert held is not None
    assert held.card == card()
