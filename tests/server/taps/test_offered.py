"""A suggestion says that it is part of an offer exactly as long as one runs here that anyone can have."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.promotions.models import Promotion
from server.promotions.saving import save
from tests.clock import NOW, FakeClock
from tests.server.taps.test_louder import answered
from tests.server.taps.test_reduced import copy, sock
from tests.shopfloor import UIDS

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
BEGINS, ENDS = NOW + HOUR, NOW + 2 * HOUR
WORDS = {"en": "Part of an offer in this store now", "es": "Parte de una oferta ahora en esta tienda"}
SOCKS = {"products": ["sock"], "stores": ["MAD"]}
THREE_FOR_TWO = {"kind": "n_for_m", "buy": 3, "pay": 2, **SOCKS}
SECOND_AT_HALF = {"kind": "buy_x_get_y", "buy": 1, "percent": 50, **SOCKS}
BUNDLE = {"kind": "bundle", "percent": 10, "parts": [{"products": ["sock"]}, {"products": ["boot"]}]}
FROM_FOUR = {"kind": "tiers", "tiers": [{"quantity": 4, "percent": 20}], **SOCKS}


def running(engine: Engine, rule: dict[str, Any]) -> None:
    starts, ends = ((at + HOUR).astimezone(UTC).replace(tzinfo=None) for at in (BEGINS, ENDS))
    with Session(engine) as session:
        row = Promotion(id="socks", headline={"en": "Socks"}, rule=rule, starts=starts, ends=ends)
        save(session, row, now=NOW - timedelta(days=1))
        session.commit()


@pytest.mark.parametrize("rule", [THREE_FOR_TWO, SECOND_AT_HALF, BUNDLE, FROM_FOUR], ids=lambda one: one["kind"])
def test_said_while_it_runs(client: FlaskClient, engine: Engine, clock: FakeClock, rule: dict[str, Any]) -> None:
    running(engine, rule)
    for number, (at, runs) in enumerate({BEGINS - SECOND: False, BEGINS: True, ENDS: False}.items(), start=1):
        clock.advance((at - clock()).total_seconds())
        told = sock(answered(client, number, UIDS["boot"]).goes_with)
        assert (told.reason_kind == "offered", told.reason == WORDS) == (runs, runs), at


@pytest.mark.parametrize(
    "more", [{"segments": ["members"]}, {"after_sign": "autumn"}, {"products": [], "everything": True}], ids=str
)
def test_not_said_of_what_only_some_have_or_of_what_is_for_all_goods(
    client: FlaskClient, engine: Engine, clock: FakeClock, more: dict[str, Any]
) -> None:
    running(engine, THREE_FOR_TWO | more)
    clock.advance((BEGINS - NOW).total_seconds())
    assert sock(answered(client, 1, UIDS["boot"]).goes_with).reason_kind == "new_here"


def test_an_older_kiosk_alone_does_not_say_it(client: FlaskClient, engine: Engine, clock: FakeClock) -> None:
    running(engine, THREE_FOR_TWO)
    clock.advance((BEGINS - NOW).total_seconds())
    assert sock(copy(client).goes_with["boot"]).reason_kind == "new_here"
