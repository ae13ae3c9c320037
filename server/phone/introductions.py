"""The shopper's yes, at the kiosk, to being whom a phone says: then they choose what we may use.

Nothing is linked by it: they say yes to each purpose first.
"""

from __future__ import annotations

from uuid import UUID

import flask

from server.access.guard import devices_only, this_device
from server.access.models import KioskKind
from server.errors import Conflict
from server.openapi import documented
from server.phone import queries
from server.phone.rules import State, by_of
from server.phone.seen import note_introduced
from server.timeline.group_commit import Writer
from server.timeline.people import consenting
from server.timeline.people.consenting import Introduced as Who
from server.web import fresh_id, now, open_session, read_json, said
from server.wire.phone import HandOverSign, Introduced

routes = flask.Blueprint("introductions", __name__, url_prefix="/api/v1/hand-overs")


@routes.post("/<uuid:hand_over_id>/introduction")
@devices_only(KioskKind.KIOSK)
@documented(takes=HandOverSign, gives=Introduced)
def introduce(hand_over_id: UUID) -> flask.Response:
    """Take the shopper's yes to being whom the phone says, and return what to ask; told twice is harmless.

    409 where no phone with this sign says so (any more).
    """
    sign, device = read_json(HandOverSign).sign, this_device()
    writer: Writer = flask.current_app.extensions["timeline_writer"]
    with writer.turn(), open_session() as session:
        row = queries.of_kiosk(session, hand_over_id, device)
        queries.take_turn(session, row.visit_id)
        session.refresh(row)
        reached, one = queries.state_of(session, row, now()), row.who
        if one is None or row.by is None or row.sign != sign or not _goes_on(reached):
            msg = "No phone with this sign says who you are any more. Please begin again."
            raise Conflict(msg)
        by = by_of(row.by)
        if reached is State.ASKED:
            queries.step(session, row, [reached], to=State.GRANTED if by == "number" else State.CARRIED)
        card = consenting.introduce(session, Who(row.visit_id, one, now(), fresh_id(), proven=by == "app"), device)
        note_introduced(session, row, device, by=by, now=now())
    return said(Introduced(card=card, by=by))


def _goes_on(reached: State) -> bool:
    return reached in {State.ASKED, State.GRANTED, State.CARRIED}
