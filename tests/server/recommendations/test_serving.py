"""Suggestions are learned from visits, restricted to what is in stock, and never fail."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.recommendations import queries
from server.recommendations.models import TrainedModel
from server.recommendations.rules import NO_WISHES, ReasonKind, Wishes
from server.recommendations.serving import LOOK_EVERY, Serving
from server.recommendations.training import train
from tests.clock import NOW, FakeClock, until
from tests.server.recommendations.visits import PRODUCTS, open_shop, visit


@pytest.fixture
def shop(session: Session) -> Session:
    """One store, six products, ten visits of boots → socks and ten of tent → mat."""
    return open_shop(session)


def test_what_followed_in_past_visits_is_suggested_with_its_reason(shop: Session, engine: Engine) -> None:
    train(shop, NOW)
    shop.commit()
    found = Serving(engine, FakeClock()).suggest(["boots"], store_id="MAD", allowed=frozenset(PRODUCTS))
    assert not found.degraded
    assert found.items[0].product_id == "socks"
    assert (found.items[0].reason, found.items[0].evidence) == (ReasonKind.TAPPED_AFTER, "boots")


def test_only_what_is_in_stock_here(shop: Session, engine: Engine) -> None:
    train(shop, NOW)
    shop.commit()
    allowed = frozenset({"mat", "lamp"})
    found = Serving(engine, FakeClock()).suggest(["boots", "tent"], store_id="MAD", allowed=allowed)
    assert {item.product_id for item in found.items} <= allowed


def test_before_the_first_training_the_popular_ones_are_shown_and_marked(
    shop: Session,
    engine: Engine,
) -> None:
    found = Serving(engine, FakeClock()).suggest(["boots"], store_id="MAD", allowed=frozenset(PRODUCTS))
    assert found.degraded
    assert {item.product_id for item in found.items[:3]} == {"socks", "tent", "mat"}


def test_a_process_takes_the_model_up_before_anybody_asks(shop: Session, engine: Engine) -> None:
    train(shop, NOW)
    shop.commit()
    serving, told = Serving(engine, FakeClock()), list[int]()
    serving.start(then=lambda: told.append(serving.version))
    until(lambda: bool(told))
    assert told[0] > 0


def test_a_damaged_model_leaves_the_one_before_in_place(shop: Session, engine: Engine) -> None:
    train(shop, NOW)
    shop.commit()
    serving = Serving(engine, FakeClock())
    serving.suggest(["boots"], store_id="MAD", allowed=frozenset(PRODUCTS))
    queries.keep(shop, file=b"not a model", report={}, now=NOW)
    shop.commit()
    serving.look(NOW + LOOK_EVERY)
    found = serving.suggest(["boots"], store_id="MAD", allowed=frozenset(PRODUCTS))
    assert found.items[0].product_id == "socks"
    assert not found.degraded


def test_with_nothing_but_a_damaged_model_the_popular_ones_are_shown(shop: Session, engine: Engine) -> None:
    queries.keep(shop, file=b"", report={}, now=NOW)
    shop.commit()
    found = Serving(engine, FakeClock()).suggest([], store_id="MAD", allowed=frozenset(PRODUCTS))
    assert found.degraded
    assert {item.product_id for item in found.items} <= set(PRODUCTS)


def test_only_the_last_models_are_kept(session: Session) -> None:
    versions = [queries.keep(session, file=b"x", report={}, now=NOW).version for _ in range(9)]
    session.commit()
    assert queries.serving_version(session) == versions[-1]
    kept = set(session.scalars(select(TrainedModel.version)))
    assert kept == set(versions[-queries.KEPT - 1 :])
    refused = [queries.keep(session, file=b"x", report={}, now=NOW, serving=False).version for _ in range(9)]
    assert set(session.scalars(select(TrainedModel.version))) == kept | set(refused[-queries.KEPT - 1 :])
    assert queries.serving_version(session) == versions[-1]


def test_a_visit_held_out_sees_what_is_popular_here(shop: Session, engine: Engine) -> None:
    train(shop, NOW)
    shop.commit()
    serving = Serving(engine, FakeClock(), hold_out=0.5)
    visits = [UUID(int=number, version=4) for number in range(40)]
    stock = frozenset(PRODUCTS)
    told = [serving.suggest(["boots"], store_id="MAD", allowed=stock, visit_id=visit) for visit in visits]
    assert {found.held_out for found in told} == {True, False}
    for found in told:
        assert (found.propensity, found.degraded, found.model_version > 0) == (0.5, False, True)
        assert "boots" not in {item.product_id for item in found.items}
        first = ReasonKind.POPULAR_HERE if found.held_out else ReasonKind.TAPPED_AFTER
        assert found.items[0].reason is first


def test_a_boost_moves_what_goes_with_a_visit_up_and_leaves_those_held_out_alone(
    shop: Session, engine: Engine
) -> None:
    for number in (100, 101):
        visit(shop, number, "boots", "mat", at=NOW - timedelta(days=4))
    train(shop, NOW)
    shop.commit()
    serving, stock = Serving(engine, FakeClock(), hold_out=0.5), frozenset(PRODUCTS)
    boost, visits = Wishes(boosts={"mat": 5.0}), [UUID(int=number, version=4) for number in range(20)]
    told = {
        (found.held_out, wishes is boost): found.items[0].product_id
        for wishes in (NO_WISHES, boost)
        for one in visits
        for found in [serving.suggest(["boots"], store_id="MAD", allowed=stock, visit_id=one, wishes=wishes)]
    }
    assert (told[False, False], told[False, True]) == ("socks", "mat")
    assert told[True, False] == told[True, True]
