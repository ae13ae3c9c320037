"""A shopper becomes a customer at the till: their phone shows a code for the visit, the till says whose it is.

Nothing is linked by it: what we may use is asked on the phone, and taken back there.
"""

from __future__ import annotations

import flask
from sqlalchemy import update

from server.access.guard import open_to_all, sources_only
from server.access.rules import Device, key_hash
from server.errors import Conflict, NotFound
from server.openapi import documented
from server.phone import queries
from server.phone.door import let_in, tries
from server.phone.rules import State, code_of, plain
from server.phone.seen import note_introduced
from server.phone.visit_pages import Answer, pages, unknown
from server.timeline.group_commit import Writer
from server.timeline.people import consenting
from server.timeline.people.hand_over import HandOver
from server.timeline.people.models import Id, IdKind
from server.timeline.people.named import naming
from server.timeline.people.rules import usable
from server.timeline.sources.models import Right
from server.timeline.taking.key import this_source
from server.web import fresh_id, house, now, open_session, page, read_json
from server.wire.phone import TillCode

routes = flask.Blueprint("till", __name__, url_prefix="/api/v1/hand-overs")

NO_CODE = "There is no such code in this store, or it was used, or its ten minutes are over."


@pages.post("/till")
@open_to_all("the phone that was let in shows its own cookie; the token of the form guards it")
@tries("10 per minute")
def show_code() -> Answer:
    """Show a code for the till, for ten minutes; an older one ends."""
    code = code_of(house().luck(8))
    with open_session() as session:
        row = let_in(session)
        if row is None:
            return unknown()
        older = update(HandOver).where(HandOver.visit_id == row.visit_id, HandOver.state == State.TILL)
        session.execute(older.values(state=State.ENDED))
        kept = {"store_id": row.store_id, "kiosk_id": row.kiosk_id, "visit_id": row.visit_id, "kept": []}
        made = {"id": fresh_id(), "offered_at": now(), "state": State.TILL, "link_hash": key_hash(code)}
        session.add(HandOver(**kept, **made))
    return page("carry_till.html", code=f"{code[:4]} {code[4:]}")


@routes.post("/till")
@sources_only()
@documented(takes=TillCode)
def at_till() -> tuple[str, int]:
    """Say whose visit it is whose code a phone shows, with a key that has the right `vouch`; a code works once."""
    source, asked = this_source(Right.VOUCH), read_json(TillCode)
    one = usable(Id(IdKind.CUSTOMER, asked.user_id))
    writer: Writer = flask.current_app.extensions["timeline_writer"]
    with writer.turn(), open_session() as session:
        row = queries.of_link(session, plain(asked.code))
        if row is None or source.store_id not in {None, row.store_id}:
            raise NotFound(NO_CODE)
        waits = queries.state_of(session, row, now()) is State.TILL
        said = {"by": f"source:{source.id}"[:64], **naming(one)}
        if not waits or not queries.step(session, row, [State.TILL], to=State.CARRIED, **said):
            raise Conflict(NO_CODE)
        kiosk = Device(id=row.kiosk_id, store_id=row.store_id, kind="kiosk", name="")
        who = consenting.Introduced(row.visit_id, one, now(), fresh_id())
        if consenting.introduce(session, who, kiosk).taken:
            msg = "This visit is another customer's already."
            raise Conflict(msg)
        note_introduced(session, row, kiosk, by="till", now=now())
        queries.note_vouched(session, row, source_id=source.id, now=now())
    return "", 204
