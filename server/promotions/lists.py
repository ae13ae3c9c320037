"""A shopper's list priced as a whole, with the engine of the cards; limited promotions can be held for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.queries import product_of_gtin
from server.errors import Conflict
from server.promotions.counter import Counter
from server.promotions.evidence import Shown, shown_now
from server.promotions.given import check_free, claim
from server.promotions.limits import HELD, Customer, given_for, release, reserve, used_up
from server.promotions.offers import goods_words
from server.promotions.rules.pricing import Line, PricedList, price_list
from server.promotions.rules.running import Running
from server.promotions.rules.situation import Shopper, Situation
from server.promotions.rules.verdict import Applied, Beaten, Missing, Verdict
from server.promotions.rules.versions import Json
from server.promotions.words import verdict_words
from server.wire import Text
from server.wire.lists import Explained, ListAsked, PricedListAnswer, PricedListLine


@dataclass(slots=True)
class ListDesk:
    """One list at one counter: its lines with their prices here, and the promotions that run now."""

    counter: Counter
    asked: ListAsked
    lines: list[Line]
    unpriced: list[str]
    live: dict[str, Running]
    situation: Situation
    until: datetime
    since: datetime
    shown: list[Shown]
    """The evidence of the prices on the list, for the caller to keep."""
    customer: Customer | None = None
    versions: list[dict[str, str]] = field(default_factory=list)
    """What each line's price was made from."""

    @classmethod
    def open(
        cls,
        session: Session,
        store: Store,
        asked: ListAsked,
        *,
        shopper: Shopper,
        now: datetime,
        customer: Customer | None = None,
    ) -> ListDesk:
        """Read what the list needs; of the shopper counts what the caller knows, not what was asked."""
        products = product_of_gtin(session, {line.gtin for line in asked.lines})
        counter = Counter.open(session, store, set(products.values()), now=now)
        desk = cls(counter, asked, [], [], {}, counter.place.situation(now, shopper), now, now, [], customer)
        spans = []
        for line in asked.lines:
            spans += desk._add(products.get(line.gtin), line.gtin, line.quantity)
        desk.since = max([since for since, _ in spans], default=now)
        desk.until = min([until for _, until in spans], default=now + HELD)
        return desk

    def _add(self, product_id: str | None, gtin: str, quantity: int) -> list[tuple[datetime, datetime]]:
        product = self.counter.goods.products.get(product_id or "")
        variants = self.counter.goods.variants.get(product_id or "", [])
        variant = next((one for one in variants if one.gtin == gtin), None)
        inputs = self.counter.decided(product, variant)[0] if product and variant else None
        wanted = inputs.priced(self.counter.now) if inputs else None
        if inputs is None or wanted is None or product is None or variant is None:
            self.unpriced.append(gtin)
            return []
        self.shown += shown_now(self.counter, product, variant)
        self.lines.append(Line(wanted, quantity))
        self.versions.append(self.counter.told(product, variant).versions)
        zone = self.counter.place.zone
        self.live |= {p.id: p for p in inputs.promotions if p.runs_at(self.counter.now, zone)}
        return [self.counter.true_in(product)]

    def price(self) -> PricedList:
        """Return what the list costs, without what is used up; raises `Conflict` for a list given for good.

        With the same goods it is the same list, and no other.
        """
        session = self.counter.session
        check_free(session, self.asked, self.counter.store.id)
        limited = [one for one in self.live.values() if one.rule.limits.limited]
        gone = used_up(session, limited, self.situation, list_id=str(self.asked.list_id), customer=self.customer)
        return self._price(gone)

    def hold(self) -> tuple[PricedList, tuple[str, ...]]:
        """Price the list and hold the limited promotions in its price; those given away meanwhile are left out.

        A list that was given for good with these goods holds what it was given, and nothing more; raises
        `Conflict` for one that was given with others.
        """
        gone: frozenset[str] = frozenset()
        if claim(self.counter.session, self.asked, store_id=self.counter.store.id, now=self.counter.now):
            given = given_for(self.counter.session, str(self.asked.list_id))
            gone = frozenset(p.id for p in self.live.values() if p.rule.limits.limited) - given
        while True:
            priced = self._price(gone)
            lost, held = self._reserve(priced.verdicts)
            if not lost:
                release(self.counter.session, str(self.asked.list_id), keep=held)
                return priced, held
            gone |= lost

    def _reserve(self, verdicts: Sequence[Verdict]) -> tuple[frozenset[str], tuple[str, ...]]:
        applied = [one for one in verdicts if isinstance(one, Applied)]
        limited = sorted((one for one in applied if self.live[one.promotion_id].rule.limits.limited), key=_name)
        held, lost = [], set()
        for one in limited:
            try:
                reserve(
                    self.counter.session,
                    self.live[one.promotion_id],
                    self.situation,
                    list_id=str(self.asked.list_id),
                    minor=one.minor,
                    customer=self.customer,
                )
                held.append(one.promotion_id)
            except Conflict:
                lost.add(one.promotion_id)
        return frozenset(lost), tuple(held)

    def _price(self, gone: frozenset[str]) -> PricedList:
        self.situation = replace(self.situation, used_up=gone)
        return price_list(
            self.lines, list(self.live.values()), situation=self.situation, policy=self.counter.policy
        )

    def made_from(self) -> Json:
        """Return what the list was priced from last: its lines' documents, the moment, and what counts of whom."""
        shopper = self.situation.shopper
        return {
            "at": self.situation.at.isoformat(),
            "lines": [
                {"gtin": line.wanted.gtin, "quantity": line.quantity} | versions
                for line, versions in zip(self.lines, self.versions, strict=True)
            ],
            "shopper": {
                "segments": sorted(shopper.segments),
                "signs": sorted(shopper.signs),
                "orders": shopper.orders,
            },
            "used_up": sorted(self.situation.used_up),
        }

    def answer(self, priced: PricedList, held: tuple[str, ...] = ()) -> PricedListAnswer:
        """Return what the kiosk is told."""
        money = self.counter.money
        return PricedListAnswer(
            list_id=self.asked.list_id,
            lines=tuple(
                PricedListLine(
                    gtin=line.wanted.gtin,
                    quantity=len(line.units),
                    each=money(line.shelf.minor),
                    units=tuple(minor for minor, _ in line.units),
                    total=money(line.total),
                )
                for line in priced.lines
            ),
            total=money(priced.total),
            before=money(sum(line.shelf.minor * len(line.units) for line in priced.lines)),
            explained=tuple(self.explained(verdict) for verdict in priced.verdicts),
            unpriced=tuple(self.unpriced),
            held=held,
            held_until=self.counter.now + HELD if held else None,
            true_from=self.since,
            true_until=self.until,
        )

    def explained(self, verdict: Verdict) -> Explained:
        """Return what became of a promotion, in words."""
        words = verdict_words(
            verdict,
            self.live[verdict.promotion_id].rule,
            lambda scope: goods_words(self.counter, scope),
            headline=self._headline,
            currency=self.counter.store.currency,
        )
        less = verdict.minor if isinstance(verdict, Applied) else 0
        known = {Applied: "applied", Beaten: "beaten", Missing: "missing"}
        return Explained.model_validate(
            {
                "promotion_id": verdict.promotion_id,
                "headline": self._headline(verdict.promotion_id),
                "outcome": known.get(type(verdict), "without"),
                "words": words,
                "less": self.counter.money(less) if less else None,
            }
        )

    def _headline(self, promotion_id: str) -> Text:
        return self.counter.row(self.live[promotion_id]).headline


def _name(verdict: Applied) -> str:
    return verdict.promotion_id
