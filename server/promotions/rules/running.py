"""A promotion as the rules see it: its rule, its window in local time, and whether it runs for a situation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from server.promotions.rules.condition import BeOneOf, Need, TapSign
from server.promotions.rules.rule import Rule
from server.promotions.rules.scope import Wanted, means, named
from server.promotions.rules.situation import MEMBERS, Situation
from server.promotions.rules.writing import WRITE, written
from server.promotions.window import Interval, interval, runs


@dataclass(frozen=True)
class Running:
    """One version of a stored promotion. `starts` and `ends` are the store's own local time: `[starts, ends)`.

    `known` is when this version was in force at all (aware): the past is worked out with what was stored then.
    """

    id: str
    rule: Rule
    starts: datetime | None = None
    ends: datetime | None = None
    priority: int = 0
    exclusive: bool = False
    version: int = 0
    known: Interval = (None, None)

    @cached_property
    def rank(self) -> tuple[int, str]:
        """Return its place among others: highest priority first, then by id, so that it is always the same."""
        return -self.priority, self.id

    def runs_at(self, at: datetime, zone: ZoneInfo) -> bool:
        """Return whether it runs at this moment by the clock of a store."""
        return runs(self.span(zone), at) and self.rule.schedule.shows(at, zone)

    def span(self, zone: ZoneInfo) -> Interval:
        """Return from when until when it may run by the clock of a store, whatever the hours of the week."""
        (opens, closes), (since, until) = interval(self.starts, self.ends, zone), self.known
        start = opens if since is None else since if opens is None else max(opens, since)
        return start, closes if until is None else until if closes is None else min(closes, until)

    def boundaries(self, after: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Yield the moments in `(after, until]` at which it may begin or end."""
        edges = (*interval(self.starts, self.ends, zone), *self.known)
        yield from (edge for edge in edges if edge is not None and after < edge <= until)
        if self.rule.schedule.limited:
            yield from self.rule.schedule.boundaries(after, until, zone)

    @cached_property
    def written(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "id": self.id,
            "version": self.version,
            "rule": self.rule.written,
            "starts": written(self.starts),
            "ends": written(self.ends),
            "priority": self.priority,
            "exclusive": self.exclusive,
            "known": [written(edge) for edge in self.known],
        }

    @cached_property
    def text(self) -> str:
        """Return that JSON as it is hashed."""
        return WRITE(self.written)

    def ends_at(self, zone: ZoneInfo) -> datetime | None:
        """Return when its window ends."""
        return interval(self.starts, self.ends, zone)[1]


def in_store(rule: Rule, store_id: str, regions: frozenset[str]) -> bool:
    """Return whether the store is one of the rule's."""
    if not (rule.stores or rule.regions):
        return True
    return store_id in rule.stores or not regions.isdisjoint(rule.regions)


def live(promotion: Running, situation: Situation) -> bool:
    """Return whether it runs in this store at this moment."""
    here = in_store(promotion.rule, situation.store_id, situation.regions)
    return here and promotion.runs_at(situation.at, situation.zone)


def names(rule: Rule, wanted: Wanted) -> bool:
    """Return whether any of its effects names the variant, whatever it costs."""
    return any(named(scope, wanted) for scope in rule.scopes)


def concerns(rule: Rule, wanted: Wanted, currency: str) -> bool:
    """Return whether any of its effects means the variant, as goods to buy or to be given."""
    return any(means(scope, wanted, currency) for scope in rule.scopes)


def personal_needs(rule: Rule, situation: Situation) -> list[Need]:
    """Return what the shopper still needs to be one the promotion is for."""
    found: list[Need] = []
    mine = situation.shopper.segments
    if rule.segments and mine.isdisjoint(rule.segments):
        found.append(BeOneOf(rule.segments))
    elif rule.limits.per_customer and MEMBERS not in mine:
        found.append(BeOneOf((MEMBERS,)))  # what each customer gets so often is for those the shop knows
    if rule.after_sign and rule.after_sign not in situation.shopper.signs:
        found.append(TapSign(rule.after_sign))
    return found
