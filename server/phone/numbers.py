"""A customer's number typed in on a phone: known or not, with few tries.

Knowing a number is no proof of being its holder, so it brings nothing of them into the visit, even after the yes.
"""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy.orm import Session

from server.phone import queries
from server.phone.rules import written
from server.timeline.people.consenting import enrolled
from server.timeline.people.hand_over import HandOver
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id
from server.web import house, now

LONGEST = 64


def of_number(session: Session, row: HandOver, number: str) -> Id | str:
    """Return whose number it is, as it is stored, or in words why nobody's."""
    keys, forms = PersonKeys(house().settings.person_keys), written(number[:LONGEST])
    if not forms or not keys or not row.asks_who:
        return str(gettext("Please type in the number on your card, or carry on without it."))
    if not queries.may_try(session, row, now()):
        return str(gettext("That was tried too often. Carry on without a number, or hold your card at the kiosk."))
    found = enrolled(session, forms, keys)
    if found is None:
        return str(gettext("We do not know this number. Please look at your card, or carry on without it."))
    queries.take_try_back(session, row)
    return found
