"""What a store's prices and running promotions wish of its lists: mildly, beside what goes with a visit."""

from __future__ import annotations

from recommender.arrangement import Wishes
from recommender.shop_model import ShopModel
from server.recommendations.shop_prices import ShopPrices

PROMOTED = 0.2
"""Log-odds that a running promotion adds: its odds are a fifth higher. `deploy/bench promoted` shows the cost."""

OFFERED = PROMOTED / 2
"""The same of an offer with a condition: not everybody has it. A product that is reduced, too, gets no more."""

PRICE_WEIGHT = 0.1
"""Log-odds taken off for a price ten times as high, or as low, as what was looked at."""


def price_wishes(model: ShopModel, shop: ShopPrices) -> Wishes:
    """Return what a store's prices and promotions wish of a model's lists; keep it: lists are kept for it."""
    boosts = dict.fromkeys(shop.offered, OFFERED) | dict.fromkeys(shop.reduced, PROMOTED)
    boost = {product: more for product, more in boosts.items() if product in model.number}
    return model.wishes(boost=boost, prices=shop.prices, price_weight=PRICE_WEIGHT)
