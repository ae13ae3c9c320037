"""What a store has of the catalogue: its own prices, stock and places, in as few statements for all as for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from server.catalogue.models import Price, Stock, Variant
from server.catalogue.queries import goods, names, product_of_gtin, search, signs
from tests.clock import NOW
from tests.shopfloor import BOOT_38, BOOT_39, LAMP, SOCK, furnish


@pytest.fixture
def shop(session: Session) -> Session:
    """The small shop, with a dearer boot and more socks in London."""
    furnish(session)
    session.add(Price(store_id="LON", gtin=BOOT_38, applies_from=NOW, minor=15000))
    session.add(Stock(store_id="LON", gtin=SOCK, count=9, counted_at=NOW))
    session.add(Price(store_id="MAD", gtin=BOOT_38, applies_from=NOW - timedelta(days=9), minor=11000))
    session.commit()
    return session


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Give the statements the engine runs meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_a_store_sees_its_own_prices_stock_and_places_only(shop: Session) -> None:
    here, there = goods(shop, "MAD", ["boot", "sock"]), goods(shop, "LON", ["boot", "sock"])
    assert set(here.products) == set(there.products) == {"boot", "sock"}
    assert [step.minor for step in here.prices[BOOT_38]] == [12000, 11000]
    assert {gtin: [step.minor for step in steps] for gtin, steps in there.prices.items()} == {BOOT_38: [15000]}
    assert {gtin: row.count for gtin, row in here.stock.items()} == {BOOT_38: 5, BOOT_39: 0, SOCK: 5}
    assert {gtin: row.count for gtin, row in there.stock.items()} == {SOCK: 9}
    assert (set(here.places), set(there.places)) == ({"boot"}, set())


def test_all_products_are_meant_where_none_is_named_and_none_where_the_list_is_empty(shop: Session) -> None:
    assert set(goods(shop, "MAD", None).products) == {"boot", "sock", "lamp"}
    assert goods(shop, "MAD", []).products == {}
    assert goods(shop, "MAD", ["boot", "nothing"]).products.keys() == {"boot"}


def test_many_products_take_as_many_statements_as_one(shop: Session, engine: Engine) -> None:
    with counted(engine) as for_one:
        goods(shop, "MAD", ["boot"])
    with counted(engine) as for_all:
        goods(shop, "MAD", None)
    assert len(for_one) == len(for_all) <= 5


def test_variants_come_in_their_order(shop: Session) -> None:
    shop.add(Variant(gtin="02000000000053", product_id="boot", sku="first", size="37", position=0))
    shop.commit()
    assert [v.size for v in goods(shop, "MAD", ["boot"]).variants["boot"]] == ["37", "38", "39"]


def test_what_the_session_has_not_written_yet_counts(shop: Session) -> None:
    shop.get_one(Variant, BOOT_38).size = "38½"
    shop.add(Stock(store_id="LON", gtin=BOOT_39, count=1, counted_at=NOW))
    here = goods(shop, "LON", ["boot"])
    assert [v.size for v in here.variants["boot"]] == ["38½", "39"]
    assert here.stock[BOOT_39].count == 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("boot", {"boot"}),
        ("BOOT es", {"boot"}),
        ("own", {"boot", "sock", "lamp"}),
        (SOCK, {"sock"}),
        (SOCK[4:], {"sock"}),
        ("boot lamp", set()),
        ("%", set()),
        ("  ", set()),
    ],
)
def test_a_search_holds_all_words_in_any_language_name_brand_or_gtin(
    shop: Session, words: str, found: set[str]
) -> None:
    assert {row.id for row in search(shop, words)} == found


def test_a_search_stops_at_its_limit_and_is_sorted_by_name(shop: Session) -> None:
    assert [row.id for row in search(shop, "own", 2)] == ["boot", "lamp"]


def test_a_sign_lists_its_products_in_order(shop: Session) -> None:
    assert {key: listed for key, (_, listed) in signs(shop, None).items()} == {"autumn": ["lamp", "boot"]}
    assert signs(shop, ["nothing"]) == {}


def test_names_and_products_of_what_is_known(shop: Session) -> None:
    assert names(shop, ["boot", "nothing"]) == {"boot": {"en": "Boot", "es": "Boot es"}}
    assert product_of_gtin(shop, [BOOT_38, LAMP, "02000000099999"]) == {BOOT_38: "boot", LAMP: "lamp"}
