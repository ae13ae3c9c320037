"""What a store has of the catalogue, read in bulk: a fixed number of statements however many products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, or_, select
from sqlalchemy.orm import Session

from server.catalogue.models import Category, Price, Product, ShelfPlace, Sign, SignProduct, Stock, Variant
from server.catalogue.rules import ListPrice
from server.db import Base
from server.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of a variant stand in a store, and when they were counted."""

    count: int
    counted_at: datetime


class ProductRow(NamedTuple):
    """What a card needs of a `Product`."""

    id: str
    category_id: str
    brand: str
    name: dict[str, str]
    summary: dict[str, str]
    pictures: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    notice: dict[str, str] | None
    withdrawn_at: datetime | None
    discountable: bool
    details: dict[str, Any]


class VariantRow(NamedTuple):
    """What a card needs of a `Variant`."""

    product_id: str
    gtin: str
    size: str | None
    colour: dict[str, str] | None
    colour_code: str | None
    axes: list[dict[str, Any]]
    content: Decimal | None
    content_unit: str | None


class PlaceRow(NamedTuple):
    """What a card needs of a `ShelfPlace`."""

    zone: dict[str, str]
    fixture: dict[str, str] | None
    shelf: int | None


@dataclass(slots=True)
class Goods:
    """Products of one store with all a card needs of them, by product id or GTIN."""

    products: dict[str, ProductRow]
    variants: dict[str, list[VariantRow]]
    prices: dict[str, list[ListPrice]]
    stock: dict[str, Counted]
    places: dict[str, PlaceRow]


OWN = len(ProductRow._fields)
OF_STORE: BindParameter[Any] = bindparam("store_id")


def _columns(*pairs: tuple[type[Base], type[Any]]) -> Any:
    """Return the statement that reads rows: for each table the fields of its type of row."""
    return select(*(getattr(table, name) for table, row in pairs for name in row._fields))


PRODUCTS = Prepared(
    _columns((Product, ProductRow), (ShelfPlace, PlaceRow)).outerjoin(
        ShelfPlace, (ShelfPlace.product_id == Product.id) & (ShelfPlace.store_id == OF_STORE)
    ),
    Product.id,
)
VARIANTS = Prepared(
    _columns((Variant, VariantRow)).order_by(Variant.position, Variant.gtin),
    Variant.product_id,
)
# Prices and stock are named by GTIN and not joined: an engine without statistics would read the whole store's.
PRICES = Prepared(
    select(Price.gtin, Price.applies_from, Price.minor, Price.member_minor, Price.floor_minor)
    .where(Price.store_id == OF_STORE)
    .order_by(Price.gtin, Price.applies_from),
    Price.gtin,
)
STOCK = Prepared(select(Stock.gtin, Stock.count, Stock.counted_at).where(Stock.store_id == OF_STORE), Stock.gtin)


def goods(session: Session, store_id: str, product_ids: Collection[str] | None) -> Goods:
    """Return the products (all where None), with their variants, and this store's prices, stock and places.

    Plain rows, read past the session's objects, which cost more than the rows.
    """
    session.flush()
    ask = session.connection()
    products: dict[str, ProductRow] = {}
    places: dict[str, PlaceRow] = {}
    for row in PRODUCTS.rows(ask, product_ids, store_id=store_id):
        product, place = ProductRow(*row[:OWN]), PlaceRow(*row[OWN:])
        products[product.id] = product
        if place.zone is not None:
            places[product.id] = place
    variants: dict[str, list[VariantRow]] = defaultdict(list)
    gtins = []
    for variant in starmap(VariantRow, VARIANTS.rows(ask, product_ids)):
        variants[variant.product_id].append(variant)
        gtins.append(variant.gtin)
    prices, stock = prices_and_stock(ask, store_id, None if product_ids is None else gtins)
    return Goods(products, variants, prices, stock, places)


def prices_and_stock(
    ask: Connection, store_id: str, gtins: Collection[str] | None
) -> tuple[dict[str, list[ListPrice]], dict[str, Counted]]:
    """Return what a store asks for variants (all where None) since when, and how many of them stand there."""
    prices: dict[str, list[ListPrice]] = defaultdict(list)
    for gtin, *step in PRICES.rows(ask, gtins, store_id=store_id):
        prices[gtin].append(ListPrice(*step))
    return prices, {gtin: Counted(*told) for gtin, *told in STOCK.rows(ask, gtins, store_id=store_id)}


def parents(session: Session) -> dict[str, str | None]:
    """Return every category's parent."""
    return dict(session.execute(select(Category.id, Category.parent_id)).all())


def categories(session: Session) -> list[Category]:
    """Return all categories by id."""
    return list(session.scalars(select(Category).order_by(Category.id)))


def product_of_gtin(session: Session, gtins: Iterable[str]) -> dict[str, str]:
    """Return the product id of each GTIN that is known."""
    rows = session.execute(select(Variant.gtin, Variant.product_id).where(Variant.gtin.in_(list(gtins))))
    return dict(rows.all())


def signs(session: Session, sign_ids: Collection[str] | None) -> dict[str, tuple[Sign, list[str]]]:
    """Return signs (all where None) with their product ids in order."""
    wanted = select(Sign) if sign_ids is None else select(Sign).where(Sign.id.in_(sign_ids))
    found = {row.id: row for row in session.scalars(wanted)}
    listed: dict[str, list[str]] = {sign_id: [] for sign_id in found}
    for row in session.scalars(
        select(SignProduct)
        .where(SignProduct.sign_id.in_(found))
        .order_by(SignProduct.sign_id, SignProduct.position)
    ):
        listed[row.sign_id].append(row.product_id)
    return {sign_id: (found[sign_id], listed[sign_id]) for sign_id in found}


def names(session: Session, product_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the names of products, per language."""
    rows = session.execute(select(Product.id, Product.name).where(Product.id.in_(list(product_ids))))
    return dict(rows.all())


def categories_of(session: Session, product_ids: Collection[str]) -> dict[str, str]:
    """Return the category id of each product that is known."""
    rows = session.execute(select(Product.id, Product.category_id).where(Product.id.in_(list(product_ids))))
    return dict(rows.all())


def sizes_of(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return the size of each variant that has one, by its GTIN and by its SKU, as they are given."""
    wanted = select(Variant.gtin, Variant.sku, Variant.size).where(
        or_(Variant.gtin.in_(list(codes)), Variant.sku.in_(list(codes))), Variant.size.is_not(None)
    )
    return {code: size for gtin, sku, size in session.execute(wanted) for code in (gtin, sku) if size}


def search(session: Session, words: str, limit: int = 12) -> list[Product]:
    """Return products whose name, brand or GTIN holds all `words`, whatever their case or language, by name.

    The catalogue's names are read once and compared here: JSON texts compare alike on every engine this way.
    """
    asked = words.casefold().split()
    if not asked:
        return []
    gtins: dict[str, str] = defaultdict(str)
    for gtin, product_id in session.execute(select(Variant.gtin, Variant.product_id)):
        gtins[product_id] += f" {gtin}"

    def text(row: Product) -> str:
        return " ".join([*row.name.values(), row.brand, row.id, gtins[row.id]]).casefold()

    rows = [row for row in session.scalars(select(Product)) if all(word in text(row) for word in asked)]
    return sorted(rows, key=lambda row: row.name.get("en", row.id))[:limit]
