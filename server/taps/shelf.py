"""All a kiosk keeps of its store: every card, what goes with it, and what each tag means."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.opening import opens
from server.db import revision_of
from server.promotions import cards
from server.recommendations.rules import ReasonKind, Suggester
from server.tags.models import TargetKind
from server.tags.queries import open_bindings
from server.taps.prices_ahead import PricesAhead, prices_ahead
from server.taps.queries import meanings
from server.taps.rules import reason_words
from server.taps.shelf_lists import lists_of
from server.taps.shelf_offers import offers_here
from server.taps.shelf_sizes import sizes_here
from server.wire import Card, ProductCard, Shelf, SignCard, TagMeaning


def build_shelf(
    session: Session,
    store: Store,
    suggester: Suggester,
    *,
    known: int,
    now: datetime,
    bodies: dict[str, dict[str, Any]],
    asked: Collection[str] = (),
) -> Shelf:
    """Return the store's shelf; without cards where the kiosk's `known` revision is the newest.

    What only newer kiosks take is told where it is `asked` for: what is `reduced` (or its `reduced_words`),
    `sizes`, `offers` and later `prices`. The documents its prices are made from are added to `bodies` by their
    versions, for the caller to keep.
    """
    revision = revision_of(session, store.id)
    about = {
        "store": store.name,
        "revision": revision,
        "currency": store.currency,
        "time_zone": store.time_zone,
        "locale": store.locale,
        "opens": opens(store.hours, store.time_zone, now),
        "server_time": now,
    }
    if revision == known:
        return Shelf(unchanged=True, **about)
    bound = open_bindings(session, store.id)
    untold = {(uid, None, None): uid for uid in bound}
    tags = meanings(session, store.id, untold, trusted_hosts=())
    keys = {(str(m.product_id), m.gtin) for m in tags.values() if m.product_id}
    held: dict[str, Card] = dict(cards.product_cards(session, store, None, now=now, bodies=bodies))
    held |= cards.product_cards(session, store, {key for key in keys if key[1]}, now=now, bodies=bodies)
    signs = {t.id for t in bound.values() if t.kind is TargetKind.SIGN}
    held |= {f"sign:{sign_id}": card for sign_id, card in cards.sign_cards(session, store, signs, now=now).items()}
    prices = prices_ahead(session, store, now=now)
    lists, later = lists_of(session, store, suggester, ahead=prices, says_reduced=_says_itself(asked))
    return Shelf(
        cards=held,
        goes_with=lists.goes_with,
        models=lists.models,
        later=later,
        sizes=sizes_here(session, held.values()) if "sizes" in asked else None,
        **_of_prices(prices, asked, bodies=bodies),
        tags=tuple(TagMeaning(uid=uid, card=tags[one].card) for one, uid in untold.items()),
        media=tuple(sorted(_pictures(held))),
        **about,
    )


def _of_prices(ahead: PricesAhead, asked: Collection[str], *, bodies: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if "prices" in asked:
        bodies |= ahead.then.bodies
    return {
        "offers": offers_here(ahead.told) if "offers" in asked else None,
        "reduced": reason_words(ReasonKind.REDUCED, None) if "reduced_words" in asked else None,
        "prices": tuple(ahead.then.told) if "prices" in asked else None,
    }


def _says_itself(asked: Collection[str]) -> bool:
    return "reduced" in asked and "reduced_words" not in asked


def _pictures(held: dict[str, Card]) -> set[str]:
    names: set[str] = set()
    for card in held.values():
        if isinstance(card, ProductCard):
            names |= {picture.name for picture in card.pictures}
        elif isinstance(card, SignCard):
            names |= {card.picture.name} if card.picture else set()
    return names
