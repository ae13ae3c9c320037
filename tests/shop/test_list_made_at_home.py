"""The demo's customer has a list from home, of goods there are in the sizes there are."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.timeline.models import Event
from server.timeline.reading.wish_list import wish_list
from shop.goods import goods
from shop.home import CUSTOMER, WISHED, make_list
from tests.clock import NOW


def test_the_list_is_of_pieces_there_are_and_is_made_once(session: Session) -> None:
    make_list(session, NOW)
    make_list(session, NOW)
    events = session.scalars(select(Event).where(Event.user_id == CUSTOMER).order_by(Event.corrected_at)).all()
    assert {one.product_id for one in events} == set(WISHED)
    pieces = {(good.id, piece.gtin) for good in goods() for piece in good.pieces}
    listed = {(one.product_id, one.sku) for one in wish_list(events)}
    assert len(listed) == len(events) == len(WISHED)
    assert listed <= pieces
