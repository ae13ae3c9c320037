"""Under one id one list is given for good: with other goods it is refused, whatever comes at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.promotions.evidence import forget
from server.promotions.models import HeldList, PricingPolicy, Promotion, PromotionUse
from server.promotions.prior_price import PriorPolicy
from server.promotions.rules.policy import HOUSE
from server.promotions.saving import save
from tests.clock import NOW
from tests.shopfloor import BOOT_38, SOCK, as_device

LIST = "01900000-0000-7000-8000-000000000001"
FEW, MANY = {SOCK: 1, BOOT_38: 1}, {SOCK: 9, BOOT_38: 1}


@pytest.fixture(autouse=True)
def purse(app: Flask, engine: Engine) -> None:
    """Two promotions with a budget, one of which takes more off more goods."""
    rules = {
        "half": {"kind": "percent", "percent": 50, "products": ["sock"], "limits": {"budget": {"EUR": 10_000}}},
        "euro": {"kind": "fixed_off", "amounts": {"EUR": 100}, "products": ["boot"], "limits": {"per_day": 50}},
    }
    with Session(engine) as session, session.begin():
        for key, rule in rules.items():
            save(session, Promotion(id=key, headline={"en": key}, rule=rule), now=NOW - timedelta(days=60))


def ask(client: FlaskClient, what: str, lines: dict[str, int], who: str = "kiosk") -> TestResponse:
    body = {"list_id": LIST, "lines": [{"gtin": g, "quantity": n} for g, n in lines.items()]}
    return client.post(f"/api/v1/lists/{what}", json=body, headers=as_device(who))


def give(client: FlaskClient) -> TestResponse:
    return client.post(f"/api/v1/lists/{LIST}/commit", headers=as_device("kiosk"))


def spent(engine: Engine) -> dict[str, tuple[int, bool]]:
    with Session(engine) as session:
        uses = session.scalars(select(PromotionUse)).all()
        return {use.promotion_id: (use.minor, use.committed_at is not None) for use in uses}


def test_a_list_that_was_given_is_not_held_or_priced_with_other_goods(client: FlaskClient, engine: Engine) -> None:
    assert ask(client, "hold", MANY).status_code == 200, "until it is given a list may change"
    held = ask(client, "hold", FEW).get_json()
    assert give(client).get_json() == {"given": 2}
    for what in ("hold", "price"):
        refused = ask(client, what, MANY)
        assert refused.status_code == 409
        assert (
            "was given for good with other goods; send this list under a fresh list_id"
            in refused.get_json()["detail"]
        )
    same = ask(client, "hold", dict(reversed(FEW.items()))).get_json()
    assert (same["held"], same["total"]) == (held["held"], held["total"]), (
        "with the same goods it is the same list"
    )
    assert give(client).get_json() == {"given": 2}
    assert spent(engine) == {"half": (450, True), "euro": (100, True)}


def test_what_was_given_is_held_again_without_what_was_planned_since(client: FlaskClient, engine: Engine) -> None:
    ask(client, "hold", FEW)
    give(client)
    with Session(engine) as session, session.begin():
        rule = {"kind": "percent", "percent": 10, "everything": True, "limits": {"per_day": 9}}
        save(session, Promotion(id="new", headline={"en": "new"}, rule=rule), now=NOW)
    assert ask(client, "hold", FEW).get_json()["held"] == ["euro", "half"]
    assert set(spent(engine)) == {"euro", "half"}


def test_another_stores_list_is_not_held_under_the_same_id(client: FlaskClient) -> None:
    assert ask(client, "hold", FEW).status_code == 200
    assert ask(client, "hold", FEW, who="other").status_code == 409
    assert ask(client, "price", FEW, who="other").status_code == 409


def test_who_gives_a_list_while_others_hold_it_with_other_goods_gives_one_of_them_once(
    app: Flask, engine: Engine
) -> None:
    """Many kiosks' threads hold one list with different goods while it is given: no use given is lost or grows."""
    together = Barrier(8)
    ask(app.test_client(), "hold", {SOCK: 1, BOOT_38: 1})

    def work(number: int) -> list[int]:
        client, said = app.test_client(), []
        together.wait()
        for turn in range(3):
            if number % 2:
                said.append(ask(client, "hold", {SOCK: number + 1 + turn % 2, BOOT_38: 1}).status_code)
            else:
                said.append(give(client).status_code)
        return said

    with ThreadPoolExecutor(8) as kiosks:
        codes = {code for said in kiosks.map(work, range(8)) for code in said}
    assert codes <= {200, 409}, "nobody waits for ever, and nothing that is given is found gone"
    with Session(engine) as session:
        [kept] = session.scalars(select(HeldList)).all()
        goods = kept.goods
    assert kept.given_at is not None
    assert {name: given for name, (_, given) in spent(engine).items()} == {"half": True, "euro": True}
    fits = [n for n in range(1, 11) if ask(app.test_client(), "hold", {SOCK: n, BOOT_38: 1}).status_code == 200]
    assert [450 * n for n in fits] == [spent(engine)["half"][0]], (
        "what was given is what those goods were held for"
    )
    with Session(engine) as session:
        assert session.scalars(select(HeldList.goods)).one() == goods


def test_lists_are_forgotten_with_the_evidence(client: FlaskClient, engine: Engine) -> None:
    ask(client, "hold", FEW)
    with Session(engine) as session, session.begin():
        prior = PriorPolicy(evidence_days=30).model_dump(mode="json")
        session.add(PricingPolicy(scope="chain", policy=HOUSE.model_dump(mode="json"), prior=prior))
        forget(session, NOW + timedelta(days=31))
        assert not session.scalars(select(HeldList)).all()
