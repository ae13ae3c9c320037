"""What a shopper agrees to, chosen on the phone that carries their visit on: taken back as easily as given."""

from __future__ import annotations

from dataclasses import dataclass

import flask
from flask_babel import get_locale
from sqlalchemy.orm import Session

from server.access.guard import open_to_all
from server.access.rules import Device
from server.phone.door import let_in, tries
from server.phone.purposes import after, asked
from server.phone.seen import note_chosen
from server.timeline.consents.models import Introduction
from server.timeline.group_commit import Writer
from server.timeline.people import consenting
from server.timeline.people.hand_over import HandOver
from server.timeline.people.named import named
from server.web import fresh_id, now, open_session
from server.wire import PersonChoice, Purpose

Answer = flask.typing.ResponseReturnValue


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of whose visit it is, and what they agreed to."""

    purposes: list[tuple[Purpose, str, str]]
    agreed: tuple[Purpose, ...]


def asking(session: Session, row: HandOver) -> Asking | None:
    """Return what to ask on the phone; None where nobody was introduced in the visit."""
    introduced = session.get(Introduction, row.visit_id)
    if introduced is None or named(introduced) is None:
        return None
    open_to = [one for one in asked() if introduced.proven or one[0] != "personalisation"]
    return Asking(open_to, consenting.holds(session, row.visit_id).purposes)


@open_to_all("the phone that was let in shows its own cookie; the token of the form guards it")
@tries("60 per minute")
def choose(purpose: Purpose, answer: str) -> Answer:
    """Agree to a purpose, or no longer; without whom it would be, nothing is changed."""
    writer: Writer = flask.current_app.extensions["timeline_writer"]
    with writer.turn(), open_session() as session:
        row = let_in(session)
        open_to = asking(session, row) if row is not None else None
        if row is not None and open_to is not None:
            choice = PersonChoice(
                choice_id=fresh_id(),
                visit_id=row.visit_id,
                occurred_at=now(),
                agreed=after(open_to.agreed, purpose, yes=answer == "yes"),
                language=str(get_locale() or "en"),
            )
            phone = Device(id=row.kiosk_id, store_id=row.store_id, kind="phone", name="")
            consenting.choose(session, choice, phone, at=now(), now=now(), link_id=fresh_id())
            note_chosen(session, row, choice, now=now())
    return flask.redirect("/carry", 303)
