"""A made-up chain of any size: stores, products, prices, stock and promotions (used by `prices` and `growth`)."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.models import Category, Price, Product, Stock, Variant
from server.db import open_engine
from server.migrations import upgrade
from server.promotions.models import Promotion, PromotionVersion

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ZONES = ("Europe/Madrid", "Atlantic/Canary", "Europe/London", "America/New_York")


def chain(path: Path, *, variants: int, promotions: int, stores: int, assortment: int | None = None) -> Session:
    """Return a session of a new chain in a file: four variants a product; store s0 sells them all.

    Of an `assortment`, s0 sells the first so many products, and the other stores share the rest.
    """
    url = f"sqlite:///{path}"
    upgrade(url)
    session = Session(open_engine(url))
    luck = random.Random(1)
    products = variants // 4
    session.execute(
        insert(Store),
        [
            {"id": f"s{n}", "name": f"s{n}", "time_zone": ZONES[n % 4], "currency": "EUR", "locale": "es_ES"}
            for n in range(stores)
        ],
    )
    session.execute(
        insert(Category),
        [{"id": f"c{n}", "parent_id": f"c{n // 8}" if n else None, "name": {"en": f"c{n}"}} for n in range(500)],
    )
    for first in range(0, products, 20_000):
        some = range(first, min(products, first + 20_000))
        session.execute(insert(Product), [_product(n) for n in some])
        session.execute(insert(Variant), [_variant(n, piece) for n in some for piece in range(4)])
        sold = [(_seller(n, stores, assortment), _gtin(n, piece), n) for n in some for piece in range(4)]
        session.execute(insert(Price), [_price(*one, days=days) for one in sold for days in (90, 40)])
        session.execute(insert(Stock), [_stock(store, gtin) for store, gtin, _ in sold])
    rows = [_promotion(n, products, stores, luck) for n in range(promotions)]
    session.execute(insert(Promotion), rows)
    session.execute(insert(PromotionVersion), [_version(row) for row in rows])
    session.commit()
    return session


def _gtin(product: int, piece: int) -> str:
    return f"{product * 4 + piece:014}"


def _product(n: int) -> dict[str, Any]:
    words = {"en": f"product {n}", "es": f"producto {n}"}
    return {
        "id": f"p{n}",
        "category_id": f"c{n % 500}",
        "brand": f"b{n % 900}",
        "name": words,
        "summary": words,
        "pictures": [],
        "facts": [],
        "discountable": True,
    }


def _variant(n: int, piece: int) -> dict[str, Any]:
    gtin = _gtin(n, piece)
    return {"gtin": gtin, "product_id": f"p{n}", "sku": gtin, "size": str(36 + piece), "position": piece}


def _seller(product: int, stores: int, assortment: int | None) -> str:
    return "s0" if assortment is None or product < assortment else f"s{1 + product % (stores - 1)}"


def _price(store: str, gtin: str, product: int, *, days: int) -> dict[str, Any]:
    return {
        "store_id": store,
        "gtin": gtin,
        "applies_from": NOW - timedelta(days=days),
        "minor": 1000 + product % 9000 + days,
        "floor_minor": 0,
    }


def _stock(store: str, gtin: str) -> dict[str, Any]:
    return {"store_id": store, "gtin": gtin, "count": 3, "counted_at": NOW}


def _promotion(n: int, products: int, stores: int, luck: random.Random) -> dict[str, Any]:
    """The first ten are the same in both chains and mean the product that is measured, or all; the rest others."""
    scope: dict[str, Any] = {"products": [f"p{luck.randrange(1, products)}" for _ in range(5)]}
    if n < 3:
        scope = [{"products": ["p0"]}, {"categories": ["c0"], "stores": ["s0"]}, {"everything": True}][n]
    elif n % 4 == 0:
        scope["stores"] = [f"s{luck.randrange(1, stores)}" for _ in range(50)]
    rule = {"kind": "percent", "percent": 5 + n % 20} | scope
    return {
        "id": f"x{n}",
        "headline": {"en": f"x{n}"},
        "condition": None,
        "rule": rule,
        "priority": n % 5,
        "starts": NOW.replace(tzinfo=None) - timedelta(days=n % 20),
        "ends": None,
        "exclusive": False,
        "paused": False,
    }


def _version(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if name not in {"id", "paused"}}
    return told | {"promotion_id": row["id"], "number": 1, "recorded_at": NOW - timedelta(days=100)}
