"""A product's card as a shopper will see it at any time to come."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import flask
from flask_babel import get_locale, gettext

from server.access.guard import staff_only, this_staff
from server.access.models import Role, Store
from server.access.queries import stores
from server.catalogue.queries import search
from server.errors import Invalid
from server.promotions.cards import product_cards
from server.promotions.window import instant
from server.web import now, open_snapshot, page
from server.wire import Money, locale_for, written

pages = flask.Blueprint("price_pages", __name__)


def init_app(app: flask.Flask) -> None:
    """Add the preview."""
    app.register_blueprint(pages)
    app.template_filter("money")(_money)


def _money(amount: Money, store: Store) -> str:
    """Return an amount as the store's kiosk writes it in the language of the page."""
    return written(amount, locale_for(str(get_locale() or "en"), store.locale))


@pages.get("/merchandise/prices")
@staff_only(Role.MERCHANDISER, Role.MANAGER)
def preview() -> str:
    """Show the card of a product in a store at a moment of that store's clock, made as the kiosk's is."""
    asked = flask.request.args
    card = None
    with open_snapshot() as session:
        staff = this_staff()
        own = stores(session, None if staff.role is Role.MERCHANDISER else staff.store_ids)
        store = next((one for one in own if one.id == asked.get("store")), own[0] if own else None)
        found = search(session, asked.get("q", ""))
        at = now() if store is None else _moment(asked.get("at", ""), ZoneInfo(store.time_zone))
        if store is not None and asked.get("product"):
            key = (asked["product"], None)
            card = product_cards(session, store, [key], now=at).get(f"product:{asked['product']}")
    return page("prices.html", stores=own, store=store, at=at, card=card, found=found, asked=asked)


def _moment(written: str, zone: ZoneInfo) -> datetime:
    try:
        return instant(datetime.fromisoformat(written).replace(tzinfo=None), zone) if written else now()
    except ValueError as error:
        raise Invalid(gettext("%(written)s is no date and time.", written=written)) from error
