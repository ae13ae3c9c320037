"""Limits: so often a day or a customer, so much money; reserved first, then committed, never spent twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from server.errors import Conflict, NotFound
from server.promotions.models import Promotion, PromotionUse
from server.promotions.rules.rule import Limits
from server.promotions.rules.running import Running
from server.promotions.rules.situation import Situation

HELD = timedelta(minutes=15)
"""How long a reservation waits to be committed."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as limits see them: the visit they are here in, and how to find all their visits.

    The visits are asked for while the promotion's row is held: what they got at another kiosk a moment ago counts.
    """

    visit_id: UUID
    visits: Callable[[Session], Collection[UUID]]


def reserve(
    session: Session,
    promotion: Running,
    situation: Situation,
    *,
    list_id: str,
    minor: int,
    customer: Customer | None,
) -> None:
    """Hold one use of a limited promotion for a list; again for the same list is harmless.

    Raises `Conflict` where a limit would be passed. The promotion's row is locked until the caller's transaction
    ends, so whoever reserves at the same time waits and then sees this use.
    """
    lock = update(Promotion).where(Promotion.id == promotion.id).values(priority=Promotion.priority)
    session.execute(lock.execution_options(synchronize_session=False))
    key = f"{list_id}:{promotion.id}"
    held = session.get(PromotionUse, key, populate_existing=True)
    if held is not None and held.committed_at is not None:
        return
    if held is not None:
        session.delete(held)
        session.flush()
    nobody = promotion.rule.limits.per_customer is not None and customer is None
    if nobody or not _fits(session, promotion, situation, minor=minor, list_id=list_id, customer=customer):
        msg = f"Promotion {promotion.id} has been given away: a limit would be passed."
        raise Conflict(msg)
    session.add(
        PromotionUse(
            id=key,
            promotion_id=promotion.id,
            store_id=situation.store_id,
            day=situation.at.astimezone(situation.zone).date(),
            visit_id=customer.visit_id if customer else None,
            minor=minor,
            currency=situation.currency,
            expires_at=situation.at + HELD,
        )
    )
    session.flush()


def release(session: Session, list_id: str, *, keep: Iterable[str]) -> None:
    """Let go of what is reserved for a list and not committed, but for the promotions to `keep`."""
    kept = [f"{list_id}:{promotion_id}" for promotion_id in keep]
    mine = delete(PromotionUse).where(PromotionUse.id.startswith(f"{list_id}:", autoescape=True))
    session.execute(mine.where(PromotionUse.committed_at.is_(None), PromotionUse.id.not_in(kept)))


def commit(session: Session, list_id: str, now: datetime, *, store_id: str) -> int:
    """Give for good what a store reserved for a list; return how many uses. Raises `NotFound` where none is held.

    A reservation that ran out may have been given to others: it is not committed.
    """
    mine = select(PromotionUse).where(PromotionUse.id.startswith(f"{list_id}:", autoescape=True))
    rows = session.scalars(mine.where(PromotionUse.store_id == store_id).with_for_update()).all()
    good = [row for row in rows if row.committed_at is not None or row.expires_at > now]
    if not good or len(good) < len(rows):
        msg = f"Nothing is held for list {list_id} any more; price it again."
        raise NotFound(msg)
    for row in good:
        row.committed_at = row.committed_at or now
    return len(good)


def given_for(session: Session, list_id: str) -> frozenset[str]:
    """Return the promotions that were given for good for a list."""
    mine = select(PromotionUse.promotion_id).where(PromotionUse.id.startswith(f"{list_id}:", autoescape=True))
    return frozenset(session.scalars(mine.where(PromotionUse.committed_at.is_not(None))))


def used_up(
    session: Session,
    limited: Iterable[Running],
    situation: Situation,
    *,
    list_id: str,
    customer: Customer | None,
) -> frozenset[str]:
    """Return the promotions of which not even the smallest use is left for a list; what it holds is its own."""
    gone = [p for p in limited if not _fits(session, p, situation, minor=1, list_id=list_id, customer=customer)]
    return frozenset(promotion.id for promotion in gone)


def _fits(
    session: Session,
    promotion: Running,
    situation: Situation,
    *,
    minor: int,
    list_id: str,
    customer: Customer | None,
) -> bool:
    limits = promotion.rule.limits
    alive = or_(PromotionUse.committed_at.is_not(None), PromotionUse.expires_at > situation.at)
    others = (PromotionUse.promotion_id == promotion.id, alive, PromotionUse.id != f"{list_id}:{promotion.id}")
    day = situation.at.astimezone(situation.zone).date()
    count = select(func.count()).select_from(PromotionUse).where(*others)
    today = session.scalar(count.where(PromotionUse.day == day)) or 0
    theirs = 0
    if limits.per_customer is not None and customer is not None:
        theirs = session.scalar(count.where(PromotionUse.visit_id.in_(customer.visits(session)))) or 0
    spent = select(func.sum(PromotionUse.minor)).where(*others, PromotionUse.currency == situation.currency)
    return _within(limits, situation.currency, (today, theirs, (session.scalar(spent) or 0) + minor))


def _within(limits: Limits, currency: str, used: tuple[int, int, int]) -> bool:
    today, theirs, spent = used
    if limits.per_day is not None and today >= limits.per_day:
        return False
    if limits.per_customer is not None and theirs >= limits.per_customer:
        return False
    return not limits.budget or spent <= limits.budget.get(currency, 0)
