"""Cards of a store, true at a moment: catalogue, stock, place, price and promotions brought together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue import queries as catalogue
from server.catalogue.models import Price, Product, ShelfPlace, Stock, Variant
from server.catalogue.queries import Goods
from server.catalogue.rules import ancestry
from server.db import CHAIN, Revision
from server.promotions import queries
from server.promotions.models import Promotion
from server.promotions.prior_price import percent_off, prior_price
from server.promotions.rules import Running, Wanted, applied_steps, concerns, next_change, price_with
from server.promotions.window import runs
from server.wire import (
    Fact,
    Money,
    Offer,
    Picture,
    Place,
    PriceLine,
    ProductCard,
    SignCard,
    Tile,
    VariantLine,
)

LONGEST_TRUE = timedelta(hours=24)
"""A card is not believed longer than this without the server."""

CardKey = tuple[str, str | None]
"""Product id, and the GTIN where one variant is meant."""


@dataclass(frozen=True, slots=True)
class Counter:
    """One store at one moment: everything cards are made from, read at once."""

    store: Store
    now: datetime
    goods: Goods
    parents: dict[str, str | None]
    promotions: list[Running]
    rows: dict[str, Promotion]
    revision: int

    @classmethod
    def open(
        cls, session: Session, store: Store, product_ids: Collection[str] | None, *, now: datetime
    ) -> Counter:
        """Read what the cards of these products (all where None) need: eight statements."""
        promotions, rows = queries.usable(session, store)
        counts = session.scalars(select(Revision.number).where(Revision.scope.in_([CHAIN, store.id])))
        return cls(
            store,
            now,
            catalogue.goods(session, store.id, product_ids),
            catalogue.parents(session),
            promotions,
            rows,
            sum(counts),
        )

    def concerned(self, product: Product, variant: Variant) -> list[Running]:
        """Return the promotions that mean this variant, running or not."""
        wanted = Wanted(product.id, variant.gtin, product.brand, ancestry(product.category_id, self.parents))
        return [p for p in self.promotions if concerns(p.rule, wanted, self.store.id)]

    def price(self, product: Product, variant: Variant) -> PriceLine | None:
        """Return the true price of the variant now, with the reduction that may be announced."""
        steps = self.goods.prices.get(variant.gtin, [])
        base = [(at, minor) for at, minor in steps if at <= self.now]
        if not base:
            return None
        currency, concerned = self.store.currency, self.concerned(product, variant)
        outcome = price_with(concerned, base[-1][1], currency=currency, now=self.now)
        money = Money(minor=outcome.minor, currency=currency)
        if not outcome.applied or outcome.began is None:
            return PriceLine(now=money)
        past = applied_steps(concerned, steps, currency=currency, until=outcome.began)
        prior = prior_price(past, outcome.began)
        percent = percent_off(prior, outcome.minor) if prior is not None else None
        if prior is None or percent is None or percent < 1:
            return PriceLine(now=money)
        return PriceLine(now=money, was=Money(minor=prior, currency=currency), percent_off=int(percent))

    def shown(self, product: Product, gtin: str | None) -> tuple[Variant | None, PriceLine | None]:
        """Return the variant whose price stands on the card: the one meant, else one that has a price here."""
        variants = self.goods.variants.get(product.id, [])
        meant = [v for v in variants if v.gtin == gtin] or sorted(variants, key=lambda v: not self.count(v))
        for variant in meant:
            line = self.price(product, variant)
            if line is not None:
                return variant, line
        return (meant[0] if meant else None), None

    def count(self, variant: Variant) -> int:
        """Return how many of it stand here."""
        stock = self.goods.stock.get(variant.gtin)
        return max(0, stock.count) if stock else 0

    def true_until(self, product: Product) -> datetime:
        """Return until when the card is true as far as anyone knows."""
        bounds = [self.now + LONGEST_TRUE]
        for variant in self.goods.variants.get(product.id, []):
            steps = self.goods.prices.get(variant.gtin, [])
            bound = next_change(self.concerned(product, variant), steps, self.now)
            bounds += [bound] if bound else []
        return min(bounds)

    def card(self, product: Product, gtin: str | None) -> ProductCard:
        """Return the card of a product, or of one variant of it."""
        variant, line = self.shown(product, gtin)
        variants = self.goods.variants.get(product.id, [])
        counted = [self.goods.stock[v.gtin].counted_at for v in variants if v.gtin in self.goods.stock]
        return ProductCard(
            product_id=product.id,
            gtin=gtin,
            name=product.name,
            brand=product.brand,
            summary=product.summary,
            notice=product.notice,
            withdrawn=product.withdrawn_at is not None and product.withdrawn_at <= self.now,
            pictures=tuple(Picture.model_validate(p) for p in product.pictures),
            price=line,
            offers=tuple(self.offer(p) for p in self.told(product, variant)) if variant and line else (),
            variants=tuple(self.variant_line(product, v) for v in variants),
            place=place_of(self.goods.places.get(product.id)),
            facts=tuple(Fact.model_validate(f) for f in product.facts),
            stock_checked_at=min(counted, default=None),
            true_from=self.now,
            true_until=self.true_until(product),
            revision=self.revision,
        )

    def told(self, product: Product, variant: Variant) -> list[Running]:
        """Return the promotions to tell on the card: those in the price, and those with a condition."""
        concerned = [p for p in self.concerned(product, variant) if runs(p.window, self.now)]
        steps = [m for at, m in self.goods.prices.get(variant.gtin, []) if at <= self.now]
        outcome = price_with(concerned, steps[-1], currency=self.store.currency, now=self.now)
        conditional = {p.id for p in concerned if self.rows[p.id].condition or p.rule.kind == "message"}
        return [p for p in concerned if p.id in outcome.applied or p.id in conditional]

    def offer(self, promotion: Running) -> Offer:
        """Return the promotion as the card tells it."""
        row = self.rows[promotion.id]
        return Offer(
            promotion_id=row.id, headline=row.headline, condition=row.condition, ends_at=promotion.window[1]
        )

    def variant_line(self, product: Product, variant: Variant) -> VariantLine:
        """Return a variant as it stands here."""
        return VariantLine(
            gtin=variant.gtin,
            size=variant.size,
            colour=variant.colour,
            colour_code=variant.colour_code,
            in_stock=self.count(variant),
            price=self.price(product, variant),
        )

    def tile(self, product: Product) -> Tile:
        """Return a product small enough to stand beside others."""
        pictures = [Picture.model_validate(p) for p in product.pictures[:1]]
        return Tile(
            product_id=product.id,
            name=product.name,
            picture=pictures[0] if pictures else None,
            price=self.shown(product, None)[1],
            place=place_of(self.goods.places.get(product.id)),
        )


def place_of(row: ShelfPlace | None) -> Place | None:
    """Return where it stands, if that is known."""
    return Place(zone=row.zone, fixture=row.fixture, shelf=row.shelf) if row else None


def card_key(product_id: str, gtin: str | None = None) -> str:
    """Return the key a card is kept under: `product:<id>` or `product:<id>:<gtin>`."""
    return f"product:{product_id}:{gtin}" if gtin else f"product:{product_id}"


def product_cards(
    session: Session, store: Store, keys: Collection[CardKey] | None, *, now: datetime
) -> dict[str, ProductCard]:
    """Return the cards of `keys` that exist, or of every product of the chain, by `card_key`."""
    counter = Counter.open(session, store, None if keys is None else {k[0] for k in keys}, now=now)
    products = counter.goods.products
    wanted = [(p, None) for p in products] if keys is None else keys
    return {card_key(p, gtin): counter.card(products[p], gtin) for p, gtin in wanted if p in products}


def tiles(
    session: Session, store: Store, product_ids: Collection[str] | None, *, now: datetime
) -> dict[str, Tile]:
    """Return tiles by product id, without a reason yet."""
    counter = Counter.open(session, store, product_ids, now=now)
    return {product_id: counter.tile(product) for product_id, product in counter.goods.products.items()}


def sign_cards(
    session: Session, store: Store, sign_ids: Collection[str] | None, *, now: datetime
) -> dict[str, SignCard]:
    """Return the cards of signs (all where None) by sign id; what is withdrawn or not sold here is left out."""
    found = catalogue.signs(session, sign_ids)
    counter = Counter.open(session, store, {p for _, listed in found.values() for p in listed}, now=now)
    sold = sold_here(counter)
    cards = {}
    for sign_id, (sign, listed) in found.items():
        products = [counter.goods.products[p] for p in listed if p in sold]
        cards[sign_id] = SignCard(
            sign_id=sign_id,
            title=sign.title,
            body=sign.body,
            picture=Picture.model_validate(sign.picture) if sign.picture else None,
            tiles=tuple(counter.tile(product) for product in products),
            true_from=now,
            true_until=min([counter.true_until(p) for p in products], default=now + LONGEST_TRUE),
            revision=counter.revision,
        )
    return cards


def sold_here(counter: Counter) -> frozenset[str]:
    """Return the products one can buy in this store now: in stock, priced, not withdrawn."""
    return frozenset(
        product.id
        for product in counter.goods.products.values()
        if (product.withdrawn_at is None or product.withdrawn_at > counter.now)
        and any(
            counter.count(v) and [at for at, _ in counter.goods.prices.get(v.gtin, []) if at <= counter.now]
            for v in counter.goods.variants.get(product.id, [])
        )
    )


def in_stock(session: Session, store_id: str, now: datetime) -> frozenset[str]:
    """Return the products one can buy in the whole store now, in one statement."""
    rows = session.scalars(
        select(Variant.product_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Stock, (Stock.gtin == Variant.gtin) & (Stock.store_id == store_id))
        .join(Price, (Price.gtin == Variant.gtin) & (Price.store_id == store_id))
        .where(Stock.count > 0, Price.applies_from <= now)
        .where(or_(Product.withdrawn_at.is_(None), Product.withdrawn_at > now))
        .distinct()
    )
    return frozenset(rows)
