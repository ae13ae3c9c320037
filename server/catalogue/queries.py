"""What a store has of the catalogue, read in bulk: a fixed number of statements however many products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.catalogue.models import Category, Price, Product, ShelfPlace, Sign, SignProduct, Stock, Variant
from server.catalogue.rules import ListPrice


@dataclass(frozen=True, slots=True)
class Goods:
    """Products of one store with all a card needs of them, by product id or GTIN."""

    products: dict[str, Product]
    variants: dict[str, list[Variant]]
    prices: dict[str, list[ListPrice]]
    stock: dict[str, Stock]
    places: dict[str, ShelfPlace]


def goods(session: Session, store_id: str, product_ids: Collection[str] | None) -> Goods:
    """Return the products (all where None), with their variants, and this store's prices, stock and places."""

    def of(statement: Any, column: Any) -> Any:
        return statement if product_ids is None else statement.where(column.in_(product_ids))

    products = session.scalars(of(select(Product), Product.id))
    variants = session.scalars(
        of(select(Variant), Variant.product_id).order_by(Variant.position, Variant.gtin)
    ).all()
    gtins = None if product_ids is None else [variant.gtin for variant in variants]
    asked = select(Price).where(Price.store_id == store_id).order_by(Price.gtin, Price.applies_from)
    counted = select(Stock).where(Stock.store_id == store_id)
    # Named by GTIN and not joined: an engine without statistics would read the whole store's prices.
    prices = session.scalars(asked if gtins is None else asked.where(Price.gtin.in_(gtins)))
    stock = session.scalars(counted if gtins is None else counted.where(Stock.gtin.in_(gtins)))
    placed = select(ShelfPlace).where(ShelfPlace.store_id == store_id)
    places = session.scalars(of(placed, ShelfPlace.product_id))
    by_product: dict[str, list[Variant]] = defaultdict(list)
    for variant in variants:
        by_product[variant.product_id].append(variant)
    steps: dict[str, list[ListPrice]] = defaultdict(list)
    for price in prices:
        steps[price.gtin].append(ListPrice(price.applies_from, price.minor, price.member_minor, price.floor_minor))
    return Goods(
        products={row.id: row for row in products},
        variants=by_product,
        prices=steps,
        stock={row.gtin: row for row in stock},
        places={row.product_id: row for row in places},
    )


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
