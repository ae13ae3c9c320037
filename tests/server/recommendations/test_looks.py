"""Fresh looks are read piece by piece, none twice and none missed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from server.recommendations.looks import BESIDE_TAPS, looks_after
from server.timeline import outbox
from tests.clock import NOW
from tests.server.recommendations.visits import open_shop, visit


def test_every_look_since_is_read_once_however_many_pieces_that_takes(session: Session) -> None:
    open_shop(session)
    before = outbox.newest(session)
    for number in range(100, 100 + 2 * BESIDE_TAPS):
        visit(session, number, "boots", at=NOW + timedelta(seconds=number))
    session.commit()
    told, read_to = looks_after(session, before)
    assert [look.seconds for look in told] == [
        (NOW + timedelta(seconds=number)).timestamp() for number in range(100, 100 + 2 * BESIDE_TAPS)
    ]
    assert read_to == outbox.newest(session)
    assert looks_after(session, read_to) == ([], read_to)
    visit(session, 99, "tent", at=NOW)
    assert [look.product for look in looks_after(session, read_to)[0]] == ["tent"]
