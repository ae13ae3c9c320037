"""Promotions in the database: checked when saved, and again when read."""

from __future__ import annotations

import logging
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Store
from server.db import changed
from server.errors import Invalid
from server.promotions.models import Promotion
from server.promotions.rules import Rule, Running
from server.promotions.window import interval

log = logging.getLogger("shelftalker.promotions")


def check(promotion: Promotion) -> Rule:
    """Return the promotion's rule; raises `Invalid` with the reason where it cannot be true."""
    if promotion.starts and promotion.ends and promotion.ends <= promotion.starts:
        msg = f"Promotion {promotion.id} ends at {promotion.ends}, not after it starts at {promotion.starts}."
        raise Invalid(msg)
    try:
        return Rule.model_validate(promotion.rule)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        msg = f"Promotion {promotion.id} cannot be: {where + ': ' if where else ''}{first['msg']}."
        raise Invalid(msg) from error


def save(session: Session, promotion: Promotion) -> None:
    """Store a new promotion or a changed one; raises `Invalid`."""
    check(promotion)
    session.merge(promotion)
    changed(session)


def usable(session: Session, store: Store) -> tuple[list[Running], dict[str, Promotion]]:
    """Return this store's promotions, past and coming ones too, and their rows by id.

    One that cannot be true is left out and told in the log: it never breaks a card.
    """
    zone = ZoneInfo(store.time_zone)
    running, rows = [], {}
    for row in session.scalars(select(Promotion).where(Promotion.paused.is_(False)).order_by(Promotion.id)):
        try:
            rule = check(row)
        except Invalid as error:
            log.error("left out: %s", error)  # noqa: TRY400 - the sentence is the alarm
            continue
        if not rule.stores or store.id in rule.stores:
            window = interval(row.starts, row.ends, zone)
            running.append(Running(row.id, rule, window, row.priority, row.exclusive))
            rows[row.id] = row
    return running, rows


def every(session: Session) -> list[Promotion]:
    """Return all promotions by start."""
    return sorted(session.scalars(select(Promotion)), key=lambda row: (str(row.starts or ""), row.id))
