"""Whether bringing out hidden products works: simulated visits without tiles, with tiles, and with wishes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recommender.arrangement import NO_WISHES, Wishes
from recommender.sessions import Ints, Mask, Sessions
from recommender.shop_model import ShopModel
from recommender.simulated_shop import HIDDEN_LEVEL, Offer, Shop, Tap, no_tiles, visit
from recommender.visibility import hidden_of

TILES = 4
IN_STOCK = 0.92


class Size(NamedTuple):
    """How many products, visits to learn from, and visits in each arm of the trial."""

    products: int
    learned_from: int
    tried_on: int


class Trial(NamedTuple):
    """Shares of taps on the hidden tenth (without tiles, with, brought out); of taps on tiles and of hits at 20
    in the held-out visits (with tiles, brought out); and how many tiles were out of stock.
    """

    hidden: tuple[float, ...]
    on_tiles: tuple[float, ...]
    hits: tuple[float, ...]
    out_of_stock: int

    @property
    def rise(self) -> float:
        """How many times the hold-out's share of taps the hidden tenth gets when it is brought out."""
        return self.hidden[2] / max(self.hidden[0], 1e-9)

    @property
    def loss(self) -> float:
        """What share of the hits at 20 that costs."""
        return 1 - self.hits[1] / self.hits[0]


class Visit(NamedTuple):
    """What was in stock, and what was tapped."""

    stock: Mask
    taps: list[Tap]


class Tiles:
    """What one model offers with one set of wishes; counts its tiles that were out of stock."""

    def __init__(self, model: ShopModel, wishes: Wishes = NO_WISHES) -> None:
        self.model, self.wishes, self.out_of_stock = model, wishes, 0

    def offered(self, seen: Sequence[int], stock: Mask, count: int = TILES) -> Ints:
        """Return the items listed after `seen`, of those in stock."""
        allowed = frozenset(self.model.ids[i] for i in np.flatnonzero(stock))
        names = [self.model.ids[i] for i in seen]
        found = self.model.rank(names, store="", allowed=allowed, count=count, wishes=self.wishes)
        items = np.array([self.model.number[one.item] for one in found], dtype=np.int32)
        self.out_of_stock += int((~stock[items]).sum())
        return items

    def hits(self, visits: Sequence[Visit]) -> float:
        """Return the share of next taps that are among the first 20."""
        hits = []
        for stock, taps in visits:
            items = [tap.item for tap in taps]
            hits += [items[at] in self.offered(items[:at], stock, 20) for at in range(1, len(items))]
        return float(np.mean(hits))


def tried(size: Size, seed: int) -> Trial:
    """Learn from visits without tiles, then let the same shoppers come to three shops: no tiles, tiles, wishes.

    The model is told names, families, levels and taps, none of the tastes, complements and glances that make them.
    """
    shop = Shop.made(size.products, np.random.default_rng(seed))
    model, wishes = _learned(shop, _visits(shop, size.learned_from, seed + 1))
    usual, brought_out = Tiles(model), Tiles(model, wishes)
    arms = [_visits(shop, size.tried_on, seed + 2, tiles=tiles) for tiles in (None, usual, brought_out)]
    hidden = [_share([shop.level[tap.item] == HIDDEN_LEVEL for tap in _taps(visits)]) for visits in arms]
    on_tiles = [_share([tap.on_tile for tap in _taps(visits)]) for visits in arms[1:]]
    hits = [tiles.hits(arms[0]) for tiles in (usual, brought_out)]
    return Trial(tuple(hidden), tuple(on_tiles), tuple(hits), usual.out_of_stock + brought_out.out_of_stock)


def _visits(shop: Shop, count: int, seed: int, *, tiles: Tiles | None = None) -> list[Visit]:
    luck = np.random.default_rng(seed)
    stocks = luck.random((count, len(shop.level))) < IN_STOCK
    return [Visit(stock, list(visit(shop, luck, in_stock=stock, offer=_offer(tiles, stock)))) for stock in stocks]


def _offer(tiles: Tiles | None, stock: Mask) -> Offer:
    return no_tiles if tiles is None else lambda seen: tiles.offered(seen, stock)


def _taps(visits: Sequence[Visit]) -> list[Tap]:
    return [tap for _, taps in visits for tap in taps]


def _learned(shop: Shop, visits: Sequence[Visit]) -> tuple[ShopModel, Wishes]:
    ids = [f"product {number}" for number in range(len(shop.level))]
    taps = [
        (f"visit {number}", ids[tap.item], 60.0 * number + at)
        for number, (_, visit_taps) in enumerate(visits)
        for at, tap in enumerate(visit_taps)
    ]
    sessions = Sessions.from_taps(taps, ids)
    model = ShopModel.learn(sessions, texts=shop.words, groups=shop.family.tolist(), stores={})
    hidden = hidden_of(shop.level, np.bincount(sessions.items, minlength=len(ids)).astype(np.float64))
    return model, model.wishes(hidden=dict(zip(ids, hidden.tolist(), strict=True)))


def _share(true: Sequence[bool]) -> float:
    return float(np.mean(true))
