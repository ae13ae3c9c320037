"""Two real readers on the simulated radio, one kiosk: what is laid on either reaches the screen in its words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.choose import open_reader
from hardware.virtual import VirtualField, bank_card, ntag213
from kiosk.agent import Agent
from kiosk.readers import Readers
from kiosk.screen import Notice, Showing
from server.wire import Tap
from tests.clock import NOW, FakeClock, until
from tests.kiosk.stand_ins import UID, make_agent

OTHER = "04E1A2C3D4E599"
MISSING = "tty:NOSUCH0:pn532"
LINK = "https://id.example/01/09506000134352"


@pytest.fixture
def fields() -> Iterator[dict[str, VirtualField]]:
    with VirtualField() as left, VirtualField() as right:
        yield {left.reader: left, right.reader: right}


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return make_agent(tmp_path, "http://127.0.0.1:9", FakeClock())


@pytest.fixture(autouse=True)
def readers(agent: Agent, fields: dict[str, VirtualField]) -> Iterator[Readers]:
    """Both readers and a third that is not plugged in, started."""
    names = [*fields, MISSING]
    opened = {name: open_reader(name, clock=time.perf_counter, wait=time.sleep) for name in names}
    complaints: list[Exception] = []
    made = Readers(opened, agent.listen, complain=complaints.append, now=lambda: NOW, clock=time.perf_counter)
    made.start()
    yield made
    made.stop()
    assert complaints == []


def taps(agent: Agent) -> set[str | None]:
    return {Tap.model_validate_json(letter.body).uid for letter in agent.outbox.waiting("tap", 9)}


def test_a_tag_on_either_reader_is_a_tap(agent: Agent, fields: dict[str, VirtualField]) -> None:
    left, right = fields.values()
    left.lay(ntag213(UID, LINK))
    until(lambda: isinstance(agent.state().view, Showing))
    right.lay(ntag213(OTHER, LINK))
    until(lambda: taps(agent) == {UID, OTHER})


def test_two_tags_at_once_are_told_and_make_no_tap(agent: Agent, fields: dict[str, VirtualField]) -> None:
    next(iter(fields.values())).lay(ntag213(UID, LINK), ntag213(OTHER, LINK))
    until(lambda: agent.state().view == Notice("collision"))
    assert taps(agent) == set()


def test_a_bank_card_is_told_and_leaves_nothing(agent: Agent, fields: dict[str, VirtualField]) -> None:
    next(iter(fields.values())).lay(bank_card())
    until(lambda: agent.state().view == Notice("foreign"))
    assert agent.outbox.counts() == {}


def test_a_reader_that_is_missing_is_recorded_and_the_others_go_on(
    agent: Agent, fields: dict[str, VirtualField], readers: Readers
) -> None:
    until(lambda: {one.name for one in readers.records() if one.state == "fault"} == {MISSING})
    assert agent.state().reader_words == ""
    next(iter(fields.values())).lay(ntag213(UID, LINK))
    until(lambda: taps(agent) == {UID})
    read = next(one for one in readers.records() if one.last_tap_at)
    assert read.name in fields
    assert read.read_ms_p50 is not None
