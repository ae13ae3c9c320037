"""Cards of a store, true at a moment: catalogue, stock, place, price and promotions brought together."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from server.access.queries import AnyStore, store_row
from server.catalogue import queries as catalogue
from server.catalogue.details import read_on
from server.catalogue.facts import facts_of
from server.catalogue.models import Price, Product, Stock, Variant
from server.catalogue.nearby import Elsewhere as Held
from server.catalogue.nearby import elsewhere
from server.catalogue.opening import opens
from server.catalogue.queries import PlaceRow, ProductRow, VariantRow
from server.catalogue.rules import price_at
from server.promotions.counter import Counter
from server.promotions.evidence import Shown, shown_now
from server.promotions.offers import in_offer, offers
from server.promotions.pricelists import listed_now
from server.promotions.rules.versions import Json
from server.wire import Elsewhere, Fact, Picture, Place, ProductCard, SignCard, Tile, VariantLine, Versions

LONGEST_TRUE = timedelta(hours=24)
"""A sign without goods is not believed longer than this without the server."""

ELSEWHERE = 3
"""Stores a card names at most for what is missing here."""

CardKey = tuple[str, str | None]
"""Product id, and the GTIN where one variant is meant."""


def card_of(counter: Counter, product: ProductRow, gtin: str | None) -> ProductCard:
    """Return the card of a product, or of one variant of it."""
    variant, line = counter.shown(product, gtin)
    variants = counter.goods.variants.get(product.id, [])
    counted = [counter.goods.stock[v.gtin].counted_at for v in variants if v.gtin in counter.goods.stock]
    since, until = counter.true_in(product)
    return ProductCard(
        product_id=product.id,
        gtin=gtin,
        name=product.name,
        brand=product.brand,
        summary=product.summary,
        notice=product.notice,
        withdrawn=product.withdrawn_at is not None and product.withdrawn_at <= counter.now,
        pictures=tuple(Picture.model_validate(p) for p in product.pictures),
        price=line,
        offers=tuple(offers(counter, product, variant)) if variant and line else (),
        variants=tuple(variant_line(counter, product, v) for v in variants),
        place=place_of(counter.goods.places.get(product.id)),
        facts=facts_of(product),
        read_on=read_on(product.details),
        stock_checked_at=min(counted, default=None),
        true_from=since,
        true_until=until,
        revision=counter.revision,
        versions=versions_of(counter, product, variant) if variant and line else None,
    )


def versions_of(counter: Counter, product: ProductRow, variant: VariantRow) -> Versions:
    """Return what the variant's price was made from."""
    return Versions(**counter.told(product, variant).versions)


def variant_line(counter: Counter, product: ProductRow, variant: VariantRow) -> VariantLine:
    """Return a variant as it stands here."""
    return VariantLine(
        gtin=variant.gtin,
        size=variant.size,
        colour=variant.colour,
        colour_code=variant.colour_code,
        axes=tuple(Fact.model_validate(axis) for axis in variant.axes),
        in_stock=counter.count(variant),
        price=counter.price(product, variant),
    )


def tile_of(counter: Counter, product: ProductRow, gtin: str | None = None) -> Tile:
    """Return a product, or one variant of it, small enough to stand beside others."""
    pictures = [Picture.model_validate(p) for p in product.pictures[:1]]
    return Tile(
        product_id=product.id,
        name=product.name,
        picture=pictures[0] if pictures else None,
        price=counter.shown(product, gtin)[1],
        place=place_of(counter.goods.places.get(product.id)),
        true_until=counter.true_in(product)[1],
    )


def place_of(row: PlaceRow | None) -> Place | None:
    """Return where it stands, if that is known."""
    return Place(zone=row.zone, fixture=row.fixture, shelf=row.shelf) if row else None


def card_key(product_id: str, gtin: str | None = None) -> str:
    """Return the key a card is kept under: `product:<id>` or `product:<id>:<gtin>`."""
    return f"product:{product_id}:{gtin}" if gtin else f"product:{product_id}"


def product_cards(
    session: Session,
    store: AnyStore,
    keys: Collection[CardKey] | None,
    *,
    now: datetime,
    shown: list[Shown] | None = None,
    bodies: dict[str, Json] | None = None,
) -> dict[str, ProductCard]:
    """Return the cards of `keys` that exist, or of every product of the chain, by `card_key`.

    Where they are for a shopper, the evidence of their prices is added to `shown`, for the caller to keep; where
    they are for a kiosk's own copy, the documents of their prices to `bodies`, by their versions.
    """
    counter = Counter.open(session, store, None if keys is None else {k[0] for k in keys}, now=now)
    return cards_at(counter, keys, shown=shown, bodies=bodies)


def cards_at(
    counter: Counter,
    keys: Collection[CardKey] | None,
    *,
    shown: list[Shown] | None = None,
    bodies: dict[str, Json] | None = None,
) -> dict[str, ProductCard]:
    """Return the same at a counter that is open for these products, perhaps among others."""
    products = counter.goods.products
    wanted = [(p, None) for p in products] if keys is None else [key for key in keys if key[0] in products]
    if shown is not None:
        _add_shown(shown, counter, wanted)
    cards = {card_key(p, gtin): card_of(counter, products[p], gtin) for p, gtin in wanted}
    if bodies is not None:
        bodies |= counter.bodies()
    return _with_elsewhere(counter, cards)


def _add_shown(shown: list[Shown], counter: Counter, keys: Iterable[CardKey]) -> None:
    for product_id, gtin in keys:
        product = counter.goods.products[product_id]
        shown += shown_now(counter, product, counter.shown(product, gtin)[0])


def _with_elsewhere(counter: Counter, cards: dict[str, ProductCard]) -> dict[str, ProductCard]:
    """Say on each card which stores nearby have what is missing here, asked for once for all cards."""
    missing = {
        key: {line.gtin for line in card.variants if not line.in_stock and not card.withdrawn}
        for key, card in cards.items()
    }
    found = elsewhere(counter.session, counter.store, sorted(set().union(*missing.values())))
    for key, gtins in missing.items():
        told = [one for one in found if one.gtins & gtins][:ELSEWHERE]
        lines = tuple(_there(one, one.gtins & gtins, now=counter.now) for one in told)
        if lines:
            cards[key] = cards[key].model_copy(update={"elsewhere": lines})
    return cards


def _there(one: Held, gtins: Collection[str], *, now: datetime) -> Elsewhere:
    return Elsewhere(
        store=one.store.name,
        metres=one.store.metres,
        gtins=tuple(sorted(gtins)),
        counted_at=one.counted_at,
        opens=opens(one.store.hours, one.store.time_zone, now),
        time_zone=one.store.time_zone,
    )


def tiles(
    session: Session,
    store: AnyStore,
    product_ids: Collection[str] | None,
    *,
    now: datetime,
    shown: list[Shown] | None = None,
    offered: set[str] | None = None,
) -> dict[str, Tile]:
    """Return tiles by product id, without a reason yet; `shown` as for `product_cards`.

    Those that are part of an offer with a condition that anyone can meet are added to `offered`.
    """
    return tiles_at(Counter.open(session, store, product_ids, now=now), None, shown=shown, offered=offered)


def tiles_at(
    counter: Counter,
    product_ids: Collection[str] | None,
    *,
    shown: list[Shown] | None = None,
    offered: set[str] | None = None,
) -> dict[str, Tile]:
    """Return the same at an open counter, of all its products where `product_ids` is None."""
    there = counter.goods.products
    goods = there if product_ids is None else {one: there[one] for one in product_ids if one in there}
    if shown is not None:
        _add_shown(shown, counter, ((product_id, None) for product_id in goods))
    if offered is not None:
        offered |= {product_id for product_id, product in goods.items() if in_offer(counter, product)}
    return {product_id: tile_of(counter, product) for product_id, product in goods.items()}


def sign_cards(
    session: Session,
    store: AnyStore,
    sign_ids: Collection[str] | None,
    *,
    now: datetime,
    shown: list[Shown] | None = None,
) -> dict[str, SignCard]:
    """Return the cards of signs (all where None) by sign id; what is withdrawn or not sold here is left out.

    `shown` as for `product_cards`.
    """
    found = catalogue.signs(session, sign_ids)
    counter = Counter.open(session, store, {p for _, listed in found.values() for p in listed}, now=now)
    sold = sold_here(counter)
    cards = {}
    for sign_id, (sign, listed) in found.items():
        products = [counter.goods.products[p] for p in listed if p in sold]
        if shown is not None:
            _add_shown(shown, counter, ((product.id, None) for product in products))
        spans = [counter.true_in(product) for product in products]
        cards[sign_id] = SignCard(
            sign_id=sign_id,
            title=sign.title,
            body=sign.body,
            picture=Picture.model_validate(sign.picture) if sign.picture else None,
            tiles=tuple(tile_of(counter, product) for product in products),
            true_from=max([since for since, _ in spans], default=now),
            true_until=min([until for _, until in spans], default=now + LONGEST_TRUE),
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
            counter.count(v) and price_at(counter.goods.prices.get(v.gtin, ()), counter.now)
            for v in counter.goods.variants.get(product.id, [])
        )
    )


def in_stock(session: Session, store_id: str, now: datetime) -> frozenset[str]:
    """Return the products one can buy in the whole store now, in as many statements however many they are."""
    return frozenset(session.scalars(bought_here(session, store_id, now)))


def bought_here(session: Session, store_id: str, now: datetime) -> Select[str]:
    """Return the statement for the products of the variants one can buy in the store now; `where` narrows it."""
    own = exists().where(Price.gtin == Variant.gtin, Price.store_id == store_id, Price.applies_from <= now)
    return (
        select(Variant.product_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Stock, (Stock.gtin == Variant.gtin) & (Stock.store_id == store_id))
        .where(Stock.count > 0, or_(own, listed_now(store_row(session, store_id), now)))
        .where(or_(Product.withdrawn_at.is_(None), Product.withdrawn_at > now))
        .distinct()
    )
