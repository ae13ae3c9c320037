"""Prices on cards: refused rules, windows by the store's clock, announced reductions, members, units, hints."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from server.access.models import Store
from server.access.queries import store_row
from server.catalogue.models import Category, Price, Product, Variant
from server.errors import Invalid, NotFound
from server.promotions.cards import product_cards
from server.promotions.models import PricingPolicy, Promotion, PromotionVersion
from server.promotions.prior_price import PriorPolicy
from server.promotions.rules.policy import HOUSE
from server.promotions.saving import end, pause, save
from server.wire import PriceLine, ProductCard
from tests.clock import NOW
from tests.shopfloor import BOOT_38, furnish

HALF = {"kind": "percent", "percent": 50, "everything": True}
LONG_AGO = NOW - timedelta(days=100)


@pytest.fixture(autouse=True)
def shop(session: Session) -> None:
    furnish(session)


def local(*numbers: int) -> datetime:
    """Return a time on a store's wall clock."""
    return datetime(2026, *numbers)  # type: ignore[misc,arg-type]  # noqa: DTZ001 - local times have no zone


def plan(session: Session, key: str, rule: dict[str, Any], *, now: datetime = LONG_AGO, **columns: Any) -> None:
    save(session, Promotion(id=key, headline={"en": key}, rule=rule, **columns), now=now)
    session.commit()


def card(session: Session, now: datetime = NOW, product: str = "boot") -> ProductCard:
    store = session.get(Store, "MAD")
    assert store is not None
    return product_cards(session, store, [(product, None)], now=now)[f"product:{product}"]


def price(session: Session, now: datetime = NOW) -> PriceLine:
    line = card(session, now).price
    assert line is not None
    return line


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (HALF | {"percent": 120}, "less than or equal to 100"),
        ({"kind": "percent", "everything": True}, "needs its percent"),
        ({"kind": "fixed_off", "amounts": {"EUR": -5}, "everything": True}, "greater than or equal to 0"),
        ({"kind": "percent", "percent": 10}, "what it is for"),
        ({"kind": "magic", "everything": True}, "kind"),
        ({"kind": "n_for_m", "buy": 2, "pay": 2, "everything": True}, "fewer than are bought"),
        (HALF | {"categories": ["cellar"], "everything": False}, "no category cellar"),
        (HALF | {"stores": ["ROM"]}, "no store ROM"),
        (HALF | {"products": ["sandal"], "everything": False}, "no product sandal"),
        (HALF | {"at": "shelf", "on": "list"}, "shelf"),
        (HALF | {"schedule": {"weekdays": [7]}}, "less than or equal to 6"),
    ],
)
def test_an_impossible_promotion_is_refused_with_the_reason(
    session: Session, rule: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Invalid, match=f"Promotion p cannot be.*{reason}"):
        plan(session, "p", rule)


def test_a_category_within_itself_is_refused(session: Session) -> None:
    session.add(Category(id="loop", parent_id="feet", name={"en": "Loop"}))
    session.flush()
    feet = session.get(Category, "feet")
    assert feet is not None
    feet.parent_id = "loop"
    session.flush()
    with pytest.raises(Invalid, match="lies within itself"):
        plan(session, "p", HALF | {"categories": ["loop"], "everything": False})


def test_one_that_ends_before_it_starts_is_refused_and_if_stored_left_out(session: Session) -> None:
    times = {"starts": local(11, 25), "ends": local(11, 20)}
    with pytest.raises(Invalid, match="not after it starts"):
        plan(session, "bad", HALF, **times)
    told = {"headline": {"en": "x"}, "rule": HALF, "priority": 0, "exclusive": False}
    session.add(Promotion(id="bad", headline={"en": "x"}, rule=HALF, **times))
    session.flush()
    session.add(PromotionVersion(promotion_id="bad", number=1, recorded_at=LONG_AGO, **told, **times))
    session.commit()
    assert (price(session).now.minor, price(session).was, card(session).offers) == (12000, None, ())


def test_a_reduction_shows_the_prior_price_and_its_last_moment(session: Session) -> None:
    plan(session, "p", HALF | {"percent": 25}, starts=local(11, 20), ends=local(11, 24, 13))
    tied = {"kind": "n_for_m", "buy": 3, "pay": 2, "products": ["boot"]}
    plan(session, "q", tied, condition={"en": "take three"})
    shown = card(session)
    assert shown.price is not None
    assert shown.price.was is not None
    assert (shown.price.now.minor, shown.price.was.minor, shown.price.percent_off) == (9000, 12000, 25)
    assert {offer.promotion_id: offer.hint and offer.hint["en"] for offer in shown.offers} == {
        "p": None,
        "q": "2 more of Boot, and you pay only 2 of 3.",
    }
    assert shown.true_until == datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    after = card(session, shown.true_until)
    assert after.price is not None
    assert (after.price.now.minor, after.price.was) == (12000, None)


def test_a_conditional_offer_shows_its_condition_and_never_a_price_before(session: Session) -> None:
    plan(session, "q", {"kind": "cheapest_free", "buy": 2, "categories": ["feet"]})
    assert (price(session).now.minor, price(session).was) == (12000, None)
    [offer] = card(session).offers
    assert offer.hint == {
        "en": "One more of Feet, and the cheapest is free.",
        "es": "Uno más de Feet, y el más barato es gratis.",
    }


def test_a_second_reduction_within_thirty_days_is_measured_on_the_first(session: Session) -> None:
    plan(session, "first", HALF, starts=local(11, 1), ends=local(11, 8))
    plan(session, "second", HALF | {"percent": 25}, starts=local(11, 20))
    assert (price(session).now.minor, price(session).was) == (9000, None)
    plan(session, "deeper", HALF | {"percent": 20}, starts=local(11, 24))
    line = price(session)
    assert (line.now.minor, line.was) == (7200, None)


def test_what_was_asked_before_a_pause_still_counts(session: Session) -> None:
    plan(session, "p", HALF, starts=local(11, 1))
    assert price(session, NOW - timedelta(days=5)).now.minor == 6000
    pause(session, "p", paused=True, now=NOW - timedelta(days=4))
    plan(session, "q", HALF | {"percent": 25}, now=NOW - timedelta(days=2))
    assert (price(session).now.minor, price(session).was) == (9000, None)
    assert price(session, NOW - timedelta(days=5)).now.minor == 6000


def test_an_ended_promotion_is_on_no_card(session: Session) -> None:
    plan(session, "p", HALF, starts=local(11, 1))
    end(session, "p", now=NOW)
    session.commit()
    assert (price(session).now.minor, card(session).offers) == (12000, ())


def test_hours_of_the_week_begin_and_end_on_the_wall_clock(session: Session) -> None:
    evening = {"weekdays": [1], "hour_from": "17:00", "hour_to": "19:00"}
    plan(session, "p", HALF | {"schedule": evening})
    at_noon, at_six = card(session), card(session, datetime(2026, 11, 24, 17, 30, tzinfo=UTC))
    assert at_noon.price is not None
    assert at_six.price is not None
    assert (at_noon.price.now.minor, at_noon.true_until) == (12000, datetime(2026, 11, 24, 16, tzinfo=UTC))
    assert (at_six.price.now.minor, at_six.true_until) == (6000, datetime(2026, 11, 24, 18, tzinfo=UTC))


def test_the_floor_the_member_price_and_the_unit_price_stand_on_the_card(session: Session) -> None:
    row = session.get(Price, ("MAD", BOOT_38, NOW - timedelta(days=90)))
    variant = session.get(Variant, BOOT_38)
    assert row is not None
    assert variant is not None
    row.floor_minor, row.member_minor = 8000, 7000
    variant.content, variant.content_unit = Decimal(400), "g"
    plan(session, "p", HALF)
    line = price(session)
    assert line.member is None, "members never pay less than the floor either"
    assert (line.now.minor, line.unit and (line.unit.money.minor, line.unit.per)) == (8000, (20000, "kg"))
    row.floor_minor = 0
    plan(session, "p", HALF | {"percent": 10})
    assert (price(session).now.minor, price(session).member.minor) == (10800, 7000)  # type: ignore[union-attr]


def test_members_see_their_promotion_beside_the_public_price(session: Session) -> None:
    plan(session, "p", HALF | {"segments": ["members"]})
    line = price(session)
    assert (line.now.minor, line.was, line.member and line.member.minor) == (12000, None, 6000)
    assert [offer.hint and offer.hint["es"] for offer in card(session).offers] == [
        "Para socios, y la oferta es tuya."
    ]


def test_one_for_a_variant_changes_no_other_variant_yet_ends_the_whole_card(session: Session) -> None:
    before = {line.gtin: line.price for line in card(session).variants}
    ends = local(11, 24, 20)
    plan(session, "this size", {"kind": "percent", "percent": 50, "gtins": [BOOT_38]}, ends=ends)
    after = {line.gtin: line.price for line in card(session).variants}
    assert {gtin for gtin in after if after[gtin] != before[gtin]} == {BOOT_38}
    assert card(session).true_until == datetime(2026, 11, 24, 19, tzinfo=UTC)
    plan(session, "all sizes", {"kind": "percent", "percent": 50, "products": ["boot"]})
    assert {line.gtin: line.price.now.minor for line in card(session).variants if line.price}[BOOT_38] == 3000


def test_no_promotion_reduces_what_may_not_be_reduced(session: Session) -> None:
    product = session.get(Product, "boot")
    assert product is not None
    product.discountable = False
    plan(session, "p", HALF)
    assert (price(session).now.minor, card(session).offers) == (12000, ())


def test_a_withdrawal_to_come_ends_the_card(session: Session) -> None:
    product = session.get(Product, "boot")
    assert product is not None
    product.withdrawn_at = NOW + timedelta(hours=1)
    session.commit()
    assert card(session).true_until == product.withdrawn_at
    assert card(session, product.withdrawn_at).withdrawn


def test_a_card_reads_of_the_store_what_is_stored_and_tells_of_one_that_is_not(session: Session) -> None:
    store = session.get_one(Store, "MAD")
    store.region = "centre"
    row = store_row(session, "MAD")
    assert row._asdict() == {name: getattr(store, name) for name in row._fields}
    assert row.region == "centre"
    with pytest.raises(NotFound, match="no store XYZ"):
        store_row(session, "XYZ")


@pytest.mark.parametrize(
    ("prior", "says"), [({"days": 60}, 60), ({"days": 30}, None), ({"perishables": "last_price"}, 0)]
)
def test_the_card_says_of_how_many_days_the_prior_price_is_the_lowest(
    session: Session, prior: dict[str, Any], says: int
) -> None:
    held = PriorPolicy(perishable_categories=("feet",), **prior).model_dump(mode="json")
    session.add(PricingPolicy(scope="chain", policy=HOUSE.model_dump(mode="json"), prior=held))
    plan(session, "half", HALF, now=NOW - timedelta(days=2))
    line = price(session)
    assert (line.now.minor, line.was and line.was.minor, line.was_days) == (6000, 12000, says)
    assert ("was_days" in line.model_dump()) == (says is not None), "a kiosk that does not know it takes the rest"
