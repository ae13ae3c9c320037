"""How pages write times and events, of every channel."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import flask
from babel.dates import format_datetime
from flask_babel import get_locale

from server.access.models import Store
from server.texts import in_one_language, mark
from server.timeline.models import EventKind
from server.wire import Text, words

EVENTS = {
    EventKind.PRODUCT_TAPPED: mark("tapped"),
    EventKind.SIGN_TAPPED: mark("tapped the sign"),
    EventKind.CARD_TAPPED: mark("held a customer's card"),
    EventKind.CUSTOMER_INTRODUCED: mark("let a phone say who they are"),
    EventKind.CONSENT_CHOSEN: mark("chose what their visit may be used for"),
    EventKind.STORY_SHARED: mark("chose whether the team may see the visit"),
    EventKind.UNKNOWN_TAG_TAPPED: mark("tapped a tag that means nothing"),
    EventKind.SUGGESTION_OPENED: mark("opened the suggestion"),
    EventKind.SUGGESTIONS_SHOWN: mark("was shown what goes with it"),
    EventKind.STAFF_CALLED: mark("asked for somebody"),
    EventKind.VISIT_ENDED: mark("the visit ended"),
    EventKind.PRODUCTS_SEARCHED: mark("searched"),
    EventKind.PRODUCT_LIST_VIEWED: mark("looked at a list"),
    EventKind.PRODUCT_LIST_FILTERED: mark("narrowed a list down"),
    EventKind.PROMOTION_VIEWED: mark("saw a promotion"),
    EventKind.PROMOTION_CLICKED: mark("opened a promotion"),
    EventKind.PRODUCT_CLICKED: mark("opened from a list"),
    EventKind.PRODUCT_VIEWED: mark("looked at"),
    EventKind.PRODUCT_ADDED: mark("put in the cart"),
    EventKind.PRODUCT_REMOVED: mark("took out of the cart"),
    EventKind.CART_VIEWED: mark("looked at the cart"),
    EventKind.CHECKOUT_STARTED: mark("began to check out"),
    EventKind.CHECKOUT_STEP_VIEWED: mark("came to a step of the checkout"),
    EventKind.CHECKOUT_STEP_COMPLETED: mark("finished a step of the checkout"),
    EventKind.PAYMENT_INFO_ENTERED: mark("said how to pay"),
    EventKind.ORDER_UPDATED: mark("changed an order"),
    EventKind.ORDER_COMPLETED: mark("bought"),
    EventKind.ORDER_REFUNDED: mark("got money back"),
    EventKind.ORDER_CANCELLED: mark("cancelled an order"),
    EventKind.COUPON_ENTERED: mark("entered a coupon"),
    EventKind.COUPON_APPLIED: mark("used a coupon"),
    EventKind.COUPON_DENIED: mark("entered a coupon that is not valid"),
    EventKind.COUPON_REMOVED: mark("took a coupon back"),
    EventKind.PRODUCT_ADDED_TO_WISHLIST: mark("put on the wish list"),
    EventKind.PRODUCT_REMOVED_FROM_WISHLIST: mark("took off the wish list"),
    EventKind.WISHLIST_PRODUCT_ADDED_TO_CART: mark("moved from the wish list to the cart"),
    EventKind.PRODUCT_SHARED: mark("shared"),
    EventKind.CART_SHARED: mark("shared the cart"),
    EventKind.PRODUCT_REVIEWED: mark("reviewed"),
    EventKind.IDENTIFIED: mark("said who they are"),
    EventKind.PAGE_VIEWED: mark("looked at a page"),
    EventKind.SCREEN_VIEWED: mark("looked at a screen of the app"),
    EventKind.GROUP_JOINED: mark("joined a group"),
    EventKind.ALIAS_TOLD: mark("went on under another name"),
    EventKind.CUSTOM: mark("did something else"),
}


def init_app(app: flask.Flask) -> None:
    """Give templates the filters `words`, `local`, `utc`, `wall` and `event_words`."""
    app.template_filter("words")(in_page_language)
    app.template_filter("local")(local)
    app.template_filter("utc")(utc)
    app.template_filter("wall")(wall)
    app.template_filter("event_words")(lambda kind: in_one_language(EVENTS[EventKind(kind)], _language()))


def _language() -> str:
    return str(get_locale() or "en")


def in_page_language(text: Text | None) -> str:
    """Return a text in the language of the page."""
    return words(text, _language()) if text else ""


def local(moment: datetime, store: Store) -> str:
    """Return a moment by the store's own clock, written in the language of the page."""
    return format_datetime(moment, "d MMM, HH:mm", tzinfo=ZoneInfo(store.time_zone), locale=_language())


def utc(moment: datetime) -> str:
    """Return a moment that is of no store, written in the language of the page."""
    return f"{format_datetime(moment, 'd MMM y, HH:mm', locale=_language())} UTC"


def wall(moment: datetime) -> str:
    """Return what a store's own clock shows (a naive time), written in the language of the page."""
    return format_datetime(moment, "d MMM y, HH:mm", locale=_language())
