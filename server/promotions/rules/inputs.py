"""What the price of one variant in one store is made from: nothing else decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from server.catalogue.rules import ListPrice, price_at
from server.promotions.prior_price import PriorPolicy
from server.promotions.rules.policy import Policy
from server.promotions.rules.pricing import ShelfPrice, price_with
from server.promotions.rules.running import Running
from server.promotions.rules.scope import Wanted
from server.promotions.rules.situation import ANYBODY, Shopper, Situation
from server.promotions.window import Interval, runs


@dataclass(frozen=True, slots=True)
class Place:
    """A store as prices see it."""

    store_id: str
    currency: str
    zone: ZoneInfo
    regions: frozenset[str] = frozenset()

    def situation(
        self, at: datetime, shopper: Shopper = ANYBODY, used_up: frozenset[str] = frozenset()
    ) -> Situation:
        """Return the situation of a shopper here at a moment."""
        return Situation(self.store_id, self.currency, self.zone, at, self.regions, shopper, used_up)


@dataclass(frozen=True)
class Inputs:
    """What the price of one variant in one store is made from, past and coming prices and promotions included."""

    wanted: Wanted
    """The variant; its list price and floor are those of `steps` at the moment asked."""
    steps: Sequence[ListPrice]
    promotions: Sequence[Running]
    """Those that mean the variant in this store."""
    place: Place
    policy: Policy
    prior: PriorPolicy

    @cached_property
    def shelf_promotions(self) -> list[Running]:
        """Return the promotions that change the price on the card."""
        return [promotion for promotion in self.promotions if promotion.rule.on_shelf]

    @cached_property
    def _spans(self) -> list[tuple[Running, Interval]]:
        """Return when each of them may run here, but for the hours of the week."""
        return [(promotion, promotion.span(self.place.zone)) for promotion in self.shelf_promotions]

    @cached_property
    def perishable(self) -> bool:
        """Return whether the goods spoil."""
        return bool(set(self.prior.perishable_categories) & set(self.wanted.categories))

    @property
    def looks_back(self) -> int:
        """Return of how many days the prior price is the lowest; 0 where it is the price just before."""
        return 0 if self.perishable and self.prior.perishables == "last_price" else self.prior.days

    @cached_property
    def _at_list_price(self) -> dict[tuple[int, int], Wanted]:
        """The variant at each list price and floor that was asked for."""
        return {}

    @cached_property
    def _shelves(self) -> dict[object, ShelfPrice]:
        """Prices worked out already: of a moment only the list price and the promotions that run count."""
        return {}

    def priced(self, at: datetime) -> Wanted | None:
        """Return the variant at its list price of that moment; None where it has none then."""
        step = price_at(self.steps, at)
        return None if step is None else self._priced(step)

    def _priced(self, step: ListPrice) -> Wanted:
        key = step.minor, step.floor
        held = self._at_list_price.get(key)
        if held is None:
            held = self._at_list_price[key] = replace(self.wanted, minor=step.minor, floor=step.floor)
        return held

    def shelf(self, at: datetime, shopper: Shopper = ANYBODY) -> ShelfPrice | None:
        """Return the price on the card at a moment."""
        step = price_at(self.steps, at)
        if step is None:
            return None
        zone = self.place.zone
        run = [one for one, span in self._spans if runs(span, at) and one.rule.schedule.shows(at, zone)]
        key = step.minor, step.floor, shopper, tuple((promotion.id, promotion.version) for promotion in run)
        held = self._shelves.get(key)
        if held is None:
            situation, wanted = self.place.situation(at, shopper), self._priced(step)
            held = self._shelves[key] = price_with(wanted, run, situation=situation, policy=self.policy)
        return held

    def changes(self, after: datetime, until: datetime) -> set[datetime]:
        """Return the moments in `(after, until]` at which a price or promotion may begin or end."""
        found = {step.at for step in self.steps if after < step.at <= until}
        for promotion in self.promotions:
            found.update(promotion.boundaries(after, until, self.place.zone))
        return found
