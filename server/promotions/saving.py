"""Promotions planned, changed, paused and ended: checked against the catalogue, each change a version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.models import Product, Sign, Variant
from server.catalogue.queries import parents
from server.db import changed
from server.errors import Invalid, NotFound
from server.promotions.checking import check
from server.promotions.models import Promotion, PromotionVersion
from server.promotions.queries import PROMOTIONS
from server.promotions.rules.rule import Rule

TOLD = ("headline", "condition", "rule", "starts", "ends", "priority", "exclusive")
"""What a version keeps of a promotion."""


def save(session: Session, promotion: Promotion, *, now: datetime) -> None:
    """Store a new promotion or a changed one, in force from `now` on; raises `Invalid` with the reason."""
    rule = check(promotion)
    _check_names(session, promotion.id, rule)
    row = session.merge(promotion)
    session.flush()
    _record(session, row, now)


def pause(session: Session, promotion_id: str, *, paused: bool, now: datetime) -> None:
    """Take a promotion off every card from now on, or put it back; raises `NotFound`."""
    row = find(session, promotion_id)
    row.paused = paused
    _record(session, row, now)


def end(session: Session, promotion_id: str, *, now: datetime) -> None:
    """End a promotion now for good: its window closes at this moment in the store whose clock is furthest behind.

    It is also taken off at once everywhere. Raises `NotFound`.
    """
    row = find(session, promotion_id)
    zones = session.scalars(select(Store.time_zone).distinct())
    clocks = [now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for zone in zones]
    row.ends = max([min(clocks, default=now.replace(tzinfo=None)), *([row.starts] if row.starts else [])])
    row.paused = True
    _record(session, row, now)


def find(session: Session, promotion_id: str) -> Promotion:
    """Return the promotion; raises `NotFound`."""
    row = session.get(Promotion, promotion_id)
    if row is None:
        msg = f"There is no promotion {promotion_id}."
        raise NotFound(msg)
    return row


def _record(session: Session, row: Promotion, now: datetime) -> None:
    """End the version in force where it says something else, and begin another unless it is paused."""
    told: dict[str, Any] = {name: getattr(row, name) for name in TOLD}
    told |= {"priority": row.priority or 0, "exclusive": bool(row.exclusive)}
    mine = select(PromotionVersion).where(PromotionVersion.promotion_id == row.id)
    open_ = session.scalars(mine.where(PromotionVersion.replaced_at.is_(None))).first()
    if open_ is not None and not row.paused and all(getattr(open_, name) == told[name] for name in TOLD):
        return
    if open_ is not None:
        open_.replaced_at = now
    if not row.paused:
        numbers = select(func.max(PromotionVersion.number)).where(PromotionVersion.promotion_id == row.id)
        number = (session.scalar(numbers) or 0) + 1
        session.add(PromotionVersion(promotion_id=row.id, number=number, recorded_at=now, **told))
    changed(session, PROMOTIONS)
    changed(session)


def _check_names(session: Session, promotion_id: str, rule: Rule) -> None:
    """Raise `Invalid` where the rule names what does not exist, or a category that lies within itself."""
    tree = parents(session)
    scopes = [*rule.scopes, *(condition.goods for condition in rule.conditions)]
    known: dict[str, tuple[Iterable[str], set[str]]] = {
        "store": (rule.stores, set(session.scalars(select(Store.id)))),
        "region": (rule.regions, set(session.scalars(select(Store.region).where(Store.region.is_not(None))))),
        "category": ([name for scope in scopes for name in scope.categories], set(tree)),
        "product": _asked(session, Product.id, (name for scope in scopes for name in scope.products)),
        "GTIN": _asked(session, Variant.gtin, (name for scope in scopes for name in scope.gtins)),
        "brand": _asked(session, Product.brand, (name for scope in scopes for name in scope.brands)),
        "sign": _asked(session, Sign.id, [rule.after_sign] if rule.after_sign else []),
    }
    for kind, (named, there) in known.items():
        lost = sorted(set(named) - there)
        if lost:
            msg = f"Promotion {promotion_id} cannot be: there is no {kind} {lost[0]}."
            raise Invalid(msg)
    for name in known["category"][0]:
        _check_tree(promotion_id, name, tree)


def _asked(session: Session, column: Any, names: Iterable[str]) -> tuple[set[str], set[str]]:
    listed = set(names)
    there = set(session.scalars(select(column).where(column.in_(listed)))) if listed else set()
    return listed, there


def _check_tree(promotion_id: str, name: str, tree: dict[str, str | None]) -> None:
    seen, at = {name}, tree.get(name)
    while at is not None:
        if at in seen:
            msg = f"Promotion {promotion_id} cannot be: category {name} lies within itself; mend the tree first."
            raise Invalid(msg)
        seen.add(at)
        at = tree.get(at)
