"""What of a family one can buy here in the size of a variant, and what only in others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from server.catalogue.models import Product, Variant
from server.promotions.cards import bought_here


class InSize(NamedTuple):
    """A family (a category) and, of those of its products one can buy in a store in sizes, which are in one size.

    Those of `others` are here in other sizes only. A size says nothing about another family.
    """

    family: str
    here: frozenset[str]
    others: frozenset[str]


NO_SIZE = InSize("", frozenset(), frozenset())


def in_size_of(session: Session, store_id: str, code: str, *, now: datetime) -> InSize:
    """Return what of a variant's family one can buy in its size in a store now; `code` is its GTIN or SKU.

    `NO_SIZE` for a variant without a size, or whose product comes in one size only: nobody chooses that.
    """
    own, other = aliased(Variant), aliased(Variant)
    wanted = select(own.size, Product.category_id).join(Product, Product.id == own.product_id)
    there_is_another = select(other.gtin).where(other.product_id == own.product_id, other.size != own.size)
    coded = or_(own.gtin == code, own.sku == code)
    row = session.execute(wanted.where(coded, there_is_another.exists())).first()
    if row is None:
        return NO_SIZE
    size, family = row
    sized = bought_here(session, store_id, now).where(Product.category_id == family, Variant.size.is_not(None))
    rows = session.execute(sized.add_columns(Variant.size)).all()
    here = frozenset(product for product, one in rows if one == size)
    return InSize(family, here, frozenset(product for product, _ in rows) - here)


def families(session: Session, products: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """Return those of these products that share a family with another of them, family by family."""
    gathered: dict[str, list[str]] = {}
    for product, family in session.execute(select(Product.id, Product.category_id).order_by(Product.id)):
        if product in products:
            gathered.setdefault(family, []).append(product)
    return tuple(tuple(family) for _, family in sorted(gathered.items()) if len(family) > 1)
