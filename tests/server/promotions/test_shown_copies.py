"""What a kiosk showed of its own copy arrives with the tap; what a list came to is kept: worked out again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from kiosk.shelf import ShelfCopy
from kiosk.showed import viewed
from server.catalogue.models import Price
from server.db import changed
from server.promotions.evidence import forget
from server.promotions.models import PriceDocument, PricingPolicy, Promotion, ShownCopy
from server.promotions.prior_price import PriorPolicy
from server.promotions.rules.policy import HOUSE
from server.promotions.saving import save
from server.wire import Shelf, Tap
from tests.clock import NOW, FakeClock
from tests.shopfloor import BOOT_38, SOCK, UIDS, as_device, sign_in, tap

LIST = UUID(int=5, version=4)


@pytest.fixture
def copy(client: FlaskClient, engine: Engine, tmp_path: Path) -> ShelfCopy:
    """A kiosk's copy of the shelf, with a reduced boot."""
    rule = {"kind": "percent", "percent": 25, "products": ["boot"]}
    with Session(engine) as session, session.begin():
        save(session, Promotion(id="p", headline={"en": "x"}, rule=rule), now=NOW - timedelta(days=3))
    held = ShelfCopy(tmp_path / "shelf")
    held.take(Shelf.model_validate_json(client.get("/api/v1/shelf", headers=as_device("kiosk")).data))
    return held


def evidence(client: FlaskClient, what: str = BOOT_38) -> list[dict[str, Any]]:
    sign_in(client, "manager")
    told: list[dict[str, Any]] = client.get(f"/manage/MAD/prices/{what}/evidence.json").get_json()
    return told


def send(client: FlaskClient, *taps: Tap) -> None:
    body = b'{"taps":[' + b",".join(one.model_dump_json().encode() for one in taps) + b"]}"
    headers = as_device("kiosk") | {"Content-Type": "application/json"}
    answer = client.post("/api/v1/taps/batch", data=body, headers=headers).get_json()
    assert {*answer["accepted"], *answer["duplicates"]} == {str(one.tap_id) for one in taps}, answer


def test_a_price_shown_without_the_server_is_told_and_worked_out_again_when_all_has_changed(
    client: FlaskClient, engine: Engine, copy: ShelfCopy, clock: FakeClock
) -> None:
    shown_at = NOW + timedelta(hours=2)
    _, told = viewed(Tap.model_validate(tap(1, UIDS["boot38"], at=shown_at)), copy, shown_at)
    with Session(engine) as session, session.begin():
        session.execute(delete(Price).where(Price.gtin == BOOT_38))
        changed(session)
    clock.advance(5 * 60 * 60)
    waited = told.model_copy(update={"age_ms": 3 * 60 * 60 * 1000})
    send(client, waited)
    send(client, waited)
    [line] = evidence(client)
    assert (line["where"], line["kiosk"], line["gtin"]) == ("card", "kiosk", BOOT_38)
    assert (line["shown"]["now"]["minor"], line["shown"]["percent_off"]) == (9000, 25)
    assert (line["shown_at"], line["told_at"]) == (shown_at.isoformat(), clock().isoformat())
    assert (line["allowed"], line["worked_out_again"]) == (True, True)
    lies = waited.showed and waited.showed.prices[0].model_copy(update={"true_until": NOW})
    lying = waited.model_copy(
        update={"tap_id": LIST, "showed": waited.showed and waited.showed.model_copy(update={"prices": (lies,)})}
    )
    send(client, lying)
    assert [one["allowed"] for one in evidence(client)] == [True, False]


def test_what_is_past_its_time_or_gone_is_not_shown_and_not_told(copy: ShelfCopy) -> None:
    late = NOW + timedelta(days=3)
    for name in ("boot", "sign"):
        assert viewed(Tap.model_validate(tap(1, UIDS[name])), copy, late)[1].showed is None
    lamp = viewed(Tap.model_validate(tap(1, UIDS["lamp"])), copy, NOW)[1].showed
    assert lamp is not None
    assert "lamp" not in {price.product_id for price in lamp.prices}
    sign = viewed(Tap.model_validate(tap(1, UIDS["sign"])), copy, NOW)[1].showed
    assert sign is not None
    assert [(price.product_id, price.now.minor) for price in sign.prices] == [("boot", 9000)]


def test_tiles_are_told_as_tiles_and_worked_out_again(client: FlaskClient, copy: ShelfCopy) -> None:
    send(
        client,
        *(viewed(Tap.model_validate(tap(n, UIDS[name])), copy, NOW)[1] for n, name in enumerate(("sign", "lamp"))),
    )
    of_sign, *of_lamp = evidence(client)
    for line in (of_sign, *of_lamp):
        assert (line["where"], line["gtin"], line["shown"]["now"]["minor"]) == ("tile", BOOT_38, 9000)
        assert (line["allowed"], line["worked_out_again"]) == (True, True)


def test_a_tile_that_says_another_price_than_its_card_names_no_versions(copy: ShelfCopy) -> None:
    assert copy.shelf is not None
    boot = copy.card_of("boot")
    assert boot is not None
    other = boot.model_copy(update={"price": boot.price and boot.price.model_copy(update={"percent_off": 24})})
    copy.take(copy.shelf.model_copy(update={"cards": copy.shelf.cards | {"product:boot": other}}))
    showed = viewed(Tap.model_validate(tap(1, UIDS["sign"])), copy, NOW)[1].showed
    assert showed is not None
    assert [price.versions for price in showed.prices] == [None]


def test_what_a_shelf_rests_on_is_kept_for_as_long_as_a_kiosk_may_tell_of_it(
    client: FlaskClient, engine: Engine, copy: ShelfCopy
) -> None:
    with Session(engine) as session, session.begin():
        prior = PriorPolicy(evidence_days=30).model_dump(mode="json")
        session.add(PricingPolicy(scope="chain", policy=HOUSE.model_dump(mode="json"), prior=prior))
        on_shelf = set(session.scalars(select(PriceDocument.hash)))
        forget(session, NOW + timedelta(days=36))
        assert set(session.scalars(select(PriceDocument.hash))) == on_shelf != set()
    _, told = viewed(Tap.model_validate(tap(1, UIDS["boot38"])), copy, NOW)
    send(client, told)
    with Session(engine) as session, session.begin():
        forget(session, NOW + timedelta(days=38))
        assert not session.scalars(select(ShownCopy)).all()
        assert not session.scalars(select(PriceDocument)).all()


def test_what_a_list_came_to_is_kept_and_worked_out_again(client: FlaskClient, engine: Engine) -> None:
    rules = {
        "three": {"kind": "n_for_m", "buy": 3, "pay": 2, "products": ["sock"]},
        "tenth": {"kind": "percent", "percent": 10, "on": "list", "everything": True, "limits": {"per_day": 1}},
    }
    with Session(engine) as session, session.begin():
        for key, rule in rules.items():
            save(session, Promotion(id=key, headline={"en": key}, rule=rule), now=NOW - timedelta(days=60))
    for number, quantity in ((5, 4), (5, 4), (6, 3)):
        body = {"list_id": str(UUID(int=number, version=4)), "lines": [{"gtin": SOCK, "quantity": quantity}]}
        said = client.post("/api/v1/lists/hold", json=body, headers=as_device("kiosk"))
        assert said.status_code == 200
    told = evidence(client, "lists")
    assert [(one["list"], one["shown"]["total"]["minor"], one["worked_out_again"]) for one in told] == [
        (str(UUID(int=5, version=4)), 2430, True),
        (str(UUID(int=6, version=4)), 1800, True),
    ]
    assert [one["made_from"]["used_up"] for one in told] == [[], ["tenth"]]
    assert all(one["kiosk"] == "kiosk" for one in told)
