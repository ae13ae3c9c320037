"""What stores and the chain wish of suggestions: made, ended, and worked out for a store at a moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from server.access.queries import record
from server.catalogue.models import Category, Product
from server.db import CHAIN, changed
from server.errors import Invalid, NotFound
from server.recommendations.goods import Goods
from server.recommendations.models import SuggestionWish, WishKind
from server.recommendations.rules import NO_WISHES, Wishes

MOST_LISTED = 500


def wishes_of(session: Session, store_id: str, *, in_stock: Collection[str], now: datetime) -> Wishes:
    """Return what holds in a store at a moment, its own wishes and the chain's; the pin made last comes first.

    A block outweighs a pin; of two boosts of a product the stronger holds.
    """
    begun = [SuggestionWish.starts <= now, or_(SuggestionWish.ends.is_(None), SuggestionWish.ends > now)]
    rows = session.scalars(select(SuggestionWish).where(_open_in(store_id), *begun).order_by(_NEWEST_FIRST)).all()
    if not rows:
        return NO_WISHES
    goods = Goods(session, rows)
    blocked = frozenset(p for row in rows if row.kind == WishKind.BLOCK for p in goods.of(row))
    there = frozenset(in_stock) - blocked
    pins = [there & goods.of(row) for row in rows if row.kind == WishKind.PIN]
    boosts: dict[str, float] = {}
    for row in rows:
        for product in goods.of(row) if row.kind == WishKind.BOOST else ():
            boosts[product] = max(boosts.get(product, 0.0), row.log_odds or 0.0)
    return Wishes(blocked, tuple(pin for pin in pins if pin), boosts or None)


def turns_of(session: Session, store_id: str, *, after: datetime, until: datetime) -> list[datetime]:
    """Return the moments in `(after, until]` at which a wish that concerns a store begins or ends, in order."""
    rows = session.execute(select(SuggestionWish.starts, SuggestionWish.ends).where(_open_in(store_id)))
    return sorted({moment for row in rows for moment in row if moment is not None and after < moment <= until})


_NEWEST_FIRST = SuggestionWish.made_at.desc()


def _open_in(store_id: str | None) -> ColumnElement[bool]:
    chains = SuggestionWish.store_id.is_(None)
    here = chains if store_id is None else or_(chains, SuggestionWish.store_id == store_id)
    return here & SuggestionWish.ended_at.is_(None)


def open_wishes(session: Session, store_id: str | None, now: datetime) -> list[SuggestionWish]:
    """Return what a store and the chain wish (the chain alone, for no store), now or later, newest first."""
    to_come = or_(SuggestionWish.ends.is_(None), SuggestionWish.ends > now)
    wanted = select(SuggestionWish).where(_open_in(store_id), to_come).order_by(_NEWEST_FIRST)
    return list(session.scalars(wanted.limit(MOST_LISTED)))


def make(session: Session, wish: SuggestionWish) -> SuggestionWish:
    """Store a wish, who made it and when; raises `Invalid` for a product or category there is not."""
    missing = wish.product_id if wish.product_id and session.get(Product, wish.product_id) is None else None
    if missing:
        msg = f"There is no product {missing}."
        raise Invalid(msg)
    if wish.category_id and session.get(Category, wish.category_id) is None:
        msg = f"There is no category {wish.category_id}."
        raise Invalid(msg)
    session.add(wish)
    _note(session, wish, "suggestion wish made", staff_id=wish.made_by, now=wish.made_at)
    return wish


def end(session: Session, wish_id: UUID, store_id: str | None, *, staff_id: str, now: datetime) -> None:
    """End a wish of a store (of the chain, for no store); ended before, it stays so. Raises `NotFound`."""
    wish = session.get(SuggestionWish, wish_id)
    if wish is None or wish.store_id != store_id:
        msg = f"There is no wish {wish_id} here."
        raise NotFound(msg)
    if wish.ended_at is None:
        wish.ended_at, wish.ended_by = now, staff_id
        _note(session, wish, "suggestion wish ended", staff_id=staff_id, now=now)


def _note(session: Session, wish: SuggestionWish, action: str, *, staff_id: str, now: datetime) -> None:
    told = {
        "kind": wish.kind,
        "product": wish.product_id,
        "category": wish.category_id,
        "log_odds": wish.log_odds,
        "starts": wish.starts.isoformat(),
        "ends": wish.ends.isoformat() if wish.ends else None,
    }
    subject = f"wish:{wish.id}"
    record(session, now=now, staff_id=staff_id, store_id=wish.store_id, action=action, subject=subject, after=told)
    changed(session, wish.store_id or CHAIN)
