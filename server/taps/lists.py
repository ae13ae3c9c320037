"""What a shopper's list costs, holding limited promotions for it, and giving them for good: the kiosk's routes.

What the shopper did in this visit, and whether they are a customer who agreed, the timeline says, not the kiosk.
"""

from __future__ import annotations

from uuid import UUID

import flask
from sqlalchemy.orm import Session

from server.access.guard import devices_only, this_device
from server.access.models import KioskKind
from server.access.queries import store as find_store
from server.openapi import documented
from server.promotions.evidence import keep
from server.promotions.given import note_given
from server.promotions.limits import commit
from server.promotions.lists import ListDesk
from server.promotions.totals import total_shown
from server.taps import from_home
from server.taps.shopper import shopper_of
from server.timeline.people.keyed import PersonKeys
from server.web import engine, house, now, open_session, open_snapshot, read_json, said
from server.wire.lists import ListAsked, PricedListAnswer

routes = flask.Blueprint("lists", __name__, url_prefix="/api/v1")


def init_app(app: flask.Flask) -> None:
    """Add the routes, and that of the list from home."""
    app.register_blueprint(routes)
    app.register_blueprint(from_home.routes)


@routes.post("/lists/price")
@devices_only(KioskKind.KIOSK)
@documented(takes=ListAsked, gives=PricedListAnswer)
def price() -> flask.Response:
    """Say what a list costs here and now, and what became of each promotion; nothing is held for it."""
    with open_snapshot() as session:
        desk = _desk(session, read_json(ListAsked))
        answer = desk.answer(desk.price())
    return _said(desk, answer)


@routes.post("/lists/hold")
@devices_only(KioskKind.KIOSK)
@documented(takes=ListAsked, gives=PricedListAnswer)
def hold() -> flask.Response:
    """Price a list and hold the limited promotions in its price for a quarter of an hour. Twice is harmless."""
    with open_snapshot() as session:
        desk = _desk(session, read_json(ListAsked))
    with open_session() as session:
        desk.counter.session = session
        answer = desk.answer(*desk.hold())
    return _said(desk, answer)


@routes.post("/lists/<uuid:list_id>/commit")
@devices_only(KioskKind.KIOSK)
def give(list_id: UUID) -> flask.Response:
    """Give for good what is held for a list; 404 where it ran out: price the list again then."""
    store_id = this_device().store_id
    with open_session() as session:
        note_given(session, list_id, store_id=store_id, now=now())
        return flask.jsonify(given=commit(session, str(list_id), now(), store_id=store_id))


def _desk(session: Session, asked: ListAsked) -> ListDesk:
    device = this_device()
    store = find_store(session, device.store_id)
    keys = PersonKeys(house().settings.person_keys)
    shopper, customer = shopper_of(session, device, asked.visit_id, keys=keys)
    return ListDesk.open(session, store, asked, shopper=shopper, customer=customer, now=now())


def _said(desk: ListDesk, answer: PricedListAnswer) -> flask.Response:
    """Keep the evidence of the prices and of what the list comes to, then tell."""
    device, counter = this_device(), desk.counter
    total = total_shown(
        answer, store_id=device.store_id, device_id=device.id, made_from=desk.made_from(), now=counter.now
    )
    keep(engine(), desk.shown, [total])
    return said(answer)
