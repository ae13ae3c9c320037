"""The visit on the phone that was let in: what was tapped, the list, one product; and what is put on the list."""

from __future__ import annotations

from dataclasses import dataclass

import flask
import flask.typing
from flask_babel import get_locale, gettext
from sqlalchemy.orm import Session

from server.access.guard import open_to_all
from server.access.queries import store as find_store
from server.phone.choosing import asking, choose
from server.phone.door import let_in, tries
from server.phone.seen import note
from server.promotions.cards import tiles
from server.promotions.evidence import Shown, keep
from server.timeline.models import EventKind
from server.timeline.people.hand_over import HandOver
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.requests import is_member
from server.timeline.reading.visit import products_kept, products_seen
from server.web import engine, fresh_id, house, now, open_session, page
from server.wire import locale_for, written

pages = flask.Blueprint("carried", __name__, url_prefix="/carry")
pages.post("/choices/<any(service, analytics, personalisation):purpose>/<any(yes, no):answer>")(choose)
Answer = flask.typing.ResponseReturnValue


@dataclass(frozen=True, slots=True)
class Carried:
    """A visit as its phone sees it: products by id, those tapped and those kept, the newest first."""

    row: HandOver
    tapped: list[str]
    kept: list[str]

    @classmethod
    def of_this_phone(cls, session: Session) -> Carried | None:
        """Return the visit this phone carries on, if it was let in."""
        row = let_in(session)
        if row is None:
            return None
        kept = products_kept(session, row.store_id, row.visit_id, begun=row.kept)
        return cls(row, products_seen(session, row.store_id, row.visit_id), kept)

    def has(self, product_id: str) -> bool:
        """Return whether a product was tapped in the visit, kept, or was on the list it began with."""
        return product_id in {*self.tapped, *self.kept, *self.row.kept}


@pages.get("", strict_slashes=False)
@open_to_all("the phone that was let in shows its own cookie")
@tries("60 per minute")
def visit() -> Answer:
    """Show what was tapped and what is kept, at this store's price now."""
    return _shown(None)


@pages.get("/products/<product_id>")
@open_to_all("the phone that was let in shows its own cookie")
@tries("60 per minute")
def product(product_id: str) -> Answer:
    """Show one product of the visit."""
    return _shown(product_id)


@pages.post("/products/<product_id>/<any(keep, leave):what>")
@open_to_all("the phone that was let in shows its own cookie; the token of the form guards it")
@tries("60 per minute")
def change(product_id: str, what: str) -> Answer:
    """Put a product of the visit on its list, or take it off. Twice is harmless."""
    added, kind = what == "keep", EventKind.PRODUCT_ADDED_TO_WISHLIST
    with open_session() as session:
        mine = Carried.of_this_phone(session)
        if mine is None or not mine.has(product_id):
            return unknown()
        if (product_id in mine.kept) is not added:
            kind = kind if added else EventKind.PRODUCT_REMOVED_FROM_WISHLIST
            note(session, mine.row, kind, event_id=fresh_id(), now=now(), product_id=product_id)
    return flask.redirect("/carry", 303)


def _shown(product_id: str | None) -> Answer:
    evidence: list[Shown] = []
    with open_session() as session:
        mine = Carried.of_this_phone(session)
        if mine is None or (product_id and not mine.has(product_id)):
            return unknown()
        store = find_store(session, mine.row.store_id)
        wanted = [product_id] if product_id else [*mine.tapped, *mine.kept]
        found = tiles(session, store, wanted, now=now(), shown=evidence)
        open_to = asking(session, mine.row)
        member = is_member(session, mine.row.visit_id, PersonKeys(house().settings.person_keys))
        kind = EventKind.PRODUCT_VIEWED if product_id else EventKind.PAGE_VIEWED
        note(session, mine.row, kind, event_id=fresh_id(), now=now(), product_id=product_id)
    keep(engine(), evidence)
    locale = locale_for(str(get_locale() or "en"), store.locale)
    return page(
        "carry_product.html" if product_id else "carry_visit.html",
        store=store,
        product=found.get(product_id or ""),
        tapped=[found[one] for one in mine.tapped if one in found and one not in mine.kept],
        listed=[found[one] for one in mine.kept if one in found],
        kept=mine.kept,
        member=member,
        asking=open_to,
        may_be_known=bool(house().settings.person_keys),
        money=lambda amount: written(amount, locale),
    )


def unknown() -> Answer:
    """Return the page of a phone that carries nothing on."""
    words = gettext("There is no visit to carry on here. Ask for a new code at the kiosk.")
    return page("carry_none.html", words=words), 404
