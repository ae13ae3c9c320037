"""What was shown can be worked out again from its versions, and a document that was changed is found out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.models import Price, Product
from server.promotions.cards import product_cards
from server.promotions.evidence import Shown, file_of, keep
from server.promotions.models import PriceDocument, PriceEvidence, Promotion
from server.promotions.saving import save
from server.wire import ProductCard
from tests.clock import NOW
from tests.shopfloor import BOOT_38, furnish

FAR = timedelta(days=400)


def show(session: Session, now: datetime) -> ProductCard:
    store = session.get(Store, "MAD")
    assert store is not None
    shown: list[Shown] = []
    card = product_cards(session, store, [("boot", BOOT_38)], now=now, shown=shown)[f"product:boot:{BOOT_38}"]
    session.rollback()
    keep(session.get_bind().engine, shown)
    return card


def test_a_price_is_worked_out_again_after_everything_has_changed(session: Session) -> None:
    furnish(session)
    rule = {"kind": "percent", "percent": 25, "categories": ["all"]}
    save(session, Promotion(id="p", headline={"en": "x"}, rule=rule), now=NOW - timedelta(days=3))
    session.commit()
    card = show(session, NOW)
    show(session, NOW + timedelta(minutes=5))
    save(
        session, Promotion(id="p", headline={"en": "x"}, rule=rule | {"percent": 10}), now=NOW + timedelta(hours=1)
    )
    session.add(Price(store_id="MAD", gtin=BOOT_38, applies_from=NOW + timedelta(hours=2), minor=11000))
    product = session.get(Product, "boot")
    assert product is not None
    product.brand = "Other"
    session.commit()
    later = show(session, NOW + timedelta(hours=3))
    told = list(file_of(session, "MAD", BOOT_38, since=NOW - FAR, until=NOW + FAR))
    assert [(one["shown"]["minor"], one["shown"]["prior"], one["worked_out_again"]) for one in told] == [
        (9000, 12000, True),
        (9900, None, True),
    ]
    assert card.versions is not None
    assert later.versions is not None
    assert told[0]["versions"] == card.versions.model_dump()
    assert told[1]["versions"] == later.versions.model_dump()
    assert card.versions.rules == later.versions.rules


def test_evidence_that_was_tampered_with_is_found_out(session: Session) -> None:
    furnish(session)
    show(session, NOW)
    row = session.scalars(select(PriceEvidence)).one()
    document = session.get(PriceDocument, row.prices)
    assert document is not None
    document.body = {"steps": [[document.body["steps"][0][0], 1, None, 0]]}
    session.commit()
    [told] = file_of(session, "MAD", BOOT_38, since=NOW - FAR, until=NOW + FAR)
    assert (told["made_from"], told["worked_out_again"]) == (None, False)
