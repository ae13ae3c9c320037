"""What of a family one can buy here in the size of a variant."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from server.catalogue.models import Product, Variant
from server.promotions.cards import bought_here


def in_size_of(session: Session, store_id: str, gtin: str, *, now: datetime) -> frozenset[str]:
    """Return the products of the variant's category that one can buy in its size in a store now.

    Its own product is among them. Empty for a variant without a size, or whose product comes in one size only:
    nobody chooses that.
    """
    own, other = aliased(Variant), aliased(Variant)
    wanted = select(own.size, Product.category_id).join(Product, Product.id == own.product_id)
    there_is_another = select(other.gtin).where(other.product_id == own.product_id, other.size != own.size)
    row = session.execute(wanted.where(own.gtin == gtin, there_is_another.exists())).first()
    if row is None:
        return frozenset()
    size, family = row
    here = bought_here(session, store_id, now).where(Product.category_id == family, Variant.size == size)
    return frozenset(session.scalars(here))
