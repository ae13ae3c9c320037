"""How far a hand-over is: what the server tells, what time does, what a tap leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from kiosk.hand_over import Carry, Step, after_tap, at, heard, offered
from server.wire.phone import HandOverOffer, HandOverState
from tests.clock import NOW

ID = UUID(int=5, version=4)
ENDS = NOW + timedelta(minutes=2)
OFFERED = offered(HandOverOffer(hand_over_id=ID, link="https://shop.example/carry/x", ends_at=ENDS))
ASKED = replace(OFFERED, step=Step.ASKED, sign="42")


@pytest.mark.parametrize(
    ("told", "step"),
    [
        ("offered", Step.OFFERED),
        ("asked", Step.ASKED),
        ("granted", Step.GRANTED),
        ("carried", Step.GRANTED),
        ("refused", Step.REFUSED),
        ("ended", Step.ENDED),
    ],
)
def test_each_state_the_server_tells_has_its_step(told: str, step: Step) -> None:
    sign = None if told == "offered" else "42"
    state = HandOverState.model_validate({"hand_over_id": ID, "state": told, "ends_at": ENDS, "sign": sign})
    assert heard(OFFERED, state) == replace(OFFERED, step=step, sign=sign or "")


@pytest.mark.parametrize("carry", [OFFERED, ASKED])
def test_what_is_open_ends_with_its_time(carry: Carry) -> None:
    assert at(carry, ENDS - timedelta(seconds=1)) == carry
    assert at(carry, ENDS).step is Step.ENDED
    assert at(replace(carry, step=Step.GRANTED), ENDS).step is Step.GRANTED


def test_time_runs_down_to_nothing() -> None:
    assert [OFFERED.seconds_left(NOW + timedelta(seconds=s)) for s in (0, 61, 120, 500)] == [120, 59, 0, 0]
    assert Carry().seconds_left(NOW) == 0


@pytest.mark.parametrize("step", Step)
def test_only_a_question_outlasts_a_tap(step: Step) -> None:
    carry = replace(OFFERED, step=step)
    assert after_tap(carry) == (carry if step is Step.ASKED else None)
    assert after_tap(None) is None
