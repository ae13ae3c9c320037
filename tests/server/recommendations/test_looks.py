"""Fresh looks are read piece by piece, none twice and none missed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.access.models import Kiosk
from server.recommendations.looks import BESIDE_TAPS, SUSPECT_BEFORE, looks_after
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


def test_looks_of_a_kiosk_that_was_ended_soon_after_are_left_out_and_those_of_others_are_not(
    session: Session,
) -> None:
    open_shop(session)
    before = outbox.newest(session)
    visit(session, 100, "boots", "socks", at=NOW)
    visit(session, 101, "tent", at=NOW, device="ended")
    visit(session, 102, "mat", at=NOW - 2 * SUSPECT_BEFORE, device="ended")
    session.commit()
    everybody, _ = looks_after(session, before)
    session.add(
        Kiosk(id="ended", store_id="MAD", name="Ended", key_hash="", created_at=NOW, revoked_at=NOW + timedelta(1))
    )
    session.commit()
    sound, _ = looks_after(session, before)
    assert [look.product for look in everybody] == ["boots", "socks", "tent", "mat"]
    assert sound == [look for look in everybody if look.product != "tent"]
    assert [UUID(one.visit) for one in sound] == [UUID(int=1_000_000 + number) for number in (100, 100, 102)]
