"""A suggestion says that it is here in the size looked at, exactly where that is so in this store now."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.catalogue.models import Category, Price, Product, Stock, Variant
from server.db import changed
from server.recommendations.rules import ReasonKind, Suggestion, Suggestions
from server.taps.louder import said_in_size, said_reduced
from server.taps.sizes import Sizes
from server.wire import TapAnswer
from tests.clock import NOW
from tests.shopfloor import UIDS, as_device, tap

WORDS = {
    "en": "Same family, here in the size you looked at",
    "es": "De la misma familia, aquí en la talla que has mirado",
}
SHOES = {
    "shoe": ("feet", {"38": 2, "39": 4}),
    "clog": ("feet", {"38": 0, "39": 4}),
    "glove": ("hands", {"38": 3}),
}
"""Each with its category, and how many are here by size."""


def answered(client: FlaskClient, number: int, uid: str) -> TapAnswer:
    answer = client.post("/api/v1/taps", json=tap(number, uid), headers=as_device("kiosk"))
    return TapAnswer.model_validate_json(answer.data)


def stocked(session: Session) -> None:
    session.add(Category(id="hands", parent_id="all", name={"en": "Hands"}))
    session.flush()
    for number, (name, (category, sizes)) in enumerate(SHOES.items(), start=1):
        words = {"en": name}
        session.add(Product(id=name, category_id=category, brand="Own", name=words, summary=words))
        session.flush()
        for size, count in sizes.items():
            gtin = f"0299999900{number}{size}0"
            session.add(Variant(gtin=gtin, product_id=name, sku=gtin, size=size))
            session.flush()
            session.add(Price(store_id="MAD", gtin=gtin, applies_from=NOW - timedelta(days=9), minor=9000))
            session.add(Stock(store_id="MAD", gtin=gtin, count=count, counted_at=NOW))
    changed(session, "MAD")
    session.commit()


def test_said_of_the_same_family_in_the_size_looked_at_and_in_stock_here(
    client: FlaskClient, engine: Engine
) -> None:
    with Session(engine) as session:
        stocked(session)
    kinds = {tile.product_id: tile.reason_kind for tile in answered(client, 1, UIDS["boot"]).goes_with}
    tiles = {tile.product_id: tile for tile in answered(client, 2, UIDS["boot38"]).goes_with}
    assert set(kinds) == set(tiles) == {"sock", "shoe", "clog", "glove"}
    assert "in_size" not in kinds.values()
    assert {p for p, tile in tiles.items() if tile.reason_kind == "in_size"} == {"shoe"}
    assert tiles["shoe"].reason == WORDS


def test_a_size_looked_at_earlier_in_the_visit_is_remembered_for_its_family_alone(
    client: FlaskClient, engine: Engine
) -> None:
    with Session(engine) as session:
        stocked(session)
    before = {tile.product_id: tile.reason_kind for tile in answered(client, 1, UIDS["boot"]).goes_with}
    answered(client, 2, UIDS["boot38"])
    after = {tile.product_id: tile.reason_kind for tile in answered(client, 3, UIDS["boot"]).goes_with}
    assert "in_size" not in before.values()
    assert {p for p, kind in after.items() if kind == "in_size"} == {"shoe"}


def test_sold_out_in_that_size_it_is_said_no_longer(client: FlaskClient, engine: Engine) -> None:
    with Session(engine) as session:
        stocked(session)
        before = {tile.reason_kind for tile in answered(client, 1, UIDS["boot38"]).goes_with}
        session.get_one(Stock, ("MAD", "02999999001380")).count = 0
        changed(session, "MAD")
        session.commit()
    after = {tile.reason_kind for tile in answered(client, 2, UIDS["boot38"]).goes_with}
    assert ("in_size" in before, "in_size" in after) == (True, False)


def test_what_speaks_louder_and_visits_held_out_keep_their_reasons() -> None:
    items = tuple(Suggestion(kind, kind) for kind in ReasonKind)
    found = Suggestions(items, degraded=False, model_version=1)
    told = said_in_size(found, Sizes(frozenset(ReasonKind)))
    assert [one.product_id for one in told.items] == [one.product_id for one in items]
    new = {one.product_id for one in told.items if one.reason is ReasonKind.IN_SIZE}
    assert new == {"alike", "popular_here", "new_here", "in_size"}
    held_out = Suggestions(items, degraded=False, model_version=1, held_out=True)
    assert said_in_size(held_out, Sizes(frozenset({"alike"}))) is held_out
    assert said_reduced(held_out, {"alike"}) is held_out
    both = said_reduced(said_in_size(found, Sizes(frozenset({"alike"}))), {"alike", "new_here", "pinned"})
    kinds = {one.product_id: one.reason for one in both.items}
    assert (kinds["alike"], kinds["new_here"], kinds["pinned"]) == ("in_size", "reduced", "pinned")
