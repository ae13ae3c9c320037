"""One store at one moment: everything its cards and lists are made from, read at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.access.queries import AnyStore
from server.catalogue import queries as catalogue
from server.catalogue.queries import Goods, ProductRow, VariantRow
from server.catalogue.rules import ancestry, unit_price
from server.db import CHAIN
from server.promotions.pricelists import over
from server.promotions.prior_price import PriorPolicy
from server.promotions.queries import Chain, chain, revisions
from server.promotions.ready import Ready
from server.promotions.rules.decision import Decision, decide, true_in
from server.promotions.rules.inputs import Inputs, Place
from server.promotions.rules.policy import Policy
from server.promotions.rules.running import Running
from server.promotions.rules.scope import Wanted
from server.promotions.rules.versions import Json, Made
from server.wire import USUAL_DAYS, Money, PriceLine, UnitPrice


@dataclass(slots=True)
class Counter:
    """A store with its goods, and the chain's promotions; each variant's price is decided once."""

    session: Session
    store: AnyStore
    now: datetime
    goods: Goods
    chain: Chain
    revision: int
    place: Place
    policy: Policy
    prior: PriorPolicy
    _inputs: dict[tuple[str, str], Inputs] = field(default_factory=dict)
    _decided: dict[str, tuple[Inputs, Decision | None]] = field(default_factory=dict)
    _alike: dict[object, Decision | None] = field(default_factory=dict)
    _offered: dict[tuple[str, str], list[Running]] = field(default_factory=dict)
    _lines: dict[object, PriceLine] = field(default_factory=dict)
    _told: dict[str, Made] = field(default_factory=dict)
    _spans: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    @classmethod
    def open(
        cls,
        session: Session,
        store: AnyStore,
        product_ids: Collection[str] | None,
        *,
        now: datetime,
        read: Callable[[Session, str, Collection[str] | None], Goods] = catalogue.goods,
    ) -> Counter:
        """Read what the cards of these products (all where None) need, in a fixed number of statements.

        Who wants their prices alone may `read` less of the goods.
        """
        numbers = revisions(session, store.id)
        shared = chain(session, numbers, now)
        policy, prior = shared.policy(store)
        regions = frozenset([store.region] if store.region else ())
        goods = read(session, store.id, product_ids)
        gtins = None if product_ids is None else [one.gtin for some in goods.variants.values() for one in some]
        goods.prices = over(goods.prices, shared.lists, session=session, store=store, gtins=gtins)
        return cls(
            session,
            store,
            now,
            goods,
            shared,
            numbers.get(CHAIN, 0) + numbers.get(store.id, 0),
            Place(store.id, store.currency, ZoneInfo(store.time_zone), regions),
            policy,
            prior,
        )

    def decided(self, product: ProductRow, variant: VariantRow) -> tuple[Inputs, Decision | None]:
        """Return what the variant's price is made from, and the price; None where it has none here yet."""
        if variant.gtin not in self._decided:
            inputs = self.inputs(product, variant.gtin)
            self._decided[variant.gtin] = inputs, self._decide(inputs)
        return self._decided[variant.gtin]

    def told(self, product: ProductRow, variant: VariantRow) -> Made:
        """Return the documents the variant's price is made from, with their versions; written once."""
        if variant.gtin not in self._told:
            self._told[variant.gtin] = Made.of(self.decided(product, variant)[0])
        return self._told[variant.gtin]

    def bodies(self) -> dict[str, Json]:
        """Return the documents behind every price that was named so far, by their versions."""
        return {version: body for made in self._told.values() for version, body in made.bodies().items()}

    def _decide(self, inputs: Inputs) -> Decision | None:
        """Decide once for all variants of a product that cost and are offered the same, as most do."""
        if any(scope.gtins for promotion in inputs.promotions for scope in promotion.rule.scopes):
            return decide(inputs, self.now)
        key = _made_from(inputs)
        if key not in self._alike:
            self._alike[key] = decide(inputs, self.now)
        return self._alike[key]

    def inputs(self, product: ProductRow, gtin: str) -> Inputs:
        """Return what a variant's price is made from."""
        if (product.id, gtin) not in self._inputs:
            self._inputs[product.id, gtin] = self._inputs_of(product, gtin)
        return self._inputs[product.id, gtin]

    def _inputs_of(self, product: ProductRow, gtin: str) -> Inputs:
        wanted = Wanted(
            gtin=gtin,
            product_id=product.id,
            minor=0,
            brand=product.brand,
            categories=ancestry(product.category_id, self.chain.parents),
            discountable=product.discountable,
        )
        return Inputs(
            wanted,
            self.goods.prices.get(gtin, ()),
            self._offers(wanted),
            self.place,
            self.policy,
            self.prior,
        )

    def _offers(self, wanted: Wanted) -> list[Running]:
        """Look up once what is offered on a product, and apart from it on a variant that is named itself."""
        index = self.chain.index
        key = wanted.product_id, wanted.gtin if index.names(wanted.gtin) else ""
        if key not in self._offered:
            self._offered[key] = index.concerning(wanted, self.place)
        return self._offered[key]

    def price(self, product: ProductRow, variant: VariantRow) -> PriceLine | None:
        """Return the price of the variant now, with the reduction that may be announced."""
        inputs, decision = self.decided(product, variant)
        if decision is None:
            return None
        key = id(decision), variant.content, variant.content_unit
        if key not in self._lines:
            self._lines[key] = self._line(variant, decision, inputs.looks_back)
        return self._lines[key]

    def _line(self, variant: VariantRow, decision: Decision, days: int) -> PriceLine:
        reduction = decision.reduction
        percent = decision.percent_off
        return PriceLine(
            now=self.money(decision.minor),
            was=self.money(reduction.prior) if reduction and percent else None,
            was_days=days if reduction and percent and days != USUAL_DAYS else None,
            percent_off=percent or None,
            member=None if decision.member is None else self.money(decision.member),
            unit=self._unit(variant, decision.minor),
        )

    def _unit(self, variant: VariantRow, minor: int) -> UnitPrice | None:
        if variant.content is None or variant.content_unit is None:
            return None
        each, base = unit_price(minor, variant.content, variant.content_unit)
        return UnitPrice.model_validate({"money": self.money(each), "per": base})

    def money(self, minor: int) -> Money:
        """Return an amount in the store's currency."""
        return Money(minor=minor, currency=self.store.currency)

    def shown(self, product: ProductRow, gtin: str | None) -> tuple[VariantRow | None, PriceLine | None]:
        """Return the variant whose price stands on the card: the one meant, else one that has a price here."""
        variant, decision = self.shown_price(product, gtin)
        return variant, self.price(product, variant) if variant and decision else None

    def shown_price(self, product: ProductRow, gtin: str | None) -> tuple[VariantRow | None, Decision | None]:
        """Return the same variant, and how its price was decided."""
        variants = self.goods.variants.get(product.id, [])
        meant = [v for v in variants if v.gtin == gtin] or sorted(variants, key=lambda v: not self.count(v))
        for variant in meant:
            decision = self.decided(product, variant)[1]
            if decision is not None:
                return variant, decision
        return (meant[0] if meant else None), None

    def count(self, variant: VariantRow) -> int:
        """Return how many of it stand here."""
        stock = self.goods.stock.get(variant.gtin)
        return max(0, stock.count) if stock else 0

    def true_in(self, product: ProductRow) -> tuple[datetime, datetime]:
        """Return the interval `[from, until)` in which the product's card says what it says now."""
        if product.id not in self._spans:
            self._spans[product.id] = self._true_in(product)
        return self._spans[product.id]

    def _true_in(self, product: ProductRow) -> tuple[datetime, datetime]:
        variants = self.goods.variants.get(product.id, [])
        inputs = [self.inputs(product, variant.gtin) for variant in variants] or [self.inputs(product, "")]
        spans = [true_in(one, self.now) for one in {_made_from(one): one for one in inputs}.values()]
        since, until = max(start for start, _ in spans), min(end for _, end in spans)
        gone = product.withdrawn_at
        if gone is None:
            return since, until
        return (max(since, gone), until) if gone <= self.now else (since, min(until, gone))

    def row(self, promotion: Running) -> Ready:
        """Return what a promotion says of itself."""
        return self.chain.told[promotion.id, promotion.version]


def _made_from(inputs: Inputs) -> object:
    """Return what is the same for all variants of a product that cost the same and are offered the same list."""
    return inputs.wanted.product_id, id(inputs.promotions), tuple(inputs.steps)
