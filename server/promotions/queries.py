"""Promotions in the database: checked when saved, and again when read; each process holds them prepared."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from pydantic import ValidationError
from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from server.access.queries import AnyStore
from server.catalogue import queries as catalogue
from server.db import CHAIN, Revision
from server.errors import Invalid
from server.prepared import Prepared
from server.promotions.models import PricingPolicy, Promotion, PromotionVersion
from server.promotions.pricelists import validities
from server.promotions.prior_price import EUROPE, STATES, PriorPolicy
from server.promotions.rules.index import Index
from server.promotions.rules.listed import Validity
from server.promotions.rules.policy import HOUSE, Policy
from server.promotions.rules.rule import Rule
from server.promotions.rules.running import Running

log = logging.getLogger("shelftalker.promotions")

PROMOTIONS = "promotions"
"""The scope of the revision that counts changes of promotions and policies."""

REVISIONS = Prepared(select(Revision.scope, Revision.number), Revision.scope)

REMEMBERED = timedelta(days=200)
"""How far back promotions are read: what is older decides no price of today."""

Policies = dict[str, tuple[Policy, PriorPolicy]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a promotion says of itself on a card."""

    headline: dict[str, str]
    condition: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Chain:
    """What all stores share, prepared: promotions by what they are for, what they say, policies, categories."""

    revision: tuple[int, int]
    read_at: datetime
    index: Index
    told: dict[tuple[str, int], Told]
    policies: Policies
    parents: dict[str, str | None]
    category_names: dict[str, dict[str, str]]
    lists: tuple[Validity, ...] = ()
    """Every price list there is."""

    def policy(self, store: AnyStore) -> tuple[Policy, PriorPolicy]:
        """Return how prices are made and announced in a store: its country's way, else the chain's."""
        country = country_of(store.locale)
        held = self.policies.get(country) or self.policies.get(CHAIN)
        return held or (HOUSE, STATES.get(country, EUROPE))


def country_of(locale: str) -> str:
    """Return the country of a store's locale, by its ISO 3166 code; '' where it names none."""
    return locale.replace("-", "_").partition("_")[2][:2].upper()


_held: WeakKeyDictionary[Engine, Chain] = WeakKeyDictionary()
"""What each database of this process was last read as. It only spares reading again what has not changed."""
_reading = threading.Lock()


def revisions(session: Session, store_id: str) -> dict[str, int]:
    """Return how often the chain, the store and the promotions have changed."""
    return dict(REVISIONS.rows(session.connection(), [CHAIN, PROMOTIONS, store_id]))


def chain(session: Session, numbers: dict[str, int], now: datetime) -> Chain:
    """Return what all stores share, as of these revisions."""
    engine = session.get_bind()
    revision = (numbers.get(CHAIN, 0), numbers.get(PROMOTIONS, 0))
    held = _held.get(engine.engine)
    if held is not None and held.revision == revision and abs(now - held.read_at) < timedelta(days=1):
        return held
    with _reading:
        read = _read(session, revision, now=now, held=held)
        _held[engine.engine] = read
    return read


def _read(session: Session, revision: tuple[int, int], *, now: datetime, held: Chain | None) -> Chain:
    rows = catalogue.categories(session)
    same = held is not None and held.revision[1] == revision[1] and abs(now - held.read_at) < timedelta(days=1)
    if same and held is not None:
        index, told, policies, read_at = held.index, held.told, held.policies, held.read_at
    else:
        index, told = prepare(versions(session, now - REMEMBERED))
        policies, read_at = _policies(session), now
    return Chain(
        revision,
        read_at,
        index,
        told,
        policies,
        {row.id: row.parent_id for row in rows},
        {row.id: row.name for row in rows},
        validities(session),
    )


def versions(session: Session, since: datetime) -> list[PromotionVersion]:
    """Return the versions in force at any time from `since` on, whose windows had not ended long before."""
    return list(
        session.scalars(
            select(PromotionVersion)
            .where(or_(PromotionVersion.replaced_at.is_(None), PromotionVersion.replaced_at > since))
            .where(or_(PromotionVersion.ends.is_(None), PromotionVersion.ends > since.replace(tzinfo=None)))
            .order_by(PromotionVersion.promotion_id, PromotionVersion.number)
        )
    )


def prepare(
    rows: Iterable[PromotionVersion],
) -> tuple[Index, dict[tuple[str, int], Told]]:
    """Return the versions ready for pricing. One that cannot be true is left out and told in the log."""
    running, told = [], {}
    for row in rows:
        try:
            rule = check(row)
        except Invalid as error:
            log.error("left out: %s", error)  # noqa: TRY400 - the sentence is the alarm
            continue
        running.append(
            Running(
                row.promotion_id,
                rule,
                row.starts,
                row.ends,
                row.priority,
                row.exclusive,
                row.number,
                (row.recorded_at, row.replaced_at),
            )
        )
        told[row.promotion_id, row.number] = Told(row.headline, row.condition)
    return Index.of(running), told


def _policies(session: Session) -> Policies:
    found: Policies = {}
    for row in session.scalars(select(PricingPolicy)):
        try:
            found[row.scope] = (Policy.model_validate(row.policy), PriorPolicy.model_validate(row.prior))
        except ValidationError as error:
            log.error("policy %s left out: %s", row.scope, error)  # noqa: TRY400 - the sentence is the alarm
    return found


def check(promotion: Promotion | PromotionVersion) -> Rule:
    """Return the promotion's rule; raises `Invalid` with the reason where it cannot be true."""
    name = promotion.promotion_id if isinstance(promotion, PromotionVersion) else promotion.id
    if promotion.starts and promotion.ends and promotion.ends <= promotion.starts:
        msg = f"Promotion {name} ends at {promotion.ends}, not after it starts at {promotion.starts}."
        raise Invalid(msg)
    try:
        return Rule.model_validate(promotion.rule)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        msg = f"Promotion {name} cannot be: {where + ': ' if where else ''}{first['msg']}."
        raise Invalid(msg) from error


def every(session: Session) -> list[Promotion]:
    """Return all promotions by start."""
    return sorted(session.scalars(select(Promotion)), key=lambda row: (str(row.starts or ""), row.id))
