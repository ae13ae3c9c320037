"""What nobody has tapped yet gets a bounded chance, and the chance is told."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.recommendations.exploring import explored
from server.recommendations.rules import ReasonKind, Suggestion
from server.recommendations.serving import Serving
from server.recommendations.training import train
from tests.clock import NOW, FakeClock
from tests.server.recommendations.visits import PRODUCTS, open_shop

LISTED = tuple(Suggestion(product, ReasonKind.ALIKE) for product in ("a", "b", "c", "d"))
VISITS = [UUID(int=number * 7919, version=4) for number in range(20_000)]


def test_new_products_get_the_last_place_of_the_stated_share_of_lists_alike() -> None:
    fresh = ("d", "n1", "n2", "n3", "n4")
    told = [explored(LISTED, fresh, share=0.1, visit_id=visit, step=2) for visit in VISITS]
    assert told == [explored(LISTED, fresh, share=0.1, visit_id=visit, step=2) for visit in VISITS]
    assert all(one.items[:3] == LISTED[:3] for one in told)
    for product, chance in {"d": 0.9, "n1": 0.025, "n2": 0.025, "n3": 0.025, "n4": 0.025}.items():
        shown = [one for one in told if one.items[-1].product_id == product]
        assert abs(len(shown) / len(told) - chance) < 0.01
        assert [one.chance for one in shown] == pytest.approx([chance] * len(shown))


def test_without_anything_new_or_after_a_pin_the_list_stays() -> None:
    pinned = (*LISTED[:3], Suggestion("d", ReasonKind.PINNED))
    for items, fresh in ((LISTED, ()), (LISTED, ("a",)), (pinned, ("n",)), ((), ("n",))):
        told = explored(items, fresh, share=0.5, visit_id=VISITS[0], step=1)
        assert (told.items, told.chance) == (items, 1.0)


def test_only_what_nobody_tapped_and_is_in_stock_is_tried(session: Session, engine: Engine) -> None:
    train(open_shop(session), NOW)
    session.commit()
    serving = Serving(engine, FakeClock(), explore=0.5)
    stock = frozenset(PRODUCTS) - {"lamp"}
    told = [serving.suggest(["boots"], store_id="MAD", allowed=stock, visit_id=v, count=1) for v in VISITS[:60]]
    tried = [found for found in told if found.items[-1].reason is ReasonKind.NEW_HERE]
    assert {found.items[-1].product_id for found in tried} == {"new-tent"}
    assert {found.propensity for found in told} == {0.5}
    assert {found.items[0].product_id for found in told} == {"socks", "new-tent"}
