"""Other stores that have it, nearest first; and no further than a shopper goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.models import Stock
from server.catalogue.nearby import ASKED, elsewhere, metres_between, nearest
from server.promotions.cards import product_cards
from tests.clock import NOW
from tests.shopfloor import BOOT_38, BOOT_39, furnish

MADRID, LONDON, LAS_PALMAS = (40.4153, -3.6845), (51.5055, -0.0910), (28.1040, -15.4160)
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("here", "there", "metres"),
    [
        (MADRID, MADRID, 0),
        ((0, 0), (0, 1), 111_195),  # A degree of the equator.
        ((0, 0), (0, 180), 20_015_115),  # Half way around.
        ((0, 179.5), (0, -179.5), 111_195),  # Across the date line.
        ((90, 0), (-90, 77), 20_015_115),  # From pole to pole.
    ],
)
def test_the_way_between_two_points(here: tuple[float, float], there: tuple[float, float], metres: int) -> None:
    assert metres_between(here, there) == pytest.approx(metres, abs=2)


@given(points, points)
def test_the_way_is_the_same_back(here: tuple[float, float], there: tuple[float, float]) -> None:
    assert metres_between(here, there) == metres_between(there, here)
    assert 0 <= metres_between(here, there) <= 20_015_116


@given(points, st.lists(points, max_size=8))
def test_the_nearest_come_first(here: tuple[float, float], there: list[tuple[float, float]]) -> None:
    found = nearest(here, [(str(n), str(n), *point) for n, point in enumerate(there)])
    assert {one.store_id for one in found} == {str(n) for n in range(len(there))}
    assert [one.metres for one in found] == sorted(one.metres for one in found)


def open_stores(session: Session) -> None:
    furnish(session)
    places = {"MAD": MADRID, "LON": LONDON}
    for store_id, (latitude, longitude) in places.items():
        row = session.get_one(Store, store_id)
        row.latitude, row.longitude = latitude, longitude
    for store_id, place in (("LPA", LAS_PALMAS), ("NIX", (None, None))):
        made = Store(id=store_id, name=store_id, time_zone="Atlantic/Canary", currency="EUR", locale="es_ES")
        made.latitude, made.longitude = place
        session.add(made)
    session.flush()
    session.get_one(Store, "LPA").hours = {"tuesday": ["10:00-14:00"]}
    for store_id, gtin, count in (
        ("LON", BOOT_39, 1),
        ("LPA", BOOT_39, 4),
        ("NIX", BOOT_39, 9),
        ("LPA", BOOT_38, 0),
    ):
        session.add(Stock(store_id=store_id, gtin=gtin, count=count, counted_at=NOW - timedelta(hours=1)))
    session.commit()


def test_stores_that_have_it_nearest_first(engine: Engine) -> None:
    with Session(engine) as session:
        open_stores(session)
        here = session.get_one(Store, "MAD")
        found = elsewhere(session, here, [BOOT_38, BOOT_39])
        assert [(one.store.store_id, one.gtins) for one in found] == [
            ("LON", {BOOT_39}),
            ("LPA", {BOOT_39}),
        ]
        assert found[0].store.metres < found[1].store.metres
        assert elsewhere(session, here, []) == []
        assert elsewhere(session, session.get_one(Store, "NIX"), [BOOT_39]) == []


def test_the_card_says_where_else_it_is_only_for_what_is_missing_here(engine: Engine) -> None:
    with Session(engine) as session:
        open_stores(session)
        here = session.get_one(Store, "MAD")
        cards = product_cards(session, here, [("boot", None), ("sock", None)], now=NOW)
    told = cards["product:boot"].elsewhere
    assert [(one.store, one.gtins, one.counted_at) for one in told] == [
        ("Lon", (BOOT_39,), NOW - timedelta(hours=1)),
        ("LPA", (BOOT_39,), NOW - timedelta(hours=1)),
    ]
    hours = [(one.time_zone, one.opens != ()) for one in told]
    assert hours == [("Europe/London", False), ("Atlantic/Canary", True)]
    assert cards["product:sock"].elsewhere == ()


def test_a_chain_of_many_stores_is_asked_no_further(engine: Engine) -> None:
    with Session(engine) as session:
        open_stores(session)
        for n in range(ASKED):
            made = Store(id=f"N{n:02}", name=f"N{n}", time_zone="Europe/Madrid", currency="EUR", locale="es_ES")
            made.latitude, made.longitude = 40.0 + n / 100, -3.7
            session.add(made)
        session.commit()
        assert elsewhere(session, session.get_one(Store, "MAD"), [BOOT_39]) == []
