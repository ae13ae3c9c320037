"""How pages write times and events."""

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
    EventKind.CONSENT_CHOSEN: mark("chose what the card may be used for"),
    EventKind.UNKNOWN_TAG_TAPPED: mark("tapped a tag that means nothing"),
    EventKind.SUGGESTION_OPENED: mark("opened the suggestion"),
    EventKind.STAFF_CALLED: mark("asked for somebody"),
    EventKind.VISIT_ENDED: mark("the visit ended"),
}


def init_app(app: flask.Flask) -> None:
    """Give templates the filters `words`, `local`, `wall` and `event_words`."""
    app.template_filter("words")(in_page_language)
    app.template_filter("local")(local)
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


def wall(moment: datetime) -> str:
    """Return what a store's own clock shows (a naive time), written in the language of the page."""
    return format_datetime(moment, "d MMM y, HH:mm", locale=_language())
