"""Promotions in the database: checked when saved, and again when read; each process holds them prepared."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from pydantic import ValidationError
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.access.queries import AnyStore
from server.catalogue import queries as catalogue
from server.db import CHAIN, Revision
from server.prepared import Prepared
from server.promotions.models import PricingPolicy, Promotion
from server.promotions.pricelists import validities
from server.promotions.prior_price import EUROPE, STATES, PriorPolicy
from server.promotions.ready import Ready, Version, read
from server.promotions.rules.index import Index
from server.promotions.rules.listed import Validity
from server.promotions.rules.policy import HOUSE, Policy

log = logging.getLogger("shelftalker.promotions")

PROMOTIONS = "promotions"
"""The scope of the revision that counts changes of promotions and policies."""

REVISIONS = Prepared(select(Revision.scope, Revision.number), Revision.scope)

REMEMBERED = timedelta(days=200)
"""How far back promotions are read: what is older decides no price of today."""

Policies = dict[str, tuple[Policy, PriorPolicy]]


@dataclass(frozen=True, slots=True)
class Chain:
    """What all stores share, prepared: promotions by what they are for, what they say, policies, categories."""

    revision: tuple[int, int]
    read_at: datetime
    index: Index
    told: dict[tuple[str, int], Ready]
    """Each version by its promotion's id and its number."""
    policies: Policies
    parents: dict[str, str | None]
    category_names: dict[str, dict[str, str]]
    lists: tuple[Validity, ...] = ()
    """Every price list there is."""
    known: Mapping[Version, Ready] = field(default_factory=dict)
    """The versions as they were read."""
    called: dict[object, dict[str, str]] = field(default_factory=dict)
    """What goods of promotions are called, as far as it was asked."""

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


def revisions(session: Session, *store_ids: str) -> dict[str, int]:
    """Return how often the chain, the stores and the promotions have changed."""
    return dict(REVISIONS.rows(session.connection(), [CHAIN, PROMOTIONS, *store_ids]))


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
        index, told, policies, read_at, known = held.index, held.told, held.policies, held.read_at, held.known
    else:
        known = read(session, now - REMEMBERED, held.known if held else {})
        index = Index.of(one.running for one in known.values())
        told = {(one.running.id, one.running.version): one for one in known.values()}
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
        known,
    )


def _policies(session: Session) -> Policies:
    found: Policies = {}
    for row in session.scalars(select(PricingPolicy)):
        try:
            found[row.scope] = (Policy.model_validate(row.policy), PriorPolicy.model_validate(row.prior))
        except ValidationError as error:
            log.error("policy %s left out: %s", row.scope, error)  # noqa: TRY400 - the sentence is the alarm
    return found


def every(session: Session) -> list[Promotion]:
    """Return all promotions by start."""
    return sorted(session.scalars(select(Promotion)), key=lambda row: (str(row.starts or ""), row.id))
