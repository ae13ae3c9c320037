"""What a store has is shown for a minute at most, and made anew aside before that where it is asked for."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from server.catalogue.models import Stock
from server.db import open_engine
from server.taps.ageing import Ageing
from server.taps.answering import TapDesk
from server.taps.memory import RENEWED_AFTER, STOCK_BELIEVED, Counter, Memory, Prepared
from server.taps.reading import Reading
from server.taps.renewing import Renewing
from server.taps.rules import Meaning
from server.wire import ProductCard
from tests.clock import NOW, FakeClock, until
from tests.server.taps.test_louder import answered
from tests.shopfloor import BOOT_38, SOCK, UIDS

SECOND = timedelta(seconds=1)


def count_is(engine: Engine, gtin: str, count: int) -> None:
    with Session(engine) as session, session.begin():
        session.execute(update(Stock).where(Stock.gtin == gtin, Stock.store_id == "MAD").values(count=count))


def told(client: FlaskClient, number: int) -> int:
    """Return how many of the boots in 38 a tap's answer says are here."""
    card = answered(client, number, UIDS["boot"]).card
    assert isinstance(card, ProductCard)
    return next(line.in_stock for line in card.variants if line.gtin == BOOT_38)


def test_read_again_after_a_minute(client: FlaskClient, engine: Engine, clock: FakeClock) -> None:
    before = told(client, 1)
    count_is(engine, BOOT_38, 2)
    clock.advance((RENEWED_AFTER - SECOND).total_seconds())
    assert told(client, 2) == before != 2
    clock.advance((STOCK_BELIEVED - RENEWED_AFTER + SECOND).total_seconds())
    assert told(client, 3) == 2


def test_made_anew_aside_where_it_is_asked_for_in_time(
    client: FlaskClient, engine: Engine, clock: FakeClock
) -> None:
    before, numbers = told(client, 1), iter(range(2, 2000))
    count_is(engine, BOOT_38, 2)
    clock.advance(RENEWED_AFTER.total_seconds())
    assert told(client, next(numbers)) == before, "nobody waits for it"
    until(lambda: told(client, next(numbers)) == 2)


def test_what_is_sold_out_is_suggested_no_more_and_all_else_stays(
    client: FlaskClient, app: Flask, engine: Engine, clock: FakeClock
) -> None:
    answered(client, 1, UIDS["boot"])
    memory: Memory = app.extensions["tap_desk"].memory
    before = memory.counter("MAD")
    count_is(engine, SOCK, 0)
    clock.advance(RENEWED_AFTER.total_seconds())
    after = memory.renew("MAD")
    assert before.allowed - after.allowed == {"sock"}
    assert memory.renew("MAD") is after, "once in a while is enough"
    assert after.cards is before.cards and after.meanings is before.meanings and "product:boot" in after.cards


def test_what_aged_is_noted_of_what_was_read(client: FlaskClient, app: Flask, clock: FakeClock) -> None:
    answered(client, 1, UIDS["boot"])
    desk: TapDesk = app.extensions["tap_desk"]
    boot = Meaning("product:boot", "boot")
    for aged, seconds in ((False, RENEWED_AFTER - SECOND), (True, SECOND)):
        clock.advance(seconds.total_seconds())
        with Reading(desk.memory, "MAD", desk.memory.counter("MAD")) as reading:
            reading.card(boot)
            reading.tiles(["sock"])
        assert reading.ageing == (Ageing({"product:boot": boot}, {"sock"}) if aged else Ageing())


class Crowded(Memory):
    """While its turn is waited for, another tap has the boot's card made, and its time passes."""

    def turn(self, store_id: str) -> threading.RLock:
        assert isinstance(self.now, FakeClock)
        self._stores[store_id].cards["product:boot"] = Prepared(b"of before", self.now() + SECOND, self.now())
        self.now.advance(2)
        return super().turn(store_id)


def test_what_others_made_is_not_believed_once_its_time_has_passed_in_the_wait(
    app: Flask, engine: Engine, clock: FakeClock
) -> None:
    counter = app.extensions["tap_desk"].memory.counter("MAD")
    crowded = Crowded(engine, clock, ())
    crowded._stores["MAD"] = counter
    with Reading(crowded, "MAD", counter) as reading:
        assert reading.card(Meaning("product:boot", "boot")) != b"of before"


def test_a_database_that_is_away_is_told_to_the_log_alone(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    memory = Memory(open_engine("sqlite:////nowhere/at/all.sqlite"), clock, ())
    aged = Counter(1, NOW + STOCK_BELIEVED, ages=NOW)
    Renewing(memory).look_after(Reading(memory, "MAD", aged))
    until(lambda: "the database is away" in caplog.text)


def test_pieces_hold_everything_once_and_keep_a_product_together() -> None:
    meanings = [Meaning(f"product:{one}", one) for one in "abcde"] + [Meaning("product:a:1", "a", "1")]
    meanings.append(Meaning("sign:s", sign_id="s"))
    whole = Ageing({meaning.card or "": meaning for meaning in meanings}, {"a", "e", "f"})
    pieces = list(whole.pieces(2))
    assert sorted(key for piece in pieces for key in piece.cards) == sorted(whole.cards)
    assert sorted(tile for piece in pieces for tile in piece.tiles) == sorted(whole.tiles)
    [of_a] = [piece for piece in pieces if "product:a" in piece.cards]
    assert "product:a:1" in of_a.cards and "a" in of_a.tiles
