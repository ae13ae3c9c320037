"""Cards and tiles made ready to be sent, many at a time: bytes of JSON, and how long they are to be believed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic_core import to_json
from sqlalchemy.orm import Session

from server.access.queries import StoreRow
from server.promotions import cards
from server.promotions.counter import Counter
from server.promotions.evidence import Shown
from server.taps.memory import RENEWED_AFTER, STOCK_BELIEVED, Prepared
from server.taps.rules import Meaning


@dataclass(frozen=True, slots=True)
class Made:
    """Cards by their keys, open-ended tiles (JSON without reason and closing brace) by product, their evidence."""

    cards: dict[str, Prepared] = field(default_factory=dict)
    tiles: dict[str, Prepared] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)


def make(
    session: Session, store: StoreRow, meanings: Collection[Meaning], *, tiles: Collection[str], now: datetime
) -> Made:
    """Return the cards of meanings and the tiles of products, of those that exist."""
    made = Made()
    products = {meaning.product_id for meaning in meanings if meaning.product_id}
    if products or tiles:
        counter = Counter.open(session, store, products.union(tiles), now=now)
        made.cards.update(_cards(counter, meanings, made.shown))
        made.tiles.update(_tiles(counter, tiles, made.shown))
    if signs := [meaning.sign_id for meaning in meanings if meaning.sign_id]:
        for sign_id, card in cards.sign_cards(session, store, signs, now=now, shown=made.shown).items():
            made.cards[f"sign:{sign_id}"] = _prepared(to_json(card), now, card.true_until)
    return made


def _cards(counter: Counter, meanings: Collection[Meaning], shown: list[Shown]) -> dict[str, Prepared]:
    keys = [(meaning.product_id, meaning.gtin) for meaning in meanings if meaning.product_id]
    found = cards.cards_at(counter, keys, shown=shown).items()
    return {key: _prepared(to_json(card), counter.now, card.true_until) for key, card in found}


def _tiles(counter: Counter, product_ids: Collection[str], shown: list[Shown]) -> dict[str, Prepared]:
    made, offered = {}, set[str]()
    for product_id, tile in cards.tiles_at(counter, product_ids, shown=shown, offered=offered).items():
        body = to_json(tile.model_dump(exclude={"reason", "reason_kind"}))[:-1]
        reduced = tile.price is not None and bool(tile.price.percent_off)
        said = {"reduced": reduced, "offered": product_id in offered}
        made[product_id] = _prepared(body, counter.now, tile.true_until or counter.now, **said)
    return made


def _prepared(json: bytes, now: datetime, true_until: datetime, **said: Any) -> Prepared:
    return Prepared(json, min(true_until, now + STOCK_BELIEVED), now + RENEWED_AFTER, **said)
