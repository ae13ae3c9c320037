"""Versions of promotions ready for pricing: of those read before, only what changed is read again."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from server.errors import Invalid
from server.promotions.checking import check
from server.promotions.models import PromotionVersion
from server.promotions.rules.running import Running

log = logging.getLogger("shelftalker.promotions")

AT_ONCE = 500
"""Promotions one statement names."""

Version = tuple[str, int, datetime]
"""Id, number and since when: nothing that a version says ever changes but when it was replaced."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A version ready for pricing, and what it says of itself on a card."""

    running: Running
    headline: dict[str, str]
    condition: dict[str, str] | None


def read(session: Session, since: datetime, known: Mapping[Version, Ready]) -> dict[Version, Ready]:
    """Return the versions in force at any time from `since` on, whose windows had not ended long before.

    One that cannot be true is left out and told in the log.
    """
    table, found, fresh = PromotionVersion, {}, set()
    names = select(table.promotion_id, table.number, table.recorded_at, table.replaced_at).where(*_counts(since))
    for promotion_id, number, recorded_at, replaced_at in session.execute(names):
        version = (promotion_id, number, recorded_at)
        if version in known:
            found[version] = _as_of(known[version], replaced_at)
        else:
            fresh.add(version)
    return found | dict(_prepared(_rows(session, since, fresh if known else None), fresh))


def _as_of(ready: Ready, replaced_at: datetime | None) -> Ready:
    since, until = ready.running.known
    if until == replaced_at:
        return ready
    return replace(ready, running=replace(ready.running, known=(since, replaced_at)))


def _counts(since: datetime) -> tuple[ColumnElement[bool], ...]:
    table, local = PromotionVersion, since.replace(tzinfo=None)
    return (
        or_(table.replaced_at.is_(None), table.replaced_at > since),
        or_(table.ends.is_(None), table.ends > local),
    )


def _rows(session: Session, since: datetime, some: Collection[Version] | None) -> Iterator[PromotionVersion]:
    """Yield the rows of some versions, among others of the same promotions; of all where None."""
    wanted = select(PromotionVersion).where(*_counts(since))
    if some is None:
        yield from session.scalars(wanted)
        return
    named = sorted({version[0] for version in some})
    for first in range(0, len(named), AT_ONCE):
        yield from session.scalars(wanted.where(PromotionVersion.promotion_id.in_(named[first : first + AT_ONCE])))


def _prepared(rows: Iterable[PromotionVersion], wanted: Collection[Version]) -> Iterator[tuple[Version, Ready]]:
    for row in rows:
        version = (row.promotion_id, row.number, row.recorded_at)
        if version not in wanted:
            continue
        try:
            rule = check(row)
        except Invalid as error:
            log.error("left out: %s", error)  # noqa: TRY400 - the sentence is the alarm
            continue
        about = (row.starts, row.ends, row.priority, row.exclusive, row.number, (row.recorded_at, row.replaced_at))
        yield version, Ready(Running(row.promotion_id, rule, *about), row.headline, row.condition)
