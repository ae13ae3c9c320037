"""Two at once: of kiosks that offer, phones that ask and yesses that are said, one each comes through."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.access.models import Kiosk, KioskKind
from server.access.rules import key_hash
from server.phone.rules import OPEN
from server.timeline.people.hand_over import HandOver
from tests.clock import NOW
from tests.server.phone.test_carrying_on import KIOSK, VISIT, ask, offered, shop

__all__ = ["shop"]

AT_ONCE = 4


def at_once(act: Callable[[int], int]) -> list[int]:
    """Return the statuses of a few that begin in the same moment."""
    gate = Barrier(AT_ONCE)

    def one(number: int) -> int:
        gate.wait(20)
        return act(number)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(one, range(AT_ONCE)))


def test_a_visit_has_one_open_offer_whichever_kiosks_make_it(shop: Flask, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        twin = Kiosk(id="twin", store_id="MAD", name="t", kind=KioskKind.KIOSK, created_at=NOW)
        twin.key_hash = key_hash("stk_twin")
        session.add(twin)
    keys = [KIOSK, {"Authorization": "Bearer stk_twin"}]

    def offer(number: int) -> int:
        asked = {"visit_id": VISIT}
        return shop.test_client().post("/api/v1/hand-overs", json=asked, headers=keys[number % 2]).status_code

    assert at_once(offer) == [200] * AT_ONCE
    with Session(engine) as session:
        rows = session.scalars(select(HandOver).where(HandOver.visit_id == UUID(VISIT))).all()
    assert len(rows) == AT_ONCE
    assert len([row for row in rows if row.state in OPEN]) == 1


def test_of_phones_that_ask_at_once_one_asks(shop: Flask) -> None:
    _, link = offered(shop)
    assert at_once(lambda _: ask(shop.test_client(), link).status_code) == [303] + [410] * (AT_ONCE - 1)


def test_of_answers_at_once_one_holds(shop: Flask) -> None:
    path, link = offered(shop)
    ask(shop.test_client(), link)
    sign = (shop.test_client().get(path, headers=KIOSK).json or {})["sign"]

    def say(number: int) -> int:
        reply = {"sign": sign, "yes": bool(number % 2)}
        return shop.test_client().post(f"{path}/answer", json=reply, headers=KIOSK).status_code

    assert at_once(say) == [204] + [409] * (AT_ONCE - 1)
