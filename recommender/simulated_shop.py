"""Shoppers with planted preferences in a shop that hides a tenth of its products: a truth no model is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from recommender.sessions import Floats, Ints, Mask

TOPICS = 8
LEVELS = 10
HIDDEN_LEVEL = LEVELS - 1
GLANCES = 0.4
"""Share of a fully visible shop that a shopper notices between two taps."""

LOOKED_AT = (0.6, 0.5, 0.4, 0.3)
"""With which chance each of the tiles offered is looked at."""


class Shop(NamedTuple):
    """What only the simulation knows: `tastes` (n, topics), `goes_with` (n, 3), how `visible` each product is.

    A shop itself knows the `level` each product stands on, its `family` and the `words` of its name.
    """

    tastes: Floats
    goes_with: Ints
    visible: Floats
    level: Ints
    family: Ints
    words: tuple[str, ...]

    @classmethod
    def made(cls, n_items: int, luck: np.random.Generator) -> Shop:
        """Return a shop whose last level, a tenth of all products, is hidden; where a product stands is luck."""
        tastes = luck.dirichlet(np.full(TOPICS, 0.3), n_items)
        family = np.arange(n_items, dtype=np.int32) // 3
        level = luck.permutation(np.arange(n_items) % LEVELS).astype(np.int32)
        visible = np.append(np.linspace(1.0, 0.5, LEVELS - 1), 0.05)[level]
        goes_with = luck.integers(0, n_items, (n_items, 3)).astype(np.int32)
        topics = (luck.choice(TOPICS, 8, p=taste) for taste in tastes)
        words = tuple(" ".join(f"topic{topic}word{luck.integers(5)}" for topic in named) for named in topics)
        return cls(tastes, goes_with, visible, level, family, words)


class Tap(NamedTuple):
    """One tap of a visit: the item, and whether it was on a tile that was offered."""

    item: int
    on_tile: bool


Offer = Callable[[list[int]], Ints]
"""Gives the tiles shown after the items tapped so far."""


def no_tiles(seen: list[int]) -> Ints:  # noqa: ARG001 - whatever was seen
    """Offer nothing."""
    return np.empty(0, dtype=np.int32)


def visit(shop: Shop, luck: np.random.Generator, *, in_stock: Mask, offer: Offer = no_tiles) -> Iterator[Tap]:
    """Give the taps of one shopper: of what is noticed on the shelves and tiles, each time what is liked best.

    A shopper likes what suits a planted taste and what goes with the last item tapped; the rest is mood
    (Gumbel noise, so that choices follow a multinomial logit: McFadden, 1974).
    """
    taste = luck.dirichlet(np.full(TOPICS, 0.2))
    likes = 8.0 * (shop.tastes @ taste)
    seen: list[int] = []
    for _ in range(2 + int(luck.geometric(0.3))):
        noticed = in_stock & (luck.random(len(likes)) < GLANCES * shop.visible)
        tiles = offer(seen)
        looked_at = tiles[luck.random(len(tiles)) < np.array(LOOKED_AT[: len(tiles)])]
        noticed[looked_at] = True
        noticed[seen] = False
        if not noticed.any():
            return
        wanted = likes + luck.gumbel(size=len(likes))
        if seen:
            wanted[shop.goes_with[seen[-1]]] += 4.0
        item = int(np.where(noticed, wanted, -np.inf).argmax())
        seen.append(item)
        yield Tap(item, item in looked_at)
