"""What was shown can be worked out again from its versions, and a document that was changed is found out."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.models import Price, Product
from server.promotions.cards import product_cards
from server.promotions.evidence import PARTS, Shown, file_of, forget, keep
from server.promotions.models import PriceDocument, PriceEvidence, PricingPolicy, Promotion
from server.promotions.prior_price import PriorPolicy
from server.promotions.rules.policy import HOUSE
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


def test_evidence_is_forgotten_after_as_many_days_as_the_policy_says(session: Session) -> None:
    furnish(session)
    show(session, NOW)
    session.add(Price(store_id="MAD", gtin=BOOT_38, applies_from=NOW + timedelta(days=5), minor=11000))
    session.commit()
    show(session, NOW + timedelta(days=6))
    assert forget(session, NOW + FAR) == 0, "where nothing is said, it is kept for ever"
    prior = PriorPolicy(evidence_days=30).model_dump(mode="json")
    session.add(PricingPolicy(scope="chain", policy=HOUSE.model_dump(mode="json"), prior=prior))
    session.commit()
    assert forget(session, NOW + timedelta(days=33)) == 1
    session.commit()
    [told] = file_of(session, "MAD", BOOT_38, since=NOW - FAR, until=NOW + FAR)
    assert (told["shown"]["minor"], told["worked_out_again"]) == (11000, True)
    kept = {getattr(session.scalars(select(PriceEvidence)).one(), part) for part in PARTS}
    assert set(session.scalars(select(PriceDocument.hash))) == kept
