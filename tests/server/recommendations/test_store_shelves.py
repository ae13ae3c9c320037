"""Prices are held of the stores that asked lately, however many those are, within a stated room."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from recommender.arrangement import NO_WISHES
from recommender.shop_model import ShopModel
from server.access.models import Store
from server.catalogue.models import Price
from server.promotions.models import Promotion
from server.promotions.saving import save
from server.recommendations import queries
from server.recommendations.price_book import PriceBook
from server.recommendations.shop_prices import ShopPrices
from server.recommendations.store_shelves import StoreShelves
from tests.clock import NOW
from tests.recommender.obvious import IDS, TEXTS, sessions
from tests.server.recommendations.test_by_price import shop as _shop

shop = _shop
ONE_STORE = 8 * len(IDS)
"""Bytes of a store's prices where nothing is reduced."""


@pytest.fixture(scope="module")
def model() -> ShopModel:
    return ShopModel.learn(sessions(), texts=TEXTS, groups=[0] * len(IDS), stores={})


def priced(minor: int) -> ShopPrices:
    return ShopPrices(dict.fromkeys(IDS, minor), frozenset(), NOW, NOW + timedelta(days=1))


def test_who_asked_longest_ago_goes_first_once_there_is_no_room(model: ShopModel) -> None:
    shelves = StoreShelves(most=300 * ONE_STORE)
    book = PriceBook(shelves=shelves)
    stores = [f"store {number}" for number in range(300)]
    for number, store in enumerate(stores):
        book.made(store, model, priced(100 + number))
    assert set(shelves.lately()) == set(stores)
    book.of(stores[0], model, NOW)
    book.made("one more", model, priced(7))
    assert set(shelves.lately()) == {*stores, "one more"} - {stores[1]}
    assert sum(shelf.size for shelf in shelves.lately().values()) <= 300 * ONE_STORE


def test_a_store_keeps_what_was_made_of_the_same_prices_and_nothing_of_a_model_before(model: ShopModel) -> None:
    shelves = StoreShelves()
    book = PriceBook(shelves=shelves)
    wishes = book.made("MAD", model, priced(100))
    assert book.made("MAD", model, priced(100)) is wishes
    assert book.made("MAD", model, priced(101)) is not wishes
    shelves.make_room(keep=lambda one: one.model is not model)
    assert not shelves.of("MAD").made


def test_stores_that_asked_are_read_and_one_that_had_to_go_is_read_again(shop: Session, engine: Engine) -> None:
    shop.add(Store(id="LON", name="London", time_zone="Europe/London", currency="EUR", locale="en_GB"))
    shop.flush()
    shop.add(Price(store_id="LON", gtin="02000000001010", applies_from=NOW - timedelta(days=90), minor=900))
    rule = {"kind": "percent", "percent": 20, "products": ["mat"], "stores": ["MAD"]}
    save(shop, Promotion(id="mat", headline={"en": "mat"}, rule=rule), now=NOW)
    shop.commit()
    row = queries.newest_serving(shop)
    assert row is not None
    model = ShopModel.load(row.file)
    book = PriceBook(pause=lambda: None, shelves=StoreShelves(most=1))
    with Session(engine) as session:
        for store, raised in (("MAD", {"mat"}), ("LON", set[str]()), ("MAD", {"mat"})):
            assert book.of(store, model, NOW) is NO_WISHES
            book.renew(session, model, NOW)
            wishes = book.of(store, model, NOW)
            assert wishes.log_prices is not None
            boost = wishes.boost if wishes.boost is not None else np.zeros(len(model.ids))
            assert {product for product, more in zip(model.ids, boost, strict=True) if more} == raised
