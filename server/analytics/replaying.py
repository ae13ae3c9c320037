"""What past visits would have cost under another promotion or policy: a visit is a list, each look a card."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Store
from server.analytics.queries import TAPS
from server.promotions.counter import Counter
from server.promotions.rules.inputs import Inputs
from server.promotions.rules.replay import Change, Changed, Past, replay
from server.timeline.models import Event


class Look(NamedTuple):
    """A shopper looked at a product; at one variant of it where the tag meant one."""

    visit_id: UUID
    product_id: str
    gtin: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CardChange:
    """A card that would have said another price, in minor units, and how often it was looked at."""

    product_id: str
    was: int
    would_be: int
    times: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one store's visits: how many there were, and which lists and cards would have changed."""

    store: Store
    visits: int
    lists: tuple[Changed, ...]
    cards: tuple[CardChange, ...]

    @property
    def difference(self) -> int:
        """Return what all visits together would have cost more (less where negative)."""
        return sum(one.would_be - one.was for one in self.lists)


def replayed(session: Session, store: Store, change: Change, *, since: datetime, until: datetime) -> Replayed:
    """Return what the store's visits in `[since, until)` would have cost an anonymous shopper under a change.

    A visit counts one of each variant looked at, priced as one list at its last look.
    """
    looks = _looks(session, store.id, since=since, until=until)
    counter = Counter.open(session, store, {look.product_id for look in looks}, now=until)
    found = {look: inputs for look in looks if (inputs := _inputs(counter, look)) is not None}
    other = {inputs.wanted.gtin: change(inputs) for inputs in found.values()}
    visits: dict[UUID, list[Look]] = defaultdict(list)
    for look in found:
        visits[look.visit_id].append(look)
    lists = [_list(seen, found) for seen in visits.values()]
    changed = replay(lists, lambda inputs: other[inputs.wanted.gtin])
    return Replayed(store, len(visits), tuple(changed), _cards(found, other))


def _looks(session: Session, store_id: str, *, since: datetime, until: datetime) -> list[Look]:
    wanted = select(Event.visit_id, Event.product_id, Event.gtin, Event.corrected_at).where(
        Event.store_id == store_id,
        Event.corrected_at >= since,
        Event.corrected_at < until,
        Event.kind.in_(TAPS),
    )
    rows = session.execute(wanted.order_by(Event.corrected_at))
    return [Look(visit, product, gtin, at) for visit, product, gtin, at in rows if visit and product]


def _inputs(counter: Counter, look: Look) -> Inputs | None:
    product = counter.goods.products.get(look.product_id)
    variant = counter.shown(product, look.gtin)[0] if product else None
    return counter.decided(product, variant)[0] if product and variant else None


def _list(looks: Sequence[Look], found: dict[Look, Inputs]) -> Past:
    once = {found[look].wanted.gtin: found[look] for look in looks}
    return Past(str(looks[0].visit_id), looks[-1].at, [(inputs, 1) for inputs in once.values()])


def _cards(found: dict[Look, Inputs], other: dict[str, Inputs]) -> tuple[CardChange, ...]:
    tally: Tally[tuple[str, int, int]] = Tally()
    for look, inputs in found.items():
        was, would_be = inputs.shelf(look.at), other[inputs.wanted.gtin].shelf(look.at)
        if was is not None and would_be is not None and was.minor != would_be.minor:
            tally[look.product_id, was.minor, would_be.minor] += 1
    return tuple(CardChange(*key, times) for key, times in tally.most_common())
