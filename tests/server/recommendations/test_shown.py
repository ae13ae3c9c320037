"""Every list shown is an event with its model, places, reasons and chance; no tap waits for it, none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.errors import Unavailable
from server.recommendations.hold_out import is_held_out
from server.recommendations.rules import ReasonKind, Suggestion, Suggestions
from server.recommendations.shown import A_TURN, AT_ONCE, ShownLog
from server.recommendations.shown_event import Shown
from server.timeline.models import Event, EventKind
from server.timeline.recording import Entry, Receipt, Stored
from server.timeline.riding import Riding
from tests.clock import NOW
from tests.shopfloor import UIDS, as_device, tap


def shown_events(engine: Engine) -> list[Event]:
    with Session(engine) as session:
        return list(session.scalars(select(Event).where(Event.kind == EventKind.SUGGESTIONS_SHOWN)))


def test_what_stood_beside_a_card_is_an_event_once(client: FlaskClient, engine: Engine) -> None:
    for _ in range(2):
        answer = client.post("/api/v1/taps", json=tap(1), headers=as_device("kiosk")).get_json()
    client.post("/api/v1/taps", json=tap(2, UIDS["sign"]), headers=as_device("kiosk"))
    assert shown_events(engine) == []
    client.application.extensions["tap_desk"].shown.flush()
    [event] = shown_events(engine)
    assert (str(event.cause_id), event.visit_id, event.device_id) == (
        answer["tap_id"],
        UUID(int=7, version=4),
        "kiosk",
    )
    tiles = event.properties["tiles"]
    assert [(tile["product_id"], tile["position"], tile["reason"]) for tile in tiles] == [
        (tile["product_id"], place, tile["reason_kind"]) for place, tile in enumerate(answer["goes_with"], start=1)
    ]
    assert {"model_version": 0, "degraded": True, "held_out": False, "propensity": 1.0}.items() <= (
        event.properties.items()
    )


class Away:
    """A writer whose database is away until told."""

    def __init__(self) -> None:
        self.away = True
        self.riding = Riding()
        self.written: list[UUID] = []
        self.groups: list[int] = []

    def write(self, entries: Sequence[Entry]) -> list[Receipt]:
        if self.away:
            msg = "away"
            raise Unavailable(msg)
        self.groups.append(len(entries))
        self.written += [entry.row["cause_id"] for entry in entries]
        return [Receipt(Stored.ACCEPTED, 0) for _ in entries]


def log_of(writer: Away, count: int) -> ShownLog:
    log = ShownLog(writer)  # type: ignore[arg-type]  # it only writes
    found = Suggestions((Suggestion("sock", ReasonKind.ALIKE),), degraded=False, model_version=3)
    kiosk = Device("kiosk", "MAD", "kiosk", "Kiosk")
    for number in range(count):
        log.note(Shown(UUID(int=number), UUID(int=7), kiosk, NOW, NOW, found))
    return log


def test_what_cannot_be_written_waits_in_its_order() -> None:
    writer = Away()
    log = log_of(writer, 1200)
    log.flush()
    writer.away = False
    log.flush()
    assert writer.written == [UUID(int=number) for number in range(1200)]


def test_a_list_rides_along_or_is_written_by_itself_a_turn_later_a_little_at_a_time() -> None:
    writer, breaths = Away(), list[int]()
    log = log_of(writer, (A_TURN + 1) * AT_ONCE + 1)
    log.take_turn(lambda: breaths.append(len(writer.riding)))
    assert (writer.groups, breaths) == ([], [AT_ONCE * (turn + 1) for turn in range(A_TURN)])
    taken_along = [entry.row["cause_id"] for entry in writer.riding.take(3)]
    log.take_turn(lambda: breaths.append(0))
    assert len(writer.riding) == A_TURN * AT_ONCE - 3  # away: no more are made ready
    writer.away = False
    for _ in range(2):
        log.take_turn(lambda: breaths.append(len(writer.groups)))
    assert writer.groups == [AT_ONCE] * (A_TURN - 1) + [AT_ONCE - 3] + [AT_ONCE, 1]
    assert taken_along + writer.written == [UUID(int=number) for number in range((A_TURN + 1) * AT_ONCE + 1)]
    assert breaths[A_TURN:] == [*range(1, A_TURN + 1), A_TURN, A_TURN, A_TURN + 1, A_TURN + 2]


def test_a_stable_share_of_visits_is_held_out() -> None:
    visits = [UUID(int=number * 7919, version=4) for number in range(20_000)]
    for share in (0.0, 0.05, 0.5):
        held = [visit for visit in visits if is_held_out(visit, share)]
        assert abs(len(held) / len(visits) - share) < 0.01
        assert all(is_held_out(visit, share) for visit in held)
    assert {v for v in visits if is_held_out(v, 0.05)} <= {v for v in visits if is_held_out(v, 0.5)}
