"""Price lists as files: planned with their prices, out and in again, and fixed from when they start."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.catalogue.models import ListedPrice, PriceList
from server.errors import Invalid
from tests.clock import NOW
from tests.server.catalogue.shop_files import Shop
from tests.shopfloor import BOOT_38, SOCK, as_device

WINTER = {
    "list": "winter",
    "name.en": "Winter",
    "currency": "EUR",
    "starts": "2026-12-01T00:00",
    "ends": "2027-01-07T00:00",
}
OWN = WINTER | {"list": "own", "store": "MAD", "ends": ""}
ASKED = [
    {"list": "winter", "gtin": SOCK, "price": "7.50", "member": "7"},
    {"list": "own", "gtin": BOOT_38, "price": "99"},
]


@pytest.fixture
def planned(shop: Shop) -> Shop:
    shop.give("pricelists", shop.table([WINTER, OWN]))
    shop.give("listed", shop.table(ASKED))
    return shop


def test_lists_go_in_out_and_in_again_and_change_nothing(planned: Shop) -> None:
    assert [row["id"] for row in planned.rows(PriceList)] == ["own", "winter"]
    assert [(r["list_id"], r["minor"], r["member_minor"]) for r in planned.rows(ListedPrice)] == [
        ("own", 9900, None),
        ("winter", 750, 700),
    ]
    for kind in ("pricelists", "listed"):
        before = planned.revisions()
        assert "2 unchanged" in planned.give(kind, planned.export(kind, f"{kind}.csv"))
        assert "2 unchanged" in planned.give(kind, planned.export(kind, f"{kind}.xlsx"))
        assert planned.revisions() == before


def test_a_list_to_come_may_be_mended_and_taken_back(planned: Shop) -> None:
    said = planned.give("listed", planned.table([ASKED[0] | {"price": "7.20"}]), "--dry-run")
    assert f"row 2: changed: {SOCK} on winter: 7.5 7 → 7.2 7 EUR" in said
    planned.undo(2)
    assert planned.rows(ListedPrice) == []
    planned.undo(1)
    assert planned.rows(PriceList) == []


def test_from_its_start_only_its_end_moves_and_never_into_the_past(planned: Shop) -> None:
    planned.clock.advance(10 * 86_400)
    for kind, row, reason in (
        ("listed", ASKED[0] | {"price": "8"}, "has begun, so what it asks stays"),
        ("listed", ASKED[0] | {"gtin": BOOT_38}, "has begun, so what it asks stays"),
        ("pricelists", WINTER | {"starts": "2026-12-24T00:00"}, "only its end can be moved"),
        ("pricelists", WINTER | {"ends": "2026-12-02T00:00"}, "not into the past"),
        ("pricelists", WINTER | {"list": "late"}, "a list begins in the time to come"),
    ):
        with pytest.raises(Invalid, match=reason):
            planned.give(kind, planned.table([row]))
    planned.give("pricelists", planned.table([WINTER | {"ends": "2026-12-24T00:00"}]))
    assert "has begun" in planned.undo(2)
    assert len(planned.rows(ListedPrice)) == 2


@pytest.mark.parametrize(
    ("kind", "wrong", "reason"),
    [
        ("pricelists", WINTER | {"ends": "2026-11-30T00:00"}, "not after it starts"),
        ("pricelists", WINTER | {"starts": "2026-12-01T00:00Z"}, "each store's own time"),
        ("pricelists", WINTER | {"store": "ROM"}, "there is no store ROM"),
        ("listed", ASKED[0] | {"list": "summer"}, "there is no price list 'summer'"),
        ("listed", ASKED[0] | {"price": "7.505"}, "more digits than EUR"),
        ("listed", ASKED[0] | {"member": "8"}, "member must not be more than price"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    planned: Shop, kind: str, wrong: dict[str, str], reason: str
) -> None:
    with pytest.raises(Invalid, match=reason):
        planned.give(kind, planned.table([wrong]))


def test_the_api_tells_of_the_chains_lists_and_the_askers_own(client: FlaskClient, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        for key, store in (("own", "MAD"), ("winter", None)):
            starts = NOW.replace(tzinfo=None)
            session.add(PriceList(id=key, name={"en": key}, store_id=store, currency="EUR", starts=starts))
            session.flush()
            session.add(ListedPrice(list_id=key, gtin=BOOT_38, minor=9900))

    def told(path: str, device: str = "kiosk") -> list[str]:
        answer = client.get(f"/api/v1/{path}", headers=as_device(device)).get_json()
        return [one.get("id") or one["gtin"] for one in answer.get("price_lists") or answer.get("prices", [])]

    assert (told("price-lists"), told("price-lists", "other")) == (["own", "winter"], ["winter"])
    assert (told("price-lists/own/prices"), told("price-lists/own/prices", "other")) == ([BOOT_38], [])
