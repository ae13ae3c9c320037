"""The list from home at the kiosk: with the card, or with the yes, and not longer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.agent import Agent
from kiosk.from_home import believed_lines
from server.wire import (
    HandOverAsked,
    HomeLine,
    HomeList,
    Money,
    PersonCard,
    PriceLine,
    Purpose,
    Tap,
    TapAnswer,
    Tile,
)
from tests.clock import NOW, FakeClock, until
from tests.kiosk.stand_ins import AnyServer, Reply, good, make_agent

BAND = "04DDEEFF001122"
BOOT = HomeLine(
    tile=Tile(
        product_id="boot",
        name={"en": "Boot"},
        picture=None,
        price=PriceLine(now=Money(minor=900, currency="EUR")),
        true_until=NOW + timedelta(hours=1),
    ),
    size="38",
    in_stock=3,
)


class Chain:
    """A server that knows one band, whose holder has agreed to `agreed` and keeps boots on a list."""

    def __init__(self) -> None:
        self.agreed: tuple[Purpose, ...] = ()
        self.well = True
        self.lists_asked = 0
        self.kept: list[tuple[str, ...]] = []

    def reply(self, path: str, body: bytes) -> Reply | None:
        if path.endswith("/list"):
            self.lists_asked += 1
            told = HomeList(lines=(BOOT,), server_time=NOW).model_dump_json().encode()
            return (200, "application/json", told) if self.well else (502, "text/html", b"")
        if path.startswith("/api/v1/hand-overs?"):
            self.kept.append(HandOverAsked.model_validate_json(body).kept)
        if path == "/api/v1/taps" and BAND.encode() in body:
            tap = Tap.model_validate_json(body)
            card = PersonCard(agreed=self.agreed)
            answer = TapAnswer(tap_id=tap.tap_id, stored="accepted", card=card, server_time=NOW)
            return 200, "application/json", answer.model_dump_json().encode()
        return good(path, body)


@pytest.fixture
def chain() -> Chain:
    return Chain()


@pytest.fixture
def agent(tmp_path: Path, chain: Chain) -> Iterator[Agent]:
    with AnyServer(chain.reply) as server:
        made = make_agent(tmp_path, server.address, FakeClock())
        threading.Thread(target=made.run_live, daemon=True).start()
        yield made
        made.stop()


def tap_card(agent: Agent) -> None:
    agent.listen(Arrived(TagRead(BAND, "NTAG213", None, Outcome.OK, milliseconds=2.0)))
    until(lambda: isinstance(getattr(agent.state().view, "card", None), PersonCard))


def test_the_list_is_there_with_the_card_of_whoever_agreed_before_and_goes_with_the_visit(
    agent: Agent, chain: Chain
) -> None:
    chain.agreed = ("service",)
    tap_card(agent)
    assert agent.state().from_home == (BOOT,)
    agent.pick("boot")
    until(lambda: getattr(getattr(agent.state().view, "card", None), "kind", "") == "product")
    assert agent.state().from_home == (BOOT,)
    agent.carrying.begin()
    assert chain.kept == [("boot",)], "it goes on to the phone"
    agent.done()
    assert agent.state().from_home == ()


def test_the_list_comes_with_the_yes_and_goes_with_the_no(agent: Agent, chain: Chain) -> None:
    tap_card(agent)
    assert (agent.state().from_home, chain.lists_asked) == ((), 0)
    agent.choose("service", yes=True)
    agent.choose("analytics", yes=True)
    assert (agent.state().from_home, chain.lists_asked) == ((BOOT,), 1)
    agent.choose("service", yes=False)
    assert agent.state().from_home == ()


def test_a_card_is_known_where_its_list_cannot_be_told(agent: Agent, chain: Chain) -> None:
    chain.agreed, chain.well = ("service",), False
    tap_card(agent)
    assert (agent.state().agreed, agent.state().from_home) == (("service",), ())


def test_no_price_on_the_list_outlives_its_time(agent: Agent, chain: Chain) -> None:
    chain.agreed = ("service",)
    tap_card(agent)
    agent.clock.heard(NOW + timedelta(hours=2))
    agent.tick()
    [line] = agent.state().from_home
    assert line.tile.price is None
    assert believed_lines((BOOT,), NOW) == (BOOT,)
