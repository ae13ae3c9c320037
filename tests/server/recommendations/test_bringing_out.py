"""What stands where nobody taps is brought out where a shop asks for it, told as such, never to the held-out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from recommender.shop_model import ShopModel
from server.catalogue.models import Product, ShelfPlace
from server.recommendations import queries
from server.recommendations.bringing_out import shares_hidden
from server.recommendations.hold_out import is_held_out
from server.recommendations.rules import ReasonKind, Suggestions, Wishes
from server.recommendations.serving import LOOK_EVERY, Serving
from server.recommendations.training import train
from tests.clock import NOW, FakeClock
from tests.server.recommendations.visits import open_shop, visit

FRONT = [f"front-{number}" for number in range(12)]
BACK = [f"back-{number}" for number in range(4)]
STOCK = frozenset([*FRONT, *BACK])
VISIT = UUID(int=1, version=4)


@pytest.fixture
def shop(session: Session) -> Session:
    """A store whose back shelf is tapped a twelfth as often as its front, after the same products."""
    open_shop(session)
    for name in (*FRONT, *BACK):
        words = {"en": name}
        session.add(Product(id=name, category_id="all", brand=name, name=words, summary=words))
        session.flush()
        shelf = 4 if name in FRONT else 0
        session.add(ShelfPlace(store_id="MAD", product_id=name, zone={"en": "Hall"}, shelf=shelf))
    for number in range(100, 400):
        front, other = FRONT[number % 12], FRONT[(number * 7 + 1) % 12]
        back = (BACK[number % 4],) if number % 6 == 0 else ()
        visit(session, number, front, other, *back, at=NOW - timedelta(days=3) + timedelta(minutes=number))
    train(session, NOW)
    session.commit()
    return session


def listed(serving: Serving, **more: object) -> Suggestions:
    return serving.suggest(["front-0"], store_id="MAD", allowed=STOCK, visit_id=VISIT, **more)  # type: ignore[arg-type]


def hidden(found: Suggestions) -> set[str]:
    return {one.product_id for one in found.items if one.reason is ReasonKind.HIDDEN}


def test_the_back_shelf_is_what_the_store_hides(shop: Session) -> None:
    row = queries.newest_serving(shop)
    assert row is not None
    model = ShopModel.load(row.file)
    shares = shares_hidden(shop, "MAD", model)
    assert set(shares) == STOCK
    assert {shares[name] for name in FRONT} == {0.0}
    assert min(shares[name] for name in BACK) > 0.5
    assert shares_hidden(shop, "elsewhere", model) == {}


def test_it_is_brought_out_where_the_shop_asks_for_it_and_not_to_those_held_out(
    shop: Session, engine: Engine
) -> None:
    clock = FakeClock()
    plain, asked = Serving(engine, clock), Serving(engine, clock, visibility=0.02)
    first = listed(asked)
    assert first == listed(plain)  # the first to ask waits for nothing
    clock.advance(LOOK_EVERY.total_seconds())
    for serving in (plain, asked):
        serving.look(clock())
    assert hidden(listed(plain)) == set()
    assert hidden(listed(asked)) <= set(BACK)
    assert hidden(listed(asked))
    boosted = Wishes(boosts={"front-5": 5.0})
    found = listed(asked, wishes=boosted, count=6)
    assert found.items[0].product_id == "front-5"
    assert set(BACK) & {one.product_id for one in found.items}
    held = Serving(engine, clock, visibility=0.02, hold_out=1.0)
    assert is_held_out(VISIT, 1.0)
    listed(held)
    held.look(clock() + LOOK_EVERY)
    assert hidden(listed(held)) == set()
