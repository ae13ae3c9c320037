"""What the ranking reads of the demo shop's prices is what its tiles say, at every moment and in every store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.queries import store_row
from server.catalogue.models import Product
from server.promotions import cards
from server.recommendations.price_reading import LONGEST, read_prices
from shop.stock_up import stock_up
from shop.stories import STORES
from tests.clock import NOW


def test_the_ranking_reads_what_the_tiles_say(session: Session, tmp_path: Path) -> None:
    stock_up(session, media=tmp_path, now=NOW)
    at_full_price, gone = (session.get_one(Product, name) for name in ("boot-sierra", "boot-brezo"))
    at_full_price.discountable, gone.withdrawn_at = False, NOW + timedelta(hours=5)
    ids = session.scalars(select(Product.id)).all()
    told = set[tuple[frozenset[str], frozenset[str]]]()
    for store in STORES:
        for at in (NOW, NOW + timedelta(hours=9), NOW + timedelta(days=4)):
            offered = set[str]()
            tiles = cards.tiles(session, store_row(session, store), None, now=at, offered=offered)
            found = read_prices(session, store, ids, at=at, pause=lambda: None)
            lines = {product: tile.price for product, tile in tiles.items() if tile.price is not None}
            assert found.prices == {product: line.now.minor for product, line in lines.items()}
            assert found.reduced == {product for product, line in lines.items() if line.percent_off}
            assert found.offered == offered
            assert found.until == min(at + LONGEST, *(one.true_until or at for one in tiles.values()))
            told.add((found.reduced, found.offered))
    assert len(told) > 1
    assert all(reduced and in_offer for reduced, in_offer in told)
