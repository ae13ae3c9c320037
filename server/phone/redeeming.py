"""A program that knows who holds the phone says whose visit it is: a web shop or app with the right to vouch.

Nothing is linked by it: the shopper says yes to the sign at the kiosk, and then to each purpose.
"""

from __future__ import annotations

from uuid import UUID

import flask

from server.access.guard import sources_only
from server.errors import Conflict, NotFound, Unavailable
from server.openapi import documented
from server.phone import queries
from server.phone.rules import State, ends_at, sign_of, token_of
from server.settings import NO_PERSON_KEYS
from server.timeline.people.hand_over import HandOver
from server.timeline.people.models import Id, IdKind
from server.timeline.people.named import naming
from server.timeline.people.rules import usable
from server.timeline.sources.models import Right
from server.timeline.sources.rules import KnownSource
from server.timeline.taking.key import this_source
from server.web import house, now, open_session, read_json, said
from server.wire.phone import LinkRedeemed, Redeemed

routes = flask.Blueprint("redeeming", __name__, url_prefix="/api/v1/hand-overs")

USED_UP = "This link is used up, its time is over, or its kiosk asks nobody who they are. Ask for a new one there."


@routes.post("/redeem")
@sources_only()
@documented(takes=LinkRedeemed, gives=Redeemed)
def redeem() -> flask.Response:
    """Say who opened a link with the program: the sign to show them comes back, and the kiosk asks, once.

    It takes a key with the right `vouch`, which no page in a browser may hold.
    """
    source, asked = this_source(Right.VOUCH), read_json(LinkRedeemed)
    if not house().settings.person_keys:
        raise Unavailable(NO_PERSON_KEYS)
    asks: dict[str, str | None] = {"sign": sign_of(house().luck(4)), "by": _by(source)}
    asks |= naming(usable(Id(IdKind.CUSTOMER, asked.user_id)))
    with open_session() as session:
        row = queries.of_link(session, token_of(asked.link))
        if row is None or source.store_id not in {None, row.store_id}:
            msg = "There is no such link, or not in this source's store."
            raise NotFound(msg)
        offered = row.asks_who and queries.state_of(session, row, now()) is State.OFFERED
        if not offered or not queries.step(session, row, [State.OFFERED], to=State.ASKED, **asks):
            raise Conflict(USED_UP)
        session.refresh(row)
        queries.note_vouched(session, row, source_id=source.id, now=now())
        return _told(row, State.ASKED)


@routes.get("/redeemed/<uuid:hand_over_id>")
@sources_only()
@documented(gives=Redeemed)
def redeemed(hand_over_id: UUID) -> flask.Response:
    """Say what came of a link the program redeemed."""
    source = this_source(Right.VOUCH)
    with open_session() as session:
        row = session.get(HandOver, hand_over_id)
        if row is None or row.by != _by(source):
            msg = "This source redeemed no such link."
            raise NotFound(msg)
        return _told(row, queries.state_of(session, row, now()))


def _by(source: KnownSource) -> str:
    return f"source:{source.id}"[:64]


def _told(row: HandOver, reached: State) -> flask.Response:
    state = State.CARRIED if reached is State.GRANTED else reached
    ends = ends_at(reached, row.offered_at)
    told = {"hand_over_id": row.id, "state": state.value, "ends_at": ends, "sign": row.sign}
    return said(Redeemed.model_validate(told))
