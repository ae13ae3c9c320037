"""One tap: answered truly, stored once, whatever is sent."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pydantic_core import to_json
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.catalogue.models import Price
from server.db import changed
from server.promotions.models import PriceEvidence, Promotion
from server.promotions.saving import save
from server.tags.models import TargetKind, UnknownTag
from server.tags.queries import bind
from server.tags.rules import Target
from server.taps.rules import Meaning, tap_entry
from server.timeline.models import LATEST, Event, EventKind, Quarantine
from server.timeline.recording import record_events
from server.wire import Shelf, Tap, TapAnswer
from tests.clock import NOW, FakeClock
from tests.shopfloor import BOOT_38, SOCK, UIDS, as_device, tap


def send(client: FlaskClient, body: object, device: str = "kiosk", path: str = "/api/v1/taps") -> object:
    return client.post(path, json=body, headers=as_device(device))


def answer_to(client: FlaskClient, body: dict[str, object]) -> TapAnswer:
    response = send(client, body)
    assert response.status_code == 200, response.get_data(as_text=True)
    return TapAnswer.model_validate_json(response.data)


def events(engine: Engine) -> dict[UUID, Event]:
    with Session(engine) as session:
        return {row.id: row for row in session.scalars(select(Event))}


def test_the_card_is_what_the_store_has(client: FlaskClient) -> None:
    answer = answer_to(client, tap(1))
    card = answer.card
    assert card.kind == "product"
    assert (card.product_id, card.price.now.minor, card.price.now.currency) == ("boot", 12000, "EUR")
    assert {line.size: line.in_stock for line in card.variants} == {"38": 5, "39": 0}
    assert card.place.zone["en"] == "Hall"
    assert [tile.product_id for tile in answer.goes_with] == ["sock"]
    assert all(tile.reason["es"] for tile in answer.goes_with)


def test_every_meaning_has_its_card_and_event(client: FlaskClient, engine: Engine) -> None:
    meant = {"boot38": "product", "sign": "sign", "lamp": "product"}
    cards = {name: answer_to(client, tap(i, UIDS[name])).card for i, name in enumerate(meant)}
    assert {name: card.kind for name, card in cards.items()} == meant
    assert cards["boot38"].gtin == BOOT_38
    assert cards["lamp"].withdrawn
    assert cards["lamp"].notice["es"] == "No usar"
    assert [tile.product_id for tile in cards["sign"].tiles] == ["boot"]
    assert {e.kind for e in events(engine).values()} == {EventKind.PRODUCT_TAPPED, EventKind.SIGN_TAPPED}


def test_an_unknown_tag_lands_on_the_managers_list_once_for_each_tap(client: FlaskClient, engine: Engine) -> None:
    for number in (1, 2, 2, 1):  # a retry is no tap
        assert answer_to(client, tap(number, "04FFFFFF")).card.kind == "unknown"
    with Session(engine) as session:
        rows = {(row.store_id, row.uid): row.taps for row in session.scalars(select(UnknownTag))}
    assert rows == {("MAD", "04FFFFFF"): 2}


@pytest.mark.parametrize(("host", "kind"), [("id.example", "product"), ("evil.example", "unknown")])
def test_what_is_written_on_an_unbound_tag_is_a_hint_on_trusted_hosts(
    client: FlaskClient, engine: Engine, host: str, kind: str
) -> None:
    answer = answer_to(client, tap(1, "04FFFFFF", uri=f"https://{host}/01/{BOOT_38}"))
    assert answer.card.kind == kind
    with Session(engine) as session:
        assert {row.uid for row in session.scalars(select(UnknownTag))} == {"04FFFFFF"}


def test_sent_twice_is_stored_once(client: FlaskClient, engine: Engine) -> None:
    first, again = answer_to(client, tap(1)), answer_to(client, tap(1, age_ms=4000))
    assert (first.stored, again.stored) == ("accepted", "duplicate")
    assert set(events(engine)) == {first.tap_id}


def test_the_same_id_for_something_else_is_refused_and_kept_aside(client: FlaskClient, engine: Engine) -> None:
    first = answer_to(client, tap(1))
    response = send(client, tap(1, UIDS["sign"]))
    assert response.status_code == 409
    assert response.content_type == "application/problem+json"
    assert events(engine)[first.tap_id].product_id == "boot"
    with Session(engine) as session:
        assert {row.event_id for row in session.scalars(select(Quarantine))} == {first.tap_id}


def test_a_batch_takes_the_good_and_refuses_the_bad_by_name(client: FlaskClient, engine: Engine) -> None:
    answer_to(client, tap(1))
    sent = [tap(1), tap(2), tap(2), tap(1, UIDS["sign"]), {"tap_id": str(UUID(int=9)), "uid": 4}, {"a": "\x00"}]
    response = send(client, {"taps": sent}, path="/api/v1/taps/batch").get_json()
    ids = {number: str(UUID(int=number, version=4)) for number in (1, 2)}
    assert response["accepted"] == [ids[2]]
    assert set(response["duplicates"]) == {ids[1], ids[2]}
    assert {(r["tap_id"], r["code"]) for r in response["refused"]} == {
        (ids[1], "conflict"),
        (str(UUID(int=9)), "invalid"),
        (None, "invalid"),
    }
    assert {str(event) for event in events(engine)} == set(ids.values())


def test_what_can_never_be_taken_is_put_aside_once_however_often_it_is_sent(
    client: FlaskClient, engine: Engine
) -> None:
    bad = [{"tap_id": str(UUID(int=9)), "uid": 4}, {"a": "\x00"}]
    for sent in (bad, bad, [bad[1], tap(1), bad[0]]):
        refused = send(client, {"taps": sent}, path="/api/v1/taps/batch").get_json()["refused"]
        assert {one["tap_id"] for one in refused} == {str(UUID(int=9)), None}
    with Session(engine) as session:
        kept = [row.payload["tap"] for row in session.scalars(select(Quarantine))]
    assert sorted(kept) == sorted(repr(one) for one in bad)


@pytest.mark.usefixtures("client")
def test_a_long_visit_is_looked_back_on_only_so_far(engine: Engine) -> None:
    kiosk, products = Device("kiosk", "MAD", "kiosk", "Kiosk"), [f"p{n}" for n in range(99)]
    taps = [Tap.model_validate(tap(n, at=NOW + timedelta(seconds=n))) for n in range(99)]
    entries = [
        tap_entry(one, Meaning(f"product:{product}", product), kiosk, received=one.occurred_at, looks_back=True)
        for one, product in zip(taps, products, strict=True)
    ]
    with engine.begin() as connection:
        record_events(connection, entries[:98])
        [receipt] = record_events(connection, entries[98:])
    own = () if engine.dialect.name == "postgresql" else ("p98",)  # one statement there: it sees what was before
    assert receipt.seen == (*products[:98], *own)[-LATEST:]


@pytest.mark.parametrize("days", [-400, 400])
def test_a_wrong_clock_is_never_refused_and_put_right(client: FlaskClient, engine: Engine, days: int) -> None:
    answer = answer_to(client, tap(1, at=NOW + timedelta(days=days), age_ms=60_000))
    assert events(engine)[answer.tap_id].corrected_at == NOW - timedelta(seconds=60)


def test_a_changed_binding_holds_from_the_next_tap_on(client: FlaskClient, engine: Engine) -> None:
    answer_to(client, tap(1))
    with Session(engine) as session, session.begin():
        target = Target(TargetKind.PRODUCT, "sock")
        bind(session, store_id="MAD", uid=UIDS["boot"], target=target, staff_id=None, now=NOW)
    answer = answer_to(client, tap(2))
    assert answer.card.product_id == "sock"
    assert events(engine)[answer.tap_id].product_id == "sock"


def test_a_picked_suggestion_is_an_event_with_its_cause(client: FlaskClient, engine: Engine) -> None:
    cause = answer_to(client, tap(1)).tap_id
    answer = answer_to(client, tap(2, None, picked="sock", cause=str(cause)))
    event = events(engine)[answer.tap_id]
    assert (event.kind, event.product_id, event.cause_id) == (EventKind.SUGGESTION_OPENED, "sock", cause)
    assert answer.card.product_id == "sock"


def test_a_visit_ends_once(client: FlaskClient, engine: Engine) -> None:
    for how in ("done", "idle"):
        body = {"visit_id": str(UUID(int=7)), "occurred_at": NOW.isoformat(), "how": how}
        assert send(client, body, path="/api/v1/visits/ends").status_code == 204
    assert {(e.kind, e.properties["how"]) for e in events(engine).values()} == {(EventKind.VISIT_ENDED, "done")}


def test_the_shelf_has_every_tag_and_says_when_nothing_changed(
    client: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    shelf = Shelf.model_validate_json(client.get("/api/v1/shelf", headers=as_device("kiosk")).data)
    assert {tag.uid: tag.card for tag in shelf.tags} == {
        UIDS["boot"]: "product:boot",
        UIDS["boot38"]: f"product:boot:{BOOT_38}",
        UIDS["sign"]: "sign:autumn",
        UIDS["lamp"]: "product:lamp",
    }
    assert {tag.card for tag in shelf.tags} <= set(shelf.cards)
    path = f"/api/v1/shelf?revision={shelf.revision}"
    assert client.get(path, headers=as_device("kiosk")).get_json()["unchanged"]
    with Session(engine) as session, session.begin():
        changed(session, "MAD")
    assert not client.get(path, headers=as_device("kiosk")).get_json()["unchanged"]


def test_another_stores_kiosk_knows_nothing_of_this_stores_tags(client: FlaskClient) -> None:
    response = send(client, tap(1), device="other")
    assert TapAnswer.model_validate_json(response.data).card.kind == "unknown"


def test_what_a_newer_kiosk_says_of_the_chip_is_no_other_tap_where_it_says_nothing(client: FlaskClient) -> None:
    """A tap stored before an upgrade hashes as it always did, or its resend would be taken for another."""
    bare = {
        **tap(1),
        "outcome": "ok",
        "language": "en",
        "monotonic_ms": 0,
        "uri": None,
        "picked": None,
        "cause": None,
    }
    sent = Tap.model_validate(bare)
    payload = sent.model_dump(include=set(bare), mode="json")
    entry = tap_entry(sent, Meaning(), Device("kiosk", "MAD", "kiosk", "kiosk"), received=NOW)
    assert entry.row["payload_hash"] == hashlib.sha256(to_json(payload)).hexdigest()
    told = {"chip": "NTAG213", "counter": 7, "signature": "ab" * 32}
    assert client.post("/api/v1/taps", json=tap(2) | told, headers=as_device("kiosk")).status_code == 200
    assert (
        client.post("/api/v1/taps", json=tap(2) | told | {"counter": 8}, headers=as_device("kiosk")).status_code
        == 409
    )
    for wrong in ({"chip": "x" * 33}, {"counter": -1}, {"signature": "ab"}):
        assert client.post("/api/v1/taps", json=tap(3) | wrong, headers=as_device("kiosk")).status_code == 422


def test_what_is_on_offer_is_answered_tap_after_tap(client: FlaskClient, engine: Engine) -> None:
    half = {"kind": "percent", "percent": 50, "everything": True}
    with Session(engine) as session, session.begin():
        offer = Promotion(id="half", headline={"en": "Half"}, rule=half)
        save(session, offer, now=NOW - timedelta(days=100))
    cards = [answer_to(client, tap(number, UIDS[name])).card for number, name in ((1, "boot"), (2, "boot38"))]
    assert [[offer.headline["en"] for offer in card.offers] for card in cards] == [["Half"], ["Half"]]


def test_a_tile_is_answered_no_longer_than_its_price_is_true(client: FlaskClient, engine: Engine) -> None:
    """Within the minute in which stock is believed, the price beside the card changes too."""
    with Session(engine) as session, session.begin():
        session.add(Price(store_id="MAD", gtin=SOCK, applies_from=NOW + timedelta(seconds=30), minor=800))
        changed(session, "MAD")
    [tile] = answer_to(client, tap(1)).goes_with
    assert (tile.price.now.minor, tile.true_until) == (900, NOW + timedelta(seconds=30))
    client.application.extensions["house"].now.advance(30)
    [tile] = answer_to(client, tap(2)).goes_with
    assert tile.price.now.minor == 800


def test_evidence_is_kept_of_every_price_in_an_answer(client: FlaskClient, engine: Engine) -> None:
    answer_to(client, tap(1))
    with Session(engine) as session:
        assert {row.gtin: row.shown["minor"] for row in session.scalars(select(PriceEvidence))} == {
            BOOT_38: 12000,
            SOCK: 900,
        }


def test_evidence_is_kept_of_the_prices_under_a_sign(client: FlaskClient, engine: Engine) -> None:
    answer_to(client, tap(1, UIDS["sign"]))
    with Session(engine) as session:
        assert {row.gtin for row in session.scalars(select(PriceEvidence))} == {BOOT_38}
