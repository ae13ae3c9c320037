"""How much a shop hides each product: read from where the taps happen, whatever the reason."""

from __future__ import annotations

import numpy as np

from recommender.sessions import Floats, Ints

AS_SURE_AS = 1.0
"""Products' worth of average taps that each place is credited with: a place with few products says little."""


def hidden_of(places: Ints, taps: Floats) -> Floats:
    """Return 0 … 1 for each product: 0 on the place where products are tapped most, 1 where they never are.

    `places` (n_items,) numbers the place each product stands on (a shelf level of a zone), `taps` (n_items,) how
    often it was tapped there. What is compared is the mean over all products of a place, drawn to the shop's
    mean (Stein's shrinkage), so that a product nobody likes is not taken for a hidden one.
    """
    if not len(places):
        return np.empty(0)
    products = np.bincount(places)
    tapped = np.bincount(places, weights=taps, minlength=len(products))
    rate = (tapped + AS_SURE_AS * taps.mean()) / (products + AS_SURE_AS)
    most = rate[products > 0].max()
    hidden: Floats = 1 - rate[places] / most if most else np.zeros(len(places))
    return hidden
