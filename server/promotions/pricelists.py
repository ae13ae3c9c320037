"""Price lists in the database: which there are, and what they ask in a store for some variants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Exists, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from server.access.queries import AnyStore
from server.catalogue.models import ListedPrice, PriceList, Variant
from server.catalogue.rules import ListPrice
from server.promotions.rules.listed import Listed, Validity, asked

GTINS: BindParameter[Sequence[str]] = bindparam("gtins", expanding=True)
LISTS: BindParameter[Sequence[str]] = bindparam("lists", expanding=True)
LISTED = select(
    ListedPrice.list_id, ListedPrice.gtin, ListedPrice.minor, ListedPrice.member_minor, ListedPrice.floor_minor
).where(ListedPrice.list_id.in_(LISTS))
SOME_LISTED = LISTED.where(ListedPrice.gtin.in_(GTINS))


def validities(session: Session) -> tuple[Validity, ...]:
    """Return every price list there is."""
    columns = (PriceList.id, PriceList.store_id, PriceList.currency, PriceList.starts, PriceList.ends)
    return tuple(Validity(*row) for row in session.execute(select(*columns).order_by(PriceList.id)))


def over(
    prices: dict[str, list[ListPrice]],
    lists: Sequence[Validity],
    *,
    session: Session,
    store: AnyStore,
    gtins: Collection[str] | None,
) -> dict[str, list[ListPrice]]:
    """Return a store's prices by GTIN with the lists' over them (of all variants where `gtins` is None)."""
    here = {one.id: one for one in lists if one.holds_in(store.id, store.currency)}
    if not here:
        return prices
    zone = ZoneInfo(store.time_zone)
    named: Mapping[str, object] = {"lists": list(here), "gtins": list(gtins or ())}
    listed: dict[str, list[Listed]] = defaultdict(list)
    for list_id, gtin, minor, member, floor in session.execute(LISTED if gtins is None else SOME_LISTED, named):
        listed[gtin].append(Listed.on(here[list_id], zone, (minor, member, floor)))
    return {gtin: asked(prices.get(gtin, ()), listed.get(gtin, ())) for gtin in {*prices, *listed}}


def listed_now(store: AnyStore, now: datetime) -> Exists:
    """Return the condition that a list in force in the store names the variant."""
    local = now.astimezone(ZoneInfo(store.time_zone)).replace(tzinfo=None)
    return exists().where(
        ListedPrice.gtin == Variant.gtin,
        PriceList.id == ListedPrice.list_id,
        PriceList.currency == store.currency,
        or_(PriceList.store_id.is_(None), PriceList.store_id == store.id),
        PriceList.starts <= local,
        or_(PriceList.ends.is_(None), PriceList.ends > local),
    )
