"""A visit handed to a phone by the agent: asked for, heard of, answered, and gone with its visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.agent import Agent
from kiosk.hand_over import Step
from kiosk.screen import Showing
from server.wire import PersonCard
from server.wire.phone import (
    HandOverAsked,
    HandOverOffer,
    HandOverReply,
    HandOverSign,
    HandOverState,
    Introduced,
)
from tests.clock import NOW, FakeClock
from tests.kiosk.stand_ins import UID, AnyServer, Reply, good, make_agent

ID = UUID(int=5, version=4)
PATH = f"/api/v1/hand-overs/{ID}"
LINK = "https://shop.example/carry/secret"
ENDS = NOW + timedelta(minutes=2)


class Chain:
    """A server that hands visits over while it is well."""

    def __init__(self) -> None:
        self.well, self.state, self.status = True, "offered", 204
        self.introduces: str | None = None
        self.introduced = Introduced(card=PersonCard(), by="number")
        self.visits: list[UUID] = []
        self.replies: list[HandOverReply] = []
        self.ended: list[str] = []

    def reply(self, path: str, body: bytes) -> Reply | None:
        if "hand-overs" not in path:
            return good(path, body)
        if not self.well:
            return 502, "text/html", b""
        path = path.removesuffix("?asks_who=1")
        if path == "/api/v1/hand-overs":
            self.visits.append(HandOverAsked.model_validate_json(body).visit_id)
            offer = HandOverOffer(hand_over_id=ID, link=LINK, ends_at=ENDS)
            return 200, "application/json", offer.model_dump_json().encode()
        if path == PATH:
            fields = {"hand_over_id": ID, "state": self.state, "ends_at": ENDS}
            fields |= {} if self.state == "offered" else {"sign": "42", "introduces": self.introduces}
            told = HandOverState.model_validate(fields)
            return 200, "application/json", told.model_dump_json().encode()
        if path.startswith(PATH):
            return self.answered(path, body)
        self.ended.append(path)
        return 204, "application/json", b""

    def answered(self, path: str, body: bytes) -> Reply:
        if path == f"{PATH}/answer":
            self.replies.append(HandOverReply.model_validate_json(body))
            return self.status, "application/problem+json", b'{"detail": "too late"}'
        self.replies.append(HandOverReply(sign=HandOverSign.model_validate_json(body).sign, yes=True))
        return 200, "application/json", self.introduced.model_dump_json().encode()


@pytest.fixture
def chain() -> Chain:
    return Chain()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def agent(tmp_path: Path, chain: Chain, clock: FakeClock) -> Iterator[Agent]:
    """An agent at which a boot was tapped."""
    with AnyServer(chain.reply) as server:
        made = make_agent(tmp_path, server.address, clock)
        tap(made)
        yield made


def tap(agent: Agent) -> None:
    agent.listen(Arrived(TagRead(UID, "NTAG213", None, Outcome.OK, milliseconds=2.0)))


def step_of(agent: Agent) -> Step | None:
    carry = agent.state().carry
    return carry.step if carry else None


def asked(agent: Agent, chain: Chain) -> None:
    agent.carrying.begin()
    chain.state = "asked"
    agent.carrying.look()
    assert step_of(agent) is Step.ASKED


def test_a_code_is_shown_once_however_often_it_is_asked_for(agent: Agent, chain: Chain) -> None:
    agent.carrying.begin()
    agent.carrying.begin()
    carry = agent.state().carry
    assert carry
    assert (carry.step, carry.link, len(chain.visits)) == (Step.OFFERED, LINK, 1)
    agent.carrying.look()
    assert agent.state().carry is carry, "where nothing is new, nothing is drawn anew"


@pytest.mark.parametrize("yes", [True, False])
def test_the_shopper_answers_the_sign_they_see(agent: Agent, chain: Chain, yes: bool) -> None:
    asked(agent, chain)
    agent.carrying.answer("17", yes)
    assert chain.replies == []
    agent.carrying.answer("42", yes)
    assert chain.replies == [HandOverReply(sign="42", yes=yes)]
    assert step_of(agent) is (Step.GRANTED if yes else Step.REFUSED)
    agent.done()
    agent.carrying.look()
    assert chain.ended == [], "a phone that was let in stays in"


def test_an_answer_that_cannot_be_told_is_asked_for_again(agent: Agent, chain: Chain) -> None:
    asked(agent, chain)
    chain.well = False
    agent.carrying.answer("42", True)
    carry = agent.state().carry
    assert carry
    assert (carry.step, carry.lost) == (Step.ASKED, True)
    chain.well, chain.status = True, 409
    agent.carrying.answer("42", True)
    assert step_of(agent) is Step.ENDED


def test_who_a_phone_says_it_is_is_asked_first_and_then_what_may_be_used(agent: Agent, chain: Chain) -> None:
    chain.introduces = "number"
    asked(agent, chain)
    assert agent.state().agreed is None
    agent.carrying.answer("42", True)
    state = agent.state()
    assert isinstance(state.view, Showing)
    assert (state.view.card, state.agreed, state.known_by, state.carry) == (PersonCard(), (), "number", None)
    agent.done()
    assert (agent.state().agreed, agent.state().known_by) == (None, "card")


def test_another_persons_visit_stays_theirs_and_a_no_or_no_answer_knows_nobody(agent: Agent, chain: Chain) -> None:
    chain.introduces, chain.introduced = "app", Introduced(card=PersonCard(taken=True), by="app")
    asked(agent, chain)
    chain.well = False
    agent.carrying.answer("42", True)
    carry = agent.state().carry
    assert carry
    assert (carry.lost, agent.state().agreed) == (True, None)
    chain.well = True
    agent.carrying.answer("42", True)
    assert (agent.state().carry, agent.state().agreed) == (None, None)
    asked(agent, chain)
    chain.state = "offered"
    agent.carrying.answer("42", False)
    assert (step_of(agent), agent.state().agreed) == (Step.REFUSED, None)
    assert [reply.yes for reply in chain.replies] == [True, False]


def test_without_the_server_the_screen_says_so(agent: Agent, chain: Chain) -> None:
    chain.well = False
    agent.carrying.begin()
    assert step_of(agent) is Step.AWAY
    chain.well = True
    agent.carrying.begin()
    assert step_of(agent) is Step.OFFERED
    chain.well = False
    agent.carrying.look()
    assert step_of(agent) is Step.OFFERED


def test_nothing_of_it_stays_when_the_visit_ends_and_the_server_hears_of_it(agent: Agent, chain: Chain) -> None:
    agent.carrying.begin()
    chain.well = False
    agent.done()
    assert agent.state().carry is None
    agent.carrying.look()
    assert chain.ended == []
    chain.well = True
    agent.carrying.look()
    agent.carrying.look()
    assert chain.ended == [f"DELETE {PATH}"]
    agent.carrying.begin()
    assert agent.state().carry is None, "where nobody is, there is no visit to hand over"


def test_a_visit_that_idles_away_takes_its_code_with_it(agent: Agent, chain: Chain, clock: FakeClock) -> None:
    agent.carrying.begin()
    clock.advance(80)
    agent.tick()
    assert agent.state().carry is None
    agent.carrying.look()
    assert chain.ended == [f"DELETE {PATH}"]


def test_a_phone_that_asks_keeps_the_visit_going(agent: Agent, chain: Chain, clock: FakeClock) -> None:
    agent.carrying.begin()
    clock.advance(70)
    agent.tick()
    assert agent.state().warning_seconds
    chain.state = "asked"
    agent.carrying.look()
    clock.advance(15)
    agent.tick()
    assert (step_of(agent), agent.state().warning_seconds) == (Step.ASKED, None)


def test_a_tap_takes_a_code_off_the_screen_but_no_question(agent: Agent, chain: Chain) -> None:
    agent.carrying.begin()
    tap(agent)
    assert agent.state().carry is None
    asked(agent, chain)
    tap(agent)
    assert step_of(agent) is Step.ASKED
    agent.carrying.close()
    agent.carrying.look()
    assert (agent.state().carry, chain.ended) == (None, [f"DELETE {PATH}"] * 2)


def test_a_code_ends_with_its_time_by_the_servers_clock(agent: Agent, clock: FakeClock) -> None:
    agent.carrying.begin()
    agent.clock.heard(ENDS)
    agent.carrying.tick()
    assert step_of(agent) is Step.ENDED
