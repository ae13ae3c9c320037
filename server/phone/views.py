"""A kiosk offers its visit to a phone, sees one ask, and says yes or no."""

from __future__ import annotations

from uuid import UUID

import flask

from server.access.guard import devices_only, this_device
from server.access.models import KioskKind
from server.access.rules import key_hash
from server.errors import Conflict
from server.openapi import documented
from server.phone import introductions, queries, redeeming, till
from server.phone.rules import OPEN, SECRET_BYTES, State, by_of, ends_at, secret
from server.timeline.people.hand_over import HandOver
from server.web import fresh_id, house, now, open_session, read_json, said
from server.wire.phone import HandOverAsked, HandOverOffer, HandOverReply, HandOverState

routes = flask.Blueprint("hand_overs", __name__, url_prefix="/api/v1/hand-overs")


def init_app(app: flask.Flask) -> None:
    """Add the kiosk's routes, and those of programs that know who opened a link."""
    app.register_blueprint(routes)
    app.register_blueprint(introductions.routes)
    app.register_blueprint(redeeming.routes)
    app.register_blueprint(till.routes)


@routes.post("")
@devices_only(KioskKind.KIOSK)
@documented(takes=HandOverAsked, gives=HandOverOffer)
def offer() -> flask.Response:
    """Offer the visit to a phone for a minute. An offer of the same kiosk that is still open ends."""
    asked, device, token = read_json(HandOverAsked), this_device(), secret(house().luck(SECRET_BYTES))
    row = HandOver(
        id=fresh_id(),
        store_id=device.store_id,
        kiosk_id=device.id,
        visit_id=asked.visit_id,
        offered_at=now(),
        state=State.OFFERED,
        link_hash=key_hash(token),
        kept=list(asked.kept),
        asks_who=_asks_who(),
    )
    with open_session() as session:
        queries.offer(session, row)
    address = house().settings.public_address or flask.request.host_url.rstrip("/")
    ends = ends_at(State.OFFERED, row.offered_at)
    return said(HandOverOffer(hand_over_id=row.id, link=f"{address}/carry/{token}", ends_at=ends))


def _asks_who() -> bool:
    """Return whether the kiosk can ask about a phone that says whose visit it is; older ones cannot."""
    return bool(flask.request.args.get("asks_who"))


def _json(told: str) -> flask.Response:
    return flask.Response(told, mimetype="application/json")


@routes.get("/<uuid:hand_over_id>")
@devices_only(KioskKind.KIOSK)
@documented(gives=HandOverState)
def state(hand_over_id: UUID) -> flask.Response:
    """Say how far it is, and which sign the phone shows."""
    with open_session() as session:
        row = queries.of_kiosk(session, hand_over_id, this_device())
        reached = queries.state_of(session, row, now())
    ends = ends_at(reached, row.offered_at)
    told = HandOverState(
        hand_over_id=row.id,
        state=reached.value,
        ends_at=ends,
        sign=row.sign,
        introduces=by_of(row.by) if row.by else None,
    )
    return _json(told.model_dump_json(exclude=None if _asks_who() else {"introduces"}))


@routes.post("/<uuid:hand_over_id>/answer")
@devices_only(KioskKind.KIOSK)
@documented(takes=HandOverReply)
def answer(hand_over_id: UUID) -> tuple[str, int]:
    """Let the phone that asks in, or not; 409 where none asks (any more) or the sign is another one's."""
    reply = read_json(HandOverReply)
    with open_session() as session:
        row = queries.of_kiosk(session, hand_over_id, this_device())
        queries.take_turn(session, row.visit_id)
        session.refresh(row)
        reached = State.GRANTED if reply.yes else State.REFUSED
        asks = queries.state_of(session, row, now()) is State.ASKED and row.sign == reply.sign
        clean: dict[str, None] = {} if reply.yes else {"card_id": None, "customer_id": None}
        if not asks or not queries.step(session, row, [State.ASKED], to=reached, **clean):
            msg = "No phone with this sign asks for the visit any more. Please begin again."
            raise Conflict(msg)
    return "", 204


@routes.delete("/<uuid:hand_over_id>")
@devices_only(KioskKind.KIOSK)
@documented()
def end(hand_over_id: UUID) -> tuple[str, int]:
    """End an open offer; a phone that was let in stays in."""
    with open_session() as session:
        row = queries.of_kiosk(session, hand_over_id, this_device())
        queries.step(session, row, OPEN, to=State.ENDED)
    return "", 204
