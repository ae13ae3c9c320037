"""What of a store's goods their prices are made from, and nothing else: no names, no pictures, no places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.catalogue.models import Product, Variant
from server.catalogue.queries import Goods, ProductRow, VariantRow, prices_and_stock
from server.prepared import Prepared

PRODUCTS = Prepared(
    select(Product.id, Product.category_id, Product.brand, Product.withdrawn_at, Product.discountable), Product.id
)
VARIANTS = Prepared(
    select(Variant.product_id, Variant.gtin).order_by(Variant.position, Variant.gtin), Variant.product_id
)


def goods_to_price(session: Session, store_id: str, product_ids: Collection[str] | None) -> Goods:
    """Return the products as `goods` does, nameless: enough to decide prices, too little for a card."""
    session.flush()
    ask = session.connection()
    products = {
        product_id: ProductRow(product_id, category, brand, {}, {}, [], [], None, withdrawn_at, discountable, {})
        for product_id, category, brand, withdrawn_at, discountable in PRODUCTS.rows(ask, product_ids)
    }
    variants: dict[str, list[VariantRow]] = defaultdict(list)
    gtins = []
    for product_id, gtin in VARIANTS.rows(ask, product_ids):
        variants[product_id].append(VariantRow(product_id, gtin, None, None, None, [], None, None))
        gtins.append(gtin)
    prices, stock = prices_and_stock(ask, store_id, None if product_ids is None else gtins)
    return Goods(products, variants, prices, stock, {})
