"""What goes with each product of a store, for its kiosks to keep: now, and when a wish begins or ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.access.models import Store
from server.promotions import cards
from server.recommendations.rules import Suggester
from server.recommendations.wishes import turns_of, wishes_of
from server.taps.answering import GOES_WITH
from server.taps.rules import reason_words
from server.wire import Tile
from server.wire.remembered import ListsFrom

AHEAD = timedelta(days=7)
MOST_TURNS = 6
"""Moments at which the lists of a shelf may change before the kiosk must have fetched another."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Tiles by product, and the version of the model that made each list; 0 for none."""

    goes_with: dict[str, tuple[Tile, ...]]
    models: dict[str, int]

    def without(self, others: Lists) -> Lists:
        """Return what is not the same in `others`."""
        here = {p: tiles for p, tiles in self.goes_with.items() if others.goes_with.get(p) != tiles}
        return Lists(here, {p: self.models[p] for p in here})


def lists_of(
    session: Session, store: Store, suggester: Suggester, *, now: datetime
) -> tuple[Lists, tuple[ListsFrom, ...]]:
    """Return the lists of this moment, and those that are others at the next turns of the store's wishes."""
    small = cards.tiles(session, store, None, now=now)
    in_stock = cards.in_stock(session, store.id, now)

    def at(moment: datetime) -> Lists:
        return _lists(session, store.id, suggester, small=small, in_stock=in_stock, moment=moment)

    first = before = at(now)
    later: list[ListsFrom] = []
    for turn in turns_of(session, store.id, after=now, until=now + AHEAD)[:MOST_TURNS]:
        lists = at(turn)
        other = lists.without(before)
        if other.goes_with:
            later.append(ListsFrom(starts=turn, goes_with=other.goes_with, models=other.models))
        before = lists
    return first, tuple(later)


def _lists(
    session: Session,
    store_id: str,
    suggester: Suggester,
    *,
    small: Mapping[str, Tile],
    in_stock: frozenset[str],
    moment: datetime,
) -> Lists:
    wishes = wishes_of(session, store_id, in_stock=in_stock, now=moment)
    allowed = in_stock - wishes.blocked
    lists = Lists({}, {})
    for product in small:
        found = suggester.suggest([product], store_id=store_id, allowed=allowed, count=GOES_WITH, wishes=wishes)
        lists.models[product] = found.model_version
        lists.goes_with[product] = tuple(
            small[one.product_id].model_copy(
                update={
                    "reason": reason_words(one.reason, small[one.evidence].name if one.evidence else None),
                    "reason_kind": str(one.reason),
                }
            )
            for one in found.items
            if one.product_id in small
        )
    return lists
