"""Lists that were held and given for good: under one id one list, whatever comes at the same time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlalchemy.orm import Session

from server.errors import Conflict
from server.promotions.documents import insert_for
from server.promotions.models import HeldList
from server.promotions.rules.versions import digest
from server.wire.lists import ListAsked


def goods_of(asked: ListAsked) -> str:
    """Return a hash of what is on a list, whatever the order of its lines."""
    return digest({"lines": sorted([line.gtin, line.quantity] for line in asked.lines)})


def claim(session: Session, asked: ListAsked, *, store_id: str, now: datetime) -> bool:
    """Take the list for the caller's transaction, so that whoever holds or gives it meanwhile waits.

    Returns whether it was given for good before, with the same goods; raises `Conflict` where with others, or
    where it is another store's.
    """
    goods = goods_of(asked)
    fresh = insert_for(session.connection(), HeldList)
    mine = fresh.on_conflict_do_update(
        index_elements=[HeldList.list_id],
        set_={"goods": goods, "held_at": now},
        where=(HeldList.store_id == store_id) & or_(HeldList.given_at.is_(None), HeldList.goods == goods),
    ).returning(HeldList.given_at)
    row = {"list_id": asked.list_id, "store_id": store_id, "goods": goods, "held_at": now}
    taken = session.execute(mine.values(row)).all()
    if not taken:
        raise _other(asked.list_id)
    return taken[0].given_at is not None


def check_free(session: Session, asked: ListAsked, store_id: str) -> None:
    """Raise `Conflict` where a list could not be held for what it asks; nothing is taken."""
    held = session.get(HeldList, asked.list_id)
    if held is None:
        return
    if held.store_id != store_id or (held.given_at is not None and held.goods != goods_of(asked)):
        raise _other(asked.list_id)


def note_given(session: Session, list_id: UUID, *, store_id: str, now: datetime) -> None:
    """Note that a store's list is given for good, and take it for the caller's transaction."""
    mine = update(HeldList).where(HeldList.list_id == list_id, HeldList.store_id == store_id)
    first = mine.values(given_at=func.coalesce(HeldList.given_at, now))
    session.execute(first.execution_options(synchronize_session=False))


def _other(list_id: UUID) -> Conflict:
    return Conflict(f"List {list_id} was given for good with other goods; send this list under a fresh list_id.")
