"""The catalogue over the API: products and variants for whoever is known, stores for those who are of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import flask

from server.access.guard import staff_or_devices
from server.access.models import Store
from server.catalogue.hours import OpeningHours
from server.catalogue.linked import linked
from server.catalogue.models import PriceList, Product, Variant
from server.catalogue.reading import queries, records
from server.catalogue.reading.queries import Found
from server.catalogue.reading.records import Page
from server.catalogue.rules import gtin14
from server.errors import NotFound
from server.openapi import documented
from server.web import now, open_session
from server.wire import Frozen

routes = flask.Blueprint("reading", __name__, url_prefix="/api/v1")

LINKED = "application/ld+json"


def init_app(app: flask.Flask) -> None:
    """Add the routes."""
    app.register_blueprint(routes)


def _told(answer: Frozen) -> flask.Response:
    return flask.Response(answer.model_dump_json(), mimetype="application/json")


def _page() -> queries.Asked:
    return queries.asked(flask.request.args.get("after", ""), flask.request.args.get("limit", ""))


def _listed(page: type[Page], found: Found[Any], **records_of: Callable[[Any], Frozen]) -> flask.Response:
    """Return a page of records; the argument's name is the list's, its value makes a record of a row."""
    told = {name: tuple(record(row) for row in found.rows) for name, record in records_of.items()}
    return _told(page.model_validate(told | {"next": found.next}))


def _own_stores() -> tuple[str, ...]:
    """Return the stores that are the asker's: a device's one, a member of staff's all."""
    device, staff = flask.g.get("device"), flask.g.get("staff")
    return (device.store_id,) if device else tuple(staff.store_ids)


def _own(store_id: str) -> str:
    if store_id not in _own_stores():
        msg = f"There is no store {store_id}."
        raise NotFound(msg)
    return store_id


@routes.get("/products")
@staff_or_devices()
@documented(gives=records.ProductPage)
def products() -> flask.Response:
    """List products by id with their variants, up to 200 at a time (`limit`, `after`)."""
    with open_session() as session:
        found = queries.products(session, _page())
        variants = queries.variants_of(session, [row.id for row in found.rows])
    return _listed(records.ProductPage, found, products=lambda row: records.product(row, variants.get(row.id, ())))


@routes.get("/products/<product_id>")
@staff_or_devices()
@documented(gives=records.ProductRecord)
def product(product_id: str) -> flask.Response:
    """Give a product with its variants; as JSON-LD (schema.org, GS1) where that is what is accepted."""
    with open_session() as session:
        row: Product = queries.one(session, Product, product_id)
        variants = queries.variants_of(session, [row.id]).get(row.id, [])
    wanted = flask.request.accept_mimetypes.best_match(["application/json", LINKED], "application/json")
    if wanted != LINKED:
        answer = _told(records.product(row, variants))
    else:
        node: dict[str, Any] = linked(row, variants, flask.url_for("catalogue.media", name="", _external=True))
        answer = flask.Response(flask.json.dumps(node), mimetype=LINKED)
    answer.vary.add("Accept")
    return answer


@routes.get("/variants")
@staff_or_devices()
@documented(gives=records.VariantPage)
def variants() -> flask.Response:
    """List variants by GTIN, up to 200 at a time (`limit`, `after`)."""
    with open_session() as session:
        found = queries.variants(session, _page())
    return _listed(records.VariantPage, found, variants=records.variant)


@routes.get("/variants/<gtin>")
@staff_or_devices()
@documented(gives=records.VariantRecord)
def variant(gtin: str) -> flask.Response:
    """Give a variant by its GTIN of 8, 12, 13 or 14 digits."""
    with open_session() as session:
        return _told(records.variant(queries.one(session, Variant, gtin14(gtin))))


@routes.get("/categories")
@staff_or_devices()
@documented(gives=records.CategoryPage)
def categories() -> flask.Response:
    """List categories by id, up to 200 at a time (`limit`, `after`)."""
    with open_session() as session:
        found = queries.categories(session, _page())
    return _listed(records.CategoryPage, found, categories=records.category)


@routes.get("/stores")
@staff_or_devices()
@documented(gives=records.StorePage)
def stores() -> flask.Response:
    """List the stores that are the asker's, up to 200 at a time (`limit`, `after`)."""
    with open_session() as session:
        found = queries.stores(session, _page(), _own_stores())
    return _listed(records.StorePage, found, stores=lambda row: records.store(row, _open_at(row, now())))


@routes.get("/stores/<store_id>")
@staff_or_devices()
@documented(gives=records.StoreRecord)
def store(store_id: str) -> flask.Response:
    """Give a store, and whether it is open at this moment."""
    with open_session() as session:
        row: Store = queries.one(session, Store, _own(store_id))
    return _told(records.store(row, _open_at(row, now())))


def _open_at(row: Store, moment: datetime) -> bool | None:
    if row.hours is None:
        return None
    return OpeningHours.model_validate(row.hours).open_at(moment.astimezone(ZoneInfo(row.time_zone)))


@routes.get("/stores/<store_id>/stock")
@staff_or_devices()
@documented(gives=records.StockPage)
def stock(store_id: str) -> flask.Response:
    """List a store's stock by GTIN, up to 200 at a time (`limit`, `after`)."""
    with open_session() as session:
        found = queries.stock(session, _own(store_id), _page())
    return _listed(records.StockPage, found, stock=records.stock)


@routes.get("/stores/<store_id>/prices")
@staff_or_devices()
@documented(gives=records.PricePage)
def prices(store_id: str) -> flask.Response:
    """List a store's prices by GTIN and time, past and to come, up to 200 at a time (`limit`, `after`)."""
    with open_session() as session:
        currency = queries.one(session, Store, _own(store_id)).currency
        found = queries.prices(session, store_id, _page())
    return _listed(records.PricePage, found, prices=lambda row: records.price(row, currency))


@routes.get("/price-lists")
@staff_or_devices()
@documented(gives=records.PriceListPage)
def price_lists() -> flask.Response:
    """List price lists by id: the chain's and those of the asker's stores (`limit`, `after`).

    Of those in force in a store and in its currency, its own go before the chain's, then the one that began last,
    then the one whose id comes last; where none names a variant, the store's own price holds.
    """
    with open_session() as session:
        found = queries.price_lists(session, _page(), _own_stores())
    return _listed(records.PriceListPage, found, price_lists=records.price_list)


@routes.get("/price-lists/<list_id>/prices")
@staff_or_devices()
@documented(gives=records.ListedPricePage)
def listed_prices(list_id: str) -> flask.Response:
    """List what a price list asks, by GTIN, up to 200 at a time (`limit`, `after`)."""
    with open_session() as session:
        held: PriceList = queries.one(session, PriceList, list_id)
        if held.store_id is not None:
            _own(held.store_id)
        found = queries.listed_prices(session, list_id, _page())
    return _listed(records.ListedPricePage, found, prices=lambda row: records.listed_price(row, held.currency))
