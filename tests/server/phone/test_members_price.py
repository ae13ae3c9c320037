"""A customer's own price on their phone: with their yes, beside everybody's; for a stranger it is everybody's."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.promotions.models import Promotion
from server.promotions.saving import save
from tests.clock import NOW, FakeClock
from tests.server.phone.test_carrying_on import KIOSK, VISIT, answer, ask, offered, shop
from tests.server.phone.test_introduced import BAND, chain, choose
from tests.shopfloor import tap

__all__ = ["chain", "shop"]


def test_a_members_price_is_on_the_phone_of_a_member_only(chain: Flask, engine: Engine, clock: FakeClock) -> None:
    rule = {"kind": "percent", "products": ["sock"], "percent": 50, "segments": ["members"]}
    with Session(engine) as session, session.begin():
        save(session, Promotion(id="theirs", headline={"en": "Yours"}, rule=rule), now=NOW - timedelta(days=60))
    path, link = offered(chain)
    phone = chain.test_client()
    ask(phone, link)
    assert answer(chain, path, yes=True) == 204
    phone.get("/carry/waiting")

    def shown() -> tuple[bool, bool, bool]:
        page = " ".join(phone.get(path).get_data(as_text=True) for path in ("/carry", "/carry/products/sock"))
        return "9,00" in page, "4,50" in page, "Your member" in page

    assert shown() == (True, False, False)
    chain.test_client().post("/api/v1/taps", json=tap(2, BAND), headers=KIOSK)
    assert shown() == (True, False, False), VISIT
    choose(chain, 1, "service")
    assert shown() == (True, True, True)
    clock.advance(1)
    choose(chain, 2)
    assert shown() == (True, False, False)
