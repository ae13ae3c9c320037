"""A customer's card at the kiosk: asked, answered, taken back; and nothing of the card stays on the kiosk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.agent import Agent
from kiosk.choosing import chosen
from kiosk.drain import Drain
from kiosk.screen import Attract, Showing
from kiosk.web import create_app, draw
from server.wire import PersonCard, PersonChoice, StoryChoice, Tap, TapAnswer
from tests.clock import NOW, FakeClock, until
from tests.kiosk.stand_ins import AnyServer, Reply, good, make_agent

BAND = "04DDEEFF001122"


class Chain:
    """A server that knows one band, and takes choices while it can."""

    def __init__(self) -> None:
        self.choices: list[PersonChoice] = []
        self.stories: list[StoryChoice] = []
        self.well = True

    def reply(self, path: str, body: bytes) -> Reply | None:
        if path == "/api/v1/visits/choices":
            self.choices.append(PersonChoice.model_validate_json(body))
            return (204, "application/json", b"") if self.well else (502, "text/html", b"")
        if path == "/api/v1/visits/stories":
            self.stories.append(StoryChoice.model_validate_json(body))
            return (204, "application/json", b"") if self.well else (502, "text/html", b"")
        if path == "/api/v1/taps" and BAND.encode() in body:
            tap = Tap.model_validate_json(body)
            answer = TapAnswer(tap_id=tap.tap_id, stored="accepted", card=PersonCard(), server_time=NOW)
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
        made.listen(Arrived(TagRead(BAND, "NTAG213", None, Outcome.OK, milliseconds=2.0)))
        until(lambda: isinstance(getattr(made.state().view, "card", None), PersonCard))
        yield made
        made.stop()


def test_a_choice_holds_once_the_server_has_it_and_goes_with_the_visit(agent: Agent, chain: Chain) -> None:
    assert agent.state().agreed == ()
    agent.choose("service", yes=True)
    agent.choose("personalisation", yes=True)
    assert agent.state().agreed == ("service", "personalisation")
    assert [choice.agreed for choice in chain.choices] == [("service",), ("service", "personalisation")]
    assert len({choice.choice_id for choice in chain.choices}) == 2
    agent.done()
    assert (agent.state().view, agent.state().agreed) == (Attract(), None)


def test_a_no_holds_while_the_server_is_away_and_is_told_later_with_its_age(agent: Agent, chain: Chain) -> None:
    agent.choose("service", yes=True)
    agent.choose("story", yes=True)
    chain.well = False
    agent.choose("service", yes=False)
    agent.choose("story", yes=False)
    state = agent.state()
    assert (state.agreed, state.story, state.choice_lost, state.choice_waits) == ((), False, False, True)
    chain.well = True
    chain.choices, chain.stories = [], []
    clock = FakeClock(agent._given.now())
    clock.advance(90)
    Drain(agent, clock).all()
    assert [(one.agreed, one.age_ms) for one in chain.choices] == [((), 90_000)]
    assert [(one.yes, one.age_ms) for one in chain.stories] == [(False, 90_000)]
    Drain(agent, clock).all()
    assert len(chain.choices) == 1, "told once"


@pytest.mark.parametrize(("language", "asked"), [("en", "May our team see"), ("es", "¿Puede nuestro equipo ver")])
def test_the_team_is_let_see_the_visit_on_the_screen_and_no_longer(
    agent: Agent, chain: Chain, language: str, asked: str
) -> None:
    app = create_app(agent, port=8001, secret="s")
    ours = {"Host": "127.0.0.1:8001", "Origin": "http://127.0.0.1:8001", "X-Screen": "s"}

    def drawn() -> str:
        with app.test_request_context():
            return draw(agent, agent.state())

    agent.speak(language)
    assert asked not in drawn(), "asked once somebody was called, and not before"
    agent.call_staff()
    for answer, yes in (("yes", True), ("no", False), ("yes", True)):
        assert asked in drawn()
        assert app.test_client().post(f"/choices/story/{answer}", headers=ours).status_code == 204
        assert agent.state().story is yes
    assert [(one.yes, one.language) for one in chain.stories] == [(one, language) for one in (True, False, True)]
    agent.done()
    assert (agent.state().story, asked in drawn()) == (False, False)


def test_a_yes_that_got_no_answer_holds_nowhere(agent: Agent, chain: Chain) -> None:
    agent.choose("service", yes=True)
    chain.well = False
    agent.choose("analytics", yes=True)
    agent.choose("story", yes=True)
    state = agent.state()
    assert (state.agreed, state.story, state.choice_lost, state.choice_waits) == (("service",), False, True, False)
    chain.well = True
    Drain(agent, agent._given.now).all()
    assert chain.choices[-2].agreed == ("service", "analytics"), "the server may have heard it"
    assert chain.choices[-1].agreed == ("service",)
    assert [story.yes for story in chain.stories] == [True, False]


def test_what_was_chosen_can_be_looked_at_again(agent: Agent) -> None:
    agent.choose("service", yes=True)
    agent.pick("boot")
    until(lambda: getattr(getattr(agent.state().view, "card", None), "kind", "") == "product")
    agent.show_choices()
    view = agent.state().view
    assert isinstance(view, Showing)
    assert view.card == PersonCard(agreed=("service",))


def test_nothing_of_the_card_stays_on_the_kiosk(agent: Agent, tmp_path: Path) -> None:
    until(lambda: not agent.outbox.counts())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if BAND.encode() in path.read_bytes()] == []


def test_without_an_account_nothing_else_can_be_agreed_to() -> None:
    assert chosen((), "analytics", yes=True) == ()
    assert chosen(("service", "analytics"), "service", yes=False) == ()
    assert chosen(("service",), "analytics", yes=True) == ("service", "analytics")
